"""Locks the home: asked for, when nobody is there any more, and when the PC is about to sleep.

What is being typed is kept as drafts first and writes under way are waited for; then the database is
closed and nothing that was shown is left anywhere: not on the screen, in a title, in what a screen
reader is told or, where it came from us, on the clipboard.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QToolTip, QWidget

from liaison.errors import UserError
from liaison.ui.shell.away import Away, Warned
from liaison.ui.shell.idle import Idle
from liaison.ui.shell.leaving import Leaving
from liaison.ui.shell.sleeping import Sleeping

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.jobs import Jobs
    from liaison.ui.shell.frame import Frame

TITLE: Final = "Liaison"
"""What the window is called while nobody is signed in."""


class Why(enum.Enum):
    """Why the home is locked."""

    ASKED = "asked"
    """Somebody is there and wants it."""
    SWITCH = "switch"
    """Somebody is there, and somebody else wants to sign in."""
    KEYS = "keys"
    """Somebody is there, and in another window somebody changed who may open the home."""
    OVER = "over"
    """Somebody is there who may not sign in any more, such as agency staff after their last day."""
    ALONE = "alone"
    """Nobody is there, or the PC is about to sleep: nothing may stay in sight, come what may."""


_BY_ITSELF: Final = frozenset({Why.KEYS, Why.OVER})


class Locking(QObject):
    """Watches for the moment to lock, and locks.

    Args:
        frame: The window.
        jobs: Work off the UI thread.
        but: Returns the dialog that stays open: that of a fault of ours, which shows no record.
        idle: Watches whether anybody is there.
        sleeping: Says when the PC is about to sleep.
    """

    leaving = Signal()
    """The home is about to be locked: what was in front can still be asked."""
    locked = Signal(object)
    """Everything is kept and what was shown is to go: time for the door (a :class:`Why`)."""
    closed = Signal()
    """The database is closed too, and nobody has come in meanwhile."""
    troubled = Signal(object)
    """It could not be locked as asked (a :class:`UserError`)."""

    def __init__(
        self,
        frame: Frame,
        jobs: Jobs,
        but: Callable[[], QWidget | None] = lambda: None,
        *,
        idle: Idle | None = None,
        sleeping: Sleeping | None = None,
    ) -> None:
        super().__init__()
        self._frame, self._jobs, self._but = frame, jobs, but
        self.idle = idle or Idle(self)
        self._sleeping = sleeping or Sleeping(self)
        self._desk: Desk | None = None
        self._why = Why.ASKED
        self._insisted = self._stuck = False
        self.is_closing = False
        """Whether the door is up and the database is still being closed."""
        self.cover: Away | None = None
        """What lies over the window while everything is being kept."""
        self.warning: Warned | None = None
        """What says that it will lock, while it does."""
        self.idle.warned.connect(self._warn)
        self.idle.stirred.connect(self._dismiss)
        self.idle.due.connect(lambda: self.lock(Why.ALONE))
        self.idle.asked.connect(self.lock)
        self._sleeping.soon.connect(lambda: self.lock(Why.ALONE))

    def watch(self, desk: Desk, minutes: int) -> None:
        """Lock by itself from now on.

        Args:
            desk: The desk of whoever is here.
            minutes: After how long without keys and mouse.
        """
        if self._desk is not desk:
            self._desk = desk
            self._insisted = False
            desk.unkept.connect(self._not_kept)
            # a moment later: the bus need not be asked while the first page is being shown
            QTimer.singleShot(0, self, self._sleeping.start)
        self.idle.start(minutes)

    def stop(self) -> None:
        """Watch no more: the window closes."""
        self.idle.stop()
        self._sleeping.stop()
        self._dismiss()
        self._desk = None

    def lock(self, why: Why = Why.ASKED) -> None:
        """Lock, once what is being typed is kept and what is being written is written.

        If something cannot be kept, somebody who is there is told, and the home is locked when they
        ask again. If nobody is there, what was shown goes out of sight all the same.

        Args:
            why: Why.
        """
        if self._desk is None or self._jobs.home is None:
            self._sleeping.ready()
            return
        if self.cover is not None:
            # the PC falls asleep while somebody waits: from now on nobody is there
            self._why = why if why is Why.ALONE else self._why
            return
        self._why = why
        self._dismiss()
        self.leaving.emit()
        self._desk.closing.emit()
        # nothing is to be read from the screen, even while a long write is under way
        self.cover = Away(self._frame)
        self.cover.again.connect(self._keep)
        self.cover.left.connect(self._now)
        self._frame.setWindowTitle(TITLE)
        self._keep()

    def _keep(self) -> None:
        if self._desk is None or self.cover is None:
            return
        self.cover.wait()
        self._stuck = False
        self._desk.keeping.emit()
        # after the drafts, which are written one after another
        self._jobs.write(lambda _: None, self._kept, owner=self)

    def _kept(self, _: None) -> None:
        if self.cover is not None and not self._stuck:
            self._now()

    def _now(self) -> None:
        desk, self._desk = self._desk, None
        if desk is None:
            return
        desk.unkept.disconnect(self._not_kept)
        # what was typed in between
        desk.keeping.emit()
        self.idle.stop()
        self._insisted = False
        close_what_floats(self._frame, self._but())
        forget_copies()
        scene = self._frame.scene
        self.locked.emit(self._why)
        # at once: a timer of a page that is due in this very turn would find no home any more
        QCoreApplication.sendPostedEvents(scene, QEvent.Type.DeferredDelete.value)
        clear_what_floats(self._frame, self.cover)
        if self.cover is not None:
            self.cover.go()
            self.cover = None
        self.is_closing = True
        self._jobs.detach(lambda: self._closed(desk))

    def _closed(self, desk: Desk) -> None:
        # what was asked of it is answered; the next person gets one of their own
        desk.deleteLater()
        self.is_closing = False
        if self._desk is None:
            self._sleeping.ready()
            self.closed.emit()

    def _not_kept(self, error: UserError) -> None:
        """Say what could not be kept, to whoever is there or comes back."""
        if self.cover is None:
            return
        if self._why is Why.ALONE:
            self._stuck = True
            self.cover.say_stuck(error)
        elif not self._insisted or self._why in _BY_ITSELF:
            # nobody has asked for that: it is tried again by itself
            self._insisted = self._insisted or self._why not in _BY_ITSELF
            self._stuck = True
            self.cover.uncover()
            self.cover = None
            self.troubled.emit(
                UserError(
                    f"Liaison is not locked, because what you typed could not be kept. {error.what}",
                    kept="What you typed is still here.",
                    do=f"{error.do} Lock again to leave it behind.".strip(),
                    code=error.code,
                )
            )

    # ---- the warning

    def _warn(self, seconds: int) -> None:
        if self.cover is not None:
            return
        if self.warning is None:
            self.warning = Warned(self._frame)
            self.warning.stay.connect(self.idle.stir)
        self.warning.show_left(seconds)

    def _dismiss(self) -> None:
        if self.warning is not None:
            warning, self.warning = self.warning, None
            warning.go()


def close_what_floats(frame: QWidget, but: QWidget | None = None) -> None:
    """Close every dialog, menu, list and tip that floats over the window.

    Args:
        frame: The window, which stays.
        but: A dialog that stays too.
    """
    QToolTip.hideText()
    while (popup := QApplication.activePopupWidget()) is not None and popup.close():
        pass
    for top in QApplication.topLevelWidgets():
        if top is frame or top is but:
            continue
        if isinstance(top, QDialog):
            # one of the system's own is not visible to Qt
            if top.isVisible() or isinstance(top, QFileDialog):
                top.reject()
        elif top.isVisible():
            top.close()


def clear_what_floats(frame: Frame, but: QWidget | None) -> None:
    """Destroy what floats in the window over its scene: popovers, hits, names that are offered.

    Each belongs to the window and not to the page that opened it, so it would outlive the page.

    Args:
        frame: The window, in which another scene is shown already.
        but: What covers it.
    """
    for part in frame.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        # the sheet of a window that closes shows no record, and ends by itself
        if part is frame.scene or part is but or part.isWindow() or isinstance(part, Leaving):
            continue
        part.hide()
        part.deleteLater()
        QCoreApplication.sendPostedEvents(part, QEvent.Type.DeferredDelete.value)


def forget_copies() -> None:
    """Empty the clipboard of what was copied here; what another program put there stays."""
    clipboard = QGuiApplication.clipboard()
    if clipboard.ownsClipboard():
        clipboard.clear()
    if clipboard.supportsSelection() and clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)
