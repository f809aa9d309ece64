"""An open invitation is withdrawn: nobody is let in with it any more, on any PC."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.services.pcs import belonging, inviting, joining
from tests.homes import CHEAP
from tests.services.pcs.houses import House


def test_nobody_comes_in_with_an_invitation_that_was_withdrawn(house: House) -> None:
    other = house.join("Laptop")
    with pytest.raises(UserError, match="No open invitation"):
        # the laptop has used it
        inviting.meant(house.office, "a")
    made, kept = (inviting.invite(house.office, house.storage) for _ in range(2))
    joining.ask(made.invitation, house.root / "stranger", house.storage, "Tablet", cost=CHEAP)
    house.rounds()
    (asking,) = inviting.asking(other, house.storage, cost=CHEAP)

    inviting.withdraw(other, inviting.meant(other, made.invitation.id[:8]).id)
    house.rounds()
    # whatever a PC's clock says
    house.office.store.clock = lambda: dt.datetime(2016, 1, 1, tzinfo=dt.UTC)
    assert [one.id for one in inviting.open_invitations(house.office)] == [kept.invitation.id]
    assert inviting.asking(house.office, house.storage, cost=CHEAP) == ()
    with pytest.raises(UserError, match="used already, or has ended"):
        inviting.let_in(house.office, asking)
    with pytest.raises(UserError, match="used already, or has ended"):
        inviting.withdraw(house.office, made.invitation.id)


def test_what_lies_in_the_storage_of_it_is_taken_away(house: House, tmp_path: Path) -> None:
    made, kept = (inviting.invite(house.office, house.storage) for _ in range(2))
    inviting.withdraw(house.office, made.invitation.id)
    inviting.take_away(house.office, house.storage, made.invitation.id)
    with pytest.raises(UserError, match="not in the storage") as caught:
        joining.ask(made.invitation, tmp_path / "new", house.storage, "Laptop", cost=CHEAP)
    assert "withdrawn" in (caught.value.do or "")
    waits = joining.ask(kept.invitation, tmp_path / "new", house.storage, "Laptop", cost=CHEAP)
    assert not waits.is_let_in


@pytest.mark.parametrize("told_first", [True, False])
def test_a_pc_that_another_manager_has_just_let_in_is_not_stranded(
    house: House, tmp_path: Path, *, told_first: bool
) -> None:
    laptop = house.join("Laptop")
    made = inviting.invite(house.office, house.storage)
    name = made.invitation.id
    house.rounds()
    waits = joining.ask(made.invitation, tmp_path / "new", house.storage, "Tablet", cost=CHEAP)
    (asks,) = inviting.asking(house.office, house.storage, cost=CHEAP)
    inviting.let_in(house.office, asks)
    if told_first:
        inviting.deliver(house.office, house.storage)
    # the laptop's manager has not heard of it
    inviting.withdraw(laptop, name)
    assert inviting.take_away(laptop, house.storage, name) is not told_first
    house.rounds()
    for home in house.pcs:
        assert "Tablet" in [pc.name for pc in belonging.standing_of(home).live_pcs]
        assert name not in [one.id for one in inviting.open_invitations(home)]
        # whatever is still to be told to that PC can be
        assert not inviting.is_over(home, belonging.standing_of(home).invitations[name])
    again = joining.ask(made.invitation, tmp_path / "new", house.storage, "Tablet", cost=CHEAP)
    assert again.is_let_in
    assert again.request.keys == waits.request.keys
