"""One bit of a file is another: it is told, or it does no harm; the answer is never a wrong one."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from liaison.errors import UserError
from liaison.records import all_specs
from liaison.records.casework import Visit, VisitEntry
from liaison.records.home import Resident
from liaison.services import backups, editing, restoring
from liaison.services.homes import OpenHome
from liaison.store import driver, mark
from liaison.store.search import search
from liaison.store.store import now
from tests import homes as made
from tests.faults.conftest import in_memory, tell
from tests.telling import told

SEED: Final = 20_261_122
ALL: Final = 1000
SAMPLE: Final = 40
BACKUP: Final = "nightly.backup"
LOG: Final = f"{made.DATABASE}-wal"
SAVES: Final = 8


@pytest.fixture(scope="module")
def pattern() -> Iterator[Path]:
    """Make a home as a kill leaves it, with its log in use; and beside it a backup of it."""
    with in_memory() as folder:
        home, _ = made.make(folder / "open")
        mary, _ = editing.add(home, Resident(name="Mary Jones", allergies="Penicillin"))
        home.close()
        home = made.unlock(folder / "open")
        for number in range(SAVES):
            with home.unit() as unit:
                visit = unit.add(Visit(kind="visit", at=now()))
                unit.add(VisitEntry(visit=visit, resident=mary, found=f"found {number} " * 60))
        shutil.copytree(folder / "open", folder / "home")
        backups.by_hand(home, folder / BACKUP)
        home.close()
        (folder / "home" / f"{made.DATABASE}-shm").unlink()
        assert (folder / "home" / LOG).stat().st_size > SAVES * 4096
        yield folder


def answers(home: OpenHome) -> list[Any]:
    """Ask a home everything: its records, its log, what a search finds."""
    connection = home.store.connection
    tables = [*all_specs(), "change", "unit", "field_version", "timeline"]
    found: list[Any] = [
        rows
        for table in tables
        if (rows := connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall())
    ]
    found += [hit.record for hit in search(home.store, "found")]
    found += [hit.record for hit in search(home.store, "penicillin")]
    return found


def after_flip(folder: Path, name: str, right: list[Any], saved: list[bytes]) -> str:
    """Open what is left and return what became of it: told, harmless, or missing and noticed."""
    try:
        if name == BACKUP:
            opened = restoring.restore_home(
                folder / BACKUP, folder / "restored", None, made.PASSWORD
            )
            opened.close()
            home = made.unlock(folder / "restored")
        else:
            home = made.unlock(folder / "home")
        with home:
            found = answers(home)
            if home.store.loss is not None:
                return noticed(home, found, saved)
    except UserError as error:
        return plainly(error)
    except driver.DriverError as error:
        return damaged(error)
    assert found == right, "a wrong answer"
    return "harmless"


def plainly(error: UserError) -> str:
    """See that an error says what happened, what is kept and what to do."""
    assert error.what
    assert error.kept
    assert error.do
    return f"told {error.code}"


def damaged(error: Exception) -> str:
    """See that the driver tells of damage, which the lists and searches say plainly."""
    assert driver.is_damage(error), error
    return "told damaged-database"


def noticed(home: OpenHome, found: list[Any], saved: list[bytes]) -> str:
    """See that what is there is a true beginning, what is missing is counted, and nothing written."""
    loss = home.store.loss
    assert loss is not None
    units = [row[0] for row in home.store.connection.execute("SELECT hash FROM unit ORDER BY seq")]
    assert units == saved[: len(units)]
    assert loss.saves == len(saved) - len(units) > 0
    assert found
    with pytest.raises(mark.Incomplete), home.unit() as unit:
        unit.add(Resident(name="x"))
    return "missing, and noticed"


@pytest.mark.parametrize(
    ("name", "outcomes"),
    [
        (made.DATABASE, {"told damaged-database", "harmless"}),
        (LOG, {"missing, and noticed"}),
        (made.KEYS, {"told damaged-key-file"}),
        (BACKUP, {"told damaged-backup"}),
        (mark.FILE_NAME, {"harmless"}),
    ],
)
def test_a_flipped_bit_is_told_or_harmless_and_never_a_wrong_answer(
    name: str, outcomes: set[str], pattern: Path, memory: Path, *, full_faults: bool
) -> None:
    closed = name in {made.DATABASE, made.KEYS}
    good = memory / "good"
    shutil.copytree(pattern, good)
    with made.unlock(good / "home") as home:
        right = answers(home)
        saved = [
            row[0] for row in home.store.connection.execute("SELECT hash FROM unit ORDER BY seq")
        ]
    before = good if closed else pattern
    inside = Path(name) if name == BACKUP else Path("home") / name
    size = (before / inside).stat().st_size
    chance = Random(f"{name} {SEED}")
    seen: Counter[str] = Counter()
    for _ in range(ALL if full_faults else SAMPLE):
        place, bit = chance.randrange(size), chance.randrange(8)
        left = memory / "left"
        shutil.copytree(before, left)
        made.flip(left / inside, place, bit)
        with told(f"bit {bit} of byte {place} of {size}"):
            seen[after_flip(left, name, right, saved)] += 1
        shutil.rmtree(left)
    tell(f"{name}: {sum(seen.values())} flips, {dict(seen)}")
    assert outcomes <= seen.keys(), seen


def test_a_log_cut_short_is_noticed(pattern: Path, memory: Path) -> None:
    shutil.copytree(pattern, memory / "left")
    log = memory / "left" / "home" / LOG
    with log.open("r+b") as file:
        file.truncate(log.stat().st_size // 2)
    with made.unlock(memory / "left" / "home") as home:
        assert home.store.loss is not None
        assert home.store.loss.saves


def test_a_database_put_back_to_an_earlier_day_is_noticed(pattern: Path, memory: Path) -> None:
    folder = memory / "home"
    shutil.copytree(pattern / "home", folder)
    (folder / LOG).unlink()
    with made.unlock(folder) as home:
        assert home.store.loss is not None
        assert home.store.loss.saves == SAVES
