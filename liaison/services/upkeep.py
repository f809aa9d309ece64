"""What this PC keeps beside a home about looking after it: backups made, the last check, the plan.

It lies in a small file of the home's folder, not in the database: it must be there when the
database is not, and it is about this PC alone. Nothing in it is secret and nothing depends on it: a
file that is gone or damaged begins anew, and the backups themselves say what they are.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from liaison.files import plain_errors, replace_file
from liaison.records.rules import times
from liaison.records.rules.keeping import STANDARD, Keep
from liaison.store.backup import AUTOMATIC, BY_HAND

FILE_NAME: Final = "upkeep.json"
_LARGEST: Final = 1_000_000
_MOST_MADE: Final = 200
_DAY_HOURS: Final = 24
_CHANGING: Final = threading.Lock()


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """How backups are made by themselves.

    Args:
        on: Whether they are.
        folder: Where; empty for the folder that :func:`liaison.services.backups.place` names.
        hour: The hour of the day after which one is made, if the home is open (0 to 23).
        keep: How many are kept.
    """

    on: bool = True
    folder: str = ""
    hour: int = 20
    keep: Keep = STANDARD


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """A backup as it was when it was made and found good.

    Args:
        file: Its whole path.
        at: When it was made, as kept.
        way: Automatic or by hand.
        length: The length of the file in bytes.
        sha256: The fingerprint of its database.
        tag: The replica that made it.
        seq: The number of that replica's last unit in it.
        head: The hash of that unit in hexadecimal.
        away: Whether it lay away from the home's own disk then.
    """

    file: str
    at: str
    way: str
    length: int
    sha256: str
    tag: int
    seq: int
    head: str
    away: bool

    @property
    def moment(self) -> dt.datetime:
        """When it was made, in London."""
        return times.in_london(times.from_stored(self.at))


@dataclasses.dataclass(frozen=True, slots=True)
class Failed:
    """The last attempt to make a backup by itself, if it failed.

    Args:
        at: When, as kept.
        what: What happened and what to do, in plain words.
    """

    at: str
    what: str


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """The last check of everything.

    Args:
        at: When, as kept.
        damage: How many things were not as they should be.
        changes: How many changes were gone through.
        first: The first thing that was wrong, in a sentence; empty if nothing was.
    """

    at: str
    damage: int
    changes: int
    first: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Upkeep:
    """Everything that is kept about looking after a home on this PC.

    Args:
        since: When this PC began to keep it, as kept; empty before.
        plan: How backups are made by themselves.
        made: The backups made from this PC, oldest first.
        failed: The last attempt, if it failed and none has succeeded since.
        checked: The last check of everything.
        went_on: When somebody decided to go on without what was missing, as kept; empty if nobody
            had to. What backups made before have seen is no reproach any more.
    """

    since: str = ""
    plan: Plan = dataclasses.field(default_factory=Plan)
    made: tuple[Made, ...] = ()
    failed: Failed | None = None
    checked: Checked | None = None
    went_on: str = ""


T = TypeVar("T", Keep, Made, Failed, Checked)


def read(folder: Path) -> Upkeep:
    """Return what is kept beside a home; what cannot be read is as if it were not there."""
    with contextlib.suppress(OSError):
        return _read(folder)
    return Upkeep()


def _read(folder: Path) -> Upkeep:
    """Return what is kept; a file that is gone or damaged begins anew.

    Raises:
        OSError: The file is there, and cannot be read at present.
    """
    with contextlib.suppress(FileNotFoundError, ValueError, RecursionError):
        with (folder / FILE_NAME).open("rb") as file:
            found = json.loads(file.read(_LARGEST))
        if isinstance(found, dict):
            return _upkeep(found)
    return Upkeep()


def change(folder: Path, to: Callable[[Upkeep], Upkeep], now: dt.datetime) -> Upkeep:
    """Change what is kept beside a home.

    Args:
        folder: The home.
        to: Makes the new from the old.
        now: The present moment.

    Returns:
        What is kept from now on.

    Raises:
        CannotWrite: The disk refused; it is as it was.
    """
    # a backup ends on one thread while somebody changes the plan on another
    with _CHANGING:
        with plain_errors(folder / FILE_NAME):
            # else a disk that does not answer for a moment would put the standard in its place
            before = _read(folder)
        if not before.since:
            before = dataclasses.replace(before, since=times.to_stored(now))
        after = to(before)
        after = dataclasses.replace(after, made=after.made[-_MOST_MADE:])
        text = json.dumps(dataclasses.asdict(after), ensure_ascii=False, indent=1)
        replace_file(folder / FILE_NAME, text.encode("utf-8", errors="surrogatepass"))
        return after


def _upkeep(found: dict[str, Any]) -> Upkeep:
    plan, made = found.get("plan"), found.get("made")
    several = [_of(Made, one) for one in made] if isinstance(made, list) else []
    return Upkeep(
        since=_moment(found.get("since")),
        plan=_plan(plan) if isinstance(plan, dict) else Plan(),
        made=tuple(one for one in several if one is not None and one.way in {AUTOMATIC, BY_HAND}),
        failed=_of(Failed, found.get("failed")),
        checked=_of(Checked, found.get("checked")),
        went_on=_moment(found.get("went_on")),
    )


def _plan(found: dict[str, Any]) -> Plan:
    keep, folder, hour = found.get("keep"), found.get("folder"), found.get("hour")
    return Plan(
        on=found.get("on") is not False,
        folder=folder if isinstance(folder, str) else "",
        hour=hour if type(hour) is int and 0 <= hour < _DAY_HOURS else Plan().hour,
        keep=_of(Keep, keep) or STANDARD,
    )


def _of(kind: type[T], found: Any) -> T | None:
    """Make one of the small records above of what was read; None if it is not one."""
    if not isinstance(found, dict):
        return None
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        value = found.get(
            field.name, None if field.default is dataclasses.MISSING else field.default
        )
        if type(value).__name__ != field.type or (field.name == "at" and not _moment(value)):
            return None
        if isinstance(value, int) and value < -1:
            return None
        values[field.name] = value
    return kind(**values)


def _moment(found: Any) -> str:
    """Return a moment as kept if that is what was read, else nothing."""
    if isinstance(found, str):
        with contextlib.suppress(ValueError):
            times.from_stored(found)
            return found
    return ""
