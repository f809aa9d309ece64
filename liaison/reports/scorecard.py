"""The partner scorecard: how it went with each organisation, one page for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Final

from liaison.records.rules.spans import Spans
from liaison.records.rules.times import show_plain_date
from liaison.reports.kit import plots
from liaison.reports.kit.listing import Cell, Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import Figure, figures, opening
from liaison.reports.kit.plots import Box
from liaison.reports.kit.sheet import MM, Furniture, Sheet
from liaison.reports.kit.typeface import BLOCK_TITLE, TABLE, TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import counted, listed, long_period, per_cent, period
from liaison.reports.scorecard_facts import Came, Facts, Partner, Wait
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

_GAP: Final = 28.0
_CHART: Final = 106.0
_NO_CHART: Final = 22.0  # of two charts beside each other that both have nothing to show
_BLOCK: Final = 30.0  # a block's title and how it counts
_UNDER_CHARTS: Final = 22.0
_AFTER_TABLE: Final = 22.0
_AGREED: Final = 42.0  # what the last block takes
_SESSION: Final = 16.6  # what a session takes that needs one line
_UNDER_TITLE: Final = 4.0  # from a block's title to its table
_NOTHING: Final = "Nothing is recorded in this period."
_FEW: Final = 20  # of so few values each is shown, not their middle
_LONG_DAYS: Final = 2.0  # from this on a response is told in days, below in hours
_MOST_SESSIONS: Final = 5
_TYPICAL: Final = "Typical: half were quicker, half took longer."


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"Period {period(facts.start, facts.end)}"
    name = facts.partners[0].name if facts.one and facts.partners else "all partners"
    sheet = Sheet(Furniture(facts.home, SPEC.title, covers, printed), f"{SPEC.title}, {name}")
    if not facts.one:
        _everybody(sheet, facts)
    for partner in facts.partners[: facts.in_full]:
        _page(sheet, facts, partner)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="scorecard",
    title="Partner scorecard",
    about="One page for each organisation: response, planned visits, unmet contacts, waits, training.",
    parameters=Parameters(period=True, subjects=("organisation",)),
    render=render,
)


# all of them, side by side


def _pages(facts: Facts) -> str:
    if facts.in_full is None or facts.in_full >= len(facts.partners):
        return "A page for each follows."
    return f"Pages follow for the first {facts.in_full:,}."


def _everybody(sheet: Sheet, facts: Facts) -> None:
    sheet.new_page()
    sheet.bookmark("All partners")
    when = long_period(facts.start, facts.end)
    if not facts.partners:
        opening(sheet, SPEC.title, f"No organisation has anything recorded from {when}.")
        return
    many = counted(len(facts.partners), "organisation")
    y = opening(sheet, SPEC.title, f"{many}, {when}. {_pages(facts)} {_TYPICAL}")
    wide = 19 * MM
    table = Listing(
        sheet,
        [
            Column("Organisation", sheet.room - 6 * wide),
            *(
                Column(title, wide, right=True)
                for title in (
                    "Visits", "Planned", "Typical response", "No answer", "Typical wait",
                    "Staff taught",
                )
            ),
        ],
        y + 4,
        sheet.new_page,
    )  # fmt: skip
    for one in facts.partners:
        table.row(*_row(one))
    table.end("End of all partners.")


def _row(one: Partner) -> tuple[Cell, ...]:
    who = [Piece(one.name, TABLE_BOLD)]
    if one.kind:
        who.append(Piece(one.kind, TABLE_MUTED))
    taught = sum(lesson.staff for lesson in one.taught)
    shown = (
        f"{one.now.all:,}" if one.now.all else "",
        per_cent(one.now.planned, one.now.all) if one.now.all else "",
        _time(_typical([days for _, days in one.responses])) if one.responses else "",
        f"{one.unmet:,} of {one.tried:,}" if one.tried else "",
        counted(round(_typical([wait.days for wait in one.waits])), "day") if one.waits else "",
        f"{taught:,}" if taught else "",
    )
    # a dash: nothing recorded is not a nought
    return who, *([Piece(words or "–")] for words in shown)  # noqa: RUF001


# one of them


def _page(sheet: Sheet, facts: Facts, one: Partner) -> None:
    sheet.new_page()
    sheet.bookmark(one.name)
    y = opening(sheet, one.name, _intro(facts, one), eyebrow=SPEC.title)
    if one.is_empty:
        sheet.paragraph(sheet.left, y + 14, _NOTHING, TABLE, sheet.room)
        return
    y = figures(sheet, y + 8, _figures(one)) + 14
    half = (sheet.room - _GAP) / 2
    beside = sheet.left + half + _GAP
    tall = _CHART if one.responses or one.now.all or one.before.all else _NO_CHART
    _responses(sheet, Box(sheet.left, y, half, tall), facts.spans, one)
    _how_they_came(sheet, Box(beside, y, half, tall), one)
    y += _BLOCK + tall + _UNDER_CHARTS
    tall = _CHART - 8 if one.unmet or one.waits else _NO_CHART
    _unmet(sheet, Box(sheet.left, y, half, tall), one)
    _waits(sheet, Box(beside, y, half, tall), one)
    y = _training(sheet, y + _BLOCK + tall + _UNDER_CHARTS, one)
    _took_on(sheet, y, one)


def _intro(facts: Facts, one: Partner) -> str:
    said = [f"{one.kind}."] if one.kind else []
    if one.links:
        many = "link is" if len(one.links) == 1 else "links are"
        said.append(f"Our named {many} {'; '.join(one.links)}.")
    counts = [
        counted(number, noun)
        for number, noun in (
            (one.now.all, "visit"),
            (len(one.waits), "referral"),
            (len(one.taught), "training session"),
        )
        if number
    ]
    if counts:
        said.append(f"{listed(counts)} from {long_period(facts.start, facts.end)}.")
    if one.usual is not None:
        said.append(f"They say that a referral usually takes {counted(one.usual, 'day')}.")
    return " ".join(said)


def _figures(one: Partner) -> list[Figure]:
    none = "–"  # noqa: RUF001  # a dash
    days = [days for _, days in one.responses]
    share = per_cent(one.now.planned, one.now.all) if one.now.all else none
    before = (
        f"{per_cent(one.before.planned, one.before.all)} as long before"
        if one.before.all
        else "nothing as long before"
    )
    waits = [wait.days for wait in one.waits]
    over = sum(wait.over for wait in one.waits)
    longest = f"longest {max(waits):,}" if waits else ""
    if over:
        longest += f"; {over:,} over the usual"
    return [
        Figure(
            _time(_typical(days)) if days else none, "typical response",
            f"{counted(len(days), 'visit')} asked for" if days else "none was asked for",
        ),
        Figure(share, "visits planned", before if one.now.all else "no visits"),
        Figure(
            f"{one.unmet:,}" if one.tried else none, "tries not answered",
            f"of {one.tried:,} noted" if one.tried else "none noted",
        ),
        Figure(
            counted(round(_typical(waits)), "day") if waits else none, "typical wait",
            f"{counted(len(waits), 'referral')}, {longest}" if waits else "no referrals",
            Mark.PAST if over else None,
        ),
    ]  # fmt: skip


def _block(sheet: Sheet, box: Box, title: str, how: str) -> Box:
    """Set a chart's title and how it counts; return where the chart stands."""
    sheet.text(box.x, box.y, title, BLOCK_TITLE, box.width)
    sheet.text(box.x, box.y + 13, how, TABLE_MUTED, box.width)
    return Box(box.x, box.y + _BLOCK - 6, box.width, box.height)


