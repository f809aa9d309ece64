"""The visits report on paper, against the PDF library's own table and its plainest call."""

from __future__ import annotations

import datetime as dt
import io
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, SimpleDocTemplate, TableStyle

from benchmarks.harness import Bench, Result, check, compare, timed
from liaison.reports import visits
from liaison.reports.kit import typeface
from liaison.reports.kit.sheet import A4, MM
from liaison.reports.spec import Printed
from liaison.reports.visits import Entry, Facts, FollowUp, Resident, State, Visit
from liaison.reports.visits_list import band_of, row_of

_COUNT = 2_000
_MANY = 20_000
_MEMORY_REACH = 2.0
_LONGEST_S = 300
_WORDS = 6_000
_WITH_VOICE, _WITH_ACTION = 0.15, 0.6
_TABLE_REACH = 0.8
_STRINGS_REACH = 2.0
_WIDTHS = (24 * MM, 46 * MM, 62 * MM, 38 * MM)
_SIZE, _LEADING = 9, 12
_LEFT, _TOP, _BOTTOM = 20 * MM, 270 * MM, 20 * MM
_PRINTED = Printed(dt.datetime(2026, 11, 22, 10, 14, tzinfo=dt.UTC), "Sarah Whitcombe")


def visits_on_paper(bench: Bench) -> Iterator[Result]:
    """2,000 visit entries of words from a vocabulary of 6,000.

    Ours wraps every note, repeats heads and bands, splits long rows, and draws key figures and
    signs. The floors put the same strings on paper in the same fonts, each in one line that runs
    into the next column: as one LongTable, and cell by cell with drawString. They need about a
    third of the pages. All write the page as it is, without the library's ASCII encoding.
    """
    facts = _facts()
    rows = list(_rows(facts.visits))

    def ours() -> float:
        with timed() as watch:
            document = visits.render(facts, _PRINTED)
        check(document.pages > _COUNT // 20, "the report is too short to hold every entry")
        check(document.content.startswith(b"%PDF"), "the report is no PDF")
        return watch.seconds

    def against(floor: Callable[[Sequence[Sequence[str]]], bytes]) -> Callable[[], float]:
        def run() -> float:
            with timed() as watch:
                content = floor(rows)
            check(content.startswith(b"%PDF") and len(content) > _COUNT, "the floor is no PDF")
            return watch.seconds

        return run

    ratio, turns = f"visits of {_COUNT:,} entries, against", bench.turns(3, 11)
    yield compare(f"{ratio} LongTable", _TABLE_REACH, turns, ours, against(_long_table))
    alone = against(_draw_strings)
    yield compare(f"{ratio} drawString", _STRINGS_REACH, turns, ours, alone, rehearsed=bench.quick)


def memory(bench: Bench) -> Iterator[Result]:
    """Peak memory of a process that sets 20,000 visit entries, against one that sets 2,000.

    Each is a process of its own, as the window's is, with the facts in it.
    """
    pairs = [(_peak_of(_MANY), _peak_of(_COUNT)) for _ in range(bench.turns(1, 3))]
    yield Result(
        f"peak memory of {_MANY:,} entries",
        median(ours for ours, _ in pairs),
        median(floor for _, floor in pairs),
        median(ours / floor for ours, floor in pairs),
        _MEMORY_REACH,
        "MiB",
    )


def _peak_of(count: int) -> float:
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "benchmarks.paper", str(count)],
        capture_output=True,
        text=True,
        timeout=_LONGEST_S,
        check=False,
    )
    check(done.returncode == 0, f"the report was not set: {done.stderr}")
    return float(done.stdout)


def _set_and_tell(count: int) -> None:
    """Set a report of so many entries, and print the most memory that took, in MiB."""
    document = visits.render(_facts(count), _PRINTED)
    check(document.pages > count // 20, "the report is too short to hold every entry")
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    sys.stdout.write(f"{int(line.split()[1]) / 1024}\n")


def _facts(count: int = _COUNT) -> Facts:
    chance = random.Random(4)
    letters = "eeeeaaaoooiiittnnssrrhhlldcumfpgwybvk"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(_WORDS)]

    def note(least: int, most: int) -> str:
        text = " ".join(chance.choices(words, k=chance.randint(least, most)))
        return f"{text.capitalize()}."

    states: tuple[State, ...] = ("done", "open", "past")
    at = dt.datetime(2026, 10, 31, 17, tzinfo=dt.UTC)
    made: list[Visit] = []
    left = count
    while left:
        at -= dt.timedelta(minutes=chance.randint(60, 500))
        count = min(left, chance.choice((1, 1, 1, 2, 3)))
        left -= count
        urgency = chance.choice(("planned", "ad hoc", "urgent"))
        entries = tuple(
            Entry(
                Resident(f"{chance.choice(words)} {chance.choice(words)}".title(), "12"),
                note(8, 24),
                note(12, 48),
                voice=note(4, 9) if chance.random() < _WITH_VOICE else "",
                follow_ups=(
                    (FollowUp(note(2, 5), "Łukasz Nowak", at.date(), chance.choice(states)),)
                    if chance.random() < _WITH_ACTION
                    else ()
                ),
            )
            for _ in range(count)
        )
        made.append(
            Visit(
                at,
                urgency=urgency,
                urgency_label=urgency.capitalize(),
                person=f"{chance.choice(words)} {chance.choice(words)}".title(),
                role="District nurse",
                organisation="Marlbury Community Nursing",
                left_at=at + dt.timedelta(minutes=20),
                entries=entries,
            )
        )
    return Facts("Rosewood House", dt.date(2025, 11, 1), dt.date(2026, 10, 31), tuple(made))


def _rows(shown: Sequence[Visit]) -> Iterator[tuple[str, ...]]:
    """Yield the strings of the report cell by cell, a line for each visit and each note."""
    for visit in shown:
        band = band_of(visit, first=False, continued=False)
        yield band.lead, f"{band.name}, {band.more}", "", band.aside
        for entry in visit.entries:
            yield tuple(" ".join(piece.text for piece in cell) for cell in row_of(entry, visit))


def _long_table(rows: Sequence[Sequence[str]]) -> bytes:
    typeface.font(typeface.REGULAR)
    file = io.BytesIO()
    style = TableStyle([("FONT", (0, 0), (-1, -1), typeface.REGULAR, _SIZE, _LEADING)])
    table = LongTable(rows, colWidths=_WIDTHS, style=style)
    document = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=_LEFT, rightMargin=_LEFT, topMargin=_BOTTOM,
        bottomMargin=_BOTTOM,
    )  # fmt: skip
    document.build([table])
    return file.getvalue()


def _draw_strings(rows: Sequence[Sequence[str]]) -> bytes:
    typeface.font(typeface.REGULAR)
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    starts = [_LEFT + sum(_WIDTHS[:n]) for n in range(len(_WIDTHS))]
    y = _TOP
    canvas.setFont(typeface.REGULAR, _SIZE, _LEADING)
    for row in rows:
        if y < _BOTTOM:
            canvas.showPage()
            canvas.setFont(typeface.REGULAR, _SIZE, _LEADING)
            y = _TOP
        for x, text in zip(starts, row, strict=True):
            canvas.drawString(x, y, text)
        y -= _LEADING
    canvas.save()
    return file.getvalue()


if __name__ == "__main__":
    _set_and_tell(int(sys.argv[1]))
