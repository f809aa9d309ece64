"""What holds the invariants of writing and sending is taken out once, as in ``test_sabotage``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from liaison.records.home import Resident
from liaison.store import kept_choices, outbox, segments, stamps
from liaison.store import unit as units_of_work
from liaison.store.changes import Envelope
from liaison.store.merge import units_after
from liaison.store.outbox import Unsent
from liaison.store.segments import Frontier
from liaison.store.stamps import Clock, Stamper
from liaison.store.store import Store
from liaison.store.unit import MOST_CHANGES, UnitOfWork
from liaison.sync import body, mending, pushing, sealed
from liaison.sync.folder import FolderTrouble
from liaison.sync.means import Means
from liaison.sync.roster import EpochKey
from liaison.sync.rounds import Round
from liaison.sync.sealed import Refused
from tests.store.conftest import FakeClock
from tests.sync.conftest import PERSON, MakeRing, Pc, Ring
from tests.sync.places import Lying, wipe
from tests.sync.scenes import attach, change, found, letters_on, residents
from tests.sync.test_kill import KillAt
from tests.sync.test_power_cut import save_and_die

LETTER = {"letter.txt": b"Dear Mary"}


# ---- 1: a unit and its place in the outbox


def test_place_in_the_outbox(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes just when a save is on the disk."""

    def die(pc: Pc) -> None:
        save_and_die(pc, KillAt(1, after=True))

    def scene(save: Callable[[Pc], object]) -> list[set[str]]:
        ring = make_ring()
        office, station = ring.pcs
        ring.settle()
        save(office)
        office = ring.reopen(office)
        ring.settle()
        return [residents(office), residents(station)]

    assert scene(die) == [{"Mary"}, {"Mary"}]
    note_what_is_to_be_sent_afterwards(monkeypatch)
    # as long as nothing happens in between, nobody sees what is wrong
    assert scene(lambda pc: pc.add(Resident(name="Mary"))) == [{"Mary"}, {"Mary"}]
    assert scene(die) == [{"Mary"}, set()]


def note_what_is_to_be_sent_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a list of what is to be sent, beside the log and in a transaction of its own."""
    in_one, from_the_log, listed = Store.unit, pushing.build, "to be sent"

    @contextmanager
    def unit(
        self: Store, person: int, reason: str = "", *, kind: str = "save", batch: int | None = None
    ) -> Iterator[UnitOfWork]:
        with in_one(self, person, reason, kind=kind, batch=batch) as work:
            yield work
        kept_choices.keep_choice(self, listed, {"units": True})

    def build(means: Means, result: Round) -> None:
        if kept_choices.kept_choice(means.store, listed):
            from_the_log(means, result)
            kept_choices.keep_choice(means.store, listed, {})

    monkeypatch.setattr(Store, "unit", unit)
    monkeypatch.setattr(pushing, "build", build)


# ---- 2: whole units, not too many, built once, kept until the storage has them


def test_whole_units(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two residents are one save; a segment that is cut between them holds no unit at all."""

    def scene() -> set[str]:
        ring = make_ring()
        office, station = ring.pcs
        ring.settle()
        with office.store.unit(PERSON, "") as unit:
            unit.add(Resident(name="Mary"))
            unit.add(Resident(name="John"))
        ring.settle()
        return residents(station)

    assert scene() == {"Mary", "John"}
    whole = pushing._next_units

    def cut_off(means: Means, at: Frontier) -> list[Envelope]:
        *before, last = whole(means, at)
        return [*before, last._replace(changes=last.changes[:1])]

    monkeypatch.setattr(pushing, "_next_units", cut_off)
    assert scene() == set()


