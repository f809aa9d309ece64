"""A concern: raised, answered, fed back, closed; and what cannot be, with nothing written."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest

from liaison.errors import UserError
from liaison.records.administration import Person
from liaison.records.casework import Action, AgendaLine, AgendaOutcome, Concern, Round
from liaison.records.directory import Contact, ContactAttempt
from liaison.records.home import Resident, Staff
from liaison.records.ids import to_text
from liaison.records.rules import times
from liaison.records.rules.concerns import State
from liaison.services import attempts, concern_trail, concerns, editing
from liaison.services.concern_trail import What
from liaison.services.concerns import Done
from liaison.services.editing import Unfit
from liaison.services.homes import OpenHome
from tests.services.conftest import add, got, written

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def mary(home: OpenHome) -> int:
    return add(home, Resident(name="Mary Ellis", room="4"))


@pytest.fixture
def priya(home: OpenHome) -> int:
    return add(home, Staff(name="Priya Nair", job_role="care assistant"))


@pytest.fixture
def raised(home: OpenHome, mary: int, priya: int) -> int:
    return raise_one(home, mary, priya)


def raise_one(home: OpenHome, resident: int, staff: int | None, **other: object) -> int:
    wanted = Concern(resident=resident, raised_by=staff, situation="Coughs after tea")
    return concerns.raise_concern(home, dataclasses.replace(wanted, **other)).id  # type: ignore[arg-type]


def become(home: OpenHome, staff: int) -> None:
    """Say which member of staff whoever unlocked the home is (a manager does, with keys at hand)."""
    loaded = home.store.load("person", home.person)
    assert loaded is not None
    assert isinstance(loaded.record, Person)
    with home.unit() as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, staff=staff))


def fields_of(error: pytest.ExceptionInfo[Unfit]) -> set[str]:
    return {problem.field for problem in error.value.problems}


# ---- raising


def test_what_the_program_knows_is_stamped(home: OpenHome, mary: int, priya: int) -> None:
    become(home, priya)
    before = home.store.clock()
    record = got(home, Concern, raise_one(home, mary, None))
    assert record.raised_by == priya
    assert record.raised_at is not None
    assert times.to_stored(before) <= times.to_stored(record.raised_at)
    assert concerns.state_of(record) is State.WAITING


def test_everything_that_is_missing_is_told_at_once_and_nothing_is_written(home: OpenHome) -> None:
    before = written(home)
    with pytest.raises(Unfit) as error:
        concerns.raise_concern(home, Concern(situation="   "))
    assert fields_of(error) == {"resident", "raised_by", "situation"}
    assert written(home) == before


def test_nobody_notices_something_tomorrow(home: OpenHome, mary: int, priya: int) -> None:
    with pytest.raises(Unfit, match="has not come yet") as error:
        raise_one(home, mary, priya, raised_at=home.store.clock() + HOUR)
    assert fields_of(error) == {"raised_at"}


def test_whoever_had_left_is_told_by_name_and_day_but_not_when_it_was_noticed_before(
    home: OpenHome, priya: int
) -> None:
    left = home.store.today() - dt.timedelta(days=3)
    gone = add(home, Resident(name="Tom Redway", left_on=left))
    with pytest.raises(Unfit) as error:
        raise_one(home, gone, priya)
    assert fields_of(error) == {"resident"}
    assert f"Tom Redway left on {times.show_date(left)}." in str(error.value)
    early = times.start_of_day(left) - HOUR
    assert got(home, Concern, raise_one(home, gone, priya, raised_at=early)).resident == gone


def test_a_new_one_has_no_answer_whatever_is_handed_in(
    home: OpenHome, mary: int, priya: int
) -> None:
    one = raise_one(home, mary, priya, answer="x", outcome="y", closed_at=home.store.clock())
    assert concerns.state_of(got(home, Concern, one)) is State.WAITING


# ---- answering and feeding back


def test_an_answer_is_to_be_read_by_whoever_raised_it_and_then_no_more(
    home: OpenHome, raised: int, priya: int
) -> None:
    become(home, priya)
    assert concerns.to_read(home.store, home.person) == ()
    concerns.answer(home, raised, " Thicken the tea. ", "Dr Anwar")
    answered = got(home, Concern, raised)
    assert (answered.answer, answered.answered_by) == ("Thicken the tea.", "Dr Anwar")
    assert [one.id for one in concerns.to_read(home.store, home.person)] == [raised]
    done = concerns.acknowledge(home, raised)
    assert concerns.to_read(home.store, home.person) == ()
    assert concerns.state_of(got(home, Concern, raised)) is State.READ
    editing.undo(home, done.changes)
    assert [one.id for one in concerns.to_read(home.store, home.person)] == [raised]


def test_another_persons_answer_is_not_mine_to_read_nor_to_tick_off(
    home: OpenHome, raised: int
) -> None:
    become(home, add(home, Staff(name="Moira Kelly", job_role="deputy manager")))
    concerns.answer(home, raised, "Thicken the tea", "Dr Anwar")
    assert concerns.to_read(home.store, home.person) == ()
    with pytest.raises(UserError, match="Priya Nair raised this") as error:
        concerns.acknowledge(home, raised, "   ")
    assert error.value.code == "not-yours"
    concerns.acknowledge(home, raised, "Rang her at home")
    assert got(home, Concern, raised).acknowledged_at is not None


def test_whoever_has_no_staff_record_is_told_what_they_wrote_themselves(
    home: OpenHome, raised: int
) -> None:
    concerns.answer(home, raised, "Thicken the tea", "Dr Anwar")
    assert [one.id for one in concerns.to_read(home.store, home.person)] == [raised]
    concerns.acknowledge(home, raised)


def test_what_somebody_else_wrote_is_not_theirs_to_read(
    home: OpenHome, mary: int, priya: int
) -> None:
    now = home.store.clock()
    theirs = Concern(
        resident=mary, raised_by=priya, raised_at=now, situation="Coughs",
        answer="Seen", answered_by="Dr Anwar", answered_at=now,
    )  # fmt: skip
    with home.store.unit(home.person + 1) as unit:
        unit.add(theirs)
    assert concerns.to_read(home.store, home.person) == ()


def test_what_was_closed_without_an_answer_is_fed_back_too(
    home: OpenHome, raised: int, priya: int
) -> None:
    become(home, priya)
    concerns.close(home, raised, "Better since Tuesday")
    assert [one.id for one in concerns.to_read(home.store, home.person)] == [raised]


def test_a_second_answer_is_to_be_read_again(home: OpenHome, raised: int) -> None:
    concerns.answer(home, raised, "Thicken the tea", "Dr Anwar")
    concerns.acknowledge(home, raised)
    concerns.answer(home, raised, "Thicken all drinks", "Dr Anwar")
    assert concerns.state_of(got(home, Concern, raised)) is State.ANSWERED


@pytest.mark.parametrize(
    ("words", "by", "fields"),
    [
        ("   ", "Dr Anwar", {"answer"}),
        ("Seen", "   ", {"answered_by"}),
        ("", "", {"answer", "answered_by"}),
    ],
)
def test_three_spaces_are_no_answer_and_no_name(
    home: OpenHome, raised: int, words: str, by: str, fields: set[str]
) -> None:
    before = written(home)
    with pytest.raises(Unfit) as error:
        concerns.answer(home, raised, words, by)
    assert fields_of(error) == fields
    assert written(home) == before


def test_nothing_is_answered_before_it_was_raised_or_tomorrow(home: OpenHome, raised: int) -> None:
    for at in (home.store.clock() - HOUR, home.store.clock() + HOUR):
        with pytest.raises(Unfit) as error:
            concerns.answer(home, raised, "Seen", "Dr Anwar", at)
        assert fields_of(error) == {"answered_at"}


# ---- closing and opening again


def test_three_spaces_close_nothing(home: OpenHome, raised: int) -> None:
    before = written(home)
    with pytest.raises(Unfit, match="Outcome is missing"):
        concerns.close(home, raised, "   ")
    assert written(home) == before


def test_what_is_closed_is_neither_answered_nor_closed_again(home: OpenHome, raised: int) -> None:
    concerns.close(home, raised, "Better")
    again: Callable[[], Done]
    for again in (
        lambda: concerns.close(home, raised, "Better still"),
        lambda: concerns.answer(home, raised, "Seen", "Dr Anwar"),
        lambda: concerns.pass_on(home, raised, "GP"),
    ):
        with pytest.raises(UserError, match="This was closed on"):
            again()


def test_nothing_is_done_with_what_was_struck_through(home: OpenHome, raised: int) -> None:
    editing.strike(home, got(home, Concern, raised), "Wrong resident")
    with pytest.raises(UserError, match="struck through"):
        concerns.close(home, raised, "Better")
    assert concerns.open_concerns(home.store) == ()


def test_opened_again_it_waits_for_an_answer_and_the_trail_keeps_the_first(
    home: OpenHome, raised: int
) -> None:
    concerns.answer(home, raised, "Thicken the tea", "Dr Anwar")
    concerns.close(home, raised, "Better")
    with pytest.raises(UserError, match="reason is missing"):
        concerns.ask_again(home, raised, "  ")
    concerns.ask_again(home, raised, "Coughs again since Sunday")
    assert concerns.state_of(got(home, Concern, raised)) is State.WAITING
    assert [one.id for one in concerns.open_concerns(home.store)] == [raised]
    told = concern_trail.trail(home.store, raised)
    assert told is not None
    assert [(step.what, step.words) for step in told.steps] == [
        (What.NOTICED, "Coughs after tea"),
        (What.ANSWERED, "Thicken the tea"),
        (What.CLOSED, "Better"),
        (What.AGAIN, "Coughs again since Sunday"),
    ]


def test_what_nobody_answered_is_not_opened_again(home: OpenHome, raised: int) -> None:
    with pytest.raises(UserError, match="Nobody has answered"):
        concerns.ask_again(home, raised, "Worse")
    with pytest.raises(UserError, match="Nobody has answered"):
        concerns.acknowledge(home, raised)


# ---- what is open


def test_open_ones_are_listed_oldest_first_and_as_they_were_on_a_day(
    home: OpenHome, mary: int, priya: int
) -> None:
    now = home.store.clock()
    old = raise_one(home, mary, priya, raised_at=now - dt.timedelta(days=9))
    query = raise_one(
        home, mary, priya, raised_at=now - dt.timedelta(days=5), kind="query", route="pharmacist"
    )
    concerns.close(home, old, "Better", now - dt.timedelta(days=3))
    store, today = home.store, home.store.today()

    def ids(*, on: int | None = None, **only: object) -> list[int | None]:
        day = None if on is None else today - dt.timedelta(days=on)
        return [one.id for one in concerns.open_concerns(store, day, **only)]  # type: ignore[arg-type]

    assert ids() == [query]
    assert ids(on=4) == [old, query]
    assert ids(on=6) == [old]
    assert ids(on=10) == []
    assert ids(on=4, kind="query") == [query]
    assert ids(on=4, route="round") == [old]


def test_queries_are_held_for_whoever_is_named_or_has_the_role(
    home: OpenHome, mary: int, priya: int
) -> None:
    anwar, patel = add(home, Contact(name="Dr Anwar")), add(home, Contact(name="Dr Patel"))
    named = raise_one(home, mary, priya, kind="query", route="GP", routed_to=anwar)
    anyone = raise_one(home, mary, priya, kind="query", route="GP")
    raise_one(home, mary, priya, route="GP")
    done = raise_one(home, mary, priya, kind="query", route="GP")
    concerns.answer(home, done, "Yes", "Dr Anwar")
    assert {one.id for one in concerns.held_for(home.store, anwar, ("GP",))} == {named, anyone}
    assert {one.id for one in concerns.held_for(home.store, patel, ("GP",))} == {anyone}
    assert concerns.held_for(home.store, patel, ("pharmacist",)) == ()


# ---- the trail


def test_the_trail_tells_who_was_tried_and_told_and_what_the_round_said(
    home: OpenHome, mary: int, priya: int
) -> None:
    now = home.store.clock()
    grace = add(home, Contact(name="Grace Adeyemi"))
    noticed = now - 5 * HOUR
    one = raise_one(home, mary, priya, raised_at=noticed)

    def tried(hours: int, *, reached: bool, about: int = mary) -> None:
        at = noticed + hours * HOUR
        attempt = ContactAttempt(
            at=at, contact=grace, resident=about, how="phone", reached=reached, waited=11
        )
        attempts.record(home, attempt)

    tried(-1, reached=False)
    tried(1, reached=False)
    tried(2, reached=True)
    tried(2, reached=True, about=add(home, Resident(name="Mary Ellis", room="9")))
    sitting = add(home, Round(at=noticed + 3 * HOUR, status="happened"))
    line = add(
        home,
        AgendaLine(round=sitting, resident=mary, source_type="concern", source_id=to_text(one)),
    )
    add(home, AgendaOutcome(line=line, outcome="See speech therapist"))
    add(home, Action(what="Ring SLT", source_type="concern", source_id=to_text(one)))
    concerns.pass_on(home, one, "GP")
    told = concern_trail.trail(home.store, one)
    assert told is not None
    shown = [(step.what, step.who) for step in told.steps]
    assert shown[:3] == [
        (What.NOTICED, "Priya Nair"),
        (What.TRIED, "Grace Adeyemi"),
        (What.TOLD, "Grace Adeyemi"),
    ]
    assert told.steps[1].words == "No answer, phone, waited 11 min"
    assert told.steps[3].words == "See speech therapist"
    kinds = [step.what for step in told.steps[4:]]
    assert sorted(kind.value for kind in kinds) == ["Agreed", "Passed on", "Passed on"]
    # noticed five hours before anybody wrote it down: both times
    assert told.steps[0].when_words.startswith(f"{times.show_time(noticed)}, written ")
    assert told.steps[0].by == told.author != ""


def test_what_a_round_answered_stands_in_the_trail_once(
    home: OpenHome, mary: int, priya: int
) -> None:
    now = home.store.clock()
    one = raise_one(home, mary, priya, raised_at=now - 5 * HOUR)
    sitting = add(home, Round(at=now - 3 * HOUR, status="happened"))
    line = AgendaLine(round=sitting, source_type="concern", source_id=to_text(one))
    on_agenda = add(home, line)
    loaded = home.store.load("concern", one)
    assert loaded is not None
    with home.unit() as unit:
        unit.add(AgendaOutcome(line=on_agenda, outcome="Thicken it"))
        said = {"answer": "Thicken it", "answered_by": "Dr Anwar", "answered_at": now}
        unit.save(loaded, dataclasses.replace(loaded.record, **said))  # type: ignore[arg-type]
    told = concern_trail.trail(home.store, one)
    assert told is not None
    assert [step.what for step in told.steps if step.words == "Thicken it"] == [What.ANSWERED]


def test_whoever_is_rung_after_it_was_closed_is_rung_about_something_else(
    home: OpenHome, mary: int, priya: int
) -> None:
    now = home.store.clock()
    one = raise_one(home, mary, priya, raised_at=now - 5 * HOUR)
    concerns.close(home, one, "Better", now - 3 * HOUR)
    grace = add(home, Contact(name="Grace Adeyemi"))
    for hours in (4, 2):
        at = now - hours * HOUR
        attempts.record(home, ContactAttempt(at=at, contact=grace, resident=mary, reached=True))
    told = concern_trail.trail(home.store, one)
    assert told is not None
    assert [step.what for step in told.steps] == [What.NOTICED, What.TOLD, What.CLOSED]


def test_on_the_night_the_clock_goes_back_the_trail_says_which_hour(
    home: OpenHome, mary: int, priya: int
) -> None:
    first = dt.datetime(2025, 10, 26, 0, 30, tzinfo=dt.UTC)
    one = raise_one(home, mary, priya, raised_at=first)
    concerns.answer(home, one, "Ring 111", "Night doctor", first + HOUR)
    told = concern_trail.trail(home.store, one)
    assert told is not None
    noticed, answered = told.steps
    assert noticed.when_words.startswith("Sun 26 Oct 2025, 01:30 BST, written ")
    assert answered.when_words.startswith("Sun 26 Oct 2025, 01:30 GMT, written ")


def test_a_slip_that_was_taken_back_is_no_step_of_the_trail(home: OpenHome, raised: int) -> None:
    slip: Callable[[], Done]
    for slip in (
        lambda: concerns.answer(home, raised, "Wrong one", "Dr Anwar"),
        lambda: concerns.close(home, raised, "Wrong one"),
        lambda: concerns.pass_on(home, raised, "GP"),
    ):
        editing.undo(home, slip().changes)
    told = concern_trail.trail(home.store, raised)
    assert told is not None
    assert [step.what for step in told.steps] == [What.NOTICED]


def test_there_is_no_trail_of_what_is_not_here(home: OpenHome) -> None:
    assert concern_trail.trail(home.store, 12345) is None
