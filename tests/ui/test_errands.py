"""Work that may hang is done on a thread of its own, which nothing waits for without a limit."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError

import pytest

from liaison.ui.errands import Errands

WAIT = 60


def test_one_errand_is_done_after_the_other_and_answers_or_says_why_not() -> None:
    errands = Errands()
    said: list[int] = []
    answers = [errands.submit(said.append, number) for number in range(3)]
    wrong = errands.submit(lambda: 1 // 0)
    for answer in answers:
        answer.result(WAIT)
    assert said == [0, 1, 2]
    with pytest.raises(ZeroDivisionError):
        wrong.result(WAIT)
    errands.shutdown()
    assert errands.ended(WAIT)


def test_what_hangs_is_not_waited_for_and_what_waits_behind_it_can_be_cancelled() -> None:
    errands = Errands()
    free, begun = threading.Event(), threading.Event()

    def hang() -> bool:
        begun.set()
        return free.wait(WAIT)

    hanging = errands.submit(hang)
    assert begun.wait(WAIT)
    behind = errands.submit(lambda: "never")
    assert behind.cancel()
    errands.shutdown()
    assert not errands.ended(0.05)
    free.set()
    assert hanging.result(WAIT)
    with pytest.raises(CancelledError):
        behind.result(WAIT)
    assert errands.ended(WAIT)


def test_without_an_errand_there_is_no_thread() -> None:
    errands = Errands()
    before = threading.active_count()
    errands.shutdown()
    assert errands.ended(0)
    assert threading.active_count() == before
