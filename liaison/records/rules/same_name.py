"""Two people of the same name are always told apart (domain rule 8)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from liaison.records.rules.letters import plain_letters
from liaison.records.rules.times import show_plain_date

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from datetime import date

Id = TypeVar("Id", bound="Hashable")


def name_key(name: str) -> str:
    """Reduce a name to what two spellings of it share: no case, no spaces, no accents."""
    if name.isascii():
        # most are; a page that works out the training of a whole home asks hundreds of times
        return "".join(name.casefold().split())
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    plain = plain_letters(letters).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return "".join(plain.split())


def with_room_and_birth(name: str, room: str | None, date_of_birth: date | None) -> str:
    """Show a person with room and date of birth (domain rule 8).

    Args:
        name: The name as recorded.
        room: The room, "4" or "Room 4"; None or empty when it is not recorded.
        date_of_birth: None when it is not recorded.

    Returns:
        ``Mary Jones (room 4, born 3 Feb 1931)``, with what is missing said in words.
    """
    number = (room or "").strip()
    if number.casefold().startswith("room "):
        number = number[len("room ") :].strip()
    place = f"room {number}" if number else "room not recorded"
    born = "date of birth not recorded"
    if date_of_birth is not None:
        born = f"born {show_plain_date(date_of_birth)}"
    return f"{name} ({place}, {born})"


def tell_apart(people: Iterable[tuple[Id, str, str | None, date | None]]) -> dict[Id, str]:
    """Give every person the name they are shown by in one list (domain rule 8).

    Args:
        people: Id, name, room and date of birth of everybody who could be meant. Pass all of the
            home's people, not only the ones on screen, or a namesake in the next room is missed.

    Returns:
        Id to shown name: the plain name where only one person has it, else with room and date of
        birth. Case, spacing and accents do not make two names different.
    """
    known = {person_id: (name, room, born) for person_id, name, room, born in people}
    sharing = Counter(name_key(name) for name, _, _ in known.values())
    return {
        person_id: with_room_and_birth(name, room, born) if sharing[name_key(name)] > 1 else name
        for person_id, (name, room, born) in known.items()
    }
