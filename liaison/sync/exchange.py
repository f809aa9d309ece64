"""One round of the exchange: own prefix first, then everybody's, then what this PC wrote.

A round may end at any point, by a storage that would not go on or by a power cut: whatever it had
done is whole, and the next round goes on from there.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.store import erased_apart, outbox, segments
from liaison.store.position import stirred
from liaison.store.store import collector_paused
from liaison.sync import (
    beating,
    candidates,
    compacting,
    emptying,
    forks,
    inheriting,
    mending,
    names,
    pulling,
    pushing,
    removals,
    sealed,
)
from liaison.sync.means import ERASED, NotYet, look
from liaison.sync.rounds import Round
from liaison.sync.sealed import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from liaison.store.segments import Frontier
    from liaison.sync.means import Means


@dataclasses.dataclass(frozen=True, slots=True)
class _Quiet:
    """How everything was when a round had nothing to do."""

    there: Sequence[str]
    beats: Sequence[str]
    here: tuple[int, int]
    at: dt.datetime


class Exchange:
    """The exchange of one open home with one storage.

    Args:
        means: What it works with.
    """

    def __init__(self, means: Means) -> None:
        self.means = means
        self._littered: set[str] = set()
        self._quiet: _Quiet | None = None

    def round(self, carried: Collection[str] = ()) -> Round:
        """Fetch, take in, and send, once.

        Args:
            carried: What this PC has from another storage since a moment ago: that this one lacks
                it is no loss.

        Returns:
            What came of it; a storage that would not go on is in it, never raised.

        Raises:
            UserError: This PC's own disk or database would not go on.
        """
        result = Round()
        means = self.means
        try:
            there = means.transport.list(names.segments(means.home))
            beats = means.transport.list(names.beats(means.home))
            if self._is_quiet(there, beats):
                return result
            beating.listen(means, beats)
        except UserError as trouble:
            result.trouble = trouble
            result.unsent = len(outbox.unsent(means.store))
            return result
        result.went_back = self._went_back(there, carried)
        try:
            candidates.doubt_what_was_left(means)
            if self._own_future(there):
                self._begin_anew()
                result.new_life = True
            self._pull(there, result)
            pushing.fetch_blobs(means, result)
            self._send(there, result)
        except UserError as trouble:
            result.trouble = trouble
            result.unsent = len(outbox.unsent(means.store))
        result.behind = self._behind()
        # only what came to nothing whatever may come to nothing again
        quiet = result == Round()
        at = means.store.clock()
        self._quiet = _Quiet(there, beats, stirred(means.store), at) if quiet else None
        return result

    def _is_quiet(self, there: Sequence[str], beats: Sequence[str]) -> bool:
        """Return whether neither the storage nor the home differs from a round with nothing to do."""
        last = self._quiet
        if last is None:
            return False
        now = self.means.store.clock()
        recent = abs(now - last.at) < dt.timedelta(hours=beating.AGAIN_AFTER_HOURS)
        here = stirred(self.means.store)
        return recent and (there, beats, here) == (last.there, last.beats, last.here)

    def _pull(self, there: Sequence[str], result: Round) -> None:
        """Take in what there is; again while what came lets more come in (a PC, a key)."""
        means = self.means
        removals.withdraw_removed(means, result)
        while True:
            before = result.taken
            result.waiting.clear()
            result.damaged.clear()
            with collector_paused():
                pulling.pull(means, there, result, self._littered)
            removals.withdraw_removed(means, result)
            if result.taken == before or not result.waiting:
                break
        forks.write_again(means, result)
        erased_apart.empty(means.store)

    def _send(self, there: Sequence[str], result: Round) -> None:
        means = self.means
        incarnation = beating.current_incarnation(means)
        if means.roster.cut(means.pc, incarnation) is not None:
            result.removed = True
            return
        pushing.build(means, result)
        sent = pushing.send(means, result, frozenset(there))
        compacting.forget_covered(means)
        # what was just sent is on the shelf and not in the list: it is not given again
        result.given_back = mending.give_back(means, {*there, *sent})
        mending.mend(means)
        beating.beat(means, result.damaged, result.lacking)
        compacting.compact(means, there, emptying.empty(means))
        inheriting.take_away(means, there)
        emptying.take_attachments_away(means)

    def _went_back(self, there: Sequence[str], carried: Collection[str]) -> bool:
        """Return whether the storage lacks what this PC knows it had."""
        unsent = {one.name for one in outbox.unsent(self.means.store)}
        lacking = self.means.shelf.kept.difference(unsent, carried, there)
        if not lacking:
            return False
        # what was bundled or made anew is no loss
        standing = [named for named in map(names.read_segment, there) if named and named.stands]
        return not all(
            named is not None and compacting.is_covered(named, standing)
            for named in map(names.read_segment, lacking)
        )

    def _behind(self) -> list[int]:
        """Return the PCs of which others have more than has come here."""
        means = self.means
        return sorted(beating.behind(means.store, means.roster.members()) - {means.pc})

    def _claims(self) -> dict[tuple[int, int, int], int]:
        return beating.claimed(self.means.store, self.means.roster.members())

    def _own_future(self, there: Sequence[str]) -> bool:
        """Return whether the storage or the other PCs know more of this PC than it does itself."""
        means = self.means
        at = segments.frontier(means.store, means.store.context.tag)
        assert at is not None  # noqa: S101  # the replica that writes here is always known
        for (teller, pc, incarnation), seq in self._claims().items():
            own = (pc, incarnation) == (at.replica.pc, at.replica.incarnation)
            if own and teller != means.pc and seq > at.seq:
                return True
        erased = {one.name for one in segments.apart(means.store) if one.reason == ERASED}
        ours = outbox.own_names(means.store) | means.shelf.kept | erased
        for name in there:
            hint = names.read_segment(name)
            if (
                hint is not None
                and (hint.pc, hint.incarnation) == (means.pc, at.replica.incarnation)
                and name not in ours
                and self._is_own(name, at)
            ):
                return True
        return False

    def _is_own(self, name: str, at: Frontier) -> bool:
        """Return whether this very replica really wrote an object it knows nothing of."""
        data = self.means.transport.get(name)
        if data is None:
            return False
        try:
            header = look(self.means, data, sealed.SEGMENT).header
        except (Refused, NotYet):
            return False
        # a bundle of what is here says nothing new
        news = header.seq > at.seq or header.first == header.seq
        return news and (header.pc, header.tag) == (at.replica.pc, at.replica.tag)

    def _begin_anew(self) -> None:
        means = self.means
        lives = [
            at.replica.incarnation
            for at in segments.frontiers(means.store)
            if at.replica.pc == means.pc
        ]
        said = [inc for _, pc, inc in self._claims() if pc == means.pc]
        means.lives.begin(max(*lives, *said, 0) + 1)
