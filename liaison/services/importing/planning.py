"""What an import would do, worked out without writing anything."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from liaison.exchange.sheets import Row, Sheet
from liaison.records import FieldSpec, Problem, RecordSpec, all_specs
from liaison.records.parsing import Unreadable
from liaison.security.roles import Action
from liaison.services import editing
from liaison.services.importing.cells import CellReader, Draft, reader
from liaison.services.importing.columns import (
    CannotMap,
    Columns,
    exchanged,
    field_named,
    fit,
    match,
)
from liaison.services.importing.filling import Birth, Correction, Filling
from liaison.services.importing.matching import Matcher
from liaison.services.importing.posts import PostReader, Posts
from liaison.services.importing.referring import References
from liaison.services.importing.rejects import problems_heading
from liaison.services.importing.same import Same, Several, Suggestion
from liaison.services.importing.telling import READING, STEP, Tell, drain, untold
from liaison.services.references import resolve
from liaison.store.position import position
from liaison.store.store import collector_paused

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome

_LONGEST_PROBLEM: Final = 400
_MOST_ABOVE: Final = 10
_FEWEST_KNOWN: Final = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody wants a file to be read.

    Args:
        columns: Pairs of a column (its heading, or its number from 1) and a field; an empty field
            leaves the column out. Columns that are not named are matched by their headings.
        has_headings: Whether the first row has the headings.
        fixed: Pairs of a field and the text that stands in it for every row.
        new_organisations: In a list of people, the kind of organisation to make where one is named
            that is not in the directory; empty to make none.
        same: Rows of which somebody said what they are the same as.
    """

    columns: tuple[tuple[str, str], ...] = ()
    has_headings: bool = True
    fixed: tuple[tuple[str, str], ...] = ()
    new_organisations: str = ""
    same: tuple[Same, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot come in.

    Args:
        row: Its number as a spreadsheet shows it.
        problems: Why not, as plain sentences.
        cells: What stands in it.
    """

    row: int
    problems: tuple[str, ...]
    cells: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Note:
    """Something about a row that comes in: put right, unusual, or like another record.

    Args:
        row: The row's number.
        text: What is said.
        about: The name that the row gives; may be empty.
    """

    row: int
    text: str
    about: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do.

    Args:
        type: The record type.
        columns: Which column is which field.
        delimiter: What separates cells in the file.
        added: How many rows become new records.
        updated: How many rows change a record.
        unchanged: How many rows say what is known already.
        rejected: The rows that cannot come in.
        notes: What is to be said about rows that do.
        missing: What every record must have, some rows lack and no column gives: one value for
            every row may be the answer.
        births: The new records.
        corrections: The changed records.
        position: How far the home's log was when this was worked out.
        posts: What is added beside: the posts of people, and organisations made for them.
        suggestions: New rows that may be the same as a record or another row.
        remarks: What is to be said about the file as a whole.
        several: The rejected rows that may be more than one record: somebody can say which.
        entry: What a row is called in its file: "row" or "card".
    """

    type: str
    columns: Columns
    delimiter: str
    added: int
    updated: int
    unchanged: int
    rejected: tuple[Rejected, ...]
    notes: tuple[Note, ...]
    missing: tuple[FieldSpec, ...]
    births: tuple[Birth, ...]
    corrections: tuple[Correction, ...]
    position: int
    posts: Posts = dataclasses.field(default_factory=Posts)
    suggestions: tuple[Suggestion, ...] = ()
    remarks: tuple[str, ...] = ()
    several: tuple[Several, ...] = ()
    entry: str = "row"

    @property
    def writes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.births or self.corrections or self.posts.births or self.posts.places)


