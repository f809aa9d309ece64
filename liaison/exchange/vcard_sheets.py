"""Cards as a list: one row a card, under headings that importing knows.

What Liaison itself wrote comes back whole: fields that no card has stand in properties of our own
(:data:`OWN`), named after the field.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO, Final

from liaison.exchange.formulas import guard
from liaison.exchange.lists_in_cells import join_values
from liaison.exchange.sheets import NotReadable, Row, Sheet
from liaison.exchange.vcard_lines import Card, Property, parts_of, read_cards, unescaped

OWN: Final = "X-LIAISON-"
"""What the names of our own properties begin with; the field's wire name follows."""

COMPANY: Final = "X-ABSHOWAS"
"""How Apple's and other programs say that a card is a company's."""

PEOPLE: Final = (
    "name", "role", "organisation", "phone", "mobile", "email", "ask_about", "best_time", "cover",
    "deputy", "named_link", "last_checked", "private_notes",
)  # fmt: skip
PLACES: Final = (
    "name", "kind", "ods_code", "parent", "address", "postcode", "phone", "phone_out_of_hours",
    "email", "website", "opening_hours", "offers", "criteria", "how_to_refer", "typical_wait_days",
    "status", "former_names", "last_checked", "private_notes",
)  # fmt: skip
"""The columns: the wire names of what a contact's and an organisation's card can say."""

_NOT_A_PHONE: Final = frozenset({"FAX", "PAGER", "TEXTPHONE", "DATA", "MODEM"})
_MOBILE: Final = frozenset({"CELL", "MOBILE", "X-MOBILE", "IPHONE"})
_UK_MOBILE: Final = re.compile(r"(?:\+44|0044|0)\s*(?:\(0\))?\s*7[1-9]")
_PHONE_END: Final = re.compile(r";(?:ext|phone-context|isub)=(?P<more>[^;]*).*", re.IGNORECASE)

_ENTRY: Final = "card"


def read_vcards(file: BinaryIO, *, organisations: bool = False) -> Sheet:
    """Read cards as a list.

    Args:
        file: The file, opened in binary and at its beginning.
        organisations: Whether the cards of organisations are wanted, or those of people.

    Returns:
        A row of headings, then a row for each card of that kind; a row's number is the card's in
        the file. Cards of the other kind are counted in the remarks.

    Raises:
        NotReadable: The file as a whole cannot be read.
    """
    cards = read_cards(file)
    wanted = [card for card in cards if is_organisation(card) == organisations]
    others = len(cards) - len(wanted)
    kind, other = ("organisation", "contact") if organisations else ("contact", "organisation")
    if not wanted:
        raise NotReadable(
            f"None of the {len(cards):,} cards is that of {_one(kind)}.",
            f"Import them as {other}s.",
            "other-cards",
        )
    remarks: tuple[str, ...] = ()
    if others:
        were = "card was" if others == 1 else "cards were"
        remarks = (f"{others:,} {were} left out: import the file as {other} for those.",)
    names = PLACES if organisations else PEOPLE
    rows = list(_rows(wanted, names, organisations=organisations))
    # what no card says is no column: it may then be given for all of them at once
    used = [place for place, name in enumerate(names) if any(row.cells[place] for row in rows)]
    headings = Row(0, tuple(names[place] for place in used) or names[:1], entry=_ENTRY)
    trimmed = (
        dataclasses.replace(row, cells=tuple(row.cells[place] for place in used)) for row in rows
    )
    return Sheet(chain([headings], trimmed), remarks=remarks)


def _one(kind: str) -> str:
    return f"an {kind}" if kind.startswith("o") else f"a {kind}"


def is_organisation(card: Card) -> bool:
    """Return whether a card is that of an organisation and not of a person."""
    kind = card.text("KIND").lower()
    if kind:
        return kind in {"org", "organization"}
    if card.text(COMPANY).upper() == "COMPANY":
        return True
    own = card.text("ORG")
    return bool(own) and not _name_parts(card) and card.text("FN") in {"", _organisation(card)}


def _rows(cards: Sequence[Card], headings: Sequence[str], *, organisations: bool) -> Iterator[Row]:
    for card in cards:
        notes = list(card.notes)
        found = _of_place(card, notes) if organisations else _of_person(card, notes)
        for name in headings:
            own = card.text(OWN + name.upper().replace("_", "-"))
            if own:
                found[name] = own
        problem = ""
        if not found.get("name"):
            problem = "The card says no name: neither of a person, nor of an organisation."
        cells = tuple(guard(found.get(name, "")) for name in headings)
        yield Row(card.number, cells, problem, tuple(notes), _ENTRY)


