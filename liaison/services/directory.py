"""The directory as people write and read it: persons with the posts they hold, and their places."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from liaison.records import Problem, all_specs
from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.records.home import Home
from liaison.records.rules.days import add_months
from liaison.records.rules.same_name import name_key
from liaison.services.together import Together
from liaison.store import query

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded
    from liaison.store.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class ContactAdded:
    """What was added with a contact.

    Args:
        contact: The contact's id.
        post: The id of the post they hold; None if none was given.
        organisation: The id of the organisation they hold it at, new or not; None if none.
        warnings: What is unusual, with fields such as ``contact.phone``.
    """

    contact: int
    post: int | None
    organisation: int | None
    warnings: tuple[Problem, ...]


def add_contact_with_post(
    home: OpenHome,
    contact: Contact,
    post: Post | None = None,
    organisation: Organisation | int | None = None,
    reason: str = "",
) -> ContactAdded:
    """Add a person outside the home, the role they have and where, in one unit of work.

    Args:
        home: The home.
        contact: The person.
        post: Their role; whose and where is not looked at. It can be left out only for somebody
            who belongs to no organisation.
        organisation: Where: a new organisation, or the id of one in the directory.
        reason: Why, in their words.

    Returns:
        The ids, and what is unusual.

    Raises:
        Unfit: Something is wrong. All problems of all parts are told, with fields such as
            ``contact.name``, ``post.role`` and ``organisation.kind``, and nothing is saved.
    """
    together = Together(home)
    place = organisation
    if isinstance(organisation, Organisation):
        place = together.add("organisation", organisation)
    assert not isinstance(place, Organisation)  # noqa: S101  # for the type checker
    person = together.add("contact", contact)
    if post is not None or place is not None:
        held = dataclasses.replace(post or Post(), contact=person, organisation=place)
        together.add("post", held)
    saved = together.save(reason)
    return ContactAdded(
        saved.ids["contact"],
        saved.ids.get("post"),
        saved.ids.get("organisation", None if isinstance(organisation, Organisation) else place),
        saved.warnings,
    )


def change_contact_with_post(
    home: OpenHome,
    contact: tuple[Loaded, Contact],
    post: tuple[Loaded | None, Post] | None = None,
    organisation: Organisation | int | None = None,
    reason: str = "",
) -> ContactAdded:
    """Correct a person outside the home with a post they hold, in one unit of work.

    Args:
        home: The home.
        contact: The person as they were shown, and as they shall be.
        post: Their post as it was shown (None for a new one), and as it shall be; whose and where
            is not looked at. None leaves their posts alone.
        organisation: Where: a new organisation, or the id of one in the directory.
        reason: Why, in their words.

    Returns:
        The ids, and what is unusual.

    Raises:
        Unfit: As for :func:`add_contact_with_post`.
    """
    shown, changed = contact
    together = Together(home)
    place = organisation
    if isinstance(organisation, Organisation):
        place = together.add("organisation", organisation)
    assert not isinstance(place, Organisation)  # noqa: S101  # for the type checker
    together.change("contact", shown, changed)
    was = None
    if post is not None:
        was, held = post
        held = dataclasses.replace(held, contact=shown.id, organisation=place)
        if was is None:
            together.add("post", held)
        else:
            together.change("post", was, held)
    saved = together.save(reason)
    return ContactAdded(
        shown.id,
        saved.ids.get("post", None if was is None else was.id),
        saved.ids.get("organisation", None if isinstance(organisation, Organisation) else place),
        saved.warnings,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Holder:
    """Somebody and a post they hold.

    Args:
        contact: The person.
        post: Their role, since when, until when.
        organisation: Where; None if nowhere in particular.
    """

    contact: Contact
    post: Post
    organisation: Organisation | None


@dataclasses.dataclass(frozen=True, slots=True)
class OrganisationCard:
    """What a card says of an organisation.

    Args:
        organisation: The organisation.
        parent: What it is part of.
        parts: What is part of it.
        people: Who holds a post there on the day, by name.
        offers: The needs it serves.
        to_check: Whether its details were last checked too long ago, or never.
    """

    organisation: Organisation
    parent: Organisation | None
    parts: tuple[Organisation, ...]
    people: tuple[Holder, ...]
    offers: tuple[Service, ...]
    to_check: bool


@dataclasses.dataclass(frozen=True, slots=True)
class ContactCard:
    """What a card says of a contact.

    Args:
        contact: The contact.
        posts: The posts they hold on the day.
        deputy: Whom to ask when they cannot be reached.
        ask_about: What to ask them about.
        to_check: Whether their details were last checked too long ago, or never.
    """

    contact: Contact
    posts: tuple[Holder, ...]
    deputy: Contact | None
    ask_about: tuple[Service, ...]
    to_check: bool


def posts_of(store: Store, contact: int, on: dt.date | None = None) -> list[Holder]:
    """Return the posts somebody holds on a day (today if not given), the latest first."""
    return _holders(store, query.Query("post", query.equal({"contact": contact})), on)


def people_of(store: Store, organisation: int, on: dt.date | None = None) -> list[Holder]:
    """Return who holds a post at an organisation on a day (today if not given), by name."""
    asked = query.Query("post", query.equal({"organisation": organisation}))
    return sorted(
        _holders(store, asked, on), key=lambda holder: name_key(holder.contact.name or "")
    )


def _holders(store: Store, asked: query.Query, on: dt.date | None) -> list[Holder]:
    on = on or store.today()
    found = []
    for post in query.every(store, asked):
        if not isinstance(post, Post) or post.struck_reason or not held_on(post, on):
            continue
        contact = store.follow("contact", post.contact or 0)
        place = None if post.organisation is None else _organisation(store, post.organisation)
        if isinstance(contact, Contact) and _shown(contact):
            found.append(Holder(contact, post, place))
    return found


def held_on(post: Post, on: dt.date) -> bool:
    """Return whether a post is held on a day, its last day counted in."""
    begun = post.since is None or post.since <= on
    return begun and (post.until is None or on <= post.until)


def organisation_card(
    store: Store, organisation: int, on: dt.date | None = None
) -> OrganisationCard | None:
    """Return what a card says of an organisation on a day; None if it is not here."""
    found = _organisation(store, organisation)
    if found is None or found.id is None:
        return None
    on = on or store.today()
    parts = query.every(store, query.Query("organisation", query.equal({"parent": found.id})))
    return OrganisationCard(
        organisation=found,
        parent=None if found.parent is None else _organisation(store, found.parent),
        parts=tuple(
            sorted(
                (part for part in parts if isinstance(part, Organisation) and _shown(part)),
                key=lambda part: name_key(part.name or ""),
            )
        ),
        people=tuple(people_of(store, found.id, on)),
        offers=_services(store, found.offers),
        to_check=_to_check(store, found.last_checked, on),
    )


def contact_card(store: Store, contact: int, on: dt.date | None = None) -> ContactCard | None:
    """Return what a card says of a contact on a day; None if they are not here."""
    found = store.follow("contact", contact)
    if not isinstance(found, Contact) or found.id is None:
        return None
    on = on or store.today()
    deputy = None if found.deputy is None else store.follow("contact", found.deputy)
    return ContactCard(
        contact=found,
        posts=tuple(posts_of(store, found.id, on)),
        deputy=deputy if isinstance(deputy, Contact) else None,
        ask_about=_services(store, found.ask_about),
        to_check=_to_check(store, found.last_checked, on),
    )


def _organisation(store: Store, identity: int) -> Organisation | None:
    found = store.follow("organisation", identity)
    return found if isinstance(found, Organisation) else None


def _services(store: Store, identities: Iterable[int]) -> tuple[Service, ...]:
    found = query.of_ids(store.connection, _SERVICE, list(identities))
    services = [record for record in found.values() if isinstance(record, Service)]
    return tuple(sorted(services, key=lambda service: name_key(service.name or "")))


def _shown(record: Contact | Organisation) -> bool:
    return record.lives and not record.struck_reason


def _to_check(store: Store, last_checked: dt.date | None, on: dt.date) -> bool:
    return staleness(store, on)(last_checked)


def staleness(store: Store, on: dt.date) -> Callable[[dt.date | None], bool]:
    """Return what tells whether details that were last checked on a day are too old on another.

    Args:
        store: The home, for how often it checks.
        on: The day to look at.
    """
    loaded = store.the("home")
    months = None if loaded is None else getattr(loaded.record, "stale_months", None)
    if months is None:
        # cleared by hand: what a new home begins with
        months = Home().stale_months or 0
    last = add_months(on, -min(months, _LONGEST_MONTHS))
    return lambda checked: checked is None or checked <= last


_SERVICE: Final = all_specs()["service"]
_LONGEST_MONTHS: Final = 1200
