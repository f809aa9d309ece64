"""Show Liaison at work: make the demonstration home, print from it and open the window on it.

Started by ``packaging/dev.py demo`` with the Python of ``.venv``. Every line it shows is the real
program, typed as a person would type it. The home is kept in the folder ``demo`` of the checkout
and shown again the next time; a folder of that name which is not ours is left alone.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "demo"
HOME = DEMO / "home"
PASSWORD_FILE = DEMO / "password.txt"
MARKER = DEMO / "DEMONSTRATION.txt"
COMPLETE = DEMO / "complete.txt"

# Printed on purpose: the people in this home are made up.
PASSWORD = "willow by the quiet water"  # noqa: S105
MARKER_TEXT = "A demonstration home with made-up people, by packaging/dev.py. It may be deleted.\n"
# Says what was made too: the smaller home of an earlier version is made anew.
COMPLETE_TEXT = "The tour of the demonstration home reached its end.\n"


class TourStopped(Exception):
    """The tour cannot go on; the text is for the person."""


def typed(argument: str) -> str:
    """Write one argument as a person would type it in a shell.

    Args:
        argument: What the program is to be given.

    Returns:
        The same with quotes where they are needed, ``name="Dr Asha Patel"`` rather than
        ``'name=Dr Asha Patel'``.
    """
    if re.fullmatch(r"[\w@%+=:,./-]+", argument):
        return argument
    if re.search(r'["$`\\!]', argument):
        return shlex.quote(argument)
    name, equals, value = argument.partition("=")
    if equals and re.fullmatch(r"\w+", name):
        return f'{name}="{value}"'
    return f'"{argument}"'


def run(*arguments: str, capture: bool = False) -> str:
    """Run Liaison on the demonstration home.

    Args:
        arguments: The command and what belongs to it.
        capture: Hand the output back instead of letting the person see it.

    Returns:
        What the program printed, if it was captured.

    Raises:
        TourStopped: The program failed; it has said why.
    """
    done = subprocess.run(
        [sys.executable, "-m", "liaison", "--home", "demo/home", *arguments],
        cwd=ROOT,
        env=os.environ | {"LIAISON_PASSWORD_FILE": str(PASSWORD_FILE), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if capture else None,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise TourStopped(f"`liaison {arguments[0]}` stopped with exit code {done.returncode}.")
    return done.stdout or ""


def show(*arguments: str) -> None:
    """Show one command and what it prints.

    Args:
        arguments: The command and what belongs to it.
    """
    line = " ".join(typed(argument) for argument in ("--home", "demo/home", *arguments))
    print(f"\n$ liaison {line}", flush=True)
    run(*arguments)


def say(text: str) -> None:
    """Print a line of explanation between the commands."""
    print(f"\n# {text}", flush=True)


def found(record_type: str, condition: str) -> str:
    """Look up the id of a record, for commands that need one.

    Args:
        record_type: The type's name on the command line.
        condition: What it must be like, such as ``route=round``.

    Returns:
        The id of the newest one.
    """
    asked = ("--json", "list", record_type, "--where", condition, "--limit", "1")
    records: list[dict[str, Any]] = json.loads(run(*asked, capture=True))
    return str(records[0]["id"])


def make() -> None:
    """Make the home and write the first two reports beside it."""
    DEMO.mkdir(exist_ok=True)
    # Marked first: a tour that is interrupted leaves a folder that we know as ours.
    MARKER.write_text(MARKER_TEXT, encoding="utf-8")
    handle = os.open(PASSWORD_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(PASSWORD + "\n")

    say("Two years of a small care home that never was, encrypted on this disk.")
    show("demo", "--no-window")
    say("On paper: who came in the last twelve months, and who has learned what.")
    show("report", "visits", "--out", "demo/visits.pdf")
    show("report", "training-matrix", "--out", "demo/training-matrix.pdf")


def look_around() -> None:
    """Find some of what was written, read how a note came to be, and check the whole home."""
    say("Found by any word in it, half typed.")
    show("search", "cathet", "--limit", "5")
    say("The wheelchair that has not come. Its clock runs until somebody records an outcome.")
    show("show", "referral", found("referral", "organisation=Westbrook Wheelchair Service"))
    say("A note on the wrong one of two residents of the same name, moved with a reason.")
    show(
        "history",
        "visit_entry",
        found("visit_entry", "raised=Rang about the result of the bone scan."),
    )
    say("Every change is chained to the one before and signed; this checks them all.")
    show("verify")


def has_screen() -> bool:
    """Tell whether a window could be shown; only on Linux may there be nothing to show it on."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in screens)


def open_window() -> None:
    """Open the window on the demonstration home and wait until it is closed."""
    where = ("--home", "demo/home", "--password-file", str(PASSWORD_FILE))
    subprocess.run([sys.executable, "-m", "liaison", *where], cwd=ROOT, check=False)


def _completed() -> str:
    """Return what the last tour wrote when it had reached its end; nothing if it had not."""
    try:
        return COMPLETE.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def prepare() -> bool:
    """Find out what the demonstration folder holds, and clear what an interrupted tour left.

    Returns:
        Whether a complete demonstration home is there.

    Raises:
        TourStopped: The folder is not ours.
    """
    if not DEMO.exists() or (DEMO.is_dir() and not any(DEMO.iterdir())):
        return False
    try:
        ours = MARKER.read_text(encoding="utf-8") == MARKER_TEXT
    except (OSError, UnicodeDecodeError):
        ours = False
    if not ours:
        raise TourStopped(
            f"The folder {DEMO} holds something other than a demonstration home, so it is left "
            "alone. Move it away, then start this again."
        )
    if _completed() == COMPLETE_TEXT:
        return True
    shutil.rmtree(DEMO)
    return False


def main() -> int:
    """Make the demonstration home, or show the one that is there.

    Returns:
        The exit code.
    """
    try:
        if prepare():
            say("The demonstration home of last time. Delete the folder demo to start afresh.")
            show("today")
        else:
            make()
        look_around()
        # Written last: without it, the next tour starts afresh.
        COMPLETE.write_text(COMPLETE_TEXT, encoding="utf-8")
    except TourStopped as trouble:
        print(f"\nThe tour stopped. {trouble}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nThe tour stopped: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    windows = sys.platform == "win32"
    activate = r".venv\Scripts\Activate.ps1" if windows else ". .venv/bin/activate"
    variable = "$env:LIAISON_PASSWORD_FILE = " if windows else "export LIAISON_PASSWORD_FILE="
    print(
        f"\nTo go on by yourself (the password is: {PASSWORD}):\n\n"
        f"    {activate}\n"
        f'    {variable}"demo/password.txt"\n'
        "    liaison --home demo/home today\n"
        "    liaison --home demo/home list resident\n"
        "    liaison --help"
    )
    if has_screen():
        say("The window. Close it to come back here.")
        open_window()
    else:
        say("There is no screen here; with one, this opens the window on the home.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
