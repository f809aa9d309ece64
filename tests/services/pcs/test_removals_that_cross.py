"""Removals that cross: who is out, who reads what, and with which keys the others go on."""

from __future__ import annotations

from typing import Final

import pytest

from liaison.records.administration import Person
from liaison.records.home import Resident
from liaison.security import entries as said
from liaison.services import editing, people
from liaison.services.homes import OpenHome
from liaison.services.pcs import (
    belonging,
    hindrances,
    removing,
    reviewing,
)
from liaison.services.pcs.roster import HomeRoster, means_of
from liaison.sync import pushing
from liaison.sync.rounds import Round
from tests.homes import CHEAP
from tests.services.pcs.houses import House, digests, residents, sound
from tests.sync.places import add, hide

_AFTER_ALL: Final = 1 << 63


def four(house: House) -> list[OpenHome]:
    """Let three more PCs join, until all know each other."""
    for name in ("Laptop", "Nurses", "Kitchen"):
        house.join(name)
    house.rounds()
    return list(house.pcs)


def id_of(home: OpenHome) -> int:
    return home.unlocked.vault.pc.id or 0


def name_of(home: OpenHome, pc: OpenHome) -> str:
    return next(one.name for one in removing.everyone(home) if one.id == id_of(pc))


def remove(at: OpenHome, pc: OpenHome) -> None:
    removing.remove(at, id_of(pc), "Lost.")


def keys_of(house: House, *removed: OpenHome) -> frozenset[str]:
    """Return the keys that PCs ever had, or could have from what any PC sealed to them."""
    had = {one.id for home in removed for one in home.unlocked.vault.epochs}
    return frozenset(had).union(
        one.id
        for home in house.pcs
        for one in belonging.standing_of(home).epochs
        if one.sealed.keys() & {id_of(one) for one in removed}
    )


def settle(house: House, *which: OpenHome) -> None:
    """Exchange until nobody has anything new for the others."""
    for _ in range(20):
        if not any(one.sent or one.taken for one in house.rounds(*which, times=1)):
            return
    raise AssertionError("they never come to an end")


def writes_under(home: OpenHome) -> str:
    return HomeRoster(home).for_writing(_AFTER_ALL).id


def test_a_key_that_a_removed_pc_made_seals_nothing_once_it_is_removed(house: House) -> None:
    office, laptop, nurses, kitchen = four(house)
    remove(office, laptop)
    remove(laptop, kitchen)
    # the nurses hear of the laptop's first, and use its key until they hear of the office's
    house.rounds(laptop, nurses, times=1)
    editing.add(nurses, Resident(name="Under the laptop's key"))
    house.rounds(nurses, times=1)
    settle(house, office, nurses, kitchen)
    for home in (office, nurses, kitchen):
        assert writes_under(home) not in keys_of(house, laptop)
        # what was written meanwhile is read everywhere, by the kitchen too, which the laptop left out
        assert residents(home) == {"Under the laptop's key"}
        assert sound(home)
    assert len(digests(office, nurses, kitchen)) == 1


def test_a_key_that_was_given_to_a_removed_pc_in_ignorance_seals_nothing(house: House) -> None:
    office, laptop, nurses = house.office, house.join("Laptop"), house.join("Nurses")
    sam = people.add(
        office, Person(name="Sam Reed", role="carer"), "rushes by the water", cost=CHEAP
    )
    house.rounds()
    remove(office, laptop)
    # later, and without knowing: this key, too, is sealed to the laptop
    people.remove(nurses, sam, "Left us.")
    house.rounds(nurses, laptop, times=1)
    settle(house, office, nurses)
    assert writes_under(office) == writes_under(nurses)
    assert writes_under(office) not in keys_of(house, laptop)


def test_where_every_key_is_known_to_a_removed_pc_a_manager_makes_another(house: House) -> None:
    office, laptop, nurses, kitchen = four(house)
    # each gives the new key to whom the other one removes
    remove(office, laptop)
    remove(nurses, kitchen)
    settle(house, office, nurses)
    assert writes_under(office) == writes_under(nurses)
    assert writes_under(office) not in keys_of(house, laptop, kitchen)
    editing.add(office, Resident(name="New"))
    house.rounds(office, nurses)
    assert residents(nurses) == {"New"}


def differ_in_who_is_out(house: House) -> tuple[OpenHome, OpenHome, OpenHome, OpenHome]:
    """Let two PCs remove each other, and two others hear of it in another order.

    Returns:
        The office and the laptop; the nurses' PC, by which the office is out; the kitchen's, by
        which the laptop is.
    """
    office, laptop, nurses, kitchen = four(house)
    remove(office, laptop)
    remove(laptop, office)
    before = set(house.place.keys())
    house.rounds(office, kitchen, times=1)
    # as where the Wi-Fi of one end of the house is out: the nurses see nothing of it yet
    hidden = hide(house.place, set(house.place.keys()) - before)
    house.rounds(laptop, nurses, times=1)
    add(house.place, hidden)
    for home, out in ((nurses, office), (kitchen, laptop)):
        assert belonging.standing_of(home).cuts.keys() == {id_of(out)}
    return office, laptop, nurses, kitchen


