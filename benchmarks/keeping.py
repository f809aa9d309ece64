"""Keeping a home: a verified backup while people save, and unlocking."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import homes
from benchmarks.harness import Bench, Result, check, compare, timed
from liaison.records.directory import Service
from liaison.store import driver
from liaison.store.backup import read_about, write_backup
from liaison.store.store import Store

_REACH = 1.5
_PAUSE_SECONDS = 0.05


def back_up(bench: Bench) -> Iterator[Result]:
    """A backup of a home in which somebody saves all the while, against ``VACUUM INTO`` alone.

    Ours copies, checks the seal of every page and the log's own trees, packs copy and keys into one
    file, has the disk keep it, and reads it back. A second connection saves every twentieth of a
    second. The floor is the bare statement into a file, nothing checked, nobody saving.
    """
    size = homes.MIDDLE if bench.quick else homes.LARGE
    home = bench.homes.of(size)
    path = bench.homes.copy(home.path)
    place = bench.homes.folder()
    with homes.open_store(path) as writing, Store(path, homes.KEY) as reading:

        def ours() -> float:
            with _saving(writing, home.person) as saved, timed() as watch:
                write_backup(reading, homes.KEY, b"{}", place / "home.backup")
            check(saved, "nobody could save while the backup was made")
            check(read_about(place / "home.backup").seq > 0, "the backup is not whole")
            return watch.seconds

        def floor() -> float:
            file = place / "plain.db"
            driver.new_file(file)
            bare = driver.connect(path, homes.KEY)
            with timed() as watch:
                bare.execute("VACUUM INTO ?", (str(file),))
            bare.close()
            check(file.stat().st_size > path.stat().st_size / 2, "the floor did not copy")
            file.unlink()
            return watch.seconds

        name = f"backup of {size:,} notes while saves go on"
        yield compare(name, _REACH, bench.turns(5, 5), ours, floor)
    bench.homes.forget(path)


@contextmanager
def _saving(store: Store, person: int) -> Iterator[list[int]]:
    """Save something small again and again in another thread."""
    saved: list[int] = []
    over = threading.Event()

    def save() -> None:
        while not over.wait(_PAUSE_SECONDS):
            with store.unit(person) as unit:
                saved.append(unit.add(Service(name="while a backup is made")))

    thread = threading.Thread(target=save)
    thread.start()
    try:
        yield saved
    finally:
        over.set()
        thread.join()


def unlock(bench: Bench) -> Iterator[Result]:
    """Unlocking a home with the password, against Argon2id alone at the same cost.

    Ours reads the key file, checks every signature in it, derives the key, opens the slot and the
    vault, opens the database and compares the two with each other and with the outside mark.
    """
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    from liaison.security import STANDARD
    from liaison.services import founding
    from liaison.services.homes import open_home

    folder = bench.homes.folder() / "home"
    password = "seven grey herons waiting"  # noqa: S105  # of a home that is thrown away
    founding.make_home(folder, name="Willow House", person="Kate Morgan", password=password)[
        0
    ].close()

    def ours() -> float:
        with timed() as watch:
            home = open_home(folder, None, password)
        check(home.store.the("home") is not None, "the home did not open")
        home.close()
        return watch.seconds

    def floor() -> float:
        kdf = Argon2id(
            salt=bytes(16), length=32, iterations=STANDARD.passes, lanes=STANDARD.lanes,
            memory_cost=STANDARD.memory_kib,
        )  # fmt: skip
        with timed() as watch:
            derived = kdf.derive(password.encode())
        check(derived, "nothing was derived")
        return watch.seconds

    yield compare("unlock and open a home", 1.2, bench.turns(9, 40), ours, floor)
