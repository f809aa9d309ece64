"""The facts of the gap plan, gathered for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.records.rules.initials import initials
from liaison.reports.gap_plan import SPEC, Facts, Lack, Lesson, Wish
from liaison.services.gaps import SPANS, GapPlan, gap_plan

if TYPE_CHECKING:
    from liaison.records.rules.gaps import Gap, Proposal
    from liaison.reports.spec import Asked
    from liaison.services.partner_needs import Need
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_UNNAMED: Final = "This home"
AT_ONCE: Final = 2
"""How many of a team may be away at once, on paper as on the screen until somebody chooses."""


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The day, and whether staff are shown by their initials.
    """
    loaded = store.the("home")
    name = None if loaded is None else getattr(loaded.record, "name", None)
    found = gap_plan(store, asked.on, at_once=AT_ONCE)
    short = asked.initials
    return Facts(
        home=name or _UNNAMED,
        on=found.made.on,
        within=found.within,
        spans=SPANS,
        counts=found.spans,
        lacks=tuple(_lack(gap, short=short) for gap in found.gaps),
        lessons=tuple(_lesson(one, found, short=short) for one in found.proposals),
        wishes=tuple(_wish(need) for need in found.needs),
    )


def _name(name: str, *, short: bool) -> str:
    return initials(name) if short else name


def _lack(gap: Gap, *, short: bool) -> Lack:
    return Lack(
        _name(gap.row.name, short=short), gap.row.role, gap.column.course.name or "",
        gap.runs_out, gap.by, gap.cell.booked,
    )  # fmt: skip


def _lesson(one: Proposal, found: GapPlan, *, short: bool) -> Lesson:
    teacher = found.teachers.get(one.course)
    who = "" if teacher is None else ", ".join(p for p in (teacher.name, teacher.organisation) if p)
    return Lesson(
        found.courses.get(one.course, ""), len(one.gaps),
        tuple(_name(row.name, short=short) for row in one.people), one.by,
        None if one.coming is None else one.coming.at, who,
    )  # fmt: skip


def _wish(need: Need) -> Wish:
    roles = ", ".join(f"{role.lower()} {count}" for role, count in need.roles if role)
    partner = ", ".join(dict.fromkeys(part for part in (need.partner, need.person) if part))
    by = None if need.late else need.by
    return Wish(need.what, partner, need.people, roles, by, need.skill)
