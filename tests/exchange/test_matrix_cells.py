"""What the cells of a matrix say, case by case."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.exchange.matrix_cells import Order, What, read_cell

TODAY = dt.date(2026, 11, 23)
D = dt.date
MORNING = dt.datetime(2026, 4, 3, 9, 30)  # noqa: DTZ001  # as workbooks have it


def said(value: object, order: Order = Order.DAY_FIRST) -> tuple[object, ...]:
    """Return what a cell says: kind, completed, expires, bare."""
    found = read_cell(value, order, TODAY)
    return found.what, found.completed, found.expires, found.bare


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("3/4/26", D(2026, 4, 3)), ("03/04/2026", D(2026, 4, 3)), ("3.4.26", D(2026, 4, 3)),
        ("3-4-26", D(2026, 4, 3)), ("2026-04-03", D(2026, 4, 3)), ("3 Apr 26", D(2026, 4, 3)),
        ("3rd of April 2026", D(2026, 4, 3)), ("3-Apr-26", D(2026, 4, 3)),
        ("April 3, 2026", D(2026, 4, 3)), (" 3/4/2026 ", D(2026, 4, 3)), ("29/2/24", D(2024, 2, 29)),
        (MORNING, D(2026, 4, 3)), (D(2026, 4, 3), D(2026, 4, 3)),
        (46115, D(2026, 4, 3)), (46115.0, D(2026, 4, 3)), ("46115", D(2026, 4, 3)),
        ("1/1/98", D(1998, 1, 1)),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(value: object, day: dt.date) -> None:
    assert said(value) == (What.DAYS, None, None, day)


@pytest.mark.parametrize("value", ["", "  ", None, "-", "no", "Outstanding", "TBC", 0, dt.time()])
def test_what_says_nothing_is_nothing(value: object) -> None:
    assert said(value)[0] is What.NOTHING


@pytest.mark.parametrize("value", ["N/A", "n/a", "NA", "Not applicable", "exempt", "not required"])
def test_not_needed_is_told_apart_from_nothing(value: str) -> None:
    assert said(value)[0] is What.NOT_REQUIRED


@pytest.mark.parametrize("value", ["booked 3/4", "Booked 03/04/2027", "BOOKED", "Enrolled May"])
def test_a_booking_is_no_training(value: str) -> None:
    assert said(value) == (What.BOOKED, None, None, None)


@pytest.mark.parametrize(
    ("value", "completed", "expires"),
    [
        ("exp 12/25", None, D(2025, 12, 31)), ("Expires Feb 2028", None, D(2028, 2, 29)),
        ("exp. 3/4/27", None, D(2027, 4, 3)), ("EXPIRY: 03/04/2027", None, D(2027, 4, 3)),
        ("due 04/2027", None, D(2027, 4, 30)), ("valid until 3 Apr 27", None, D(2027, 4, 3)),
        ("completed 3/4/26", D(2026, 4, 3), None), ("Done: 3/4/26", D(2026, 4, 3), None),
        ("3/4/26 exp 2/4/27", D(2026, 4, 3), D(2027, 4, 2)),
        ("completed 3/4/26\nexp 2/4/27", D(2026, 4, 3), D(2027, 4, 2)),
    ],
)  # fmt: skip
def test_words_say_whether_it_was_done_or_runs_out(
    value: str, completed: dt.date | None, expires: dt.date | None
) -> None:
    assert said(value) == (What.DAYS, completed, expires, None)


def test_a_month_alone_is_its_last_day_and_said_to_be_a_month() -> None:
    found = read_cell("12/25", Order.DAY_FIRST, TODAY)
    assert (found.bare, found.is_month) == (D(2025, 12, 31), True)
    assert read_cell("completed 12/25", Order.DAY_FIRST, TODAY).what is What.UNCLEAR


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("31/02/2026", "no day 31 in month 2"), ("3/4", "the year is missing"),
        ("3 April", "the year is missing"), ("✓", "not when"), ("Yes", "not when"), ("x", "not when"),
        ("ask Jo", "is not a day"), (7, "is a number"), ("3/4/26 5/4/26", "more than one day"),
        (D(1900, 1, 1), "1900 cannot be right"), ("12345678901", "is not a day"),
        ("04/25/2026", "no day 4 in month 25"),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_said_in_words(value: object, why: str) -> None:
    found = read_cell(value, Order.DAY_FIRST, TODAY)
    assert found.what is What.UNCLEAR
    assert why in found.why


def test_american_days_give_themselves_away_and_are_read_when_told() -> None:
    assert read_cell("04/25/2026", Order.DAY_FIRST, TODAY).first is Order.MONTH_FIRST
    assert read_cell("25/04/2026", Order.DAY_FIRST, TODAY).first is Order.DAY_FIRST
    assert read_cell("04/05/2026", Order.DAY_FIRST, TODAY).first is None
    assert said("04/05/2026", Order.MONTH_FIRST)[3] == D(2026, 4, 5)
    assert said("04/25/2026", Order.MONTH_FIRST)[3] == D(2026, 4, 25)
    # a day the spreadsheet itself knows is certain
    assert said(D(2026, 4, 5), Order.MONTH_FIRST)[3] == D(2026, 4, 5)


def test_what_else_stands_beside_a_day_is_kept() -> None:
    assert read_cell("3/4/26 (e-learning)", Order.DAY_FIRST, TODAY).rest == "e-learning"
    assert read_cell("3/4/26 - with Sarah", Order.DAY_FIRST, TODAY).rest == "with Sarah"
