"""How alike two records look that may be the same: shown to a person, never acted upon.

Pure. :func:`traits` reduces a record to what is compared, :func:`blocks` gives the keys under which
records that can look alike meet (so that nobody is compared with everybody), and :func:`likeness`
says how alike two are and why.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
import unicodedata
from collections.abc import Hashable, Iterator, Mapping
from typing import Final

from liaison.records.rules.letters import plain_letters

ENOUGH: Final = 0.6
"""From here on two records are shown to a person as perhaps the same."""

_NEAR: Final = 0.86
_FEWEST_DIGITS: Final = 6
_SAME_NAME: Final = 0.6
_NEAR_NAME: Final = 0.6
_INITIALS: Final = 0.35
_SHARED_WORD: Final = 0.2
_TITLES: Final = frozenset(
    {"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sr", "sister", "nurse", "rev",
     "sir", "dame", "matron"}
)  # fmt: skip
_FILLING: Final = frozenset(
    {"the", "and", "of", "surgery", "practice", "centre", "center", "medical", "health", "group",
     "clinic", "ltd", "limited", "house", "care", "home", "partnership"}
)  # fmt: skip
_MAILBOXES: Final = re.compile(
    r"(?:info|reception|admin|enquir\w*|office|contact|hello|manager|team|referrals?|nurses?)[.\d]*@"
)
_MOBILE: Final = re.compile(r"0?7[1-9]")
_MOST_BITS: Final = 1 << 256
_NUMBER: Final = re.compile(r"\d+")
_APART: Final = re.compile(r"[^\w]+")


@dataclasses.dataclass(frozen=True, slots=True)
class Traits:
    """A record as it is compared with others.

    Args:
        name: Its name in plain letters, words in alphabetical order.
        words: The words of its name in their order, without titles.
        phones: Its numbers, as they are compared.
        emails: Its addresses, in small letters.
        postcode: Its postcode.
        born: Its date of birth.
        is_place: Whether it is a place and not a person.
        letters: The letters of its name, a bit for each time one is there.
        numbers: The numbers in its name: with another one it is another place.
        marks: All but its name that two can have in common, each with what it is.
    """

    name: str = ""
    words: tuple[str, ...] = ()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    postcode: str = ""
    born: object = None
    is_place: bool = False
    letters: int = 0
    numbers: tuple[str, ...] = ()
    marks: frozenset[tuple[str, object]] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two records look.

    Args:
        score: From 0 (nothing in common) to 1; see :data:`ENOUGH`.
        reasons: What they have in common, in plain words.
    """

    score: float
    reasons: tuple[str, ...]


def traits(values: Mapping[str, object], *, is_place: bool = False) -> Traits:
    """Return what is compared of a record.

    Args:
        values: Its values by wire name, in the form in which identity compares them.
        is_place: Whether it is a place and not a person.
    """
    words, name, letters, named_numbers = _named(str(values.get("name") or ""))
    numbers = {str(values[field]) for field in ("phone", "mobile") if values.get(field)}
    phones = frozenset(number for number in numbers if len(number) >= _FEWEST_DIGITS)
    email = values.get("email")
    emails = frozenset({str(email)} if email else ())
    postcode = str(values.get("postcode") or "")
    born = values.get("date_of_birth")
    marks: list[tuple[str, object]] = [("phone", number) for number in phones]
    marks += [("email", address) for address in emails]
    if postcode:
        marks.append(("postcode", postcode))
    if born is not None:
        marks.append(("born", born))
    return Traits(
        name, words, phones, emails, postcode, born, is_place, letters, named_numbers,
        frozenset(marks),
    )  # fmt: skip


@functools.lru_cache(maxsize=2**15)
def _named(name: str) -> tuple[tuple[str, ...], str, int, tuple[str, ...]]:
    """Return the words of a name, them in order of the alphabet, their letters and numbers."""
    words = _words(name)
    ordered = " ".join(sorted(words))
    return words, ordered, _letters(ordered), tuple(_NUMBER.findall(ordered))


def _words(name: str) -> tuple[str, ...]:
    plain = name.casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = plain_letters("".join(c for c in decomposed if not unicodedata.combining(c)))
    words = [word for word in _APART.split(plain.replace("'", "")) if word]
    return tuple(word for word in words if word not in _TITLES) or tuple(words)