def test_most_changes(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two large saves wait to be sent; nobody reads a segment that holds more than one may."""
    half = MOST_CHANGES // 2 + 1

    def scene() -> int:
        ring = make_ring()
        office, station = ring.pcs
        ring.settle()
        for save in range(2):
            with office.store.unit(PERSON, "", kind="import") as unit:
                for number in range(half):
                    unit.add(Resident(name=f"R{save}.{number}"))
        ring.settle(2)
        return len(residents(station))

    assert scene() == 2 * half
    monkeypatch.setattr(pushing, "MOST_CHANGES", 1 << 40)
    # not even the PC that built it
    with pytest.raises(Refused, match="no units of work"):
        scene()


def test_built_once(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The storage took a segment and its answer was lost, so it is sent again."""

    def scene() -> list[int]:
        ring = make_ring()
        office, _ = ring.pcs
        ring.settle()
        begin = set(ring.segments())
        office.add(Resident(name="Mary"))
        really = office.means.transport.put

        def put(key: str, data: bytes) -> None:
            really(key, data)
            raise FolderTrouble("The answer was lost.", code="lost")

        with pytest.MonkeyPatch.context() as line:
            line.setattr(office.means.transport, "put", put)
            assert office.round().trouble is not None
            # nor does the storage show at once what it took
            line.setattr(office.means.transport, "put", really)
            line.setattr(office.means.transport, "list", lambda *_: [])
            assert office.round().sent == 1
        numbers = [found(path).header.seq for path in set(ring.segments()) - begin]
        return [number - min(numbers) for number in numbers]

    assert scene() == [0]
    kept = pushing.send

    def built_for_each_try(means: Means, result: Round, there: frozenset[str]) -> set[str]:
        for one in outbox.unsent(means.store):
            at = segments.frontier(means.store, one.tag)
            assert at is not None
            before = sealed.read(one.data)
            outbox.forget(means.store, one.tag, one.seq - 1)
            previous = sealed.require_home(before, means.home).header.previous
            segments.set_frontier(means.store, one.tag, one.seq - 1, previous)
        pushing.build(means, result)
        return kept(means, result, there)

    monkeypatch.setattr(pushing, "send", built_for_each_try)
    # two segments with one number
    assert scene() == [0, 0]


@pytest.mark.parametrize("full_at", ["attachment", "segment"])
def test_marked_sent_before_put(
    make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch, full_at: str
) -> None:
    """The disk is full at the moment at which a segment, or what it names, goes out."""

    def scene() -> tuple[set[str], dict[str, bytes]]:
        ring = make_ring()
        office, station = ring.pcs
        ring.settle()
        attach(office, LETTER)

        def full(_name: str, _data: bytes) -> None:
            raise FolderTrouble("The disk is full.", code="disk-full")

        where = office.means.transport if full_at == "attachment" else office.means.shelf
        with pytest.MonkeyPatch.context() as disk:
            disk.setattr(where, "put", full)
            assert office.round().trouble is not None
        ring.settle()
        return residents(station), letters_on(station.store)

    assert scene() == ({"Mary"}, LETTER)
    send_blobs = pushing._send_blobs

    def marked_first(means: Means, one: Unsent) -> None:
        outbox.mark_sent(means.store, one.tag, one.seq)
        send_blobs(means, one)

    monkeypatch.setattr(pushing, "_send_blobs", marked_first)
    assert scene() == (set(), {})


# ---- 7: an attachment is there before what names it


def test_attachment_first(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The station looks into the storage after every single object that the office lays there."""

    def scene() -> tuple[int, dict[str, bytes]]:
        ring = make_ring()
        office, station = ring.pcs
        ring.settle()
        attach(office, LETTER)
        missed: list[int] = []
        really = office.means.transport.put

        def put(key: str, data: bytes) -> None:
            really(key, data)
            missed.append(station.round().blobs_missing)

        with pytest.MonkeyPatch.context() as line:
            line.setattr(office.means.transport, "put", put)
            office.round()
        return max(missed), letters_on(station.store)

    assert scene() == (0, LETTER)
    send_blobs = pushing._send_blobs

    def segment_first(means: Means, one: Unsent) -> None:
        means.shelf.put(one.name, one.data)
        means.transport.put(one.name, one.data)
        send_blobs(means, one)

    monkeypatch.setattr(pushing, "_send_blobs", segment_first)
    # it comes with a later round, if the office lives to see it
    assert scene() == (1, LETTER)


def test_attachment_first_where_it_was_lost(
    make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The storage is wiped; whoever has a letter gives it what it lost, and never comes again."""

    def scene() -> tuple[set[str], dict[str, bytes]]:
        ring = make_ring()
        office, station = ring.pcs
        ring.settle()
        attach(office, LETTER)
        office.round()
        wipe(ring.place)
        office.round()
        for _ in range(3):
            station.round()
        return residents(station), letters_on(station.store)

    assert scene() == ({"Mary"}, LETTER)
    monkeypatch.setattr(mending, "_named_in", lambda *_: {})
    assert scene() == ({"Mary"}, {})


# ---- 8: keys are only added


def test_segment_ends_where_a_key_begins(
    make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written after a PC was removed must not go under a key that it has."""

    def scene() -> set[str]:
        ring = make_ring()
        office, _ = ring.pcs
        ring.settle()
        begin = set(ring.segments())
        office.add(Resident(name="before"))
        (brings,) = office.store.connection.execute("SELECT max(id) FROM unit").fetchone()
        ring.keys.epochs.append((brings, EpochKey("epoch-2", b"f" * 32)))
        office.add(Resident(name="after"))
        office.round()
        return read_with_the_old_key(ring, begin)

    assert scene() == {"before"}
    monkeypatch.setattr(
        pushing,
        "_next_units",
        lambda means, at: units_after(means.store, at.replica.tag, at.covered),
    )
    assert scene() == {"before", "after"}


def read_with_the_old_key(ring: Ring, but: set[Lying]) -> set[str]:
    """Return the residents in segments that the home's first key opens."""
    names: set[str] = set()
    for path in set(ring.segments()) - but:
        one = found(path)
        try:
            content = sealed.open_body(one, b"e" * 32)
        except Refused:
            continue
        for envelope in body.decode(content, one.header.tag):
            names |= {str(c.fields["name"]) for c in envelope.changes if "name" in c.fields}
    return names


# ---- 12: a wrong clock never refuses a write


class ByTheClock(Stamper):
    """Gives stamps by the clock alone, whatever was given or seen before."""

    def __init__(self, tag: int, _last: int, clock: Clock) -> None:
        super().__init__(tag, 0, clock)


def save_by_another_clock(make_ring: MakeRing, year: int) -> list[str | None]:
    """Save on a PC whose clock shows another year; return what each PC shows then."""
    ring = make_ring()
    office, _ = ring.pcs
    office.clock.advance(minutes=1)
    mary = office.add(Resident(name="Mary", room="1"))
    ring.settle()
    office.clock.now = office.clock.now.replace(year=year)
    change(office, mary, room="2")
    ring.settle()
    return [room_of(pc, mary) for pc in ring.pcs]


def test_clock_that_goes_back(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The battery of a PC is empty: it thinks that it is ten years ago, and somebody saves."""
    year = FakeClock().now.year - 10
    assert save_by_another_clock(make_ring, year) == ["2", "2"]
    monkeypatch.setattr(units_of_work, "Stamper", ByTheClock)
    # the other PC never takes in what was written again
    assert save_by_another_clock(make_ring, year) == ["2", "1"]


def test_clock_beyond_what_fits(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock is set to a year whose moments no stamp can hold."""
    assert save_by_another_clock(make_ring, 9998) == ["2", "2"]
    monkeypatch.setattr(stamps, "_YEAR_2200", stamps.LARGEST)
    with pytest.raises(OverflowError):
        save_by_another_clock(make_ring, 9998)


def room_of(pc: Pc, mary: int) -> str | None:
    shown = pc.store.get("resident", mary)
    assert isinstance(shown, Resident)
    return shown.room
