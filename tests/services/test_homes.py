"""A home opens only as itself, and only to whoever may open it."""

from __future__ import annotations

import dataclasses
import json
import secrets
import shutil
import sqlite3
import time
from functools import partial
from pathlib import Path

import pytest

from liaison import security
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.directory import Service
from liaison.records.home import Resident
from liaison.security.wire import with_checksum
from liaison.services import backups, homes, restoring
from liaison.services.homes import OpenHome
from liaison.store import driver
from liaison.store.query import Query, every
from liaison.store.verify import verify
from tests.homes import (
    CHEAP,
    DATABASE,
    KEYS,
    MANAGER,
    MARK,
    PASSWORD,
    contents,
    flip,
    make,
    names,
    unlock,
)
from tests.services.conftest import add, refused


def test_a_wrong_password_is_said_and_changes_nothing(folder: Path) -> None:
    before = contents(folder)
    for wrong in ("tea at eleven", "", " ", "TEA AT TEN", "\udcff", "x" * 100_000):
        assert refused(partial(unlock, folder, wrong)).code == "wrong-password"
    assert contents(folder) == before


def test_who_is_not_known_is_said(folder: Path) -> None:
    error = refused(lambda: unlock(folder, person="Nobody Atall"))
    assert error.code == "no-such-person"
    assert "Nobody Atall" in error.what
    unlock(folder, person="KATE morgan").close()
    unlock(folder, person=homes.read_keys(folder).people[0].id).close()


@pytest.mark.parametrize("what", ["missing", "empty", "letters", "file"])
def test_a_folder_that_is_no_home_is_said(what: str, tmp_path: Path) -> None:
    target = tmp_path / "place"
    if what == "file":
        target.write_text("Dear Mum")
    elif what != "missing":
        target.mkdir()
    if what == "letters":
        (target / "letter.txt").write_text("Dear Mum")
    before = contents(tmp_path)
    error = refused(lambda: unlock(target))
    assert error.code == "not-a-home"
    assert str(target) in error.what
    assert contents(tmp_path) == before


def test_a_missing_key_file_is_said(folder: Path) -> None:
    (folder / KEYS).unlink()
    assert refused(lambda: unlock(folder)).code == "not-a-home"


def test_damage_to_the_key_file_is_never_taken_for_a_wrong_password(
    folder: Path, *, full_faults: bool
) -> None:
    good = (folder / KEYS).read_bytes()
    step = 1 if full_faults else 97
    # the last byte is a line end: without it, nothing is missing
    for length in range(0, len(good) - 1, step):
        (folder / KEYS).write_bytes(good[:length])
        assert refused(lambda: unlock(folder)).code == "damaged-key-file"
    before = contents(folder)[DATABASE]
    for place in range(0, len(good), step):
        (folder / KEYS).write_bytes(good)
        flip(folder / KEYS, place, place % 8)
        assert refused(lambda: unlock(folder)).code in {"damaged-key-file", "newer-key-file"}
    assert contents(folder)[DATABASE] == before


def test_a_key_file_that_asks_for_four_gigabytes_is_refused_before_they_are_taken(
    folder: Path,
) -> None:
    document = json.loads((folder / KEYS).read_bytes())
    (slot,) = document["slots"]
    cost = slot["kdf"]
    (name,) = [name for name in cost if "memory" in name]
    cost[name] = 4 * 1024 * 1024
    document["slots"] = [with_checksum(slot)]
    (folder / KEYS).write_bytes(json.dumps(with_checksum(document)).encode())
    begin = time.process_time()
    assert refused(lambda: unlock(folder)).code == "key-file-cost"
    assert time.process_time() - begin < 1


