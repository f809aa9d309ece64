"""What stands at the head and foot of every page but a cover."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from liaison.records.rules import times
from liaison.reports.kit import typeface
from liaison.reports.kit.door import one_line
from liaison.reports.kit.measures import MM
from liaison.reports.kit.typeface import HAIR, INK
from liaison.reports.kit.wording import long_date
from liaison.reports.spec import Printed

if TYPE_CHECKING:
    from liaison.reports.kit.sheet import Sheet

_HEAD_RULE: Final = (49.0, 53.0)
_FOOT_RULE: Final = 37.5
_OVER_RULE: Final = 5.5
_UNDER_RULE: Final = 11.0
_GAP: Final = 8.0
_COVERS: Final = 0.4  # of the foot's width, at most, for what the report covers
_NUMBER: Final = 64.0  # as much as "Page 1,000 of 1,000" takes
_HOLES: Final = 60 * MM  # from the middle of a page that lies to where its punch holes end


@dataclasses.dataclass(frozen=True, slots=True)
class Furniture:
    """What stands at the head and foot of every page.

    Args:
        home: The home's name.
        report: The report's name.
        covers: The first words of the foot, the report's own: "Period ...", "State on ...".
        printed: When and by whom it was printed.
    """

    home: str
    report: str
    covers: str
    printed: Printed

    @property
    def printed_words(self) -> str:
        """When and by whom, as it stands at the foot."""
        at = times.in_london(self.printed.at)
        return f"Printed {long_date(at)}, {at:%H:%M} by {one_line(self.printed.by)}"


def draw_head(sheet: Sheet, section: str, report: str) -> None:
    """Draw the head: the home and the section at the left, the report at the right."""
    rule = _HEAD_RULE[sheet.lies]
    line = rule - _OVER_RULE
    # pages that lie are punched in the middle of this edge: the two corners keep clear of it
    corner = sheet.room / 2 - (_HOLES if sheet.lies else 0)
    home = sheet.furniture.home
    wide = sheet.text(sheet.left, line, home, typeface.PAGE_HEAD_BOLD, corner * 0.7)
    if section:
        x = sheet.left + wide + _GAP
        sheet.text(x, line, section, typeface.PAGE_HEAD_MUTED, corner - wide - _GAP)
    sheet.text(sheet.right, line, report, typeface.PAGE_HEAD, corner - _GAP, "right")
    sheet.rule(sheet.left, rule, sheet.right, weight=0.6, ink=INK)


def draw_foot(sheet: Sheet, covers: str) -> None:
    """Draw the foot but for the page's number: what it covers, when and by whom it was printed."""
    line = _foot_line(sheet)
    sheet.rule(sheet.left, line - _UNDER_RULE, sheet.right, weight=0.4, ink=HAIR)
    words = sheet.furniture.printed_words
    wide = sheet.text(sheet.left, line, covers, typeface.PAGE_FOOT, sheet.room * _COVERS)
    first, last = sheet.left + wide + _GAP, sheet.right - _NUMBER - _GAP
    half = sheet.breaker.width(words, typeface.PAGE_FOOT) / 2
    # in the middle of the page where it fits, else between its neighbours
    middle = (sheet.left + sheet.right) / 2
    if middle - half < first or middle + half > last:
        middle = (first + last) / 2
    sheet.text(middle, line, words, typeface.PAGE_FOOT, last - first, "middle")


def draw_number(sheet: Sheet, number: int) -> None:
    """Draw which page of how many it is."""
    words = f"Page {number} of {sheet.pages}"
    sheet.text(sheet.right, _foot_line(sheet), words, typeface.PAGE_FOOT_BOLD, sheet.room, "right")


def _foot_line(sheet: Sheet) -> float:
    return sheet.height - _FOOT_RULE + _UNDER_RULE
