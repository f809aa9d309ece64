"""Somebody without a secret, or from another home, changes the key file and repairs its checksums."""

from __future__ import annotations

import copy
import json
import secrets
from typing import TYPE_CHECKING

import pytest

from liaison.errors import UserError
from liaison.security import (
    DamagedKeyFile,
    ForeignKeyFile,
    Identity,
    Vault,
    WrongPassword,
    admit,
    create,
    read,
    read_bytes,
    slots,
)
from liaison.security.document import encode
from liaison.security.wire import JsonObject, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.security.conftest import Home, MakeHome

CARER, OWL = "0P9X2Q7M4R2AA", "owl"


@pytest.fixture
def staffed(home: Home) -> Home:
    """A home with a manager and a carer."""
    return with_carer(home)


def with_carer(home: Home) -> Home:
    home.unlocked = admit(
        home.path,
        home.unlocked,
        person=CARER,
        name="Ruby Tregenza",
        role="carer",
        password=OWL,
        cost=home.cost,
    )
    return home


def assert_refused(data: bytes, home: Home) -> None:
    """Nobody, by no door, gets into what these bytes hold."""
    assert_refused_for_members(data, home)
    with pytest.raises(UserError):
        read_bytes(data).unlock_with_recovery(home.key)


@pytest.mark.parametrize("part", ["roll", "slots", "recovery", "vault", "root", "home_id", "mac"])
def test_no_part_of_another_home_fits(part: str, make_home: MakeHome) -> None:
    here = with_carer(make_home(folder="here"))
    there = with_carer(make_home("2R6N9K4M8W3YB", folder="there"))
    document, other = here.document(), there.document()
    document[part] = other[part]
    assert_refused(here.forged(document), here)
    assert_refused(here.forged(document), there)


@pytest.mark.parametrize("part", ["roll", "slots", "recovery", "vault"])
def test_no_part_of_another_home_fits_even_with_the_same_ids(
    part: str, make_home: MakeHome
) -> None:
    here, there = with_carer(make_home(folder="here")), with_carer(make_home(folder="there"))
    document, other = here.document(), there.document()
    document[part] = other[part]
    with pytest.raises(ForeignKeyFile) as caught:
        read_bytes(here.forged(document)).unlock(here.manager, here.password)
    assert caught.value.code == "foreign-key-file"
    assert "backup" in caught.value.do


def test_slots_do_not_change_places(staffed: Home) -> None:
    document = staffed.document()
    stored = document["slots"]
    assert isinstance(stored, list)
    for name in ("keys", "vault_key", "kdf", "nonce", "key", "person"):
        mixed = copy.deepcopy(document)
        one, other = copy.deepcopy(stored)
        one[name], other[name] = other[name], one[name]
        mixed["slots"] = [one, other]
        assert_refused_for_members(staffed.forged(mixed), staffed)
    # A carer's keys under the manager's name, all of them.
    impostor = {**stored[1], "person": staffed.manager, "key": stored[0]["key"]}
    with pytest.raises(WrongPassword):
        read_bytes(staffed.forged({**document, "slots": [impostor, stored[1]]})).unlock(
            staffed.manager, OWL
        )


def assert_refused_for_members(data: bytes, home: Home) -> None:
    for who, password in ((home.manager, home.password), (CARER, OWL)):
        with pytest.raises(UserError):
            read_bytes(data).unlock(who, password)


