"""People come, change and go; what that does to the keys of the home."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from liaison.errors import UserError
from liaison.security import (
    ForeignKeyFile,
    NoSuchPerson,
    NotAllowed,
    Unlocked,
    admit,
    change_password,
    dismiss,
    new_recovery_key,
    read,
    read_bytes,
    reappoint,
    replace_vault,
    resume,
    suspend,
)

if TYPE_CHECKING:
    from tests.security.conftest import Home


def let_in(home: Home, unlocked: Unlocked, person: str, role: str = "carer") -> Unlocked:
    return admit(
        home.path, unlocked, person=person, name=person.title(), role=role,
        password=f"{person} {person}", cost=home.cost,
    )  # fmt: skip


def opened(home: Home, person: str) -> Unlocked:
    return read(home.path).unlock(person, f"{person} {person}")


def roles(home: Home) -> dict[str, str]:
    return {one.name: one.role for one in read(home.path).people}


def test_a_new_name_and_role_keep_the_password(home: Home) -> None:
    let_in(home, home.unlocked, "ruby")
    manager = read(home.path).unlock(home.manager, home.password)
    reappoint(home.path, manager, person="ruby", name="Ruby Tregenza", role="senior")
    ruby = opened(home, "ruby")
    assert (ruby.name, ruby.role, ruby.vault) == ("Ruby Tregenza", "senior", home.vault)
    assert [one.id for one in read(home.path).people] == [home.manager, "ruby"]


def test_a_manager_made_later_is_a_manager_in_full(home: Home) -> None:
    now = let_in(home, home.unlocked, "ruby")
    reappoint(home.path, now, person="ruby", name="Ruby", role="manager")
    let_in(home, opened(home, "ruby"), "priya")
    assert opened(home, "priya").role == "carer"


def test_whom_a_former_manager_let_in_stays(home: Home) -> None:
    let_in(home, home.unlocked, "ruby", "manager")
    let_in(home, opened(home, "ruby"), "priya")
    made, _ = new_recovery_key(home.path, opened(home, "ruby"))
    manager = read(home.path).unlock(home.manager, home.password)
    now = reappoint(home.path, manager, person="ruby", name="Ruby", role="carer")
    assert opened(home, "priya").vault == made.vault
    assert not opened(home, "ruby").may_admit
    ruby = now.file.document.roll.members[1].keys.signing
    assert ruby not in {one.signed_by for one in now.file.document.roll.current()}


def test_the_first_manager_may_be_let_go_by_one_they_let_in(home: Home) -> None:
    let_in(home, home.unlocked, "ruby", "manager")
    let_in(home, opened(home, "ruby"), "priya")
    dismiss(home.path, opened(home, "ruby"), person=home.manager)
    assert set(roles(home)) == {"Ruby", "Priya"}
    assert opened(home, "ruby").may_admit
    let_in(home, opened(home, "ruby"), "sam")
    assert opened(home, "sam").vault == opened(home, "priya").vault


def test_who_is_let_go_opens_nothing_any_more(home: Home) -> None:
    let_in(home, home.unlocked, "ruby", "manager")
    let_in(home, opened(home, "ruby"), "priya")
    ruby = opened(home, "ruby")
    manager = read(home.path).unlock(home.manager, home.password)
    now = dismiss(home.path, manager, person="ruby")
    with pytest.raises(NoSuchPerson):
        opened(home, "ruby")
    # neither with the private keys nor with the vault key they may have kept
    with pytest.raises(UserError):
        read(home.path).unlock_as(ruby.identity, "ruby")
    assert ruby.vault_key != now.vault_key
    assert opened(home, "priya").vault == now.vault
    assert roles(home) == {"Helen Marsh": "manager", "Priya": "carer"}
    assert read(home.path).unlock_with_recovery(home.key).vault == now.vault


def test_letting_go_makes_every_key_anew(home: Home) -> None:
    now = dismiss(home.path, let_in(home, home.unlocked, "ruby"), person="ruby")
    database = now.vault.database
    assert database.current == home.vault.database.current
    assert database.pending not in {None, database.current}
    assert now.vault.epochs[:-1] == home.vault.epochs
    assert now.vault.epochs[-1].key != home.vault.epochs[-1].key


def test_a_rotation_that_was_interrupted_goes_on_with_its_key(home: Home) -> None:
    now = let_in(home, let_in(home, home.unlocked, "ruby"), "priya")
    once = dismiss(home.path, now, person="ruby")
    twice = dismiss(home.path, once, person="priya")
    assert twice.vault.database == once.vault.database


def test_who_was_let_go_cannot_come_back_with_the_file_of_before(home: Home) -> None:
    before = let_in(home, home.unlocked, "ruby").file.data
    manager = read(home.path).unlock(home.manager, home.password)
    now = dismiss(home.path, manager, person="ruby")
    old = read_bytes(before).unlock("ruby", "ruby ruby")
    with pytest.raises(UserError, match="old"):
        old.check_belongs(home.unlocked.home_id, home.unlocked.root, now.generation)
    # and what the old file gives away does not open today's
    forged = {**now.file.document.current, "vault": old.file.document.vault}
    home.forge({**home.document(), **forged})
    with pytest.raises(ForeignKeyFile):
        read(home.path).unlock(home.manager, home.password)


def test_a_forgotten_password_of_a_manager_costs_nobody_theirs(home: Home) -> None:
    let_in(home, home.unlocked, "ruby", "manager")
    let_in(home, opened(home, "ruby"), "priya")
    let_in(home, read(home.path).unlock(home.manager, home.password), "ruby", "manager")
    assert opened(home, "priya").vault == home.vault
    assert [one.id for one in read(home.path).people] == [home.manager, "ruby", "priya"]


def test_the_recovery_sheet_may_do_what_a_manager_may(home: Home) -> None:
    let_in(home, home.unlocked, "ruby", "manager")
    by_sheet = read(home.path).unlock_with_recovery(home.key)
    dismiss(home.path, by_sheet, person=home.manager)
    assert roles(home) == {"Ruby": "manager"}
    assert opened(home, "ruby").may_admit
    assert read(home.path).unlock_with_recovery(home.key).by_recovery


def test_there_is_always_a_manager(home: Home) -> None:
    let_in(home, home.unlocked, "ruby")
    by_sheet = read(home.path).unlock_with_recovery(home.key)
    before = home.path.read_bytes()
    with pytest.raises(NotAllowed, match="only manager"):
        dismiss(home.path, by_sheet, person=home.manager)
    with pytest.raises(NotAllowed, match="only manager"):
        reappoint(home.path, by_sheet, person=home.manager, name="Helen", role="carer")
    manager = read(home.path).unlock(home.manager, home.password)
    with pytest.raises(NotAllowed, match="yourself"):
        dismiss(home.path, manager, person=home.manager)
    with pytest.raises(NoSuchPerson):
        dismiss(home.path, manager, person="nobody")
    assert home.path.read_bytes() == before


def test_a_carer_changes_nobody(home: Home) -> None:
    let_in(home, let_in(home, home.unlocked, "ruby"), "priya")
    ruby = opened(home, "ruby")
    with pytest.raises(NotAllowed):
        dismiss(home.path, ruby, person="priya")
    with pytest.raises(NotAllowed):
        reappoint(home.path, ruby, person="ruby", name="Ruby", role="manager")


def test_the_new_key_of_the_database_is_promoted(home: Home) -> None:
    now = dismiss(home.path, let_in(home, home.unlocked, "ruby"), person="ruby")
    pending = now.vault.database.pending
    assert pending is not None
    database = dataclasses.replace(now.vault.database, current=pending, pending=None)
    replace_vault(home.path, now, dataclasses.replace(now.vault, database=database))
    again = read(home.path).unlock(home.manager, home.password)
    assert (again.vault.database.current, again.vault.database.pending) == (pending, None)


def test_a_managers_password_is_changed_at_first_use(home: Home) -> None:
    let_in(home, home.unlocked, "ruby")
    ruby = opened(home, "ruby")
    assert ruby.must_change
    assert not home.unlocked.must_change
    now = change_password(home.path, ruby, "barn owl at dusk", cost=home.cost)
    assert not now.must_change
    assert not read(home.path).unlock("ruby", "barn owl at dusk").must_change


def test_who_is_suspended_waits_outside_with_their_password_kept(home: Home) -> None:
    manager = let_in(home, home.unlocked, "ruby")
    ruby = opened(home, "ruby")
    now = suspend(home.path, manager, person="ruby")
    with pytest.raises(NoSuchPerson, match="for now") as caught:
        opened(home, "ruby")
    assert caught.value.code == "suspended"
    # not even with the keys they may have kept
    with pytest.raises(UserError):
        read(home.path).unlock_as(ruby.identity, "ruby")
    assert ruby.vault_key != now.vault_key
    assert [(one.can_unlock, one.suspended) for one in read(home.path).people] == [
        (True, False),
        (False, True),
    ]
    # the only one who can is known without asking
    again = read(home.path).unlock(None, home.password)
    # what happens meanwhile does not let them in
    now = let_in(home, again, "priya")
    with pytest.raises(NoSuchPerson):
        opened(home, "ruby")
    resume(home.path, now, person="ruby")
    assert opened(home, "ruby").vault == home.vault


def test_nobody_suspends_themself_or_the_last_manager(home: Home) -> None:
    manager = let_in(home, home.unlocked, "ruby", "manager")
    with pytest.raises(NotAllowed, match="yourself"):
        suspend(home.path, manager, person=home.manager)
    suspend(home.path, manager, person="ruby")
    by_sheet = read(home.path).unlock_with_recovery(home.key)
    with pytest.raises(NotAllowed, match="only manager"):
        suspend(home.path, by_sheet, person=home.manager)
    with pytest.raises(NotAllowed, match="only manager"):
        dismiss(home.path, by_sheet, person=home.manager)


def test_a_suspended_slot_cannot_be_made_to_open(home: Home) -> None:
    manager = let_in(home, home.unlocked, "ruby")
    before = home.document()
    suspend(home.path, manager, person="ruby")
    after = home.document()
    # the old slot, with the old vault key, put back by hand
    after["slots"] = before["slots"]
    home.forge(after)
    with pytest.raises(ForeignKeyFile):
        opened(home, "ruby")
