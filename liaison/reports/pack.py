"""The inspection pack: reports bound together, with a cover, contents and an integrity statement.

No report is set twice: each puts its own pages into the pack's book.
"""

from __future__ import annotations

from typing import Final

from liaison.reports import pack_back, pack_front
from liaison.reports.kit.book import Book, Bound
from liaison.reports.kit.furniture import Furniture
from liaison.reports.kit.sheet import Sheet
from liaison.reports.kit.wording import period
from liaison.reports.pack_facts import Answer, Check, Facts, Integrity, Kept, Section
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

__all__ = ["SPEC", "Answer", "Check", "Facts", "Integrity", "Kept", "Section", "render"]

_TERMS: Final = "Abbreviations in this pack"


def render(facts: Facts, printed: Printed) -> Document:
    """Set the pack on paper.

    Args:
        facts: What it holds.
        printed: When and by whom it was printed.
    """
    covers = f"Period {period(facts.start, facts.end)}"
    title = f"{SPEC.title}, {facts.home}"
    book = Book(Furniture(facts.home, SPEC.title, covers, printed), title)

    def bound(section: str = "", title: str = "", level: int = 0) -> Bound:
        return Bound(printed.at, printed.by, book, SPEC.title, section, title, level)

    own = Sheet(Furniture(facts.home, SPEC.title, covers, bound()), title)
    pack_front.set_cover(own, facts, SPEC.title)
    pack_front.set_contents(own, facts, _lines(facts))
    heading = ""
    for number, section in enumerate(facts.sections):
        # they lead to the page the section is about to begin
        if section.heading != heading:
            book.announce(section.heading)
            heading = section.heading
        book.announce(key=_key(number))
        section.render(section.facts, bound(section.heading, section.title, 1))
    if facts.terms:
        own.new_page()
        own.bookmark(_TERMS, key=_TERMS)
        pack_back.set_terms(own, _TERMS, facts.terms)
    own.new_page()
    own.bookmark(pack_back.TITLE, key=pack_back.TITLE)
    pack_back.set_integrity(own, facts)
    return book.finish()


def _key(number: int) -> str:
    return f"section{number}"


def _lines(facts: Facts) -> list[pack_front.Line]:
    lines = [
        pack_front.Line(section.heading, section.title, section.note, _key(number), section.also)
        for number, section in enumerate(facts.sections)
    ]
    about = "About this pack"
    if facts.terms:
        lines.append(pack_front.Line(about, _TERMS, str(len(facts.terms)), _TERMS))
    return [*lines, pack_front.Line(about, pack_back.TITLE, "", pack_back.TITLE)]


SPEC: Final[ReportSpec[Facts]] = ReportSpec(
    name="inspection-pack",
    title="Inspection pack",
    about="Chosen reports bound together for an inspector, with contents and counts.",
    parameters=Parameters(period=True, initials=True),
    render=render,
)
