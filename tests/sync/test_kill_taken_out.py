"""The process is killed at every point of rounds that take units back out, or what was erased.

A removed PC wrote on, an image of a PC was put back, both lines of one were sent, something was
erased by law: a round then goes back before it goes on, and may end anywhere in between.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import pytest

from liaison.records.home import Resident
from tests.store.conftest import got
from tests.store.test_erasing import SECRET, erase
from tests.sync.conftest import Pc, Ring, agree
from tests.sync.erasures import named
from tests.sync.places import add, set_back, state
from tests.sync.real_store import RealStore
from tests.sync.scenes import change, come_to, residents
from tests.sync.test_kill import SEED, STEP, KillAt, Meeting, crashed, pytest_generate_tests

__all__ = ["pytest_generate_tests"]


@dataclasses.dataclass(frozen=True, slots=True)
class Scene:
    """What a home has come to, and what is to come of it.

    Args:
        residents: Those that each PC has in the end.
        cuts: Of PCs that were removed the last unit that counts.
        meanwhile: Those that each of the others has while they are out.
    """

    residents: set[str]
    cuts: Mapping[int, int] = dataclasses.field(default_factory=dict)
    meanwhile: frozenset[str] = frozenset()


def removed(ring: Ring) -> Scene:
    """Let the night's PC be removed that wrote on, and erased something."""
    return written_on(ring, lambda *_: None)


def removed_and_erased(ring: Ring) -> Scene:
    """Let something of what counts be erased too, just as the night's PC is removed."""

    def erase_too(office: Pc, mary: int) -> None:
        # the night's segment with it is to be made anew, the office's own to be bundled
        erase(office.store, "resident", named(office, "Tom"), "alerts")
        erase(office.store, "resident", mary, "room")

    return written_on(ring, erase_too)


def written_on(ring: Ring, meanwhile: Callable[[Pc, int], None]) -> Scene:
    """Let the night's PC write on, with something else just before its removal.

    Args:
        ring: The PCs.
        meanwhile: What the office does; given it, and the resident who was there first.
    """
    office, station, night = ring.pcs
    mary = office.add(Resident(name="Mary", alerts=SECRET, room="1"))
    ring.settle()
    night.add(Resident(name="Tom", alerts=SECRET))
    ring.settle()
    cut = come_to(office, night)
    for name in ("late", "later"):
        night.add(Resident(name=name))
        night.round()
    for pc in (office, station):
        pc.clock.advance(minutes=1)
        pc.round()
    meanwhile(office, mary)
    night.clock.advance(minutes=2)
    erase(night.store, "resident", mary, "alerts")
    for pc in (night, station):
        pc.round()
    assert residents(office) == residents(station) == {"Mary", "Tom", "late", "later"}
    return Scene(
        {"Mary", "Tom", "late", "later"}, {night.pc: cut}, meanwhile=frozenset({"Mary", "Tom"})
    )


def put_back(ring: Ring) -> Scene:
    """Put an image of the office back, on which it writes."""
    office, _, _ = ring.pcs
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    ring.settle()
    image = ring.image(office)
    office.add(Resident(name="after the image"))
    office.round()
    erase(office.store, "resident", mary, "alerts")
    ring.settle()
    office = ring.restore(office, image)
    office.add(Resident(name="on the image"))
    return Scene({"Mary", "after the image", "on the image"})


def two_lines(ring: Ring) -> Scene:
    """Put an image of the office back while the storage hides what came after it: both are sent."""
    office, station, night = ring.pcs
    mary = office.add(Resident(name="Mary", room="1"))
    ring.settle()
    image, then = ring.image(office), state(ring.place)

    def write(*names: str) -> None:
        for name in names:
            change(office, mary, room=name)
            office.add(Resident(name=name))
            office.round()

    write("one", "two")
    station.round()
    there = state(ring.place)
    set_back(ring.place, then)
    office = ring.restore(office, image)
    office.clock.advance(minutes=5)
    write("another one", "another two")
    night.round()
    add(ring.place, there)
    return Scene({"Mary", "one", "two", "another one", "another two"})


Made = Callable[[Ring], Scene]
_MADE: Final[tuple[Made, ...]] = (removed, removed_and_erased, put_back, two_lines)
_POINTS: Final = 40
"""Each of the scenes has more."""
_TAKEN_OUT: Final = 2
"""The point at which a removed PC's units are out; what was kept of it is doubted from then on."""


def drawn(made: Made, more: int) -> list[int]:
    """Draw points of a scene, with those at which what a removed PC wrote on is half out."""
    dice = random.Random(f"{SEED} {made.__name__}")
    rest = range(_TAKEN_OUT + 2, _POINTS)
    return [_TAKEN_OUT, _TAKEN_OUT + 1, *dice.sample(rest, more)]


@pytest.mark.parametrize("made", _MADE)
def test_a_kill_at_any_point_of_going_back_loses_nothing(
    tmp_path: Path,
    empty_homes: Path,
    full_faults: bool,  # noqa: FBT001  # a fixture
    first: int,
    made: Made,
) -> None:
    few = drawn(made, 2)
    points = itertools.count(first, STEP) if full_faults else few
    assert played(tmp_path, empty_homes, made, Meeting(), points) >= len(few)


def test_a_kill_while_going_back_loses_nothing_over_an_object_store(
    tmp_path: Path,
    empty_homes: Path,
    real_store: RealStore,
    full_faults: bool,  # noqa: FBT001  # a fixture
) -> None:
    few = drawn(removed, 1)
    points = itertools.count(_TAKEN_OUT, STEP) if full_faults else few
    assert played(tmp_path, empty_homes, removed, Meeting(real_store), points) >= len(few)


def played(tmp_path: Path, empty: Path, made: Made, meeting: Meeting, points: Iterable[int]) -> int:
    """Kill just after some points, until one is beyond the end; return how many were tried."""
    begin = tmp_path / "begin"
    ring = Ring(begin, empty)
    scene = made(ring)
    ring.close()
    meeting = dataclasses.replace(meeting, cuts=scene.cuts)
    tried = 0
    for point in points:
        kill = KillAt(point, after=True)
        # a removed PC sends nothing
        with crashed(begin, tmp_path / "played", meeting, kill, len(scene.cuts)) as (again, ended):
            if scene.cuts:
                hold_removed(again, scene, at_once=point % 3 == 0)
            again.settle()
            for result in again.settle(1):
                assert (result.trouble, result.waiting, result.set_apart) == (None, [], [])
                assert (result.given_back, result.behind) == (0, [])
            assert [residents(pc) for pc in again.pcs] == [scene.residents] * len(again.pcs)
            # whoever erased it, of this home again or of the line that was sent
            assert {got(pc.store, Resident, named(pc, "Mary")).alerts for pc in again.pcs} == {None}
            agree(again)
        if ended == 0:
            break
        tried += 1
    return tried


def hold_removed(ring: Ring, scene: Scene, *, at_once: bool) -> None:
    """Hold that a removal which was cut short counts, and let it count no more.

    Args:
        ring: The PCs.
        scene: What they have come to.
        at_once: Whether it is taken back before any PC comes again.
    """
    _, _, night = ring.pcs
    if not at_once:
        ring.pcs.remove(night)
        ring.settle()
        for pc in ring.pcs:
            assert residents(pc) == scene.meanwhile
            assert got(pc.store, Resident, named(pc, "Mary")).alerts == SECRET
        agree(ring)
        ring.pcs.append(night)
    ring.roster.cuts.clear()
