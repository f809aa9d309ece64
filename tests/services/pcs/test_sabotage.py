"""A key that seals no more still opens what was sealed with it; see ``tests/sync/test_sabotage``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from liaison.records.administration import Person
from liaison.records.home import Resident
from liaison.services import editing, people, syncing
from liaison.services.pcs.roster import HomeRoster
from liaison.store.query import Query, every
from tests.homes import CHEAP
from tests.services.pcs.houses import House
from tests.sync.places import FolderPlace, lying


def test_keys_are_only_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the laptop sent reaches the office only after somebody was let go, with a new key."""

    def scene(root: Path, *, come: Callable[[], object] = lambda: None) -> set[str | None]:
        root.mkdir()
        house = House.build(root)
        office, place = house.office, FolderPlace(house.share)
        new = Person(name="Sam Reed", role="carer")
        sam = people.add(office, new, "rushes by the running water", cost=CHEAP)
        laptop = house.join("Laptop")
        begin = set(lying(place, ".seg"))
        editing.add(laptop, Resident(name="Mary"))
        syncing.once(laptop)
        late = {one: one.read_bytes() for one in set(lying(place, ".seg")) - begin}
        for one in late:
            one.unlink()
        people.remove(office, sam, "Left us.")
        syncing.once(office)
        for one, data in late.items():
            one.write_bytes(data)
        come()
        syncing.once(office)
        found = every(office.store, Query("resident"))
        shown = {one.name for one in found if isinstance(one, Resident)}
        house.close()
        return shown

    assert scene(tmp_path / "as it is") == {"Mary"}
    any_key = HomeRoster.key

    def newest_alone(self: HomeRoster, epoch: str) -> bytes | None:
        return any_key(self, epoch) if epoch == self.standing.epochs[-1].id else None

    def replace_the_keys() -> None:
        monkeypatch.setattr(HomeRoster, "key", newest_alone)

    assert scene(tmp_path / "replaced", come=replace_the_keys) == set()
