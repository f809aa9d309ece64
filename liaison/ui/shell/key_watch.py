"""Notices that whoever is here may not go on: the home's keys were changed, or their time is over.

Which key file is newest is asked when Liaison comes to the front, and every few minutes while it stands
there. Without that, a window whose home is not exchanged with other PCs would go on with keys that are
no longer the home's until it changes some itself. Each minute the record of whoever is here is asked whether
it lets them in still: a window open over agency staff's last midnight is not theirs in the morning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from liaison.services import homes

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.ui.jobs import Jobs

_EVERY_MS: Final = 120_000
_MINUTE_MS: Final = 60_000


class KeyWatch(QObject):
    """Looks at the key file of the open home and at who is here, never on the window's thread.

    Args:
        jobs: Work off the UI thread.
        parent: Whose it is.
    """

    outdated = Signal()
    """The key file is newer than the keys this window has; it may be this window's own doing."""
    over = Signal()
    """Whoever is here may not sign in any more."""

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._looks = False
        self.timer = QTimer(self, interval=_EVERY_MS)
        self.timer.timeout.connect(self.look)
        self.minute = QTimer(self, interval=_MINUTE_MS)
        self.minute.timeout.connect(self.look_who)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)  # noqa: S101  # there is a window
        application.applicationStateChanged.connect(self._turned)

    def start(self) -> None:
        """Look from now on: a home is open."""
        # a look that was under way when the home was locked is never answered
        self._looks = False
        self.timer.start()
        self.minute.start()

    def stop(self) -> None:
        """Look no more: the home is locked."""
        self.timer.stop()
        self.minute.stop()

    def look(self) -> None:
        """Look once, unless that is being done."""
        home = self._jobs.home
        if self._looks or home is None:
            return
        self._looks = True
        self._jobs.run(lambda _: home.keys_changed(), self._seen, self._unseen, owner=self)

    def look_who(self) -> None:
        """Ask whether whoever is here may still be."""
        home = self._jobs.home
        # who came with the recovery sheet is a manager that nothing keeps out
        if home is None or home.unlocked.by_recovery:
            return
        person = home.person
        self._jobs.read(
            lambda store: homes.may_stay(store, person),
            self._answered,
            lambda _: None,
            latest=(id(self), "who"),
            owner=self,
        )

    def _answered(self, may_stay: bool) -> None:  # noqa: FBT001  # an answer
        if not may_stay and self.minute.isActive():
            self.over.emit()

    def _turned(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive and self.timer.isActive():
            self.look()
            # no minute passes while the PC sleeps
            self.look_who()

    def _seen(self, newer: bool) -> None:  # noqa: FBT001  # an answer
        self._looks = False
        if newer and self.timer.isActive():
            self.outdated.emit()

    def _unseen(self, _: UserError) -> None:
        # whoever opens or saves is told what the matter is; here the next look will do
        self._looks = False
