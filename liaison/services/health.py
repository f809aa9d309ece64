"""How a home is on this PC: keys, database, backups, disk, clock; and the check of everything.

A line is good only if it was looked at just now and found so, or was checked not long ago; what is
not known is said to be not known.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import enum
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from liaison import __version__
from liaison.errors import UserError
from liaison.files import CannotWrite
from liaison.records.rules import times
from liaison.records.rules.working_days import holiday_warning, known_until
from liaison.services import backups, homes, upkeep
from liaison.services.backups import Source, Standing
from liaison.services.upkeep import Checked
from liaison.store import heads, mark, tally
from liaison.store.store import Store
from liaison.store.verify import Progress, verify

RELEASED: Final = dt.date(2026, 11, 22)
"""The day on which this version of Liaison was made: no PC's clock can rightly say an earlier one."""

CHECK_AGAIN: Final = dt.timedelta(days=35)
"""After so long without a check of everything, another one is due."""

_LEAST_FREE: Final = 200_000_000
_LITTLE_FREE: Final = 2_000_000_000
_COPIES: Final = 4
_SITTING: Final = dt.timedelta(hours=12)
_DAY: Final = dt.timedelta(days=1)
_COUNTED_AHEAD: Final = dt.timedelta(days=120)
"""So far ahead lie the dates that are worked out by counting working days."""
_LONG_UNUSED: Final = dt.timedelta(days=400)


