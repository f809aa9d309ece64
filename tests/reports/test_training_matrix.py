"""The training matrix on paper: every word, every sum, every page; readable after two copiers."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, Final

import pypdfium2
import pytest
from PIL import Image, ImageFilter

from liaison.records.home import Staff
from liaison.records.rules.compliance import State
from liaison.records.rules.matrix import Matrix, build
from liaison.records.rules.standing import Facts as Records
from liaison.records.training import Attendance, Course, Exemption, Session, TrainingRecord
from liaison.records.vocabularies import shipped
from liaison.reports.kit.sheet import A4, MM
from liaison.reports.spec import Document, Printed
from liaison.reports.training_matrix import SPEC, Facts, percent, render
from tests.reports import rosewood

_DPI: Final = 300
_ROW: Final = 15.2
_PAPER: Final = 255
_BLACK: Final = 128


def printed(matrix: Matrix, *, initials: bool = False) -> Document:
    facts = Facts("Rosewood House", matrix, initials=initials)
    return render(facts, Printed(rosewood.AT, "Sarah Whitcombe"))


def texts(document: Document) -> list[str]:
    """Return each page's words, one blank between them, as a reader copies them."""
    pages = pypdfium2.PdfDocument(document.content)
    found = [" ".join(page.get_textpage().get_text_range().split()) for page in pages]
    assert len(found) == document.pages
    return found


def boxes(document: Document) -> list[tuple[int, float, float]]:
    """Return of each letter its page and how far it reaches to the left and right."""
    found = []
    for number, page in enumerate(pypdfium2.PdfDocument(document.content)):
        text = page.get_textpage()
        for place in range(text.count_chars()):
            left, _, right, _ = text.get_charbox(place)
            if text.get_text_range(place, 1).strip():
                found.append((number, left, right))
    return found


def home_of(staff: int, courses: int, name: str = "Person", course: str = "Course") -> Matrix:
    """Return the matrix of a home of any size, in which everybody needs everything."""
    facts = rosewood.facts()
    people = [Staff(id=n, name=f"{name} {n}", job_role="nurse") for n in range(1, staff + 1)]
    taught = [Course(id=500 + n, name=f"{course} {n}", refresh_months=12) for n in range(courses)]
    needed = [
        dataclasses.replace(facts.requirements[0], id=n, course=c.id, job_role="nurse")
        for n, c in enumerate(taught)
    ]
    return built(Records(staff=people, courses=taught, requirements=needed))


def built(facts: Records) -> Matrix:
    return build(facts, rosewood.ON, due_soon_days=60, vocabularies=shipped(), names={})


@pytest.fixture(scope="module")
def rosewood_printed() -> Document:
    return printed(rosewood.matrix())


def test_everything_stands_on_one_page_in_the_words_of_the_record(
    rosewood_printed: Document,
) -> None:
    (page,) = texts(rosewood_printed)
    assert page.startswith(
        "Rosewood House Training matrix Training matrix 10 of 22 staff hold every"
    )
    for name, role in (("Siân Harding", "Senior carer"), ("Łukasz Nowak", "Senior carer")):
        assert f"{name} {role}" in page
    assert "Sarah Whitcombe Manager Nov 27 Sep 27 Apr 27 Oct 27 Apr 27 Feb 27 Aug 28" in page
    assert "Peter Vale Cook \N{EN DASH} Mar 27 \N{EN DASH} Jun 27" in page
    for words in ("Every year", "Every three years", "Once", "State on 22 November 2026"):
        assert words in page
    assert "Printed 22 November 2026, 10:14 by Sarah Whitcombe" in page
    assert page.endswith("Page 1 of 1")


def test_the_sums_are_those_of_the_matrix(rosewood_printed: Document) -> None:
    (page,) = texts(rosewood_printed)
    for name, sum_of_row in rosewood.IN_DATE_OF_ROWS.items():
        row = page[page.index(name) :]
        assert re.search(r"\d+/\d+", row).group() == sum_of_row, name  # type: ignore[union-attr]
    # what the column of sums says is what the sentence under the title says
    assert f"In date {rosewood.IN_DATE_OF_COLUMNS} 10/22" in page
    assert f"Target for data security 95 % {rosewood.SHARES} 45.5 %" in page


