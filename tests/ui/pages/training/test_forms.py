"""What is dropped on the matrix is recorded, and one skill is signed off for several at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from liaison.services import attachments, competency
from liaison.store.store import Store
from liaison.ui.desk import Desk
from liaison.ui.pages.training.recording import RecordTraining
from liaison.ui.pages.training.signing import SignOff
from tests.ui.names import nameless
from tests.ui.pages.training.test_page import (
    Written,
    button,
    day,
    filled,
    form_of,
    index_of,
    read,
    records,
    said,
    shown,
    tick,
)
from tests.ui.parts.conftest import NOW, Heard, Ids

__all__ = ["filled"]


def drop(on: QWidget, files: list[Path], at: QPointF | None = None) -> bool:
    """Drop files as the system does; return whether they were taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    place, action = at or QPointF(3, 3), Qt.DropAction.CopyAction
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), action, data, button, keys)
    enter.ignore()
    QApplication.sendEvent(on, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(place, action, data, button, keys)
    QApplication.sendEvent(on, event)
    return event.isAccepted()


def paper(folder: Path, name: str) -> Path:
    file = folder / name
    file.write_text(f"This certifies {name}")
    return file


def kept(qtbot: QtBot, desk: Desk, staff: int, course: int) -> list[str]:
    """Return the names of the certificates that lie with somebody's training."""

    def look(store: Store) -> list[str]:
        rows = store.connection.execute(
            "SELECT id FROM training_record WHERE staff = ? AND course = ? "
            "AND coalesce(struck_reason, '') = ''",
            (staff, course),
        )
        return [
            file.name
            for (record,) in rows.fetchall()
            for file in attachments.attached_to(store, "training_record", record)
        ]

    found: list[str] = read(qtbot, desk, look)
    return found


def test_a_certificate_dropped_on_a_cell_is_recorded_for_that_person_and_course(
    qtbot: QtBot, desk: Desk, filled: Written, heard: Heard, tmp_path: Path
) -> None:
    page = shown(qtbot, desk)
    cell = page.view.visualRect(index_of(page, filled.ben, filled.life)).center()
    assert drop(page.view.viewport(), [paper(tmp_path, "scan0001.txt")], QPointF(cell))
    form = form_of(qtbot, page)
    assert form.fields is not None
    assert (form.who.chosen, form.fields.editor("delivery").value()) == ([filled.ben], "e-learning")
    qtbot.waitUntil(lambda: bool(form.papers.files))
    # on a cell the file is theirs, whatever it is called
    assert form.papers.unknown == []
    # the certificate says when: nothing is guessed
    form.save_button.click()
    fields = form.fields
    qtbot.waitUntil(lambda: bool(fields.boxes["completed"].error))
    day(form, "2 Nov 2026")
    with qtbot.waitSignal(form.recorded):
        form.save_button.click()
    assert heard.said == ["Training recorded for 1 person. 1 certificate kept."]
    assert kept(qtbot, desk, filled.ben, filled.life) == ["scan0001.txt"]
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: len(heard.said) == 2)
    assert kept(qtbot, desk, filled.ben, filled.life) == []


def test_many_certificates_are_told_apart_by_their_names_and_a_draft_keeps_them(
    qtbot: QtBot, desk: Desk, filled: Written, heard: Heard, tmp_path: Path
) -> None:
    page = shown(qtbot, desk)
    files = [paper(tmp_path, name) for name in ("BEN COOK.txt", "amy lark fire.txt", "scan.txt")]
    assert drop(page, files)
    form = form_of(qtbot, page)
    qtbot.waitUntil(lambda: len(form.papers.files) == 3)
    assert form.papers.unknown == ["scan.txt"]
    assert sorted(form.who.chosen) == sorted([filled.amy, filled.ben])
    assert form.fields is not None
    form.fields.editor("course").set_value(filled.life)
    form.fields.changed.emit("course")
    day(form, "3 Nov 2026")
    form._typed("completed")
    form.save_button.click()
    assert "Choose whose scan.txt is." in form.banner.accessibleName()
    assert nameless(form) == []
    button(form, "Finish later").click()
    qtbot.waitUntil(lambda: page.form is None)
    page.record()
    again = form_of(qtbot, page)
    assert [file.name for file in again.papers.files] == [file.name for file in files]
    choice = again.papers._lines[2][1]
    choice.set_value(0)
    choice.changed.emit(0)
    with qtbot.waitSignal(again.recorded):
        again.save_button.click()
    assert kept(qtbot, desk, filled.ben, filled.life) == ["BEN COOK.txt", "scan.txt"]
    assert len(records(qtbot, desk, filled.life)) == 3


