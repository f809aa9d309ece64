"""From a resident's page: the handover sheet, what begins with them, and who left."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.records.casework import Referral
from liaison.ui.desk import Desk, Person
from liaison.ui.pages.residents import ResidentsPage
from liaison.ui.pages.residents.more import HandoverButton, MoreToDo
from liaison.ui.parts.form import RecordForm
from tests.ui.pages.casework import add
from tests.ui.parts.conftest import Heard, Ids


@pytest.fixture
def went(desk: Desk) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    desk.went.connect(lambda name, argument: found.append((name, argument)))
    return found


def test_the_handover_sheet_is_two_clicks_from_a_resident(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids, went: list[tuple[str, object]]
) -> None:
    page = ResidentsPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.show_record("resident", ids.dorothy)
    qtbot.waitUntil(lambda: page.view.handover.resident == ids.dorothy)
    page.view.handover.click()
    qtbot.waitUntil(lambda: bool(went))
    ((name, asked),) = went
    assert name == "reports"
    assert isinstance(asked, dict)
    assert (asked["report"], asked["about"]) == ("handover-sheet", "resident")
    # of the two of this name it is the one who was shown
    assert asked["candidate"].id == ids.dorothy
    assert "12" in asked["candidate"].apart


@pytest.mark.parametrize(("role", "sheet", "words"), [
    ("manager", True, ["Refer to a service ...", "Record a transfer ...",
                       "Book an appointment ...", "Ask for equipment ...", "Left or died ..."]),
    ("carer", True, ["Record a transfer ...", "Book an appointment ...", "Ask for equipment ..."]),
    ("reader", False, []),
])  # fmt: skip
def test_only_what_a_role_may_do_is_in_the_menu(
    qtbot: QtBot, desk: Desk, role: str, *, sheet: bool, words: list[str]
) -> None:
    theirs = Desk(desk.jobs, Person(1, "Amy", role), desk.settings, desk.now)
    head = QWidget()
    qtbot.addWidget(head)
    button, more = HandoverButton(theirs, head), MoreToDo(theirs, head)
    assert button.isHidden() is not sheet
    assert [action.text() for action in more.menu_of.actions()] == words
    assert more.isHidden() is not bool(words)


def test_what_begins_from_the_menu_begins_with_the_resident(
    qtbot: QtBot, desk: Desk, ids: Ids, went: list[tuple[str, object]]
) -> None:
    more = MoreToDo(desk)
    qtbot.addWidget(more)
    more.resident = ids.dorothy
    for action in more.menu_of.actions():
        action.trigger()
    new = {"add": True, "resident": ids.dorothy}
    assert went == [
        ("referrals", new),
        ("transfers", new),
        ("appointments", new | {"tab": "coming"}),
        ("appointments", new | {"tab": "loans"}),
        ("transfers", {"leaving": ids.dorothy}),
    ]


@pytest.mark.parametrize("waits", [True, False])
def test_who_is_saved_as_left_has_what_is_open_listed_if_anything_is(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids, *, waits: bool
) -> None:
    if waits:
        sent = dt.date(2026, 5, 18)
        referral = Referral(
            resident=ids.dorothy, organisation=ids.surgery, sent=sent, reason="Chair"
        )
        add(qtbot, desk, referral)
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda name, argument: went.append((name, argument)))
    page = ResidentsPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.show_record("resident", ids.dorothy)
    page.view.edit_asked.emit(ids.dorothy)
    form = page.room.currentWidget()
    assert isinstance(form, RecordForm)
    qtbot.waitUntil(lambda: form.fields is not None)
    assert form.fields is not None
    form.fields.editor("left_on").put("17 Nov 2026")
    form.fields.changed.emit("left_on")
    form.save()
    qtbot.waitUntil(lambda: page.room.is_empty)
    # what is read last is answered last
    read: list[int] = []
    desk.jobs.read(lambda _: 1, read.append)
    qtbot.waitUntil(lambda: bool(read))
    assert went == ([("transfers", {"leaving": ids.dorothy})] if waits else [])
