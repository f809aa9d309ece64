"""What forms ask for, from the declarations."""

from __future__ import annotations

import itertools

import pytest

from liaison.records import Kind, all_specs
from liaison.ui.parts import plan

DECLARED = [name for name, spec in all_specs().items() if spec.cls is not None]


@pytest.mark.parametrize("name", DECLARED)
def test_a_form_asks_for_every_field_once_but_for_what_the_program_fills_in(name: str) -> None:
    spec = all_specs()[name]
    shown = [f.name for part in plan.sections(spec) for f in (*part.fields, *part.rare)]
    assert sorted(shown) == sorted(field.name for field in spec.fields if field.asked)
    assert not {"archived", "struck_reason", "merged_into"} & set(shown)


@pytest.mark.parametrize("name", DECLARED)
def test_a_heading_stands_over_one_stretch_of_fields_and_is_a_word_for_people(name: str) -> None:
    titles = [
        title
        for title, _ in itertools.groupby(
            field.section for field in all_specs()[name].fields if field.asked
        )
    ]
    assert len(set(titles)) == len(titles)
    assert all(title[:1].isupper() for title in titles if title)


@pytest.mark.parametrize("name", DECLARED)
def test_what_a_record_must_have_is_never_folded_away(name: str) -> None:
    spec = all_specs()[name]
    for field in spec.fields:
        assert not (field.required and field.rare), field.name
        if plan.may_add(spec) and field.required and not field.asked:
            assert field.name.endswith(("_type", "_id")), field.name


def test_what_is_not_for_somebody_is_not_asked_of_them() -> None:
    spec = all_specs()["contact"]
    names = [field.name for field in plan.asked(spec)]
    fewer = [field.name for field in plan.asked(spec, {"private_notes"})]
    assert "private_notes" in names
    assert fewer == [name for name in names if name != "private_notes"]


def test_people_add_what_the_program_does_not_keep_itself() -> None:
    refused = {name for name in DECLARED if not plan.may_add(all_specs()[name])}
    assert refused == {"home", "person", "pc", "membership", "access_event", "attachment"}


def test_a_contact_added_on_the_way_is_asked_for_a_name_and_a_phone_number() -> None:
    assert [field.name for field in plan.short(all_specs()["contact"])] == ["name", "phone"]
    short = [field.name for field in plan.short(all_specs()["organisation"])]
    assert short == ["name", "kind", "phone"]


def test_long_texts_and_sets_get_the_whole_width() -> None:
    spec = all_specs()["organisation"]
    wide = {field.name for field in spec.fields if plan.is_wide(field)}
    assert wide >= {"address", "offers", "criteria", "former_names"}
    assert not any(plan.is_wide(f) for f in spec.fields if f.kind is Kind.PHONE)
