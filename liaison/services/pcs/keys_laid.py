"""Keys laid in the storage beside the log, for PCs that cannot read where the log gives them.

Where one manager removes a PC while another, who does not know, lets one in, the new PC is given the
new key in a segment that is sealed with that very key, or lies behind such segments. So whoever hands
a key on lays the signed entry there by itself as well. What it says is sealed to each PC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records.rules import times
from liaison.security import DamagedKeyFile
from liaison.security import entries as said
from liaison.security.primitives import Refused
from liaison.services.pcs import belonging
from liaison.store import kept_choices
from liaison.sync import names
from liaison.sync.stopping import Stopped
from liaison.sync.transport import Forbearing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from liaison.security.standing import Standing
    from liaison.services.homes import OpenHome
    from liaison.sync.transport import Transport

_MOST: Final = 100
"""So many are looked at for one key: each PC that joined later was handed it, some of them twice."""
_LAID: Final = "keys-laid"
_WHERE: Final = "where"
_WHICH: Final = "which"
_LOOKED: Final = "looked"


def lay(home: OpenHome, transports: Sequence[Transport], where: str, *, anew: bool) -> None:
    """Lay there each entry that hands a key on to PCs which may not find it in the log.

    Once that is done, what lies there is looked at once a day.

    Args:
        home: The open home.
        transports: The storages.
        where: What tells them from others: what was laid elsewhere is laid again here.
        anew: Whether a storage may have lost what was laid there.

    Raises:
        UserError: A storage would not go on; it is done in the next round.
    """
    handed = _handed_on(belonging.standing_of(home))
    # a loss may go unseen: segments are given back while the home is locked, and by other PCs
    today = times.to_stored(home.store.clock())[:10]
    choice = {_WHERE: where, _WHICH: sorted(handed), _LOOKED: today}
    if not handed or (not anew and kept_choices.kept_choice(home.store, _LAID) == choice):
        return
    place = home.store.context.home
    for transport in transports:
        there = set(transport.list(names.keys(place)))
        for digest, (epoch, text) in handed.items():
            name = names.key(place, epoch, digest)
            if name not in there:
                transport.put(name, text.encode("ascii"))
    kept_choices.keep_choice(home.store, _LAID, choice)


def _handed_on(standing: Standing) -> dict[str, tuple[str, str]]:
    """Return entries that give a key to PCs which belong, besides those that announced it.

    Args:
        standing: Who belongs.

    Returns:
        The name of the key and what was signed, by digest.
    """
    live = {pc.id for pc in standing.live_pcs}
    return {
        one.digest: (epoch, said.as_text(one.body))
        for one in standing.of(said.EPOCH)
        if (said.known_to(one.body) or said.only_opens(one.body))
        and said.sealed_of(one.body).keys() & live
        and names.is_epoch(epoch := str(one.body["id"]))
    }


class KeysLaid:
    """Keys that were laid there for this PC.

    Anybody who can write there may have laid one, so that each is only tried: it opens what was
    sealed with it, and what that is its own signature says.

    Args:
        home: The home.
        transports: The storages.
    """

    def __init__(self, home: OpenHome, transports: Sequence[Transport]) -> None:
        self._home = home
        self._transports = transports
        self._found: dict[str, list[bytes]] = {}

    def of(self, epoch: str) -> tuple[bytes, ...]:
        """Return what may be a key; empty if nobody laid one of that name there for this PC.

        Raises:
            Stopped: Nobody waits for the storage any more.
        """
        if epoch not in self._found and names.is_epoch(epoch):
            self._found[epoch] = []
            for transport in self._transports:
                try:
                    self._found[epoch] += self._looked_for(epoch, transport)
                except Stopped:
                    raise
                except UserError:
                    # with the next round; what needs no such key goes to and fro all the same
                    continue
        return tuple(self._found.get(epoch, ()))

    def _looked_for(self, epoch: str, transport: Transport) -> Iterator[bytes]:
        pin = belonging.pin_of(self._home)
        reading = Forbearing(transport)
        there = transport.list(names.keys_of(self._home.store.context.home, epoch))
        for name in filter(names.is_safe, there[:_MOST]):
            try:
                entry = said.read(pin, (reading.get(name) or b"").decode("ascii"))
            except (Refused, DamagedKeyFile, UnicodeDecodeError):
                continue
            if entry.kind == said.EPOCH and entry.body["id"] == epoch:
                key = belonging.opened_key(self._home, epoch, said.sealed_of(entry.body))
                if key is not None:
                    yield key
