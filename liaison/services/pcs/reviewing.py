"""Deciding about what was set apart: it is taken in again, left out, or erased.

After a PC was removed, what it had written beyond its cut point is taken back out of the record
(``store.withdrawing``). A manager looks at it as matters (``services.pcs.matters``). The decision
stands in the log, for every PC. What says who belongs is never taken in again.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import ids, spec_of
from liaison.records.administration import AccessEvent
from liaison.records.rules import times
from liaison.security.roles import Action
from liaison.services import drafts
from liaison.services.drafts import About
from liaison.services.editing import kept_with_keys, reason_given
from liaison.services.pcs import hindrances, matters
from liaison.services.references import Names
from liaison.store import blobs, erasing, membership, quarantine, segments, writing_again
from liaison.store.changes import BIRTHS, GONE, LEFT_OUT
from liaison.sync.means import is_of_removed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.services.homes import OpenHome
    from liaison.services.pcs.matters import Matter
    from liaison.store.changes import Envelope
    from liaison.store.store import Store

DECIDED: Final = "decided"
"""The code of a refusal: somebody else was quicker."""
_ROLES: Final = "role changed"
_DECIDE: Final = About("pc", None, "asked/decide/")
_ERASE: Final = About("pc", None, "asked/erase-apart/")
"""Where what is typed about it is kept; what is set apart is no record here."""
_DIGEST: Final = 64
_LONGEST_WHY: Final = 200


def find(home: OpenHome, *, left: bool = False) -> tuple[Matter, ...]:
    """Return what waits to be looked through, the newest first.

    Args:
        home: The home, unlocked by a manager; one open for reading will do.
        left: What was left out instead.

    Raises:
        NotAllowed: Only a manager may.
    """
    home.require(Action.PCS)
    return matters.told(home.store, _waiting(home.store, left=left), left=left)


def not_kept(home: OpenHome) -> tuple[str, ...]:
    """Return a sentence for each PC that wrote on more than is kept.

    Args:
        home: The home, unlocked by a manager.

    Raises:
        NotAllowed: Only a manager may.
    """
    home.require(Action.PCS)
    full = quarantine.overfull(home.store)
    names = Names(home.store)
    return tuple(
        f"{names.by_id('pc', pc)} wrote on and on: only its first "
        f"{quarantine.MOST_LATE:,} saves after that are kept here."
        for pc in full
    )


def notes_left_out(home: OpenHome) -> str:
    """Return a sentence on the notes that are left out by themselves; "" if there are none.

    Args:
        home: The home, unlocked by a manager.

    Raises:
        NotAllowed: Only a manager may.
    """
    home.require(Action.PCS)
    count = sum(is_note(one, why) for one, why in quarantine.withdrawn(home.store))
    if not count:
        return ""
    notes, are = ("note", "is") if count == 1 else ("notes", "are")
    return f"{count:,} {notes} of who looked or signed in there {are} left out without being asked."


def is_note(envelope: Envelope, why: str) -> bool:
    """Return whether all that a removed PC's save says is who looked or signed in there.

    Nobody need decide about it: it never counts, and nothing is lost to the record.

    Args:
        envelope: The save.
        why: Why it is set apart.
    """
    return is_of_removed(why) and all(
        one.type == spec_of(AccessEvent).name
        and one.op in BIRTHS
        and one.fields.get("kind") not in {None, _ROLES}
        for one in envelope.changes
    )


def meant(home: OpenHome, typed: str) -> Matter:
    """Return the matter that an id names, one that was left out among them.

    Raises:
        UserError: None is.
    """
    wanted = typed.strip().casefold()
    for one in (*find(home), *find(home, left=True)):
        if wanted in {ids.to_text(save.id).casefold() for save in one.saves}:
            return one
    raise UserError(
        f"Nothing of that id waits to be looked through: {typed[:60]}.",
        kept="Nothing was changed.",
        do="Look at the list: “liaison pc review”.",
        code="no-such-save",
    )


def where_decided(several: Sequence[Matter]) -> About:
    """Return where it is kept why some are taken in or left out, while that is being typed.

    Of several at once, any other pick is another question.

    Args:
        several: They; one at least.
    """
    told = " ".join(sorted(one.id for one in several))
    which = told if len(several) == 1 else hashlib.sha256(told.encode()).hexdigest()
    return dataclasses.replace(_DECIDE, page=_DECIDE.page + which)


def where_erased(matter: Matter) -> About:
    """Return where it is kept why one is erased, while that is being typed."""
    return dataclasses.replace(_ERASE, page=_ERASE.page + matter.id)


def take_in(home: OpenHome, matter: Matter, why: str = "") -> int:
    """Take one matter in again; see :func:`take_in_all`."""
    return take_in_all(home, (matter,), why)


def take_in_all(home: OpenHome, several: Sequence[Matter], why: str = "") -> int:
    """Write again what a PC wrote that was removed meanwhile, as whoever decided so: all or nothing.

    Where a record was changed since, both values stand and wait to be settled.

    Args:
        home: The home, unlocked by a manager.
        several: The matters.
        why: Why, in the manager's words.

    Returns:
        How many changes were written.

    Raises:
        NotAllowed: Only a manager may.
        UserError: One was decided meanwhile, or cannot be written again (``hindrance``).
    """
    home.require(Action.PCS)
    _refuse_hindered(several, [one.hindrance for one in several])
    waiting = _still_waiting(home.store, several)
    # what one builds on may have gone since it was looked at
    _refuse_hindered(several, [hindrances.hindrance(home.store, units) for units in waiting])
    said = {save.id: save for one in several for save in one.saves}

    def words(envelope: Envelope) -> str:
        save = said[envelope.unit.id]
        wrote = f"As {save.who} wrote on {save.pc}, {times.show_time(save.at)}."
        return " ".join(part for part in (_short(why), wrote, save.reason) if part)

    envelopes = [one for units in waiting for one in units]
    return writing_again.take_in(
        home.store, envelopes, home.person, words, without=kept_with_keys()
    )


def _refuse_hindered(several: Sequence[Matter], why: Sequence[str]) -> None:
    """Refuse to take matters in of which one cannot be.

    Args:
        several: The matters.
        why: Why each cannot be; "" if it can.
    """
    for one, hindrance in zip(several, why, strict=True):
        if hindrance:
            what = "This" if len(several) == 1 else one.title
            raise UserError(
                f"{what} cannot be taken in again: {hindrance}.",
                kept="Nothing was changed.",
                do=hindrances.WHAT_TO_DO[hindrance],
                code="not-taken-in",
            )


def leave_out(home: OpenHome, matter: Matter, why: str = "") -> None:
    """Leave one matter out; see :func:`leave_out_all`."""
    leave_out_all(home, (matter,), why)


def leave_out_all(home: OpenHome, several: Sequence[Matter], why: str = "") -> None:
    """Let it be: it counts nowhere, is kept on this PC, and is not asked about again.

    Args:
        home: The home, unlocked by a manager.
        several: The matters: all of them, or none.
        why: Why, in the manager's words.

    Raises:
        NotAllowed: Only a manager may.
        UserError: One was decided meanwhile.
    """
    home.require(Action.PCS)
    with home.store.together():
        _note(home, several, LEFT_OUT, "Left out", why)


def erase(home: OpenHome, matter: Matter, why: str) -> None:
    """Erase by law what was set apart: nothing of it stays, on any PC that takes this in.

    Where a record of it is in the home, what that says is erased as everything else is
    (``services.erasing``), which reaches what is set apart about it too. What anybody has typed
    here about a decision on it goes as well.

    Args:
        home: The home, unlocked by a manager.
        matter: The saves.
        why: Why, such as whose request it was; it must not repeat what is erased.

    Raises:
        NotAllowed: Only a manager may.
        UserError: It was decided meanwhile, or another window has the home open.
    """
    home.require(Action.PCS)
    home.require(Action.ERASE, kept="Nothing was erased.")
    reason = _short(reason_given(why))
    with erasing.leaving_nothing(home.store):
        _note(home, (matter,), GONE, "Erased", reason)
        quarantine.forget_erased(home.store)
        left = (envelope for envelope, _ in quarantine.withdrawn(home.store))
        blobs.drop_unnamed(home.store, segments.attached_in(left))
        _erase_typed(home, matter)


def _erase_typed(home: OpenHome, matter: Matter) -> None:
    # a matter may have had another of its saves first, and another name, when it was typed
    gone = {ids.to_text(save.id) for save in matter.saves}
    # nobody can tell of which several these are: those of others are lost too
    drafts.erase(home, _DECIDE, lambda which: which in gone or len(which) == _DIGEST)
    drafts.erase(home, _ERASE, lambda which: which in gone)


def _note(home: OpenHome, several: Sequence[Matter], kind: str, done: str, why: str) -> None:
    """Write for every PC what was decided about each save, and for the audit."""
    store = home.store
    pcs = {one.tag: one.pc for one in membership.replicas(store)}
    said = {save.id: save for one in several for save in one.saves}
    for envelope in (one for units in _still_waiting(store, several) for one in units):
        save = said[envelope.unit.id]
        event = AccessEvent(
            at=store.clock(), kind=_ROLES, subject_type="pc",
            subject_id=ids.to_text(pcs.get(envelope.unit.tag, 0)),
            detail=f"{done} what {save.who} wrote on {save.pc}, {times.show_time(save.at)}",
        )  # fmt: skip
        with home.unit(_short(why), kind=kind, batch=envelope.unit.id) as unit:
            unit.add(event)


def _short(why: str) -> str:
    return " ".join(why.split())[:_LONGEST_WHY]


def _waiting(store: Store, *, left: bool = False) -> list[tuple[Envelope, str]]:
    """Return what is set apart and not decided; or what was left out."""
    apart: dict[int, tuple[Envelope, str]] = {}
    for one, why in quarantine.withdrawn(store):
        # of two under one id the first stands: what was looked at is what is taken in
        apart.setdefault(one.unit.id, (one, why))
    done = quarantine.decided(store, apart) if apart else {}
    wanted = LEFT_OUT if left else None
    return [
        both
        for identity, both in apart.items()
        if done.get(identity) == wanted
        and not quarantine.is_done_again(both[1])
        and not is_note(*both)
    ]


def _still_waiting(store: Store, several: Sequence[Matter]) -> list[list[Envelope]]:
    """Return the units of each matter; refuse if one of them was decided meanwhile."""
    known: dict[int, Envelope] = {}
    for left in {False, *(one.left for one in several)}:
        known.update({one.unit.id: one for one, _ in _waiting(store, left=left)})
    if any(save.id not in known for one in several for save in one.saves):
        raise UserError(
            "Somebody decided about this meanwhile.",
            kept="Nothing was changed.",
            do="Look at the list again.",
            code=DECIDED,
        )
    return [[known[save.id] for save in one.saves] for one in several]
