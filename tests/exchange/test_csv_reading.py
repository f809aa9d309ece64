"""CSV files as homes really have them."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.exchange import csv_reading
from liaison.exchange.csv_reading import read_csv
from liaison.exchange.csv_writing import csv_bytes
from liaison.exchange.sheets import NotReadable, Row


def rows(data: bytes) -> list[Row]:
    return list(read_csv(io.BytesIO(data)).rows)


def cells(data: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in rows(data)]


def refused(data: bytes) -> NotReadable:
    with pytest.raises(NotReadable) as caught:
        rows(data)
    assert caught.value.kept == "Nothing was changed."
    assert caught.value.do
    return caught.value


TEXT = "Name,Town\r\nZoë O\u2019Neil,Llanfairpwll £5\r\n"
TABLE = [("Name", "Town"), ("Zoë O\u2019Neil", "Llanfairpwll £5")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_every_encoding_that_office_programs_write_is_read(encoding: str) -> None:
    assert cells(TEXT.encode(encoding)) == TABLE


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_delimiters_and_line_ends_are_found(delimiter: str, end: str) -> None:
    lines = ["Name|Address|Note", '"Ellis, Margaret; Mrs"|"1 High St"|a,b;c', "Jones|2 Mill Rd|"]
    text = end.join(lines).replace("|", delimiter)
    if delimiter != "\t":
        text = text.replace("a,b;c", "plain")
    sheet = read_csv(io.BytesIO(text.encode()))
    assert sheet.delimiter == delimiter
    found = [row.cells for row in sheet.rows]
    assert [len(row) for row in found] == [3, 3, 3]
    assert found[1][0] == "Ellis, Margaret; Mrs"


def test_a_semicolon_file_full_of_commas_is_no_comma_file() -> None:
    text = "Name;Phone\n" + "Ellis, Margaret;01632 960123\n" * 20
    assert cells(text.encode())[1] == ("Ellis, Margaret", "01632 960123")


@pytest.mark.parametrize("title", ["Contacts of the home", "Contacts, last looked at in March"])
def test_a_title_above_the_headings_hides_no_delimiter(title: str) -> None:
    text = f"{title}\n\nName;Phone;Post\n" + "Ellis;01632 960123;nurse, nights, and more\n" * 9
    assert read_csv(io.BytesIO(text.encode())).delimiter == ";"


def test_sentences_below_a_title_are_no_columns() -> None:
    text = "Name\n" + "Ann Ellis\n" * 8 + "Ellis; Bob\n" * 3
    assert cells(text.encode())[-1] == ("Ellis; Bob",)


def test_names_with_commas_alone_in_a_column_stay_whole() -> None:
    assert cells(b"Name\nSmith\nJones\n") == [("Name",), ("Smith",), ("Jones",)]


def test_a_line_that_tells_excel_the_delimiter_is_obeyed_and_not_counted() -> None:
    found = rows(b"sep=;\r\nName;Town\r\nA,B;C\r\n")
    assert found == [Row(1, ("Name", "Town")), Row(2, ("A,B", "C"))]


def test_lines_within_quotes_are_one_row_and_blank_lines_are_counted() -> None:
    found = rows(b'Name,Note\n\nA,"one\ntwo, ""three"""\nB,c\n')
    assert found[1] == Row(2, ())
    assert found[1].is_blank
    assert found[2:] == [Row(3, ("A", 'one\ntwo, "three"')), Row(4, ("B", "c"))]


@pytest.mark.parametrize(
    ("text", "bad", "good"),
    [
        ('Name,Town\n"Smith,Bath\nJones,Wells\nBrown,Frome\n', 2, ["Jones", "Brown"]),
        ('Name,Town\nJones,Wells\n"Smith,Bath\n"Brown",Frome\n', 3, ["Jones", "Brown"]),
        ('Name,Town\nJones,Wells\n"Smith "Bob" X",Bath\nBrown,Frome\n', 3, ["Jones", "Brown"]),
        ('Name,Town\nJones,Wells\nBrown,"Frome', 3, ["Jones"]),
    ],
)
def test_a_quote_without_a_partner_costs_its_own_row_and_no_other(
    text: str, bad: int, good: list[str]
) -> None:
    found = rows(text.encode())
    (wrong,) = [row for row in found if row.problem]
    assert wrong.number == bad
    assert f"line {bad}" in wrong.problem
    assert "".join(wrong.cells)
    assert [row.cells[0] for row in found[1:] if not row.problem] == good
    assert [row.number for row in found] == list(range(1, len(found) + 1))


