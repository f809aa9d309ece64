"""Taking back from the history what one save wrote: all of it, or one record alone."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.home import Resident
from liaison.services import editing, visits
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.parts.history import HistoryPanel
from liaison.ui.parts.whole_save import WholeSaveDialog, whole
from tests.ui.parts.conftest import NOW, Heard, Ids
from tests.ui.parts.test_form import write


def recorded(home: OpenHome, ids: Ids) -> visits.VisitSaved:
    """Record a visit to two residents, with one follow-up."""
    visit = Visit(status="happened", at=NOW, kind="visit", professional=ids.grace)
    entries = [
        VisitEntry(resident=ids.dorothy, found="Healing"),
        VisitEntry(resident=ids.other_dorothy, found="Well"),
    ]
    actions = [Action(what="Order dressings", owner_staff=ids.moira, resident=ids.dorothy)]
    return visits.record_visit(home, visit, entries, actions)


def asked(qtbot: QtBot, desk: Desk, type_name: str, record: int) -> WholeSaveDialog:
    """Press "Take back" at the first change of a record's history."""
    panel = HistoryPanel(desk)
    qtbot.addWidget(panel)
    panel.resize(800, 600)
    panel.show()
    with qtbot.waitSignal(panel.shown):
        panel.show_record(type_name, record)
    panel.lines[-1].undo.click()
    qtbot.waitUntil(lambda: bool(panel.findChildren(WholeSaveDialog)))
    (dialog,) = panel.findChildren(WholeSaveDialog)
    return dialog


def gone(qtbot: QtBot, desk: Desk, saved: visits.VisitSaved) -> list[bool]:
    def look(home: OpenHome) -> list[bool]:
        of: list[Any] = [home.store.get("visit", saved.visit)]
        of += [home.store.get("visit_entry", one) for one in saved.entries]
        of += [home.store.get("action", one) for one in saved.actions]
        return [bool(one.archived) for one in of]

    found: list[bool] = write(qtbot, desk.jobs, look)
    return found


def test_a_save_of_several_records_is_taken_back_whole_when_somebody_says_so(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    saved = write(qtbot, desk.jobs, lambda home: recorded(home, ids))
    dialog = asked(qtbot, desk, "visit_entry", saved.entries[0])
    assert "together with 3 other records" in dialog.accessibleDescription()
    assert dialog.do.words == "Take back all 4"
    dialog.do.click()
    qtbot.waitUntil(lambda: "Taken back." in heard.said)
    assert gone(qtbot, desk, saved) == [True, True, True, True]


def test_one_record_of_a_save_can_be_taken_back_alone(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    saved = write(qtbot, desk.jobs, lambda home: recorded(home, ids))
    dialog = asked(qtbot, desk, "visit_entry", saved.entries[1])
    dialog.one.click()
    qtbot.waitUntil(lambda: "Taken back." in heard.said)
    assert gone(qtbot, desk, saved) == [False, False, True, False]


def test_leaving_it_as_it_is_takes_nothing_back(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    saved = write(qtbot, desk.jobs, lambda home: recorded(home, ids))
    dialog = asked(qtbot, desk, "visit", saved.visit)
    dialog.keep.click()
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    assert gone(qtbot, desk, saved) == [False, False, False, False]


def test_a_save_of_one_record_asks_nothing(home: OpenHome) -> None:
    resident, _ = editing.add(home, Resident(name="Joan Tully"))
    assert whole(home.store, "resident", resident, [resident]).count == 0


def test_a_move_is_taken_back_whole_without_being_asked(home: OpenHome, ids: Ids) -> None:
    entry = home.store.get("visit_entry", ids.entry)
    assert isinstance(entry, VisitEntry)
    moved = editing.move(home, entry, ids.other_dorothy, "Wrong one")
    assert moved.id is not None
    assert whole(home.store, "visit_entry", moved.id, [moved.id]).count == 0
