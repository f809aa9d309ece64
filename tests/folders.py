"""The files of a folder that is made once and laid down again for every test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

Files = Mapping[str, tuple[int, bytes]]
"""Each file's place in the folder, with its mode and what is in it."""


def take(folder: Path) -> Files:
    """Read every file of a folder that is closed."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def lay(files: Files, folder: Path) -> None:
    """Write files into a folder, which may not be there yet."""
    for name, (mode, data) in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(mode)
