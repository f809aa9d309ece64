"""``python -m tests.end_to_end.exchange_windows OUT``: three real windows share one home, in pictures.

Office, nurses' station and a laptop, each a program of its own on a screen of its own, with a folder
between them: invited, compared, let in, filled, followed, without the folder, removed, looked through.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, Self

from liaison.records.administration import Pc
from liaison.services import demo, homes
from liaison.services.pcs import meeting_places
from liaison.store import query
from tests import homes as made
from tests.end_to_end.program import Program
from tests.end_to_end.screen import Screen, until
from tests.end_to_end.test_story import folders_below

_MANAGER: Final = "Helen Marsh"
_OFFICE, _NURSES, _LAPTOP = "Office PC", "Nurses' station PC", "Deputy's laptop"
_WORDS: Final = "The eight words"
_GONE: Final = "Other PCs not reached"


@dataclasses.dataclass
class Stage:
    """Where it is played.

    Args:
        root: Where everything lies.
        out: The folder for the pictures.
        windows: Ends the programs.
    """

    root: Path
    out: Path
    windows: contextlib.ExitStack

    @classmethod
    def set(cls, root: Path, out: Path, windows: contextlib.ExitStack) -> Self:
        """Make the office's home and the folder between the PCs."""
        stage = cls(root, out, windows)
        stage.share.mkdir(parents=True)
        stage.password.write_text(demo.PASSWORD)
        demo.make(stage.office, cost=made.CHEAP)
        with homes.open_home(stage.office, _MANAGER, demo.PASSWORD) as home:
            own = next(
                one for one in query.every(home.store, query.Query("pc")) if isinstance(one, Pc)
            )
            loaded = home.store.load("pc", own.id or 0)
            assert loaded is not None
            with home.unit() as unit:
                unit.save(loaded, dataclasses.replace(own, name=_OFFICE))
            meeting_places.set_up_folder(home, stage.share)
        return stage

    @property
    def office(self) -> Path:
        """The home on the office PC."""
        return self.root / "office"

    @property
    def share(self) -> Path:
        """The folder between the PCs."""
        return self.root / "Larkfield shared"

    @property
    def password(self) -> Path:
        """A file with everybody's password."""
        return self.root / "password.txt"

    def start(self, name: str, *words: str) -> Program:
        """Start a program with nothing of this machine's own around it."""
        folder = self.root / f"around {name}"
        folder.mkdir()
        # the name of a local socket is at most 107 letters long
        temporary = self.windows.enter_context(tempfile.TemporaryDirectory())
        screen = self.windows.enter_context(Screen(1366, 768))
        own = {**folders_below(folder), "TMPDIR": temporary}
        return self.windows.enter_context(Program(screen, *words, **own))

    def shoot(self, window: Program, name: str) -> None:
        """Keep a picture of a window."""
        window.look(self.out / f"{name}.png")

    def say(self, home: Path, *words: str) -> None:
        """Run a command on a home, as somebody does beside the window."""
        subprocess.run(
            [sys.executable, "-m", "liaison", "--home", str(home), "--user", _MANAGER,
             "--password-file", str(self.password), *words],
            cwd=made.ROOT, check=True, capture_output=True, timeout=120,
        )  # fmt: skip


def join(stage: Stage, office: Program, name: str) -> Program:
    """Let one more PC join through its window; return it."""
    new = stage.start(name, "--home", str(stage.root / name / "home"))
    new.click("Join a home that exists")
    office.click("Make an invitation")
    office.click("Show its eight words")
    words = until(lambda: office.find(f"{_WORDS} of")["value"], "the words")
    stage.shoot(office, f"{name} 1 invited")
    new.click("Eight words")
    new.fill(_WORDS, words)
    new.fill("The shared folder", str(stage.share))
    new.fill("What to call this PC", name)
    stage.shoot(new, f"{name} 2 asks")
    new.click("Ask to join")
    new.find("Another invitation")
    new.sees("The six digits of this PC")
    stage.shoot(new, f"{name} 3 digits")
    office.find("They are the same")
    stage.shoot(office, f"{name} 4 compared")
    office.click("They are the same")
    office.sees("belongs to this home now")
    new.find("Your password", typed_in=True)
    stage.shoot(new, f"{name} 5 let in")
    new.fill("Your password", demo.PASSWORD, secret=True)
    new.screen.key("Return")
    new.sees("Fetching the record")
    stage.shoot(new, f"{name} 6 fetches")
    new.find("Up to date")
    stage.shoot(new, f"{name} 7 filled")
    return new


def exchange(window: Program) -> None:
    """Send and fetch."""
    window.screen.key("Escape")
    window.click("Up to date")
    window.click("Send and fetch now")
    window.find("Send and fetch now")
    window.screen.key("Escape")


def play(stage: Stage) -> None:
    """Play it from the first invitation to what the lost laptop had written."""
    office = stage.start("office", "--home", str(stage.office), "--user", _MANAGER,
                         "--password-file", str(stage.password))  # fmt: skip
    office.click("Settings")
    office.click("Other PCs")
    nurses = join(stage, office, _NURSES)
    laptop = join(stage, office, _LAPTOP)
    stage.say(stage.root / _NURSES / "home", "add", "resident", "name=Abigail Crewe", "room=31")
    for window in (nurses, laptop, office):
        exchange(window)
    laptop.click("Residents")
    laptop.sees("Abigail Crewe")
    stage.shoot(laptop, "followed")
    laptop.click("Up to date")
    laptop.sees("Your work is safe")
    stage.shoot(laptop, "status")
    laptop.screen.key("Escape")
    # the folder is gone for a while, and what is written waits
    aside = stage.root / "unplugged"
    stage.share.rename(aside)
    laptop.click("Up to date")
    laptop.click("Send and fetch now")
    laptop.find(_GONE)
    stage.shoot(laptop, "without the folder")
    aside.rename(stage.share)
    office.click(f"Remove {_LAPTOP}")
    office.fill("Why", "Lost on the bus.")
    stage.shoot(office, "removing")
    # what it sends now nobody fetches before it is removed
    stage.say(stage.root / _LAPTOP / "home", "set", "resident", "Abigail Crewe", "room=14")
    stage.say(stage.root / _LAPTOP / "home", "sync", "now")
    office.click("Remove this PC")
    office.sees("does not belong to this home any more")
    exchange(office)
    laptop.click("Send and fetch now")
    laptop.find("This PC was removed")
    stage.shoot(laptop, "removed")
    office.click("How the exchange stands")
    office.find("Look through them")
    stage.shoot(office, "pcs")
    office.click("Look through them")
    office.find("Take it in")
    stage.shoot(office, "review")
    office.click("Take it in")
    office.sees("Taken in")
    stage.shoot(office, "taken in")


def main() -> None:
    """Play it, and keep the pictures."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("out", type=Path)
    out: Path = reading.parse_args().out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary, contextlib.ExitStack() as windows:
        play(Stage.set(Path(temporary) / "pcs", out, windows))
    sys.stdout.write(f"{len(list(out.iterdir()))} pictures, {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
