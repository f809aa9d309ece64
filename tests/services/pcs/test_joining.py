"""A new PC joins: only with an invitation, only let in by a manager, whatever is cut short."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.records.administration import Person
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.security import Identity, WrongPassword, following, pairing
from liaison.security import entries as said
from liaison.security.pairing import Invitation
from liaison.services import audit, editing, founding, homes, people, syncing
from liaison.services.homes import OpenHome
from liaison.services.new_folders import HomeExists
from liaison.services.pcs import (
    belonging,
    inviting,
    joining,
    letting_in,
    meeting_places,
    removing,
    standing,
)
from liaison.store.audit import Asked
from liaison.store.query import Query, every
from tests.homes import CHEAP, MANAGER, PASSWORD
from tests.services.pcs.houses import Crash, House, ask, code, digests, failing, sound


def test_a_pc_that_joined_holds_the_same_record_and_writes_to_the_others(house: House) -> None:
    editing.add(house.office, Resident(name="Margaret Ellis"))
    laptop = house.join("Laptop")
    editing.add(laptop, Resident(name="Tom Hall"))
    house.rounds()
    assert len(digests(*house.pcs)) == 1
    found = {
        one.name
        for one in every(house.office.store, Query("resident"))
        if isinstance(one, Resident)
    }
    assert found == {"Margaret Ellis", "Tom Hall"}
    assert all(sound(home) for home in house.pcs)
    assert {one.name for one in removing.everyone(laptop)} == {
        "Laptop", house.office.unlocked.vault.pc.name,
    }  # fmt: skip
    assert laptop.unlocked.vault.blob_key == house.office.unlocked.vault.blob_key
    # what is this PC's own never travels
    mine, theirs = laptop.unlocked.vault, house.office.unlocked.vault
    assert mine.database.current != theirs.database.current
    assert laptop.unlocked.vault_key != house.office.unlocked.vault_key


def test_nobody_is_shown_a_signed_entry_or_told_of_failed_sign_ins_that_never_were(
    house: House,
) -> None:
    laptop = house.join("Laptop")
    laptop.access.signed_in()
    lines = list(audit.every(laptop.store, Asked(), 1_000))
    assert any(line.type == "membership" for line in lines)
    assert not any("failed" in line.verb.lower() for line in lines)
    assert not any("signature" in step.after for line in lines for step in line.steps)


def test_a_home_that_has_one_pc_says_nothing_of_others_in_its_log(tmp_path: Path) -> None:
    home, _ = founding.make_home(
        tmp_path / "h", name="Ivy Lodge", person=MANAGER, password=PASSWORD, cost=CHEAP
    )
    with home:
        people.add(home, Person(name="Sam Reed", role="carer"), "rushes by the water", cost=CHEAP)
        assert not belonging.standing_of(home).founded
        assert removing.everyone(home)[0].here


def test_the_words_do_as_well_as_the_file(house: House, tmp_path: Path) -> None:
    made = inviting.invite(house.office, house.storage)
    by_words = Invitation(pairing.read_words(made.invitation.words.upper()))
    waiting = joining.ask(by_words, tmp_path / "laptop", house.storage, "Laptop", cost=CHEAP)
    assert waiting.offer.home == "Willow House"
    assert pairing.read_invitation(made.file).words == made.invitation.words
    (asking,) = letting_in.asking(house.office, house.storage, cost=CHEAP)
    assert asking.digits == waiting.digits


def test_until_a_manager_lets_it_in_a_pc_gets_nothing(house: House, tmp_path: Path) -> None:
    made = inviting.invite(house.office, house.storage)
    waiting = ask(house, made, tmp_path / "laptop")
    assert not waiting.is_let_in
    with pytest.raises(UserError) as caught:
        joining.complete(waiting, tmp_path / "laptop", MANAGER, PASSWORD)
    assert code(caught) == "not-approved"
    assert not (tmp_path / "laptop").exists()


def test_an_invitation_that_is_not_in_the_storage_is_told(house: House, tmp_path: Path) -> None:
    elsewhere = house.place.beside().transport()
    made = inviting.invite(house.office, house.storage)
    for invitation in (made.invitation, Invitation(made.invitation.words)):
        with pytest.raises(UserError) as caught:
            joining.ask(invitation, tmp_path / "laptop", elsewhere, "L", cost=CHEAP)
        assert code(caught) == "no-such-invitation"


def test_the_one_who_joins_needs_their_own_password(house: House, tmp_path: Path) -> None:
    made = inviting.invite(house.office, house.storage)
    waiting = ask(house, made, tmp_path / "laptop")
    letting_in.approve(house.office, house.storage, waiting.digits, cost=CHEAP)
    waiting = ask(house, made, tmp_path / "laptop")
    with pytest.raises(WrongPassword):
        joining.complete(waiting, tmp_path / "laptop", MANAGER, "not this one at all")
    with pytest.raises(UserError, match="Nobody called"):
        joining.complete(waiting, tmp_path / "laptop", "Mallory", PASSWORD)
    assert not (tmp_path / "laptop").exists()
    joining.complete(waiting, tmp_path / "laptop", None, PASSWORD).close()


def test_a_pc_that_holds_another_home_makes_a_second_one(house: House, tmp_path: Path) -> None:
    other = tmp_path / "ivy"
    founding.make_home(other, name="Ivy", person=MANAGER, password=PASSWORD, cost=CHEAP)[0].close()
    made = inviting.invite(house.office, house.storage)
    with pytest.raises(HomeExists):
        ask(house, made, other)
    ask(house, made, tmp_path / "willow")


def test_an_answer_from_somebody_elses_home_is_not_followed(house: House, tmp_path: Path) -> None:
    made = inviting.invite(house.office, house.storage)
    folder = tmp_path / "laptop"
    waiting = ask(house, made, folder)
    # whoever has the storage and the new PC's key lays an answer of their own there
    other, _ = founding.make_home(
        tmp_path / "fake", name="Fake", person="Mallory", password=PASSWORD, cost=CHEAP
    )
    with other:
        belonging.found(other)
        vault = other.unlocked.vault
        entries = [one.body for one in belonging.standing_of(other).entries]
        welcome = pairing.Welcome(
            9, vault.blob_key, vault.epochs, tuple(said.as_text(one) for one in entries)
        )
        identity = Identity(vault.pc.exchange, vault.pc.signing)
        forged = pairing.write_welcome(waiting.offer.pin, identity, waiting.request.keys, welcome)
    place = inviting.place_of(house.office.store.context.home, made.invitation.id)
    house.storage.put(f"{place}{inviting.welcome_name(waiting.request.keys)}", forged)
    with pytest.raises(UserError) as caught:
        ask(house, made, folder)
    assert code(caught) == "foreign-welcome"
    assert not folder.exists()


def test_an_offer_with_another_root_than_the_invitations_is_not_followed(
    house: House, tmp_path: Path
) -> None:
    made = inviting.invite(house.office, house.storage)
    # somebody who came by the words lays an offer of their own in the place of the home's
    pin = belonging.pin_of(house.office)
    forged = pairing.Offer(
        dataclasses.replace(pin, root=Identity.generate().public.signing), "Willow House",
        "Office PC", times.to_stored(made.ends), bytes(16),
    )  # fmt: skip
    place = inviting.place_of(pin.home_id, made.invitation.id)
    house.place.write(f"{place}offer", pairing.write_offer(made.invitation.words, forged))
    with pytest.raises(UserError) as caught:
        ask(house, made, tmp_path / "laptop")
    assert code(caught) == "no-such-invitation"


@pytest.mark.both_places
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_step_of_joining_is_gone_on_from(
    house: House, tmp_path: Path, *, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "laptop"
    made = inviting.invite(house.office, house.storage)
    # the request is not there, or the new PC does not know that it is
    with pytest.raises(Crash):
        joining.ask(made.invitation, folder, failing(house, 1, after=after), "Laptop", cost=CHEAP)
    waiting = ask(house, made, folder)
    assert len(letting_in.asking(house.office, house.storage, cost=CHEAP)) == 1
    # approved in the log, and not told, or told without the manager's PC knowing
    with pytest.raises(Crash):
        letting_in.approve(house.office, failing(house, 1, after=after), waiting.digits, cost=CHEAP)
    house.rounds(house.office)
    waiting = ask(house, made, folder)
    assert waiting.is_let_in
    # in the middle of making the home: it is there whole or not at all
    with monkeypatch.context() as patch:
        patch.setattr(following, "write_new_file" if after else "create_joined", _crash)
        with pytest.raises(Crash):
            joining.complete(waiting, folder, MANAGER, PASSWORD)
    assert not folder.exists()
    house.complete(ask(house, made, folder), folder)
    house.rounds()
    assert len(digests(*house.pcs)) == 1
    assert not joining.waiting_file(folder).exists()


def test_keys_that_the_version_before_kept_still_lead_to_the_answer(
    house: House, tmp_path: Path
) -> None:
    made = inviting.invite(house.office, house.storage)
    folder = tmp_path / "laptop"
    ask(house, made, folder)
    path = joining.waiting_file(folder)
    # it had no line that says where the answer will lie
    path.write_bytes(path.read_bytes().split(b"\n", 1)[1])
    waiting = ask(house, made, folder)
    letting_in.approve(house.office, house.storage, waiting.digits, cost=CHEAP)
    assert len(letting_in.asking(house.office, house.storage, cost=CHEAP)) == 0
    assert ask(house, made, folder).is_let_in


def _crash(*_: object, **__: object) -> None:
    raise Crash


def test_three_pcs_of_which_two_joined_elsewhere_hold_the_same(house: House) -> None:
    laptop = house.join("Laptop")
    nurses = house.join("Nurses", at=laptop)
    for number, home in enumerate(house.pcs):
        editing.add(home, Resident(name=f"Resident {number}"))
    house.rounds()
    assert len(digests(*house.pcs)) == 1
    assert len(removing.everyone(nurses)) == 3
    tags = {home.unlocked.vault.tag for home in house.pcs}
    assert len(tags) == 3


@pytest.mark.folder_alone("the way to a store lies in the vault, and is asked for by test_beside")
def test_a_storage_that_is_not_set_up_or_gone_is_told(house: House, tmp_path: Path) -> None:
    (house.office.folder / meeting_places.FILE_NAME).unlink()
    with pytest.raises(meeting_places.NotSetUp):
        syncing.once(house.office)
    for bad, wanted in ((tmp_path / "nowhere", "no-folder"), (house.office.folder, "bad-place")):
        with pytest.raises(UserError) as caught:
            meeting_places.set_up_folder(house.office, bad)
        assert code(caught) == wanted
    meeting_places.keep_setup(house.office.folder, meeting_places.Setup(tmp_path / "unplugged"))
    trouble = syncing.once(house.office).trouble
    assert trouble is not None
    (house.office.folder / meeting_places.FILE_NAME).write_bytes(b"\xff{nonsense")
    assert meeting_places.read_setup(house.office.folder) is None


def test_opening_finishes_a_new_life_that_a_crash_cut_short(house: House) -> None:
    laptop = house.join("Laptop")
    vault = laptop.unlocked.vault
    laptop.store.new_incarnation(vault.pc.public.signing, vault.pc.id or 0, 1)
    laptop.close()
    again: OpenHome = homes.open_home(laptop.folder, MANAGER, PASSWORD)
    house.pcs[1] = again
    assert again.unlocked.vault.incarnation == 1
    assert again.unlocked.vault.tag == again.store.context.tag
    editing.add(again, Resident(name="Tom Hall"))
    house.rounds()
    assert len(digests(*house.pcs)) == 1


def test_status_is_plain_facts(house: House) -> None:
    inviting.invite(house.office, house.storage)
    found = standing.status(house.office)
    assert (found.asking, found.unsent, found.conflicts, found.removed) == (1, 0, 0, False)
    assert dataclasses.is_dataclass(found)
