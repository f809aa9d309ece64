"""The window on two screens of different scale."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests import homes as made

_LONGEST_S = 150


def test_a_window_moved_to_a_sharper_screen_and_back_is_whole_on_both(home_folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.two_screens", str(home_folder)],
        cwd=made.ROOT, capture_output=True, text=True, timeout=_LONGEST_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
