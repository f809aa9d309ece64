"""A PC is let in by a manager who has compared the digits, and is told so whatever comes between."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.records.administration import Person
from liaison.security import NotAllowed
from liaison.services import homes, people
from liaison.services.pcs import (
    belonging,
    inviting,
    joining,
    letting_in,
    meeting_places,
    naming,
    removing,
)
from liaison.store.store import now
from tests.homes import CHEAP
from tests.services.pcs.houses import House, ask, code


def test_other_digits_let_nobody_in(house: House, tmp_path: Path) -> None:
    made = inviting.invite(house.office, house.storage)
    waiting = ask(house, made, tmp_path / "laptop")
    wrong = f"{(int(waiting.digits) + 1) % 1_000_000:06}"
    with pytest.raises(letting_in.NobodyAsks):
        letting_in.approve(house.office, house.storage, wrong, cost=CHEAP)
    assert not ask(house, made, tmp_path / "laptop").is_let_in
    assert len(belonging.standing_of(house.office).live_pcs) == 1


def test_when_two_come_with_one_invitation_neither_is_let_in(house: House, tmp_path: Path) -> None:
    made = inviting.invite(house.office, house.storage)
    first = ask(house, made, tmp_path / "laptop")
    ask(house, made, tmp_path / "thief", "Laptop")
    with pytest.raises(UserError) as caught:
        letting_in.approve(house.office, house.storage, first.digits, cost=CHEAP)
    assert code(caught) == "contested-invitation"
    assert len(belonging.standing_of(house.office).live_pcs) == 1


def test_only_a_manager_invites_lets_in_names_and_removes(house: House, tmp_path: Path) -> None:
    people.add(
        house.office, Person(name="Sam Reed", role="senior"), "rushes by the water", cost=CHEAP
    )
    laptop = house.join("Laptop")
    sam = homes.open_home(house.office.folder, "Sam Reed", "rushes by the water")
    with sam:
        for attempt in (
            lambda: inviting.invite(sam, house.storage),
            lambda: letting_in.approve(sam, house.storage, "123456", cost=CHEAP),
            lambda: naming.rename(sam, laptop.unlocked.vault.pc.id or 0, "Mine"),
            lambda: removing.remove(sam, laptop.unlocked.vault.pc.id or 0, "why"),
            lambda: meeting_places.set_up_folder(sam, tmp_path),
        ):
            with pytest.raises(NotAllowed):
                attempt()


def test_who_was_let_in_finds_the_answer_after_the_invitation_ended(
    house: House, tmp_path: Path
) -> None:
    made = inviting.invite(house.office, house.storage)
    folder = tmp_path / "laptop"
    waiting = ask(house, made, folder)
    letting_in.approve(house.office, house.storage, waiting.digits, cost=CHEAP)
    house.office.store.clock = lambda: now() + dt.timedelta(days=8)
    house.rounds(house.office)
    assert ask(house, made, folder).is_let_in


@pytest.mark.parametrize("told_first", [True, False])
def test_a_pc_that_another_manager_has_just_let_in_is_not_stranded(
    house: House, tmp_path: Path, *, told_first: bool
) -> None:
    laptop = house.join("Laptop")
    made = inviting.invite(house.office, house.storage)
    name = made.invitation.id
    house.rounds()
    waits = joining.ask(made.invitation, tmp_path / "new", house.storage, "Tablet", cost=CHEAP)
    (asks,) = letting_in.asking(house.office, house.storage, cost=CHEAP)
    letting_in.let_in(house.office, asks)
    if told_first:
        letting_in.deliver(house.office, house.storage)
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
