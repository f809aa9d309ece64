"""Where two values can both stand."""

from __future__ import annotations

import pytest

from liaison.records import all_specs
from liaison.records.rules.both import both

FOUND = all_specs()["visit_entry"].by_name["found"]
NAME = all_specs()["resident"].by_name["name"]
ROOM = all_specs()["resident"].by_name["room"]


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        (("Healing well", "Dressing changed"), "Healing well\n\nDressing changed"),
        (("Healing", "Healing well", "Dressing changed"), "Healing well\n\nDressing changed"),
        # one says all that the other says
        (("Healing", "Healing well"), None),
        (("Healing", "Healing "), None),
        (("Healing", None), None),
        ((), None),
    ],
)
def test_two_long_texts_are_kept_one_after_the_other(
    values: tuple[object, ...], kept: str | None
) -> None:
    assert both(FOUND, values) == kept


@pytest.mark.parametrize("field", [NAME, ROOM])
def test_of_two_names_or_rooms_one_is_right(field: object) -> None:
    assert both(field, ("12", "14")) is None  # type: ignore[arg-type]  # a field of a declaration
