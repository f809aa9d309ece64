"""The first fill of a new PC: a signed copy of the database in pieces, then the segments after it.

The copy is encrypted pages under a random key of its own. Only the manifest, a sealed object like
any other, says that key and the digest of every piece, so a piece can lie anywhere and be fetched
again: what is wrong with it shows.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.files import discard
from liaison.files import plain_errors as plain_file_errors
from liaison.records.rules import times
from liaison.store import driver, segments
from liaison.store.changes import dump
from liaison.store.snapshot import adopt_snapshot, write_snapshot
from liaison.sync import beating, names, sealed
from liaison.sync.sealed import Header, Refused
from liaison.sync.transport import Removing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    from liaison.sync.means import Means
    from liaison.sync.roster import EpochKey
    from liaison.sync.transport import Transport

PIECE_BYTES: Final = 8 * 1024 * 1024
_MOST_PIECES: Final = 4096
_LARGEST_PIECE: Final = 64 * 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot's maker signed.

    Args:
        pc: The PC that made it.
        at: When, as kept.
        key: The key of the copy.
        pieces: Name, bytes and SHA-256 of each piece, in order.
    """

    pc: int
    at: str
    key: bytes = dataclasses.field(repr=False)
    pieces: tuple[tuple[str, int, bytes], ...]

    @property
    def size(self) -> int:
        """The bytes of the whole copy."""
        return sum(length for _, length, _ in self.pieces)


class BadSnapshot(UserError):
    """A snapshot is not whole, or not what its maker signed."""

    code = "bad-snapshot"


def publish(
    means: Means, work: Path, epoch: EpochKey, progress: Callable[[int, int], None] | None = None
) -> str:
    """Lay a snapshot of the home into the storage, for a PC that joins.

    Args:
        means: What the exchange works with.
        work: A folder of this PC for the copy on its way; it is gone afterwards.
        epoch: The key to seal it with, one that the new PC has.
        progress: Told how many bytes of how many are there.

    Returns:
        The name of its manifest.

    Raises:
        UserError: The storage or the disk would not go on.
    """
    copy = work / f".snapshot.{secrets.token_hex(6)}.tmp"
    key = secrets.token_bytes(32)
    write_snapshot(means.store, copy, key)
    try:
        with plain_file_errors(copy), copy.open("rb") as file:
            pieces = _put_pieces(means, file, copy.stat().st_size, progress)
    finally:
        discard(copy)
    words = {
        "at": times.to_stored(means.store.clock()),
        "key": key.hex(),
        "pieces": [[name, length, digest.hex()] for name, length, digest in pieces],
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
    means: Means, file: BinaryIO, size: int, progress: Callable[[int, int], None] | None
) -> list[tuple[str, int, bytes]]:
    pieces: list[tuple[str, int, bytes]] = []
    done = 0
    while piece := file.read(PIECE_BYTES):
        digest = hashlib.sha256(piece).digest()
        name = names.part(means.home, means.pc, len(pieces), digest)
        means.transport.put(name, piece)
        pieces.append((name, len(piece), digest))
        done += len(piece)
        if progress is not None:
            progress(done, size)
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
        key: Returns the key of an epoch.

    Raises:
        BadSnapshot: It is not whole, of another home, or of a PC that is not believed.
    """
    try:
        return _proven(data, home, signing_key, key)
    except Refused as refused:
        raise _bad(refused.reason) from None
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        raise _bad(f"its words cannot be read, {type(error).__name__}") from None


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
        raise Refused("this PC does not know yet who made it")
    sealed.require_signature(found, public)
    words = json.loads(sealed.open_body(found, epoch))
    pieces = tuple(
        (str(name), int(length), bytes.fromhex(digest)) for name, length, digest in words["pieces"]
    )
    key_of_copy = bytes.fromhex(words["key"])
    if (
        len(pieces) > _MOST_PIECES
        or len(key_of_copy) != driver.KEY_BYTES
        or not all(names.is_safe(name) and 0 < size <= _LARGEST_PIECE for name, size, _ in pieces)
    ):
        raise Refused("it names pieces that cannot be")
    return Manifest(found.header.pc, str(words["at"]), key_of_copy, pieces)


def fetch(
    transport: Transport,
    manifest: Manifest,
    target: Path,
    own_key: bytes,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Fetch a snapshot and make it this PC's database; what was fetched before is not again.

    The home in it still writes as the PC that made it: open it and begin a life of this PC's own
    (``Store.new_incarnation``) before anything else.

    Args:
        transport: The storage.
        manifest: What to fetch.
        target: The database file to make; it must not exist.
        own_key: The key it shall have.
        progress: Told how many bytes of how many are here.

    Raises:
        UserError: The storage or the disk would not go on, or a piece is not what was signed.
    """
    coming = target.with_name(f".{target.name}.coming")
    with plain_file_errors(target):
        have = coming.stat().st_size if coming.exists() else 0
        with coming.open("r+b" if have else "w+b") as file:
            done = 0
            for name, length, digest in manifest.pieces:
                if not _is_here(file, done, length, digest):
                    piece = transport.get(name)
                    if piece is None or hashlib.sha256(piece).digest() != digest:
                        raise _bad("a piece of it is missing or damaged")
                    file.seek(done)
                    file.write(piece)
                done += length
                if progress is not None:
                    progress(done, manifest.size)
            file.truncate(done)
    adopt_snapshot(coming, manifest.key, own_key)
    with plain_file_errors(target):
        coming.replace(target)


def _is_here(file: BinaryIO, at: int, length: int, digest: bytes) -> bool:
    file.seek(at)
    found = file.read(length)
    return len(found) == length and hashlib.sha256(found).digest() == digest


def withdraw_snapshots(means: Means) -> None:
    """Take this PC's snapshots away again, where the storage lets it.

    Raises:
        UserError: The storage would not go on.
    """
    if not isinstance(means.transport, Removing):
        return
    own = names.snapshot(means.home, means.pc, b"").rpartition("/")[0] + "/"
    for name in means.transport.list(own):
        means.transport.remove(name)


def newest(transport: Transport, home: str) -> list[str]:
    """Return the names of all manifests in the storage.

    Raises:
        UserError: The storage would not go on.
    """
    return [name for name in transport.list(names.snapshots(home)) if name.endswith(".snap")]


def _bad(reason: str) -> BadSnapshot:
    return BadSnapshot(
        f"The copy of the home that was to be fetched cannot be used: {reason}.",
        kept="Nothing was changed.",
        do="Have the other PC send it again.",
    )


def epoch_of(means: Means) -> EpochKey:
    """Return the key that a snapshot is sealed with unless another is wanted: the newest."""
    return means.keys.for_writing(segments.highest_stamp(means.store) + 1)
