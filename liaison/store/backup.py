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
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from liaison.errors import UserError
from liaison.files import move_into_place, sweep
from liaison.files import plain_errors as plain_file_errors
from liaison.records.rules import times
from liaison.store import driver
from liaison.store.driver import plain_errors
from liaison.store.store import FILE_NAME, read_context

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
_ZIP_HEADER: Final = 30
# What zipfile says of a file that is damaged or was made to mislead: of versions and ways of packing
# it does not know, places beyond any file, a password.
_NO_WHOLE_ZIP: Final = (
    zipfile.BadZipFile, ValueError, EOFError, OverflowError, NotImplementedError, RuntimeError,
    struct.error,
)  # fmt: skip


class DamagedBackup(UserError):
    """A file is not a backup, or not a whole one."""

    code = "damaged-backup"


@dataclasses.dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself without any key.

    Args:
        home: The home's id.
        made_at: When it was made, as kept.
        size: The size of its database in bytes.
        sha256: The fingerprint of its database.
        keys_sha256: The fingerprint of its key file.
    """

    home: str
    made_at: str
    size: int
    sha256: str
    keys_sha256: str


def write_backup(store: Store, key: bytes, keys: bytes, path: Path) -> About:
    """Write a backup of an open home and verify it before it gets its name.

    Args:
        store: The home.
        key: The database's key; the copy has the same.
        keys: The key file of this moment.
        path: The file to write; a backup of that name is replaced once the new one is good.

    Returns:
        What the backup says of itself.

    Raises:
        UserError: It could not be written or is not good; an older file of that name is as it was.
    """
    sweep(path)
    copy = path.with_name(f".{path.name}.{secrets.token_hex(4)}.db.tmp")
    container = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with plain_errors(), plain_file_errors(path):
            # made first: what is wrong with the place is told of the place, not of the home
            driver.new_file(copy)
            _copy_into(store.connection, copy)
            _check_copy(copy, key)
            about = About(
                home=store.context.home,
                made_at=times.to_stored(store.clock()),
                size=copy.stat().st_size,
                sha256=_fingerprint(copy),
                keys_sha256=hashlib.sha256(keys).hexdigest(),
            )
            _pack(container, about, keys, copy)
            read_about(container)
            move_into_place(container, path)
    finally:
        copy.unlink(missing_ok=True)
        container.unlink(missing_ok=True)
    return about


def _copy_into(connection: Connection, copy: Path) -> None:
    (reader,) = connection.execute("PRAGMA query_only").fetchone()
    # a reader may not even write elsewhere; its own file is opened for reading all the same
    connection.execute("PRAGMA query_only = OFF")
    try:
        # as bytes: a name on a disk of another code page is no text
        connection.execute("VACUUM INTO CAST(? AS TEXT)", (os.fsencode(copy),))
    finally:
        connection.execute(f"PRAGMA query_only = {reader}")


def _check_copy(copy: Path, key: bytes) -> None:
    connection = driver.connect(copy, key, read_only=True)
    try:
        problems = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
        problems += [
            row[0] for row in connection.execute("PRAGMA quick_check(1)") if row[0] != "ok"
        ]
        read_context(connection)
    finally:
        connection.close()
    if problems:
        raise DamagedBackup(
            "The backup was not made: what was written does not read back.",
            kept="The home is as it was, and so is any older backup.",
            do="Check the disk (verify), then try another one.",
        )


def _pack(container: Path, about: About, keys: bytes, copy: Path) -> None:
    words = {"format": _FORMAT, "version": _VERSION, **dataclasses.asdict(about)}
    handle = os.open(
        container, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
    )
    with os.fdopen(handle, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(_entry(_ABOUT_NAME), json.dumps(words, indent=1))
            archive.writestr(_entry(KEYS_NAME), keys)
            database = _entry(FILE_NAME)
            database.file_size = about.size
            with copy.open("rb") as source, archive.open(database, "w") as target:
                shutil.copyfileobj(source, target, _PIECE)
        file.flush()
        os.fsync(file.fileno())


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
                target.unlink(missing_ok=True)
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
    try:
        words = json.loads(_small(archive, _ABOUT_NAME, _LARGEST_ABOUT))
        about = _understood(words, path)
        keys = _small(archive, KEYS_NAME, _LARGEST_KEYS)
        info = archive.getinfo(FILE_NAME)
        if info.file_size != about.size or info.compress_type != zipfile.ZIP_STORED:
            raise _damaged(path)
        with archive.open(FILE_NAME) as file:
            whole = _digest(file) == about.sha256
    except (KeyError, *_NO_WHOLE_ZIP):
        raise _damaged(path) from None
    except OSError as fault:
        raise _unreadable(path, fault) from None
    if not whole or hashlib.sha256(keys).hexdigest() != about.keys_sha256:
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
    values = {field.name: words[field.name] for field in dataclasses.fields(About)}
    if type(values["size"]) is not int or not all(
        isinstance(value, str) for name, value in values.items() if name != "size"
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


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return _digest(file)


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
