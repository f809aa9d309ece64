"""Picking the record that is meant: type a piece of its name, or add it on the way."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from liaison.records import FieldSpec, all_specs, ids
from liaison.records.parsing import Unreadable
from liaison.records.showing import NOT_HERE
from liaison.services.references import as_id, name_field
from liaison.ui.parts import plan
from liaison.ui.parts.editors.base import Around, Editor, Typed
from liaison.ui.parts.facts import Candidate, candidates
from liaison.ui.parts.suggestions import Offer, PickLine, Suggestions
from liaison.ui.widgets import LineEdit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from liaison.store.store import Store

_PAUSE_MS: Final = 120
MOST: Final = 8
"""So many are offered at most, beside what is set aside."""


class _Add:
    """The offer to add a record of the name that was typed."""

    def __init__(self, typed: str) -> None:
        self.typed = typed


class Finder(QObject):
    """A line that finds records of one type while somebody types.

    Args:
        type_name: The record type.
        around: What editors are given.
        parent: Whose it is.
    """

    picked = Signal(object)
    """Somebody chose or added this (a :class:`Candidate`)."""
    typed = Signal()
    finished = Signal()
    """Somebody left the line, and not only to add what it names."""

    def __init__(self, type_name: str, around: Around, parent: QObject) -> None:
        super().__init__(parent)
        self._type = type_name
        self._around = around
        # somebody is adding; they came back without, and leaving the line is still to be told
        self._adding = self._owed = False
        self.aside: Callable[[], Mapping[int, str]] = dict
        """Gives what is no ordinary choice, by id: listed last with these words, none for left out."""
        spec = all_specs()[type_name]
        self.line = PickLine("search", f"Search {spec.plural.lower()}")
        self.line.textEdited.connect(self._edited)
        self.line.editingFinished.connect(self._finish)
        self.line.installEventFilter(self)
        self._list = Suggestions(self.line, spec.plural)
        self._list.taken.connect(self._take)
        self._list.asked.connect(self.search)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.search)

    @property
    def offers(self) -> list[Offer]:
        """What is offered now."""
        return self._list.offers

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice when somebody is back from adding."""
        if event.type() == QEvent.Type.FocusIn:
            # Qt tells of a text only once that it is finished, and it was told already
            self._owed = self._adding
            self._adding = False
        elif event.type() == QEvent.Type.FocusOut and self._owed:
            self._owed = False
            self.finished.emit()
        return super().eventFilter(watched, event)

    def _finish(self) -> None:
        if not self._adding:
            self.finished.emit()

    def _edited(self, _: str) -> None:
        self._adding = self._owed = False
        self._pause.start()
        self.typed.emit()

    def search(self) -> None:
        """Look for what is typed; nothing typed offers the newest."""
        self._pause.stop()
        jobs, typed = self._around.desk.jobs, self.line.text().strip()
        if jobs.home is None:
            # the PC was locked in the middle of a word
            return

        more = len(self.aside())

        def look(store: Store) -> list[Candidate]:
            return candidates(store, self._type, typed, MOST + more)

        jobs.read(
            look, functools.partial(self._offer, typed), latest=(id(self), "look"), owner=self
        )

    def _offer(self, typed: str, found: list[Candidate]) -> None:
        if typed != self.line.text().strip():
            return
        aside = self.aside()
        usual = [one for one in found if one.id not in aside][:MOST]
        offers = [Offer(one, one.words, one.apart) for one in usual]
        if typed and self._may_add:
            label = all_specs()[self._type].label.lower()
            offers.append(Offer(_Add(typed), f"Add “{typed}” as a new {label}", icon="plus"))
        for one in found:
            if words := aside.get(one.id):
                apart = " \N{MIDDLE DOT} ".join(part for part in (one.apart, words) if part)
                offers.append(Offer(one, one.words, apart, waits=True))
        self._list.offer(offers)

    def _give(self, candidate: object) -> None:
        self._adding = self._owed = False
        self.picked.emit(candidate)

    @property
    def _may_add(self) -> bool:
        spec = all_specs()[self._type]
        return self._around.add is not None and plan.may_add(spec) and bool(name_field(spec))

    def _take(self, value: object) -> None:
        self._pause.stop()
        if isinstance(value, _Add):
            assert self._around.add is not None  # noqa: S101  # else it is not offered
            self._adding = True
            self._around.add(self._type, value.typed, self.line, self._give)
        else:
            self._give(value)


class RefPicker(Editor):
    """One record that a field refers to."""

    control: LineEdit

    def __init__(self, field: FieldSpec, around: Around, parent: QObject | None = None) -> None:
        self._picked: Candidate | None = None
        super().__init__(field, around, parent)

    def make(self) -> QWidget:
        """Return the line."""
        self.finder = Finder(self.field.target, self.around, self)
        self.finder.typed.connect(self.changed)
        self.finder.picked.connect(self._pick)
        self.finder.finished.connect(self.settled)
        return self.finder.line

    def _pick(self, candidate: Candidate) -> None:
        self._show(candidate)
        self.changed.emit()
        self.settled.emit()

    def _show(self, candidate: Candidate | None) -> None:
        self._picked = candidate
        self.control.setText("" if candidate is None else candidate.words)
        self.control.setCursorPosition(0)
        self.control.setToolTip("" if candidate is None else _tip(candidate))

    @property
    def picked(self) -> Candidate | None:
        """What is picked, and still stands in the line; None for nothing."""
        found = self._picked
        return found if found is not None and self.control.text().strip() == found.words else None

    def value(self) -> Any:
        """Return the id of what is picked.

        Raises:
            Unreadable: Something was typed and nothing of it picked.
        """
        text = self.control.text().strip()
        if not text:
            return None
        if self._picked is not None and text == self._picked.words:
            return self._picked.id
        raise Unreadable(f"{self.field.label}: choose one from the list that opens as you type.")

    def set_value(self, value: Any) -> None:
        """Show a record; one that this PC does not have yet by what stands for it."""
        if value is None:
            self._show(None)
        else:
            known = self.around.names.get((self.field.target, value))
            self._show(known or Candidate(value, NOT_HERE, ""))

    def typed(self) -> Typed:
        """Return what was picked, or what was typed of it."""
        text = self.control.text()
        if self._picked is not None and text.strip() == self._picked.words:
            return {"id": ids.to_text(self._picked.id)}
        return text

    def put(self, typed: Typed) -> None:
        """Show again what was picked or typed."""
        if isinstance(typed, dict):
            for identity in self.references(typed):
                self.set_value(identity)
        elif isinstance(typed, str):
            self._picked = None
            self.control.setText(typed)

    def references(self, typed: Typed) -> tuple[int, ...]:
        """Return the id of what was picked."""
        return referred(typed)


def referred(typed: Typed) -> tuple[int, ...]:
    """Return the id that a draft's entry refers to; none if it is only text."""
    found = as_id(str(typed.get("id", ""))) if isinstance(typed, dict) else None
    return () if found is None else (found,)


def _tip(candidate: Candidate) -> str:
    from html import escape

    words = f"{candidate.words}, {candidate.apart}" if candidate.apart else candidate.words
    return f"<span>{escape(words)}</span>"
