"""A document in the making: pages, what stands at their head and foot, and everything put on them.

Places are in points from the left and the *top* of the page. Nothing is ever clipped, so every
call that sets text takes the room it has.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from reportlab.pdfgen.canvas import Canvas

from liaison.records.rules import times
from liaison.reports.kit import marks
from liaison.reports.kit.breaking import Breaker
from liaison.reports.kit.door import keep_together, one_line, tidy
from liaison.reports.kit.furniture import Furniture, draw_foot, draw_head, draw_number
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.measures import A4, MM
from liaison.reports.kit.typeface import HAIR, Ink, Style
from liaison.reports.kit.writing import Writer
from liaison.reports.spec import Document, Printed

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
    """A document in the making.

    Args:
        furniture: What stands on every page.
        title: The document's title, for the list of open documents and for screen readers.
    """

    def __init__(self, furniture: Furniture, title: str) -> None:
        self.furniture = furniture
        self.breaker = Breaker()
        self.pages = 0
        self._bytes = io.BytesIO()
        self._canvas = Canvas(
            self._bytes, pagesize=A4, pageCompression=1, invariant=1, lang="en-GB"
        )
        self._canvas.setTitle(one_line(title))
        self._canvas.setAuthor(one_line(furniture.home))
        self._canvas.setSubject(one_line(furniture.covers))
        self._canvas.setCreator("Liaison")
        _stamp(self._canvas, furniture.printed)
        self._writer = Writer(self._canvas)
        self._marks: set[Mark] = set()
        self._heads: dict[tuple[str, bool], str] = {}
        self._sizes: list[tuple[float, float] | None] = []
        self._places: dict[str, int] = {}
        self._asked: dict[str, tuple[str, Style]] = {}
        self._bookmarks = 0
        self._stroke: tuple[Ink, float, str] | None = None
        self._landscape = False
        self.width, self.height = A4

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
        self._finish_page()
        self._landscape = landscape
        short, long = A4
        self.width, self.height = (long, short) if landscape else (short, long)
        self._canvas.setPageSize((self.width, self.height))
        self._writer.forget_ink()
        self._stroke = None
        self.pages += 1
        self._sizes.append((self.width, self.height) if furniture else None)
        if furniture:
            name = self._heads.setdefault((one_line(section), landscape), f"head{len(self._heads)}")
            self._canvas.doForm(name)

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
        drawn = self._writer.begin()
        drawn._code.append(f"0 1 -1 0 {x:.2f} {self.height - y:.2f} Tm")  # noqa: SLF001
        self._writer.go_on(drawn, style, (line,))
        self._writer.end(drawn)

    def spans(self, spans: Iterable[Span]) -> None:
        """Set lines that were broken before, many places in one stroke.

        Args:
            spans: The lines; each fits where it stands.
        """
        drawn = self._writer.begin()
        for x, y, style, lines in spans:
            self._writer.write(drawn, x, self.height - y, style, lines)
        self._writer.end(drawn)

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
        self._set_stroke(ink, weight, dash)
        self._add(f"{x:.2f} {self.height - y:.2f} m {to_x:.2f} {self.height - end:.2f} l S")

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
            self._writer.forget_ink()
            self._add(f"{fill.fill} {place} f")
        if outline is not None:
            self._set_stroke(outline, weight, dash)
            self._add(f"{place} S")

    def mark(self, mark: Mark, x: float, y: float, size: float = _MARK_SIZE) -> None:
        """Draw a sign of state, its lower left corner at ``x`` on the baseline ``y``."""
        self._marks.add(mark)
        self._add(self._form(marks.form_name(mark), x, y, size))

    # finding one's way

    def bookmark(self, title: str, level: int = 0, key: str = "") -> None:
        """Let the document's outline lead here.

        Args:
            title: What the outline says.
            level: 0 for a section, 1 within it.
            key: A name under which :meth:`number_of` finds this page.
        """
        self._bookmarks += 1
        name = f"place{self._bookmarks}"
        self._canvas.bookmarkPage(name)
        self._canvas.addOutlineEntry(one_line(title), name, level, closed=level > 0)
        if key:
            self._places[key] = self.pages

    def number_of(self, key: str, x: float, y: float, style: Style) -> None:
        """Put the page number of a place here, its right edge at ``x``; the place may come later."""
        name = f"number{len(self._asked)}"
        self._asked[name] = (key, style)
        self._add(self._form(name, x, y, _MARK_SIZE))

    # the end

    def finish(self) -> Document:
        """Finish the last page, put the numbers in, and return the document."""
        self._finish_page()
        self._draw_furniture()
        for name, (key, style) in self._asked.items():
            self._begin_form(name, (-100.0, -10.0, 10.0, 30.0))
            self.text(0, self.height, str(self._places[key]), style, 100, "right")
            self._canvas.endForm()
        marks.draw_forms(self._canvas, self._marks)
        self._canvas.save()
        return Document(self.pages, self._bytes.getvalue())

    def _finish_page(self) -> None:
        if not self.pages:
            return
        if self._sizes[-1] is not None:
            # last, so that copied text does not begin with the page number
            self._canvas.doForm("foot1" if self._landscape else "foot0")
            self._canvas.doForm(f"page{self.pages}")
        self._canvas.showPage()

    def _draw_furniture(self) -> None:
        for (section, landscape), name in self._heads.items():
            self._begin_sided(name, landscape=landscape)
            draw_head(self, section)
            self._canvas.endForm()
        used = {size for size in self._sizes if size is not None}
        for landscape in sorted({width > height for width, height in used}):
            self._begin_sided(f"foot{int(landscape)}", landscape=landscape)
            draw_foot(self)
            self._canvas.endForm()
        for number, size in enumerate(self._sizes, 1):
            if size is not None:
                self._begin_sided(f"page{number}", landscape=size[0] > size[1])
                draw_number(self, number)
                self._canvas.endForm()

    def _begin_sided(self, name: str, *, landscape: bool) -> None:
        self._landscape = landscape
        short, long = A4
        self.width, self.height = (long, short) if landscape else (short, long)
        self._begin_form(name, (0.0, 0.0, self.width, self.height))

    def _begin_form(self, name: str, box: tuple[float, float, float, float]) -> None:
        self._canvas.beginForm(name, *box)
        self._writer.forget_ink()
        self._stroke = None

    def _form(self, name: str, x: float, y: float, size: float) -> str:
        known = self._canvas._doc.getXObjectName(name)  # noqa: SLF001  # as doForm does, but placed
        if name not in self._canvas._formsinuse:  # noqa: SLF001
            self._canvas._formsinuse.append(name)  # noqa: SLF001
        return marks.placed(known, x, self.height - y, size)

    def _set_stroke(self, ink: Ink, weight: float, dash: str) -> None:
        stroke = (ink, weight, dash)
        if stroke != self._stroke:
            # the dash of the line before would stay otherwise
            self._add(f"{ink.stroke} {weight:.2f} w [{dash}] 0 d")
            self._stroke = stroke

    def _add(self, operators: str) -> None:
        self._canvas._code.append(operators)  # noqa: SLF001  # operators of our own


def _stamp(canvas: Canvas, printed: Printed) -> None:
    """Date the document by when it was printed, so that the same facts are the same bytes."""
    moment = canvas._doc._timeStamp  # noqa: SLF001  # there is no public way
    local = times.in_london(printed.at)
    offset = local.utcoffset()
    assert offset is not None  # noqa: S101  # for the type checker
    minutes = int(offset.total_seconds()) // 60
    moment.t = printed.at.timestamp()
    moment.lt = local.timetuple()
    moment.YMDhms = tuple(moment.lt)[:6]
    moment.dhh, moment.dmm = divmod(minutes, 60)
