"""What an inspector asks about residents: their concerns, their waits, and whether they were heard."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from liaison.charts import Bar, Wait
from liaison.records.casework import Concern, Referral
from liaison.records.home import Resident
from liaison.records.rules import concerns as rules
from liaison.records.rules import times
from liaison.records.rules import transfers as moves
from liaison.services import concerns, loop_words, loops, referrals
from liaison.services.glance.found import (
    Behind,
    Found,
    State,
    View,
    day_of,
    half_within,
    moved,
    share,
)
from liaison.services.today.items import days_words, id_of, joined, short

if TYPE_CHECKING:
    from liaison.records.casework import Visit, VisitEntry
    from liaison.services.referrals import Waiting
    from liaison.services.transfers import Told

_OLD: Final = 90
_MOST_WAITS: Final = 8
_INFORMED: Final = frozenset({"yes", "not needed"})
_SAID: Final = frozenset({"home practice", "own choice"})


# ---- safe


def medicines(view: View) -> Found:
    """Tell whether the pharmacy was told when a visit changed medicines."""
    whole = [one for one in view.notes if one[1].medicines_changed]
    told = [one for one in whole if one[1].pharmacy_told]

    def row(visit: Visit, entry: VisitEntry) -> Behind:
        good = bool(entry.pharmacy_told)
        words = "Pharmacy told" if good else "Not recorded as told"
        return _note(view, visit, entry, words, "ok" if good else "due", counts=good)

    return share(told, whole, "times the pharmacy was told", "", lambda: _notes(view, whole, row))


def reviews(view: View) -> Found:
    """Tell whether residents were reviewed in time after coming back."""
    due = [
        one for one in view.transfers
        if one.review_due is not None and (one.review_due <= view.end or _reviewed(one, view))
    ]  # fmt: skip
    good = [one for one in due if _in_time(one, view)]
    missing = sum(not _reviewed(one, view) for one in due)
    words = f"{missing:,} not reviewed at all" if missing else ""

    def row(one: Told) -> Behind:
        day = one.transfer.reviewed_on
        state: State = "ok"
        words = f"Reviewed {times.show_date(day)}" if day else ""
        if not _reviewed(one, view):
            state, words = "late", "Not reviewed"
        elif not _in_time(one, view):
            state, words = "due", f"Late, {words[:1].lower()}{words[1:]}"
        until = times.show_date(one.review_due) if one.review_due else ""
        back = f"{one.direction} {times.show_date(moved(one.transfer))}, review due {until}"
        return Behind(
            "transfer", one.id, one.resident, back, words, state, counts=_in_time(one, view)
        )

    return share(
        good, due, "reviews in time", words, lambda: tuple(map(row, due)), late=bool(missing)
    )


def _reviewed(one: Told, view: View) -> bool:
    day = one.transfer.reviewed_on
    return day is not None and day <= view.end


def _in_time(one: Told, view: View) -> bool:
    day, due = one.transfer.reviewed_on, one.review_due
    return _reviewed(one, view) and day is not None and due is not None and day <= due


# ---- effective


def own_gp(view: View) -> Found:
    """Tell whether each resident's choice of GP is recorded."""
    living = [
        one for one in view.find(Resident, order_by="name", newest_first=False)
        if (one.moved_in is None or one.moved_in <= view.end)
        and (one.left_on is None or one.left_on > view.end)
    ]  # fmt: skip
    good = [one for one in living if one.gp_choice in _SAID]

    def rows() -> tuple[Behind, ...]:
        view.learn(living)
        return tuple(
            Behind(
                "resident", id_of(one), view.resident(one.id),
                joined(view.name("contact", one.gp), view.name("organisation", one.practice)),
                view.label(one, "gp_choice") or "Not recorded",
                "ok" if one.gp_choice in _SAID else "due", counts=one.gp_choice in _SAID,
            )
            for one in living
        )  # fmt: skip

    return share(good, living, "residents' choices of GP recorded", "", rows)


# ---- caring