def _of_person(card: Card, notes: list[str]) -> dict[str, str]:
    found = _reached(card, notes)
    found["name"] = (
        _one_line(card.text("FN"))
        or " ".join(_name_parts(card))
        or _one_line(card.text("NICKNAME"))
    )
    if not found["name"] and (instead := _organisation(card) or found.get("email", "")):
        found["name"] = instead
        notes.append(f"The card says no name; {instead[:60]!r} was taken for it.")
    posts = list(_posts(card))
    if any(role for role, _ in posts):
        found["role"] = join_values(role or "other" for role, _ in posts)
    if any(place for _, place in posts):
        found["organisation"] = join_values(place or "-" for _, place in posts)
    found["private_notes"] = _notes(card)
    return found


def _of_place(card: Card, notes: list[str]) -> dict[str, str]:
    found = _reached(card, notes)
    found["name"] = _organisation(card) or _one_line(card.text("FN"))
    numbers = [one for one in card.all("TEL") if "X-OUT-OF-HOURS" in one.kinds]
    if numbers:
        found["phone_out_of_hours"] = _number(numbers[0])
    for address in card.all("ADR"):
        parts = [*parts_of(address.value), *[""] * 7][:7]
        where = [part for part in (*parts[:5], parts[6]) if part]
        if where or parts[5]:
            found["address"], found["postcode"] = "\n".join(where), _one_line(parts[5])
            break
    found["website"] = _one_line(card.text("URL"))
    found["private_notes"] = _notes(card)
    return found


def _reached(card: Card, notes: list[str]) -> dict[str, str]:
    """Return phone, mobile and e-mail; what there is more of them is told."""
    found: dict[str, str] = {}
    left: list[str] = []
    numbers = [
        one
        for one in card.all("TEL")
        if not one.kinds & _NOT_A_PHONE and "X-OUT-OF-HOURS" not in one.kinds
    ]
    # the sort is stable: preferred ones first, then as they stand
    for one in sorted(numbers, key=lambda one: "PREF" not in one.kinds):
        number = _number(one)
        if not number or number in found.values():
            continue
        is_mobile = bool(one.kinds & _MOBILE) or bool(_UK_MOBILE.match(number))
        if is_mobile and "mobile" not in found:
            found["mobile"] = number
        elif not is_mobile and "phone" not in found:
            found["phone"] = number
        else:
            left.append(number)
    for number in left:
        free = next((name for name in ("phone", "mobile") if name not in found), "")
        if free:
            found[free] = number
        else:
            notes.append(f"A further number was left out: {number}.")
    addresses = [_one_line(_of_link(one.value, "mailto")) for one in _preferred(card.all("EMAIL"))]
    addresses = list(dict.fromkeys(filter(None, addresses)))
    found["email"] = addresses[0] if addresses else ""
    notes += [f"A further e-mail address was left out: {one}." for one in addresses[1:]]
    return found


def _preferred(properties: Iterable[Property]) -> list[Property]:
    return sorted(properties, key=lambda one: "PREF" not in one.kinds)


def _number(tel: Property) -> str:
    number = _of_link(tel.value, "tel")
    if number != tel.value and (more := _PHONE_END.search(number)):
        extension = f" ext {more['more']}" if ";ext=" in number.lower() else ""
        number = number[: more.start()] + extension
    return _one_line(unescaped(number))


def _of_link(value: str, scheme: str) -> str:
    start = f"{scheme}:"
    return value[len(start) :] if value.lower().startswith(start) else value


def _name_parts(card: Card) -> list[str]:
    """Return a person's name from its parts, in the order in which it is said."""
    for name in card.all("N"):
        family, given, middle, prefix, suffix = [*parts_of(name.value), *[""] * 5][:5]
        said = [_one_line(part) for part in (prefix, given, middle, family, suffix)]
        if any(said):
            return [part for part in said if part]
    return []


def _organisation(card: Card) -> str:
    return next((place for _, place in _posts(card) if place), "")


def _posts(card: Card) -> Iterator[tuple[str, str]]:
    """Yield role and organisation of each post; those that belong together share a group."""
    groups = dict.fromkeys(
        one.group for one in card.properties if one.name in {"ORG", "TITLE", "ROLE"}
    )
    # a program that groups one of them with its label does not mean two posts by it
    is_ours = all(not group or group.lower().startswith("post") for group in groups)
    for group in groups if is_ours else ("",):
        own = Card(
            card.number,
            tuple(one for one in card.properties if one.group == group or not is_ours),
        )
        role = _one_line(own.text("TITLE") or own.text("ROLE"))
        places = [part for org in own.all("ORG") for part in parts_of(org.value)[:1] if part]
        place = _one_line(places[0]) if places else ""
        if role or place:
            yield role, place


def _notes(card: Card) -> str:
    texts = (unescaped(one.value).strip() for one in card.all("NOTE"))
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _one_line(text: str) -> str:
    return " ".join(text.split())
