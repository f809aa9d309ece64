"""What lies over the window while it closes: what is being kept, and what was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.ui import clock, theme
from liaison.ui.threshold.parts import Note, Plate
from liaison.ui.widgets import Button, ProgressLine, Text, announce, spaced
from liaison.ui.widgets.painting import painter_for

if TYPE_CHECKING:
    import datetime as dt

    from liaison.services.drafts import Draft

SHOWN_MS: Final = 2_500


class Leaving(QWidget):
    """A sheet over the whole window.

    Args:
        over: The window.
    """

    done = Signal()
    """It has been shown long enough, or somebody pressed the button."""
    skipped = Signal()
    """Somebody does not want to wait for the other PCs, or for the backup."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAccessibleName("Closing")
        self._over = over
        self._title = Text("Keeping everything...", "card")
        self._progress = ProgressLine("Keeping everything")
        self.note = Note()
        self.close_button = Button("Close now", role=Button.PRIMARY)
        self.close_button.hide()
        self.skip_button = Button("Leave without it")
        self.skip_button.hide()
        plate = Plate(24, 12)
        plate.column.addWidget(self._title)
        plate.column.addWidget(self._progress)
        plate.column.addWidget(self.note)
        plate.column.addWidget(self.skip_button, 0, Qt.AlignmentFlag.AlignRight)
        plate.column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        plate.setMinimumWidth(theme.px(420))
        rows = spaced(QVBoxLayout(self), 0)
        rows.addStretch(2)
        rows.addWidget(plate, 0, Qt.AlignmentFlag.AlignHCenter)
        rows.addStretch(3)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.done)
        self.close_button.clicked.connect(self.done)
        self.skip_button.clicked.connect(self._skip)
        over.installEventFilter(self)
        self.setGeometry(over.rect())
        self.show()
        self.raise_()

    def show_backing_up(self, done: int, total: int) -> None:
        """Say that a backup is being made, and how far it is."""
        if self.skip_button.isHidden():
            words = "Everything is saved. The backup is for the day this PC fails."
            self._title.setText("Backing up...")
            self.note.hint(words, "hard-drive")
            self.skip_button.show()
            self.skip_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._progress.show_progress(done, total)

    def show_sending(self) -> None:
        """Say that what was written is being sent to the other PCs."""
        self._title.setText("Sending to your other PCs...")
        self.note.hint(
            "Everything is saved. It goes by itself next time if you do not wait.", "cloud"
        )
        self.skip_button.show()
        self.skip_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_keeping(self) -> None:
        """Say again what was said at first: what was waited for is done, or is not waited for."""
        self._title.setText("Keeping everything...")
        self.note.clear()
        self.skip_button.hide()
        self.skip_button.setEnabled(True)

    def show_failed(self, words: str) -> None:
        """Say that the backup was not made; it stays until somebody has read it."""
        self._title.setText("Everything is saved")
        self._progress.hide()
        self.skip_button.hide()
        self.note.wrong(words)
        self.close_button.show()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _skip(self) -> None:
        self.skip_button.setEnabled(False)
        self.skipped.emit()

    def show_kept(self, drafts: Sequence[Draft], today: dt.date) -> None:
        """Say what was kept, for a moment.

        Args:
            drafts: The drafts of whoever is here, newest first.
            today: The present day.
        """
        count = "One draft is" if len(drafts) == 1 else f"{len(drafts)} drafts are"
        newest = clock.ago(drafts[0].at, today)
        them = "it" if len(drafts) == 1 else "them"
        words = f"{count} kept on this PC, typed {newest}. You find {them} when you come back."
        self._title.setText("Everything is kept")
        self._progress.hide()
        self.skip_button.hide()
        self.note.well(words)
        announce(self, words)
        self.close_button.show()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window when it changes size."""
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self.setGeometry(self._over.rect())
        return False

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the page's ground, so that nothing below is read as still open."""
        painter_for(self).fillRect(self.rect(), theme.colour("bg"))
