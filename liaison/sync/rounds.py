"""What one round of the exchange came to, as plain facts."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.errors import UserError


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """Something that came and cannot be taken in yet.

    Args:
        pc: The PC that made it, as far as that is known; 0 if not.
        name: Its name in the storage.
        reason: Why, as the end of a sentence.
        newer: It needs a newer Liaison on this PC.
    """

    pc: int
    name: str
    reason: str
    newer: bool = False


@dataclasses.dataclass(slots=True)
class Round:
    """What one round came to.

    Args:
        taken: Segments of other PCs taken in.
        changes: Changes in them.
        sent: Segments of this PC that the storage has now.
        unsent: Segments of this PC that it has not.
        given_back: Objects the storage had lost and was given again.
        waiting: What came and cannot be taken in yet.
        damaged: Names of what lies damaged in the storage; PCs that have it whole put it right.
        set_apart: Reasons, one for each object that was newly set apart.
        withdrawn: Units of removed PCs that were taken back out and wait for a review.
        written_again: Units of this PC that had been lost to a fork and were written again.
        behind: PCs of which others have more than this PC could find: their ids.
        lacking: Names of attachments that no storage or PC has given yet.
        went_back: The storage had less than before.
        new_life: This PC found that it was set back, and goes on as a new incarnation.
        removed: This PC does not belong to the home any more.
        trouble: What the storage said when it would not go on; None if all went well.
    """

    taken: int = 0
    changes: int = 0
    sent: int = 0
    unsent: int = 0
    given_back: int = 0
    waiting: list[Waiting] = dataclasses.field(default_factory=list)
    damaged: list[str] = dataclasses.field(default_factory=list)
    set_apart: list[str] = dataclasses.field(default_factory=list)
    withdrawn: int = 0
    written_again: int = 0
    behind: list[int] = dataclasses.field(default_factory=list)
    lacking: list[str] = dataclasses.field(default_factory=list)
    went_back: bool = False
    new_life: bool = False
    removed: bool = False
    trouble: UserError | None = None

    @property
    def blobs_missing(self) -> int:
        """How many attachments no storage or PC has given yet."""
        return len(self.lacking)


def together(rounds: Sequence[Round]) -> Round:
    """Return what rounds over several storages came to, while a home moves from one to another.

    Args:
        rounds: One or more, in the order in which they were.
    """
    result, *others = rounds
    for one in others:
        result.taken += one.taken
        result.changes += one.changes
        result.sent += one.sent
        result.unsent = max(result.unsent, one.unsent)
        result.given_back += one.given_back
        result.waiting = one.waiting
        result.set_apart = [*result.set_apart, *one.set_apart]
        result.withdrawn += one.withdrawn
        result.written_again += one.written_again
        result.behind = one.behind
        result.lacking = one.lacking
        result.went_back = result.went_back or one.went_back
        result.new_life = result.new_life or one.new_life
        result.removed = result.removed or one.removed
        result.trouble = result.trouble or one.trouble
    return result
