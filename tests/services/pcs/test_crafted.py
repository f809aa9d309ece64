"""What a PC of the home, or one that was, says on purpose: people work on, and what is good of it is kept."""

from __future__ import annotations

import pytest

from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.pcs import filling, joining, overview, removing, reviewing
from liaison.services.pcs.joining import Waiting
from liaison.services.pcs.overview import PcSeen
from liaison.services.pcs.roster import HomeRoster, means_of
from liaison.store import changes as log
from liaison.store import kept_choices, quarantine, segments
from liaison.store.changes import Envelope
from liaison.sync.means import REMOVED, Means
from tests.services.pcs.houses import House, residents
from tests.sync import places
from tests.sync.crafted import beat_words, lay_beat, lay_segment
from tests.sync.test_crafted import GOOD, UNKEEPABLE


def means(home: OpenHome, house: House) -> Means:
    return means_of(home, house.storage, HomeRoster(home))


def seen(home: OpenHome, name: str) -> PcSeen:
    """Return how a PC is seen from another one."""
    return next(one for one in overview.read(home).pcs if one.name == name)


def pc_of(home: OpenHome) -> int:
    return home.unlocked.vault.pc.id or 0


def test_what_a_removed_pc_wrote_on_is_looked_through_but_for_what_nobody_can_read(
    house: House,
) -> None:
    office, laptop = house.office, house.join("Laptop")
    editing.add(laptop, Resident(name="Mary Hale"))
    house.rounds()
    lay_segment(means(laptop, house), means(office, house), *UNKEEPABLE.values(), GOOD)
    removing.remove(office, pc_of(laptop), "Stolen.")
    for result in house.rounds(office):
        assert result.trouble is None
    assert REMOVED in {one.reason for one in segments.apart(office.store)}
    able = [one for one in reviewing.find(office) if one.able]
    assert reviewing.take_in_all(office, able) == len(able) == 1
    assert residents(office) == {"Mary Hale", "Tom"}


@pytest.mark.parametrize("what", UNKEEPABLE)
def test_what_an_earlier_version_kept_of_it_is_shown_to_nobody(house: House, what: str) -> None:
    office, laptop = house.office, house.join("Laptop")
    editing.add(laptop, Resident(name="Mary Hale"))
    house.rounds()
    removing.remove(office, pc_of(laptop), "Stolen.")
    house.rounds(office)
    tag, said = laptop.store.context.tag, UNKEEPABLE[what]
    unit = log.Unit(
        1 << 40 << 14 | tag, tag, 900, said.at or "2026-07-02T10:50:00Z+01:00", 1, "save", "",
        None, bytes(32), bytes(64),
    )  # fmt: skip
    stamp = unit.id + (1 << 14)
    change = log.read_change(stamp, said.type, stamp, said.op, said.fields, said.over, b"")
    quarantine.set_aside(office.store, [Envelope(unit, [change])], REMOVED, pc=pc_of(laptop))
    assert len(office.store.connection.execute("SELECT 1 FROM quarantine").fetchall()) == 1
    assert reviewing.find(office) == ()
    assert overview.read(office, sizes=True).status.to_review == ()
    house.rounds(office)


def test_what_a_removed_pc_said_of_others_is_waited_for_by_nobody(house: House) -> None:
    office, laptop, nurses = house.office, house.join("Laptop"), house.join("Nurses")
    house.rounds()
    claims = [[pc_of(nurses), 0, 99]]
    lay_beat(means(laptop, house), 1_000, beat_words(means(laptop, house), claims=claims))
    (result,) = house.rounds(office, times=1)
    assert result.behind == [pc_of(nurses)]
    assert seen(office, "Nurses").behind
    removing.remove(office, pc_of(laptop), "Stolen.")
    (result,) = house.rounds(office, times=1)
    assert result.behind == []
    assert not seen(office, "Nurses").behind


def test_a_copy_that_is_laid_while_an_old_one_is_cleared_stays_and_goes_in_its_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = house.office
    house.join("Laptop")
    house.rounds()
    # as after a crash: one may still lie there
    kept_choices.keep_choice(office.store, "first fill", {"tried": ""})
    folder = house.root / "nurses"
    is_awaited = filling._is_awaited
    letting: list[OpenHome] = []
    came: list[Waiting] = []

    def letting_one_in_behind_it(home: OpenHome) -> bool:
        awaited = is_awaited(home)
        if not letting:
            letting.append(home)
            # a manager does so in the window, while a round asks
            came.append(house.let_in("Nurses", folder))
        return awaited

    monkeypatch.setattr(filling, "_is_awaited", letting_one_in_behind_it)
    filling.clear(office, [house.storage])
    monkeypatch.undo()
    waiting = joining.fetch(came[0], folder, house.storage)
    assert waiting.copy is not None
    nurses = house.complete(waiting, folder)
    house.rounds(nurses, office)
    assert places.lying(house.place, ".snap") == []
