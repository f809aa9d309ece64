"""The gap plan: what runs out when, which sessions would close most of it, and whom to ask."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.records.rules.standing import id_of
from liaison.services.gaps import SPANS, GapPlan, gap_plan
from liaison.ui import theme
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    ComboBox,
    Divider,
    Elided,
    EmptyState,
    FlowRow,
    Segmented,
    StateChip,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    import datetime as dt

    from liaison.errors import UserError
    from liaison.records.rules.gaps import Gap, Proposal
    from liaison.services.partner_needs import Need
    from liaison.store.store import Store
    from liaison.ui.desk import Desk

_MOST_LINES: Final = 40
_TEAM: Final = (
    (None, "Any number of a team at once"),
    *((number, f"At most {number} of a team at once") for number in range(1, 7)),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """A session somebody wants to plan, or places they want to hold.

    Args:
        course: The course.
        staff: Who is to come.
        session: The session planned already; None: one is to be planned.
        teacher: Who taught it last, from outside; None if nobody did.
        organisation: Their organisation; None if it was not recorded.
    """

    course: int
    staff: tuple[int, ...]
    session: int | None = None
    teacher: int | None = None
    organisation: int | None = None


class GapView(QWidget):
    """The plan.

    Args:
        desk: The desk.
        may_write: Whether whoever looks may plan sessions.
        may_print: Whether they may print it.
    """

    plan_asked = Signal(object)
    """Plan a session, or hold places on one (a :class:`Wanted`)."""
    record_asked = Signal(object, object)
    """Record that somebody has done a course: the course's id, the staff's id."""
    filled = Signal()
    """It shows what was read."""

    def __init__(
        self, desk: Desk, *, may_write: bool, may_print: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._may_write = desk, may_write
        self.found: GapPlan | None = None
        self.days = Segmented([(span, f"{span} days") for span in SPANS], "How far ahead")
        self.days.set_value(SPANS[-1])
        self.days.changed.connect(lambda _: self.refresh())
        self.at_once = ComboBox(list(_TEAM))
        self.at_once.set_value(2)
        self.at_once.setAccessibleName("How many of a team may be away at once")
        self.at_once.changed.connect(lambda _: self.refresh())
        self.print_button = Button("Print the plan", "printer")
        self.print_button.clicked.connect(lambda *_: desk.go("reports", {"report": "gap-plan"}))
        controls: list[QWidget] = [self.days, self.at_once]
        if may_print:
            controls.append(self.print_button)
        else:
            self.print_button.setParent(self)
            self.print_button.hide()
        self.banner = Banner("late", "", "Try again")
        self.banner.hide()
        self.banner.pressed.connect(self.refresh)
        self.chips = FlowRow()
        self.sessions = Card("Sessions that would close most", "calendar-plus")
        self.partners = Card("To ask of our partners in health", "handshake")
        self.lines = Card("Who and what", "list-checks")
        self._parts = tuple(_inside(card) for card in (self.sessions, self.partners, self.lines))
        self.nothing = EmptyState("check-check", "No gaps", " ")
        column = spaced(QVBoxLayout(self), 12)
        column.addWidget(FlowRow(controls, 12))
        column.addWidget(self.banner)
        column.addWidget(self.chips)
        right = QWidget()
        beside = spaced(QVBoxLayout(right), 16)
        beside.addWidget(self.partners)
        beside.addWidget(self.lines)
        beside.addStretch(1)
        self.whole = Columns([(self.sessions, 56), (right, 44)], 16, top=True)
        column.addWidget(self.whole)
        column.addWidget(self.nothing)
        column.addStretch(1)
        for part in (self.whole, self.nothing):
            part.hide()
        self.setAccessibleName("Gap plan")

    def refresh(self) -> None:
        """Read the plan anew; the one that is shown stays until it is there."""
        desk = self._desk
        if desk.jobs.home is None:
            return
        day, within, at_once = desk.today(), self.days.value, self.at_once.value

        def read(store: Store) -> GapPlan:
            assert isinstance(within, int)  # noqa: S101  # it is one of the spans
            assert at_once is None or isinstance(at_once, int)  # noqa: S101  # one of the choices
            return gap_plan(store, day, within, at_once=at_once)

        desk.jobs.read(read, self.show_plan, self._fail, latest=(id(self), "gaps"), owner=self)

    def _fail(self, error: UserError) -> None:
        self.banner.say("late", f"{error.what} {error.do or ''}".strip(), "Try again")

    def show_plan(self, found: GapPlan) -> None:
        """Show a plan."""
        self.banner.hide()
        self.found = found
        self.chips.clear()
        for chip in _chips(found):
            self.chips.flow.addWidget(chip)
            chip.show()
        sessions, partners, lines = self._parts
        _fill(sessions, [self._session(one, found) for one in found.proposals])
        _fill(partners, [_need(need) for need in found.needs])
        shown = [self._gap(gap, found.made.on) for gap in found.gaps[:_MOST_LINES]]
        if len(found.gaps) > _MOST_LINES:
            more = len(found.gaps) - _MOST_LINES
            shown.append(Wrap(f"{more:,} more are in the matrix and on paper.", "secondary"))
        _fill(lines, shown)
        self.lines.set_note(f"{len(found.gaps):,}")
        self.sessions.set_note(f"{len(found.proposals):,}" if found.proposals else "")
        self.partners.setVisible(bool(found.needs))
        self.sessions.setVisible(bool(found.proposals))
        self.lines.setVisible(bool(found.gaps))
        anything = bool(found.gaps or found.needs)
        self.whole.setVisible(anything)
        self.nothing.setVisible(not anything)
        if not anything:
            some = f"Nothing is missing, and nothing runs out within {found.within} days."
            nobody = "It begins with who works here and what they must hold."
            self.nothing.say("No gaps", some if found.made.required else nobody)
        self.filled.emit()

    def _session(self, one: Proposal, found: GapPlan) -> QWidget:
        """Return the line of a session that would help."""
        title = found.courses.get(one.course, "")
        teacher = found.teachers.get(one.course)
        closes = f"closes {len(one.gaps):,} gap{'' if len(one.gaps) == 1 else 's'}"
        if one.coming is not None:
            when = times.show_time(one.coming.at)
            free = "1 place" if one.coming.free == 1 else f"{one.coming.free:,} places"
            said = f"Planned for {when}, {free} free; {closes}."
        else:
            by = "now" if one.by is None or one.by < found.made.on else times.show_date(one.by)
            said = f"{closes.capitalize()}; needed {'' if by == 'now' else 'by '}{by}."
            if teacher is not None:
                who = ", ".join(part for part in (teacher.name, teacher.organisation) if part)
                said = f"{said} Last taught by {who}."
        people = one.people
        names = Wrap(", ".join(row.name for row in people), "secondary")
        staff = tuple(id_of(row.staff) for row in people)
        wanted = Wanted(
            one.course, staff, None if one.coming is None else one.coming.session,
            None if teacher is None else teacher.contact,
            None if teacher is None else teacher.organisation_id,
        )  # fmt: skip
        verb, icon = "Plan it", "calendar-plus"
        if one.coming is not None:
            places = "a place" if len(people) == 1 else f"{len(people)} places"
            verb, icon = f"Hold {places}", "calendar-check"
        button = Button(verb, icon, small=True)
        button.setAccessibleName(f"{verb}: {title}")
        button.clicked.connect(lambda *_: self.plan_asked.emit(wanted))
        return _line(title, [Wrap(said, "muted"), names], button if self._may_write else None)

    def _gap(self, gap: Gap, on: dt.date) -> QWidget:
        late = gap.is_late(on)
        state = "info" if gap.booked else "late" if late else "due"
        chip = StateChip(state, "Booked" if gap.booked else _when(gap, on))
        about = Elided(gap.column.course.name or "", "secondary")
        return _line(gap.row.name, [about], chip)


def _chips(found: GapPlan) -> list[StateChip]:
    late, *ahead = found.spans
    chips = [StateChip("late" if late else "ok", f"{late:,} late or missing")]
    first = 0
    for span, count in zip(SPANS, ahead, strict=True):
        if span > found.within:
            break
        words = f"within {span} days" if not first else f"in {first + 1} to {span} days"
        chips.append(StateChip("due" if count else "none", f"{count:,} {words}"))
        first = span
    return chips


def _when(gap: Gap, on: dt.date) -> str:
    if gap.by is None:
        return "Missing"
    days = (gap.by - on).days
    if days < 0:
        return f"{-days:,} day{'' if days == -1 else 's'} late"
    return "Today" if days == 0 else f"{days} day{'' if days == 1 else 's'} left"


def _need(need: Need) -> QWidget:
    roles = ", ".join(f"{role.lower()} {count}" for role, count in need.roles if role)
    many = "1 person" if need.people == 1 else f"{need.people:,} people"
    kind = "to be signed off again" if need.skill else "to be taught"
    by = "" if need.by is None else f", from {times.show_date(need.by)}"
    said = f"{many} {kind}{by}: {roles}." if roles else f"{many} {kind}{by}."
    who = ", ".join(dict.fromkeys(part for part in (need.partner, need.person) if part))
    return _line(need.what, [Wrap(who, "muted"), Wrap(said, "secondary")], None)


def _line(title: str, about: list[QWidget], aside: QWidget | None) -> QWidget:
    line = QWidget()
    across = spaced(QHBoxLayout(line), 12)
    words = spaced(QVBoxLayout(), 2)
    words.addWidget(Wrap(title, "label"))
    for part in about:
        words.addWidget(part)
    across.addLayout(words, 1)
    if aside is not None:
        across.addWidget(aside, 0, Qt.AlignmentFlag.AlignTop)
    return line


def _inside(card: Card) -> QVBoxLayout:
    holder = QWidget()
    column = spaced(QVBoxLayout(holder), 10)
    card.add(holder)
    return column


def _fill(column: QVBoxLayout, parts: list[QWidget]) -> None:
    """Show other lines, a rule between them."""
    while (item := column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
    for number, part in enumerate(parts):
        if number:
            rule = Divider()
            column.addWidget(rule)
            rule.show()
        column.addWidget(part)
        part.show()
    holder = column.parentWidget()
    if holder is not None:
        holder.setMinimumWidth(theme.px(200))
