"""Commands that take lists in and write them out."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from liaison.cli import matrix_command, return_command
from liaison.cli.progress import progress
from liaison.cli.session import FILE, Command, Session, note
from liaison.cli.typed import RecordType
from liaison.cli.which import found
from liaison.errors import UserError
from liaison.exchange.matrix_cells import Meaning, Order
from liaison.exchange.reading import FileKind, kind_of, read_list
from liaison.exchange.sheets import Sheet
from liaison.records import FieldSpec, all_specs, ids
from liaison.services import importing
from liaison.services.exporting import DIRECTORY, Exported, export
from liaison.services.homes import OpenHome
from liaison.services.importing import Column, Note, Outcome, Plan, Rejected, Same, Wishes
from liaison.services.importing.posts import count_words

_MOST_LINES: Final = 20
_LONGEST_NAME: Final = 40
_NEW: Final = "new"
_CARDS: Final = frozenset({"contact", "organisation"})
_NO_TYPES: Final = {
    "training_matrix": matrix_command.NAME,
    "asc_wds": return_command.NAME,
}


class _ListType(RecordType):
    """A record type, or the name of a list that is no single type."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the wire name."""
        word = str(value).replace("-", "_").lower()
        return _NO_TYPES[word] if word in _NO_TYPES else super().convert(value, param, ctx)


class _ListOrDirectory(_ListType):
    """The same, or the directory as a whole."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the wire name."""
        return DIRECTORY if str(value).lower() == DIRECTORY else super().convert(value, param, ctx)


_TYPE: Final = _ListType()


@click.command("import", cls=Command)
@click.argument("type_name", metavar="TYPE", type=_TYPE)
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Which column is which field, by heading or number; COLUMN= leaves it out.",
)
@click.option("--no-header", is_flag=True, help="The first row holds data, not headings.")
@click.option(
    "--set", "fixed", multiple=True, metavar="FIELD=VALUE", help="The same for every row."
)
@click.option("--sheet", default="", metavar="NAME", help="Which sheet of a workbook.")
@click.option(
    "--new-organisations",
    "new_kind",
    default="",
    metavar="KIND",
    help="In a list of contacts: make organisations that are not known yet, as this kind.",
)
@click.option(
    "--same",
    multiple=True,
    metavar="ROW=RECORD",
    help='Which record a row is, where it may be several: an id, an exact name, or "new".',
)
@click.option(
    "--days",
    type=click.Choice([meaning.value for meaning in Meaning]),
    help="Of a training matrix: what its days are, where it does not say.",
)
@click.option(
    "--first",
    type=click.Choice([order.value for order in Order]),
    help="Of a training matrix: what comes first in days such as 03/04/2026.",
)
@click.option(
    "--new-people",
    default="",
    metavar="ROLE",
    help="In a training matrix: add staff who are not known, with this job role if it gives none.",
)
@click.option(
    "--new-courses", is_flag=True, help="In a training matrix: add courses that are not known."
)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--reason", default="", help="Why, for the history.")
@click.pass_obj
def import_list(  # noqa: PLR0917  # one for each option
    session: Session,
    type_name: str,
    file: Path,
    columns: tuple[str, ...],
    no_header: bool,  # noqa: FBT001  # click passes flags so
    fixed: tuple[str, ...],
    sheet: str,
    new_kind: str,
    same: tuple[str, ...],
    days: str | None,
    first: str | None,
    new_people: str,
    new_courses: bool,  # noqa: FBT001  # the same
    dry_run: bool,  # noqa: FBT001  # the same
    reason: str,
) -> None:
    """Take in the list in FILE.

    FILE is CSV, an Excel workbook (XLSX), or vCards (VCF). Headings are matched by themselves where they can be. Rows with problems are kept beside the
    file to be corrected; the others come in together and are taken back with one undo. The same
    file taken in twice adds nothing.

    TYPE "training-matrix" is the matrix homes keep: names down, courses across, days in the cells.
    There --map is HEADING=COURSE and --same is NAME=STAFF.
    """
    if type_name == matrix_command.NAME:
        if no_header or fixed or new_kind:
            message = "--no-header, --set and --new-organisations do not go with a training matrix."
            raise click.UsageError(message, click.get_current_context())
        told_matrix = matrix_command.Told(
            courses=[_pair(word, "HEADING=COURSE", last=True) for word in columns],
            people=[_pair(word, "NAME=STAFF", last=True) for word in same],
            days=days or "",
            first=first or "",
            sheet=sheet,
            new_people=new_people,
            new_courses=new_courses,
            dry_run=dry_run,
            reason=reason,
        )
        matrix_command.import_matrix(session, file, opened_list, told_matrix)
        return
    if type_name == return_command.NAME:
        raise UserError(
            "The workforce return is written, not read.",
            kept="Nothing was changed.",
            do='Training comes in as "training_record" or "training-matrix".',
            code="not-a-list",
        )
    if days or first or new_people or new_courses:
        message = "--days, --first, --new-people and --new-courses go with training-matrix alone."
        raise click.UsageError(message, click.get_current_context())
    importing.refuse_type(type_name)
    wishes = Wishes(
        columns=tuple(_pair(word, "COLUMN=FIELD", last=True) for word in columns),
        has_headings=not no_header,
        fixed=tuple(_pair(word, "FIELD=VALUE", last=False) for word in fixed),
        new_organisations=new_kind,
    )
    told = [_pair(word, "ROW=RECORD", last=False) for word in same]
    _refuse_no_row(told)
    with opened_list(file) as opened:

        def read() -> Sheet:
            return read_list(opened, sheet=sheet, organisations=type_name == "organisation")

        # what is no list at all is said before anybody is asked for a password
        _refuse_cards_of(type_name, opened)
        read()
        home = session.open()
        wishes = dataclasses.replace(
            wishes, same=tuple(_same(home, type_name, *pair) for pair in told)
        )
        with progress() as tell:
            if dry_run:
                outcome = Outcome(importing.preview(home, type_name, read(), wishes, tell=tell))
            else:
                outcome = importing.take_in(
                    home, type_name, read, wishes, beside=file.absolute(), reason=reason, tell=tell
                )
    document = _document(outcome)
    if session.json:
        for line in _said_beside(outcome.plan):
            note(line)
    session.answer(document, lambda: _told(outcome, dry_run=dry_run))


