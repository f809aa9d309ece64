"""A new PC is filled from a signed copy and the segments after it; without a good one, from segments."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.records.administration import Attachment
from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.new_folders import HomeExists
from liaison.services.pcs import belonging, inviting, joining, letting_in, removing
from liaison.services.pcs.roster import HomeRoster, means_of
from liaison.store import blobs, migrations
from liaison.store import snapshot as copies
from liaison.store.blobs import read_blob
from liaison.store.query import Query, every
from liaison.store.replicas import Replica, admit
from liaison.store.store import Store, now
from liaison.sync import snapshot
from liaison.sync.means import Means
from liaison.sync.roster import EpochKey
from liaison.sync.stopping import Stopped, stoppable
from liaison.sync.transport import Transport
from tests.homes import CHEAP, make
from tests.services.pcs.houses import Crash, House, digests, failing, residents, sound
from tests.sync import places
from tests.sync.places import Lying


def lying(house: House) -> list[Lying]:
    """Return what lies there for first fills."""
    return [one for one in places.lying(house.place, "") if "/snap/" in one.key]


def pieces_of(house: House) -> list[Lying]:
    """Return the pieces of it."""
    return [one for one in lying(house) if one.name.endswith(".part")]


def means(home: OpenHome, house: House) -> Means:
    return means_of(home, house.storage, HomeRoster(home))


@pytest.mark.both_places
def test_a_new_pc_holds_everything_before_its_first_round_and_the_rest_after_it(
    house: House, tmp_path: Path
) -> None:
    office = house.office
    with office.unit() as unit:
        tom = unit.add(Resident(name="Tom Hall"))
        blobs.attach(
            office.store, unit, office.unlocked.vault.blob_key, owner_type="resident", owner=tom,
            name="letter.txt", media_type="text/plain", data=b"Dear Tom",
        )  # fmt: skip
    folder = tmp_path / "laptop"
    waiting = house.let_in("Laptop", folder)
    before = digests(office)
    editing.add(office, Resident(name="Ann Dale"))
    waiting = joining.fetch(waiting, folder, house.storage)
    laptop = house.complete(waiting, folder)
    assert digests(laptop) == before
    (letter,) = every(laptop.store, Query("attachment"))
    assert isinstance(letter, Attachment)
    assert read_blob(laptop.store, letter) == b"Dear Tom"
    editing.add(laptop, Resident(name="Kit Moss"))
    house.rounds()
    assert residents(office) == {"Tom Hall", "Ann Dale", "Kit Moss"}
    assert len(digests(*house.pcs)) == 1
    assert all(sound(home) for home in house.pcs)
    assert laptop.unlocked.vault.tag == laptop.store.context.tag != office.store.context.tag
    assert not list(tmp_path.glob(".laptop*"))


def test_what_a_pc_attached_before_it_was_removed_comes_with_the_fill(
    house: House, tmp_path: Path
) -> None:
    nurses = house.join("Nurses")
    with nurses.unit() as unit:
        tom = unit.add(Resident(name="Tom Hall"))
        blobs.attach(
            nurses.store, unit, nurses.unlocked.vault.blob_key, owner_type="resident", owner=tom,
            name="letter.txt", media_type="text/plain", data=b"Dear Tom",
        )  # fmt: skip
    house.rounds()
    removing.remove(house.office, nurses.unlocked.vault.pc.id or 0, "It was stolen")
    house.rounds(house.office)
    folder = tmp_path / "laptop"
    laptop = house.complete(
        joining.fetch(house.let_in("Laptop", folder), folder, house.storage), folder
    )
    (letter,) = every(laptop.store, Query("attachment"))
    assert isinstance(letter, Attachment)
    assert read_blob(laptop.store, letter) == b"Dear Tom"
    assert not list(tmp_path.glob(".laptop*"))


def test_the_copy_lies_there_until_the_pc_was_heard(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "laptop"
    waiting = house.let_in("Laptop", folder)
    house.rounds(house.office)
    there = lying(house)
    assert there
    # a second one that is let in meanwhile is filled from the same
    second = house.let_in("Laptop", tmp_path / "second")
    assert lying(house) == there
    for one, place in ((waiting, folder), (second, tmp_path / "second")):
        assert lying(house) == there
        home = house.complete(joining.fetch(one, place, house.storage), place)
        house.rounds(home, house.office, times=1)
    assert lying(house) == []
    assert len(digests(*house.pcs)) == 2
    house.rounds()
    assert len(digests(*house.pcs)) == 1


def test_the_copy_goes_when_the_pc_never_comes(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.let_in("Laptop", tmp_path / "laptop")
    refused = HomeExists("this storage lets nothing be taken away")
    house.office.store.clock = lambda: now() + dt.timedelta(days=8)
    with monkeypatch.context() as patch:
        patch.setattr(house.kind, "remove", lambda *_: (_ for _ in ()).throw(refused))
        house.rounds(house.office, times=1)
    assert lying(house)
    # asked again on another day, not with every round
    house.rounds(house.office, times=1)
    assert lying(house)
    house.office.store.clock = lambda: now() + dt.timedelta(days=9)
    house.rounds(house.office, times=1)
    assert lying(house) == []


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_an_approval_that_ends_anywhere_is_gone_on_with(
    house: House, tmp_path: Path, step: int, *, after: bool
) -> None:
    folder = tmp_path / "laptop"
    made = inviting.invite(house.office, house.storage)
    waiting = joining.ask(made.invitation, folder, house.storage, "Laptop", cost=CHEAP)
    # the piece, the manifest, the welcome
    with pytest.raises(Crash):
        letting_in.approve(
            house.office, failing(house, step, after=after), waiting.digits, cost=CHEAP
        )
    if not (step == 3 and after):
        waiting = joining.ask(made.invitation, folder, house.storage, "Laptop", cost=CHEAP)
        assert not waiting.is_let_in
    house.rounds(house.office, times=1)
    waiting = joining.ask(made.invitation, folder, house.storage, "Laptop", cost=CHEAP)
    waiting = joining.fetch(waiting, folder, house.storage)
    assert waiting.copy is not None
    # one manifest and its one piece: nothing is left of what was begun
    assert len(lying(house)) == 2


def test_without_room_for_a_copy_the_pc_is_told_all_the_same(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = HomeExists("the storage is full")
    monkeypatch.setattr(snapshot, "publish", lambda *_: (_ for _ in ()).throw(full))
    folder = tmp_path / "laptop"
    waiting = joining.fetch(house.let_in("Laptop", folder), folder, house.storage)
    assert (waiting.copy, waiting.no_copy) == (None, None)
    house.complete(waiting, folder)
    house.rounds()
    assert len(digests(*house.pcs)) == 1


def test_where_nothing_may_be_deleted_a_new_copy_is_laid_all_the_same(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = HomeExists("this storage lets nothing be taken away")
    monkeypatch.setattr(house.kind, "remove", lambda *_: (_ for _ in ()).throw(refused))
    lost = house.join("Nurses")
    put(house, lost)
    # the key is another one afterwards: the copies of before are of no use
    removing.remove(house.office, lost.unlocked.vault.pc.id or 0, "It was stolen")
    house.rounds(house.office)
    folder = tmp_path / "laptop"
    waiting = joining.fetch(house.let_in("Laptop", folder), folder, house.storage)
    assert waiting.copy is not None


def test_laying_a_copy_ends_when_nobody_waits_for_the_storage(house: House) -> None:
    put(house, house.office)
    before = lying(house)
    stopped = stoppable(house.storage, lambda: True)
    with pytest.raises(Stopped):
        snapshot.tidy(means_of(house.office, stopped, HomeRoster(house.office)), {1})
    assert lying(house) == before


class Enough(Exception):
    """Somebody stops waiting."""


@pytest.mark.both_places
def test_a_fetch_that_was_stopped_goes_on_where_it_was(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "PIECE_BYTES", 128 * 1024)
    folder = tmp_path / "laptop"
    waiting = house.let_in("Laptop", folder)
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done * 2 > total:
            raise Enough

    with pytest.raises(Enough):
        joining.fetch(waiting, folder, house.storage, stop)
    assert not folder.exists()
    asked: list[str] = []
    real = house.kind.get

    def noting(self: Transport, key: str) -> bytes | None:
        asked.append(key)
        return real(self, key)  # type: ignore[arg-type]  # of that kind

    monkeypatch.setattr(house.kind, "get", noting)
    # also when the program was started anew: only the file that had come is left
    waiting = joining.fetch(waiting, folder, house.storage)
    pieces = [name for name in asked if name.endswith(".part")]
    assert 0 < len(pieces) < len(pieces_of(house)) / 2 + 1
    assert told == sorted(told)
    house.complete(waiting, folder)
    assert len(digests(*house.pcs)) == 1


def test_a_crash_while_the_copy_becomes_the_home_leaves_none(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "laptop"
    waiting = joining.fetch(house.let_in("Laptop", folder), folder, house.storage)

    def crash(*_: object) -> None:
        raise Crash

    for owner, name in ((copies, "begin_life"), (copies, "rekey_copy"), (copies, "read_context")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, crash)
            with pytest.raises(Crash):
                house.complete(waiting, folder)
        assert not folder.exists()
        waiting = joining.fetch(waiting, folder, house.storage)
    house.complete(waiting, folder)
    assert len(digests(*house.pcs)) == 1


# ---- copies that must not count


def put(house: House, home: OpenHome, **changed: object) -> None:
    """Lay a copy there that somebody made otherwise than they should."""
    wrong = dataclasses.replace(means(home, house), **changed)  # type: ignore[arg-type]
    snapshot.publish(wrong, home.folder, snapshot.epoch_of(wrong))


def strangers(house: House, _: pytest.MonkeyPatch) -> None:
    put(house, house.office, signer=Ed25519PrivateKey.generate())


def of_another_home(house: House, _: pytest.MonkeyPatch) -> None:
    other, _key = make(house.root / "ivy")
    with other:
        belonging.found(other)
        there = means(other, house)
        name = snapshot.publish(there, other.folder, snapshot.epoch_of(there))
        forged = name.replace(there.home, house.office.store.context.home)
        office = house.office.unlocked.vault.pc
        for one in lying(house):
            if house.office.store.context.home in one.key.split("/"):
                one.unlink()
        house.storage.put(forged, house.storage.get(name) or b"")
        assert office.id


def with_a_wrong_head(house: House, patch: pytest.MonkeyPatch) -> None:
    real = copies.write_snapshot

    def wrong(store: Store, copy: Path, key: bytes) -> tuple[copies.Head, ...]:
        first, *rest = real(store, copy, key)
        return first._replace(seq=first.seq + 1), *rest

    with patch.context() as here:
        here.setattr(copies, "write_snapshot", wrong)
        put(house, house.office)


def with_a_writer_nobody_let_in(house: House, _: pytest.MonkeyPatch) -> None:
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with house.office.store.writing() as connection:
        admit(connection, Replica(4095, 12345, 0, stranger))
    put(house, house.office)
    with house.office.store.writing() as connection:
        connection.execute("DELETE FROM replica WHERE tag = 4095")


def of_a_newer_liaison(house: House, patch: pytest.MonkeyPatch) -> None:
    with patch.context() as here:
        here.setattr(copies, "schema", lambda: f"{migrations.names()[-1]}_and_more")
        put(house, house.office)


def under_an_older_key(house: House, _: pytest.MonkeyPatch) -> None:
    epoch = house.office.unlocked.vault.epochs[0]
    snapshot.publish(means(house.office, house), house.office.folder, EpochKey(epoch.id, epoch.key))


def damaged(house: House, _: pytest.MonkeyPatch) -> None:
    piece = pieces_of(house)[0]
    piece.write_bytes(piece.read_bytes()[:-1] + b"x")


def half_gone(house: House, _: pytest.MonkeyPatch) -> None:
    pieces_of(house)[0].unlink()


SABOTAGE = (
    strangers, of_another_home, with_a_wrong_head, with_a_writer_nobody_let_in, of_a_newer_liaison,
    damaged, half_gone,
)  # fmt: skip


@pytest.mark.parametrize("sabotage", SABOTAGE, ids=lambda one: one.__name__)
def test_a_copy_that_is_not_what_it_should_be_is_not_used_and_the_segments_fill_the_pc(
    house: House,
    tmp_path: Path,
    sabotage: Callable[[House, pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    editing.add(house.office, Resident(name="Margaret Ellis"))
    folder = tmp_path / "laptop"
    waiting = house.let_in("Laptop", folder)
    sabotage(house, monkeypatch)
    waiting = joining.fetch(waiting, folder, house.storage)
    laptop = house.complete(waiting, folder)
    # nothing of it is here, and nothing half-made
    assert residents(laptop) == set()
    assert (waiting.no_copy is None) == (waiting.copy is not None)
    house.rounds()
    assert residents(laptop) == {"Margaret Ellis"}
    assert len(digests(*house.pcs)) == 1
    assert all(sound(home) for home in house.pcs)


def test_neither_a_removed_pcs_copy_nor_one_from_before_a_removal_is_used(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nurses = house.join("Nurses")
    put(house, nurses)
    theirs = {one.key: one.read_bytes() for one in lying(house)}
    assert theirs
    removing.remove(house.office, nurses.unlocked.vault.pc.id or 0, "It was stolen")
    house.rounds(house.office)
    folder = tmp_path / "laptop"
    waiting = house.let_in("Laptop", folder)
    # whoever lets one in takes away what removed PCs had laid there
    assert theirs.keys().isdisjoint(house.place.keys())
    for one in lying(house):
        one.unlink()
    places.add(house.place, theirs)
    assert joining.fetch(waiting, folder, house.storage).copy is None
    # not even if somebody had told that PC the newest key
    newest = snapshot.epoch_of(means(house.office, house))
    snapshot.publish(means(nurses, house), nurses.folder, newest)
    assert joining.fetch(waiting, folder, house.storage).copy is None
    under_an_older_key(house, monkeypatch)
    waiting = joining.fetch(waiting, folder, house.storage)
    assert waiting.copy is None
    assert waiting.no_copy is not None


def test_a_copy_that_was_replaced_in_the_middle_is_fetched_from_the_newer_one(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "laptop"
    waiting = house.let_in("Laptop", folder)
    real = house.kind.get

    def replacing(self: Transport, key: str) -> bytes | None:
        if key.endswith(".part"):
            monkeypatch.setattr(house.kind, "get", real)
            put(house, house.office)
        return real(self, key)  # type: ignore[arg-type]  # of that kind

    monkeypatch.setattr(house.kind, "get", replacing)
    assert joining.fetch(waiting, folder, house.storage).copy is not None
