"""The backup: one file with the database and the key file of that moment, verified, then named.

The container is an ordinary ZIP without compression (what is in it is encrypted): a text that says
what it is, ``keys.json`` and ``liaison.db``. A backup that fails never replaces a good one.
"""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
import os
import secrets
import shutil
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from liaison.errors import UserError
from liaison.files import CannotWrite, discard, move_into_place, sweep
from liaison.files import plain_errors as plain_file_errors
from liaison.records.rules import times
from liaison.store import driver, mark
from liaison.store.driver import plain_errors
from liaison.store.replicas import Context, read_context
from liaison.store.store import FILE_NAME

if TYPE_CHECKING:
    from liaison.store.driver import Connection
    from liaison.store.store import Store

KEYS_NAME: Final = "keys.json"
_ABOUT_NAME: Final = "about.json"
_FORMAT: Final = "liaison-backup"
_VERSION: Final = 1
_PIECE: Final = 1024 * 1024
_LARGEST_ABOUT: Final = 64 * 1024
_LARGEST_KEYS: Final = 1024 * 1024
_NUMBERS: Final = frozenset({"size", "tag", "seq"})
_ZIP_HEADER: Final = 30
_ZIP_CRC: Final = 14
_ZIP_NAME: Final = 26
_SPARE: Final = 16 * 1024 * 1024
# What zipfile says of a file that is damaged or was made to mislead: of versions and ways of packing
# it does not know, places beyond any file, a password.
_NO_WHOLE_ZIP: Final = (
    zipfile.BadZipFile, ValueError, EOFError, OverflowError, NotImplementedError, RuntimeError,
    struct.error,
)  # fmt: skip


class DamagedBackup(UserError):
    """A file is not a backup, or not a whole one."""

    code = "damaged-backup"


AUTOMATIC: Final = "automatic"
BY_HAND: Final = "by hand"
"""How a backup came to be, as it says itself: only automatic ones are ever removed."""


