"""Garbage with widgets in it dies on the window's thread."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from liaison.ui import tidying
from liaison.ui.jobs import Jobs


class Forgotten(QObject):
    """Refers to itself, as a page with a lambda on its own button does."""

    def __init__(self, died_on: list[threading.Thread]) -> None:
        super().__init__()
        self.itself = self
        self.died_on = died_on

    def __del__(self) -> None:
        self.died_on.append(threading.current_thread())


def allocate() -> None:
    """Make so many things that Python's own collector would have run several times."""
    kept = [[] for _ in range(gc.get_threshold()[0] * 200)]  # type: ignore[var-annotated]
    kept.clear()


def test_a_worker_that_allocates_much_destroys_no_widget(qtbot: QtBot) -> None:
    died_on: list[threading.Thread] = []
    gc.collect()
    gc.enable()
    jobs = Jobs()
    Forgotten(died_on)
    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join(timeout=60)
    assert died_on == []
    jobs.close()
    gc.disable()


def test_what_is_due_is_collected_while_nothing_is_at_work(qtbot: QtBot) -> None:
    died_on: list[threading.Thread] = []
    calm = False
    at_work = tidying.Tidying(lambda: calm)
    Forgotten(died_on)
    allocate()
    _, allocated = gc.get_count(), [[] for _ in range(gc.get_threshold()[0] + 1)]  # type: ignore[var-annotated]
    at_work._tidy()
    assert died_on == []
    calm = True
    at_work._tidy()
    assert died_on == [threading.main_thread()]
    assert allocated
    at_work.stop()


def test_the_collector_is_as_before_when_the_last_one_stops(qtbot: QtBot) -> None:
    gc.enable()
    first, second = Jobs(), Jobs()
    first.close()
    assert not gc.isenabled()
    second.close()
    second.close()
    assert gc.isenabled()
    gc.disable()
