"""Lists that a home already has: read, checked as by hand, taken in as one batch.

A file becomes a :class:`~liaison.exchange.sheets.Sheet`; :func:`preview` says what it would do;
:func:`carry_out` does it, all or nothing; ``undo`` takes the batch back. The rows that cannot come
in are kept as a file to correct.
"""

from liaison.services.importing.carrying_out import Outcome, carry_out, take_in
from liaison.services.importing.columns import CannotMap, Column, Columns, exchanged, fit, taken_in
from liaison.services.importing.planning import (
    Note,
    Plan,
    Rejected,
    Wishes,
    preview,
    refuse_type,
)
from liaison.services.importing.same import MAY_BE, Same, Several, Suggestion
from liaison.services.importing.slots import is_unborn
from liaison.services.importing.whole import Outdated

__all__ = [
    "MAY_BE",
    "CannotMap",
    "Column",
    "Columns",
    "Note",
    "Outcome",
    "Outdated",
    "Plan",
    "Rejected",
    "Same",
    "Several",
    "Suggestion",
    "Wishes",
    "carry_out",
    "exchanged",
    "fit",
    "is_unborn",
    "preview",
    "refuse_type",
    "take_in",
    "taken_in",
]