@dataclasses.dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself without any key.

    Args:
        home: The home's id.
        made_at: When it was made, as kept.
        size: The size of its database in bytes.
        sha256: The fingerprint of its database.
        keys_sha256: The fingerprint of its key file.
        way: :data:`AUTOMATIC` or :data:`BY_HAND`.
        tag: The replica that made it; -1 if it does not say.
        seq: The number of that replica's last unit in it.
        head: The hash of that unit in hexadecimal: it vouches for all units before it.
    """

    home: str
    made_at: str
    size: int
    sha256: str
    keys_sha256: str
    way: str = BY_HAND
    tag: int = -1
    seq: int = 0
    head: str = ""


Tell = Callable[[int, int], object]
"""Told how much of how much is done; what it raises stops the work."""

Keys = Callable[[Context], bytes]
"""Returns the key file for a copy, given what that knows of its home."""


def write_backup(
    store: Store,
    key: bytes,
    keys: bytes | Keys,
    path: Path,
    *,
    way: str = BY_HAND,
    tell: Tell = lambda _done, _all: None,
) -> About:
    """Write a backup of an open home and verify it before it gets its name.

    Other connections may go on saving: what they save after the beginning is not in it.

    Args:
        store: The home; its connection is in use all the while.
        key: The database's key; the copy has the same.
        keys: The key file of this moment. One that others may replace meanwhile is asked for once
            the copy is made: with an older one than the copy has seen, nobody could restore it.
        path: The file to write; a backup of that name is replaced once the new one is good.
        way: How it comes to be.
        tell: Told how far it is.

    Returns:
        What the backup says of itself.

    Raises:
        UserError: It could not be written or is not good; an older file of that name is as it was.
    """
    sweep(path)
    sweep(store.path)
    container = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    copy: Path | None = None
    try:
        with plain_errors(), plain_file_errors(path):
            # made first: what is wrong with the place is told of the place, not of the home
            driver.new_file(container)
            size = _size(store.connection)
            copy = _place_of_copy(store.path, path, size)
            driver.new_file(copy)
            _copy_into(store.connection, copy, partial(_tell_length, copy, size, tell))
            about, keys = _about_copy(store, copy, key, keys, way)
            # the seals and the log are checked while the copy is packed: both go over all of it
            with ThreadPoolExecutor(1, "backup-check") as pool:
                checked = pool.submit(_check_copy, copy, key)
                about = _pack(
                    container, about, keys, copy, lambda done: tell(size + done, 2 * size)
                )
                _read_back(container, about)
                checked.result()
            move_into_place(container, path)
    finally:
        if copy is not None:
            discard(copy)
        discard(container)
    return about


def _size(connection: Connection) -> int:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    return int(pages) * driver.PAGE_BYTES


def _place_of_copy(home: Path, path: Path, size: int) -> Path:
    """Return where the copy is made: beside the home, which is quicker than a stick, if it can be.

    Raises:
        CannotWrite: There is no room for the backup.
    """
    there = shutil.disk_usage(path.parent).free
    name = f".{home.name}.{secrets.token_hex(4)}.backup.tmp"
    beside = os.access(home.parent, os.W_OK) and (
        # on one disk both need their room there
        shutil.disk_usage(home.parent).free
        >= size * (2 if same_disk(home.parent, path.parent) else 1) + _SPARE
    )
    if there < (size if beside else 2 * size) + _SPARE:
        wanted = size * (1 if beside else 2) + _SPARE
        raise CannotWrite(
            f"There is not enough room for a backup in {path.parent}: it needs "
            f"{wanted / 1e6:,.0f} MB, and {there / 1e6:,.0f} MB are free.",
            kept="No backup was made; the home is as it was, and so is any older backup.",
            do="Free some space there, or choose another folder.",
            code="disk-full",
        )
    return home.with_name(name) if beside else path.with_name(name)


def same_disk(one: Path, other: Path) -> bool:
    """Return whether two folders lie on one disk, as far as the system says."""
    return one.stat().st_dev == other.stat().st_dev


def _copy_into(connection: Connection, copy: Path, tell: Callable[[], object]) -> None:
    """Copy the database as it is at this moment; saves of others go on.

    Not by SQLite's page copy, quicker by a quarter: it gave pages that do not read a good new seal.
    """
    (reader,) = connection.execute("PRAGMA query_only").fetchone()
    (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
    # a reader may not even write elsewhere; its own file is opened for reading all the same
    connection.execute("PRAGMA query_only = OFF")
    # nobody needs the copy once it is packed: it is the pack that the disk is to keep
    connection.execute("PRAGMA synchronous = OFF")
    try:
        with driver.stoppable(connection, tell):
            # as bytes: a name on a disk of another code page is no text
            connection.execute("VACUUM INTO CAST(? AS TEXT)", (os.fsencode(copy),))
    finally:
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA query_only = {reader}")


def _tell_length(copy: Path, size: int, tell: Tell) -> None:
    tell(min(copy.stat().st_size, size), 2 * size)


def _about_copy(
    store: Store, copy: Path, key: bytes, keys: bytes | Keys, way: str
) -> tuple[About, bytes]:
    connection = driver.connect(copy, key, read_only=True)
    try:
        context = read_context(connection)
        head = mark.head_of(connection, context.tag)
    finally:
        connection.close()
    data = keys if isinstance(keys, bytes) else keys(context)
    about = About(
        home=context.home,
        made_at=times.to_stored(store.clock()),
        size=copy.stat().st_size,
        sha256="0" * 64,
        keys_sha256=hashlib.sha256(data).hexdigest(),
        way=way,
        tag=context.tag,
        seq=head.seq if head else 0,
        head=head.hash.hex() if head else "",
    )
    return about, data


def _check_copy(copy: Path, key: bytes) -> None:
    """Check the seal of every page, and the tree of the chain; ``verify`` checks all there is."""
    connection = driver.connect(copy, key, read_only=True)
    try:
        problems = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
        found = connection.execute("PRAGMA quick_check(unit)")
        problems += [row[0] for row in found if row[0] != "ok"]
    finally:
        connection.close()
    if problems:
        raise _unlike_written()


def _pack(
    container: Path, about: About, keys: bytes, copy: Path, tell: Callable[[int], object]
) -> About:
    """Fill the container in one go over the copy; its fingerprint is put in afterwards."""
    digest, done = hashlib.sha256(), 0
    with container.open("r+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            words = _entry(_ABOUT_NAME)
            archive.writestr(words, _as_words(about))
            archive.writestr(_entry(KEYS_NAME), keys)
            database = _entry(FILE_NAME)
            database.file_size = about.size
            with copy.open("rb") as source, archive.open(database, "w") as target:
                while piece := source.read(_PIECE):
                    digest.update(piece)
                    target.write(piece)
                    done += len(piece)
                    tell(done)
            about = dataclasses.replace(about, sha256=digest.hexdigest())
            _put_in_place(file, words, _as_words(about))
        file.flush()
        os.fsync(file.fileno())
    return about


def _read_back(container: Path, about: About) -> None:
    """Compare what was written with what should have been.

    Raises:
        DamagedBackup: It does not read back.
    """
    with _opened(container) as archive:
        there = _label(archive, container)
        keys = archive.read(KEYS_NAME)
        info = archive.getinfo(FILE_NAME)
    # as bytes of the file: the sums of the ZIP would cost as much again and say less
    with container.open("rb") as file:
        file.seek(info.header_offset + _ZIP_NAME)
        name, extra = struct.unpack("<HH", file.read(4))
        file.seek(name + extra, os.SEEK_CUR)
        digest = _digest(file, info.file_size)
    if (
        there != about
        or digest != about.sha256
        or hashlib.sha256(keys).hexdigest() != about.keys_sha256
    ):
        raise _unlike_written()


def _unlike_written() -> DamagedBackup:
    return DamagedBackup(
        "The backup was not made: what was written does not read back.",
        kept="The home is as it was, and so is any older backup.",
        do="Check the disk (verify), then try another one.",
    )


def _as_words(about: About) -> bytes:
    words = {"format": _FORMAT, "version": _VERSION, **dataclasses.asdict(about)}
    return json.dumps(words, indent=1).encode()


def _put_in_place(file: IO[bytes], entry: zipfile.ZipInfo, data: bytes) -> None:
    """Write an entry of the same length over the one that holds its place."""
    end = file.tell()
    entry.CRC = zlib.crc32(data)
    file.seek(entry.header_offset + _ZIP_CRC)
    file.write(struct.pack("<I", entry.CRC))
    file.seek(entry.header_offset + _ZIP_HEADER + len(entry.filename))
    file.write(data)
    file.seek(end)


def _entry(name: str) -> zipfile.ZipInfo:
    # always of the same day: a ZIP has no dates before 1980, which is what a PC shows whose
    # battery is empty, and the day of the backup is in its own words
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o600 << 16
    return entry


def looks_like_backup(path: Path) -> bool:
    """Return whether a file begins as a backup does, whole or not: one may be replaced by a new one."""
    with path.open("rb") as file:
        begin = file.read(_ZIP_HEADER + len(_ABOUT_NAME))
    return begin.startswith(b"PK\x03\x04") and begin[_ZIP_HEADER:] == _ABOUT_NAME.encode()


def read_keys(path: Path) -> bytes:
    """Return the key file in a backup.

    Raises:
        DamagedBackup: It is not a backup, or not a whole one.
    """
    with _opened(path) as archive:
        _about(archive)
        return archive.read(KEYS_NAME)


def read_about(path: Path) -> About:
    """Return what a backup says of itself, its contents checked against it.

    Raises:
        DamagedBackup: It is not a backup, or not a whole one.
    """
    with _opened(path) as archive:
        return _about(archive)


def read_label(path: Path) -> About:
    """Return what a backup says of itself without going over its contents: quick at any size.

    Raises:
        DamagedBackup: It is not a backup, or has not the length it should have.
    """
    with _opened(path) as archive:
        return _label(archive, path)


def unpack(path: Path, folder: Path) -> tuple[About, bytes]:
    """Write a backup's database into a folder and return its key file.

    Args:
        path: The backup.
        folder: An existing folder without a database.

    Returns:
        What the backup says of itself, and the bytes of its key file.

    Raises:
        DamagedBackup: It is not a backup, or not a whole one; nothing is left in the folder.
    """
    target = folder / FILE_NAME
    with _opened(path) as archive:
        about = _about(archive)
        keys = archive.read(KEYS_NAME)
        with (
            plain_file_errors(target),
            archive.open(FILE_NAME) as source,
            target.open("xb") as file,
        ):
            try:
                target.chmod(0o600)
                shutil.copyfileobj(source, file, _PIECE)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                file.close()
                discard(target)
                raise
    return about, keys


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "is not there"
            raise DamagedBackup(
                f"{path} {what}.", kept="Nothing was changed.", do="Choose the backup file."
            )
        return zipfile.ZipFile(path)
    except _NO_WHOLE_ZIP:
        raise _damaged(path) from None
    except OSError as fault:
        raise _unreadable(path, fault) from None


def _about(archive: zipfile.ZipFile) -> About:
    path = Path(archive.filename or "backup")
    about = _label(archive, path)
    try:
        keys = _small(archive, KEYS_NAME, _LARGEST_KEYS)
        with archive.open(FILE_NAME) as file:
            whole = _digest(file) == about.sha256
    except (KeyError, *_NO_WHOLE_ZIP):
        raise _damaged(path) from None
    except OSError as fault:
        raise _unreadable(path, fault) from None
    if not whole or hashlib.sha256(keys).hexdigest() != about.keys_sha256:
        raise _damaged(path)
    return about


def _label(archive: zipfile.ZipFile, path: Path) -> About:
    try:
        about = _understood(json.loads(_small(archive, _ABOUT_NAME, _LARGEST_ABOUT)), path)
        info = archive.getinfo(FILE_NAME)
    except (KeyError, *_NO_WHOLE_ZIP):
        raise _damaged(path) from None
    except OSError as fault:
        raise _unreadable(path, fault) from None
    if info.file_size != about.size or info.compress_type != zipfile.ZIP_STORED:
        raise _damaged(path)
    return about


def _understood(words: Any, path: Path) -> About:  # JSON of a foreign file
    if not isinstance(words, dict) or words.get("format") != _FORMAT:
        raise _damaged(path)
    version = words.get("version")
    if type(version) is not int or version < 1:
        raise _damaged(path)
    if version > _VERSION:
        raise DamagedBackup(
            f"{path.name} was made by a newer version of Liaison.",
            kept="Nothing was changed.",
            do="Install that version, then restore.",
            code="newer-backup",
        )
    values = {
        field.name: words[field.name]
        for field in dataclasses.fields(About)
        if field.name in words or field.default is dataclasses.MISSING
    }
    if not all(
        type(value) is int if name in _NUMBERS else isinstance(value, str)
        for name, value in values.items()
    ):
        raise _damaged(path)
    return About(**values)


def _small(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    info = archive.getinfo(name)
    if info.file_size > limit or info.compress_type != zipfile.ZIP_STORED:
        message = f"{name} is too large"
        raise ValueError(message)
    return archive.read(name)


def _unreadable(path: Path, fault: OSError) -> DamagedBackup:
    if fault.errno == errno.EINVAL:
        # a part said to begin before the file does
        return _damaged(path)
    return DamagedBackup(
        f"{path} cannot be read: {fault.strerror or 'unknown reason'}.",
        kept="Nothing was changed.",
        do="Check that its disk is connected and that you may read it.",
        code="cannot-read",
    )


def _damaged(path: Path) -> DamagedBackup:
    return DamagedBackup(
        f"{path.name} is not a backup of Liaison, or it is damaged.",
        kept="Nothing was changed.",
        do="Choose another backup file.",
    )


def _digest(file: IO[bytes], length: int | None = None) -> str:
    """Return the fingerprint of a file from where it is, to its end or so many bytes of it."""
    digest, left = hashlib.sha256(), sys.maxsize if length is None else length
    while piece := file.read(min(_PIECE, left)):
        digest.update(piece)
        left -= len(piece)
    return digest.hexdigest()