def _none(sheet: Sheet, box: Box) -> None:
    sheet.paragraph(box.x, box.y + 12, _NOTHING, TABLE, box.width)


def _responses(sheet: Sheet, box: Box, spans: Spans, one: Partner) -> None:
    hours = bool(one.responses) and _typical([days for _, days in one.responses]) < _LONG_DAYS
    unit = "Hours" if hours else "Days"
    line = len(one.responses) >= _FEW
    how = (
        f"Half came within, by {spans.words}" if line else "From asking to coming, one dot a visit"
    )
    at = _block(sheet, box, f"{unit} to respond", how)
    if not one.responses:
        _none(sheet, at)
        return
    by_part: list[list[float]] = [[] for _ in spans.parts]
    for place, days in one.responses:
        by_part[place].append(days * 24 if hours else days)
    points = [[_typical(values)] if values and line else values for values in by_part]
    plots.trend(sheet, at, [part.label for part in spans.parts], points, line=line)


def _how_they_came(sheet: Sheet, box: Box, one: Partner) -> None:
    at = _block(sheet, box, "How visits came about", "Number of visits, and as long before")
    if not one.now.all and not one.before.all:
        _none(sheet, at)
        return
    rows = [("This period", _parts(one.now)), ("Before", _parts(one.before))]
    plots.lying(sheet, at, rows, ("Planned", "Ad hoc", "Urgent"))


def _parts(came: Came) -> tuple[int, int, int]:
    return came.planned, came.ad_hoc, came.urgent


def _unmet(sheet: Sheet, box: Box, one: Partner) -> None:
    at = _block(sheet, box, "Tries not answered, by hour of the day", "The whole period")
    if not one.unmet:
        words = "Every try was answered." if one.tried else _NOTHING
        sheet.paragraph(at.x, at.y + 12, words, TABLE, at.width)
        return
    labels, values = _by_hour(dict(one.hours))
    plots.columns(sheet, at, labels, values)


