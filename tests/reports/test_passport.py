"""Passport and attendance sheet on paper: much of everything stays within the margins."""

from __future__ import annotations

import datetime as dt

from liaison.reports import attendance_sheet, passport
from liaison.reports.kit.marks import Mark
from liaison.reports.passport import Chain, Course, Facts, Skill
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, text_of

DAY = dt.date(2026, 11, 22)


def test_a_passport_of_somebody_without_anything_still_says_whose_it_is() -> None:
    document = passport.render(Facts("Rosewood House", "", "Łukasz Nowak", "", DAY), PRINTED)
    assert document.pages == 1
    text = " ".join(text_of(document).split())
    assert "Łukasz Nowak may take this sheet to another employer." in text
    assert "none is asked for" in text
    assert_clean(document)


def test_long_names_and_many_lines_go_on_over_pages_within_the_margins() -> None:
    course = Course("W" * 90, DAY, DAY, Mark.SOON, "43 days left", "taught " * 40)
    skill = Skill("S" * 300, "Competent, delegated", Mark.DONE, "by " * 60, DAY, DAY, late=True)
    chain = Chain("C" * 200, (("T" * 99, "d" * 99), ("N" * 99, "e" * 99), ("5", "f " * 90)))
    facts = Facts(
        "Rosewood " * 9, "01632 960 100", "Name " * 40, "line " * 90, DAY,
        courses=(course,) * 40, in_date=1, required=40, out="39 are not", skills=(skill,) * 12,
        taught=14, sessions=4, minutes=1_400, face=1_000, chains=(chain,) * 3, first_name="Name",
    )  # fmt: skip
    document = passport.render(facts, PRINTED)
    assert document.pages > 3
    assert "23 h" in text_of(document).replace("\u00a0", " ")
    assert_within_margins(document)
    sheet = attendance_sheet.render(
        attendance_sheet.Facts(
            "Home", "C" * 300, None, (("Taught by", "t " * 200),),
            (attendance_sheet.Expected("N" * 200, "r" * 200, came=True),) * 40,
        ),
        PRINTED,
    )  # fmt: skip
    assert sheet.pages > 1
    assert_within_margins(sheet)
