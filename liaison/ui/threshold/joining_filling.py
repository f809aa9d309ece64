"""Joining a home, last step: everything that the other PCs have sent comes to this PC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.services.pcs import coming
from liaison.ui.widgets import ProgressLine, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.homes import OpenHome
    from liaison.services.pcs.coming import Filled
    from liaison.ui.jobs import Job, Jobs, Progress


class _Enough(Exception):
    """Somebody does not want to wait for the rest."""


class FillPage(QWidget):
    """Fetches it, and shows how far it is.

    Args:
        jobs: Work off the UI thread.
    """

    over = Signal()
    """All of it is here, or somebody does not wait for the rest."""
    stopped = Signal(object)
    """Not all of it has come; why (a :class:`UserError`). What came stays."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._job: Job | None = None
        self._enough = False
        self._copied = False
        self.progress = ProgressLine("Fetching the record")
        self.words = Wrap("", "muted")
        rows = spaced(QVBoxLayout(self), 8)
        rows.addWidget(self.progress)
        rows.addWidget(self.words)

    def fetch(self, home: OpenHome, *, copied: bool) -> None:
        """Fetch what the other PCs have sent.

        Args:
            home: The home on this PC.
            copied: Whether a copy of the record is in it already.
        """
        self._copied = copied
        if copied:
            # of what is fetched now most is in the copy already: no count of it says how long
            self.words.setText("The record is here. What was written since comes now.")

        def work(progress: Progress) -> Filled | None:
            def told(done: int, total: int) -> None:
                progress(done, total)
                if self._enough:
                    raise _Enough

            try:
                return coming.fill(home, told)
            except _Enough:
                return None

        self._job = self._jobs.errand(work, self._fetched, self._not_fetched, owner=self)
        self._job.progress.connect(self.tell)

    def tell(self, done: int, total: int, _: str = "") -> None:
        """Say how far it is, in packets."""
        if total and not self._copied:
            self.progress.show_progress(done, total)
            self.words.setText(f"{done:,} of {total:,} packets are here.")

    def leave(self) -> None:
        """Leave the rest for later; it is :attr:`over` as soon as what is under way allows."""
        self._enough = True
        if self._job is None:
            self.over.emit()

    def _fetched(self, filled: Filled | None) -> None:
        if filled is None:
            self.over.emit()
            return
        trouble = filled.round.trouble
        self._jobs.write(
            lambda home: coming.take_over(home, filled),
            lambda _: self.over.emit() if trouble is None else self._not_fetched(trouble),
            self._not_fetched,
            owner=self,
        )

    def _not_fetched(self, error: UserError) -> None:
        self._job = None
        self.progress.hide()
        self.words.setText("")
        self.stopped.emit(error)
