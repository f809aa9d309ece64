"""The first fill of a PC that joins: a copy of the home that the PC which let it in lays there.

The copy lies in the storage, sealed and signed, before the new PC is told that it may come; the new
PC fetches it, and the attachments that lie there anyway, before anybody has to type a password, and
what was written since comes with segments.
Wherever that does not go, the segments alone bring the same record, only more slowly. Once every PC
that was let in has been heard, the copy is taken away again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.errors import UserError
from liaison.files import discard
from liaison.records import ids
from liaison.records.administration import Membership
from liaison.records.rules import times
from liaison.security import entries as said
from liaison.security.standing import work_out
from liaison.services.pcs import belonging
from liaison.services.pcs.roster import HomeRoster, means_of
from liaison.store import kept_choices, membership, segments
from liaison.store import snapshot as copies
from liaison.store.driver import WrongKey
from liaison.store.mark import FILE_NAME as MARK_NAME
from liaison.store.migrations import NewerHome
from liaison.store.replicas import Context, Replica
from liaison.store.store import FILE_NAME, Store
from liaison.sync import snapshot
from liaison.sync.snapshot import BadSnapshot, Manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from liaison.security.entries import PcEntry
    from liaison.security.pairing import Welcome
    from liaison.security.primitives import Pin
    from liaison.security.standing import Standing
    from liaison.security.vault import Vault
    from liaison.services.homes import OpenHome
    from liaison.store.stamps import Clock
    from liaison.sync.means import Means
    from liaison.sync.transport import Transport

    Told = Callable[[int, int], object]

_LATEST: Final = 1 << 63
"""Stands after every unit."""
_LAID: Final = "first fill"
"""What this PC keeps while a copy of its making may lie in a storage."""
_TRIED: Final = "tried"
_LAYING: Final = threading.Lock()
"""A round and a manager who lets a PC in may be at it at once: one copy does for both."""
_MOST_MANIFESTS: Final = 64


def unheard(_done: int, _total: int) -> None:
    """Nobody is told how far it is."""


@dataclasses.dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the home that has come, not opened yet.

    Args:
        manifest: What its maker signed.
        path: The file, encrypted with the manifest's key.
    """

    manifest: Manifest
    path: Path


# ---- where a PC is let in


def lay(home: OpenHome, transport: Transport, pc: PcEntry, told: Told = unheard) -> bool:
    """Lay a copy of the home into the storage for a PC that was let in here, if none lies there.

    Args:
        home: The open home.
        transport: The storage.
        pc: The PC.
        told: Told how many bytes of how many are there; what it raises ends it.

    Returns:
        Whether a copy lies there; only the PC that let it in lays one.

    Raises:
        UserError: The storage or this PC's disk would not go on.
    """
    if not _was_let_in_here(home, pc):
        return False
    means = means_of(home, transport, HomeRoster(home))
    epoch = snapshot.epoch_of(means)
    with _LAYING:
        if _lies_there(means, epoch.id):
            return True
        # first: a copy that nobody remembers would stay for ever
        kept_choices.keep_choice(home.store, _LAID, {_TRIED: ""})
        gone = belonging.standing_of(home).cuts.keys()
        snapshot.tidy(means, gone - {means.pc})
        snapshot.publish(means, means.shelf.path, epoch, told)
    return True


def _was_let_in_here(home: OpenHome, pc: PcEntry) -> bool:
    for placed in membership.entries(home.store):
        if placed.pc != home.unlocked.vault.pc.id:
            continue
        body = json.loads(placed.text)
        if body.get("kind") == said.PC and body.get("pc") == pc.id:
            return True
    return False


def _lies_there(means: Means, epoch: str) -> bool:
    """Return whether a whole copy of this PC lies there, under the key that counts now."""
    for name in snapshot.manifests(means.transport, means.home)[:_MOST_MANIFESTS]:
        data = means.transport.get(name)
        if data is None:
            continue
        with contextlib.suppress(BadSnapshot):
            found = snapshot.read_manifest(
                data, means.home, means.roster.signing_key, means.keys.key
            )
            if (found.pc, found.epoch) == (means.pc, epoch):
                return True
    return False


