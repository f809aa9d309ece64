"""What a pack can say of the record it was made from: counts, checks, and the head of the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.reports.kit.wording import counted
from liaison.reports.pack_back import left_out_words
from liaison.reports.pack_facts import Check, Integrity, Kept
from liaison.services import backups, upkeep
from liaison.store import heads, held
from liaison.store.verify import verify

if TYPE_CHECKING:
    from liaison.reports.pack_facts import Section
    from liaison.store.held import Held
    from liaison.store.store import Store
    from liaison.store.verify import Report

#: The kinds that are counted, each with the date or time that says when they were.
_COUNTED: Final[Mapping[str, str]] = {
    "visit_entry": "visit.at",
    "concern": "raised_at",
    "referral": "sent",
    "transfer": "at",
    "contact_attempt": "at",
    "training_record": "completed",
}
_CONCERNS: Final = frozenset({"concern", "query"})
_LATELY: Final = dt.timedelta(days=7)
Checking = Callable[[str, int, int], None]
"""Told what is checked, how far that is, and of how much; stops it by raising."""


def kept(
    store: Store, start: dt.date, end: dt.date, sections: Sequence[Section]
) -> tuple[Kept, ...]:
    """Return how many records of each kind there are, and how many are in the pack.

    Args:
        store: The home.
        start: The first day of the period.
        end: Its last day, counted in.
        sections: The sections of the pack.
    """
    facts = {section.name: section.facts for section in sections}
    found = []
    for name, field in _COUNTED.items():
        counts = held.held(store, name, field, start, end)
        printed = min(counts.number, _printed(name, facts, counts, start, end))
        label = all_specs()[name].plural
        found.append(Kept(label, counts.number, printed, counts.changed))
    return tuple(found)


def _printed(
    name: str, facts: Mapping[str, Any], counts: Held, start: dt.date, end: dt.date
) -> int:
    """Return how many records of a kind the sections hold."""
    visits, loops = facts.get("visits"), facts.get("open-loops")
    if name == "visit_entry" and visits is not None:
        return sum(len(visit.entries) for visit in visits.listed)
    if name == "concern" and loops is not None:
        kinds = (row for row in loops.rows if row.kind.casefold() in _CONCERNS)
        return sum(start <= row.since <= end for row in kinds)
    if name == "referral" and "referral-waits" in facts:
        return sum(start <= row.sent <= end for row in facts["referral-waits"].rows)
    if name == "transfer" and "transfers" in facts:
        return len(facts["transfers"].rows)
    if name == "contact_attempt" and "unmet-contacts" in facts:
        return sum(tally.tries for tally in facts["unmet-contacts"].tallies)
    if name == "training_record" and "training-matrix" in facts:
        return counts.number - counts.struck
    return 0


def integrity(
    store: Store, counts: Sequence[Kept], *, extract: bool, check: Checking | None
) -> Integrity:
    """Return what can be said about the record.

    Args:
        store: The home.
        counts: How many records there are, by kind.
        extract: Whether visits that told nothing new are left out.
        check: Told how far the check of everything is; None: nothing is checked now, and what the
            last check said stands instead.
    """
    found = held.log(store)
    own = next(
        (head for head in heads.heads_of(store.connection) if head.tag == store.context.tag), None
    )
    report = None if check is None else verify(store, progress=check)
    return Integrity(
        changes=found.changes,
        since=None if found.first is None else times.in_london(found.first).date(),
        damage=None if report is None else len(report.damage),
        checks=(*_checked(store, report, found), _pcs(found), _backup(store)),
        kept=tuple(counts),
        left_out=tuple(_left_out(counts, extract=extract)),
        head="" if own is None else heads.to_text(own),
    )


def _checked(store: Store, report: Report | None, found: held.Log) -> list[Check]:
    whole = "Every change is as it was written and follows the one before it"
    if report is None:
        return [_last_check(store, whole)]
    if report.damage:
        return [Check(whole, "no", "Not all", report.damage[0].what)]
    last = "" if found.last is None else f", the last on {times.show_time(found.last)}"
    people = counted(found.people, "person", "people")
    return [
        Check(
            "Every change follows the one before it", "yes", "Yes",
            f"{counted(report.changes, 'change')} in {report.units:,} signed entries{last}",
        ),
        Check(
            "Every entry carries a valid signature", "yes", "Yes",
            f"written by {people} on {counted(found.pcs, 'PC')}",
        ),
        Check(
            "Nothing was written round the program", "yes", "Yes",
            f"{counted(report.records, 'record')} compared with what the log says of them",
        ),
    ]  # fmt: skip


def _last_check(store: Store, what: str) -> Check:
    last = upkeep.read(store.path.parent).checked
    if last is None:
        return Check(what, "unknown", "Not checked", "never checked on this PC")
    at = times.from_stored(last.at)
    when = f"last checked {times.show_time(at)}"
    if last.damage:
        return Check(what, "no", "Not all", f"{when}: {last.first}")
    if store.clock() - at > _LATELY:
        return Check(what, "unknown", "Not lately", f"{when}, when everything was")
    return Check(what, "yes", "Yes", f"{when}: {counted(last.changes, 'change')}")


def _pcs(found: held.Log) -> Check:
    what = "All PCs hold the same record"
    if found.pcs > 1:
        return Check(what, "unknown", "Not known", f"written on {found.pcs:,} PCs")
    return Check(what, "yes", "Yes", "it is kept on one PC")


def _backup(store: Store) -> Check:
    what = "There is a backup of the last days"
    last = backups.standing(store.path.parent, store.clock()).last
    if last is None:
        return Check(what, "no", "No", "no backup was made from this PC")
    when = f"the newest is of {times.show_time(last)}"
    if store.clock() - last > _LATELY:
        return Check(what, "unknown", "Not lately", when)
    return Check(what, "yes", "Yes", when)


_WHY: Final[Mapping[str, str]] = {
    "visit_entry": "they are struck through, or no section lists them",
    "concern": "they have come to an end, and the sections list what is open",
    "referral": "nobody waits for them any more, and the sections list who waits",
    "transfer": "they are struck through, or no section lists them",
    "contact_attempt": "they are struck through, or no section counts them",
    "training_record": "they are struck through, or no section counts them",
}
_EXTRACT: Final = "they changed no plan and left nothing open"


def _left_out(counts: Sequence[Kept], *, extract: bool) -> list[str]:
    said = []
    for name, one in zip(_COUNTED, counts, strict=True):
        if one.left_out:
            why = _EXTRACT if extract and name == "visit_entry" else _WHY[name]
            spec = all_specs()[name]
            noun, plural = spec.label.lower(), spec.plural.lower()
            said.append(left_out_words(one.left_out, noun, plural, why))
    return said
