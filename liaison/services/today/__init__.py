"""The Today page: what happened, what is coming and what waits, for whoever looks at it.

It reads what is open by indexes over what closes it, so that it costs the same in a home of any age.
It states what the record says and never what to do clinically.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from liaison.services.today import happening, learning, waiting
from liaison.services.today.items import Item, Look, Section
from liaison.services.today.learning import Learned

if TYPE_CHECKING:
    from liaison.store.store import Store

__all__ = ["SHOWN_TO", "Item", "Learned", "Section", "Today", "today"]

_ALL: Final = tuple(Section)
SHOWN_TO: Final[Mapping[str, tuple[Section, ...]]] = {
    "manager": _ALL,
    "senior": _ALL,
    # what they raised, what they must do, who comes; others' training is not theirs to see
    "carer": (
        Section.ANSWERS, Section.COMING, Section.ACTIONS, Section.TRAINING, Section.VISITS,
    ),
    "reader": (Section.COMING, Section.VISITS),
}  # fmt: skip
"""The sections each role is shown, in their order on the page."""
_OWN_ALONE: Final = frozenset({"carer"})


@dataclasses.dataclass(frozen=True, slots=True)
class Today:
    """What the Today page shows.

    Args:
        day: The day.
        role: The role it is for.
        sections: The items of each section of that role, empty ones too; the most pressing first.
        learned: How the home stands with its required training; None for whom that is not.
    """

    day: dt.date
    role: str
    sections: Mapping[Section, tuple[Item, ...]]
    learned: Learned | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item, in the order of the page."""
        return tuple(item for items in self.sections.values() for item in items)

    @property
    def late(self) -> int:
        """How many things should have been done before."""
        return sum(item.late for item in self.items)

    def count(self, section: Section) -> int:
        """Return how many items a section has."""
        return len(self.sections.get(section, ()))


def today(store: Store, day: dt.date, *, role: str, staff: int | None = None) -> Today:
    """Return what there is to know and to do on a day.

    Args:
        store: The home.
        day: The day; ages are counted to it.
        role: The role of whoever looks, as in ``Person.role``.
        staff: The member of staff who looks; without it nothing is their own.

    Raises:
        ValueError: There is no such role.
    """
    if role not in SHOWN_TO:
        raise ValueError(f"There is no role {role!r}.")
    look = Look(store, day)
    own_alone = role in _OWN_ALONE
    return Today(
        day,
        role,
        {
            section: tuple(_items(look, section, staff, own_alone=own_alone))
            for section in SHOWN_TO[role]
        },
        learning.in_short(look) if Section.TRAINING in SHOWN_TO[role] and not own_alone else None,
    )


def _items(look: Look, section: Section, staff: int | None, *, own_alone: bool) -> list[Item]:
    if own_alone and staff is None and section in {Section.ACTIONS, Section.TRAINING}:
        # who they are among the staff is not recorded: everybody's would be the wrong answer
        return []
    own = staff if own_alone else None
    match section:
        case Section.ANSWERS:
            return [] if staff is None else waiting.answers(look, staff)
        case Section.COMING:
            return happening.coming(look)
        case Section.CONCERNS:
            return waiting.concerns(look)
        case Section.REVIEWS:
            return waiting.reviews(look)
        case Section.ACTIONS:
            return waiting.actions(look, own)
        case Section.RESULTS:
            return waiting.results(look)
        case Section.REFERRALS:
            return waiting.referrals(look)
        case Section.TRAINING:
            return learning.of_one(look, own) if own is not None else learning.of_all(look)
        case Section.VISITS:
            return happening.visits(look)
