"""The numbers and the first draft of a provider return, gathered for paper; the questions are data."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from statistics import median
from typing import TYPE_CHECKING, Any, Final, TypeVar

from liaison.errors import UserError
from liaison.records import Record
from liaison.records.casework import (
    AgendaLine,
    Concern,
    Referral,
    Round,
    Transfer,
    Visit,
    VisitEntry,
)
from liaison.records.directory import ContactAttempt
from liaison.records.rules import times
from liaison.records.training import Attendance, Competency, Session, Supervision
from liaison.reports.kit.wording import counted, per_cent
from liaison.reports.provider_return import SPEC, Count, Facts, Question
from liaison.services import loops
from liaison.services.reporting.open_loops import home_name
from liaison.services.today.items import Look, id_of
from liaison.services.training import matrix
from liaison.settings import resource
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.store.store import Store

__all__ = ["SPEC", "gather", "questions"]

R = TypeVar("R", bound=Record)
_DAY: Final = dt.timedelta(days=1)
_RETURNS: Final = frozenset({"discharge", "return from A&E"})
_CHUNK: Final = 500
#: What can be counted: what its row says, its noun in a sentence and more of them.
_NOUNS: Final[Mapping[str, tuple[str, str, str]]] = {
    "visits": ("Visits that took place", "visit", "visits"),
    "planned": ("Of these, planned", "", ""),
    "urgent": ("Of these, urgent", "visit", "visits"),
    "partners": ("Organisations that came", "organisation", "organisations"),
    "seen": ("Residents who were seen", "resident", "residents"),
    "voices": ("Notes with the resident's or family's own words", "note", "notes"),
    "family_told": ("Notes after which the family was told", "time", "times"),
    "plan_changed": ("Notes that changed a care plan", "time", "times"),
    "concerns": ("Concerns and queries raised", "concern", "concerns"),
    "concerns_answered": ("Of these, answered", "concern", "concerns"),
    "concerns_closed": ("Of these, closed with an outcome", "", ""),
    "referrals": ("Referrals sent", "referral", "referrals"),
    "referrals_seen": ("Referrals after which somebody was first seen", "referral", "referrals"),
    "wait_days": ("Typical wait of these", "day", "days"),
    "admissions": ("Admissions to hospital", "admission", "admissions"),
    "returns": ("Returns from hospital and A&E", "return", "returns"),
    "reviews": ("Reviews made after these", "review", "reviews"),
    "open_loops": ("Still without an outcome", "thing", "things"),
    "staff": ("Staff at the end of the period", "member of staff", "members of staff"),
    "in_date": ("Training that must be held and was in date", "", ""),
    "sessions": ("Training sessions held", "training session", "training sessions"),
    "partner_sessions": ("Of these, taught by partners", "", ""),
    "taught": ("Places taken on them", "place taken", "places taken"),
    "skills": ("Skills signed off", "skill", "skills"),
    "supervisions": ("Supervisions and appraisals", "supervision or appraisal",
                     "supervisions and appraisals"),
    "rounds": ("Rounds and clinics held", "round", "rounds"),
    "round_lines": ("Lines on their agendas", "line", "lines"),
    "tries": ("Tries to reach somebody", "try", "tries"),
    "unmet": ("Of these, not answered", "", ""),
}  # fmt: skip
_SHARES: Final[Mapping[str, str]] = {"planned": "visits", "in_date": "required"}


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the sheet shows.

    Args:
        store: The home.
        asked: The period.

    Raises:
        UserError: The period has no beginning or end.
    """
    if asked.start is None or asked.end is None:
        raise UserError(
            "Say which period the return is for.",
            kept="Nothing was printed.",
            do="Give the first and the last day.",
            code="period",
        )
    counts = _counts(store, asked.start, asked.end)
    form = questions()
    return Facts(
        home_name(store),
        asked.start,
        asked.end,
        form["about"],
        tuple(_question(one, counts, form["limit"]) for one in form["questions"]),
    )


def questions() -> dict[str, Any]:
    """Return the questions as they are shipped: ``about``, ``limit`` and ``questions``."""
    form: dict[str, Any] = json.loads(resource("provider_return.json").read_text("utf-8"))
    return form