def _pair(word: str, form: str, *, last: bool) -> tuple[str, str]:
    """Take a word apart at its equals sign: a heading may hold one, and so may a value."""
    left, sign, right = word.rpartition("=") if last else word.partition("=")
    if not sign or not left.strip():
        message = (
            f"{word[:60]!r} is not of the form {form}. "
            'Several words stand in quotes: "Post code=postcode".'
        )
        raise click.UsageError(message, click.get_current_context())
    return left, right


def _refuse_no_row(told: Sequence[tuple[str, str]]) -> None:
    for row, _ in told:
        if not (row.strip().isascii() and row.strip().isdecimal()):
            message = f"{row[:60]!r} is no row: --same 12=RECORD says what row 12 is."
            raise click.UsageError(message, click.get_current_context())


def _same(home: OpenHome, type_name: str, row: str, record: str) -> Same:
    if record.strip().casefold() == _NEW:
        return Same(int(row), new=True)
    return Same(int(row), record=found(home, type_name, record))


def _refuse_cards_of(type_name: str, opened: BinaryIO) -> None:
    if type_name not in _CARDS and kind_of(opened) is FileKind.VCARD:
        raise UserError(
            "These are cards (VCF), which hold people and places outside the home.",
            kept="Nothing was changed.",
            do='Import them as "contact" or "organisation".',
            code="not-csv",
        )


def opened_list(file: Path) -> BinaryIO:
    """Open a list that somebody named.

    Raises:
        UserError: It is not there, or cannot be read.
    """
    try:
        if not file.is_file():
            what = "is not a file" if file.exists() else "is not there"
            raise UserError(f"{file} {what}.", kept="Nothing was changed.", code="file")
        return file.open("rb")
    except OSError as fault:
        raise UserError(
            f"{file} cannot be read: {fault.strerror}.",
            kept="Nothing was changed.",
            do="Close other programs that have it open, or copy it elsewhere.",
            code="file",
        ) from None


def _document(outcome: Outcome) -> dict[str, Any]:
    plan = outcome.plan
    return {
        "batch": None if outcome.batch is None else ids.to_text(outcome.batch),
        "added": plan.added,
        "updated": plan.updated,
        "unchanged": plan.unchanged,
        "rejected": [
            {"row": rejected.row, "problems": list(rejected.problems)} for rejected in plan.rejected
        ],
        "rejects_file": None if outcome.rejects is None else str(outcome.rejects),
    }


def _told(outcome: Outcome, *, dry_run: bool) -> Iterator[str]:
    plan = outcome.plan
    plural = all_specs()[plan.type].plural
    if dry_run:
        yield "This is what would happen; nothing was changed."
    yield (
        f"{plural}: {plan.added:,} added, {plan.updated:,} updated, "
        f"{plan.unchanged:,} unchanged, {len(plan.rejected):,} not taken in."
    )
    if beside := count_words(plan.posts):
        yield f"Beside them: {' and '.join(beside)} added."
    yield from _rejected_lines(plan.rejected, plan.entry)
    if plan.several:
        row = plan.several[0].row
        yield f"Which one such a {plan.entry} is: --same {row}=ID, or --same {row}={_NEW} for none of them."
    if outcome.rejects is not None:
        yield (
            f"These {plan.entry}s are in {outcome.rejects}. Correct them there and import that file."
        )
    yield from _said_beside(plan)
    if outcome.batch is not None:
        yield f"To take it all back: liaison undo --batch {ids.to_text(outcome.batch)}"


def _rejected_lines(rejected: Sequence[Rejected], entry: str) -> Iterator[str]:
    return _some(
        [f"{entry.capitalize()} {row.row:,}: {' '.join(row.problems)}" for row in rejected],
        f"{entry}s with problems",
    )


