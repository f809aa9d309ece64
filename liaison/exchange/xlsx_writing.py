"""Lists as Excel workbooks: dates as dates, numbers as numbers, and text that is only ever text.

Written by hand, part by part into the file itself: the library that reads workbooks sets every
sheet in the clear into the PC's temporary folder first, where what is personal has no business.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import BinaryIO, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

Value = str | bool | int | Decimal | dt.date | dt.datetime | None
"""What a cell holds; times without an offset, as the clock on the wall showed them."""


class Table(NamedTuple):
    """One sheet: its name, its headings, and its rows."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]


_LONGEST_TEXT: Final = 32_767
_LONGEST_NAME: Final = 31
_CUT: Final = " ... (cut: Excel holds no longer text)"
_WIDEST: Final = 60
_NARROWEST: Final = 8
_SAMPLE: Final = 200
_CHUNK: Final = 500
_MOST_DIGITS: Final = 15
_FIRST_YEAR: Final = 1901
_DAY_ZERO: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # Excel's clock has no zone
_SECONDS_A_DAY: Final = 86_400
_NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_A_CODE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_NAMES: Final = re.compile(r"[\\/*?:\[\]]")
# the order of cellXfs in _STYLES
_TEXT, _HEAD, _DATE, _TIME, _MONEY, _WHOLE = range(6)

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES: Final = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="6">'
    # 49 is "text": what is edited there stays text, also with an equals sign in front
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
    'applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="2" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    "</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def write_xlsx(file: BinaryIO, tables: Sequence[Table]) -> None:
    """Write a workbook.

    No text becomes a formula: every text is kept as text, and stays so when somebody edits the
    cell. The same tables give the same bytes.

    Args:
        file: Where to, opened in binary for writing.
        tables: The sheets; a sheet's rows are asked for when it is its turn.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _parts(tables):
            book.writestr(_part(name), text)
        for number, table in enumerate(tables, 1):
            part = _part(f"xl/worksheets/sheet{number}.xml")
            with book.open(part, "w", force_zip64=True) as sheet:
                for text in _sheet(table):
                    sheet.write(text.encode())


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _parts(tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """Yield what is in a workbook beside its sheets."""
    numbers = range(1, len(tables) + 1)
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    yield (
        "[Content_Types].xml",
        (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{kinds}</Types>'
        ),
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    sheets = "".join(
        f'<sheet name={quoteattr(_sheet_name(table.name))} sheetId="{n}" r:id="rId{n}"/>'
        for n, table in zip(numbers, tables, strict=True)
    )
    yield (
        "xl/workbook.xml",
        (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
        ),
    )
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'


def _sheet_name(name: str) -> str:
    return _NO_TEXT.sub("", _NOT_IN_NAMES.sub(" ", name)).strip(" '")[:_LONGEST_NAME] or "List"


def _sheet(table: Table) -> Iterator[str]:
    rows = iter(table.rows)
    sample = list(islice(rows, _SAMPLE))
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{_width(heading, sample, place)}" '
        'customWidth="1"/>'
        for place, heading in enumerate(table.headings, 1)
    )
    yield (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        # the headings stay in sight
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>"
    )
    yield _row([_string(heading, _HEAD) for heading in table.headings])
    written = chain(sample, rows)
    while some := list(islice(written, _CHUNK)):
        yield "".join(_row([_cell(value) for value in row]) for row in some)
    yield "</sheetData></worksheet>"


def _width(heading: str, sample: Sequence[Sequence[Value]], place: int) -> int:
    shown = (str(row[place - 1] or "") for row in sample)
    longest = max((len(line) for text in shown for line in text.splitlines()), default=0)
    return min(max(longest, len(heading), _NARROWEST), _WIDEST) + 2


def _row(cells: Sequence[str]) -> str:
    return f"<row>{''.join(cells)}</row>"


def _cell(value: Value) -> str:
    match value:
        case None | "":
            return "<c/>"
        case bool():
            return _string("Yes" if value else "No")
        case dt.date() if value.year < _FIRST_YEAR:
            # before Excel's first days, of which it has one too many
            return _string(f"{value:%d/%m}/{value.year:04}")
        case dt.datetime():
            return _number(_days(value), _TIME)
        case dt.date():
            return _number(str((value - _DAY_ZERO.date()).days), _DATE)
        case Decimal():
            return _number(str(value), _MONEY)
        case int():
            is_exact = len(str(abs(value))) <= _MOST_DIGITS
            return _number(str(value), _WHOLE) if is_exact else _string(str(value))
        case _:
            return _string(value)


def _days(moment: dt.datetime) -> str:
    since = moment - _DAY_ZERO
    return repr(round(since.days + since.seconds / _SECONDS_A_DAY, 10))


def _number(text: str, style: int) -> str:
    return f'<c s="{style}"><v>{text}</v></c>'


def _string(text: str, style: int = _TEXT) -> str:
    text = _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(text) > _LONGEST_TEXT:
        text = text[: _LONGEST_TEXT - len(_CUT)] + _CUT
    # _x0041_ in a text means the letter A to Excel
    text = escape(_LIKE_A_CODE.sub("_x005F_", text), {"\r": "&#13;"})
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
