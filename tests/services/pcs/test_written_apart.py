"""What two PCs wrote about one thing, neither knowing of the other: both stand, on every PC."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final

import pytest

from liaison.records.casework import Concern, Referral, Round, Series
from liaison.records.directory import Contact, ContactAttempt, Organisation
from liaison.records.home import Resident, Staff
from liaison.services import attempts, loops, referrals
from liaison.services.homes import OpenHome
from liaison.services.rounds import deciding, doing
from liaison.services.rounds.agenda import agenda
from liaison.services.rounds.lines import Line, State
from liaison.store import history
from tests.services.conftest import add, got
from tests.services.pcs.houses import House, digests, sound

_LONG_AGO: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclasses.dataclass
class Apart:
    """Two PCs of a home that do not reach each other until they are told to."""

    house: House
    nurses: OpenHome
    joan: int
    clinic: int
    gp: int
    round: int
    concern: int
    referral: int

    @property
    def both(self) -> tuple[OpenHome, OpenHome]:
        return self.house.office, self.nurses

    def together(self) -> None:
        """Let them exchange, and hold that they show the same, from logs that hold."""
        self.house.rounds()
        assert len(digests(*self.both)) == 1
        assert all(sound(home) for home in self.both)

    def shown(self, line: int) -> Line:
        """Return a line of the agenda as both show it, in the same order of what was said."""
        agendas = [agenda(home.store, self.round).lines for home in self.both]
        here, there = (one for lines in agendas for one in lines if one.id == line)
        assert here == there
        return here

    def put_on(self, source: tuple[str, int]) -> int:
        """Put something on the agenda that both have."""
        (line,) = doing.add_line(self.house.office, self.round, "How is it?", self.joan, source).ids
        self.together()
        return line

    def differences(self) -> list[set[str]]:
        """Return in which fields the PCs differ, as each of them tells it."""
        return [{one.field for one in history.conflicts(home.store)} for home in self.both]


@pytest.fixture
def apart(house: House) -> Apart:
    """A resident with a concern and a referral, and a round that is to come."""
    office, now = house.office, house.office.store.clock()
    moira = add(office, Staff(name="Moira Kelly", job_role="deputy manager"))
    joan = add(office, Resident(name="Joan Tully"))
    clinic = add(office, Organisation(name="Wheelchair service", kind="hospital"))
    gp = add(office, Contact(name="Dr Yusuf Anwar"))
    series = add(office, Series(name="Round", professional=gp, every="week", weekday=2))
    return Apart(
        house,
        house.join("Nurses"),
        joan,
        clinic,
        gp,
        add(office, Round(series=series, at=now + dt.timedelta(days=1))),
        add(office, Concern(resident=joan, raised_by=moira, raised_at=now, situation="Coughs")),
        add(
            office,
            Referral(
                resident=joan,
                organisation=clinic,
                sent=office.store.today() - dt.timedelta(days=30),
                reason="Chair too small",
            ),
        ),
    )


def test_two_outcomes_of_one_line_stand_side_by_side(apart: Apart) -> None:
    line = apart.put_on(("referral", apart.referral))
    office, nurses = apart.both
    deciding.record(office, line, "Chased by Siân.")
    deciding.record(nurses, line, "They rang back.")
    apart.together()
    shown = apart.shown(line)
    assert shown.state is State.OUTCOME
    assert {said.words for said in shown.said} == {"Chased by Siân.", "They rang back."}
    assert apart.differences() == [set(), set()]


def test_what_one_pc_decides_and_the_other_carries_over_is_both(apart: Apart) -> None:
    line = apart.put_on(("referral", apart.referral))
    office, nurses = apart.both
    deciding.record(office, line, "Chased by Siân.")
    deciding.carry(nurses, line)
    apart.together()
    assert sorted((said.words, said.carried) for said in apart.shown(line).said) == [
        ("", True), ("Chased by Siân.", False),
    ]  # fmt: skip
    assert apart.differences() == [set(), set()]


def test_two_answers_to_one_concern_are_a_difference_and_both_outcomes_stand(apart: Apart) -> None:
    line = apart.put_on(("concern", apart.concern))
    office, nurses = apart.both
    words = {"Bloods tomorrow.", "Wait and see."}
    for home, one in zip(apart.both, sorted(words), strict=True):
        deciding.record(home, line, one)
    apart.together()
    assert {said.words for said in apart.shown(line).said} == words
    # what events say stands by itself; of one field of a concern there is one value in the end
    assert apart.differences() == [{"answer", "outcome"}] * 2
    for home in apart.both:
        for difference in history.conflicts(home.store):
            assert {one.value for one in difference.versions} == words
        # answered twice is answered: nobody is asked once more
        assert loops.read(home.store).of("concern") == ()
    with nurses.unit() as unit:
        for difference in history.conflicts(nurses.store):
            stamps = [version.stamp for version in difference.versions]
            unit.resolve("concern", apart.concern, difference.field, "Bloods tomorrow.", stamps)
    apart.together()
    assert apart.differences() == [set(), set()]
    assert got(office, Concern, apart.concern).answer == "Bloods tomorrow."
    assert {said.words for said in apart.shown(line).said} == words


def test_a_service_that_both_asked_was_asked_twice(apart: Apart) -> None:
    apart.together()
    office, nurses = apart.both
    day = office.store.today() + dt.timedelta(days=7)
    referrals.chase(office, apart.referral, result="No reply", next_chase=day)
    referrals.chase(nurses, apart.referral, result="In May", next_chase=day)
    apart.together()
    for home in apart.both:
        told = referrals.chases(home.store, apart.referral)
        assert {one.result for one in told} == {"No reply", "In May"}
        (waits,) = referrals.waiting(home.store, home.store.today())
        assert (waits.chases, waits.referral.next_chase) == (2, day)
    assert apart.differences() == [set(), set()]


def test_attempts_to_reach_somebody_from_two_pcs_are_all_kept(apart: Apart) -> None:
    apart.together()
    for home, note in zip(apart.both, ("Engaged", "Not in"), strict=True):
        now = home.store.clock()
        attempts.record(
            home, ContactAttempt(at=now, contact=apart.gp, reached=False, how="phone", note=note)
        )
    apart.together()
    for home in apart.both:
        kept = attempts.of(home.store, contacts=[apart.gp], since=_LONG_AGO)
        assert {one.note for one in kept} == {"Engaged", "Not in"}
    assert apart.differences() == [set(), set()]
