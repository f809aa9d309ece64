"""A round beside somebody who works on the home, through a connection of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest

from liaison.records.home import Resident
from liaison.security.primitives import Pin
from liaison.security.standing import Placed, Standing, work_out
from liaison.services import syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import belonging, meeting_places, overview
from liaison.sync.object_store_memory import RememberingStore
from liaison.sync.object_store_place import Access, Credentials, place_from_url
from tests.homes import KEYS
from tests.services.pcs.houses import House, add_manager, digests, sound


def add(home: OpenHome, name: str) -> None:
    with home.unit() as unit:
        unit.add(Resident(name=name))


@pytest.mark.both_places
def test_both_connections_write_and_the_round_leaves_the_key_file_alone(house: House) -> None:
    nurses = house.join("Nurses")
    add_manager(nurses)
    syncing.once(nurses)
    office = house.office
    before = (office.folder / KEYS).read_bytes()
    add(office, "Before")
    with syncing.beside_the_writer(office) as beside:
        add(office, "During")
        result = syncing.beside(beside, meeting_places.transports_of(office))
        add(office, "After")
        assert "person" in beside.store.take_touched()
    assert result.changes > 0
    assert (office.folder / KEYS).read_bytes() == before
    office.store.refresh()
    syncing.bring_in_line(office, rotates=False)
    assert (office.folder / KEYS).read_bytes() != before
    house.rounds()
    assert len(digests(office, nurses)) == 1
    assert sound(office)


def test_a_round_beside_works_out_who_belongs_only_if_something_of_that_came(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, nurses = house.office, house.join("Nurses")
    house.rounds(times=3)
    worked: list[Standing] = []

    def noted(pin: Pin, placed: Iterable[Placed]) -> Standing:
        worked.append(work_out(pin, placed))
        return worked[-1]

    monkeypatch.setattr(belonging, "work_out", noted)

    def round_beside() -> int:
        worked.clear()
        with syncing.beside_the_writer(office) as beside:
            syncing.beside(beside, meeting_places.transports_of(office))
        return len(worked)

    assert round_beside() == 0
    add_manager(nurses)
    syncing.once(nurses)
    assert round_beside() > 0
    # and so it is in what is open all the time, as the next round finds it
    syncing.bring_in_line(office, rotates=False)
    assert round_beside() == 0
    assert (
        belonging.standing_of(office).members.keys() == belonging.standing_of(nurses).members.keys()
    )


def test_a_new_life_that_a_round_begins_is_what_the_other_connection_writes_as(
    house: House,
) -> None:
    office = house.office
    add(office, "Before")
    with syncing.beside_the_writer(office) as beside:
        vault = office.unlocked.vault
        beside.store.new_incarnation(vault.pc.public.signing, vault.pc.id or 0, 7)
        tag = beside.store.context.tag
    assert office.store.context.tag != tag
    add(office, "After")
    assert office.store.context.tag == tag
    assert sound(office)


def test_a_quiet_pc_and_one_with_a_wrong_clock_are_seen(house: House) -> None:
    house.join("Nurses")
    house.rounds()
    (other,) = (one for one in overview.read(house.office).pcs if not one.here)
    assert (other.quiet, other.is_quiet, other.ahead) == (0, False, False)
    now = house.office.store.clock()
    for days, is_quiet, ahead in ((1, False, False), (2, True, False), (-3, False, True)):
        house.office.store.clock = lambda: now + dt.timedelta(days=days)  # noqa: B023  # asked at once
        (other,) = (one for one in overview.read(house.office).pcs if not one.here)
        assert (other.quiet, other.is_quiet, other.ahead) == (max(days, 0), is_quiet, ahead)
    house.office.store.clock = lambda: now


@pytest.mark.folder_alone("a sign of life is held back by hand")
def test_what_came_of_a_pc_counts_as_heard_where_its_sign_of_life_comes_later(
    house: House,
) -> None:
    office, nurses = house.office, house.join("Nurses")
    house.rounds()
    now = nurses.store.clock().replace(microsecond=0)

    def writes(after: dt.timedelta) -> None:
        nurses.store.clock = lambda: now + after
        add(nurses, f"Resident {after}")
        syncing.once(nurses)

    def heard() -> dt.datetime | None:
        return next(one.heard for one in overview.read(office).pcs if not one.here)

    half_an_hour = dt.timedelta(minutes=30)
    writes(half_an_hour)
    for sign in house.share.rglob("*.hb"):
        # as where a cloud program brings one file before the other
        sign.unlink()
    syncing.once(office)
    assert heard() == now + half_an_hour
    # a clock that was put back says the truth from then on, whatever was written before
    writes(dt.timedelta(days=1_000))
    syncing.once(office)
    assert heard() == now + dt.timedelta(days=1_000)
    nurses.store.clock = lambda: now + dt.timedelta(hours=1)
    add(office, "Harold Penn")
    house.rounds(office, nurses)
    syncing.once(office)
    assert heard() == now + dt.timedelta(hours=1)


def test_what_waits_to_be_sent_is_counted_in_saves(house: House) -> None:
    add(house.join("Nurses"), "Tom Hall")
    house.rounds()
    assert overview.read(house.office).to_send == 0
    add(house.office, "Harold Penn")
    add(house.office, "Grace Adeyemi")
    assert overview.read(house.office).to_send == 2
    syncing.once(house.office)
    seen = overview.read(house.office, sizes=True)
    assert seen.to_send == 0
    assert all(one.packets > 0 and one.size > 0 for one in seen.pcs)


@pytest.mark.folder_alone("the store is added here")
def test_storages_are_kept_between_rounds_and_the_key_goes_when_the_home_is_locked(
    house: House,
) -> None:
    office = house.office
    places = meeting_places.Places()
    (folder,) = places.of(office)
    assert places.of(office) == (folder,)
    place = place_from_url("http://127.0.0.1:9/bucket")
    meeting_places.use_store(office, Access(place, Credentials("key", "secret")))
    store = next(one for one in places.of(office) if isinstance(one, RememberingStore))
    assert len(places.of(office)) == 2
    stay = places.put_away()
    assert store not in stay
    assert len(stay) == 1
    meeting_places.use_store(office, Access(place, Credentials("key", "secret"), while_locked=True))
    assert len(places.of(office)) == 2
    assert len(places.put_away()) == 2
