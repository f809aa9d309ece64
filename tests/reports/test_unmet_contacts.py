"""Unmet contacts on paper."""

from __future__ import annotations

import datetime as dt

from liaison.reports import unmet_contacts
from liaison.reports.unmet_contacts import Facts, Tally, Unanswered
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, text_of

FIRST = dt.datetime(2026, 11, 16, 18, 25, tzinfo=dt.UTC)
LATER = FIRST + dt.timedelta(days=2)
WAITING = Unanswered("Brook Street Dental", "Dentist", 2, 65, 1, FIRST, LATER, ("Elsie Rowe",))
ANSWERED = Unanswered("Meadow Lane", "GP practice", 1, 0, 0, FIRST, FIRST, (), LATER)


def facts(**more: object) -> Facts:
    known: dict[str, object] = {
        "home": "Rosewood House",
        "start": dt.date(2026, 10, 1),
        "end": dt.date(2026, 11, 30),
        "hours": "Monday to Friday, 08:00 to 18:00",
        "waiting": (WAITING,),
        "answered": (ANSWERED,),
        "tallies": (Tally("Brook Street Dental", "Dentist", 4, 2, 1, 90),),
    }
    return Facts(**(known | more))  # type: ignore[arg-type]  # by name


def test_it_says_whom_nobody_reached_and_who_answered_in_the_end() -> None:
    document = unmet_contacts.render(facts(), PRINTED)
    text = " ".join(text_of(document).split())
    assert "2 Not answered 50 % of 4 tries" in text
    for words in ("2 times", "Mon 16 Nov 2026, 18:25", "to Wed 18 Nov 2026, 18:25", "1 h 5 min",
                  "1 out of hours", "Not reached", "Wed 18 Nov 2026, 2 days later"):  # fmt: skip
        assert words in text.replace("\u00a0", " "), words
    assert_clean(document)


def test_nobody_to_be_reached_is_said_and_a_long_list_stays_within_the_page() -> None:
    none = unmet_contacts.render(facts(waiting=(), answered=(), tallies=()), PRINTED)
    assert "Nobody is waiting to be reached." in text_of(none)
    many = facts(
        waiting=(WAITING,) * 60,
        answered=(
            Unanswered("W" * 300, "x " * 200, 900, 99999, 900, FIRST, LATER, ("y " * 99,) * 9),
        ),
        left_out=7,
        names="initials",
    )
    document = unmet_contacts.render(many, PRINTED)
    assert document.pages > 3
    assert "7 older ones are not shown" in text_of(document)
    assert_within_margins(document)
