"""Changes of a key file: what they do, what they keep, and what a crash leaves."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from liaison.files import CannotWrite
from liaison.security import (
    BadPassword,
    DatabaseKeys,
    KeyFileChanged,
    NotAllowed,
    OlderKeyFile,
    WrongPassword,
    WrongRecoveryKey,
    admit,
    change_password,
    new_recovery_key,
    read,
    read_bytes,
    replace_vault,
)
from liaison.security.document import encode
from liaison.security.wire import with_checksum

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.security import Unlocked
    from tests.security.conftest import Home


def change_vault(home: Home) -> Unlocked:
    pending = DatabaseKeys(home.vault.database.current, b"p" * 32)
    return replace_vault(home.path, home.unlocked, replace(home.vault, database=pending))


def change_own_password(home: Home) -> Unlocked:
    return change_password(home.path, home.unlocked, "another", cost=home.cost)


def change_sheet(home: Home) -> Unlocked:
    return new_recovery_key(home.path, home.unlocked)[0]


def add_carer(home: Home) -> Unlocked:
    return admit(
        home.path,
        home.unlocked,
        person="carer",
        name="Ruby",
        role="carer",
        password="owl",
        cost=home.cost,
    )


CHANGES = pytest.mark.parametrize(
    "change", [change_vault, change_own_password, change_sheet, add_carer]
)


@CHANGES
def test_every_change_is_a_new_generation(change: Callable[[Home], Unlocked], home: Home) -> None:
    now = change(home)
    assert now.generation == read(home.path).generation == 2
    assert now.file.data == home.path.read_bytes()
    now.check_belongs(home.unlocked.home_id, home.unlocked.root, 2)
    with pytest.raises(OlderKeyFile):
        home.unlocked.check_belongs(home.unlocked.home_id, home.unlocked.root, now.generation)
    # It can be changed again with what came back.
    assert replace_vault(home.path, now, now.vault).generation == 3


def test_another_vault_is_stored(home: Home) -> None:
    now = change_vault(home)
    assert now.vault.database.pending == b"p" * 32
    assert read(home.path).unlock(None, home.password).vault == now.vault
    assert read(home.path).unlock_with_recovery(home.key).vault == now.vault


def test_the_new_password_opens_and_the_old_one_does_not(home: Home) -> None:
    change_own_password(home)
    assert read(home.path).unlock(None, "another").vault == home.vault
    with pytest.raises(WrongPassword):
        read(home.path).unlock(None, home.password)
    assert read(home.path).unlock_with_recovery(home.key).vault == home.vault


def test_a_carer_changes_only_their_own_slot(home: Home) -> None:
    add_carer(home)
    before = read(home.path)
    change_password(home.path, before.unlock("carer", "owl"), "barn owl", cost=home.cost)
    after = read(home.path)
    assert after.unlock("carer", "barn owl").vault == home.vault
    assert after.unlock(home.manager, home.password).vault == home.vault
    assert after.document.slots[home.manager] == before.document.slots[home.manager]
    assert after.document.roll.document == before.document.roll.document
    assert [person.id for person in after.people] == [home.manager, "carer"]
    new, old = after.document.slots["carer"], before.document.slots["carer"]
    assert new["kdf"] != old["kdf"]
    assert new["keys"] != old["keys"]


def test_a_password_that_is_none_changes_nothing(home: Home) -> None:
    before = home.path.read_bytes()
    for password in ("", " "):
        with pytest.raises(BadPassword):
            change_password(home.path, home.unlocked, password, cost=home.cost)
    by_sheet = read(home.path).unlock_with_recovery(home.key)
    with pytest.raises(NotAllowed, match="no password"):
        change_password(home.path, by_sheet, "another", cost=home.cost)
    assert home.path.read_bytes() == before


def test_a_new_sheet_ends_the_old_one(home: Home) -> None:
    old_file = home.path.read_bytes()
    now, key = new_recovery_key(home.path, home.unlocked)
    assert key != home.key
    # in one file with the sheet, what it replaced
    noted = replace(
        home.vault, replaced_sheet=home.unlocked.file.document.roll.recovery.keys.signing
    )
    assert read(home.path).unlock_with_recovery(key).vault == noted
    with pytest.raises(WrongRecoveryKey):
        read(home.path).unlock_with_recovery(home.key)
    assert read(home.path).unlock(None, home.password).vault == noted
    # Said to the manager: an old copy of the file still opens with the old sheet ...
    old = read_bytes(old_file).unlock_with_recovery(home.key)
    # ... but what it gives away does not open what the vault holds from now on.
    assert old.vault_key != now.vault_key
    assert home.unlocked.file.document.roll.recovery.document not in (
        one.document for one in now.file.document.roll.issuers
    )


def test_what_a_newer_version_wrote_is_kept_everywhere(home: Home) -> None:
    add_carer(home)
    newer = home.document()
    newer["later"] = {"a": [1]}
    for part in (*newer["slots"], newer["recovery"], newer["vault"]):  # type: ignore[misc]
        part["later"] = "kept"
    parts = {
        **newer,
        "slots": [with_checksum(slot) for slot in newer["slots"]],  # type: ignore[attr-defined]
        "recovery": with_checksum(newer["recovery"]),  # type: ignore[arg-type]
        "vault": with_checksum(newer["vault"]),  # type: ignore[arg-type]
    }
    before = read(home.path).unlock(home.manager, home.password)
    data = encode(before.file.document.pin, 3, parts, before.vault_key)
    for change in (change_vault, change_own_password, change_sheet, add_carer):
        home.path.write_bytes(data)
        home.unlocked = read(home.path).unlock(home.manager, home.password)
        after = change(home).file.document
        assert after.current["later"] == {"a": [1]}
        for part in (after.slots[home.manager], after.recovery, after.vault):
            assert part["later"] == "kept"


@CHANGES
def test_a_file_changed_by_another_liaison_is_not_overwritten(
    change: Callable[[Home], Unlocked], home: Home
) -> None:
    other = read(home.path).unlock(None, home.password)
    change_password(home.path, other, "theirs", cost=home.cost)
    with pytest.raises(KeyFileChanged) as caught:
        change(home)
    assert caught.value.code == "key-file-changed"
    assert read(home.path).unlock(None, "theirs").generation == 2


@CHANGES
def test_a_file_that_went_missing_or_bad_meanwhile_is_made_good(
    change: Callable[[Home], Unlocked], home: Home
) -> None:
    home.path.write_bytes(home.path.read_bytes()[:500])
    assert change(home).generation == 2
    home.unlocked = change_after_loss(home)
    assert home.unlocked.generation == 3


def change_after_loss(home: Home) -> Unlocked:
    password = "another"
    keys = read(home.path)
    try:
        unlocked = keys.unlock(home.manager, password)
    except WrongPassword:
        unlocked = keys.unlock(home.manager, home.password)
    home.path.unlink()
    return replace_vault(home.path, unlocked, unlocked.vault)


@CHANGES
@pytest.mark.parametrize("step", ["open", "write", "fsync", "replace"])
def test_a_fault_at_any_step_leaves_the_old_file(
    step: str,
    change: Callable[[Home], Unlocked],
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = home.path.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(CannotWrite, match="disk is full"):
            change(home)
    assert home.path.read_bytes() == before
    assert [entry.name for entry in home.path.parent.iterdir()] == ["keys.json"]
    # And the home as unlocked can still be changed.
    assert change(home).generation == 2


@CHANGES
def test_a_file_that_would_not_open_never_replaces_one_that_does(
    change: Callable[[Home], Unlocked], home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = home.path.read_bytes()
    good = encode

    def bad(*args: object) -> bytes:
        return good(*args)[:-40] + b"}"  # type: ignore[arg-type]

    monkeypatch.setattr("liaison.security.change.encode", bad)
    with pytest.raises(Exception, match="damaged"):
        change(home)
    assert home.path.read_bytes() == before
