"""Guessing at the window becomes slow, also across restarts."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from liaison.security import throttle
from liaison.security.throttle import FILE_NAME, Throttle

WHO = "0A1B2C3D4E5F6"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def failed(folder: Path, clock: Clock, times: int, who: str = WHO) -> int:
    """Fail several times, each in a program of its own; return the last wait."""
    waits = [Throttle(folder, clock=clock).failed(who) for _ in range(times)]
    return waits[-1]


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        (0, 0), (1, 0), (4, 0), (5, 10), (6, 20), (7, 40), (8, 80), (9, 160), (10, 300),
        (11, 300), (1_000, 300),
    ],
)  # fmt: skip
def test_the_delay_grows_after_five_failures_up_to_five_minutes(
    failures: int, seconds: int
) -> None:
    assert throttle.delay(failures) == seconds


def test_the_count_survives_a_restart_and_time_passes(tmp_path: Path, clock: Clock) -> None:
    assert failed(tmp_path, clock, 4) == 0
    assert Throttle(tmp_path, clock=clock).wait(WHO) == 0
    assert failed(tmp_path, clock, 1) == 10
    clock.now += 3.5
    assert Throttle(tmp_path, clock=clock).wait(WHO) == 7
    assert Throttle(tmp_path, clock=clock).wait(WHO, clock.now + 6.5) == 0


def test_everybody_has_a_count_of_their_own(tmp_path: Path, clock: Clock) -> None:
    failed(tmp_path, clock, 6)
    assert Throttle(tmp_path, clock=clock).wait("recovery") == 0
    assert failed(tmp_path, clock, 5, "recovery") == 10
    assert Throttle(tmp_path, clock=clock).wait(WHO) == 20


def test_whoever_is_in_begins_anew_and_leaves_no_file(tmp_path: Path, clock: Clock) -> None:
    failed(tmp_path, clock, 6)
    Throttle(tmp_path, clock=clock).succeeded(WHO)
    assert Throttle(tmp_path, clock=clock).wait(WHO) == 0
    assert not list(tmp_path.iterdir())
    # nothing to forget is nothing to write
    Throttle(tmp_path, clock=clock).succeeded(WHO)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"[" * 60_000, b'{"failed": 3}', b'{"failed": {"x": 7}}',
        b'{"failed": {"0A1B2C3D4E5F6": {"count": "9", "last": 1}}}',
        b'{"failed": {"0A1B2C3D4E5F6": {"count": 9, "last": 1e999}}}',
        b'{"failed": {"0A1B2C3D4E5F6": {"count": -9, "last": 1}}}',
        b'{"failed": {"0A1B2C3D4E5F6": {"count": 9}}}',
        b"\xff\xfe\x00",
    ],
)  # fmt: skip
def test_a_damaged_count_only_begins_anew(content: bytes, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert Throttle(tmp_path, clock=clock).wait(WHO) == 0
    assert failed(tmp_path, clock, 5) == 10


def test_a_clock_set_back_locks_nobody_out_for_long(tmp_path: Path, clock: Clock) -> None:
    failed(tmp_path, clock, 5)
    clock.now -= 1e8
    assert Throttle(tmp_path, clock=clock).wait(WHO) == 10
    clock.now += 10
    assert Throttle(tmp_path, clock=clock).wait(WHO) == 0


def test_a_count_that_cannot_be_written_throttles_until_the_end(
    tmp_path: Path, clock: Clock
) -> None:
    # in the place of its folder there is a file
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    counted = Throttle(nowhere, clock=clock)
    assert [counted.failed(WHO) for _ in range(5)][-1] == 10
    assert counted.wait(WHO) == 10
    counted.succeeded(WHO)
    assert counted.wait(WHO) == 0


def test_nothing_but_ids_counts_and_moments_is_kept(tmp_path: Path, clock: Clock) -> None:
    failed(tmp_path, clock, 2)
    kept = json.loads((tmp_path / FILE_NAME).read_bytes())
    assert kept == {"failed": {WHO: {"count": 2, "last": clock.now}}}
    if os.name != "nt":
        assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
