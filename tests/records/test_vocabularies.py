"""The lists people choose from: shipped, and as the manager changed them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import pytest

from liaison.records import FieldSpec, all_specs
from liaison.records.vocabularies import Item, Vocabularies, shipped

CATALOGUE: Final = {
    "organisation_kind": (
        "GP practice, community nursing, pharmacy, hospital, hospice, therapy, mental health, "
        "dementia, falls, continence, social services, commissioner, ambulance, equipment, "
        "training provider, regulator, care home, voluntary, other"
    ),
    "professional_role": (
        "GP, district nurse, community matron, practice nurse, CPN, pharmacist, physiotherapist, "
        "occupational therapist, speech and language therapist, dietitian, podiatrist, optician, "
        "dentist, continence nurse, diabetes nurse, tissue viability nurse, palliative nurse, "
        "dementia specialist, falls specialist, social worker, commissioner, equipment adviser, "
        "trainer, inspector, receptionist, manager, other"
    ),
    "visit_kind": "visit, round, clinic, phone, video, out of hours, assessment",
    "job_role": (
        "manager, deputy manager, nurse, senior carer, care assistant, activities, cook, "
        "housekeeper, maintenance, administrator, other"
    ),
    "team": "days, nights, kitchen, housekeeping, office",
    "lead_role": (
        "continence, dementia, dignity, end of life, falls, infection control, medication, "
        "moving and handling, nutrition, oral health, safeguarding, wound care"
    ),
}
"""As the record catalogue has them."""

FIELDS: Final[dict[str, FieldSpec]] = {
    field.vocabulary: field
    for spec in all_specs().values()
    for field in spec.fields
    if field.vocabulary
}
TEAM: Final = FIELDS["team"]
CATEGORY: Final = FIELDS["workforce_category"]
COVER: Final = all_specs()["contact"].by_name["cover"]


def values(words: Vocabularies, field: FieldSpec) -> list[str]:
    return [item.value for item in words.items(field)]


def test_just_the_lists_of_the_catalogue_are_used() -> None:
    assert FIELDS.keys() == {*CATALOGUE, "workforce_category"}


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_shipped_list_is_the_catalogues(name: str) -> None:
    assert ", ".join(values(shipped(), FIELDS[name])) == CATALOGUE[name]
    assert not any(item.retired for item in shipped().items(FIELDS[name]))


def test_workforce_categories_are_codes_with_names() -> None:
    items = shipped().items(CATEGORY)
    assert Item("6", "Fire safety") in items
    assert all(item.value.isdigit() and item.label[0].isupper() for item in items)
    assert len({item.value for item in items}) == len(items)
    file = Path(__file__).parents[2] / "resources" / "workforce_categories.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = [(row["bulk_upload_code"], row["category"]) for row in csv.DictReader(lines)]
    assert [(item.value, item.label) for item in items] == rows


def test_labels_begin_with_a_capital_and_are_no_more_than_the_value() -> None:
    assert shipped().label(TEAM, "days") == "Days"
    assert shipped().label(FIELDS["professional_role"], "CPN") == "CPN"
    assert shipped().label(COVER, "out of hours") == "Out of hours"
    assert shipped().label(CATEGORY, "6") == "Fire safety"
    assert shipped().label(TEAM, "a word of a newer version") == "a word of a newer version"


def test_fixed_choices_are_a_list_too() -> None:
    assert shipped().items(COVER) == (
        Item("in hours", "In hours"),
        Item("out of hours", "Out of hours"),
        Item("both", "Both"),
    )
    assert shipped().knows(COVER, "both")
    assert not shipped().knows(COVER, "Both")


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (COVER, "OUT OF HOURS", "out of hours"),
        (COVER, " both ", "both"),
        (CATEGORY, "6", "6"),
        (CATEGORY, "FIRE SAFETY", "6"),
        (FIELDS["professional_role"], "cpn", "CPN"),
    ],
)
def test_a_choice_is_meant_by_value_or_label_in_any_case(
    field: FieldSpec, typed: str, value: str
) -> None:
    assert shipped().match(field, typed) == value


def test_a_value_wins_over_the_label_of_another() -> None:
    words = shipped().extended([("team", "early", "Days", None, False)])
    assert words.match(TEAM, "days") == "days"
    assert words.match(TEAM, "early") == "early"


# ---- what the manager changed

ADDED: Final = ("team", "bank staff", "Bank staff", None, False)


def test_an_addition_stands_at_the_end_and_is_offered() -> None:
    words = shipped().extended([ADDED])
    assert values(words, TEAM) == [*values(shipped(), TEAM), "bank staff"]
    assert words.match(TEAM, "BANK STAFF") == "bank staff"
    assert words.knows(TEAM, "bank staff")
    assert "bank staff" in words.unknown(TEAM, "bnak staf")


def test_the_shipped_lists_stay_as_they_are() -> None:
    before = values(shipped(), TEAM)
    shipped().extended([ADDED, ("team", "days", "Early shift", 3, True)])
    assert values(shipped(), TEAM) == before
    assert shipped().label(TEAM, "days") == "Days"


def test_a_renaming_keeps_the_value_and_the_place() -> None:
    words = shipped().extended([("team", "nights", "Night shift", None, False)])
    assert values(words, TEAM) == values(shipped(), TEAM)
    assert words.label(TEAM, "nights") == "Night shift"
    assert words.match(TEAM, "night shift") == "nights"
    assert words.match(TEAM, "nights") == "nights"


def test_a_retired_choice_stays_readable_stands_last_and_is_not_offered() -> None:
    words = shipped().extended([("team", "days", "Days", None, True)])
    assert values(words, TEAM)[-1] == "days"
    assert words.items(TEAM)[-1].retired
    assert words.knows(TEAM, "days")
    assert words.label(TEAM, "days") == "Days"
    assert "days" not in words.unknown(TEAM, "dyas")


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (0, ["new", "days", "nights", "kitchen", "housekeeping", "office"]),
        (2, ["days", "nights", "new", "kitchen", "housekeeping", "office"]),
        (99, ["days", "nights", "kitchen", "housekeeping", "office", "new"]),
        (None, ["days", "nights", "kitchen", "housekeeping", "office", "new"]),
    ],
)
def test_a_position_is_the_place_from_nought(position: int | None, expected: list[str]) -> None:
    words = shipped().extended([("team", "new", "New", position, False)])
    assert values(words, TEAM) == expected


def test_a_shipped_choice_may_be_moved() -> None:
    words = shipped().extended([("team", "office", "Office", 0, False)])
    assert values(words, TEAM) == ["office", "days", "nights", "kitchen", "housekeeping"]


def test_of_two_changes_to_one_choice_the_later_stands() -> None:
    """Two PCs may have added the same word: it is listed once."""
    words = shipped().extended([ADDED, ("team", "bank staff", "Bank", None, False)])
    assert values(words, TEAM).count("bank staff") == 1
    assert words.label(TEAM, "bank staff") == "Bank"


def test_what_was_not_given_is_none_in_the_database() -> None:
    """A row may come from another PC, half-filled or with the flag never set."""
    words = shipped().extended([
        ("team", "bank staff", None, None, None),
        ("team", "days", "Days", None, True),
        ("team", None, "Nobody", None, None),
        (None, "x", "X", None, None),
    ])  # fmt: skip
    assert values(words, TEAM) == [
        "nights", "kitchen", "housekeeping", "office", "bank staff", "days",
    ]  # fmt: skip
    assert words.label(TEAM, "bank staff") == "Bank staff"
    assert words.match(TEAM, "Bank Staff") == "bank staff"


def test_a_list_of_a_newer_version_is_kept() -> None:
    words = shipped().extended([("weather", "rain", "Rain", None, False)])
    assert values(words, TEAM) == values(shipped(), TEAM)


def test_many_near_ones_are_not_all_told() -> None:
    message = shipped().unknown(CATEGORY, "care")
    assert message.startswith("Workforce category: 'care' is not one of the choices. Near ones: ")
    assert message.count(",") <= 12
    assert message.endswith(", ...")
    assert "Dementia care" in message


def test_what_was_typed_is_cut_in_the_message() -> None:
    assert len(shipped().unknown(TEAM, "x" * 10_000)) < 300
