"""Signs of life: what each PC says of itself and of how far it has everybody's segments.

What is claimed only ever grows, so a storage that went back is noticed, and a PC that was set back
learns from the others how far it had been.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison import __version__
from liaison.errors import UserError
from liaison.records import foreign
from liaison.records.rules import times
from liaison.store import segments
from liaison.store.changes import dump
from liaison.store.segments import Heard
from liaison.sync import names, sealed
from liaison.sync.means import NotYet, look, opened
from liaison.sync.sealed import Header, Refused
from liaison.sync.stopping import Stopped
from liaison.sync.transport import Forbearing, Removing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from liaison.store.store import Store
    from liaison.sync.means import Means
    from liaison.sync.transport import Transport

_MOST_CLAIMS: Final = 10_000
AGAIN_AFTER_HOURS: Final = 24
"""A PC that has nothing to say says so once a day."""
_MOST_DAMAGED: Final = 50
_MOST_PLACES: Final = 2
_MOST_LIVES: Final = 1_000_000
"""No PC is put back so often; the next life of one must have a number that a name can say."""


def listen(means: Means, there: Iterable[str]) -> None:
    """Take in the signs of life of the other PCs that are newer than those known.

    Args:
        means: What the exchange works with.
        there: The names of all signs of life in the storage.

    Raises:
        UserError: The storage would not go on.
    """
    known = {(one.pc, one.incarnation): one.counter for one in segments.heard(means.store)}
    # the next one says the same and more
    reading = Forbearing(means.transport)
    for name in there:
        hint = names.read_beat(name)
        if hint is None or hint.pc == means.pc:
            continue
        if hint.seq <= known.get((hint.pc, hint.incarnation), 0):
            continue
        data = reading.get(name)
        if data is not None:
            _hear(means, data)


def _hear(means: Means, data: bytes) -> None:
    try:
        found = look(means, data, sealed.HEARTBEAT)
        if means.roster.cut(found.header.pc, found.header.incarnation) is not None:
            # a removed PC could claim anything of the others
            return
        words = foreign.read_json(opened(means, found))
        claims = {
            (int(pc), int(incarnation)): int(seq)
            for pc, incarnation, seq in words["claims"][:_MOST_CLAIMS]
            if 0 <= int(pc) < 1 << 63
            and 0 <= int(incarnation) < _MOST_LIVES
            and 0 <= int(seq) < 1 << 63
        }
        at, program = str(words["at"]), str(words["program"])[:40]
        bad = {
            what: [str(name) for name in words.get(what, [])[:_MOST_DAMAGED]]
            for what in ("damaged", "lacking")
        }
        places = [str(place)[:40] for place in words.get("places", [])[:_MOST_PLACES]]
        times.from_stored(at)
    except (NotYet, Refused, ValueError, TypeError, LookupError, ArithmeticError):
        # the next one says the same and more; nothing is lost by one that cannot be read
        return
    header = found.header
    said = dump({"program": program, "at": at, "places": places, **bad})
    segments.hear(means.store, Heard(header.pc, header.incarnation, header.seq, at, said), claims)


def claimed(store: Store, members: Collection[int]) -> dict[tuple[int, int, int], int]:
    """Return how far PCs of the home say segments have come; what removed ones said is nothing.

    Args:
        store: The home.
        members: The ids of the PCs that belong to it now.

    Returns:
        The number of the last segment, by who says so, the PC that wrote it, and which life of that.
    """
    return {told: seq for told, seq in segments.claims(store).items() if told[0] in members}


def behind(store: Store, members: Collection[int]) -> set[int]:
    """Return the PCs of which others have more than has come here.

    Args:
        store: The home.
        members: As for :func:`claimed`.
    """
    here = {(at.replica.pc, at.replica.incarnation): at.seq for at in segments.frontiers(store)}
    return {
        pc
        for (_, pc, incarnation), seq in claimed(store, members).items()
        if seq > here.get((pc, incarnation), 0)
    }


def beat(means: Means, damaged: Sequence[str] = (), lacking: Sequence[str] = ()) -> None:
    """Say how far this PC has come, if that has changed or it has been quiet for a day.

    Args:
        means: What the exchange works with.
        damaged: Names of what this PC found damaged in the storage.
        lacking: Names of attachments that it could not have from there.

    Raises:
        UserError: The storage would not take it.
    """
    incarnation = current_incarnation(means)
    claims: dict[tuple[int, int], int] = {}
    for at in segments.frontiers(means.store):
        life = at.replica.pc, at.replica.incarnation
        claims[life] = max(at.seq, claims.get(life, 0))
    own = next(
        (
            one
            for one in segments.heard(means.store)
            if (one.pc, one.incarnation) == (means.pc, incarnation)
        ),
        None,
    )
    now = times.to_stored(means.store.clock())
    words = {
        "program": __version__,
        "claims": segments.words_of(claims),
        "damaged": sorted(damaged)[:_MOST_DAMAGED],
        "lacking": sorted(lacking)[:_MOST_DAMAGED],
        "places": list(means.places),
    }
    said = dump(words)
    if own is not None and own.words == said and not _is_old(own.at, now):
        return
    counter = 1 if own is None else own.counter + 1
    text = dump({**words, "at": now})
    header = Header(
        sealed.HEARTBEAT,
        means.home,
        means.pc,
        incarnation,
        means.store.context.tag,
        first=counter,
        seq=counter,
    )
    epoch = means.keys.for_writing(segments.highest_stamp(means.store))
    data = sealed.seal(header, text.encode(), epoch, means.signer)
    name = names.beat(means.home, means.pc, incarnation, counter, sealed.digest_of(data))
    means.transport.put(name, data)
    # its own claims are no news to it: a storage that is behind must not look as if it had them
    segments.hear(means.store, Heard(means.pc, incarnation, counter, now, said), {})
    _tidy(means, incarnation, name)


def carry(
    home: str, transports: Sequence[Transport], proven: Mapping[tuple[int, int], int]
) -> None:
    """Give each storage the newest signs of life that another one has, while a home moves.

    A PC says how far it has come where it meets the others first. Whoever goes by the other place
    alone would hear nothing of it. Those that were carried there before are taken away again: their
    own PC may never come by.

    Args:
        home: The home's id.
        transports: The storages.
        proven: The number of the newest that was heard of each PC's each life; a name alone could
            say any.

    Raises:
        UserError: A storage would not go on.
    """
    there = [_beats(one.list(names.beats(home)), proven) for one in transports]
    for give, has in zip(transports, there, strict=True):
        for take, offered in zip(transports, there, strict=True):
            for life, signs in offered.items():
                newest, known = max(signs), has.get(life, [])
                if newest[0] <= max(known, default=(0, ""))[0]:
                    continue
                data = take.get(newest[1])
                if data is not None:
                    give.put(newest[1], data)
                    _take_away(give, [name for _, name in known])
                    has[life] = [newest]


def _beats(
    found: Iterable[str], proven: Mapping[tuple[int, int], int]
) -> dict[tuple[int, int], list[tuple[int, str]]]:
    """Return the signs of life of each PC's each life: their numbers, and their names."""
    signs: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for name in found:
        hint = names.read_beat(name)
        if hint is not None and hint.seq <= proven.get((hint.pc, hint.incarnation), 0):
            signs.setdefault((hint.pc, hint.incarnation), []).append((hint.seq, name))
    return signs


