"""Scrolling: a list of 200,000 rows moves as smoothly as one of 2,000."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Self

from benchmarks import homes
from benchmarks.harness import Bench, Result, check, compare, loop_until

if TYPE_CHECKING:
    from liaison.store.store import Store

_REACH: Final = 1.3
_FRAMES: Final = 180
_ROWS_A_FRAME: Final = 3
"""As far as one notch of a mouse wheel."""
_P95: Final = 0.95


def scroll_list(bench: Bench) -> Iterator[Result]:
    """The 95th percentile of a frame while the wheel turns, over 200,000 rows against 2,000.

    A frame is all that the window's thread does between two of them: scrolling, painting, taking in
    the rows that were read meanwhile. The floor is our own list in a home a hundredth of the size.
    """
    # a screen's own pace would hide what a frame costs
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from liaison.ui import theme

    app = QApplication.instance() or QApplication([])
    check(isinstance(app, QApplication), "another kind of application is running")
    theme.install(app)  # type: ignore[arg-type]  # just looked at
    large, small = bench.homes.of(homes.LARGE), bench.homes.of(homes.SMALL)
    with _Window(large.open()) as many, _Window(small.open()) as few:
        check(many.rows >= homes.LARGE, "the long list is not whole")
        check(few.rows >= homes.SMALL, "the short list is not whole")
        turns = bench.turns(3, 15)
        yield compare("scrolling a list, 200k rows", _REACH, turns, many.frame, few.frame)


class _Window:
    """A window with a list of every visit note of a home."""

    def __init__(self, store: Store) -> None:
        from liaison.settings import Settings
        from liaison.ui.desk import Desk, Person
        from liaison.ui.jobs import Jobs
        from liaison.ui.parts.record_list import RecordList

        self._jobs = Jobs()
        self._jobs.attach(homes.opened(store))
        desk = Desk(self._jobs, Person(1, "Kate Morgan", "manager"), Settings())
        self._list = RecordList(desk, "visit_entry")
        self._list.resize(1134, 700)
        self._list.show()
        self._chance = random.Random(7)
        loop_until(lambda: self._list.model.rowCount() > 0 and self._list.model.complete)

    @property
    def rows(self) -> int:
        """How many rows the list has."""
        return self._list.model.rowCount()

    def frame(self) -> float:
        """Return the 95th percentile of a frame, in seconds, over a stretch of the list."""
        from PySide6.QtCore import QTimer

        table = self._list.table
        bar = table.verticalScrollBar()
        step = _ROWS_A_FRAME * table.verticalHeader().defaultSectionSize()
        bar.setValue(self._chance.randrange(max(bar.maximum() - _FRAMES * step, 1)))
        first = bar.value()
        frames: list[float] = []
        last = [time.perf_counter()]
        tick = QTimer()

        def turn() -> None:
            now = time.perf_counter()
            frames.append(now - last[0])
            last[0] = now
            bar.setValue(bar.value() + step)
            table.viewport().repaint()

        tick.timeout.connect(turn)
        tick.start(0)
        loop_until(lambda: len(frames) > _FRAMES)
        tick.stop()
        check(bar.value() > first + (_FRAMES - 1) * step // 2, "the list did not move")
        loop_until(lambda: bool(table.rows.row(table.rowAt(1))))
        return sorted(frames)[round(len(frames) * _P95)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._list.hide()
        self._list.deleteLater()
        self._jobs.close()