def test_a_list_is_left_to_where_lists_come_in_and_a_lost_file_is_told(
    qtbot: QtBot, desk: Desk, filled: Written, tmp_path: Path
) -> None:
    page = shown(qtbot, desk)
    assert not drop(page, [paper(tmp_path, "matrix.xlsx")])
    assert page.form is None
    file = paper(tmp_path, "ben cook.txt")
    page.record(filled.life, [filled.ben], [file])
    form = form_of(qtbot, page)
    qtbot.waitUntil(lambda: bool(form.papers.files))
    day(form, "2 Nov 2026")
    file.unlink()
    form.save_button.click()
    qtbot.waitUntil(lambda: not form.banner.isHidden())
    assert "ben cook.txt" in form.banner.accessibleName()
    assert form.save_button.isEnabled()
    assert records(qtbot, desk, filled.life) == [filled.amy]


def test_one_skill_is_signed_off_for_several_at_once_and_taken_back(
    qtbot: QtBot, desk: Desk, ids: Ids, filled: Written, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    page.show_argument({"sign_off": True, "of": filled.ben})
    form = page.form
    assert isinstance(form, SignOff)
    qtbot.waitUntil(lambda: form.fields is not None)
    assert form.fields is not None
    assert form.who.chosen == [filled.ben]
    assert page.open_form() == {"sign_off": True}
    assert "Tick all who need it" not in said(form)
    form.save_button.click()
    fields = form.fields
    qtbot.waitUntil(lambda: bool(fields.boxes["skill"].error))
    form.fields.editor("skill").put("Hoist")
    form.fields.editor("level").put("competent")
    for person in form.who.people:
        if person.row.staff.id == filled.amy:
            person.tick.click()
    went: list[tuple[str, object]] = []
    desk.opened.connect(lambda *where: went.append(where))
    with qtbot.waitSignal(form.recorded):
        form.save_button.click()
    assert heard.said[0].startswith("Skill signed off for 2 people.")
    assert went == [("staff", filled.ben)]

    def look(store: Store) -> list[tuple[int, str | None]]:
        found = competency.skills(store, NOW.date())
        return [
            (one.staff, one.competency.skill) for one in found if one.competency.skill == "Hoist"
        ]

    assert sorted(read(qtbot, desk, look)) == sorted([(filled.amy, "Hoist"), (filled.ben, "Hoist")])
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: len(heard.said) == 2)
    assert read(qtbot, desk, look) == []


@pytest.mark.parametrize("typed", ["in a fortnight", "19 Nov 2097", "06/13/2026"])
def test_a_day_that_cannot_be_right_is_told_at_its_field_and_nothing_is_lost(
    qtbot: QtBot, desk: Desk, filled: Written, typed: str
) -> None:
    page = shown(qtbot, desk)
    page.record(filled.life, [filled.ben])
    form = form_of(qtbot, page)
    assert isinstance(form, RecordTraining)
    day(form, typed)
    form.save_button.click()
    assert form.fields is not None
    fields = form.fields
    qtbot.waitUntil(lambda: bool(fields.boxes["completed"].error))
    assert form.who.chosen == [filled.ben]
    assert records(qtbot, desk, filled.life) == [filled.amy]
    tick(form, filled.amy)


def test_a_view_that_is_not_in_front_is_read_anew_when_somebody_looks_at_it(
    qtbot: QtBot, desk: Desk, filled: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(qtbot, desk)
    page.show_tab("compliance")
    view = page.contents.views["compliance"]
    asked: list[bool] = []
    monkeypatch.setattr(view, "refresh", lambda: asked.append(True))
    page.refresh()
    assert asked == [True]
    page.show_tab("matrix")
    page.refresh()
    page.refresh()
    assert asked == [True]
    page.show_tab("compliance")
    assert asked == [True, True]
    page.show_tab("matrix")
    page.show_tab("compliance")
    assert asked == [True, True]
