"""What is done about people and PCs on one PC reaches the others, and what is forged does not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from liaison import security
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Membership, Pc, Person
from liaison.records.home import Resident
from liaison.security import Identity, NotAllowed, WrongPassword
from liaison.security import entries as said
from liaison.security.primitives import Pin
from liaison.security.roll import certify
from liaison.services import editing, homes, people, recovery, syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import belonging, removing, standing
from liaison.services.pcs.roster import HomeRoster
from liaison.store import merge
from liaison.store.query import Query, every
from liaison.sync.means import REMOVED
from tests.homes import CHEAP, MANAGER, PASSWORD, make
from tests.services.pcs.houses import (
    ANN,
    ANNS,
    House,
    able,
    add_manager,
    digests,
    reopen,
    sound,
)

SAM = "Sam Reed"
SAMS = "rushes by the running water"
NEW = "kettle on the third shelf"
OTHER = "otter under the stone bridge"


@pytest.fixture
def pair(house: House) -> House:
    """Two PCs of one home, and a carer who signs in on both."""
    people.add(house.office, Person(name=SAM, role="carer"), SAMS, cost=CHEAP)
    house.join("Laptop")
    return house


def identity_of(home: OpenHome, name: str) -> int:
    (found,) = (
        one.id or 0
        for one in every(home.store, Query("person"))
        if isinstance(one, Person) and one.name == name
    )
    return found


def opens(home: OpenHome, person: str, password: str) -> bool:
    try:
        homes.open_home(home.folder, person, password).close()
    except UserError:
        return False
    return True


def test_somebody_added_on_one_pc_signs_in_on_the_other(pair: House) -> None:
    office, laptop = pair.pcs
    add_manager(laptop)
    assert not opens(office, ANN, ANNS)
    pair.rounds()
    assert able(office) == able(laptop) == sorted([MANAGER, SAM, ANN])
    assert opens(office, ANN, ANNS)
    assert sound(office)
    assert sound(laptop)


def test_a_password_changed_on_one_pc_is_the_one_on_the_other(pair: House) -> None:
    office, laptop = pair.pcs
    with homes.open_home(laptop.folder, SAM, SAMS) as sam:
        people.choose_password(sam, NEW, cost=CHEAP)
        syncing.once(sam)
    assert opens(office, SAM, SAMS)
    pair.rounds(office)
    assert opens(office, SAM, NEW)
    assert not opens(office, SAM, SAMS)
    (known,) = [one for one in homes.read_keys(office.folder).people if one.name == SAM]
    assert not known.temporary


def test_somebody_let_go_on_one_pc_is_let_go_on_the_other_with_new_keys(pair: House) -> None:
    office, laptop = pair.pcs
    before = laptop.unlocked.vault
    people.remove(office, identity_of(office, SAM), "Left us.")
    pair.rounds()
    after = laptop.unlocked.vault
    assert able(laptop) == [MANAGER]
    assert after.database.current != before.database.current
    assert after.database.pending is None
    assert {one.id for one in after.epochs} == {one.id for one in office.unlocked.vault.epochs}
    assert len(after.epochs) == len(before.epochs) + 1
    assert not opens(laptop, SAM, SAMS)
    assert sound(laptop)


def test_a_carers_opening_is_enough_for_what_a_manager_did_elsewhere(pair: House) -> None:
    office, laptop = pair.pcs
    add_manager(office)
    laptop.close()
    pair.rounds(office)
    with homes.open_home(laptop.folder, SAM, SAMS) as sam:
        assert ANN not in able(sam)
        syncing.once(sam)
        assert ANN in able(sam)
        assert not sam.unlocked.may_admit
    pair.pcs[1] = reopen(laptop, ANN, ANNS)


def test_a_new_role_and_a_suspension_reach_the_other_pc(pair: House) -> None:
    office, laptop = pair.pcs
    sam = identity_of(office, SAM)
    people.appoint(office, sam, role="senior", name="Sam Reed-Hall")
    pair.rounds()
    (known,) = [one for one in homes.read_keys(laptop.folder).people if one.name != MANAGER]
    assert (known.name, known.role) == ("Sam Reed-Hall", "senior")
    people.suspend(office, sam, "Away.")
    pair.rounds()
    assert not opens(laptop, "Sam Reed-Hall", SAMS)
    laptop.close()
    # a manager's opening takes the key as well
    pair.pcs[1] = reopen(laptop)
    assert able(pair.pcs[1]) == [MANAGER]


def test_a_new_recovery_sheet_is_the_sheet_of_every_pc(pair: House) -> None:
    office, laptop = pair.pcs
    key = recovery.new_sheet(office)
    pair.rounds()
    keys = homes.read_keys(laptop.folder)
    keys.unlock_with_recovery(key)
    with pytest.raises(security.WrongRecoveryKey):
        keys.unlock_with_recovery(pair.key)


def test_a_sheet_of_somebody_who_was_let_go_meanwhile_opens_no_pc(house: House) -> None:
    add_manager(house.office)
    laptop = house.join("Laptop", person=ANN, password=ANNS)
    office = house.office
    people.remove(laptop, identity_of(laptop, MANAGER), "Left us.")
    syncing.once(laptop)
    made = recovery.new_sheet(office)
    house.rounds(office)
    office.close()
    office = house.pcs[0] = reopen(office, ANN, ANNS)
    house.rounds(times=3)
    told = len(belonging.standing_of(office).entries)
    for home in house.pcs:
        keys = homes.read_keys(home.folder)
        keys.unlock_with_recovery(house.key)
        with pytest.raises(security.WrongRecoveryKey):
            keys.unlock_with_recovery(made)
    office.close()
    office = house.pcs[0] = reopen(office, ANN, ANNS)
    assert len(belonging.standing_of(office).entries) == told


def test_a_temporary_password_given_elsewhere_waits_for_somebody_elses_opening(
    pair: House,
) -> None:
    office, laptop = pair.pcs
    people.give_password(office, identity_of(office, SAM), NEW, cost=CHEAP)
    pair.rounds(office)
    laptop.close()
    with homes.open_home(laptop.folder, SAM, SAMS) as sam:
        # they hold the old keys, which cannot seal anything to the new ones
        syncing.once(sam)
        assert opens(sam, SAM, SAMS)
    pair.pcs[1] = reopen(laptop)
    assert opens(laptop, SAM, NEW)
    assert not opens(laptop, SAM, SAMS)


def test_people_changed_on_both_at_once_end_up_alike(pair: House) -> None:
    office, laptop = pair.pcs
    add_manager(office)
    people.add(laptop, Person(name="Joy Hill", role="carer"), NEW, cost=CHEAP)
    people.appoint(laptop, identity_of(laptop, SAM), role="senior")
    pair.rounds(times=4)
    assert able(office) == able(laptop) == sorted([MANAGER, SAM, ANN, "Joy Hill"])
    assert len(digests(office, laptop)) == 1
    assert standing.status(office).not_counted == ()
    before = len(belonging.standing_of(office).entries)
    pair.rounds(times=2)
    # and it comes to rest: nobody goes on telling what everybody knows
    assert len(belonging.standing_of(office).entries) == before


@pytest.mark.both_places
def test_two_managers_who_remove_each_other_are_put_right_with_the_recovery_sheet(
    house: House,
) -> None:
    add_manager(house.office)
    laptop = house.join("Laptop", person=ANN, password=ANNS)
    nurses = house.join("Nurses")
    office, typed = house.office, house.key.text
    kate, ann = identity_of(office, MANAGER), identity_of(office, ANN)
    people.remove(office, ann, "Left us.")
    people.remove(laptop, kate, "Left us.")
    settled(house)
    for home, person, password in ((office, MANAGER, PASSWORD), (laptop, ANN, ANNS)):
        with pytest.raises(NotAllowed):
            homes.open_home(home.folder, person, password)
    office.close()
    with come_back(office, typed, MANAGER, NEW) as back:
        assert back.may(security.roles.Action.PCS)
        assert set(belonging.standing_of(back).members) == {ids.to_text(kate)}
    house.pcs[0] = reopen(office, MANAGER, NEW)
    settled(house)
    assert [able(one) for one in (office, nurses)] == [[MANAGER], [MANAGER]]
    # where her removal was made she is in no list: only the sheet opens that PC, for who is in it
    assert able(laptop) == [ANN]
    assert not opens(laptop, ANN, ANNS)
    laptop.close()
    house.pcs[1] = come_back(laptop, typed, ANN, OTHER)
    house.rounds()
    # nor does anybody seal for keys that they do not have: another person's opening takes hers
    nurses.close()
    house.pcs[2] = reopen(nurses, ANN, OTHER)
    settled(house)
    for home in house.pcs:
        assert able(home) == [ANN, MANAGER]
        assert all(opens(home, *one) for one in ((MANAGER, NEW), (ANN, OTHER)))
    # and by now a removal is one again
    people.remove(house.pcs[0], ann, "Left us.")
    for number, home in enumerate(house.pcs):
        home.close()
        house.pcs[number] = reopen(home, MANAGER, NEW)
    settled(house)
    assert [able(one) for one in house.pcs] == [[MANAGER]] * 3


def come_back(home: OpenHome, typed: str, name: str, password: str) -> OpenHome:
    """Let a manager back in on one PC with the recovery sheet, and tell the others."""
    who = next(one.id for one in homes.read_keys(home.folder).people if one.name == name)
    back = recovery.come_back(home.folder, typed, who, password, cost=CHEAP)
    syncing.once(back)
    return back


def settled(house: House) -> None:
    """Exchange, and hold that every PC shows the same, from a log that holds."""
    house.rounds(times=3)
    assert len(digests(*house.pcs)) == 1
    assert all(sound(one) for one in house.pcs)


def write_entry(home: OpenHome, text: str) -> None:
    """Write an entry as a PC of the home does whose software was changed."""
    with home.store.unit(home.person, kind="people") as unit:
        unit.add(Membership(at=home.store.clock(), kind="person", entry=text))


def test_forged_entries_in_the_log_change_nothing_and_are_told(pair: House) -> None:
    office, laptop = pair.pcs
    with homes.open_home(laptop.folder, SAM, SAMS) as sam:
        pin = belonging.pin_of(sam)
        carer = sam.unlocked.identity
        mallory = Identity.generate()
        person = sam.unlocked.person
        for signer, by in ((carer, carer), (mallory, mallory)):
            one = certify(pin, by, person=person, name=SAM, role="manager", keys=carer.public)
            entry = said.sign(
                pin, signer, said.PERSON, 99, certificate=one.document, slot=None, restores=[]
            )
            write_entry(sam, said.as_text(entry))
        cuts = [{"incarnation": 0, "seq": 1}]
        own = office.unlocked.vault.pc.id
        write_entry(sam, said.as_text(said.sign(pin, carer, said.PC_GONE, 99, pc=own, cuts=cuts)))
        other = Pin("e" * 32, pin.root)
        foreign = said.sign(other, office.unlocked.identity, said.GONE, 99, person=person)
        write_entry(sam, said.as_text(foreign))
        write_entry(sam, "no entry at all")
        syncing.once(sam)
    pair.rounds()
    assert able(office) == sorted([MANAGER, SAM])
    (known,) = [one for one in homes.read_keys(office.folder).people if one.name == SAM]
    assert known.role == "carer"
    assert len(belonging.standing_of(office).live_pcs) == 2
    told = standing.status(office).not_counted
    assert len(told) == 5
    assert {pc for pc, _ in told} == {"Laptop"}


def test_a_stranger_with_a_pc_key_of_their_own_is_nobody(pair: House) -> None:
    office, _ = pair.pcs
    with office.store.unit(office.person, kind="people") as unit:
        # a record alone makes no PC: whoever can write records is no manager
        unit.add(Pc(name="Mine", joined_at=office.store.clock()))
    assert {one.name for one in removing.everyone(office)} == {
        office.unlocked.vault.pc.name, "Laptop",
    }  # fmt: skip
    assert HomeRoster(office).signing_key(4711) is None


@pytest.mark.both_places
def test_a_removed_pc_writes_on_and_nobody_takes_it_in(pair: House) -> None:
    office, laptop = pair.pcs
    editing.add(laptop, Resident(name="Not fetched by then"))
    syncing.once(laptop)
    removing.remove(office, laptop.unlocked.vault.pc.id or 0, "Stolen.")
    editing.add(laptop, Resident(name="Written afterwards"))
    syncing.once(laptop)
    rounds = pair.rounds(office)
    names = {
        one.name for one in every(office.store, Query("resident")) if isinstance(one, Resident)
    }
    assert not names & {"Written afterwards", "Not fetched by then"}
    assert [one.why for one in standing.status(office).apart] == [REMOVED, REMOVED]
    # it waits for nothing, and can be looked at
    assert all(one.waiting == [] for one in rounds)
    assert len(standing.status(office).to_review) == 2
    with pytest.raises(syncing.Removed) as caught:
        pair.rounds(laptop)
    assert caught.value.kept
    assert standing.status(laptop).removed
    newest = office.unlocked.vault.epochs[-1]
    assert newest.id not in {one.id for one in laptop.unlocked.vault.epochs}
    assert sound(office)


def test_of_two_pcs_that_remove_each_other_nothing_more_is_expected_and_the_loser_is_warned(
    pair: House,
) -> None:
    office, laptop = pair.pcs
    nurses = pair.join("Nurses")
    removing.remove(nurses, laptop.unlocked.vault.pc.id or 0, "Lost.")
    removing.remove(laptop, nurses.unlocked.vault.pc.id or 0, "Gone.")
    for home in (nurses, laptop):
        syncing.once(home)
    # the office hears of the one removal first; the other one was written after it
    syncing.once(office)
    (lost,) = (one for one in removing.everyone(office) if not one.belongs)
    loser, winner = (laptop, nurses) if lost.name == "Laptop" else (nurses, laptop)
    for number in range(2):
        editing.add(loser, Resident(name=f"Not counted {number}"))
        syncing.once(loser)
    editing.add(office, Resident(name="Counted"))
    for home in (office, winner):
        assert pair.rounds(home)[-1].waiting == []
    warned = syncing.once(loser).waiting
    assert any("ask a manager whether this PC was removed" in one.reason for one in warned)
    assert len(digests(office, winner)) == 1


def test_what_others_had_taken_in_after_the_cut_is_set_apart_for_review(pair: House) -> None:
    office, laptop = pair.pcs
    nurses = pair.join("Nurses")
    editing.add(laptop, Resident(name="Written late"))
    pair.rounds(laptop, nurses, times=1)
    # the office removes it without having seen that
    removing.remove(office, laptop.unlocked.vault.pc.id or 0, "Stolen.")
    pair.rounds(office, nurses, times=3)
    for home in (office, nurses):
        assert list(every(home.store, Query("resident"))) == []
        assert sound(home)
    assert len(digests(office, nurses)) == 1
    (review,) = standing.status(nurses).to_review
    assert (review.pc, review.changes) == ("Laptop", 1)


def test_what_each_life_of_a_removed_pc_had_sent_by_then_counts_and_no_more(pair: House) -> None:
    office, laptop = pair.pcs
    editing.add(laptop, Resident(name="In the first life"))
    pair.rounds()
    vault = laptop.unlocked.vault
    laptop.store.new_incarnation(vault.pc.public.signing, vault.pc.id or 0, 1)
    laptop.close()
    laptop = pair.pcs[1] = reopen(laptop)
    editing.add(laptop, Resident(name="In the second life"))
    pair.rounds()
    editing.add(laptop, Resident(name="Too late"))
    syncing.once(laptop)
    pc = laptop.unlocked.vault.pc.id or 0
    removing.remove(office, pc, "Stolen.")
    pair.rounds(office)
    found = {
        one.name for one in every(office.store, Query("resident")) if isinstance(one, Resident)
    }
    assert found == {"In the first life", "In the second life"}
    assert belonging.standing_of(office).cuts[pc].keys() == {0, 1}
    assert sound(office)


def test_what_is_sent_after_a_removal_is_sealed_with_a_key_the_removed_pc_never_had(
    pair: House,
) -> None:
    office, laptop = pair.pcs
    before = HomeRoster(office).for_writing(office.store.context.generation).id
    removing.remove(office, laptop.unlocked.vault.pc.id or 0, "Stolen.")
    standing = belonging.standing_of(office)
    newest = standing.epochs[-1]
    assert newest.announced is not None
    roster = HomeRoster(office)
    # the unit that announces it must be read by PCs that do not have it yet
    assert roster.for_writing(newest.announced).id == before
    assert roster.for_writing(newest.announced + 1).id == newest.id
    assert laptop.unlocked.vault.pc.id not in newest.sealed
    # and what a PC writes that joins afterwards, before it has fetched anything
    assert roster.for_writing(1).id == newest.id


def test_keys_from_before_there_were_several_pcs_are_used_for_nothing(
    house: House, tmp_path: Path
) -> None:
    home, _ = make(tmp_path / "ivy")
    with home:
        sam = people.add(home, Person(name=SAM, role="carer"), SAMS, cost=CHEAP)
        people.remove(home, sam, "Left us.")
        belonging.found(home)
        epochs = home.unlocked.vault.epochs
        assert len(epochs) == 2
        assert [one.id for one in belonging.standing_of(home).epochs] == [epochs[-1].id]
        assert HomeRoster(home).for_writing(1).id == epochs[-1].id


def test_a_pc_does_not_remove_itself_nor_one_that_is_gone(pair: House) -> None:
    office, laptop = pair.pcs
    with pytest.raises(NotAllowed):
        removing.remove(office, office.unlocked.vault.pc.id or 0, "why")
    removing.remove(office, laptop.unlocked.vault.pc.id or 0, "why")
    with pytest.raises(UserError, match="does not belong"):
        removing.remove(office, laptop.unlocked.vault.pc.id or 0, "why")
    assert removing.CANNOT_TAKE_BACK


class Crash(BaseException):
    """The program ends here."""


@pytest.mark.parametrize("write", ["reseal_roll", "save_parts"])
def test_a_crash_while_the_key_file_follows_is_made_good_at_the_next_opening(
    pair: House, write: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs
    if write == "reseal_roll":
        add_manager(office)
    else:
        people.replace_password(office, NEW, cost=CHEAP)
    pair.rounds(office)

    def crash(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(f"liaison.security.following.{write}", crash)
        with pytest.raises(Crash):
            syncing.once(laptop)
    laptop.close()
    pair.pcs[1] = reopen(laptop)
    assert able(laptop) == able(office)
    assert opens(laptop, MANAGER, NEW if write == "save_parts" else PASSWORD)


def test_a_crash_before_news_is_published_is_made_good_at_the_next_opening(
    pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs

    def crash(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(belonging, "write", crash)
        with pytest.raises(Crash):
            people.remove(office, identity_of(office, SAM), "Left us.")
    office.close()
    pair.pcs[0] = reopen(office)
    pair.rounds()
    assert able(laptop) == [MANAGER]
    assert able(pair.pcs[0]) == [MANAGER]


def test_an_old_password_is_refused_with_the_usual_words(pair: House) -> None:
    office, laptop = pair.pcs
    people.replace_password(office, NEW, cost=CHEAP)
    pair.rounds()
    with pytest.raises(WrongPassword):
        homes.open_home(laptop.folder, MANAGER, PASSWORD)


def test_a_unit_sent_again_brings_no_second_entry(pair: House) -> None:
    office, laptop = pair.pcs
    before = belonging.standing_of(laptop)
    tag = office.unlocked.vault.tag
    merge.merge(laptop.store, merge.units_after(office.store, tag, 0))
    after = belonging.standing_of(laptop)
    assert dataclasses.replace(after) == before
