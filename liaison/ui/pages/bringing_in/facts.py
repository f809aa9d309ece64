"""What the page of lists shows, read and put into words off the window's thread."""

from __future__ import annotations

import dataclasses
import enum
import gc
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liaison.exchange.formulas import unguard
from liaison.exchange.ods import is_ods
from liaison.exchange.reading import FileKind, kind_of, read_list, sheet_names
from liaison.records import FieldSpec, Record, RecordSpec, all_specs
from liaison.records.showing import show
from liaison.services import importing
from liaison.services.importing import MAY_BE, Plan, Same, Several, Suggestion, Wishes
from liaison.services.references import Names
from liaison.store.store import collector_paused
from liaison.ui.parts import plan as fields
from liaison.ui.parts.asking_files import opened_to_read

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.job import Progress

_COMMON: Final = ("resident", "staff", "contact", "organisation", "course", "training_record")
"""What homes keep in lists, the most usual first."""
_SAMPLED: Final = 14
FIRST_ROWS: Final = 200
"""So many rows of a long list are shown at once, while the others are looked through."""
_LONGEST: Final = 160
_BELOW: Final = 4
_ID: Final = re.compile(r" [0-9A-HJKMNP-TV-Z]{13}\b")


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a file.

    Args:
        file: The file.
        kind: What it is; None for the NHS's list of practices, which is for another page.
        sheets: The sheets of a workbook that can be chosen from.
        sheet: The one that was read.
        rows: Its first rows that hold anything.
    """

    file: Path
    kind: FileKind | None
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


class What(enum.Enum):
    """What becomes of a row; the value is the state it is painted as."""

    REJECTED = "late"
    SAME = "due"
    NOTED = "info"
    NEW = "ok"
    CHANGED = "none"


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line of what will happen.

    Args:
        what: What becomes of it.
        title: What it is about.
        below: What is said of it.
        row: The row's number; None if it is not said.
        suggestion: What the row may be the same as.
        several: What it may be, if somebody must say which before it can come in.
        entry: What a row is called in the file: "row" or "card".
    """

    what: What
    title: str
    below: str
    row: int | None = None
    suggestion: Suggestion | None = None
    several: Several | None = None
    entry: str = "row"

    @property
    def where(self) -> str:
        """Where it stands in the file: "row 2"; empty if that is not said."""
        return "" if self.row is None else f"{self.entry} {self.row:,}"

    @property
    def asks(self) -> bool:
        """Whether a person can say more about it."""
        return self.suggestion is not None or self.several is not None


@dataclasses.dataclass(frozen=True, slots=True)
class Looked:
    """What taking a file in would do.

    Args:
        plan: The plan.
        lines: It in words, by what becomes of the rows.
        places: The kinds of organisation that can be made for people of the list, with their words;
            none if it says nothing of where they work.
        is_part: Whether only its first rows were looked through, and there are more.
    """

    plan: Plan
    lines: Mapping[What, Sequence[Line]]
    places: tuple[tuple[str, str], ...] = ()
    is_part: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Choosable:
    """A field in which a row and what is known differ.

    Args:
        name: The field's name.
        label: Its label.
        ours: What is known, as a person reads it; empty for nothing.
        theirs: What the row says.
    """

    name: str
    label: str
    ours: str
    theirs: str


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """A row beside what it may be the same as.

    Args:
        suggestion: The two.
        ours: The name of what is known.
        theirs: The name that the row gives.
        fields: In what they differ.
        alike: In what they do not, as "Phone 01632 960201".
    """

    suggestion: Suggestion
    ours: str
    theirs: str
    fields: tuple[Choosable, ...]
    alike: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Candidates:
    """A row with what it may be.

    Args:
        where: Where the row stands: "row 2".
        row: The row's number.
        title: The name that the row gives.
        said: What else it gives, in words; may be empty.
        by: By what it may be more than one.
        several: What it may be, in words that tell them apart, each beside the row.
    """

    where: str
    row: int
    title: str
    said: str
    by: str
    several: tuple[tuple[str, Suggestion], ...]


