"""The gallery shows every report there is."""

from __future__ import annotations

import re
from pathlib import Path

from liaison.services import reporting

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
_MOST_BYTES = 2_000_000


def test_every_report_is_in_the_gallery_with_its_pictures() -> None:
    page = (GALLERY / "README.md").read_text(encoding="utf-8")
    again = "make it anew: python -m tests.reports.gallery docs/gallery"
    for name in reporting.names():
        spec = reporting.spec_of_report(name)
        assert f"## {spec.title}\n\n{spec.about} `liaison report {name}`" in page, again
        assert (GALLERY / f"{name}-1.png").is_file(), again
    pictures = set(re.findall(r"\]\(([\w-]+\.png)\)", page))
    assert pictures == {file.name for file in GALLERY.glob("*.png")}, again


def test_the_gallery_stays_small_and_holds_no_paper_itself() -> None:
    files = list(GALLERY.iterdir())
    assert sum(file.stat().st_size for file in files) < _MOST_BYTES
    assert {file.suffix for file in files} == {".png", ".md"}


def test_reports_that_are_yet_to_come_are_listed() -> None:
    page = (GALLERY / "README.md").read_text(encoding="utf-8")
    for title in ("Partnership and learning log", "SMART objectives", "Subject access pack"):
        assert title in page.partition("## Not there yet")[2]
