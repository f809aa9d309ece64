"""Half-typed forms, kept until they are saved or thrown away; neither logged nor sent to other PCs.

They lie in the encrypted database and nowhere else, and are committed like everything: a power cut
loses at most what was typed since the last one was kept.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from liaison.records.rules import times
from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.store.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft as it lies in the database.

    Args:
        person: The id of the person record of whoever typed it.
        place: Which form it belongs to; a person has one draft of each.
        at: When it was last typed on.
        body: What was typed, as a JSON text.
    """

    person: int
    place: str
    at: dt.datetime
    body: str


def keep(store: Store, draft: KeptDraft) -> None:
    """Keep a draft in place of the one that the same person has for the same form.

    One that says the same leaves the older one as it is, with its time.
    """
    with store.writing() as connection:
        connection.execute(
            "INSERT INTO draft(person, place, at, body) VALUES (?, ?, ?, ?) "
            "ON CONFLICT(person, place) DO UPDATE SET at = excluded.at, body = excluded.body "
            "WHERE body <> excluded.body",
            (draft.person, draft.place, times.to_stored(draft.at), draft.body),
        )


def of_person(store: Store, person: int) -> list[KeptDraft]:
    """Return what a person has half-typed, newest first."""
    with plain_errors():
        found = store.connection.execute(
            "SELECT place, at, body FROM draft WHERE person = ? ORDER BY at DESC, place",
            (person,),
        ).fetchall()
    return [
        KeptDraft(person, place, times.from_stored(moment), body) for place, moment, body in found
    ]


def find(store: Store, person: int, place: str) -> KeptDraft | None:
    """Return the draft a person has for a form; None if there is none."""
    with plain_errors():
        row = store.connection.execute(
            "SELECT at, body FROM draft WHERE person = ? AND place = ?", (person, place)
        ).fetchone()
    return None if row is None else KeptDraft(person, place, times.from_stored(row[0]), row[1])


def places(store: Store, beginning: str) -> list[str]:
    """Return the places that begin so where anybody has a draft."""
    with plain_errors():
        rows = store.connection.execute(
            "SELECT DISTINCT place FROM draft WHERE substr(place, 1, ?) = ? ORDER BY place",
            (len(beginning), beginning),
        ).fetchall()
    return [place for (place,) in rows]


def remove_everybodys(store: Store, where: Iterable[str]) -> None:
    """Remove the drafts that anybody has at some places."""
    with store.writing() as connection:
        connection.executemany("DELETE FROM draft WHERE place = ?", [(place,) for place in where])


def remove(store: Store, person: int, place: str) -> None:
    """Remove the draft a person has for a form, if there is one."""
    with store.writing() as connection:
        connection.execute("DELETE FROM draft WHERE person = ? AND place = ?", (person, place))
