"""Finding who came: a person with the post they hold, a place, or somebody new."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from liaison.ui.pages.record_visit import facts
from liaison.ui.pages.record_visit.facts import Visitor
from liaison.ui.pages.record_visit.new_visitor import NewVisitor
from liaison.ui.parts.suggestions import Offer, PickLine, Suggestions

if TYPE_CHECKING:
    from liaison.records.vocabularies import Vocabularies
    from liaison.ui.desk import Desk

_PAUSE_MS: Final = 120


class _New:
    """The offer to add somebody of the name that was typed."""

    def __init__(self, typed: str) -> None:
        self.typed = typed


class WhoFinder(QObject):
    """A line that finds who came while somebody types.

    Args:
        desk: The desk.
        parent: Whose it is.
    """

    picked = Signal(object)
    """Somebody chose or added this :class:`Visitor`."""
    typed = Signal(str)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.vocabularies: Vocabularies | None = None
        self.line = PickLine("search", "Search people and organisations")
        self.line.setAccessibleName("Who came")
        self.line.textEdited.connect(self._edited)
        self._list = Suggestions(self.line, "Who came")
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

    def _edited(self, text: str) -> None:
        self._pause.start()
        self.typed.emit(text)

    def search(self) -> None:
        """Look for what is typed; nothing typed offers who is expected or comes often."""
        self._pause.stop()
        typed, now = self.line.text().strip(), self._desk.now()
        if self._desk.jobs.home is None:
            # the PC was locked in the middle of a word
            return
        self._desk.jobs.read(
            lambda store: facts.visitors(store, typed, now),
            functools.partial(self._offer, typed),
            latest=(id(self), "who"),
            owner=self,
        )

    def _offer(self, typed: str, found: list[Visitor]) -> None:
        if typed != self.line.text().strip():
            return
        offers = [
            Offer(one, one.name, one.apart, "" if one.contact else "building-2") for one in found
        ]
        if typed:
            offers.append(Offer(_New(typed), f"Add “{typed}” as somebody new", icon="plus"))
        self._list.offer(offers)

    def _take(self, value: object) -> None:
        self._pause.stop()
        if isinstance(value, _New):
            assert self.vocabularies is not None  # noqa: S101  # the form is filled in
            NewVisitor(
                self._desk, self.vocabularies, value.typed, self.line, self.picked.emit
            ).begin()
        else:
            self.picked.emit(value)
