"""The page of referrals: who waits longest, chased in two clicks, closed with words."""

from __future__ import annotations

import datetime as dt

import pytest
from pytestqt.qtbot import QtBot

from liaison.records.casework import Chase, Referral
from liaison.records.directory import Organisation
from liaison.services import referrals
from liaison.ui import theme
from liaison.ui.desk import Desk, Person
from liaison.ui.pages.referrals import ReferralsPage
from liaison.ui.parts.form import RecordForm
from liaison.ui.widgets import AgeBar
from tests.ui import walk
from tests.ui.names import nameless
from tests.ui.pages.casework import add, button, follow, popover, read, said, shown, write
from tests.ui.parts.conftest import Heard, Ids


@pytest.fixture
def chair(qtbot: QtBot, desk: Desk, ids: Ids) -> int:
    place = add(
        qtbot,
        desk,
        Organisation(name="Wheelchair Service", kind="equipment", typical_wait_days=126),
    )
    return add(
        qtbot,
        desk,
        Referral(
            resident=ids.dorothy, organisation=place, sent=dt.date(2026, 5, 18), reason="Too small"
        ),
    )


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, chair: int) -> ReferralsPage:
    made = ReferralsPage(desk)
    follow(desk, made)
    shown(qtbot, made)
    qtbot.waitUntil(lambda: "Chased, no reply" in said(made.card))
    return made


def stored(qtbot: QtBot, desk: Desk, identity: int) -> Referral:
    found = read(qtbot, desk, lambda store: store.get("referral", identity))
    assert isinstance(found, Referral)
    return found


def test_the_longest_wait_stands_first_with_its_days_against_the_usual(
    page: ReferralsPage, chair: int
) -> None:
    line = page.list.current
    assert line is not None
    assert (line.id, line.words, line.state) == (chair, "184 days", "late")
    assert (line.days, line.usual, line.group) == (184, 126, "Too long")
    # two residents have this name
    assert "Dorothy Hale (room 12, date of birth 3 Mar 1938)" in line.title
    assert "184 days" in line.said
    (bar,) = page.card.findChildren(AgeBar)
    assert bar.accessibleName() == "184 days, usual wait 126, expected within 126, late"


def test_chased_without_a_reply_is_one_press_on_the_card_and_can_be_taken_back(
    qtbot: QtBot, desk: Desk, page: ReferralsPage, heard: Heard, chair: int
) -> None:
    button(page.card, "Chased, no reply").click()
    qtbot.waitUntil(lambda: bool(heard.said))
    (chase,) = read(qtbot, desk, lambda store: referrals.chases(store, chair))
    assert isinstance(chase, Chase)
    assert chase.result == "Chased, no reply"
    again = stored(qtbot, desk, chair).next_chase
    assert again is not None
    assert heard.said[0].startswith("Wheelchair Service: chased, no reply. Ask again ")
    qtbot.waitUntil(lambda: "Nobody has asked" not in said(page.card))
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: len(heard.said) == 2)
    assert stored(qtbot, desk, chair).next_chase is None


def test_an_outcome_of_three_spaces_is_told_at_its_field_and_nothing_is_closed(
    qtbot: QtBot, desk: Desk, page: ReferralsPage, heard: Heard, chair: int
) -> None:
    asked = popover(qtbot, page.card, "Record the outcome ...")
    assert asked.fields is not None
    asked.fields.editor("outcome").put("   ")
    asked.save()
    box = asked.fields.boxes["outcome"]
    qtbot.waitUntil(lambda: bool(box.error))
    assert box.error == "Say in a few words what came of it."
    assert asked.isVisible()
    assert stored(qtbot, desk, chair).closed_on is None
    asked.fields.editor("outcome").put("New chair fitted")
    asked.save()
    qtbot.waitUntil(lambda: heard.said == ["Outcome recorded: Wheelchair Service."])
    assert stored(qtbot, desk, chair).outcome == "New chair fitted"
    qtbot.waitUntil(lambda: not page.list.cases.rows)


