"""Commands about training: how everybody stands, shares, what runs out, and who taught whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import Command, Session
from liaison.records import ids
from liaison.records.rules import shares as rules
from liaison.records.rules import times
from liaison.records.rules.gaps import Gap, Proposal
from liaison.records.rules.matrix import Column, Matrix
from liaison.records.rules.shares import Share
from liaison.records.rules.standing import Cell, id_of
from liaison.services import compliance as shares_of
from liaison.services import lineage as lines_of
from liaison.services.gaps import GapPlan, gap_plan
from liaison.services.lineage import Lesson, Lineage
from liaison.services.matrix_file import write_matrix
from liaison.services.references import resolve
from liaison.services.training import matrix as matrix_of

_ON: Final = click.option("--on", metavar="DAY", help="As it was on this day; today if not given.")


@click.command(cls=Command)
@_ON
@click.option("--out", metavar="FILE", help="Write it to this workbook (.xlsx) as well.")
@click.pass_obj
def matrix(session: Session, on: str | None, out: str | None) -> None:
    """Show how all staff stand with their courses."""
    home = session.open()
    made = matrix_of(home.store, day_of(home.store, on, "--on"))
    if out is None:
        session.answer(_matrix_json(made), lambda: _lines(made))
        return
    file = write_matrix(home, made, Path(out))
    session.answer(
        {"rows": len(made.rows), "file": str(file)},
        lambda: [f"{len(made.rows):,} staff and {len(made.columns):,} courses are in {file}."],
    )


def _matrix_json(made: Matrix) -> dict[str, Any]:
    return {
        "on": made.on.isoformat(),
        "courses": [
            {
                "id": _id(column.course.id),
                "name": column.course.name,
                "refresh_months": column.course.refresh_months,
                "held": column.in_date,
                "required": column.required,
            }
            for column in made.columns
        ],
        "staff": [
            {
                "id": _id(row.staff.id),
                "name": row.name,
                "job_role": row.job_role,
                "team": row.staff.team,
                "cells": {ids.to_text(cell.course): _cell_json(cell) for cell in row.cells},
            }
            for row in made.rows
        ],
    }


def _cell_json(cell: Cell) -> dict[str, Any]:
    held = cell.held
    return {
        "state": cell.state.value,
        "completed": None if held is None else held.completed.isoformat(),
        "expires": None if held is None or held.runs_out is None else held.runs_out.isoformat(),
        "required": cell.counts,
        "in_date": cell.in_date,
        "booked": None if cell.booked is None else times.to_iso(cell.booked),
        "required_from": _first_day(cell),
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
@click.option(
    "--by",
    type=click.Choice(("course", "role", "team", "month")),
    default="course",
    show_default=True,
    help="What the shares are of; by month: the home's, as it was at each month's end.",
)
@_ON
@click.pass_obj
def compliance(session: Session, course: str | None, by: str, on: str | None) -> None:
    """Show the share of staff in date."""
    store = session.open().store
    wanted = None if course is None else resolve(store, "course", course)
    if wanted is not None and by != "course":
        raise click.UsageError("--course names one course; leave out --by.")
    day = day_of(store, on, "--on")
    if by == "month":
        found = shares_of.over_time(store, day)
        session.answer(
            [{"on": at.isoformat(), **_group_json(share)} for at, share in found],
            lambda: [f"{times.show_date(at)}: {_of_people(share)}" for at, share in found],
        )
        return
    made = matrix_of(store, day)
    if by != "course":
        groups = rules.by_role(made) if by == "role" else rules.by_team(made)
        session.answer(
            [{by: share.key or None, "name": share.name, **_group_json(share)} for share in groups],
            lambda: (
                [f"{share.name}: {_of_people(share)}" for share in groups]
                or ["There is nobody on the staff list."]
            ),
        )
        return
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


def _group_json(share: Share) -> dict[str, Any]:
    return {
        "held": share.complete,
        "required": share.people,
        "percent": float(share.percent),
        "courses_held": share.held,
        "courses_required": share.required,
    }


def _of_people(share: Share) -> str:
    return (
        f"{share.complete} of {share.people} hold every required course, {share.percent} %; "
        f"{share.held} of {share.required} courses held"
    )


def _column_json(column: Column) -> dict[str, Any]:
    target = column.target
    made = _share_json(
        _id(column.course.id),
        column.course.name or "",
        column.in_date if target is None else target.part,
        column.required,
        float(column.share if target is None else target.share),
    )
    if target is not None:
        made |= {"target": target.percent, "met": target.met}
    return made


def _share_json(
    course: str | None, name: str, held: int, required: int, percent: float
) -> dict[str, Any]:
    return {
        "course": course,
        "name": name,
        "held": held,
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
    line = f"{share['name']}: {share['held']} of {share['required']}, {share['percent']} %"
    if share["target"] is None:
        return line
    return f"{line} (target {share['target']} %: {'met' if share['met'] else 'missed'})"


@click.command(cls=Command)
@click.option(
    "--within", type=int, default=90, show_default=True, metavar="DAYS",
    help="How many days to look ahead.",
)  # fmt: skip
@click.option(
    "--plan", is_flag=True, help="Also the sessions that close most, and what to ask partners for."
)
@click.option(
    "--at-once", type=int, metavar="N",
    help="With --plan: no more than this many of one team in a session.",
)  # fmt: skip
@_ON
@click.pass_obj
def gaps(session: Session, within: int, plan: bool, at_once: int | None, on: str | None) -> None:  # noqa: FBT001  # a switch
    """List the training that is missing or runs out soon."""
    if at_once is not None and not plan:
        raise click.UsageError("--at-once is about the sessions of --plan.")
    store = session.open().store
    found = gap_plan(store, day_of(store, on, "--on"), within, at_once=at_once)
    listed = [_gap_json(gap) for gap in found.gaps]
    if not plan:
        session.answer(listed, lambda: _gap_lines(found))
        return
    session.answer(
        {
            "gaps": listed,
            "sessions": [_proposal_json(found, one) for one in found.proposals],
            "partners": [
                {
                    "what": need.what, "partner": need.partner, "person": need.person,
                    "people": need.people, "late": need.late,
                    "by": None if need.by is None else need.by.isoformat(),
                }
                for need in found.needs
            ],
        },
        lambda: [*_gap_lines(found), *_plan_lines(found)],
    )  # fmt: skip


def _gap_json(gap: Gap) -> dict[str, Any]:
    return {
        "staff": ids.to_text(gap.staff),
        "course": ids.to_text(gap.course),
        "state": gap.state.value,
        "runs_out": None if gap.runs_out is None else gap.runs_out.isoformat(),
        "by": None if gap.by is None else gap.by.isoformat(),
        "staff_name": gap.row.name,
        "course_name": gap.column.course.name,
    }


def _proposal_json(found: GapPlan, one: Proposal) -> dict[str, Any]:
    return {
        "course": ids.to_text(one.course),
        "course_name": found.courses.get(one.course),
        "session": None if one.coming is None else ids.to_text(one.coming.session),
        "at": None if one.coming is None else times.to_iso(one.coming.at),
        "closes": len(one.gaps),
        "staff": [ids.to_text(id_of(row.staff)) for row in one.people],
        "by": None if one.by is None else one.by.isoformat(),
    }


def _gap_lines(found: GapPlan) -> Iterator[str]:
    if not found.gaps:
        yield f"Nothing is missing, and nothing runs out within {found.within} days."
        return
    yield (
        f"{found.late} missing or out of date; {len(found.gaps) - found.late} more run out "
        f"within {found.within} days."
    )
    for gap in found.gaps:
        yield f"{gap.row.name}, {gap.column.course.name}: {_said_of(gap, found)}"


def _said_of(gap: Gap, found: GapPlan) -> str:
    parts = []
    if gap.runs_out is not None:
        verb = "ran" if gap.runs_out < found.made.on else "runs"
        parts.append(f"{verb} out on {times.show_date(gap.runs_out)}")
    elif gap.by is not None:
        parts.append(f"needed after {times.show_date(gap.by)}")
    else:
        parts.append("missing")
    if gap.cell.booked is not None:
        parts.append(f"booked for {times.show_time(gap.cell.booked)}")
    return ", ".join(parts)


def _plan_lines(found: GapPlan) -> Iterator[str]:
    for one in found.proposals:
        names = ", ".join(row.name for row in one.people)
        course = found.courses.get(one.course, "")
        closes = f"closes {len(one.gaps)} gap{'' if len(one.gaps) == 1 else 's'}"
        if one.coming is None:
            yield f"Plan {course}: {closes}. {names}"
        else:
            yield f"Book on {course}, {times.show_time(one.coming.at)}: {closes}. {names}"
    for need in found.needs:
        yield f"Ask {need.partner}: {need.what} for {need.people}"


@click.command(cls=Command)
@click.argument("course", metavar="COURSE")
@_ON
@click.pass_obj
def lineage(session: Session, course: str, on: str | None) -> None:
    """Show who taught whom in COURSE.

    COURSE is an id or an exact name. Where a teacher's own training or sign-off had lapsed on the
    day, it says so.
    """
    store = session.open().store
    found = lines_of.of_course(store, resolve(store, "course", course), day_of(store, on, "--on"))
    session.answer([_lesson_json(lesson) for lesson in found.lessons], lambda: _lesson_lines(found))


def _lesson_json(lesson: Lesson) -> dict[str, Any]:
    taught = lesson.link.taught
    return {
        "session": ids.to_text(taught.session),
        "at": times.to_iso(taught.at),
        "teacher": _id(taught.contact if taught.staff is None else taught.staff),
        "taught": [ids.to_text(one) for one in taught.learners],
        "from": _id(lesson.link.came_from),
        "teacher_name": lesson.teacher,
        "taught_names": [one.name for one in lesson.learners],
        "level": lesson.link.level,
        "warnings": list(lesson.doubts),
        "warnings_now": list(lesson.doubts_now),
    }


def _lesson_lines(found: Lineage) -> Iterable[str]:
    if not found.lessons:
        return [f"No session of {found.name} is recorded as held."]
    lines = []
    for lesson in found.lessons:
        inset = "    " * lesson.link.level
        teacher = ", ".join(part for part in (lesson.teacher, lesson.place) if part)
        names = ", ".join(one.name for one in lesson.learners) or "nobody recorded"
        when = times.show_time(lesson.link.taught.at)
        lines.append(f"{inset}{when}: {teacher or 'teacher not recorded'} taught {names}")
        lines += [f"{inset}    ! {words}" for words in lesson.doubts]
    return lines


COMMANDS: Final = (matrix, compliance, gaps, lineage)
