"""What an inspector asks about the home itself: its staff, its partners, and how it works with them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Final

from liaison.charts import Bar
from liaison.records.casework import Round
from liaison.records.directory import Contact, Organisation
from liaison.records.rules import times
from liaison.records.rules.compliance import State as Standing
from liaison.services import attempts, compliance, directory, supervision
from liaison.services.glance.found import (
    Behind,
    Found,
    State,
    View,
    column,
    day_of,
    months_of,
    share,
)
from liaison.services.today.items import counted, id_of, joined

if TYPE_CHECKING:
    from liaison.records.casework import Visit
    from liaison.records.rules.matrix import Row
    from liaison.records.rules.reaching import Run
    from liaison.services.attempts import Whom
    from liaison.services.supervision import Date

_LACKING: Final = (Standing.OUT_OF_DATE, Standing.MISSING)
_CHECKS: Final = frozenset({"nmc", "dbs"})
_WITHIN: Final = 90


# ---- safe


def training(view: View) -> Found:
    """Tell who holds every course they must."""
    found = view.matrix
    columns = [column.course.name or "" for column in found.columns]
    good = [row for row in found.rows if row.complete]
    lacking = sum(found.count(state) for state in _LACKING)
    words = f"{counted(lacking, 'course', 'courses')} run out or missing" if lacking else ""

    def row(one: Row) -> Behind:
        missing = [
            name
            for name, cell in zip(columns, one.cells, strict=True)
            if cell.counts and not cell.in_date
        ]
        state: State = "ok" if one.complete else "late"
        held = f"{one.in_date} of {one.required}"
        told = f"{one.role}: {', '.join(missing)}" if missing else one.role
        return Behind("staff", id_of(one.staff), one.name, told, held, state, counts=one.complete)

    def rows() -> tuple[Behind, ...]:
        ordered = sorted(found.rows, key=lambda one: (one.complete, one.name.casefold()))
        return tuple(map(row, ordered))

    shown = share(
        good, found.rows, "staff hold all required training", words, rows,
        late=bool(lacking),
    )  # fmt: skip
    return dataclasses.replace(
        shown,
        bars=_shares(view),
        per_cent=True,
        drawn="Of all staff at the end of each month, per cent",
    )


def _shares(view: View) -> tuple[Bar, ...]:
    """Return the home's share at the end of each month of the period, in per cent."""
    if not view.matrix.rows:
        return ()
    months = len(months_of(view.start, view.end))
    told = compliance.over_time(view.store, view.end, months)
    return tuple(column(day, int(one.percent)) for day, one in told)


def checks(view: View) -> Found:
    """Tell whether registrations and criminal record checks are in order."""
    units = "registration or check to put in order", "registrations or checks to put in order"
    return _dates(view, _CHECKS, units)


def supervisions(view: View) -> Found:
    """Tell whether everybody is supervised and appraised."""
    units = "supervision or appraisal to arrange", "supervisions or appraisals to arrange"
    return _dates(view, frozenset(supervision.MEETINGS), units)


def _dates(view: View, kinds: frozenset[str], units: tuple[str, str]) -> Found:
    found = [
        one for one in supervision.readiness(view.store, view.end, _WITHIN)
        if one.kind in kinds and one.state != "ok"
    ]  # fmt: skip
    number: Counter[str] = Counter(one.state for one in found)
    said = (("late", "past"), ("due", "due soon"), ("none", "not recorded"))
    words = joined(*(f"{number[state]:,} {word}" for state, word in said if number[state]))
    state: State = "late" if number["late"] else "due" if found else "ok"

    def row(one: Date) -> Behind:
        told = supervision.words(one)
        return Behind(one.type, one.id, one.name, one.what, told[:1].upper() + told[1:], one.state)

    unit = units[len(found) != 1]
    return Found(len(found), None, unit, state, words, lambda: tuple(map(row, found)))


# ---- effective


