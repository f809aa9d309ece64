"""Where a demonstration home lies, and how it is told from a real one.

Two things mark it: a file in its folder that names the very home, by its id, and is no part of any
backup. Copied into the folder of another home it names the wrong one.
"""

from __future__ import annotations

import glob
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from liaison import settings
from liaison.errors import UserError
from liaison.files import plain_errors, write_new_file
from liaison.services import homes, new_folders

MARK: Final = "DEMONSTRATION.txt"
FOLDER: Final = "demonstration"
_WORDS: Final = "A demonstration of Liaison. Everybody in it is made up, and it may be deleted.\n"
_UNFINISHED: Final = "An unfinished demonstration of Liaison. It may be deleted.\n"
_LONGEST: Final = 4_096
_IDLE_SECONDS: Final = 60


class NotADemonstration(UserError):
    """There is something in the folder that is no demonstration home."""

    code = "not-a-demonstration"


def default_place() -> Path:
    """Say where the demonstration lies unless somebody chooses: beside the home, never in it."""
    return settings.default_home().with_name(FOLDER)


def is_demonstration(folder: Path) -> bool:
    """Return whether there is a whole demonstration home in a folder.

    Args:
        folder: The folder, which need not exist.

    Returns:
        True for a demonstration; False if there is nothing there at all.

    Raises:
        NotADemonstration: There is something else, a real home most of all.
    """
    with plain_errors(folder):
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return False
    marked = _marked(folder)
    if not marked or marked != _home_id(folder):
        raise NotADemonstration(
            f"{folder} holds something other than a demonstration home.",
            kept="It was not touched.",
            do="Choose another folder with --home, or an empty one.",
        )
    return True


def _marked(folder: Path) -> str:
    """Return the id of the home that the mark in a folder names; empty without a mark."""
    try:
        with (folder / MARK).open("rb") as file:
            words, _, name = file.read(_LONGEST).decode().partition("\n")
    except (OSError, UnicodeDecodeError):
        return ""
    return name.strip() if f"{words}\n" == _WORDS else ""


def _home_id(folder: Path) -> str:
    try:
        return homes.read_keys(folder).home_id
    except UserError:
        return ""


def mark(folder: Path) -> None:
    """Mark a folder's home as a demonstration."""
    write_new_file(folder / MARK, f"{_WORDS}{_home_id(folder)}\n".encode())


@contextmanager
def making(folder: Path) -> Iterator[Path]:
    """Give a place to make a demonstration in; what is whole gets the folder's name at the end.

    What a killed run has left beside it is cleared away, as far as nobody has written to it for a
    minute.

    Args:
        folder: Where the demonstration shall lie; nothing, or empty.

    Yields:
        A folder beside it that does not exist yet.
    """
    folder = folder.expanduser().absolute()
    new_folders.check_new_place(folder)
    target = folder.resolve()
    sweep(folder)
    made = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    try:
        yield made
        with plain_errors(target):
            if target.is_dir():
                # empty, as was seen before; a rename onto it fails on Windows
                target.rmdir()
            made.rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def begin(made: Path) -> None:
    """Mark a home that is being filled, so that it is known as ours if this is its end."""
    write_new_file(made / MARK, _UNFINISHED.encode())


def finish(made: Path) -> None:
    """Mark a filled home as a whole demonstration."""
    with plain_errors(made):
        (made / MARK).unlink()
    mark(made)


def sweep(folder: Path) -> None:
    """Clear away what killed runs have left half-made beside a folder."""
    target = folder.expanduser().absolute().resolve()
    oldest = time.time() - _IDLE_SECONDS
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.new"):
        try:
            ours = (left / MARK).read_bytes() == _UNFINISHED.encode()
            idle = all(path.lstat().st_mtime < oldest for path in (left, *left.iterdir()))
        except OSError:
            # not a folder, or somebody else's: it is left where it is
            continue
        if ours and idle:
            shutil.rmtree(left, ignore_errors=True)
