"""Several real windows of one home, each a program of its own on a screen of its own."""

from __future__ import annotations

import contextlib
import dataclasses
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, Self

from liaison.records.administration import Pc
from liaison.services import demo, homes
from liaison.store import query
from tests import homes as made
from tests.end_to_end.program import Program
from tests.end_to_end.screen import Screen
from tests.end_to_end.test_story import folders_below

MANAGER: Final = "Helen Marsh"
OFFICE, NURSES, LAPTOP = "Office PC", "Nurses' station PC", "Deputy's laptop"
UP_TO_DATE: Final = "Up to date"


@dataclasses.dataclass
class Stage:
    """Where it is played.

    Args:
        root: Where everything lies.
        windows: Ends the programs.
        out: The folder for the pictures; None if none are kept.
    """

    root: Path
    windows: contextlib.ExitStack
    out: Path | None = None

    @classmethod
    def set(cls, root: Path, windows: contextlib.ExitStack, out: Path | None = None) -> Self:
        """Make the office's home, which meets no other PC yet."""
        stage = cls(root, windows, out)
        root.mkdir(parents=True)
        stage.password.write_text(demo.PASSWORD)
        demo.make(stage.office, cost=made.CHEAP)
        with homes.open_home(stage.office, MANAGER, demo.PASSWORD) as home:
            own = next(
                one for one in query.every(home.store, query.Query("pc")) if isinstance(one, Pc)
            )
            loaded = home.store.load("pc", own.id or 0)
            assert loaded is not None
            with home.unit() as unit:
                unit.save(loaded, dataclasses.replace(own, name=OFFICE))
        return stage

    @property
    def office(self) -> Path:
        """The home on the office PC."""
        return self.root / "office"

    @property
    def password(self) -> Path:
        """A file with everybody's password."""
        return self.root / "password.txt"

    def home_of(self, name: str) -> Path:
        """Return the home on another PC."""
        return self.root / name / "home"

    def start(self, name: str, *words: str) -> Program:
        """Start a program with nothing of this machine's own around it."""
        folder = self.root / f"around {name}"
        folder.mkdir()
        # the name of a local socket is at most 107 letters long
        temporary = self.windows.enter_context(tempfile.TemporaryDirectory())
        screen = self.windows.enter_context(Screen(1366, 768))
        own = {
            **folders_below(folder),
            "TMPDIR": temporary,
            # a network's own proxy, if this machine has one, has no part in this
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }
        return self.windows.enter_context(Program(screen, *words, **own))

    def start_office(self) -> Program:
        """Start the office's window, with what is to be set about other PCs open."""
        office = self.start(
            "office", "--home", str(self.office), "--user", MANAGER,
            "--password-file", str(self.password),
        )  # fmt: skip
        open_other_pcs(office)
        return office

    def shoot(self, window: Program, name: str) -> None:
        """Keep a picture of a window, if pictures are kept."""
        if self.out is not None:
            window.settle()
            window.look(self.out / f"{name}.png")

    def say(self, home: Path, *words: str) -> None:
        """Run a command on a home, as somebody does beside the window."""
        subprocess.run(
            [sys.executable, "-m", "liaison", "--home", str(home), "--user", MANAGER,
             "--password-file", str(self.password), *words],
            cwd=made.ROOT, check=True, capture_output=True, timeout=120,
        )  # fmt: skip

    def let_in(self, office: Program, new: Program, name: str) -> None:
        """Compare the digits of a PC that has asked to join, let it in, and fetch the record."""
        new.find("Another invitation")
        new.sees("The six digits of this PC")
        self.shoot(new, f"{name} 3 digits")
        office.find("They are the same")
        self.shoot(office, f"{name} 4 compared")
        office.click("They are the same")
        office.sees("belongs to this home now")
        new.find("Your password", typed_in=True)
        self.shoot(new, f"{name} 5 let in")
        new.fill("Your password", demo.PASSWORD, secret=True)
        new.screen.key("Return")
        new.sees("Fetching the record")
        self.shoot(new, f"{name} 6 fetches")
        new.find(UP_TO_DATE)
        self.shoot(new, f"{name} 7 filled")


def open_other_pcs(window: Program) -> None:
    """Go to what is to be set about other PCs."""
    window.click("Settings")
    window.click("Other PCs")
    # the PCs are read first, and push what is below them down
    window.find("Rename ")
    window.settle()


def exchange(window: Program, said: str = UP_TO_DATE) -> None:
    """Send and fetch.

    Args:
        window: Where.
        said: What the header says before.
    """
    window.screen.key("Escape")
    window.click(said)
    window.click("Send and fetch now")
    window.find("Send and fetch now")
    window.screen.key("Escape")
