"""How the window is to start, as the words after the program's name and the system say."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.ui.pages import PAGES
from liaison.ui.threshold.making import Makings

if TYPE_CHECKING:
    from liaison.ui.startup import StartupReport


@dataclasses.dataclass(frozen=True, slots=True)
class Start:
    """How the window is to start.

    Args:
        folder: The home's folder.
        chosen: Whether somebody named that folder; only else it is remembered for the next start.
        user: Who is at the keyboard, by name or id.
        password: Their password, if the home is to be unlocked without asking.
        report: Where the moments of the start are noted, after which the window closes.
        pages: The pages there are.
        makings: How homes are made and opened.
        warms: Whether pages are made ready before anybody goes to them.
        keeps: Whether backups are made by themselves.
        exchanges: Whether the home is exchanged with its other PCs by itself.
    """

    folder: Path
    chosen: bool = False
    user: str | None = None
    password: str | None = None
    report: StartupReport | None = None
    pages: Mapping[str, str] = dataclasses.field(default_factory=lambda: PAGES)
    makings: Makings = dataclasses.field(default_factory=Makings)
    warms: bool = True
    keeps: bool = True
    exchanges: bool = True


def first_line(file: Path) -> str:
    """Return the password that a file holds in its first line.

    Raises:
        UserError: It cannot be read.
    """
    try:
        return file.expanduser().read_text("utf-8").split("\n")[0].removesuffix("\r")
    except (OSError, UnicodeDecodeError, RuntimeError) as fault:
        raise UserError(
            f"The password file {file} cannot be read.",
            kept="Nothing was opened.",
            do="Check its name, and that it is a text file.",
            code="no-password",
        ) from fault


def has_screen() -> bool:
    """Return whether there is a screen: without one Qt would end the process with an abort."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
