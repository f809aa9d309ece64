"""``python -m tests.reports.gallery FOLDER``: every report of a demonstration home, as pictures.

Two pages of each at most, small enough to be kept with the source, and a page that shows them all.
The day it plays on is always the same, so the pictures change only when the paper does.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image

from liaison.records.casework import Concern, Round, Transfer, Visit
from liaison.records.training import Competency, Session
from liaison.reports.spec import Asked, Document, Printed, ReportSpec
from liaison.services import demo, homes, reporting
from liaison.services.homes import OpenHome
from liaison.services.today.items import Look
from tests import homes as made

_TODAY: Final = dt.date(2026, 11, 20)
_NOW: Final = dt.datetime(2026, 11, 20, 15, 30, tzinfo=dt.UTC)
_PAGES: Final = 2
_SCALE: Final = 1.0
_GREYS: Final = 16
_LATER: Final = (
    ("Partnership and learning log", "partnership events and learning entries"),
    ("Plan with SMART objectives", "objectives and their progress"),
    ("Subject access pack", "requests, and what was looked through for them"),
)
"""Reports that are left out so far, and the records they wait for."""


def main(arguments: Sequence[str]) -> int:
    """Make the gallery."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--only", nargs="*", default=(), help="only these reports")
    folder: Path = parser.parse_args(arguments).folder
    only: tuple[str, ...] = tuple(parser.parse_args(arguments).only)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as beside:
        place = Path(beside) / "home"
        demo.make(place, today=_TODAY, cost=made.CHEAP)
        with homes.open_home(place, None, demo.PASSWORD, clock=lambda: _NOW) as home:
            shown = [_take(home, name, folder) for name in only or reporting.names()]
    if not only:
        (folder / "README.md").write_text(_page(shown), encoding="utf-8")
    return 0


def _take(home: OpenHome, name: str, folder: Path) -> tuple[ReportSpec[object], int, list[str]]:
    """Photograph a report; return what it is, how many pages it has and its pictures."""
    spec = reporting.spec_of_report(name)
    document = _made(home, spec)
    files: list[str] = []
    pdf = pypdfium2.PdfDocument(document.content)
    try:
        for number in range(min(document.pages, _PAGES)):
            page = pdf[number]
            image: Image.Image = page.render(scale=_SCALE).to_pil()
            page.close()
            file = f"{name}-{number + 1}.png"
            # text needs few shades, and the one colour of paper has room among them
            image.quantize(_GREYS).save(folder / file, optimize=True)
            files.append(file)
    finally:
        pdf.close()
    return spec, document.pages, files


def _made(home: OpenHome, spec: ReportSpec[object]) -> Document:
    asked = reporting.ask(home.store, spec.name)
    subject = _subject(home, spec)
    if subject is not None:
        asked = Asked(asked.start, asked.end, asked.on, subject, since=asked.since)
    facts = reporting.gather(home.store, spec.name, asked)
    return spec.render(facts, Printed(_NOW, "Helen Marsh"))


def _subject(home: OpenHome, spec: ReportSpec[object]) -> tuple[str, int] | None:
    """Return what a report is about that is about one; None where it is about the home."""
    look = Look(home.store, _TODAY)
    moved = next(one.resident for one in look.each(Transfer) if one.resident is not None)
    some: dict[str, tuple[str, Callable[[], Iterable[int | None]]]] = {
        "scorecard": (
            "organisation",
            lambda: (
                who
                for who, _ in Counter(one.organisation for one in look.each(Visit)).most_common()
            ),
        ),
        "round-minutes": (
            "round",
            lambda: (one.id for one in look.each(Round) if one.status == "happened"),
        ),
        "concern-trail": (
            "concern",
            lambda: (one.id for one in look.each(Concern) if one.closed_at is not None),
        ),
        "passport": (
            "staff",
            lambda: (one.staff for one in look.each(Competency) if one.level == "can teach"),
        ),
        "attendance-sheet": (
            "session",
            lambda: (one.id for one in look.each(Session) if one.status == "happened"),
        ),
        "handover-sheet": ("resident", lambda: [moved]),
        "timeline": ("resident", lambda: [moved]),
        "record-history": ("resident", lambda: [moved]),
    }
    if spec.name not in some:
        return None
    kind, found = some[spec.name]
    return kind, next(one for one in found() if one is not None)


def _page(shown: Sequence[tuple[ReportSpec[object], int, list[str]]]) -> str:
    """Return the page that shows the pictures."""
    parts = [
        "# Every report, as it comes out of the printer\n",
        (
            "From the demonstration home, in which everybody is made up; the first pages of each. "
            "Made by `python -m tests.reports.gallery docs/gallery`.\n"
        ),
    ]
    for spec, pages, files in shown:
        many = f"{pages:,} page{'' if pages == 1 else 's'}"
        parts.append(
            f"## {spec.title}\n\n{spec.about} `liaison report {spec.name}`; {many} here.\n"
        )
        parts.append(" ".join(f"![{spec.title}]({file})" for file in files) + "\n")
    parts.append("## Not there yet\n\nThese wait for records that are still to come.\n")
    parts.append("| Report | Waits for |\n|---|---|")
    parts += [f"| {title} | {what} |" for title, what in _LATER]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
