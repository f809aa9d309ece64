"""Drafts: what somebody has typed and not saved yet, and finds again after a crash.

A draft holds the texts as they were typed, nonsense and half a date too; nothing is checked until
the record is saved. It belongs to whoever typed it: nobody else is shown it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from liaison.records import all_specs, ids
from liaison.store import drafts as kept

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.drafts import KeptDraft

T = TypeVar("T")

_NEW: Final = "new"


@dataclasses.dataclass(frozen=True, slots=True)
class About:
    """Which form a draft belongs to; a person has one draft for each.

    Args:
        type: The wire name of the record type.
        record: The id of the record that is being changed; None for a new one.
        page: Which form of it, where there are several.
    """

    type: str
    record: int | None = None
    page: str = ""

    def __post_init__(self) -> None:
        """Refuse a type that there is not: its draft would never be found again."""
        if self.type not in all_specs():
            raise ValueError(f"There is no record type {self.type!r}.")


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """What somebody has typed into one form.

    Args:
        about: The form.
        typed: What was typed and by which fields, in whatever shape the form can read again: texts,
            or lists of them; no more than JSON holds. Best only the fields that were touched: the
            others are then shown as they stand by the time the form opens again.
        at: When it was last typed on.
        versions: Of a record that is being changed, the versions the form had shown
            (``Loaded.versions``): what others change meanwhile is then settled, not overwritten.
    """

    about: About
    typed: Mapping[str, Any]
    at: dt.datetime
    versions: Mapping[str, tuple[int, ...]] = dataclasses.field(default_factory=dict)


def save(
    home: OpenHome,
    about: About,
    typed: Mapping[str, Any],
    versions: Mapping[str, tuple[int, ...]] | None = None,
) -> Draft:
    """Keep what has been typed so far, in place of what was kept of that form before.

    Args:
        home: The home; the draft is of whoever unlocked it.
        about: The form.
        typed: What was typed, see :class:`Draft`.
        versions: The versions the form shows, see :class:`Draft`.

    Returns:
        The draft, with its time.
    """
    draft = Draft(about, typed, home.store.clock(), versions or {})
    kept.keep(home.store, _kept(home, draft))
    return draft


def mine(home: OpenHome) -> list[Draft]:
    """Return the drafts of whoever unlocked the home, newest first."""
    return [_draft(found) for found in kept.of_person(home.store, home.person)]


def find(home: OpenHome, about: About) -> Draft | None:
    """Return the draft that whoever unlocked the home has for a form; None if there is none."""
    found = kept.find(home.store, home.person, _place(about))
    return None if found is None else _draft(found)


def take(home: OpenHome, about: About) -> Draft | None:
    """Take a draft out: its record was saved, or it was thrown away on purpose.

    Returns:
        What was taken out, for :func:`put_back`; None if there was none.
    """
    draft = find(home, about)
    if draft is not None:
        kept.remove(home.store, home.person, _place(about))
    return draft


def finish(home: OpenHome, about: About, work: Callable[[], T]) -> tuple[T, Draft | None]:
    """Save what a form holds and take its draft out, in one transaction.

    A crash never finds the one without the other: what is saved is not offered again as a draft.

    Args:
        home: The home.
        about: The form.
        work: Saves.

    Returns:
        What ``work`` returns, and the draft that was taken out; None if there was none.

    Raises:
        UserError: It was not saved; the draft is where it was.
    """
    with home.store.together():
        done = work()
        return done, take(home, about)


def erase(home: OpenHome, beginning: About, goes: Callable[[str], bool]) -> None:
    """Take out what anybody has typed into some forms: what it is about is being erased by law.

    Args:
        home: The home, within ``store.erasing.leaving_nothing``.
        beginning: The forms: their pages begin as its does.
        goes: Given the rest of a page, whether that form is meant.
    """
    begins = _place(beginning)
    found = kept.places(home.store, begins)
    kept.remove_everybodys(home.store, [one for one in found if goes(one.removeprefix(begins))])


def put_back(home: OpenHome, draft: Draft) -> None:
    """Keep a draft again that was thrown away by mistake, with its time.

    Something typed into the same form since is not overwritten by it.
    """
    if find(home, draft.about) is None:
        kept.keep(home.store, _kept(home, draft))


def _place(about: About) -> str:
    record = _NEW if about.record is None else ids.to_text(about.record)
    return f"{about.type}/{record}/{about.page}"


def _kept(home: OpenHome, draft: Draft) -> KeptDraft:
    # in ASCII: half a character, which is no text to a database, is kept as it was typed
    body = json.dumps({"typed": draft.typed, "versions": draft.versions})
    return kept.KeptDraft(home.person, _place(draft.about), draft.at, body)


def _draft(found: KeptDraft) -> Draft:
    type_name, record, page = found.place.split("/", 2)
    body = json.loads(found.body)
    about = About(type_name, None if record == _NEW else ids.from_text(record), page)
    versions = {field: tuple(stamps) for field, stamps in body["versions"].items()}
    return Draft(about, body["typed"], found.at, versions)
