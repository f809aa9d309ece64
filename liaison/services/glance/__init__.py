"""At a glance: the questions an inspector asks first, each with its figure and the records behind it.

The page, the report and the command line all read this one list. A figure is counted from the very
records that are shown behind it, so that the two cannot disagree. Nobody is named in an answer; the
records behind it name people.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from liaison.charts import Bar, Wait
from liaison.errors import UserError
from liaison.records.rules.days import add_months
from liaison.services import starting
from liaison.services.glance import home, residents
from liaison.services.glance.found import STANDS, Behind, Found, State, View
from liaison.services.visits import refuse_backwards

if TYPE_CHECKING:
    from liaison.store.store import Store

__all__ = ["QUESTIONS", "Answer", "Behind", "Glance", "Question", "behind", "period", "read"]

MONTHS: Final = (3, 6, 12)
"""The periods to choose from, in months."""
USUAL_MONTHS: Final = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """A question that can be answered from the records.

    Args:
        name: Its permanent name.
        area: The regulator's key question it belongs to, by its wire value.
        asks: The question in words.
        look: Answers it.
    """

    name: str
    area: str
    asks: str
    look: Callable[[View], Found]


QUESTIONS: Final = (
    Question("training", "safe", "Is everybody trained?", home.training),
    Question("checks", "safe", "Are checks and registrations in order?", home.checks),
    Question(
        "medicines", "safe", "Does the pharmacy hear of changed medicines?", residents.medicines
    ),
    Question("planned", "effective", "Do professionals come as planned?", home.planned),
    Question("reviews", "effective", "Is everybody reviewed after hospital?", residents.reviews),
    Question(
        "hospital", "effective", "How often does somebody go to hospital?", residents.hospital
    ),
    Question("voice", "caring", "Are residents and families heard?", residents.voice),
    Question("family", "caring", "Do families hear of changes?", residents.family),
    Question("own-gp", "caring", "Has everybody chosen their GP?", residents.own_gp),
    Question("answered", "responsive", "Do concerns get an answer?", residents.answered),
    Question("waits", "responsive", "Who waits to be seen?", residents.waits),
    Question("open", "responsive", "What has no outcome yet?", residents.still_open),
    Question("reached", "responsive", "Is everybody reached in the end?", home.reached),
    Question("fed-back", "well-led", "Do staff hear what came of it?", residents.fed_back),
    Question("supervisions", "well-led", "Are staff supervised?", home.supervisions),
    Question("rounds", "well-led", "Are rounds held?", home.rounds),
    Question("checked", "well-led", "Is the directory kept up?", home.checked),
)
"""The questions, by key question, in the order in which they are shown."""


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What a question comes to, as plain values.

    Args:
        name: The question's permanent name.
        area: The key question it belongs to, in words: "Safe".
        asks: The question.
        figure: The figure: "31 of 34", "14", "None".
        unit: What is counted.
        state: How it stands: ok, due, late, info, or none where there is nothing to count.
        words: What else there is to say; may be empty.
        count: How many.
        whole: Out of how many; None for a plain number.
        bars: Its chart as columns; empty if it has none.
        waits: Its chart as waits; empty if it has none.
        per_cent: Whether the columns are per cent of a whole.
        drawn: What the chart counts, and how; empty without one.
    """

    name: str
    area: str
    asks: str
    figure: str
    unit: str
    state: State
    words: str
    count: int
    whole: int | None
    bars: tuple[Bar, ...] = ()
    waits: tuple[Wait, ...] = ()
    per_cent: bool = False
    drawn: str = ""

    @property
    def stands(self) -> str:
        """How it stands, in words."""
        return STANDS[self.state]

    @property
    def said(self) -> str:
        """The answer in one sentence: "31 of 34 concerns answered, half on the same day"."""
        told = f"{self.figure} {self.unit}"
        return f"{told}, {self.words}" if self.words else told


@dataclasses.dataclass(frozen=True, slots=True)
class Glance:
    """All answers for a period.

    Args:
        start: The first day of the period.
        end: Its last day, counted in.
        answers: The answers, in the order of :data:`QUESTIONS`.
    """

    start: dt.date
    end: dt.date
    answers: tuple[Answer, ...]

    def of(self, name: str) -> Answer:
        """Return the answer to a question, by its permanent name."""
        return next(one for one in self.answers if one.name == name)

    @property
    def areas(self) -> tuple[tuple[str, tuple[Answer, ...]], ...]:
        """The answers by key question."""
        names = dict.fromkeys(one.area for one in self.answers)
        return tuple(
            (name, tuple(one for one in self.answers if one.area == name)) for name in names
        )


def period(end: dt.date, months: int = USUAL_MONTHS) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the months that end on a day.

    Args:
        end: The day.
        months: How many.
    """
    return add_months(end, -months) + dt.timedelta(days=1), end


def read(store: Store, start: dt.date, end: dt.date) -> Glance:
    """Answer every question for a period.

    Args:
        store: The home.
        start: The first day of the period.
        end: Its last day, counted in; what stands on one day is told of this one.

    Raises:
        UserError: The period ends before it begins.
    """
    refuse_backwards(start, end)
    view = View(store, start, end)
    areas = {item.item: item.label for item in starting.key_questions().items}
    return Glance(
        start, end, tuple(_answer(one, areas[one.area], one.look(view)) for one in QUESTIONS)
    )


def _answer(question: Question, area: str, found: Found) -> Answer:
    return Answer(
        question.name, area, question.asks, found.figure, found.unit, found.state, found.words,
        found.count, found.whole, found.bars, found.waits, found.per_cent, found.drawn,
    )  # fmt: skip


def behind(store: Store, name: str, start: dt.date, end: dt.date) -> tuple[Behind, ...]:
    """Return the records behind an answer: all of the whole, those to be looked at first.

    Args:
        store: The home.
        name: The question's permanent name.
        start: The first day of the period.
        end: Its last day, counted in.

    Raises:
        UserError: There is no such question, or the period ends before it begins.
    """
    refuse_backwards(start, end)
    found = next((one for one in QUESTIONS if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one in QUESTIONS)
        raise UserError(
            f"There is no question {name[:60]!r}.",
            do=f"Questions: {names}.",
            code="no-question",
        )
    shown = found.look(View(store, start, end))
    # what is to be looked at comes first; of what is only counted, those that are
    return tuple(sorted(shown.rows(), key=lambda row: row.counts is (shown.state != "info")))
