"""The first page of the visits report: its key figures and who came."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final

from liaison.records.rules.times import in_london, show_plain_date
from liaison.reports.kit.listing import Cell, Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import Figure
from liaison.reports.kit.sheet import MM, Sheet
from liaison.reports.kit.typeface import BLOCK_TITLE, TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import ago, counted, day_and_month, per_cent
from liaison.reports.visits_facts import PLANNED, Facts, FollowUp, Visit

_MOST_PEOPLE: Final = 9


def key_figures(facts: Facts, happened: Sequence[Visit]) -> list[Figure]:
    """Return what sums the report up.

    Args:
        facts: What it shows.
        happened: Those of its visits that took place, at least one.
    """
    planned = sum(visit.urgency == PLANNED for visit in happened)
    kinds = Counter(visit.kind for visit in happened if visit.kind).most_common(2)
    shown = [
        Figure(
            f"{len(happened):,}",
            "visit" if len(happened) == 1 else "visits",
            ", ".join(f"{kind.lower()} {count:,}" for kind, count in kinds),
        ),
        Figure(
            per_cent(planned, len(happened)),
            "planned",
            f"{planned:,} of {len(happened):,}",
        ),
    ]
    waits = responses(happened)
    if waits:
        shown.append(Figure(ago(_typical(waits)), "typical response", "from asking to coming"))
    still = [action for action in _actions(facts.visits) if action.state != "done"]
    dues = [action.due for action in still if action.state == "past" and action.due]
    note = f"oldest due {_plain_day(min(dues), facts.end)}" if dues else ""
    label = "follow-up still open" if len(still) == 1 else "follow-ups still open"
    shown.append(Figure(f"{len(still):,}", label, note, Mark.PAST if dues else None))
    return shown


def responses(visits: Iterable[Visit]) -> list[dt.timedelta]:
    """Return how long those took to come who were asked."""
    return [
        visit.at - visit.requested_at
        for visit in visits
        if visit.requested_at is not None and visit.requested_at <= visit.at
    ]


def _plain_day(day: dt.date, near: dt.date) -> str:
    """Show a day, with its year only if that is another one."""
    return day_and_month(day) if day.year == near.year else show_plain_date(day)


def _typical(spans: Sequence[dt.timedelta]) -> dt.timedelta:
    """Return the span that half of them stay below."""
    return dt.timedelta(seconds=median(span.total_seconds() for span in spans))


def _actions(visits: Iterable[Visit]) -> list[FollowUp]:
    return [
        action
        for visit in visits
        for action in (*visit.follow_ups, *(a for e in visit.entries for a in e.follow_ups))
        if not action.struck
    ]


def who_came(sheet: Sheet, y: float, happened: Sequence[Visit]) -> float:
    """Set the table of the people who came most often, if there were several.

    Args:
        sheet: The document.
        y: Where it may begin.
        happened: The visits that took place.

    Returns:
        Where what follows may begin.
    """
    by_person: defaultdict[tuple[str, str, str], list[Visit]] = defaultdict(list)
    for visit in happened:
        by_person[visit.person, visit.organisation, visit.role].append(visit)
    if len(by_person) < 2:  # noqa: PLR2004  # one person's sums stand in the figures
        return y
    people = sorted(by_person.items(), key=lambda item: (-len(item[1]), item[0]))
    if len(people) > _MOST_PEOPLE + 1:
        people, rest = people[:_MOST_PEOPLE], people[_MOST_PEOPLE:]
    else:
        rest = []
    y += 16
    sheet.text(sheet.left, y, "Who came", BLOCK_TITLE, sheet.room)
    columns = (
        Column("Person and organisation", 64 * MM),
        Column("Role", 38 * MM),
        Column("Visits", 14 * MM, right=True),
        Column("Planned", 17 * MM, right=True),
        Column("Typical response", 19 * MM, right=True),
        Column("Last visit", 18 * MM, right=True),
    )
    table = Listing(sheet, columns, y + 2, sheet.new_page)
    for (person, organisation, role), visits in people:
        name, more = (person, organisation) if person else (organisation or "Nobody named", "")
        table.row(_two(name, more), [Piece(role)], *_sums(visits))
    if rest:
        named = {key[0] for key, _ in rest if key[0]}
        places = {key[1] for key, _ in rest if key[1]}
        table.row(
            _two(
                counted(len(named), "other person", "other people"),
                counted(len(places), "organisation"),
            ),
            [],
            *_sums([visit for _, visits in rest for visit in visits]),
        )
    return table.y


def _two(name: str, more: str) -> Cell:
    pieces = [Piece(name, TABLE_BOLD)]
    return [*pieces, Piece(more, TABLE_MUTED)] if more else pieces


def _sums(visits: Sequence[Visit]) -> tuple[Cell, ...]:
    planned = sum(visit.urgency == PLANNED for visit in visits)
    waits = responses(visits)
    return (
        [Piece(f"{len(visits):,}")],
        [Piece(per_cent(planned, len(visits)))],
        [Piece(ago(_typical(waits)) if waits else "–")],  # noqa: RUF001  # a dash
        [Piece(day_and_month(in_london(max(visit.at for visit in visits))))],
    )