def test_a_quote_in_the_middle_of_a_text_is_just_a_sign() -> None:
    assert cells(b'Name,Size\nPipe,5"\nHose,7" wide\n')[1:] == [("Pipe", '5"'), ("Hose", '7" wide')]


def test_a_quote_left_open_before_a_long_file_stops_somewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_reading, "LONGEST_ROW", 10_000)
    text = 'Name,Town\n"Smith,Bath\n' + "Jones,Wells\n" * 5_000
    found = rows(text.encode())
    assert [row.number for row in found if row.problem] == [2]
    assert len(found) == 5_002


def test_a_file_of_one_endless_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_reading, "LONGEST_ROW", 10_000)
    assert "10,000" in refused(b"Name,Town\n" + b"x" * 20_000).what


def test_a_cell_of_ten_megabytes_is_read() -> None:
    found = cells(b"Name,Note\nA," + b"x" * 10_000_000 + b"\nB,c\n")
    assert [len(row[1]) for row in found] == [4, 10_000_000, 1]


def test_two_hundred_columns_are_read() -> None:
    wide = ",".join(f"Column {number}" for number in range(200))
    assert len(cells(f"{wide}\n{wide}\n".encode())[1]) == 200


def test_a_character_no_text_has_is_told_with_its_line() -> None:
    found = rows(b"Name,Town\nSmith,Bath\nJo\0nes,Wells\n")
    assert [bool(row.problem) for row in found] == [False, False, True]
    assert "line 3" in found[2].problem.lower()


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b"  \n", b"\xff\xfe"])
def test_an_empty_file_is_told(data: bytes) -> None:
    assert refused(data).code == "empty"


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr(name, "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (zipped("xl/workbook.xml"), "Excel workbook (XLSX)"),
        (zipped("word/document.xml"), "Word"),
        (zipped("holiday.jpg"), "ZIP file"),
        (zipped("xl/workbook.xml")[:60], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "web page"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\n", "vCards"),
    ],
    # Named by their bytes, archives would be called by the second they were made in.
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_what_is_no_csv_is_named(data: bytes, named: str) -> None:
    error = refused(data)
    assert named in error.what
    assert error.code == "not-csv"


def test_any_other_binary_file_is_no_text() -> None:
    assert refused(bytes(range(256)) * 20).what == "This is not a text file."


def test_one_damaged_byte_does_not_change_the_letters_of_the_others() -> None:
    data = "Name,Town\nZoë,Bath\nSiân,Wells\nLlŷr,Frome\n".encode()
    damaged = data.replace("â".encode(), b"\xc3")
    found = cells(damaged)
    assert found[1] == ("Zoë", "Bath")
    assert found[2] == ("Si\udcc3n", "Wells")
    assert found[3] == ("Llŷr", "Frome")


@pytest.mark.parametrize("good_reads", [0, 1, 3])
def test_a_disk_that_stops_answering_is_told(good_reads: int) -> None:
    class Pulled(io.BytesIO):
        """A file on a stick that is pulled out after some reading."""

        left = good_reads

        def read(self, size: int | None = -1, /) -> bytes:
            if not self.left:
                raise OSError(5, "Input/output error")
            self.left -= 1
            return super().read(size)

    with pytest.raises(NotReadable, match="Input/output error") as caught:
        list(read_csv(Pulled(b"Name,Kind\n" + b"A,pharmacy\n" * 20_000)).rows)
    assert caught.value.code == "file"
    assert caught.value.kept == "Nothing was changed."


def test_utf16_that_ends_in_the_middle_of_a_character_is_told() -> None:
    assert refused(("Name,Town\n" * 40).encode("utf-16")[:-1]).code == "damaged-text"


CELL = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\t",;='), max_size=20
)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_is_written_is_read_again(table: list[list[str]]) -> None:
    named = [["Name", "Town", "Note"], *table]
    found = cells(b"".join(csv_bytes(named)))
    assert [[cell.lstrip(" ") for cell in row] for row in found] == [
        [cell.lstrip(" ") for cell in row] for row in named
    ]
