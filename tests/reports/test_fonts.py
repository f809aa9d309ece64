"""The committed fonts: the letters, digits and features the program counts on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

import fonts
from liaison.settings import resource

FOLDER = resource("fonts")
SCREEN = sorted((FOLDER / "screen").glob("*.ttf"))
PAPER = sorted((FOLDER / "paper").glob("Inter*.ttf"))
NAMES = "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{EN DASH}"
NAMES += "Łukasz Żółć Siân Ŵyn Nguyễn Thị Hằng Øyvind Σοφία Олена Ґалаґан “—…” € £ ½ °C ≥ →"


def letters(path: Path) -> dict[int, str]:
    with TTFont(path) as font:
        return dict(font.getBestCmap())


def digit_widths(path: Path) -> set[int]:
    with TTFont(path) as font:
        glyphs = font.getBestCmap()
        return {font["hmtx"][glyphs[ord(digit)]][0] for digit in "0123456789"}


def features(path: Path, table: str) -> set[str]:
    with TTFont(path) as font:
        records: Any = font[table].table.FeatureList.FeatureRecord if table in font else ()
        return {record.FeatureTag for record in records}


def test_the_screen_has_three_weights_and_paper_five_cuts() -> None:
    weights = {"Regular", "SemiBold", "Bold"}
    assert {path.stem for path in SCREEN} == {f"Inter-{weight}" for weight in weights}
    assert {path.stem for path in PAPER} == {f"InterTab-{weight}" for weight in weights} | {
        "InterFig-SemiBold",
        "InterFig-Bold",
    }


@pytest.mark.parametrize("path", [*SCREEN, *PAPER], ids=lambda path: path.stem)
def test_every_cut_has_the_letters_of_the_names_we_meet(path: Path) -> None:
    missing = set(NAMES) - {chr(code) for code in letters(path)}
    assert not missing


@pytest.mark.parametrize("path", PAPER, ids=lambda path: path.stem)
def test_digits_are_of_one_width_where_they_stand_under_each_other(path: Path) -> None:
    assert (len(digit_widths(path)) == 1) == path.stem.startswith("InterTab")


@pytest.mark.parametrize("path", SCREEN, ids=lambda path: path.stem)
def test_the_screen_can_ask_for_tabular_digits_and_a_plain_zero_and_l(path: Path) -> None:
    assert {"tnum", "zero", "ss02"} <= features(path, "GSUB")
    assert "kern" in features(path, "GPOS")


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.ttf")), ids=lambda path: path.stem)
def test_every_font_is_still_has_outlines_the_pdf_takes_and_says_its_licence(path: Path) -> None:
    with TTFont(path) as font:
        assert "fvar" not in font
        assert "glyf" in font
        assert "CFF " not in font
        family = (font["name"].getDebugName(16) or font["name"].getDebugName(1) or "").split(" ")[0]
        assert path.stem.startswith(family)
        weight = {"Regular": 400, "SemiBold": 600, "Bold": 700}[path.stem.split("-")[1]]
        assert font["OS/2"].usWeightClass == weight


def test_arabic_keeps_the_tables_that_join_its_letters() -> None:
    path = FOLDER / "paper" / "NotoSansArabic-Regular.ttf"
    assert {"init", "medi", "fina", "rlig"} <= features(path, "GSUB")
    assert "mark" in features(path, "GPOS")
    assert set("سلام پگچژ ی ک ۱۲۳") <= {chr(code) for code in letters(path)}


def test_emoji_people_put_in_notes_have_an_outline() -> None:
    found = letters(FOLDER / "paper" / "NotoEmoji-Regular.ttf")
    assert {ord(sign) for sign in "😀😢👍❤🎂☎⚠✅🚑🦽"} <= found.keys()


@pytest.mark.parametrize("source", [fonts.INTER, fonts.ARABIC, fonts.EMOJI])
def test_each_font_lies_beside_its_licence(source: fonts.Source) -> None:
    licence = (FOLDER / source.keep_as).read_text(encoding="utf-8")
    assert "SIL Open Font License, Version 1.1" in " ".join(licence.split())


def test_the_fonts_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.*")) < 2_000_000


def test_swapping_the_digits_changes_the_ten_digits_and_nothing_else() -> None:
    with TTFont(SCREEN[0]) as font:
        before = dict(font.getBestCmap())
        fonts.swap_in_tabular_digits(font)
        after = dict(font.getBestCmap())
    changed = {chr(code) for code in before if before[code] != after[code]}
    assert changed == set("0123456789")
