"""What the page of lists shows, read and put into words off the window's thread."""

from __future__ import annotations

import dataclasses
import enum
import gc
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liaison.exchange.formulas import unguard
from liaison.exchange.ods import is_ods
from liaison.exchange.reading import FileKind, kind_of, read_list, sheet_names
from liaison.records import all_specs
from liaison.services import importing
from liaison.services.importing import MAY_BE, Plan, Several, Suggestion, Wishes
from liaison.services.references import Names
from liaison.store.store import collector_paused
from liaison.ui.pages.bringing_in.wording import Words, called, joined
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
    words = Words(store, names, all_specs()[plan.type])
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
                What.REJECTED, joined(one.cells), _plain(" ".join(one.problems)), one.row,
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


def _same_line(names: Names, type_name: str, one: Suggestion) -> Line:
    name = called(one)
    if one.record is not None:
        other = f"{names.by_id(type_name, one.record)}, known already"
    else:
        other = f"{one.entry} {one.other_row:,}: {one.other.get('name') or 'no name'}"
    return Line(
        What.SAME, f"{name} may be {other}", _sentence(one.reasons), one.row, one, entry=one.entry
    )  # fmt: skip


def _several_line(one: Several) -> Line:
    name = called(one)
    count = len(one.records) + len(one.other_rows)
    return Line(
        What.SAME,
        f"{name} may be any of {count}",
        f"Say which one; until then the {one.entry} is left out. They agree by {one.by}.",
        one.row,
        several=one,
        entry=one.entry,
    )


def _sentence(parts: Sequence[str]) -> str:
    said = " and ".join(parts)
    return f"{said[:1].upper()}{said[1:]}." if said else ""
