"""A document in the making: pages, furniture, numbers, signs, text in other scripts."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops

from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import cover, key, opening
from liaison.reports.kit.sheet import FIRST_LINE, MM, Furniture, Sheet
from liaison.reports.kit.typeface import BODY, INK, TABLE, TINT, TITLE, WHITE
from liaison.reports.spec import Document, Printed
from tests.reports.facts import PRINTED
from tests.reports.paper import (
    assert_clean,
    assert_within_margins,
    opened,
    pages_of,
    photocopied,
    picture,
    text_of,
)

ROOT = Path(__file__).resolve().parents[3]
FURNITURE = Furniture("Rosewood House", "Visits", "Period 1 Nov 2025 to 31 Oct 2026", PRINTED)


def sheet(furniture: Furniture = FURNITURE) -> Sheet:
    return Sheet(furniture, "Visits, Rosewood House")


def said(*texts: str) -> str:
    made = sheet()
    made.new_page()
    y = FIRST_LINE
    for text in texts:
        y = made.paragraph(made.left, y, text, BODY, made.room)
    document = made.finish()
    assert_within_margins(document)
    assert_clean(document)
    return text_of(document)


def test_every_page_says_whose_it_is_what_it_covers_who_printed_it_and_which_it_is() -> None:
    made = sheet()
    for section in ("Effective", "Effective", "Safe"):
        made.new_page(section)
    for number, page in enumerate(pages_of(made.finish()), 1):
        words = " ".join(page.split())
        assert words.startswith("Rosewood House " + ("Safe" if number == 3 else "Effective"))
        assert "Visits Period 1 Nov 2025 to 31 Oct 2026" in words
        assert "Printed 22 November 2026, 10:14 by Sarah Whitcombe" in words
        assert words.endswith(f"Page {number} of 3")


def test_portrait_and_landscape_mix_and_each_keeps_its_own_margins() -> None:
    made = sheet()
    for landscape in (False, True, False):
        made.new_page(landscape=landscape)
        made.text(made.right, made.top + 10, "at the right margin", TABLE, made.room, "right")
        made.text(made.left, made.bottom, "at the left margin", TABLE, made.room)
    document = made.finish()
    with opened(document) as pdf:
        sizes = [tuple(round(part / MM) for part in pdf[n].get_size()) for n in range(3)]
    assert sizes == [(210, 297), (297, 210), (210, 297)]
    assert_within_margins(document)
    assert all(f"Page {n} of 3" in page for n, page in enumerate(pages_of(document), 1))


def test_the_punch_holes_of_a_landscape_page_go_through_no_word() -> None:
    names = dataclasses.replace(FURNITURE, home="The Old Rectory Nursing and Residential Home " * 4)
    made = sheet(names)
    made.new_page("A section with a long name", landscape=True)
    document = made.finish()
    with opened(document) as pdf:
        text = pdf[0].get_textpage()
        boxes = [text.get_charbox(n) for n in range(text.count_chars())]
    hole, top = 10 * MM, 210 * MM - 25 * MM
    for side in (-40 * MM, 40 * MM):
        middle = 297 * MM / 2 + side
        for left, _, right, upper in boxes:
            assert not (upper > top and right > middle - hole and left < middle + hole)


def test_long_names_of_home_and_person_stay_inside_the_margins() -> None:
    printed = Printed(PRINTED.at, "Bartholomew Featherstonehaugh-Cholmondeley " * 4)
    made = sheet(Furniture("The Old Rectory " * 20, "Visits " * 30, "Period " * 40, printed))
    made.new_page("Section " * 30)
    assert_within_margins(made.finish())


def test_a_page_number_can_be_put_where_the_page_is_not_made_yet() -> None:
    made = sheet()
    made.new_page()
    made.text(made.left, FIRST_LINE, "Training matrix", BODY, 200)
    made.number_of("matrix", made.right, FIRST_LINE, BODY)
    made.new_page()
    made.new_page()
    made.bookmark("Training matrix", key="matrix")
    document = made.finish()
    assert "Training matrix 3 " in text_of(document)
    assert_within_margins(document)


def test_the_document_says_its_title_language_and_outline() -> None:
    made = sheet()
    made.new_page()
    made.bookmark("Visits")
    made.bookmark("Tachwedd – ŵ", level=1)  # noqa: RUF001  # a dash
    with pikepdf.open(io.BytesIO(made.finish().content)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert str(pdf.docinfo["/Title"]) == "Visits, Rosewood House"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261122101400")
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Visits"]
            assert [item.title for item in outline.root[0].children] == ["Tachwedd – ŵ"]  # noqa: RUF001


def test_british_summer_time_is_kept_in_the_date_of_the_file() -> None:
    furniture = dataclasses.replace(
        FURNITURE, printed=Printed(dt.datetime(2026, 7, 1, 9, 30, tzinfo=dt.UTC), "S")
    )
    made = sheet(furniture)
    made.new_page()
    document = made.finish()
    assert "Printed 1 July 2026, 10:30" in text_of(document)
    assert b"D:20260701103000+01'00'" in document.content


@pytest.mark.parametrize(
    "typed",
    [
        "pain <moderate> now", "a<b and b>a", "<b>bold</b> <img src=/etc/passwd> &amp;",
        "(half \\open", "Llŷr a Siân o Ŵyn", "Zażółć gęślą jaźń", "Nguyễn Thị Hằng",
        "Σοφία Παπαδοπούλου", "Олена Марченко", "tired 😀 and 👍 today", "سلام عليكم",
        "her name is محمد today", "x̃ and w̃ are rare", "漢字 has no letter here", "½ tablet, 37.5 °C",
    ],
)  # fmt: skip
def test_what_was_typed_is_what_is_copied(typed: str) -> None:
    assert typed in said(typed)


def test_control_characters_are_left_out_and_the_rest_stays() -> None:
    assert "before after" in said("before\x00\x07\x1b after")


def test_a_long_word_goes_on_in_the_next_line() -> None:
    text = "".join(said("Pneumonoultramicroscopicsilicovolcanoconiosis" * 6).split())
    assert "Pneumonoultramicroscopicsilicovolcanoconiosis" * 6 in text


def test_arabic_letters_are_joined() -> None:
    apart = picture_of(" ".join("سلام"))
    joined = picture_of("سلام")
    assert ImageChops.difference(apart, joined).getbbox() is not None
    # joined letters touch: fewer white columns between the first ink and the last
    assert gaps(joined) < gaps(apart)


def picture_of(text: str) -> Image.Image:
    made = sheet()
    made.new_page(furniture=False)
    made.text(made.left, FIRST_LINE, text, TITLE, made.room)
    return picture(made.finish())


def gaps(image: Image.Image) -> int:
    box = ImageChops.invert(image).getbbox()
    assert box is not None
    line = image.crop(box)
    columns = [min(line.crop((x, 0, x + 1, line.height)).tobytes()) for x in range(line.width)]
    return sum(1 for a, b in pairwise(columns) if (a > 250) < (b > 250))


MAKE = """
import datetime as dt, hashlib, sys
from liaison.reports.kit.sheet import Furniture, Sheet
from liaison.reports.kit.typeface import BODY
from liaison.reports.spec import Printed
printed = Printed(dt.datetime(2026, 11, 22, 10, 14, tzinfo=dt.timezone.utc), "S")
def make(text):
    sheet = Sheet(Furniture("Home", "Visits", "Period", printed), "Visits")
    sheet.new_page()
    sheet.paragraph(sheet.left, 100, text, BODY, sheet.room)
    return sheet.finish().content
