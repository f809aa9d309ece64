"""Inviting one more PC, and letting it in once a manager has compared the six digits."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import secrets
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Pc
from liaison.records.home import Home
from liaison.records.rules import times
from liaison.security import STANDARD, Cost, pairing
from liaison.security import entries as said
from liaison.security.pairing import Invitation, Offer, Request, Welcome
from liaison.security.primitives import SALT_BYTES, Identity, Refused
from liaison.security.roles import Action
from liaison.services.pcs import belonging, filling
from liaison.store import kept_choices, membership
from liaison.store.stamps import MOST_TAGS
from liaison.sync import names
from liaison.sync.transport import Removing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from liaison.security.primitives import PublicKeys
    from liaison.security.standing import Invited, Standing
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
_CLEARED: Final = "invitations cleared away"
_DONE: Final = "done"
_TRIED: Final = "tried"
_OFFER: Final = "offer"
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


@dataclasses.dataclass(frozen=True, slots=True)
class Asking:
    """A PC that asks to join.

    Args:
        invitation: The name of the invitation it came with.
        request: What it says of itself.
        digits: The six digits it must show as well.
        contested: Whether another PC came with the same invitation: somebody else has it.
    """

    invitation: str
    request: Request
    digits: str
    contested: bool = False


class NobodyAsks(UserError):
    """The digits are those of no PC that asks to join."""

    code = "no-such-request"


class NotSixDigits(UserError):
    """What was typed as the digits of a PC cannot be any."""

    code = "not-six-digits"


def invite(home: OpenHome, transport: Transport) -> Made:
    """Make an invitation for one more PC.

    Args:
        home: The home, unlocked by a manager.
        transport: The storage that its PCs share.

    Raises:
        NotAllowed: Only a manager may.
        UserError: The storage would not take it; the invitation then leads nowhere.
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
    _lay_offer(home, transport, invitation.id, invitation.words, kept)
    return Made(invitation, ends, pairing.write_invitation(invitation, _name(home), kept))


def _lay_offer(
    home: OpenHome, transport: Transport, invitation: str, words: str, ends: str
) -> None:
    salt = secrets.token_bytes(SALT_BYTES)
    offer = Offer(belonging.pin_of(home), _name(home), _own_name(home), ends, salt)
    transport.put(
        f"{place_of(home.store.context.home, invitation)}{_OFFER}",
        pairing.write_offer(words, offer),
    )


def asking(
    home: OpenHome,
    transport: Transport,
    *,
    known: Sequence[Asking] = (),
    cost: Cost = STANDARD,
) -> tuple[Asking, ...]:
    """Return the PCs that ask to join and were not let in yet.

    Args:
        home: The home, unlocked by a manager.
        transport: The storage.
        known: Those that were found before: their digits need not be worked out again.
        cost: What it costs to work out the digits.
    """
    home.require(Action.PCS)
    digits = {(one.invitation, one.request.keys): one.digits for one in known}
    return tuple(
        one
        for invited in open_invitations(home)
        for one in _requests(home, transport, invited, digits, cost)
    )


def open_invitations(home: OpenHome) -> tuple[Invited, ...]:
    """Return the invitations that nobody used and that have not ended."""
    every = belonging.standing_of(home).invitations.values()
    return tuple(one for one in every if not one.used and not is_over(home, one))


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
    if any(name.startswith(f"{place}{_WELCOME}") for name in there):
        return False
    if isinstance(transport, Removing):
        for name in there:
            transport.remove(name)
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
    place = place_of(home.store.context.home, invited.id)
    there = transport.list(place)
    if not invited.used and any(name.startswith(f"{place}{_WELCOME}") for name in there):
        return False
    if isinstance(transport, Removing):
        for name in there:
            transport.remove(name)
    return True


def is_over(home: OpenHome, invited: Invited) -> bool:
    """Return whether an invitation's time is over."""
    return times.from_stored(invited.ends) < home.store.clock()


def _requests(
    home: OpenHome,
    transport: Transport,
    invited: Invited,
    known: dict[tuple[str, PublicKeys], str],
    cost: Cost,
) -> Iterator[Asking]:
    place = place_of(home.store.context.home, invited.id)
    offer = _offer(transport, place, invited)
    if offer is None:
        return
    found: dict[PublicKeys, Request] = {}
    for name in transport.list(place):
        data = transport.get(name) if name.startswith(f"{place}request-") else None
        if data is None:
            continue
        try:
            request = pairing.read_request(invited.words, data)
        except Refused:
            # without the words nobody can make one: it is not from who was invited
            continue
        found[request.keys] = request
    for request in found.values():
        shown = known.get((invited.id, request.keys))
        if shown is None:
            shown = pairing.digits(offer, request.keys, cost=cost)
        yield Asking(invited.id, request, shown, contested=len(found) > 1)


def _offer(transport: Transport, place: str, invited: Invited) -> Offer | None:
    data = transport.get(f"{place}{_OFFER}")
    if data is None:
        return None
    try:
        return pairing.read_offer(invited.words, data)
    except Refused:
        return None


