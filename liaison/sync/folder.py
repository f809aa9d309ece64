"""Segments in a folder: a network share, a USB stick, a folder that a cloud program follows.

Written here, not by a library: a file is whole and on the disk before it has its name. What such
folders do otherwise is expected: copies named "(1)" or after a PC, files that a cloud has not
downloaded yet, a virus scanner that holds a file for a moment, a stick that is pulled out.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from liaison.files import CannotWrite, replace_file
from liaison.sync import names
from liaison.sync.transport import TransportTrouble, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

_Answer = TypeVar("_Answer")

PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between tries while another program holds a file: about a second and a half in all."""
# held by a scanner or a cloud program, not downloaded yet, a network that hesitates
_PASSING: Final = frozenset(
    {
        errno.EBUSY,
        errno.EACCES,
        errno.EPERM,
        errno.EAGAIN,
        errno.EINTR,
        errno.ETIMEDOUT,
        errno.ETXTBSY,
    }
)
_GONE: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ESTALE, errno.ENODEV, errno.ENXIO})
_LARGEST: Final = 128 * 1024 * 1024
# for every PC of the home, whichever account it has: what lies there is sealed
_MODE: Final = 0o666


class FolderTrouble(TransportTrouble):
    """The shared folder could not be read or written."""


class UnreadableFile(FolderTrouble, Unreadable):
    """A file lies in the folder and cannot be read now."""


class Folder:
    """A folder that every PC of a home reaches.

    Args:
        path: The folder; it must exist, for it is the one somebody chose.
        sleep: Waits between tries; injected so that tests do not wait.
        durable: Whether a file is on the disk before it has its name.
    """

    def __init__(
        self, path: Path, *, sleep: Callable[[float], None] = time.sleep, durable: bool = True
    ) -> None:
        self.path = path
        self._sleep = sleep
        self._durable = durable

    def __repr__(self) -> str:
        """Say which folder."""
        return f"Folder({str(self.path)!r})"

    def list(self, prefix: str, after: str = "") -> list[str]:
        """Return the names below a prefix; see :class:`~liaison.sync.transport.Transport`.

        Raises:
            FolderTrouble: The folder is not there or cannot be read.
        """
        self._require_there()
        found = self._patiently(lambda: list(self._below(prefix)), "listed")
        return sorted(name for name in found if name > after)

    def get(self, key: str) -> bytes | None:
        """Return the bytes of a file; None if there is none.

        Raises:
            UnreadableFile: It cannot be read now.
            FolderTrouble: The folder is not there.
        """
        path = self.path / key
        try:
            return self._patiently(lambda: _read(path), "read")
        except FolderTrouble as trouble:
            if isinstance(trouble.__cause__, OSError) and trouble.__cause__.errno in _GONE:
                self._require_there()
                return None
            self._require_there()
            raise UnreadableFile(trouble.what, kept=trouble.kept, do=trouble.do) from trouble

    def put(self, key: str, data: bytes) -> None:
        """Write a file, whole or not at all; one that is damaged there is replaced.

        Raises:
            FolderTrouble: The folder is gone, full, read-only, or a file is held by others.
        """
        path = self.path / key
        with contextlib.suppress(OSError):
            # what lies there whole is left alone: a cloud program would send it once more
            if path.stat().st_size == len(data) and _read(path) == data:
                return
        self._require_there()
        self._patiently(lambda: self._write(path, data), "written")

    def remove(self, key: str) -> None:
        """Remove a file; nothing happens if there is none.

        Raises:
            FolderTrouble: It cannot be removed now.
        """
        path = self.path / key
        self._patiently(lambda: path.unlink(missing_ok=True), "removed")

    def _require_there(self) -> None:
        if not self.path.is_dir():
            raise _gone(self.path)

    def _below(self, prefix: str) -> Iterator[str]:
        folders = [prefix]
        while folders:
            within = folders.pop()
            try:
                entries = list(os.scandir(self.path / within))
            except (FileNotFoundError, NotADirectoryError):
                # nothing was ever put there, or it vanished just now
                self._require_there()
                continue
            for entry in entries:
                # begun and never finished, or what cloud programs keep for themselves
                if entry.name.startswith((".", "~")):
                    continue
                name = f"{within}{entry.name}"
                if not entry.is_dir(follow_symlinks=False):
                    if _may_be_file(entry):
                        yield name
                elif len(name) < names.LONGEST:
                    folders.append(f"{name}/")

    def _write(self, path: Path, data: bytes) -> None:
        _make_folders(self.path, path.parent, durable=self._durable)
        if self._durable:
            replace_file(path, data, mode=_MODE)
            return
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        temporary.write_bytes(data)
        temporary.replace(path)

    def _patiently(self, act: Callable[[], _Answer], done: str) -> _Answer:
        """Do something; again for a while if what is in the way may pass."""
        for pause in PAUSES:
            try:
                return act()
            except (OSError, CannotWrite) as fault:
                cause = _cause(fault)
                if cause is None or cause.errno not in _PASSING:
                    raise self._explained(fault, done) from cause
            self._sleep(pause)
        try:
            return act()
        except (OSError, CannotWrite) as fault:
            raise self._explained(fault, done) from _cause(fault)

    def _explained(self, fault: OSError | CannotWrite, done: str) -> FolderTrouble:
        cause = _cause(fault)
        kept = "Everything is kept on this PC and goes with a later exchange."
        if cause is not None and cause.errno in {errno.ENOSPC, errno.EDQUOT}:
            return FolderTrouble(
                f"The shared folder {self.path} is full.",
                kept=kept,
                do="Free some space there.",
                code="disk-full",
            )
        if cause is not None and cause.errno in _GONE and not self.path.is_dir():
            return _gone(self.path)
        reason = (cause.strerror if cause is not None else "") or "unknown reason"
        return FolderTrouble(
            f"A file in the shared folder {self.path} could not be {done} ({reason}).",
            kept=kept,
            do="It is tried again with every exchange. If it stays so, ask whoever looks after the "
            "folder whether this PC may read and write in it.",
        )


def _gone(path: Path) -> FolderTrouble:
    return FolderTrouble(
        f"The shared folder {path} cannot be reached.",
        kept="Everything is kept on this PC and goes with a later exchange.",
        do="Check the network, or plug the stick in again.",
        code="no-folder",
    )


def _cause(fault: OSError | CannotWrite) -> OSError | None:
    if isinstance(fault, OSError):
        return fault
    return fault.__cause__ if isinstance(fault.__cause__, OSError) else None


def _may_be_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        # whoever reads it says what is wrong
        return True


def _open_file(path: str, flags: int) -> int:
    """Open a file, and nothing that would keep whoever reads it waiting, such as a pipe.

    Raises:
        OSError: There is none, or something else is there.
    """
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no file")
    return handle


def _read(path: Path) -> bytes:
    # pathlib's cannot be told how to open it
    with open(path, "rb", opener=_open_file) as file:
        # room for what is there, not for as much as may be: the system would have to give that anew
        # each time. One byte more than anything of ours has: it is then refused for its size
        return file.read(min(os.fstat(file.fileno()).st_size, _LARGEST) + 1)


def _make_folders(root: Path, folder: Path, *, durable: bool) -> None:
    """Make the folders between the root, which must exist, and one below it."""
    if folder.is_dir():
        return
    missing = [folder]
    while missing[-1].parent != root and not missing[-1].parent.is_dir():
        missing.append(missing[-1].parent)
    for path in reversed(missing):
        # another PC may make it at the same moment; the root itself is never made
        path.mkdir(exist_ok=True)
        if durable:
            _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    """Have the disk keep that there is a new folder, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