def test_what_cannot_be_finished_at_opening_leaves_nothing_open(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[OpenHome] = []

    def refuse(home: OpenHome) -> None:
        seen.append(home)
        raise security.KeyFileChanged

    monkeypatch.setattr(OpenHome, "finish", refuse)
    with pytest.raises(security.KeyFileChanged):
        unlock(folder)
    with pytest.raises(driver.DriverError, match="closed"):
        seen[0].store.connection.execute("SELECT 1")


def test_the_key_file_of_another_home_does_not_open_this_one(folder: Path, tmp_path: Path) -> None:
    make(tmp_path / "other")[0].close()
    shutil.copy(tmp_path / "other" / KEYS, folder / KEYS)
    before = contents(folder)[DATABASE]
    assert refused(lambda: unlock(folder)).code == "damaged-database"
    assert contents(folder)[DATABASE] == before


def test_keys_of_another_home_with_this_ones_database_key_are_foreign(
    folder: Path, tmp_path: Path
) -> None:
    """Somebody who knows the database key and puts a key file of their own in its place."""
    with unlock(folder) as home:
        vault = home.unlocked.vault
    (folder / KEYS).unlink()
    for home_id in (home.unlocked.home_id, secrets.token_hex(16)):
        security.create(
            folder / KEYS,
            home_id=home_id,
            person=ids.to_text(home.person),
            name=MANAGER,
            password=PASSWORD,
            vault=vault,
            cost=CHEAP,
        )
        assert refused(lambda: unlock(folder)).code == "foreign-key-file"
        (folder / KEYS).unlink()


def test_an_older_key_file_put_back_is_noticed(folder: Path) -> None:
    old = (folder / KEYS).read_bytes()
    with unlock(folder) as home:
        security.change_password(folder / KEYS, home.unlocked, "coffee at three", cost=CHEAP)
    unlock(folder, "coffee at three").close()
    new = (folder / KEYS).read_bytes()
    (folder / KEYS).write_bytes(old)
    error = refused(lambda: unlock(folder))
    assert error.code == "older-key-file"
    (folder / KEYS).write_bytes(new)
    unlock(folder, "coffee at three").close()


def test_a_missing_database_is_not_made_anew(folder: Path) -> None:
    (folder / DATABASE).unlink()
    assert refused(lambda: unlock(folder)).code == "damaged-database"
    assert names(folder) == [KEYS, MARK]


def test_a_database_cut_short_is_damaged_and_stays_as_it_is(folder: Path) -> None:
    good = (folder / DATABASE).read_bytes()
    for length in (0, 1, 15, 100, 4095, 4096, 5000, 8192, 40960, len(good) // 2):
        (folder / DATABASE).write_bytes(good[:length])
        assert refused(lambda: read_all(folder)).code == "damaged-database", length
        assert (folder / DATABASE).read_bytes() == good[:length]


def read_all(folder: Path) -> None:
    with unlock(folder) as home:
        for type_name in ("home", "person", "pc", "resident"):
            list(every(home.store, Query(type_name)))
        report = verify(home.store, deep=True)
    if report.damage:
        raise UserError("Found by verify.", code="damaged-database")


def test_a_flipped_bit_of_the_database_is_never_overlooked(
    folder: Path, *, full_faults: bool
) -> None:
    with unlock(folder) as home:
        add(home, Resident(name="Mary Jones"))
    good = (folder / DATABASE).read_bytes()
    pages = len(good) // 4096
    step = 1 if full_faults else pages // 12
    overlooked = []
    for page in range(0, pages, step):
        (folder / DATABASE).write_bytes(good)
        flip(folder / DATABASE, page * 4096 + 1000 + page % 1000, page % 8)
        with pytest.raises(UserError) as caught:
            read_all(folder)
        if caught.value.code != "damaged-database":
            overlooked.append((page, caught.value))
    assert not overlooked


def test_the_database_of_another_home_is_refused(folder: Path, tmp_path: Path) -> None:
    make(tmp_path / "other")[0].close()
    shutil.copy(tmp_path / "other" / DATABASE, folder / DATABASE)
    before = contents(folder)
    assert refused(lambda: unlock(folder)).code == "damaged-database"
    assert contents(folder) == before


def test_an_unencrypted_database_is_refused(folder: Path) -> None:
    (folder / DATABASE).unlink()
    plain = sqlite3.connect(folder / DATABASE)
    plain.execute("CREATE TABLE context(home, root, tag, generation)")
    plain.commit()
    plain.close()
    before = contents(folder)
    assert refused(lambda: unlock(folder)).code == "damaged-database"
    assert contents(folder) == before


def test_a_folder_in_place_of_the_database_is_refused(folder: Path) -> None:
    (folder / DATABASE).unlink()
    (folder / DATABASE).mkdir()
    assert refused(lambda: unlock(folder)).code == "damaged-database"


def test_the_database_of_another_copy_of_the_home_is_noticed(folder: Path, tmp_path: Path) -> None:
    backup = tmp_path / "b"
    with unlock(folder) as home:
        backups.by_hand(home, backup)
    restoring.restore_home(backup, tmp_path / "restored", None, PASSWORD).close()
    shutil.copy(tmp_path / "restored" / DATABASE, folder / DATABASE)
    before = contents(folder)
    # the restored one has seen a newer key file: that is said first, and opens as little
    assert refused(lambda: unlock(folder)).code in {"copied-database", "older-key-file"}
    assert contents(folder) == before
    shutil.copy(tmp_path / "restored" / KEYS, folder / KEYS)
    unlock(folder).close()


def test_a_database_with_another_tag_is_a_copy(folder: Path) -> None:
    with unlock(folder) as home:
        vault = dataclasses.replace(home.unlocked.vault, tag=(home.unlocked.vault.tag + 1) % 16_384)
        security.replace_vault(folder / KEYS, home.unlocked, vault)
    before = contents(folder)[DATABASE]
    error = refused(lambda: unlock(folder))
    assert error.code == "copied-database"
    assert "another PC" in error.what
    assert contents(folder)[DATABASE] == before


@pytest.mark.parametrize("rekeyed", [False, True], ids=["before", "after"])
def test_a_crash_while_the_database_key_changes_leaves_a_home_that_opens(
    folder: Path, *, rekeyed: bool
) -> None:
    """Key file first (pending), then the database: whichever was reached, one of the two fits."""
    new = secrets.token_bytes(32)
    with unlock(folder) as home:
        resident = add(home, Resident(name="Mary Jones"))
        vault = home.unlocked.vault
        pending = dataclasses.replace(vault.database, pending=new)
        security.replace_vault(
            folder / KEYS, home.unlocked, dataclasses.replace(vault, database=pending)
        )
        old = vault.database.current
    if rekeyed:
        connection = driver.connect(folder / DATABASE, old)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")
        connection.close()
    with unlock(folder) as home:
        assert home.store.get("resident", resident) is not None
        assert verify(home.store, deep=True).damage == []
    # with neither key it is damage, not a bug
    flip(folder / DATABASE, 100)
    assert refused(lambda: unlock(folder)).code == "damaged-database"


def test_a_reason_that_cannot_be_kept_writes_nothing(folder: Path) -> None:
    with unlock(folder) as home:
        for reason in ("x" * 2_001, "half a \udcff letter"):
            error = refused(partial(add, home, Service(name="x"), reason))
            assert error.code == "reason"
        assert list(every(home.store, Query("service"))) == []
        add(home, Service(name="x"), " two\nlines\0 and a bell\a ")
        row = home.store.connection.execute("SELECT reason FROM unit ORDER BY id DESC").fetchone()
        assert row == ("two lines and a bell",)
