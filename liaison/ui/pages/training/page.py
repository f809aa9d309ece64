"""The page: the matrix, the records behind it, sessions and courses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from liaison.records import all_specs
from liaison.records.administration import Person
from liaison.services import permissions
from liaison.services.training import matrix
from liaison.store.query import equal
from liaison.ui.page import Page
from liaison.ui.pages.training import words
from liaison.ui.pages.training.around import Around
from liaison.ui.pages.training.cell_look import CellLook
from liaison.ui.pages.training.contents import EMPTY, Contents
from liaison.ui.pages.training.head import Head
from liaison.ui.pages.training.mine import Mine
from liaison.ui.pages.training.narrowing import Narrowing
from liaison.ui.pages.training.papers import PaperDrop
from liaison.ui.pages.training.planning import Planner
from liaison.ui.pages.training.recording import RecordTraining
from liaison.ui.pages.training.sheet import Sheet
from liaison.ui.pages.training.signing import SignOff
from liaison.ui.pages.training.tabs import Shown, Tabs
from liaison.ui.parts.last_chosen import last_choice, remember_choice
from liaison.ui.parts.record_list import RecordList
from liaison.ui.parts.room import OpenForm, OpenRecord, RecordRoom
from liaison.ui.widgets import (
    Banner,
    ScrollPage,
    spaced,
)

if TYPE_CHECKING:
    import datetime as dt

    from PySide6.QtCore import QPoint

    from liaison.errors import UserError
    from liaison.records.rules.matrix import Matrix
    from liaison.store.store import Store
    from liaison.ui.desk import Desk

_STANDING: Final = (
    ("matrix", "Matrix"),
    ("gaps", "Gap plan"),
    ("compliance", "Compliance"),
    ("lineage", "Who taught whom"),
)
_LISTS: Final = (
    ("requirement", "Requirements"),
    ("session", "Sessions"),
    ("course", "Courses"),
    ("training_record", "Records"),
)
_TABS: Final = (*_STANDING, *_LISTS)


class TrainingPage(Page):
    """Who holds what and until when.

    Args:
        desk: The desk.
    """

    name: ClassVar[str] = "training"
    title: ClassVar[str] = "Training"
    icon: ClassVar[str] = "graduation-cap"
    reads: ClassVar[frozenset[str]] = frozenset({
        "attendance", "competency", "course", "exemption", "home", "job_held", "person", "requirement", "session",
        "staff", "training_record", "vocabulary_item",
    })  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.matrix: Matrix | None = None
        self.form: RecordTraining | SignOff | None = None
        self._came_from: int | None = None
        """The member of staff from whose card a form was opened."""
        self._own = desk.person.role == "carer"
        self._writes = permissions.may_add(desk.person.role, "training_record")
        self._courses = permissions.may_add(desk.person.role, "requirement")
        self._wanted: Mapping[str, object] = {}
        self.header = Head(desk, "My training" if self._own else self.title, own=self._own)
        self.header.recording.connect(self.record)
        self.banner = Banner("late", "", "Try again")
        self.banner.hide()
        self.banner.pressed.connect(self.refresh)
        self.warning = Banner("due", "", "I see")
        self.warning.hide()
        self.warning.pressed.connect(self.warning.hide)
        self.tabs = Tabs(_STANDING, _LISTS, "What is shown")
        self.tabs.set_value("matrix")
        self.tabs.changed.connect(self._choose_tab)
        self.header.adding.connect(lambda: self._add(str(self.tabs.value)))
        self.narrowing = Narrowing(desk)
        self.narrowing.day_changed.connect(self.refresh)
        self.sheet = Sheet(desk, self.narrowing, may_require=self._courses)
        self.sheet.adding.connect(self._add)
        self.view = self.sheet.view
        self.cell = CellLook(
            desk, self.view, lambda: self.matrix, may_write=self._writes, may_exempt=self._courses
        )
        self.view.asked.connect(self.cell.ask)
        self.cell.exempt_asked.connect(
            lambda who, what: self._add_given("exemption", {"staff": who, "course": what})
        )
        self.cell.record_asked.connect(lambda who, what: self.record(what, [who]))
        self.cell.open_asked.connect(lambda one: self.show_record("training_record", one))
        self.cell.all_asked.connect(self._show_all)
        self.around = Around(desk, self.view, may_write=self._writes)
        self.around.record_asked.connect(self.record)
        self.around.course_asked.connect(lambda one: self.show_record("course", one))
        self.mine = Mine()
        if self._writes and not self._own:
            # one that is dropped on a cell is of that person and course; elsewhere its name says
            on_cell, on_page = PaperDrop(self.view.viewport()), PaperDrop(self)
            on_cell.dropped.connect(self._take_at)
            on_page.dropped.connect(lambda files, _: self.record(files=files))
        self._lay_out()
        kept = last_choice(desk, self.name, [tab for tab, _ in _TABS])
        if kept is not None and not self._own:
            self.show_tab(kept)

    def _lay_out(self) -> None:
        self._across = QWidget()
        choices = spaced(QVBoxLayout(self._across), 10)
        choices.addWidget(self.tabs)
        choices.addWidget(self.narrowing)
        self._shown = Shown()
        self._shown.addWidget(self.mine if self._own else self.sheet)
        self._main = ScrollPage(spacing=12, margins=(24, 20, 24, 16))
        self._main.body.addWidget(self.header)
        self._main.body.addWidget(self.banner)
        self._main.body.addWidget(self.warning)
        if not self._own:
            self._main.body.addWidget(self._across)
        else:
            # nobody asks for them, and a widget without a parent is a window of its own
            self._across.setParent(self)
            self._across.hide()
        self._main.body.addWidget(self._shown, 1)
        if self._own:
            self.sheet.setParent(self)
            self.sheet.hide()
        else:
            self.mine.setParent(self)
            self.mine.hide()
        self._open_room()
        self._around = QWidget()
        self._beside = spaced(QVBoxLayout(self._around), 0, (24, 20, 24, 20))
        self._beside.addWidget(self.room)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._main)
        self._stack.addWidget(self._around)
        spaced(QVBoxLayout(self), 0).addWidget(self._stack)

    def _open_room(self) -> None:
        """Make what stands beside the matrix: the room of records, planning, the other tabs."""
        self.room = RecordRoom(self.desk)
        self.room.left.connect(self._come_back)
        self.planner = Planner(self.desk, self.room)
        self.planner.shown.connect(self._show_room)
        self.planner.doubted.connect(lambda words: self.warning.say("due", words, "I see"))
        self.around.plan_asked.connect(self.planner.plan)
        self.contents = Contents(
            self.desk, self._shown, self.planner.plan,
            may_write=self._writes, may_require=self._courses, may_print=self.header.prints,
        )  # fmt: skip
        self.contents.opened.connect(self.show_record)
        self.contents.adding.connect(self._add)
        self.contents.adding_given.connect(self._add_given)
        self.contents.listing.connect(self._list_others)

    # ---- reading

    def refresh(self) -> None:
        """Read the matrix anew; the one that is shown stays until it is there."""
        desk = self.desk
        if desk.jobs.home is None:
            return
        self.contents.refresh()
        day = desk.today() if self._own else self.narrowing.on
        person, own = desk.person.id, self._own

        def read(store: Store) -> Matrix | None:
            return _own_matrix(store, day, person) if own else matrix(store, day)

        desk.jobs.read(read, self._show, self._fail, latest=(id(self), "matrix"), owner=self)

    def _fail(self, error: UserError) -> None:
        self.banner.say("late", f"{error.what} {error.do or ''}".strip(), "Try again")

    def _show(self, found: Matrix | None) -> None:
        self.banner.hide()
        self.matrix = found
        if self._own or found is None:
            self.mine.show_matrix(found)
            self.filled.emit()
            return
        self.header.show_matrix(found)
        self.sheet.show_matrix(found)
        if found.on == self.desk.today():
            self.desk.count(self.name, words.counts(found)[2])
        self.filled.emit()
        if wanted := self._wanted:
            self._wanted = {}
            self.show_argument(wanted)

    # ---- tabs

    def _choose_tab(self, value: object) -> None:
        remember_choice(self.desk, self.name, value)
        self.show_tab(str(value))

    def show_tab(self, name: str) -> None:
        """Show the matrix, what follows from it, or a list of records of a type."""
        self.tabs.set_value(name)
        self.narrowing.setVisible(name == "matrix")
        self.header.show_tab(name)
        if name == "matrix":
            self._shown.setCurrentWidget(self.sheet)
        else:
            self._shown.setCurrentWidget(self.contents.of(name))

    def _show_room(self) -> None:
        self._stack.setCurrentWidget(self._around)

    def _add_given(self, type_name: str, given: Mapping[str, object]) -> None:
        self.room.add(type_name, given)
        self._stack.setCurrentWidget(self._around)

    def _list_others(self, type_name: str) -> None:
        """Show a list that has no tab of its own."""
        shown = RecordList(self.desk, type_name, empty=EMPTY[type_name])
        shown.opened.connect(self.show_record)
        self.room.put(all_specs()[type_name].plural, shown)
        self._stack.setCurrentWidget(self._around)

    def _add(self, type_name: str) -> None:
        if type_name == "training_record":
            self.record()
        else:
            self.room.add(type_name)
            self._stack.setCurrentWidget(self._around)

    # ---- records

    def _show_all(self, staff: int, course: int) -> None:
        """Show all records somebody has of a course."""
        shown = RecordList(
            self.desk, "training_record", equal({"staff": staff, "course": course}), name="of-cell"
        )
        shown.opened.connect(self.show_record)
        self.room.put("Training records", shown)
        self._stack.setCurrentWidget(self._around)

    def record(
        self,
        course: int | None = None,
        staff: Sequence[int] | None = None,
        files: Sequence[Path] = (),
    ) -> None:
        """Show the form for training of one or several, with certificates that were brought."""
        if self.matrix is None or not self._writes:
            return
        if files and isinstance(self.form, RecordTraining) and self.form.isVisible():
            # they belong to what is being recorded
            self.form.papers.take(files)
            return
        self._show_form(
            RecordTraining(self.desk, self.matrix, course=course, staff=staff or (), files=files)
        )

    def sign_off(self, staff: Sequence[int] = ()) -> None:
        """Show the form that signs a skill off for one or several."""
        if self.matrix is not None and permissions.may_add(self.desk.person.role, "competency"):
            self._show_form(SignOff(self.desk, self.matrix, staff=staff))

    def _take_at(self, files: Sequence[Path], place: QPoint) -> None:
        index = self.view.indexAt(place)
        if not index.isValid():
            self.record(files=files)
            return
        cell = self.view.cells.cell(index.row(), index.column())
        self.record(cell.course, [cell.staff], files)

    def _show_form(self, form: RecordTraining | SignOff) -> None:
        self._end_form()
        self._came_from = None
        form.left.connect(self._come_back)
        form.recorded.connect(self._go_back)
        self.form = form
        holder = QWidget()
        spaced(QVBoxLayout(holder), 0, (24, 20, 24, 20)).addWidget(form)
        self._stack.addWidget(holder)
        self._stack.setCurrentWidget(holder)

    def _end_form(self) -> None:
        if self.form is not None:
            form, self.form = self.form, None
            holder = form.parentWidget()
            if holder is not None:
                self._stack.removeWidget(holder)
                # the form outlives what held it while it is being saved
                form.setParent(self)
                holder.deleteLater()
            form.end()

    def _go_back(self) -> None:
        """Lead back to the card from which the form was opened, once it is saved."""
        came_from, self._came_from = self._came_from, None
        self._come_back()
        if came_from is not None:
            self.desk.open("staff", came_from)

    def _come_back(self) -> None:
        self._stack.setCurrentWidget(self._main)
        self._end_form()
        self.room.empty()
        if self.tabs.value == "matrix" and not self._own:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_start(self) -> None:
        """Show the matrix, not a record that was open; a form that is being filled in stays."""
        if self.form is None:
            self._come_back()

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a record: training, a course, a session."""
        self.room.read(type_name, identity)
        self._stack.setCurrentWidget(self._around)

    def open_form(self) -> object:
        """Return the form that is being filled in, or the record that is read in full."""
        if self.form is not None and self.form.isVisible():
            return {"sign_off" if isinstance(self.form, SignOff) else "record": True}
        return self.room.open_form()

    def reopen(self, form: object) -> None:
        """Show what was left open."""
        if isinstance(form, OpenForm | OpenRecord):
            self._stack.setCurrentWidget(self._around)
            self.room.reopen(form)
        else:
            self.show_argument(form)

    def show_argument(self, argument: object) -> None:
        """Show a tab, somebody's row, a course's lineage, or the form.

        Args:
            argument: ``{"tab": "gaps"}``, ``{"staff": 12}``, ``{"record": True}``,
                ``{"lineage": 7}`` (a course's id), ``{"sign_off": True}``,
                ``{"certificates": files}``; the last two may say ``of`` whom (a staff record).
        """
        if not isinstance(argument, Mapping):
            return
        if self.matrix is None:
            self._wanted = argument
            return
        if (tab := argument.get("tab")) in dict(_TABS):
            self.show_tab(str(tab))
        if isinstance(course := argument.get("lineage"), int):
            self.show_tab("lineage")
            self.contents.lineage().show_course(course)
        self._show_asked(argument)
        staff = argument.get("staff")
        rows = [row.staff.id for row in self.view.cells.rows]
        if staff in rows:
            self.view.go_to(rows.index(staff), 0)

    def _show_asked(self, argument: Mapping[str, object]) -> None:
        """Show the form that somebody was led here for."""
        whose = argument.get("of")
        people = [whose] if isinstance(whose, int) else []
        files = _certificates(argument)
        if argument.get("record") or "certificates" in argument:
            self.record(staff=people, files=files)
        elif argument.get("sign_off"):
            self.sign_off(people)
        else:
            return
        self._came_from = whose if isinstance(whose, int) else None


def _certificates(argument: Mapping[str, object]) -> tuple[Path, ...]:
    files = argument.get("certificates")
    return files if isinstance(files, tuple) else ()


def _own_matrix(store: Store, day: dt.date, person: int) -> Matrix | None:
    """Return the matrix of whoever looks alone; None if it is not recorded which staff they are."""
    record = store.get("person", person)
    staff = record.staff if isinstance(record, Person) else None
    return None if staff is None else matrix(store, day, staff=staff)