def _by_hour(hours: dict[int, int]) -> tuple[list[str], list[int]]:
    """Return columns for the hours, two hours each where these would be more than twelve."""
    first, last = min(hours), max(hours)
    size = 1 if last - first < 12 else 2  # noqa: PLR2004  # columns
    first -= first % size
    starts = range(first, last + 1, size)
    return [str(hour) for hour in starts], [
        sum(hours.get(hour + more, 0) for more in range(size)) for hour in starts
    ]


def _waits(sheet: Sheet, box: Box, one: Partner) -> None:
    over = any(wait.over for wait in one.waits)
    how = "Days, one dot a referral" + ("; black: over the usual" if over else "")
    at = _block(sheet, box, "Waits for referrals", how)
    if not one.waits:
        _none(sheet, at)
        return
    rows = [
        ("Seen", _dots(one.seen)),
        ("Still waiting", _dots(one.waiting)),
        ("Closed unseen", _dots(one.closed)),
    ]
    plots.dots(sheet, at, [row for row in rows if row[1]])


def _dots(waits: Sequence[Wait]) -> list[tuple[int, bool]]:
    return sorted((wait.days, wait.over) for wait in waits)


def _training(sheet: Sheet, y: float, one: Partner) -> float:
    wide = sheet.text(sheet.left, y, "What they taught us", BLOCK_TITLE, sheet.room)
    note = "“passed on to” counts colleagues our own staff then taught"
    if not one.taught:
        sheet.text(sheet.left, y + 14, _NOTHING, TABLE, sheet.room)
        return y + 36
    x = sheet.left + wide + 8
    sheet.text(x, y, note, TABLE_MUTED, sheet.right - x)
    table = Listing(
        sheet,
        [
            Column("When", 26 * MM),
            Column("Course", sheet.room - 106 * MM),
            Column("Taught by", 40 * MM),
            Column("Staff", 16 * MM, right=True),
            Column("Passed on to", 24 * MM, right=True),
        ],
        y + _UNDER_TITLE,
        sheet.new_page,
    )
    free = sheet.bottom - table.y - _AFTER_TABLE - _AGREED
    # as many as leave the last block on this page, with a line for those that do not stand there
    most = min(_MOST_SESSIONS, max(1, int(free // _SESSION) - 1))
    for lesson in one.taught[:most]:
        table.row(
            [Piece(show_plain_date(lesson.on))],
            [Piece(lesson.what)],
            [Piece(lesson.by or "Not recorded")],
            [Piece(f"{lesson.staff:,}")],
            [Piece(f"{lesson.passed:,}")],
        )
    more = one.taught[most:]
    if more:
        words = Counter(lesson.what for lesson in more)
        staff, passed = sum(one.staff for one in more), sum(one.passed for one in more)
        table.row(
            [Piece(f"{len(more):,} earlier")],
            [Piece(listed([name for name, _ in words.most_common(3)]), TABLE_MUTED)],
            [],
            [Piece(f"{staff:,}")],
            [Piece(f"{passed:,}")],
        )
    return table.y + _AFTER_TABLE


def _took_on(sheet: Sheet, y: float, one: Partner) -> None:
    if y + _AGREED > sheet.bottom:
        sheet.new_page()
        y = sheet.top
    sheet.text(sheet.left, y, "What they took on", BLOCK_TITLE, sheet.room)
    agreed = one.agreed
    if not agreed.all:
        sheet.text(sheet.left, y + 14, _NOTHING, TABLE, sheet.room)
        return
    wide = sheet.room / 5
    titles = ("Agreed", "Done in time", "Done late", "Still open", "Past its date")
    table = Listing(
        sheet, [Column(title, wide) for title in titles], y + _UNDER_TITLE, sheet.new_page
    )
    numbers = (agreed.all, agreed.in_time, agreed.late, agreed.open)
    past = Piece(f"{agreed.past:,}", mark=Mark.PAST if agreed.past else None)
    table.row(*([Piece(f"{number:,}")] for number in numbers), [past])


def _typical(values: Sequence[float]) -> float:
    return median(values)


def _time(days: float) -> str:
    """Show how long something took: ``40 min``, ``5 h``, ``1.8 days``."""
    minutes = round(days * 24 * 60)
    if minutes < 60:  # noqa: PLR2004  # an hour
        return f"{minutes}\u00a0min"
    if days < _LONG_DAYS:
        return f"{round(days * 24)}\u00a0h"
    shown = f"{days:.1f}".removesuffix(".0")
    return f"{shown}\u00a0days"
