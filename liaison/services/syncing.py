"""The exchange of a home with its other PCs: one round, and what goes with it."""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.records.administration import Pc
from liaison.records.rules import times
from liaison.security import KeyFileChanged
from liaison.services.opening import open_store
from liaison.services.pcs import (
    belonging,
    filling,
    inviting,
    keys_laid,
    letting_in,
    meeting_places,
    untying,
)
from liaison.services.pcs.roster import HomeRoster, means_of
from liaison.store import segments
from liaison.sync import beating, shelf
from liaison.sync.exchange import Exchange
from liaison.sync.rounds import together
from liaison.sync.shelf import Shelf
from liaison.sync.travel import Travelled
from liaison.sync.travel import travel as to_and_fro

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from liaison.services.homes import OpenHome
    from liaison.sync.means import Means
    from liaison.sync.rounds import Round
    from liaison.sync.transport import Transport


class Removed(UserError):
    """This PC was removed from the home."""

    code = "removed-pc"


@contextlib.contextmanager
def beside_the_writer(home: OpenHome) -> Iterator[OpenHome]:
    """Open a home once more, to exchange while somebody works on it through another connection.

    Args:
        home: The home as it is open.

    Raises:
        UserError: It cannot be opened now.
    """
    store = open_store(home.folder, home.unlocked, home.store.clock)
    try:
        other = type(home)(home.folder, home.unlocked, store)
        belonging.know_as_well(home, other)
        yield other
    finally:
        store.close()


def once(home: OpenHome, *, transports: Sequence[Transport] = ()) -> Round:
    """Fetch what other PCs wrote and send what this one wrote, once.

    Args:
        home: The open home.
        transports: The storages, as :func:`meeting_places.transports_of` gave them, if they were kept.

    Returns:
        What it came to; a storage that would not go on is in it.

    Raises:
        NotSetUp: The home has no storage.
        Removed: This PC was removed from the home.
        UserError: This PC's own disk would not go on.
    """
    transports = transports or meeting_places.transports_of(home)
    began = meeting_places.read_setup(home.folder)
    bring_in_line(home)
    result = _exchange(home, transports, began)
    if result.changes:
        bring_in_line(home)
    _refuse_removed(home)
    _end(home, transports, result, began)
    return result


def beside(home: OpenHome, transports: Sequence[Transport]) -> Round:
    """Do a round beside somebody who works on the home: the key file is only read.

    A new life of this PC is the one exception: the vault must know of it. What came may ask for
    more (:func:`bring_in_line`), which is done where the key file is written otherwise.

    Args:
        home: The home, with a connection of its own.
        transports: The storages.

    Returns:
        What it came to; a storage that would not go on is in it.

    Raises:
        Removed: This PC was removed from the home.
        UserError: This PC's own disk would not go on.
    """
    began = meeting_places.read_setup(home.folder)
    result = _exchange(home, transports, began)
    _refuse_removed(home)
    _end(home, transports, result, began)
    return result


def _exchange(
    home: OpenHome, transports: Sequence[Transport], setup: meeting_places.Setup | None
) -> Round:
    roster = HomeRoster(home, transports)
    _refuse_removed(home)
    kinds = () if setup is None else setup.kinds
    result = together(_rounds(lambda one: means_of(home, one, roster, kinds), transports))
    if result.changes:
        # another connection's lists are out of date
        home.store.refresh()
    return result


def _rounds(by: Callable[[Transport], Means], transports: Sequence[Transport]) -> list[Round]:
    """Do a round with each storage; while a home moves, carry from each to the other."""
    if len(transports) == 1:
        return [Exchange(by(transports[0])).round()]
    begun = frozenset(by(transports[0]).shelf.kept)

    def go_by(transport: Transport) -> Round:
        means = by(transport)
        return Exchange(means).round(carried=means.shelf.kept - begun)

    found = [go_by(one) for one in transports]
    if any(one.taken for one in found[1:]):
        # what the others brought is given to the first too, unless it does not answer
        found += [go_by(one) for one in transports[:1] if found[0].trouble is None]
    return found


def _end(
    home: OpenHome,
    transports: Sequence[Transport],
    result: Round,
    began: meeting_places.Setup | None,
) -> None:
    """Answer PCs that were let in, and note that a round went through."""
    if result.trouble is not None:
        return
    if len(transports) > 1:
        with contextlib.suppress(UserError):
            # with the next round; whoever was let in is answered all the same
            proven = {(one.pc, one.incarnation): one.counter for one in segments.heard(home.store)}
            beating.carry(home.store.context.home, transports, proven)
    with contextlib.suppress(UserError):
        # what cannot be laid there now is laid there in the next round
        for transport in transports:
            letting_in.deliver(home, transport)
        filling.clear(home, transports)
        inviting.clear(home, transports)
        if began is not None:
            keys_laid.lay(home, transports, began.shown, anew=result.went_back)
    with meeting_places.SETTING_UP:
        setup = meeting_places.read_setup(home.folder)
        if setup is not None and began is not None:
            # a place that is new has lost nothing
            result.went_back = result.went_back and setup.used
            if (setup.folder, setup.store) == (began.folder, began.store):
                # it was this place that the round went through
                meeting_places.keep_setup(
                    home.folder,
                    dataclasses.replace(setup, last=home.store.clock(), added=False),
                )


def travel(folder: Path, home: str, transports: Sequence[Transport]) -> Travelled:
    """Let sealed objects go to and fro while the home is locked; nothing is opened or believed.

    Args:
        folder: The home's folder.
        home: The home's id.
        transports: The storages that can be asked without the home's keys.

    Raises:
        UserError: This PC's own disk would not go on.
    """
    result = Travelled()
    lying = Shelf(folder / shelf.FOLDER_NAME)
    for transport in transports:
        one = to_and_fro(transport, lying, home)
        result.fetched += one.fetched
        result.given += one.given
        result.trouble = result.trouble or one.trouble
    return result


def bring_in_line(home: OpenHome, *, rotates: bool = True) -> None:
    """Let log and key file follow each other; another window that is at it does it as well.

    Args:
        home: The open home.
        rotates: Whether the database may get a key that is waiting for it, which it must be closed
            for.
    """
    with contextlib.suppress(KeyFileChanged):
        belonging.in_line(home)
    if rotates and home.unlocked.vault.database.pending is not None:
        home.rotate(insist=False)
    untying.untie(home)
    home.look_again()


def _refuse_removed(home: OpenHome) -> None:
    own = home.unlocked.vault.pc.id or 0
    if HomeRoster(home).cut(own, home.unlocked.vault.incarnation) is None:
        return
    record = home.store.get("pc", own)
    day = record.removed_at if isinstance(record, Pc) else None
    when = f" on {times.show_time(day)}" if day else ""
    raise Removed(
        f"This PC was removed from the home{when}.",
        kept="What was written here stays here, and is sent to nobody.",
        do="Ask a manager. To belong again it joins anew, with an invitation and into a new folder.",
    )
