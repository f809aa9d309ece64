"""Letting in a PC that comes with an invitation, once a manager has compared the six digits."""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Pc
from liaison.security import STANDARD, Cost, pairing
from liaison.security import entries as said
from liaison.security.pairing import Offer, Request, Welcome
from liaison.security.primitives import Identity, Refused
from liaison.security.roles import Action
from liaison.services.pcs import belonging, filling, inviting
from liaison.store import membership
from liaison.store.stamps import MOST_TAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from liaison.security.primitives import PublicKeys
    from liaison.security.standing import Invited, Standing
    from liaison.services.homes import OpenHome
    from liaison.sync.transport import Transport


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
        for invited in inviting.open_invitations(home)
        for one in _requests(home, transport, invited, digits, cost)
    )


def _requests(
    home: OpenHome,
    transport: Transport,
    invited: Invited,
    known: dict[tuple[str, PublicKeys], str],
    cost: Cost,
) -> Iterator[Asking]:
    place = inviting.place_of(home.store.context.home, invited.id)
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
    data = transport.get(f"{place}{inviting.OFFER}")
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
    try:
        waiting = asking(home, transport, cost=cost)
    except UserError as trouble:
        trouble.kept = "Nothing was changed, and no PC was let in."
        raise
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
    try:
        deliver(home, transport, told=told)
    except UserError as trouble:
        trouble.kept = (
            f"{one.request.name} belongs to this home now, and is told so with the next exchange."
        )
        raise
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
    if one.invitation not in {invited.id for invited in inviting.open_invitations(home)}:
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
        if invited is None or inviting.is_over(home, invited):
            continue
        place = inviting.place_of(home.store.context.home, invited.id)
        name = f"{place}{inviting.welcome_name(pc.keys)}"
        there = transport.list(place)
        if f"{place}{inviting.OFFER}" not in there:
            # taken away by somebody who withdrew it unknowing: without it the PC finds nothing
            inviting.lay_offer(home, transport, invited.id, invited.words, invited.ends)
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
