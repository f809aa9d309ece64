"""Appointments and loans: what is to be arranged, what came of it, what goes back."""

from __future__ import annotations

import datetime as dt

import pytest
from pytestqt.qtbot import QtBot

from liaison.records.casework import Appointment, EquipmentLoan
from liaison.ui.desk import Desk
from liaison.ui.pages.appointments import AppointmentsPage
from liaison.ui.parts.room import OpenForm
from tests.ui.names import nameless
from tests.ui.pages.casework import add, follow, popover, read, said, shown
from tests.ui.parts.conftest import Heard, Ids


@pytest.fixture
def eyes(qtbot: QtBot, desk: Desk, ids: Ids) -> int:
    when = dt.datetime(2026, 11, 10, 11, tzinfo=dt.UTC)
    add(
        qtbot, desk,
        Appointment(resident=ids.dorothy, at=when + dt.timedelta(days=90), purpose="Feet"),
    )  # fmt: skip
    return add(qtbot, desk, Appointment(resident=ids.dorothy, at=when, purpose="Eyes"))


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, eyes: int) -> AppointmentsPage:
    made = AppointmentsPage(desk)
    follow(desk, made)
    shown(qtbot, made)
    qtbot.waitUntil(lambda: "Attended ..." in said(made.card))
    return made


def test_what_is_past_without_an_outcome_stands_first(page: AppointmentsPage) -> None:
    lines = [(row.group, row.words) for row in page._lines]
    assert lines == [
        ("Past, no outcome yet", "No outcome yet"),
        ("Coming", "No escort or transport yet"),
    ]


def test_attended_needs_words(
    qtbot: QtBot, desk: Desk, page: AppointmentsPage, heard: Heard, eyes: int
) -> None:
    asked = popover(qtbot, page.card, "Attended ...")
    assert asked.fields is not None
    asked.save()
    box = asked.fields.boxes["outcome"]
    qtbot.waitUntil(lambda: bool(box.error))
    asked.fields.editor("outcome").put("Drops twice a day")
    asked.save()
    qtbot.waitUntil(lambda: len(page._lines) == 1)
    found = read(qtbot, desk, lambda store: store.get("appointment", eyes))
    assert isinstance(found, Appointment)
    assert (found.status, found.outcome) == ("attended", "Drops twice a day")


def test_a_loan_arrives_and_goes_back_from_its_card(
    qtbot: QtBot, desk: Desk, page: AppointmentsPage, ids: Ids
) -> None:
    frame = add(
        qtbot, desk,
        EquipmentLoan(what="Frame", resident=ids.dorothy, requested_on=dt.date(2026, 11, 2)),
    )  # fmt: skip
    page.show_record("equipment_loan", frame)
    qtbot.waitUntil(lambda: "Arrived ..." in said(page.card))
    assert page.which.value == "loans"
    arrived = popover(qtbot, page.card, "Arrived ...")
    assert arrived.fields is not None
    arrived.fields.editor("arrived_on").put("1 Nov 2026")
    arrived.save()
    box = arrived.fields.boxes["arrived_on"]
    qtbot.waitUntil(lambda: bool(box.error))
    assert "lies before" in box.error
    arrived.fields.editor("arrived_on").put("4 Nov 2026")
    arrived.save()
    qtbot.waitUntil(lambda: "Checked ..." in said(page.card))
    back = popover(qtbot, page.card, "Went back ...")
    back.save()
    qtbot.waitUntil(lambda: not page._lines)
    found = read(qtbot, desk, lambda store: store.get("equipment_loan", frame))
    assert isinstance(found, EquipmentLoan)
    assert found.returned_on == desk.today()


def test_a_new_loan_is_asked_for_from_a_resident(
    qtbot: QtBot, page: AppointmentsPage, ids: Ids
) -> None:
    page.show_argument({"tab": "loans", "add": True, "resident": ids.dorothy})
    form = page.room.open_form()
    assert isinstance(form, OpenForm)
    assert form.about.type == "equipment_loan"
    assert page.tab.name == "loans"


def test_every_control_has_a_name(page: AppointmentsPage) -> None:
    assert nameless(page) == []
