"""Workbooks read as people see them, refused where they are no list, and written without danger."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
import pytest

from liaison.exchange import xlsx_limits, xlsx_reading, xlsx_size
from liaison.exchange.formulas import unguard
from liaison.exchange.reading import read_list
from liaison.exchange.sheets import NotReadable, Row
from liaison.exchange.signatures import FileKind, kind_of, refuse_what_is_no_text
from liaison.exchange.xlsx_reading import read_xlsx, sheet_names
from liaison.exchange.xlsx_writing import Table, Value, write_xlsx
from tests.exchange.workbooks import part, with_parts, workbook

AT = dt.datetime(2026, 11, 23, 14, 20)  # noqa: DTZ001  # a spreadsheet's clock has no zone


def rows_of(file: io.BytesIO, sheet: str = "") -> list[Row]:
    return list(read_xlsx(file, sheet).rows)


def cells_of(file: io.BytesIO) -> list[tuple[str, ...]]:
    return [row.cells for row in rows_of(file)]


def refused(file: io.BytesIO) -> NotReadable:
    with pytest.raises(NotReadable) as caught:
        list(read_xlsx(file).rows)
    return caught.value


# ---- read


def test_values_are_read_as_somebody_would_type_them() -> None:
    file = workbook(
        [
            [dt.date(2026, 11, 23), AT, dt.time(9, 5)],
            [1632960123, 1632960123.0, 12.5, True],
            ["  as typed ", "=not a formula?", None, "x"],
        ],
        lambda _, sheet: setattr(sheet["B3"], "data_type", "s"),
    )
    assert cells_of(file) == [
        ("23/11/2026", "23/11/2026 14:20", "09:05"),
        ("1632960123", "1632960123", "12.5", "Yes"),
        ("  as typed ", "'=not a formula?", "", "x"),
    ]


def test_of_a_formula_the_value_is_read_that_the_spreadsheet_worked_out() -> None:
    file = workbook([["x"]])
    sheet = part(file, "sheet1.xml")
    computed = b'<c r="A1" t="str"><f>CONCATENATE("Jo"," Bell")</f><v>Jo Bell</v></c>'
    start, end = sheet.index(b"<c "), sheet.index(b"</c>") + len(b"</c>")
    file = with_parts(file, sheet1=sheet[:start] + computed + sheet[end:])
    assert cells_of(file) == [("Jo Bell",)]
    assert read_xlsx(file).remarks == ()


def test_a_formula_without_its_result_is_told() -> None:
    file = workbook([["Ann", "=1+1"]])
    assert "results are not in the file" in read_xlsx(file).remarks[0]


def test_joined_cells_say_the_same_in_every_row_and_that_is_told() -> None:
    rows: list[list[object]] = [
        ["Where", "Name"],
        ["Priory", "Ann"],
        [None, "Bob"],
        [None, "Cy"],
        [None, "Di"],
    ]
    file = workbook(rows, lambda _, sheet: sheet.merge_cells("A2:A4"))
    found = rows_of(file)
    assert [row.cells[0] for row in found] == ["Where", "Priory", "Priory", "Priory", ""]
    assert not found[1].notes
    assert "'Priory' was taken" in found[2].notes[0]
    assert not found[4].notes


def test_blank_rows_keep_their_numbers_and_a_wrong_dimension_loses_nothing() -> None:
    file = workbook([["a"], [], ["b", "c"]])
    sheet = part(file, "sheet1.xml").replace(b'ref="A1:B3"', b'ref="A1"')
    assert b'ref="A1"' in sheet
    found = rows_of(with_parts(file, sheet1=sheet))
    assert [(row.number, row.cells) for row in found if not row.is_blank] == [
        (1, ("a",)), (3, ("b", "c")),
    ]  # fmt: skip


def test_an_error_in_a_cell_counts_as_empty_and_is_told() -> None:
    (row,) = rows_of(workbook([["Ann", "#REF!"]]))
    assert row.cells == ("Ann", "")
    assert "#REF! in column B" in row.notes[0]


def test_a_sheet_is_chosen_by_its_name_and_hidden_ones_are_not_the_first() -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.sheet_state = "hidden"
        book.create_sheet("Staff list").append(["staff"])
        book.create_sheet("Old").append(["old"])

    file = workbook([["hidden"]], change)
    assert sheet_names(file) == ["Staff list", "Old"]
    sheet = read_xlsx(file)
    assert next(sheet.rows).cells == ("staff",)
    assert "'Old'" in sheet.remarks[0]
    assert [row.cells for row in read_xlsx(file, " staff LIST ").rows] == [("staff",)]
    with pytest.raises(NotReadable) as caught:
        read_xlsx(file, "Rota")
    assert caught.value.code == "no-sheet"
    assert "'Staff list'" in caught.value.do


def test_the_ends_of_lines_of_other_systems_are_ends_of_lines() -> None:
    assert cells_of(workbook([["a_x000D_\nb_x000D_c"]])) == [("a\nb\nc",)]


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_BOLD = '<rPr><b/><rFont val="Arial"/></rPr>'
TEXTS = (
    "<t>Ann Lowe</t>",
    '<t xml:space="preserve"> as typed </t>',
    f"<r>{_BOLD}<t>Fire</t></r><r><t xml:space='preserve'> safety</t></r><r>{_BOLD}</r>",
    "<t>\u6771\u4eac</t><rPh sb='0' eb='2'><t>\u30c8\u30a6\u30ad\u30e7\u30a6</t></rPh><phoneticPr fontId='1'/>",
    "<t>a_x005F_b &amp; c</t>",
    "<t/>",
    "",
)


def with_shared_texts(texts: str, **parts: bytes) -> io.BytesIO:
    """Return a workbook with a table of texts that cells share, as Excel writes one."""
    file = workbook([["x"]])
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    name = "xl/sharedStrings.xml"
    listed = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'.encode()
    types = part(file, "[Content_Types].xml").replace(b"</Types>", listed)
    file = with_parts(file, **{"[Content_Types]": types}, **parts)
    with zipfile.ZipFile(file, "a") as book:
        book.writestr(name, texts)
    return file


def test_texts_are_read_as_the_library_reads_them_wherever_they_stand() -> None:
    shared = "".join(f"<si>{text}</si>" for text in TEXTS)
    cells = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(len(TEXTS)))
    cells += "".join(f'<c t="inlineStr"><is>{text}</is></c>' for text in TEXTS)
    cells += '<c t="inlineStr"><v>5</v><is><t>Ann</t></is></c><c t="inlineStr"/><c t="str"><f>A1</f><v>Ann</v></c>'
    file = with_shared_texts(
        f"<sst {_MAIN}>{shared}</sst>",
        sheet1=f"<worksheet {_MAIN}><sheetData><row>{cells}</row></sheetData></worksheet>".encode(),
    )
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    (theirs,) = book.worksheets[0].iter_rows(values_only=True)
    assert theirs[:3] == ("Ann Lowe", " as typed ", "Fire safety")
    (block,) = xlsx_reading.read_blocks(file)
    assert [value or None for value in block.rows[0]] == [value or None for value in theirs]


def test_declarations_among_the_shared_texts_are_refused_wherever_they_stand() -> None:
    text = (
        f"<!--{' x' * 4_000}--><!DOCTYPE a [<!ENTITY b 'c'>]><sst {_MAIN}><si><t>&b;</t></si></sst>"
    )
    assert refused(with_shared_texts(text)).code == "damaged"


# ---- refused


def test_a_bomb_is_refused_by_the_list_of_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    file = workbook([["x"]])
    bomb = with_parts(file, sheet1=b"<worksheet>" + b" " * 6_000_000)
    assert "packed far more tightly" in refused(bomb).what
    monkeypatch.setattr(xlsx_limits, "MOST_BYTES", 1_000_000)
    assert "unpacks to more than 1 MB" in refused(bomb).what
    assert refused(bomb).code == "not-safe"


def test_a_workbook_of_thousands_of_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_limits, "MOST_PARTS", 3)
    assert refused(workbook([["x"]])).code == "not-safe"


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_is_refused(code: str) -> None:
    text = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cccc">]><worksheet>&b;</worksheet>'
    file = with_parts(workbook([["x"]]), sheet1=text.encode(code))
    assert refused(file).code == "not-safe"


def test_entities_behind_a_long_comment_are_refused_as_well() -> None:
    text = f"<!--{' x' * 4_000}--><!DOCTYPE a [<!ENTITY b 'c'>]><worksheet>&b;</worksheet>"
    assert refused(with_parts(workbook([["x"]]), sheet1=text.encode())).code == "damaged"


@pytest.mark.parametrize(("row", "column"), [("99999999999", "A"), ("1048577", "A")])
def test_a_row_beyond_the_last_one_of_excel_ends_the_reading(
    row: str, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert xlsx_reading.MOST_ROWS == 1_048_576
    monkeypatch.setattr(xlsx_reading, "MOST_ROWS", 10_000)
    file = workbook([["x"]])
    sheet = part(file, "sheet1.xml").replace(b'r="1"', f'r="{row}"'.encode())
    sheet = sheet.replace(b'r="A1"', f'r="{column}{row}"'.encode())
    assert refused(with_parts(file, sheet1=sheet)).code == "too-large"


def test_more_cells_than_a_list_has_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_reading, "MOST_CELLS", 30_000)
    assert refused(workbook([[None] * 16_000 + ["x"]] * 2)).code == "too-large"


@pytest.mark.parametrize("prefix", [b"", b"x:"])
@pytest.mark.parametrize("limit", ["MOST_ROWS", "MOST_CELLS"])
def test_what_is_too_large_is_refused_before_a_row_is_read(
    limit: str, prefix: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workbook([["Ann", "01632 960123"]] * 3_000)
    sheet = part(file, "sheet1.xml")
    if prefix:
        sheet = re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", sheet).replace(b"xmlns=", b"xmlns:x=")
    monkeypatch.setattr(xlsx_size, "_CHUNK", 777)
    monkeypatch.setattr(xlsx_reading, limit, 3_000 if limit == "MOST_ROWS" else 6_000)
    fits = with_parts(file, sheet1=sheet)
    assert len(list(read_xlsx(fits).rows)) == 3_000
    monkeypatch.setattr(xlsx_reading, limit, 2_999 if limit == "MOST_ROWS" else 5_999)
    with pytest.raises(NotReadable, match="more rows or cells") as caught:
        read_xlsx(fits)
    assert caught.value.code == "too-large"


@pytest.mark.parametrize(
    "parts",
    [{"sheet1": b"<worksheet><sheetData><row"}, {"workbook": b""}, {"workbook": None},
     {"[Content_Types]": b"<x/>"}, {"styles": b"<styleSheet"}, {"sheet1": b""}],
)  # fmt: skip
def test_a_damaged_workbook_is_told(parts: dict[str, bytes | None]) -> None:
    assert refused(with_parts(workbook([["x"]]), **parts)).code in {"damaged", "empty"}


def test_a_workbook_that_was_cut_off_is_told() -> None:
    data = workbook([[f"name {number}"] for number in range(500)]).getvalue()
    for length in range(100, len(data), len(data) // 9):
        assert refused(io.BytesIO(data[:length])).code == "damaged"


def test_flipped_bytes_never_end_in_anything_but_rows_or_a_plain_word() -> None:
    data = bytearray(workbook([["Name", "Phone"], ["Ann", 1632960123]] * 20).getvalue())
    outcomes: set[int | str | None] = set()
    for place in range(0, len(data), 13):
        data[place] ^= 0x55
        try:
            outcomes.add(len(rows_of(io.BytesIO(bytes(data)))))
        except NotReadable as error:
            outcomes.add(error.code)
        data[place] ^= 0x55
    assert "damaged" in outcomes


def ole(*names: str) -> io.BytesIO:
    inside = b"\0\0".join(name.encode("utf-16-le") for name in names)
    return io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000) + inside + bytes(100))


def test_a_password_and_the_old_kind_of_workbook_are_named() -> None:
    for file, code in ((ole("EncryptedPackage"), "password"), (ole("Workbook"), "old-xls")):
        with pytest.raises(NotReadable) as caught:
            refuse_what_is_no_text(file)
        assert caught.value.code == code
        assert "Excel" in caught.value.do
        assert file.tell() == 0


def test_what_a_file_is_says_what_is_in_it() -> None:
    assert kind_of(workbook([["x"]])) is FileKind.XLSX
    assert kind_of(io.BytesIO(b"Name,Phone\n")) is FileKind.CSV
    assert kind_of(io.BytesIO(b"\xef\xbb\xbf\r\n begin:vcard\r\n")) is FileKind.VCARD
    assert kind_of(io.BytesIO("BEGIN:VCARD\r\n".encode("utf-16"))) is FileKind.VCARD


# ---- written


def test_what_is_written_is_typed_and_read_again_as_it_was() -> None:
    file = io.BytesIO()
    rows: list[list[Value]] = [
        ["=1+1", dt.date(2026, 11, 23), AT, Decimal("12.50"), 7],
        ["'=x & <y>\n\r z", dt.date(1880, 1, 1), None, None, True],
        ["0044 1823", dt.date(1901, 1, 1), None, None, 12345678901234567],
        ["_x0041_ \x01", None, None, None, None],
    ]
    write_xlsx(file, [Table("A/b:c", ["Name", "Day", "At", "Cost", "Count"], rows)])
    found = [[unguard(cell) for cell in cells] for cells in cells_of(file)]
    assert found[1:] == [
        ["=1+1", "23/11/2026", "23/11/2026 14:20", "12.5", "7"],
        ["'=x & <y>\n\r z", "01/01/1880", "", "", "Yes"],
        ["0044 1823", "01/01/1901", "", "", "12345678901234567"],
        ["_x0041_ \N{REPLACEMENT CHARACTER}", "", "", "", ""],
    ]
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    assert book.sheetnames == ["A b c"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "d", "d", "n", "n"]
    assert sheet["A2"].number_format == "@"
    assert sheet["C2"].value == AT
    assert sheet.freeze_panes == "A2"


def test_no_text_becomes_a_formula() -> None:
    file = io.BytesIO()
    evil = ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1", "=HYPERLINK(1)"]
    write_xlsx(file, [Table("x", ["=head"], [[text] for text in evil])])
    with zipfile.ZipFile(file) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    cells = [row[0] for row in openpyxl.load_workbook(file).worksheets[0].rows]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells] == ["=head", *evil]


def test_a_text_longer_than_excel_holds_is_cut_and_says_so() -> None:
    file = io.BytesIO()
    write_xlsx(file, [Table("x", ["Note"], [["n" * 40_000]])])
    value = openpyxl.load_workbook(file).worksheets[0]["A2"].value
    assert len(value) == 32_767
    assert value.endswith("Excel holds no longer text)")


def test_the_same_tables_give_the_same_bytes() -> None:
    one, other = io.BytesIO(), io.BytesIO()
    for file in (one, other):
        write_xlsx(file, [Table("x", ["a"], [["b"]] * 1_300), Table("y", ["c"], [])])
    assert one.getvalue() == other.getvalue()
    assert len(rows_of(one, "x")) == 1_301


def called(name: str, data: bytes, folder: Path) -> BinaryIO:
    file = folder / name
    file.write_bytes(data)
    return file.open("rb")


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"hello world this is no workbook", "not an Excel workbook, although its name says so"),
     (b"%PDF-1.7 and so on", "This is a PDF, not an Excel workbook"),
     (b"PK\x03\x04 and no more", "This Excel workbook is damaged, or was cut off")],
)  # fmt: skip
def test_what_is_called_a_workbook_and_is_none_is_told_so(
    data: bytes, said: str, tmp_path: Path
) -> None:
    with called("list.xlsx", data, tmp_path) as file, pytest.raises(NotReadable, match=said):
        read_list(file)


def test_a_text_with_columns_that_is_called_a_workbook_is_read_and_told(tmp_path: Path) -> None:
    with called("list.XLSX", b"Name;Phone\nAnn;01632 960123\n", tmp_path) as file:
        sheet = read_list(file)
        assert [row.cells for row in sheet.rows] == [("Name", "Phone"), ("Ann", "01632 960123")]
    assert "plain text" in sheet.remarks[-1]