def _take_away(transport: Transport, old: Iterable[str]) -> None:
    """Take older signs of life away, where the storage lets it.

    Raises:
        Stopped: Nobody waits for the storage any more.
    """
    if not isinstance(transport, Removing):
        return
    for name in old:
        try:
            transport.remove(name)
        except Stopped:
            raise
        except UserError:
            # a key that may not: old signs harm nobody
            return


def _is_old(at: str, now: str) -> bool:
    then = times.from_stored(at)
    hours = (times.from_stored(now) - then).total_seconds() / 3600
    # backwards too: a clock that was put right
    return abs(hours) >= AGAIN_AFTER_HOURS


def _tidy(means: Means, incarnation: int, newest: str) -> None:
    """Take this PC's older signs of life away, where the storage lets it.

    Raises:
        UserError: The storage could not be listed, or nobody waits for it any more.
    """
    if not isinstance(means.transport, Removing):
        return
    own = means.pc, incarnation
    there = means.transport.list(names.beats(means.home))
    _take_away(
        means.transport,
        [
            name
            for name in there
            if name != newest
            and (hint := names.read_beat(name)) is not None
            and (hint.pc, hint.incarnation) == own
        ],
    )


def current_incarnation(means: Means) -> int:
    """Return which life of this PC writes now."""
    at = segments.frontier(means.store, means.store.context.tag)
    assert at is not None  # noqa: S101  # the replica that writes here is always known
    return at.replica.incarnation
