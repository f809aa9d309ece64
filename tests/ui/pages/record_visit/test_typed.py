"""A visit as it is typed: what is kept of it, and the moments people mean."""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest

from liaison.records import ids
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.parsing import Reader
from liaison.records.vocabularies import shipped
from liaison.ui.pages.record_visit import moments, saving
from liaison.ui.pages.record_visit.typed import (
    Note,
    Sheet,
    field,
    in_page_words,
    moment,
    new_part,
    new_sheet,
    part_of,
    reference,
)

LONDON = ZoneInfo("Europe/London")
NOW = dt.datetime(2026, 11, 18, 10, 41, tzinfo=LONDON)
READER = Reader(NOW, shipped())
SOMEBODY = ids.from_text("1JQVX4R7T3M2K")


def a_sheet() -> Sheet:
    sheet = new_sheet()
    sheet.visit.typed["at"] = moment(NOW, "10:41")
    sheet.visit.typed["left_at"] = "half past"
    note = Note(new_part("visit_entry", resident=reference(SOMEBODY)))
    note.entry.typed["found"] = "Healing\nwell"
    note.entry.typed["plan_changed"] = "no"
    note.actions.append(new_part("action", what="Order dressings", due="in a wek"))
    sheet.notes.append(note)
    sheet.open = 0
    return sheet


def test_a_draft_comes_back_as_it_was_typed_nonsense_too() -> None:
    kept = json.loads(json.dumps(a_sheet().to_draft()))
    again = new_sheet()
    again.take_draft(kept)
    assert again.to_draft() == a_sheet().to_draft()
    assert again.visit.get("left_at") == "half past"
    assert again.notes[0].actions[0].get("due") == "in a wek"
    assert again.open == 0


def test_of_a_saved_note_only_what_was_touched_is_kept() -> None:
    sheet = Sheet(part_of(Visit(id=7, kind="visit", at=NOW), "visit"))
    entry = VisitEntry(id=8, resident=SOMEBODY, raised="Shin", found="Healing")
    sheet.notes.append(Note(part_of(entry, "visit_entry")))
    assert sheet.is_blank
    assert sheet.to_draft()["notes"] == []
    sheet.notes[0].entry.typed["found"] = "Healed"
    (kept,) = sheet.to_draft()["notes"]
    assert set(kept["typed"]) == {"resident", "found"}


def test_a_moment_written_shorter_is_still_the_same_moment() -> None:
    part = part_of(Visit(id=7, at=NOW), "visit")
    part.typed["at"] = moment(NOW, "10:41")
    assert part.touched == {}


def test_words_for_a_note_that_was_struck_meanwhile_stand_as_a_new_note() -> None:
    sheet = Sheet(part_of(Visit(id=7, kind="visit", at=NOW), "visit"))
    told = {"id": ids.to_text(9), "typed": {"resident": reference(SOMEBODY), "found": "Healed"}}
    sheet.take_draft({"notes": [told]})
    assert [(note.entry.id, note.entry.get("found")) for note in sheet.notes] == [(None, "Healed")]


def test_what_an_older_version_kept_otherwise_is_left_out() -> None:
    sheet = new_sheet()
    sheet.take_draft({"visit": ["at"], "notes": [{"typed": {"colour": "red"}}], "open": "first"})
    assert sheet.is_blank
    assert sheet.notes == []


def test_everything_that_cannot_be_read_is_told_at_its_place() -> None:
    sheet = a_sheet()
    _, wrong = saving.ready(sheet, None, READER)
    assert set(wrong.visit) == {"left_at"}
    assert set(wrong.actions) == {(0, 0, "due")}
    assert wrong.actions[0, 0, "due"].startswith("By: “in a wek”")


def test_a_blank_follow_up_is_no_follow_up() -> None:
    sheet = new_sheet()
    sheet.notes.append(Note(new_part("visit_entry", resident=reference(SOMEBODY))))
    sheet.notes[0].actions.append(new_part("action"))
    ready, wrong = saving.ready(sheet, None, READER)
    assert ready.actions == ()
    assert wrong.count == 0


