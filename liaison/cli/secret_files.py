"""New files that hold a secret: the recovery key, or a password that Liaison thought up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from liaison.errors import UserError
from liaison.files import plain_errors, write_new_file
from liaison.security import RecoveryKey

_LONGEST_FILE: Final = 4096
#: Whoever names one of these expects a page, and a reader of it would call plain text damaged.
_NO_TEXT: Final = frozenset({".pdf", ".doc", ".docx", ".odt", ".rtf", ".png", ".jpg"})


def check_secret_place(path: Path, folder: Path, what: str = "recovery key") -> None:
    """Refuse a place for a secret before anything is done for it.

    Args:
        path: The file it is to be written to.
        folder: The home.
        what: What it is, for the message.

    Raises:
        UserError: It lies in the home's own folder, is there already, has no folder, or its name
            promises another kind of file.
    """
    if path.suffix.lower() in _NO_TEXT:
        raise UserError(
            f"The {what} is written as plain text, which a {path.suffix.lower()[1:].upper()} file "
            "is not.",
            kept="Nothing was made.",
            do=f"Name the file {path.with_suffix('.txt').name}.",
            code="bad-name",
        )
    with plain_errors(path):
        inside = path.resolve().is_relative_to(folder.resolve())
        taken = os.path.lexists(path)
        missing = not path.parent.is_dir()
    if inside:
        raise UserError(
            f"The {what} does not belong into the home's own folder: whoever takes one would "
            "have both.",
            kept="Nothing was made.",
            do="Choose another folder.",
            code="bad-place",
        )
    if taken or missing:
        problem = (
            f"There is already a file {path}" if taken else f"There is no folder {path.parent}"
        )
        raise UserError(
            f"{problem}.",
            kept="Nothing was made.",
            do=f"Choose another name for the {what}.",
            code="already-exists" if taken else "no-folder",
        )


def read_named(path: Path, most: int) -> bytes:
    """Return what stands in a small file that somebody named, such as a store's key.

    Args:
        path: The file.
        most: How many bytes are looked at.

    Raises:
        UserError: It is not there, or cannot be read.
    """
    try:
        if path.is_file():
            with path.open("rb") as opened:
                return opened.read(most)
        what, code = (
            f"{path} is a folder" if path.is_dir() else f"There is no file {path}",
            "no-file",
        )
    except OSError as fault:
        what, code = f"{path} cannot be read: {fault.strerror}", "cannot-read"
    raise UserError(
        f"{what}.",
        kept="Nothing was changed.",
        do="Name a file that you may read.",
        code=code,
    )


def write_recovery_key(path: Path, recovery: RecoveryKey, name: str) -> None:
    """Write a recovery key to a new file, for its owner alone.

    Args:
        path: The file.
        recovery: The key.
        name: The home's name.
    """
    write_new_file(path, f"Recovery key of {name} in Liaison\n{recovery.text}\n".encode())


def read_recovery_key(path: Path) -> str:
    """Return what stands in the last line of a file that is not empty, where init writes the key."""
    text = read_named(path, _LONGEST_FILE).decode("utf-8", "replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
