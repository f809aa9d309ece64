"""Pages that are in the file as soon as they are finished."""

from __future__ import annotations

import gc

from reportlab.pdfbase.pdfdoc import PDFPage, PDFStream

from liaison.reports.kit.sheet import FIRST_LINE, Furniture, Sheet
from liaison.reports.kit.typeface import BODY
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, opened, pages_of

FURNITURE = Furniture("Rosewood House", "Visits", "Period 1 Nov 2025 to 31 Oct 2026", PRINTED)


def begun(pages: int) -> Sheet:
    made = Sheet(FURNITURE, "Visits, Rosewood House")
    for number in range(pages):
        made.new_page()
        made.bookmark(f"Week {number + 1}", key=f"week-{number}")
        made.text(made.left, FIRST_LINE, f"The week's number is {number + 1}", BODY, 300)
    return made


def pages_alive() -> int:
    gc.collect()
    return sum(isinstance(one, PDFPage | PDFStream) for one in gc.get_objects())


def test_of_a_finished_page_nothing_is_kept_but_its_bytes_in_the_file() -> None:
    short = begun(1)
    before = pages_alive()
    long = begun(40)
    assert pages_alive() == before
    assert (short.finish().pages, long.finish().pages) == (1, 40)


def test_places_and_numbers_that_come_last_lead_to_pages_that_were_poured_first() -> None:
    made = begun(3)
    made.new_page()
    made.link("week-1", made.left, FIRST_LINE, 100, 20)
    document = made.finish()
    assert_clean(document)
    assert [f"Page {number} of 4" in page for number, page in enumerate(pages_of(document), 1)] == [
        True
    ] * 4
    with opened(document) as pdf:
        found = [(mark.get_title(), mark.get_dest().get_index()) for mark in pdf.get_toc()]
    assert found == [("Week 1", 0), ("Week 2", 1), ("Week 3", 2)]


def test_the_table_of_the_file_says_where_every_object_stands() -> None:
    content = begun(5).finish().content
    table = content[int(content.rpartition(b"startxref\n")[2].split()[0]) :]
    _, size, *lines = table.split(b"trailer")[0].splitlines()
    assert int(size.split()[1]) == len(lines)
    for number, line in enumerate(lines[1:], 1):
        assert content[int(line.split()[0]) :].startswith(b"%d 0 obj\n" % number)
