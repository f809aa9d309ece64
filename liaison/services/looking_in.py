"""Looking into a backup: what it holds, and whether all of it is as it was written."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.services import restoring
from liaison.services.backups import home_name
from liaison.services.opening import open_store
from liaison.store import backup as container
from liaison.store.backup import About
from liaison.store.driver import WrongKey
from liaison.store.store import FILE_NAME, Store
from liaison.store.tally import newest, tally
from liaison.store.verify import Progress, Report, verify

if TYPE_CHECKING:
    from liaison.services.backups import Source

_COUNTED: Final = (
    "resident", "staff", "organisation", "contact", "visit", "visit_entry", "action", "concern",
    "referral", "training_record",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Inside:
    """What a backup holds.

    Args:
        home: The home's name.
        made: When it was made, in London.
        last: When its last change was written, in London; None if nothing was.
        counts: How many there are of what people ask for first, by the type's plural.
        people: Who may sign in, with their roles.
        size: The size of its database in bytes.
        words: The counts as people say them, without what there is none of: "1 resident".
    """

    home: str
    made: dt.datetime
    last: dt.datetime | None
    counts: tuple[tuple[str, int], ...]
    people: tuple[tuple[str, str], ...]
    size: int
    words: tuple[str, ...]


def look_inside(file: Path, person: str | None, password: str, *, recovery: bool = False) -> Inside:
    """Look into a backup; nothing is restored, and what was unpacked for it is gone afterwards.

    Args:
        file: The backup.
        person: The id or name of who unlocks it; None if only one person can.
        password: Their password at the time of the backup.
        recovery: Whether that is the recovery key of that time instead.

    Raises:
        UserError: It is not a backup, or damaged, or the password is another.
    """
    with _unpacked(file) as (folder, about, keys):
        unlocked = restoring.unlock_backup(keys, person, password, recovery=recovery)
        # as a home is opened: what an older version made is brought up to date, here in the copy
        with open_store(folder, unlocked) as store:
            last = newest(store)
            counts = tally(store, _COUNTED)
            return Inside(
                home_name(store),
                times.in_london(times.from_stored(about.made_at)),
                times.in_london(times.from_stored(last)) if last else None,
                tuple((all_specs()[name].plural, number) for name, number in counts.items()),
                tuple((one.name, one.role) for one in unlocked.file.people if one.can_unlock),
                about.size,
                tuple(_so_many(number, name) for name, number in counts.items() if number),
            )


def _so_many(number: int, name: str) -> str:
    spec = all_specs()[name]
    return f"{number:,} {(spec.label if number == 1 else spec.plural).lower()}"


def check(file: Path, source: Source | None = None, progress: Progress | None = None) -> Report:
    """Go over a backup: everything in it against its fingerprint, and every entry if it can be read.

    Args:
        file: The backup.
        source: The open home it is of; without it, or if its key was another then, the entries
            are not gone through.
        progress: Told how far it is.

    Returns:
        What was gone through and what was found.

    Raises:
        DamagedBackup: It is not a whole backup.
    """
    with _unpacked(file) as (folder, _, _):
        if source is None:
            return Report()
        # a copy, so it may be written to, as checking the search index does; nothing is signed
        nobody = Ed25519PrivateKey.generate()
        try:
            with Store(folder / FILE_NAME, source.key, nobody) as store:
                return verify(store, deep=True, progress=progress or _quiet)
        except WrongKey:
            # made before the key was changed: that it is whole is all that can be told
            return Report()


def _quiet(_step: str, _done: int, _all: int) -> None:
    """Tell nobody."""


@contextmanager
def _unpacked(file: Path) -> Iterator[tuple[Path, About, bytes]]:
    """Unpack a backup for a look, into a folder that is gone afterwards; what is in it is encrypted."""
    with tempfile.TemporaryDirectory(prefix="liaison-look-") as name:
        about, keys = container.unpack(file, Path(name))
        yield Path(name), about, keys
