"""Guessing at the window made slow: failed attempts are counted beside the key file.

It says nothing about a stolen file, which can be tried without any window; Argon2id does that. Who
deletes or alters the count only begins anew.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from liaison.errors import UserError
from liaison.files import replace_file

if TYPE_CHECKING:
    from pathlib import Path

#: The name of the count's file, beside the key file.
FILE_NAME: Final = "attempts.json"
#: Failures in a row before anybody has to wait.
FREE_TRIES: Final = 5
_FIRST_SECONDS: Final = 10
#: The longest wait.
MOST_SECONDS: Final = 300
_LARGEST: Final = 1 << 16
_MOST_FAILURES: Final = 1_000
_LATEST: Final = 1e11


def delay(failures: int) -> int:
    """Return the seconds to wait after so many failures in a row: 10 after the fifth, then double."""
    if failures < FREE_TRIES:
        return 0
    # no power of two beyond what is cut off anyhow
    doubled = min(failures - FREE_TRIES, 10)
    return min(MOST_SECONDS, _FIRST_SECONDS << doubled)


def remaining(failures: int, last: float, now: float) -> int:
    """Return the whole seconds still to wait.

    Args:
        failures: How many there were in a row.
        last: When the last one was, in seconds since 1970.
        now: The present moment, in the same way.
    """
    return max(0, math.ceil(delay(failures) - (now - last)))


class Throttle:
    """The failed attempts at one home, by person.

    Args:
        folder: The home, which holds the key file.
        clock: Returns the seconds since 1970.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._path = folder.expanduser().absolute() / FILE_NAME
        self._clock = clock
        # what could not be written down counts until the program ends
        self._unwritten: dict[str, tuple[int, float]] = {}

    def wait(self, person: str, now: float | None = None) -> int:
        """Return the whole seconds until somebody may try again; 0 if they may now.

        Args:
            person: The id of their record; "recovery" for the recovery sheet.
            now: The present moment in seconds since 1970; the clock's if not given.
        """
        counts = self._read()
        failures, last = counts.get(person, (0, 0.0))
        now = self._clock() if now is None else now
        if last > now:
            # the clock was set back: the delay runs from here, not from that day in the future
            counts[person] = (failures, now)
            self._write(counts)
        return remaining(failures, min(last, now), now)

    def failed(self, person: str) -> int:
        """Count a failed attempt; return the whole seconds to wait from now."""
        counts = self._read()
        failures = min(counts.get(person, (0, 0.0))[0] + 1, _MOST_FAILURES)
        counts[person] = (failures, self._clock())
        self._write(counts)
        return delay(failures)

    def succeeded(self, person: str) -> None:
        """Forget somebody's failures: they are in."""
        counts = self._read()
        if counts.pop(person, None) is not None:
            self._write(counts)

    def _read(self) -> dict[str, tuple[int, float]]:
        """Return what was counted; nothing if the file is not there or was tampered with."""
        try:
            with self._path.open("rb") as file:
                document = json.loads(file.read(_LARGEST))
        except (OSError, ValueError, RecursionError):
            document = {}
        counted = document.get("failed") if isinstance(document, dict) else None
        found = {
            person: (min(entry["count"], _MOST_FAILURES), float(entry["last"]))
            for person, entry in (counted.items() if isinstance(counted, dict) else ())
            if _is_entry(entry)
        }
        return found | self._unwritten

    def _write(self, counts: dict[str, tuple[int, float]]) -> None:
        self._unwritten = {}
        failed = {person: {"count": n, "last": last} for person, (n, last) in counts.items()}
        try:
            if failed:
                replace_file(self._path, json.dumps({"failed": failed}).encode())
            else:
                self._path.unlink(missing_ok=True)
        except (UserError, OSError):
            # read-only or full: whoever is at the window waits all the same, until it is closed
            self._unwritten = counts


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, dict):
        return False
    count, last = entry.get("count"), entry.get("last")
    if not isinstance(count, int) or not isinstance(last, int | float):
        return False
    return count > 0 and 0 <= last <= _LATEST
