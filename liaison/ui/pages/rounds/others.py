"""What waits, and is not on the agenda of a round."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison.services.rounds import doing
from liaison.ui.pages.rounds.row import ICONS
from liaison.ui.pages.rounds.turns import AT_ONCE
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Button, Card, Elided, Tag, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.records.rules.rounds import Matter
    from liaison.services.rounds.agenda import Agenda
    from liaison.services.rounds.waiting import Whom
    from liaison.ui.desk import Desk

_MOST: Final = 12


class Others(Card):
    """What else waits, each with a button that puts it on the agenda.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__("Waiting, but not on this agenda", "hourglass")
        self.body.setSpacing(0)
        self._desk = desk
        self._shown: tuple[object, ...] = ()
        self._sitting: int | None = None

    def place(self, agenda: Agenda, *, adds: bool) -> Iterator[None]:
        """Show what is not on an agenda; yield wherever a turn may end.

        Args:
            agenda: The agenda.
            adds: Whether whoever is here may put more on it; to others nothing is shown.
        """
        # what waits may be the same for another round
        self._sitting = agenda.sitting.id
        others = agenda.others if adds else ()
        if others == self._shown:
            self.setVisible(bool(others))
            return
        self._shown = ()
        while (item := self.body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, (matter, whom) in enumerate(others[:_MOST]):
            if number % AT_ONCE == 0:
                yield
            part = _Other(matter, whom)
            part.add.clicked.connect(functools.partial(self._add, matter))
            self.body.addWidget(part)
        more = len(others) - _MOST
        if more > 0:
            words = f"And {more:,} more: they stand under Open loops."
            self.body.addWidget(Wrap(words, "secondary"))
        self._shown = others
        self.setVisible(bool(others))

    def _add(self, matter: Matter, *_: object) -> None:
        sitting, source = self._sitting, (matter.source_type, matter.source_id)
        if sitting is None:
            return
        self._desk.jobs.write(
            lambda home: doing.add_line(home, sitting, matter.question, matter.resident, source),
            lambda done: offer_undo(self._desk, "Put on the agenda.", done.changes),
            self._desk.trouble,
            owner=self,
        )


class _Other(QWidget):
    """Something that waits and is not on the agenda, with a button that puts it there."""

    def __init__(self, matter: Matter, whom: Whom | None) -> None:
        super().__init__()
        row = spaced(QHBoxLayout(self), 8, (4, 4, 4, 4))
        row.addWidget(Tag(ICONS[matter.kind], matter.kind.value))
        name = "" if whom is None else whom.name
        if whom is not None:
            row.addWidget(Elided(name, "label"))
            row.addWidget(Text(f"Room {whom.room}" if whom.room else "Room not recorded", "muted"))
        words = " ".join(matter.question.split())
        row.addWidget(Elided(words), 1)
        self.add = Button("Add", "plus", small=True)
        self.add.setAccessibleName(f"Add to the agenda: {name} {words}"[:160])
        row.addWidget(self.add)
