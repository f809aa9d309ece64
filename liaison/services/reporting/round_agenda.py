"""The facts of a round's agenda, gathered for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records.rules.rounds import Mark as Stands
from liaison.records.rules.times import in_london
from liaison.reports.kit.marks import Mark
from liaison.reports.round_agenda import SPEC, Facts, Item
from liaison.services.rounds.agenda import agenda
from liaison.services.rounds.planning import coming

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.services.rounds.agenda import Agenda
    from liaison.store.store import Store

__all__ = ["SPEC", "gather", "named", "read"]

_UNNAMED: Final = "This home"
_MARKS: Final = {Stands.OPEN: Mark.OPEN, Stands.DUE: Mark.SOON, Stands.PAST: Mark.PAST}


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the agenda shows.

    Args:
        store: The home.
        asked: The round; the next one without it.

    Raises:
        UserError: It is not here, or none is planned.
    """
    found = read(store, asked)
    sitting = found.sitting
    return Facts(
        home=named(store),
        round=sitting.name,
        at=in_london(sitting.at),
        who=", ".join(part for part in (sitting.who, sitting.place) if part),
        note=sitting.note,
        items=tuple(
            Item(
                kind=line.kind.value,
                name="" if line.whom is None else line.whom.name,
                apart="" if line.whom is None else line.whom.apart,
                age=line.age,
                mark=_MARKS[line.mark],
                question=line.question,
                why=line.why,
            )
            for line in found.lines
        ),
    )


def read(store: Store, asked: Asked) -> Agenda:
    """Return the agenda that is asked for; that of the next round if none is named.

    Raises:
        UserError: It is not here, or none is planned.
    """
    if asked.subject is not None:
        return agenda(store, asked.subject[1])
    planned = coming(store, limit=1)
    if not planned:
        raise UserError(
            "No round is planned.",
            kept="Nothing was printed.",
            do="Plan one on the page Rounds, or say which one it is about.",
            code="no-round",
        )
    return agenda(store, planned[0].sitting.id)


def named(store: Store) -> str:
    """Return the home's name."""
    loaded = store.the("home")
    return (None if loaded is None else getattr(loaded.record, "name", None)) or _UNNAMED
