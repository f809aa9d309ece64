"""The NHS's list of practices: read as it comes, and everything else named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from liaison.exchange.ods import is_ods, read_ods
from liaison.exchange.sheets import NotReadable
from tests.exchange.practices import as_file, line
from tests.exchange.workbooks import workbook

Rows = list[list[str]]


def refused(data: bytes) -> NotReadable:
    with pytest.raises(NotReadable) as caught:
        read_ods(io.BytesIO(data))
    return caught.value


def test_every_column_that_is_used_is_read() -> None:
    (found,) = read_ods(
        as_file([line(1, name="THE  PRIORY", phone="01823  259444", closed="20240331", status="C")])
    )
    assert found == (
        "L81001", "THE PRIORY", "PRIORY HOUSE\n1 MILL LANE\nFROME\nSOMERSET", "BA11 1AB",
        "01823 259444", "closed", "4", "1974-04-01", "2024-03-31", "11X",
    )  # fmt: skip
    assert found.is_gp_practice
    assert found.organisation_kind == "GP practice"
    assert not found.is_open


@pytest.mark.parametrize("commissioner", ["11X", "Q9X4Z", ""])
def test_the_commissioner_has_three_characters_or_five(commissioner: str) -> None:
    (found,) = read_ods(as_file([line(1, commissioner=commissioner)]))
    assert found.commissioner == commissioner


def test_the_zip_file_it_comes_in_is_read_too() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("readme.pdf", b"%PDF-1.7")
        opened.writestr("epraccur.csv", as_file([line(1), line(2)]).getvalue())
    file.seek(0)
    assert [one.code for one in read_ods(file)] == ["L81001", "L81002"]


def test_a_mark_at_the_beginning_and_windows_letters_are_read() -> None:
    text = as_file([line(1, name="CAF\u00c9 SURGERY")]).getvalue().decode()
    for data in (text.encode("utf-8-sig"), text.encode("cp1252"), text.encode("utf-16")):
        assert read_ods(io.BytesIO(data))[0].name == "CAF\u00c9 SURGERY"


def every(change: Callable[[list[str]], list[str]], number: int = 60) -> bytes:
    return as_file([change(line(one)) for one in range(1, number)]).getvalue()


def coded(code: str) -> bytes:
    return every(lambda row: [code, *row[1:]])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (workbook([["x"]]).getvalue(), "XLSX"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b"%PDF-1.7", "PDF"),
        (coded("G3102926"), "list of GPs"),
        (coded("L81001001"), "branch surgeries"),
        (coded("VLY8R"), "care homes"),
        (coded("FA002"), "pharmacies"),
        (coded("RA7"), "trusts"),
        (coded("RA701"), "hospitals"),
        (every(lambda row: [*row[:12], "", *row[13:]]), "another list of the NHS"),
        (every(lambda row: row[:6]), "epracmem"),
        (every(lambda row: row[:3]), "3 columns"),
        (b'"Organisation Code","Name"\r\n"L81001","X"\r\n', "row of headings"),
        (b"Name,Phone\nAnn,1\n", "2 columns"),
    ],
)
def test_another_file_is_named(data: bytes, said: str) -> None:
    error = refused(data)
    assert said in error.what
    assert error.code in {"not-ods", "not-csv", "empty"}


def test_a_list_that_was_cut_off_is_refused_wherever_the_cut_is() -> None:
    data = every(lambda row: row, 80)
    last = data.rindex(b"\r\n", 0, len(data) - 2) + 2
    # the last column of all is empty: without it nothing is missing
    for cut in range(last + 1, len(data) - 4):
        error = refused(data[:cut])
        assert error.code == "damaged", cut
        assert "Download" in error.do


def test_a_list_that_somebody_changed_in_a_spreadsheet_is_refused() -> None:
    rows = [line(number) for number in range(1, 100)]
    rows[70][10] = "01/04/1974"
    error = refused(as_file(rows).getvalue())
    assert error.code == "damaged"
    assert "1 of the 99 lines" in error.what


@pytest.mark.parametrize(
    "code", ["", "L8", "L81001L8100", "L81 01", "L81-01", "L8100\u00c9", "L8100\u0661"]
)
def test_a_code_is_three_to_ten_letters_and_digits(code: str) -> None:
    rows = [line(number) for number in range(1, 9)]
    rows[4][0] = code
    assert "1 of the 8 lines" in refused(as_file(rows).getvalue()).what
    rows[4][0] = " l81001 "
    assert read_ods(as_file(rows))[4].code == "L81001"


def test_the_list_is_recognised_by_its_beginning_also_inside_its_zip_file() -> None:
    data = as_file(line(number) for number in range(1, 900)).getvalue()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("epraccur.csv", data)
    assert is_ods(io.BytesIO(data))
    assert is_ods(packed)


def test_what_homes_keep_themselves_is_not_taken_for_the_list() -> None:
    book = workbook([["Name", "Phone"], ["Ann Lowe", "01632 960888"]])
    wide = "\n".join(",".join(f"cell {n}" for n in range(27)) for _ in range(60))
    for data in (b"", b"Name,Phone\nAnn,1\n", b"\x89PNG\r\n", book.getvalue(), wide.encode()):
        assert not is_ods(io.BytesIO(data)), data[:20]
