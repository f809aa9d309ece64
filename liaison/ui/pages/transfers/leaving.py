"""Somebody left or died: what closes with it is listed and confirmed, what stays open is named."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records import Problem, all_specs
from liaison.services import leaving
from liaison.services.editing import Unfit
from liaison.ui.pages.transfers import facts
from liaison.ui.parts.card import LinkButton
from liaison.ui.parts.editors import Around
from liaison.ui.parts.facts import Link
from liaison.ui.parts.fields import FieldGrid, Fields
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Banner, Button, Card, CheckBox, FlowRow, ScrollPage, Wrap, spaced

if TYPE_CHECKING:
    import datetime as dt

    from liaison.errors import UserError
    from liaison.services.leaving import Closing, Key, Left, Loose
    from liaison.ui.desk import Desk
    from liaison.ui.pages.transfers.facts import LeavingFacts

_FIELDS = ("left_on", "left_reason")
_PAUSE_MS = 300


class LeavingSheet(QWidget):
    """Day and reason, and everything open about a resident.

    Args:
        desk: The desk.
        resident: The resident.
    """

    done = Signal()
    """It is recorded, or somebody thought better of it."""

    def __init__(self, desk: Desk, resident: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._resident = resident
        self._closing: Closing | None = None
        self.fields: Fields | None = None
        self.boxes: dict[Key, CheckBox] = {}
        self._unticked: set[Key] = set()
        self.page = ScrollPage(spacing=16, margins=(0, 0, 0, 0))
        spaced(QVBoxLayout(self), 0).addWidget(self.page)
        self.banner = Banner("late", "")
        self.banner.hide()
        self._lists = QWidget()
        self._column = spaced(QVBoxLayout(self._lists), 16)
        self.save_button = Button("Record that they left", "check", Button.PRIMARY)
        self.save_button.clicked.connect(self.save)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self.read)
        self.setAccessibleName("Left or died")
        self.read()

    def read(self) -> None:
        """Read what is open, as of the day that is given."""
        on = self._day()
        resident = self._resident
        self.desk.jobs.read(
            lambda store: facts.leaves(store, resident, on),
            self._show,
            self._trouble,
            latest=(id(self), "leaving"),
            owner=self,
        )

    def _day(self) -> dt.date:
        values = {} if self.fields is None else self.fields.read()[0]
        day: dt.date | None = values.get("left_on")
        return day or self.desk.today()

    def _show(self, found: LeavingFacts | None) -> None:
        if found is None:
            self.done.emit()
            return
        closing = found.closing
        if self.fields is None:
            self._build(found)
        self._closing = closing
        self._unticked |= {key for key, box in self.boxes.items() if not box.isChecked()}
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.boxes = {}
        for card in (self._closes(closing), self._stays(closing)):
            self._column.addWidget(card)
            card.show()

    def _build(self, found: LeavingFacts) -> None:
        by_name = all_specs()["resident"].by_name
        around = Around(self.desk, found.vocabularies, {})
        self.fields = Fields([by_name[name] for name in _FIELDS], around, self)
        who = found.closing.resident
        self.fields.editor("left_on").set_value(who.left_on or self.desk.today())
        self.fields.editor("left_reason").set_value(who.left_reason)
        self.fields.changed.connect(lambda _: self._soon.start())
        card = Card(found.closing.name)
        grid = FieldGrid()
        for box in self.fields.boxes.values():
            grid.add(box)
        card.add(grid)
        self.page.body.addWidget(self.banner)
        self.page.body.addWidget(card)
        self.page.body.addWidget(self._lists)
        self.page.body.addWidget(FlowRow((self.save_button,)))
        self.page.body.addStretch(1)
        grid.arrange(anew=True)
        card.show()

    def _closes(self, closing: Closing) -> QWidget:
        card = Card("Closes with it", note=str(len(closing.closes)) if closing.closes else "")
        if not closing.closes:
            card.add(Wrap("Nothing planned, booked or waiting is recorded.", "muted"))
        for loose in closing.closes:
            box = CheckBox(f"{loose.title}: {loose.why}")
            box.setChecked(loose.key not in self._unticked)
            self.boxes[loose.key] = box
            card.add(box)
        return card

    def _stays(self, closing: Closing) -> QWidget:
        card = Card("Stays open until somebody finishes it",
                    note=str(len(closing.stays)) if closing.stays else "")  # fmt: skip
        if not closing.stays:
            card.add(Wrap("Nothing.", "muted"))
        for loose in closing.stays:
            card.add(self._line(loose))
        return card

    def _line(self, loose: Loose) -> QWidget:
        part = QWidget()
        column = spaced(QVBoxLayout(part), 1)
        column.addWidget(LinkButton(self.desk, Link(loose.type, loose.id, loose.title)))
        column.addWidget(Wrap(loose.why[:1].upper() + loose.why[1:], "secondary"))
        return part

    # ---- saving

    def save(self) -> None:
        """Record it, and close what is ticked."""
        if self.fields is None or self._closing is None or not self.save_button.isEnabled():
            return
        values, problems = self.fields.read()
        labels = {name: box.editor.field.label for name, box in self.fields.boxes.items()}
        missing = [
            Problem(name, f"{labels[name]} is missing.")
            for name in _FIELDS
            if name in values and not values[name]
        ]
        if problems or missing:
            self._tell([*problems, *missing])
            return
        on, reason, resident = values["left_on"], values["left_reason"], self._resident
        wanted = [key for key, box in self.boxes.items() if box.isChecked()]
        self.banner.hide()
        self.save_button.setEnabled(False)
        self.desk.jobs.write(
            lambda home: leaving.leave(home, resident, on, reason, wanted),
            self._saved,
            self._refuse,
            owner=self,
        )

    def _saved(self, left: Left) -> None:
        name = "" if self._closing is None else self._closing.name
        open_still = f", {len(left.stays)} still open" if left.stays else ""
        words = f"{name} left: {left.closed} closed{open_still}."
        offer_undo(self.desk, words, left.changes)
        self.done.emit()

    def _refuse(self, error: UserError) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, Unfit):
            self._tell(list(error.problems))
        else:
            self._trouble(error)
            self.read()

    def _tell(self, problems: list[Problem]) -> None:
        assert self.fields is not None  # noqa: S101  # it was saved from them
        told = [
            dataclasses.replace(problem, field=problem.field.removeprefix("resident."))
            for problem in problems
        ]
        elsewhere = self.fields.tell(told, errors_at=self.fields.boxes)
        if elsewhere:
            self.banner.say("late", " ".join(problem.message for problem in elsewhere))
        for box in self.fields.wrong[:1]:
            box.editor.control.setFocus()

    def _trouble(self, error: UserError) -> None:
        self.banner.say("late", " ".join(part for part in (error.what, error.do) if part))
