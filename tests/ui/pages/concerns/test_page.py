"""Concerns, as people meet them: raised in a minute, answered, read, closed; nothing typed is lost."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from liaison.records.casework import Concern
from liaison.records.home import Staff
from liaison.records.rules.concerns import State
from liaison.security.roles import may
from liaison.services import concerns, drafts, editing, reporting
from liaison.services.homes import OpenHome
from liaison.store import query
from liaison.ui.desk import Desk, Person
from liaison.ui.pages import page_class
from liaison.ui.pages.concerns import ConcernsPage
from liaison.ui.pages.concerns.forms import RaiseForm, StepForm
from liaison.ui.parts.reason import ReasonDialog
from liaison.ui.parts.room import OpenForm
from liaison.ui.widgets import Wrap
from tests.ui.names import nameless
from tests.ui.pages.concerns.conftest import Write
from tests.ui.parts.conftest import Heard, Ids

T = TypeVar("T")


def newest(home: OpenHome) -> Concern | None:
    found = query.page(home.store, query.Query("concern"), limit=1).records
    one = found[0] if found else None
    assert one is None or isinstance(one, Concern)
    return one


def got(home: OpenHome, identity: int) -> Concern:
    record = home.store.get("concern", identity)
    assert isinstance(record, Concern)
    return record


def raising(qtbot: QtBot, page: ConcernsPage) -> RaiseForm:
    form = page.room.currentWidget()
    assert isinstance(form, RaiseForm)
    if form.fields is None:
        with qtbot.waitSignal(form.ready):
            pass
    return form


def step(qtbot: QtBot, page: ConcernsPage) -> StepForm:
    form = page.room.currentWidget()
    assert isinstance(form, StepForm)
    if form.fields is None:
        with qtbot.waitSignal(form.ready):
            pass
    return form


def put(form: RaiseForm | StepForm, **values: object) -> None:
    """Type into fields as people do: what is typed is noted."""
    assert form.fields is not None
    for name, value in values.items():
        editor = form.fields.editor(name)
        if name in {"resident", "routed_to", "raised_by"} and isinstance(value, int):
            editor.set_value(value)
        else:
            editor.put(value)
        editor.changed.emit()


def card(qtbot: QtBot, page: ConcernsPage, identity: int) -> None:
    """Wait until the card shows a concern."""
    qtbot.waitUntil(lambda: page.card._facts is not None)
    qtbot.waitUntil(lambda: page.card._facts is not None and page.card._facts.record.id == identity)


def press(page: ConcernsPage, doing: str) -> None:
    page.card.buttons[doing].click()


def words_of(page: ConcernsPage) -> list[str]:
    return [part.text() for part in page.card.findChildren(Wrap) if part.isVisible()]


# ---- raising


def test_who_and_ones_own_words_are_enough(
    qtbot: QtBot, page: ConcernsPage, heard: Heard, ids: Ids, write: Write[Concern | None]
) -> None:
    page.show_start()
    form = raising(qtbot, page)
    assert "raised_by" not in form.fields.boxes  # type: ignore[union-attr]  # it is ready
    assert nameless(page) == []
    assert not form.whom.isVisible()
    put(form, resident="Dorothy Hal")
    offers = form.fields.editor("resident").finder  # type: ignore[union-attr]  # a picker
    offers.search()
    qtbot.waitUntil(lambda: len(offers.offers) > 1)
    (seven,) = [one for one in offers.offers if "7" in one.apart]
    offers.picked.emit(seven.value)
    # before a word is written it is plain which of the two is meant
    assert form.whom.isVisible()
    assert "Room 7" in form.whom.apart.text()
    put(form, situation="Will not drink")
    form.save()
    qtbot.waitUntil(lambda: bool(heard.said))
    one = write(newest)
    assert one is not None
    assert (one.resident, one.situation, one.raised_by) == (
        ids.other_dorothy, "Will not drink", ids.moira,
    )  # fmt: skip
    assert one.raised_at is not None
    assert (one.kind, one.route, one.urgency) == ("concern", "round", "routine")
    card(qtbot, page, one.id or 0)
    # two residents of one name: room and date of birth say which
    assert "Room 7 \N{MIDDLE DOT} born 9 May 1941" in words_of(page)
    assert page.stack.currentWidget() is page._scroll
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: len(heard.said) > 1)
    gone = write(lambda home: got(home, one.id or 0))
    assert gone is not None
    assert gone.archived


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    qtbot: QtBot, page: ConcernsPage, write: Write[Concern | None]
) -> None:
    page.begin()
    form = raising(qtbot, page)
    put(form, resident="Dorothy Hail", situation="   ", background="Ate well before")
    form.save()
    assert form.fields is not None
    boxes = form.fields.boxes
    qtbot.waitUntil(lambda: bool(boxes["situation"].error))
    assert boxes["situation"].error == "What is happening is missing."
    assert "choose one from the list" in boxes["resident"].error
    assert form.fields.editor("resident").typed() == "Dorothy Hail"
    assert form.fields.editor("background").typed() == "Ate well before"
    assert write(newest) is None


def test_nobody_notices_something_tomorrow(
    qtbot: QtBot, page: ConcernsPage, ids: Ids, write: Write[Concern | None]
) -> None:
    page.begin(ids.dorothy)
    form = raising(qtbot, page)
    put(form, situation="Coughs", raised_at="1 Jan 2090 10:00")
    form.save()
    assert form.fields is not None
    box = form.fields.boxes["raised_at"]
    qtbot.waitUntil(lambda: bool(box.error))
    assert box.error == "Raised at: Sun 1 Jan 2090, 10:00 has not come yet."
    assert box.isVisible()
    assert write(newest) is None


def test_what_cannot_wait_leads_to_who_is_rung_about_that_resident(
    qtbot: QtBot, page: ConcernsPage, desk: Desk, ids: Ids
) -> None:
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda name, argument: went.append((name, argument)))
    page.begin(ids.dorothy)
    form = raising(qtbot, page)
    assert not form.ring.isVisible()
    put(form, situation="Chest sounds wet", urgency="now")
    assert form.ring.isVisible()
    form.ring.button.click()
    qtbot.waitUntil(lambda: len(went) == 1)
    put(form, route="district nurse")
    form.save()
    qtbot.waitUntil(lambda: len(went) == 2)
    assert went == [
        ("who-to-ring", {"ask": "Chest sounds wet", "resident": ids.dorothy}),
        ("who-to-ring", {"ask": "district nurse", "resident": ids.dorothy}),
    ]


def test_what_was_typed_waits_for_whoever_typed_it(
    qtbot: QtBot, page: ConcernsPage, ids: Ids, write: Write[int]
) -> None:
    page.begin(ids.dorothy)
    form = raising(qtbot, page)
    put(form, situation="Coughs after", urgency="today")
    left = page.open_form()
    assert isinstance(left, OpenForm)
    with qtbot.waitSignal(form.keeper.kept):
        form.later.click()
    qtbot.waitUntil(page.unfinished.isVisible)
    assert "Dorothy Hale" in page.unfinished.accessibleName()
    assert "Coughs after" in page.unfinished.accessibleName()
    page.unfinished.button.click()
    again = raising(qtbot, page)
    assert again.fields is not None
    assert again.fields.editor("situation").typed() == "Coughs after"
    assert again.fields.editor("resident").value() == ids.dorothy
    # somebody else's draft is about somebody else
    page.begin(ids.other_dorothy)
    other = raising(qtbot, page)
    assert other.fields is not None
    assert other.fields.editor("situation").typed() == ""
    assert other.fields.editor("resident").value() == ids.other_dorothy
    # which it says, so that nobody writes it twice
    qtbot.waitUntil(other.other.isVisible)
    assert "Coughs after" in other.other.accessibleName()
    other.other.button.click()
    first = raising(qtbot, page)
    assert first.fields is not None
    assert first.fields.editor("situation").typed() == "Coughs after"
    assert not first.other.isVisible()
    # and after the PC was locked
    page.show_start()
    page.room.empty()
    page.reopen(left)
    back = raising(qtbot, page)
    assert back.fields is not None
    assert back.fields.editor("situation").typed() == "Coughs after"
    back.save()
    qtbot.waitUntil(lambda: page.room.is_empty)
    assert write(lambda home: len(drafts.mine(home))) == 0


def test_a_question_is_kept_for_a_visit(
    qtbot: QtBot, page: ConcernsPage, ids: Ids, write: Write[Concern | None]
) -> None:
    page.keep_query.click()
    form = raising(qtbot, page)
    assert form.save_button.text() == "Keep it"
    assert form.accessibleName() == "Form: Keep a question"
    put(form, resident=ids.dorothy, situation="Still two tablets?", route="GP", routed_to=ids.grace)
    form.save()
    qtbot.waitUntil(lambda: page.room.is_empty)
    one = write(newest)
    assert one is not None
    assert (one.kind, one.route, one.routed_to) == ("query", "GP", ids.grace)
    page.show_argument({"tab": "kept"})
    qtbot.waitUntil(lambda: page.list.model.find(one.id or 0) >= 0)
    page.show_argument({"tab": "mine"})
    qtbot.waitUntil(lambda: page.list.model.find(one.id or 0) >= 0)


# ---- what follows


def test_an_answer_needs_words_and_a_name_and_is_then_to_be_read(
    qtbot: QtBot, page: ConcernsPage, raised: int, heard: Heard, write: Write[Concern]
) -> None:
    page.show_record("concern", raised)
    card(qtbot, page, raised)
    press(page, "answer")
    form = step(qtbot, page)
    put(form, answer="   ", answered_by="   ")
    form.save()
    assert form.fields is not None
    boxes = form.fields.boxes
    qtbot.waitUntil(lambda: bool(boxes["answered_by"].error and boxes["answer"].error))
    put(form, answer="Thicken the tea", answered_by="Dr Anwar")
    form.save()
    qtbot.waitUntil(lambda: page.room.is_empty)
    one = write(lambda home: got(home, raised))
    assert concerns.state_of(one) is State.ANSWERED
    assert one.answered_at is not None
    qtbot.waitUntil(lambda: "read" in page.card.buttons)
    assert "Thicken the tea" in words_of(page)
    qtbot.waitUntil(page.unread.isVisible)
    said = len(heard.said)
    press(page, "read")
    qtbot.waitUntil(lambda: len(heard.said) > said)
    assert write(lambda home: got(home, raised)).acknowledged_at is not None
    qtbot.waitUntil(lambda: "read" not in page.card.buttons and not page.unread.isVisible())
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: "read" in page.card.buttons)


def test_anothers_answer_is_ticked_off_only_with_how_they_were_told(
    qtbot: QtBot, page: ConcernsPage, raised: int, ids: Ids, write: Write[Concern]
) -> None:
    def answered(home: OpenHome) -> Concern:
        priya = editing.add(home, Staff(name="Priya Nair", job_role="care assistant"))[0]
        theirs = Concern(resident=ids.dorothy, raised_by=priya, situation="Will not eat")
        one = concerns.raise_concern(home, theirs).id
        concerns.answer(home, one, "Offer soup", "Dr Anwar")
        return got(home, one)

    one = write(answered)
    page.show_record("concern", one.id or 0)
    card(qtbot, page, one.id or 0)
    assert "read" not in page.card.buttons
    press(page, "told")
    dialog = asked()
    dialog.do.click()
    assert dialog.isVisible()
    assert write(lambda home: got(home, one.id or 0)).acknowledged_at is None
    answer_reason(dialog, "Told her at handover")
    qtbot.waitUntil(lambda: "told" not in page.card.buttons)
    assert write(lambda home: got(home, one.id or 0)).acknowledged_at is not None
    qtbot.waitUntil(lambda: "Told her at handover" in words_of(page))


def asked() -> ReasonDialog:
    found = [top for top in QApplication.topLevelWidgets() if isinstance(top, ReasonDialog)]
    (dialog,) = [one for one in found if one.isVisible()]
    return dialog


def answer_reason(dialog: ReasonDialog, words: str) -> None:
    dialog._line.setText(words)
    dialog.do.click()


def test_an_outcome_closes_it_and_it_can_be_asked_again(
    qtbot: QtBot, page: ConcernsPage, raised: int, write: Write[Concern]
) -> None:
    page.show_record("concern", raised)
    card(qtbot, page, raised)
    press(page, "outcome")
    form = step(qtbot, page)
    put(form, outcome="   ")
    form.save()
    assert form.fields is not None
    box = form.fields.boxes["outcome"]
    qtbot.waitUntil(lambda: bool(box.error))
    assert write(lambda home: got(home, raised)).closed_at is None
    put(form, outcome="Drinks safely now")
    form.save()
    qtbot.waitUntil(lambda: "again" in page.card.buttons)
    assert concerns.state_of(write(lambda home: got(home, raised))) is State.CLOSED
    press(page, "again")
    answer_reason(asked(), "Coughs again")
    qtbot.waitUntil(lambda: "answer" in page.card.buttons)
    shown = words_of(page)
    # nothing that was said is gone
    assert "Coughs again" in shown
    assert "Drinks safely now" in shown


def test_it_is_passed_on(
    qtbot: QtBot, page: ConcernsPage, raised: int, ids: Ids, write: Write[Concern]
) -> None:
    page.show_record("concern", raised)
    card(qtbot, page, raised)
    press(page, "route")
    form = step(qtbot, page)
    put(form, route="district nurse", routed_to=ids.grace)
    form.save()
    qtbot.waitUntil(lambda: page.room.is_empty)
    one = write(lambda home: got(home, raised))
    assert (one.route, one.routed_to) == ("district nurse", ids.grace)


def test_a_reader_reads(qtbot: QtBot, desk: Desk, heard: Heard, raised: int) -> None:
    desk.person = Person(desk.person.id, desk.person.name, "reader")
    page = ConcernsPage(desk)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    with qtbot.waitSignal(page.filled):
        page.show()
    page.show_start()
    assert page.stack.currentWidget() is page._scroll
    page.show_record("concern", raised)
    card(qtbot, page, raised)
    assert page.card.buttons == {}
    assert not [
        b for b in page.findChildren(QPushButton) if b.isVisible() and "worried" in b.text()
    ]


def test_whoever_cares_prints_the_trail_and_finds_no_reports_beside_the_sheets(
    qtbot: QtBot, desk: Desk, heard: Heard, raised: int
) -> None:
    desk.person = Person(desk.person.id, desk.person.name, "carer")
    page = ConcernsPage(desk)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    with qtbot.waitSignal(page.filled):
        page.show()
    page.show_record("concern", raised)
    card(qtbot, page, raised)
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda name, argument: went.append((name, argument)))
    press(page, "print")
    ((name, argument),) = went
    assert isinstance(argument, dict)
    assert (name, argument["report"], argument["candidate"].id) == (
        "reports", "concern-trail", raised,
    )  # fmt: skip
    assert "carer" in page_class("reports").roles
    sheets = {one for one in reporting.names() if may("carer", reporting.action_of(one))}
    assert "concern-trail" in sheets
    assert not sheets & {"visits", "audit-summary", "training-matrix", "record-history"}
