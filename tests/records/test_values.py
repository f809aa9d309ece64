"""How values are kept, and how scripts see them."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records import FieldSpec, Kind, all_specs, ids
from liaison.records.administration import Person
from liaison.records.directory import ContactAttempt, Organisation
from liaison.records.home import Home, Staff
from liaison.records.training import Session
from liaison.records.values import keep, kept_columns, record_to_json, revive, to_json

BST: Final = dt.timezone(dt.timedelta(hours=1))
FIELDS: Final[dict[Kind, FieldSpec]] = {
    field.kind: field for spec in all_specs().values() for field in spec.fields if not field.many
}

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda m: dt.timezone(dt.timedelta(minutes=m)))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: Final[dict[Kind, st.SearchStrategy[object]]] = {
    Kind.DATE: st.dates(),
    Kind.TIME: st.datetimes(
        dt.datetime(1900, 1, 3),  # noqa: DTZ001  # the strategy adds the zone
        dt.datetime(2200, 12, 29),  # noqa: DTZ001
        timezones=OFFSETS,
    ).map(lambda at: at.replace(microsecond=0)),
    Kind.INT: st.integers(0, 2**62),
    Kind.MINUTES: st.integers(0, 2**62),
    Kind.MONEY: st.integers(0, 10**15).map(lambda pence: Decimal(pence) / 100),
    Kind.BOOL: st.booleans(),
    Kind.REF: st.integers(0, ids.LARGEST),
}


@pytest.mark.parametrize("kind", list(Kind))
@given(data=st.data())
def test_a_value_comes_back_as_it_was_kept(kind: Kind, data: st.DataObject) -> None:
    field = FIELDS[kind]
    value = data.draw(VALUES.get(kind, TEXTS))
    kept = keep(field, value)
    # just what a column of the database and a JSON log can hold
    assert type(kept) is (int if field.is_number else str)
    assert json.loads(json.dumps(kept)) == kept
    back = revive(field, kept)
    assert back == value
    assert type(back) is type(value)
    if isinstance(back, dt.datetime) and isinstance(value, dt.datetime):
        assert back.utcoffset() == value.utcoffset()
    # kept once more it is the same: replaying the log changes nothing
    assert keep(field, back) == kept


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_is_kept_as_nothing(kind: Kind) -> None:
    assert keep(FIELDS[kind], None) is None
    assert revive(FIELDS[kind], None) is None


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (Kind.TEXT, "Siân", "Siân"),
        (Kind.DATE, dt.date(2026, 11, 23), "2026-11-23"),
        (Kind.DATE, dt.date(31, 1, 2), "0031-01-02"),
        (
            Kind.TIME,
            dt.datetime(2026, 10, 25, 1, 30, tzinfo=BST),
            "2026-10-25T00:30:00Z+01:00",
        ),
        (Kind.MONEY, Decimal("12.50"), 1250),
        (Kind.MONEY, Decimal("0.1"), 10),
        (Kind.MONEY, 12, 1200),
        (Kind.BOOL, True, 1),
        (Kind.BOOL, False, 0),
        (Kind.REF, 7, 7),
        (Kind.MINUTES, 90, 90),
    ],
)
def test_the_kept_form_is_frozen(kind: Kind, value: object, kept: str | int) -> None:
    assert keep(FIELDS[kind], value) == kept
    assert type(keep(FIELDS[kind], value)) is type(kept)


def test_what_is_no_whole_number_is_not_cut_off_to_be_one() -> None:
    for kind in (Kind.MINUTES, Kind.REF, Kind.BOOL):
        with pytest.raises(TypeError):
            keep(FIELDS[kind], 1.5)


@given(VALUES[Kind.TIME], VALUES[Kind.TIME])
def test_kept_times_sort_as_they_happened(one: dt.datetime, other: dt.datetime) -> None:
    field = FIELDS[Kind.TIME]
    if one < other:
        assert str(keep(field, one)) < str(keep(field, other))


def test_a_record_as_scripts_see_it() -> None:
    """The command line's form: flat, ids as text, times with offset, money in pounds."""
    session = Session(
        id=7,
        course=2**63 - 1,
        at=dt.datetime(2026, 10, 25, 1, 30, tzinfo=BST),
        on_site=False,
        length=90,
        cost=Decimal("12.50"),
    )
    shown = record_to_json(session)
    assert json.loads(json.dumps(shown)) == {
        "id": "0000000000007",
        "type": "session",
        "course": "7ZZZZZZZZZZZZ",
        "at": "2026-10-25T01:30:00+01:00",
        "status": "planned",
        "teacher_contact": None,
        "teacher_staff": None,
        "organisation": None,
        "delivery": None,
        "on_site": False,
        "place": None,
        "length": 90,
        "cost": 12.5,
        "capacity": None,
        "cascaded_from": None,
        "archived": False,
        "struck_reason": None,
        "merged_into": None,
    }
    assert list(shown)[:3] == ["id", "type", "course"]


def test_sets_are_lists_and_dates_are_iso() -> None:
    shown = record_to_json(
        Organisation(
            name="x", offers=(1, 2), former_names=("Old",), last_checked=dt.date(2026, 1, 2)
        )
    )
    assert shown["id"] is None
    assert shown["offers"] == ["0000000000001", "0000000000002"]
    assert shown["former_names"] == ["Old"]
    assert shown["last_checked"] == "2026-01-02"
    assert record_to_json(Staff(name="x"))["lead_roles"] == []
    assert record_to_json(Person(name="x", archived=True))["archived"] is True


@pytest.mark.parametrize("name", [n for n, spec in all_specs().items() if spec.cls])
def test_every_field_of_every_type_is_shown(name: str) -> None:
    spec = all_specs()[name]
    assert spec.cls is not None
    assert list(record_to_json(spec.cls())) == ["id", "type", *(f.name for f in spec.fields)]


def test_a_time_in_json_is_read_back_as_the_same_instant() -> None:
    at = dt.datetime(2026, 10, 25, 1, 30, tzinfo=BST)
    shown = to_json(FIELDS[Kind.TIME], at)
    assert dt.datetime.fromisoformat(str(shown)) == at


def test_only_what_was_given_is_kept_and_sets_are_apart() -> None:
    spec = all_specs()["organisation"]
    kept = kept_columns(spec, Organisation(name="x", offers=(1,), kind=None))
    assert kept == {"name": "x", "status": "active"}
    assert kept_columns(all_specs()["contact_attempt"], ContactAttempt(reached=False)) == {
        "reached": 0
    }
    assert kept_columns(all_specs()["home"], Home(beds=0))["beds"] == 0
