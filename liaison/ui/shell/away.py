"""What is seen when nobody is there: a warning, and what covers the window until all is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.threshold.parts import Note, Plate
from liaison.ui.widgets import Button, Icon, ProgressLine, Text, Wrap, announce, spaced
from liaison.ui.widgets.painting import box, painter_for
from liaison.ui.widgets.returning import Place

if TYPE_CHECKING:
    from liaison.errors import UserError


def in_seconds(seconds: int) -> str:
    """Return a number of seconds in words: "1 second", "30 seconds"."""
    return f"{seconds} second{'' if seconds == 1 else 's'}"


class Warned(QFrame):
    """Says at the head of the window that it will lock; any key or movement takes it away.

    Args:
        over: The window.
    """

    stay = Signal()
    """Somebody pressed the button."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._told = False
        self.words = Text("", "label")
        self.button = Button("Stay signed in", small=True)
        # a screen reader's press is no movement of the mouse
        self.button.clicked.connect(self.stay)
        # whatever is being typed goes on where it was
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = spaced(QHBoxLayout(self), 12, (16, 10, 12, 10))
        row.addWidget(Icon("lock", "due", 20))
        said = spaced(QVBoxLayout(), 0)
        said.addWidget(self.words)
        said.addWidget(Text("Any key or a move of the mouse keeps it open", "secondary"))
        row.addLayout(said, 1)
        row.addSpacing(12)
        row.addWidget(self.button)
        over.installEventFilter(self)

    def show_left(self, seconds: int) -> None:
        """Say how long it will be.

        Args:
            seconds: Seconds that are left.
        """
        self.words.setText(f"Liaison locks in {in_seconds(seconds)}")
        self.setAccessibleName(self.words.text())
        if not self._told:
            self._told = True
            announce(self, f"{self.words.text()}. Any key keeps it open.", urgent=True)
        self._place()
        self.show()
        self.raise_()

    def go(self) -> None:
        """Take it off the screen."""
        self._over.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def _place(self) -> None:
        width = min(self.sizeHint().width(), self._over.width() - 2 * theme.px(24))
        self.resize(width, self.sizeHint().height())
        self.move((self._over.width() - width) // 2, theme.px(72))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle when the window changes size."""
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self._place()
        return False

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint a card with an amber edge."""
        painter = painter_for(self)
        rect = QRectF(self.rect())
        box(painter, rect, theme.px(10), theme.colour("duebg"), theme.colour("duebar"))


class Away(QWidget):
    """Covers the window while everything is being kept, before it is locked.

    What is below is hidden, from screen readers too.

    Args:
        over: The window.
    """

    again = Signal()
    """Try once more to keep what could not be kept."""
    left = Signal()
    """Lock all the same, and leave it behind."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAccessibleName("Locking")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._over = over
        self._before = Place(over)
        self._hidden = [
            part
            for part in over.findChildren(
                QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
            )
            if part is not self and part.isVisible()
        ]
        self._title = Text("", "card")
        self._progress = ProgressLine("Keeping everything")
        self.note = Note()
        self._line = Wrap("", "muted", widest=460)
        self.try_again = Button("Try again", "refresh-cw", Button.PRIMARY)
        self.leave = Button("Lock and leave it behind")
        plate = Plate(24, 12)
        plate.column.addWidget(self._title)
        plate.column.addWidget(self._progress)
        plate.column.addWidget(self.note)
        plate.column.addWidget(self._line)
        buttons = spaced(QHBoxLayout(), 8)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.try_again)
        plate.column.addLayout(buttons)
        plate.setMinimumWidth(theme.px(420))
        rows = spaced(QVBoxLayout(self), 0)
        rows.addStretch(2)
        rows.addWidget(plate, 0, Qt.AlignmentFlag.AlignHCenter)
        rows.addStretch(3)
        self.try_again.clicked.connect(self.again)
        self.leave.clicked.connect(self.left)
        over.installEventFilter(self)
        self.setGeometry(over.rect())
        self.wait()
        self.show()
        self.raise_()
        # nothing more is typed into what nobody sees
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def wait(self) -> None:
        """Say that everything is being kept."""
        self._title.setText("Keeping everything...")
        self._progress.show()
        self.note.clear()
        for part in (self._line, self.try_again, self.leave):
            part.hide()

    def say_stuck(self, error: UserError) -> None:
        """Say what could not be kept; nothing of it is shown."""
        self._title.setText("Something typed is not kept yet")
        self._progress.hide()
        # from the screen and from what a screen reader is told
        for part in self._hidden:
            part.hide()
        self.note.wrong(f"{error.what} {error.do}".strip())
        self._line.setText(
            "It is still here, out of sight. Once it is kept, Liaison locks, and it is there again "
            "after signing in."
        )
        for part in (self._line, self.try_again, self.leave):
            part.show()
        self.try_again.setFocus(Qt.FocusReason.OtherFocusReason)

    def uncover(self) -> None:
        """Show what is below again, and give the keyboard back."""
        for part in self._hidden:
            part.show()
        self.go()
        self._before.give_back()

    def go(self) -> None:
        """Take it off the window."""
        self._over.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window when it changes size."""
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self.setGeometry(self._over.rect())
        return False

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the page's ground, so that nothing below is read."""
        painter_for(self).fillRect(self.rect(), theme.colour("bg"))
