"""Who is meant by a name in a training matrix, and which course by a heading."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from liaison.records import ids, spec_of
from liaison.records.home import Staff
from liaison.records.rules.same_name import name_key
from liaison.records.training import Course
from liaison.services.references import described
from liaison.settings import resource
from liaison.store import query
from liaison.store.kept_choices import keep_choice, kept_choice

if TYPE_CHECKING:
    from liaison.records import Record
    from liaison.store.store import Store

Target = int | Literal["new", "left"]
"""A record's id; to be made new; or to be left out."""

NEW: Final = "new"
LEFT: Final = "left"

_KEPT: Final = "training-matrix"
_MOST_NEAR: Final = 3
_ALIKE: Final = 0.75
_SALUTATION: Final = re.compile(r"^\s*(?:mrs?|ms|miss|mx|dr)\b\.?\s+", re.IGNORECASE)
_ASIDE: Final = re.compile(r"\([^)]*\)|\[[^]]*\]|\*+")
_AFTER_DASH: Final = re.compile(r"\s+[-\N{EN DASH}/|]\s+.*|\s*\n.*")
_IN_BRACKETS: Final = re.compile(r"[(\[]([^)\]]+)[)\]]")
_AFTER: Final = re.compile(r"\s[-\N{EN DASH}/|]\s+(.+)")
_WORDLESS: Final = re.compile(r"[^\w]+")
_ENDINGS: Final = ("training", "course", "awareness", "refresher", "update")


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """Whom or what a name in the file means.

    Args:
        name: The name as the file has it.
        target: What it means; None if that is not known.
        by: How that is known: "name", "short name", "remembered" or "said"; empty if it is not.
        several: If it may be more than one: their ids and the words that tell them apart.
        near: If it is nobody: ids and names that come near.
        rows: The rows that have it (of a heading: none).
        cells: How many cells under or beside it say anything.
    """

    name: str
    target: Target | None
    by: str = ""
    several: tuple[tuple[int, str], ...] = ()
    near: tuple[tuple[int, str], ...] = ()
    rows: tuple[int, ...] = ()
    cells: int = 0


# a matrix says each name and heading for every cell
@functools.lru_cache(maxsize=4096)
def person_key(name: str) -> str:
    """Return what is the same of a name however it is written: first or last name first."""
    first_last = _plain(name)
    return name_key(first_last)


def _plain(name: str) -> str:
    """Return a name as "First Last", without titles and what stands beside it."""
    text = _SALUTATION.sub("", _AFTER_DASH.sub("", _ASIDE.sub(" ", name)))
    last, comma, first = text.partition(",")
    if comma:
        text = f"{_SALUTATION.sub('', first.strip())} {last}"
    return " ".join(text.split())


def role_said(name: str) -> str:
    """Return the job title that stands beside a name in the same cell; empty if none does."""
    found = _IN_BRACKETS.search(name) or _AFTER.search(name)
    return " ".join(found[1].split()) if found else ""


@functools.lru_cache(maxsize=4096)
def course_key(name: str) -> str:
    """Return what is the same of a course's name however it is written."""
    text = name_key(name.replace("&", " and ").replace("+", " and ").replace("/", " "))
    text = _WORDLESS.sub("", text)
    for ending in _ENDINGS:
        if text.endswith(ending) and len(text) > len(ending) + 1:
            text = text.removesuffix(ending)
    return text


@functools.cache
def _called_alike() -> dict[str, frozenset[str]]:
    """Return by each key of a usual name the keys of all names of that course."""
    found: dict[str, frozenset[str]] = {}
    for names in json.loads(resource("course_names.json").read_text("utf-8")):
        keys = frozenset(map(course_key, names))
        found |= dict.fromkeys(keys, keys)
    return found