def clear(home: OpenHome, transports: Sequence[Transport]) -> None:
    """Take this PC's copy away again, once nobody is left who would fetch it.

    A storage that lets nothing be taken away is asked once a day.

    Args:
        home: The open home.
        transports: The storages.

    Raises:
        UserError: A storage would not go on; it is tried again.
    """
    # asked first without it: a round does not wait for as long as somebody lays a copy
    if not _is_to_be_cleared(home):
        return
    # and again: a PC may have been let in, and its copy laid, in between
    with _LAYING:
        if not _is_to_be_cleared(home):
            return
        kept_choices.keep_choice(home.store, _LAID, {_TRIED: _today(home)})
        roster = HomeRoster(home)
        gone = belonging.standing_of(home).cuts.keys()
        for transport in transports:
            means = means_of(home, transport, roster)
            snapshot.withdraw_snapshots(means, gone | {means.pc})
        kept_choices.keep_choice(home.store, _LAID, {})


def _is_to_be_cleared(home: OpenHome) -> bool:
    """Return whether a copy may lie there that nobody waits for, and that was not tried today."""
    laid = kept_choices.kept_choice(home.store, _LAID)
    return bool(laid) and laid.get(_TRIED) != _today(home) and not _is_awaited(home)


def _today(home: OpenHome) -> str:
    return times.to_stored(home.store.clock())[:10]


def _is_awaited(home: OpenHome) -> bool:
    """Return whether a PC that was let in, and may still come, has not been heard yet."""
    now = home.store.clock()
    invited = belonging.standing_of(home).invitations
    return any(
        invitation in invited and times.from_stored(invited[invitation].ends) >= now
        for invitation in not_come(home)
    )


def not_come(home: OpenHome) -> set[str]:
    """Return the invitations with which PCs were let in that have not been heard yet."""
    heard = {one.pc for one in membership.replicas(home.store)}
    heard |= {one.pc for one in segments.heard(home.store)}
    live = belonging.standing_of(home).live_pcs
    return {pc.invitation for pc in live if pc.id not in heard}


# ---- on the new PC


def fetch(
    standing: Standing,
    welcome: Welcome,
    transport: Transport,
    path: Path,
    told: Told = unheard,
) -> tuple[Copy | None, BadSnapshot | None]:
    """Fetch a copy of the home; what came of it before is not fetched again.

    Only a copy counts that a PC which belongs to the home signed, under a key that no removed PC
    has: whoever was removed has neither.

    Args:
        standing: Who belongs, as this PC was told.
        welcome: What it was told.
        transport: The storage.
        path: Where the copy is to lie.
        told: Told how many bytes of how many are here; what it raises ends it, and what came stays.

    Returns:
        The copy, and what is wrong with one that could not be used; the copy is None if there is
        none, and everything comes with segments then.

    Raises:
        UserError: The storage or this PC's disk would not go on.
    """
    home = standing.pin.home_id
    signing = {one.id: one.keys.signing for one in standing.live_pcs}
    # attachments that a PC sent before it was removed are still the home's
    sealing = {one.id: one.keys.signing for one in standing.pcs.values()}
    had = {one.id: one.key for one in welcome.epochs}
    newest = standing.writes_under(had, _LATEST)
    # which of two that came at once is the newest the log says, which is not here yet
    good = {one.id for one in standing.epochs if standing.is_clean(one)} | {newest}
    keys = {name: key for name, key in had.items() if name in good}
    trouble: BadSnapshot | None = None
    seen: set[str] = set()
    while True:
        found: list[tuple[int, str, str, Manifest]] = []
        # listed anew after each that failed: it may have been replaced in the middle of it
        for name in snapshot.manifests(transport, home)[:_MOST_MANIFESTS]:
            data = None if name in seen else transport.get(name)
            if data is None:
                continue
            try:
                manifest = snapshot.read_manifest(data, home, signing.get, keys.get)
            except BadSnapshot as bad:
                trouble = bad
                seen.add(name)
            else:
                come = sum(head.seq for head in manifest.heads)
                found.append((come, manifest.at, name, manifest))
        if not found:
            discard_copy(path)
            return None, trouble
        *_, name, manifest = max(found, key=lambda one: one[:3])
        try:
            snapshot.fetch(transport, manifest, path, told)
            snapshot.fetch_attachments(transport, manifest, path, sealing.get, told)
        except BadSnapshot as bad:
            trouble = bad
            seen.add(name)
        else:
            return Copy(manifest, path), None


