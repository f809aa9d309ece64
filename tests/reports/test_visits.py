"""The visits report on paper."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest

from liaison.reports import visits
from liaison.reports.spec import Document, ReportSpec
from liaison.reports.visits import SPEC, Entry, Facts, FollowUp, Resident, Visit
from tests.reports import facts as made
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, pages_of, text_of

AT = dt.datetime(2026, 10, 20, 13, 0, tzinfo=dt.UTC)
ENTRY = Entry(Resident("Joan Frost", "7"), "Heel red since Monday.", "Skin checked. No change.")
VISIT = Visit(
    AT,
    urgency="planned",
    urgency_label="Planned",
    person="Tom Redway",
    role="Community matron",
    organisation="Marlbury Community Nursing",
    left_at=AT + dt.timedelta(minutes=17),
    entries=(ENTRY,),
)


def printed(*shown: Visit, **other: object) -> Document:
    facts = dataclasses.replace(made.facts(*shown), **other)  # type: ignore[arg-type]  # by name
    document = visits.render(facts, PRINTED)
    assert_within_margins(document)
    return document


def words(*shown: Visit, **other: object) -> str:
    return text_of(printed(*shown, **other))


def with_entry(**changes: object) -> Visit:
    entry = dataclasses.replace(ENTRY, **changes)  # type: ignore[arg-type]  # by name
    return dataclasses.replace(VISIT, entries=(entry,))


def changed(**changes: object) -> Visit:
    return dataclasses.replace(VISIT, **changes)  # type: ignore[arg-type]  # by name


def test_a_visit_says_when_who_from_where_for_whom_and_what() -> None:
    text = words(VISIT)
    assert "Tue 20 Oct 2026, 14:00–14:17 Tom Redway, Community matron," in text  # noqa: RUF001
    assert "Marlbury Community Nursing" in text
    assert "Joan Frost Room 7" in text
    assert "Heel red since Monday." in text
    assert "Skin checked. No change." in text
    assert "End of visits by period." in text


def test_the_introduction_counts_what_took_place_and_says_what_else_is_listed() -> None:
    cancelled = changed(status="cancelled", status_label="Cancelled", entries=())
    struck = changed(struck="Entered twice")
    other = changed(person="Carol Bright", organisation="Mental Health", entries=(ENTRY, ENTRY))
    text = words(VISIT, other, cancelled, struck)
    assert (
        "3 entries in 2 visits by 2 named people from 2 organisations, "
        "1 November 2025 to 31 October 2026." in text
    )
    assert "Listed but not counted: 1 cancelled and 1 struck through." in text


def test_the_sums_on_the_first_page_agree() -> None:
    shown = made.visits(80)
    text = text_of(visits.render(made.facts(*shown), PRINTED)).split("The visits one by one")[0]
    assert "80 visits" in text
    figures, people = text.split("Who came")
    counted = [int(number) for number in re.findall(r"(\d+) \d+ %", people)]
    assert sum(counted) == 80
    assert len(counted) == len(made.PEOPLE)
    planned = sum(visit.urgency == "planned" for visit in shown)
    assert f"{round(planned * 100 / 80)} %" in figures
    assert f"{planned} of 80" in figures


def test_the_people_beyond_the_most_frequent_are_summed_up() -> None:
    shown = [
        changed(person=f"Person {number}", organisation=f"Place {number % 7}")
        for number in range(30)
        for _ in range(1 + number % 3)
    ]
    text = text_of(printed(*shown)).split("The visits one by one")[0]
    assert "21 other people" in text
    assert sum(int(n) for n in re.findall(r"(\d+) \d+ %", text.split("Who came")[1])) == len(shown)


def test_a_period_without_visits_says_so_kindly() -> None:
    text = words()
    assert "No visits are recorded for this period." in text
    assert "not that nobody came" in text
    assert "Page 1 of 1" in text


@pytest.mark.parametrize(
    ("about", "title"),
    [
        ("", "Visits by period"),
        ("by Tom Redway", "Visits by Tom Redway"),
        ("from Castle Street Surgery", "Visits from Castle Street Surgery"),
        ("to Joan Frost", "Visits to Joan Frost"),
    ],
)
def test_the_title_and_the_end_say_what_it_is_about(about: str, title: str) -> None:
    text = words(VISIT, about=about)
    assert title in text
    assert f"End of v{title[1:]}." in text


def test_a_struck_through_note_stays_readable_with_its_reason() -> None:
    text = words(with_entry(struck="Written on the wrong resident"))
    assert "Heel red since Monday." in text
    assert "Struck through because: Written on the wrong resident" in text
    assert "0 entries in 1 visit" in text


def test_a_late_note_carries_both_times() -> None:
    text = words(with_entry(written=AT + dt.timedelta(days=2)))
    assert "Tue 20 Oct 2026, 14:00" in text
    assert "Late entry, written Thu 22 Oct 2026, 14:00" in text


def test_the_hour_that_happens_twice_is_told_apart() -> None:
    first = changed(at=dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), left_at=None)
    second = changed(at=dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC), left_at=None)
    text = words(second, first)
    assert text.index("01:30 GMT") < text.index("01:30 BST")


def test_a_visit_over_midnight_says_on_which_day_it_ended() -> None:
    text = words(changed(left_at=AT + dt.timedelta(hours=11)))
    assert "14:00–Wed 21 Oct 2026, 01:00" in text  # noqa: RUF001


def test_residents_of_one_name_are_told_apart_by_room_and_birth() -> None:
    one = dataclasses.replace(ENTRY, resident=Resident("Mary Jones", "4", "born 3 Feb 1931"))
    two = dataclasses.replace(ENTRY, resident=Resident("Mary Jones", "19", "born 9 May 1940"))
    text = words(changed(entries=(one, two)))
    assert "Mary Jones Room 4 born 3 Feb 1931" in text
    assert "Mary Jones Room 19 born 9 May 1940" in text


def test_a_copy_by_initials_says_what_it_cannot_promise() -> None:
    resident = Resident("J.F.", "7")
    text = words(with_entry(resident=resident), names="initials")
    assert "J.F. Room 7" in text
    assert "Names typed inside notes are not changed." in text
    assert "not changed" not in words(VISIT)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (FollowUp("Take bloods", "Ana Popescu", dt.date(2026, 10, 22)), "due 22 Oct Open"),
        (
            FollowUp("Take bloods", "Ana Popescu", dt.date(2026, 10, 22), "past"),
            "Take bloods Ana Popescu, due 22 Oct Past its date",
        ),
        (FollowUp("Take bloods", "Ana Popescu", None, "done", AT), "Ana Popescu Done 20 Oct"),
        (FollowUp("Take bloods", struck="Not needed"), "Struck through because: Not needed"),
    ],
)
def test_a_follow_up_says_who_by_when_and_how_it_stands(action: FollowUp, said: str) -> None:
    assert said in words(with_entry(follow_ups=(action,)))


def test_follow_ups_that_are_open_or_past_their_date_are_counted() -> None:
    actions = (
        FollowUp("a", due=dt.date(2026, 9, 8), state="past"),
        FollowUp("b"),
        FollowUp("c", state="done"),
        FollowUp("d", struck="Not needed"),
    )
    text = words(changed(follow_ups=actions))
    assert "2 follow-ups still open oldest due 8 Sep" in text
    assert "The visit" in text


def test_what_the_resident_said_is_quoted_once() -> None:
    text = words(with_entry(voice="“I feel listened to now.”"))
    assert text.count("“I feel listened to now.”") == 1


def test_what_a_visit_was_for_and_who_else_came_stands_under_its_band() -> None:
    text = words(changed(reason="Weekly dressing", others="Student nurse", urgency="urgent",
                         urgency_label="Urgent", kind="Phone",
                         requested_at=AT - dt.timedelta(hours=2)))  # fmt: skip
    assert "Reason: Weekly dressing Others present: Student nurse" in text
    assert "Phone, urgent, asked 2 h before" in text


@pytest.mark.parametrize(
    ("status", "urgency", "said"),
    [
        ("planned", "planned", "Planned, nothing recorded yet"),
        ("planned", "urgent", "Planned, nothing recorded yet, urgent"),
        ("happened", "planned", "Planned"),
        ("cancelled", "planned", "Cancelled"),
        ("happened", "ad hoc", "Ad hoc"),
    ],
)
def test_how_a_visit_stands_is_said_once(status: str, urgency: str, said: str) -> None:
    shown = changed(
        status=status,
        status_label=status.capitalize(),
        urgency=urgency,
        urgency_label=urgency.capitalize(),
    )
    assert f"Marlbury Community Nursing {said} Joan Frost" in words(shown)


def test_a_visit_without_a_note_is_listed_all_the_same() -> None:
    assert "No note about a resident." in words(changed(entries=()))


NASTY = (
    "<b>bold</b> a<b <img src=/etc/passwd> &amp; (half \\open \x00\x07",
    "x" * 200_000,
    "word " * 3_000,
    "\n" * 5_000 + "end",
    "سلام عليكم 😀 Ŵyn Zażółć x̃ 漢字 \u202egpj.exe",
    "\ud800 half a letter",
    " ",
)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_whatever_is_in_a_field_is_printed_within_the_margins(text: str) -> None:
    action = FollowUp(text, text, dt.date(2026, 10, 22), struck=text)
    entry = Entry(
        Resident(text, text, text), text, text, text, (text,), (action,), AT, text, moved=True
    )
    visit = Visit(AT, text, "cancelled", text, "urgent", text, text, text, text, AT, AT, text, text,
                  (entry,), (action,), text)  # fmt: skip
    document = printed(visit, about=f"by {text}", home=text)
    assert_clean(document)


def test_markup_prints_as_it_was_typed() -> None:
    text = words(
        with_entry(found="pain <moderate> now, a<b, <b>x</b>, <img src=/etc/passwd> &amp;")
    )
    assert "pain <moderate> now, a<b, <b>x</b>, <img src=/etc/passwd> &amp;" in text


def test_a_year_of_visits_is_clean_numbered_and_within_its_margins() -> None:
    document = printed(*made.visits(300))
    assert_clean(document)
    pages = pages_of(document)
    assert len(pages) == document.pages > 50
    for number, page in enumerate(pages, 1):
        assert page.rstrip().endswith(f"Page {number} of {len(pages)}")
        assert "Rosewood House" in page
    # every note that was typed is there
    text = "".join("".join(pages).split())
    for visit in made.visits(300)[:40]:
        for entry in visit.entries:
            assert "".join(entry.raised.split()) in text


def test_the_same_facts_are_the_same_bytes() -> None:
    facts = made.facts(*made.visits(20))
    assert visits.render(facts, PRINTED) == visits.render(facts, PRINTED)


def test_the_declaration_says_what_it_can_be_asked_for() -> None:
    spec: ReportSpec[Facts] = SPEC
    assert spec.name == "visits"
    assert spec.parameters.period
    assert spec.parameters.subjects == ("contact", "organisation", "resident")
    assert spec.parameters.initials
    assert not spec.parameters.on
