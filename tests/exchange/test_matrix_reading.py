"""Matrices found wherever they stand on a sheet."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from liaison.exchange.matrix_cells import Meaning
from liaison.exchange.matrix_reading import looks_like_matrix, read_matrix
from liaison.exchange.sheets import NotReadable
from tests.exchange.matrices import csv_file, workbook

DAY = dt.datetime(2026, 4, 3)  # noqa: DTZ001  # as workbooks have it
WORDS = "3/4/26"
Rows = list[list[Any]]


def test_a_plain_matrix_is_names_down_and_courses_across() -> None:
    file = workbook({"Matrix": [["Name", "Fire safety", "M&H"], ["Jo Bell", DAY, WORDS]]})
    (grid,) = read_matrix(file).grids
    assert [column.heading for column in grid.columns] == ["Fire safety", "M&H"]
    (line,) = grid.lines
    assert (line.row, line.name, line.cells) == (2, "Jo Bell", (DAY, WORDS))


def test_titles_groups_joined_heads_intervals_totals_and_blank_rows_are_no_data() -> None:
    rows: Rows = [
        ["Willow House training matrix 2026"],
        [],
        ["Staff name", "Job title", "Mandatory", None, "Role", None, "Total"],
        [None, None, "Fire\nsafety", "Manual handling", "Medication", "Dementia", None],
        ["", "", "12 months", "Annual", "yearly", "Once", ""],
        ["CARE STAFF"],
        ["Bell, Jo", "Nurse", DAY, WORDS, None, "N/A", 2],
        [],
        ["Al Hill", "Cook", None, None, WORDS, None, 1],
        ["Sam Lee", "Cook", None, None, None, None, 0],
        ["Total trained", None, 1, 1, 1, 0, 3],
        ["% compliant", None, 0.5, 0.5, 0.5, 0, None],
    ]
    merged = ["A1:G1", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "A6:G6"]
    (grid,) = read_matrix(workbook({"2026": rows}, {"2026": merged})).grids
    headings = [column.heading for column in grid.columns]
    assert headings == ["Fire safety", "Manual handling", "Medication", "Dementia"]
    assert [(line.row, line.name, line.role) for line in grid.lines] == [
        (7, "Bell, Jo", "Nurse"), (9, "Al Hill", "Cook"),
    ]  # fmt: skip
    assert grid.passed == 4


def test_two_rows_of_heads_may_say_what_each_day_is() -> None:
    rows: Rows = [
        ["Surname", "First name", "Fire safety", None, "Medication", None],
        [None, None, "Completed", "Expiry date", "Date done", "Due"],
        ["Bell", "Jo", DAY, DAY, None, WORDS],
    ]
    for merged in (["C1:D1", "E1:F1", "A1:A2", "B1:B2"], []):
        (grid,) = read_matrix(workbook({"A": rows}, {"A": merged})).grids
        assert [(one.heading, one.meaning) for one in grid.columns] == [
            ("Fire safety", Meaning.COMPLETED), ("Fire safety", Meaning.EXPIRES),
            ("Medication", Meaning.COMPLETED), ("Medication", Meaning.EXPIRES),
        ]  # fmt: skip
        assert [line.name for line in grid.lines] == ["Bell, Jo"]


def test_parts_below_one_heading_are_courses_with_its_name() -> None:
    rows: Rows = [
        ["Name", "Oliver McGowan", None, None, "Fire safety", "Role", None],
        [None, "e-learning", "Tier 1", "Tier 2", "e-learning", "Medication", "Dementia"],
        ["Jo Bell", DAY, DAY, DAY, DAY, DAY, DAY],
        [None, None, None, DAY],
    ]
    merged = ["B1:D1", "F1:G1", "A3:A4"]
    (grid,) = read_matrix(workbook({"A": rows}, {"A": merged})).grids
    assert [column.heading for column in grid.columns] == [
        "Oliver McGowan e-learning", "Oliver McGowan Tier 1", "Oliver McGowan Tier 2",
        "Fire safety", "Medication", "Dementia",
    ]  # fmt: skip
    # a name that is joined over two rows is the name of both
    assert [(line.row, line.name) for line in grid.lines] == [(3, "Jo Bell"), (4, "Jo Bell")]


@pytest.mark.parametrize(
    ("heading", "course", "meaning"),
    [
        ("Fire safety (expiry)", "Fire safety", Meaning.EXPIRES),
        ("Fire safety - date completed", "Fire safety", Meaning.COMPLETED),
        ("Fire safety expires", "Fire safety", Meaning.EXPIRES),
        ("Fire safety", "Fire safety", None),
        ("Total communication", "Total communication", None),
    ],
)
def test_a_heading_may_say_it_itself(heading: str, course: str, meaning: Meaning | None) -> None:
    (grid,) = read_matrix(workbook({"A": [["Name", heading], ["Jo Bell", DAY]]})).grids
    assert [(one.heading, one.meaning) for one in grid.columns] == [(course, meaning)]


def test_names_without_a_heading_are_found_by_what_they_look_like() -> None:
    rows: Rows = [
        [None, None, "Fire safety", "Medication"],
        [1, "Jo Bell", WORDS, None],
        [2, "Al Hill", None, WORDS],
    ]
    (grid,) = read_matrix(workbook({"A": rows})).grids
    assert [line.name for line in grid.lines] == ["Jo Bell", "Al Hill"]
    assert [column.heading for column in grid.columns] == ["Fire safety", "Medication"]


def test_all_sheets_that_hold_one_are_read_and_the_others_named() -> None:
    good: Rows = [["Name", "Fire safety"], ["Jo Bell", DAY]]
    file = workbook(
        {"Day": good, "Key": [["Green means in date"]], "Night": good, "Old": good}, hidden=["Old"]
    )
    matrix = read_matrix(file)
    assert [grid.name for grid in matrix.grids] == ["Day", "Night"]
    assert matrix.remarks == ("No matrix was found on 'Key'.",)
    assert [grid.name for grid in read_matrix(file, "night").grids] == ["Night"]
    with pytest.raises(NotReadable, match="no sheet"):
        read_matrix(file, "Noon")


def test_a_csv_file_is_read_as_well() -> None:
    file = csv_file('Staff list\r\n\r\nName,Fire safety,Notes\r\n"Bell, Jo",3/4/26,late shift\r\n')
    (grid,) = read_matrix(file).grids
    assert [(line.row, line.name, line.cells) for line in grid.lines] == [
        (4, "Bell, Jo", ("3/4/26",))
    ]


def test_what_is_no_matrix_is_told() -> None:
    for file in (csv_file("a,b\r\n1,2\r\n"), workbook({"A": [["Name", "Fire safety"]]}),
                 csv_file("BEGIN:VCARD\r\nEND:VCARD\r\n")):  # fmt: skip
        with pytest.raises(NotReadable) as refused:
            read_matrix(file)
        assert refused.value.code == "no-matrix"


def test_ten_thousand_rows_of_nothing_cost_nothing() -> None:
    rows: Rows = [["Name", "Fire safety"], ["Jo Bell", DAY], *([None, ""] for _ in range(10_000)),
            ["Al Hill", WORDS]]  # fmt: skip
    (grid,) = read_matrix(workbook({"A": rows})).grids
    assert [line.row for line in grid.lines] == [2, 10_003]


def test_a_matrix_is_told_from_a_list() -> None:
    assert looks_like_matrix([["Name", "A", "B", "C"], ["Jo Bell", "3/4/26", "", "5/4/2026"]])
    assert not looks_like_matrix([["Name", "Job title", "Phone"], ["Jo Bell", "Nurse", "01823 1"]])
    assert not looks_like_matrix([["Staff", "Course", "Completed"], ["Jo Bell", "Fire", "3/4/26"]])
