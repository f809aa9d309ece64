"""A store of three servers, two of which hold each object, loses one in the middle of a round."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from liaison.sync.object_store_faults import StoreFault
from tests.sync.lost_server import play
from tests.sync.real_store import Engine, RealStore, replicated

_TURNS: Final = 16
_LONGEST: Final = 30.0
_SAID: Final = 300
"""At the least so many bytes a save brings."""


def held_in(folder: Path) -> int:
    """Return how many bytes a volume server keeps."""
    return sum(file.stat().st_size for file in folder.glob("*.dat"))


@pytest.fixture
def cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[RealStore, list[Engine], list[Path]]]:
    """Run such a store; with its servers, and where each keeps what it holds."""
    for name in ("NO_PROXY", "no_proxy"):
        # a network's own proxy, if this machine has one, has no part in this
        monkeypatch.setenv(name, "127.0.0.1")
    engine = tmp_path / "engine"
    engine.mkdir()
    with replicated(engine) as (store, servers):
        yield store, servers, [engine / f"v{number}" for number in range(len(servers))]


def test_a_server_that_is_killed_in_the_middle_of_a_round_takes_nothing_with_it(
    cluster: tuple[RealStore, list[Engine], list[Path]], tmp_path: Path
) -> None:
    store, servers, folders = cluster
    killed: list[Engine] = []

    def kill() -> None:
        # the one that holds most of what is there
        held, number = max((held_in(folder), number) for number, folder in enumerate(folders))
        assert held > _SAID * (_TURNS // 2)
        killed.append(servers[number])
        servers[number].kill()

    came = play(
        tmp_path / "home", store.access(), kill,
        pcs=2, turns=_TURNS, seed=1, longest=_LONGEST,
    )  # fmt: skip
    assert [one for one in servers if one.is_over()] == killed
    assert len(killed) == 1
    assert came.lost == set()
    assert came.saves == _TURNS
    assert came.segments >= _TURNS
    # whatever did not go through was told plainly
    assert all(isinstance(one, StoreFault) and one.do for one in came.troubles)
