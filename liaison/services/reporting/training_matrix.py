"""The facts of the training matrix, gathered for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.reports.training_matrix import SPEC, Facts
from liaison.services.training import matrix

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_UNNAMED: Final = "This home"


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The day, and whether staff are shown by their initials.
    """
    loaded = store.the("home")
    name = None if loaded is None else getattr(loaded.record, "name", None)
    return Facts(name or _UNNAMED, matrix(store, asked.on), asked.initials)
