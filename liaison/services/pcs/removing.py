"""Removing a PC from the home, and listing those that belong."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison import security
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Pc
from liaison.records.rules import times
from liaison.security import entries as said
from liaison.security.roles import Action
from liaison.security.vault import Epoch
from liaison.services.editing import reason_given
from liaison.services.pcs import belonging, inviting
from liaison.store import membership, query, segments

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome

CANNOT_TAKE_BACK: Final = (
    "What it saved that has not come here yet is set apart when it comes: a manager looks through it.",
    "What that PC had fetched before stays on it, behind the passwords of those who used it there.",
    "It can go on reading what was sent before now: see that it gets no more to where the PCs meet.",
    "If it was stolen, change the passwords of everybody who used it.",
    "Invitations that are still open end with it, as that PC knows them: make new ones.",
)
"""What removing a PC cannot do, and what it does besides, for whoever removes one."""


@dataclasses.dataclass(frozen=True, slots=True)
class Belonging:
    """A PC of the home, as people are shown it.

    Args:
        id: The id of its record.
        name: What people call it.
        joined: When it joined.
        removed: When it was removed; None if it belongs.
        here: Whether it is this PC.
        heard: When it last gave a sign of life, or wrote what came here, by its own clock; None if
            it never did.
    """

    id: int
    name: str
    joined: dt.datetime | None
    removed: dt.datetime | None
    here: bool
    heard: dt.datetime | None

    @property
    def belongs(self) -> bool:
        """Whether it belongs to the home now."""
        return self.removed is None


def everyone(home: OpenHome) -> tuple[Belonging, ...]:
    """Return the home's PCs: this one, then by name; removed ones last."""
    standing = belonging.standing_of(home)
    own = home.unlocked.vault.pc.id
    heard = {pc: times.from_stored(at) for pc, at in segments.last_heard(home.store).items()}
    found = [
        Belonging(
            record.id or 0, record.name or "", record.joined_at, _removed(record, standing.cuts),
            here=record.id == own, heard=heard.get(record.id or 0),
        )
        for record in query.every(home.store, query.Query("pc"))
        if isinstance(record, Pc)
        # who wrote a record of a PC does not make it one: a manager's entry does
        and (record.id == own or record.id in standing.pcs)
    ]  # fmt: skip
    return tuple(
        sorted(found, key=lambda one: (not one.belongs, not one.here, one.name.casefold(), one.id))
    )


def _removed(record: Pc, cuts: dict[int, dict[int, int]]) -> dt.datetime | None:
    if record.id not in cuts:
        return None
    return record.removed_at or record.joined_at


def remove(home: OpenHome, pc: int, reason: str) -> int:
    """Remove a PC: what it writes from now on counts nowhere, and the home gets new keys.

    The removal, with how far what it wrote counts and the new key sealed to the other PCs, is one
    unit. What others had taken in beyond that is set apart by them, for people to look through.
    Open invitations are withdrawn with it: that PC knows their words, and could answer in the place
    of the home.

    Args:
        home: The home, unlocked by a manager.
        pc: The id of its record.
        reason: Why, in the manager's words.

    Returns:
        How many open invitations were withdrawn.

    Raises:
        NotAllowed: Only a manager may, and not this PC itself.
        UserError: It does not belong to the home.
    """
    home.require(Action.PCS)
    why = reason_given(reason)
    standing = belonging.standing_of(home)
    if pc == home.unlocked.vault.pc.id:
        raise security.NotAllowed(
            "This PC cannot remove itself.",
            kept="Nothing was changed.",
            do="Do it on another PC of the home.",
        )
    if pc not in {one.id for one in standing.live_pcs}:
        raise UserError(
            "This PC does not belong to the home (any more).",
            kept="Nothing was changed.",
            do="Look at the list of PCs.",
            code="no-such-pc",
        )
    pin, signer = belonging.pin_of(home), home.unlocked.identity
    cuts = [
        {"incarnation": one.incarnation, "seq": one.seq}
        for one in membership.replicas(home.store)
        if one.pc == pc
    ]
    fresh = Epoch.generate()
    stay = [one for one in standing.live_pcs if one.id != pc]
    sealed = said.seal_epoch(pin, fresh.id, fresh.key, stay)
    order = standing.top + 1
    news = [
        said.sign(pin, signer, said.PC_GONE, order, pc=pc, cuts=cuts),
        said.sign(pin, signer, said.EPOCH, order + 1, **said.epoch_parts(fresh.id, sealed)),
    ]
    known = inviting.open_invitations(home)
    news += [inviting.ending(home, one, number) for number, one in enumerate(known, order + 2)]
    loaded = home.store.load("pc", pc)
    with home.unit(why, kind="people") as unit:
        belonging.add_to(unit, home, news)
        if loaded is not None and isinstance(loaded.record, Pc):
            gone = dataclasses.replace(loaded.record, removed_at=home.store.clock())
            unit.save(loaded, gone)
    home.access.done("role changed", ("pc", pc), "A PC was removed from the home")
    # this PC takes the new key from the log like every other one
    belonging.follow(home)
    return len(known)


def meant(home: OpenHome, typed: str) -> Belonging:
    """Return the PC that is meant by a name or an id.

    Raises:
        UserError: None or several are; it lists them.
    """
    known = everyone(home)
    wanted = " ".join(typed.split()).casefold()
    found = [one for one in known if ids.to_text(one.id).casefold() == wanted] or [
        one for one in known if one.belongs and one.name.casefold() == wanted
    ]
    if len(found) == 1:
        return found[0]
    out = next((one for one in known if not one.belongs and one.name.casefold() == wanted), None)
    if not found and out is not None:
        raise UserError(
            f"“{out.name}” was removed from the home before.",
            kept="Nothing was changed.",
            do="Nothing is left to do: what it writes counts nowhere.",
            code="no-such-pc",
        )
    several = [f"{one.name} ({ids.to_text(one.id)})" for one in found]
    listed = several or [one.name for one in known if one.belongs]
    raise UserError(
        f"{'Several PCs are' if found else 'No PC of this home is'} called “{typed[:60]}”.",
        kept="Nothing was changed.",
        do=f"{'Give the id' if found else 'There are'}: {', '.join(listed)}.",
        code="no-such-pc",
    )
