"""The lines of the workforce return, held against its rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from liaison.exchange import workforce

TODAY = dt.date(2026, 11, 23)
CODES = {"6", "15"}
GOOD = (
    "WH1", "W-12", "6", "Fire safety", "999", "2", "999", "1", "12", "15/03/2026", "14/03/2027", "",
)  # fmt: skip


def faults(**cells: str) -> list[str]:
    """Return what is wrong with a good line in which some cells say otherwise."""
    line = [cells.get(name, said) for name, said in zip(workforce.HEADER, GOOD, strict=True)]
    return workforce.faults(line, TODAY, CODES)


def test_the_header_is_the_return_s_to_the_letter() -> None:
    head, _, rest = workforce.file_bytes([GOOD]).partition(b"\r\n")
    assert head == (
        b"LOCALESTID,UNIQUEWORKERID,CATEGORY,TRAININGNAME,ACCREDITED,WHODELIVERED,PROVIDERNAME,"
        b"HOWDELIVERED,VALIDITY,DATECOMPLETED,EXPIRYDATE,NOTES"
    )
    assert rest == b"WH1,W-12,6,Fire safety,999,2,999,1,12,15/03/2026,14/03/2027,\r\n"
    assert workforce.is_ours(head)
    assert not workforce.is_ours(head[:-1])


def test_a_good_line_has_no_fault() -> None:
    assert faults() == []
    assert faults(VALIDITY="none", EXPIRYDATE="") == []
    assert faults(WHODELIVERED="1", PROVIDERNAME="") == []
    assert faults(WHODELIVERED="", PROVIDERNAME="", HOWDELIVERED="") == []


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"LOCALESTID": " "}, "LOCALESTID is missing"),
        ({"LOCALESTID": "x" * 51}, "longer than 50"),
        ({"UNIQUEWORKERID": ""}, "UNIQUEWORKERID is missing"),
        ({"UNIQUEWORKERID": "=1+1"}, "formula"),
        ({"CATEGORY": "7"}, "CATEGORY is not one"),
        ({"TRAININGNAME": "x" * 121}, "longer than 120"),
        ({"ACCREDITED": ""}, "ACCREDITED"),
        ({"WHODELIVERED": "3", "PROVIDERNAME": ""}, "WHODELIVERED"),
        ({"PROVIDERNAME": ""}, "PROVIDERNAME is not a code"),
        ({"WHODELIVERED": "1"}, "PROVIDERNAME stands only beside 2"),
        ({"HOWDELIVERED": "9"}, "HOWDELIVERED"),
        ({"VALIDITY": "0"}, "months from 1 to 999"),
        ({"VALIDITY": "1000"}, "months from 1 to 999"),
        ({"VALIDITY": "none"}, "does not run out"),
        ({"EXPIRYDATE": ""}, "no day on which it runs out"),
        ({"DATECOMPLETED": "2026-03-15"}, "DATECOMPLETED is not a day"),
        ({"DATECOMPLETED": "30/02/2026"}, "DATECOMPLETED is not a day"),
        ({"DATECOMPLETED": "24/11/2026"}, "not come yet"),
        ({"EXPIRYDATE": "15/03/2026"}, "must be later"),
        ({"NOTES": "x" * 1001}, "longer than 1,000"),
    ],
)
def test_each_rule_of_the_return_is_told_by_its_column(cells: dict[str, str], said: str) -> None:
    (told,) = faults(**cells)
    assert said in told


@pytest.mark.parametrize(
    ("limit", "fault"),
    [
        (50, workforce.reference_fault), (120, workforce.name_fault), (1000, workforce.notes_fault),
    ],
)  # fmt: skip
def test_a_text_may_be_as_long_as_its_limit(limit: int, fault: Callable[[str], str]) -> None:
    assert fault("x" * limit) == ""
    assert fault("x" * (limit + 1))
