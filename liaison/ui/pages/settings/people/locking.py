"""After how long without anybody the home locks itself."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout

from liaison.settings import LATEST_LOCK, SOONEST_LOCK
from liaison.ui.widgets import Card, ComboBox, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.settings import Settings
    from liaison.ui.desk import Desk

_LABEL: Final = "Lock this PC by itself after"


class LockCard(Card):
    """One choice, from 1 to 15 minutes; of this PC, not of the home.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__("Locking by itself")
        self._desk = desk
        self.minutes = ComboBox(
            [
                (minutes, f"{minutes} minute{'' if minutes == 1 else 's'}")
                for minutes in range(SOONEST_LOCK, LATEST_LOCK + 1)
            ]
        )
        self.minutes.setAccessibleName(_LABEL)
        self.add(
            Wrap(
                "When nobody has touched keys or mouse, when this PC goes to sleep, and with "
                "Ctrl+L: what is being typed is kept, the home is closed, and nothing of it stays "
                "in sight.",
                "muted",
                widest=760,
            )
        )
        row = spaced(QHBoxLayout(), 12)
        label = Text(_LABEL, "label")
        label.setBuddy(self.minutes)
        row.addWidget(label)
        row.addWidget(self.minutes)
        row.addStretch(1)
        self.add(row)
        self.minutes.changed.connect(self._choose)
        desk.settings_changed.connect(self._show)
        self._show(desk.settings)

    def _choose(self, minutes: object) -> None:
        if isinstance(minutes, int):
            self._desk.set(dataclasses.replace(self._desk.settings, lock_after=minutes))

    def _show(self, settings: Settings) -> None:
        self.minutes.set_value(settings.lock_after)
