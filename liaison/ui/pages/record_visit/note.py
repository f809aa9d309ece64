"""What is written about one resident: raised, found or advised, said; and what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from liaison.services import attachments
from liaison.ui import clock, theme
from liaison.ui.pages.record_visit.follow_ups import FollowUps
from liaison.ui.pages.record_visit.seen import room_label
from liaison.ui.pages.record_visit.typed import field
from liaison.ui.parts.fields import FieldGrid, Fields, WarningLine
from liaison.ui.widgets import (
    Button,
    Card,
    Columns,
    Elided,
    FlowRow,
    IconButton,
    StateChip,
    TextArea,
    Wrap,
    drop_down,
    spaced,
)

if TYPE_CHECKING:
    from liaison.services.visit_templates import Template
    from liaison.ui.pages.record_visit.facts import Seen
    from liaison.ui.pages.record_visit.typed import Note
    from liaison.ui.parts.editors import Around

WRITTEN: Final = ("raised", "found", "voice", "plan_changed")
MORE: Final = ("medicines_changed", "pharmacy_told", "family_informed")
"""What is asked only where somebody wants to say it."""

_LINES: Final = {"raised": (4, 1, 8), "found": (4, 1, 8), "voice": (2, 3, 3)}
"""How many lines each has at least, its part of what a tall window has to give, and how many more."""

_UNTOLD: Final = "Medicines changed, and it is not recorded that the pharmacy was told."
_TELL: Final = "Tell the pharmacy"
_USUAL_HEIGHT: Final = 510
_A_LINE: Final = 24
_WRONG_RESIDENT: Final = (
    "Wrong resident? You can move this note later; the first version stays in the history."
)


class NoteForm(Card):
    """The note that is open.

    Args:
        around: Returns what editors are given.
    """

    changed = Signal()
    """Somebody typed or chose something."""
    next_asked = Signal()
    about_visit_asked = Signal()
    """Somebody wants to say more about the visit as a whole."""
    take_out_asked = Signal()
    other_asked = Signal()
    """The note is about another resident."""
    strike_asked = Signal()
    template_asked = Signal(object)
    """Somebody wants this template for the visit (a :class:`Template`)."""
    attach_asked = Signal()
    """Somebody wants to attach a file to the visit."""

    def __init__(self, around: Callable[[], Around], parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 16, 20, 16), parent=parent)
        self._written: Note | None = None
        self.name = Elided("", "card")
        self.apart = Elided("", "secondary")
        self.chips = FlowRow(gap=6)
        self.menu_button = IconButton("ellipsis", "More about this note", small=True)
        self.menu_button.clicked.connect(self._open_menu)
        self.follow_ups = FollowUps(around)
        self.follow_ups.changed.connect(self.changed)
        self.next_button = Button("", "arrow-right")
        self.next_button.clicked.connect(self.next_asked)
        self.more_button = Button("Medicines, pharmacy, family", "plus", Button.QUIET, small=True)
        self.more_button.clicked.connect(lambda *_: self.unfold(focus=True))
        self.visit_button = Button(
            "Others present, identity, reason", "plus", Button.QUIET, small=True
        )
        self.visit_button.clicked.connect(self.about_visit_asked)
        self.pharmacy_button = Button(_TELL, "plus", small=True, parent=self)
        self.pharmacy_button.clicked.connect(lambda *_: self.follow_ups.add_another("", _TELL))
        self.pharmacy_button.hide()
        self.usual_button = Button("", "plus", Button.QUIET, small=True, parent=self)
        self.usual_button.clicked.connect(lambda *_: self._add_usual())
        self.usual_button.hide()
        self.template_button = Button(
            "Template", "list-checks", Button.QUIET, small=True, parent=self
        )
        self.template_button.setToolTip("Fill in what is usual for a kind of visit")
        self.template_button.clicked.connect(lambda *_: self._open_templates())
        self.attach_button = Button(
            "Attach a file", "paperclip", Button.QUIET, small=True, parent=self
        )
        self.attach_button.setToolTip(f"Or drop files here, {attachments.limit_words()}")
        self.attach_button.clicked.connect(lambda *_: self.attach_asked.emit())
        self._templates: tuple[Template, ...] = ()
        self._template: Template | None = None
        self._day: dt.date | None = None
        self.grid = FieldGrid()
        self.grid.hide()
        self._column = spaced(QVBoxLayout(), 10)
        self.add(self._column, 1)
        self._lay_out_head()

    def _lay_out_head(self) -> None:
        words = spaced(QVBoxLayout(), 1)
        words.addWidget(self.name)
        words.addWidget(self.apart)
        top = spaced(QHBoxLayout(), 8)
        top.addLayout(words, 1)
        self._beside = spaced(QHBoxLayout(), 0)
        top.addLayout(self._beside)
        top.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignTop)
        self._head = spaced(QVBoxLayout(), 8)
        self._head.addLayout(top)
        self._head.addWidget(self.chips)
        self._column.addLayout(self._head)

    is_filled = False
    """Whether its fields are there."""

    def fill(self, around: Around) -> None:
        """Make the fields, once the home's lists of choices are known."""
        self.is_filled = True
        asked = [field("visit_entry", name) for name in (*WRITTEN, *MORE)]
        self.fields = Fields(asked, around, self)
        self.fields.changed.connect(self._typed)
        boxes = self.fields.boxes
        column = self._column
        column.addWidget(Columns([(boxes["raised"], 1), (boxes["found"], 1)], top=True))
        column.addWidget(Columns([(boxes["voice"], 1), (boxes["plan_changed"], 0)], top=True))
        column.addWidget(self.follow_ups)
        for name in MORE:
            self.grid.add(boxes[name])
        self.grid.arrange(anew=True)
        column.addWidget(self.grid)
        self.pharmacy = WarningLine(boxes["pharmacy_told"].editor.control)
        tell = spaced(QHBoxLayout(), 8)
        tell.addWidget(self.pharmacy, 1)
        tell.addWidget(self.pharmacy_button)
        column.addLayout(tell)
        more = (
            self.usual_button, self.follow_ups.another, self.follow_ups.result,
            self.more_button, self.visit_button, self.template_button, self.attach_button,
        )  # fmt: skip
        column.addWidget(FlowRow(more, gap=4))
        column.addStretch(1)
        foot = self._foot = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight), 12)
        foot.addWidget(Wrap(_WRONG_RESIDENT, "secondary"), 1)
        foot.addWidget(self.next_button, 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(foot)
        self.share(0)

    # ---- showing

    def show_note(self, note: Note, seen: Seen, following: str, *, required: bool) -> None:
        """Show the note about a resident.

        Args:
            note: The note.
            seen: The resident.
            following: The name of the next resident; empty if there is none.
            required: Whether what was found must be said: the visit has happened.
        """
        self._written = note
        self.show_resident(seen)
        for name, box in self.fields.boxes.items():
            box.editor.put(note.entry.get(name))
        self.fields.boxes["found"].box.set_required(required=required)
        asks = self._template is not None and self._template.medicines
        if asks or any(not self.fields.editor(name).is_empty() for name in MORE):
            self.unfold(focus=False)
        else:
            self.grid.hide()
            self.more_button.show()
        self.follow_ups.show_note(note)
        self._follow_medicines()
        self._offer_usual()
        self.show_next(following)
        self.tell()

    def show_resident(self, seen: Seen) -> None:
        """Say whom the note is about, and what everybody must know of them."""
        self.name.setText(seen.name)
        self.apart.setText(_apart(seen))
        self.apart.setVisible(bool(self.apart.text()))
        self._show_chips(seen)
        self.setAccessibleName(f"Note about {seen.name}")
        voice = self.fields.boxes["voice"].box
        voice.set_label(f"{seen.called} or the family said")

    def show_next(self, following: str) -> None:
        """Name the next resident on the button; none hides it."""
        self.next_button.setVisible(bool(following))
        if following:
            self.next_button.set_words(f"Next: {following}")

    def set_about_visit_shown(self, *, shown: bool) -> None:
        """Offer to say more about the visit, unless that is in sight already."""
        self.visit_button.setVisible(not shown)

    def _show_chips(self, seen: Seen) -> None:
        self.chips.clear()
        told = []
        if seen.allergies:
            told.append(("late", f"Allergies: {seen.allergies}", "triangle-alert"))
        if seen.alerts:
            icon = "ear" if "hearing" in seen.alerts.casefold() else "info"
            told.append(("info", seen.alerts, icon))
        for state, words, icon in told:
            line = " ".join(words.split())
            chip = StateChip(state, line, icon)
            chip.setToolTip(line)
            self.chips.flow.addWidget(chip)
            chip.show()
        self.chips.setVisible(bool(told))
        self.chips.updateGeometry()
        self._place_chips()

    def _place_chips(self) -> None:
        """Put the chips beside the name where they fit, else below it."""
        beside = self.chips.sizeHint().width() <= self.width() * 0.62 and theme.roomy()
        within = self._beside.indexOf(self.chips) >= 0
        if beside and not within:
            self._head.removeWidget(self.chips)
            self._beside.addWidget(self.chips, 0, Qt.AlignmentFlag.AlignVCenter)
        elif within and not beside:
            self._beside.removeWidget(self.chips)
            self._head.addWidget(self.chips)
        across = QSizePolicy.Policy.Fixed if beside else QSizePolicy.Policy.Preferred
        policy = self.chips.sizePolicy()
        policy.setHorizontalPolicy(across)
        self.chips.setSizePolicy(policy)

    def unfold(self, *, focus: bool = True) -> None:
        """Show the rarer fields."""
        self.grid.show()
        for name in MORE:
            self.fields.boxes[name].show()
        self.grid.arrange(anew=True)
        self.more_button.hide()
        if focus:
            self.fields.editor(MORE[0]).control.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- typing

    def _typed(self, name: str) -> None:
        if self._written is not None:
            self._written.entry.typed[name] = self.fields.editor(name).typed()
            if self._written.wrong.pop(name, None) is not None:
                self.fields.boxes[name].set_error("")
            self._follow_medicines()
            self.changed.emit()

    def set_templates(
        self, templates: Sequence[Template], chosen: Template | None, day: dt.date
    ) -> None:
        """Say which usual kinds of visit there are.

        Args:
            templates: All of them.
            chosen: The one that is chosen; None for none.
            day: The day of the visit, from which on follow-ups are due.
        """
        self._templates, self._template, self._day = tuple(templates), chosen, day
        self.template_button.setVisible(bool(templates))
        if self.is_filled:
            self.fields.boxes["found"].box.set_hint("" if chosen is None else chosen.ask)
        self._offer_usual()

    def template_menu(self) -> QMenu:
        """Return the usual kinds of visit, to choose from."""
        menu = QMenu(self)
        for one in self._templates:
            action = menu.addAction(one.label.replace("&", "&&"))
            action.triggered.connect(lambda *_, one=one: self.template_asked.emit(one))
        return menu

    def _open_templates(self) -> None:
        menu = self.template_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        drop_down(menu, self.template_button)

    def _offer_usual(self) -> None:
        """Offer what usually follows; nothing is to be done until somebody says so."""
        template, note = self._template, self._written
        if template is None or note is None or not template.follow_up:
            self.usual_button.hide()
            return
        there = {action.text("what").strip() for action in note.actions}
        due = None if self._day is None else template.due(self._day)
        by = "" if due is None else f", by {clock.short_day(due)}"
        self.usual_button.set_words(f"{template.follow_up}{by}")
        self.usual_button.setVisible(template.follow_up not in there)

    def _add_usual(self) -> None:
        template = self._template
        if template is not None:
            due = None if self._day is None else template.due(self._day)
            kind = "" if template.follow_up_kind == "follow up" else template.follow_up_kind
            self.follow_ups.add_another(kind, template.follow_up, due)
            self._offer_usual()

    def _follow_medicines(self) -> None:
        """Say that the pharmacy does not know of changed medicines yet, and offer to see to it."""
        entry = self._written.entry if self._written is not None else None
        changed = entry is not None and entry.get("medicines_changed") is True
        untold = changed and entry is not None and entry.get("pharmacy_told") is not True
        self.pharmacy.say(_UNTOLD if untold else "")
        self.pharmacy_button.setVisible(untold)

    def focus_first(self) -> None:
        """Put the cursor into the first field that is still empty, or the first of all."""
        names = [name for name in WRITTEN if self.fields.editor(name).is_empty()] or WRITTEN
        self.fields.editor(names[0]).control.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what is wrong

    def tell(self) -> None:
        """Say at each field what is wrong."""
        wrong = {} if self._written is None else self._written.wrong
        for name, box in self.fields.boxes.items():
            box.set_error(wrong.get(name, ""))
        self.follow_ups.tell()

    def focus_wrong(self) -> bool:
        """Put the cursor where something is wrong; return whether anything is."""
        for box in self.fields.wrong[:1]:
            box.editor.control.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return self.follow_ups.focus_wrong()

    # ---- what can be done with it

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        drop_down(menu, self.menu_button)

    def menu(self) -> QMenu:
        """Return what can be done with the note."""
        menu = QMenu(self)
        saved = self._written is not None and self._written.entry.id is not None
        if saved:
            menu.addAction("Wrong resident: move ...", self.other_asked.emit)
            menu.addAction("Strike through ...", self.strike_asked.emit)
        else:
            menu.addAction("It is about another resident ...", self.other_asked.emit)
            menu.addAction("Take out of this visit", self.take_out_asked.emit)
        return menu

    # ---- room

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the chips where they fit."""
        super().resizeEvent(event)
        self._place_chips()

    def share(self, height: int) -> None:
        """Give what a tall window has to give to the fields that are written in.

        Args:
            height: The height there is for the card, in pixels.
        """
        if not self.is_filled:
            return
        spare = height - theme.px(_USUAL_HEIGHT) if theme.roomy() else 0
        lines = max(spare, 0) // theme.px(_A_LINE)
        for name, (least, part, most) in _LINES.items():
            control = self.fields.boxes[name].editor.control
            assert isinstance(control, TextArea)  # noqa: S101  # notes are
            control.set_lines(least + min(lines // part, most))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_foot"):
            across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
            self._foot.setDirection(across if theme.roomy() else down)
            self._place_chips()


def _apart(seen: Seen) -> str:
    parts = [f"{room_label()} {seen.room}" if seen.room else ""]
    if seen.born is not None:
        # in full, as in a sentence: it is read to make sure who this is
        parts.append(f"born {clock.day_in_text(seen.born)}")
    parts.append(f"likes “{seen.likes}”" if seen.likes else "")
    return " \N{MIDDLE DOT} ".join(part for part in parts if part)