class Memory:
    """What was said about names before; names are kept as sums, so that nobody can be read from it.

    Args:
        store: The home.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[str, Any] = kept_choice(store, _KEPT)

    def target(self, type_name: str, key: str) -> Target | None:
        """Return what a name meant when somebody said it; None if that is not here any more."""
        said = self._kept.get(type_name, {}).get(_sum(key))
        if said == LEFT:
            return LEFT
        if not isinstance(said, str):
            return None
        try:
            record = self._store.follow(type_name, ids.from_text(said))
        except ValueError:
            return None
        is_here = record is not None and not record.archived and not record.struck_reason
        return record.id if record is not None and is_here else None

    def keep(self, said: Mapping[tuple[str, str], Target]) -> None:
        """Remember what was said, beside what was said before.

        Args:
            said: By record type and key, what it means.
        """
        if not said:
            return
        for (type_name, key), target in said.items():
            kept = LEFT if isinstance(target, str) else ids.to_text(target)
            self._kept.setdefault(type_name, {})[_sum(key)] = kept
        keep_choice(self._store, _KEPT, self._kept)


def _sum(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:20]


class Matching:
    """Finds people and courses of a home by how a matrix calls them.

    Args:
        store: The home.
        people: By key, what somebody said about names.
        courses: By key, what somebody said about headings.
    """

    def __init__(
        self, store: Store, people: Mapping[str, Target], courses: Mapping[str, Target]
    ) -> None:
        self._store = store
        self._said = {"staff": dict(people), "course": dict(courses)}
        self._memory = Memory(store)
        self.staff = _by_id(store, Staff)
        self.courses = _by_id(store, Course)
        self._called: defaultdict[str, list[Staff]] = defaultdict(list)
        for person in self.staff.values():
            self._called[name_key(person.name or "")].append(person)
        self._taught: defaultdict[str, list[Course]] = defaultdict(list)
        for course in self.courses.values():
            self._taught[course_key(course.name or "")].append(course)

    def person(self, name: str, role: str, rows: tuple[int, ...], cells: int) -> Found:
        """Return who is meant by a name.

        Args:
            name: The name as it is written.
            role: The job title of the row, which tells two of one name apart.
            rows: The rows that have it.
            cells: How many cells they have.
        """
        key = person_key(name)
        if (found := self._known("staff", key, name)) is not None:
            return dataclasses.replace(found, rows=rows, cells=cells)
        called = self._namesakes(name)
        if len(called) > 1 and role:
            field = spec_of(Staff).by_name["job_role"]
            label = self._store.vocabularies.label
            fits = [
                one for one in called
                if role.casefold() in {one.job_role, label(field, one.job_role or "").casefold()}
            ]  # fmt: skip
            called = fits if len(fits) == 1 else called
        if len(called) == 1:
            return Found(name, called[0].id, "name", rows=rows, cells=cells)
        if called:
            several = tuple((one.id or 0, _apart(self._store, one)) for one in called)
            return Found(name, None, several=several, rows=rows, cells=cells)
        return Found(name, None, near=self._near_people(name), rows=rows, cells=cells)

    def course(self, heading: str, cells: int) -> Found:
        """Return which course is meant by a heading.

        Args:
            heading: The heading.
            cells: How many cells there are under it.
        """
        key = course_key(heading)
        if (found := self._known("course", key, heading)) is not None:
            return dataclasses.replace(found, cells=cells)
        called, by = self._taught.get(key, []), "name"
        if not called and (alike := _called_alike().get(key)):
            called, by = (
                [one for k in sorted(alike) for one in self._taught.get(k, ())],
                "short name",
            )
        if len(called) == 1:
            return Found(heading, called[0].id, by, cells=cells)
        if called:
            several = tuple((one.id or 0, one.name or "") for one in called)
            return Found(heading, None, several=several, cells=cells)
        return Found(heading, None, near=self._near_courses(key), cells=cells)

    def _known(self, type_name: str, key: str, name: str) -> Found | None:
        if key in self._said[type_name]:
            return Found(name, self._said[type_name][key], "said")
        kept = self._memory.target(type_name, key)
        return None if kept is None else Found(name, kept, "remembered")

    def _namesakes(self, name: str) -> list[Staff]:
        """Return who is called so; without a comma, the last name may also stand first."""
        plain = _plain(name)
        called = self._called.get(name_key(plain), [])
        if called or "," in name:
            return called
        words = plain.split()
        if not words:
            return []
        turned = {" ".join([*words[1:], words[0]]), " ".join([words[-1], *words[:-1]])}
        found = [one for way in sorted(turned) for one in self._called.get(name_key(way), ())]
        return list({one.id: one for one in found}.values())

    def _near_people(self, name: str) -> tuple[tuple[int, str], ...]:
        words = _plain(name).split()
        near = [
            one for one in self.staff.values()
            if words and _initials_fit(words, (one.name or "").split())
        ]  # fmt: skip
        close = difflib.get_close_matches(
            name_key(_plain(name)), list(self._called), _MOST_NEAR, _ALIKE
        )
        near += [one for key in close for one in self._called[key]]
        found = {one.id or 0: _apart(self._store, one) for one in near}
        return tuple(found.items())[:_MOST_NEAR]

    def _near_courses(self, key: str) -> tuple[tuple[int, str], ...]:
        names = {one: list(courses) for one, courses in self._taught.items()}
        for alike in set(_called_alike().values()):
            theirs = [one for other in sorted(alike) for one in self._taught.get(other, ())]
            for other in alike:
                names.setdefault(other, []).extend(theirs)
        close = difflib.get_close_matches(key, [one for one in names if names[one]], 6, _ALIKE)
        close += [
            other for other in names
            if min(len(other), len(key)) > _MOST_NEAR and (other in key or key in other)
        ]  # fmt: skip
        found = {one.id or 0: one.name or "" for other in close for one in names[other]}
        return tuple(found.items())[:_MOST_NEAR]


def _initials_fit(words: Sequence[str], full: Sequence[str]) -> bool:
    """Return whether a name may be a shorter form of another: "M Jones", "Mary J"."""
    if len(words) < 2 or len(full) < 2:  # noqa: PLR2004
        return False
    pairs = ((words[0], full[0]), (words[-1], full[-1]))
    folded = [(one.casefold().rstrip("."), other.casefold()) for one, other in pairs]
    return all(other.startswith(one) for one, other in folded) and any(
        one == other for one, other in folded
    )


def _by_id(store: Store, cls: type[Any]) -> dict[int, Any]:
    found: Iterable[Record] = query.every(store, query.Query(spec_of(cls).name))
    return {
        record.id: record for record in found if record.id is not None and not record.struck_reason
    }


def _apart(store: Store, person: Staff) -> str:
    words = described(store, person)
    return words.removesuffix(ids.to_text(person.id or 0)).strip()
