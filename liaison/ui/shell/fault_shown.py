"""Showing that Liaison itself went wrong, once everything typed is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from liaison.ui import clock

if TYPE_CHECKING:
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.jobs import Jobs
    from liaison.ui.shell.fault_dialog import FaultDialog
    from liaison.ui.shell.faults import Fault
    from liaison.ui.shell.frame import Frame


class FaultShown(QObject):
    """Shows our own bugs, and has the work kept meanwhile.

    Args:
        frame: The window.
        jobs: Work off the UI thread.
        desk: Returns the desk of whoever is here; None at the door.
        drafts: Returns what is kept of whoever is here.
    """

    closing = Signal()
    """Somebody would rather close Liaison."""

    def __init__(
        self,
        frame: Frame,
        jobs: Jobs,
        desk: Callable[[], Desk | None],
        drafts: Callable[[OpenHome], list[Draft]],
    ) -> None:
        super().__init__()
        self._frame, self._jobs, self._desk, self._drafts = frame, jobs, desk, drafts
        self.dialog: FaultDialog | None = None

    def show(self, fault: Fault) -> None:
        """Show it; one at a time, the others are in the log too."""
        if self.dialog is not None or not self._frame.isVisible():
            return
        from liaison.ui.shell.fault_dialog import FaultDialog

        kept = "Everything saved is kept."
        self.dialog = FaultDialog(self._frame, fault, kept)
        self.dialog.finished.connect(self._fault_seen)
        self.dialog.open()
        desk = self._desk()
        if desk is not None and self._jobs.home is not None:
            desk.keeping.emit()
            self._jobs.write(self._drafts, self._tell_kept, lambda _: None, owner=self.dialog)

    def _tell_kept(self, drafts: list[Draft]) -> None:
        if self.dialog is not None and drafts:
            newest = clock.ago(drafts[0].at, clock.now().date())
            self.dialog.tell_kept(
                f"Everything saved is kept, and what you were typing is kept as a draft ({newest})."
            )

    def _fault_seen(self, result: int) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()
        if result == QDialog.DialogCode.Rejected:
            self.closing.emit()
