"""Backups: made by themselves or by hand, listed, and old ones removed.

A backup is made through a connection of its own, so that nobody's save waits for it, on whatever
thread asks. Only what was made automatically, by this PC, of this home is ever removed, and only
after a newer one was found good.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import enum
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.files import CannotWrite
from liaison.files import plain_errors as plain_file_errors
from liaison.records.home import Home
from liaison.records.rules import times
from liaison.records.rules.keeping import Keep, kept
from liaison.security.roles import Action
from liaison.services import homes, places, upkeep
from liaison.services.backup_place import check_backup_place
from liaison.services.upkeep import Failed, Made, Plan, Upkeep
from liaison.store import backup as container
from liaison.store import mark
from liaison.store.backup import AUTOMATIC, BY_HAND, About, DamagedBackup, Tell
from liaison.store.heads import Witness
from liaison.store.store import Store
from liaison.store.tally import worked_since

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.stamps import Clock

SUFFIX: Final = ".liaison-backup"
STALE: Final = dt.timedelta(days=7)
"""A reminder comes when the last good backup away from this PC is older."""

_AHEAD: Final = dt.timedelta(days=1)
_FOLDER: Final = "Backups"
_STALE_SECONDS: Final = 3600
_SAFE: Final = frozenset(" -_'")


def _nothing(_done: int, _all: int) -> None:
    """Tell nobody."""


# ---- making one


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """What a backup is made from; may be used on any thread, while others read and save.

    Args:
        folder: The home's folder.
        database: Its database.
        key: The database's key.
        clock: This PC's clock.
        fixed: Whether the home lies where nothing can be written.
    """

    folder: Path
    database: Path
    key: bytes = dataclasses.field(repr=False)
    clock: Clock
    fixed: bool = False

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """Open the home for reading, through a connection of its own."""
        with Store(self.database, self.key, clock=self.clock, fixed=self.fixed) as store:
            yield store


def source_of(home: OpenHome) -> Source:
    """Return what backups of an open home are made from."""
    store = home.store
    return Source(home.folder, store.path, store.key, store.clock, store.fixed)


def asked_for(home: OpenHome) -> Source:
    """Return what a backup is made from that somebody asks for.

    Raises:
        NotAllowed: Who unlocked the home may not make one.
    """
    home.require(Action.BACKUP, kept="No backup was made.")
    return source_of(home)


def by_hand(home: OpenHome, path: Path, tell: Tell = _nothing) -> Made:
    """Make a backup because somebody asked for one.

    Args:
        home: The home.
        path: The file; an older backup of that name is replaced, anything else is refused.
        tell: Told how far it is.

    Raises:
        NotAllowed: Who unlocked the home may not make one.
        UserError: It could not be written or is not good; an older one is as it was.
    """
    made = back_up(asked_for(home), path, tell=tell)
    home.access.done("backed up", detail=noted(made))
    return made


def noted(made: Made) -> str:
    """Return what is noted of a backup in the audit."""
    file = Path(made.file)
    words = f"To {file.name} in {file.parent}"
    # a name on a disk of another code page is no text
    return words.encode("utf-8", "replace").decode("utf-8")


def back_up(source: Source, path: Path, *, way: str = BY_HAND, tell: Tell = _nothing) -> Made:
    """Write a verified backup and keep beside the home that there is one.

    Args:
        source: What it is made from.
        path: The file; an older backup of that name is replaced, anything else is refused.
        way: How it comes to be.
        tell: Told how far it is; what it raises stops the work, and an older backup is as it was.

    Raises:
        UserError: It could not be written or is not good; an older one is as it was.
    """
    path = path.expanduser().absolute()
    check_backup_place(source.folder, path)
    keys = partial(homes.keys_of_copy, source.folder)
    with source.opened() as store:
        about = container.write_backup(store, source.key, keys, path, way=way, tell=tell)
    with plain_file_errors(path):
        # a stick may be pulled out in this very moment
        length = path.stat().st_size
    made = Made(
        str(path), about.made_at, way, length, about.sha256, about.tag, about.seq,
        about.head, places.is_away(path.parent, source.folder),
    )  # fmt: skip

    def with_it(before: Upkeep) -> Upkeep:
        others = tuple(one for one in before.made if one.file != made.file)
        return dataclasses.replace(before, made=(*others, made), failed=None)

    _keep(source, with_it)
    return made


def _keep(source: Source, to: Callable[[Upkeep], Upkeep]) -> None:
    if source.fixed:
        return
    # the backup is there and says itself what it is; the list of them is a convenience
    with contextlib.suppress(CannotWrite):
        upkeep.change(source.folder, to, source.clock())


# ---- by themselves


def place(folder: Path, plan: Plan) -> Path:
    """Return where the automatic backups of a home go.

    Args:
        folder: The home's folder.
        plan: What was chosen.
    """
    return Path(plan.folder) if plan.folder else folder.absolute().parent / _FOLDER


def automatic(source: Source, tell: Tell = _nothing, *, anew: bool = False) -> Made | None:
    """Make the automatic backup, then remove those that are not kept any longer.

    Args:
        source: What it is made from.
        tell: Told how far it is; what it raises stops the work.
        anew: Also if nobody did more than look since the last one.

    Returns:
        What was made; None if the last one holds everything already, or none is wanted.

    Raises:
        UserError: It could not be made; that is kept too, and every older backup is as it was.
    """
    plan = upkeep.read(source.folder).plan
    if not plan.on:
        return None
    folder = place(source.folder, plan)
    try:
        if not plan.folder:
            with plain_file_errors(folder):
                folder.mkdir(parents=True, exist_ok=True)
        if not _answers(folder):
            raise _not_connected(folder)
        if not anew and _holds_everything(source, folder):
            return None
        with source.opened() as store:
            path = _free_name(folder, home_name(store), times.in_london(source.clock()))
        made = back_up(source, path, way=AUTOMATIC, tell=tell)
    except UserError as error:
        failed = Failed(times.to_stored(source.clock()), str(error))
        _keep(source, lambda before: dataclasses.replace(before, failed=failed))
        raise
    remove_old(source, made, plan.keep)
    return made


def _answers(folder: Path) -> bool:
    """Return whether a folder is there; one on a drive that fails or is far away may not answer."""
    try:
        return folder.is_dir()
    except OSError:
        return False


def _not_connected(folder: Path) -> UserError:
    return UserError(
        f"The folder for backups, {folder}, is not there.",
        kept="No backup was made. Everything in the home is saved.",
        do="Connect the stick or drive it is on, or choose another folder in Settings, Backup.",
        code="no-folder",
    )


def _holds_everything(source: Source, folder: Path) -> bool:
    """Return whether the newest backup in a folder holds all that people wrote."""
    there = [
        one
        for one in upkeep.read(source.folder).made
        if Path(one.file).parent == folder and state_of(one) is State.GOOD
    ]
    if not there:
        return False
    last = max(there, key=lambda one: (one.seq, one.at))
    with source.opened() as store:
        return last.tag == store.context.tag and not worked_since(store, last.tag, last.seq)


def home_name(store: Store) -> str:
    """Return the name of a home."""
    loaded = store.the("home")
    record = loaded.record if loaded else None
    return (isinstance(record, Home) and record.name) or "Liaison"


def file_name(name: str, at: dt.datetime, *, clock: bool = True) -> str:
    """Return the name of a backup file: "Willow House 23.11.2026 20.05.liaison-backup".

    Args:
        name: The home's name.
        at: When it is made, in London.
        clock: Whether the time of day stands in it.
    """
    safe = "".join(letter for letter in name if letter.isalnum() or letter in _SAFE).strip()
    day = f"{at.day:02}.{at.month:02}.{at.year}" + (f" {at:%H.%M}" if clock else "")
    return f"{safe or 'Liaison'} {day}{SUFFIX}"


def _free_name(folder: Path, name: str, at: dt.datetime) -> Path:
    path = folder / file_name(name, at)
    number = 2
    while path.exists():
        path = folder / f"{path.name.removesuffix(SUFFIX).split(' (')[0]} ({number}){SUFFIX}"
        number += 1
    return path


def remove_old(source: Source, newest: Made, keep: Keep) -> list[Path]:
    """Remove automatic backups that are not kept any longer.

    Args:
        source: The home they are of.
        newest: The one just made and found good, which is never removed.
        keep: How many are kept.

    Returns:
        The files removed.
    """
    folder = Path(newest.file).parent
    own = sorted(
        (
            (about.seq, about.made_at, path)
            for path, about in _labels(folder)
            if about.way == AUTOMATIC and _of_this_life(about, newest, source)
        ),
        # by how far the log had come: a clock may have been wrong
        key=lambda one: one[:2],
    )
    days = [times.in_london(times.from_stored(at)).date() for _, at, _ in own]
    chosen = kept(days, keep)
    removed: list[Path] = []
    for number, (_, _, path) in enumerate(own):
        if number not in chosen and path != Path(newest.file):
            # a file that another program holds is removed the next time
            with contextlib.suppress(OSError):
                path.unlink()
                removed.append(path)
    _sweep(folder)
    if removed:
        gone = {str(path) for path in removed}
        _keep(
            source,
            lambda before: dataclasses.replace(
                before, made=tuple(one for one in before.made if one.file not in gone)
            ),
        )
    return removed


def _of_this_life(about: About, newest: Made, source: Source) -> bool:
    return about.tag == newest.tag and about.home == homes.read_keys(source.folder).home_id


def _labels(folder: Path) -> Iterator[tuple[Path, About]]:
    """Yield what the backups in a folder say of themselves; what is none is left out."""
    if not _answers(folder):
        return
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        with contextlib.suppress(DamagedBackup):
            yield path, container.read_label(path)


def _sweep(folder: Path) -> None:
    """Remove what a killed program left half-written long ago."""
    oldest = time.time() - _STALE_SECONDS
    for path in folder.glob(f".*{SUFFIX}.*.tmp"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def is_due(kept_beside: Upkeep, now: dt.datetime) -> bool:
    """Return whether the backup of the day is due.

    Args:
        kept_beside: What is kept beside the home.
        now: The present moment, in London.
    """
    plan = kept_beside.plan
    return plan.on and _last_automatic(kept_beside, now) < _last_due(plan, now)


def next_due(kept_beside: Upkeep, now: dt.datetime) -> dt.datetime:
    """Return when the backup of the day is due next, in London; now if it is due already."""
    if is_due(kept_beside, now):
        return now
    return _last_due(kept_beside.plan, now) + dt.timedelta(days=1)


def _last_due(plan: Plan, now: dt.datetime) -> dt.datetime:
    today = now.replace(hour=plan.hour, minute=0, second=0, microsecond=0)
    return today if today <= now else today - dt.timedelta(days=1)


def _last_automatic(kept_beside: Upkeep, now: dt.datetime) -> dt.datetime:
    made = [one.moment for one in kept_beside.made if one.way == AUTOMATIC]
    begun = [times.from_stored(kept_beside.since)] if kept_beside.since else []
    # what was made while the clock ran years ahead must not put the next one off for years
    return max((one for one in made or begun if one <= now), default=_NEVER)


_NEVER: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


# ---- what there is


class State(enum.Enum):
    """How a backup stands that was good when it was made."""

    GOOD = "good"
    """It is there, as long as it was."""
    NOT_HERE = "not here"
    """Its folder is not there: a stick in the safe."""
    GONE = "gone"
    """Its folder is there, and it is not in it."""
    CHANGED = "changed"
    """It is there and has another length."""


def state_of(made: Made) -> State:
    """Return how a backup stands now, by a look from outside; :func:`check` goes over all of it."""
    path = Path(made.file)
    try:
        length = path.stat().st_size
    except OSError:
        return State.GONE if _answers(path.parent) else State.NOT_HERE
    return State.GOOD if length == made.length else State.CHANGED


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """How a home stands with its backups.

    Args:
        now: The moment it was looked at, in London.
        plan: How they are made by themselves.
        place: Where those go.
        place_away: Whether that is away from the home's own disk.
        made: The backups made from this PC with how each stands, the newest first.
        failed: The last attempt by itself, if it failed.
        since: When this PC began to keep an eye on it; None if it has not begun.
    """

    now: dt.datetime
    plan: Plan
    place: Path
    place_away: bool
    made: tuple[tuple[Made, State], ...]
    failed: Failed | None
    since: dt.datetime | None

    @property
    def last(self) -> dt.datetime | None:
        """When the newest good backup was made; one on a stick that is not here counts."""
        good = (one.moment for one, state in self.made if state in _COUNTS)
        return max(good, default=None)

    @property
    def last_away(self) -> dt.datetime | None:
        """When the newest good backup away from this PC was made."""
        good = (one.moment for one, state in self.made if state in _COUNTS and one.away)
        return max(good, default=None)

    @property
    def reminder(self) -> str:
        """What to remind of in one sentence; empty if all is well."""
        if self.failed is not None:
            return f"The last automatic backup was not made. {self.failed.what}"
        begin = self.last_away or self.since
        # of a moment still to come nobody can say how long ago it was: the clock was wrong
        ahead = begin is not None and begin - self.now > _AHEAD
        if begin is None or (self.now - begin <= STALE and not ahead):
            return ""
        if self.last_away is None:
            return (
                "There is no backup away from this PC yet: if it is stolen or its disk fails, "
                "everything is lost."
            )
        if ahead:
            return (
                "The last backup away from this PC bears a date still to come, as the clock was "
                "wrong: how old it is cannot be said."
            )
        days = (self.now.date() - self.last_away.date()).days
        return f"The last backup away from this PC is {days} days old."


_COUNTS: Final = frozenset({State.GOOD, State.NOT_HERE})


def standing(folder: Path, now: dt.datetime) -> Standing:
    """Return how a home stands with its backups.

    Args:
        folder: The home.
        now: The present moment, in London.
    """
    beside = upkeep.read(folder)
    where = place(folder, beside.plan)
    newest_first = sorted(beside.made, key=lambda one: (one.at, one.seq), reverse=True)
    return Standing(
        now,
        beside.plan,
        where,
        _answers(where) and places.is_away(where, folder),
        tuple((one, state_of(one)) for one in newest_first),
        beside.failed,
        times.from_stored(beside.since) if beside.since else None,
    )


def watch(folder: Path, now: dt.datetime) -> None:
    """Begin to keep an eye on a home's backups on this PC, if that has not begun.

    Args:
        folder: The home.
        now: The present moment.
    """
    if not upkeep.read(folder).since:
        with contextlib.suppress(CannotWrite):
            upkeep.change(folder, lambda before: before, now)


def set_plan(home: OpenHome, plan: Plan) -> None:
    """Change how backups are made by themselves.

    Raises:
        NotAllowed: Who unlocked the home may not.
        UserError: The folder will not do.
    """
    home.require(Action.BACKUP)
    if plan.folder:
        check_backup_place(home.folder, Path(plan.folder) / f"x{SUFFIX}")
    upkeep.change(
        home.folder,
        lambda before: dataclasses.replace(before, plan=plan, failed=None),
        home.store.clock(),
    )


def witnesses(folder: Path) -> list[Witness]:
    """Return what this home's backups have seen of the log.

    Those noted beside the home, and those in the folder for automatic ones, which was not put back
    when the home's whole folder was.
    """
    beside = upkeep.read(folder)
    seen = {(one.at, one.tag, one.seq, one.head) for one in beside.made}
    with contextlib.suppress(UserError):
        # without its key file it is told elsewhere that nothing can be compared
        home = homes.read_keys(folder).home_id
        seen |= {
            (about.made_at, about.tag, about.seq, about.head)
            for _, about in _labels(place(folder, beside.plan))
            if about.home == home
        }
    return [
        Witness(
            f"The backup of {times.show_time(times.from_stored(at))}",
            [mark.Head(tag, seq, "", bytes.fromhex(head))],
        )
        for at, tag, seq, head in sorted(seen)
        if seq and at > beside.went_on
    ]
