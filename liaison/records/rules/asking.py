"""What somebody asks for in their own words, found among the words that are known for it.

Small spelling mistakes, other endings and a word that is still being typed are forgiven. Nothing
here knows a home: it is given the words, and says what they most likely mean.
"""

from __future__ import annotations

import bisect
import dataclasses
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache
from typing import Final, Generic, TypeVar

from liaison.records.rules.letters import plain_letters

K = TypeVar("K", bound=Hashable)

_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 200
_MOST_WORDS: Final = 12
_SAID_ALONG: Final = frozenset(
    (  # noqa: SIM905  # words, to be read as words
        "a again all also am an and any are arent as at be been but by call can cant cannot could "
        "did do does doesnt dont for from get gets getting go got had has hasnt have havent he help "
        "her hers him his how i if im in is isnt it its just me mr mrs ms miss my need needed needs "
        "no not now number of off on or our out phone please really ring s she since so some still t "
        "telephone than that the their them then there they this to today tonight too up us very "
        "want wants was we were what when where which who whom will with wont you your"
    ).split()
)
_ENDINGS: Final = (
    ("ies", 5, "y"),
    ("ied", 5, "y"),
    ("ings", 7, ""),
    ("ing", 6, ""),
    ("ed", 5, ""),
    ("es", 5, ""),
    ("s", 4, ""),
)
_VOWELS: Final = frozenset("aeiou")
_SHORTEST_STEM: Final = 4

_BEGUN: Final = 0.9
_PART: Final = 0.8
_ONE_WRONG: Final = 0.8
_TWO_WRONG: Final = 0.65
_SHORTEST_BEGUN: Final = 3
_SHORTEST_PART: Final = 5
_SHORT_FORM: Final = 0.6
_SHORTEST_WRONG: Final = 4
_ANY_FIRST_LETTER: Final = 5
_TWO_WRONG_FROM: Final = 7

# two letters that are each another one
_MOST_OTHER_LETTERS: Final = 4
_MOST_LIKED: Final = 2_000

