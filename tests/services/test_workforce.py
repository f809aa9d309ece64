"""The workforce return of a home: every record of current staff, and what is left out and why."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from liaison.errors import UserError
from liaison.exchange import workforce
from liaison.records.home import Home, Staff
from liaison.records.training import Course, TrainingRecord
from liaison.records.vocabularies import shipped
from liaison.security import NotAllowed
from liaison.security.roles import Action
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.workforce import told, workforce_return, write_return
from tests.services.conftest import add

DAY = dt.date(2024, 2, 29)


@pytest.fixture
def named(home: OpenHome) -> OpenHome:
    """Give the home the reference the return knows it by."""
    loaded = home.store.the("home")
    assert loaded is not None
    assert isinstance(loaded.record, Home)
    editing.save(home, loaded, dataclasses.replace(loaded.record, workforce_reference="WH 1"))
    return home


def worker(home: OpenHome, name: str, reference: str | None, **other: Any) -> int:
    return add(home, Staff(name=name, job_role="nurse", worker_reference=reference, **other))


def course(home: OpenHome, name: str = "Fire safety", months: int | None = 12, **other: Any) -> int:
    return add(home, Course(name=name, **({"category": "6"} | other), refresh_months=months))


def train(home: OpenHome, who: int, what: int, **other: Any) -> int:
    return add(home, TrainingRecord(staff=who, course=what, **({"completed": DAY} | other)))


def lines(home: OpenHome) -> list[dict[str, str]]:
    made = workforce_return(home.store)
    codes = {
        str(number) for number in range(1, 100) if shipped().has("workforce_category", str(number))
    }
    assert len(codes) == 48
    for line in made.lines:
        assert workforce.faults(line, home.store.today(), codes) == []
    return [dict(zip(workforce.HEADER, line, strict=True)) for line in made.lines]


def test_every_record_is_there_field_by_field_not_only_the_latest(named: OpenHome) -> None:
    who, fire, never = worker(named, "Jo Bell", "W1"), course(named), course(named, "McGowan", None)
    train(named, who, fire, accredited="yes", delivered_by="external", delivery="e-learning",
          notes="Certificate 12,\nkept in the office")  # fmt: skip
    train(named, who, fire, completed=dt.date(2025, 3, 1), accredited="no", delivered_by="in house",
          delivery="face to face")  # fmt: skip
    train(named, who, never, completed=dt.date(2025, 3, 2))
    first, second, third = lines(named)
    assert first == {
        "LOCALESTID": "WH 1", "UNIQUEWORKERID": "W1", "CATEGORY": "6", "TRAININGNAME": "Fire safety",
        "ACCREDITED": "1", "WHODELIVERED": "2", "PROVIDERNAME": "999", "HOWDELIVERED": "2",
        "VALIDITY": "12", "DATECOMPLETED": "29/02/2024", "EXPIRYDATE": "27/02/2025",
        "NOTES": "Certificate 12, kept in the office",
    }  # fmt: skip
    codes = ("ACCREDITED", "WHODELIVERED", "PROVIDERNAME", "HOWDELIVERED", "VALIDITY", "EXPIRYDATE")
    assert [second[one] for one in codes] == ["0", "1", "", "1", "12", "28/02/2026"]
    assert [third[one] for one in codes] == ["999", "", "", "", "none", ""]


@pytest.mark.parametrize(
    ("months", "completed", "expires", "validity"),
    [
        (12, (2026, 3, 15), (2027, 3, 14), "12"),
        (12, (2026, 3, 15), (2029, 3, 14), "36"),
        (None, (2026, 3, 15), (2027, 3, 1), "12"),
        (None, (2026, 3, 15), (2026, 3, 16), "1"),
        (12, (2026, 1, 31), (2026, 2, 27), "1"),
        (None, (2026, 1, 31), (2026, 3, 30), "2"),
        (None, (2026, 3, 15), (2026, 5, 20), "3"),
        (None, (2026, 3, 15), (2026, 5, 10), "2"),
    ],
)
def test_a_day_of_expiry_given_by_hand_is_the_one_written(
    named: OpenHome,
    months: int | None,
    completed: tuple[int, int, int],
    expires: tuple[int, int, int],
    validity: str,
) -> None:
    end = dt.date(*expires)
    who, what = worker(named, "Jo Bell", "W1"), course(named, months=months)
    train(named, who, what, completed=dt.date(*completed), expires=end)
    (line,) = lines(named)
    assert (line["VALIDITY"], line["EXPIRYDATE"]) == (validity, workforce.shown(end))


def test_only_who_works_here_is_in_it_and_under_one_reference(named: OpenHome) -> None:
    fire = course(named)
    stays = worker(named, "Jo Bell", "W1")
    train(named, worker(named, "Al Hill", "W2", left_on=dt.date(2025, 1, 1)), fire)
    twice = worker(named, "J Bell", None)
    train(named, stays, fire)
    train(named, twice, fire, completed=dt.date(2025, 3, 1))
    struck = train(named, stays, fire, completed=dt.date(2025, 4, 1))
    found = named.store.get("training_record", struck)
    assert found is not None
    editing.strike(named, found, "Typed twice.")
    assert [one["UNIQUEWORKERID"] for one in lines(named)] == ["W1"]
    duplicate, into = named.store.get("staff", twice), named.store.get("staff", stays)
    assert duplicate is not None
    assert into is not None
    editing.merge(named, duplicate, into, "The same person.")
    assert [one["DATECOMPLETED"] for one in lines(named)] == ["29/02/2024", "01/03/2025"]


def test_what_would_be_refused_is_told_with_where_it_is_put_right(named: OpenHome) -> None:
    fire = course(named)
    nameless, fit = worker(named, "Ann Lee", None), worker(named, "Jo Bell", "W1")
    one, other = worker(named, "Al Hill", "w 7"), worker(named, "Bo Hill", "W 7")
    uncoded = course(named, "Knitting", None, category=None)
    for who in (nameless, fit, one, other):
        train(named, who, fire)
    train(named, nameless, fire, completed=dt.date(2024, 3, 1))
    train(named, fit, uncoded)
    long = train(named, fit, fire, completed=dt.date(2024, 3, 1), notes="x" * 1001)
    day = dt.date(2024, 3, 2)
    same_day = train(named, fit, fire, completed=day, expires=day)
    made = workforce_return(named.store)
    assert (len(made.lines), made.missing, made.staff) == (1, 7, 1)
    assert made.left_out[0].records == 2
    where = {(found.type, found.record) for found in made.left_out}
    assert where == {
        ("staff", nameless), ("staff", one), ("staff", other), ("course", uncoded),
        ("training_record", long), ("training_record", same_day),
    }  # fmt: skip
    said = "\n".join(told(made.left_out))
    assert "Ann Lee: Workforce return worker: it is missing. 2 training records left out." in said
    assert "W 7 is also that of Al Hill" in said
    assert "Knitting: Workforce category is missing. 1 training record left out." in said
    assert "Jo Bell, Fire safety, Fri 1 Mar 2024: Its notes are longer than 1,000" in said


def test_a_home_without_a_reference_writes_nothing_and_says_where_it_goes(
    home: OpenHome, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="Nobody who works here"):
        write_return(home, tmp_path / "a.csv")
    train(home, worker(home, "Jo Bell", "W1"), course(home))
    with pytest.raises(UserError, match="Workforce return reference: it is missing") as refused:
        write_return(home, tmp_path / "a.csv")
    assert refused.value.code == "nothing-to-write"
    assert not list(tmp_path.glob("*.csv"))


def test_a_formula_in_a_note_does_not_run(named: OpenHome) -> None:
    train(named, worker(named, "Jo Bell", "W1"), course(named), notes="=HYPERLINK(1)")
    assert lines(named)[0]["NOTES"] == "'=HYPERLINK(1)"


def test_the_file_is_replaced_only_where_it_is_a_return(named: OpenHome, tmp_path: Path) -> None:
    train(named, worker(named, "Zoë Bell", "W1"), course(named))
    file = tmp_path / "return.csv"
    write_return(named, file)
    assert list(workforce.read_lines(file.read_bytes())) == [
        list(write_return(named, file).made.lines[0])
    ]
    for bad, code in (
        (tmp_path / "a.xlsx", "no-format"), (named.folder / "a.csv", "bad-place"),
        (tmp_path / "none" / "a.csv", "no-folder"),
    ):  # fmt: skip
        with pytest.raises(UserError) as refused:
            write_return(named, bad)
        assert refused.value.code == code
    file.write_text("somebody's own list", encoding="utf-8")
    with pytest.raises(UserError, match="not a workforce return"):
        write_return(named, file)
    assert file.read_text(encoding="utf-8") == "somebody's own list"


def test_whoever_may_not_write_lists_out_gets_no_return(
    named: OpenHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: OpenHome, action: Action, **__: Any) -> None:
        raise NotAllowed(action.value)

    train(named, worker(named, "Jo Bell", "W1"), course(named))
    monkeypatch.setattr(OpenHome, "require", refuse)
    with pytest.raises(NotAllowed, match="write lists out"):
        write_return(named, tmp_path / "a.csv")
    assert not list(tmp_path.glob("*.csv"))
