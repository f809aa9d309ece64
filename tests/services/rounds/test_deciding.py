"""Outcomes line by line, what they do elsewhere, what is carried over, and the end of a round."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison import security
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Person
from liaison.records.casework import Action, AgendaOutcome, Concern, Referral, Round, Transfer
from liaison.records.home import Resident
from liaison.records.rules.rounds import Kind
from liaison.services import editing
from liaison.services.editing import Unfit
from liaison.services.rounds import deciding, doing, planning
from liaison.services.rounds.agenda import agenda
from liaison.services.rounds.deciding import FollowUp, Settles
from liaison.services.rounds.lines import Line, State
from liaison.store.history import batch_changes, whole_save
from tests.services.conftest import add, got, written
from tests.services.rounds.conftest import ROUND_AT, Wednesday

_AFTER = ROUND_AT + dt.timedelta(hours=1)


def _lines(at: Wednesday, identity: int | None = None) -> dict[Kind, Line]:
    doing.draw_up(at.home, identity or at.round)
    return {line.kind: line for line in agenda(at.home.store, identity or at.round).lines}


def _id(line: Line) -> int:
    assert line.id is not None
    return line.id


def test_an_outcome_answers_the_concern_in_the_same_unit(wednesday: Wednesday) -> None:
    home = wednesday.home
    line = _lines(wednesday)[Kind.CONCERN]
    units, _ = written(home)
    wednesday.at(_AFTER)
    due = dt.date(2026, 11, 27)
    follow_up = FollowUp(staff=wednesday.kofi, due=due)
    done = deciding.record(home, _id(line), "Bloods and urine tomorrow.", follow_up=follow_up)
    assert written(home)[0] == units + 1
    concern = got(home, Concern, wednesday.concern)
    assert (concern.answer, concern.answered_by) == ("Bloods and urine tomorrow.", "Dr Yusuf Anwar")
    assert (concern.outcome, concern.closed_at) == ("Bloods and urine tomorrow.", _AFTER)
    # whoever raised it has it to read
    assert concern.acknowledged_at is None
    action = got(home, Action, done.ids[-1])
    assert (action.what, action.owner_staff, action.due) == (
        "Bloods and urine tomorrow.", wednesday.kofi, due,
    )  # fmt: skip
    assert (action.source_type, action.source_id) == ("agenda_line", ids.to_text(_id(line)))
    now = _lines(wednesday)[Kind.CONCERN]
    assert now.state is State.OUTCOME
    assert [(said.words, said.by) for said in now.said] == [
        ("Bloods and urine tomorrow.", "Kate Morgan")
    ]


def test_taking_it_back_opens_the_concern_and_the_line_again(wednesday: Wednesday) -> None:
    home = wednesday.home
    line = _lines(wednesday)[Kind.CONCERN]
    done = deciding.record(home, _id(line), "Bloods.", follow_up=FollowUp(what="Ring"))
    editing.undo(home, done.changes)
    assert got(home, Concern, wednesday.concern).answered_at is None
    assert _lines(wednesday)[Kind.CONCERN].state is State.TO_DO
    assert got(home, Action, done.ids[-1]).archived


@pytest.mark.parametrize("settles", [Settles.ANSWER, Settles.NOTHING])
def test_a_concern_may_stay_open(wednesday: Wednesday, settles: Settles) -> None:
    home = wednesday.home
    line = _lines(wednesday)[Kind.CONCERN]
    deciding.record(home, _id(line), "Wait and see.", settles=settles)
    concern = got(home, Concern, wednesday.concern)
    assert concern.closed_at is None
    assert (concern.answered_at is not None) == (settles is Settles.ANSWER)
    assert _lines(wednesday)[Kind.CONCERN].state is State.OUTCOME


def test_each_kind_of_line_settles_what_it_is_about(wednesday: Wednesday) -> None:
    home = wednesday.home
    lines = _lines(wednesday)
    wednesday.at(_AFTER)
    for kind, line in lines.items():
        deciding.record(home, _id(line), f"About {kind.value}")
    action, transfer = got(home, Action, wednesday.action), got(home, Transfer, wednesday.back)
    assert (action.done_at, action.outcome) == (_AFTER, "About Action due")
    assert (transfer.reviewed_on, transfer.review) == (ROUND_AT.date(), "About Back home")
    assert got(home, Resident, wednesday.ivy).last_reviewed == ROUND_AT.date()
    # talked of is not seen: it goes on waiting
    assert got(home, Referral, wednesday.referral).closed_on is None


def test_what_is_missing_is_told_at_once_and_nothing_is_written(wednesday: Wednesday) -> None:
    home = wednesday.home
    line = _lines(wednesday)[Kind.CONCERN]
    before = written(home)
    with pytest.raises(Unfit) as caught:
        deciding.record(home, _id(line), "   ", follow_up=FollowUp("Ring", staff=77))
    assert {problem.field for problem in caught.value.problems} == {
        "outcome", "action.owner_staff",
    }  # fmt: skip
    assert written(home) == before


def test_what_two_people_recorded_stands_side_by_side(wednesday: Wednesday) -> None:
    home = wednesday.home
    line = _lines(wednesday)[Kind.REFERRAL]
    deciding.record(home, _id(line), "Chased by Siân.")
    with pytest.raises(UserError, match="already"):
        deciding.carry(home, _id(line))
    # the other PC did not know of it
    add(home, AgendaOutcome(line=line.id, carried=True))
    now = _lines(wednesday)[Kind.REFERRAL]
    assert now.state is State.OUTCOME
    assert [(said.words, said.carried) for said in now.said] == [
        ("Chased by Siân.", False), ("", True),
    ]  # fmt: skip


def test_a_carried_line_stands_on_the_next_round_at_once_and_is_counted(
    wednesday: Wednesday,
) -> None:
    home = wednesday.home
    (hand,) = doing.add_line(home, wednesday.round, "Flu clinic: when?", wednesday.frank).ids
    identity = wednesday.round
    for number in range(1, 4):
        lines = agenda(home.store, identity).lines
        line = next(line for line in lines if line.question == "Flu clinic: when?")
        assert (line.carried, line.often) == (number - 1, False)
        deciding.carry(home, _id(line))
        shown = next(
            line for line in agenda(home.store, identity).lines if line.question.startswith("Flu")
        )
        assert shown.state is State.CARRIED
        assert shown.said[0].to is not None
        doing.draw_up(home, identity)
        wednesday.at(got(home, Round, identity).at or _AFTER)
        deciding.finish(home, identity, carry_rest=True)
        identity = planning.coming(home.store)[0].sitting.id
    last = next(line for line in agenda(home.store, identity).lines if line.by_hand)
    # the home's alert number is 3
    assert (last.carried, last.often) == (3, True)
    assert last.source == ("agenda_line", hand)
    assert "Carried over 3 times" in last.why
    deciding.record(home, _id(last), "In the first week of December")


def test_a_line_written_by_hand_and_carried_over_cannot_be_taken_off_for_good(
    wednesday: Wednesday,
) -> None:
    home = wednesday.home
    (line,) = doing.add_line(home, wednesday.round, "Flu clinic: when?").ids
    deciding.carry(home, line)
    (carried,) = agenda(home.store, planning.coming(home.store)[1].sitting.id).lines
    doing.remove(home, _id(carried), "Not this time")
    later = planning.coming(home.store)[2].sitting.id
    assert [line.question for line in agenda(home.store, later).lines] == ["Flu clinic: when?"]


def test_carrying_over_twice_on_two_pcs_makes_one_line(wednesday: Wednesday) -> None:
    home = wednesday.home
    line = _lines(wednesday)[Kind.ACTION]
    first = deciding.carry(home, _id(line))
    deciding.take_back(home, _id(line), "Too soon")
    again = deciding.carry(home, _id(line))
    assert first.ids[-1] == again.ids[-1]
    later = planning.coming(home.store)[1].sitting.id
    assert [one.kind for one in agenda(home.store, later).lines] == [Kind.ACTION]


def test_a_carried_line_taken_back_leaves_the_later_agenda(wednesday: Wednesday) -> None:
    home = wednesday.home
    line = _lines(wednesday)[Kind.ACTION]
    deciding.carry(home, _id(line))
    deciding.take_back(home, _id(line), "He rang after all")
    assert _lines(wednesday)[Kind.ACTION].state is State.TO_DO
    later = planning.coming(home.store)[1].sitting.id
    assert agenda(home.store, later).lines == ()


def test_a_line_is_carried_to_a_later_round_only(wednesday: Wednesday) -> None:
    home = wednesday.home
    line = _lines(wednesday)[Kind.ACTION]
    earlier = add(home, Round(at=ROUND_AT - dt.timedelta(days=1)))
    with pytest.raises(UserError, match="later"):
        deciding.carry(home, _id(line), earlier)
    single = add(home, Round(at=ROUND_AT))
    (lone,) = doing.add_line(home, single, "One question").ids
    with pytest.raises(UserError, match="no later round"):
        deciding.carry(home, lone)


def test_a_round_ends_only_when_each_line_has_an_outcome_or_is_carried(
    wednesday: Wednesday,
) -> None:
    home = wednesday.home
    lines = _lines(wednesday)
    with pytest.raises(UserError, match="has not come yet"):
        deciding.finish(home, wednesday.round)
    wednesday.at(_AFTER)
    deciding.record(home, _id(lines[Kind.CONCERN]), "Bloods.")
    before = written(home)
    with pytest.raises(UserError, match="4 lines have no outcome yet"):
        deciding.finish(home, wednesday.round)
    loaded = home.store.load("round", wednesday.round)
    assert loaded is not None
    for status in ("happened", "cancelled"):
        changed = dataclasses.replace(loaded.record, status=status)  # type: ignore[call-arg]
        with pytest.raises(Unfit, match="4 lines have no outcome"):
            editing.save(home, loaded, changed)
    with pytest.raises(UserError, match="lines without an outcome"):
        editing.archive(home, loaded.record, "Not needed")
    with pytest.raises(UserError, match="lines without an outcome"):
        editing.strike(home, loaded.record, "Not needed")
    assert written(home) == before
    done = deciding.finish(
        home, wednesday.round, attendees="Dr Anwar, Kofi", minutes="All well.", carry_rest=True
    )
    ended = got(home, Round, wednesday.round)
    assert (ended.status, ended.attendees, ended.minutes) == (
        "happened", "Dr Anwar, Kofi", "All well.",
    )  # fmt: skip
    assert agenda(home.store, wednesday.round).to_do == 0
    (ahead,) = planning.coming(home.store)
    assert ahead.lines == 4
    # from whichever change somebody takes it back, it is all of it
    assert {whole_save(home.store, stamp).stamps for stamp in done.changes} == {
        tuple(sorted(done.changes))
    }
    editing.undo(home, done.changes)
    assert got(home, Round, wednesday.round).status == "planned"
    assert agenda(home.store, wednesday.round).to_do == 4


def test_a_referral_that_is_closed_at_a_round_is_not_chased_any_more(wednesday: Wednesday) -> None:
    home = wednesday.home
    loaded = home.store.load("referral", wednesday.referral)
    assert loaded is not None
    soon = dataclasses.replace(loaded.record, next_chase=dt.date(2026, 11, 30))  # type: ignore[call-arg]
    editing.save(home, loaded, soon)
    line = _lines(wednesday)[Kind.REFERRAL]
    wednesday.at(_AFTER)
    deciding.record(home, _id(line), "They have their own chair.", settles=Settles.CLOSE)
    closed = got(home, Referral, wednesday.referral)
    assert (closed.closed_on, closed.next_chase) == (ROUND_AT.date(), None)


def test_nothing_is_put_on_the_agenda_of_a_round_that_was_struck_through(
    wednesday: Wednesday,
) -> None:
    home = wednesday.home
    lines = _lines(wednesday)
    (ahead,) = planning.plan_ahead(home) or [planning.coming(home.store)[1].sitting.id]
    day = planning.coming(home.store)[1].sitting.day
    editing.strike(home, got(home, Round, ahead), "Surgery closed")
    assert len(planning.plan_ahead(home)) == 1
    deciding.carry(home, _id(lines[Kind.ACTION]))
    target = planning.coming(home.store)[1].sitting
    assert target.day == day + dt.timedelta(days=7)
    # and what waits is put on the agenda of the round that comes first, not on this one
    assert [one.kind for one in agenda(home.store, target.id).lines] == [Kind.ACTION]
    assert planning.plan_ahead(home) == []


def test_a_round_called_off_hands_everything_on(wednesday: Wednesday) -> None:
    home = wednesday.home
    _lines(wednesday)
    deciding.cancel(home, wednesday.round, "Snow")
    assert got(home, Round, wednesday.round).status == "cancelled"
    (ahead,) = planning.coming(home.store)
    assert (ahead.lines, ahead.left) == (5, 5)
    with pytest.raises(UserError, match="called off"):
        doing.add_line(home, wednesday.round, "Too late")


def test_a_carer_adds_to_a_round_and_records_no_outcome(wednesday: Wednesday) -> None:
    home = wednesday.home
    line = _lines(wednesday)[Kind.CONCERN]
    home.unlocked = dataclasses.replace(home.unlocked, role="carer")
    loaded = home.store.load("person", home.person)
    assert loaded is not None
    assert isinstance(loaded.record, Person)
    home.look_again()
    doing.add_line(home, wednesday.round, "May she have her hearing aid looked at?")
    with pytest.raises(security.NotAllowed):
        deciding.record(home, _id(line), "Bloods.")
    with pytest.raises(security.NotAllowed):
        deciding.carry(home, _id(line))


def test_every_change_of_a_save_is_named_for_taking_it_back(wednesday: Wednesday) -> None:
    home = wednesday.home
    line = _lines(wednesday)[Kind.CONCERN]
    done = deciding.record(home, _id(line), "Bloods.")
    (unit,) = home.store.connection.execute("SELECT max(id) FROM unit").fetchone()
    assert set(done.changes) == set(batch_changes(home.store, unit))
