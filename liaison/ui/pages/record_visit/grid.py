"""One professional and many residents, as at a flu clinic: a line each, an answer and a note."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.services.visit_templates import compose, taken_apart
from liaison.ui import clock
from liaison.ui.pages.record_visit.seen import room_label
from liaison.ui.widgets import (
    Button,
    Card,
    Columns,
    Divider,
    Elided,
    IconButton,
    LineEdit,
    Segmented,
    Text,
    Wrap,
    set_wrong,
    spaced,
)

if TYPE_CHECKING:
    from liaison.ui.pages.record_visit.facts import Seen
    from liaison.ui.pages.record_visit.typed import Note

_DIGITS: Final = re.compile(r"([0-9]+)")
_SHARES: Final = (3, 0, 4)


def in_order(seen: Iterable[Seen]) -> list[Seen]:
    """Return residents as one walks past their doors: by room, 9 before 10, then by name."""

    def key(one: Seen) -> tuple[bool, list[tuple[int, str]], str]:
        parts = _DIGITS.split(one.room.casefold())
        rooms = [(int(part), "") if part.isdigit() else (-1, part) for part in parts if part]
        return not one.room, rooms, one.name.casefold()

    return sorted(seen, key=key)


class Row(QWidget):
    """One resident: who, the answer, a note.

    Args:
        seen: The resident.
        answers: The answers there are.
    """

    changed = Signal(object, str)
    """What was found of this resident (the id) is another text now."""

    def __init__(self, seen: Seen, answers: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seen = seen
        self._answers = tuple(answers)
        apart = [f"{room_label()} {seen.room}" if seen.room else ""]
        apart.append(f"born {clock.day_in_text(seen.born)}" if seen.born else "")
        told = " \N{MIDDLE DOT} ".join(part for part in apart if part)
        who = QWidget()
        words = spaced(QVBoxLayout(who), 0)
        words.addWidget(Elided(seen.name, "label"))
        words.addWidget(Elided(told, "secondary"))
        named = ", ".join(part for part in (seen.name, told) if part)
        self.answer = Segmented([(one, one) for one in self._answers], f"Answer of {named}")
        self.answer.changed.connect(lambda _: self._changed())
        self.none = IconButton("x", f"No answer of {named}", small=True)
        self.none.setToolTip("Take the answer back")
        self.none.clicked.connect(lambda *_: self._take_back())
        self.note = LineEdit(limit=2_000)
        self.note.setPlaceholderText("Note")
        self.note.setAccessibleName(f"Note about {named}")
        self.note.textEdited.connect(lambda _: self._changed())
        chosen = QWidget()
        choosing = spaced(QHBoxLayout(chosen), 4)
        choosing.addWidget(self.answer)
        choosing.addWidget(self.none)
        shares = zip((who, chosen, self.note), _SHARES, strict=True)
        self._wrong = Wrap("", "error", widest=600)
        self._wrong.hide()
        column = spaced(QVBoxLayout(self), 4)
        column.addWidget(Columns(list(shares), gap=12))
        column.addWidget(self._wrong)
        column.addWidget(Divider())
        self.setAccessibleName(named)
        self._show_none()

    @property
    def found(self) -> str:
        """What was found, as it is kept."""
        return compose(str(self.answer.value or ""), self.note.text())

    @property
    def is_wrong(self) -> bool:
        """Whether something is to be put right."""
        return not self._wrong.isHidden()

    def show_found(self, found: str) -> None:
        """Show what was found; what stands there already is left alone while somebody types."""
        if found == self.found:
            return
        answer, note = taken_apart(found, self._answers)
        self.answer.set_value(answer or None)
        self.note.setText(note)
        self._show_none()

    def tell(self, wrong: Mapping[str, str]) -> None:
        """Say what is wrong."""
        words = " ".join(wrong.values())
        self._wrong.setText(words)
        self._wrong.setVisible(bool(words))
        set_wrong(self.note, wrong=bool(words))
        self.note.setAccessibleDescription(words)

    def _take_back(self) -> None:
        self.answer.set_value(None)
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)
        self._changed()

    def _changed(self) -> None:
        self._show_none()
        self.tell({})
        self.changed.emit(self.seen.id, self.found)

    def _show_none(self) -> None:
        # its room stays, so that no line moves under the mouse
        self.none.setEnabled(self.answer.value is not None)


class Grid(Card):
    """Every resident in a line."""

    answered = Signal(object, str)
    """What was found of a resident (the id) is this text now; empty takes it back."""
    one_by_one = Signal()
    """Somebody wants to write about each in turn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 16, 20, 16), parent=parent)
        self.rows: dict[int, Row] = {}
        self._answers: tuple[str, ...] = ()
        self.setAccessibleName("Many residents at once")
        head = spaced(QHBoxLayout(), 12)
        self.count = Text("", "card")
        head.addWidget(self.count)
        head.addStretch(1)
        self.leave = Button("Write one by one", "notebook-pen", small=True)
        self.leave.clicked.connect(lambda *_: self.one_by_one.emit())
        head.addWidget(self.leave)
        self.add(head)
        self.hint = Wrap("", "secondary", widest=800)
        self.add(self.hint)
        self._lines = QWidget()
        self._column = spaced(QVBoxLayout(self._lines), 6)
        self.add(self._lines)
        self.body.addStretch(1)

    def show_residents(self, seen: Sequence[Seen], answers: Sequence[str], hint: str) -> None:
        """Show a line for each resident; lines that are there already stay.

        Args:
            seen: The residents.
            answers: The answers there are.
            hint: What to write down.
        """
        self.hint.setText(f"Whoever gets no answer and no note is not on this visit. {hint}")
        if tuple(answers) != self._answers:
            for old in self.rows.values():
                old.hide()
                old.deleteLater()
            self.rows.clear()
            self._answers = tuple(answers)
        for place, one in enumerate(in_order(seen)):
            row = self.rows.get(one.id)
            if row is None:
                row = self.rows[one.id] = Row(one, self._answers)
                row.changed.connect(self.answered)
                row.changed.connect(functools.partial(self._count))
            self._column.insertWidget(place, row)
            row.show()
        self._count()

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Show what was written of each resident, and what is wrong with it."""
        by_resident = {note.resident: note for note in notes}
        for identity, row in self.rows.items():
            note = by_resident.get(identity)
            row.show_found("" if note is None else note.entry.text("found"))
            row.tell({} if note is None else note.wrong)
        self._count()

    def _count(self, *_: object) -> None:
        done = sum(bool(row.found) for row in self.rows.values())
        self.count.setText(f"{done} of {len(self.rows)} residents")

    def focus_first(self) -> None:
        """Put the cursor to the first resident without an answer."""
        rows = sorted(self.rows.values(), key=self._column.indexOf)
        for row in [row for row in rows if not row.found][:1] or rows[:1]:
            row.answer.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_wrong(self) -> bool:
        """Put the cursor where something is wrong; return whether anything is."""
        for row in self.rows.values():
            if row.is_wrong:
                row.note.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False
