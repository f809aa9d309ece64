"""The directory as a booklet."""

from __future__ import annotations

import datetime as dt

from liaison.reports import directory
from liaison.reports.directory import Entry, Facts, Group
from liaison.reports.spec import Document
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, pages_of, text_of

GRACE = Entry(
    "Grace Adeyemi", "District nurse, Tamar Nursing",
    (("Phone", "01632 960 412"), ("E-mail", "g.adeyemi@tamar-community-nursing.example")),
    (("Ask them about", "Catheter care"), ("Best time to ring", "08:00 to 10:00")),
    is_person=True, stale=True, checked=dt.date(2025, 1, 2),
)  # fmt: skip
TAMAR = Entry("Tamar Nursing", "", (), (), is_person=False, stale=False)


def booklet(*groups: Group) -> Document:
    document = directory.render(Facts("Rosewood House", dt.date(2026, 11, 22), groups), PRINTED)
    assert_within_margins(document)
    assert_clean(document)
    return document


def test_everybody_stands_under_their_kind_with_numbers_and_what_to_ask_for() -> None:
    said = text_of(booklet(Group("Community nursing", (TAMAR, GRACE))))
    assert "1 person and 1 place, by what they do for the home." in said
    assert "Community nursing 2 entries" in said
    assert "Tamar Nursing No number" in said
    assert "01632 960 412" in said
    assert "Ask them about: Catheter care" in said
    assert "To check, last 2 Jan 2025" in said
    assert "State on 22 November 2026" in said
    assert "End of the directory." in said


def test_an_empty_directory_says_so() -> None:
    said = text_of(booklet())
    assert "Nobody is in the directory yet." in said
    assert "last checked too long ago" not in said


def test_many_go_on_over_pages_with_the_kind_repeated() -> None:
    document = booklet(Group("Community nursing", (GRACE,) * 120))
    assert document.pages > 3
    assert all("Community nursing (continued)" in page for page in pages_of(document)[1:3])