@pytest.mark.both_places
def test_where_others_heard_of_two_crossing_removals_in_another_order_they_read_each_other(
    house: House,
) -> None:
    office, laptop, nurses, kitchen = differ_in_who_is_out(house)
    for home, name in ((nurses, "From the nurses"), (kitchen, "From the kitchen")):
        editing.add(home, Resident(name=name))
    settle(house, nurses, kitchen)
    for home in (nurses, kitchen):
        assert {"From the nurses", "From the kitchen"} <= residents(home)
    assert sound(nurses)
    # each is told of the removal that does not count there, as a matter of its own
    for home, out in ((nurses, laptop), (kitchen, office)):
        told = [one for one in reviewing.find(home) if one.hindrance == hindrances.REMOVES]
        assert [one.saves[0].touched[0].verb for one in told] == ["Removed from the home"]
        assert [one.title for one in told] == [name_of(home, out)]
    remove(nurses, laptop)
    remove(kitchen, office)
    settle(house, nurses, kitchen)
    for home in (nurses, kitchen):
        standing = belonging.standing_of(home)
        assert standing.cuts.keys() == {id_of(office), id_of(laptop)}
        assert writes_under(home) not in keys_of(house, office, laptop)
        assert sound(home)


def test_pcs_that_differ_in_who_is_out_come_to_an_end_with_new_keys(house: House) -> None:
    office, laptop, nurses, kitchen = differ_in_who_is_out(house)
    remove(kitchen, office)
    # its new key the nurses hand to the laptop, as to everybody who belongs by their account
    settle(house, nurses, kitchen)
    editing.add(kitchen, Resident(name="Written since"))
    settle(house, nurses, kitchen)
    assert "Written since" in residents(nurses)
    remove(nurses, laptop)
    settle(house, nurses, kitchen)
    for home in (nurses, kitchen):
        assert writes_under(home) not in keys_of(house, office, laptop)


def send_blind(house: House, home: OpenHome) -> None:
    """Send without fetching, as a changed program would."""
    means = means_of(home, house.storage, HomeRoster(home))
    pushing.build(means, Round())
    pushing.send(means, Round(), frozenset())


def test_a_key_that_was_handed_to_somebody_new_meanwhile_seals_nothing_either(house: House) -> None:
    office, laptop, nurses, kitchen = four(house)
    remove(office, laptop)
    remove(laptop, kitchen)
    house.rounds(laptop, nurses, times=1)
    # the laptop's key still counts there: the tablet is given it with the others
    house.let_in("Tablet", house.root / "tablet", at=nurses)
    settle(house, office, nurses, kitchen)
    for home in (office, nurses, kitchen):
        assert writes_under(home) not in keys_of(house, laptop)
    editing.add(nurses, Resident(name="Read by all"))
    settle(house, office, nurses, kitchen)
    assert residents(office) == residents(kitchen) == {"Read by all"}


def test_an_old_removal_that_did_not_count_never_counts_later(house: House) -> None:
    office, laptop, nurses, kitchen = four(house)
    remove(office, laptop)
    remove(laptop, nurses)
    house.rounds(office, times=1)
    send_blind(house, laptop)
    settle(house, office, nurses, kitchen)
    editing.add(nurses, Resident(name="Written since"))
    settle(house, office, nurses, kitchen)
    removing.remove(office, id_of(nurses), "Replaced by a new one.")
    settle(house, office, kitchen)
    assert residents(office) == residents(kitchen) == {"Written since"}


def test_a_false_key_under_a_true_name_loses_nothing(house: House) -> None:
    office, laptop, nurses, kitchen = four(house)
    sam = people.add(
        office, Person(name="Sam Reed", role="carer"), "rushes by the water", cost=CHEAP
    )
    house.rounds()
    remove(office, laptop)
    settle(house, office, nurses, kitchen)
    before = set(house.place.keys())
    people.remove(office, sam, "Left us.")
    house.rounds(office, times=1)
    of_office = set(house.place.keys()) - before
    house.rounds(nurses, times=1)
    editing.add(nurses, Resident(name="From the nurses"))
    house.rounds(nurses, times=1)
    of_nurses = set(house.place.keys()) - before - of_office
    # the laptop reads the key's name in the clear header of what the nurses sent
    (pin, standing) = (belonging.pin_of(laptop), belonging.standing_of(laptop))
    name = writes_under(nurses)
    sealed = said.seal_epoch(pin, name, bytes(32), [standing.pcs[id_of(kitchen)]])
    false = said.sign(
        pin,
        laptop.unlocked.identity,
        said.EPOCH,
        standing.top + 1,
        **said.epoch_parts(name, sealed),
    )
    belonging.write(laptop, [false])
    send_blind(house, laptop)
    for of_whom in (of_office | of_nurses, of_office):
        hidden = hide(house.place, of_whom)
        house.rounds(kitchen, times=1)
        add(house.place, hidden)
    settle(house, office, nurses, kitchen)
    assert residents(kitchen) == {"From the nurses"}
