"""The staff's page: the list, the card, and what is added from there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.records.home import Staff
from liaison.records.training import Competency, Course, Requirement, Supervision, TrainingRecord
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.pages.staff import StaffPage, facts
from liaison.ui.parts.form import RecordForm
from liaison.ui.widgets import Button, StateChip, Text
from tests.ui.names import nameless
from tests.ui.parts.conftest import NOW, Heard, Ids

TODAY = NOW.date()


def fill(home: OpenHome, ids: Ids) -> dict[str, int]:
    """Let the deputy manager hold one course, be late with another and lack a third."""
    made: dict[str, int] = {}
    for name in ("Fire safety", "First aid", "Infection control"):
        made[name], _ = editing.add(home, Course(name=name, refresh_months=12))
        editing.add(home, Requirement(course=made[name], job_role="deputy manager"))
    for name, on in (("Fire safety", "2026-10-01"), ("First aid", "2025-11-16")):
        day = dt.date.fromisoformat(on)
        editing.add(home, TrainingRecord(staff=ids.moira, course=made[name], completed=day))
    editing.add(
        home,
        Competency(
            staff=ids.moira, skill="Catheter care", level="competent", assessor_contact=ids.grace,
            assessed_on=dt.date(2026, 9, 1), review_due=dt.date(2026, 11, 1),
        ),
    )  # fmt: skip
    editing.add(
        home, Supervision(staff=ids.moira, kind="supervision", planned=dt.date(2026, 11, 10))
    )
    return made


def card(home: OpenHome, identity: int) -> facts.StaffFacts:
    found = facts.card(home.store, identity, TODAY)
    assert found is not None
    return found


def test_a_card_says_how_training_stands_the_late_first(home: OpenHome, ids: Ids) -> None:
    fill(home, ids)
    found = card(home, ids.moira)
    assert (found.in_date, found.required) == (1, 3)
    assert [(line.link.words, line.state, line.words) for line in found.learning] == [
        ("First aid", "late", "3 days late"),
        ("Infection control", "none", "Not recorded yet"),
    ]
    assert found.learning[0].detail == "Ran out Sun 15 Nov 2026"
    assert not found.complete


def test_a_card_says_what_was_signed_off_by_whom(home: OpenHome, ids: Ids) -> None:
    fill(home, ids)
    (skill,) = card(home, ids.moira).competencies
    assert skill.link.words == "Catheter care"
    assert skill.detail == ("Tue 1 Sep 2026, by Grace Adeyemi. Review was due Sun 1 Nov 2026")
    assert (skill.state, skill.words) == ("ok", "Competent")


def test_a_supervision_that_was_not_held_is_late(home: OpenHome, ids: Ids) -> None:
    fill(home, ids)
    (line,) = card(home, ids.moira).supervisions
    assert (line.state, line.words) == ("late", "8 days late")


def test_nobody_of_that_id_has_no_card(home: OpenHome) -> None:
    assert facts.card(home.store, 12345, TODAY) is None


# ---- the page


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> StaffPage:
    """The page, filled."""
    done: list[bool] = []
    desk.jobs.write(lambda home: fill(home, ids), lambda _: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    made = StaffPage(desk)
    qtbot.addWidget(made)
    desk.opened.connect(
        lambda name, who: made.show_record(name, who) if name in {"staff", "competency"} else None
    )
    desk.jobs.changed.connect(lambda touched: made.refresh() if made.reads & touched else None)
    made.resize(1120, 700)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    qtbot.waitUntil(lambda: "Moira Kelly" in said(made.card))
    return made


def said(part: QWidget) -> list[str]:
    return [text.text() for text in part.findChildren(Text) if text.isVisible()]


def press(qtbot: QtBot, page: StaffPage, verb: str) -> None:
    (button,) = [b for b in page.findChildren(Button) if b.isVisible() and b.words == verb]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_first_card_is_shown_at_once(page: StaffPage, ids: Ids) -> None:
    assert page.list.shown_columns == ("name", "job_role", "team")
    assert page.card.staff == ids.moira
    chips = [chip.text() for chip in page.card.findChildren(StateChip) if chip.isVisible()]
    assert chips[:2] == ["3 days late", "Not recorded yet"]
    assert "1 of 3 in date" in said(page.card)


def test_skills_and_certificates_of_whoever_is_shown_go_to_the_forms_for_several(
    qtbot: QtBot, desk: Desk, page: StaffPage, ids: Ids
) -> None:
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda name, argument: went.append((name, argument)))
    press(qtbot, page, "Sign off a skill")
    press(qtbot, page, "Add a certificate")
    assert went == [
        ("training", {"sign_off": True, "of": ids.moira}),
        ("training", {"certificates": (), "of": ids.moira}),
    ]


def test_a_link_leads_to_the_record_and_esc_back(qtbot: QtBot, page: StaffPage, ids: Ids) -> None:
    press(qtbot, page, "Catheter care")
    assert page.stack.currentWidget() is page._room
    qtbot.waitUntil(lambda: "Skill" in said(page.room))
    qtbot.keyClick(page.room.currentWidget(), Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page._scroll
    assert page.list.table.hasFocus()


def test_a_new_colleague_is_added_and_shown(qtbot: QtBot, page: StaffPage, heard: Heard) -> None:
    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form = page.room.currentWidget()
    assert isinstance(form, RecordForm)
    qtbot.waitUntil(lambda: form.fields is not None)
    assert form.fields is not None
    form.fields.editor("name").put("Ben Holloway")
    form.fields.editor("job_role").put("cook")
    form.save()
    qtbot.waitUntil(lambda: "Ben Holloway" in said(page.card))
    assert "Ben Holloway saved." in heard.said


def test_arrows_in_the_list_change_the_card(qtbot: QtBot, desk: Desk, page: StaffPage) -> None:
    added: list[int] = []
    person = Staff(name="Zoe Last", job_role="cook", team="kitchen")
    desk.jobs.write(lambda home: editing.add(home, person)[0], added.append)
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 2)
    page.list.table.setFocus()
    with qtbot.waitSignal(page.card.shown):
        qtbot.keyClick(page.list.table, Qt.Key.Key_Down)
    assert page.card.staff == added[0]
    assert "Cook · Kitchen" in said(page.card)


def test_only_those_who_lead_see_it() -> None:
    assert StaffPage.roles == {"manager", "senior"}


def test_every_control_has_a_name(page: StaffPage) -> None:
    assert nameless(page) == []


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 1.4, 2.0])
def test_large_text_puts_the_card_below_the_list(
    qtbot: QtBot, page: StaffPage, look: str, scale: float
) -> None:
    theme.current().choose(look)
    theme.current().resize(scale)
    card: Any = page.card
    below = card.mapTo(page, card.rect().topLeft()).y() > page.list.mapTo(
        page, page.list.rect().topLeft()
    ).y()  # fmt: skip
    assert below == (scale >= 1.4)
    assert page.minimumSizeHint().height() < 700
    assert not page.grab().isNull()


def test_beside_an_empty_list_nobody_is_to_be_chosen(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    def empty(home: OpenHome) -> None:
        record = home.store.get("staff", ids.moira)
        assert record is not None
        editing.archive(home, record, "entered by mistake")

    done: list[bool] = []
    desk.jobs.write(empty, lambda _: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    made = StaffPage(desk)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.filled):
        made.show()
    assert "No staff yet" in said(made)
    assert made.card.isHidden()
