"""The training matrix as a workbook: how everybody stands, when it runs out, when it was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.exchange.sheets import NotReadable
from liaison.exchange.xlsx_reading import sheet_names
from liaison.exchange.xlsx_writing import Table, Value, write_xlsx
from liaison.files import plain_errors, replace_file
from liaison.records import spec_of
from liaison.records.home import Staff
from liaison.records.rules import times
from liaison.records.rules.compliance import State
from liaison.security.roles import Action

if TYPE_CHECKING:
    from liaison.records.rules.matrix import Matrix
    from liaison.records.rules.standing import Cell
    from liaison.services.homes import OpenHome

_SHEETS: Final = ("How they stand", "Runs out", "Completed")
_KEPT: Final = "Nothing was written."


def write_matrix(home: OpenHome, made: Matrix, path: Path) -> Path:
    """Write a matrix to a workbook, whole or not at all; an earlier one of ours is replaced.

    Three sheets of the same shape: the state in words, the last day each course counts, and the
    day it was completed, which importing a training matrix reads back.

    Args:
        home: The home.
        made: The matrix.
        path: The file.

    Returns:
        Where it is.

    Raises:
        NotAllowed: Who opened the home may not write lists out.
        UserError: It cannot be written there; what was there before is as it was.
    """
    home.require(Action.EXPORT, kept=_KEPT)
    path = path.absolute()
    _refuse_place(home, path)
    content = BytesIO()
    tables = [_table(made, *shown) for shown in zip(_SHEETS, (_state, _end, _done), strict=True)]
    write_xlsx(content, tables)
    replace_file(path, content.getvalue())
    home.access.done("exported", detail=f"Training matrix: {len(made.rows):,} to {path.name}")
    return path


def _table(made: Matrix, name: str, show: Callable[[Cell, dt.date], Value]) -> Table:
    fields = spec_of(Staff).by_name
    headings = [fields[one].label for one in ("name", "job_role", "team")]
    headings += [column.course.name or "" for column in made.columns]
    return Table(name, headings, _rows(made, show))


def _rows(made: Matrix, show: Callable[[Cell, dt.date], Value]) -> Iterator[list[Value]]:
    for row in made.rows:
        yield [row.name, row.role, row.team, *(show(cell, made.on) for cell in row.cells)]


def _state(cell: Cell, _on: dt.date) -> Value:
    if cell.state is State.BOOKED and cell.booked is not None:
        return f"booked for {times.show_time(cell.booked)}"
    return cell.state.value


def _end(cell: Cell, _on: dt.date) -> Value:
    if cell.held is None:
        return None
    return "never" if cell.held.runs_out is None else cell.held.runs_out


def _done(cell: Cell, _on: dt.date) -> Value:
    return None if cell.held is None else cell.held.completed


def _refuse_place(home: OpenHome, path: Path) -> None:
    """Refuse the home's own folder, another kind of file, and what is somebody else's work."""
    if path.suffix.lower() != ".xlsx":
        raise UserError(
            f"{path.name} is no name of a workbook.",
            kept=_KEPT, do="Choose a name that ends in .xlsx.", code="no-format",
        )  # fmt: skip
    with plain_errors(path):
        inside = path.resolve().is_relative_to(home.folder.resolve())
        is_there = path.exists()
    if inside:
        raise UserError(
            "A list does not go into the home's own folder.",
            kept=_KEPT, do="Choose another folder.", code="bad-place",
        )  # fmt: skip
    if is_there and not _is_ours(path):
        raise UserError(
            f"{path.name} is there already, and it is not a training matrix of ours.",
            kept="It was not touched.", do="Choose another name.", code="already-exists",
        )  # fmt: skip


def _is_ours(path: Path) -> bool:
    try:
        with plain_errors(path), path.open("rb") as file:
            return sheet_names(file) == list(_SHEETS)
    except NotReadable:
        return False
