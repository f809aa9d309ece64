"""What a field is: the one declaration that every other part of Liaison reads.

A record type is a frozen dataclass whose annotations carry a *kind* (how a value is kept, typed and
shown) and a :class:`Field` (its label and duties)::

    @record("organisation", "Organisation", "Organisations", title=("name",))
    class Organisation(Record):
        name: Annotated[Text, Field("Name", required=True)] = None
        offers: Annotated[Refs, Field("Offers", of="service")] = ()

Tables, forms, lists, history, search, merge, import and export are derived from the resulting
:class:`RecordSpec`. Validation is separate from construction (see :mod:`liaison.records.check`), so
a half-filled draft and a row of an older version can always be held.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import (
    Annotated,
    Any,
    Final,
    TypeVar,
    cast,
    dataclass_transform,
    get_type_hints,
)

from liaison.records.kinds import MANY, SEARCHED, WHOLE_NUMBERS, Field, Flag, Kind, Ref, Text


@dataclasses.dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field as every other part of Liaison reads it; ``name`` is its permanent wire name."""

    name: str
    kind: Kind
    many: bool
    label: str
    required: bool
    sensitive: bool
    help: str
    target: str
    vocabulary: str
    choices: tuple[str, ...]
    searched: bool
    by_name: bool
    indexed: bool
    default: object
    section: str = ""
    rare: bool = False
    asked: bool = True
    ahead: bool = False
    distant: bool = False
    past: bool = False
    unit: str = ""

    @property
    def is_number(self) -> bool:
        """Whether its column holds integers."""
        return self.kind in WHOLE_NUMBERS


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What every record has. ``id`` is None until the record is first saved."""

    id: int | None = None
    archived: Annotated[Flag, Field("Archived", searched=False, asked=False)] = None
    struck_reason: Annotated[Text, Field("Struck through because", searched=False, asked=False)] = (
        None
    )
    merged_into: Annotated[Ref, Field("Merged into", of="self", indexed=True, asked=False)] = None

    @property
    def lives(self) -> bool:
        """Whether lists show it: neither archived nor merged into another record."""
        return not self.archived and self.merged_into is None


Find = Callable[[str, int], Record | None]
"""Look up a record by type and id; None if this home does not hold it (yet)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a record.

    Args:
        field: The wire name of the field to look at.
        message: One plain sentence that names the field by its label.
        blocks: Whether the record cannot be saved like this; otherwise it is a warning.
    """

    field: str
    message: str
    blocks: bool = True


def nothing_found(_type: str, _id: int) -> None:
    """Find no record: for checking one without a store."""


@dataclasses.dataclass(frozen=True, slots=True)
class Around:
    """What a rule may look at beside the record.

    Args:
        find: Looks up what the record refers to.
        today: The day it is checked on; None if that shall not matter.
        now: The moment it is checked at, where that is known more closely than the day.
    """

    find: Find = nothing_found
    today: dt.date | None = None
    now: dt.datetime | None = None


Rule = Callable[[Record, Around], Iterable[Problem]]
"""A check across the fields of one record."""


@dataclasses.dataclass(frozen=True, slots=True)
class RecordSpec:
    """One record type as every other part of Liaison reads it.

    Args:
        name: Its permanent wire name; also its table and its word on the command line.
        label: What a person calls one of them; ``plural`` several.
        cls: The dataclass, or None for a link type (the elements of a set).
        fields: Its own fields, then those every record has.
        title: The fields that, joined, name a record in a list; a reference stands for the title
            of what it points to.
        shows: The columns of a list until somebody chooses others; sorted by the first that is
            indexed.
        tells_apart: The fields that tell two of the same title apart (domain rule 8).
        events: Insert-only: a mistake is struck through by a later event, never edited.
        single: A home has exactly one.
        somebody: One of them is a person: they are spoken of as people are.
        timeline: The field (of this record, or ``reference.field`` of the record a reference
            points to) that says when it happened to its ``resident``; empty if nothing of it
            belongs on a resident's timeline.
        timeline_of: The reference whose record names that resident, where this one does not.
        rules: Checks across fields.
        owner: For a link type, the record type whose set it holds.
        owner_field: For a link type, that set's field name.
    """

    name: str
    label: str
    plural: str
    cls: type[Record] | None
    fields: tuple[FieldSpec, ...]
    title: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    tells_apart: tuple[str, ...] = ()
    events: bool = False
    single: bool = False
    somebody: bool = False
    timeline: str = ""
    timeline_of: str = ""
    rules: tuple[Rule, ...] = ()
    owner: str = ""
    owner_field: str = ""
    by_name: Mapping[str, FieldSpec] = dataclasses.field(default_factory=dict)
    columns: tuple[FieldSpec, ...] = ()
    sets: tuple[FieldSpec, ...] = ()

    def __post_init__(self) -> None:
        """Derive what is asked for often."""
        object.__setattr__(self, "by_name", MappingProxyType({f.name: f for f in self.fields}))
        object.__setattr__(self, "columns", tuple(f for f in self.fields if not f.many))
        object.__setattr__(self, "sets", tuple(f for f in self.fields if f.many))

    def link(self, field: str) -> str:
        """Return the wire name of the link type that holds a set's elements."""
        return f"{self.name}_{field}"


