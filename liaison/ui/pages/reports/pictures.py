"""Pictures of pages, drawn in the background when they come into sight, and forgotten in time."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from liaison.ui.job import Job
    from liaison.ui.jobs import Jobs
    from liaison.ui.pages.reports.paper import Paper


class Pictures(QObject):
    """The pictures of a document's pages in one size.

    Args:
        jobs: Work off the UI thread.
        most: How many are kept; those that were wanted longest ago go first.
        parent: Whose they are.
    """

    arrived = Signal(int)
    """The picture of this page is there."""

    def __init__(self, jobs: Jobs, most: int, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._most = most
        self._paper: Paper | None = None
        self._kept: OrderedDict[int, QImage] = OrderedDict()
        self._under_way: dict[int, tuple[int, Job]] = {}

    def show(self, paper: Paper | None) -> None:
        """Draw another document from now on."""
        for _, job in self._under_way.values():
            job.cancel()
        self._under_way.clear()
        self._kept.clear()
        self._paper = paper

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, page: int) -> QImage | None:
        """Return the picture of a page, in whatever size there is; None if there is none."""
        return self._kept.get(page)

    def want(self, widths: Mapping[int, int]) -> None:
        """Have these pages drawn, in this order; what was wanted before and is not now falls away.

        Args:
            widths: The pages in sight, from 0, each with the width of its picture in pixels.
        """
        for page in [page for page in self._under_way if page not in widths]:
            self._under_way.pop(page)[1].cancel()
        paper = self._paper
        if paper is None or self._jobs.home is None:
            # locked, or about to close: nobody looks at it any more
            return
        for page, width in widths.items():
            if width <= 0:
                continue
            kept = self._kept.get(page)
            if kept is not None:
                self._kept.move_to_end(page)
                if abs(kept.width() - width) <= 1:
                    continue
            self._start(paper, page, width)

    def _start(self, paper: Paper, page: int, width: int) -> None:
        before = self._under_way.get(page)
        if before is not None and before[0] == width:
            return
        if before is not None:
            before[1].cancel()
        job = self._jobs.run(
            lambda _: paper.picture(page, width),
            functools.partial(self._take, page),
            owner=self,
        )
        self._under_way[page] = width, job

    def _take(self, page: int, picture: QImage) -> None:
        self._under_way.pop(page, None)
        self._kept[page] = picture
        self._kept.move_to_end(page)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        self.arrived.emit(page)
