"""Somebody left or died: what closes with it is listed and confirmed, what stays open is named."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records import Problem, all_specs, ids
from liaison.services import leaving
from liaison.services.drafts import About
from liaison.services.references import as_id
from liaison.ui.pages.transfers import facts
from liaison.ui.parts.card import LinkButton
from liaison.ui.parts.editors import Around
from liaison.ui.parts.facts import Link
from liaison.ui.parts.fields import FieldGrid, Fields
from liaison.ui.parts.form_frame import FormFrame
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Card, CheckBox, Wrap, spaced

if TYPE_CHECKING:
    import datetime as dt

    from liaison.errors import UserError
    from liaison.services.drafts import Draft
    from liaison.services.leaving import Closing, Key, Left, Loose
    from liaison.ui.desk import Desk
    from liaison.ui.pages.transfers.facts import LeavingFacts

_FIELDS: Final = ("left_on", "left_reason")
_UNTICKED: Final = "unticked"
_PAGE: Final = "leaving"
_PAUSE_MS: Final = 300


class LeavingSheet(FormFrame):
    """Day and reason, and everything open about a resident.

    Args:
        desk: The desk.
        resident: The resident.
    """

    done = Signal()
    """It is recorded, or there is nobody to record it about."""

    def __init__(self, desk: Desk, resident: int, parent: QWidget | None = None) -> None:
        super().__init__(
            desk,
            About("resident", resident, _PAGE),
            "Left or died",
            "What closes with it is ticked; nothing is closed before you save.",
            "Record that they left",
            "Left or died",
            parent=parent,
        )
        self.resident = resident
        self._closing: Closing | None = None
        self._draft: Draft | None = None
        self.fields: Fields | None = None
        self.boxes: dict[Key, CheckBox] = {}
        self._left_out: set[Key] = set()
        self._lists = QWidget()
        self._column = spaced(QVBoxLayout(self._lists), 16)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self.read)
        self._open()

    # ---- opening, and what follows from the day

    def _found_draft(self, draft: Draft | None) -> None:
        self._draft = draft
        self.read()

    def read(self) -> None:
        """Read what is open, as of the day that is given."""
        if self.desk.jobs.home is None:
            # it was locked between a key and the pause after it
            return
        on = self._day()
        resident = self.resident
        self.desk.jobs.read(
            lambda store: facts.leaves(store, resident, on),
            self._show,
            self._cannot_read,
            latest=(id(self), "leaving"),
            owner=self,
        )

    def _cannot_read(self, error: UserError) -> None:
        self.banner.trouble(error, self.read)

    def _day(self) -> dt.date:
        values = {} if self.fields is None else self.fields.read()[0]
        day: dt.date | None = values.get("left_on")
        return day or self.desk.today()

    def _show(self, found: LeavingFacts | None) -> None:
        if found is None:
            self.done.emit()
            return
        if self.fields is None:
            self._build(found)
            if self._draft is not None and "left_on" in self._draft.typed:
                # another day closes other things
                self._soon.start()
        self._closing = found.closing
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.boxes = {}
        for card in (self._closes(found.closing), self._stays(found.closing)):
            self._column.addWidget(card)
            card.show()

    def _build(self, found: LeavingFacts) -> None:
        by_name = all_specs()["resident"].by_name
        around = Around(self.desk, found.vocabularies, {})
        self.fields = Fields([by_name[name] for name in _FIELDS], around, self)
        who = found.closing.resident
        self.fields.editor("left_on").set_value(who.left_on or self.desk.today())
        self.fields.editor("left_reason").set_value(who.left_reason)
        card = Card(found.closing.name)
        grid = FieldGrid()
        for box in self.fields.boxes.values():
            grid.add(box)
        card.add(grid)
        self.sheet.body.addWidget(card)
        self.sheet.body.addWidget(self._lists)
        self.sheet.body.addStretch(1)
        grid.arrange(anew=True)
        card.show()
        if self._draft is not None:
            self._restore(self._draft)
        self.fields.changed.connect(self._typed)
        self.save_button.setEnabled(True)
        self.ready.emit()

    def _restore(self, draft: Draft) -> None:
        assert self.fields is not None  # noqa: S101  # it was just made
        self.fields.put(draft.typed)
        self._touched = set(draft.typed) & set(self.fields.boxes)
        kept = draft.typed.get(_UNTICKED)
        for one in kept if isinstance(kept, list) else ():
            type_name, _, text = str(one).partition(" ")
            identity = as_id(text)
            if identity is not None:
                self._left_out.add((type_name, identity))
        self._tell_begun(draft)

    def _closes(self, closing: Closing) -> QWidget:
        card = Card("Closes with it", note=str(len(closing.closes)) if closing.closes else "")
        if not closing.closes:
            card.add(Wrap("Nothing planned, booked or waiting is recorded.", "muted"))
        for loose in closing.closes:
            box = CheckBox(f"{loose.title}: {loose.why}")
            box.setChecked(loose.key not in self._left_out)
            box.toggled.connect(lambda on, key=loose.key: self._ticked(key, on=on))
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

    # ---- drafts

    def _typed(self, name: str) -> None:
        self._touched.add(name)
        self.keeper.note()
        self._soon.start()

    def _ticked(self, key: Key, *, on: bool) -> None:
        (self._left_out.discard if on else self._left_out.add)(key)
        self.keeper.note()

    def _kept_out(self) -> list[str]:
        return sorted(f"{name} {ids.to_text(identity)}" for name, identity in self._left_out)

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        assert self.fields is not None  # noqa: S101  # somebody typed
        return {**self.fields.typed(self._touched), _UNTICKED: self._kept_out()}, {}

    def _all_typed(self) -> Mapping[str, Any]:
        assert self.fields is not None  # noqa: S101  # it is being saved
        return {**self.fields.typed(self.fields.boxes), _UNTICKED: self._kept_out()}

    def _typed_since(self, before: Mapping[str, Any]) -> tuple[str, ...]:
        assert self.fields is not None  # noqa: S101  # it was saved
        since = self.fields.differing(before)
        return since if before[_UNTICKED] == self._kept_out() else (*since, _UNTICKED)

    # ---- saving

    def save(self) -> None:
        """Record it, and close what is ticked."""
        if self.fields is None or self._closing is None or self._saving:
            return
        values, problems = self.fields.read()
        labels = {name: box.editor.field.label for name, box in self.fields.boxes.items()}
        missing = [
            Problem(name, f"{labels[name]} is missing.")
            for name in _FIELDS
            if name in values and not values[name]
        ]
        if problems or missing:
            self._refuse([*problems, *missing])
            return
        on, reason, resident = values["left_on"], values["left_reason"], self.resident
        wanted = [key for key, box in self.boxes.items() if box.isChecked()]
        self.banner.put_away()
        self._save_with(lambda home: leaving.leave(home, resident, on, reason, wanted), self._saved)

    def _saved(self, left: Left, since: tuple[str, ...]) -> None:
        name = "" if self._closing is None else self._closing.name
        open_still = f", {len(left.stays)} still open" if left.stays else ""
        done = f"{name} left: {left.closed} closed{open_still}."
        offer_undo(self.desk, done, left.changes)
        if since:
            self._go_on(
                f"{done} What you changed while it was being saved is still here and not saved.",
                set(since) - {_UNTICKED},
            )
        else:
            self.done.emit()

    def _not_saved(self, error: UserError) -> None:
        super()._not_saved(error)
        # what closes may be another by now
        self.read()

    def _refuse(self, problems: list[Problem]) -> None:
        assert self.fields is not None  # noqa: S101  # it was saved from them
        told = [
            dataclasses.replace(problem, field=problem.field.removeprefix("resident."))
            for problem in problems
        ]
        elsewhere = self.fields.tell(told, errors_at=self.fields.boxes)
        if elsewhere:
            self.banner.tell(" ".join(problem.message for problem in elsewhere))
        for box in self.fields.wrong[:1]:
            box.editor.control.setFocus()