def planned(view: View) -> Found:
    """Tell how many visits were planned."""
    whole = [one.visit for one in view.seen]
    good = [one for one in whole if one.urgency == "planned"]
    number = Counter(one.urgency for one in whole)
    words = joined(*(f"{number[kind]:,} {kind}" for kind in ("ad hoc", "urgent") if number[kind]))

    def row(one: Visit) -> Behind:
        who = joined(
            view.name("contact", one.professional), view.name("organisation", one.organisation)
        )
        kind = view.label(one, "kind")
        return Behind(
            "visit", id_of(one), who or kind, joined(times.show_date(day_of(one.at)), kind),
            view.label(one, "urgency") or "Not recorded",
            "ok" if one.urgency == "planned" else "info", counts=one.urgency == "planned",
        )  # fmt: skip

    def rows() -> tuple[Behind, ...]:
        view.learn(whole)
        return tuple(map(row, whole))

    shown = share(good, whole, "visits that were planned", words, rows, judged=False)
    bars = view.by_month(day_of(one.at) for one in whole)
    return dataclasses.replace(shown, bars=bars if whole else (), drawn="Visits by month")


def rounds(view: View) -> Found:
    """Tell whether the rounds that were planned were held."""
    now = min(view.store.clock(), view.ends)
    whole = [
        one for one in view.find(Round, *view.between("at"), order_by="at")
        if one.at is not None and one.at <= now and day_of(one.at) < day_of(now)
    ]  # fmt: skip
    good = [one for one in whole if one.status == "happened"]
    open_ = sum(one.status == "planned" for one in whole)
    words = f"{open_:,} not finished" if open_ else ""

    def row(one: Round) -> Behind:
        status = one.status or ""
        state: State = "ok" if status == "happened" else "due" if status == "planned" else "info"
        told = "Not finished" if status == "planned" else view.label(one, "status")
        return Behind(
            "round", id_of(one), view.name("series", one.series) or "A round",
            joined(times.show_date(day_of(one.at)), one.attendees or ""), told, state,
            counts=status == "happened",
        )  # fmt: skip

    def rows() -> tuple[Behind, ...]:
        view.learn(whole)
        return tuple(map(row, whole))

    return share(good, whole, "rounds held", words, rows)


# ---- responsive


def reached(view: View) -> Found:
    """Tell whether whom nobody reached at once was reached in the end."""
    since = attempts.tried(view.store, times.start_of_day(view.start))
    # an answer after the period counts: a run belongs to the period in which it began
    whole = [run for run in attempts.runs(since) if run.first < view.ends]
    good = [run for run in whole if run.reached is not None]
    minutes = sum(run.waited for run in whole)
    words = f"{counted(minutes, 'minute', 'minutes')} of waiting" if minutes else ""

    def row(one: Run[Whom]) -> Behind:
        tries = counted(one.tries, "try", "tries")
        about = joined(
            f"{tries} from {times.show_date(day_of(one.first))}", *map(view.resident, one.about)
        )
        told = "Not reached"
        if one.reached is not None:
            told = f"Reached {times.show_date(day_of(one.reached))}"
        return Behind(
            *one.who, view.name(*one.who), about, told, "ok" if one.reached else "due",
            counts=one.reached is not None,
        )  # fmt: skip

    return share(
        good, whole, "reached in the end", words, lambda: tuple(row(one) for one in reversed(whole))
    )


# ---- well-led


def checked(view: View) -> Found:
    """Tell whose details nobody has checked for long."""
    stale = directory.staleness(view.store, view.end)
    everybody: list[Contact | Organisation] = [*view.each(Contact), *view.each(Organisation)]
    old = [one for one in everybody if stale(one.last_checked)]
    old.sort(key=lambda one: (one.last_checked or dt.date.min, one.name or ""))
    words = f"of {counted(len(everybody), 'entry', 'entries')}" if everybody else ""

    def row(one: Contact | Organisation) -> Behind:
        day = one.last_checked
        told = f"Checked {times.show_date(day)}" if day else "Never checked"
        kind = "organisation" if isinstance(one, Organisation) else "contact"
        return Behind(kind, id_of(one), view.names.of(one), one.phone or "", told, "due")

    state: State = "due" if old else "ok"
    return Found(len(old), None, "to check", state, words, lambda: tuple(map(row, old)))
