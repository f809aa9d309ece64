"""The command that keeps certificates of e-learning with the training they prove."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import FILE, Command, Session
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.training import TrainingRecord
from liaison.services import certificates
from liaison.services.attachments import Incoming, read_file
from liaison.services.homes import OpenHome
from liaison.services.references import resolve


@click.command("certificate", cls=Command)
@click.argument("course", metavar="COURSE")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FILE)
@click.option("--on", "completed", required=True, metavar="DAY", help="When it was completed.")
@click.option("--runs-out", metavar="DAY", help="If the certificate says another day.")
@click.option(
    "--for", "staff", multiple=True, metavar="STAFF",
    help="Whose it is; may be repeated. Without it the names of the files say so.",
)  # fmt: skip
@click.option("--by", "taught_by", metavar="TEXT", help="Who provided it.")
@click.option("--reference", metavar="TEXT", help="The number on the certificate.")
@click.option("--face-to-face", is_flag=True, help="It was no e-learning.")
@click.pass_obj
def certificate(  # noqa: PLR0917  # one for each option
    session: Session,
    course: str,
    files: tuple[Path, ...],
    completed: str,
    runs_out: str | None,
    staff: tuple[str, ...],
    taught_by: str | None,
    reference: str | None,
    face_to_face: bool,  # noqa: FBT001  # a switch
) -> None:
    """Record what certificates prove, and keep them with it.

    They belong to no session. COURSE is an id or an exact name. With --for each file is kept for everybody who is named.
    """
    home = session.open()
    training = TrainingRecord(
        course=resolve(home.store, "course", course),
        completed=day_of(home.store, completed, "--on"),
        expires=day_of(home.store, runs_out, "--runs-out"),
        taught_by=taught_by,
        delivered_by="external" if taught_by else None,
        delivery="face to face" if face_to_face else "e-learning",
        notes=None if reference is None else f"Certificate {reference}",
    )
    people = [resolve(home.store, "staff", one) for one in staff]
    incoming = [read_file(file) for file in files]
    done = certificates.bring(home, training, _pairs(home, people, incoming))
    session.answer(_json(done), lambda: _lines(done))


def _pairs(
    home: OpenHome, people: list[int], incoming: list[Incoming]
) -> list[tuple[int, Incoming]]:
    if people:
        return [(one, file) for file in incoming for one in people]
    pairs = []
    named = certificates.named(home.store, [file.name for file in incoming])
    for staff, file in zip(named, incoming, strict=True):
        if staff is None:
            raise UserError(
                f"{file.name}: the name does not say whose certificate it is.",
                kept="Nothing was recorded.",
                do="Say whose it is with --for.",
                code="not-found",
            )
        pairs.append((staff, file))
    return pairs


def _json(done: certificates.Brought) -> dict[str, Any]:
    return {
        "recorded": done.recorded,
        "attached": done.attached,
        "known": list(done.known),
        "records": {ids.to_text(who): ids.to_text(one) for who, one in done.records.items()},
    }


def _lines(done: certificates.Brought) -> list[str]:
    return [
        f"{done.recorded} recorded, {done.attached} attached.",
        *(f"{name} was there already." for name in done.known),
    ]


COMMANDS: Final = (certificate,)