def voice(view: View) -> Found:
    """Tell in how many notes the resident or family was heard."""
    whole = view.notes
    heard = [one for one in whole if one[1].voice]

    def row(visit: Visit, entry: VisitEntry) -> Behind:
        said = f"“{short(entry.voice).strip('“”')}”" if entry.voice else "Nothing was noted"
        state: State = "ok" if entry.voice else "none"
        return _note(view, visit, entry, said, state, counts=bool(entry.voice))

    return share(
        heard, whole, "notes quote the resident or family", "",
        lambda: _notes(view, whole, row), judged=False,
    )  # fmt: skip


def family(view: View) -> Found:
    """Tell whether the family was told when a visit changed the care plan."""
    whole = [one for one in view.notes if one[1].plan_changed == "yes"]
    told = [one for one in whole if one[1].family_informed in _INFORMED]

    def row(visit: Visit, entry: VisitEntry) -> Behind:
        good = entry.family_informed in _INFORMED
        answer = view.label(entry, "family_informed")
        words = f"Family told: {answer.lower()}" if answer else "Not recorded"
        return _note(view, visit, entry, words, "ok" if good else "due", counts=good)

    return share(
        told, whole, "changes of plan told to the family", "",
        lambda: _notes(view, whole, row),
    )  # fmt: skip


def _notes(
    view: View,
    notes: Sequence[tuple[Visit, VisitEntry]],
    row: Callable[[Visit, VisitEntry], Behind],
) -> tuple[Behind, ...]:
    view.learn([record for pair in notes for record in pair])
    return tuple(row(*pair) for pair in notes)


def _note(
    view: View, visit: Visit, entry: VisitEntry, words: str, state: State, *, counts: bool
) -> Behind:
    who = joined(
        view.name("contact", visit.professional), view.name("organisation", visit.organisation)
    )
    day = times.show_date(day_of(visit.at))
    detail = joined(day, who or view.label(visit, "kind"))
    return Behind(
        "visit_entry", id_of(entry), view.resident(entry.resident), detail, words, state,
        counts=counts,
    )  # fmt: skip


# ---- responsive


def answered(view: View) -> Found:
    """Tell whether concerns and queries are answered."""
    whole = view.concerns
    state = {one.id: concerns.state_of(one, _until(view)) for one in whole}
    good = [one for one in whole if state[one.id] is not rules.State.WAITING]
    late = [one for one in whole if concerns.is_late(one, _until(view))]
    spans = [
        one.answered_at - one.raised_at
        for one in good
        if one.answered_at is not None and one.raised_at is not None
    ]
    words = f"{len(late):,} late" if late else half_within(spans)

    def row(one: Concern) -> Behind:
        waits = state[one.id] is rules.State.WAITING
        standing: State = "ok"
        if waits:
            standing = "late" if one in late else "due"
        return _concern(view, one, state[one.id].value, standing, counts=not waits)

    found = share(
        good, whole, "concerns and queries answered", words,
        lambda: _learned(view, whole, row), late=bool(late),
    )  # fmt: skip
    return _with_bars(
        found, view.by_month(day_of(one.raised_at) for one in whole), "Raised, by month"
    )


def fed_back(view: View) -> Found:
    """Tell whether whoever raised a concern has read what came of it."""
    until = _until(view)
    whole = [
        one for one in view.concerns
        if any(at is not None and at <= until for at in (one.answered_at, one.closed_at))
    ]  # fmt: skip
    read = [one for one in whole if _by(one.acknowledged_at, until)]

    def row(one: Concern) -> Behind:
        good = _by(one.acknowledged_at, until)
        words = "Read" if good else "Not read yet"
        return _concern(view, one, words, "ok" if good else "due", counts=good)

    return share(
        read, whole, "answers read by whoever asked", "", lambda: _learned(view, whole, row)
    )


def _until(view: View) -> dt.datetime:
    return min(view.store.clock(), view.ends)


def _by(at: dt.datetime | None, until: dt.datetime) -> bool:
    return at is not None and at <= until


