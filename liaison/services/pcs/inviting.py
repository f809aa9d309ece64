"""Inviting one more PC, withdrawing an invitation, and where what belongs to one lies.

Who comes with an invitation is let in by :mod:`~liaison.services.pcs.letting_in`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import secrets
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records.administration import Pc
from liaison.records.home import Home
from liaison.records.rules import times
from liaison.security import entries as said
from liaison.security import pairing
from liaison.security.pairing import Invitation, Offer
from liaison.security.primitives import SALT_BYTES
from liaison.security.roles import Action
from liaison.services.pcs import belonging, filling
from liaison.store import kept_choices, membership
from liaison.sync import names
from liaison.sync.transport import Removing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from liaison.security.primitives import PublicKeys
    from liaison.security.standing import Invited
    from liaison.security.wire import JsonObject
    from liaison.services.homes import OpenHome
    from liaison.sync.transport import Transport

LASTS: Final = dt.timedelta(days=7)
"""An invitation that nobody used ends by itself."""
SHORT: Final = 8
"""So much of an invitation's name tells it apart."""
LET_IN_MEANWHILE: Final = (
    "A PC was let in with this invitation before you withdrew it, and it belongs to the home. Look "
    "at the list of PCs after the next exchange: it can be removed there."
)
"""For who withdraws an invitation that led somebody in already."""
OFFER: Final = "offer"
"""What is laid there for whoever comes with an invitation."""
_CLEARED: Final = "invitations cleared away"
_DONE: Final = "done"
_TRIED: Final = "tried"
_WELCOME: Final = "welcome-"
_LONG_AGO: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""When a withdrawn invitation ended: on every PC, whatever its clock says."""


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """An invitation that was made.

    Args:
        invitation: What the new PC is given.
        ends: When it ends.
        file: It as a file.
    """

    invitation: Invitation
    ends: dt.datetime
    file: bytes


def invite(home: OpenHome, transport: Transport) -> Made:
    """Make an invitation for one more PC.

    Args:
        home: The home, unlocked by a manager.
        transport: The storage that its PCs share.

    Raises:
        NotAllowed: Only a manager may.
        UserError: The storage would not take it; no invitation is open then.
    """
    home.require(Action.PCS)
    belonging.found(home)
    standing = belonging.standing_of(home)
    pin = belonging.pin_of(home)
    invitation = Invitation(pairing.new_words(), pin, home.unlocked.vault.storage)
    ends = home.store.clock() + LASTS
    kept = times.to_stored(ends)
    entry = said.sign(
        pin, home.unlocked.identity, said.INVITATION, standing.top + 1,
        id=invitation.id, words=invitation.words, ends=kept,
    )  # fmt: skip
    belonging.write(home, [entry])
    try:
        lay_offer(home, transport, invitation.id, invitation.words, kept)
    except UserError as trouble:
        # nobody could be given it, and it would stay open
        withdraw(home, invitation.id)
        trouble.kept = "No invitation was made."
        raise
    return Made(invitation, ends, as_file(home, invitation, ends))


def as_file(home: OpenHome, invitation: Invitation, ends: dt.datetime) -> bytes:
    """Return an invitation as a file, for a PC on which nothing is to be typed.

    Args:
        home: The home.
        invitation: The invitation, with the way to an object store if it is to lead there.
        ends: When it ends.
    """
    return pairing.write_invitation(invitation, _name(home), ends)


def lay_offer(home: OpenHome, transport: Transport, invitation: str, words: str, ends: str) -> None:
    """Lay into the storage what a PC that comes with an invitation is told.

    Args:
        home: The home.
        transport: The storage.
        invitation: The invitation's name.
        words: Its words.
        ends: When it ends.

    Raises:
        UserError: The storage would not take it.
    """
    salt = secrets.token_bytes(SALT_BYTES)
    offer = Offer(belonging.pin_of(home), _name(home), _own_name(home), ends, salt)
    transport.put(
        f"{place_of(home.store.context.home, invitation)}{OFFER}",
        pairing.write_offer(words, offer),
    )


def open_invitations(home: OpenHome) -> tuple[Invited, ...]:
    """Return the invitations that nobody used and that have not ended."""
    every = belonging.standing_of(home).invitations.values()
    return tuple(one for one in every if not one.used and not is_over(home, one))


def is_over(home: OpenHome, invited: Invited) -> bool:
    """Return whether an invitation's time is over."""
    return times.from_stored(invited.ends) < home.store.clock()


