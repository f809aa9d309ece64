"""Keys for a PC that cannot read where the log gives them to it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pytest

from liaison.records.home import Resident
from liaison.security import entries as said
from liaison.security.primitives import Identity
from liaison.services import editing, syncing
from liaison.services.pcs import belonging, joining, removing
from liaison.services.pcs.roster import HomeRoster
from liaison.store.store import now
from liaison.sync import names
from liaison.sync.folder import Folder
from liaison.sync.transport import TransportTrouble
from tests.services.pcs.houses import digests, residents, sound
from tests.sync.places import wipe

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.services.homes import OpenHome
    from tests.services.pcs.houses import House

_AFTER_ALL: Final = 1 << 63


def id_of(home: OpenHome) -> int:
    return home.unlocked.vault.pc.id or 0


def writes_under(home: OpenHome) -> str:
    return HomeRoster(home).for_writing(_AFTER_ALL).id


def let_in_unknowing(house: House) -> tuple[set[str], OpenHome, OpenHome]:
    """Let the nurses let a tablet in while the office, which does not know, removes the laptop.

    Returns:
        The keys that the laptop has, the nurses' PC and the tablet, which was given none but those.
    """
    office, laptop, nurses = house.office, house.join("Laptop"), house.join("Nurses")
    house.rounds()
    removing.remove(office, id_of(laptop), "Stolen.")
    had = {one.id for one in laptop.unlocked.vault.epochs}
    # it hears of nothing any more, and would only say that it was removed
    house.pcs.remove(laptop)
    laptop.close()
    folder = house.root / "tablet"
    waiting = house.let_in("Tablet", folder, at=nurses)
    # none of them has exchanged since
    tablet = house.complete(joining.fetch(waiting, folder, house.storage), folder)
    return had, nurses, tablet


def test_a_pc_let_in_while_another_was_removed_is_given_the_new_key(house: House) -> None:
    office = house.office
    had, nurses, tablet = let_in_unknowing(house)
    editing.add(office, Resident(name="From the office"))
    house.rounds(office, nurses, tablet, times=3)
    assert residents(tablet) == {"From the office"}
    editing.add(tablet, Resident(name="From the tablet"))
    house.rounds(office, nurses, tablet, times=3)
    assert residents(office) == residents(nurses) == {"From the office", "From the tablet"}
    assert len(digests(office, nurses, tablet)) == 1
    assert all(sound(one) for one in (office, nurses, tablet))
    # and nothing is written under what the laptop has
    for home in (office, nurses, tablet):
        assert writes_under(home) not in had


def test_what_anybody_lays_there_as_a_key_loses_nothing(house: House) -> None:
    office = house.office
    _, nurses, tablet = let_in_unknowing(house)
    editing.add(office, Resident(name="From the office"))
    house.rounds(office, nurses, times=2)
    place, pin = office.store.context.home, belonging.pin_of(office)
    newest = writes_under(office)
    # as somebody does who holds the storage and knows all names in it: each a false key
    stranger = Identity.generate()
    to = [one for one in belonging.standing_of(office).live_pcs if one.id == id_of(tablet)]
    sealed = said.seal_epoch(pin, newest, bytes(32), to)
    false = said.sign(pin, stranger, said.EPOCH, 1, **said.epoch_parts(newest, sealed))
    for name, data in {
        "0": said.as_text(false).encode(), "1": b"", "2": b"\xff" * 90, "3": b"{}",
    }.items():  # fmt: skip
        house.storage.put(names.key(place, newest, name * 32), data)
    house.rounds(office, nurses, tablet)
    assert residents(tablet) == {"From the office"}
    assert sound(tablet)


def test_a_storage_that_lost_the_keys_is_given_them_again(house: House) -> None:
    office = house.office
    _, nurses, tablet = let_in_unknowing(house)
    editing.add(office, Resident(name="From the office"))
    # until they have nothing more to lay there
    house.rounds(office, nurses, times=5)
    laid = names.keys(office.store.context.home)
    assert house.storage.list(laid)
    wipe(house.place)
    house.rounds(office, nurses)
    assert house.storage.list(laid)
    house.rounds(tablet)
    assert residents(tablet) == {"From the office"}


def test_what_was_lost_while_the_pcs_were_locked_is_laid_again_within_a_day(house: House) -> None:
    office = house.office
    _, nurses, tablet = let_in_unknowing(house)
    house.rounds(office, nurses, tablet, times=5)
    laid = names.keys(office.store.context.home)
    before = house.storage.list(laid)
    assert before
    wipe(house.place)
    # nothing but segments goes back meanwhile, after which nothing seems lost
    for home in (office, nurses, tablet):
        syncing.travel(home.folder, home.store.context.home, [house.storage])
    assert not syncing.once(office).went_back
    office.store.clock = lambda: now() + dt.timedelta(days=1)
    syncing.once(office)
    again = house.storage.list(laid)
    # what was for the laptop alone does not come back
    assert again
    assert set(again) <= set(before)


class Away(Folder):
    """A folder whose keys cannot be asked for; nothing else is the matter with it."""

    def list(self, prefix: str, after: str = "") -> list[str]:
        """Return what lies there, unless it is keys."""
        if "/keys/" in prefix:
            raise TransportTrouble("It does not answer.", kept="All.", do="Wait.")
        return super().list(prefix, after)


@pytest.mark.folder_alone("what is played is a place that does not answer")
def test_whoever_cannot_look_for_a_key_sends_all_the_same(house: House) -> None:
    office = house.office
    _, nurses, tablet = let_in_unknowing(house)
    editing.add(office, Resident(name="From the office"))
    house.rounds(office)
    editing.add(tablet, Resident(name="From the tablet"))
    result = syncing.once(tablet, transports=(Away(house.share),))
    assert (result.trouble, len(result.waiting)) == (None, 1)
    syncing.once(nurses)
    assert "From the tablet" in residents(nurses)


class Counting(Folder):
    """A folder that notes what it is asked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.asked: list[str] = []

    def list(self, prefix: str, after: str = "") -> list[str]:
        """Return what lies there, and note that it was asked for."""
        self.asked.append(prefix)
        return super().list(prefix, after)

    def get(self, key: str) -> bytes | None:
        """Return a file, and note that it was asked for."""
        self.asked.append(key)
        return super().get(key)


@pytest.mark.folder_alone("requests are counted")
def test_whoever_waits_for_a_key_looks_for_that_one_however_many_lie_there(house: House) -> None:
    office = house.office
    _, nurses, tablet = let_in_unknowing(house)
    editing.add(office, Resident(name="From the office"))
    house.rounds(office)
    place = office.store.context.home
    # as in a home with many PCs that joined and people who left
    for number in range(1200):
        house.storage.put(names.key(place, f"{number // 2:016x}", f"{number:032x}"), b"{}")
    way = Counting(house.share)
    assert syncing.once(tablet, transports=(way,)).waiting
    assert sum("/keys/" in name for name in way.asked) < 10
    house.rounds(nurses)
    syncing.once(tablet, transports=(way,))
    assert residents(tablet) == {"From the office"}
