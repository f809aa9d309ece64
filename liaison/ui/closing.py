"""Closing the window: nothing that was typed is lost, and whoever closes it is told what was kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from liaison.errors import UserError
from liaison.ui import clock

if TYPE_CHECKING:
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.jobs import Jobs
    from liaison.ui.shell.leaving import Leaving

    Errand = Callable[[Leaving, Callable[[], None]], None]

_INSISTING_MS: Final = 120_000
"""For so long, closing the window again means: leave what cannot be kept behind."""


class Closing(QObject):
    """Keeps what is being typed, does what is done before the end, and says what was kept.

    Args:
        over: The window.
        jobs: Work off the UI thread.
        drafts: Reads which drafts somebody left; run by the writer, behind what is still written.
        errands: What is done before the end, in this order: each is shown on the sheet over the
            window, and calls what it is given when the next may go on.
    """

    over = Signal()
    """Everything is kept, or whoever closes the window insists: it may go."""
    troubled = Signal(object)
    """Something could not be kept, and the window stays: a ``UserError``."""

    def __init__(
        self,
        over: QWidget,
        jobs: Jobs,
        drafts: Callable[[OpenHome], list[Draft]],
        errands: Sequence[Errand],
    ) -> None:
        super().__init__()
        self._window, self._jobs, self._drafts, self._errands = over, jobs, drafts, errands
        self.sheet: Leaving | None = None
        """What lies over the window while it closes."""
        self._left_behind: dict[str, UserError] = {}

    def begin(self, desk: Desk) -> None:
        """Close the window of whoever is in, unless that has begun."""
        if self.sheet is not None:
            return
        from liaison.ui.shell.leaving import Leaving

        self.sheet = sheet = Leaving(self._window)
        sheet.done.connect(self.over)
        desk.keeping.emit()
        self._jobs.write(
            self._drafts, lambda drafts: self._kept(sheet, drafts), self.not_kept, owner=self
        )

    def _kept(self, sheet: Leaving, drafts: list[Draft]) -> None:
        if self.sheet is not sheet:
            # something could not be kept; this answer may come after the window is closed again
            return
        self._left_behind.clear()
        errands = list(self._errands)

        def go() -> None:
            if errands:
                errands.pop(0)(sheet, go)
            elif drafts:
                sheet.show_kept(drafts, clock.now().date())
            else:
                self.over.emit()

        go()

    def not_kept(self, error: UserError) -> None:
        """Stay open when what is being typed could not be kept; closing again leaves it behind."""
        if self.sheet is None and not self._left_behind:
            # nobody is closing the window: the form itself says so
            return
        if self.sheet is not None:
            self.sheet.deleteLater()
            self.sheet = None
            if error.what in self._left_behind:
                self.over.emit()
                return
            QTimer.singleShot(_INSISTING_MS, self, self._left_behind.clear)
        self._left_behind[error.what] = error
        self.troubled.emit(
            UserError(
                " ".join(self._left_behind),
                kept=error.kept,
                do=f"{error.do} Close the window again to leave without it.".strip(),
                code=error.code,
            )
        )
