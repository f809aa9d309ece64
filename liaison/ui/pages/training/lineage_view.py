"""Who taught whom: a course's sessions as a picture, and below it as lines to open."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from liaison import charts
from liaison.charts import Chart, Node
from liaison.records.rules import times
from liaison.services.lineage import Lesson, Lineage, courses_taught, of_course
from liaison.ui import theme
from liaison.ui.chart import ChartView
from liaison.ui.parts.facts import Candidate
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    ComboBox,
    Divider,
    EmptyState,
    FlowRow,
    Icon,
    StateChip,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

    from liaison.errors import UserError
    from liaison.store.store import Store
    from liaison.ui.desk import Desk

_Read = tuple[tuple[tuple[int, str], ...], Lineage | None]
_TALLEST = 380


class LineageView(QWidget):
    """Who taught whom in a course.

    Args:
        desk: The desk.
        may_print: Whether whoever looks may print it.
    """

    opened = Signal(object)
    """Show this session (an id)."""
    filled = Signal()
    """It shows what was read."""

    def __init__(self, desk: Desk, *, may_print: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._asked: int | None = None
        self.found: Lineage | None = None
        self.course = ComboBox()
        self.course.changed.connect(self._choose)
        self.course.setAccessibleName("Course")
        self.print_button = Button("Print it", "printer")
        self.print_button.clicked.connect(self._print)
        self.banner = Banner("late", "", "Try again")
        self.banner.hide()
        self.banner.pressed.connect(self.refresh)
        self.chips = FlowRow()
        controls: list[QWidget] = [self.course]
        if may_print:
            controls.append(self.print_button)
        else:
            self.print_button.setParent(self)
            self.print_button.hide()
        self._top = FlowRow(controls, 12)
        self.picture = ChartView("Who taught whom", 60, 4_000)
        self.around = QScrollArea()
        self.around.setWidget(self.picture)
        self.around.setAccessibleName("Picture: who taught whom")
        self.around.viewport().setAutoFillBackground(False)
        # setWidget turns it on, and the card's ground would be painted over
        self.picture.setAutoFillBackground(False)
        self.drawn = Card("From the first teacher down", "git-merge")
        self.drawn.add(self.around)
        self.lines = Card("Every session", "list")
        holder = QWidget()
        self._lines = spaced(QVBoxLayout(holder), 10)
        self.lines.add(holder)
        self.nothing = EmptyState(
            "graduation-cap", "Nobody has taught yet",
            "Once a session is held, who taught whom appears here.",
        )  # fmt: skip
        column = spaced(QVBoxLayout(self), 12)
        for part in (self._top, self.banner, self.chips, self.drawn, self.lines, self.nothing):
            column.addWidget(part)
        column.addStretch(1)
        for part in (self._top, self.drawn, self.lines, self.nothing):
            part.hide()
        self.setAccessibleName("Who taught whom")

    def show_course(self, course: int) -> None:
        """Show another course's."""
        self._asked = course
        self.refresh()

    def _choose(self, course: object) -> None:
        if isinstance(course, int):
            self.show_course(course)

    def refresh(self) -> None:
        """Read it anew."""
        desk = self._desk
        if desk.jobs.home is None:
            return
        asked, day = self._asked, desk.today()

        def read(store: Store) -> _Read:
            courses = courses_taught(store)
            known = [course for course, _ in courses]
            if asked is not None and asked not in known:
                name = store.get("course", asked)
                courses = (*courses, (asked, getattr(name, "name", None) or "This course"))
            if asked is None and courses:
                # the one that was passed on furthest says most
                found = max(
                    (of_course(store, course, day) for course in known),
                    key=lambda one: (one.levels, one.people),
                )
                return courses, found
            return courses, None if asked is None else of_course(store, asked, day)

        desk.jobs.read(read, self._show, self._fail, latest=(id(self), "lineage"), owner=self)

    def _fail(self, error: UserError) -> None:
        self.banner.say("late", f"{error.what} {error.do or ''}".strip(), "Try again")

    def _show(self, read: _Read) -> None:
        self.banner.hide()
        courses, found = read
        self.found = found
        self.course.set_choices(list(courses))
        self._top.setVisible(bool(courses))
        some = found is not None and bool(found.lessons)
        self.drawn.setVisible(some)
        self.lines.setVisible(some)
        self.nothing.setVisible(not some)
        self.chips.clear()
        if found is not None:
            self._asked = found.course
            self.course.set_value(found.course)
            for chip in _chips(found):
                self.chips.flow.addWidget(chip)
                chip.show()
            self._draw(found)
            self._list(found)
        self.filled.emit()

    def _print(self) -> None:
        if self.found is not None:
            course = Candidate(self.found.course, self.found.name, "")
            wanted = {"report": "lineage", "about": "course", "candidate": course}
            self._desk.go("reports", wanted)

    def _draw(self, found: Lineage) -> None:
        chart = drawn(found)
        told = "; ".join(
            f"{one.teacher or 'not recorded'} taught "
            f"{', '.join(learner.name for learner in one.learners) or 'nobody recorded'}"
            for one in found.lessons
        )
        self.picture.show_chart(lambda *_: chart, told)
        self._size(chart)

    def _size(self, chart: Chart) -> None:
        self.picture.setFixedSize(theme.px(chart.width + 2), theme.px(chart.height + 2))
        beside = self.around.horizontalScrollBar().sizeHint().height()
        self.around.setFixedHeight(min(theme.px(chart.height + 4) + beside, theme.px(_TALLEST)))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == event.Type.StyleChange and getattr(self, "found", None) is not None:
            assert self.found is not None  # noqa: S101  # just looked at
            self._size(drawn(self.found))

    def _list(self, found: Lineage) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, lesson in enumerate(found.lessons):
            if number:
                rule = Divider()
                self._lines.addWidget(rule)
                rule.show()
            line = self._line(lesson)
            self._lines.addWidget(line)
            line.show()

    def _line(self, lesson: Lesson) -> QWidget:
        line = QWidget()
        taught = lesson.link.taught
        across = spaced(QHBoxLayout(line), 12, (theme.px(20) * lesson.link.level, 0, 0, 0))
        words = spaced(QVBoxLayout(), 2)
        teacher = ", ".join(part for part in (lesson.teacher, lesson.place) if part)
        words.addWidget(Wrap(teacher or "Teacher not recorded", "label"))
        learners = ", ".join(one.name for one in lesson.learners) or "Nobody recorded"
        words.addWidget(Wrap(f"taught {learners}", "muted"))
        for doubt in lesson.doubts:
            words.addWidget(_doubt(doubt, "late"))
        for doubt in lesson.doubts_now:
            if doubt not in lesson.doubts:
                words.addWidget(_doubt(f"Today: {doubt}", "due"))
        across.addLayout(words, 1)
        when = Text(times.show_date(taught.day), "secondary")
        across.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
        button = Button("Open", small=True)
        button.setAccessibleName(f"Open the session of {times.show_date(taught.day)}")
        button.clicked.connect(lambda *_: self.opened.emit(taught.session))
        across.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return line


