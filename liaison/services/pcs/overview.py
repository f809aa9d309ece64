"""How the PCs of a home stand with each other, for people: who was heard from, what waits, why."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs
from liaison.records.rules.times import in_london
from liaison.services.pcs import belonging, removing, restored, standing
from liaison.store import history, outbox, segments
from liaison.sync import beating, names, shelf
from liaison.sync.shelf import Shelf

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.services.pcs.standing import Status
    from liaison.store.store import Store

QUIET_AFTER: Final = 2
"""Days after which a PC counts as quiet; one that has nothing to say says so once a day."""
_WRONG_CLOCK: Final = dt.timedelta(hours=1)


@dataclasses.dataclass(frozen=True, slots=True)
class PcSeen:
    """A PC of the home, as it is seen from this one.

    Args:
        id: The id of its record.
        name: What people call it.
        here: Whether it is this PC.
        heard: When it last gave a sign of life, or wrote what came here, by its own clock; None if
            it never did.
        quiet: For how many days nothing was heard of it.
        behind: Whether others have something of it that has not come here.
        program: Its version of Liaison, as it said; "" if it did not.
        ahead: Whether its clock is ahead of this PC's by more than an hour.
        packets: How many of its packets are kept on this PC.
        size: Their bytes.
        removed: When it was removed; None if it belongs.
    """

    id: int
    name: str
    here: bool
    heard: dt.datetime | None
    quiet: int = 0
    behind: bool = False
    program: str = ""
    ahead: bool = False
    packets: int = 0
    size: int = 0
    removed: dt.datetime | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether it should have been heard from."""
        return not self.here and self.removed is None and self.quiet >= QUIET_AFTER


@dataclasses.dataclass(frozen=True, slots=True)
class Overview:
    """How the PCs of a home stand with each other.

    Args:
        status: How the exchange stands.
        pcs: The PCs: this one, then by name; removed ones last.
        to_send: Saves made here that the storage has not.
        to_settle: Fields in which PCs differ.
        cut_off: Whether there are other PCs, and this one does not know where they meet.
    """

    status: Status
    pcs: tuple[PcSeen, ...]
    to_send: int
    to_settle: int
    cut_off: bool = False

    @property
    def quiet(self) -> tuple[PcSeen, ...]:
        """The PCs that should have been heard from."""
        return tuple(one for one in self.pcs if one.is_quiet)


def read(home: OpenHome, *, sizes: bool = False, settle: int | None = None) -> Overview:
    """Return how the PCs of a home stand with each other; the storage is not asked.

    Args:
        home: The open home; one that is open for reading will do.
        sizes: Whether to look up what is kept of each PC, a file at a time.
        settle: In how many fields PCs differ, if that is known: looking goes over every field.

    Raises:
        UserError: This PC's own disk would not go on.
    """
    store = home.store
    now = store.clock()
    settle = to_settle(store) if settle is None else settle
    said = {
        one.pc: str(segments.read_words(one.words).get("program", "")) for one in _newest(store)
    }
    behind = beating.behind(store, {one.id for one in belonging.standing_of(home).live_pcs})
    kept = _kept(home) if sizes else {}
    return Overview(
        standing.status(home, conflicts=settle),
        tuple(
            PcSeen(
                one.id, one.name, one.here, one.heard,
                quiet=0 if one.here else _days(one.heard or one.joined, now),
                behind=one.id in behind and not one.here and one.removed is None,
                program=said.get(one.id, ""),
                ahead=one.heard is not None and one.heard - now > _WRONG_CLOCK,
                packets=kept.get(one.id, (0, 0))[0],
                size=kept.get(one.id, (0, 0))[1],
                removed=one.removed,
            )
            for one in removing.everyone(home)
        ),
        to_send=to_send(store, home.unlocked.vault.pc.id or 0),
        to_settle=settle,
        cut_off=restored.is_cut_off(home),
    )  # fmt: skip


def to_send(store: Store, pc: int) -> int:
    """Return how many saves of this PC the storage has not.

    Args:
        store: The home.
        pc: This PC.
    """
    return outbox.saves_to_send(store, pc)


def to_settle(store: Store) -> int:
    """Return in how many fields PCs differ; elements of sets settle themselves."""
    return sum(all_specs()[one.type].cls is not None for one in history.conflicts(store))


def _newest(store: Store) -> list[segments.Heard]:
    return sorted(segments.heard(store), key=lambda one: (one.incarnation, one.counter))


def _kept(home: OpenHome) -> dict[int, tuple[int, int]]:
    """Return how many packets of each PC are kept here, and their bytes."""
    found: dict[int, tuple[int, int]] = {}
    if not (home.folder / shelf.FOLDER_NAME).is_dir():
        return found
    for name, size in Shelf(home.folder / shelf.FOLDER_NAME).sizes().items():
        hint = names.read_segment(name)
        if hint is not None:
            packets, total = found.get(hint.pc, (0, 0))
            found[hint.pc] = (packets + 1, total + size)
    return found


def _days(moment: dt.datetime | None, now: dt.datetime) -> int:
    if moment is None:
        return 0
    return max((in_london(now).date() - in_london(moment).date()).days, 0)