def discard_copy(path: Path) -> None:
    """Remove what came of a copy of the home, and the attachments that came with it."""
    snapshot.discard_coming(path)


def adopt(
    copy: Copy,
    folder: Path,
    pin: Pin,
    welcome: Welcome,
    *,
    vault: Vault,
    person: str,
    clock: Clock,
) -> None:
    """Make the database of a new PC from a copy that has come.

    Args:
        copy: The copy.
        folder: The folder of the home that is being made.
        pin: The home.
        welcome: What this PC was told.
        vault: Its keys.
        person: The id of who is here.
        clock: This PC's clock.

    Raises:
        BadSnapshot: It is not what its maker said; no database is left.
        UserError: This PC's disk would not go on.
    """
    path = folder / FILE_NAME
    own = vault.database.current
    replica = Replica(vault.tag, vault.pc.id or 0, vault.incarnation, vault.pc.public.signing)
    try:
        if not copy.path.exists():
            # an earlier try had taken it, and a full disk ended that
            raise copies.Unlike("it is not there any more")  # noqa: TRY301  # told like the rest
        keys = {one.id: one.key for one in welcome.epochs}
        snapshot.adopt(copy.path, copy.manifest, path, own, key=keys.get, naming=vault.blob_key)
        context = Context(pin.home_id, pin.root, vault.tag, 1)
        copies.begin_life(path, own, context, replica, copy.manifest.heads)
        signer = Ed25519PrivateKey.from_private_bytes(vault.pc.signing)
        with Store(path, own, signer, clock=clock) as store:
            _catch_up(store, welcome, vault, person)
            _require_known(store, pin, replica.pc)
    except (copies.Unlike, WrongKey, NewerHome, BadSnapshot) as unlike:
        for left in folder.glob(f"{FILE_NAME}*"):
            discard(left)
        discard(folder / MARK_NAME)
        raise snapshot.bad(_why(unlike)) from unlike


def _why(unlike: Exception) -> str:
    if isinstance(unlike, UserError):
        return unlike.what.removesuffix(".")
    return str(unlike)


def _catch_up(store: Store, welcome: Welcome, vault: Vault, person: str) -> None:
    """Write what this PC was told of who belongs and the copy does not say yet."""
    there = {one.text for one in membership.entries(store)}
    lacking = [text for text in welcome.entries if text not in there]
    if not lacking:
        return
    with store.unit(ids.from_text(person), f"{vault.pc.name} joined.", kind="people") as unit:
        for text in lacking:
            kind = json.loads(text)["kind"]
            unit.add(Membership(at=store.clock(), kind=kind, entry=text))


def _require_known(store: Store, pin: Pin, own: int) -> None:
    """Refuse a copy in which somebody writes whom no manager let in, with the key they said."""
    standing = work_out(pin, membership.entries(store))
    keys = {pc.id: pc.keys.signing for pc in standing.pcs.values()}
    writers = membership.replicas(store)
    if any(keys.get(one.pc) != one.public_key for one in writers) or own in standing.cuts:
        raise copies.Unlike("somebody writes in it whom no manager let in")
