"""The weekly round with its agenda and outcomes, the clinic every two months, the matron's review."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from liaison.records.casework import AgendaLine, AgendaOutcome, Round, Series, Visit
from liaison.services.demo import texts
from liaison.services.demo.casework import concern_key
from liaison.services.demo.cast import Cast, Person
from liaison.services.demo.chance import chance_of
from liaison.services.demo.days import FRIDAY, WEDNESDAY, at, on_weekday, on_working_day
from liaison.services.demo.script import Pen, Script
from liaison.services.demo.seen import Seen
from liaison.services.demo.texts import Block
from liaison.services.demo.visits import entry_of, follow_up

_MINUTE: Final = dt.timedelta(minutes=1)
_DAY: Final = dt.timedelta(days=1)
_LONGEST_OUTCOME: Final = 110
_ATTENDANTS: Final = ("Daniel Okafor", "Moira Kelly", "Ruby Tregenza", "Tom Pascoe")
_CLINIC_EVERY: Final = 61
_MATRON_EVERY: Final = 28
_SERIES: Final = (
    ("weekly", "Weekly round", "Dr Yusuf Anwar", "Meadow Lane Surgery", "week", WEDNESDAY, "14:00"),
    ("clinic", "Mental health clinic", "Mark Nance", "Older People's Mental Health Team",
     "two months", None, "13:30"),
    ("matron", "Matron's monthly review", "Bronwen Lloyd", "Tamar Community Nursing", "month",
     FRIDAY, "10:30"),
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class _Line:
    """A matter on an agenda.

    Args:
        person: Whose.
        question: What it is about.
        seen: What came of it; None if nothing yet.
        source: The name the script speaks of what it came from by; may be empty.
        source_type: The type of that record.
    """

    person: Person
    question: str
    seen: Seen | None = None
    source: str = ""
    source_type: str = ""


def write_rounds(
    script: Script, cast: Cast, blocks: Sequence[Block], seen: Iterable[Seen], seed: int
) -> None:
    """Let the rounds be planned, held and minuted.

    Args:
        script: What is written when.
        cast: Who takes part.
        blocks: The stories, for concerns that go to a round.
        seen: What was seen on rounds.
        seed: What chance starts from.
    """
    chance = chance_of(f"rounds {seed}")
    _write_series(script, cast)
    by_round: defaultdict[dt.datetime, list[Seen]] = defaultdict(list)
    for one in seen:
        by_round[one.moment].append(one)
    concerns = _concerns_of_rounds(cast, blocks)
    carried: list[_Line] = []
    for moment in cast.days.rounds:
        script.write(max(moment - 13 * _DAY, cast.days.start + 6 * _HOUR), _plan(moment))
        asked = concerns.get(moment.date(), {})
        lines = [
            _Line(one.person, one.raised, one, *asked.get(one.person.text.key, ("", "")))
            for one in by_round[moment]
        ]
        answered = {line.person.text.key for line in lines}
        lines = [
            line
            for line in carried
            if line.seen is not None or line.person.text.key not in answered
        ] + lines
        if moment.date() >= cast.days.today:
            lines += _coming(cast, asked, answered)
            # what is carried over stands on the next agenda, not on those after it
            _write_agenda(script, moment, lines)
            carried = []
            if moment.date() > cast.days.today:
                break
            continue
        carried = _hold(script, cast, moment, lines, chance)
    _write_clinics(script, cast)
    _write_matron(script, cast)


_HOUR: Final = dt.timedelta(hours=1)


def round_key(moment: dt.datetime) -> str:
    """Return the name the script speaks of a weekly round by."""
    return f"round:{moment:%Y-%m-%d}"


def _write_series(script: Script, cast: Cast) -> None:
    def add(pen: Pen) -> None:
        for key, name, who, organisation, every, weekday, start in _SERIES:
            pen.add(
                Series(
                    name=name,
                    professional=pen.book.id(f"contact:{who}"),
                    organisation=pen.book.id(f"organisation:{organisation}"),
                    every=every,
                    weekday=weekday,
                    start_time=start,
                ),
                f"series:{key}",
            )

    script.write(cast.days.start + 5.9 * _HOUR, add)


def _concerns_of_rounds(
    cast: Cast, blocks: Sequence[Block]
) -> dict[dt.date, dict[str, tuple[str, str]]]:
    """Return the concerns that go to each round: their names in the script, by resident."""
    found: defaultdict[dt.date, dict[str, tuple[str, str]]] = defaultdict(dict)
    for block in blocks:
        if block.kind != "concern" or block.words[2] != "round":
            continue
        day = cast.days.told(block.day)
        answered_elsewhere = block.get("answer") and not block.get("answer").startswith("round")
        if cast.days.has(day) and cast.resident(block.resident) and not answered_elsewhere:
            raised = at(day, block.clock)
            key = concern_key(block.resident, raised)
            after = cast.days.round_after(day).date()
            if not block.get("answer"):
                # nobody has answered it: it is on the next agenda, however long ago it was raised
                told = [b for b in blocks if b.kind == "round" and b.resident == block.resident]
                rounds = [cast.days.past_round(int(b.day)) for b in told]
                if not any(r and r.date() > day for r in rounds):
                    after = next(r.date() for r in cast.days.rounds if r.date() >= cast.days.today)
            found[after][block.resident] = key, "concern"
    return found


def _plan(moment: dt.datetime) -> Callable[[Pen], None]:
    def plan(pen: Pen) -> None:
        pen.add(Round(series=pen.book.id("series:weekly"), at=moment), round_key(moment))

    return plan


def _coming(cast: Cast, asked: dict[str, tuple[str, str]], answered: set[str]) -> list[_Line]:
    """Return what waits for the round to come."""
    lines = []
    for key, (concern, kind) in asked.items():
        person = cast.resident(key)
        if person is not None and key not in answered:
            lines.append(_Line(person, "Concern raised since the last round.", None, concern, kind))
    return lines


def _write_agenda(script: Script, moment: dt.datetime, lines: Sequence[_Line]) -> None:
    """Let the agenda be put together the day before."""

    def add(pen: Pen) -> None:
        for position, line in enumerate(lines, 1):
            source = line.source if line.source in pen.book else ""
            pen.add(
                AgendaLine(
                    round=pen.book.id(round_key(moment)),
                    resident=pen.book.id(line.person.ref),
                    source_type=line.source_type if source else None,
                    source_id=pen.book.text_id(source) if source else None,
                    question=line.question,
                    position=position,
                ),
                f"line:{round_key(moment)}:{position}",
            )

    before = at(moment.date() - _DAY, "15:10")
    if lines:
        script.write(min(before, script.last), add, "Agenda")


def _hold(
    script: Script,
    cast: Cast,
    moment: dt.datetime,
    lines: Sequence[_Line],
    chance: random.Random,
) -> list[_Line]:
    """Let a round of the past be held and written up; return what it carried over."""
    key = round_key(moment)
    if not lines or on_working_day(moment.date()) != moment.date():
        work = _change(
            key, status="cancelled", minutes="Nothing on the list." if not lines else None
        )
        script.write(moment - 4 * _HOUR, work)
        if lines:
            _write_agenda(script, moment, lines)
            script.write(moment - 3 * _HOUR, _decide(moment, lines, cast, all_carried=True))
        # what would have been found is found a week later
        return [_handed_on(line, key, position) for position, line in enumerate(lines, 1)]
    _write_agenda(script, moment, lines)
    attendant = cast.works(chance.choice(_ATTENDANTS), moment.date())
    minutes = chance.choice(texts.sayings()["round minutes"]) if chance.random() < 0.4 else None  # noqa: PLR2004
    found = [line.seen for line in lines if line.seen is not None and line.seen.found]
    written = moment + (12 + 9 * len(lines)) * _MINUTE

    def hold(pen: Pen) -> None:
        pen.change(
            key, status="happened", attendees=f"Dr Yusuf Anwar, {attendant}", minutes=minutes
        )
        visit = pen.add(
            Visit(
                at=moment,
                kind="round",
                professional=pen.book.id("contact:Dr Yusuf Anwar"),
                organisation=pen.book.id("organisation:Meadow Lane Surgery"),
                others_present=attendant,
                left_at=written - 4 * _MINUTE,
                round=pen.book.id(key),
            ),
            f"visit:{key}",
        )
        for number, seen in enumerate(found):
            entry = dataclasses.replace(
                entry_of(seen, chance), visit=visit, resident=pen.book.id(seen.person.ref)
            )
            if seen.correction is not None:
                entry = dataclasses.replace(entry, found=seen.correction.was)
            pen.add(entry, f"visit:{key}:{number}")

    script.write(written, hold)
    script.write(written + _MINUTE, _decide(moment, lines, cast))
    for number, seen in enumerate(found):
        follow_up(script, cast, seen, "visit_entry", f"visit:{key}:{number}", written)
    # what was found is written once; what is carried over is only asked again
    return [
        _handed_on(dataclasses.replace(line, seen=None), key, position)
        for position, line in enumerate(lines, 1)
        if line.seen is None or line.seen.carried
    ]


def _handed_on(line: _Line, key: str, position: int) -> _Line:
    """Return a line as it stands on the next agenda: it names the line it was first written as."""
    if line.source:
        return line
    return dataclasses.replace(line, source=f"line:{key}:{position}", source_type="agenda_line")


def _decide(
    moment: dt.datetime, lines: Sequence[_Line], cast: Cast, *, all_carried: bool = False
) -> Callable[[Pen], None]:
    following = next(later for later in cast.days.rounds if later > moment)

    def decide(pen: Pen) -> None:
        for position, line in enumerate(lines, 1):
            carried = all_carried or line.seen is None or line.seen.carried
            pen.add(
                AgendaOutcome(
                    line=pen.book.id(f"line:{round_key(moment)}:{position}"),
                    outcome=None if carried or line.seen is None else _shortly(line.seen.found),
                    carried=carried,
                    carried_to=pen.book.maybe(round_key(following)) if carried else None,
                )
            )

    return decide


def _shortly(found: str) -> str:
    """Return the beginning of a note, in whole sentences as far as they fit on a line."""
    shortly = ""
    for sentence in found.split(". "):
        longer = f"{shortly}. {sentence}" if shortly else sentence
        if shortly and len(longer) > _LONGEST_OUTCOME:
            return f"{shortly}."
        shortly = longer
    return shortly


def _change(key: str, **fields: object) -> Callable[[Pen], None]:
    def change(pen: Pen) -> None:
        pen.change(key, **fields)

    return change


def _write_clinics(script: Script, cast: Cast) -> None:
    """Let the clinic be held every two months, and the next one be planned."""
    days = cast.days
    minutes = texts.sayings()["clinic"]
    backs = list(range(days.length - 20, -_CLINIC_EVERY, -_CLINIC_EVERY))
    for number, back in enumerate(backs):
        moment = at(on_working_day(days.ago(back)), "13:30")
        core = cast.works("Moira Kelly", moment.date())

        def plan(pen: Pen, moment: dt.datetime = moment, number: int = number) -> None:
            pen.add(Round(series=pen.book.id("series:clinic"), at=moment), f"clinic:{number}")

        script.write(max(min(moment - 20 * _DAY, script.last), days.start + 6 * _HOUR), plan)
        if moment < script.last:
            held = _change(
                f"clinic:{number}",
                status="happened",
                attendees=f"Mark Nance, Sue Kitto, Dr Anita Rao, {core}",
                minutes=minutes[number % len(minutes)],
            )
            script.write(moment + 100 * _MINUTE, held)


def _write_matron(script: Script, cast: Cast) -> None:
    """Let the matron come once a month to look at everybody's review."""
    days = cast.days
    for number, back in enumerate(range(days.length - 15, -_MATRON_EVERY, -_MATRON_EVERY)):
        day = on_weekday(days.ago(back), (FRIDAY,))
        moment = at(day, "10:30")

        def plan(pen: Pen, moment: dt.datetime = moment, number: int = number) -> None:
            pen.add(Round(series=pen.book.id("series:matron"), at=moment), f"matron:{number}")

        script.write(max(min(moment - 9 * _DAY, script.last), days.start + 6 * _HOUR), plan)
        if moment < script.last:
            attendees = f"Bronwen Lloyd, {cast.works('Tom Pascoe', day)}"
            held = _change(f"matron:{number}", status="happened", attendees=attendees)
            script.write(moment + 130 * _MINUTE, held)
