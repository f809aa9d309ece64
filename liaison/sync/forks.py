"""Two segments with one number: a PC was restored from an image, and both its lines were sent.

They are told apart by a rule that gives every PC the same answer, and what the loser held is
written again by its own PC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.store import erasing, quarantine, segments, withdrawing, writing_again
from liaison.sync import compacting, inheriting, names
from liaison.sync.candidates import back_to, doubt_beyond, forget_bundled, single_at
from liaison.sync.means import ERASED, FORKED, SPARE, NotYet, apart, name_of, units_in
from liaison.sync.sealed import NO_HASH, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.store.changes import Envelope
    from liaison.store.segments import Frontier
    from liaison.sync.candidates import Candidate
    from liaison.sync.means import Means
    from liaison.sync.names import Named
    from liaison.sync.rounds import Round

_LACKS: Final = "it lacks some of what it stands for"
_WRITTEN_AGAIN: Final = "Written before this PC was restored."
_DONE_AGAIN: Final = f"{FORKED}; it was written again"


def settle_old(
    means: Means, at: Frontier, left: Sequence[Candidate], result: Round
) -> tuple[list[Candidate], bool]:
    """Deal with segments whose number was taken in before; return the rest, and whether any won."""
    rest: list[Candidate] = []
    for one in left:
        if one.seq > at.seq:
            if _follows_a_loser(means, at, one):
                _lose(means, at, one, result)
            else:
                rest.append(one)
            continue
        known = single_at(means, at, one.seq)
        if known is None or one.stands:
            # something stands for it, or it stands for what is here
            _settle_bundle(means, at, one, result)
        elif known.sealed.digest == one.sealed.digest:
            means.shelf.drop(one.name)
        elif one.sealed.header.previous != known.sealed.header.previous:
            if _follows_a_loser(means, at, one):
                _lose(means, at, one, result)
            else:
                # the two lines part before it: which of them counts is settled there
                rest.append(one)
        elif one.sealed.digest < known.sealed.digest:
            _rewind(means, at, known)
            return [*[other for other in left if other is not known]], True
        else:
            _lose(means, at, one, result)
    return rest, False


def _settle_bundle(means: Means, at: Frontier, one: Candidate, result: Round) -> None:
    """Take a bundle in the place of what it stands for, if it says the same; else set it apart."""
    try:
        envelopes = units_in(means, one.sealed)
    except NotYet:
        return
    except Refused as refused:
        apart(means, result, one.name, refused.reason, one.size)
        return
    if segments.first_difference(means.store, at.replica.tag, envelopes) is not None:
        _lose(means, at, one, result)
        return
    named = _named(means, one)
    gone = means.roster.cut(named.pc, named.incarnation) is not None
    reason = _why_not_kept(means, one, envelopes)
    if reason:
        segments.set_apart(means.store, one.name, reason, one.size)
        means.shelf.drop(one.name)
        return
    if one.stands and not segments.is_vouched(means.store, envelopes, ()):
        # who erased something from it has not come: what it stands for stays until then
        if erasing.still_holds(means.store.connection, envelopes):
            # nor does what was erased since lie here meanwhile
            means.shelf.drop(one.name)
        return
    if gone and one.stands and not inheriting.is_whole(means, one.sealed, named, envelopes):
        apart(means, result, one.name, _LACKS, one.size)
        return
    means.shelf.keep(one.name, name_of(means, one.sealed))
    forget_bundled(means, one)


def _why_not_kept(means: Means, one: Candidate, envelopes: Sequence[Envelope]) -> str:
    """Return why what is here already does without a segment, as the end of a sentence."""
    named = _named(means, one)
    gone = means.roster.cut(named.pc, named.incarnation) is not None
    bundles = compacting.bundles(means)
    if not gone and not compacting.is_covered(named, bundles):
        return ""
    if erasing.still_holds(means.store.connection, envelopes):
        return ERASED
    return SPARE if gone and inheriting.has_other(means, named) else ""


def _named(means: Means, one: Candidate) -> Named:
    named = names.read_segment(name_of(means, one.sealed))
    assert named is not None  # noqa: S101  # made just now
    return named


def _rewind(means: Means, at: Frontier, known: Candidate) -> None:
    """Go back before a segment that lost: another one with its number counts."""
    first = units_in(means, known.sealed)[0].unit.seq
    header = known.sealed.header
    with means.store.together():
        withdrawing.withdraw(means.store, at.replica.tag, first - 1, FORKED)
        back_to(means, at, header.seq - 1, header.previous)
    doubt_beyond(means, {(header.pc, header.incarnation): header.seq - 1})


def _follows_a_loser(means: Means, at: Frontier, one: Candidate) -> bool:
    previous = one.sealed.header.previous.hex()[:32]
    if one.sealed.header.previous in {at.digest, NO_HASH}:
        return False
    return any(
        set_apart.reason == FORKED
        and (named := names.read_segment(set_apart.name)) is not None
        and named.hash == previous
        for set_apart in segments.apart(means.store)
    )


def _lose(means: Means, at: Frontier, one: Candidate, result: Round) -> None:
    """Set a segment apart that another one with its number beat; its own PC writes it again."""
    name = name_of(means, one.sealed)
    if at.replica.pc == means.pc:
        try:
            envelopes = units_in(means, one.sealed)
        except (NotYet, Refused):
            envelopes = []
        lost = [
            envelope
            for envelope in envelopes
            if segments.first_difference(means.store, at.replica.tag, [envelope]) is not None
            or at.replica.seq < envelope.unit.seq
        ]
        with means.store.together():
            quarantine.set_aside(means.store, lost, FORKED, pc=means.pc)
            segments.set_apart(means.store, name, FORKED, one.size)
        result.set_apart.append(FORKED)
    else:
        apart(means, result, name, FORKED, one.size)
    means.shelf.drop(one.name)


def write_again(means: Means, result: Round) -> None:
    """Write what forks of this PC held again, once nothing of its earlier lives is to come."""
    if all(wait.pc != means.pc for wait in result.waiting):
        result.written_again += writing_again.write_again(
            means.store, means.pc, FORKED, _DONE_AGAIN, _WRITTEN_AGAIN
        )
