"""Calendar files: what has a day, no resident in it, read back by the library as a calendar does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from liaison.errors import UserError
from liaison.exchange.calendar import Event, calendar_bytes
from liaison.records.casework import Action, Round
from liaison.records.home import Resident, Staff
from liaison.records.training import Course, Requirement, Session, Supervision, TrainingRecord
from liaison.services import exporting, homes, sessions
from liaison.services.homes import OpenHome
from tests import homes as made
from tests.services.conftest import add

NOW = dt.datetime(2026, 11, 18, 10, 40, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def care(folder: Path) -> Iterator[OpenHome]:
    with homes.open_home(folder, None, made.PASSWORD, clock=lambda: NOW) as opened:
        yield opened


def events(file: Path) -> list[Any]:
    return Calendar.from_ical(file.read_bytes()).walk("VEVENT")


def test_words_and_times_come_back_as_they_went_in(tmp_path: Path) -> None:
    file = tmp_path / "c.ics"
    at = dt.datetime(2026, 7, 1, 14, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    title = "Fire, safety; \\n part\x00 two " + "é" * 90
    file.write_bytes(calendar_bytes("Home", [
        Event("a", title, at, NOW, minutes=90, place="Lounge, left", about="One\nTwo"),
        Event("b", "Runs out", dt.date(2026, 7, 2), NOW, cancelled=True),
    ]))  # fmt: skip
    first, second = events(file)
    assert first["summary"] == title.replace("\x00", "")
    assert (first.decoded("dtstart"), first.decoded("duration")) == (at, dt.timedelta(minutes=90))
    assert (str(first["location"]), str(first["description"])) == ("Lounge, left", "One\nTwo")
    assert second.decoded("dtstart") == dt.date(2026, 7, 2)
    assert (first["status"], second["status"]) == ("CONFIRMED", "CANCELLED")
    assert all(len(line) <= 75 for line in file.read_bytes().split(b"\r\n"))


def test_each_kind_has_its_days_and_no_resident_is_named(care: OpenHome, tmp_path: Path) -> None:
    ana = add(care, Staff(name="Ana Silva", job_role="nurse", started=dt.date(2020, 1, 1)))
    mary = add(care, Resident(name="Mary Jones", room="4"))
    course = add(care, Course(name="Fire safety", refresh_months=12))
    add(care, Requirement(course=course, job_role="nurse"))
    coming = add(care, Session(course=course, at=NOW + DAY, teacher_staff=ana, length=60))
    off = add(care, Session(course=course, at=NOW + 2 * DAY))
    sessions.cancel(care, off, "Ill")
    add(care, Session(course=course, at=NOW - 200 * DAY))
    add(care, Round(at=NOW + DAY))
    due = (NOW + 3 * DAY).date()
    add(care, Action(what="Ring Mary Jones's GP", resident=mary, owner_staff=ana, due=due))
    add(care, Supervision(staff=ana, kind="supervision", planned=due))
    add(care, TrainingRecord(staff=ana, course=course, completed=dt.date(2026, 1, 10)))
    expected = {
        "session": ["Training: Fire safety", "Training: Fire safety"],
        "round": ["Round"],
        "action": ["Follow up due: Ana Silva"],
        "supervision": ["Supervision: Ana Silva"],
        "training_record": ["Runs out: Fire safety, Ana Silva"],
    }
    for type_name, titles in expected.items():
        file = tmp_path / f"{type_name}.ics"
        done = exporting.export(care, type_name, file)
        found = events(file)
        assert [str(one["summary"]) for one in found] == titles, type_name
        assert done.rows == len(titles)
        assert b"Mary" not in file.read_bytes()
    assert events(tmp_path / "training_record.ics")[0].decoded("dtstart") == dt.date(2027, 1, 9)
    first, second = events(tmp_path / "session.ics")
    assert (first["status"], second["status"]) == ("CONFIRMED", "CANCELLED")
    uid = str(first["uid"])
    exporting.export(care, "session", tmp_path / "session.ics", only=[coming])
    assert [str(one["uid"]) for one in events(tmp_path / "session.ics")] == [uid]
    with pytest.raises(UserError, match="holds what has a day"):
        exporting.export(care, "resident", tmp_path / "r.ics")
    other = tmp_path / "mine.ics"
    other.write_text("BEGIN:VCALENDAR\nPRODID:-//Somebody//EN\n")
    with pytest.raises(UserError, match="is there already"):
        exporting.export(care, "session", other)