def _said_beside(plan: Plan) -> Iterator[str]:
    """Yield what the numbers do not say: how the file was read, and what is unusual."""
    yield from plan.remarks
    for field in plan.missing:
        yield (
            f"No column gives {field.label}. If it is the same for every row, give it once: "
            f"--set {field.name}=..."
        )
    read = [_as_read(columns, field) for field, columns in plan.columns.used.items()]
    yield f"Columns read: {', '.join(read)}."
    if plan.columns.unused:
        yield f"Columns not used: {', '.join(_few(_stretches(plan.columns.unused)))}."
    yield from _some(_note_lines(plan.notes, plan.entry), "notes")


def _as_read(columns: Sequence[Column], field: FieldSpec) -> str:
    names = " + ".join(column.name[:_LONGEST_NAME] for column in columns)
    is_plain = names in {field.label, field.name}
    return field.label if is_plain else f"{names} = {field.label}"


def _stretches(columns: Sequence[Column]) -> list[str]:
    """Return the names of columns; of those without a heading, from where to where."""
    found: list[str] = []
    for heading, group in itertools.groupby(enumerate(columns), _neighbours):
        places = [column.place + 1 for _, column in group]
        if isinstance(heading, str):
            found.append(heading[:_LONGEST_NAME])
        elif len(places) == 1:
            found.append(f"column {places[0]}")
        else:
            found.append(f"columns {places[0]} to {places[-1]}")
    return found


def _neighbours(numbered: tuple[int, Column]) -> str | int:
    """Return what columns of one stretch have in common: headings stand for themselves."""
    number, column = numbered
    return column.heading or column.place - number


def _note_lines(notes: Iterable[Note], entry: str) -> list[str]:
    return [f"Note on {entry} {one.row:,}: {one.text}" for one in notes]


def _some(lines: Sequence[str], what: str) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[:_MOST_LINES])
    if len(lines) > _MOST_LINES:
        yield f"  ... and {len(lines) - _MOST_LINES:,} more {what}"


def _few(names: Sequence[str]) -> list[str]:
    more = [f"and {len(names) - _MOST_LINES:,} more"] if len(names) > _MOST_LINES else []
    return [*names[:_MOST_LINES], *more]


@click.command("export", cls=Command)
@click.argument("type_name", metavar="TYPE", type=_ListOrDirectory())
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--only", multiple=True, metavar="RECORD", help="Only this one, by id or exact name; repeats."
)
@click.option(
    "--for-sharing",
    is_flag=True,
    help="Leave out what is not for other eyes, such as private notes.",
)
@click.option(
    "--check", "only_check", is_flag=True, help="Of asc-wds: only say what it would refuse."
)
@click.pass_obj
def export_list(  # noqa: PLR0917  # one for each option
    session: Session,
    type_name: str,
    file: Path,
    only: tuple[str, ...],
    for_sharing: bool,  # noqa: FBT001  # click passes flags so
    only_check: bool,  # noqa: FBT001  # the same
) -> None:
    """Write the records of a type to FILE.

    Its name ends in .csv, .xlsx, or .vcf for people and places. TYPE may be "directory": organisations, contacts and services as one workbook, or as cards. With
    --for-sharing that is what another home may have. "import" reads all of it. Archived, merged and struck-through records are left out. What a spreadsheet would run as a
    formula is made harmless. TYPE "asc-wds" is the workforce return's training file (CSV); --check only
    says what the return would refuse.
    """
    if type_name == return_command.NAME:
        if only or for_sharing:
            message = "--only and --for-sharing do not go with the workforce return."
            raise click.UsageError(message, click.get_current_context())
        return_command.export_return(session, file, only_check=only_check)
        return
    if only_check:
        message = "--check goes with asc-wds alone."
        raise click.UsageError(message, click.get_current_context())
    if type_name == matrix_command.NAME:
        raise UserError(
            "A training matrix is not written so.",
            kept="Nothing was written.",
            do='"liaison matrix --out FILE.xlsx" writes it as a workbook.',
            code="no-format",
        )
    if only and type_name == DIRECTORY:
        message = "--only goes with one type of record, not with the directory."
        raise click.UsageError(message, click.get_current_context())
    home = session.open()
    chosen = {found(home, type_name, word) for word in only}
    done = export(home, type_name, file, for_sharing=for_sharing, only=chosen if only else None)
    session.answer({"rows": done.rows, "file": str(done.file)}, lambda: _exported(type_name, done))


def _exported(type_name: str, done: Exported) -> Iterator[str]:
    if type_name == DIRECTORY:
        what = "entry" if done.rows == 1 else "entries"
    else:
        spec = all_specs()[type_name]
        what = (spec.label if done.rows == 1 else spec.plural).lower()
    yield f"{done.rows:,} {what} written to {done.file}."
    if done.struck:
        yield f"{done.struck:,} struck through were left out."
    yield "The file is not encrypted: whoever has it can read it."


COMMANDS: Final = (
    import_list,
    export_list,
)