def blocks(one: Traits) -> tuple[Hashable, ...]:
    """Return the keys of which two records that look alike share one at least."""
    found: list[Hashable] = [mark for mark in one.marks if one.is_place or mark[0] != "postcode"]
    if one.words:
        telling = [word for word in one.words if not one.is_place or word not in _FILLING]
        first, last = (telling or one.words)[0], (telling or one.words)[-1]
        found.append(("name", one.name))
        # one slip of the pen leaves one of the two as it was
        found.append(("first", first[:4], last[:1], len(telling)))
        found.append(("last", last, first[:1]))
    return tuple(found)


def may_be_alike(one: Traits, other: Traits) -> bool:
    """Return whether it is worth looking closer: most have only a piece of their names in common.

    Without a number, an address or a day of birth in common, nothing but names that are the same or
    nearly so make two records look alike; this lets all such pass.
    """
    return (
        not one.marks.isdisjoint(other.marks)
        or one.name == other.name
        or (
            one.numbers == other.numbers
            and _may_be_near(one, other)
            and _near(one.name, other.name)
        )
    )


def likeness(one: Traits, other: Traits) -> Likeness:
    """Return how alike two records look, and why."""
    found = [*_names_alike(one, other)]
    near = bool(found)
    if one.phones & other.phones:
        # a surgery's number is that of everybody who works there; a mobile is somebody's own
        own = one.is_place or any(map(_MOBILE.match, one.phones & other.phones))
        found.append((0.6 if own else 0.45, "the same phone number"))
    if shared := one.emails & other.emails:
        is_mailbox = not one.is_place and all(map(_MAILBOXES.match, shared))
        found.append((0.3 if is_mailbox else 0.6, "the same e-mail address"))
    if one.postcode and one.postcode == other.postcode:
        found.append((0.2, "the same postcode"))
    if one.born is not None and other.born is not None:
        if one.born == other.born:
            found.append((0.3, "the same date of birth"))
        else:
            found.append((-0.3, ""))
    if not near and set(one.words) & set(other.words) - _FILLING:
        found.append((_SHARED_WORD, "a name in common"))
    score = sum(points for points, _ in found)
    return Likeness(min(max(score, 0.0), 1.0), tuple(why for _, why in found if why))


def _names_alike(one: Traits, other: Traits) -> Iterator[tuple[float, str]]:
    if not one.words or not other.words:
        return
    if one.name == other.name:
        yield _SAME_NAME, "the same name"
    elif _have_initials_in_common(one.words, other.words):
        yield _INITIALS, "the same surname and initial"
    elif one.numbers == other.numbers and _may_be_near(one, other) and _near(one.name, other.name):
        yield _NEAR_NAME, "a name that is spelled nearly alike"


def _have_initials_in_common(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether "S Patel" may be "Sarah Patel": one of the two has only the initial."""
    return (
        one[-1] == other[-1]
        and len(one) > 1
        and len(other) > 1
        and one[0][0] == other[0][0]
        and min(len(one[0]), len(other[0])) == 1
    )


def _letters(name: str) -> int:
    found = 0
    for letter in name:
        bit = 1 << ord(letter) % 64
        # of a letter that stands there again the next bit, so that bits are what can be matched
        while found & bit and bit < _MOST_BITS:
            bit <<= 64
        found |= bit
    return found


def _may_be_near(one: Traits, other: Traits) -> bool:
    """Return whether two names can be near: most are told apart by their letters alone.

    Every letter that only one of them has is unmatched in the ratio as well, so this lets all pass
    that would be found near.
    """
    most = (len(one.name) + len(other.name)) * (1 - _NEAR)
    return (one.letters ^ other.letters).bit_count() <= most


def _agreeing(one: str, other: str) -> int:
    """Return with how many letters two words begin alike."""
    for place, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return place
    return min(len(one), len(other))


@functools.lru_cache(maxsize=2**14)
def _near(one: str, other: str) -> bool:
    both = len(one) + len(other)
    if abs(len(one) - len(other)) > 0.3 * max(len(one), len(other)):
        return False
    # one slip of the pen, as nearly always: what is before and behind it says enough
    ends = _agreeing(one, other)
    ends += min(_agreeing(one[::-1], other[::-1]), min(len(one), len(other)) - ends)
    if 2 * ends >= _NEAR * both:
        return True
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return (
        matcher.real_quick_ratio() >= _NEAR
        and matcher.quick_ratio() >= _NEAR
        and matcher.ratio() >= _NEAR
    )
