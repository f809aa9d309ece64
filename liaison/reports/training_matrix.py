"""The training matrix on paper: staff down, courses across, on as many landscape pages as it takes."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Final

from liaison.records.rules.matrix import Column, Matrix
from liaison.reports import matrix_cells
from liaison.reports.kit.door import one_line
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.sheet import Furniture, Sheet
from liaison.reports.kit.typeface import (
    BODY,
    BODY_MUTED,
    HAIR,
    INK,
    INTRO,
    MUTED,
    REGULAR,
    SEMIBOLD,
    TABLE_BOLD,
    TABLE_HEAD,
    TITLE,
    Style,
)
from liaison.reports.kit.wording import long_date
from liaison.reports.matrix_cells import Box
from liaison.reports.matrix_layout import (
    GROUP,
    GROUP_LINE,
    HEAD_LEADING,
    KEY_ROOM,
    NAME,
    NAME_LEADING,
    ROLE,
    SUMS,
    SUMS_HEIGHT,
    Layout,
    Line,
)
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

_TITLE_LINE: Final = 79.5
_RULES_FROM: Final = 8.5  # over the first baseline of the groups
_FIVE: Final = 5
_PAST: Final = 6.2

_TITLE: Final = dataclasses.replace(TITLE, size=18, leading=22)
_INTRO: Final = dataclasses.replace(INTRO, size=9.6)
_COUNT: Final = Style(REGULAR, 8.5, 10)
_COUNT_BOLD: Final = Style(SEMIBOLD, 8.5, 10)
_SHARE: Final = Style(REGULAR, 8, 10)
_SHARE_LABEL: Final = Style(REGULAR, 8, 10, MUTED)
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        matrix: The matrix.
        initials: Whether staff are shown by their initials.
    """

    home: str
    matrix: Matrix
    initials: bool = False


def render(facts: Facts, printed: Printed) -> Document:
    """Set the matrix on paper."""
    on = long_date(facts.matrix.on)
    sheet = Sheet(
        Furniture(facts.home, SPEC.title, f"State on {on}", printed),
        title=f"{SPEC.title}, {facts.home}",
    )
    _Pages(sheet, facts).set()
    return sheet.finish()


SPEC: Final[ReportSpec[Facts]] = ReportSpec(
    name="training-matrix",
    title="Training matrix",
    about="Who holds which course on a day, what runs out soon, what is missing.",
    parameters=Parameters(on=True, initials=True),
    render=render,
)