def _doubt(words: str, state: str) -> QWidget:
    """Return a sentence with its icon; it wraps, where a chip would be cut."""
    line = QWidget()
    across = spaced(QHBoxLayout(line), 6)
    icon = Icon("circle-x" if state == "late" else "triangle-alert", state, 17)
    across.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    across.addWidget(Wrap(words), 1)
    return line


def _chips(found: Lineage) -> list[StateChip]:
    chips = [
        StateChip(
            "none", f"{len(found.lessons):,} session{'' if len(found.lessons) == 1 else 's'}"
        ),
        StateChip("none", f"{found.people:,} people"),
        StateChip("none", f"{found.levels:,} level{'' if found.levels == 1 else 's'}"),
    ]
    if found.doubtful:
        chips.append(StateChip("late", f"{found.doubtful:,} to look at"))
    return chips


def drawn(found: Lineage) -> Chart:
    """Draw who taught whom as boxes, from the first teacher at the left."""
    below: defaultdict[int | None, list[Lesson]] = defaultdict(list)
    for lesson in found.lessons:
        below[lesson.link.came_from].append(lesson)

    def node(lesson: Lesson) -> Node:
        day = times.show_plain_date(lesson.link.taught.day)
        about = ", ".join(part for part in (day, lesson.place) if part)
        return Node(
            lesson.teacher or "Teacher not recorded",
            about,
            tuple(one.name for one in lesson.learners),
            tuple(node(child) for child in below[lesson.link.taught.session]),
            "late" if lesson.doubts else "due" if lesson.doubts_now else "ok",
        )

    return charts.tree([node(lesson) for lesson in below[None]])
