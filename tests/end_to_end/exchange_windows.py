"""``python -m tests.end_to_end.exchange_windows OUT``: three real windows share one home, in pictures.

Office, nurses' station and a laptop, each a program of its own on a screen of its own, with a folder
between them: invited, compared, let in, filled, followed, without the folder, removed, looked through.
With ``--store`` it is an object store between two of them (``over_a_store``).
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from liaison.services import demo, homes
from liaison.services.pcs import meeting_places
from tests.end_to_end import over_a_store
from tests.end_to_end.program import Program
from tests.end_to_end.screen import until
from tests.end_to_end.stage import LAPTOP, MANAGER, NURSES, Stage, exchange
from tests.sync.real_store import switched

_WORDS: Final = "The eight words"
_GONE: Final = "Other PCs not reached"
_SHARE: Final = "Larkfield shared"


def join(stage: Stage, office: Program, name: str) -> Program:
    """Let one more PC join through its window; return it."""
    new = stage.start(name, "--home", str(stage.home_of(name)))
    new.click("Join a home that exists")
    office.click("Make an invitation")
    office.click("Show its eight words")
    words = until(lambda: office.find(f"{_WORDS} of")["value"], "the words")
    stage.shoot(office, f"{name} 1 invited")
    new.click("Eight words")
    new.fill(_WORDS, words)
    new.fill("The shared folder", str(stage.root / _SHARE))
    new.fill("What to call this PC", name)
    stage.shoot(new, f"{name} 2 asks")
    new.click("Ask to join")
    stage.let_in(office, new, name)
    return new


def play(stage: Stage) -> None:
    """Play it from the first invitation to what the lost laptop had written."""
    share = stage.root / _SHARE
    share.mkdir()
    with homes.open_home(stage.office, MANAGER, demo.PASSWORD) as home:
        meeting_places.set_up_folder(home, share)
    office = stage.start_office()
    nurses = join(stage, office, NURSES)
    laptop = join(stage, office, LAPTOP)
    stage.say(stage.home_of(NURSES), "add", "resident", "name=Abigail Crewe", "room=31")
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
    share.rename(aside)
    laptop.click("Up to date")
    laptop.click("Send and fetch now")
    laptop.find(_GONE)
    stage.shoot(laptop, "without the folder")
    aside.rename(share)
    office.click(f"Remove {LAPTOP}")
    office.fill("Why", "Lost on the bus.")
    stage.shoot(office, "removing")
    # what it sends now nobody fetches before it is removed
    stage.say(stage.home_of(LAPTOP), "set", "resident", "Abigail Crewe", "room=14")
    stage.say(stage.home_of(LAPTOP), "sync", "now")
    office.click(f"Remove {LAPTOP}")
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
    reading.add_argument("--store", action="store_true", help="with an object store between them")
    asked = reading.parse_args()
    out: Path = asked.out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary, contextlib.ExitStack() as windows:
        root = Path(temporary)
        store = windows.enter_context(switched(root / "store")) if asked.store else None
        stage = Stage.set(root / "pcs", windows, out)
        if store is None:
            play(stage)
        else:
            over_a_store.play(stage, store)
    sys.stdout.write(f"{len(list(out.iterdir()))} pictures, {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
