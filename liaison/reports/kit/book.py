"""A PDF file in the making: what its pages share, whether it holds one report or several.

A report begins a :class:`~liaison.reports.kit.sheet.Sheet`, which makes a book of its own. Set with
a :class:`Bound` in place of the plain moment of printing, the very same report puts its pages into
a book that is there already: so a pack of reports has no second layout of any of them.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from reportlab.pdfbase.pdfdoc import PDFResourceDictionary
from reportlab.pdfgen.canvas import Canvas

from liaison.records.rules import times
from liaison.reports.kit import marks
from liaison.reports.kit.breaking import Breaker
from liaison.reports.kit.door import one_line
from liaison.reports.kit.furniture import Furniture, draw_foot, draw_head, draw_number
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.measures import A4
from liaison.reports.kit.poured import Poured
from liaison.reports.kit.typeface import Ink, Style
from liaison.reports.kit.writing import Writer
from liaison.reports.spec import Document, Printed

if TYPE_CHECKING:
    from liaison.reports.kit.sheet import Sheet

_MARK_SIZE: Final = 7.0


class Book:
    """A PDF file in the making.

    Args:
        furniture: Whose home it is, what it covers, when and by whom it was printed.
        title: Its title, for the list of open documents and for screen readers.
    """

    def __init__(self, furniture: Furniture, title: str) -> None:
        self.breaker = Breaker()
        self.pages = 0
        self.canvas = _poured_canvas()
        self.canvas.setTitle(one_line(title))
        self.canvas.setAuthor(one_line(furniture.home))
        self.canvas.setSubject(one_line(furniture.covers))
        self.canvas.setCreator("Liaison")
        _stamp(self.canvas, furniture.printed)
        self.writer = Writer(self.canvas)
        self._marks: set[Mark] = set()
        self._forms: dict[tuple[str, ...], tuple[str, Sheet, bool]] = {}
        self._numbered: list[tuple[Sheet, bool, int] | None] = []
        self._resources: dict[tuple[str, ...], Any] = {}
        self._foot = ""
        self._places: dict[str, int] = {}
        self._asked: dict[str, tuple[str, Style, Sheet]] = {}
        self._bookmarks = 0
        self._announced: list[tuple[str, str]] = []
        self._stroke: tuple[Ink, float, str] | None = None

    # pages

    def new_page(self, sheet: Sheet, section: str, *, furniture: bool) -> None:
        """Begin a page of a sheet's size; the one before is finished.

        Args:
            sheet: Whose page it is.
            section: What stands beside the home's name.
            furniture: Whether it has a head and a foot.
        """
        self.finish_page()
        self.canvas.setPageSize((sheet.width, sheet.height))
        self.writer.forget_ink()
        self._stroke = None
        self.pages += 1
        number = self._document.reserve() if furniture else 0
        self._numbered.append((sheet, sheet.lies, number) if furniture else None)
        for title, key in self._announced:
            self.bookmark(title, 0, key)
        self._announced.clear()
        if furniture:
            self._foot = self._form_of(sheet, "foot", sheet.furniture.covers)
            report = sheet.furniture.report
            self.canvas.doForm(self._form_of(sheet, "head", one_line(section), report))

    def _form_of(self, sheet: Sheet, *what: str) -> str:
        """Return the name of a head or foot that is drawn once, at the end."""
        key = (*what, "lies" if sheet.lies else "")
        name = f"{what[0]}{len(self._forms)}"
        return self._forms.setdefault(key, (name, sheet, sheet.lies))[0]

    def finish_page(self) -> None:
        """Finish the page that is open."""
        if not self.pages:
            return
        numbered = self._numbered[-1]
        if numbered is not None:
            # last, so that copied text does not begin with the foot
            self.canvas.doForm(self._foot)
        self.canvas.showPage()
        document = self._document
        page = document.Pages.pages[-1]
        self._share_resources(page)
        contents = [document.pour(page.stream)]
        if numbered is not None:
            contents.append(numbered[2])
        document.pour_page(page, contents)

    @property
    def _document(self) -> Poured:
        made: Poured = self.canvas._doc  # noqa: SLF001  # there is no other way
        return made

    def _share_resources(self, page: Any) -> None:
        """Let pages with the same furniture and signs share what says where those are."""
        forms = tuple(sorted(page.XObjects.dict)) if page.XObjects else ()
        if forms not in self._resources:
            made = PDFResourceDictionary()
            made.basicFonts()
            made.basicProcs()
            if page.XObjects:
                made.XObject = page.XObjects
            self._resources[forms] = self._document.Reference(made)
        page.Resources, page.XObjects = self._resources[forms], None

    def _number(self) -> None:
        """Put "Page 3 of 12" on every page that has a foot, after all that it says."""
        code = self.canvas._code  # noqa: SLF001  # of a page that never comes
        for page, numbered in enumerate(self._numbered, 1):
            if numbered is not None:
                sheet, lies, number = numbered
                sheet.turn(landscape=lies)
                self.writer.forget_ink()
                begun = len(code)
                draw_number(sheet, page)
                self._document.pour("\n".join(code[begun:]), number)
                del code[begun:]

    # what is on them

    def add(self, operators: str) -> None:
        """Put operators of our own on the page."""
        self.canvas._code.append(operators)  # noqa: SLF001  # operators of our own

    def set_stroke(self, ink: Ink, weight: float, dash: str) -> None:
        """Draw what comes next in this colour and weight, and with this dash."""
        stroke = (ink, weight, dash)
        if stroke != self._stroke:
            # the dash of the line before would stay otherwise
            self.add(f"{ink.stroke} {weight:.2f} w [{dash}] 0 d")
            self._stroke = stroke

    def mark(self, mark: Mark, x: float, y: float, size: float) -> None:
        """Put a sign on the page; ``y`` is counted from its bottom."""
        self._marks.add(mark)
        self.add(self._placed(marks.form_name(mark), x, y, size))

    # finding one's way

    def announce(self, title: str = "", key: str = "") -> None:
        """Say what begins with the next page, which a report is about to begin.

        Args:
            title: What the outline says; empty for nothing of its own there.
            key: A name under which the page is found.
        """
        self._announced.append((title, key))

    def bookmark(self, title: str, level: int, key: str) -> None:
        """Let the outline lead to this page, and remember which it is."""
        if key:
            self.canvas.bookmarkPage(_target(key))
            self._places[key] = self.pages
        if title:
            self._bookmarks += 1
            name = f"place{self._bookmarks}"
            self.canvas.bookmarkPage(name)
            self.canvas.addOutlineEntry(one_line(title), name, level, closed=level > 0)

    def number_of(self, key: str, sheet: Sheet, x: float, y: float, style: Style) -> None:
        """Put the page number of a place here, which may come later."""
        name = f"number{len(self._asked)}"
        self._asked[name] = (key, style, sheet)
        self.add(self._placed(name, x, y, _MARK_SIZE))

    def link(self, key: str, box: tuple[float, float, float, float]) -> None:
        """Let a click on a part of the page lead to a place, which may come later."""
        self.canvas.linkRect("", _target(key), box, relative=0, thickness=0)

    # the end

    def finish(self) -> Document:
        """Finish the last page, put heads, feet and numbers in, and return the document."""
        self.finish_page()
        for key, (name, sheet, landscape) in self._forms.items():
            self._begin_sided(name, sheet, landscape=landscape)
            if key[0] == "head":
                draw_head(sheet, key[1], key[2])
            else:
                draw_foot(sheet, key[1])
            self.canvas.endForm()
        self._number()
        for name, (wanted, style, sheet) in self._asked.items():
            self._begin_form(name, (-100.0, -10.0, 10.0, 30.0))
            sheet.text(0, sheet.height, str(self._places[wanted]), style, 100, "right")
            self.canvas.endForm()
        marks.draw_forms(self.canvas, self._marks)
        content: bytes = self.canvas.getpdfdata()
        # sheet and book know each other: without this the bytes would wait for the collector
        self._forms.clear()
        self._numbered.clear()
        self._asked.clear()
        return Document(self.pages, content)

    def _begin_sided(self, name: str, sheet: Sheet, *, landscape: bool) -> None:
        sheet.turn(landscape=landscape)
        self._begin_form(name, (0.0, 0.0, sheet.width, sheet.height))

    def _begin_form(self, name: str, box: tuple[float, float, float, float]) -> None:
        self.canvas.beginForm(name, *box)
        self.writer.forget_ink()
        self._stroke = None

    def _placed(self, name: str, x: float, y: float, size: float) -> str:
        canvas = self.canvas
        known = canvas._doc.getXObjectName(name)  # noqa: SLF001  # as doForm does, but placed
        if name not in canvas._formsinuse:  # noqa: SLF001
            canvas._formsinuse.append(name)  # noqa: SLF001
        return marks.placed(known, x, y, size)


@dataclasses.dataclass(frozen=True, slots=True)
class Bound(Printed):
    """When and by whom a report is printed as a part of a book.

    Args:
        book: The book, which is finished by whoever made it.
        report: What stands at the right of every head: the book's own name.
        section: What stands beside the home's name.
        title: What the outline calls the report; empty: it has no entry but its own.
        level: How deep in the outline that lies.
    """

    book: Book
    report: str
    section: str = ""
    title: str = ""
    level: int = 0


def _target(key: str) -> str:
    return f"to-{key}"


def _poured_canvas() -> Canvas:
    canvas = Canvas("", pagesize=A4, pageCompression=1)
    # the library takes no document of somebody else's
    canvas._doc = Poured("en-GB")  # noqa: SLF001
    canvas._make_preamble()  # noqa: SLF001  # names a font of the document
    return canvas


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
