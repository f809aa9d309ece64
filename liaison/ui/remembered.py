"""The settings of this PC while the window is open: applied at once, kept in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from liaison.settings import Settings, read_settings, write_settings

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.ui.jobs import Jobs


class Remembered(QObject):
    """What this PC remembers.

    Args:
        path: The settings' file.
        jobs: Work off the UI thread.
    """

    changed = Signal(object)
    """The settings as they are from now on."""

    def __init__(self, path: Path, jobs: Jobs) -> None:
        super().__init__()
        self._path = path
        self._jobs = jobs
        self.settings = read_settings(path)
        self._kept = self.settings
        self._keeping = False

    def set(self, settings: Settings) -> None:
        """Have other settings from now on."""
        if settings == self.settings:
            return
        self.settings = settings
        self.changed.emit(settings)
        self._keep()

    def change(self, change: Callable[[Settings], Settings]) -> None:
        """Change the settings as they are now."""
        self.set(change(self.settings))

    def kept_with(self, change: Callable[[Settings], Settings]) -> Callable[[], None]:
        """Change the settings and return what writes them, for a job that must not go on without.

        Args:
            change: The change.

        Returns:
            A function for another thread; it raises :class:`CannotWrite`.
        """
        self.settings = self._kept = change(self.settings)
        self.changed.emit(self.settings)
        path, settings = self._path, self.settings
        return lambda: write_settings(path, settings)

    def keep_now(self) -> None:
        """Write what has not been written yet, when the window is gone and nobody waits.

        Raises:
            CannotWrite: The disk refused.
        """
        if self.settings != self._kept:
            write_settings(self._path, self.settings)
            self._kept = self.settings

    def _keep(self) -> None:
        # one at a time: of two at once, the older might be written last
        if self._keeping:
            return
        self._keeping = True
        settings = self.settings
        self._jobs.run(
            lambda _: write_settings(self._path, settings),
            lambda _: self._written(settings),
            self._refused,
            owner=self,
        )

    def _written(self, settings: Settings) -> None:
        self._keeping = False
        self._kept = settings
        if settings != self.settings:
            self._keep()

    def _refused(self, error: UserError) -> None:
        self._keeping = False
        self._jobs.trouble.emit(error)
