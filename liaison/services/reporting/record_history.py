"""The facts of a record's history, gathered for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import all_specs
from liaison.reports.record_history import SPEC, Facts, Look, Save, Step
from liaison.services import audit
from liaison.services.references import Names
from liaison.store.audit import Asked as Wanted

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.services.audit_words import Step as Change
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_UNNAMED: Final = "This home"
_MOST_LOOKS: Final = 500
_PRIVATE: Final = "(not printed)"


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: Which record.

    Raises:
        UserError: No record was named, or it is not here.
    """
    if asked.subject is None:
        raise UserError(
            "Say whose or which record's history it is to be.",
            kept="Nothing was printed.",
            do="Choose one under About (on the command line: --for).",
            code="no-subject",
        )
    type_name, identity = asked.subject
    if store.get(type_name, identity) is None:
        raise UserError("This record is not here.", kept="Nothing was printed.", code="not-found")
    loaded = store.the("home")
    named = None if loaded is None else getattr(loaded.record, "name", None)
    looks = audit.lines(store, Wanted(record=asked.subject, accesses=True), limit=_MOST_LOOKS)
    return Facts(
        home=named or _UNNAMED,
        kind=all_specs()[type_name].label,
        title=Names(store).by_id(type_name, identity),
        saves=tuple(
            Save(
                line.at, line.who, line.pc, line.verb, line.reason,
                tuple(_step(type_name, step) for step in line.steps),
            )
            for line in audit.record_lines(store, type_name, identity)
        ),
        looks=tuple(
            Look(line.at, line.who, line.pc, line.verb, line.detail) for line in looks.lines
        ),
    )  # fmt: skip


def _step(type_name: str, change: Change) -> Step:
    """Return a step; of a private field, that it changed but not what it held."""
    field = all_specs()[type_name].by_name.get(change.name)
    if field is None or not field.sensitive:
        return Step(change.label, change.before, change.after)
    return Step(change.label, change.before and _PRIVATE, change.after and _PRIVATE)
