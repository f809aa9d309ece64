"""Letting another PC in, from a PC of the home: inviting, approving, withdrawing an invitation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from liaison.cli.progress import megabytes, progress
from liaison.cli.secret_files import check_secret_place
from liaison.cli.session import FILE, Command, Session, if_stopped
from liaison.cli.shown import spaced
from liaison.cli.sync_commands import stopped, tell_others, trouble_lines, waited_for
from liaison.errors import UserError
from liaison.files import write_new_file
from liaison.records import ids
from liaison.records.rules import times
from liaison.security import pairing
from liaison.services import syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import belonging, inviting, letting_in, meeting_places, removing

_FILE_HAS_THE_KEY: Final = (
    "If it was written to a file, that still holds the key to the store: delete it.",
)


@click.command("invite", cls=Command)
@click.option("--out", type=FILE, metavar="FILE", help="A new file for the invitation.")
@click.pass_obj
@if_stopped(
    "An invitation that was made by then is open.",
    "“liaison pc invitations” lists those that are, and “liaison pc withdraw” ends one.",
)
def invite(session: Session, out: Path | None) -> None:
    """Invite one more PC; the invitation works once and ends after seven days.

    Without --out it is eight words, to be typed on the new PC.
    """
    home = session.open()
    _refuse_removed(home)
    transport = meeting_places.transport_of(home)
    if out is not None:
        check_secret_place(out, home.folder, "invitation")
        meeting_places.refuse_where_pcs_meet(home.folder, out)
    with waited_for(home):
        made = inviting.invite(home, transport)
    if out is not None:
        _write(home, made, out)
    document = {
        "ends": times.to_iso(made.ends),
        "file": None if out is None else str(out.absolute()),
        # where there is a file, the words stay in it
        "words": made.invitation.words if out is None else None,
    }
    setup = meeting_places.read_setup(home.folder)
    session.answer(document, lambda: _invited(made, out, setup.folder if setup else None))


def _write(home: OpenHome, made: inviting.Made, out: Path) -> None:
    """Write an invitation's file; one that nobody can hand over is withdrawn."""
    try:
        write_new_file(out, made.file)
    except UserError:
        inviting.withdraw(home, made.invitation.id)
        _take_away(home, made.invitation.id)
        raise


def _refuse_removed(home: OpenHome) -> None:
    own = home.unlocked.vault.pc.id or 0
    if own in belonging.standing_of(home).cuts:
        raise UserError(
            "This PC was removed from the home.",
            kept="Nothing was changed.",
            do="Others are added on another PC.",
            code="removed-pc",
        )


def _invited(made: inviting.Made, out: Path | None, folder: Path | None) -> Iterator[str]:
    in_store = bool(made.invitation.storage)
    if out is None:
        yield "On the new PC, type these words after “liaison pc join”:"
        yield f"  {made.invitation.words}"
        if in_store:
            yield (
                "The store's address and key are asked for there too (--s3, --credentials). With a "
                "file (--out) nothing of it is typed."
            )
    else:
        yield f"The invitation is in {out}. {pairing.care_for(with_store=in_store)}"
        yield f"On the new PC, type “liaison pc join” and where that file is ({out.name})."
    if folder is not None and not in_store:
        yield f"Add --folder and where the shared folder is on that PC (here it is {folder})."
    yield f"It works once, and ends on {times.show_time(made.ends)}."
    yield "Then compare the six digits on both PCs, and let it in here with “liaison pc approve”."


@click.command("approve", cls=Command)
@click.argument("digits", nargs=-1, metavar="[DIGITS]")
@click.pass_obj
@if_stopped(
    "A PC that was let in by then belongs to the home.",
    "“liaison pc list” shows whether it does, and “liaison sync now” goes on with telling it.",
)
def approve(session: Session, digits: tuple[str, ...]) -> None:
    """Let a PC in that shows these six digits; without them, list the PCs that ask."""
    home = session.open()
    transport = meeting_places.transport_of(home)
    if not digits:
        with waited_for(home):
            waiting = letting_in.asking(home, transport)
        session.answer(
            [
                {"name": one.request.name, "digits": one.digits, "contested": one.contested}
                for one in waiting
            ],
            lambda: _waiting(waiting),
        )
        return
    with progress() as tell, waited_for(home):
        try:
            request = letting_in.approve(
                home, transport, "".join(digits),
                told=megabytes(tell, "Megabytes of the record laid there for the new PC"),
            )  # fmt: skip
        except letting_in.NobodyAsks as error:
            error.do += " A PC that was let in before is in “liaison pc list”."
            raise
    result = syncing.once(home)
    identity = ids.to_text(ids.derived_id("pc", request.keys.signing.hex()))
    session.answer(
        {"id": identity, "name": request.name, "unsent": result.unsent},
        lambda: [
            f"{request.name} belongs to this home now. Repeat “liaison pc join” there.",
            *_same_name(home, request.name),
            *trouble_lines(result.trouble),
        ],
    )


def _same_name(home: OpenHome, name: str) -> Iterator[str]:
    called = [one for one in removing.everyone(home) if one.belongs and one.name == name]
    if len(called) > 1:
        yield f"{len(called)} PCs are called “{name}” now: give one another name (liaison pc rename)."


def _waiting(waiting: tuple[letting_in.Asking, ...]) -> Iterator[str]:
    if not waiting:
        yield "No PC asks to join."
    for one in waiting:
        yield f"{spaced(one.digits)}  {one.request.name}"
        if one.contested:
            yield "  Another PC came with the same invitation: do not let either in."
    if waiting:
        yield "If the new PC shows the same digits: liaison pc approve DIGITS"


@click.command("invitations", cls=Command)
@click.pass_obj
def invitations(session: Session) -> None:
    """List the invitations that nobody used yet, with when they end."""
    home = session.open()
    found = inviting.open_invitations(home)
    session.answer(
        [{"id": one.id, "ends": times.to_iso(times.from_stored(one.ends))} for one in found],
        lambda: (
            [
                f"{one.id[: inviting.SHORT]}  ends on {times.show_time(times.from_stored(one.ends))}"
                for one in found
            ]
            or ["No invitation is open."]
        ),
    )


@click.command("withdraw", cls=Command)
@click.argument("invitation", metavar="ID")
@click.pass_obj
def withdraw(session: Session, invitation: str) -> None:
    """Withdraw an invitation that nobody used yet: nobody gets in with it any more."""
    home = session.open()
    which = inviting.meant(home, invitation)
    inviting.withdraw(home, which.id)
    nobody_came, trouble = _take_away(home, which.id)
    trouble = trouble or tell_others(home)
    session.answer(
        {"id": which.id, "sent": trouble is None, "used": not nobody_came},
        lambda: [
            "The invitation is withdrawn: nobody gets in with it any more."
            if nobody_came
            else inviting.LET_IN_MEANWHILE,
            *(_FILE_HAS_THE_KEY if home.unlocked.vault.storage else ()),
            *trouble_lines(trouble),
        ],
    )


def _take_away(home: OpenHome, invitation: str) -> tuple[bool, UserError | None]:
    """Take an invitation's offer away; return whether nobody came in with it, and what went wrong."""
    nobody_came = True
    try:
        for transport in meeting_places.transports_of(home):
            nobody_came &= inviting.take_away(home, transport, invitation)
    except UserError as trouble:
        # left there it leads nowhere all the same
        return nobody_came, trouble
    except KeyboardInterrupt:
        return nobody_came, stopped()
    return nobody_came, None


COMMANDS: Final = (invite, approve, invitations, withdraw)
"""They belong to ``pc``."""
