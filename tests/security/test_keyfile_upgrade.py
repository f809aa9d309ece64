"""Key files that were written once must open for ever."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from liaison.security import (
    DamagedKeyFile,
    ForeignKeyFile,
    WrongPassword,
    read,
    read_bytes,
    replace_vault,
)
from liaison.security.document import UPGRADES, VERSION, _mac
from liaison.security.wire import JsonObject, show, with_checksum

if TYPE_CHECKING:
    from liaison.security import Vault
    from tests.security.conftest import Home

# Version 1, made by this program with a cheap cost. A manager made the home and forgot their password;
# the recovery sheet gave them a new one, a second manager printed a new sheet and added a carer.
FROZEN = Path(__file__).parent.parent / "data" / "keyfile-1.json"
PASSWORDS = {
    "Helen Marsh": "caf\N{LATIN SMALL LETTER E WITH ACUTE} at ten",
    "Moira Kelly": "moira's password",
    "Agnieszka Wójcik": "sowa",
}
RECOVERY = "79MG W97G Q8KD EW68 KSGV CD0H 90D7 P84X 09"
ROOT = "eaaa05f46fe99a46ca7a0047db0f7d781f25e50a6344beb5488ce743bad916d2"


def check_frozen(vault: Vault) -> None:
    assert vault.database.current == b"d" * 32
    assert vault.database.pending == b"p" * 32
    assert (vault.pc.name, vault.pc.id) == ("Office PC", 281474976710657)
    assert (vault.pc.signing, vault.pc.exchange) == (b"s" * 32, b"x" * 32)
    assert (vault.tag, vault.incarnation, vault.blob_key) == (4711, 2, b"b" * 32)
    assert [(epoch.id, epoch.key) for epoch in vault.epochs] == [
        ("0011223344556677", b"1" * 32),
        ("8899aabbccddeeff", b"2" * 32),
    ]


@pytest.mark.parametrize("person", PASSWORDS)
def test_a_file_of_version_1_opens_for_ever(person: str) -> None:
    unlocked = read(FROZEN).unlock(person, PASSWORDS[person])
    check_frozen(unlocked.vault)
    unlocked.check_belongs("1Q5M8J3K7V2XA", bytes.fromhex(ROOT), 5)
    with pytest.raises(WrongPassword):
        read(FROZEN).unlock(person, "not it")


def test_its_recovery_sheet_opens_it_for_ever() -> None:
    check_frozen(read(FROZEN).unlock_with_recovery(RECOVERY).vault)


def test_it_can_be_changed_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(FROZEN.read_bytes())
    unlocked = read(path).unlock("Agnieszka Wójcik", "sowa")
    assert replace_vault(path, unlocked, unlocked.vault).generation == 6
    for person, password in PASSWORDS.items():
        check_frozen(read(path).unlock(person, password).vault)


def as_version_0(home: Home) -> JsonObject:
    """Return the home's key file in a version that never was: its slots have another name."""
    document = home.document()
    document["version"] = 0
    document["locks"] = document.pop("slots")
    document["mac"] = show(_mac(home.unlocked.file.document.pin, document, home.unlocked.vault_key))
    return with_checksum(document)


def rename_locks(document: JsonObject) -> JsonObject:
    document["slots"] = document.pop("locks")
    return document


def test_every_version_that_was_has_its_step() -> None:
    assert set(UPGRADES) == set(range(1, VERSION))


def test_an_older_version_is_upgraded_step_by_step(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = as_version_0(home)
    data = json.dumps(older).encode()
    with pytest.raises(DamagedKeyFile, match="no Liaison wrote version 0"):
        read_bytes(data)
    monkeypatch.setitem(UPGRADES, 0, rename_locks)
    keys = read_bytes(data)
    assert keys.document.stored == older, "a step gets a copy: the MAC is over what was stored"
    assert keys.data == data
    assert keys.unlock(None, home.password).vault == home.vault
    assert keys.unlock_with_recovery(home.key).vault == home.vault

    home.path.write_bytes(data)
    unlocked = read(home.path).unlock(None, home.password)
    replace_vault(home.path, unlocked, unlocked.vault)
    stored = home.document()
    assert stored["version"] == VERSION
    assert "slots" in stored
    assert "locks" not in stored
    monkeypatch.delitem(UPGRADES, 0)
    assert read(home.path).unlock(None, home.password).generation == 2


def test_an_older_version_is_authenticated_all_the_same(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(UPGRADES, 0, rename_locks)
    older = copy.deepcopy(as_version_0(home))
    older["generation"] = 99
    with pytest.raises(ForeignKeyFile, match="its own seal"):
        read_bytes(json.dumps(with_checksum(older)).encode()).unlock(None, home.password)
    older["generation"] = 98
    with pytest.raises(DamagedKeyFile):
        read_bytes(json.dumps(older).encode())
