"""Who taught whom: sessions as they were passed on, and whether the teachers could still teach."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from liaison.records.rules.compliance import Held
from liaison.records.rules.same_name import name_key
from liaison.records.rules.times import in_london, show_date
from liaison.records.training import Competency

CAN_TEACH: Final = "can teach"
_NO_MATTER: Final = frozenset({
    "and", "awareness", "basic", "care", "course", "for", "level", "the", "training", "with",
})  # fmt: skip
_LETTERS: Final = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Taught:
    """A session that was held.

    Args:
        session: Its id.
        at: When.
        contact: The teacher, if they came from outside; ``staff`` if they are of the home.
        staff: See ``contact``.
        learners: The members of staff who were taught.
        passed_on: The session it is said to pass on; None if that was not said.
    """

    session: int
    at: datetime
    contact: int | None = None
    staff: int | None = None
    learners: tuple[int, ...] = ()
    passed_on: int | None = None

    @property
    def day(self) -> date:
        """The day it was held."""
        return in_london(self.at).date()


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """A session, and the one its teacher had learned in.

    Args:
        taught: The session.
        came_from: The session it passes on; None: it begins a line.
        said: Whether somebody wrote that down; else it is the last one its teacher was taught in.
        level: How many sessions lie above it.
    """

    taught: Taught
    came_from: int | None
    said: bool
    level: int


def handed_down(sessions: Iterable[Taught]) -> tuple[Link, ...]:
    """Return the sessions of a course as a tree: each followed by those that passed it on.

    Args:
        sessions: The sessions, in any order. One that is said to pass on a session that is not
            among them, or to pass on itself by way of others, begins a line.
    """
    listed = sorted(sessions, key=lambda one: (one.at, one.session))
    known = {one.session: one for one in listed}
    above: dict[int, tuple[int, bool]] = {}
    for one in listed:
        if one.passed_on in known and one.passed_on != one.session:
            above[one.session] = one.passed_on, True
        elif one.passed_on is None and (earlier := _learned_in(one, listed)) is not None:
            above[one.session] = earlier, False
    for one in listed:
        _break_circle(one.session, above)
    below: defaultdict[int | None, list[Taught]] = defaultdict(list)
    for one in listed:
        below[above.get(one.session, (None, False))[0]].append(one)
    found: list[Link] = []
    ahead = [(one, 0) for one in reversed(below[None])]
    while ahead:
        one, level = ahead.pop()
        came_from, said = above.get(one.session, (None, False))
        found.append(Link(one, came_from, said, level))
        ahead += [(child, level + 1) for child in reversed(below[one.session])]
    return tuple(found)


def _learned_in(one: Taught, listed: Sequence[Taught]) -> int | None:
    """Return the last session before in which a teacher of ours was taught."""
    if one.staff is None:
        return None
    earlier = [
        other
        for other in listed
        # nobody learned it from themselves
        if other.at < one.at and one.staff in other.learners and other.staff != one.staff
    ]
    return earlier[-1].session if earlier else None


def _break_circle(start: int, above: dict[int, tuple[int, bool]]) -> None:
    seen, here = {start}, start
    while here in above:
        ahead = above[here][0]
        if ahead in seen:
            del above[here]
            return
        seen.add(ahead)
        here = ahead


def is_about(skill: str, course: str) -> bool:
    """Return whether a skill is one of a course's, by the words of their names.

    More than half of the course's words that say something must be in the skill's name.

    Args:
        skill: What somebody was signed off for: "Catheter bag change and washout".
        course: A course's name: "Catheter care".
    """
    wanted = _words(course)
    return 2 * len(wanted & _words(skill)) > len(wanted)


def _words(name: str) -> frozenset[str]:
    keys = (name_key(word) for word in re.split(r"[\W_]+", name))
    return frozenset(key for key in keys if len(key) >= _LETTERS and key not in _NO_MATTER)


def doubts(
    name: str,
    course: str,
    on: date,
    held: Held | None,
    signed_off: Iterable[Competency],
) -> tuple[str, ...]:
    """Say what speaks against somebody of the home teaching a course on a day.

    Args:
        name: The teacher.
        course: The course.
        on: The day they teach, or would.
        held: Their own training that counts longest on that day; None if they have none.
        signed_off: Skills they were seen to have; those of other courses are not looked at.

    Returns:
        Sentences; none if nothing speaks against it.
    """
    said: list[str] = []
    if held is None:
        said.append(f"{name} has no training in {course} recorded before that day.")
    elif held.runs_out is not None and held.runs_out < on:
        said.append(f"{name}'s own training ran out on {show_date(held.runs_out)}.")
    latest: dict[str, Competency] = {}
    for one in signed_off:
        if one.assessed_on is None or one.assessed_on > on or not is_about(one.skill or "", course):
            continue
        key = name_key(one.skill or "")
        if key not in latest or (one.assessed_on, one.id or 0) > _when(latest[key]):
            latest[key] = one
    for one in sorted(latest.values(), key=lambda c: name_key(c.skill or "")):
        if one.review_due is not None and one.review_due < on:
            due = show_date(one.review_due)
            said.append(f"{name}'s sign-off for {one.skill} was due for review on {due}.")
    if latest and not any(one.level == CAN_TEACH for one in latest.values()):
        best = max(latest.values(), key=_when)
        said.append(f"{name} is signed off as {best.level} in {best.skill}, not to teach it.")
    return tuple(said)


def _when(one: Competency) -> tuple[date, int]:
    return one.assessed_on or date.min, one.id or 0


def generations(links: Iterable[Link]) -> int:
    """Return how many levels of teaching there are."""
    return max((link.level + 1 for link in links), default=0)


def roots(links: Iterable[Link]) -> Mapping[int, int]:
    """Return how many people learned by way of each session that begins a line."""
    count: dict[int, set[int]] = {}
    line = 0
    for link in links:
        if link.level == 0:
            line = link.taught.session
            count[line] = set()
        count[line].update(link.taught.learners)
    return {session: len(people) for session, people in count.items()}
