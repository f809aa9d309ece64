"""Two real windows of one home, each on a screen of its own, follow each other."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import pytest

from tests import homes as made
from tests.end_to_end import over_a_store
from tests.end_to_end.program import Program, admit
from tests.end_to_end.screen import Screen, until
from tests.end_to_end.stage import UP_TO_DATE, Stage
from tests.end_to_end.test_story import folders_below
from tests.sync.real_store import switched
from tests.ui.shell.sharing import Pair

_NEWCOMER: Final = "Harold Penn"
_ENDED_S: Final = 40


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password.txt"
    file.write_text(made.PASSWORD)
    return file


def say_in_a_terminal(home: Path, password: Path, *words: str) -> None:
    """Run a command on a home, as somebody does beside the window."""
    subprocess.run(
        [sys.executable, "-m", "liaison", "--home", str(home),
         "--password-file", str(password), *words],
        cwd=made.ROOT, check=True, capture_output=True, timeout=60,
    )  # fmt: skip


def test_two_windows_follow_each_other_and_a_folder_that_is_gone_is_told(
    tmp_path: Path, password: Path
) -> None:
    pair = Pair.build(tmp_path / "pair")
    with contextlib.ExitStack() as stack:
        windows = []
        for name, home in (("one", pair.office), ("two", pair.nurses)):
            folder = tmp_path / name
            folder.mkdir()
            # the name of a local socket is at most 107 letters long
            temporary = stack.enter_context(tempfile.TemporaryDirectory())
            screen = stack.enter_context(Screen(1366, 768))
            own = {**folders_below(folder), "TMPDIR": temporary}
            words = ("--home", str(home), "--password-file", str(password))
            windows.append(stack.enter_context(Program(screen, *words, **own)))
        office, nurses = windows
        for window in windows:
            window.find("Up to date")
        # somebody writes on one PC, and says so
        say_in_a_terminal(pair.nurses, password, "add", "resident", f"name={_NEWCOMER}")
        for window in (nurses, office):
            window.click("Up to date")
            window.sees("Your work is safe")
            window.click("Send and fetch now")
            window.find("Send and fetch now")
            window.screen.key("Escape")
        office.click("Residents")
        office.sees(_NEWCOMER)
        # the folder goes away, and what is written waits
        pair.share.rename(pair.root / "unplugged")
        office.click("Up to date")
        office.click("Send and fetch now")
        office.screen.key("Escape")
        office.find("Other PCs not reached")
        office.screen.close(f"{made.NAME} - Liaison")
        assert until(lambda: [office.ended(_ENDED_S)], "the window closed") == [0]


def test_two_windows_follow_each_other_through_a_store_that_one_was_given_as_a_file(
    tmp_path: Path,
) -> None:
    with contextlib.ExitStack() as stack:
        power = stack.enter_context(switched(tmp_path / "store"))
        stage = Stage.set(tmp_path / "pcs", stack)
        office = stage.start_office()
        over_a_store.set_up(stage, office, power)
        nurses = over_a_store.join(stage, office, over_a_store.invite(stage, office))
        first, second, *_ = over_a_store.NEWCOMERS
        for there, here, name in ((nurses, office, first), (office, nurses, second)):
            admit(there, name)
            over_a_store.see(here, there, name)
        power.off()
        nurses.click(UP_TO_DATE)
        nurses.click("Send and fetch now")
        nurses.find(over_a_store.GONE)
        nurses.sees("Nothing answers at the address of the store.")