class _Pages:
    """Sets a matrix: pages of staff, and for each of them pages of courses."""

    def __init__(self, sheet: Sheet, facts: Facts) -> None:
        self._sheet = sheet
        self._matrix = facts.matrix
        sheet.new_page(landscape=True)
        sheet.bookmark(SPEC.title)
        self._layout = Layout(sheet, facts.matrix, in_initials=facts.initials)

    def set(self) -> None:
        """Set every page."""
        matrix, sheet = self._matrix, self._sheet
        wide = sheet.text(sheet.left, _TITLE_LINE, SPEC.title, _TITLE, sheet.room / 2)
        x = sheet.left + wide + 20
        sheet.text(x, _TITLE_LINE, self._intro(), _INTRO, sheet.right - x)
        if not matrix.rows or not matrix.columns:
            return
        first = 0
        pages = self._layout.pages
        for number, page in enumerate(pages, 1):
            for part in range(len(self._layout.starts)):
                if first or part:
                    self._go_on(first, len(page), part)
                self._page(page, part, is_last=number == len(pages))
            first += len(page)
        if self._layout.cut:
            self._full_names()

    def _intro(self) -> str:
        matrix = self._matrix
        if not matrix.rows:
            return "Nobody worked in the home on that day."
        if not matrix.columns:
            return "No course is required of anybody, and nobody holds one."
        holds = "holds" if matrix.complete == 1 else "hold"
        words = (
            f"{matrix.complete} of {len(matrix.rows)} staff {holds} every required course in date. "
            "Dates are the day the course runs out."
        )
        return f"{words} {self._which(0)}".rstrip()

    def _which(self, part: int) -> str:
        """Say which courses a page has, if it has not all of them."""
        if len(self._layout.starts) == 1:
            return ""
        start, all_of_them = self._layout.starts[part], len(self._matrix.columns)
        end = start + len(self._layout.columns(part))
        return f"Courses {start + 1} to {end} of {all_of_them}."

    def _go_on(self, first: int, count: int, part: int) -> None:
        """Begin another page and say what is on it."""
        sheet = self._sheet
        sheet.new_page(landscape=True)
        staff = f"Staff {first + 1} to {first + count} of {len(self._matrix.rows)}."
        wide = sheet.text(sheet.left, _TITLE_LINE, f"{SPEC.title}, continued", TABLE_BOLD, 200)
        x = sheet.left + wide + 12
        sheet.text(x, _TITLE_LINE, f"{staff} {self._which(part)}", BODY_MUTED, sheet.right - x)

    def _page(self, lines: list[Line], part: int, *, is_last: bool) -> None:
        sheet, layout = self._sheet, self._layout
        self._heads(part)
        y = layout.head_rule
        for number, line in enumerate(lines, 1):
            height = line.height(layout.pitch)
            self._row(line, part, y, height)
            y += height
            if number < len(lines):
                strong = number % _FIVE == 0
                weight, ink = (0.7, INK) if strong else (0.4, HAIR)
                sheet.rule(sheet.left, y, layout.end(part), weight=weight, ink=ink)
        sheet.rule(sheet.left, y, layout.end(part), weight=0.9, ink=INK)
        if is_last:
            self._sums(part, y)
            y += SUMS_HEIGHT
        for group in layout.groups(part):
            sheet.rule(group.x, GROUP_LINE - _RULES_FROM, group.x, y, weight=0.7, ink=INK)
        matrix_cells.key(sheet, y + KEY_ROOM - 4, self._matrix)

    def _heads(self, part: int) -> None:
        sheet, layout = self._sheet, self._layout
        line = layout.head_rule - 5.5
        sheet.text(sheet.left, line, "Staff", TABLE_HEAD, layout.names)
        sheet.spans([(g.x + 3.5, GROUP_LINE, GROUP, g.lines) for g in layout.groups(part)])
        x = layout.first_cell
        for column in layout.columns(part):
            lines = layout.head(column)
            start = x + layout.cell / 2 - (len(lines) - 1) * HEAD_LEADING / 2 + 3
            for number, words in enumerate(lines):
                at = start + number * HEAD_LEADING
                sheet.turned(at, line + 1, words, TABLE_HEAD, layout.head_length + 0.5)
            x += layout.cell
        words = "In date" if len(layout.starts) == 1 else "All in date"
        sheet.text(layout.end(part), line, words, TABLE_HEAD, SUMS + 8, "right")
        sheet.rule(sheet.left, layout.head_rule, layout.end(part), weight=0.9, ink=INK)

    def _row(self, line: Line, part: int, y: float, height: float) -> None:
        sheet, layout, row = self._sheet, self._layout, line.row
        first = y + (height - (line.lines - 1) * NAME_LEADING) / 2 + 3.1
        sheet.spans([
            (sheet.left, first, NAME, line.name),
            (layout.role_x, first, ROLE, line.role),
        ])  # fmt: skip
        start = layout.starts[part]
        x = layout.first_cell
        for cell in row.cells[start : start + len(layout.columns(part))]:
            matrix_cells.draw(sheet, Box(x, y, layout.cell, height), cell, self._matrix.on)
            x += layout.cell
        middle, end = y + height / 2 + 3.0, layout.end(part)
        style = _COUNT if row.complete else _COUNT_BOLD
        wide = sheet.text(end, middle, f"{row.in_date}/{row.required}", style, SUMS, "right")
        if not row.complete:
            sheet.mark(Mark.PAST, end - wide - _PAST - 3, middle - 0.2, _PAST)

    def _sums(self, part: int, y: float) -> None:
        sheet, layout, matrix = self._sheet, self._layout, self._matrix
        counts, shares = y + 11.0, y + 22.0
        sheet.text(sheet.left, counts, "In date", TABLE_BOLD, layout.names)
        columns = layout.columns(part)
        places = [layout.first_cell + number * layout.cell for number in range(len(columns))]
        # one line after the other, which is how copied text is read
        for x, column in zip(places, columns, strict=True):
            asked = column.required > 0
            words = f"{column.in_date}/{column.required}" if asked else matrix_cells.DASH
            style = _COUNT_BOLD if asked else _COUNT
            sheet.text(x + layout.cell / 2, counts, words, style, layout.cell, "middle")
        end = layout.end(part)
        words = f"{matrix.complete}/{len(matrix.rows)}"
        sheet.text(end, counts, words, _COUNT_BOLD, SUMS, "right")
        sheet.text(sheet.left, shares, self._share_label(part), _SHARE_LABEL, layout.names - 4)
        for x, column in zip(places, columns, strict=True):
            if column.required:
                self._share(column, Box(x, shares - 9.4, layout.cell, 12.8))
        sheet.text(end, shares, percent(matrix.share_complete), _SHARE, SUMS, "right")

    def _share(self, column: Column, box: Box) -> None:
        target = column.target
        words = percent(column.share if target is None else target.share)
        if target is not None and not target.met:
            matrix_cells.reverse(self._sheet, box, words)
            return
        self._sheet.text(box.middle, box.baseline, words, _SHARE, box.width, "middle")

    def _share_label(self, part: int) -> str:
        for column in self._layout.columns(part):
            if column.target is not None:
                return f"Target for data security {column.target.percent}{_NO_BREAK}%"
        return "Share"

    def _full_names(self) -> None:
        """Give the names of courses that did not fit over their columns in full."""
        sheet = self._sheet
        sheet.new_page(landscape=True)
        sheet.text(sheet.left, _TITLE_LINE, "Names of courses in full", TABLE_BOLD, sheet.room)
        y = _TITLE_LINE + 18
        for column in self._layout.cut:
            name = one_line(column.course.name or "")
            for line in sheet.breaker.lines(name, BODY, sheet.room):
                if y > sheet.bottom:
                    sheet.new_page(landscape=True)
                    y = _TITLE_LINE
                sheet.spans([(sheet.left, y, BODY, (line,))])
                y += BODY.leading
            y += 4


def percent(share: Decimal) -> str:
    """Show a share: ``90.9 %``, ``100 %``."""
    shown = f"{share:.0f}" if share in {Decimal(0), Decimal(100)} else f"{share:.1f}"
    return f"{shown}{_NO_BREAK}%"