def test_no_letter_stands_beyond_the_margins(rosewood_printed: Document) -> None:
    large = printed(home_of(70, 40, name="Wilhelmina Featherstonehaugh", course="Catheters and"))
    for document in (rosewood_printed, large):
        wide = A4[1]
        for number, left, right in boxes(document):
            assert left >= 12 * MM - 0.6, f"page {number + 1}"
            assert right <= wide - 12 * MM + 0.6, f"page {number + 1}"


def test_the_key_stands_over_the_foot_however_many_lines_it_has() -> None:
    facts = rosewood.facts()
    exempt = [Exemption(id=1, staff=11, course=116, reason="Away")]
    at = dt.datetime(2026, 12, 3, 9, tzinfo=dt.UTC)
    rare = dataclasses.replace(
        facts,
        exemptions=exempt,
        sessions=[*facts.sessions, Session(id=1, course=101, at=at)],
        attendances=[*facts.attendances, Attendance(id=1, session=1, staff=11)],
    )
    document = printed(built(rare))
    assert document.pages == 1
    _, _, key = place_of(document, "need not hold it")
    _, _, foot = place_of(document, "State on")
    _, _, first = place_of(document, "runs out within")
    assert first < key - 10
    assert key < foot - 12


def test_pages_lie_on_their_side(rosewood_printed: Document) -> None:
    (page,) = pypdfium2.PdfDocument(rosewood_printed.content)
    assert page.get_size() == pytest.approx((A4[1], A4[0]), abs=0.5)


def picture(document: Document) -> Image.Image:
    page = pypdfium2.PdfDocument(document.content)[0]
    made: Image.Image = page.render(scale=_DPI / 72).to_pil().convert("L")
    return made


def copied_twice(image: Image.Image) -> Image.Image:
    """Return a photocopy of a photocopy: blurred, then nothing but black and white."""
    for _ in range(2):
        image = image.filter(ImageFilter.GaussianBlur(1.3)).point(
            lambda grey: _PAPER if grey > 150 else 0
        )
    return image


def place_of(document: Document, words: str) -> tuple[float, float, float]:
    """Return where words stand first on the page: left, right, and the middle from the top."""
    page = pypdfium2.PdfDocument(document.content)[0]
    text = page.get_textpage()
    found = text.search(words).get_next()
    assert found is not None, words
    start, count = found
    all_of_them = [text.get_charbox(n) for n in range(start, start + count)]
    left, right = min(b[0] for b in all_of_them), max(b[2] for b in all_of_them)
    middle = page.get_size()[1] - (all_of_them[0][1] + all_of_them[0][3]) / 2
    return left, right, middle


def darkness(image: Image.Image, left: float, top: float, right: float, bottom: float) -> float:
    """Return which share of a box, in points, is black."""
    scale = _DPI / 72
    part = image.crop(tuple(round(x * scale) for x in (left, top, right, bottom)))  # type: ignore[arg-type]  # four of them
    grey: Any = part.histogram()
    return float(sum(grey[:_BLACK]) / sum(grey))


def silhouette(image: Image.Image, document: Document, words: str) -> tuple[str, float]:
    """Say what surrounds a cell's words: dark, a bar, a frame, dashes or nothing."""
    left, right, middle = place_of(document, words)
    center, half = (left + right) / 2, 13 * MM / 2
    inside = darkness(image, left - 1, middle - 5.0, right + 1, middle - 4.2)
    bar = darkness(image, center - half + 0.2, middle - 4, center - half + 4.0, middle + 4)
    edge = darkness(image, center - half + 4, middle + 5.2, center + half - 4, middle + 6.8)
    if inside > 0.8:
        return "dark", inside
    if bar > 0.5:
        return "bar", bar
    if edge > 0.4:
        return "frame", edge
    return ("dashes", edge) if edge > 0.1 else ("nothing", edge)


@pytest.mark.parametrize("copied", [False, True])
def test_every_state_keeps_its_silhouette_in_grey_and_after_two_copiers(
    rosewood_printed: Document, *, copied: bool
) -> None:
    image = picture(rosewood_printed)
    if copied:
        image = copied_twice(image)
    states = {
        "Sep 27": "nothing", "3 Sep": "dark", "16 Oct": "dark", "24 Dec": "bar", "5 Dec": "bar",
        "none": "frame", "10 Dec": "dashes", "19 Dec": "dashes", "90.9": "dark",
    }  # fmt: skip
    found = {words: silhouette(image, rosewood_printed, words) for words in states}
    assert {words: name for words, (name, _) in found.items()} == states, found