@collector_paused()
def preview(
    home: OpenHome,
    type_name: str,
    sheet: Sheet,
    wishes: Wishes | None = None,
    *,
    tell: Tell = untold,
) -> Plan:
    """Work out what taking in a file would do; nothing is written.

    Args:
        home: The home.
        type_name: What its rows are.
        sheet: The file's rows; they are read through.
        wishes: How to read it; by its headings alone if not given.
        tell: Told from time to time how far it is; what it raises ends the work.

    Returns:
        The plan, for :func:`liaison.services.importing.carry_out`.

    Raises:
        UserError: The file as a whole cannot come in.
    """
    home.require(Action.IMPORT)
    wishes = wishes or Wishes()
    refuse_type(type_name)
    spec = all_specs()[type_name]
    # before anything is read: what is written from now on makes the plan outdated
    stood_at = position(home.store)
    rows: Iterator[Row] = (row for row in sheet.rows if not row.is_blank)
    first = next(rows, None)
    if first is None:
        raise CannotMap("The file holds no rows.", "Choose the file that holds the list.", "empty")
    remarks = list(sheet.remarks)
    # columns that are told by their numbers say nothing of where the headings stand
    if wishes.has_headings and all(where.isdigit() for where, _ in wishes.columns):
        first, rows, passed = _headings(spec, first, rows)
        if passed:
            remarks.append(
                f"The headings are in row {first.number:,}; what stands above them was left out."
            )
    if wishes.has_headings and first.problem:
        raise CannotMap(f"The row of headings cannot be read. {first.problem}")
    fixed = _fixed(home, spec, wishes.fixed)
    columns = match(
        spec,
        first.cells,
        has_headings=wishes.has_headings,
        told=wishes.columns,
        fixed=frozenset(fixed),
    )
    cells = CellReader(home.store, spec, columns, fixed)
    drafts: list[Draft] = []
    try:
        for row in _data(first, rows, wishes):
            if len(drafts) % STEP == 0:
                tell(len(drafts), 0, READING)
            drafts.append(cells.draft(row))
    except BaseException:
        # stopped, most likely: then too they are let go of one by one
        drain(drafts)
        raise
    used = [field.name for field in columns.used if spec.by_name.get(field.name) is field]
    given = used + list(fixed)
    matcher = Matcher(home.store, spec, given, drafts, wishes.same, tell)
    sure = [draft for draft in drafts if not draft.problems]
    references = References(spec, sure, matcher.found, cells)
    for draft in sure:
        references.settle(draft)
    done = Filling(home, spec, matcher, drafts, tell).filled()
    posts = PostReader(home.store, cells, _kind_of_new(home, wishes)).read(
        (draft, matcher.found[id(draft)].slot) for draft in drafts if not draft.problems
    )
    moved = [draft for draft in done.same if id(draft) in posts.drafts]
    done.changed += moved
    done.same = [draft for draft in done.same if id(draft) not in posts.drafts]
    said_before = set(map(id, done.same))
    plan = Plan(
        type=type_name,
        columns=_without_problems_column(spec, columns),
        delimiter=sheet.delimiter,
        rejected=tuple(
            Rejected(draft.row.number, _distinct(draft.problems), draft.row.cells)
            for draft in drafts
            if draft.problems
        ),
        notes=tuple(
            Note(draft.row.number, note, _named(spec, draft))
            for draft in drafts
            if not draft.problems and id(draft) not in said_before
            for note in _distinct(draft.notes)
        ),
        missing=tuple(_missing(spec, given, drafts)),
        position=stood_at,
        added=len(done.new),
        updated=len(done.changed),
        unchanged=len(done.same),
        births=done.births,
        corrections=done.corrections,
        posts=posts,
        suggestions=tuple(matcher.suggestions),
        remarks=tuple(remarks),
        several=tuple(matcher.several),
        entry=first.entry,
    )
    matcher.let_go()
    drain(done.new, done.changed, done.same, drafts)
    return plan


def _named(spec: RecordSpec, draft: Draft) -> str:
    values = map(draft.values.get, spec.title)
    return " ".join(value for value in values if isinstance(value, str))


def _kind_of_new(home: OpenHome, wishes: Wishes) -> str:
    """Return the kind of organisation to make, as it is kept."""
    if not wishes.new_organisations:
        return ""
    kind = all_specs()["organisation"].by_name["kind"]
    try:
        return home.store.vocabularies.match(kind, wishes.new_organisations)
    except ValueError as error:
        raise editing.Unfit([Problem("kind", str(error))], "imported") from None


def refuse_type(type_name: str) -> None:
    """Refuse a type whose records do not come in files.

    Raises:
        UserError: It is such a type.
    """
    editing.refuse_kept_by_program(type_name)
    if type_name == "attachment":
        raise CannotMap(
            "Attachments do not come in a list: each is a file of its own.",
            "Attach the files one by one.",
            "kept-by-program",
        )


def _headings(spec: RecordSpec, first: Row, rows: Iterator[Row]) -> tuple[Row, Iterator[Row], bool]:
    """Find the row of headings under a title; return it, the rows below, and if any were passed.

    Only where the first row has none at all, and only if two of another's are known.
    """
    if first.problem or fit(spec, first.cells)[0]:
        return first, rows, False
    passed: list[Row] = []
    for row in islice(rows, _MOST_ABOVE):
        if not row.problem and fit(spec, row.cells)[0] >= _FEWEST_KNOWN:
            return row, rows, True
        passed.append(row)
    return first, chain(passed, rows), False


def _data(first: Row, rows: Iterator[Row], wishes: Wishes) -> Iterator[Row]:
    if not wishes.has_headings:
        yield first
    yield from rows


def _fixed(home: OpenHome, spec: RecordSpec, given: Sequence[tuple[str, str]]) -> dict[str, object]:
    """Read the values that every row has; all that are wrong are told at once."""
    reads = reader(home.store, lambda type_name, typed: resolve(home.store, type_name, typed))
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, text in given:
        field = field_named(spec, name)
        try:
            value = _one_fixed(field, reads.read(field, text), values.get(field.name))
        except Unreadable as error:
            problems.append(Problem(field.name, str(error)))
        else:
            values[field.name] = value
    if problems:
        raise editing.Unfit(problems, "imported")
    return {name: value for name, value in values.items() if value not in {None, ()}}


def _one_fixed(field: FieldSpec, value: object, before: Any) -> object:
    if field.many:
        return (*(before or ()), *(() if value is None else (value,)))
    if before is not None:
        message = f"{field.label} is given twice."
        raise Unreadable(message)
    return value


def _without_problems_column(spec: RecordSpec, columns: Columns) -> Columns:
    """Leave our own column of a rejects file out of what is told as not used."""
    heading = problems_heading(spec)
    unused = tuple(column for column in columns.unused if column.heading != heading)
    return dataclasses.replace(columns, unused=unused)


def _missing(
    spec: RecordSpec, given: Sequence[str], drafts: Sequence[Draft]
) -> Iterator[FieldSpec]:
    for field in exchanged(spec):
        nowhere = field.required and field.default is None and field.name not in given
        if nowhere and any(f"{field.label} is missing." in draft.problems for draft in drafts):
            yield field


def _distinct(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        text if len(text) <= _LONGEST_PROBLEM else f"{text[:_LONGEST_PROBLEM]} ..."
        for text in dict.fromkeys(texts)
    )
