"""Looking through what was set apart after a PC was removed: taking it in again, or leaving it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click

from liaison.cli.audit_command import CONFIRM, confirm_twice
from liaison.cli.session import Command, Session
from liaison.records import ids
from liaison.records.rules import times
from liaison.services.erasing import NOT_REACHED
from liaison.services.pcs import reviewing
from liaison.services.pcs.matters import Matter, Save
from liaison.store import history

_REASON = click.option("--reason", default="", help="Why, for the history.")


@click.command("review", cls=Command)
@click.argument("identity", metavar="[ID]", required=False)
@click.option("--left-out", is_flag=True, help="What was left out before.")
@click.pass_obj
def review(session: Session, identity: str | None, *, left_out: bool) -> None:
    """List what a removed PC wrote on and is set apart; with an ID, all that is in it."""
    home = session.open()
    if identity is not None:
        one = reviewing.meant(home, identity)
        session.answer(_as_json(one), lambda: _whole(one))
        return
    found = reviewing.find(home, left=left_out)
    session.answer(
        [_as_json(one) for one in found],
        lambda: (
            [
                *(
                    [line for one in found for line in _lines(one)]
                    or ["Nothing waits to be looked through."]
                ),
                *(
                    ["All that is in one, and what can be done: “liaison pc review ID”."]
                    if found
                    else []
                ),
                *reviewing.not_kept(home),
                *filter(None, [reviewing.notes_left_out(home)]),
            ]
        ),
    )


@click.command("take-in", cls=Command)
@click.argument("identity", metavar="ID")
@_REASON
@click.pass_obj
def take_in(session: Session, identity: str, reason: str) -> None:
    """Take in again what a removed PC wrote; what was changed since is left to be settled."""
    home = session.open()
    one = reviewing.meant(home, identity)
    before = {(each.rec, each.field) for each in history.conflicts(home.store)}
    count = reviewing.take_in(home, one, reason)
    new = [each for each in history.conflicts(home.store) if (each.rec, each.field) not in before]
    session.answer(
        {"id": one.id, "changes": count},
        lambda: [
            f"Taken in again: {one.title}.",
            *(["What was changed since waits: “liaison conflicts list”."] if new else []),
        ],
    )


@click.command("leave-out", cls=Command)
@click.argument("identity", metavar="ID")
@_REASON
@click.pass_obj
def leave_out(session: Session, identity: str, reason: str) -> None:
    """Leave out what a removed PC wrote; it is kept on this PC and can be taken in later."""
    home = session.open()
    one = reviewing.meant(home, identity)
    reviewing.leave_out(home, one, reason)
    session.answer({"id": one.id}, lambda: [f"Left out: {one.title}."])


@click.command("erase", cls=Command)
@click.argument("identity", metavar="ID")
@click.option("--reason", required=True, help="Why, such as whose request; kept for good.")
@CONFIRM
@click.pass_obj
def erase(session: Session, identity: str, reason: str, confirm: int) -> None:
    """Erase by law what a removed PC wrote and is set apart, on this PC and all others."""
    home = session.open()
    one = reviewing.meant(home, identity)
    confirm_twice(f"{one.label} {one.title}, as far as it is set apart", confirm)
    reviewing.erase(home, one, reason)
    session.answer({"id": one.id}, lambda: [f"Erased: {one.label}.", NOT_REACHED])


def _as_json(one: Matter) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "why": one.why,
        "can_be_taken_in": one.able,
        "left_out": one.left,
        "saves": [_save(save) for save in one.saves],
    }


def _save(one: Save) -> dict[str, Any]:
    return {
        "id": ids.to_text(one.id),
        "pc": one.pc,
        "who": one.who,
        "at": times.to_iso(one.at),
        "reason": one.reason,
        "records": [
            {
                "type": touched.label,
                "title": touched.title,
                "done": touched.verb,
                "fields": [
                    {"field": line.label, "now": line.now, "wrote": line.wrote}
                    for line in touched.lines
                ],
            }
            for touched in one.touched
        ],
    }


def _lines(one: Matter) -> Iterator[str]:
    yield f"{one.id}  {one.label}: {one.title}"
    last = one.saves[-1]
    saves = "1 save" if len(one.saves) == 1 else f"{len(one.saves):,} saves, the last"
    yield f"  {saves} by {last.who} on {last.pc}, {times.show_time(last.at)}: {one.why}."


def _whole(one: Matter) -> Iterator[str]:
    yield from _lines(one)
    for save in one.saves:
        yield f"{times.show_time(save.at)}, {save.who} on {save.pc}"
        if save.reason:
            yield f"  “{save.reason}”"
        for touched in save.touched:
            yield f"  {touched.verb}: {touched.label} {touched.title}".rstrip()
            for line in touched.lines:
                now = f" (now: {line.now})" if line.now else ""
                yield f"    {line.label}: {line.wrote}{now}"
    if one.able:
        yield f"liaison pc take-in {one.id}, or liaison pc leave-out {one.id}"
    else:
        yield f"It cannot be taken in: {one.hindrance}. {one.what_to_do}"
        yield f"liaison pc leave-out {one.id}"


COMMANDS: Final = (review, take_in, leave_out, erase)
"""They belong to ``pc``."""
