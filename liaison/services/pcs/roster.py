"""What the exchange asks of a home: whose signatures count, and with which keys to seal."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison import security
from liaison.services.pcs import belonging
from liaison.services.pcs.keys_apart import KeysApart
from liaison.services.pcs.keys_laid import KeysLaid
from liaison.sync.means import Means
from liaison.sync.roster import EpochKey
from liaison.sync.shelf import FOLDER_NAME, Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.security.standing import Standing
    from liaison.services.homes import OpenHome
    from liaison.store.replicas import Replica
    from liaison.sync.transport import Transport


class HomeRoster:
    """Who belongs to an open home and the keys of its epochs, as the log says by now.

    It is worked out again whenever an entry came or went, also in the middle of a round.

    Args:
        home: The home.
        transports: The storages in which a key may lie for this PC.
    """

    def __init__(self, home: OpenHome, transports: Sequence[Transport] = ()) -> None:
        self._home = home
        self._standing: Standing | None = None
        self._fresh: dict[str, bytes] = {}
        self._apart = KeysApart(home)
        self._laid = KeysLaid(home, transports)

    @property
    def standing(self) -> Standing:
        """Who belongs."""
        standing = belonging.standing_of(self._home)
        if standing is not self._standing:
            self._standing = standing
            fresh = belonging.new_epochs(self._home, standing)
            self._fresh |= {one.id: one.key for one in fresh}
        return standing

    def signing_key(self, pc: int) -> bytes | None:
        """Return the public key of a PC that was ever approved; see ``sync.roster.Roster``."""
        found = self.standing.pcs.get(pc)
        if found is not None:
            return found.keys.signing
        own = self._home.unlocked.vault.pc
        # what this PC sent itself is its own, whatever has come of the log so far
        return own.public.signing if pc == own.id else None

    def cut(self, pc: int, incarnation: int) -> int | None:
        """Return the last unit of a removed PC that counts; None for one that belongs."""
        cuts = self.standing.cuts.get(pc)
        return None if cuts is None else cuts.get(incarnation, 0)

    def members(self) -> frozenset[int]:
        """Return the ids of the PCs that belong to the home now."""
        return frozenset(one.id for one in self.standing.live_pcs)

    def key(self, epoch: str) -> bytes | None:
        """Return the key of an epoch; None if it has not reached this PC."""
        # looked up first: a key may have come with the segment that was just taken in
        standing = self.standing
        known = {one.id: one.key for one in self._home.unlocked.vault.epochs} | self._fresh
        assert standing is not None  # noqa: S101  # asking for it is what fills the fresh ones
        return known.get(epoch)

    def spare(self, epoch: str) -> tuple[bytes, ...]:
        """Return what may be the key of an epoch; see ``sync.roster.EpochKeys``."""
        return (*self._apart.of(epoch), *self._laid.of(epoch))

    def for_writing(self, unit: int) -> EpochKey:
        """Return the key for a segment that holds a unit; see ``security.standing.writes_under``."""
        known = {one.id: one.key for one in self._home.unlocked.vault.epochs} | self._fresh
        name = self.standing.writes_under(known, unit)
        if name is not None:
            return EpochKey(name, known[name])
        newest = self._home.unlocked.vault.epochs[-1]
        return EpochKey(newest.id, newest.key)


class HomeLives:
    """How the PC of an open home begins another life.

    Args:
        home: The home.
    """

    def __init__(self, home: OpenHome) -> None:
        self._home = home

    def begin(self, incarnation: int) -> Replica:
        """Begin a new incarnation; the vault learns of it."""
        home = self._home
        vault = home.unlocked.vault
        replica = home.store.new_incarnation(vault.pc.public.signing, vault.pc.id or 0, incarnation)
        changed = dataclasses.replace(vault, tag=replica.tag, incarnation=replica.incarnation)
        home.unlocked = security.replace_vault(
            home.folder / security.FILE_NAME, home.unlocked, changed
        )
        home.store.see_generation(home.unlocked.generation)
        return replica


def means_of(
    home: OpenHome, transport: Transport, roster: HomeRoster, places: tuple[str, ...] = ()
) -> Means:
    """Return what an exchange of an open home works with.

    Args:
        home: The home.
        transport: The storage.
        roster: Who belongs to it.
        places: By what this PC meets the others.
    """
    vault = home.unlocked.vault
    return Means(
        store=home.store,
        transport=transport,
        shelf=Shelf(home.folder / FOLDER_NAME),
        roster=roster,
        keys=roster,
        lives=HomeLives(home),
        signer=Ed25519PrivateKey.from_private_bytes(vault.pc.signing),
        pc=vault.pc.id or 0,
        blob_key=vault.blob_key,
        places=places,
    )