def approve(
    home: OpenHome,
    transport: Transport,
    typed: str,
    *,
    told: Callable[[int, int], object] = filling.unheard,
    cost: Cost = STANDARD,
) -> Request:
    """Let a PC in, once the six digits it shows were compared.

    Args:
        home: The home, unlocked by a manager.
        transport: The storage.
        typed: The digits that the new PC shows, as a manager typed them.
        told: Told how many bytes of how many of a copy for it are there.
        cost: What it costs to work out the digits.

    Returns:
        What the PC said of itself.

    Raises:
        NotAllowed: Only a manager may.
        NotSixDigits: No PC can show what was typed.
        NobodyAsks: No PC that asks shows these digits.
        UserError: Two PCs came with one invitation, or the storage would not go on. What was
            approved then is told to the PC in the next round.
    """
    home.require(Action.PCS)
    if not pairing.are_six_digits(typed):
        raise NotSixDigits(
            "What was typed is not six digits.",
            kept="Nothing was changed, and no PC was let in.",
            do="Type the six digits that the new PC shows, such as 123 456.",
        )
    waiting = asking(home, transport, cost=cost)
    wanted = pairing.same_digits(typed, [one.digits for one in waiting])
    one = next((one for one in waiting if one.digits == wanted), None)
    if one is None:
        raise NobodyAsks(
            "No PC that asks to join shows these digits."
            if waiting
            else "No PC asks to join this home.",
            kept="Nothing was changed, and no PC was let in.",
            do="Compare them with the new PC. If they differ there, do not let it in: make a new "
            "invitation."
            if waiting
            else "Start the new PC with the invitation, wait until its request has come through "
            "the storage, and try again.",
        )
    let_in(home, one)
    deliver(home, transport, told=told)
    return one.request


def let_in(home: OpenHome, one: Asking) -> None:
    """Write into the log that a PC belongs, with the home's keys sealed to it.

    It is told by :func:`deliver`.

    Args:
        home: The home, unlocked by a manager who has compared the digits.
        one: The PC, as :func:`asking` found it.

    Raises:
        NotAllowed: Only a manager may.
        UserError: Two PCs came with one invitation, or it was used or has ended meanwhile.
    """
    home.require(Action.PCS)
    if one.contested:
        raise UserError(
            "Two PCs came with the same invitation: somebody else may have it.",
            kept="No PC was let in.",
            do="Make a new invitation and give it to the new PC by hand.",
            code="contested-invitation",
        )
    if one.invitation not in {invited.id for invited in open_invitations(home)}:
        raise UserError(
            "The invitation of this PC was used already, or has ended.",
            kept="No PC was let in.",
            do="Look at the list of PCs. If it is not there, make a new invitation.",
            code="invitation-used",
        )
    standing = belonging.standing_of(home)
    pin, signer = belonging.pin_of(home), home.unlocked.identity
    keys = one.request.keys
    identity = ids.derived_id("pc", keys.signing.hex())
    known = {replica.tag for replica in membership.replicas(home.store)}
    known |= {pc.tag for pc in standing.pcs.values()}
    tag = secrets.choice([tag for tag in range(MOST_TAGS) if tag not in known])
    pc = said.PcEntry(identity, one.request.name, keys, tag, one.invitation)
    order = standing.top + 1
    news = [said.sign(pin, signer, said.PC, order, **belonging.pc_parts(pc))]
    told = {one.id: one for one in standing.epochs}
    used = [one for one in home.unlocked.vault.epochs if one.id in told]
    for number, epoch in enumerate(used, order + 1):
        sealed = said.seal_epoch(pin, epoch.id, epoch.key, [pc])
        before = told[epoch.id]
        has = before.given | before.senders
        parts = said.epoch_parts(epoch.id, sealed, known=has, opens=before.announced is None)
        news.append(said.sign(pin, signer, said.EPOCH, number, **parts))
    with home.unit(f"{pc.name} joined.", kind="people") as unit:
        unit.add(Pc(name=pc.name, joined_at=home.store.clock()), derived_from=(keys.signing.hex(),))
        belonging.add_to(unit, home, news)


def deliver(
    home: OpenHome, transport: Transport, *, told: Callable[[int, int], object] = filling.unheard
) -> int:
    """Tell PCs that were approved, and have not been told yet, what they need; return how many.

    Any PC of the home does it, in every round: so an approval that a crash cut short goes on. The
    one that let a PC in lays a copy of the home there for it, before it is told that it may come.

    Args:
        home: The home.
        transport: The storage.
        told: Told how many bytes of how many of a copy are there.

    Raises:
        UserError: The storage would not go on.
    """
    standing = belonging.standing_of(home)
    count = 0
    for pc in standing.live_pcs:
        invited = standing.invitations.get(pc.invitation)
        if invited is None or is_over(home, invited):
            continue
        place = place_of(home.store.context.home, invited.id)
        name = f"{place}{welcome_name(pc.keys)}"
        there = transport.list(place)
        if f"{place}{_OFFER}" not in there:
            # taken away by somebody who withdrew it unknowing: without it the PC finds nothing
            _lay_offer(home, transport, invited.id, invited.words, invited.ends)
        if name not in there:
            with contextlib.suppress(UserError):
                # a storage that is full, say: the PC can also fill itself from the segments
                filling.lay(home, transport, pc, told)
            transport.put(name, _welcome(home, standing, pc))
            count += 1
    return count


def _welcome(home: OpenHome, standing: Standing, pc: said.PcEntry) -> bytes:
    vault = home.unlocked.vault
    told = {one.id for one in standing.epochs}
    welcome = Welcome(
        pc.tag,
        vault.blob_key,
        tuple(one for one in vault.epochs if one.id in told),
        tuple(said.as_text(one.body) for one in standing.entries),
    )
    own = Identity(vault.pc.exchange, vault.pc.signing)
    return pairing.write_welcome(standing.pin, own, pc.keys, welcome)


def request_name(keys: PublicKeys) -> str:
    """Return the name of a PC's request, below its invitation's place."""
    return f"request-{keys.signing.hex()[:32]}"


def welcome_name(keys: PublicKeys) -> str:
    """Return the name of the answer to a PC's request."""
    return f"{_WELCOME}{keys.signing.hex()[:32]}"


def place_of(home_id: str, invitation: str) -> str:
    """Return the folder in the storage in which an invitation's objects lie."""
    return f"{names.root(home_id)}pair/{invitation}/"


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
