"""Templates for usual kinds of visit: what is filled in beforehand, and what to write down.

Which there are, and what they are called, is a list of words like others (``visit_template``): the
manager renames, retires and adds. What one fills in ships in ``resources/visit_templates.json``; a
template that the home added fills in its own name.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
from typing import TYPE_CHECKING, Any, Final

from liaison.errors import UserError
from liaison.records import FieldSpec, all_specs
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.rules import times
from liaison.settings import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.records.vocabularies import Vocabularies

VOCABULARY: Final = "visit_template"
_ENDS: Final = ". "


@dataclasses.dataclass(frozen=True, slots=True)
class Template:
    """A usual kind of visit.

    Args:
        value: What it is kept by.
        label: What people call it.
        kind: The kind of visit.
        urgency: Why now.
        raised: What was raised, as it usually is; may be empty.
        ask: What to write down; shown beside the field, never written into it.
        answers: The answers of a visit to many residents, one of which each of them gets; none if
            each is written about.
        follow_up: What usually follows; may be empty.
        follow_up_kind: What kind of action that is.
        follow_up_days: How many days later it is due; None if that is not known.
        medicines: Whether medicines and pharmacy are asked about at once.
    """

    value: str
    label: str = ""
    kind: str = "visit"
    urgency: str = "planned"
    raised: str = ""
    ask: str = ""
    answers: tuple[str, ...] = ()
    follow_up: str = ""
    follow_up_kind: str = "follow up"
    follow_up_days: int | None = None
    medicines: bool = False

    def visit(self, visit: Visit) -> Visit:
        """Return a visit with what the template says of it."""
        return dataclasses.replace(visit, kind=self.kind, urgency=self.urgency)

    def entry(self, entry: VisitEntry) -> VisitEntry:
        """Return a note with what is usually raised, unless something else is."""
        return dataclasses.replace(entry, raised=entry.raised or self.raised or None)

    def due(self, day: dt.date) -> dt.date | None:
        """Return the day on which what follows is due.

        Args:
            day: The day of the visit.
        """
        days = self.follow_up_days
        return None if days is None else day + dt.timedelta(days=days)

    def action(self, resident: int, at: dt.datetime) -> Action | None:
        """Return what usually follows for a resident; None if nothing does.

        Args:
            resident: The resident.
            at: When the visit was.
        """
        if not self.follow_up:
            return None
        return Action(
            what=self.follow_up,
            kind=self.follow_up_kind,
            resident=resident,
            due=self.due(times.in_london(at).date()),
        )


def field() -> FieldSpec:
    """Return the list of templates as a field would offer it."""
    kind = all_specs()["visit"].by_name["kind"]
    return dataclasses.replace(kind, name=VOCABULARY, vocabulary=VOCABULARY, label="Template")


@functools.cache
def shipped() -> dict[str, Template]:
    """Return what ships, by value."""
    entries: list[dict[str, Any]] = json.loads(resource("visit_templates.json").read_text("utf-8"))
    made = [Template(**{**entry, "answers": tuple(entry.get("answers", ()))}) for entry in entries]
    return {one.value: one for one in made}


def templates(words: Vocabularies) -> tuple[Template, ...]:
    """Return the templates of a home in the order shown, without those that are retired.

    Args:
        words: The home's lists of words.
    """
    return tuple(
        _named(item.value, item.label) for item in words.items(field()) if not item.retired
    )


def _named(value: str, label: str) -> Template:
    known = shipped().get(value)
    if known is None:
        # one of the home's own: its name says what was raised
        return Template(value, label, raised=f"{label}.")
    return dataclasses.replace(known, label=label)


def template(words: Vocabularies, typed: str) -> Template:
    """Return the template of a name.

    Args:
        words: The home's lists of words.
        typed: Its value or label, in any case.

    Raises:
        UserError: There is none; the near ones are told.
    """
    try:
        value = words.match(field(), typed)
    except ValueError as error:
        raise UserError(
            str(error), kept="Nothing was changed.", do="Choose one of these.", code="template"
        ) from None
    return _named(value, words.label(field(), value))


# ---- one answer each


def compose(answer: str, note: str) -> str:
    """Return what was found of one answer and a note beside it: ``Declined. Had it at the surgery``.

    Args:
        answer: The answer; empty if there is none.
        note: The note; may be empty.
    """
    note = " ".join(note.split())
    if not answer:
        return note
    return f"{answer}{_ENDS}{note}" if note else f"{answer}."


def taken_apart(found: str, answers: Sequence[str]) -> tuple[str, str]:
    """Return the answer and the note of what was found; the inverse of :func:`compose`.

    Args:
        found: What was found.
        answers: The answers there are.
    """
    for answer in answers:
        if found.strip() == f"{answer}.":
            return answer, ""
        if found.startswith(f"{answer}{_ENDS}"):
            return answer, found.removeprefix(f"{answer}{_ENDS}").strip()
    return "", found
