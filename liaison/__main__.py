"""Start Liaison: ``liaison``, or ``python -m liaison``.

``liaison`` alone opens the window and loads nothing of the command line; any other word is a command.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from liaison.faults import keep_no_dump

#: What the window itself understands; each takes a value.
_WINDOW_OPTIONS: Final = ("--home", "--user", "--password-file", "--startup-report")


def main() -> None:
    """Open the window or run a command, and leave with its exit code."""
    if getattr(sys, "frozen", False):
        # a packed program starts its own child process by its own name
        import multiprocessing

        multiprocessing.freeze_support()
    keep_no_dump()
    words = sys.argv[1:]
    options = window_options(words)
    if options is None:
        from liaison.cli import run

        sys.exit(run(words))
    # nothing of a start is garbage; from then on the window sees to it (liaison.ui.tidying)
    gc.disable()
    from liaison.ui.loading import load_qt

    load_qt()
    from liaison.app import open_window

    sys.exit(
        open_window(
            home=_path(options.get("--home")),
            user=options.get("--user"),
            password_file=_path(options.get("--password-file")),
            startup_report=_path(options.get("--startup-report")),
        )
    )


def window_options(words: Sequence[str]) -> dict[str, str] | None:
    """Read the words after the program's name as options of the window.

    Args:
        words: As typed.

    Returns:
        The options with their values; None if there is anything else, which is the command line's
        to understand or to refuse.
    """
    found: dict[str, str] = {}
    rest = list(words)
    while rest:
        name, given, value = rest.pop(0).partition("=")
        if not given and rest:
            value = rest.pop(0)
        if name not in _WINDOW_OPTIONS or not value.strip() or "\0" in value:
            return None
        found[name] = value
    return found


def _path(value: str | None) -> Path | None:
    return None if value is None else Path(value)


if __name__ == "__main__":
    main()
