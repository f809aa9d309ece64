"""What is under way with a file: how far it is, and the button that stops it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison.ui.job import Job, Progress
from liaison.ui.widgets import Button, ProgressLine, Text, spaced

_SHOW_PROGRESS_MS: Final = 250
"""Work that is over sooner shows no progress."""


class Working(QWidget):
    """Shows what is under way; one thing at a time."""

    stopped = Signal()
    """Looking through a file was stopped; nothing was brought in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_writing = False
        """Whether something is being brought in."""
        self._job: Job | None = None
        row = spaced(QHBoxLayout(self), 12)
        self._line = ProgressLine("")
        self._doing = Text("", "secondary")
        self.stop_button = Button("Stop", "x", small=True)
        self.stop_button.clicked.connect(self.stop)
        row.addWidget(self._line, 1)
        row.addWidget(self._doing)
        row.addWidget(self.stop_button)
        self._late = QTimer(self, singleShot=True, interval=_SHOW_PROGRESS_MS)
        self._late.timeout.connect(self.show)
        self.hide()

    def look(self, words: str, job: Job) -> None:
        """Show how far looking through a file is.

        Args:
            words: What is done.
            job: The work.
        """
        self._job = job
        job.progress.connect(self._told)
        self._line.setAccessibleName(words)
        self._line.show_progress(0, 0)
        self._doing.setText(words)
        self._late.start()

    def write(self) -> Progress:
        """Show how far bringing it in is.

        A write is not cancelled from outside: it hears that it is to stop, and says what became of it.

        Returns:
            What the write tells how far it is, and hears by that it is to stop.
        """
        job = Job()
        self.is_writing = True
        self.look("Bringing it in", job)
        return Progress(job)

    def rest(self) -> None:
        """Show that nothing is under way."""
        self.is_writing = False
        self._job = None
        self._late.stop()
        self.hide()

    def drop(self) -> None:
        """Let go of what is being looked through, if anything is; a write goes on."""
        if self._job is not None and not self.is_writing:
            self._job.cancel()
            self.rest()

    def stop(self) -> None:
        """Stop what is under way."""
        if self._job is None:
            return
        if self.is_writing:
            self._job.cancel()
            # what became of it is told when it has ended
            self._doing.setText("Stopping")
            return
        self.drop()
        self.stopped.emit()

    def _told(self, done: int, total: int, words: str) -> None:
        self._line.show_progress(done, total)
        rows = f"{done:,} of {total:,}" if total else f"{done:,} rows"
        self._doing.setText(f"{words}: {rows}" if done else words)
