"""Fills the gaps of everyday notes, and puts notes together for homes with more than are written."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import Final

from liaison.services.demo import texts
from liaison.services.demo.cast import Person
from liaison.services.demo.chance import chance_of

_GAP: Final = re.compile(r"\{(\w+|\d+-\d+)\}")
_PRONOUNS: Final = {
    "m": {"he": "he", "him": "him", "his": "his", "himself": "himself"},
    "f": {"he": "she", "him": "her", "his": "her", "himself": "herself"},
}
_ARMS: Final = ("left", "right")


def fill(text: str, person: Person, chance: random.Random) -> str:
    """Fill the gaps of an everyday note.

    Args:
        text: The note, with gaps such as ``{he}``, ``{bp}`` or ``{2-5}``.
        person: Whom it is about.
        chance: Where numbers come from.

    Returns:
        The note; a sentence still begins with a capital letter.
    """

    def gap(match: re.Match[str]) -> str:
        name = match[1]
        if name[0].isdigit():
            first, last = map(int, name.split("-"))
            return str(chance.randint(first, last))
        word = _PRONOUNS[person.text.sex].get(name.lower())
        if word is not None:
            return word.capitalize() if name[0].isupper() else word
        return _MEASURES[name](person, chance)

    return _GAP.sub(gap, text)


_MEASURES: Final[Mapping[str, Callable[[Person, random.Random], str]]] = {
    "name": lambda person, _: person.text.called,
    "bp": lambda _, chance: f"{chance.randint(112, 168)}/{chance.randint(58, 92)}",
    "pulse": lambda _, chance: str(chance.randint(58, 96)),
    "temp": lambda _, chance: f"{chance.randint(376, 389) / 10:.1f}",
    "kg": lambda person, chance: f"{person.weight + chance.randint(-14, 14) / 10:.1f}",
}


class Mixer:
    """Puts notes together from lists of what is raised, found and advised, topic by topic.

    Args:
        seed: What chance starts from.
    """

    def __init__(self, seed: str) -> None:
        words = texts.many()
        self._chance = chance_of(seed).random
        self._topics = {sex: [_pieces(t, sex) for t in words["topics"]] for sex in "mf"}
        self._places = {sex: _gendered(words["places"], sex) for sex in "mf"}
        self._endings = {sex: _gendered(words["endings"], sex) for sex in "mf"}

    def note(self, sex: str) -> tuple[str, str]:
        """Return what was raised and what was found and advised.

        Args:
            sex: Of whom: ``m`` or ``f``.
        """
        chance = self._chance
        topics, places, endings = self._topics[sex], self._places[sex], self._endings[sex]
        raised, found, advice = topics[int(chance() * len(topics))]
        place = places[int(chance() * len(places))]
        ending = endings[int(chance() * len(endings))]
        told = (
            f"{place}: {found[int(chance() * len(found))]} "
            f"{advice[int(chance() * len(advice))]} {ending}"
        )
        return self._numbers(raised[int(chance() * len(raised))]), self._numbers(told)

    def _numbers(self, text: str) -> str:
        if "{" not in text:
            return text
        some = int(self._chance() * (1 << 20))
        return text.format(
            n=some % 12 + 3, a=some % 3 + 2, b=some % 4 + 2, c=some % 15 + 9, k=some % 38 + 46,
            p=some % 52 + 112, d=some % 31 + 60,
        )  # fmt: skip


def _pieces(topic: dict[str, list[str]], sex: str) -> tuple[list[str], list[str], list[str]]:
    return (
        _gendered(topic["raised"], sex),
        _gendered(topic["found"], sex),
        _gendered(topic["advice"], sex),
    )


def _gendered(words: list[str], sex: str) -> list[str]:
    filled = []
    for text in words:
        for name, word in _PRONOUNS[sex].items():
            text = text.replace(f"{{{name}}}", word)  # noqa: PLW2901  # gap by gap
        filled.append(text)
    return filled
