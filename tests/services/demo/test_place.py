"""A demonstration never takes a real home's place, and is whole or not there."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from liaison.services import demo
from liaison.services.demo import place
from liaison.services.demo.place import NotADemonstration
from tests import homes as made

_SMALL = demo.Size(beds=1, staff=1, years=1, notes=0)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the smallest demonstration."""
    folder = tmp_path_factory.mktemp("small") / "home"
    demo.make(folder, size=_SMALL, cost=made.CHEAP)
    return folder


@pytest.fixture
def demonstration(pattern: Path, tmp_path: Path) -> Path:
    """Copy the demonstration."""
    return made.copy(pattern, tmp_path / "demonstration")


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """Make a real home."""
    folder = tmp_path / "real"
    made.make(folder)[0].close()
    return folder


def test_a_demonstration_is_known_again(demonstration: Path) -> None:
    assert place.is_demonstration(demonstration)


def test_where_nothing_is_there_is_no_demonstration_yet(tmp_path: Path) -> None:
    assert not place.is_demonstration(tmp_path / "nothing")
    (tmp_path / "empty").mkdir()
    assert not place.is_demonstration(tmp_path / "empty")


def test_a_real_home_is_refused_and_not_touched(real: Path) -> None:
    before = made.contents(real)
    with pytest.raises(NotADemonstration, match="not touched"):
        place.is_demonstration(real)
    assert made.contents(real) == before


def test_a_mark_copied_to_a_real_home_does_not_make_it_a_demonstration(
    real: Path, demonstration: Path
) -> None:
    shutil.copy(demonstration / place.MARK, real / place.MARK)
    with pytest.raises(NotADemonstration):
        place.is_demonstration(real)


def test_a_demonstration_whose_mark_was_removed_is_left_alone(demonstration: Path) -> None:
    (demonstration / place.MARK).unlink()
    with pytest.raises(NotADemonstration):
        place.is_demonstration(demonstration)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"A demonstration of Liaison.\n"])
def test_a_damaged_mark_is_no_mark(demonstration: Path, content: bytes) -> None:
    (demonstration / place.MARK).write_bytes(content)
    with pytest.raises(NotADemonstration):
        place.is_demonstration(demonstration)


def test_a_file_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(NotADemonstration):
        place.is_demonstration(tmp_path / "file")


def test_the_usual_place_is_beside_the_home_and_not_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaison.settings.default_home", lambda: tmp_path / "home")
    assert place.default_place() == tmp_path / place.FOLDER


def test_a_making_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def stop(_done: int, _everything: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.make(tmp_path / "home", size=_SMALL, cost=made.CHEAP, progress=stop)
    assert made.names(tmp_path) == []


def left_by_a_killed_run(demonstration: Path, content: bytes, age: float) -> Path:
    """Turn a demonstration into what a killed run leaves beside it."""
    left = demonstration.rename(demonstration.with_name(".home.0123abcd.new"))
    (left / place.MARK).write_bytes(content)
    then = time.time() - age
    for path in (*left.iterdir(), left):
        os.utime(path, (then, then))
    return left


_UNFINISHED = b"An unfinished demonstration of Liaison. It may be deleted.\n"


def test_what_a_killed_run_left_is_cleared_away(demonstration: Path) -> None:
    left = left_by_a_killed_run(demonstration, _UNFINISHED, 120)
    place.sweep(left.with_name("home"))
    assert not left.exists()


def test_what_another_run_is_still_making_is_left_alone(demonstration: Path) -> None:
    left = left_by_a_killed_run(demonstration, _UNFINISHED, 0)
    place.sweep(left.with_name("home"))
    assert left.exists()


def test_what_is_not_marked_as_ours_is_left_alone(demonstration: Path) -> None:
    left = left_by_a_killed_run(demonstration, b"something else", 120)
    place.sweep(left.with_name("home"))
    assert left.exists()