def _learned(
    view: View, whole: Sequence[Concern], row: Callable[[Concern], Behind]
) -> tuple[Behind, ...]:
    view.learn(whole)
    return tuple(map(row, whole))


def _concern(view: View, one: Concern, words: str, state: State, *, counts: bool) -> Behind:
    raised = f"Raised {times.show_date(day_of(one.raised_at))}"
    by = view.name("staff", one.raised_by)
    return Behind(
        "concern", id_of(one), view.resident(one.resident),
        joined(raised, f"by {by}" if by else "", short(one.situation)), words, state,
        counts=counts,
    )  # fmt: skip


def still_open(view: View) -> Found:
    """Tell what has no outcome."""
    found = loops.read(view.store, view.end, present=view.present)
    old = found.by_band[-1][1]
    late = sum(loop.state == "late" for loop in found.items)
    state: State = "late" if old or late else "ok"
    words = f"{old:,} older than {_OLD} days" if old else f"{late:,} late" if late else ""

    def rows() -> tuple[Behind, ...]:
        return tuple(
            Behind(
                line.loop.type, line.loop.id, line.what,
                joined(line.kind, line.resident, line.owner, line.step),
                line.days, line.loop.state,
            )
            for line in loop_words.tell(view.store, found.items, view.end)
        )  # fmt: skip

    bars = tuple(Bar(band.short, number, band.state) for band, number in found.by_band)
    shown = Found(len(found.items), None, "without an outcome", state, words, rows)
    return _with_bars(shown, bars, "By age in days")


def waits(view: View) -> Found:
    """Tell how long residents wait to be seen."""
    found = [one for one in referrals.waiting(view.store, view.end) if one.state == "waiting"]
    found.sort(key=lambda one: -one.days)
    late = sum(one.bar == "late" for one in found)
    longest = f"the longest for {days_words(found[0].days)}" if found else ""
    words = joined(f"{late:,} too long" if late else "", longest)
    state: State = "late" if late else "due" if any(one.bar == "due" for one in found) else "ok"

    def row(one: Waiting) -> Behind:
        referral: Referral = one.referral
        standing: State = "info" if one.bar == "info" else _state(one.bar)
        what = joined(one.organisation, short(referral.reason))
        return Behind("referral", one.id, one.resident, what, one.words, standing)

    drawn = tuple(
        Wait(one.organisation, one.days, one.usual, one.bar if one.bar != "info" else "ok")
        for one in found[:_MOST_WAITS]
    )
    return Found(
        len(found), None, "waits to be seen" if len(found) == 1 else "wait to be seen", state, words,
        lambda: tuple(map(row, found)),
        waits=drawn, drawn="Days so far; the tick is the usual wait" if drawn else "",
    )  # fmt: skip


def _state(bar: str) -> State:
    return "late" if bar == "late" else "due" if bar == "due" else "ok"


def hospital(view: View) -> Found:
    """Tell how often somebody went to hospital."""
    found = view.went(moves.WENT)
    sudden = sum(not one.transfer.planned for one in found)
    again = sum(one.readmitted_after is not None for one in found)
    words = joined(
        f"{sudden:,} not planned" if sudden else "",
        f"{again:,} within 30 days of coming back" if again else "",
    )

    def row(one: Told) -> Behind:
        told = "Planned" if one.transfer.planned else "Not planned"
        about = joined(times.show_date(moved(one.transfer)), one.direction, one.place)
        return Behind("transfer", one.id, one.resident, about, joined(told, *one.flags), "info")

    state: State = "info" if found else "ok"
    shown = Found(
        len(found),
        None,
        "time to hospital" if len(found) == 1 else "times to hospital",
        state,
        words,
        lambda: tuple(map(row, found)),
    )
    return _with_bars(shown, view.by_month(moved(one.transfer) for one in found), "By month")


def _with_bars(found: Found, bars: tuple[Bar, ...], drawn: str) -> Found:
    # a chart of nothing is a line
    if not any(bar.count for bar in bars):
        return found
    return dataclasses.replace(found, bars=bars, drawn=drawn)