_COMMON: Final = ("archived", "struck_reason", "merged_into")
_SPECS: Final[dict[str, RecordSpec]] = {}
_BY_CLASS: Final[dict[type[Record], RecordSpec]] = {}
_R = TypeVar("_R", bound=type[Record])


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=())
def record(  # keyword arguments of one declaration, read as a sentence
    name: str,
    label: str,
    plural: str,
    *,
    title: tuple[str, ...],
    shows: tuple[str, ...] = (),
    tells_apart: tuple[str, ...] = (),
    events: bool = False,
    single: bool = False,
    somebody: bool = False,
    timeline: str = "",
    timeline_of: str = "",
    rules: tuple[Rule, ...] = (),
) -> Callable[[_R], _R]:
    """Declare a record type; see :class:`RecordSpec` for the arguments."""

    def declare(cls: _R) -> _R:
        made = dataclasses.dataclass(frozen=True, kw_only=True, slots=True)(cls)
        spec = RecordSpec(
            name=name,
            label=label,
            plural=plural,
            cls=made,
            fields=_field_specs(made, name),
            title=title,
            shows=shows,
            tells_apart=tells_apart,
            events=events,
            single=single,
            somebody=somebody,
            timeline=timeline,
            timeline_of=timeline_of,
            rules=rules,
        )
        _add(spec)
        _BY_CLASS[made] = spec
        for field in spec.sets:
            _add(_link_spec(spec, field))
        return cast("_R", made)

    return declare


def _add(spec: RecordSpec) -> None:
    if spec.name in _SPECS:
        message = f"two record types are called {spec.name}"
        raise ValueError(message)
    _SPECS[spec.name] = spec


def _field_specs(cls: type[Record], type_name: str) -> tuple[FieldSpec, ...]:
    hints = get_type_hints(cls, include_extras=True)
    defaults = {f.name: f.default for f in dataclasses.fields(cls)}
    names = [n for n in defaults if n not in (*_COMMON, "id")]
    specs: list[FieldSpec] = []
    section = ""
    for name in names:
        made = _field_spec(name, hints[name].__metadata__, defaults[name], type_name)
        section = made.section or section
        specs.append(dataclasses.replace(made, section=section))
    common = (_field_spec(n, hints[n].__metadata__, defaults[n], type_name) for n in _COMMON)
    return (*specs, *common)


def _field_spec(name: str, metadata: tuple[Any, ...], default: object, type_name: str) -> FieldSpec:
    kind = next(m for m in metadata if isinstance(m, Kind))
    field = next(m for m in metadata if isinstance(m, Field))
    fixed = field.of if isinstance(field.of, tuple) else ()
    named = field.of if isinstance(field.of, str) else ""
    target = (type_name if named == "self" else named) if kind is Kind.REF else ""
    return FieldSpec(
        name=name,
        kind=kind,
        many=MANY in metadata,
        label=field.label,
        required=field.required,
        sensitive=field.sensitive,
        help=field.help,
        target=target,
        vocabulary=named if kind is Kind.CHOICE else "",
        choices=fixed,
        searched=kind in SEARCHED if field.searched is None else field.searched,
        by_name=field.by_name,
        indexed=field.indexed,
        default=default,
        section=field.section,
        rare=field.rare,
        asked=field.asked,
        ahead=field.ahead,
        distant=field.distant,
        past=field.past,
        unit=field.unit,
    )


def _link_spec(owner: RecordSpec, field: FieldSpec) -> RecordSpec:
    """Return the type of a set's elements: one record for each owner and value."""
    common = tuple(f for f in owner.fields if f.name in _COMMON)
    name = owner.link(field.name)
    owner_field = _field_spec(
        "owner", (Kind.REF, Field(owner.label, required=True, of=owner.name, indexed=True)), None,
        name,
    )  # fmt: skip
    value = dataclasses.replace(
        field, name="value", many=False, required=True, default=None, indexed=field.kind is Kind.REF
    )
    merged = tuple(
        dataclasses.replace(f, target=name) if f.name == "merged_into" else f for f in common
    )
    return RecordSpec(
        name=name,
        label=f"{owner.label}: {field.label}",
        plural=f"{owner.label}: {field.label}",
        cls=None,
        fields=(owner_field, value, *merged),
        title=("value",),
        owner=owner.name,
        owner_field=field.name,
    )


def spec_of(record: Record | type[Record]) -> RecordSpec:
    """Return the declaration of a record or of its class."""
    return _BY_CLASS[record if isinstance(record, type) else type(record)]


def all_specs() -> Mapping[str, RecordSpec]:
    """Return every declared type by wire name, link types too, in the order of declaration."""
    return MappingProxyType(_SPECS)
