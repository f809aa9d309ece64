"""Where a backup may go: out of the home's own folder, and over nothing but an older backup."""

from __future__ import annotations

from pathlib import Path

from liaison.errors import UserError
from liaison.files import plain_errors
from liaison.store.backup import looks_like_backup


def check_backup_place(folder: Path, path: Path) -> None:
    """Refuse a file that a backup cannot become.

    Args:
        folder: The home.
        path: The file.

    Raises:
        UserError: It lies in the home's own folder or in none, or is something else already.
    """
    with plain_errors(path):
        inside = path.resolve().is_relative_to(folder.resolve())
        folder_is_there = path.parent.is_dir()
        taken = path.is_dir() or (path.exists() and not looks_like_backup(path))
    if inside:
        raise UserError(
            "A backup inside the home's own folder would be lost together with it.",
            kept="No backup was made.",
            do="Choose another folder, best on another disk.",
            code="bad-place",
        )
    if not folder_is_there:
        raise UserError(
            f"There is no folder {path.parent}.",
            kept="No backup was made.",
            do="Make the folder, or choose another one.",
            code="no-folder",
        )
    if taken:
        raise UserError(
            f"{path} is there already, and it is not a backup.",
            kept="It was not touched, and no backup was made.",
            do="Choose another name.",
            code="already-exists",
        )
