"""The visits one by one: a band for each visit, a row for each resident seen."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Final

from liaison.records.casework import Action, VisitEntry
from liaison.records.casework import Visit as VisitRecord
from liaison.records.fields import spec_of
from liaison.records.rules.times import in_london, show_date, show_time
from liaison.reports.kit.listing import Band, Cell, Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.sheet import MM, Sheet
from liaison.reports.kit.typeface import TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import ago, clock, day_and_month, month
from liaison.reports.visits_facts import HAPPENED, PLANNED, URGENT, Entry, FollowUp, Visit

_STRUCK: Final = "struck_reason"
_NOT_YET: Final = "nothing recorded yet"


def _columns() -> tuple[Column, ...]:
    label = {field.name: field.label for field in spec_of(VisitEntry).fields}
    return (
        Column(label["resident"], 24 * MM),
        Column(label["raised"], 46 * MM, gap=10),
        Column(label["found"], 62 * MM, gap=10),
        Column("Follow-up", 38 * MM, gap=0),
    )


def set_visits(sheet: Sheet, visits: Sequence[Visit], y: float, end: str) -> None:
    """Set the visits, and lead the outline to each month.

    Args:
        sheet: The document.
        visits: The visits, in the order they are to be in.
        y: Where they may begin.
        end: What is said at the end.
    """
    table = Listing(sheet, _columns(), y + 6, sheet.new_page)
    shown_month = ""
    for visit in visits:
        table.band(functools.partial(band_of, visit))
        rows = 0
        if words := _about(visit):
            table.note(*words, keep=bool(visit.entries or visit.follow_ups))
            rows += 1
        for entry in visit.entries:
            table.row(*row_of(entry, visit))
            rows += 1
        if visit.follow_ups:
            table.row([Piece("The visit", TABLE_MUTED)], [], [], _follow_ups(visit.follow_ups))
            rows += 1
        if not rows:
            table.note(Piece("No note about a resident.", TABLE_MUTED))
        if (this := month(in_london(visit.at))) != shown_month:
            sheet.bookmark(this, level=1)
            shown_month = this
    table.end(end)


def band_of(visit: Visit, first: bool, continued: bool) -> Band:  # noqa: FBT001  # as Listing asks
    """Return a visit's band: when, who, from where, and how it came about."""
    # the year stands on a page's first visit alone
    day = show_date(in_london(visit.at))
    lead = f"{day if first else day.rpartition(' ')[0]}, {clock(visit.at)}"
    if visit.left_at is not None:
        same = in_london(visit.left_at).date() == in_london(visit.at).date()
        lead += f"–{clock(visit.left_at) if same else show_time(visit.left_at)}"  # noqa: RUF001
    name, *more = [part for part in (visit.person, visit.role, visit.organisation) if part] or [""]
    return Band(
        lead, name, ", ".join(more), _aside(visit, continued=continued), visit.urgency == URGENT
    )


def _aside(visit: Visit, *, continued: bool) -> str:
    words = [visit.kind]
    if visit.status == PLANNED:
        # one that came as planned says "Planned": these must not look alike
        words.insert(0, f"{visit.status_label}, {_NOT_YET}")
    elif visit.status != HAPPENED:
        words.insert(0, visit.status_label)
    if visit.status == HAPPENED or visit.urgency != PLANNED:
        words.append(visit.urgency_label)
    words = [word for word in words if word]
    # one sentence: only its first word begins with a capital
    said = (
        ", ".join([words[0], *(word[:1].lower() + word[1:] for word in words[1:])]) if words else ""
    )
    if visit.requested_at is not None and visit.requested_at <= visit.at:
        said += f", asked {ago(visit.at - visit.requested_at)} before"
    return f"{said} (continued)" if continued else said


def _about(visit: Visit) -> list[Piece]:
    label = {field.name: field.label for field in spec_of(VisitRecord).fields}
    pieces = []
    if visit.struck:
        pieces.append(Piece(f"{label[_STRUCK]}: {visit.struck}", TABLE_BOLD))
    said = [
        f"{label[name]}: {text}"
        for name, text in (("reason", visit.reason), ("others_present", visit.others))
        if text
    ]
    if said:
        pieces.append(Piece("\n".join(said), TABLE_MUTED, struck=bool(visit.struck)))
    return pieces


def row_of(entry: Entry, visit: Visit) -> tuple[Cell, Cell, Cell, Cell]:
    """Return a note's row: who, what was raised, what was found, what is to be done."""
    struck = bool(entry.struck or visit.struck)
    who = [Piece(entry.resident.name, TABLE_BOLD)]
    who += [
        Piece(text, TABLE_MUTED)
        for text in (_room(entry.resident.room), entry.resident.born)
        if text
    ]
    raised = [Piece(entry.raised, struck=struck)] if entry.raised else []
    found = [Piece(entry.found, struck=struck)] if entry.found else []
    if entry.voice:
        words = entry.voice.strip('“”" ')
        found.append(Piece(f"“{words}”", TABLE_MUTED, struck=struck))
    if entry.more:
        found.append(Piece("; ".join(entry.more), TABLE_MUTED, struck=struck))
    if entry.struck:
        label = spec_of(VisitEntry).by_name[_STRUCK].label
        found.append(Piece(f"{label}: {entry.struck}", TABLE_BOLD))
    if entry.moved:
        found.append(Piece("Moved here from another resident’s record.", TABLE_MUTED))  # noqa: RUF001
    if entry.written is not None:
        found.append(Piece(f"Late entry, written {show_time(entry.written)}", TABLE_MUTED))
    return who, raised, found, _follow_ups(entry.follow_ups)


def _room(room: str) -> str:
    room = room.strip()
    return f"Room {room}" if room and not room.casefold().startswith("room") else room


_STATES: Final = {
    "done": (Mark.DONE, "Done"),
    "open": (Mark.OPEN, "Open"),
    "past": (Mark.PAST, "Past its date"),
}


def _follow_ups(actions: Sequence[FollowUp]) -> Cell:
    if not actions:
        return [Piece("None", TABLE_MUTED)]
    pieces: list[Piece] = []
    for action in actions:
        struck = bool(action.struck)
        pieces.append(Piece(action.what, struck=struck))
        if action.owner:
            pieces.append(
                Piece(
                    f"{action.owner}," if action.due else action.owner, TABLE_MUTED, struck=struck
                )
            )
        if action.due:
            pieces.append(Piece(f"due {day_and_month(action.due)}", TABLE_MUTED, struck=struck))
        if struck:
            pieces.append(
                Piece(f"{spec_of(Action).by_name[_STRUCK].label}: {action.struck}", TABLE_BOLD)
            )
            continue
        mark, word = _STATES[action.state]
        if action.done_at is not None:
            word += f" {day_and_month(in_london(action.done_at))}"
        pieces.append(Piece(word, TABLE_BOLD, mark))
    return pieces
