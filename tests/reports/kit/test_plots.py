"""Charts on paper: to scale, zero based, and still to be told apart on a photocopy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image

from liaison.reports.kit import plots
from liaison.reports.kit.plots import Box, Series
from liaison.reports.kit.sheet import Furniture, Sheet
from liaison.reports.spec import Document
from tests.reports.facts import PRINTED
from tests.reports.paper import (
    assert_clean,
    assert_within_margins,
    photocopied,
    picture,
    text_of,
)

SCALE = 3.0


def drawn(draw: Callable[[Sheet], None]) -> Document:
    sheet = Sheet(Furniture("Rosewood House", "Charts", "", PRINTED), "Charts")
    sheet.new_page()
    draw(sheet)
    document = sheet.finish()
    assert_clean(document)
    assert_within_margins(document)
    return document


def dark_share(image: Image.Image, box: Box) -> float:
    """Return how much of a place is dark, well inside its edges."""
    inset = 2.0
    place = image.crop((
        int((box.x + inset) * SCALE), int((box.y + inset) * SCALE),
        int((box.x + box.width - inset) * SCALE), int((box.y + box.height - inset) * SCALE),
    ))  # fmt: skip
    counts = place.histogram()
    return sum(counts[:128]) / sum(counts)


@pytest.mark.parametrize("copied", [False, True], ids=["grey", "photocopy"])
def test_the_three_fillings_stay_apart_without_colour(*, copied: bool) -> None:
    boxes = [Box(100 + 80 * place, 200, 60, 60) for place in range(3)]

    def draw(sheet: Sheet) -> None:
        for box, fill in zip(boxes, plots.FILLS, strict=True):
            plots.bar(sheet, box, fill)

    image = picture(drawn(draw), scale=SCALE)
    solid, pale, hatched = (
        dark_share(photocopied(image) if copied else image, box) for box in boxes
    )
    assert solid > 0.95
    assert pale < 0.05
    assert 0.08 < hatched < 0.7


def test_columns_are_to_scale_from_nought_and_say_their_values() -> None:
    values = [5, 10, 0, 20]
    box = Box(60, 200, 200, 120)
    document = drawn(lambda sheet: plots.columns(sheet, box, list("abcd"), values))
    image = picture(document, scale=SCALE)
    base = box.y + box.height - 14
    tall = []
    for place in range(4):
        x = int((box.x + 50 * (place + 0.5)) * SCALE)
        # downwards from above the base line, as long as it is dark
        height = 0
        while image.getpixel((x, int(base * SCALE) - 4 - height)) < 128:  # type: ignore[operator]  # grey
            height += 1
        tall.append(height + 4 if height else 0)
    assert tall[2] == 0
    assert tall[1] == pytest.approx(tall[3] / 2, rel=0.06)
    assert tall[0] == pytest.approx(tall[3] / 4, rel=0.12)
    said = text_of(document)
    assert "5 a 10 b 0 c 20 d" in said


def test_parts_of_a_bar_are_all_said_though_one_is_too_narrow_for_its_number() -> None:
    rows = [("This period", (300, 1, 2)), ("Before", (0, 0, 0))]
    names = ("Planned", "Ad hoc", "Urgent")
    document = drawn(lambda sheet: plots.lying(sheet, Box(60, 200, 220, 100), rows, names))
    said = text_of(document)
    assert "300 planned 1 ad hoc 2 urgent" in said
    assert "0 planned 0 ad hoc 0 urgent" in said


def test_names_beside_the_last_column_do_not_cover_each_other() -> None:
    series = [Series(name, (40, 1)) for name in ("Planned", "Ad hoc", "Urgent")]
    document = drawn(
        lambda sheet: plots.stacked(sheet, Box(60, 200, 300, 100), ["Jan", "Feb"], series)
    )
    said = text_of(document)
    for words in ("Planned 1", "Ad hoc 1", "Urgent 1", "120", "3"):
        assert words in said


@pytest.mark.parametrize("line", [True, False])
def test_a_month_without_values_has_no_point(*, line: bool) -> None:
    points = [[3.0], [], [4.0]] if line else [[3.0, 1.0], [], [4.0]]
    document = drawn(
        lambda sheet: plots.trend(
            sheet, Box(60, 200, 200, 100), ["Jan", "Feb", "Mar"], points, line=line
        )
    )
    assert "Jan Feb Mar" in text_of(document)


def test_nothing_at_all_can_be_drawn() -> None:
    def draw(sheet: Sheet) -> None:
        box = Box(60, 200, 200, 100)
        plots.columns(sheet, box, ["a"], [0])
        plots.dots(sheet, box, [])
        plots.trend(sheet, box, ["a"], [[]], line=True)
        plots.lying(sheet, box, [("Now", (0, 0, 0))], ("a", "b", "c"))

    drawn(draw)
