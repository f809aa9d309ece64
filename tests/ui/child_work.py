"""What tests have the child process do: functions of a module, found there by their names."""

from __future__ import annotations

import os
import sys
import time

from liaison.errors import UserError


def double(number: int) -> int:
    """Answer."""
    return 2 * number


def process() -> int:
    """Say which process it is."""
    return os.getpid()


def modules() -> list[str]:
    """Say what has been imported."""
    return sorted(sys.modules)


def refuse(what: str) -> None:
    """Fail as the environment does."""
    raise UserError(what, kept="All of it.", do="Do it again.", code="no-paper")


def break_down() -> None:
    """Fail as our bugs do."""
    raise KeyError("Margaret Ellis")


def die() -> None:
    """End the process, as a crash does."""
    os._exit(3)


def last_long(seconds: float) -> str:
    """Take longer than anybody waits."""
    time.sleep(seconds)
    return "done"
