"""What people type, read as values: the command line, imports and forms accept the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records import FieldSpec, Kind, all_specs, ids
from liaison.records.check import tidy
from liaison.records.parsing import Reader, Unreadable
from liaison.records.vocabularies import shipped

BST: Final = dt.timezone(dt.timedelta(hours=1))
NOW: Final = dt.datetime(2026, 11, 23, 14, 20, tzinfo=dt.UTC)
READER: Final = Reader(NOW, shipped())

FIELDS: Final[dict[Kind, FieldSpec]] = {
    field.kind: field for spec in all_specs().values() for field in spec.fields
}
"""One field of every kind."""


def field(type_name: str, name: str) -> FieldSpec:
    return all_specs()[type_name].by_name[name]


COST = field("session", "cost")
BEDS = field("home", "beds")
DUE_SOON = field("home", "due_soon_days")
LENGTH = field("session", "length")
REACHED = field("contact_attempt", "reached")
DUE = field("action", "due")
AT = field("visit", "at")
KIND = field("organisation", "kind")
CATEGORY = field("course", "category")
PARENT = field("organisation", "parent")
OFFERS = field("organisation", "offers")
NAME = field("resident", "name")
NOTE = field("resident", "alerts")
NHS = field("resident", "nhs_number")
POSTCODE = field("home", "postcode")
PHONE = field("home", "phone")
EMAIL = field("home", "email")
WEBSITE = field("organisation", "website")


@pytest.mark.parametrize(
    ("of", "typed", "value"),
    [
        (NAME, "  Mary \t Jones\r\n", "Mary   Jones"),
        (NAME, "Siân Ŵyn \0", "Siân Ŵyn"),
        (NOTE, " one\r\ntwo\x07 ", "one\ntwo"),
        (DUE, "2026-11-23", dt.date(2026, 11, 23)),
        (DUE, " 23/11/2026 ", dt.date(2026, 11, 23)),
        (DUE, "today", dt.date(2026, 11, 23)),
        (DUE, "-30d", dt.date(2026, 10, 24)),
        (AT, "2026-11-23 14:20", NOW),
        (AT, "2026-07-01 14:20", dt.datetime(2026, 7, 1, 14, 20, tzinfo=BST)),
        (AT, "2026-11-23T14:20:05+05:00", dt.datetime(2026, 11, 23, 9, 20, 5, tzinfo=dt.UTC)),
        (AT, "yesterday 09:00", dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)),
        (BEDS, "0", 0),
        (BEDS, " 32 ", 32),
        (BEDS, "0032", 32),
        (BEDS, "1000000000", 10**9),
        (LENGTH, "90", 90),
        (LENGTH, "90 min", 90),
        (DUE_SOON, "28 Days", 28),
        (DUE_SOON, "1 day", 1),
        (COST, "12.50", Decimal("12.50")),
        (COST, "12.5", Decimal("12.50")),
        (COST, "£12", Decimal("12.00")),
        (COST, "£ 1,234.56", Decimal("1234.56")),
        (COST, "1,234,567", Decimal("1234567.00")),
        (COST, "999999999.99", Decimal("999999999.99")),
        (COST, "0", Decimal("0.00")),
        (REACHED, "Yes", True),
        (REACHED, "y", True),
        (REACHED, "TRUE", True),
        (REACHED, "1", True),
        (REACHED, "on", True),
        (REACHED, "No", False),
        (REACHED, "n", False),
        (REACHED, "false", False),
        (REACHED, "0", False),
        (REACHED, "off", False),
        (KIND, "GP practice", "GP practice"),
        (KIND, "gp PRACTICE", "GP practice"),
        (CATEGORY, "6", "6"),
        (CATEGORY, "fire safety", "6"),
        (CATEGORY, "Fire safety", "6"),
        (NHS, "999 123 4519", "9991234519"),
        (NHS, "\ufeff999-123-4519", "9991234519"),
        (NHS, "12345", "12345"),
        (POSTCODE, "ta11aa", "TA1 1AA"),
        (POSTCODE, "somewhere", "somewhere"),
        (PHONE, " 01632 960123 ext 4 ", "01632 960123 ext 4"),
        (EMAIL, "a@b.uk", "a@b.uk"),
        (WEBSITE, "https://example.org/ŵ", "https://example.org/ŵ"),
        (PARENT, ids.to_text(7), 7),
        (OFFERS, ids.to_text(2**63 - 1).lower(), 2**63 - 1),
    ],
)
def test_good_values_of_every_kind(of: FieldSpec, typed: str, value: object) -> None:
    read = READER.read(of, typed)
    assert read == value
    assert type(read) is type(value)


def test_the_good_values_are_of_every_kind() -> None:
    assert FIELDS.keys() == set(Kind)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("typed", ["", "   ", "\t\r\n", "\0"])
def test_nothing_typed_is_nothing(kind: Kind, typed: str) -> None:
    assert READER.read(FIELDS[kind], typed) is None


@pytest.mark.parametrize(
    ("of", "typed"),
    [
        (DUE, "31/02/2026"),
        (DUE, "soon"),
        (DUE, "13/13/2026"),
        (DUE, "2026"),
        (DUE, "\u0662\u0663/\u0661\u0661/\u0662\u0660\u0662\u0666"),
        (AT, "2026-11-23"),
        (AT, "2026-11-23 25:00"),
        (AT, "25:20"),
        (AT, "2026-03-29 01:30"),
        (AT, "2026-10-25 01:30"),
        (AT, "2026-11-23 14:20 BST"),
        (BEDS, "-1"),
        (BEDS, "+1"),
        (BEDS, "1.5"),
        (BEDS, "1,000"),
        (BEDS, "1e3"),
        (BEDS, "1_000"),
        (BEDS, "twelve"),
        (BEDS, "1000000001"),
        (BEDS, "9" * 10_000),
        (BEDS, "\u0663"),
        (BEDS, "²"),
        (BEDS, "\uff11\uff12"),
        (LENGTH, "1h"),
        (COST, "-1"),
        (COST, "12.345"),
        (COST, "1,2"),
        (COST, "12,34,567"),
        (COST, "1e3"),
        (COST, "1e999999"),
        (COST, "1_000"),
        (COST, "NaN"),
        (COST, "sNaN"),
        (COST, "Infinity"),
        (COST, "\u0663"),
        (COST, "£"),
        (COST, "$5"),
        (COST, "1000000000"),
        (COST, "9" * 10_000),
        (REACHED, "perhaps"),
        (REACHED, "2"),
        (KIND, "surgery"),
        (CATEGORY, "999999"),
        (PARENT, "Larkfield Surgery"),
        (PARENT, "ZZZZZZZZZZZZZ"),
        (OFFERS, "7"),
    ],
)
def test_what_cannot_be_read_is_told_plainly_by_the_label(of: FieldSpec, typed: str) -> None:
    with pytest.raises(Unreadable) as caught:
        READER.read(of, typed)
    message = str(caught.value)
    assert message.startswith(f"{of.label}: ")
    assert len(message) < 500
    # nothing of Python's own words
    for word in ("invalid literal", "int()", "Exceeds the limit", "decimal.", "Error", "None"):
        assert word not in message
    # the traceback of a bug report would not repeat it
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("kind", list(Kind))
@given(typed=st.text())
def test_whatever_is_typed_there_is_a_value_or_a_plain_no(kind: Kind, typed: str) -> None:
    of = FIELDS[kind]
    value, refusal = None, ""
    try:
        value = READER.read(of, typed)
    except Unreadable as error:
        refusal = str(error)
    assert not refusal or refusal.startswith(f"{of.label}: ")
    assert refusal or (value is None) == (not tidy(typed, long=kind is Kind.NOTE))


def test_a_choice_that_is_not_there_lists_the_near_ones() -> None:
    with pytest.raises(Unreadable) as caught:
        READER.read(KIND, "GP practise")
    assert str(caught.value) == (
        "Kind: 'GP practise' is not one of the choices. Near ones: GP practice, ..."
    )
    with pytest.raises(Unreadable, match=r"Near ones: .*Fire safety"):
        READER.read(CATEGORY, "fire")


def test_the_hour_that_comes_twice_must_be_said() -> None:
    first = dt.datetime(2026, 10, 25, 1, 30, tzinfo=BST)
    second = dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    with pytest.raises(Unreadable, match=r"^When: .*happens twice.*BST.*GMT"):
        READER.read(AT, "25/10/2026 01:30")
    assert READER.read(AT, "25/10/2026 01:30 BST") == first
    assert READER.read(AT, "25/10/2026 01:30 GMT") == second
    assert READER.read(AT, "2026-10-25T01:30+01:00") == first
    assert READER.read(AT, "2026-10-25T01:30Z") == second


def test_today_is_the_day_on_the_homes_wall() -> None:
    """Half past midnight on 2 June in London is still 1 June in UTC."""
    reader = Reader(dt.datetime(2026, 6, 1, 23, 30, tzinfo=dt.UTC), shipped())
    assert reader.read(DUE, "today") == dt.date(2026, 6, 2)
    assert reader.read(AT, "today 00:10") == dt.datetime(2026, 6, 2, 0, 10, tzinfo=BST)


def resolver(found: dict[tuple[str, str], int]) -> Callable[[str, str], int]:
    def resolve(type_name: str, text: str) -> int:
        if (type_name, text) in found:
            return found[type_name, text]
        message = f"two are called {text}: Mary Jones, room 4; Mary Jones, room 9"
        raise ValueError(message)

    return resolve


def test_references_are_found_by_what_the_caller_says() -> None:
    reader = Reader(NOW, shipped(), resolver({("service", "Catheter care"): 5}))
    assert reader.read(OFFERS, "  Catheter care ") == 5
    with pytest.raises(Unreadable) as caught:
        reader.read(field("visit_entry", "resident"), "Mary Jones")
    assert str(caught.value) == (
        "Resident: two are called Mary Jones: Mary Jones, room 4; Mary Jones, room 9"
    )


def test_a_name_cannot_be_a_reference_without_a_store() -> None:
    with pytest.raises(Unreadable, match=r"^Part of: 'Larkfield' is not an id"):
        READER.read(PARENT, "Larkfield")


def test_a_year_of_two_digits_of_a_birthday_is_never_ahead() -> None:
    born, due = field("resident", "date_of_birth"), field("action", "due")
    assert READER.read(born, "03/02/30") == dt.date(1930, 2, 3)
    assert READER.read(due, "03/02/30") == dt.date(2030, 2, 3)


def test_a_weekday_is_the_coming_one_where_something_is_due_and_the_last_one_elsewhere() -> None:
    assert READER.read(DUE, "fri") == dt.date(2026, 11, 27)
    assert READER.read(AT, "fri 9am") == dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
    coming = READER.read(field("appointment", "at"), "fri 9am")
    assert coming == dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(("of", "typed"), [(DUE, "today"), (DUE, "23/11"), (AT, "14:20")])
def test_a_file_is_not_read_by_the_day_it_happens_to_be_read_on(of: FieldSpec, typed: str) -> None:
    from_file = Reader(NOW, shipped(), fixed=True)
    assert READER.read(of, typed) is not None
    with pytest.raises(Unreadable, match="another day each time"):
        from_file.read(of, typed)
    whole = from_file.read(AT, "23/11/2026 14:20")
    assert whole == NOW


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("-5", "'-5' is below zero; this is a whole number from 0 up"),
        ("\N{MINUS SIGN}5", "is below zero"),
        ("2.5", "'2.5' is not a whole number"),
        ("many", "'many' is not a whole number"),
        ("9" * 5_000, "is more than 1,000,000,000, the most there can be"),
    ],
)
def test_why_a_number_cannot_be_taken_is_said_rightly(typed: str, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        READER.read(BEDS, typed)
    assert why in str(caught.value)