def _question(one: Mapping[str, Any], counts: Mapping[str, int], limit: int) -> Question:
    phrases = {name: _phrase(name, counts) for name in _NOUNS}
    return Question(
        one["title"],
        one["question"],
        one.get("limit", limit),
        tuple(Count(_NOUNS[name][0], _value(name, counts)) for name in one["counts"]),
        tuple(
            _sentence(line["text"].format(**phrases))
            for line in one["draft"]
            if counts[line["needs"]]
        ),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _value(name: str, counts: Mapping[str, int]) -> str:
    if name in _SHARES:
        whole = counts[_SHARES[name]]
        return per_cent(counts[name], whole) if whole else "–"  # noqa: RUF001  # a dash
    if name == "wait_days":
        return counted(counts[name], "day") if counts["referrals_seen"] else "–"  # noqa: RUF001
    return f"{counts[name]:,}"


def _phrase(name: str, counts: Mapping[str, int]) -> str:
    _, noun, plural = _NOUNS[name]
    if not noun:
        return _value(name, counts)
    return counted(counts[name], noun, plural)


def _counts(store: Store, start: dt.date, end: dt.date) -> dict[str, int]:
    """Count everything the questions ask for; struck through and archived records count nowhere."""
    look = Look(store, store.today())
    first, after = times.start_of_day(start), times.start_of_day(end + _DAY)

    def moments(cls: type[R], field: str) -> list[R]:
        return look.find(cls, Condition(field, first, ">="), Condition(field, after, "<"))

    def days(cls: type[R], field: str) -> list[R]:
        return look.find(cls, Condition(field, start, ">="), Condition(field, end, "<="))

    visits = [one for one in moments(Visit, "at") if one.status == "happened"]
    notes = _of(look, VisitEntry, "visit", visits)
    concerns = moments(Concern, "raised_at")
    seen = [one for one in days(Referral, "first_seen") if one.sent and one.first_seen]
    waits = [(one.first_seen - one.sent).days for one in seen if one.sent and one.first_seen]
    transfers = moments(Transfer, "at")
    back = [one for one in transfers if one.direction in _RETURNS]
    sessions = [one for one in moments(Session, "at") if one.status == "happened"]
    places = [one for one in _of(look, Attendance, "session", sessions) if one.status == "attended"]
    rounds = [one for one in moments(Round, "at") if one.status == "happened"]
    tries = moments(ContactAttempt, "at")
    on = min(end, look.day)
    training = matrix(store, on)
    return {
        "visits": len(visits),
        "planned": sum((one.urgency or "planned") == "planned" for one in visits),
        "urgent": sum(one.urgency == "urgent" for one in visits),
        "partners": _standing(look, "organisation", (one.organisation for one in visits)),
        "seen": _standing(look, "resident", (one.resident for one in notes)),
        "voices": sum(bool(one.voice) for one in notes),
        "family_told": sum(one.family_informed == "yes" for one in notes),
        "plan_changed": sum(one.plan_changed == "yes" for one in notes),
        "concerns": len(concerns),
        "concerns_answered": sum(bool(one.answered_at or one.closed_at) for one in concerns),
        "concerns_closed": sum(one.closed_at is not None for one in concerns),
        "referrals": len(days(Referral, "sent")),
        "referrals_seen": len(seen),
        "wait_days": round(median(waits)) if waits else 0,
        "admissions": sum(one.direction == "admission" for one in transfers),
        "returns": len(back),
        "reviews": sum(one.reviewed_on is not None for one in back),
        "open_loops": len(loops.read(store, on).items),
        "staff": len(training.rows),
        "in_date": training.in_date,
        "required": training.required,
        "sessions": len(sessions),
        "partner_sessions": sum(one.teacher_contact is not None for one in sessions),
        "taught": len(places),
        "skills": len(days(Competency, "assessed_on")),
        "supervisions": len(days(Supervision, "done")),
        "rounds": len(rounds),
        "round_lines": len(_of(look, AgendaLine, "round", rounds)),
        "tries": len(tries),
        "unmet": sum(not one.reached for one in tries),
    }


def _of(look: Look, cls: type[R], field: str, owners: list[Any]) -> list[R]:
    """Return the records that belong to some others."""
    found: list[R] = []
    for first in range(0, len(owners), _CHUNK):
        ids = tuple(id_of(one) for one in owners[first : first + _CHUNK])
        found += look.find(cls, Condition(field, ids, "in"))
    return found


def _standing(look: Look, type_name: str, identities: Iterable[int | None]) -> int:
    """Count whom some ids mean; duplicates count once."""
    found = (look.names.record(type_name, one) for one in identities if one is not None)
    return len({one.id for one in found if one is not None})
