"""The first fill of a new PC: a signed copy of the database in pieces, then the segments after it.

The copy is encrypted pages under a random key of its own. Only the manifest, a sealed object like
any other, says that key and the digest of every piece, so a piece can lie anywhere and be fetched
again: what is wrong with it shows. It lies there from when a PC is let in until that PC was heard.
The attachments are not in it: they are fetched as they lie there (:mod:`liaison.sync.enclosures`).
"""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.files import discard, sweep
from liaison.files import plain_errors as plain_file_errors
from liaison.records import foreign, ids
from liaison.records.rules import times
from liaison.store import driver, segments
from liaison.store import snapshot as copies
from liaison.store.changes import dump
from liaison.store.snapshot import Head
from liaison.sync import beating, enclosures, names, sealed
from liaison.sync.enclosures import ahead, lane
from liaison.sync.sealed import Header, Refused
from liaison.sync.stopping import Stopped
from liaison.sync.transport import Removing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from concurrent.futures import Future
    from pathlib import Path
    from typing import BinaryIO

    from liaison.sync.means import Means
    from liaison.sync.roster import EpochKey
    from liaison.sync.transport import Transport

    Told = Callable[[int, int], object]

PIECE_BYTES: Final = 8 * 1024 * 1024
_MOST_PIECES: Final = 4096
_LARGEST_PIECE: Final = 64 * 1024 * 1024
_MOST_HEADS: Final = 100_000
_MOST_ATTACHED: Final = 1 << 40
_MANIFEST: Final = ".snap"
_COPY: Final = "snapshot"


def _unheard(_done: int, _total: int) -> None:
    """Nobody is told."""


