"""Making pages ready in idle moments, so that nobody waits when they first go to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from liaison.ui.pages import page_class

if TYPE_CHECKING:
    from liaison.ui.jobs import Progress
    from liaison.ui.shell.shell import Shell

_PAUSE_MS: Final = 60
"""Between two pages: what somebody types or clicks meanwhile comes first."""


class Warming(QObject):
    """Loads the pages on another thread, then makes one after the other, each in a turn of its own.

    Args:
        shell: Shows the pages; this ends with it.
        names: The pages, those first that are gone to first.
        pages: The table of pages.
    """

    def __init__(self, shell: Shell, names: Sequence[str], pages: Mapping[str, str]) -> None:
        super().__init__(shell)
        self._shell, self._names, self._pages = shell, list(names), pages
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._next)

    def start(self) -> None:
        """Begin."""
        self._shell.desk.jobs.run(self._load, self._loaded, owner=self)

    def _load(self, progress: Progress) -> None:
        # on a runner's thread: loading Python's modules is half of opening a page
        for name in self._names:
            progress.check()
            page_class(name, self._pages)

    def _loaded(self, _: None) -> None:
        self._pause.start()

    def _next(self) -> None:
        if self._names:
            self._shell.make_ready(self._names.pop(0))
            self._pause.start()
