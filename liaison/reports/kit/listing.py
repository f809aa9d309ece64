"""A table that goes on over pages: heads repeat, bands never stand last, long rows are split.

No vertical lines and no boxes: a head over a strong rule, rows parted by hairs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

from liaison.reports.kit import typeface
from liaison.reports.kit.door import keep_together, one_line, tidy
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.sheet import Sheet, Span
from liaison.reports.kit.typeface import HAIR, INK, TABLE, TABLE_HEAD, TINT, Style

LEADING: Final = 12.0
"""Of every line in a table."""
_OVER: Final = 11.0  # from a row's upper edge to its first baseline
_ROW: Final = 4.6  # what a row takes beside its lines
_BAND: Final = 4.0
_BAND_INSET: Final = 4.2
_BAND_GAP: Final = 8.0
_UNDER_HEAD: Final = 5.0
_HEAD_RULE: Final = 0.9
_SPLIT_OVER: Final = 9
_SPLIT_LEAST: Final = 3
_BAND_KEEPS: Final = 6
_MARK_ROOM: Final = 11.5
_END_CLOSE: Final = 12.0  # from the last row to the last word where there is little room
_END_BELOW: Final = 15.5  # how far that may stand below the last row: above the foot's rule
_STRIKE_HEIGHT: Final = 3.2


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        title: Its head.
        width: In points, the gap to the next column included.
        right: Whether it holds numbers, which stand at its right edge with their head.
        gap: What of its width stays empty.
    """

    title: str
    width: float
    right: bool = False
    gap: float = 8.0


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """Something in a cell; every piece begins a line.

    Args:
        text: What it says.
        style: What it is set in.
        mark: A sign before it.
        struck: Whether it is struck through.
    """

    text: str
    style: Style = TABLE
    mark: Mark | None = None
    struck: bool = False


Cell = Sequence[Piece]


@dataclasses.dataclass(frozen=True, slots=True)
class Band:
    """The tinted line over a group of rows.

    Args:
        lead: What stands first, in bold.
        name: Who, in bold, after a gap.
        more: What follows the name; on a line of its own where the first is full.
        aside: What stands at the right edge.
        urgent: Whether that is bold.
    """

    lead: str
    name: str = ""
    more: str = ""
    aside: str = ""
    urgent: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class _Line:
    text: str
    style: Style
    mark: Mark | None
    struck: bool
    inset: float


_Set = list[list[_Line]]


