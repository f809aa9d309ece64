"""The agenda builds itself, says why each line is there, and loses nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.casework import Action, AgendaLine, Concern, Round, Series
from liaison.records.directory import Contact
from liaison.records.home import Resident
from liaison.records.rules.rounds import Kind, Mark
from liaison.services import editing
from liaison.services.editing import Unfit
from liaison.services.rounds import doing, planning
from liaison.services.rounds.agenda import agenda
from liaison.services.rounds.lines import State
from liaison.services.rounds.writing import Done
from tests.services.conftest import add, got, written
from tests.services.rounds.conftest import NOW, Wednesday


def _kinds(at: Wednesday, identity: int | None = None) -> list[Kind]:
    return [line.kind for line in agenda(at.home.store, identity or at.round).lines]


def test_it_is_built_from_everything_that_waits_and_says_why(wednesday: Wednesday) -> None:
    found = agenda(wednesday.home.store, wednesday.round)
    told = [(line.kind, line.whom.name if line.whom else "", line.age, line.mark) for line in found.lines]  # fmt: skip
    assert told == [
        (Kind.BACK_HOME, "Ivy Marlow", "review 1 day past", Mark.PAST),
        (Kind.CONCERN, "Ivy Marlow", "6 days", Mark.OPEN),
        (Kind.ACTION, "Frank Osei", "5 days past", Mark.PAST),
        (Kind.REFERRAL, "Frank Osei", "191 days", Mark.PAST),
        (Kind.REVIEW, "Ivy Marlow", "8 days past", Mark.PAST),
    ]
    back, concern, action, referral, review = found.lines
    assert "Medicines did not come." in back.question
    assert "to be by Tue 24 Nov 2026 (7 working days)" in back.why
    assert concern.question == "Not sleeping since the change of room."
    assert concern.why == "Raised by Kofi Mensah, Thu 19 Nov 2026"
    assert action.why == "With Kofi Mensah, due Fri 20 Nov 2026"
    assert referral.why == "Sent Mon 18 May 2026 to Wheelchair Service, usual wait 126 days"
    assert review.why == "Review every 28 days, last reviewed Tue 20 Oct 2026"
    assert concern.whom is not None
    assert concern.whom.apart == "Room 14, born 12 Dec 1936"


def test_how_many_working_days_a_review_has_is_the_homes_to_say(wednesday: Wednesday) -> None:
    home = wednesday.home
    for days, told in (
        (5, "to be by Fri 20 Nov 2026 (5 working days)"),
        # cleared: what a new home begins with
        (None, "to be by Tue 24 Nov 2026 (7 working days)"),
    ):
        loaded = home.store.the("home")
        assert loaded is not None
        changed = dataclasses.replace(loaded.record, review_working_days=days)  # type: ignore[call-arg]
        editing.save(home, loaded, changed)
        assert told in agenda(home.store, wednesday.round).lines[0].why


def test_looking_at_it_writes_nothing_and_drawing_it_up_twice_adds_nothing(
    wednesday: Wednesday,
) -> None:
    before = written(wednesday.home)
    agenda(wednesday.home.store, wednesday.round)
    assert written(wednesday.home) == before
    assert len(doing.draw_up(wednesday.home, wednesday.round).ids) == 5
    shown = [line.question for line in agenda(wednesday.home.store, wednesday.round).lines]
    assert doing.draw_up(wednesday.home, wednesday.round) == Done()
    assert [line.question for line in agenda(wednesday.home.store, wednesday.round).lines] == shown


def test_what_comes_later_stands_below_what_was_printed(wednesday: Wednesday) -> None:
    doing.draw_up(wednesday.home, wednesday.round)
    pressing = Concern(
        resident=wednesday.frank, raised_by=wednesday.kofi, raised_at=NOW, situation="Dizzy",
        urgency="today",
    )  # fmt: skip
    add(wednesday.home, pressing)
    doing.draw_up(wednesday.home, wednesday.round)
    assert agenda(wednesday.home.store, wednesday.round).lines[-1].question == "Dizzy"


def test_what_is_kept_for_the_pharmacist_is_not_put_before_the_gp(wednesday: Wednesday) -> None:
    home = wednesday.home
    ruth = add(home, Contact(name="Ruth Hale"))
    series = add(home, Series(name="Pharmacist", professional=ruth, every="month", weekday=3))
    theirs = add(home, Round(series=series, at=NOW + dt.timedelta(days=10)))
    add(
        home,
        Concern(
            kind="query", resident=wednesday.frank, raised_by=wednesday.kofi, raised_at=NOW,
            situation="Two painkillers?", routed_to=ruth, route="pharmacist",
        ),
    )  # fmt: skip
    assert Kind.QUERY not in _kinds(wednesday)
    assert _kinds(wednesday, theirs) == [Kind.QUERY]
    others = [matter.question for matter, _ in agenda(home.store, wednesday.round).others]
    assert others == ["Two painkillers?"]


def test_what_is_due_after_the_round_or_about_who_has_left_is_not_on_it(
    wednesday: Wednesday,
) -> None:
    home = wednesday.home
    add(home, Action(what="Later", resident=wednesday.frank, due=dt.date(2026, 11, 26)))
    loaded = home.store.load("resident", wednesday.ivy)
    assert loaded is not None
    assert isinstance(loaded.record, Resident)
    left = dataclasses.replace(loaded.record, left_on=dt.date(2026, 11, 22), left_reason="died")
    editing.save(home, loaded, left)
    assert _kinds(wednesday) == [Kind.CONCERN, Kind.ACTION, Kind.REFERRAL]
    concern = agenda(home.store, wednesday.round).lines[0]
    assert concern.whom is not None
    assert "left Sun 22 Nov 2026" in concern.whom.apart


def test_only_the_next_round_of_a_series_builds_itself(wednesday: Wednesday) -> None:
    (later,) = planning.plan_ahead(wednesday.home)
    found = agenda(wednesday.home.store, later)
    assert not found.builds
    assert found.lines == ()


def test_an_automatic_line_leaves_only_with_a_reason_and_comes_back_next_time(
    wednesday: Wednesday,
) -> None:
    home = wednesday.home
    doing.draw_up(home, wednesday.round)
    line = agenda(home.store, wednesday.round).lines[3]
    assert line.id is not None
    with pytest.raises(UserError):
        doing.remove(home, line.id, "  ")
    doing.remove(home, line.id, "The therapist rings on Thursday")
    assert Kind.REFERRAL not in _kinds(wednesday)
    doing.draw_up(home, wednesday.round)
    assert Kind.REFERRAL not in _kinds(wednesday)
    (later,) = planning.plan_ahead(home)
    cancelled = got(home, Round, wednesday.round)
    for one in agenda(home.store, wednesday.round).lines:
        doing.remove(home, one.id or 0, "To see what the next one has")
    loaded = home.store.load("round", wednesday.round)
    assert loaded is not None
    editing.save(home, loaded, dataclasses.replace(cancelled, status="cancelled"))
    assert Kind.REFERRAL in _kinds(wednesday, later)


def test_what_somebody_else_wrote_on_an_agenda_is_not_taken_off_without_a_reason(
    wednesday: Wednesday,
) -> None:
    home = wednesday.home
    (mine,) = doing.add_line(home, wednesday.round, "Flu clinic: when?").ids
    (other,) = doing.add_line(home, wednesday.round, "Hearing aids?").ids
    doing.remove(home, mine)
    home.unlocked = dataclasses.replace(home.unlocked, person=ids.to_text(wednesday.kofi))
    with pytest.raises(UserError, match="reason is missing"):
        doing.remove(home, other)
    doing.remove(home, other, "Asked already")
    assert agenda(home.store, wednesday.round).to_do == 5


def test_a_line_taken_off_can_be_taken_back(wednesday: Wednesday) -> None:
    home = wednesday.home
    doing.draw_up(home, wednesday.round)
    line = agenda(home.store, wednesday.round).lines[0]
    done = doing.remove(home, line.id or 0, "By mistake")
    editing.undo(home, done.changes)
    assert _kinds(wednesday)[0] is Kind.BACK_HOME


def test_a_person_adds_and_orders(wednesday: Wednesday) -> None:
    home = wednesday.home
    doing.draw_up(home, wednesday.round)
    (new,) = doing.add_line(home, wednesday.round, "Flu clinic: when?").ids
    lines = agenda(home.store, wednesday.round).lines
    assert lines[-1].id == new
    assert lines[-1].why == "Added by Kate Morgan"
    wanted = [line.id or 0 for line in lines[::-1]]
    done = doing.order(home, wednesday.round, wanted)
    assert [line.id for line in agenda(home.store, wednesday.round).lines] == wanted
    editing.undo(home, done.changes)
    assert [line.id for line in agenda(home.store, wednesday.round).lines] == wanted[::-1]
    with pytest.raises(Unfit) as caught:
        doing.add_line(home, wednesday.round, "   ")
    assert caught.value.problems[0].field == "question"


def test_what_waits_elsewhere_is_put_on_once(wednesday: Wednesday) -> None:
    home = wednesday.home
    later = add(home, Action(what="Later", resident=wednesday.frank, due=dt.date(2026, 12, 1)))
    doing.add_line(home, wednesday.round, "Later", wednesday.frank, ("action", later))
    with pytest.raises(UserError, match="already"):
        doing.add_line(home, wednesday.round, "Later", wednesday.frank, ("action", later))


def test_what_was_settled_meanwhile_says_so_and_asks_nothing(wednesday: Wednesday) -> None:
    home = wednesday.home
    doing.draw_up(home, wednesday.round)
    loaded = home.store.load("action", wednesday.action)
    assert loaded is not None
    assert isinstance(loaded.record, Action)
    done = dataclasses.replace(loaded.record, done_at=NOW, outcome="All normal")
    editing.save(home, loaded, done)
    line = agenda(home.store, wednesday.round).lines[2]
    assert line.state is State.ELSEWHERE
    assert line.elsewhere == "Mon 23 Nov 2026: All normal"


def test_a_line_whose_words_name_no_record_is_shown_all_the_same(wednesday: Wednesday) -> None:
    home = wednesday.home
    for source in ("not an id", ids.to_text(77)):
        line = AgendaLine(
            round=wednesday.round, resident=wednesday.ivy, source_type="concern", source_id=source,
            question=source, position=90,
        )  # fmt: skip
        add(home, line)
    states = {line.question: line.state for line in agenda(home.store, wednesday.round).lines}
    assert states["not an id"] is states[ids.to_text(77)] is State.TO_DO


def test_rounds_are_planned_ahead_once(wednesday: Wednesday) -> None:
    home = wednesday.home
    (made,) = planning.plan_ahead(home)
    assert got(home, Round, made).at == NOW.replace(day=2, month=12, hour=14)
    assert planning.plan_ahead(home) == []
    assert [one.sitting.id for one in planning.coming(home.store)] == [wednesday.round, made]
    assert planning.coming(home.store)[0].sitting.name == "Weekly round"
