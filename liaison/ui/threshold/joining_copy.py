"""Joining a home: the copy of its record that lies there comes while somebody says who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.services.pcs import coming
from liaison.ui.parts.exchanging import size_in_words
from liaison.ui.widgets import ProgressLine, Wrap, spaced

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.errors import UserError
    from liaison.services.pcs.coming import Meeting
    from liaison.services.pcs.joining import Waiting
    from liaison.ui.jobs import Job, Jobs

_KILOBYTE: Final = 1_000


class CopyLine(QWidget):
    """Fetches the copy, and shows how far it is; hidden while nothing comes.

    Args:
        folder: Where the home will lie.
        jobs: Work off the UI thread.
    """

    came = Signal(object)
    """It is here: the :class:`Waiting` with it."""
    failed = Signal(object)
    """It did not come; why (a :class:`UserError`)."""

    def __init__(self, folder: Path, jobs: Jobs) -> None:
        super().__init__()
        self._folder, self._jobs = folder, jobs
        self._job: Job | None = None
        self.progress = ProgressLine("Fetching the record")
        self.words = Wrap("", "muted")
        rows = spaced(QVBoxLayout(self), 8)
        rows.addWidget(self.progress)
        rows.addWidget(self.words)
        self.hide()

    @property
    def is_coming(self) -> bool:
        """Whether it is being fetched."""
        return self._job is not None

    def fetch(self, waiting: Waiting, meeting: Meeting) -> None:
        """Fetch the copy of the home that lies there; what came of it before stays."""
        folder = self._folder
        # a lane of its own: a storage that hangs keeps nobody from going in
        job = self._jobs.errand(
            lambda progress: coming.fetch(waiting, meeting, folder, progress),
            self._came,
            self._failed,
            owner=self,
            lane="copy",
        )
        job.progress.connect(self.tell)
        self._job = job
        self.words.setText("The record is being fetched.")
        self.progress.show_progress(0, 0)
        self.show()

    def tell(self, done: int, total: int, _: str = "") -> None:
        """Say how far it is, in bytes."""
        if self._job is not None and total:
            self.progress.show_progress(done // _KILOBYTE, total // _KILOBYTE)
            self.words.setText(
                f"The record is coming: {size_in_words(done)} of {size_in_words(total)} are here."
            )

    def leave(self) -> None:
        """Wait no longer for it."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
        self.hide()

    def _came(self, waiting: Waiting) -> None:
        self.leave()
        self.came.emit(waiting)

    def _failed(self, error: UserError) -> None:
        self.leave()
        self.failed.emit(error)
