"""A manager gives a PC a name that people know it by."""

from __future__ import annotations

import pytest

from liaison.errors import UserError
from liaison.services.pcs import naming, removing
from tests.services.pcs.houses import House


def called(house: House) -> dict[bool, str]:
    return {one.here: one.name for one in removing.everyone(house.office)}


def test_a_name_reaches_every_pc_and_no_two_share_one(house: House) -> None:
    laptop = house.join("Laptop")
    own = house.office.unlocked.vault.pc.id or 0
    assert naming.rename(house.office, own, "  Office\tPC ") == "Office PC"
    house.rounds()
    assert {one.name for one in removing.everyone(laptop)} == {"Laptop", "Office PC"}
    for typed in ("", "x" * 101, "laptop", "bad\x00name"):
        with pytest.raises(UserError) as caught:
            naming.rename(house.office, own, typed)
        assert caught.value.code == "bad-name"
    assert called(house) == {True: "Office PC", False: "Laptop"}
    # as it is called already, with other capitals
    assert naming.rename(house.office, own, "office PC") == "office PC"
    with pytest.raises(UserError):
        naming.rename(house.office, 1, "Nobody")
