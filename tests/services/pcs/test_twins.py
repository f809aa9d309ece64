"""Records that two PCs both made are offered for merging; a person decides."""

from __future__ import annotations

from liaison.records.directory import Contact
from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.pcs import twins
from tests.services.pcs.houses import House, digests, sound


def add(home: OpenHome, *records: Resident | Contact) -> None:
    with home.unit() as unit:
        for record in records:
            unit.add(record)


def offered(home: OpenHome) -> list[tuple[str, str]]:
    return [(one.name, one.second_name) for one in twins.find(home.store)]


def test_what_two_pcs_both_made_is_offered_and_merged_everywhere(house: House) -> None:
    nurses = house.join("Nurses")
    add(house.office, Contact(name="Grace Adeyemi", phone="01632 960412"))
    add(nurses, Contact(name="Grace Adeyemi", phone="01632 960421"))
    house.rounds()
    (found,) = twins.find(house.office.store)
    assert found.type == "contact"
    assert (found.pc, found.second_pc) != (found.second_pc, found.pc)
    assert "the same name" in found.reasons
    # both may be written in one millisecond: which of them comes first is chance
    said = [(label, {one, other}) for label, one, other in found.fields]
    assert ("Phone", {"01632 960412", "01632 960421"}) in said
    written = twins.merge(house.office, found)
    assert offered(house.office) == []
    house.rounds()
    assert offered(nurses) == []
    assert len(digests(house.office, nurses)) == 1
    editing.undo(house.office, written)
    assert len(offered(house.office)) == 1
    assert sound(house.office)


def test_two_made_on_one_pc_were_asked_about_there(house: House) -> None:
    house.join("Nurses")
    add(house.office, Contact(name="Grace Adeyemi"), Contact(name="Grace Adeyemi"))
    house.rounds()
    assert offered(house.office) == []


def test_namesakes_with_other_numbers_are_not_offered(house: House) -> None:
    nurses = house.join("Nurses")
    add(house.office, Resident(name="Mary Smith", nhs_number="9434765919"))
    add(nurses, Resident(name="Mary Smith", nhs_number="9434765870"))
    house.rounds()
    assert offered(house.office) == []


def test_what_somebody_called_different_is_not_offered_again(house: House) -> None:
    nurses = house.join("Nurses")
    add(house.office, Resident(name="Mary Smith"))
    add(nurses, Resident(name="Mary Smith"))
    house.rounds()
    (found,) = twins.find(house.office.store)
    twins.say_different(house.office, found)
    assert offered(house.office) == []
    # it is said of this PC's screen, not of the record
    assert len(offered(nurses)) == 1
