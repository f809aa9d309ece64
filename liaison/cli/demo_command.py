"""The demonstration: a believable home that never was, to look around in."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from liaison.cli.session import PASSWORD_VARIABLE, Command, Session, note
from liaison.records import all_specs
from liaison.services import demo, homes
from liaison.services.demo import place

_USUAL: Final = demo.Size()


@click.command(cls=Command)
@click.option(
    "--beds",
    type=click.IntRange(1, demo.LARGEST_HOME),
    default=_USUAL.beds,
    show_default=True,
    help="Beds in the home.",
)
@click.option(
    "--staff",
    type=click.IntRange(1, demo.MOST_STAFF),
    default=_USUAL.staff,
    show_default=True,
    help="People who work in it.",
)
@click.option(
    "--years",
    type=click.IntRange(1, demo.MOST_YEARS),
    default=_USUAL.years,
    show_default=True,
    help="How far the record goes back.",
)
@click.option(
    "--visits",
    type=click.IntRange(0, demo.MOST_NOTES),
    help="How many visit notes; as many as such a home has unless given.",
)
@click.option(
    "--seed", type=int, default=_USUAL.seed, show_default=True, help="The same seed, the same home."
)
@click.option("--no-window", is_flag=True, help="Only make it; open no window.")
@click.pass_obj
def demo_home(  # noqa: PLR0917  # click hands over each option
    session: Session,
    beds: int,
    staff: int,
    years: int,
    visits: int | None,
    seed: int,
    no_window: bool,  # noqa: FBT001  # click passes flags so
) -> None:
    """Make a demonstration home and open it.

    Everybody in it is made up. It lies in a folder of its own, never where your home is, and the
    folder may be deleted. If there is a demonstration already, that one is opened.
    """
    folder = session.home or place.default_place()
    size = demo.Size(beds=beds, staff=staff, years=years, notes=visits, seed=seed)
    place.sweep(folder)
    password = _password(session)
    was_there = place.is_demonstration(folder)
    if not was_there:
        demo.make(folder, size=size, password=password, progress=_Progress())
    with homes.open_home(folder, None, password) as home:
        counts = demo.counts(home)
    if session.password_file is None and not os.environ.get(PASSWORD_VARIABLE):
        note(f"The password of the demonstration is: {password}")
    session.answer(
        {"home": str(folder.absolute()), "counts": counts},
        lambda: _told(folder, counts, was_there=was_there),
    )
    if not no_window:
        _open_window(session, folder)


def _password(session: Session) -> str:
    """Return the password: of the file that was named, else the one that everybody may know."""
    if session.password_file is not None or os.environ.get(PASSWORD_VARIABLE):
        return session.password()
    return demo.PASSWORD


def _open_window(session: Session, folder: Path) -> None:
    """Open the window on the demonstration and wait until it is closed; without a screen, say so."""
    if not _has_screen():
        where = shlex.quote(str(folder))
        note(
            "\nThere is no screen to open a window on. Look around with:\n\n"
            f"    liaison --home {where} today\n"
            f"    liaison --home {where} search catheter\n"
            f"    liaison --home {where} show resident 'Frank Osei'"
        )
        return
    named = session.password_file or os.environ.get(PASSWORD_VARIABLE)
    if named:
        _start_window(folder, Path(named))
        return
    # everybody may know it, so it may lie in a file: nobody has to type it to look around
    with tempfile.TemporaryDirectory() as place_for_it:
        file = Path(place_for_it, "password.txt")
        file.write_text(demo.PASSWORD + "\n", encoding="utf-8")
        _start_window(folder, file)


def _has_screen() -> bool:
    """Return whether a window could be shown; only on Linux may there be nothing to show it on."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


def _start_window(folder: Path, password_file: Path) -> None:
    # a process of its own: the command line never loads the window
    command = [sys.executable, "-m", "liaison", "--home", str(folder), "--password-file"]
    subprocess.run([*command, str(password_file)], check=False)  # noqa: S603  # our own program


def _told(folder: Path, counts: dict[str, int], *, was_there: bool) -> Iterator[str]:
    done = "The demonstration of last time" if was_there else "A demonstration home was made"
    yield f"{done}, in {folder}:"
    specs = all_specs()
    for name, count in counts.items():
        yield f"  {count:>8,}  {specs[name].label if count == 1 else specs[name].plural}"


class _Progress:
    """Shows on a terminal how far the making is, in whole per cent."""

    def __init__(self) -> None:
        self._shown = -1
        self._terminal = sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, done: int, everything: int) -> None:
        """Show it, if it is a per cent further."""
        percent = 100 * done // everything
        if self._terminal and percent > self._shown:
            self._shown = percent
            end = "\n" if done == everything else ""
            click.echo(f"\rMaking the demonstration home: {percent} %{end}", err=True, nl=False)


demo_home.name = "demo"
COMMANDS: Final = (demo_home,)
