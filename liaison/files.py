"""Writing a small file so that a crash leaves the old one or the new one, never half of one.

The bottom layer, next to :mod:`liaison.errors`: the key file, backups and settings are all written
through here. For files that fit in memory; nothing here knows what is in them.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import time
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_WINDOWS = os.name == "nt"
# On Windows a virus scanner or the search indexer may hold a file for a moment: about 4 s in all.
_PAUSES: Final = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.2, 1.2)
# A temporary file this old belongs to a process that was killed, not to one that is writing now.
_STALE_SECONDS: Final = 3600
_TEMPORARY: Final = ".tmp"
_GROUP: Final = stat.S_IRGRP | stat.S_IWGRP
_SHARED: Final = stat.S_ISGID | stat.S_IWGRP
# What a file system answers that cannot sync a folder; everything else is a real failure.
_NO_FOLDER_SYNC: Final = frozenset(
    {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM, errno.ENOSYS}
)


class CannotWrite(UserError):
    """A file could not be written; the one that was there before is as it was."""

    code = "cannot-write"


def replace_file(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Put `data` in the place of `path`, whole or not at all.

    Written to a temporary file in the same folder, synced, renamed over the old file, and the folder
    synced where the system has that.

    Args:
        path: The file to replace; it need not exist, its folder must.
        data: The new content.
        mode: The permissions of the new file (Unix). In a folder that was given to a group on
            purpose (setgid, group may write) the group may read and write it too: several accounts
            of one PC use a home so.

    Raises:
        CannotWrite: The disk is full, the folder is read-only, or another program holds the file.
            The old file is intact and no temporary file is left. One exception: if the folder
            cannot be synced, the new file is in place and the message says so.
    """
    temporary = _write_temporary(path, data, mode, with_group=_is_shared(path.parent))
    try:
        _patiently(os.replace, temporary, path)
    except BaseException as fault:
        discard(temporary)
        if isinstance(fault, OSError):
            raise _explained(fault, path) from fault
        raise
    _sync_folder(path)


def write_new_file(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write a file that must not exist yet, whole or not at all.

    Args:
        path: The file to make; its folder must exist.
        data: The content.
        mode: The permissions of the file (Unix).

    Raises:
        CannotWrite: As for :func:`replace_file`, or there is such a file already (code
            ``already-exists``); that file is not touched.
    """
    temporary = _write_temporary(path, data, mode)
    try:
        _patiently(_rename_without_replacing, temporary, path)
    except BaseException as fault:
        discard(temporary)
        if isinstance(fault, OSError):
            raise _explained(fault, path) from fault
        raise
    _sync_folder(path)


def move_into_place(temporary: Path, path: Path) -> None:
    """Give a finished, synced file its name, replacing what had it; for files too large for memory.

    Args:
        temporary: The finished file, in the same folder.
        path: The name it shall have.

    Raises:
        CannotWrite: As for :func:`replace_file`; `temporary` is left to the caller.
    """
    with plain_errors(path):
        _patiently(os.replace, temporary, path)
    _sync_folder(path)


@contextlib.contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn what the disk says while `path` is written into :class:`CannotWrite`."""
    try:
        yield
    except OSError as fault:
        raise _explained(fault, path) from fault


def _is_shared(folder: Path) -> bool:
    """Return whether a folder was given to a group on purpose; Windows has its own means."""
    if _WINDOWS:
        return False
    try:
        mode = folder.stat().st_mode
    except OSError:
        # writing the file will say what is wrong
        return False
    return mode & _SHARED == _SHARED


def _write_temporary(path: Path, data: bytes, mode: int, *, with_group: bool = False) -> Path:
    """Write `data`, synced, to a new file beside `path` and return where."""
    sweep(path)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}{_TEMPORARY}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
    try:
        handle = os.open(temporary, flags, mode)
    except OSError as fault:
        raise _explained(fault, path) from fault
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
            if with_group:
                # after the umask, which would take it away again
                os.fchmod(handle, mode | _GROUP)
            os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException as fault:
        discard(temporary)
        if isinstance(fault, OSError):
            raise _explained(fault, path) from fault
        raise
    return temporary


def _rename_without_replacing(temporary: Path, path: Path) -> None:
    """Give `temporary` the name `path`, refusing when that name is taken."""
    if _WINDOWS:
        temporary.rename(path)  # never replaces on Windows
        return
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError as fault:
        # A USB stick's file system has no hard links; the check is then not atomic, which is the
        # best there is.
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from fault
        temporary.rename(path)
    else:
        discard(temporary)


def _patiently(move: Callable[[Path, Path], None], temporary: Path, path: Path) -> None:
    """Call `move(temporary, path)`; on Windows again for a while when access is denied."""
    for pause in _PAUSES if _WINDOWS else ():
        try:
            move(temporary, path)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    move(temporary, path)


def _sync_folder(path: Path) -> None:
    """Make the renaming itself durable, where the system can."""
    if _WINDOWS:
        return  # NTFS journals the rename; a folder cannot be opened for syncing there
    try:
        handle = os.open(path.parent, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as fault:
        if fault.errno in _NO_FOLDER_SYNC:
            return
        raise CannotWrite(
            f"The disk reported a fault after {path.name} was written.",
            kept="The new file is in place, but a power cut now could bring the old one back.",
            do="Make a backup on another disk and have this disk checked.",
        ) from fault


def sweep(path: Path) -> None:
    """Remove temporary files that a killed process left for `path` long ago."""
    with contextlib.suppress(OSError):
        oldest = time.time() - _STALE_SECONDS
        for entry in os.scandir(path.parent):
            ours = entry.name.startswith(f".{path.name}.") and entry.name.endswith(_TEMPORARY)
            if ours and entry.stat(follow_symlinks=False).st_mtime < oldest:
                discard(path.with_name(entry.name))


def discard(temporary: Path) -> None:
    """Remove what is no longer needed; if the disk refuses, :func:`sweep` does it one day."""
    with contextlib.suppress(OSError):
        temporary.unlink()


def _explained(fault: OSError, path: Path) -> CannotWrite:
    """Say in plain words why `path` could not be written."""
    kept = f"Nothing was changed: {path.name} is as it was."
    if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
        return CannotWrite(
            "The disk is full.", kept=kept, do="Free some space, then try again.", code="disk-full"
        )
    folder = path.absolute().parent
    if isinstance(fault, FileExistsError):
        return CannotWrite(
            f"There is already a file named {path.name} in {folder}.",
            kept="It was not touched.",
            do="Choose another folder or another name.",
            code="already-exists",
        )
    if isinstance(fault, FileNotFoundError) and folder.is_dir():
        return CannotWrite(
            f"There is no {path.name} in {folder}.",
            do="Look at its name again, or choose another one.",
            code="no-file",
        )
    if isinstance(fault, FileNotFoundError):
        return CannotWrite(
            f"The folder {folder} does not exist.",
            do="Choose another folder.",
            code="no-folder",
        )
    if fault.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return CannotWrite(
            f"{path.name} cannot be written in {folder}: the folder is read-only, or another program holds "
            "the file.",
            kept=kept,
            do="Close other programs that use this folder, or ask whoever looks after this PC for the right to "
            "write in it, then try again.",
            code="read-only",
        )
    reason = fault.strerror or "unknown reason"
    return CannotWrite(
        f"{path.name} could not be written: {reason}.",
        kept=kept,
        do="Check the disk, then try again.",
    )
