"""What a new PC finds in the storage: the offer of the home that invites it, and the answer.

Neither is followed unless it is from the home that the invitation names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.records.rules import times
from liaison.security import pairing
from liaison.security.primitives import Refused
from liaison.security.standing import work_out
from liaison.services.pcs.inviting import OFFER, is_answered, place_of
from liaison.store.membership import Placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.security.pairing import Invitation, Offer, Welcome
    from liaison.security.primitives import Identity
    from liaison.security.standing import Standing
    from liaison.store.stamps import Clock
    from liaison.sync.transport import Transport


class NotThereNow(UserError):
    """An invitation that was in the storage is not: withdrawn, or on its way through a cloud program.

    Which of the two it is, nobody who was not let in can prove.
    """

    code = "invitation-not-there"

    def __init__(self) -> None:
        super().__init__(
            "The invitation is not found at the moment: it is still being copied to this PC, or a "
            "manager has withdrawn it.",
            kept="Nothing was changed.",
            do="Try again in a while. If a manager has withdrawn it, ask for a new one.",
        )


def find_offer(
    invitation: Invitation, transport: Transport, known: Offer | None, clock: Clock
) -> tuple[Offer, str]:
    """Find the offer in the storage: at its place, or by the invitation's name alone.

    Args:
        invitation: What a manager gave this PC.
        transport: The storage.
        known: The offer that was found there the last time.
        clock: This PC's clock.

    Returns:
        The offer, and the place of what belongs to the invitation.

    Raises:
        NotThereNow: It was there, and is not now.
        UserError: It has ended, or never was there.
    """
    if invitation.pin is not None:
        places = [place_of(invitation.pin.home_id, invitation.id)]
    else:
        sought = f"/pair/{invitation.id}/{OFFER}"
        places = [one.removesuffix(OFFER) for one in transport.list("v1/") if one.endswith(sought)]
    for place in places:
        data = transport.get(f"{place}{OFFER}")
        if data is None:
            continue
        try:
            offer = pairing.read_offer(invitation.words, data)
        except Refused:
            continue
        if place == place_of(offer.pin.home_id, invitation.id) and invitation.pin in {
            None,
            offer.pin,
        }:
            return offer, place
    if known is not None:
        refuse_over(known, clock)
        raise NotThereNow
    raise UserError(
        "This invitation is not in the storage.",
        kept="Nothing was changed.",
        do="If it was typed, check that all eight words are right, in their order. Check that it is "
        "the storage of the home that invites, and that what lies there has come through to this PC; "
        "then try again. If a manager has withdrawn it, ask for a new one.",
        code="no-such-invitation",
    )


def refuse_over(offer: Offer, clock: Clock) -> None:
    """Refuse an invitation whose time is over."""
    ends = times.from_stored(offer.ends)
    if ends < clock():
        raise UserError(
            f"This invitation ended on {times.show_time(ends)}.",
            kept="Nothing was changed.",
            do="Ask a manager for a new one.",
            code="invitation-ended",
        )


def refuse_used(place: str, there: Sequence[str]) -> None:
    """Refuse an invitation with which somebody else was let in.

    Args:
        place: Where its objects lie.
        there: Which do.
    """
    if is_answered(place, there):
        raise UserError(
            "This invitation was used by another PC.",
            kept="Nothing was changed.",
            do="Ask a manager for a new one, and say so if that was not your doing.",
            code="invitation-used",
        )


def read_welcome(offer: Offer, identity: Identity, data: bytes) -> tuple[Welcome, Standing]:
    """Read the answer, and make sure that it is this home's: from its root down.

    Args:
        offer: What this PC was told before.
        identity: Its own keys.
        data: The answer.

    Returns:
        The answer, and who belongs to the home by it.

    Raises:
        UserError: It is not this home's.
    """
    try:
        welcome, signer = pairing.read_welcome(offer.pin, identity, data)
    except Refused:
        raise _not_this_home() from None
    standing = work_out(
        offer.pin, [Placed(n, n, 0, 0, 0, one) for n, one in enumerate(welcome.entries, 1)]
    )
    signing = identity.public.signing
    own = [one for one in standing.live_pcs if one.keys.signing == signing]
    if not own or signer not in {one.keys.signing for one in standing.pcs.values()}:
        raise _not_this_home()
    return welcome, standing


def _not_this_home() -> UserError:
    return UserError(
        "What lies in the storage for this PC is not from the home that invited it.",
        kept="Nothing was changed.",
        do="Do not go on. Tell a manager, and ask for a new invitation.",
        code="foreign-welcome",
    )
