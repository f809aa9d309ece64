"""What somebody answered about rows that may be the same as others."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liaison.services.importing import Same
    from liaison.ui.pages.bringing_in.facts import Line


class Answers:
    """The answers so far, by row; the plan suggests nothing any more for rows that are merged."""

    def __init__(self) -> None:
        self._same: dict[int, Same] = {}
        self._apart: set[int] = set()
        self._lines: dict[int, Line] = {}
        """The lines of the rows that are merged, as they asked."""

    @property
    def same(self) -> tuple[Same, ...]:
        """The rows that are merged with others, or added as new."""
        return tuple(self._same.values())

    def line(self, row: int) -> Line | None:
        """Return the line of a row as it asked; None if nobody looked at it."""
        return self._lines.get(row)

    def ask(self, line: Line) -> None:
        """Keep a line that somebody is about to answer."""
        row = line.row or 0
        if line.asks and row not in self._same:
            self._lines[row] = line

    def ask_all(self, lines: Iterable[Line]) -> None:
        """Keep the lines of which somebody says that all of them are the same."""
        self._lines |= {line.row or 0: line for line in lines}

    def merge(self, *several: Same) -> None:
        """Take rows for the same as others, or for new."""
        for same in several:
            self._apart.discard(same.row)
            self._same[same.row] = same

    def keep_apart(self, row: int) -> bool:
        """Take a row for one of its own; return whether it was merged before."""
        self._apart.add(row)
        return self._same.pop(row, None) is not None

    def is_open(self, line: Line) -> bool:
        """Return whether nobody has said yet whether a row is the same as the one it is like."""
        one = line.suggestion
        return line.row not in self._apart and one is not None and one.record is not None

    def told(self, found: Sequence[Line]) -> Sequence[Line]:
        """Return lines that ask, with what was answered about them.

        Args:
            found: The lines of the rows for which the plan has a suggestion.
        """
        if self._apart:
            apart = "Not the same: both are kept."
            found = [_answered(one, apart) if one.row in self._apart else one for one in found]
        merged = [line for row, line in sorted(self._lines.items()) if row in self._same]
        return [*map(self._merged, merged), *found] if merged else found

    def _merged(self, line: Line) -> Line:
        is_new = self._same[line.row or 0].new
        return _answered(line, "Added as new." if is_new else "The same: they are merged.")


def _answered(line: Line, words: str) -> Line:
    return dataclasses.replace(line, below=f"{words} {line.below}")
