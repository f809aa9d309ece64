"""What a list of people says of where they work: posts, and the places they are held at."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from liaison.exchange.formulas import unguard
from liaison.exchange.lists_in_cells import split_values
from liaison.records import all_specs, ids
from liaison.records.check import LONGEST_LINE
from liaison.records.directory import Organisation, Post
from liaison.services.importing.cells import CellReader, Draft
from liaison.services.importing.slots import Slot, is_unborn
from liaison.services.importing.telling import drain
from liaison.store import query

if TYPE_CHECKING:
    from liaison.store.store import Store

_OTHER: Final = "other"
_NOWHERE: Final = "-"
# Ids of places that have none yet: apart from those of the rows' own records.
_UNBUILT: Final = ids.LARGEST - (1 << 23)


@dataclasses.dataclass(frozen=True, slots=True)
class PlaceBirth:
    """An organisation that the posts of a list need; ``reference`` stands for its id until then."""

    reference: int
    record: Organisation


@dataclasses.dataclass(frozen=True, slots=True)
class Posts:
    """What a list adds beside its own records.

    Args:
        births: The posts; whose and where may stand for records that have no id yet.
        places: The organisations that are made for them.
        drafts: The rows that give a new post, by :func:`id`.
    """

    births: tuple[Post, ...] = ()
    places: tuple[PlaceBirth, ...] = ()
    drafts: frozenset[int] = frozenset()


class PostReader:
    """Works out the posts that rows give.

    Args:
        store: The home.
        cells: Knows which records are called what.
        kind: The kind of organisation to make where there is none of that name; empty to make none.
    """

    def __init__(self, store: Store, cells: CellReader, kind: str = "") -> None:
        self._store = store
        self._cells = cells
        self._kind = kind
        self._places: dict[str, PlaceBirth] = {}
        self._by_code: dict[str, int] | None = None
        self._role = all_specs()["post"].by_name["role"]
        self._held: dict[int, list[tuple[str | None, int | None]]] = defaultdict(list)
        self._said: dict[
            tuple[str, str], tuple[list[tuple[str | None, int | None]], list[str]]
        ] = {}

    def read(self, rows: Iterable[tuple[Draft, Slot]]) -> Posts:
        """Return what rows give that is not there already.

        Args:
            rows: The rows that can come in, each with the record it is about.
        """
        giving = [(draft, slot) for draft, slot in rows if draft.beside]
        if not giving:
            return Posts()
        self._read_held()
        births: list[Post] = []
        new: set[int] = set()
        for draft, slot in giving:
            for role, place in self._given(draft):
                if self._is_held(slot.reference, role, place):
                    continue
                role_held = role or _OTHER
                if role is None:
                    draft.notes.append(
                        'No role was given; the post was added with the role "other".'
                    )
                self._held[slot.reference].append((role_held, place))
                births.append(Post(contact=slot.reference, role=role_held, organisation=place))
                new.add(id(draft))
        drain(giving, self._held)
        return Posts(tuple(births), tuple(self._places.values()), frozenset(new))

    def _read_held(self) -> None:
        for post in query.every(self._store, query.Query("post")):
            if isinstance(post, Post) and not post.struck_reason and post.contact is not None:
                contact = self._store.follow("contact", post.contact)
                place = post.organisation and self._store.follow("organisation", post.organisation)
                self._held[(contact.id if contact else None) or post.contact].append(
                    (post.role, (place.id if place else None) or post.organisation)
                )

    def _is_held(self, contact: int, role: str | None, place: int | None) -> bool:
        """Return whether a person holds a post already; what the row leaves open fits any."""
        return any(
            (role is None or role == held_role) and (place is None or place == held_place)
            for held_role, held_place in self._held.get(contact, ())
        )

    def _given(self, draft: Draft) -> list[tuple[str | None, int | None]]:
        """Return the posts of a row; most rows of a long list say what another one has said."""
        key = draft.beside.get("role", ""), draft.beside.get("organisation", "")
        if key in self._said:
            found, notes = self._said[key]
            draft.notes += notes
            return found
        told, made = len(draft.notes), len(self._places)
        found = self._read_posts(draft)
        if len(self._places) == made:
            # a place is new in one row only
            self._said[key] = found, draft.notes[told:]
        return found

    def _read_posts(self, draft: Draft) -> list[tuple[str | None, int | None]]:
        """Read the posts of a row: roles and places of several stand in the same order."""
        roles = self._pieces(draft.beside.get("role", ""), is_place=False)
        places = self._pieces(draft.beside.get("organisation", ""), is_place=True)
        last = roles[-1] if roles else ""
        found = []
        for role, place in zip_longest(roles, places, fillvalue=""):
            is_known, where = self._place(draft, place)
            what = self._role_of(draft, role or last)
            if is_known or what is not None:
                found.append((what, where))
        return list(dict.fromkeys(found))

    def _pieces(self, cell: str, *, is_place: bool) -> list[str]:
        text = unguard(cell).strip()
        if not text:
            return []
        if is_place and self._known_place(text) is not None:
            # a semicolon may be a part of the name
            return [text]
        return split_values(text)

    def _role_of(self, draft: Draft, typed: str) -> str | None:
        typed = unguard(typed).strip()
        if not typed or typed == _NOWHERE:
            return None
        try:
            return self._store.vocabularies.match(self._role, typed)
        except ValueError:
            draft.notes.append(
                f"The role {typed[:60]!r} is not in the list of roles; the post has the role "
                '"other".'
            )
            return _OTHER

    def _place(self, draft: Draft, typed: str) -> tuple[bool, int | None]:
        """Return whether a place is meant and known, and its id or what stands for it."""
        typed = unguard(typed).strip()
        if not typed or typed == _NOWHERE:
            return False, None
        if (known := self._known_place(typed)) is not None:
            return True, known
        try:
            return True, self._cells.meant("organisation", typed)
        except ValueError as error:
            is_several = self._cells.is_ambiguous("organisation", typed)
            if is_several or not self._kind or len(typed) > LONGEST_LINE:
                draft.notes.append(f"Organisation: {error} They were added without it.")
                return False, None
        name = " ".join(typed.split())
        made = PlaceBirth(_UNBUILT - len(self._places), Organisation(name=name, kind=self._kind))
        self._places[name.casefold()] = made
        draft.notes.append(f"{name[:60]!r} is new: it was added to the organisations.")
        return True, made.reference

    def _known_place(self, typed: str) -> int | None:
        """Return the place that is meant by an ODS code, or was made for a row above."""
        made = self._places.get(" ".join(typed.split()).casefold())
        if made is not None:
            return made.reference
        if self._by_code is None:
            found = query.every(self._store, query.Query("organisation"))
            self._by_code = {
                place.ods_code.strip().upper(): place.id
                for place in found
                if isinstance(place, Organisation) and place.ods_code and place.id is not None
            }
        return self._by_code.get(typed.strip().upper())


def settled(post: Post, contacts: Mapping[int, int], places: Mapping[int, int]) -> Post:
    """Return a post with the ids of the records that were made for it."""
    contact, place = post.contact, post.organisation
    return dataclasses.replace(
        post,
        contact=contacts[contact] if contact is not None and is_unborn(contact) else contact,
        organisation=places.get(place, place) if place is not None else None,
    )


def count_words(posts: Posts) -> Sequence[str]:
    """Return in words what is added beside the rows' own records."""
    said = []
    for number, one, several in (
        (len(posts.births), "post", "posts"),
        (len(posts.places), "organisation", "organisations"),
    ):
        if number:
            said.append(f"{number:,} {one if number == 1 else several}")
    return said