if len(sys.argv) > 1:
    make("\\u0628\\u0643\\u0645 \\u064a\\u0648\\u0633\\u0641 \\U0001f44d Zo\\u00eb")
print(hashlib.sha256(make("\\u0633\\u0644\\u0627\\u0645 \\U0001f600 na\\u00efve")).hexdigest())
"""


def test_the_same_facts_are_the_same_bytes_whatever_the_process_printed_before() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", MAKE, *arguments], capture_output=True, check=True, cwd=ROOT
        ).stdout
        for arguments in ([], [], ["another first"])
    }
    assert len(digests) == 1


def marks(*shown: Mark) -> Document:
    made = sheet()
    made.new_page(furniture=False)
    for number, mark in enumerate(shown):
        made.mark(mark, made.left + number * 20, FIRST_LINE, 7)
    return made.finish()


@pytest.mark.parametrize("copied", [False, True], ids=["grey", "photocopied"])
def test_the_signs_stay_different_in_grey_and_on_a_photocopy(copied: bool) -> None:  # noqa: FBT001
    scale = 300 / 72
    image = picture(marks(*Mark), scale=scale)
    if copied:
        image = photocopied(image)
    top = int((FIRST_LINE - 9) * scale)
    shapes = []
    for number in range(len(Mark)):
        left = int((20 * MM + number * 20 - 2) * scale)
        shapes.append(image.crop((left, top, left + int(11 * scale), top + int(11 * scale))))
    for number, shape in enumerate(shapes):
        dark = sum(grey < 128 for grey in shape.tobytes())
        assert dark > 30, f"{list(Mark)[number]} is gone"
        for other in shapes[:number]:
            differing = sum(value > 128 for value in ImageChops.difference(shape, other).tobytes())
            assert differing > 0.2 * dark


def test_a_sign_used_often_is_drawn_once() -> None:
    one, many = marks(Mark.DONE), marks(*[Mark.DONE] * 20)
    assert len(many.content) - len(one.content) < 400


def test_white_on_ink_and_dashes_do_not_leak_into_what_follows() -> None:
    made = sheet()
    made.new_page(furniture=False)
    made.box(made.left, 100, 60, 14, fill=INK, outline=INK, dash="2 1.5")
    made.text(made.left + 4, 110, "9 Oct", dataclasses.replace(TABLE, ink=WHITE), 50)
    made.text(made.left, 140, "after it", TABLE, 50)
    made.rule(made.left, 150, made.left + 60, weight=2, ink=INK)
    image = picture(made.finish(), scale=4)
    row = image.crop((int(made.left * 4) + 2, 600, int(made.left * 4) + 230, 601)).tobytes()
    assert max(row) < 128, "the line after a dashed one has holes"
    made = sheet()
    made.new_page(furniture=False)
    made.text(made.left, 110, "before it", TABLE, 50)
    made.box(made.left, 120, 60, 14, fill=TINT)
    made.text(made.left, 140, "after it", TABLE, 50)
    image = picture(made.finish(), scale=4)
    words = image.crop((int(made.left * 4), 4 * 135, int(made.left * 4) + 200, 4 * 141))
    assert min(words.tobytes()) < 100, "the text after a tint is as pale as the tint"


def test_a_cover_has_no_furniture_and_says_the_same_in_its_table() -> None:
    made = sheet()
    made.new_page(furniture=False)
    cover(
        made,
        "Inspection pack",
        "Who we work with in health and social care, what happened, and what staff learned.",
        [("Period", "1 November 2025 to 31 October 2026"), ("Printed", FURNITURE.printed_words)],
        ["This pack shows what the record says. It gives no clinical advice."],
    )
    made.new_page()
    y = opening(made, "Contents", "Everything in its place.", eyebrow="Pack")
    key(made, y, [(mark, f"means {mark.value}") for mark in Mark])
    document = made.finish()
    first, second = pages_of(document)
    assert "Page" not in first
    assert "by Sarah Whitcombe" in first
    assert "Page 2 of 2" in second
    assert_within_margins(document)
