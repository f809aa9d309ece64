"""Damage never looks like a wrong password, and never like anything but a plain error."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from liaison.errors import UserError
from liaison.security import (
    CostRefused,
    DamagedKeyFile,
    NewerKeyFile,
    admit,
    primitives,
    read,
    read_bytes,
)
from liaison.security.wire import MAX_BYTES, binary, with_checksum

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.security.conftest import Home


@pytest.fixture
def staffed(home: Home) -> Home:
    """A home with a second person, so that there is more than one slot to damage."""
    home.unlocked = admit(
        home.path,
        home.unlocked,
        person="0P9X2Q7M4R2AA",
        name="Agnieszka Wójcik",
        role="carer",
        password="owl",
        cost=home.cost,
    )
    return home


def test_a_file_cut_short_at_any_length_is_damaged(staffed: Home, *, full_faults: bool) -> None:
    whole = staffed.path.read_bytes()
    assert whole.endswith(b"}\n")
    lengths: Iterable[int] = range(len(whole) - 1)
    if not full_faults:
        lengths = {0, 1, 2, len(whole) - 2, *random.Random(1).sample(range(len(whole) - 1), 200)}
    for length in lengths:
        with pytest.raises(DamagedKeyFile) as caught:
            read_bytes(whole[:length])
        assert caught.value.code == "damaged-key-file"
    # The last byte is a line end: without it, nothing is missing.
    assert read_bytes(whole[:-1]).unlock(staffed.manager, staffed.password).vault == staffed.vault


def test_a_flipped_bit_is_damage_or_harmless(staffed: Home, *, full_faults: bool) -> None:
    whole = staffed.path.read_bytes()
    places: Iterable[int] = range(8 * len(whole))
    if not full_faults:
        places = random.Random(2).sample(range(8 * len(whole)), 400)
    harmless = 0
    for place in places:
        flipped = bytearray(whole)
        flipped[place // 8] ^= 1 << place % 8
        try:
            keys = read_bytes(bytes(flipped))
        except DamagedKeyFile:
            continue
        unlocked = keys.unlock(staffed.manager, staffed.password)
        assert unlocked.vault == staffed.vault
        assert unlocked.generation == staffed.unlocked.generation
        assert keys.people == staffed.unlocked.file.people
        harmless += 1
    # White space between the parts, and the case of one \u00f3 at most.
    assert harmless < 0.05 * len(list(places))


@pytest.mark.parametrize("part", ["slot 0", "slot 1", "recovery", "vault", "roll", "generation"])
def test_the_damaged_part_is_named(part: str, staffed: Home) -> None:
    document = staffed.document()
    slots, vault, recovery, roll = (
        document[name] for name in ("slots", "vault", "recovery", "roll")
    )
    assert isinstance(slots, list)
    assert isinstance(vault, dict)
    assert isinstance(recovery, dict)
    assert isinstance(roll, dict)
    if part == "slot 0":
        slots[0]["keys"] = slots[1]["keys"]
    elif part == "slot 1":
        slots[1]["salt"] = "x"
    elif part == "recovery":
        recovery["vault_key"] = slots[1]["vault_key"]
    elif part == "vault":
        vault["data"] = "AAAA"
    elif part == "roll":
        roll["issuers"] = [1]
    else:
        document["generation"] = 99
    says = {
        "slot 0": "the slot of Helen Marsh",
        "slot 1": "the slot of Agnieszka Wójcik",
        "recovery": "the slot of the recovery sheet",
        "vault": "the vault",
        "roll": "outside the slots and the vault",
        "generation": "outside the slots and the vault",
    }
    with pytest.raises(DamagedKeyFile, match=says[part]):
        read_bytes(json.dumps(document).encode())


def test_a_damaged_slot_under_a_right_file_checksum_is_still_damaged(staffed: Home) -> None:
    document = staffed.document()
    document["slots"][0]["keys"] = document["slots"][1]["keys"]  # type: ignore[index]
    with pytest.raises(DamagedKeyFile, match="the slot of Helen Marsh"):
        read_bytes(json.dumps(with_checksum(document)).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        bytes(4096),
        b"\xff\xfe{}",
        b"null",
        b"[]",
        b"7",
        b'"x"',
        b"{}",
        b"{",
        b'{"format": "liaison-keys"}',
        b'{"format": "liaison-keys", "version": 1}',
        b'{"format": "something else", "checksum": "x"}',
        b"SQLite format 3\0",
        b"PK\x03\x04",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"[" * 900 + b"]" * 900,
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1.5}',
        b'{"a": 1, "a": 1}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": "\\ud800"}',
        b'{"a": "\xed\xa0\x80"}',
        b" " * (MAX_BYTES + 1),
        b'{"a": "' + b"x" * MAX_BYTES + b'"}',
    ],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_key_file_is_damaged(data: bytes, home: Home) -> None:
    home.path.write_bytes(data)
    with pytest.raises(DamagedKeyFile):
        read(home.path)


def test_a_member_that_is_said_twice_is_damage(home: Home) -> None:
    data = home.path.read_bytes()
    twice = data.replace(b'"generation": 1', b'"generation": 9, "generation": 1')
    assert twice != data
    with pytest.raises(DamagedKeyFile, match="JSON"):
        read_bytes(twice)


@pytest.mark.parametrize("value", ["AAB=", "AAA", "AA A=", "AAA=\n", "__8=", "AAAA", "é", 7, None])
def test_bytes_have_one_spelling_only(value: object) -> None:
    assert binary({"key": "AAA="}, "key", 2) == bytes(2)
    with pytest.raises(DamagedKeyFile, match="key"):
        binary({"key": value}, "key", 2)


def test_an_enormous_file_is_not_even_read(home: Home) -> None:
    with home.path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(DamagedKeyFile, match="too large"):
        read(home.path)


def test_a_file_that_notepad_saved_still_opens(home: Home) -> None:
    saved = b"\xef\xbb\xbf" + home.path.read_bytes().replace(b"\n", b"\r\n")
    assert read_bytes(saved).unlock(None, home.password).vault == home.vault


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("memory_kib", 4 * 1024 * 1024),
        ("memory_kib", 1024 * 1024 + 1),
        ("memory_kib", 7),
        ("passes", 0),
        ("passes", 1_000_000),
        ("lanes", 0),
        ("lanes", 64),
    ],
)
def test_an_absurd_cost_is_refused_on_reading(
    name: str, value: int, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(primitives, "Argon2id", None)
    document = home.document()
    document["slots"][0]["kdf"][name] = value  # type: ignore[index]
    home.forge(document)
    with pytest.raises(CostRefused) as caught:
        read(home.path)
    assert caught.value.code == "key-file-cost"
    assert caught.value.kept


@pytest.mark.parametrize("value", ["65536", 65536.5, True, None, -1, 2**70])
def test_a_cost_that_is_no_number_is_damage(value: object, home: Home) -> None:
    document = home.document()
    document["slots"][0]["kdf"]["memory_kib"] = value  # type: ignore[index]
    home.forge(document)
    with pytest.raises(DamagedKeyFile):
        read(home.path)


def test_a_newer_version_says_so(home: Home) -> None:
    document = home.document()
    document["version"] = 2
    document["slots"] = "quite another shape"
    home.forge(document)
    with pytest.raises(NewerKeyFile) as caught:
        read(home.path)
    assert caught.value.code == "newer-key-file"


def test_another_way_to_check_passwords_is_newer_too(home: Home) -> None:
    document = home.document()
    document["slots"][0]["kdf"]["name"] = "argon3"  # type: ignore[index]
    home.forge(document)
    with pytest.raises(NewerKeyFile):
        read(home.path)


@pytest.mark.parametrize("version", [0, -1, "1", None, True, 1.0])
def test_a_version_that_never_was_is_damage(version: object, home: Home) -> None:
    document = home.document()
    document["version"] = version
    home.forge(document)
    with pytest.raises(DamagedKeyFile):
        read(home.path)


def test_every_message_says_what_to_do(home: Home) -> None:
    with pytest.raises(UserError) as caught:
        read_bytes(b"")
    assert "records of the home were not touched" in caught.value.kept
    assert "backup" in caught.value.do