def kinds() -> list[tuple[object, str]]:
    """Return the record types that lists are made of, the most usual first."""
    place = {name: number for number, name in enumerate(_COMMON)}
    found = [(name, spec.plural) for name, spec in all_specs().items() if fields.may_add(spec)]
    found.sort(key=lambda one: (place.get(one[0], len(_COMMON)), one[1].casefold()))
    return [(name, words) for name, words in found]


def likely_type(sample: Sample) -> str | None:
    """Return the type that the headings fit best, of several alike the most usual; None if none."""
    names = [str(name) for name, _ in kinds()]
    best, found = None, (0, 0)
    for row in sample.rows:
        for name in names:
            how = importing.fit(all_specs()[name], row)
            if how[0] and (best is None or how > found):
                best, found = name, how
        if best is not None:
            # headings stand above what they head
            return best
    return None


def look_into(file: Path, sheet: str = "") -> Sample:
    """Return the beginning of a file.

    Args:
        file: The file.
        sheet: Of a workbook the sheet; its first one if empty.

    Raises:
        UserError: It cannot be read, or is no list.
    """
    with opened_to_read(file) as opened:
        if is_ods(opened):
            return Sample(file, None)
        opened.seek(0)
        kind = kind_of(opened)
        opened.seek(0)
        sheets = tuple(sheet_names(opened)) if kind is FileKind.XLSX else ()
        opened.seek(0)
        rows = read_list(opened, sheet=sheet).rows
        cells = (
            tuple(unguard(cell) for cell in row.cells)
            for row in rows
            if not row.is_blank and not row.problem
        )
        shown = sheet or (sheets[0] if sheets else "")
        return Sample(file, kind, sheets, shown, tuple(islice(cells, _SAMPLED)))


def look_through(
    home: OpenHome,
    type_name: str,
    sample: Sample,
    wishes: Wishes,
    tell: Progress,
    *,
    most: int | None = None,
) -> Looked:
    """Return what taking a file in would do; nothing is written.

    Args:
        home: The home.
        type_name: What its rows are.
        sample: The beginning of the file.
        wishes: How to read it.
        tell: Told from time to time how far it is.
        most: Only so many of its first rows are looked through; None for all.

    Raises:
        UserError: It cannot be read, or not as it is wished.
    """
    with opened_to_read(sample.file) as opened, collector_paused():
        organisations = type_name == "organisation"
        sheet = read_list(opened, sheet=sample.sheet, organisations=organisations)
        rows = (row for row in sheet.rows if not row.is_blank)
        first = None if most is None else most + wishes.has_headings
        begun = dataclasses.replace(sheet, rows=islice(rows, first))
        plan = importing.preview(home, type_name, begun, wishes, tell=tell)
        is_part = next(rows, None) is not None
        looked = Looked(plan, _lines(home.store, plan, tell), _places(home.store, plan), is_part)
        # no garbage, and much: the collector, which stops every thread, is not to go over it
        gc.freeze()
        return looked


def _places(store: Store, plan: Plan) -> tuple[tuple[str, str], ...]:
    spec = all_specs()["post"].by_name["organisation"]
    if plan.type != "contact" or spec not in plan.columns.used:
        return ()
    kind = all_specs()["organisation"].by_name["kind"]
    items = store.vocabularies.items(kind)
    return tuple((item.value, item.label) for item in items if not item.retired)


# ---- in words


