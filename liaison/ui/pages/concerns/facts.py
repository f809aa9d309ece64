"""What the card of a concern shows, read in one go, off the window's thread."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from liaison.records import Record, spec_of
from liaison.records.casework import Concern
from liaison.records.home import Resident
from liaison.records.rules import concerns as rules
from liaison.records.rules import times
from liaison.records.rules.concerns import State
from liaison.services import concern_trail, concerns, drafts
from liaison.services.concern_trail import What
from liaison.services.references import Names, as_id
from liaison.ui.parts.facts import Candidate, Link

if TYPE_CHECKING:
    from liaison.services.drafts import About
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

TYPE: Final = "concern"
RAISING: Final = "raise"
"""The drafts of the form on which a concern is raised are kept under words that begin so."""

_STATES: Final = {
    State.WAITING: "due", State.ANSWERED: "info", State.READ: "ok", State.CLOSED: "none",
}  # fmt: skip
_ICONS: Final = {
    What.NOTICED: "eye",
    What.PASSED_ON: "send",
    What.TOLD: "phone-call",
    What.TRIED: "phone-missed",
    What.AGREED: "clipboard-check",
    What.ANSWERED: "message-circle-reply",
    What.READ: "check-check",
    What.AGAIN: "rotate-ccw",
    What.CLOSED: "circle-check",
    What.STRUCK: "x",
}
_PARTS: Final = ("background", "assessment", "asking")


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A step of the trail as the card shows it.

    Args:
        icon: Its picture.
        title: What was done and with whom.
        when: When, with both times of a late entry.
        words: What was said; may be empty.
        by: Who wrote it down; may be empty.
    """

    icon: str
    title: str
    when: str
    words: str
    by: str


@dataclasses.dataclass(frozen=True, slots=True)
class ConcernFacts:
    """Everything the card shows.

    Args:
        record: The concern.
        kind: Its kind in words.
        resident: Whom it is about.
        apart: Their room and date of birth.
        state: How it stands: a state of the theme and its words.
        urgency: How soon an answer is wanted, as such a pair; None for what can wait.
        words: What was written first.
        parts: What was added to it: label and text.
        came_of_it: Its answer and its outcome: label, who and when, and the text.
        goes_to: Where it goes.
        raised: Who raised it, and when.
        trail: What was done about it.
        own: Whether whoever looks raised it.
        unread: Whether whoever raised it has yet to read what came of it.
        candidate: It as a report is asked for it.
    """

    record: Record
    kind: str
    resident: Link
    apart: str
    state: tuple[str, str]
    urgency: tuple[str, str] | None
    words: str
    parts: tuple[tuple[str, str], ...]
    came_of_it: tuple[tuple[str, str, str], ...]
    goes_to: str
    raised: str
    trail: tuple[Line, ...]
    own: bool
    unread: bool
    candidate: Candidate

    @property
    def standing(self) -> State:
        """Whose turn it is."""
        assert isinstance(self.record, Concern)  # noqa: S101  # it is one
        return concerns.state_of(self.record)


