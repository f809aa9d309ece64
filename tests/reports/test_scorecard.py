"""The partner scorecard: one page for each organisation, however much or little is recorded."""

from __future__ import annotations

import datetime as dt

from liaison.records.rules.spans import spans
from liaison.reports import scorecard
from liaison.reports.scorecard_facts import Agreed, Came, Facts, Partner, Taught, Wait
from liaison.reports.spec import Document
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_within_margins, opened, text_of

START, END = dt.date(2025, 11, 1), dt.date(2026, 10, 31)
SESSIONS = tuple(Taught(END, "Catheter care", "Helen Ashworth", 8, 5) for _ in range(9))


def card(partner: Partner) -> Document:
    facts = Facts("Rosewood House", START, END, spans(START, END), (partner,), one=True)
    document = scorecard.render(facts, PRINTED)
    assert_within_margins(document)
    return document


def height_of(document: Document, words: str) -> float:
    """Return how far from the top of its page the first letter of some words stands."""
    with opened(document) as pdf:
        text = pdf[0].get_textpage()
        place, _ = text.search(words).get_next()
        top: float = pdf[0].get_height() - text.get_charbox(place)[3]
        text.close()
    return top


def test_a_partner_of_whom_much_is_recorded_keeps_to_one_page() -> None:
    document = card(
        Partner(
            "Marlbury Community Nursing",
            "Community nursing",
            tuple(f"Tom Redway {number}, community matron" for number in range(3)),
            usual=30,
            now=Came(115, 41, 13),
            before=Came(98, 47, 16),
            responses=tuple((part, float(part)) for part in range(12)),
            tried=96,
            unmet=21,
            hours=tuple((hour, 2) for hour in range(8, 17)),
            seen=tuple(Wait(days, days > 30) for days in range(1, 120, 9)),
            taught=SESSIONS,
            agreed=Agreed(4, 1, 2, 1),
        )
    )
    assert document.pages == 1
    said = text_of(document)
    assert "earlier Catheter care" in said, "those that are not listed are counted"
    assert "What they took on Agreed Done in time Done late Still open Past its date 8" in said


def test_charts_with_nothing_to_show_leave_no_holes() -> None:
    only_taught = card(Partner("Westbrook Fire Training", taught=SESSIONS[:2]))
    visited = card(
        Partner("Westbrook Fire Training", taught=SESSIONS[:2], now=Came(3), tried=1, unmet=1,
                hours=((18, 1),))
    )  # fmt: skip
    saved = height_of(visited, "What they taught us") - height_of(
        only_taught, "What they taught us"
    )
    assert saved > 100
