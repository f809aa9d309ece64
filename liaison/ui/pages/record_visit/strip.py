"""Who came and when, on one strip: the person, the kind, why now, arrived and left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.pages.record_visit.kinds import KindChoice
from liaison.ui.pages.record_visit.labelled import Labelled
from liaison.ui.pages.record_visit.typed import HAPPENED, PLANNED, field, moment, reference
from liaison.ui.pages.record_visit.when import Times
from liaison.ui.pages.record_visit.who import WhoFinder
from liaison.ui.parts.editors import Around
from liaison.ui.parts.editors.choices import offered
from liaison.ui.parts.fields import FieldGrid, Fields, WarningLine
from liaison.ui.widgets import (
    Avatar,
    Button,
    Card,
    Elided,
    FlowRow,
    Icon,
    Segmented,
    Wrap,
    announce,
    set_wrong,
    spaced,
)

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.pages.record_visit.facts import Opening, Visitor
    from liaison.ui.pages.record_visit.typed import Sheet

MORE: Final = ("others_present", "id_checked", "reason", "requested_at")
"""What is asked of the whole visit only where somebody wants to say it."""

_ASKED: Final = "requested_at"
_ASKED_FOR: Final = frozenset({"ad hoc", "urgent"})
"""How soon somebody came is asked where they were asked to come."""

_LEAST_PERSON: Final = 250


class Strip(Card):
    """Who and when.

    Args:
        desk: The desk.
    """

    changed = Signal()
    """Somebody typed or chose something."""
    who_chosen = Signal(object)
    """Who came is chosen now (a :class:`Visitor`)."""
    on_to_residents = Signal()
    """Enter was pressed where the strip ends."""
    planned_changed = Signal()
    """The visit lies ahead now, or does not any more."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        # little below: the day under the times is to cost the notes no line
        super().__init__(margins=(16, 12, 16, 8), parent=parent)
        self.desk = desk
        self.sheet: Sheet | None = None
        self.visitor: Visitor | None = None
        self.more: Fields | None = None
        self.setAccessibleName("Who and when")
        self.avatar = Avatar("", 44)
        self.name = Elided("", "card")
        self.apart = Elided("", "secondary")
        self.change = Button("Change", role=Button.QUIET)
        self.change.setToolTip("Choose somebody else")
        self.change.clicked.connect(self.ask_who)
        self.finder = WhoFinder(desk, self)
        self.finder.picked.connect(self._pick)
        self.finder.typed.connect(self._type_who)
        self.finder.line.installEventFilter(self)
        self.times = Times(desk)
        self.times.changed.connect(self.changed)
        self.times.lies_ahead.connect(self._set_planned)
        self.times.looked_at.connect(self._left_field)
        self.times.ended.connect(self.on_to_residents)
        self.times.fitted.connect(self._turn)
        self.arrived, self.left = self.times.arrived, self.times.left
        self.left_box, self.day = self.times.left_box, self.times.day
        self._said: dict[str, str] = {}
        self._lay_out()

    def _lay_out(self) -> None:
        words = spaced(QVBoxLayout(), 1)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addWidget(self.apart)
        words.addStretch(1)
        self._person = QWidget()
        person = spaced(QHBoxLayout(self._person), 12)
        person.addWidget(self.avatar)
        person.addLayout(words, 1)
        person.addWidget(self.change)
        self._asking = Labelled("Who came", self.finder.line)
        self._kind_box = QWidget()
        self._kind_row = spaced(QVBoxLayout(self._kind_box), 0)
        self._why_box = QWidget()
        self._why_row = spaced(QVBoxLayout(self._why_box), 0)
        self._fields = QWidget()
        self._fields_row = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, self._fields), 12)
        for box in (self._kind_box, self._why_box, self.times):
            # each at the top: the day below the times moves none of them
            self._fields_row.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
        self._whole = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight), 20)
        self._whole.addWidget(self._person, 1)
        self._whole.addWidget(self._asking, 1, Qt.AlignmentFlag.AlignTop)
        self._whole.addWidget(self._fields)
        self.add(self._whole)
        self._told = QWidget()
        told = spaced(QHBoxLayout(self._told), 6)
        self._told_icon = Icon("circle-x", "late", 15)
        self._told_words = Wrap("", "error", widest=800)
        told.addStretch()
        told.addWidget(self._told_icon, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self._told_words, 1)
        self._told.hide()
        self.add(self._told)
        self.readings = FlowRow(gap=8)
        self.readings.setAccessibleName("Which of the two times")
        self.readings.hide()
        self.add(self.readings)
        self.unusual = WarningLine(self.finder.line)
        self.add(self.unusual)
        self.grid = FieldGrid()
        self.grid.hide()
        self.add(self.grid)

    # ---- filling in

    def show_opening(self, opening: Opening) -> None:
        """Show a visit's who and when."""
        self.sheet = sheet = opening.sheet
        words = opening.vocabularies
        around = Around(self.desk, words, dict(opening.names))
        self.finder.vocabularies = words
        if self.more is None:
            self._make_choices(sheet, around)
        self.kinds.set_value(sheet.visit.get("kind"))
        self.why.set_value(sheet.visit.get("urgency"))
        self._put_more(sheet)
        self.times.show_sheet(sheet)
        self.finder.line.setText(sheet.who)
        self.show_visitor(opening.visitor)
        if sheet.who.strip():
            self._show_asking()
        self._follow_status()
        self._turn()

    def show_choices(self) -> None:
        """Show the kind of visit and why now, after something else than a press has set them."""
        assert self.sheet is not None  # noqa: S101  # the form is filled in
        self.kinds.set_value(self.sheet.visit.get("kind"))
        self.why.set_value(self.sheet.visit.get("urgency"))
        self._follow_urgency()

    def _make_choices(self, sheet: Sheet, around: Around) -> None:
        # once: a visit that is read anew after a note was moved keeps its controls
        self.kinds = KindChoice(offered(field("visit", "kind"), around, sheet.visit.get("kind")))
        self.kinds.changed.connect(lambda value: self._choose("kind", value))
        self._kind_row.addWidget(Labelled.of(field("visit", "kind"), self.kinds))
        items = offered(field("visit", "urgency"), around, sheet.visit.get("urgency"))
        self.why = Segmented([(item.value, item.label) for item in items])
        self.why.changed.connect(lambda value: self._choose("urgency", value))
        self._why_row.addWidget(Labelled.of(field("visit", "urgency"), self.why))
        self.more = Fields([field("visit", name) for name in MORE], around, self)
        for box in self.more.boxes.values():
            self.grid.add(box)
        self.more.changed.connect(self._typed_more)

    def _put_more(self, sheet: Sheet) -> None:
        assert self.more is not None  # noqa: S101  # it was made
        # nobody typed any of it just now
        self.more.blockSignals(True)
        for name, box in self.more.boxes.items():
            if (typed := sheet.visit.get(name)) is not None:
                box.editor.put(typed.get("text", "") if isinstance(typed, dict) else typed)
        self.more.blockSignals(False)
        if any(not self.more.editor(name).is_empty() for name in MORE if name != _ASKED):
            self.unfold(focus=False)
        self._follow_urgency()

    def _follow_urgency(self) -> None:
        """Ask when it was asked for, of a visit that was not planned long before."""
        if self.unfolded or self.more is None or self.sheet is None:
            return
        asks = self.sheet.visit.get("urgency") in _ASKED_FOR
        asks = asks or not self.more.editor(_ASKED).is_empty()
        for name, box in self.more.boxes.items():
            box.setVisible(name == _ASKED)
        self.grid.setVisible(asks)
        self.grid.arrange(anew=True)

    unfolded = False
    """Whether all the rarer fields are in sight."""

    def unfold(self, *, focus: bool = True) -> None:
        """Show the rarer fields."""
        assert self.more is not None  # noqa: S101  # the form is filled in
        self.unfolded = True
        for box in self.more.boxes.values():
            box.show()
        self.grid.show()
        self.grid.arrange(anew=True)
        if focus:
            control = self.more.editor(MORE[0]).control
            control.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- who

    def show_visitor(self, visitor: Visitor | None) -> None:
        """Show who came; None asks for it."""
        self.visitor = visitor
        self.unusual.say("" if visitor is None else visitor.closed)
        self._person.setVisible(visitor is not None)
        self._asking.setVisible(visitor is None)
        if visitor is not None:
            self.avatar.set_name(visitor.name)
            self.name.setText(visitor.name)
            self.apart.setText(visitor.apart)
            self.apart.setVisible(bool(visitor.apart))
            parts = (visitor.name, visitor.apart)
            self._person.setAccessibleName(", ".join(part for part in parts if part))
            self.change.setAccessibleName(f"Change who came, now {visitor.name}")
        self._turn()

    def ask_who(self) -> None:
        """Ask again who came; Esc leaves it as it was."""
        self._show_asking()
        self.finder.line.clear()
        self.finder.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finder.search()

    def _show_asking(self) -> None:
        self._person.hide()
        self._asking.show()
        self._turn()

    def focus_who(self) -> None:
        """Put the cursor where who came is typed, or on what comes next."""
        if self._asking.isVisible():
            self.finder.line.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.arrived.value is None:
            self.arrived.line.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.change.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pick(self, visitor: Visitor) -> None:
        assert self.sheet is not None  # noqa: S101  # the form is filled in
        self.sheet.visit.typed["professional"] = reference(visitor.contact)
        self.sheet.visit.typed["organisation"] = reference(visitor.organisation)
        self.sheet.who = ""
        self.finder.line.clear()
        self.show_visitor(visitor)
        announce(self, f"{visitor.name}, {visitor.apart}")
        self.arrived.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.arrived.line.selectAll()
        self._say_no_more("professional")
        self.who_chosen.emit(visitor)
        self.changed.emit()

    def _type_who(self, text: str) -> None:
        assert self.sheet is not None  # noqa: S101  # the form is filled in
        self.sheet.who = text
        if not text.strip():
            self._say_no_more("professional")
        self.changed.emit()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Leave who came as it was with Esc."""
        if (
            watched is self.finder.line
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.visitor is not None
        ):
            self.finder.line.clear()
            self.show_visitor(self.visitor)
            self._type_who("")
            self.change.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    # ---- choices

    def _choose(self, name: str, value: object) -> None:
        assert self.sheet is not None  # noqa: S101  # the form is filled in
        self.sheet.visit.typed[name] = value
        if name == "urgency":
            self._follow_urgency()
        self.changed.emit()

    def _typed_more(self, name: str) -> None:
        assert self.sheet is not None  # noqa: S101  # the form is filled in
        assert self.more is not None  # noqa: S101  # as above
        editor = self.more.editor(name)
        typed = editor.typed()
        if name == "requested_at":
            value = getattr(editor.control, "value", None)
            typed = moment(value if isinstance(value, dt.datetime) else None, str(typed))
        self.sheet.visit.typed[name] = typed
        self.changed.emit()

    # ---- when

    @property
    def is_planned(self) -> bool:
        """Whether the visit lies ahead."""
        return self.times.is_planned

    def settle(self) -> dict[str, str]:
        """Read what is typed in the fields; return what cannot be read, by field."""
        return self.times.settle()

    def set_happened(self) -> None:
        """Let a planned visit be one that has happened."""
        self._set_status(HAPPENED)
        self.changed.emit()

    def _set_planned(self) -> None:
        self._set_status(PLANNED)

    def _set_status(self, status: str) -> None:
        assert self.sheet is not None  # noqa: S101  # the form is filled in
        self.sheet.visit.typed["status"] = status
        self._follow_status()
        self.planned_changed.emit()

    def _follow_status(self) -> None:
        self._asking.set_label("Who is coming" if self.is_planned else "Who came")
        self.times.follow_status()

    def _left_field(self, name: str, why: str) -> None:
        """Say at once what cannot be read, and no longer what can."""
        if not why:
            self._say_no_more(name)
        elif self._said.get(name) != why:
            self.tell({**self._said, name: why})

    def _say_no_more(self, name: str) -> None:
        if name in self._said:
            self.tell({field: words for field, words in self._said.items() if field != name})

    # ---- what is wrong

    def tell(self, wrong: Mapping[str, str]) -> None:
        """Say what is wrong on the strip, by field."""
        self._said = dict(wrong)
        set_wrong(self.finder.line, wrong=bool({"professional", "organisation"} & set(wrong)))
        set_wrong(self.arrived.line, wrong="at" in wrong)
        set_wrong(self.left.line, wrong="left_at" in wrong)
        if self.more is not None:
            for name, box in self.more.boxes.items():
                box.set_error(wrong.get(name, ""))
                if name in wrong:
                    self.unfold(focus=False)
        here = [words for name, words in wrong.items() if name not in MORE]
        self._offer_readings()
        # what is said of the times alone stands below them, at the right
        row, times_only = self._told.layout(), {*wrong} <= {"at", "left_at"}
        if isinstance(row, QHBoxLayout):
            row.setStretch(0, int(times_only))
            row.setStretch(row.count() - 1, int(not times_only))
        self._told_words.setText(" ".join(here))
        self._told.setVisible(bool(here))
        if here:
            announce(self, " ".join(here), urgent=True)

    def _offer_readings(self) -> None:
        """Offer the two moments that a time may mean in the night the clocks go back."""
        self.readings.clear()
        for name in ("at", "left_at"):
            for words, at in self.times.readings(name) if name in self._said else ():
                button = Button(words, small=True)
                button.clicked.connect(
                    lambda *_, name=name, at=at: self.times.choose_reading(name, at)
                )
                self.readings.flow.addWidget(button)
                button.show()
        self.readings.setVisible(self.readings.flow.count() > 0)
        self.readings.updateGeometry()

    def focus_wrong(self) -> bool:
        """Put the cursor where something is wrong; return whether anything is."""
        for name, control in (
            ("professional", self.finder.line), ("at", self.arrived.line),
            ("left_at", self.left.line),
        ):  # fmt: skip
            if name in self._said:
                control.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        for name in MORE:
            if name in self._said and self.more is not None:
                self.more.editor(name).control.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return bool(self._said)

    # ---- room

    def _turn(self) -> None:
        roomy = theme.roomy()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._fields_row.setDirection(across if roomy else down)
        room = self.width() - theme.px(2 * 16) - self._whole.spacing() - theme.px(_LEAST_PERSON)
        beside = roomy and self._fields.sizeHint().width() <= room
        self._whole.setDirection(across if beside else down)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the person above the fields where there is little room."""
        super().resizeEvent(event)
        self._turn()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_told"):
            self.times.fit()
