"""Keys that lie in what was set apart: they open what others sealed with them, and seal nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from liaison.security import DamagedKeyFile
from liaison.security import entries as said
from liaison.security.primitives import Refused
from liaison.services.pcs import belonging
from liaison.store import quarantine

if TYPE_CHECKING:
    from liaison.security.standing import Standing
    from liaison.services.homes import OpenHome

_MOST: Final = 32
"""So many of a removed PC are looked at: it made one with each removal of its own."""


class KeysApart:
    """Keys that removed PCs made, from units that do not count: others may have used them a while.

    A removed PC may say anything there, also a false key under a true name: each is only tried, and
    of each PC no more than some are looked at.

    Args:
        home: The home.
    """

    def __init__(self, home: OpenHome) -> None:
        self._home = home
        self._seen = 0
        self._looked_at: Counter[int] = Counter()
        self._found: dict[str, list[bytes]] = {}

    def of(self, epoch: str) -> tuple[bytes, ...]:
        """Return what may be a key; empty if nobody sealed one of that name to this PC."""
        standing = belonging.standing_of(self._home)
        if standing.cuts and quarantine.newest(self._home.store) > self._seen:
            self._look(standing)
        return tuple(self._found.get(epoch, ()))

    def _look(self, standing: Standing) -> None:
        pin = belonging.pin_of(self._home)
        self._seen, rows = quarantine.membership_entries(
            self._home.store, said.EPOCH, after=self._seen
        )
        for pc, kept in rows:
            if pc not in standing.cuts or self._looked_at[pc] >= _MOST:
                continue
            self._looked_at[pc] += 1
            try:
                entry = said.read(pin, kept)
            except (Refused, DamagedKeyFile):
                continue
            if entry.kind == said.EPOCH and entry.signer in standing.keys:
                key = belonging.opened_key(
                    self._home, str(entry.body["id"]), said.sealed_of(entry.body)
                )
                if key is not None:
                    self._found.setdefault(str(entry.body["id"]), []).append(key)
