"""Training: the matrix, what lies behind a cell, and recording more for several at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.administration import Person
from liaison.records.home import Staff
from liaison.records.rules.compliance import Held, State
from liaison.records.rules.matrix import Column, Matrix, Row
from liaison.records.rules.standing import Cell
from liaison.records.training import (
    Attendance,
    Course,
    Exemption,
    Requirement,
    Session,
    TrainingRecord,
)
from liaison.services import certificates, editing, training
from liaison.services.homes import OpenHome
from liaison.store import query
from liaison.store.store import Store
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.desk import Person as Sitting
from liaison.ui.pages.training import TrainingPage, words
from liaison.ui.pages.training.cell import CellPopover
from liaison.ui.pages.training.gap_view import GapView
from liaison.ui.pages.training.lineage_view import LineageView
from liaison.ui.pages.training.recording import RecordTraining
from liaison.ui.pages.training.requirement_table import RequirementTable
from liaison.ui.pages.training.requirement_view import RequirementView
from liaison.ui.pages.training.view import MatrixView
from liaison.ui.parts.card import RecordCard
from liaison.ui.parts.form import RecordForm
from liaison.ui.parts.reason import ReasonDialog
from liaison.ui.parts.record_list import RecordList
from liaison.ui.widgets import Button, LineEdit, StateChip, Text, Wrap
from tests.ui import walk
from tests.ui.parts.conftest import NOW, Heard, Ids, writing_held

TODAY = NOW.date()
LONG_AGO = dt.date(2024, 2, 29)


def on(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def write(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    done: list[Any] = []
    desk.jobs.write(work, done.append)
    qtbot.waitUntil(lambda: bool(done))
    return done[0]


def read(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    answers: list[Any] = []
    desk.jobs.read(work, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


@dataclasses.dataclass
class Written:
    """Who and what there is."""

    fire: int
    life: int
    amy: int
    ben: int
    held: int


@pytest.fixture
def filled(qtbot: QtBot, desk: Desk, ids: Ids) -> Written:
    """Three people, two courses, one of each state."""

    def work(home: OpenHome) -> Written:
        with home.unit("training") as unit:
            fire = unit.add(Course(name="Fire safety", refresh_months=12))
            life = unit.add(Course(name="Basic life support", refresh_months=24))
            for course in (fire, life):
                unit.add(Requirement(course=course, job_role="cook"))
            unit.add(Requirement(course=fire, job_role="deputy manager"))
            amy = unit.add(Staff(name="Amy Lark", job_role="cook"))
            ben = unit.add(Staff(name="Ben Cook", job_role="cook"))
            unit.add(TrainingRecord(staff=amy, course=fire, completed=on(-800)))
            held = unit.add(
                TrainingRecord(
                    staff=amy, course=fire, completed=on(-356), taught_by="Gareth Powell"
                )
            )
            unit.add(TrainingRecord(staff=amy, course=life, completed=on(-10)))
            unit.add(TrainingRecord(staff=ben, course=fire, completed=on(-395)))
            session = unit.add(Session(course=life, at=NOW + dt.timedelta(days=6), place="Lounge"))
            unit.add(Attendance(session=session, staff=ben))
        return Written(fire, life, amy, ben, held)

    found: Written = write(qtbot, desk, work)
    return found


def shown(qtbot: QtBot, desk: Desk) -> TrainingPage:
    page = TrainingPage(desk)
    qtbot.addWidget(page)
    page.resize(1158, 712)
    page.show()
    page.activateWindow()
    with qtbot.waitSignal(page.filled):
        page.refresh()
    return page


def sit(desk: Desk, role: str) -> None:
    desk.person = Sitting(desk.person.id, desk.person.name, role)


@pytest.mark.parametrize("role", ["manager", "senior", "carer", "reader"])
def test_what_a_role_does_not_see_goes_with_the_page_too(
    qtbot: QtBot, desk: Desk, role: str
) -> None:
    sit(desk, role)
    page = shown(qtbot, desk)
    for part in (
        page.mine, page.header.save_button, page.header.print_button, page.header.add_button, page.header.record_button,
    ):  # fmt: skip
        assert page.isAncestorOf(part)


def index_of(page: TrainingPage, staff: int, course: int) -> QModelIndex:
    cells = page.view.cells
    row = [row.staff.id for row in cells.rows].index(staff)
    column = [column.course.id for column in cells.columns].index(course)
    return cells.index(row, column)


def opened(qtbot: QtBot, page: TrainingPage, staff: int, course: int) -> CellPopover:
    page.view.setFocus()
    page.view.setCurrentIndex(index_of(page, staff, course))
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.cell.popover is not None and page.cell.popover.isVisible())
    assert page.cell.popover is not None
    return page.cell.popover


def names(page: TrainingPage) -> list[str]:
    return [row.name for row in page.view.cells.rows]


def said(part: QWidget) -> list[str]:
    return [w.text() for w in part.findChildren(Text) if w.isVisible() and w.text()]


def button(part: QWidget, verb: str) -> Button:
    return next(b for b in part.findChildren(Button) if b.words == verb and b.isVisible())


# ---- the matrix


def test_each_cell_says_how_somebody_stands(
    qtbot: QtBot, desk: Desk, ids: Ids, filled: Written
) -> None:
    page = shown(qtbot, desk)
    cells = {
        (staff, course): str(index_of(page, staff, course).data())
        for staff in (filled.amy, filled.ben, ids.moira)
        for course in (filled.fire, filled.life)
    }
    assert cells == {
        (filled.amy, filled.fire): "Due 8 d",
        (filled.amy, filled.life): "Nov \N{RIGHT SINGLE QUOTATION MARK}28",
        (filled.ben, filled.fire): "Late 31 d",
        (filled.ben, filled.life): "Booked",
        (ids.moira, filled.fire): "Not recorded",
        (ids.moira, filled.life): "Not needed",
    }
    role = Qt.ItemDataRole.AccessibleTextRole
    told = index_of(page, filled.amy, filled.fire).data(role)
    assert told == "Amy Lark, Fire safety: 8 days left"
    chips = [page.sheet.in_date.text(), page.sheet.soon.text(), page.sheet.late.text()]
    assert chips == ["In date 1", "Due within 60 days 1", "Late or missing 2"]
    assert any(line.startswith("1 of 3 staff hold") for line in said(page.header))


def test_heads_are_read_with_their_shares(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    page = shown(qtbot, desk)
    cells, role = page.view.cells, Qt.ItemDataRole.AccessibleTextRole
    across = [cells.headerData(n, Qt.Orientation.Horizontal, role) for n in range(2)]
    assert across == ["Fire safety, 33.3% in date", "Basic life support, 50% in date"]
    down = [cells.headerData(n, Qt.Orientation.Vertical, role) for n in range(3)]
    assert "Amy Lark, Cook" in down


def test_only_gaps_and_one_role_can_be_shown(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    def complete(home: OpenHome) -> None:
        with home.unit("all of Amy's") as unit:
            unit.add(TrainingRecord(staff=filled.amy, course=filled.fire, completed=on(-1)))

    write(qtbot, desk, complete)
    page = shown(qtbot, desk)
    everyone = names(page)
    page.narrowing.gaps.set_value(True)
    page.narrowing.gaps.changed.emit(True)
    assert sorted(names(page)) == ["Ben Cook", "Moira Kelly"]
    assert page.view.corner.text() == "2 of 3 staff"
    page.narrowing.role.set_value("cook")
    page.narrowing.role.changed.emit("cook")
    assert names(page) == ["Ben Cook"]
    write(
        qtbot,
        desk,
        lambda home: training.record_training(
            home, TrainingRecord(course=filled.fire, completed=on(-1)), [filled.ben]
        ),
    )
    with qtbot.waitSignal(page.filled):
        page.refresh()
    # what was chosen stays, and an empty answer leads back
    assert names(page) == []
    assert page.sheet.nobody.accessibleName() == "No gaps here"
    page.sheet.nobody.button.click()
    assert names(page) == everyone


def test_a_new_home_is_told_how_it_starts(qtbot: QtBot, desk: Desk, ids: Ids) -> None:
    page = shown(qtbot, desk)
    assert page.sheet.nobody.accessibleName() == "Nothing required yet"
    page.sheet.nobody.button.click()
    assert page.room.isVisible()


def test_letters_go_to_a_name(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    page = shown(qtbot, desk)
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_B)
    assert names(page)[page.view.currentIndex().row()] == "Ben Cook"
    QTest.keyClick(page.view, Qt.Key.Key_Right)
    assert page.view.currentIndex().column() == 1


def test_the_current_cell_stays_current_when_the_matrix_is_read_anew(
    qtbot: QtBot, desk: Desk, filled: Written
) -> None:
    page = shown(qtbot, desk)
    page.view.setCurrentIndex(index_of(page, filled.ben, filled.life))
    write(
        qtbot,
        desk,
        lambda home: editing.add(home, Staff(name="Aaron First", job_role="manager")),
    )
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert "Aaron First" in names(page)
    assert page.view.currentIndex() == index_of(page, filled.ben, filled.life)


def test_a_name_opens_everything_they_must_hold(
    qtbot: QtBot, desk: Desk, filled: Written, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    page.view.verticalHeader().sectionClicked.emit(names(page).index("Ben Cook"))
    popover = page.around.popover
    assert popover is not None
    assert popover.accessibleName() == "Ben Cook, Cook"
    assert [(line.name, line.cell.state) for line in popover.lines] == [
        ("Fire safety", State.OUT_OF_DATE), ("Basic life support", State.BOOKED),
    ]  # fmt: skip
    button(popover, "Open their card").click()
    assert heard.opened == [("staff", filled.ben)]
    page.view.verticalHeader().sectionClicked.emit(names(page).index("Ben Cook"))
    assert page.around.popover is not None
    button(page.around.popover, "Record training").click()
    assert form_of(qtbot, page).who.chosen == [filled.ben]


def test_a_head_opens_everybody_who_must_hold_the_course_and_records_it_for_them(
    qtbot: QtBot, desk: Desk, ids: Ids, filled: Written
) -> None:
    page = shown(qtbot, desk)
    page.view.horizontalHeader().sectionClicked.emit(0)
    popover = page.around.popover
    assert popover is not None
    assert popover.accessibleName() == "Fire safety"
    assert {line.cell.staff for line in popover.lines} == {filled.amy, filled.ben, ids.moira}
    button(popover, "Open the course").click()
    card = page.findChild(RecordCard)
    assert card is not None
    qtbot.waitSignal(card.shown).wait()
    assert card.accessibleName() == "Course: Fire safety"
    page.show_start()
    page.view.horizontalHeader().sectionClicked.emit(0)
    assert page.around.popover is not None
    button(page.around.popover, "Record it for 3").click()
    assert set(form_of(qtbot, page).who.chosen) == {filled.amy, filled.ben, ids.moira}


def test_a_state_a_team_or_a_group_narrows_people_and_courses(
    qtbot: QtBot, desk: Desk, filled: Written
) -> None:
    page = shown(qtbot, desk)
    page.narrowing.state.set_value("booked")
    page.narrowing.changed.emit()
    assert names(page) == ["Ben Cook"]
    assert [one.course.name for one in page.view.cells.columns] == ["Basic life support"]
    assert str(index_of(page, filled.ben, filled.life).data()) == "Booked"
    page.narrowing.group.set_value("Every year")
    page.narrowing.changed.emit()
    assert page.sheet.nobody.accessibleName() == "Nobody like that"
    page.sheet.nobody.button.click()
    assert len(names(page)) == 3
    assert page.view.cells.columnCount() == 2


def test_the_matrix_as_it_was_on_a_day(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    page = shown(qtbot, desk)
    with qtbot.waitSignal(page.filled):
        page.narrowing.day.line.setText("1 Jan 2025")
        page.narrowing.day.line.textEdited.emit("1 Jan 2025")
        page.narrowing.day.settle()
    assert page.matrix is not None
    assert page.matrix.on == dt.date(2025, 1, 1)
    assert any("As it was on Wed 1 Jan 2025." in line for line in said(page.header))
    assert str(index_of(page, filled.amy, filled.fire).data()).startswith("Sep")


def test_the_matrix_is_saved_as_a_workbook(
    qtbot: QtBot, desk: Desk, filled: Written, heard: Heard, tmp_path: Path
) -> None:
    page = shown(qtbot, desk)
    page.header.save_to(tmp_path / "matrix.xlsx")
    qtbot.waitUntil(lambda: bool(heard.said))
    assert heard.said == ["The matrix is in matrix.xlsx."]
    assert openpyxl.load_workbook(tmp_path / "matrix.xlsx").sheetnames[0] == "How they stand"


# ---- what follows from it


def test_the_gap_plan_plans_a_session_and_holds_its_places(
    qtbot: QtBot, desk: Desk, ids: Ids, filled: Written, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    page.tabs.changed.emit("gaps")
    view = page.findChild(GapView)
    assert view is not None
    qtbot.waitUntil(lambda: view.found is not None)
    assert view.found is not None
    assert [one.course for one in view.found.proposals] == [filled.fire]
    assert any("Amy Lark" in wrap.text() for wrap in view.findChildren(Wrap))
    # Moira has no team and another role, so each counts alone
    people = [row.staff.id or 0 for row in view.found.proposals[0].people]
    assert set(people) == {filled.amy, filled.ben, ids.moira}
    button(view, "Plan it").click()
    form = page.findChild(RecordForm)
    assert form is not None
    if form.fields is None:
        qtbot.waitSignal(form.ready).wait()
    assert form.fields is not None
    form.fields.editor("at").put("10 Dec 2026 13:30")
    form.fields.changed.emit("at")
    form.save_button.click()
    qtbot.waitUntil(lambda: "3 places are held." in heard.said)
    assert callable(heard.undo)
    booked = len(read(qtbot, desk, _places))
    heard.undo()
    qtbot.waitUntil(lambda: len(read(qtbot, desk, _places)) == booked - 3)


def _places(store: Store) -> list[object]:
    return list(query.every(store, query.Query("attendance")))


def test_a_reader_sees_the_plan_and_plans_nothing(
    qtbot: QtBot, desk: Desk, filled: Written
) -> None:
    sit(desk, "reader")
    page = shown(qtbot, desk)
    page.tabs.changed.emit("gaps")
    view = page.findChild(GapView)
    assert view is not None
    qtbot.waitUntil(lambda: view.found is not None)
    assert "Plan it" not in {b.words for b in view.findChildren(Button)}
    page.tabs.changed.emit("requirement")
    table = page.findChild(RequirementTable)
    assert table is not None
    qtbot.waitUntil(lambda: table.cells.rowCount() == 2)
    # a cell without a requirement asks nobody for anything
    empty = next(
        table.cells.index(row, column)
        for row in range(2)
        for column in range(table.cells.columnCount())
        if table.cells.asked(row, column) is None
    )
    table.asked.emit(empty)
    assert page.room.is_empty


def test_who_taught_whom_is_drawn_and_told(
    qtbot: QtBot, desk: Desk, ids: Ids, filled: Written
) -> None:
    def teach(home: OpenHome) -> None:
        with home.unit("taught") as unit:
            session = unit.add(
                Session(
                    course=filled.fire, at=NOW - dt.timedelta(days=9), status="happened",
                    teacher_staff=filled.ben,
                )
            )  # fmt: skip
            unit.add(Attendance(session=session, staff=filled.amy, status="attended"))

    write(qtbot, desk, teach)
    page = shown(qtbot, desk)
    page.show_argument({"lineage": filled.fire})
    view = page.findChild(LineageView)
    assert view is not None
    qtbot.waitUntil(lambda: view.found is not None)
    assert view.picture.accessibleName() == "Who taught whom: Ben Cook taught Amy Lark"
    told = [wrap.text() for wrap in view.findChildren(Wrap)]
    assert "Ben Cook's own training ran out on Sun 18 Oct 2026." in told


def test_a_session_taught_by_somebody_whose_own_ran_out_warns(
    qtbot: QtBot, desk: Desk, filled: Written
) -> None:
    page = shown(qtbot, desk)
    page.room.add("session", {"course": filled.fire, "teacher_staff": filled.ben})
    form = page.findChild(RecordForm)
    assert form is not None
    if form.fields is None:
        qtbot.waitSignal(form.ready).wait()
    assert form.fields is not None
    form.fields.editor("at").put("10 Dec 2026 13:30")
    form.fields.changed.emit("at")
    form.save_button.click()
    qtbot.waitUntil(lambda: page.warning.accessibleName() != "")
    assert "Ben Cook's own training ran out on Sun 18 Oct 2026." in page.warning.accessibleName()


def test_somebody_is_made_exempt_from_their_cell(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    page = shown(qtbot, desk)
    button(opened(qtbot, page, filled.ben, filled.fire), "Need not hold it").click()
    form = page.findChild(RecordForm)
    assert form is not None
    assert form.given == {"staff": filled.ben, "course": filled.fire}


def test_a_requirement_is_begun_and_ended_from_its_cell(
    qtbot: QtBot, desk: Desk, filled: Written
) -> None:
    page = shown(qtbot, desk)
    page.tabs.changed.emit("requirement")
    view = page.findChild(RequirementView)
    assert view is not None
    qtbot.waitUntil(lambda: view.table.cells.rowCount() == 2)
    cells = view.table.cells
    roles = [role for role, _ in cells.grid.roles]
    row = [course.id for course in cells.grid.courses].index(filled.life)
    empty = cells.index(row, roles.index("nurse"))
    assert cells.data(empty, Qt.ItemDataRole.AccessibleTextRole) == (
        "Basic life support, Nurse: not needed"
    )
    view.table.asked.emit(empty)
    form = page.findChild(RecordForm)
    assert form is not None
    assert form.given["course"] == filled.life
    assert form.given["job_role"] == "nurse"
    page.show_start()
    needed = cells.index(row, roles.index("cook"))
    view.table.asked.emit(needed)
    assert view.popover is not None
    button(view.popover, "Not needed any more").click()
    dialog = page.window().findChild(ReasonDialog)
    assert dialog is not None
    line = dialog.findChild(LineEdit)
    assert line is not None
    line.setText("Nobody cooks alone")
    button(dialog, "Archive").click()
    qtbot.waitUntil(lambda: read(qtbot, desk, lambda store: _asked(store, filled.life)) == [])


def _asked(store: Store, course: int) -> list[int | None]:
    asked = query.Query("requirement", query.equal({"course": course}))
    return [record.id for record in query.every(store, asked)]


# ---- a cell


def test_a_cell_opens_with_enter_and_esc_gives_the_focus_back(
    qtbot: QtBot, desk: Desk, filled: Written
) -> None:
    page = shown(qtbot, desk)
    popover = opened(qtbot, page, filled.amy, filled.fire)
    assert popover.accessibleName() == "Fire safety, Amy Lark"
    told = said(popover)
    for fact in ("Thu 27 Nov 2025", "Thu 26 Nov 2026", "Gareth Powell", "Every year", "9 Sep 2024"):
        assert fact in told
    (chip,) = popover.findChildren(StateChip)
    assert chip.text() == "8 days left"
    focus = QApplication.focusWidget()
    assert focus is button(popover, "Record as done")
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    assert page.cell.popover is None
    assert QApplication.focusWidget() is page.view


def test_everything_in_a_popover_fits(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    page = shown(qtbot, desk)
    popover = opened(qtbot, page, filled.amy, filled.fire)
    qtbot.waitUntil(lambda: popover.height() >= popover.sizeHint().height())
    for wrap in popover.findChildren(Wrap):
        assert wrap.height() >= wrap.fontMetrics().height()
    assert page.rect().contains(
        QRect(popover.mapTo(page, popover.rect().topLeft()), popover.size())
    )


def test_a_place_that_is_held_is_told(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    page = shown(qtbot, desk)
    popover = opened(qtbot, page, filled.ben, filled.life)
    assert "Place held: Tue 24 Nov 2026, 10:41, Lounge" in said(popover)


def test_an_exemption_says_why(qtbot: QtBot, desk: Desk, ids: Ids, filled: Written) -> None:
    write(
        qtbot,
        desk,
        lambda home: editing.add(
            home, Exemption(staff=ids.moira, course=filled.fire, reason="Away until spring")
        ),
    )
    page = shown(qtbot, desk)
    assert str(index_of(page, ids.moira, filled.fire).data()) == "Exempt"
    assert "Away until spring" in said(opened(qtbot, page, ids.moira, filled.fire))


def test_the_record_behind_a_cell_opens_and_so_do_all_of_them(
    qtbot: QtBot, desk: Desk, filled: Written
) -> None:
    page = shown(qtbot, desk)
    button(opened(qtbot, page, filled.amy, filled.fire), "Open record").click()
    card = page.findChild(RecordCard)
    assert card is not None
    qtbot.waitSignal(card.shown).wait()
    assert card._what == ("training_record", filled.held)
    page.show_start()
    popover = opened(qtbot, page, filled.amy, filled.fire)
    button(popover, "All their records of this course").click()
    shown_list = page.findChild(RecordList)
    assert shown_list is not None
    qtbot.waitUntil(lambda: shown_list.model.rowCount() == 2)


def test_a_reader_looks_and_records_nothing(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    sit(desk, "reader")
    page = shown(qtbot, desk)
    verbs = {b.words for b in page.findChildren(Button) if b.isVisible()}
    assert "Record training" not in verbs
    popover = opened(qtbot, page, filled.amy, filled.fire)
    assert "Record as done" not in {b.words for b in popover.findChildren(Button)}


# ---- recording


def form_of(qtbot: QtBot, page: TrainingPage) -> RecordTraining:
    form = page.form
    assert isinstance(form, RecordTraining)
    if form.fields is None:
        qtbot.waitSignal(form.ready).wait()
    return form


def tick(form: RecordTraining, *staff: int) -> None:
    for person in form.who.people:
        if person.row.staff.id in staff and not person.tick.isChecked():
            person.tick.click()


def day(form: RecordTraining, text: str) -> None:
    assert form.fields is not None
    form.fields.editor("completed").put(text)


def records(qtbot: QtBot, desk: Desk, course: int) -> list[int | None]:
    def look(store: Store) -> list[int | None]:
        found = query.every(store, query.Query("training_record", query.equal({"course": course})))
        return [r.staff for r in found if isinstance(r, TrainingRecord)]

    found: list[int | None] = read(qtbot, desk, look)
    return found


def test_training_of_several_is_recorded_at_once_and_taken_back(
    qtbot: QtBot, desk: Desk, ids: Ids, filled: Written, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    popover = opened(qtbot, page, ids.moira, filled.fire)
    button(popover, "Record as done").click()
    form = form_of(qtbot, page)
    assert form.who.chosen == [ids.moira]
    tick(form, filled.ben)
    day(form, "29 Feb 2024")
    with qtbot.waitSignal(form.recorded):
        form.save_button.click()
    assert heard.said == ["Training recorded for 2 people."]
    assert page.form is None
    assert len(records(qtbot, desk, filled.fire)) == 5
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: len(heard.said) == 2)
    assert len(records(qtbot, desk, filled.fire)) == 3


def test_who_is_ticked_while_training_is_saved_stays_ticked_and_is_not_saved(
    qtbot: QtBot, desk: Desk, ids: Ids, filled: Written, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    page.record(filled.fire, [ids.moira])
    form = form_of(qtbot, page)
    day(form, "29 Feb 2024")
    before = len(records(qtbot, desk, filled.fire))
    with writing_held(desk.jobs):
        form.save_button.click()
        tick(form, filled.ben)
    qtbot.waitUntil(lambda: "Training recorded for 1 person." in heard.said)
    assert "is still here and not saved" in form.banner.accessibleName()
    assert form.who.chosen == [filled.ben]
    with qtbot.waitSignal(form.recorded):
        form.save_button.click()
    assert len(records(qtbot, desk, filled.fire)) == before + 2


def test_training_corrected_while_it_is_saved_can_be_taken_back_and_saved_once_more(
    qtbot: QtBot, desk: Desk, ids: Ids, filled: Written, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    page.record(filled.fire, [ids.moira])
    form = form_of(qtbot, page)
    day(form, "29 Feb 2024")
    before = len(records(qtbot, desk, filled.fire))
    assert form.fields is not None
    with writing_held(desk.jobs):
        form.save_button.click()
        form.fields.editor("taught_by").put("The red engine")
    qtbot.waitUntil(form.save_button.isEnabled)
    assert form.who.chosen == [ids.moira]
    form.banner.button.click()
    qtbot.waitUntil(lambda: "Taken back." in heard.said)
    with qtbot.waitSignal(form.recorded):
        form.save_button.click()
    assert len(records(qtbot, desk, filled.fire)) == before + 1


def test_taking_training_back_gives_the_place_on_its_session_back(
    qtbot: QtBot, desk: Desk, filled: Written, heard: Heard
) -> None:
    yesterday = NOW - dt.timedelta(days=1)

    def book(home: OpenHome) -> tuple[int, int]:
        with home.unit("a session") as unit:
            session = unit.add(Session(course=filled.life, at=yesterday))
            return session, unit.add(Attendance(session=session, staff=filled.ben))

    session, place = write(qtbot, desk, book)

    def status(store: Store) -> str | None:
        record = store.get("attendance", place)
        assert isinstance(record, Attendance)
        return record.status

    page = shown(qtbot, desk)
    page.record(filled.life, [filled.ben])
    form = form_of(qtbot, page)
    day(form, "yesterday")
    assert form.fields is not None
    form.fields.editor("session").set_value(session)
    with qtbot.waitSignal(form.recorded):
        form.save_button.click()
    assert read(qtbot, desk, status) == "attended"
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: len(heard.said) == 2)
    assert read(qtbot, desk, status) == "booked"
    assert len(records(qtbot, desk, filled.life)) == 1


def test_whoever_needs_the_course_is_ticked_with_one_press(
    qtbot: QtBot, desk: Desk, ids: Ids, filled: Written
) -> None:
    page = shown(qtbot, desk)
    page.record(filled.fire)
    form = form_of(qtbot, page)
    form.who.lacking.click()
    assert sorted(form.who.chosen) == sorted([filled.amy, filled.ben, ids.moira])
    stands = {p.row.name: p.stands.text() for p in form.who.people}
    assert stands["Moira Kelly"] == "Not recorded yet"
    assert stands["Ben Cook"] == "31 days late"
    form.who.search.setText("moir")
    assert [p.row.name for p in form.who.people if p.isVisible()] == ["Moira Kelly"]
    form.who.none.click()
    assert form.who.chosen == []


def test_what_is_missing_is_said_and_nothing_is_saved(
    qtbot: QtBot, desk: Desk, filled: Written
) -> None:
    page = shown(qtbot, desk)
    page.record()
    form = form_of(qtbot, page)
    form.save_button.click()
    assert form.banner.accessibleName() == "Tick who completed it."
    tick(form, filled.amy)
    form.save_button.click()
    qtbot.waitUntil(lambda: "Course" in form.banner.accessibleName())
    assert form.fields is not None
    assert form.fields.boxes["course"].error == "Course is missing."
    assert len(records(qtbot, desk, filled.fire)) == 3


def test_training_that_is_there_already_is_named(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    def before(home: OpenHome) -> None:
        training.record_training(
            home, TrainingRecord(course=filled.life, completed=LONG_AGO), [filled.amy]
        )

    write(qtbot, desk, before)
    page = shown(qtbot, desk)
    page.record(filled.life, [filled.amy, filled.ben])
    form = form_of(qtbot, page)
    day(form, "29 Feb 2024")
    form.save_button.click()
    wanted = "Amy Lark: This training is recorded already."
    qtbot.waitUntil(lambda: form.banner.accessibleName() == wanted)
    assert sorted(form.who.chosen) == sorted([filled.amy, filled.ben])


def test_a_full_disk_leaves_everything_where_it_is(
    qtbot: QtBot, desk: Desk, filled: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Any:
        raise UserError("The disk is full.", do="Make room on it.")

    monkeypatch.setattr(certificates, "bring", full)
    page = shown(qtbot, desk)
    page.record(filled.life, [filled.amy])
    form = form_of(qtbot, page)
    form.save_button.click()
    wanted = "The disk is full. Make room on it. What you have typed is still here."
    qtbot.waitUntil(lambda: form.banner.accessibleName() == wanted)
    assert form.who.chosen == [filled.amy]
    assert form.save_button.isEnabled()


def test_what_was_begun_comes_back(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    page = shown(qtbot, desk)
    page.record()
    form = form_of(qtbot, page)
    assert form.fields is not None
    form.fields.editor("taught_by").put("Gareth Powell")
    form._typed("taught_by")
    tick(form, filled.ben)
    button(form, "Finish later").click()
    qtbot.waitUntil(lambda: page.form is None)
    page.record()
    again = form_of(qtbot, page)
    assert again.who.chosen == [filled.ben]
    assert again.fields is not None
    assert again.fields.editor("taught_by").value() == "Gareth Powell"
    assert any(line.startswith("You began this") for line in said(again.header))


# ---- lists


@pytest.mark.parametrize(("tab", "count"), [("training_record", 4), ("session", 1), ("course", 2)])
def test_records_sessions_and_courses_are_lists(
    qtbot: QtBot, desk: Desk, filled: Written, tab: str, count: int
) -> None:
    page = shown(qtbot, desk)
    page.show_argument({"tab": tab})
    shown_list = page.findChild(RecordList)
    assert shown_list is not None
    qtbot.waitUntil(lambda: shown_list.model.rowCount() == count)
    assert not page.narrowing.gaps.isVisible()
    assert page.header.add_button.isVisible() == (tab != "training_record")


def test_a_course_is_added_in_place(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    page = shown(qtbot, desk)
    page.show_tab("course")
    page.header.add_button.click()
    assert page.room.isVisible()
    focus = page.room.currentWidget()
    assert focus is not None
    assert focus.accessibleName() == "Form: course"


# ---- one's own


def test_a_carer_sees_their_own_training_alone(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    sit(desk, "carer")
    page = shown(qtbot, desk)
    assert "Your training is not shown yet" in said(page)

    def be_amy(home: OpenHome) -> None:
        loaded = home.store.load("person", home.person)
        assert loaded is not None
        assert isinstance(loaded.record, Person)
        with home.unit("who they are") as unit:
            unit.save(loaded, dataclasses.replace(loaded.record, staff=filled.amy))

    write(qtbot, desk, be_amy)
    with qtbot.waitSignal(page.filled):
        page.refresh()
    told = said(page)
    assert "2 of 2 required courses in date" in told
    chips = [c.text() for c in page.mine.findChildren(StateChip) if c.isVisible()]
    assert chips == ["8 days left", "In date until Tue 7 Nov 2028"]
    assert not page.view.isVisible()
    assert not any("Ben" in line for line in told)


# ---- looks and size


def large_matrix(staff: int, courses: int) -> Matrix:
    """Return a matrix of a size, made up."""
    held = Held(None, TODAY, on(400))
    columns = tuple(
        Column(Course(id=n + 1, name=f"Course {n} of many"), "Every year", 1, 1)
        for n in range(courses)
    )
    states = (State.IN_DATE, State.DUE_SOON, State.MISSING, State.NOT_REQUIRED)
    rows = tuple(
        Row(
            Staff(id=1_000 + n, name=f"Person {n}"), f"Person {n}", "cook", "Cook", "",
            tuple(
                Cell(1_000 + n, m + 1, states[(n + m) % 4], counts=True, in_date=True, held=held)
                for m in range(courses)
            ),
            1, 1,
        )
        for n in range(staff)
    )  # fmt: skip
    return Matrix(TODAY, 60, columns, rows)


def test_a_large_matrix_paints_only_what_is_in_sight(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[tuple[int, int]] = []
    view = MatrixView()
    qtbot.addWidget(view)
    delegate = view.itemDelegate()
    paint = type(delegate).paint

    def count(
        self: Any, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        painted.append((index.row(), index.column()))
        paint(self, painter, option, index)

    monkeypatch.setattr(type(delegate), "paint", count)
    view.cells.show(large_matrix(200, 60))
    view.resize(1100, 520)
    view.show()
    view.grab()
    assert 0 < len(set(painted)) <= 14 * 11
    children = len(view.findChildren(QWidget))
    view.go_to(199, 59)
    view.grab()
    assert (199, 59) in painted
    # no widget stands for a cell
    assert len(view.findChildren(QWidget)) == children


def test_long_and_right_to_left_names_are_painted(qtbot: QtBot) -> None:
    made = large_matrix(2, 2)
    long, hebrew = "Wilhelmina " * 20, "\u05e9\u05e8\u05d4 \u05db\u05d4\u05df"
    rows = tuple(
        dataclasses.replace(row, name=name)
        for row, name in zip(made.rows, (long, hebrew), strict=True)
    )
    columns = tuple(
        dataclasses.replace(column, course=dataclasses.replace(column.course, name=long))
        for column in made.columns
    )
    view = MatrixView()
    qtbot.addWidget(view)
    view.cells.show(dataclasses.replace(made, rows=rows, columns=columns))
    view.resize(700, 300)
    view.show()
    assert not view.grab().toImage().isNull()
    assert view.verticalHeader().width() <= 700 * 0.34 + 1


@pytest.fixture
def large() -> Iterator[None]:
    """Text at 200 per cent."""
    theme.current().resize(2.0)
    yield
    theme.current().resize(1.0)


@pytest.mark.usefixtures("large")
def test_at_200_per_cent_the_page_asks_for_no_larger_window(
    qtbot: QtBot, desk: Desk, filled: Written
) -> None:
    page = shown(qtbot, desk)
    assert page.minimumSizeHint().width() <= 1_282
    assert page.minimumSizeHint().height() <= 640
    page.record(filled.fire)
    form_of(qtbot, page)
    assert page.minimumSizeHint().width() <= 1_282


def test_every_control_has_a_name(qtbot: QtBot, desk: Desk, filled: Written) -> None:
    page = shown(qtbot, desk)

    def nameless() -> list[QWidget]:
        return [
            part
            for part in page.findChildren(QWidget)
            if part.isVisible()
            and part.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not part.accessibleName()
        ]

    assert nameless() == []
    opened(qtbot, page, filled.amy, filled.fire)
    assert nameless() == []
    page.record(filled.fire)
    form_of(qtbot, page)
    assert nameless() == []


@pytest.mark.parametrize("tab", ["gaps", "compliance", "lineage", "requirement"])
@pytest.mark.parametrize("empty", [False, True])
def test_every_tab_can_be_told_and_walked(
    qtbot: QtBot, desk: Desk, request: pytest.FixtureRequest, tab: str, *, empty: bool
) -> None:
    if not empty:
        request.getfixturevalue("filled")
    page = shown(qtbot, desk)
    page.tabs.changed.emit(tab)
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    found = walk.told(page) + walk.by_tab(page) + walk.unreadable(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_words_and_only_what_is_blank_has_no_tint(state: State) -> None:
    cell = Cell(1, 2, state, counts=True, in_date=False, held=Held(None, LONG_AGO, TODAY))
    assert words.of_cell(cell, TODAY)
    assert words.told(cell, TODAY)
    assert bool(words.STATES[state]) == (state is not State.NOT_REQUIRED)
