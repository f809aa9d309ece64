"""The facts of the trail of a concern, gathered for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import spec_of
from liaison.records.home import Home, Resident
from liaison.records.rules import concerns as rules
from liaison.records.rules import times
from liaison.records.showing import show, untitled
from liaison.reports.concern_trail import SPEC, Facts, Step
from liaison.services import concern_trail, concerns
from liaison.services.references import Names
from liaison.services.reporting.naming import Residents

if TYPE_CHECKING:
    from liaison.records import Record
    from liaison.records.casework import Concern
    from liaison.reports.spec import Asked, Naming
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_UNNAMED: Final = "This home"
_ABOUT: Final = ("date_of_birth", "nhs_number", "room", "practice", "dnacpr")
#: What is said of a resident, by how they are named: what would tell who it is goes with the name.
_SHOWN: Final[dict[Naming, tuple[str, ...]]] = {
    "full": _ABOUT, "initials": ("room", "practice", "dnacpr"), "letters": ("dnacpr",),
}  # fmt: skip
_ALERTS: Final = ("allergies", "alerts")
_WORDS: Final = ("situation", "background", "assessment", "asking")


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the page shows.

    Args:
        store: The home.
        asked: Which concern, and how the resident is named.

    Raises:
        UserError: No concern was named, or it is not here.
    """
    if asked.subject is None:
        raise UserError(
            "Say which concern it is to be.",
            kept="Nothing was printed.",
            do="Choose one under About (on the command line: --for).",
            code="no-subject",
        )
    told = concern_trail.trail(store, asked.subject[1])
    if told is None:
        raise UserError("This concern is not here.", kept="Nothing was printed.", code="not-found")
    concern, names = told.record, Names(store)
    loaded = store.the("home")
    home = loaded.record if loaded is not None and isinstance(loaded.record, Home) else Home()
    resident = store.follow("resident", concern.resident or 0)
    who = names.by_id("staff", concern.raised_by) if concern.raised_by else ""
    when = times.show_time(concern.raised_at) if concern.raised_at else ""
    spec = spec_of(concern)
    state = concerns.state_of(concern)
    return Facts(
        home=home.name or _UNNAMED,
        phone=home.phone or "",
        kind=_shown(store, names, concern, "kind"),
        name=_named(store, resident, asked.names),
        about=_fields(store, names, resident, _SHOWN[asked.names]),
        alerts=". ".join(f"{label}: {text}" for label, text in _fields(store, names, resident, _ALERTS)),
        day=times.show_date(times.in_london(concern.raised_at).date()) if concern.raised_at else "",
        raised=", ".join(part for part in (who, when) if part),
        words=tuple(
            (spec.by_name[name].label, text) for name in _WORDS if (text := getattr(concern, name))
        ),
        urgency=_urgency(store, names, concern),
        goes_to=", ".join(
            part for name in ("route", "routed_to") if (part := _shown(store, names, concern, name))
        ),
        state=state.value,
        closed=state is rules.State.CLOSED,
        steps=tuple(
            Step(
                times.show_time(step.at),
                "" if step.written is None else times.show_time(step.written),
                step.what.value,
                step.who,
                step.words,
                step.by,
            )
            for step in told.steps
        ),
        struck=concern.struck_reason or "",
        names=asked.names,
    )  # fmt: skip


def _named(store: Store, resident: Record | None, names: Naming) -> str:
    if not isinstance(resident, Resident):
        return "Not on this PC yet"
    if names == "full":
        return resident.name or untitled(resident)
    return Residents(store, names).name(resident.id)


def _urgency(store: Store, names: Names, concern: Concern) -> str:
    if concern.urgency not in rules.PRESSING:
        return ""
    return f"Wanted {_shown(store, names, concern, 'urgency').lower()}"


def _fields(
    store: Store, names: Names, record: Record | None, wanted: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    if record is None:
        return ()
    return tuple(
        (spec_of(record).by_name[name].label, text)
        for name in wanted
        if (text := _shown(store, names, record, name))
    )


def _shown(store: Store, names: Names, record: Record, name: str) -> str:
    field = spec_of(record).by_name[name]
    return show(field, getattr(record, name), vocabularies=store.vocabularies, name=names.by_id)
