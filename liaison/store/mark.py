"""The outside mark: how far this PC's chain had come, kept in a small file beside the database.

A database can go back in time without a trace of its own: SQLite takes a write-ahead log up to the
first frame whose sum is wrong and forgets the rest, and an older copy of the file is as good as it
ever was. The mark is written after every save, so at the next opening the database must have come
at least as far; if it has not, what is missing is known and nothing is written until a person has
decided.

The file has a fixed size and two places, written in turn, each with its own sum: one that was torn
leaves the other. A save does not wait for the disk to have the mark (a second flush would double
what a save costs): a power cut may leave it behind the database, which says nothing, never ahead of
it, because it is only written once the save is on the disk. It is flushed at closing, and while
people save at most every half minute.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import struct
import time
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.files import replace_file
from liaison.records.rules import times

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.store.driver import Connection

FILE_NAME: Final = "liaison.mark"
_MAGIC: Final = b"LSNMARK1"
_LAYOUT: Final = struct.Struct(">8s32sHQ40s32s")
_SUM_BYTES: Final = 16
_PLACES: Final = 2
# each in a block of its own on any disk: tearing one never touches the other
_PLACE_BYTES: Final = 4096
_FLUSH_SECONDS: Final = 30.0
_LENGTH: Final = _LAYOUT.size + _SUM_BYTES


@dataclasses.dataclass(frozen=True, slots=True)
class Head:
    """How far a replica's chain of units has come.

    Args:
        tag: The replica.
        seq: The number of its last unit.
        at: When that was written, as kept; empty if there is none.
        hash: Its hash, which vouches for all units before it.
    """

    tag: int
    seq: int
    at: str
    hash: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Loss:
    """What a database is known to have lost.

    Args:
        saves: How many saves are missing; None if the database never held what the mark says.
        since: When the last one that is there was written, as kept; empty if there is none.
        until: When the last one that is missing was written, as kept.
    """

    saves: int | None
    since: str
    until: str

    @property
    def words(self) -> str:
        """What is missing, in one or two sentences."""
        until = f" The newest of it was written on {_shown(self.until)}." if self.until else ""
        if self.saves is None:
            return f"This database is an older copy, or not the one that was here last.{until}"
        what = "One save is" if self.saves == 1 else f"{self.saves:,} saves are"
        since = f"; what was written up to {_shown(self.since)} is there" if self.since else ""
        return f"{what} missing from this home's database{since}.{until}"


class Incomplete(UserError):
    """The database lacks what it once held: nothing is written until somebody has decided."""

    code = "changes-missing"

    def __init__(self, loss: Loss) -> None:
        super().__init__(
            f"{loss.words} Until a manager has decided how to go on, nothing can be written.",
            kept="What is there can be read; nothing was changed.",
            do="Restore the newest backup into a new folder, or go on with what is there.",
        )


class Mark:
    """The mark of one database.

    Args:
        path: Its file, which need not exist.
        home: The home's id.
    """

    def __init__(self, path: Path, home: str) -> None:
        self.path = path
        self.trouble = ""
        """Why the mark could not be kept, in the system's words; empty if it could."""
        self._home = hashlib.sha256(home.encode()).digest()
        self._handle: int | None = None
        self._flushed = time.monotonic()

    def write(self, head: Head) -> None:
        """Keep how far the chain has come; what is said is on the disk before this is called.

        It never raises what the disk says: the save it belongs to is done. See :attr:`trouble`.
        """
        try:
            if self._handle is None:
                self._handle = self._open()
            _write_at(self._handle, self._packed(head), head.seq % _PLACES * _PLACE_BYTES)
            if time.monotonic() - self._flushed > _FLUSH_SECONDS:
                self.flush()
        except OSError as fault:
            self.trouble = fault.strerror or "unknown reason"

    def flush(self) -> None:
        """Have the disk keep what was written.

        Raises:
            OSError: The disk said no.
        """
        if self._handle is not None:
            os.fsync(self._handle)
            self._flushed = time.monotonic()

    def begin(self, head: Head) -> None:
        """Begin anew from a head, whatever the file says; kept in :attr:`trouble` if it cannot be."""
        own = head.seq % _PLACES
        try:
            if not self.path.exists():
                empty = bytes(_PLACES * _PLACE_BYTES)
                replace_file(self.path, empty)
            if self._handle is None:
                self._handle = self._open()
            # in place: another program may have the file open and write to it
            for place in (1 - own, own):
                data = self._packed(head) if place == own else bytes(_LENGTH)
                _write_at(self._handle, data, place * _PLACE_BYTES)
            self.flush()
        except OSError as fault:
            self.trouble = fault.strerror or "unknown reason"
        except UserError as error:
            self.trouble = error.what

    def close(self) -> None:
        """Flush and close the file."""
        handle = self._handle
        if handle is None:
            return
        try:
            self.flush()
        except OSError as fault:
            self.trouble = fault.strerror or "unknown reason"
        finally:
            self._handle = None
            with contextlib.suppress(OSError):
                os.close(handle)

    def read(self) -> Head | None:
        """Return how far the chain had come; None if nothing says so of this home.

        Whoever compares it with the database reads it first: another program may be saving.
        """
        try:
            with self.path.open("rb") as file:
                data = file.read(_PLACES * _PLACE_BYTES)
        except OSError:
            return None
        heads = [self._unpacked(data[n * _PLACE_BYTES :][:_LENGTH]) for n in range(_PLACES)]
        return max(filter(None, heads), key=lambda head: head.seq, default=None)

    def _open(self) -> int:
        flags = os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
        return os.open(self.path, flags)

    def _packed(self, head: Head) -> bytes:
        body = _LAYOUT.pack(
            _MAGIC, self._home, head.tag, head.seq, head.at.encode("ascii"), head.hash
        )
        return body + hashlib.sha256(body).digest()[:_SUM_BYTES]

    def _unpacked(self, data: bytes) -> Head | None:
        body, total = data[: _LAYOUT.size], data[_LAYOUT.size :]
        if len(data) < _LENGTH or hashlib.sha256(body).digest()[:_SUM_BYTES] != total:
            return None
        magic, home, tag, seq, at, digest = _LAYOUT.unpack(body)
        if magic != _MAGIC or home != self._home:
            return None
        return Head(tag, seq, at.rstrip(b"\0").decode("ascii"), digest)


