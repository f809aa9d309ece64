"""The facts of the blank forms: their labels and choices are those of the records themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.records import Kind, all_specs
from liaison.reports.blank_forms import SPEC, Box, Facts, Form
from liaison.services.reporting.open_loops import home_name

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_ABOUT: Final = "Write so that somebody else can type it in, and then keep it or shred it safely."
#: By form: rows of fields, each ``type.field`` with the lines it has and its share of the row.
_FORMS: Final[tuple[tuple[str, tuple[tuple[tuple[str, int, int], ...], ...]], ...]] = (
    (
        "visit",
        (
            (("visit.at", 1, 2), ("visit.left_at", 1, 1)),
            (("visit.professional", 1, 1), ("visit.organisation", 1, 1)),
            (("visit.kind", 1, 1),),
            (("visit.urgency", 1, 1), ("visit.id_checked", 1, 1)),
            (("resident.name", 1, 3), ("resident.room", 1, 1), ("resident.date_of_birth", 1, 2)),
            (("visit_entry.raised", 2, 1),),
            (("visit_entry.found", 5, 1),),
            (("visit_entry.plan_changed", 1, 1), ("visit_entry.family_informed", 1, 1)),
            (("visit_entry.medicines_changed", 1, 1), ("visit_entry.pharmacy_told", 1, 1)),
            (("visit_entry.voice", 2, 1),),
            (("action.what", 2, 3), ("action.owner_staff", 2, 2), ("action.due", 2, 1)),
        ),
    ),
    (
        "concern",
        (
            (("resident.name", 1, 3), ("resident.room", 1, 1), ("resident.date_of_birth", 1, 2)),
            (("concern.raised_by", 1, 1), ("concern.raised_at", 1, 1)),
            (("concern.urgency", 1, 1), ("concern.kind", 1, 1)),
            (("concern.situation", 4, 1),),
            (("concern.background", 2, 1),),
            (("concern.assessment", 2, 1),),
            (("concern.asking", 2, 1),),
            (("concern.route", 1, 1),),
            (("concern.routed_to", 1, 1),),
            (("concern.answer", 2, 1),),
            (("concern.answered_by", 1, 1), ("concern.answered_at", 1, 1)),
            (("concern.outcome", 1, 1),),
        ),
    ),
    (
        "transfer",
        (
            (("resident.name", 1, 3), ("resident.room", 1, 1), ("resident.date_of_birth", 1, 2)),
            (("transfer.direction", 1, 1),),
            (("transfer.at", 1, 1), ("transfer.place", 1, 2), ("transfer.ward", 1, 1)),
            (("transfer.planned", 1, 1), ("transfer.end_of_life", 1, 1)),
            (("transfer.cause", 3, 1),),
            (("transfer.summary", 1, 1), ("transfer.medicines", 1, 1)),
            (("transfer.equipment", 1, 1), ("transfer.transport", 1, 1)),
            (("transfer.rang_us", 1, 1),),
            (("transfer.problems", 3, 1),),
            (("transfer.reviewed_on", 1, 1), ("transfer.review", 2, 3)),
        ),
    ),
)
_SIGNED: Final = (Box("Written by", share=2), Box("Day and time"), Box("Typed in by", share=2))


def gather(store: Store, asked: Asked) -> Facts:  # noqa: ARG001  # every report's gather takes it
    """Return the forms.

    Args:
        store: The home, whose own words the choices have.
        asked: Nothing is asked for.
    """
    return Facts(
        home_name(store),
        tuple(
            Form(
                all_specs()[name].label,
                _ABOUT,
                (*(tuple(_box(store, *part) for part in row) for row in rows), _SIGNED),
            )
            for name, rows in _FORMS
        ),
    )


def _box(store: Store, path: str, lines: int, share: int) -> Box:
    type_name, _, field_name = path.partition(".")
    spec = all_specs()[type_name]
    field = spec.by_name[field_name]
    # "Name" alone would not say whose
    label = spec.label if type_name == "resident" and field_name == "name" else field.label
    if type_name == "action":
        label = {"what": spec.label}.get(field_name, label)
    if field.kind is Kind.BOOL:
        return Box(label, choices=("Yes", "No"), share=share)
    if field.kind is Kind.CHOICE:
        words = store.vocabularies
        return Box(
            label,
            choices=tuple(item.label for item in words.items(field) if not item.retired),
            share=share,
        )
    return Box(label, lines, share=share)