def test_more_than_a_page_of_staff_and_courses_goes_on_with_heads_repeated() -> None:
    pages = texts(printed(home_of(50, 40)))
    assert len(pages) == 9
    for page in pages:
        assert "Every year" in page
        assert "Staff" in page
        assert "in date till then" in page
    assert "Courses 1 to 14 of 40." in pages[0]
    assert "Training matrix, continued Staff 1 to" in pages[1]
    assert "Courses 15 to 28 of 40." in pages[1]
    assert "Courses 29 to 40 of 40." in pages[2]
    # everybody stands once in each stretch of courses, and all courses stand over each of them
    joined = " ".join(pages)
    for person in range(1, 51):
        assert len(re.findall(rf"Person {person} Nurse", joined)) == 3
    for course in range(40):
        assert len(re.findall(rf"Course {course}(?!\d)", joined)) == 3
    # the sums of the courses stand once, under the last of the staff
    assert [("Share" in page) for page in pages] == [False] * 6 + [True] * 3


def test_each_page_of_courses_has_the_cells_of_its_own() -> None:
    facts = rosewood.facts()
    courses = [Course(id=500 + n, name=f"Course {n}", refresh_months=12) for n in range(20)]
    matrix = built(
        Records(
            staff=[Staff(id=1, name="Ann", job_role="nurse")],
            courses=courses,
            requirements=[
                dataclasses.replace(facts.requirements[0], id=n, course=c.id, job_role="nurse")
                for n, c in enumerate(courses)
            ],
            trained=[
                TrainingRecord(
                    id=1,
                    staff=1,
                    course=518,
                    completed=dt.date(2026, 6, 2),
                )
            ],
        )
    )
    first, second = texts(printed(matrix))
    assert "Ann Nurse none none" in first
    assert "Jun 27" not in first
    assert "none Jun 27 none" in second


def test_one_more_than_fits_is_set_tighter_before_a_page_begins() -> None:
    assert printed(home_of(25, 16)).pages == 1
    pages = texts(printed(home_of(27, 16)))
    # and then the pages are filled alike
    assert [page.count("Nurse") for page in pages] == [14, 13]


def test_initials_take_the_place_of_names_and_are_told_apart() -> None:
    facts = rosewood.facts()
    twin = Staff(id=99, name="Sam Ward", job_role="manager")
    matrix = built(dataclasses.replace(facts, staff=[*facts.staff, twin]))
    (page,) = texts(printed(matrix, initials=True))
    # in the order of the page, by name
    assert "S.W. 1 Manager" in page
    assert "S.W. 2 Manager" in page
    assert "B.A. Nurse" in page
    assert not any(name in page for name in rosewood.IN_DATE_OF_ROWS if name != "Sarah Whitcombe")
    assert page.count("Sarah Whitcombe") == 1, "who printed it stands at the foot"


def test_names_of_two_hundred_letters_are_all_there() -> None:
    long = ("Bartholomew Featherstonehaugh " * 7)[:200].strip()
    course = (
        "Emergency evacuation of residents who cannot walk with sledges, chairs, and pads in " * 2
    )
    document = printed(home_of(3, 2, name=long, course=course.strip()))
    pages = texts(document)
    # in lines beside the cells, not over them
    none, _, _ = place_of(document, "none")
    names = [right for left, right in words_between(document, "Bartholomew", "Nurse")]
    assert max(names) < none - 10
    assert " ".join(f"{long} 1".split()) in without_roles(pages[0])
    # the head over the column ends in dots; the whole name follows
    assert "…" in pages[0]
    assert "Names of courses in full" in pages[-1]
    assert f"{course.strip()} 0" in pages[-1]
    assert f"{course.strip()} 1" in pages[-1]


