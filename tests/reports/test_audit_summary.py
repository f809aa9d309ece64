"""The audit summary on paper."""

from __future__ import annotations

import datetime as dt

from liaison.reports import audit_summary
from liaison.reports.audit_summary import SPEC, Doer, Event, Facts, Written
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, pages_of, text_of

AT = dt.datetime(2026, 10, 20, 13, 0, tzinfo=dt.UTC)
HEAD = "4211-0A3F-7K2M-9Q4T-8X1BC"


def facts(**more: object) -> Facts:
    """Return facts of a small home."""
    known: dict[str, object] = {
        "home": "Rosewood House",
        "start": dt.date(2026, 10, 1),
        "end": dt.date(2026, 10, 31),
        "head": HEAD,
        "saves": 4211,
        "doers": (Doer("Kate Morgan", "Manager", 12, 4, 2, 9, 1), Doer("Sam Okafor", "Carer", 3)),
        "written": (Written("Visit notes", 10, 3, 1),),
        "events": (
            Event(AT, "Kate Morgan", "Office PC", "Exported", "", "Staff: 24 to staff.csv"),
            Event(AT, "Sam Okafor", "Office PC", "Failed to sign in", "", "Wrong password"),
        ),
    }
    return Facts(**(known | more))  # type: ignore[arg-type]  # by name


def test_the_head_of_the_log_stands_whole_at_the_foot_of_every_page() -> None:
    events = tuple(Event(AT, "Kate Morgan", "Office PC", "Printed") for _ in range(120))
    widest = "999999-WWWW-WWWW-WWWW-WWWWW".replace("999999-WWWW", "999999-DDDD", 1)
    document = audit_summary.render(facts(head=widest, events=events, left_out=7), PRINTED)
    assert document.pages > 2
    assert all(widest in page for page in pages_of(document))
    assert "7 older ones are not shown" in text_of(document)
    assert_within_margins(document)
    assert_clean(document)


def test_it_says_who_did_how_much_and_what_to_look_at() -> None:
    text = text_of(audit_summary.render(facts(), PRINTED))
    assert "Audit summary 1 Oct 2026 to 31 Oct 2026" in text
    assert "Kate Morgan 12 4 2 9 1 Manager" in text or "Kate Morgan" in text
    assert "15 Changes" in text
    assert "Visit notes 10 3 1" in text
    assert "Staff: 24 to staff.csv" in text
    assert "Failed to sign in" in text
    assert "verify --against-head" in text
    assert text.count("End of audit summary.") == 1


def test_a_home_in_which_nothing_happened_says_so() -> None:
    empty = facts(head="", doers=(), written=(), events=(), saves=0)
    text = text_of(audit_summary.render(empty, PRINTED))
    assert "Nobody did anything." in text
    assert "There was none of that." in text
    assert "The log is empty" in text


def test_it_is_asked_for_a_period() -> None:
    assert SPEC.name == "audit-summary"
    assert SPEC.parameters.period
    assert not SPEC.parameters.subjects
