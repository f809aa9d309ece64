"""What the vault holds, and what of a newer version it keeps."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.security import DamagedKeyFile, DatabaseKeys, Epoch, PcKeys, Vault

key = st.binary(min_size=32, max_size=32)
vaults = st.builds(
    Vault,
    database=st.builds(DatabaseKeys, current=key, pending=st.none() | key),
    pc=st.builds(
        PcKeys,
        name=st.text(min_size=1, max_size=200),
        id=st.none() | st.integers(0, 2**63 - 1),
        signing=key,
        exchange=key,
    ),
    tag=st.integers(0, 2**14 - 1),
    incarnation=st.integers(0, 2**40),
    epochs=st.lists(st.builds(Epoch, id=st.text(min_size=1, max_size=20), key=key), max_size=4).map(
        tuple
    ),
    blob_key=key,
)


@given(vaults)
def test_a_vault_comes_back_as_it_was(vault: Vault) -> None:
    assert Vault.decode(vault.encode()) == vault


def test_a_new_vault_has_keys_that_differ() -> None:
    one, other = (Vault.generate("Office PC", tag=1) for _ in range(2))
    secrets = {
        secret
        for vault in (one, other)
        for secret in (
            vault.database.current,
            vault.blob_key,
            vault.pc.signing,
            vault.pc.exchange,
            vault.epochs[0].key,
        )
    }
    assert len(secrets) == 10
    assert one.database.pending is None
    assert one.pc.public != other.pc.public


def test_what_a_newer_version_wrote_stays_through_a_change() -> None:
    newer = json.loads(Vault.generate("Office PC", tag=1).encode())
    newer["storage"] = {"secret": [1, 2]}
    newer["pc"]["colour"] = "teal"
    newer["database"]["cipher"] = "x"
    newer["epochs"][0]["since"] = 5
    vault = Vault.decode(json.dumps(newer).encode())
    changed = replace(
        vault,
        incarnation=7,
        pc=replace(vault.pc, name="Nurses' station"),
        database=replace(vault.database, pending=b"p" * 32),
        epochs=(Epoch.generate(), *vault.epochs),
    )
    stored = json.loads(changed.encode())
    assert stored["storage"] == {"secret": [1, 2]}
    assert stored["pc"]["colour"] == "teal"
    assert stored["database"]["cipher"] == "x"
    assert stored["epochs"][1]["since"] == 5
    assert (stored["incarnation"], stored["pc"]["name"]) == (7, "Nurses' station")


def test_no_secret_is_shown() -> None:
    vault = Vault(
        DatabaseKeys(b"D" * 32, b"P" * 32),
        PcKeys("Office PC", 1, b"S" * 32, b"X" * 32, {"later": "LATER"}),
        1,
        0,
        (Epoch("e1", b"E" * 32),),
        b"B" * 32,
        {"storage": "LATER"},
    )
    for letters in ("DDD", "PPP", "SSS", "XXX", "EEE", "BBB", "LATER"):
        assert letters not in repr(vault)
    hash(vault)


def test_wrong_values_are_caught_where_they_are_made() -> None:
    good = Vault.generate("Office PC", tag=1)
    for make in (
        lambda: DatabaseKeys(b"short"),
        lambda: DatabaseKeys(bytes(32), b"short"),
        lambda: replace(good.pc, signing=b""),
        lambda: Epoch("e", b""),
        lambda: replace(good, blob_key=b""),
        lambda: replace(good, replaced_sheet=b""),
        lambda: replace(good, tag=2**14),
        lambda: replace(good, tag=-1),
        lambda: replace(good, incarnation=-1),
    ):
        with pytest.raises(ValueError, match=r"32 bytes|14 bits"):
            make()


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("tag", 2**14),
        ("tag", True),
        ("tag", "1"),
        ("incarnation", -1),
        ("blob_key", "AAAA"),
        ("blob_key", None),
        ("epochs", {}),
        ("epochs", ["x"]),
        ("pc", []),
        ("database", {"current": "?"}),
    ],
)
def test_what_is_no_vault_is_refused(part: str, value: object) -> None:
    document = json.loads(Vault.generate("Office PC", tag=1).encode())
    document[part] = value
    with pytest.raises(DamagedKeyFile):
        Vault.decode(json.dumps(document).encode())