def _lines(store: Store, plan: Plan, tell: Progress) -> dict[What, list[Line]]:
    names = Names(store)
    words = _Words(store, names, all_specs()[plan.type])
    alike = {one.row for one in plan.suggestions}
    asked = {one.row for one in plan.several}
    seen: set[int] = set()
    same = [_several_line(one) for one in plan.several]
    for one in plan.suggestions:
        if one.row not in seen:
            # the likeliest comes first; the others are about the same row
            seen.add(one.row)
            same.append(_same_line(names, plan.type, one))
    return {
        What.REJECTED: [
            Line(
                What.REJECTED, _joined(one.cells), _plain(" ".join(one.problems)), one.row,
                entry=plan.entry,
            )
            for one in plan.rejected
            if one.row not in asked
        ],
        What.SAME: same,
        What.NOTED: _noted(plan, alike),
        What.CHANGED: [
            Line(What.CHANGED, words.title(one.record), words.changes(one.loaded.record, one.record))
            for one in _checked(plan.corrections, tell)
        ],
        What.NEW: [
            Line(What.NEW, words.title(one.record), words.below(one.record))
            for one in _checked(plan.births, tell)
        ],
    }  # fmt: skip


def _noted(plan: Plan, alike: Container[int]) -> list[Line]:
    """Return what is said about rows, a line each; what a suggestion says is left out."""
    notes: dict[int, list[str]] = {}
    names: dict[int, str] = {}
    for note in plan.notes:
        if not (note.row in alike and note.text.startswith(MAY_BE)):
            notes.setdefault(note.row, []).append(note.text)
            names[note.row] = note.about or f"{plan.entry.capitalize()} {note.row:,}"
    return [
        Line(What.NOTED, names[row], " ".join(said), row, entry=plan.entry)
        for row, said in notes.items()
    ]


def _checked(items: Sequence[Any], tell: Progress) -> Iterator[Any]:
    for number, item in enumerate(items):
        if number % 500 == 0:
            tell(number, len(items), "Putting it into words")
        yield item


def _plain(words: str) -> str:
    """Return words without the ids that are meant for the file of rejected rows."""
    return _ID.sub("", words)


def _joined(cells: Sequence[str]) -> str:
    text = ", ".join(" ".join(unguard(cell[:_LONGEST]).split()) for cell in cells if cell.strip())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."


def _same_line(names: Names, type_name: str, one: Suggestion) -> Line:
    name = _called(one)
    if one.record is not None:
        other = f"{names.by_id(type_name, one.record)}, known already"
    else:
        other = f"{one.entry} {one.other_row:,}: {one.other.get('name') or 'no name'}"
    return Line(
        What.SAME, f"{name} may be {other}", _sentence(one.reasons), one.row, one, entry=one.entry
    )  # fmt: skip


def _several_line(one: Several) -> Line:
    name = _called(one)
    count = len(one.records) + len(one.other_rows)
    return Line(
        What.SAME,
        f"{name} may be any of {count}",
        f"Say which one; until then the {one.entry} is left out. They agree by {one.by}.",
        one.row,
        several=one,
        entry=one.entry,
    )


def _called(one: Suggestion | Several) -> str:
    """Return the name that a row gives, or where it stands."""
    return str(one.given.get("name") or f"{one.entry.capitalize()} {one.row:,}")


def _sentence(parts: Sequence[str]) -> str:
    said = " and ".join(parts)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


class _Words:
    """A record's words; what it refers to may be a record the list makes."""

    def __init__(self, store: Store, names: Names, spec: RecordSpec) -> None:
        self._store = store
        self._names = names
        self._spec = spec
        self._shown = [
            spec.by_name[name]
            for name in dict.fromkeys((*spec.shows, "phone", "email", "room", "date_of_birth"))
            if name in spec.by_name and name not in spec.title
        ]

    def value(self, field: FieldSpec, value: object) -> str:
        return show(field, value, vocabularies=self._store.vocabularies, name=self._name)

    def _name(self, target: str, identity: int) -> str:
        return "(in this list)" if importing.is_unborn(identity) else self._names.by_id(
            target, identity
        )  # fmt: skip

    def title(self, record: Record) -> str:
        parts = (
            self.value(self._spec.by_name[name], getattr(record, name))
            for name in self._spec.title
            if name in self._spec.by_name
        )
        return _joined([part for part in parts if part]) or self._spec.label

    def below(self, record: Record) -> str:
        found = []
        for field in self._shown:
            value = getattr(record, field.name)
            if value != field.default and (said := self.value(field, value)):
                found.append(f"{field.label}: {said}")
            if len(found) == _BELOW:
                break
        return _joined(found)

    def changes(self, before: Record, after: Record) -> str:
        found = []
        for field in self._spec.fields:
            was, now = getattr(before, field.name), getattr(after, field.name)
            if was != now:
                said = self.value(field, was)
                found.append(
                    f"{field.label}: {said} becomes {self.value(field, now)}"
                    if said
                    else f"{field.label}: {self.value(field, now)}"
                )
        return "; ".join(found)[: 2 * _LONGEST]


