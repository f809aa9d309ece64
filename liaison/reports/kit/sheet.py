"""A document in the making: pages, what stands at their head and foot, and everything put on them.

Places are in points from the left and the *top* of the page. Nothing is ever clipped, so every
call that sets text takes the room it has.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from liaison.reports.kit.book import Book, Bound
from liaison.reports.kit.door import keep_together, one_line, tidy
from liaison.reports.kit.furniture import Furniture
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.measures import A4, MM
from liaison.reports.kit.typeface import HAIR, Ink, Style
from liaison.reports.spec import Document

__all__ = ["A4", "CONTINUED", "FIRST_LINE", "MM", "Align", "Furniture", "Sheet", "Span"]

Align = Literal["left", "right", "middle"]
Span = tuple[float, float, Style, Sequence[str]]
"""Lines under each other: left edge, first baseline from the top, style, the lines."""

FIRST_LINE: Final = 29 * MM
"""Where the first line of a section stands on a portrait page."""
CONTINUED: Final = 24 * MM
"""Where a page that goes on begins."""
_PORTRAIT_SIDE: Final = 20 * MM
_LANDSCAPE_SIDE: Final = 12 * MM
_LANDSCAPE_TOP: Final = 25 * MM
_BOTTOM: Final = 20 * MM
_MARK_SIZE: Final = 7.0


class Sheet:
    """A report in the making: a document of its own, or a part of a book that is there already.

    Args:
        furniture: What stands on every page; with a :class:`~.book.Bound` it joins that book.
        title: The document's title, for the list of open documents and for screen readers.
    """

    def __init__(self, furniture: Furniture, title: str) -> None:
        printed = furniture.printed
        self._bound = printed if isinstance(printed, Bound) else None
        if self._bound is not None:
            furniture = dataclasses.replace(furniture, report=self._bound.report)
        self.furniture = furniture
        self.book = Book(furniture, title) if self._bound is None else self._bound.book
        self.breaker = self.book.breaker
        self._first = self.book.pages
        self._level: int | None = None
        self.turn(landscape=False)

    @property
    def pages(self) -> int:
        """How many pages the document has so far, those of other reports in it included."""
        return self.book.pages

    def turn(self, *, landscape: bool) -> None:
        """Measure as on a page that stands or lies."""
        self._landscape = landscape
        short, long = A4
        self.width, self.height = (long, short) if landscape else (short, long)

    # pages

    def new_page(
        self, section: str = "", *, landscape: bool = False, furniture: bool = True
    ) -> None:
        """Begin a page; the one before is finished.

        Args:
            section: The section, which stands beside the home's name.
            landscape: Whether it lies on its side, punched on the long edge.
            furniture: Whether it has a head and a foot; a cover has none.
        """
        self.turn(landscape=landscape)
        if self._bound is not None:
            section = self._bound.section
        self.book.new_page(self, section, furniture=furniture)

    @property
    def lies(self) -> bool:
        """Whether the page lies on its side."""
        return self._landscape

    @property
    def left(self) -> float:
        """The left margin."""
        return _LANDSCAPE_SIDE if self._landscape else _PORTRAIT_SIDE

    @property
    def right(self) -> float:
        """The right margin, from the left edge of the page."""
        return self.width - self.left

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self.right - self.left

    @property
    def top(self) -> float:
        """Where a page begins that goes on from the one before."""
        return _LANDSCAPE_TOP if self._landscape else CONTINUED

    @property
    def bottom(self) -> float:
        """Where the last line must end."""
        return self.height - _BOTTOM

    # text

    def text(  # noqa: PLR0917  # where, what, how: in the order a hand would set it
        self, x: float, y: float, text: str, style: Style, room: float, align: Align = "left"
    ) -> float:
        """Set one line, shortened with three dots if it has to be.

        Args:
            x: Its left edge, right edge or middle.
            y: Its baseline.
            text: The text.
            style: What it is set in.
            room: How wide it may be.
            align: Which of them ``x`` is.

        Returns:
            How wide it is.
        """
        line = self.breaker.shortened(one_line(text), style, room)
        wide = self.breaker.width(line, style)
        start = x - {"left": 0.0, "right": wide, "middle": wide / 2}[align]
        self.spans([(start, y, style, (line,))])
        return wide

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        style: Style,
        room: float,
        *,
        balanced: bool = False,
        most: int = 0,
    ) -> float:
        """Set a text over as many lines as it takes.

        Args:
            x: Its left edge.
            y: The first line's baseline.
            text: The text.
            style: What it is set in.
            room: How wide its lines may be.
            balanced: Whether to let the lines be of about one length, as for an introduction.
            most: How many lines there may be; the last ends in three dots if there are more.

        Returns:
            The baseline of the line that would come next.
        """
        fit = self.breaker.balanced if balanced else self.breaker.lines
        lines = fit(keep_together(tidy(text)), style, room)
        if most and len(lines) > most:
            lines = [*lines[: most - 1], self.breaker.cut_off(lines[most - 1], style, room)]
        self.spans([(x, y, style, lines)])
        return y + len(lines) * style.leading

    def turned(self, x: float, y: float, text: str, style: Style, room: float) -> None:
        """Set one line that reads upwards, as over a narrow column.

        Args:
            x: Its baseline, from the left.
            y: Where it begins, at its lower end.
            text: The text.
            style: What it is set in.
            room: How long it may be.
        """
        line = self.breaker.shortened(one_line(text), style, room)
        drawn = self.book.writer.begin()
        drawn._code.append(f"0 1 -1 0 {x:.2f} {self.height - y:.2f} Tm")  # noqa: SLF001
        self.book.writer.go_on(drawn, style, (line,))
        self.book.writer.end(drawn)

    def spans(self, spans: Iterable[Span]) -> None:
        """Set lines that were broken before, many places in one stroke.

        Args:
            spans: The lines; each fits where it stands.
        """
        drawn = self.book.writer.begin()
        for x, y, style, lines in spans:
            self.book.writer.write(drawn, x, self.height - y, style, lines)
        self.book.writer.end(drawn)

    # what is drawn

    def rule(
        self,
        x: float,
        y: float,
        to_x: float,
        to_y: float | None = None,
        *,
        weight: float = 0.4,
        ink: Ink = HAIR,
        dash: str = "",
    ) -> None:
        """Draw a line, level unless ``to_y`` is given; ``dash`` as "2 1.5"."""
        end = y if to_y is None else to_y
        self.book.set_stroke(ink, weight, dash)
        self.book.add(f"{x:.2f} {self.height - y:.2f} m {to_x:.2f} {self.height - end:.2f} l S")

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Ink | None = None,
        outline: Ink | None = None,
        weight: float = 0.4,
        dash: str = "",
    ) -> None:
        """Draw a box from its upper left corner, filled, outlined or both."""
        place = f"{x:.2f} {self.height - y - height:.2f} {width:.2f} {height:.2f} re"
        if fill is not None:
            self.book.writer.forget_ink()
            self.book.add(f"{fill.fill} {place} f")
        if outline is not None:
            self.book.set_stroke(outline, weight, dash)
            self.book.add(f"{place} S")

    def mark(self, mark: Mark, x: float, y: float, size: float = _MARK_SIZE) -> None:
        """Draw a sign of state, its lower left corner at ``x`` on the baseline ``y``."""
        self.book.mark(mark, x, self.height - y, size)

    # finding one's way

    def bookmark(self, title: str, level: int = 0, key: str = "") -> None:
        """Let the document's outline lead here.

        Args:
            title: What the outline says.
            level: 0 for a section, 1 within it.
            key: A name under which :meth:`number_of` finds this page.
        """
        if self._bound is not None:
            if self._level is None:
                self._level = self._begin_part(self._bound, title)
            level += self._level
        self.book.bookmark(title, level, key)

    def _begin_part(self, bound: Bound, title: str) -> int:
        """Return how deep the bookmarks of a part lie, after the one of the part itself."""
        if title.startswith(bound.title):
            # its first one says the same
            return bound.level
        self.book.bookmark(bound.title, bound.level, "")
        return bound.level + 1

    def number_of(self, key: str, x: float, y: float, style: Style) -> None:
        """Put the page number of a place here, its right edge at ``x``; the place may come later."""
        self.book.number_of(key, self, x, self.height - y, style)

    def link(self, key: str, x: float, y: float, width: float, height: float) -> None:
        """Let a click on a box, from its upper left corner, lead to a place; it may come later."""
        self.book.link(key, (x, self.height - y - height, x + width, self.height - y))

    # the end

    def finish(self) -> Document:
        """Return the document; a part of a book says only how many pages it has."""
        if self._bound is not None:
            return Document(self.book.pages - self._first, b"")
        return self.book.finish()
