"""An invitation works once, for a week; withdrawn, it lets nobody in any more, on any PC."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.security.pairing import Invitation
from liaison.services.pcs import (
    answers,
    belonging,
    coming,
    inviting,
    joining,
    letting_in,
    naming,
    removing,
)
from liaison.store.stamps import Clock
from liaison.store.store import now
from tests.homes import CHEAP, names
from tests.services.pcs.houses import House, ask, code
from tests.sync.places import add, hide


def fixed(moment: dt.datetime) -> Clock:
    return lambda: moment


def test_an_invitation_names_the_pc_it_comes_from_as_it_is_called_now(
    house: House, tmp_path: Path
) -> None:
    naming.rename(house.office, house.office.unlocked.vault.pc.id or 0, "  Office  PC ")
    waiting = ask(house, inviting.invite(house.office, house.storage), tmp_path / "laptop")
    assert waiting.offer.pc == "Office PC"


def test_an_invitation_works_once(house: House, tmp_path: Path) -> None:
    house.join("Laptop")
    used = belonging.standing_of(house.office).invitations
    (invited,) = used.values()
    assert invited.used
    with pytest.raises(UserError) as caught:
        joining.ask(
            Invitation(invited.words), tmp_path / "second", house.storage, "Second", cost=CHEAP
        )
    assert code(caught) == "invitation-used"
    assert "second" not in " ".join(names(tmp_path))


def test_an_invitation_ends_after_a_week(house: House, tmp_path: Path) -> None:
    began = house.office.store.clock = fixed(now())
    made = inviting.invite(house.office, house.storage)
    assert made.ends == began() + dt.timedelta(days=7)
    still, over = (fixed(made.ends + dt.timedelta(seconds=after)) for after in (-1, 1))
    words = (made.invitation, tmp_path / "laptop", house.storage, "Laptop")
    waiting = joining.ask(*words, clock=still, cost=CHEAP)
    with pytest.raises(UserError) as caught:
        joining.ask(
            made.invitation, tmp_path / "other", house.storage, "Other", clock=over, cost=CHEAP
        )
    assert code(caught) == "invitation-ended"
    house.office.store.clock = over
    with pytest.raises(letting_in.NobodyAsks):
        letting_in.approve(house.office, house.storage, waiting.digits, cost=CHEAP)
    house.office.store.clock = still
    letting_in.approve(house.office, house.storage, waiting.digits, cost=CHEAP)


def test_nobody_comes_in_with_an_invitation_that_was_withdrawn(house: House) -> None:
    other = house.join("Laptop")
    with pytest.raises(UserError, match="No open invitation"):
        # the laptop has used it
        inviting.meant(house.office, "a")
    made, kept = (inviting.invite(house.office, house.storage) for _ in range(2))
    joining.ask(made.invitation, house.root / "stranger", house.storage, "Tablet", cost=CHEAP)
    house.rounds()
    (asking,) = letting_in.asking(other, house.storage, cost=CHEAP)

    inviting.withdraw(other, inviting.meant(other, made.invitation.id[:8]).id)
    house.rounds()
    # whatever a PC's clock says
    house.office.store.clock = lambda: dt.datetime(2016, 1, 1, tzinfo=dt.UTC)
    assert [one.id for one in inviting.open_invitations(house.office)] == [kept.invitation.id]
    assert letting_in.asking(house.office, house.storage, cost=CHEAP) == ()
    with pytest.raises(UserError, match="used already, or has ended"):
        letting_in.let_in(house.office, asking)
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


def test_a_pc_that_waits_is_told_of_a_withdrawal_only_as_what_may_be(
    house: House, tmp_path: Path
) -> None:
    made = inviting.invite(house.office, house.storage)
    place = inviting.place_of(house.office.store.context.home, made.invitation.id)

    def ask(known: joining.Waiting | None, days: int = 0) -> joining.Waiting:
        return joining.ask(
            made.invitation, tmp_path / "new", house.storage, "Laptop", known=known, cost=CHEAP,
            clock=lambda: now() + dt.timedelta(days=days),
        )  # fmt: skip

    known = ask(None)
    # as a folder that a cloud program follows may lose it for a while
    lost = hide(house.place, house.storage.list(place))
    with pytest.raises(answers.NotThereNow, match="not found at the moment"):
        ask(known)
    with pytest.raises(UserError, match="invitation ended"):
        ask(known, days=8)
    # the window goes on trying, as with a place that is not reached
    meeting = coming.Meeting(made.invitation, house.setup, house.access, "Laptop")
    with pytest.raises(coming.InPart) as caught:
        coming.ask(meeting, tmp_path / "new", known=known, cost=CHEAP)
    assert caught.value.part == coming.PLACE
    add(house.place, lost)
    assert ask(known).digits == known.digits


def test_what_a_removed_pc_knew_of_invitations_leads_nobody_to_it(
    house: House, tmp_path: Path
) -> None:
    laptop = house.join("Laptop")
    nurses = house.join("Nurses")
    made = inviting.invite(nurses, house.storage)
    house.rounds()
    # it could answer whoever comes with them, in the name of the home
    name = made.invitation.id
    assert belonging.standing_of(laptop).invitations[name].words == made.invitation.words
    assert removing.remove(house.office, laptop.unlocked.vault.pc.id or 0, "Stolen.") == 1
    house.pcs.remove(laptop)
    house.rounds()
    assert inviting.open_invitations(nurses) == inviting.open_invitations(house.office) == ()
    assert left_of(house, name) == []
    with pytest.raises(UserError, match="not in the storage"):
        joining.ask(made.invitation, tmp_path / "new", house.storage, "Tablet", cost=CHEAP)
    laptop.close()


def left_of(house: House, invitation: str) -> list[str]:
    """Return what lies in the storage of an invitation."""
    return house.storage.list(inviting.place_of(house.office.store.context.home, invitation))


def test_nothing_of_an_invitation_stays_in_the_storage_once_it_is_over(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = house.join("Laptop")
    used = next(iter(belonging.standing_of(laptop).invitations))
    withdrawn, open_one = (inviting.invite(house.office, house.storage) for _ in range(2))
    name = withdrawn.invitation.id
    joining.ask(withdrawn.invitation, tmp_path / "new", house.storage, "Tablet", cost=CHEAP)
    house.rounds()
    inviting.withdraw(house.office, name)
    with monkeypatch.context() as patch:
        # the storage is not there just then, and lets nothing be taken away for a day
        patch.setattr(house.kind, "remove", lambda *_: (_ for _ in ()).throw(UserError("Not now.")))
        house.rounds(house.office)
    house.rounds(house.office)
    assert len(left_of(house, name)) == 2
    # any PC does it
    house.rounds(laptop)
    assert left_of(house, name) == []
    # who comes with one that was used is told so, until it would have ended
    assert len(left_of(house, used)) == 3
    laptop.store.clock = lambda: now() + dt.timedelta(days=900)
    house.rounds(laptop)
    # a wrong clock on another PC ends nothing
    assert (len(left_of(house, used)), len(left_of(house, open_one.invitation.id))) == (3, 1)
    house.office.store.clock = lambda: now() + dt.timedelta(days=8)
    house.rounds(house.office)
    assert left_of(house, used) == left_of(house, open_one.invitation.id) == []
    for home in house.pcs:
        assert "Laptop" in [pc.name for pc in belonging.standing_of(home).live_pcs]
