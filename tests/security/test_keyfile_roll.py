"""Who belongs: chains of certificates from the first manager on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from liaison.security import (
    DamagedKeyFile,
    ForeignKeyFile,
    Identity,
    NoSuchPerson,
    NotAllowed,
    RecoveryKey,
    admit,
    new_recovery_key,
    read,
)
from liaison.security.document import encode
from liaison.security.primitives import Pin
from liaison.security.roll import Certificate, Roll, certify, certify_sheet, write_roll

if TYPE_CHECKING:
    from liaison.security import Unlocked
    from tests.security.conftest import Home

ROOT, SECOND, CARER = Identity.generate(), Identity.generate(), Identity.generate()
SHEET, STRANGER = Identity.generate(), Identity.generate()
PIN = Pin("home", ROOT.public.signing)


def card(signer: Identity, who: Identity, role: str = "manager", pin: Pin = PIN) -> Certificate:
    name = {id(ROOT): "root", id(SECOND): "second", id(CARER): "carer"}.get(id(who), "other")
    return certify(pin, signer, person=name, name=name, role=role, keys=who.public)


ROOT_CARD = card(ROOT, ROOT)
SHEET_CARD = certify_sheet(PIN, ROOT, SHEET.public)


def test_a_chain_of_managers_leads_to_the_root() -> None:
    members = [ROOT_CARD, card(ROOT, SECOND), card(SECOND, CARER, "carer")]
    for signer in (ROOT, SECOND, SHEET):
        write_roll(PIN, signer, members=members, recovery=SHEET_CARD).verify(PIN)


def test_a_manager_who_left_still_vouches_for_those_they_admitted() -> None:
    former = [ROOT_CARD, card(ROOT, SECOND)]
    third = Identity.generate()
    roll = write_roll(
        PIN,
        third,
        members=[card(SECOND, third), card(SECOND, CARER, "carer")],
        recovery=SHEET_CARD,
        former=[*former, card(ROOT, STRANGER)],
    )
    roll.verify(PIN)
    # As long as a chain needs them, and no others.
    assert [one.name for one in roll.issuers] == ["second", "root"]


def test_a_manager_may_come_by_a_recovery_sheet_that_was_replaced_since() -> None:
    old_sheet = Identity.generate()
    old_card = certify_sheet(PIN, ROOT, old_sheet.public)
    new = card(old_sheet, SECOND)
    roll = write_roll(
        PIN,
        SECOND,
        members=[new],
        recovery=certify_sheet(PIN, SECOND, SHEET.public),
        former=[old_card, ROOT_CARD],
    )
    roll.verify(PIN)
    assert [one.role for one in roll.issuers] == ["recovery", "manager"]


@pytest.mark.parametrize(
    ("members", "signer"),
    [
        # A carer signs the roll, or a certificate.
        ([ROOT_CARD, card(ROOT, CARER, "carer")], CARER),
        ([ROOT_CARD, card(ROOT, CARER, "carer"), card(CARER, SECOND)], ROOT),
        # A stranger signs either, or comes with a certificate they signed themselves.
        ([ROOT_CARD], STRANGER),
        ([ROOT_CARD, card(STRANGER, SECOND)], ROOT),
        ([ROOT_CARD, card(STRANGER, STRANGER)], STRANGER),
        # Somebody of another home, or of one with the same id and another root.
        ([ROOT_CARD, card(ROOT, SECOND, pin=Pin("other", PIN.root))], ROOT),
        ([ROOT_CARD, card(ROOT, SECOND, pin=Pin("home", bytes(32)))], ROOT),
        # A former manager signs the roll: the root is not on it any more.
        ([card(ROOT, SECOND)], ROOT),
        # A role this version does not know has no authority.
        ([ROOT_CARD, card(ROOT, SECOND, "deputy"), card(SECOND, CARER, "carer")], ROOT),
    ],
)
def test_who_was_not_admitted_by_a_manager_is_refused(
    members: list[Certificate], signer: Identity
) -> None:
    roll = write_roll(PIN, signer, members=members, recovery=SHEET_CARD)
    with pytest.raises(ForeignKeyFile):
        roll.verify(PIN)


def test_managers_who_vouch_for_each_other_do_not_reach_the_root() -> None:
    members = [ROOT_CARD, card(STRANGER, SECOND), card(SECOND, STRANGER)]
    roll = write_roll(PIN, ROOT, members=members, recovery=SHEET_CARD)
    with pytest.raises(ForeignKeyFile, match="not admitted"):
        roll.verify(PIN)


def test_a_recovery_sheet_of_a_stranger_is_refused() -> None:
    for signer in (ROOT, STRANGER):
        roll = write_roll(
            PIN,
            signer,
            members=[ROOT_CARD],
            recovery=certify_sheet(PIN, STRANGER, STRANGER.public),
        )
        with pytest.raises(ForeignKeyFile):
            roll.verify(PIN)


def test_a_person_and_the_sheet_are_not_mixed_up() -> None:
    for members, recovery in (
        ([ROOT_CARD], card(ROOT, SECOND)),
        ([ROOT_CARD, SHEET_CARD], SHEET_CARD),
    ):
        roll = write_roll(PIN, ROOT, members=members, recovery=recovery)
        with pytest.raises(ForeignKeyFile, match="mixed up"):
            roll.verify(PIN)


def test_a_person_is_on_the_roll_once_and_somebody_is() -> None:
    for members in ([], [ROOT_CARD, ROOT_CARD]):
        with pytest.raises(DamagedKeyFile, match="list of people"):
            write_roll(PIN, ROOT, members=members, recovery=SHEET_CARD)


def test_what_a_newer_version_added_is_signed_and_kept() -> None:
    roll = write_roll(
        PIN, ROOT, members=[ROOT_CARD], recovery=SHEET_CARD, unknown={"terms": [1, 2]}
    )
    roll.verify(PIN)
    assert roll.document["terms"] == [1, 2]
    with pytest.raises(ForeignKeyFile):
        Roll.parse({**roll.document, "terms": [1]}).verify(PIN)


# The same with whole key files.


def add(home: Home, by: Unlocked, person: str, role: str = "carer") -> Unlocked:
    return admit(
        home.path,
        by,
        person=person,
        name=f"Name of {person}",
        role=role,
        password=f"pw {person}",
        cost=home.cost,
    )


def test_people_are_admitted_and_everybody_opens_the_same_vault(home: Home) -> None:
    now = add(home, home.unlocked, "second", "manager")
    second = read(home.path).unlock("second", "pw second")
    assert second.may_admit
    now = add(home, second, "carer")
    keys = read(home.path)
    assert [person.id for person in keys.people] == [home.manager, "second", "carer"]
    assert keys.generation == now.generation == 3
    for who, password in ((home.manager, home.password), ("second", "pw second")):
        assert keys.unlock(who, password).vault == home.vault
    carer = keys.unlock("carer", "pw carer")
    assert carer.vault == home.vault
    assert carer.role == "carer"
    assert keys.unlock_with_recovery(home.key).vault == home.vault


def test_a_carer_admits_nobody(home: Home) -> None:
    add(home, home.unlocked, "carer")
    carer = read(home.path).unlock("carer", "pw carer")
    assert not carer.may_admit
    before = home.path.read_bytes()
    with pytest.raises(NotAllowed, match="Only a manager"):
        add(home, carer, "friend")
    with pytest.raises(NotAllowed, match="Only a manager"):
        new_recovery_key(home.path, carer)
    assert home.path.read_bytes() == before


def test_a_manager_gives_a_carer_a_temporary_password(home: Home) -> None:
    now = add(home, home.unlocked, "carer")
    old = read(home.path).unlock("carer", "pw carer")
    admit(
        home.path,
        now,
        person="carer",
        name="Ruby",
        role="carer",
        password="temporary",
        cost=home.cost,
    )
    keys = read(home.path)
    assert [person.name for person in keys.people] == ["Helen Marsh", "Ruby"]
    assert keys.unlock("carer", "temporary").identity != old.identity
    with pytest.raises(NoSuchPerson):
        keys.unlock("Name of carer", "pw carer")
    with pytest.raises(NotAllowed, match="yourself"):
        add(home, keys.unlock(home.manager, home.password), home.manager, "manager")


def test_the_only_manager_comes_back_by_the_recovery_sheet(home: Home) -> None:
    """Forgot the password, new password by sheet, new sheet, another manager: all chains hold."""
    by_sheet = read(home.path).unlock_with_recovery(home.key)
    with pytest.raises(NotAllowed, match="made by a manager"):
        new_recovery_key(home.path, by_sheet)
    now = admit(
        home.path,
        by_sheet,
        person=home.manager,
        name="Helen Marsh",
        role="manager",
        password="new one",
        cost=home.cost,
    )
    assert now.by_recovery
    manager = read(home.path).unlock(None, "new one")
    assert manager.root == home.unlocked.root, "the root of trust stays what the database knows"
    assert manager.vault == home.vault
    now, key = new_recovery_key(home.path, manager)
    add(home, now, "second", "manager")
    assert read(home.path).unlock("second", "pw second").vault == now.vault
    found = read(home.path).unlock_with_recovery(key).vault
    assert replace(found, replaced_sheet=None) == home.vault
    assert isinstance(key, RecoveryKey)


def test_a_member_without_a_slot_is_told_what_to_do(home: Home) -> None:
    """As after a crash between the membership entry and the slot, or on another PC."""
    now = add(home, home.unlocked, "carer")
    document = now.file.document
    parts = {**document.current, "slots": [document.slots[home.manager]]}
    home.path.write_bytes(encode(document.pin, 3, parts, now.vault_key))
    keys = read(home.path)
    assert [person.can_unlock for person in keys.people] == [True, False]
    with pytest.raises(NoSuchPerson, match="no password on this PC yet") as caught:
        keys.unlock("carer", "pw carer")
    assert caught.value.code == "needs-password"
    assert keys.unlock(None, home.password).vault == home.vault
    fixed = add(home, keys.unlock(None, home.password), "carer")
    assert all(person.can_unlock for person in fixed.file.people)