def _shown(kept: str) -> str:
    return times.show_time(times.from_stored(kept))


def _write_at(handle: int, data: bytes, place: int) -> None:
    if hasattr(os, "pwrite"):
        os.pwrite(handle, data, place)
    else:  # pragma: no cover  # Windows only
        os.lseek(handle, place, os.SEEK_SET)
        os.write(handle, data)


def head_of(connection: Connection, tag: int) -> Head | None:
    """Return how far a replica's chain has come in a database; None if it is not known there."""
    row = connection.execute("SELECT seq, hash FROM replica WHERE tag = ?", (tag,)).fetchone()
    if row is None:
        return None
    seq, digest = row
    last = connection.execute("SELECT at FROM unit WHERE tag = ? AND seq = ?", (tag, seq))
    found = last.fetchone()
    return Head(tag, seq, found[0] if found else "", digest)


def loss_of(connection: Connection, marked: Head) -> Loss | None:
    """Return what a database lacks of what a mark says it once held; None if nothing is missing.

    Args:
        connection: The database.
        marked: The mark, read before the connection was.
    """
    here = head_of(connection, marked.tag)
    if here is None:
        # a copy from before this replica began
        return Loss(None, _newest(connection), marked.at)
    if here.seq < marked.seq:
        return Loss(marked.seq - here.seq, here.at, marked.at)
    if marked.seq == 0:
        return None
    row = connection.execute(
        "SELECT hash FROM unit WHERE tag = ? AND seq = ?", (marked.tag, marked.seq)
    ).fetchone()
    # as far, or farther, but by another way: an older copy somebody went on with
    return None if row is not None and row[0] == marked.hash else Loss(None, here.at, marked.at)


def _newest(connection: Connection) -> str:
    row = connection.execute("SELECT at FROM unit ORDER BY id DESC LIMIT 1").fetchone()
    return str(row[0]) if row else ""