@dataclasses.dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot's maker signed.

    Args:
        home: The home's id.
        pc: The PC that made it.
        at: When, as kept.
        epoch: The name of the key that it is sealed with.
        key: The key of the copy.
        schema: Which version's tables it has.
        heads: How far each chain has come in it.
        pieces: Name, bytes and SHA-256 of each piece, in order.
        attached: The bytes of the attachments that lie beside it in the storage.
    """

    home: str
    pc: int
    at: str
    epoch: str
    key: bytes = dataclasses.field(repr=False)
    schema: str
    heads: tuple[Head, ...]
    pieces: tuple[tuple[str, int, bytes], ...]
    attached: int

    @property
    def size(self) -> int:
        """The bytes of the copy itself."""
        return sum(length for _, length, _ in self.pieces)

    @property
    def whole(self) -> int:
        """The bytes of the copy and of the attachments."""
        return self.size + self.attached


class BadSnapshot(UserError):
    """A snapshot is not whole, or not what its maker signed."""

    code = "bad-snapshot"


def publish(means: Means, work: Path, epoch: EpochKey, told: Told = _unheard) -> str:
    """Lay a snapshot of the home into the storage, for a PC that joins.

    Earlier ones of this PC are taken away first, where that goes: nobody needs two.

    Args:
        means: What the exchange works with.
        work: A folder of this PC for the copy on its way; it is gone afterwards.
        epoch: The key to seal it with, one that the new PC has.
        told: Told how many bytes of how many are there.

    Returns:
        The name of its manifest.

    Raises:
        UserError: The storage or the disk would not go on.
    """
    tidy(means, {means.pc})
    # what killed processes left of such copies long ago
    sweep(work / _COPY)
    copy = work / f".{_COPY}.{secrets.token_hex(6)}.tmp"
    key = secrets.token_bytes(32)
    heads = copies.write_snapshot(means.store, copy, key)
    try:
        # what is not sent yet: the copy speaks of it already
        attached = enclosures.lay(means, epoch)
        with plain_file_errors(copy), copy.open("rb") as file:
            pieces = _put_pieces(means, file, copy.stat().st_size, told)
    finally:
        discard(copy)
    words = {
        "at": times.to_stored(means.store.clock()),
        "key": key.hex(),
        "schema": copies.schema(),
        "heads": [[*head[:4], head.hash.hex()] for head in heads],
        "pieces": [[name, length, digest.hex()] for name, length, digest in pieces],
        "attached": attached,
    }
    header = Header(
        sealed.SNAPSHOT,
        means.home,
        means.pc,
        beating.current_incarnation(means),
        means.store.context.tag,
    )
    data = sealed.seal(header, dump(words).encode(), epoch, means.signer)
    name = names.snapshot(means.home, means.pc, sealed.digest_of(data))
    # last: a manifest never names a piece that is not there
    means.transport.put(name, data)
    return name


def _put_pieces(
    means: Means, file: BinaryIO, size: int, told: Told
) -> list[tuple[str, int, bytes]]:
    pieces: list[tuple[str, int, bytes]] = []
    done = 0
    # one is on its way while the next is read and hashed
    with ThreadPoolExecutor(1, "pieces") as way:
        under_way: Future[None] | None = None
        while piece := file.read(PIECE_BYTES):
            told(done, size)
            digest = hashlib.sha256(piece).digest()
            name = names.part(means.home, means.pc, len(pieces), digest)
            if under_way is not None:
                under_way.result()
            under_way = way.submit(means.transport.put, name, piece)
            pieces.append((name, len(piece), digest))
            done += len(piece)
        if under_way is not None:
            under_way.result()
    told(done, size)
    return pieces


def read_manifest(
    data: bytes,
    home: str,
    signing_key: Callable[[int], bytes | None],
    key: Callable[[str], bytes | None],
) -> Manifest:
    """Read a manifest and prove whose it is.

    Args:
        data: Its bytes.
        home: The home's id.
        signing_key: Returns the public key of a PC that this one believes; None for others.
        key: Returns the key of an epoch; None for one under which nothing is believed.

    Raises:
        BadSnapshot: It is not whole, of another home, of a PC that is not believed, or of a newer
            Liaison.
    """
    try:
        return _proven(data, home, signing_key, key)
    except Refused as refused:
        raise bad(refused.reason) from None
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        raise bad(f"its words cannot be read, {type(error).__name__}") from None


def _proven(
    data: bytes,
    home: str,
    signing_key: Callable[[int], bytes | None],
    key: Callable[[str], bytes | None],
) -> Manifest:
    found = sealed.require_home(sealed.read(data), home)
    if found.header.kind != sealed.SNAPSHOT:
        raise Refused("it is something else than its name says")
    public, epoch = signing_key(found.header.pc), key(found.header.epoch)
    if public is None or epoch is None:
        raise Refused("it was made by a PC, or with a key, that does not count now")
    sealed.require_signature(found, public)
    words = foreign.read_json(sealed.open_body(found, epoch))
    pieces = tuple(
        (str(name), int(length), bytes.fromhex(digest)) for name, length, digest in words["pieces"]
    )
    heads = tuple(
        Head(int(tag), int(pc), int(life), int(seq), bytes.fromhex(last))
        for tag, pc, life, seq, last in words["heads"]
    )
    schema, key_of_copy = str(words["schema"]), bytes.fromhex(words["key"])
    # an older Liaison's copy holds them
    attached = int(words.get("attached", 0))
    times.from_stored(str(words["at"]))
    if not copies.can_read(schema):
        raise Refused("a newer version of Liaison made it")
    if (
        not 0 < len(pieces) <= _MOST_PIECES
        or len(heads) > _MOST_HEADS
        or not 0 <= attached <= _MOST_ATTACHED
        or len(key_of_copy) != driver.KEY_BYTES
        or not all(names.is_safe(name) and 0 < size <= _LARGEST_PIECE for name, size, _ in pieces)
    ):
        raise Refused("it names pieces that cannot be")
    return Manifest(
        home, found.header.pc, str(words["at"]), found.header.epoch, key_of_copy, schema, heads,
        pieces, attached,
    )  # fmt: skip


def fetch(transport: Transport, manifest: Manifest, coming: Path, told: Told = _unheard) -> None:
    """Fetch the pieces of a snapshot into a file; what was fetched before is not again.

    Args:
        transport: The storage.
        manifest: What to fetch.
        coming: The file; it may hold what came of it, or of another one, before.
        told: Told how many bytes of how many are here; what it raises ends the fetching.

    Raises:
        BadSnapshot: A piece is missing, or not what was signed; what came is kept.
        UserError: The storage or the disk would not go on; what came is kept.
    """
    with plain_file_errors(coming):
        have = coming.stat().st_size if coming.exists() else 0
        if not have:
            discard(coming)
            driver.new_file(coming)
        with coming.open("r+b") as file, lane("pieces") as way:
            done = 0
            lacking: list[tuple[int, str, int, bytes]] = []
            for name, length, digest in manifest.pieces:
                # the length alone tells most of what never came
                if have < done + length or not _is_here(file, done, length, digest):
                    lacking.append((done, name, length, digest))
                done += length
            here = done - sum(length for _, _, length, _ in lacking)
            told(here, manifest.whole)
            for one, piece in ahead(way, lambda one: transport.get(one[1]), lacking):
                place, _, length, digest = one
                if piece is None or hashlib.sha256(piece).digest() != digest:
                    raise bad("a piece of it is missing or damaged")
                file.seek(place)
                file.write(piece)
                here += length
                told(here, manifest.whole)
            file.truncate(done)


def fetch_attachments(
    transport: Transport,
    manifest: Manifest,
    coming: Path,
    signing_key: Callable[[int], bytes | None],
    told: Told = _unheard,
) -> None:
    """Fetch the attachments that a snapshot speaks of; what was fetched before is not again.

    One that cannot be had is none of its faults: it comes with a round, as if it had come later.

    Args:
        transport: The storage.
        manifest: Of what.
        coming: Where the snapshot lies; they come to lie beside it.
        signing_key: Returns the public key of a PC that was ever let in; None for others.
        told: Told how many bytes of how many are here; what it raises ends the fetching.

    Raises:
        BadSnapshot: What came is no copy of a home.
        UserError: The storage or the disk would not go on; what came is kept.
    """

    def tell(attached: int) -> None:
        told(min(manifest.size + attached, manifest.whole), manifest.whole)

    try:
        wanted = copies.lacking_attachments(coming, manifest.key)
    except copies.Unlike as unlike:
        raise bad(str(unlike)) from None
    enclosures.fetch(transport, manifest.home, wanted, coming, signing_key, tell)


def adopt(
    coming: Path,
    manifest: Manifest,
    target: Path,
    own_key: bytes,
    *,
    key: Callable[[str], bytes | None],
    naming: bytes,
) -> None:
    """Make a snapshot that was fetched this PC's database file, with its attachments.

    The home in it still writes as the PC that made it: :func:`liaison.store.snapshot.begin_life`
    comes before anything else.

    Args:
        coming: What was fetched; it is gone afterwards.
        manifest: Of what.
        target: The database file to make; it must not exist.
        own_key: The key it shall have.
        key: Returns the key of an epoch, for the attachments; None if it has not reached this PC.
        naming: The home's key for the names of attachments.

    Raises:
        Unlike: It is no copy of a home.
        UserError: It is damaged, or the disk would not do it.
    """
    wanted = copies.lacking_attachments(coming, manifest.key)
    attachments = enclosures.opened(coming, manifest.home, wanted, key, naming)
    copies.adopt_snapshot(coming, manifest.key, own_key, attachments)
    with plain_file_errors(target):
        # a home may lie behind a link, on another disk
        shutil.move(coming, target)


def discard_coming(coming: Path) -> None:
    """Remove what was fetched of a snapshot."""
    discard(coming)
    enclosures.discard(coming)


def _is_here(file: BinaryIO, at: int, length: int, digest: bytes) -> bool:
    file.seek(at)
    found = file.read(length)
    return len(found) == length and hashlib.sha256(found).digest() == digest


def withdraw_snapshots(means: Means, pcs: Collection[int]) -> int:
    """Take the snapshots of some PCs away, where the storage lets a PC do so.

    Args:
        means: What the exchange works with.
        pcs: The ids of the PCs: this one, and such as do not belong to the home any more.

    Returns:
        How many objects went.

    Raises:
        UserError: The storage would not go on.
    """
    if not isinstance(means.transport, Removing):
        return 0
    place = names.snapshots(means.home)
    folders = tuple(f"{place}{ids.to_text(pc)}/" for pc in pcs)
    gone = [name for name in means.transport.list(place) if name.startswith(folders)]
    # manifests first: one never names pieces that are gone
    for name in sorted(gone, key=lambda name: not name.endswith(_MANIFEST)):
        means.transport.remove(name)
    return len(gone)


def tidy(means: Means, pcs: Collection[int]) -> None:
    """Take the snapshots of some PCs away before another is laid, as far as the storage lets.

    Args:
        means: What the exchange works with.
        pcs: As for :func:`withdraw_snapshots`.

    Raises:
        Stopped: Nobody waits for the storage any more.
    """
    try:
        withdraw_snapshots(means, pcs)
    except Stopped:
        raise
    except UserError:
        # where nothing may be deleted an old one only takes room: the new one is needed
        return


def manifests(transport: Transport, home: str) -> list[str]:
    """Return the names of all manifests in the storage.

    Raises:
        UserError: The storage would not go on.
    """
    return [name for name in transport.list(names.snapshots(home)) if name.endswith(_MANIFEST)]


def bad(reason: str) -> BadSnapshot:
    """Say that a snapshot cannot be used.

    Args:
        reason: Why, as the end of a sentence.
    """
    return BadSnapshot(
        f"The copy of the home that was to be fetched cannot be used: {reason}.",
        kept="Nothing was changed.",
        do="The record comes piece by piece instead, which takes longer.",
    )


def epoch_of(means: Means) -> EpochKey:
    """Return the key that a snapshot is sealed with unless another is wanted: the newest."""
    return means.keys.for_writing(segments.highest_stamp(means.store) + 1)
