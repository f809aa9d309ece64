"""Commands about training: how everybody stands, and the shares of those who hold a course."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import Command, Session
from liaison.records import ids
from liaison.records.rules import times
from liaison.records.rules.matrix import Column, Matrix, Row
from liaison.records.rules.standing import Cell
from liaison.services.references import resolve
from liaison.services.training import matrix as matrix_of

_ON: Final = click.option("--on", metavar="DAY", help="As it was on this day; today if not given.")


@click.command(cls=Command)
@_ON
@click.pass_obj
def matrix(session: Session, on: str | None) -> None:
    """Show how all staff stand with their courses."""
    store = session.open().store
    made = matrix_of(store, day_of(store, on, "--on"))
    session.answer(
        [_cell_json(row, cell) for row in made.rows for cell in row.cells], lambda: _lines(made)
    )


def _cell_json(row: Row, cell: Cell) -> dict[str, Any]:
    held = cell.held
    return {
        "staff": ids.to_text(cell.staff),
        "course": ids.to_text(cell.course),
        "state": cell.state.value,
        "required": cell.counts,
        "in_date": cell.in_date,
        "completed": None if held is None else held.completed.isoformat(),
        "runs_out": None if held is None or held.runs_out is None else held.runs_out.isoformat(),
        "booked": None if cell.booked is None else times.to_iso(cell.booked),
        "required_from": _first_day(cell),
        "job_role": row.job_role,
        "training_record": _id(None if held is None else held.record),
        "session": _id(cell.session),
        "exemption": _id(cell.exemption),
    }


def _first_day(cell: Cell) -> str | None:
    # a requirement without a beginning has always been there
    begins = cell.required_from
    return None if begins is None or begins.year == 1 else begins.isoformat()


def _id(identity: int | None) -> str | None:
    return None if identity is None else ids.to_text(identity)


def _lines(made: Matrix) -> Iterator[str]:
    if not made.rows:
        yield "There is nobody on the staff list."
        return
    yield f"{made.complete} of {len(made.rows)} staff hold every required course in date."
    for row in made.rows:
        role = f", {row.role}" if row.role else ""
        yield f"{row.name}{role}: {row.in_date} of {row.required} in date"
        for cell, column in zip(row.cells, made.columns, strict=True):
            if said := _said(cell):
                yield f"    {column.course.name}: {said}"


def _said(cell: Cell) -> str:
    """Return what there is to do about a cell; empty if nothing."""
    parts = []
    if cell.lacks or cell.state.value == "due soon":
        end = None if cell.held is None else cell.held.runs_out
        if end is None:
            parts.append("missing")
        else:
            parts.append(f"{'runs' if cell.in_date else 'ran'} out on {times.show_date(end)}")
    if cell.booked is not None:
        parts.append(f"booked for {times.show_time(cell.booked)}")
    return ", ".join(parts)


@click.command(cls=Command)
@click.option("--course", metavar="ID", help="Only this course: its id or exact name.")
@_ON
@click.pass_obj
def compliance(session: Session, course: str | None, on: str | None) -> None:
    """Show the share of staff in date, by course."""
    store = session.open().store
    wanted = None if course is None else resolve(store, "course", course)
    made = matrix_of(store, day_of(store, on, "--on"))
    columns = [
        column
        for column in made.columns
        if (column.required if wanted is None else column.course.id == wanted)
    ]
    shares = [_column_json(column) for column in columns]
    if wanted is None:
        shares.insert(0, _share_json(None, "Every required course", made.complete, len(made.rows),
                                     float(made.share_complete)))  # fmt: skip
    session.answer(shares, lambda: [_share_line(share) for share in shares] or ["Nobody needs it."])


def _column_json(column: Column) -> dict[str, Any]:
    target = column.target
    made = _share_json(
        _id(column.course.id),
        column.course.name or "",
        column.in_date,
        column.required,
        float(column.share if target is None else target.share),
    )
    if target is not None:
        made |= {"target": target.percent, "met": target.met}
    return made


def _share_json(
    course: str | None, name: str, in_date: int, required: int, percent: float
) -> dict[str, Any]:
    return {
        "course": course,
        "name": name,
        "in_date": in_date,
        "required": required,
        "percent": percent,
        "target": None,
        "met": None,
    }


def _share_line(share: dict[str, Any]) -> str:
    if not share["required"]:
        nobody = (
            "There is nobody on the staff list." if share["course"] is None else "Nobody needs it."
        )
        return f"{share['name']}: {nobody}"
    line = f"{share['name']}: {share['in_date']} of {share['required']}, {share['percent']} %"
    if share["target"] is None:
        return line
    return f"{line} (target {share['target']} %: {'met' if share['met'] else 'missed'})"


COMMANDS: Final = (matrix, compliance)