def test_what_was_typed_is_there_again_after_the_popover_was_closed(
    qtbot: QtBot, page: ReferralsPage
) -> None:
    asked = popover(qtbot, page.card, "Chased ...")
    assert walk.told(asked) + walk.unreadable(asked) == []
    assert asked.fields is not None
    asked.fields.editor("result").put("Colin is on leave")
    asked.fields.changed.emit("result")
    asked.done()
    again = popover(qtbot, page.card, "Chased ...")
    assert again.fields is not None
    fields = again.fields
    qtbot.waitUntil(lambda: fields.editor("result").typed() == "Colin is on leave")
    # what was suggested is still suggested
    assert fields.editor("next_chase").value() is not None


def test_a_day_that_is_past_is_told_at_its_field(qtbot: QtBot, page: ReferralsPage) -> None:
    asked = popover(qtbot, page.card, "Chased ...")
    assert asked.fields is not None
    asked.fields.editor("result").put("Ring next week")
    asked.fields.editor("next_chase").put("2 Nov 2026")
    asked.save()
    box = asked.fields.boxes["next_chase"]
    qtbot.waitUntil(lambda: bool(box.error))
    assert "lies ahead" in box.error


def test_first_seen_stops_the_clock_and_the_outcome_is_still_asked_for(
    qtbot: QtBot, desk: Desk, page: ReferralsPage, chair: int
) -> None:
    asked = popover(qtbot, page.card, "First seen ...")
    assert asked.fields is not None
    asked.fields.editor("first_seen").put("2 Nov 2026")
    asked.save()
    qtbot.waitUntil(lambda: "Seen, no outcome yet" in said(page.card))
    line = page.list.current
    assert line is not None
    assert (line.words, line.group) == ("168 days", "Seen, no outcome yet")
    assert "Chased, no reply" not in said(page.card)
    assert button(page.card, "Record the outcome ...").isEnabled()


def test_a_chain_is_shown_and_refer_on_begins_with_resident_and_parent(
    qtbot: QtBot, desk: Desk, page: ReferralsPage, chair: int, ids: Ids
) -> None:
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda name, argument: went.append((name, argument)))
    button(page.card, "Refer on").click()
    assert went == [("referrals", {"add": True, "resident": ids.dorothy, "parent": chair})]
    page.show_argument(went[0][1])
    form = page.room.currentWidget()
    assert isinstance(form, RecordForm)
    qtbot.waitUntil(lambda: form.fields is not None)
    assert form.fields is not None
    assert form.fields.editor("resident").value() == ids.dorothy
    assert form.fields.editor("parent").value() == chair


def test_one_asking_opens_the_card_of_its_referral(
    qtbot: QtBot, desk: Desk, page: ReferralsPage, chair: int
) -> None:
    write(qtbot, desk, lambda home: referrals.chase(home, chair, result="Ring on Monday"))
    (chase,) = read(qtbot, desk, lambda store: referrals.chases(store, chair))
    page.show_record("chase", chase.id or 0)
    qtbot.waitUntil(lambda: "Ring on Monday" in said(page.card))


@pytest.mark.parametrize(("role", "chases", "closes"), [
    ("carer", True, False), ("reader", False, False),
])  # fmt: skip
def test_only_what_a_role_may_do_is_offered(
    qtbot: QtBot, desk: Desk, heard: Heard, chair: int, role: str, *, chases: bool, closes: bool
) -> None:
    theirs = Desk(desk.jobs, Person(desk.person.id, "Amy", role), desk.settings, desk.now)
    made = ReferralsPage(theirs)
    shown(qtbot, made)
    qtbot.waitUntil(lambda: "Too small" in said(made.card))
    words = said(made)
    assert ("Chased, no reply" in words) is chases
    assert ("Record the outcome ..." in words) is closes
    assert "Refer somebody" not in words


def test_nobody_waiting_says_what_will_appear_here(qtbot: QtBot, desk: Desk, heard: Heard) -> None:
    made = ReferralsPage(desk)
    shown(qtbot, made)
    assert "Nobody waits" in said(made)
    assert made.card.isHidden()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_control_has_a_name_and_large_text_stacks(page: ReferralsPage, scale: float) -> None:
    theme.current().resize(scale)
    assert nameless(page) == []
    assert page.minimumSizeHint().height() < 700
    assert not page.grab().isNull()