def test_correcting_something_recorded_wants_a_reason_and_going_on_does_not() -> None:
    def corrects(status: str, change: str) -> bool:
        from liaison.services.visits import WholeVisit
        from liaison.store.rows import Loaded
        from liaison.ui.pages.record_visit.facts import sheet_of

        entry = VisitEntry(id=8, visit=7, resident=SOMEBODY, found="Healing")
        visit = Visit(id=7, kind="visit", at=NOW, status=status)
        whole = WholeVisit(Loaded(visit), (Loaded(entry),), ())
        sheet = sheet_of(whole)
        if change == "note":
            sheet.notes[0].entry.typed["found"] = "Healed"
        if change == "new":
            sheet.notes.append(Note(new_part("visit_entry", resident=reference(5))))
        return saving.ready(sheet, whole, READER)[0].corrects

    assert corrects("happened", "note")
    assert not corrects("happened", "new")
    assert not corrects("happened", "")
    assert not corrects("planned", "note")


def test_follow_ups_of_a_note_are_shown_with_it_until_they_are_done() -> None:
    from liaison.services.visits import WholeVisit
    from liaison.store.rows import Loaded
    from liaison.ui.pages.record_visit.facts import sheet_of

    entry = VisitEntry(id=8, visit=7, resident=SOMEBODY, found="Healing")
    open_one = Action(id=9, what="Order", source_type="visit_entry", source_id=ids.to_text(8))
    done = Action(
        id=10, what="Ring", source_type="visit_entry", source_id=ids.to_text(8), done_at=NOW
    )
    whole = WholeVisit(
        Loaded(Visit(id=7, kind="visit", at=NOW)),
        (Loaded(entry),),
        (Loaded(open_one), Loaded(done)),
    )
    assert [a.id for a in sheet_of(whole).notes[0].actions] == [9]


def test_the_page_calls_fields_as_it_asks_for_them() -> None:
    assert field("visit_entry", "found").label == "What was found or advised"
    assert in_page_words("visit", "Left at lies before When.") == "Left lies before Arrived."
    assert in_page_words("action", "Due is odd.") == "By is odd."


# ---- moments


@pytest.mark.parametrize(
    ("text", "arrived", "expected"),
    [
        ("10:38", (18, 10, 5), (18, 10, 38)),
        ("14:55", (17, 14, 20), (17, 14, 55)),
        ("1455", (17, 14, 20), (17, 14, 55)),
        ("00:10", (17, 23, 50), (18, 0, 10)),
        ("yesterday 15:00", (17, 14, 20), (17, 15, 0)),
        ("now", (18, 10, 5), (18, 10, 41)),
    ],
)
def test_who_left_did_so_on_the_day_they_arrived_or_that_night(
    text: str, arrived: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    came = dt.datetime(2026, 11, *arrived, tzinfo=LONDON)  # type: ignore[misc,arg-type]  # day, hour, minute
    left = moments.parse_left(text, came, NOW).astimezone(LONDON)
    assert (left.day, left.hour, left.minute) == expected


def test_a_day_corrected_afterwards_takes_the_time_they_left_along() -> None:
    came = dt.datetime(2026, 11, 18, 10, 5, tzinfo=LONDON)
    left = dt.datetime(2026, 11, 18, 10, 38, tzinfo=LONDON)
    before = dt.datetime(2026, 11, 16, 10, 5, tzinfo=LONDON)
    moved = moments.with_day_of(left, came, before).astimezone(LONDON)
    assert (moved.day, moved.hour, moved.minute) == (16, 10, 38)


def test_only_another_day_is_written_out() -> None:
    yesterday = NOW - dt.timedelta(days=1)
    assert moments.show_arrived(NOW, NOW) == "10:41"
    assert moments.show_arrived(yesterday, NOW) == "Tue 17 Nov 2026, 10:41"
    assert moments.show_left(yesterday, yesterday, NOW) == "10:41"
    assert moments.show_left(NOW, yesterday, NOW) == "Wed 18 Nov 2026, 10:41"


def test_the_hour_that_comes_twice_says_which() -> None:
    twice = dt.datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)
    assert moments.show_arrived(twice, twice) == "01:30 BST"