def leaves(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Walk over the place of every value that is not an object or a list."""
    if isinstance(value, dict | list):
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, name))
    else:
        yield path


def changed(document: JsonObject, path: tuple[str | int, ...], value: object) -> JsonObject:
    """Return a copy with another value at a place; None leaves the member out."""
    result = copy.deepcopy(document)
    inner: object = result
    for name in path[:-1]:
        inner = inner[name]  # type: ignore[index]
    if value is None:
        del inner[path[-1]]  # type: ignore[attr-defined]
    else:
        inner[path[-1]] = value  # type: ignore[index]
    return result


def test_nothing_at_all_can_be_changed_unnoticed(staffed: Home) -> None:
    """Every single value: another one of its kind, and left out. All checksums are made right."""
    document = staffed.document()
    places = [path for path in leaves(document) if path[-1] != "checksum"]
    assert len(places) > 50
    for path in places:
        value: object = document
        for name in path:
            value = value[name]  # type: ignore[index]
        other: object = value + 1 if isinstance(value, int) else f"{value}x"
        if isinstance(value, str) and len(value) % 4 == 0 and not value.startswith("liaison"):
            other = ("B" if value[0] == "A" else "A") + value[1:]
        for tampered in (changed(document, path, other), changed(document, path, None)):
            assert_refused(staffed.forged(tampered), staffed)
    for extra in ({"later": 1}, {"roll": {**document["roll"], "later": 1}}):  # type: ignore[dict-item]
        assert_refused(staffed.forged({**document, **extra}), staffed)


def test_a_person_cannot_be_dropped_added_or_promoted(staffed: Home) -> None:
    document = staffed.document()
    roll, stored = document["roll"], document["slots"]
    assert isinstance(roll, dict)
    assert isinstance(stored, list)
    dropped = {**document, "roll": {**roll, "members": roll["members"][:1]}, "slots": stored[:1]}
    twice = {**document, "slots": [*stored, stored[0]]}
    nobody = {**document, "roll": {**roll, "members": []}, "slots": []}
    promoted = changed(document, ("roll", "members", 1, "role"), "manager")
    for tampered in (dropped, twice, nobody, promoted):
        assert_refused_for_members(staffed.forged(tampered), staffed)
    with pytest.raises(ForeignKeyFile, match="not on the list"):
        read_bytes(staffed.forged(twice))


def test_a_vault_of_somebody_else_is_not_opened(staffed: Home) -> None:
    """HPKE does not say who sealed: anybody can seal a vault key of their own to public keys."""
    document = read(staffed.path).document
    pin, roll = document.pin, document.roll
    own_key, own_vault = secrets.token_bytes(32), Vault.generate("Trap", tag=1)
    trap: JsonObject = {
        **document.current,
        "slots": [
            slots.seal_slot(pin, document.slots[one.person], one, own_key) for one in roll.members
        ],
        "recovery": slots.seal_slot(pin, document.recovery, roll.recovery, own_key),
    }
    outsider = Identity.generate()
    honest = slots.statement_of(document.vault)
    for statement, says in (
        # The old statement; one of their own; one that claims a manager signed it; no commitment of theirs.
        (honest, "the vault is from another home"),
        (slots.state(pin, outsider, roll, own_key), "somebody who does not belong"),
        (
            slots.state(pin, outsider, roll, own_key) | {"signed_by": honest["signed_by"]},
            "for another list of people",
        ),
    ):
        trap["vault"] = slots.lock_vault(pin, own_vault, own_key, statement)
        data = encode(pin, 99, trap, own_key)
        for enter in enters(data, staffed):
            with pytest.raises(ForeignKeyFile, match=says):
                enter()


def enters(data: bytes, home: Home) -> list[Callable[[], object]]:
    keys = read_bytes(data)
    return [
        lambda: keys.unlock(home.manager, home.password),
        lambda: keys.unlock(CARER, OWL),
        lambda: keys.unlock_with_recovery(home.key),
    ]


def test_a_statement_holds_for_its_own_roll_only(staffed: Home) -> None:
    """Somebody who knew an earlier vault key cannot go on with it under a later roll."""
    before = staffed.unlocked
    after = admit(
        staffed.path,
        before,
        person="0P9X2Q7M4R3BB",
        name="Tom Pascoe",
        role="carer",
        password="p",
        cost=staffed.cost,
    )
    document, old = after.file.document, before.file.document
    pin, roll, key = document.pin, document.roll, before.vault_key
    parts = {
        **document.current,
        "slots": [
            slots.seal_slot(pin, document.slots[one.person], one, key) for one in roll.members
        ],
        "recovery": slots.seal_slot(pin, document.recovery, roll.recovery, key),
        "vault": slots.lock_vault(pin, before.vault, key, slots.statement_of(old.vault)),
    }
    with pytest.raises(ForeignKeyFile, match="for another list of people"):
        read_bytes(encode(pin, 99, parts, key)).unlock(staffed.manager, staffed.password)


def test_a_carer_who_knows_the_vault_key_cannot_make_a_roll(staffed: Home) -> None:
    """The MAC is right: whoever unlocks knows the vault key. The roll is the managers' all the same."""
    carer = read(staffed.path).unlock(CARER, OWL)
    tampered = changed(staffed.document(), ("roll", "members", 1, "role"), "manager")
    data = encode(carer.file.document.pin, 99, tampered, carer.vault_key)
    for enter in enters(data, staffed):
        with pytest.raises(ForeignKeyFile, match="the signature on the certificate of Ruby"):
            enter()


def test_a_mac_of_somebody_else_is_refused(staffed: Home) -> None:
    document = changed(staffed.document(), ("generation",), 99)
    with pytest.raises(ForeignKeyFile, match="its own seal"):
        read_bytes(staffed.forged(document)).unlock(staffed.manager, staffed.password)


def test_the_signatures_are_checked_before_the_password_is_used(
    staffed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "password_key", None)
    document = changed(staffed.document(), ("roll", "members", 1, "name"), "Somebody Else")
    with pytest.raises(ForeignKeyFile):
        read_bytes(staffed.forged(document)).unlock(staffed.manager, "anything")


def test_a_whole_file_of_their_own_is_told_by_the_database(home: Home) -> None:
    """It is a good key file, of a home that looks the same; only the root of trust differs."""
    known = (home.unlocked.home_id, home.unlocked.root, home.unlocked.generation)
    home.path.unlink()
    create(
        home.path,
        home_id=known[0],
        person=home.manager,
        name="Helen Marsh",
        password="theirs",
        vault=Vault.generate("Trap", tag=1),
        cost=home.cost,
    )
    theirs = read(home.path).unlock(None, "theirs")
    with pytest.raises(ForeignKeyFile, match="first manager is not this home's"):
        theirs.check_belongs(*known)
    with pytest.raises(ForeignKeyFile):
        theirs.file.check_belongs(*known)


def test_a_slot_that_holds_other_keys_than_the_roll_says_is_refused(home: Home) -> None:
    """Only somebody who knows the password could make one; it is still not let in."""
    document = home.unlocked.file.document
    owner = document.roll.members[0]
    other = slots.lock_slot(
        document.pin, owner, Identity.generate(), home.password.encode(), home.cost
    )
    slot = slots.seal_slot(document.pin, other, owner, home.unlocked.vault_key)
    parts = {**document.current, "slots": [slot]}
    data = encode(document.pin, 2, parts, home.unlocked.vault_key)
    with pytest.raises(ForeignKeyFile, match="other keys than the list"):
        read_bytes(data).unlock(None, home.password)


def test_keys_at_hand_are_checked_too(staffed: Home) -> None:
    keys = read(staffed.path)
    assert keys.unlock_as(staffed.unlocked.identity, staffed.manager).vault == staffed.vault
    for identity, person in (
        (Identity.generate(), staffed.manager),
        (staffed.unlocked.identity, CARER),
        (staffed.unlocked.identity, ""),
    ):
        with pytest.raises(ForeignKeyFile, match="not those on the list"):
            keys.unlock_as(identity, person)


def test_checksums_alone_are_damage_not_forgery(staffed: Home) -> None:
    document = staffed.document()
    document["mac"] = show(bytes(32))
    with pytest.raises(DamagedKeyFile):
        read_bytes(json.dumps(document).encode())