def meant(home: OpenHome, typed: str) -> Invited:
    """Return the open invitation that is meant by the beginning of its name.

    Raises:
        UserError: None or several are; it lists them.
    """
    known = open_invitations(home)
    wanted = typed.strip().casefold()
    found = [one for one in known if wanted and one.id.casefold().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(one.id[:SHORT] for one in known)
    raise UserError(
        f"{'Several open invitations begin' if found else 'No open invitation begins'} "
        f"with “{typed[:60]}”.",
        kept="Nothing was changed.",
        do=f"There are: {listed}." if known else "No invitation is open.",
        code="no-such-invitation",
    )


def withdraw(home: OpenHome, invitation: str) -> None:
    """Let an invitation that nobody used end now; nobody is let in with it any more.

    What lies in the storage of it is taken away by :func:`take_away`.

    Args:
        home: The home, unlocked by a manager.
        invitation: Its name.

    Raises:
        NotAllowed: Only a manager may.
        UserError: It was used or has ended meanwhile.
    """
    home.require(Action.PCS)
    one = next((one for one in open_invitations(home) if one.id == invitation), None)
    if one is None:
        raise UserError(
            "This invitation was used already, or has ended.",
            kept="Nothing was changed.",
            do="Look at the list of PCs: one that joined with it can be removed there.",
            code="invitation-used",
        )
    entry = ending(home, one, belonging.standing_of(home).top + 1)
    belonging.write(home, [entry], "An invitation was withdrawn.")


def ending(home: OpenHome, invited: Invited, order: int) -> JsonObject:
    """Return the entry that withdraws an invitation.

    Args:
        home: The home, unlocked by a manager.
        invited: The invitation.
        order: The entry's place among all.
    """
    # the same invitation said anew: of entries about one thing the newest stands
    return said.sign(
        belonging.pin_of(home), home.unlocked.identity, said.INVITATION, order,
        id=invited.id, words=invited.words, ends=times.to_stored(_LONG_AGO),
    )  # fmt: skip


def take_away(home: OpenHome, transport: Transport, invitation: str) -> bool:
    """Take the offer of an invitation, and what was asked with it, away.

    Without it a PC that comes with the invitation finds that there is none; left there it leads
    nowhere either, and :func:`clear` tries again. A PC that another manager has let in meanwhile is
    told all the same: what it asked is in the log by then.

    Args:
        home: The home.
        transport: The storage.
        invitation: Its name.

    Returns:
        Whether nobody was let in with it; otherwise nothing is taken away.

    Raises:
        UserError: The storage would not go on.
    """
    place = place_of(home.store.context.home, invitation)
    there = transport.list(place)
    if is_answered(place, there):
        return False
    _remove(transport, there)
    return True


def clear(home: OpenHome, transports: Sequence[Transport]) -> None:
    """Take away what lies there of invitations that are over: each is looked at once.

    One that ended by itself is cleared by the PC that made it, whose clock said when that is. A
    storage that lets nothing be taken away is asked once a day.

    Args:
        home: The open home.
        transports: The storages.

    Raises:
        UserError: A storage would not go on; it is tried again.
    """
    known = kept_choices.kept_choice(home.store, _CLEARED)
    done = set(known.get(_DONE, []))
    # whoever was let in and has not come yet finds the answer there
    spared = done | filling.not_come(home)
    invitations = belonging.standing_of(home).invitations.values()
    over = [one for one in invitations if one.id not in spared and is_over(home, one)]
    today = times.to_stored(home.store.clock())[:10]
    if not over or known.get(_TRIED) == today:
        return
    # noted first: what is refused is not asked again with every round
    kept_choices.keep_choice(home.store, _CLEARED, {_DONE: sorted(done), _TRIED: today})
    own = _made_here(home)
    for one in over:
        is_ours = one.id in own or one.ends == times.to_stored(_LONG_AGO)
        if not is_ours or all(_clear(home, transport, one) for transport in transports):
            done.add(one.id)
    kept_choices.keep_choice(home.store, _CLEARED, {_DONE: sorted(done), _TRIED: ""})


def _made_here(home: OpenHome) -> set[str]:
    """Return the invitations that this PC made."""
    own = home.unlocked.vault.pc.id
    bodies = (json.loads(one.text) for one in membership.entries(home.store) if one.pc == own)
    return {str(body.get("id")) for body in bodies if body.get("kind") == said.INVITATION}


def _clear(home: OpenHome, transport: Transport, invited: Invited) -> bool:
    """Take away all that lies there of an invitation; not if a PC was let in that is not known."""
    if not invited.used:
        return take_away(home, transport, invited.id)
    _remove(transport, transport.list(place_of(home.store.context.home, invited.id)))
    return True


def _remove(transport: Transport, objects: Iterable[str]) -> None:
    if isinstance(transport, Removing):
        for name in objects:
            transport.remove(name)


def place_of(home_id: str, invitation: str) -> str:
    """Return the folder in the storage in which an invitation's objects lie."""
    return f"{names.root(home_id)}pair/{invitation}/"


def request_name(keys: PublicKeys) -> str:
    """Return the name of a PC's request, below its invitation's place."""
    return f"request-{keys.signing.hex()[:32]}"


def welcome_name(keys: PublicKeys) -> str:
    """Return the name of the answer to a PC's request."""
    return f"{_WELCOME}{keys.signing.hex()[:32]}"


def is_answered(place: str, there: Iterable[str]) -> bool:
    """Return whether a PC was let in with an invitation.

    Args:
        place: Where its objects lie.
        there: Which do.
    """
    return any(name.startswith(f"{place}{_WELCOME}") for name in there)


def _own_name(home: OpenHome) -> str:
    """Return what this PC is called now; its key file says what it was called first."""
    own = home.unlocked.vault.pc
    loaded = home.store.load("pc", own.id) if own.id else None
    name = loaded.record.name if loaded is not None and isinstance(loaded.record, Pc) else None
    return name or own.name


def _name(home: OpenHome) -> str:
    own = home.store.the("home")
    record = own.record if own is not None else None
    return (record.name if isinstance(record, Home) else None) or "This home"
