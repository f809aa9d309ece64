"""What follows from a visit for a resident: what is to be done, who does it, by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.ui.pages.record_visit.typed import ACTION, field, new_part
from liaison.ui.parts.editors.picker import RefPicker
from liaison.ui.parts.fields import Fields
from liaison.ui.parts.suggestions import PickLine
from liaison.ui.widgets import Button, Card, Columns, DateField, Icon, Text, spaced

if TYPE_CHECKING:
    from liaison.ui.pages.record_visit.typed import Note, Part
    from liaison.ui.parts.editors import Around
    from liaison.ui.parts.facts import Candidate

_SHARES = (5, 3, 3)
AWAITED: Final = "result awaited"


class FollowUps(Card):
    """The follow-ups of one resident; there is always a blank one to type into.

    Args:
        around: Returns what editors are given.
    """

    changed = Signal()
    """Somebody typed or chose something."""
    named = Signal(object)
    """Somebody was chosen to do it (a :class:`Candidate`): to be shown again later."""

    def __init__(self, around: Callable[[], Around], parent: QWidget | None = None) -> None:
        super().__init__(kind=Card.SUNK, parent=parent)
        self._around = around
        self._open: Note | None = None
        self.rows: list[Fields] = []
        self.setAccessibleName("Follow-up action")
        head = spaced(QHBoxLayout(), 8)
        head.addWidget(Icon("corner-down-right", "accent"))
        head.addWidget(Text("Follow-up action", "label"))
        head.addStretch(1)
        head.addWidget(Text("Open until someone records an outcome", "secondary"))
        self.add(head)
        self._column = spaced(QVBoxLayout(), 10)
        self.add(self._column)
        # whoever shows the card has a place for it among what else can be added
        self.another = Button("Another follow-up", "plus", Button.QUIET, small=True)
        self.another.clicked.connect(lambda *_: self.add_another())
        self.another.hide()
        self.result = Button("A result is awaited", "hourglass", Button.QUIET, small=True)
        self.result.setToolTip("Blood test, swab, scan: open until the result is recorded")
        self.result.clicked.connect(lambda *_: self.add_another(AWAITED))

    def show_note(self, note: Note) -> None:
        """Show what follows for a resident."""
        self._open = note
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for fields in self.rows:
            fields.deleteLater()
        self.rows = []
        if not note.actions:
            note.actions.append(new_part("action"))
        for action in note.actions:
            self._add_row(action)
        self.tell()
        self._offer_another()

    def _add_row(self, action: Part) -> Fields:
        fields = Fields([field("action", name) for name in ACTION], self._around(), self)
        place = len(self.rows)
        for name, box in fields.boxes.items():
            if (typed := action.get(name)) != "":
                box.editor.put(typed)
        picker = fields.editor("owner_staff")
        assert isinstance(picker, RefPicker)  # noqa: S101  # one member of staff
        if isinstance(picker.control, PickLine):
            picker.control.set_icon("chevron-down")
            picker.control.setPlaceholderText("")
        picker.finder.picked.connect(self._named)
        day = fields.editor("due").control
        if isinstance(day, DateField):
            day.line.setPlaceholderText("Such as fri")
        boxes = list(fields.boxes.values())
        fields.boxes["what"].box.set_required(required=False)
        awaited = action.get("kind") == AWAITED
        if awaited:
            fields.boxes["what"].box.set_label("Result awaited")
            fields.boxes["owner_staff"].box.set_label("Who asks for it")
        fields.changed.connect(lambda name: self._typed(action, fields, name))
        fields.settled.connect(lambda: self._settled(action, fields))
        row = Columns(list(zip(boxes, _SHARES, strict=True)), gap=12, top=True)
        named = "Result awaited" if awaited else "Follow-up"
        row.setAccessibleName(f"{named} {place + 1}")
        self._column.addWidget(row)
        row.show()
        self.rows.append(fields)
        return fields

    def _named(self, candidate: Candidate) -> None:
        self.named.emit(candidate)

    def _typed(self, action: Part, fields: Fields, name: str) -> None:
        action.typed[name] = fields.editor(name).typed()
        self._offer_another()
        self.changed.emit()

    def _settled(self, action: Part, fields: Fields) -> None:
        # "tomorrow" has become a date meanwhile
        for name in ACTION:
            typed = fields.editor(name).typed()
            if typed != action.get(name):
                action.typed[name] = typed
                self.changed.emit()

    def _offer_another(self) -> None:
        last = self._open.actions[-1] if self._open is not None and self._open.actions else None
        self.another.setVisible(last is not None and bool(last.text("what").strip()))

    def add_another(self, kind: str = "", what: str = "", due: dt.date | None = None) -> None:
        """Add a follow-up and put the cursor into it.

        Args:
            kind: What kind it is, if not the usual one.
            what: What is to be done, if that is known.
            due: By when, if that is known.
        """
        assert self._open is not None  # noqa: S101  # the button is only there with one
        action = new_part("action", **({"kind": kind} if kind else {}))
        if what:
            action.typed["what"] = what
        if due is not None:
            action.typed["due"] = times.show_date(due)
        self._open.actions.append(action)
        fields = self._add_row(action)
        self._offer_another()
        fields.editor("what").control.setFocus(Qt.FocusReason.OtherFocusReason)
        if what:
            self.changed.emit()

    def focus(self) -> None:
        """Put the cursor where the next follow-up is typed."""
        for fields in self.rows:
            if fields.editor("what").is_empty():
                break
        else:
            self.add_another()
            return
        fields.editor("what").control.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def tell(self) -> bool:
        """Say what is wrong with each; return whether anything is."""
        wrong = {} if self._open is None else self._open.wrong_actions
        for place, fields in enumerate(self.rows):
            for name, box in fields.boxes.items():
                box.set_error(wrong.get((place, name), ""))
        return bool(wrong)

    def focus_wrong(self) -> bool:
        """Put the cursor where something is wrong; return whether anything is."""
        for fields in self.rows:
            for box in fields.wrong[:1]:
                box.editor.control.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False