class Listing:
    """A table being set.

    Args:
        sheet: The document.
        columns: Its columns, from the left margin on.
        y: Where it begins on the page, from the top.
        new_page: Begins the next page.
    """

    def __init__(
        self, sheet: Sheet, columns: Sequence[Column], y: float, new_page: Callable[[], None]
    ) -> None:
        self.sheet = sheet
        self.columns = tuple(columns)
        self.y = y
        self._new_page = new_page
        self._band: Callable[[bool, bool], Band] | None = None
        self._band_waits = False
        self._held: _Set = []
        self._is_first_band = True
        self._starts: list[float] = []
        place = sheet.left
        for column in columns:
            self._starts.append(place)
            place += column.width
        self._head()

    def row(self, *cells: Cell) -> None:
        """Set a row; one of more than nine lines may be split over pages.

        Args:
            cells: One for each column; a row that goes on repeats the first.
        """
        made = [
            self._broken(cell, column) for cell, column in zip(cells, self.columns, strict=True)
        ]
        self._place(made, rule=True)

    def note(self, *pieces: Piece, keep: bool = False) -> None:
        """Set text over the whole width, such as what a band is about.

        Args:
            pieces: What it says.
            keep: Whether a short one stays on one page with the row that follows.
        """
        wide = Column("", self.sheet.room - 2 * _BAND_INSET, gap=0)
        made = self._broken(pieces, wide)
        if keep and self._band_waits and len(made) <= _SPLIT_LEAST:
            self._held.append(made)
        else:
            self._place([made], rule=True)

    def band(self, make: Callable[[bool, bool], Band]) -> None:
        """Set the band for the rows that follow, together with the first of them.

        Args:
            make: Returns the band; it is told whether it is the first of its page and whether it
                is continued from the page before.
        """
        self._band = make
        self._band_waits = True

    def heading(self, band: Band) -> None:
        """Set a band that says the same on every page, and there that it goes on.

        Args:
            band: The band, as it stands over the first of the rows that follow.
        """
        goes_on = dataclasses.replace(band, lead=f"{band.lead} (continued)")
        self.band(lambda _, continued: goes_on if continued else band)

    def end(self, words: str) -> None:
        """Say that this was all, so that nobody looks for another page."""
        self._band = None
        line = self.y + _OVER + 3
        lowest = self.sheet.bottom + _END_BELOW
        if self.y + _END_CLOSE > lowest:
            self._next_page()
            line = self.y + _OVER + 3
        line = min(line, lowest)
        self.sheet.text(self.sheet.left, line, words, typeface.TABLE_MUTED, self.sheet.room)
        self.y += LEADING + _OVER

    def _broken(self, cell: Cell, column: Column) -> list[_Line]:
        breaker, room = self.sheet.breaker, column.width - column.gap
        found: list[_Line] = []
        for piece in cell:
            mark = piece.mark
            inset = 0.0 if mark is None else _MARK_ROOM
            text = keep_together(tidy(piece.text))
            for line in breaker.lines(text, piece.style, room - inset):
                found.append(_Line(line, piece.style, mark, piece.struck, inset))
                # the lines after it stand under its words
                mark = None
        return found

    def _place(self, made: _Set, *, rule: bool) -> None:
        while True:
            count = max((len(lines) for lines in made), default=0)
            free = self.sheet.bottom - self.y - (self._band_height() if self._band_waits else 0)
            if count * LEADING + _ROW <= free:
                self._draw(made, count, rule=rule)
                return
            fit = int((free - _ROW) // LEADING)
            least = _BAND_KEEPS if self._band_waits else _SPLIT_LEAST
            cut = min(fit, count - _SPLIT_LEAST)
            if count > _SPLIT_OVER and cut >= least:
                self._draw([lines[:cut] for lines in made], cut, rule=rule)
                rest = [lines[cut:] for lines in made]
                if len(made) > 1 and len(made[0]) <= cut:
                    rest[0] = made[0]
                made = rest
            self._next_page()

    def _next_page(self) -> None:
        waits = self._band_waits
        self._new_page()
        self.y = self.sheet.top
        self._is_first_band = True
        self._head()
        if self._band is not None and not waits:
            make = self._band
            self._draw_band(make(True, True))
            self._is_first_band = False

    def _head(self) -> None:
        height = max(
            len(self.sheet.breaker.lines(column.title, TABLE_HEAD, self._room(column)))
            for column in self.columns
        )
        spans: list[Span] = []
        for column, start in zip(self.columns, self._starts, strict=True):
            lines = self.sheet.breaker.lines(column.title, TABLE_HEAD, self._room(column))
            y = self.y + _OVER + (height - len(lines)) * TABLE_HEAD.leading
            spans += [
                (
                    self._left(line, TABLE_HEAD, column, start),
                    y + n * TABLE_HEAD.leading,
                    TABLE_HEAD,
                    (line,),
                )
                for n, line in enumerate(lines)
            ]
        self.sheet.spans(spans)
        self.y += _OVER + (height - 1) * TABLE_HEAD.leading + _UNDER_HEAD
        self.sheet.rule(self.sheet.left, self.y, self.sheet.right, weight=_HEAD_RULE, ink=INK)
        # a band that follows must not cover half of it
        self.y += _HEAD_RULE / 2

    def _room(self, column: Column) -> float:
        return column.width - (0 if column.right else column.gap)

    def _left(self, line: str, style: Style, column: Column, start: float) -> float:
        if not column.right:
            return start
        return start + column.width - self.sheet.breaker.width(line, style)

    def _draw(self, made: _Set, count: int, *, rule: bool) -> None:
        if self._band_waits and self._band is not None:
            self._draw_band(self._band(self._is_first_band, False))
            self._is_first_band = self._band_waits = False
            held, self._held = self._held, []
            for lines in held:
                self._draw([lines], len(lines), rule=True)
        sheet = self.sheet
        first = self.y + _OVER
        spans: list[Span] = []
        for lines, column, start in zip(made, self.columns, self._starts, strict=False):
            at = first
            for (style, mark, struck, inset), group in groupby(lines, _alike):
                texts = [line.text for line in group]
                x = start + inset
                if mark is not None:
                    sheet.mark(mark, start, at)
                if column.right:
                    spans += [
                        (self._left(text, style, column, start), at + n * LEADING, style, (text,))
                        for n, text in enumerate(texts)
                    ]
                else:
                    spans.append((x, at, style, texts))
                if struck:
                    self._strike(texts, style, x, at)
                at += len(texts) * LEADING
        sheet.spans(spans)
        self.y += count * LEADING + _ROW
        if rule:
            sheet.rule(sheet.left, self.y, sheet.right, weight=0.4, ink=HAIR)

    def _strike(self, texts: Sequence[str], style: Style, x: float, y: float) -> None:
        for number, text in enumerate(texts):
            level = y + number * LEADING - _STRIKE_HEIGHT
            wide = self.sheet.breaker.width(text, style)
            self.sheet.rule(x, level, x + wide, weight=0.6, ink=INK)

    def _band_height(self) -> float:
        if self._band is None:
            return 0.0
        lines = 1 if self._band_fits(self._band(self._is_first_band, False)) else 2
        held = sum(len(note) * LEADING + _ROW for note in self._held)
        return lines * LEADING + _BAND + held

    def _band_fits(self, band: Band) -> bool:
        if not band.more:
            return True
        width = self.sheet.breaker.width
        lead, name, more, aside = _band_pieces(band)
        used = width(*lead) + _BAND_GAP + width(*name) + width(*more) + width(*aside)
        return used + 2 * _BAND_INSET + _BAND_GAP <= self.sheet.room

    def _draw_band(self, band: Band) -> None:
        sheet = self.sheet
        width = sheet.breaker.width
        fits = self._band_fits(band)
        height = (1 if fits else 2) * LEADING + _BAND
        sheet.box(sheet.left, self.y, sheet.room, height, fill=TINT)
        lead, name, more, aside = _band_pieces(band)
        x, y = sheet.left + _BAND_INSET, self.y + _OVER
        end = sheet.right - _BAND_INSET
        said = sheet.breaker.shortened(*aside, sheet.room / 2)
        wide = width(said, aside[1])
        free = end - wide - _BAND_GAP - x
        lead_text = sheet.breaker.shortened(lead[0], lead[1], free)
        spans: list[Span] = [(x, y, lead[1], (lead_text,))]
        at = x + width(lead_text, lead[1]) + _BAND_GAP
        if name[0]:
            text = sheet.breaker.shortened(name[0], name[1], end - wide - _BAND_GAP - at)
            spans.append((at, y, name[1], (text,)))
            at += width(text, name[1])
        if more[0] and fits:
            spans.append((at, y, more[1], (more[0],)))
        elif more[0]:
            text = sheet.breaker.shortened(more[0].strip(), more[1], end - x)
            spans.append((x, y + LEADING, more[1], (text,)))
        spans.append((end - wide, y, aside[1], (said,)))
        sheet.spans(spans)
        self.y += height


def _band_pieces(band: Band) -> tuple[tuple[str, Style], ...]:
    name = f"{band.name}," if band.name and band.more else band.name
    more = f" {band.more}" if band.more and band.name else band.more
    return (
        (one_line(band.lead), typeface.TABLE_BOLD),
        (one_line(name), typeface.TABLE_BOLD),
        (more if not more else " " * more.startswith(" ") + one_line(more), TABLE),
        (one_line(band.aside), typeface.TABLE_BOLD if band.urgent else TABLE),
    )


def _alike(line: _Line) -> tuple[Style, Mark | None, bool, float]:
    return line.style, line.mark, line.struck, line.inset
