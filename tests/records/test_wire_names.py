"""The names of types and fields are permanent: columns, change log, command line, exchange.

``tests/data/wire_names.txt`` was written from the record catalogue, not from the code. What it says
and what is declared must be the same, both ways.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Final

import pytest

from liaison.records import FieldSpec, Kind, RecordSpec, all_specs
from liaison.records.vocabularies import shipped

GOLDEN: Final = Path(__file__).parents[1] / "data" / "wire_names.txt"
COMMON: Final = "*"
_FIELD: Final = re.compile(
    r"  (?P<name>\w+): (?P<kind>\w+)(?:\((?P<of>[^)]*)\))?"
    r"(?P<duties>(?: required| sensitive| set)*)(?: = (?P<default>.*))?"
)


@dataclasses.dataclass(frozen=True)
class Named:
    """A field as the catalogue has it."""

    kind: str
    of: str = ""
    required: bool = False
    sensitive: bool = False
    many: bool = False
    default: str = ""


@dataclasses.dataclass
class NamedType:
    """A type as the catalogue has it."""

    nature: str
    fields: dict[str, Named]


def read_golden() -> dict[str, NamedType]:
    types: dict[str, NamedType] = {}
    for line in GOLDEN.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            name, nature = line.split(": ")
            assert name not in types
            types[name] = NamedType(nature, {})
            continue
        match = _FIELD.fullmatch(line)
        assert match, line
        duties = match["duties"].split()
        fields = types[next(reversed(types))].fields
        assert match["name"] not in fields
        fields[match["name"]] = Named(
            match["kind"],
            match["of"] or "",
            "required" in duties,
            "sensitive" in duties,
            "set" in duties,
            match["default"] or "",
        )
    return types


def nature_of(spec: RecordSpec) -> str:
    if spec.owner:
        return "link"
    if spec.events:
        return "events"
    return "one" if spec.single else "record"


def as_named(field: FieldSpec, own_type: str) -> Named:
    target = "itself" if field.name == "merged_into" and field.target == own_type else field.target
    default = "" if field.default in {None, ()} else str(field.default)
    return Named(
        field.kind.value,
        target or field.vocabulary or "|".join(field.choices),
        field.required,
        field.sensitive,
        field.many,
        "no" if field.default is False else default,
    )


CATALOGUE: Final = read_golden()
TYPES: Final = [name for name in CATALOGUE if name != COMMON]


def test_the_catalogue_was_read_whole() -> None:
    assert len(TYPES) == 43
    assert sum(len(named.fields) for named in CATALOGUE.values()) == 324


def test_every_type_is_declared_and_no_other() -> None:
    assert sorted(all_specs()) == sorted(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_a_type_has_just_the_fields_of_the_catalogue(name: str) -> None:
    spec = all_specs()[name]
    assert nature_of(spec) == CATALOGUE[name].nature
    declared = {field.name: as_named(field, name) for field in spec.fields}
    wanted = CATALOGUE[name].fields | CATALOGUE[COMMON].fields
    assert declared == wanted
    # the order of declaration is the order of forms and columns
    assert list(declared) == list(wanted)


def test_every_kind_of_the_catalogue_is_used_and_none_is_unknown() -> None:
    used = {field.kind for named in CATALOGUE.values() for field in named.fields.values()}
    assert used == {kind.value for kind in Kind}


def test_what_fields_point_to_exists() -> None:
    lists = shipped()
    for spec in all_specs().values():
        for field in spec.fields:
            if field.kind is Kind.REF:
                assert field.target in all_specs(), (spec.name, field.name)
            elif field.kind is Kind.CHOICE:
                assert lists.items(field), (spec.name, field.name)
                if field.default:
                    assert lists.knows(field, str(field.default)), (spec.name, field.name)
            else:
                assert (field.target, field.vocabulary, field.choices) == ("", "", ())


def test_the_instances_have_what_the_declarations_say() -> None:
    for spec in all_specs().values():
        if spec.cls is None:
            continue
        made = spec.cls()
        assert made.id is None
        for field in spec.fields:
            assert getattr(made, field.name) == field.default, (spec.name, field.name)


@pytest.mark.parametrize("name", TYPES)
def test_what_a_declaration_names_are_fields_of_it(name: str) -> None:
    spec = all_specs()[name]
    assert spec.title
    assert {*spec.title, *spec.tells_apart} <= spec.by_name.keys()
    if spec.timeline:
        names = all_specs()[spec.by_name[spec.timeline_of].target] if spec.timeline_of else spec
        assert "resident" in names.by_name
        parent, _, moment = spec.timeline.rpartition(".")
        holder = all_specs()[spec.by_name[parent].target] if parent else spec
        assert holder.by_name[moment].kind in {Kind.TIME, Kind.DATE}


@pytest.mark.parametrize("name", TYPES)
def test_labels_are_words_for_people(name: str) -> None:
    spec = all_specs()[name]
    labels = [field.label for field in spec.fields]
    assert len(set(labels)) == len(labels), "two fields of a form would look the same"
    for words in (spec.label, spec.plural, *labels):
        assert words[:1].isupper() or words[:1].isdigit()
        assert "_" not in words
        assert words == words.strip()
