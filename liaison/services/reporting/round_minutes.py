"""The facts of a round's minutes, gathered for paper."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from liaison.records import ids
from liaison.records.casework import Action
from liaison.records.rules import times
from liaison.reports.kit.marks import Mark
from liaison.reports.round_minutes import SPEC, Facts, Item, Said
from liaison.services.references import Names
from liaison.services.reporting.naming import Residents
from liaison.services.reporting.round_agenda import named, read
from liaison.store import query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.reports.spec import Asked, Naming
    from liaison.services.rounds.lines import Line
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_STATES: Final = {
    "happened": "It was held",
    "cancelled": "It was called off",
    "planned": "It is not finished",
}


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the minutes show.

    Args:
        store: The home.
        asked: The round, the next one without it, and how residents are named.

    Raises:
        UserError: It is not here, or none is planned.
    """
    found = read(store, asked)
    sitting = found.sitting
    follow_ups = _follow_ups(store, found.lines)
    residents = Residents(store, asked.names)
    return Facts(
        home=named(store),
        round=sitting.name,
        at=times.in_london(sitting.at),
        state=_STATES.get(sitting.status, ""),
        who=", ".join(part for part in (sitting.who, sitting.place) if part),
        attendees=sitting.attendees,
        minutes=sitting.minutes,
        items=tuple(
            _item(line, follow_ups.get(line.id or 0, ()), residents, asked.names)
            for line in found.lines
        ),
        names=asked.names,
    )


def _item(line: Line, follow_ups: tuple[str, ...], residents: Residents, names: Naming) -> Item:
    said = tuple(
        Said(
            _carried(one.to) if one.carried else one.words,
            f"{one.by}, {times.show_time(one.at)}",
            Mark.SOON if one.carried else Mark.DONE,
        )
        for one in line.said
    )
    if line.elsewhere and not said:
        said = (Said(line.elsewhere, "Settled without the round", Mark.DONE),)
    name = apart = ""
    if line.whom is not None and names == "full":
        name, apart = line.whom.name, line.whom.apart
    elif line.whom is not None:
        room = residents.room(line.whom.id)
        name, apart = residents.name(line.whom.id), f"Room {room}" if room else ""
    return Item(
        kind=line.kind.value,
        name=name,
        apart=apart,
        question=line.question,
        said=said,
        follow_ups=follow_ups,
    )


def _carried(to: dt.datetime | None) -> str:
    return "Carried over" if to is None else f"Carried over to {times.show_time(to)}"


def _follow_ups(store: Store, lines: tuple[Line, ...]) -> dict[int, tuple[str, ...]]:
    """Return what was agreed to be done at each line, by the line."""
    by_text = {ids.to_text(line.id): line.id for line in lines if line.id is not None}
    asked = query.Query(
        "action", (Condition("source_id", tuple(by_text), "in"),), newest_first=False
    )
    names = Names(store)
    found: defaultdict[int, list[str]] = defaultdict(list)
    for action in query.every(store, asked):
        if not isinstance(action, Action) or action.struck_reason:
            continue
        if action.source_type == "agenda_line":
            who = action.owner_staff and names.by_id("staff", action.owner_staff)
            outside = action.owner_contact and names.by_id("contact", action.owner_contact)
            due = f"by {times.show_date(action.due)}" if action.due else ""
            parts = (action.what, who, outside, due)
            words = ", ".join(str(part) for part in parts if part)
            found[by_text[action.source_id or ""]].append(words)
    return {line: tuple(words) for line, words in found.items()}
