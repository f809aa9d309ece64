"""The exchange between PCs: taking in, a round, an idle round, the first fill, bytes a change."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import homes, merging, pens
from benchmarks.harness import Bench, Result, check, compare, timed
from liaison.records.casework import Visit, VisitEntry
from liaison.store import blobs
from liaison.store.blobs import blob_id
from liaison.store.replicas import Replica
from liaison.store.store import FILE_NAME, Store
from liaison.store.unit import MOST_CHANGES
from liaison.store.verify import state_digest
from liaison.sync import body, names, sealed, snapshot
from liaison.sync.exchange import Exchange
from liaison.sync.folder import Folder
from liaison.sync.means import Means
from liaison.sync.roster import EpochKey
from liaison.sync.sealed import NO_HASH, Header
from liaison.sync.shelf import FOLDER_NAME, Shelf

if TYPE_CHECKING:
    from liaison.store.changes import Envelope

_HOME = "benchmark"
_EPOCH = EpochKey("epoch", bytes(range(32)))
_ME = pens.Pen(5)
_SAVES = 20
_LETTERS = 100
_ROUNDS = 50


class _Everybody:
    """Believes the PCs it is given; one key for everything; nobody is ever set back."""

    def __init__(self, *pens: pens.Pen) -> None:
        self._keys = {pen.replica.pc: pen.replica.public_key for pen in (_ME, *pens)}

    def signing_key(self, pc: int) -> bytes | None:
        return self._keys.get(pc)

    def cut(self, pc: int, incarnation: int) -> int | None:  # noqa: ARG002  # nobody is removed
        return None

    def members(self) -> frozenset[int]:
        return frozenset(self._keys)

    def key(self, epoch: str) -> bytes | None:
        return _EPOCH.key if epoch == _EPOCH.id else None

    def spare(self, epoch: str) -> tuple[bytes, ...]:  # noqa: ARG002  # nobody was removed
        return ()

    def for_writing(self, unit: int) -> EpochKey:  # noqa: ARG002  # one key for everything
        return _EPOCH

    def begin(self, incarnation: int) -> Replica:
        message = f"nobody was set back, yet life {incarnation} was begun"
        raise AssertionError(message)


def _exchange(store: Store, storage: Path, *pens: pens.Pen) -> Exchange:
    everybody = _Everybody(*pens)
    return Exchange(
        Means(
            store=store,
            transport=Folder(storage),
            shelf=Shelf(store.path.parent / FOLDER_NAME),
            roster=everybody,
            keys=everybody,
            lives=everybody,
            signer=_ME.signer,
            pc=_ME.replica.pc,
            blob_key=bytes(32),
        )
    )


def take_in_segments(bench: Bench) -> Iterator[Result]:
    """100,000 changes of one field each by another PC, in 20 segments that lie in a folder.

    Ours is a whole round: list, read, signature, decrypt, unpack, chain, merge, keep the segment on
    the shelf. The floor fills the same tables of a copy of the same encrypted home, with its
    triggers, in as large transactions (see ``merge``), from rows made before the clock starts.
    """
    home = bench.homes.of(homes.MIDDLE)
    base = bench.homes.copy(home.path)
    pen = pens.Pen(7)
    with homes.open_store(base) as store:
        homes.admit_pen(store, pen)
    envelopes = list(merging._edits(pen, home, MOST_CHANGES))  # noqa: SLF001  # the same work
    storage = bench.homes.folder()
    _lay_down(storage, pen, envelopes)
    rows = [merging._rows([one]) for one in envelopes]  # noqa: SLF001  # the same floor
    digests: dict[str, str] = {}

    def ours() -> float:
        path = bench.homes.copy(base)
        with homes.open_store(path) as store:
            exchange = _exchange(store, _copy(bench, storage), pen)
            with timed() as watch:
                result = exchange.round()
            done = sum(len(one.changes) for one in envelopes)
            check(result.changes == done and not result.waiting, "not all was taken in")
            # every turn does the same: one state of each is compared
            if "ours" not in digests:
                digests["ours"] = state_digest(store.connection)
        bench.homes.forget(path)
        return watch.seconds

    def floor() -> float:
        path = bench.homes.copy(base)
        with homes.open_store(path) as store:
            with timed() as watch:
                for part in rows:
                    with store.applying() as connection:
                        merging._fill(connection, *part)  # noqa: SLF001  # the same floor
            if "floor" not in digests:
                digests["floor"] = state_digest(store.connection)
        bench.homes.forget(path)
        return watch.seconds

    name = "take in 100k changes from segments"
    yield compare(name, 2.5, bench.turns(2, 7), ours, floor, rehearsed=bench.quick)
    check(digests["ours"] == digests["floor"], "the floor did not reach the same state")


def _lay_down(storage: Path, pen: pens.Pen, envelopes: Sequence[Envelope]) -> None:
    """Write one segment for each unit."""
    folder = Folder(storage, durable=False)
    previous, before = NO_HASH, NO_HASH
    for seq, one in enumerate(envelopes, 1):
        header = Header(
            sealed.SEGMENT, _HOME, pen.replica.pc, 0, pen.tag, first=seq, seq=seq,
            previous=previous, changes=len(one.changes),
        )  # fmt: skip
        data = sealed.seal(header, body.encode(before, [one]), _EPOCH, pen.signer)
        previous, before = sealed.digest_of(data), one.unit.hash
        folder.put(names.segment(_HOME, pen.replica.pc, 0, seq, previous), data)


def _copy(bench: Bench, storage: Path) -> Path:
    return Path(shutil.copytree(storage, bench.homes.folder() / "storage"))


def round_with_ten(bench: Bench) -> Iterator[Result]:
    """A round that sends ten changes, in a home with 200,000 visit notes and in one with 1,000."""
    large, small = (busy_home(bench, entries) for entries in (homes.LARGE, homes.TINY))
    yield compare(
        "round with 10 changes, 200k home : 1k", 1.2, bench.turns(8, 30), large.ten, small.ten
    )
    large.close()
    small.close()


def idle_round(bench: Bench) -> Iterator[Result]:
    """A round with nothing to do; the floor lists the same two folders of the storage.

    Twice: by an exchange that is kept and remembers the last round, and as the window does it, which
    opens the home for each round and remembers nothing.
    """
    busy = busy_home(bench, homes.MIDDLE)
    for _ in range(_ROUNDS):
        busy.ten()
    check(busy.exchange.round().trouble is None, "the last round went wrong")

    def ours() -> float:
        with timed() as watch:
            for _ in range(10):
                result = busy.exchange.round()
        check(not result.sent and not result.taken and not result.given_back, "it was not idle")
        return watch.seconds

    def floor() -> float:
        transport = busy.exchange.means.transport
        with timed() as watch:
            for _ in range(10):
                found = transport.list(names.segments(_HOME))
                transport.list(names.beats(_HOME))
        check(found, "nothing was listed")
        return watch.seconds

    def anew() -> float:
        means = busy.exchange.means
        with timed() as watch:
            for _ in range(10):
                with homes.open_store(busy.path) as store:
                    result = Exchange(dataclasses.replace(means, store=store)).round()
        check(not result.sent and not result.taken and not result.given_back, "it was not idle")
        return watch.seconds

    turns = bench.turns(8, 30)
    yield compare("10 idle rounds, exchange kept", 1.5, turns, ours, floor)
    yield compare("10 idle rounds, the home opened for each", None, turns, anew, floor)
    busy.close()


@dataclasses.dataclass(slots=True)
class BusyHome:
    """A home that has sent all it has."""

    path: Path
    store: Store
    exchange: Exchange
    resident: int
    person: int

    def ten(self) -> float:
        """Save a visit with nine notes and send it."""
        with self.store.unit(self.person, "") as unit:
            visit = unit.add(Visit(kind="visit"))
            for number in range(9):
                unit.add(VisitEntry(visit=visit, resident=self.resident, found=f"note {number}"))
        # as the window does it: an exchange of its own for each round
        with timed() as watch:
            result = Exchange(self.exchange.means).round()
        check(result.sent == 1 and result.trouble is None, "it was not sent")
        return watch.seconds

    def close(self) -> None:
        """Close the home."""
        self.store.close()


def busy_home(bench: Bench, entries: int) -> BusyHome:
    """Open a home with so many notes of which everything was sent."""
    home = bench.homes.of(entries)
    path = bench.homes.copy(home.path)
    store = homes.open_store(path)
    exchange = _exchange(store, bench.homes.folder())
    exchange.round()
    check(exchange.round().trouble is None, "the first rounds went wrong")
    return BusyHome(path, store, exchange, home.residents[0], home.person)


def first_fill(bench: Bench) -> Iterator[Result]:
    """A new PC is filled: the copy made, laid into a folder, fetched and given its own key.

    The attachments lie in the folder before, as in every home that exchanges; they are fetched and
    put in too, all of them. The floor writes the same database anew, attachments and all (``VACUUM
    INTO``), and copies that file.
    """
    home = bench.homes.of(homes.MIDDLE)
    path = bench.homes.copy(home.path)
    store = homes.open_store(path)
    exchange = _exchange(store, bench.homes.folder())
    means = exchange.means
    attached = _attach(store, home, means.blob_key)
    sent = exchange.round()
    check(sent.trouble is None and not sent.unsent, "the home was not sent")
    size = path.stat().st_size / 1e6

    def ours() -> float:
        folder = bench.homes.folder()
        coming, roster = folder / "coming", _Everybody()
        with timed() as watch:
            name = snapshot.publish(means, folder, _EPOCH)
            data = means.transport.get(name)
            check(data is not None, "there is no manifest")
            manifest = snapshot.read_manifest(data or b"", _HOME, roster.signing_key, roster.key)
            snapshot.fetch(means.transport, manifest, coming)
            snapshot.fetch_attachments(means.transport, manifest, coming, roster.signing_key)
            snapshot.adopt(
                coming, manifest, folder / FILE_NAME, bytes(32),
                key=roster.key, naming=means.blob_key,
            )  # fmt: skip
            snapshot.discard_coming(coming)
        with Store(folder / FILE_NAME, bytes(32)) as new:
            check(new.context.home == _HOME, "it is not the home")
            rows = new.connection.execute("SELECT id, bytes FROM blob").fetchall()
            whole = {name for name, data in rows if blob_id(means.blob_key, data) == name}
            check(whole == attached, "attachments are missing, or are not whole")
        snapshot.withdraw_snapshots(means, {means.pc})
        shutil.rmtree(folder)
        return watch.seconds

    def floor() -> float:
        folder = bench.homes.folder()
        with timed() as watch:
            store.connection.execute("VACUUM INTO ?", (str(folder / "anew"),))
            shutil.copy(folder / "anew", folder / "copy")
            with (folder / "copy").open("r+b") as file:
                os.fsync(file.fileno())
        shutil.rmtree(folder)
        return watch.seconds

    name = f"first fill of a home ({size:.0f} MB)"
    yield compare(name, 2.0, bench.turns(2, 7), ours, floor, rehearsed=bench.quick)
    store.close()


def _attach(store: Store, home: homes.Home, key: bytes) -> set[str]:
    """Attach a hundred letters of a megabyte, which cannot be squeezed; return their names."""
    with store.unit(home.person, "") as unit:
        for number in range(_LETTERS):
            blobs.attach(
                store, unit, key, owner_type="resident",
                owner=home.residents[number % len(home.residents)], name=f"letter {number}.pdf",
                media_type="application/pdf", data=os.urandom(1 << 20),
            )  # fmt: skip
    found = store.connection.execute("SELECT id FROM blob").fetchall()
    check(len(found) == _LETTERS, "letters are missing")
    return {name for (name,) in found}


def bytes_a_change(bench: Bench) -> Iterator[Result]:
    """Bytes in the storage for each change when twenty saves go in one segment.

    A save is a visit with three notes of one resident each, as the form for visits writes it.
    """
    home = bench.homes.of(homes.SMALL)
    path = bench.homes.copy(home.path)
    store = homes.open_store(path)
    exchange = _exchange(store, bench.homes.folder())
    exchange.round()
    count = 0
    for save in range(_SAVES):
        with store.unit(home.person, "") as unit:
            visit = unit.add(Visit(kind="visit"))
            for place in range(3):
                unit.add(
                    VisitEntry(
                        visit=visit,
                        resident=home.residents[(save + place) % len(home.residents)],
                        found="Dressing changed, wound dry and healing.",
                    )
                )
        count += 4
    check(exchange.round().sent == 1, "not one segment")
    newest = max(exchange.means.shelf.kept)
    size = len(exchange.means.shelf.read(newest) or b"")
    store.close()
    each = size / count
    yield Result(
        f"bytes a change, {_SAVES} saves a segment", each, 100.0, each / 100.0, 1.0, unit="B"
    )