def words_between(document: Document, first: str, last: str) -> list[tuple[float, float]]:
    """Return how far the letters from one word to another reach to the left and right."""
    text = pypdfium2.PdfDocument(document.content)[0].get_textpage()
    start, end = (text.search(word).get_next() for word in (first, last))
    assert start is not None
    assert end is not None
    found = [text.get_charbox(n) for n in range(start[0], end[0])]
    return [(left, right) for left, _, right, _ in found]


def without_roles(page: str) -> str:
    """Return a page without the words of the cells, which stand between lines of a long name."""
    return page.replace(" Nurse", "")


def test_states_that_are_rare_are_explained_where_they_occur(rosewood_printed: Document) -> None:
    (plain,) = texts(rosewood_printed)
    assert "need not hold it" not in plain
    assert "not held in date" not in plain
    facts = rosewood.facts()
    ewa, moving, oliver = 11, 101, 116
    at = dt.datetime(2026, 12, 3, 9, tzinfo=dt.UTC)
    matrix = built(
        dataclasses.replace(
            facts,
            exemptions=[Exemption(id=1, staff=ewa, course=oliver, reason="Away")],
            sessions=[*facts.sessions, Session(id=1, course=moving, at=at)],
            attendances=[*facts.attendances, Attendance(id=1, session=1, staff=ewa)],
        )
    )
    (page,) = texts(printed(matrix))
    assert "booked, not held in date till then" in page
    assert "exempt need not hold it" in page
    row = page[page.index("Ewa Zielińska Care assistant") :]
    assert row.startswith("Ewa Zielińska Care assistant 3 Dec Sep 27")
    # one course fewer to hold; the place that is booked is no training yet
    assert re.search(r"\d+/\d+", row).group() == "13/15"  # type: ignore[union-attr]


def test_what_ran_out_or_runs_out_far_away_names_the_year() -> None:
    facts = rosewood.facts()
    trained = [
        dataclasses.replace(record, expires=dt.date(2024, 10, 9))
        for record in facts.trained
        if isinstance(record, TrainingRecord) and (record.staff, record.course) == (8, 106)
    ]
    (page,) = texts(printed(built(dataclasses.replace(facts, trained=trained))))
    assert "Oct 24" in page


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (built(Records()), "Nobody worked in the home on that day."),
        (
            built(Records(staff=[Staff(id=1, name="Ann", job_role="cook")])),
            "No course is required of anybody, and nobody holds one.",
        ),
    ],
)
def test_nothing_to_show_is_said(matrix: Matrix, words: str) -> None:
    (page,) = texts(printed(matrix))
    assert words in page
    assert "0 of 0" not in page


def test_one_course_of_nobody_special_still_has_its_heads() -> None:
    matrix = home_of(1, 1)
    (page,) = texts(printed(matrix))
    assert "0 of 1 staff hold every required course in date" in page
    assert "Course 0" in page
    assert matrix.count(State.MISSING) == 1


def test_marked_up_and_right_to_left_names_print_as_typed() -> None:
    names = ("<b>Ann</b> & Co", "فاطمة الزهراء", "Zoë 🙂 Vale", "O'Neil\x07 (x) \\ Tom")
    people = [Staff(id=n, name=name, job_role="cook") for n, name in enumerate(names, 1)]
    course = Course(id=50, name="Fire & <i>smoke</i>", refresh_months=12)
    needed = dataclasses.replace(rosewood.facts().requirements[0], course=50, job_role="cook")
    matrix = built(Records(staff=people, courses=[course], requirements=[needed]))
    (page,) = texts(printed(matrix))
    assert "<b>Ann</b> & Co" in page
    assert "O'Neil (x) \\ Tom" in page
    assert "<i>smoke</i>" in page


def test_the_same_matrix_and_moment_are_the_same_file(rosewood_printed: Document) -> None:
    assert printed(rosewood.matrix()).content == rosewood_printed.content


def test_what_it_can_be_asked_for() -> None:
    assert (SPEC.name, SPEC.title) == ("training-matrix", "Training matrix")
    assert (SPEC.parameters.on, SPEC.parameters.initials) == (True, True)
    assert (SPEC.parameters.period, SPEC.parameters.subjects) == (False, ())


def test_shares_in_words() -> None:
    shown: Sequence[str] = [percent(column.share) for column in rosewood.matrix().columns]
    assert " ".join(shown).replace("\u00a0", " ") == rosewood.SHARES
