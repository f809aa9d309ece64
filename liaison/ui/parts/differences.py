"""Where two texts differ, letter by letter, for somebody who has to choose between them."""

from __future__ import annotations

import dataclasses
import difflib
import itertools
import re
from collections.abc import Iterator

# beyond that, comparing every letter with every other one would hold up the window
_LONGEST = 2_000
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text; ``differs`` if the other text has something else there."""

    text: str
    differs: bool


def spans(text: str, other: str) -> tuple[Span, ...]:
    """Return a text in stretches that the other one has too, and stretches it has not.

    Args:
        text: The text to show.
        other: The text to compare it with.
    """
    if len(text) > _LONGEST or len(other) > _LONGEST:
        return _by_ends(text, other)
    if len(text) == len(other):
        return _by_place(text, other)
    words, others = _WORDS.findall(text), _WORDS.findall(other)
    found: list[Span] = []
    matcher = difflib.SequenceMatcher(None, others, words, autojunk=False)
    for tag, other_start, other_end, start, end in matcher.get_opcodes():
        here, there = words[start:end], others[other_start:other_end]
        if tag == "replace" and len(here) == len(there):
            for word, instead in zip(here, there, strict=True):
                # half a word marked here and there is harder to read than the whole word
                alike = len(word) == len(instead)
                found += _by_place(word, instead) if alike else [Span(word, True)]
        else:
            found.append(Span("".join(here), tag != "equal"))
    return tuple(_joined(found))


def _by_place(text: str, other: str) -> tuple[Span, ...]:
    """Compare numbers, dates and times: what stands in a place with what stands there."""
    pairs = itertools.groupby(zip(text, other, strict=True), key=lambda pair: pair[0] != pair[1])
    return tuple(Span("".join(a for a, _ in same), differs) for differs, same in pairs)


def _joined(found: list[Span]) -> Iterator[Span]:
    for differs, same in itertools.groupby(found, key=lambda span: span.differs):
        if text := "".join(span.text for span in same):
            yield Span(text, differs)


def _by_ends(text: str, other: str) -> tuple[Span, ...]:
    """Compare long texts from both ends: what is between is different."""
    most = min(len(text), len(other))
    head = next((n for n in range(most) if text[n] != other[n]), most)
    tail = next((n for n in range(most - head) if text[-1 - n] != other[-1 - n]), most - head)
    end = len(text) - tail
    parts = ((text[:head], False), (text[head:end], True), (text[end:], False))
    return tuple(Span(part, differs) for part, differs in parts if part)