def card(store: Store, identity: int, person: int, now: dt.datetime) -> ConcernFacts | None:
    """Read what the card shows; None if the concern is not here.

    Args:
        store: The home.
        identity: The concern.
        person: The person record of whoever looks.
        now: The moment.
    """
    told = concern_trail.trail(store, identity)
    if told is None:
        return None
    concern, names = told.record, Names(store)
    spec, words = spec_of(concern), store.vocabularies
    state = concerns.state_of(concern)
    standing = store.follow("resident", concern.resident or 0)
    route = words.label(spec.by_name["route"], concern.route) if concern.route else ""
    person_there = names.by_id("contact", concern.routed_to) if concern.routed_to else ""
    who = names.by_id("staff", concern.raised_by) if concern.raised_by else ""
    when = times.show_time(concern.raised_at) if concern.raised_at else ""
    title = names.of(concern)
    return ConcernFacts(
        record=concern,
        kind=words.label(spec.by_name["kind"], concern.kind or TYPE),
        resident=Link("resident", concern.resident or 0, _name(standing)),
        apart=apart(standing),
        state=(_STATES[state], state.value),
        urgency=_urgency(store, concern, now),
        words=concern.situation or "",
        parts=tuple(
            (spec.by_name[name].label, text) for name in _PARTS if (text := getattr(concern, name))
        ),
        came_of_it=tuple(_came_of_it(concern)),
        goes_to=", ".join(part for part in (route, person_there) if part),
        raised=", ".join(part for part in (who, when) if part),
        trail=tuple(
            Line(
                _ICONS[step.what],
                f"{step.what.value}: {step.who}" if step.who else step.what.value,
                step.when_words,
                step.words,
                f"Written by {step.by}" if step.by else "",
            )
            for step in told.steps
        ),
        own=concerns.is_own(store, concern, person),
        unread=rules.to_feed_back(
            concern.answered_at, concern.acknowledged_at, concern.closed_at
        ),
        candidate=Candidate(identity, title, ""),
    )  # fmt: skip


def _came_of_it(concern: Concern) -> Iterator[tuple[str, str, str]]:
    labels = spec_of(concern).by_name
    if concern.answered_at is not None:
        who = concern.answered_by or labels["answer"].label
        said = f"{who}, {times.show_time(concern.answered_at)}"
        yield labels["answer"].label, said, concern.answer or ""
    if concern.closed_at is not None:
        closed = times.show_time(concern.closed_at)
        yield labels["outcome"].label, closed, concern.outcome or ""


def _urgency(store: Store, concern: Concern, now: dt.datetime) -> tuple[str, str] | None:
    if concern.urgency not in rules.PRESSING:
        return None
    words = store.vocabularies.label(spec_of(concern).by_name["urgency"], concern.urgency)
    late = concerns.is_late(concern, now)
    waits = concerns.state_of(concern) is State.WAITING
    state = "late" if late else "due" if waits else "none"
    return state, f"Wanted {words.lower()}"


def _name(resident: Record | None) -> str:
    return (resident.name if isinstance(resident, Resident) else None) or "Not on this PC yet"


def apart(resident: Record | None) -> str:
    """Return what tells a resident from others of the name: room and date of birth."""
    if not isinstance(resident, Resident):
        return ""
    room = f"Room {resident.room}" if resident.room else "room not recorded"
    born = resident.date_of_birth
    said = f"born {times.show_plain_date(born)}" if born else "date of birth not recorded"
    return f"{room} \N{MIDDLE DOT} {said}"


# ---- what was begun


@dataclasses.dataclass(frozen=True, slots=True)
class Begun:
    """A concern somebody began to write and has not raised.

    Args:
        about: Its draft.
        words: Whom it is about, and how it begins.
    """

    about: About
    words: str

    @property
    def resident(self) -> int | None:
        """The resident whose page it was begun on; None for none."""
        return as_id(self.about.page.removeprefix(RAISING).removeprefix("-"))


def begun(home: OpenHome) -> list[Begun]:
    """Return what whoever sits here began and has not raised, newest first; for a write job."""
    names = Names(home.store)
    found = []
    for draft in drafts.mine(home):
        if draft.about.type != TYPE or not draft.about.page.startswith(RAISING):
            continue
        picked = draft.typed.get("resident")
        resident = as_id(str(picked.get("id", ""))) if isinstance(picked, dict) else None
        whose = resident or Begun(draft.about, "").resident
        who = names.by_id("resident", whose) if whose is not None else ""
        text = " ".join(str(draft.typed.get("situation") or "").split())
        found.append(Begun(draft.about, ": ".join(part for part in (who, text[:80]) if part)))
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class Mine:
    """What the page knows of whoever looks.

    Args:
        staff: Which member of staff they are; None if that is not recorded.
        unread: How many answers they have not read.
    """

    staff: int | None
    unread: int


def mine(store: Store, person: int) -> Mine:
    """Read what the page has to know of whoever looks."""
    return Mine(concerns.staff_of(store, person), len(concerns.to_read(store, person)))
