"""A new folder for a home: it comes to be whole under its name, or not at all."""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from liaison import security
from liaison.errors import UserError
from liaison.files import plain_errors
from liaison.services.places import check_place

# A half-made folder nobody has written to for so long belongs to a process that was killed.
_STALE_SECONDS: Final = 600


class HomeExists(UserError):
    """There is something in the folder already."""

    code = "already-exists"


def whole_path(folder: Path) -> Path:
    """Return the folder's whole path, so that every step means the same one."""
    return folder.expanduser().absolute()


def refuse_taken(target: Path) -> None:
    """Refuse a folder in which there is something already.

    Raises:
        HomeExists: A home, or something else.
    """
    with plain_errors(target):
        taken = os.path.lexists(target) and (not target.is_dir() or any(target.iterdir()))
        is_home = (target / security.FILE_NAME).exists()
    if taken:
        raise HomeExists(
            f"There is {'a home' if is_home else 'something'} in {target} already.",
            kept="It was not touched.",
            do="Choose another folder, or an empty one.",
        )


def check_new_place(folder: Path) -> None:
    """Refuse a folder in which no new home can be made, before anybody is asked for more.

    Raises:
        UserError: A home would come to harm there, or something is there already.
    """
    check_place(folder)
    refuse_taken(whole_path(folder))


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Make a folder's contents beside it and give it its name once they are whole.

    Args:
        folder: Where; it must not exist, or be empty.

    Yields:
        The folder to fill.

    Raises:
        UserError: Something is there already, or it cannot be made.
    """
    refuse_taken(folder)
    # a link to an empty folder on another disk stays a link
    target = folder.resolve()
    made = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    with plain_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        made.mkdir(mode=0o700)
    try:
        yield made
        with plain_errors(target):
            if target.is_dir():
                # empty, as was just seen; a rename onto it fails on Windows
                target.rmdir()
            made.rename(target)
            _sync_folder(target.parent)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _sweep(target: Path) -> None:
    """Remove what a killed process left half-made beside a folder long ago."""
    oldest = time.time() - _STALE_SECONDS
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.new"):
        with contextlib.suppress(OSError):
            if all(path.lstat().st_mtime < oldest for path in (left, *left.iterdir())):
                shutil.rmtree(left, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # pragma: no cover  # NTFS journals the rename
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
