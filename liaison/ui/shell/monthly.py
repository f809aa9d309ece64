"""The monthly summary, made by itself while the window is open, where a manager switched it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from liaison.services import monthly, reporting

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.reports.spec import Document
    from liaison.services.monthly import Waiting
    from liaison.services.reporting import Written
    from liaison.ui.desk import Desk

_SETTLED_MS: Final = 20_000
"""After unlocking people read Today and begin to write; the disk is theirs for so long."""
_AGAIN_MS: Final = 6 * 3_600_000
"""A window may stay open over the end of a month."""


class MonthlySummary(QObject):
    """Makes the summary that is due: read, set and written where nobody waits for it.

    Args:
        desk: The desk.
        parent: What it lives with: the shell.
    """

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin, once what somebody came for is on the screen."""
        self._timer.start(_SETTLED_MS)

    def look(self) -> None:
        """See whether a summary is due, and make it."""
        self._timer.start(_AGAIN_MS)
        home = self._desk.jobs.home
        if home is None or home.store.fixed:
            return
        self._desk.jobs.read(monthly.waiting, self._set, self._fail, owner=self)

    def _set(self, found: Waiting | None) -> None:
        if found is None:
            return
        render = reporting.spec_of_report(monthly.REPORT).render
        self._desk.jobs.render(
            render, found.facts, found.printed,
            done=lambda document: self._write(found, document), failed=self._fail, owner=self,
        )  # fmt: skip

    def _write(self, found: Waiting, document: Document) -> None:
        home = self._desk.jobs.home
        if home is None:
            return
        folder = home.folder
        self._desk.jobs.run(
            lambda _: monthly.write(folder, found, document),
            lambda written: self._made(found, written),
            self._fail,
            owner=self,
        )

    def _made(self, found: Waiting, written: Written) -> None:
        self._desk.jobs.write(
            lambda home: monthly.note_made(home, found.month, written),
            lambda _: self._desk.say(f"The monthly summary was made: {written.file.name}."),
            owner=self,
        )

    def _fail(self, error: UserError) -> None:
        # kept for the settings, where a manager puts it right; it is tried again
        self._desk.jobs.write(
            lambda home: monthly.note_failed(home, error), lambda _: None, owner=self
        )