class State(enum.Enum):
    """How something stands."""

    GOOD = "good"
    LOOK = "look"
    """Somebody should see to it."""
    BAD = "bad"
    """Something is wrong, or about to be."""
    FACT = "fact"
    """Neither good nor bad."""


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at.

    Args:
        name: What, as a heading and as a word for scripts ("Disk space").
        state: How it stands.
        words: What was found, in a sentence or two.
        do: What to do, if anything is to be done.
    """

    name: str
    state: State
    words: str
    do: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Health:
    """How a home is.

    Args:
        at: When it was looked at, in London.
        lines: What was looked at.
    """

    at: dt.datetime
    lines: tuple[Line, ...]

    @property
    def state(self) -> State:
        """The worst of all states; good if nothing is to be done."""
        states = {line.state for line in self.lines}
        return next((one for one in (State.BAD, State.LOOK) if one in states), State.GOOD)


def look(source: Source) -> Health:
    """Look at how a home is; quick, the check of everything is :func:`check_everything`.

    Args:
        source: The open home; may be used on any thread.
    """
    now = times.in_london(source.clock())
    standing = backups.standing(source.folder, now)
    checked = upkeep.read(source.folder).checked
    with source.opened() as store:
        lines = (
            _keys(source.folder, store),
            _database(store, source.folder),
            _checked(checked, now),
            _backup(standing),
            _away(standing),
            disk(shutil.disk_usage(source.folder).free, tally.size(store)),
            clock(now, _last_before(store, now)),
            bank_holidays(now.date()),
            Line("Version", State.FACT, f"Liaison {__version__}."),
            _log(store),
        )
    return Health(now, lines)


def pressing(source: Source) -> list[Line]:
    """Return what should be said when a home is opened: saves that are missing, disk, clock."""
    now = times.in_london(source.clock())
    with source.opened() as store:
        lines = (
            _database(store, source.folder),
            disk(shutil.disk_usage(source.folder).free, tally.size(store)),
            clock(now, _last_before(store, now)),
        )
    return [line for line in lines if line.state in {State.LOOK, State.BAD}]


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """Something to be said without being asked.

    Args:
        state: How pressing it is.
        short: It in two or three words.
        words: It in a sentence or two.
        about: ``backup`` or ``health``: where more is said and done.
    """

    state: State
    short: str
    words: str
    about: str


def notices(source: Source) -> tuple[Notice, ...]:
    """Return what should be said to whoever has opened a home; from then on its backups are watched.

    Args:
        source: The open home; may be used on any thread.
    """
    now = times.in_london(source.clock())
    if not source.fixed:
        backups.watch(source.folder, now)
    standing = backups.standing(source.folder, now)
    found = [
        Notice(line.state, f"{line.name}: look", f"{line.words} {line.do}", "health")
        for line in pressing(source)
    ]
    if standing.reminder:
        failed = standing.failed is not None
        short = "Backup not made" if failed else "Backup due"
        state = State.BAD if failed else State.LOOK
        found.append(Notice(state, short, standing.reminder, "backup"))
    return tuple(found)


def check_everything(source: Source, progress: Progress = lambda *_: None) -> Checked:
    """Go over the whole home as ``verify`` does, and keep beside it what was found.

    Others may save meanwhile; what they save after it began is not gone over. The search indexes
    are left to ``verify --deep``: checking them would keep everybody from saving.

    Args:
        source: The open home; may be used on any thread.
        progress: Told how far it is; what it raises stops the check, of which nothing is kept.

    Returns:
        What was found.
    """
    with source.opened() as store:
        report = verify(store, progress=progress, witnesses=backups.witnesses(source.folder))
    found = Checked(
        times.to_stored(source.clock()),
        len(report.damage),
        report.changes,
        report.damage[0].what if report.damage else "",
    )
    note_check(source.folder, found, source.clock())
    return found


def note_check(folder: Path, found: Checked, now: dt.datetime) -> None:
    """Keep beside a home what a check of everything has found."""
    # on a disk that only reads the answer is still given
    with contextlib.suppress(CannotWrite):
        upkeep.change(folder, lambda before: dataclasses.replace(before, checked=found), now)


# ---- one thing each


def _keys(folder: Path, store: Store) -> Line:
    try:
        keys = homes.read_keys(folder)
        keys.check_belongs(store.context.home, store.context.root, store.context.generation)
    except UserError as error:
        return Line("Keys", State.BAD, error.what, error.do)
    able = sum(one.can_unlock for one in keys.people)
    people = "One person" if able == 1 else f"{able} people"
    return Line(
        "Keys", State.GOOD, f"The key file is whole and belongs to this home. {people} can sign in."
    )


def _database(store: Store, folder: Path) -> Line:
    marked = mark.Mark(store.path.with_name(mark.FILE_NAME), store.context.home).read()
    # read anew: somebody may have saved between the two
    loss = mark.loss_of(store.connection, marked) if marked is not None else None
    if loss is not None:
        return Line("Database", State.BAD, loss.words, "Sign in again: Liaison asks how to go on.")
    gone = [
        what
        for witness in backups.witnesses(folder)
        for what in heads.missing(store.connection, witness)
    ]
    if gone:
        return Line(
            "Database",
            State.BAD,
            f"This home's folder was put back to an earlier state. {gone[-1]}",
            "Restore the newest backup into a new folder.",
        )
    if marked is None:
        return Line(
            "Database",
            State.LOOK,
            "The database opens with its key. Nothing beside it says how far it had come.",
            "Check that the home's folder can be written to.",
        )
    return Line(
        "Database",
        State.GOOD,
        "The database opens with its key, and nothing that was saved is missing from its end.",
    )


def _checked(checked: Checked | None, now: dt.datetime) -> Line:
    name = "Last check of everything"
    again = "Check everything now."
    if checked is None:
        return Line(name, State.LOOK, "Never checked on this PC yet.", again)
    at = times.from_stored(checked.at)
    when = times.show_time(at)
    if checked.damage:
        places = "one place" if checked.damage == 1 else f"{checked.damage} places"
        return Line(
            name,
            State.BAD,
            f"Damage was found in {places} on {when}. {checked.first}",
            "Keep this folder as it is, and restore the newest backup into a new one.",
        )
    words = f"All {checked.changes:,} changes were as they were written on {when}."
    if now - at > CHECK_AGAIN:
        return Line(name, State.LOOK, words, again)
    return Line(name, State.GOOD, words)


def _backup(standing: Standing) -> Line:
    name = "Last backup"
    if standing.failed is not None:
        return Line(name, State.BAD, f"The last automatic one was not made. {standing.failed.what}")
    if standing.last is None:
        return Line(name, State.LOOK, "None was made from this PC yet.", "Make a backup.")
    words = f"Made and checked on {times.show_time(standing.last)}."
    if standing.now - standing.last > backups.STALE:
        return Line(name, State.LOOK, words, "Make a backup.")
    return Line(name, State.GOOD, words)


def _away(standing: Standing) -> Line:
    name = "Backup away from this PC"
    do = "Make one on a stick or another disk, and keep it in the safe."
    if standing.last_away is None:
        return Line(name, State.LOOK, "There is none yet.", do)
    words = f"Made and checked on {times.show_time(standing.last_away)}."
    if standing.now - standing.last_away > backups.STALE:
        return Line(name, State.LOOK, words, do)
    return Line(name, State.GOOD, words)


def disk(free: int, size: int) -> Line:
    """Return how the disk of a home stands.

    Args:
        free: The bytes that are free on it.
        size: The bytes of the database; a backup and giving it another key need as much again.
    """
    words = f"{in_words(free)} free; the home has {in_words(size)}."
    least = max(_LEAST_FREE, 2 * size)
    if free < least:
        return Line(
            "Disk space",
            State.BAD,
            f"The disk is nearly full: {words}",
            "Free some space today. When it is full, nothing more can be saved.",
        )
    if free < max(_LITTLE_FREE, _COPIES * size):
        return Line("Disk space", State.LOOK, f"Little is left: {words}", "Free some space.")
    return Line("Disk space", State.GOOD, words)


def in_words(size: int) -> str:
    """Return a size as people read it: "48 MB", "12.5 GB"."""
    giga = 1_000_000_000
    return f"{size / giga:.1f} GB" if size >= giga else f"{size / 1_000_000:.0f} MB"


def clock(now: dt.datetime, last: dt.datetime | None, built: dt.date = RELEASED) -> Line:
    """Return whether this PC's clock can be right; nothing is ever refused because of it.

    Args:
        now: What it says, in London.
        last: When the last save before this sitting was made, by the clock of then.
        built: The day on which this version of Liaison was made.
    """
    name, do = "Clock", "Set the PC's date and time, then sign in again."
    said = f"This PC's clock says {times.show_time(now)}"
    if now.date() < built - _DAY:
        return Line(
            name,
            State.BAD,
            f"{said}: before this version of Liaison was made. It is probably wrong.",
            do,
        )
    if last is not None and now < last - _DAY:
        return Line(
            name,
            State.BAD,
            f"{said}, but the entry before was written on {times.show_time(last)}. "
            "It is wrong now, or was then.",
            do,
        )
    if last is not None and now - last > _LONG_UNUSED:
        return Line(
            name,
            State.LOOK,
            f"{said}; the entry before was written on {times.show_time(last)}. "
            "If this home was in use in between, the clock is wrong.",
            do,
        )
    return Line(name, State.GOOD, f"{said}, which fits what was written before.")


def bank_holidays(today: dt.date) -> Line:
    """Return whether the bank holidays that dates are counted by are known for long enough."""
    words = holiday_warning(today + _COUNTED_AHEAD)
    if words is None:
        return Line("Bank holidays", State.GOOD, f"Known up to {times.show_date(known_until())}.")
    return Line("Bank holidays", State.LOOK, words, "A newer version of Liaison knows more.")


def _last_before(store: Store, now: dt.datetime) -> dt.datetime | None:
    """Return when the last save before this sitting was made."""
    found = tally.newest_outside(
        store, times.to_stored(now - _SITTING), times.to_stored(now + _SITTING)
    )
    return times.in_london(times.from_stored(found)) if found else None


def _log(store: Store) -> Line:
    saves = tally.units(store)
    return Line(
        "Size", State.FACT, f"{in_words(tally.size(store))} with {saves:,} saves in the log."
    )


def as_json(health: Health) -> dict[str, object]:
    """Return how a home is as scripts read it."""
    return {
        "at": times.to_iso(health.at),
        "state": health.state.value,
        "checks": list(_lines(health)),
    }


def _lines(health: Health) -> Iterator[dict[str, str | None]]:
    for line in health.lines:
        yield {
            "name": line.name, "state": line.state.value, "words": line.words, "do": line.do or None,
        }  # fmt: skip
