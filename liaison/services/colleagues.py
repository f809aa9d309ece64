"""Which member of staff somebody who signs in is: told by their name, asked where it says too little.

Without that link, what they raise has nobody's name on it, and no answer reaches their Today.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from liaison.records import Problem, spec_of
from liaison.records.administration import Person
from liaison.records.home import Staff
from liaison.records.rules.compliance import works_here
from liaison.records.rules.same_name import name_key
from liaison.services.editing import Unfit
from liaison.services.references import Names
from liaison.store import query

if TYPE_CHECKING:
    from liaison.store.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff whom somebody who signs in may be.

    Args:
        id: Their id.
        name: Their name, told apart from namesakes.
        taken: Whether somebody signs in as them already.
    """

    id: int
    name: str
    taken: bool


def colleagues(store: Store, *, but: int | None = None) -> tuple[Colleague, ...]:
    """Return everybody who works here, by name.

    Args:
        store: The home.
        but: A person who signs in; as whom they do does not count as taken.
    """
    taken = _taken(store, but)
    names = Names(store)
    staff = _here(store)
    names.learn({"staff": [one.id for one in staff if one.id is not None]})
    found = [Colleague(one.id or 0, names.of(one), one.id in taken) for one in staff]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


def linked(store: Store, person: Person) -> Person:
    """Return a new person with the member of staff they are: the only one of their name.

    Args:
        store: The home.
        person: Their record; one that names a member of staff is returned as it is.

    Raises:
        Unfit: Several have that name, and somebody must say which of them it is.
    """
    if person.staff is not None:
        return person
    taken = _taken(store, person.id)
    wanted = name_key(person.name or "")
    same = [
        one for one in _here(store) if name_key(one.name or "") == wanted and one.id not in taken
    ]
    if not same:
        return person
    if len(same) == 1:
        return dataclasses.replace(person, staff=same[0].id)
    names = Names(store)
    label = spec_of(person).by_name["staff"].label
    listed = "; ".join(names.of(one) for one in same)
    words = f"{label}: {len(same)} have this name. Say which of them it is, or none: {listed}."
    raise Unfit([Problem("staff", words)])


def _here(store: Store) -> list[Staff]:
    today = store.today()
    found = query.every(store, query.Query("staff"))
    # whoever begins next week may be given their sign-in today
    return [
        one
        for one in found
        if isinstance(one, Staff)
        and (works_here(one, today) or (one.lives and one.left_on is None))
    ]


def _taken(store: Store, but: int | None) -> frozenset[int | None]:
    return frozenset(
        one.staff
        for one in query.every(store, query.Query("person"))
        if isinstance(one, Person) and one.lives and one.id != but
    )
