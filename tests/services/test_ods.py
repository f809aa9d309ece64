"""The NHS's list of practices: looked up, added, refreshed, accepted; nobody is moved."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from typing import Any

import pytest

from liaison.errors import UserError
from liaison.exchange.sheets import NotReadable
from liaison.records.casework import Visit
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.reports.spec import Asked
from liaison.security import NotAllowed
from liaison.security.roles import Action
from liaison.services import editing, ods
from liaison.services.homes import OpenHome
from liaison.services.ods import What
from liaison.services.reporting import visits
from liaison.store import ods as stored
from liaison.store.history import batch_changes
from liaison.store.verify import verify
from tests.exchange.practices import as_file, line
from tests.services.conftest import add, got, written
from tests.services.lists import all_of

OLD = [line(number) for number in range(1, 9)]


def newer() -> io.BytesIO:
    """Return the list in which one practice is renamed, closed, has a new phone, has moved."""
    return as_file(
        [
            line(1, name="NEW NAME"),
            line(2, status="C", closed="20240331"),
            line(3, phone="01373 999999"),
            line(4, street="2 HIGH STREET", postcode="BA11 9ZZ"),
            line(5, name="Surgery  5", phone="+44 1373301301"),
            line(6, phone=""),
            *OLD[6:],
        ]
    )


@pytest.fixture
def listed(home: OpenHome) -> dict[str, int]:
    """Load the older list and add six practices of it; return their ids by code."""
    ods.load(home, as_file(OLD))
    return {f"L81{number:03}": ods.add(home, f"l81{number:03}")[0] for number in range(1, 7)}


def told(found: ods.Differences) -> list[tuple[str, str, str, str]]:
    return [(one.what.value, one.code, one.before, one.now) for one in found.found]


DIFFERENT = [
    ("renamed", "L81001", "SURGERY 1", "NEW NAME"),
    ("closed", "L81002", "active", "2024-03-31"),
    ("phone", "L81003", "01373 301301", "01373 999999"),
    (
        "address", "L81004", "PRIORY HOUSE\n1 MILL LANE\nFROME\nSOMERSET\nBA11 1AB",
        "PRIORY HOUSE\n2 HIGH STREET\nFROME\nSOMERSET\nBA11 9ZZ",
    ),
]  # fmt: skip


# ---- looked up


def test_a_practice_is_found_by_parts_of_what_it_is_called(home: OpenHome) -> None:
    rows = [
        line(1, name="THE O'NEIL-PRIORY SURGERY", postcode="TA1 1AA"),
        line(2, name="PRIORY CLOSED", status="C"),
        line(3, name="PRIORY PRISON", kind="25"),
        line(4, name="ABBEY SURGERY", postcode="BA5 2AA"),
    ]
    assert ods.load(home, as_file(rows)) == ods.LoadedList(4, 2)
    for typed in (
        "prior surg",
        "ta1 1a",
        "TA11A",
        "l81001",
        "o'neil pri",
        '"priory" o*',
        "PRIORY TA1",
    ):
        assert next(iter(ods.search(home.store, typed))).code == "L81001", typed
    assert [one.code for one in ods.search(home.store, "priory")] == ["L81001", "L81003", "L81002"]
    assert [one.code for one in ods.search(home.store, "frome", 2)] == ["L81001", "L81004"]
    assert ods.search(home.store, "nowhere") == []
    assert ods.search(home.store, " \"' ") == []


def test_a_newer_list_takes_the_place_of_the_older(home: OpenHome) -> None:
    ods.load(home, as_file(OLD))
    ods.load(home, as_file([line(1, name="ONLY ONE")]))
    assert [one.name for one in ods.search(home.store, "frome")] == ["ONLY ONE"]
    assert stored.count(home.store) == 1
    with pytest.raises(NotReadable):
        ods.load(home, io.BytesIO(b"<html>"))
    assert stored.count(home.store) == 1


def test_the_index_can_be_made_anew_from_the_list(home: OpenHome) -> None:
    ods.load(home, as_file(OLD))
    from liaison.store import derived

    with home.store.writing() as connection:
        derived.rebuild(connection, force=True)
    assert [one.code for one in ods.search(home.store, "surgery 3")] == ["L81003"]
    assert verify(home.store, deep=True).damage == []


def test_without_a_list_that_is_said(home: OpenHome) -> None:
    for ask in (lambda: ods.search(home.store, "priory"), lambda: ods.add(home, "L81001")):
        with pytest.raises(UserError) as caught:
            ask()
        assert caught.value.code == "no-list"


def test_a_practice_is_added_once(home: OpenHome, listed: dict[str, int]) -> None:
    place = got(home, Organisation, listed["L81001"])
    assert (place.name, place.kind, place.ods_code) == ("SURGERY 1", "GP practice", "L81001")
    assert (place.postcode, place.phone, place.status) == ("BA11 1AB", "01373 301301", "active")
    assert place.address == "PRIORY HOUSE\n1 MILL LANE\nFROME\nSOMERSET"
    for code, said in (("L81001", "already-there"), ("X99999", "not-found")):
        with pytest.raises(UserError) as caught:
            ods.add(home, code)
        assert caught.value.code == said


# ---- refreshed


def test_a_refresh_says_exactly_what_is_different_and_changes_nothing(
    home: OpenHome, listed: dict[str, int]
) -> None:
    people = [
        add(home, Resident(name=name, practice=listed["L81001"], left_on=left))
        for name, left in (("Mary", None), ("Ann", None), ("Gone", dt.date(2026, 1, 1)))
    ]
    add(home, Resident(name="Elsewhere", practice=listed["L81005"]))
    before = written(home)
    found = ods.refresh(home, newer())
    assert sorted(told(found)) == sorted(DIFFERENT)
    assert found.residents == {"L81001": tuple(people[:2])}
    assert (found.compared, found.unlisted) == (6, ())
    assert written(home) == before


def test_two_lists_are_compared_without_a_home() -> None:
    found = ods.compare(newer(), as_file(OLD))
    # a number that is gone is a difference between two lists, but nothing to take over
    assert sorted(told(found)) == sorted([*DIFFERENT, ("phone", "L81006", "01373 301301", "")])
    assert found.residents == {}
    assert ods.compare(as_file(OLD[:3]), as_file(OLD)).unlisted == (
        "L81004", "L81005", "L81006", "L81007", "L81008",
    )  # fmt: skip


def test_a_home_s_own_way_of_writing_is_no_difference(home: OpenHome) -> None:
    add(home, Organisation(name="surgery 1", kind="GP practice", ods_code=" l81001 ",
                           address="Priory House, 1 Mill Lane, Frome, Somerset",
                           postcode="ba111ab", phone="+44 (0)1373 301301"))  # fmt: skip
    found = ods.refresh(home, as_file(OLD))
    assert found.found == ()
    assert found.compared == 1


def test_what_is_accepted_changes_the_directory_and_nothing_else(
    home: OpenHome, listed: dict[str, int]
) -> None:
    mary = add(home, Resident(name="Mary", practice=listed["L81002"]))
    at = times.parse_time("23/11/2025 14:20", now=home.store.clock())
    add(home, Visit(at=at, kind="visit", organisation=listed["L81001"]))
    found = ods.refresh(home, newer())
    done = ods.accept(home, found)
    assert len(done.done) == 4
    assert done.left == ()
    renamed, closed, phone, moved = (
        got(home, Organisation, listed[f"L8100{number}"]) for number in range(1, 5)
    )
    assert (renamed.name, renamed.former_names) == ("NEW NAME", ("SURGERY 1",))
    assert closed.status == "closed"
    assert phone.phone == "01373 999999"
    assert (moved.address or "").startswith("PRIORY HOUSE\n2 HIGH")
    assert moved.postcode == "BA11 9ZZ"
    assert got(home, Resident, mary).practice == listed["L81002"]
    facts = visits.gather(
        home.store, Asked(start=dt.date(2025, 1, 1), end=dt.date(2026, 1, 1), subject=None)
    )
    assert [visit.organisation for visit in facts.visits] == ["SURGERY 1"]
    assert ods.refresh(home, newer()).found == ()
    assert done.batch is not None
    editing.undo(home, batch_changes(home.store, done.batch))
    assert sorted(told(ods.refresh(home, newer()))) == sorted(DIFFERENT)


def test_one_is_accepted_and_the_others_are_left(home: OpenHome, listed: dict[str, int]) -> None:
    found = ods.refresh(home, newer())
    done = ods.accept(home, found, ods.chosen(found, " l81003, "))
    assert [one.code for one in done.done] == ["L81003"]
    assert [one.what for one in ods.refresh(home, newer()).found] != []
    assert got(home, Organisation, listed["L81001"]).name == "SURGERY 1"
    for words in ("L81003,L81007", "nonsense", ","):
        with pytest.raises(UserError) as caught:
            ods.chosen(found, words)
        assert caught.value.code == "no-code"
    assert ods.chosen(found, "ALL") == list(found.found)


def test_what_somebody_changed_meanwhile_is_left(home: OpenHome, listed: dict[str, int]) -> None:
    found = ods.refresh(home, newer())
    loaded = home.store.load("organisation", listed["L81001"])
    assert loaded is not None
    editing.save(home, loaded, dataclasses.replace(loaded.record, name="Our own name"))  # type: ignore[call-arg]  # an organisation
    gone = got(home, Organisation, listed["L81002"])
    editing.archive(home, gone, "closed long ago")
    done = ods.accept(home, found)
    assert [one.code for one in done.left] == ["L81001", "L81002"]
    assert got(home, Organisation, listed["L81001"]).name == "Our own name"
    assert len(done.done) == 2
    assert ods.accept(home, found, done.left).batch is None


def test_only_who_may_does_it(
    home: OpenHome, listed: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = ods.refresh(home, newer())

    def require(action: Action, **_: Any) -> None:
        raise NotAllowed(action.value)

    monkeypatch.setattr(home, "require", require)
    for ask in (
        lambda: ods.load(home, as_file(OLD)),
        lambda: ods.accept(home, found),
        lambda: ods.add(home, "L81007"),
    ):
        with pytest.raises(NotAllowed):
            ask()
    assert [one for one in all_of(home, "organisation") if one.name == "NEW NAME"] == []


def test_a_practice_that_turned_dormant_is_named_and_left_as_it_is(
    home: OpenHome, listed: dict[str, int]
) -> None:
    lines = [line(1, status="D"), *OLD[1:7], line(8, status="D")]
    found = ods.refresh(home, as_file(lines))
    assert found.dormant == {"L81001": "SURGERY 1"}, "the directory does not have the other"
    assert not found.found
    assert ods.accept(home, found).batch is None
    both = ods.compare(as_file(lines), as_file(OLD))
    assert both.dormant == {"L81001": "SURGERY 1", "L81008": "SURGERY 8"}
    assert not ods.compare(as_file(lines), as_file(lines)).dormant


def test_every_kind_of_difference_is_one_of_the_answer() -> None:
    assert [what.value for what in What] == ["renamed", "closed", "phone", "address"]