_UNKNOWN: Final = 0.25
_ASKED_SHARE: Final = 0.55
_SCATTERED: Final = 0.7
LEAST: Final = 0.3
"""What fits worse than this does not fit."""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry(Generic[K]):
    """Something that can be asked for.

    Args:
        key: What it is.
        phrases: What it is called, each with how much that counts (1 for a name of its own).
    """

    key: K
    phrases: tuple[tuple[str, float], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Match(Generic[K]):
    """Something that may be meant.

    Args:
        key: What it is.
        score: How well it fits, up to 1.
        phrase: The words it is known by that fit best.
    """

    key: K
    score: float
    phrase: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Phrase:
    entry: int
    text: str
    counts: float
    stems: frozenset[str]


class Wordbook(Generic[K]):
    """Finds what is meant by somebody's own words.

    Args:
        entries: What can be asked for.
    """

    def __init__(self, entries: Iterable[Entry[K]]) -> None:
        self._keys: list[K] = []
        self._phrases: list[_Phrase] = []
        self._where: defaultdict[str, list[int]] = defaultdict(list)
        of_entries: defaultdict[str, set[int]] = defaultdict(set)
        for number, entry in enumerate(entries):
            self._keys.append(entry.key)
            for text, counts in entry.phrases:
                stems = frozenset(map(stem, telling(text)))
                for one in stems:
                    self._where[one].append(len(self._phrases))
                    of_entries[one].add(number)
                self._phrases.append(_Phrase(number, text, counts, stems))
        total = max(len(self._keys), 1)
        # a word that many things are known by tells little
        self._tells = {one: math.log(1 + total / len(found)) for one, found in of_entries.items()}
        self._most = math.log(1 + total)
        self._sorted = sorted(self._where)
        self._by_length: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
        for one in self._sorted:
            self._by_length[len(one)].append((one, _letters(one)))
        self._liked: dict[tuple[str, bool], dict[str, float]] = {}

    def find(self, asked: str) -> list[Match[K]]:
        """Return what may be meant, best first.

        Args:
            asked: Somebody's own words; the last may be unfinished.
        """
        wanted = list(dict.fromkeys(telling(asked)))[:_MOST_WORDS]
        if not wanted:
            return []
        unfinished = bool(asked) and not asked[-1].isspace()
        hits = [self._like(word, unfinished=unfinished and word == wanted[-1]) for word in wanted]
        weights = [
            max((self._tells[one] for one in found), default=_UNKNOWN * self._most)
            for found in hits
        ]
        best: dict[int, tuple[float, str]] = {}
        together: defaultdict[int, list[float]] = defaultdict(lambda: [0.0] * len(wanted))
        touched = {place for found in hits for one in found for place in self._where[one]}
        for place in sorted(touched):
            phrase = self._phrases[place]
            each = [max((found.get(s, 0.0) for s in phrase.stems), default=0.0) for found in hits]
            score = phrase.counts * self._score(each, weights, phrase, hits)
            if score > best.get(phrase.entry, (0.0, ""))[0]:
                best[phrase.entry] = score, phrase.text
            here = together[phrase.entry]
            for number, like in enumerate(each):
                here[number] = max(here[number], like * phrase.counts)
        found_all = []
        for entry, (in_one, text) in best.items():
            score = max(in_one, _SCATTERED * _share(together[entry], weights))
            if score >= LEAST:
                found_all.append(Match(self._keys[entry], score, text))
        return sorted(found_all, key=lambda match: -match.score)

    def _score(
        self,
        each: list[float],
        weights: list[float],
        phrase: _Phrase,
        hits: list[dict[str, float]],
    ) -> float:
        whole = sum(self._tells[one] for one in phrase.stems)
        said = sum(
            self._tells[one] * max(found.get(one, 0.0) for found in hits) for one in phrase.stems
        )
        of_phrase = said / whole if whole else 0.0
        return _share(each, weights) * (_ASKED_SHARE + (1 - _ASKED_SHARE) * of_phrase)

    def _like(self, word: str, *, unfinished: bool) -> dict[str, float]:
        """Return the known words that a typed one may be, each with how well it fits."""
        key = word, unfinished
        if key not in self._liked:
            if len(self._liked) > _MOST_LIKED:
                self._liked.clear()
            self._liked[key] = self._look_up(word, unfinished=unfinished)
        return self._liked[key]

    def _look_up(self, word: str, *, unfinished: bool) -> dict[str, float]:
        root = stem(word)
        if root in self._where:
            # what is known as it stands is no mistake for something else; it may be a beginning
            found = {root: 1.0}
            if unfinished and len(word) >= _SHORTEST_BEGUN:
                found |= {one: _BEGUN for one in self._begun(word) if one != root}
            return found
        near = {*self._begun(word[:_SHORTEST_BEGUN])} if len(word) >= _SHORTEST_BEGUN else set()
        near.update(self._nearly(root))
        found = {
            one: like
            for one in near
            if (like := likeness(word, root, one, unfinished=unfinished)) > 0
        }
        closest = max(found.values(), default=0.0)
        # a mistake means the nearest word, not every near one
        return {one: like for one, like in found.items() if like >= closest - 0.01}

    def _begun(self, beginning: str) -> Iterator[str]:
        """Yield the known words that begin with something."""
        for place in range(bisect.bisect_left(self._sorted, beginning), len(self._sorted)):
            if not self._sorted[place].startswith(beginning):
                return
            yield self._sorted[place]

    def _nearly(self, root: str) -> Iterator[str]:
        """Yield the known words that may be a misspelling apart; most are ruled out at a glance."""
        letters = _letters(root)
        for length in range(len(root) - 2, len(root) + 3):
            for known, also in self._by_length.get(length, ()):
                if (letters ^ also).bit_count() <= _MOST_OTHER_LETTERS:
                    yield known


def _letters(word: str) -> int:
    """Return which letters a word has, a bit for each."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) % 64)
    return found


def _share(each: Iterable[float], weights: list[float]) -> float:
    return sum(w * like for w, like in zip(weights, each, strict=True)) / sum(weights)


def words(text: str) -> Iterator[str]:
    """Yield the words of a text without case, accents and apostrophes."""
    decomposed = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    plain = plain_letters(letters).replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    yield from _WORD.findall(plain)


def telling(text: str) -> list[str]:
    """Return the words of a text that tell something; all of them if none does."""
    found = list(words(text))
    return [word for word in found if word not in _SAID_ALONG] or found


@lru_cache(maxsize=8_192)
def stem(word: str) -> str:
    """Return what a word shares with its other forms: "swallowing" and "swallow" are one."""
    for ending, least, instead in _ENDINGS:
        if len(word) >= least and word.endswith(ending) and not word.endswith("ss"):
            word = word[: -len(ending)] + instead
            break
    if len(word) > _SHORTEST_STEM and word.endswith("e"):
        word = word[:-1]
    if len(word) >= _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in _VOWELS:
        word = word[:-1]
    return word


def likeness(word: str, root: str, known: str, *, unfinished: bool) -> float:
    """Return how well a word that was typed fits one that is known, 0 to 1.

    Args:
        word: What was typed.
        root: Its stem.
        known: The stem of the known word.
        unfinished: Whether somebody may be in the middle of it.
    """
    if root == known:
        return 1.0
    if unfinished and len(word) >= _SHORTEST_BEGUN and known.startswith(word):
        return _BEGUN
    shorter = min(len(root), len(known))
    if shorter >= _SHORTEST_PART and (known.startswith(root) or root.startswith(known)):
        return _PART
    if len(root) >= _SHORTEST_BEGUN and known.startswith(root):
        # "meds" for medicines
        return _SHORT_FORM
    if shorter < _SHORTEST_WRONG or root.isdigit():
        return 0.0
    same_start = root[0] == known[0]
    longer = max(len(root), len(known))
    allowed = 2 if longer >= _TWO_WRONG_FROM and same_start else 1
    if not same_start and shorter < _ANY_FIRST_LETTER:
        return 0.0
    wrong = letters_wrong(root, known, allowed)
    if wrong > allowed:
        return 0.0
    return _ONE_WRONG if wrong <= 1 else _TWO_WRONG


def letters_wrong(one: str, other: str, most: int) -> int:
    """Count the letters that are wrong, missing, too many or changed round.

    Args:
        one: A word.
        other: Another.
        most: Where to stop; ``most + 1`` says that there are more.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        new = [place]
        for at, also in enumerate(other, 1):
            cost = min(row[at] + 1, new[at - 1] + 1, row[at - 1] + (letter != also))
            if at > 1 and place > 1 and letter == other[at - 2] and one[place - 2] == also:
                cost = min(cost, before[at - 2] + 1)
            new.append(cost)
        if min(new) > most:
            return most + 1
        before, row = row, new
    return row[-1]