def pair(type_name: str, one: Suggestion) -> Callable[[Store], Pair]:
    """Return what reads a row beside what it may be the same as.

    Args:
        type_name: The record type.
        one: The two.
    """

    def read(store: Store) -> Pair:
        names = Names(store)
        spec = all_specs()[type_name]
        words = _Words(store, names, spec)
        record = None if one.record is None else store.get(type_name, one.record)
        differ: list[Choosable] = []
        alike: list[str] = []
        for name, value in one.given.items():
            field = spec.by_name[name]
            known = one.other.get(name) if record is None else getattr(record, name)
            ours, theirs = words.value(field, known), words.value(field, value)
            if ours == theirs:
                alike.append(f"{field.label}: {theirs}")
            else:
                differ.append(Choosable(name, field.label, ours, theirs))
        of = f"{one.entry} {one.other_row:,}" if record is None else names.of(record)
        ours_name = str(one.other.get("name") or of) if record is None else of
        return Pair(
            one, ours_name, str(one.given.get("name") or ""), tuple(differ), tuple(alike)
        )  # fmt: skip

    return read


def candidates(type_name: str, one: Several) -> Callable[[Store], Candidates]:
    """Return what reads what a row may be, if that is more than one.

    Args:
        type_name: The record type.
        one: The row.
    """

    def read(store: Store) -> Candidates:
        names = Names(store)
        spec = all_specs()[type_name]
        words = _Words(store, names, spec)
        reasons = (f"the same {one.by.lower()}",)
        found = []
        for identity in one.records:
            record = store.get(type_name, identity)
            if record is None:
                continue
            told, title = names.of(record), words.title(record)
            if told == title and (more := words.below(record)):
                # nothing tells it apart yet
                told = f"{title} · {more}"
            found.append((told, Suggestion(one.row, identity, None, 1.0, reasons, one.given)))
        found += [
            (
                f"The same as {one.entry} {row:,}",
                Suggestion(one.row, None, row, 1.0, reasons, one.given, entry=one.entry),
            )
            for row in one.other_rows
        ]
        said = [
            f"{spec.by_name[name].label}: {words.value(spec.by_name[name], value)}"
            for name, value in one.given.items()
            if name not in spec.title
        ]
        where = f"{one.entry} {one.row:,}"
        return Candidates(where, one.row, _called(one), _joined(said), one.by, tuple(found))

    return read


def gaps(type_name: str, alike: Sequence[Suggestion]) -> Callable[[Store], list[Same]]:
    """Return what reads how rows are merged with the records they may be, filling gaps alone.

    Args:
        type_name: The record type.
        alike: The rows with the records; those with other rows are left out.
    """

    def read(store: Store) -> list[Same]:
        found = []
        for one in alike:
            record = None if one.record is None else store.get(type_name, one.record)
            if record is not None:
                empty = (name for name in one.given if getattr(record, name) in {None, ()})
                found.append(said_same(one, frozenset(empty)))
        return found

    return read


def said_same(one: Suggestion, take: frozenset[str]) -> Same:
    """Return what a person says who holds a row for what it may be the same as.

    Args:
        one: The two.
        take: The fields in which the row is right.
    """
    return Same(one.row, record=one.record, other_row=one.other_row, take=take)
