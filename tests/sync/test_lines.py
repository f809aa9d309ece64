"""Of two lines of one PC the same one counts everywhere, in whichever order they come.

Which one that is depends on digests, which are chance: here each order of them is played.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from liaison.records.home import Resident
from liaison.store import outbox
from liaison.sync import compacting, sealed
from liaison.sync.roster import EpochKey
from liaison.sync.rounds import Round
from liaison.sync.sealed import Header
from liaison.sync.transport import TransportTrouble
from tests.store.test_erasing import SECRET, erase
from tests.sync.conftest import Pc, Ring, agree
from tests.sync.erasures import bundles, named
from tests.sync.places import add, set_back, state
from tests.sync.scenes import attach, change, letters_on, residents
from tests.sync.test_compacting import own, singles, written

_HALF: Final = b"\x80"
_MISSING: Final = "what that PC wrote before it has not come yet"

Digests = Callable[..., None]
"""Say of the segments that are sealed next whether each has a low digest."""


@pytest.fixture
def digests(monkeypatch: pytest.MonkeyPatch) -> Digests:
    """Let a test decide which of two segments has the lower digest: one is sealed until it fits."""
    wanted: list[bool] = []
    seal = sealed.seal

    def until_it_fits(header: Header, content: bytes, epoch: EpochKey, signer: object) -> bytes:
        low = wanted.pop(0) if wanted and header.kind == sealed.SEGMENT else None
        while True:
            data = seal(header, content, epoch, signer)  # type: ignore[arg-type]
            if low in {None, sealed.digest_of(data) < _HALF}:
                return data

    monkeypatch.setattr(sealed, "seal", until_it_fits)

    def say(*lows: bool) -> None:
        assert not wanted
        wanted.extend(lows)

    return say


@contextlib.contextmanager
def nothing_comes_through(pc: Pc) -> Iterator[None]:
    """Show a PC an empty storage that takes nothing, as a folder that is not filled yet."""

    def down(*_: object) -> None:
        raise TransportTrouble("The line is down.")

    with pytest.MonkeyPatch.context() as line:
        line.setattr(pc.means.transport, "list", lambda *_: [])
        line.setattr(pc.means.transport, "put", down)
        yield


def write(pc: Pc, name: str) -> Round:
    """Write something on a PC, and let it exchange."""
    pc.add(Resident(name=name))
    return pc.round()


def put_back(ring: Ring, pc: Pc, image: Path, then: Mapping[str, bytes]) -> Pc:
    """Put the image of a PC back, and with it what lay in the storage when it was taken."""
    set_back(ring.place, then)
    restored = ring.restore(pc, image)
    restored.clock.advance(minutes=5)
    return restored


def settled(ring: Ring, *names: str) -> None:
    """Hold that everybody comes to have everything, and waits for nothing."""
    last = ring.settle(6)
    for pc, came in zip(ring.pcs, last, strict=True):
        assert residents(pc) == set(names)
        assert came.waiting == []
        assert came.behind == []
    agree(ring)


@pytest.mark.both_places
@pytest.mark.parametrize("behind", ["its letter", "an earlier one"])
@pytest.mark.parametrize("sent_is_lower", [True, False])
def test_a_line_that_was_built_and_not_sent_is_settled_as_one_that_was(
    ring: Ring, digests: Digests, behind: str, *, sent_is_lower: bool
) -> None:
    office, station, _ = ring.pcs
    ring.settle()
    names = ["first line", "second line"]
    if behind == "an earlier one":
        names.append("before the image")
        with nothing_comes_through(office):
            write(office, "before the image")
    image = ring.image(office)
    digests(sent_is_lower)
    write(office, "first line")
    station.round()
    office = ring.restore(office, image)
    office.clock.advance(minutes=5)
    digests(not sent_is_lower)
    letters = {"a.txt": b"a letter"} if behind == "its letter" else {}
    attach(office, letters, to="second line")
    with nothing_comes_through(office):
        assert office.round().trouble is not None
    # it lies in the outbox alone
    built = outbox.unsent(office.store)[-1]
    assert built.name not in office.means.shelf.kept
    settled(ring, *names)
    assert all(letters_on(pc.store) == letters for pc in ring.pcs)


@pytest.mark.both_places
@pytest.mark.parametrize("first_is_lower", [True, False])
@pytest.mark.parametrize("second_is_lower", [True, False])
def test_what_comes_before_the_place_where_two_lines_part_waits_for_it(
    ring: Ring, digests: Digests, *, first_is_lower: bool, second_is_lower: bool
) -> None:
    """Each line has two segments; of the one that is new here the later comes first."""
    office, station, night = ring.pcs
    write(office, "before")
    ring.settle()
    image, then = ring.image(office), state(ring.place)
    digests(first_is_lower, second_is_lower)
    for name in ("one", "two"):
        write(office, name)
    night.round()
    there = state(ring.place)
    *_, parting, later = sorted(key for key in there.keys() - then.keys() if key.endswith(".seg"))
    office = put_back(ring, office, image, then)
    digests(not first_is_lower, not second_is_lower)
    for name in ("another one", "another two"):
        write(office, name)
    station.round()
    add(ring.place, {later: there[later]})
    for pc in (office, station, office, station):
        came = pc.round()
        # which of the two counts is not to be said before the one before it is here
        assert residents(pc) == {"before", "another one", "another two"}
        assert [(wait.name, wait.reason) for wait in came.waiting] == [(later, _MISSING)]
    add(ring.place, {parting: there[parting]})
    settled(ring, "before", "one", "two", "another one", "another two")


@pytest.mark.parametrize("first_is_lower", [True, False])
def test_lines_that_part_where_a_bundle_ends_are_settled_alike_too(
    ring: Ring, digests: Digests, monkeypatch: pytest.MonkeyPatch, *, first_is_lower: bool
) -> None:
    monkeypatch.setattr(compacting, "WORTH_IT", 5)
    office, station, night = ring.pcs
    names = written(office, 8)
    ring.settle(3)
    assert singles(ring, office) == 0
    assert own(ring, office)
    image, then = ring.image(office), state(ring.place)
    digests(first_is_lower)
    write(office, "first line")
    night.round()
    there = state(ring.place)
    office = put_back(ring, office, image, then)
    digests(not first_is_lower)
    write(office, "second line")
    station.round()
    add(ring.place, there)
    settled(ring, *names, "first line", "second line")


@pytest.mark.parametrize("first_is_lower", [True, False])
def test_what_was_erased_on_one_of_two_lines_leaves_each_pc_able_to_settle_them(
    ring: Ring,
    digests: Digests,
    *,
    first_is_lower: bool,
) -> None:
    office, station, night = ring.pcs
    write(office, "Mary")
    mary = named(office, "Mary")
    change(office, mary, alerts=SECRET)
    ring.settle()
    image, then = ring.image(office), state(ring.place)
    digests(first_is_lower)
    write(office, "first line")
    erase(office.store, "resident", mary, "alerts")
    office.round()
    station.round()
    there = state(ring.place)
    office = put_back(ring, office, image, then)
    digests(not first_is_lower)
    write(office, "second line")
    write(office, "and more")
    night.round()
    add(ring.place, there)
    settled(ring, "Mary", "first line", "second line", "and more")
    # what comes before the two lines is bundled all the same
    assert [name[:10] for name in bundles(ring, office)] == ["0000000002"]
