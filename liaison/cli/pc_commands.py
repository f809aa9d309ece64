"""Commands about the PCs of one home: inviting, joining, approving, listing, removing."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from liaison.cli import review_commands
from liaison.cli.progress import megabytes, progress
from liaison.cli.session import FILE, Command, Group, Session, note
from liaison.errors import UserError
from liaison.files import plain_errors, write_new_file
from liaison.records import ids
from liaison.records.rules import times
from liaison.security import FILE_NAME, pairing
from liaison.security.pairing import Invitation
from liaison.services import object_storage, syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import inviting, joining, removing
from liaison.services.pcs.joining import Waiting
from liaison.services.pcs.removing import Belonging
from liaison.sync.folder import Folder
from liaison.sync.object_store import ObjectStore
from liaison.sync.object_store_place import MOST_BYTES, Access

_LARGEST: Final = 100_000
_KNOWS_THE_KEY: Final = (
    "It knows the key to the store: have the key changed there, and set the store up again with the",
    "new one on each PC (liaison sync setup s3).",
)

_FILE_HAS_THE_KEY: Final = (
    "If it was written to a file, that still holds the key to the store: delete it.",
)


@click.group("pc", cls=Group)
def pc() -> None:
    """Let other PCs hold this home too: managers only."""


@pc.command("invite", cls=Command)
@click.option("--out", type=FILE, metavar="FILE", help="A new file for the invitation.")
@click.pass_obj
def invite(session: Session, out: Path | None) -> None:
    """Invite one more PC; the invitation works once and ends after seven days.

    Without --out it is eight words, to be typed on the new PC.
    """
    home = session.open()
    transport = syncing.transport_of(home)
    made = inviting.invite(home, transport)
    if out is not None:
        write_new_file(out, made.file)
    document = {
        "ends": times.to_iso(made.ends),
        "file": None if out is None else str(out.absolute()),
        # where there is a file, the words stay in it
        "words": made.invitation.words if out is None else None,
    }
    session.answer(document, lambda: _invited(made, out))


def _invited(made: inviting.Made, out: Path | None) -> Iterator[str]:
    if out is None:
        yield "On the new PC, type these words after “liaison pc join”:"
        yield f"  {made.invitation.words}"
    else:
        yield f"The invitation is in {out}. Bring it to the new PC and delete it afterwards."
        if made.invitation.storage:
            yield "It also holds the key to the store, so that nothing has to be typed there."
    yield f"It works once, and ends on {times.show_time(made.ends)}."
    yield "Then compare the six digits on both PCs, and let it in here with “liaison pc approve”."


@pc.command("join", cls=Command)
@click.argument("invitation", nargs=-1, required=True, metavar="FILE|WORDS...")
@click.option("--folder", type=FILE, metavar="DIR", help="The folder that the PCs share.")
@click.option("--s3", metavar="URL", help="The object store that the PCs share.")
@click.option("--credentials", type=FILE, metavar="FILE", help="The file with the store's key.")
@click.option("--name", metavar="NAME", help="What people shall call this PC.")
@click.pass_obj
def join(
    session: Session,
    *,
    invitation: tuple[str, ...],
    folder: Path | None,
    s3: str | None,
    credentials: Path | None,
    name: str | None,
) -> None:
    """Join a home with this PC; the same command again goes on where it stood.

    The file of an invitation to an object store says where that is; otherwise name the folder, or
    the store and its key.

    First it shows six digits and waits for a manager to let it in. Then it fetches the record, and
    asks who you are and for your password. Stopped in between, it goes on where it was.
    """
    target = session.folder
    _refuse_joined(target)
    invited = _invitation(invitation)
    access = _access(invited, s3, credentials)
    setup = _place(target, folder, access)
    transport = ObjectStore(access) if access else Folder(setup.folder or target)
    called = " ".join((name or platform.node() or "New PC").split())[:100]
    waiting = joining.ask(invited, target, transport, called)
    if not waiting.is_let_in:
        session.answer(
            {
                "state": "waiting",
                "home": waiting.offer.home,
                "digits": waiting.digits,
                "ends": times.to_iso(times.from_stored(waiting.offer.ends)),
            },
            lambda: _asked(waiting),
        )
        return
    with progress() as tell:
        waiting = joining.fetch(
            waiting, target, transport, megabytes(tell, "Megabytes of the record that are here")
        )
    if waiting.no_copy is not None:
        note(f"{waiting.no_copy.what} {waiting.no_copy.do}")
    user = _who(session, waiting)
    home = joining.complete(
        waiting, target, user, session.password(),
        beside=lambda made: syncing.keep_setup(made, setup),
        storage=access.encode() if access else None,
    )  # fmt: skip
    click.get_current_context().with_resource(home)
    result = syncing.once(home)
    session.answer(
        {
            "state": "joined",
            "home": str(target.absolute()),
            "pc": ids.to_text(home.unlocked.vault.pc.id or 0),
            "person": home.unlocked.person,
            "copied": waiting.copy is not None,
            "changes": result.changes,
        },
        lambda: _joined(waiting, result.changes),
    )


def _access(invited: Invitation, s3: str | None, credentials: Path | None) -> Access | None:
    """Return the way to the object store, if the PCs meet in one: as typed, or as invited."""
    if (s3 is None) != (credentials is None):
        raise click.UsageError("--s3 and --credentials belong together.")
    if s3 is not None and credentials is not None:
        with plain_errors(credentials), credentials.open("rb") as file:
            return object_storage.read_access(s3, file.read(MOST_BYTES + 1))
    return Access.decode(invited.storage) if invited.storage else None


def _place(target: Path, folder: Path | None, access: Access | None) -> syncing.Setup:
    """Return where this PC is to meet the others."""
    if access is None and folder is None:
        raise UserError(
            "This invitation does not say where the PCs meet.",
            kept="Nothing was changed.",
            do="Name the folder that they share with --folder, or the store with --s3 and --credentials.",
            code="no-storage",
        )
    return syncing.Setup(
        None if folder is None else syncing.usable_folder(target, folder),
        store=access.place.shown if access else "",
    )


def _refuse_joined(target: Path) -> None:
    if (target / FILE_NAME).exists() and syncing.read_setup(target) is not None:
        raise UserError(
            f"The home in {target} shares its record with other PCs already.",
            kept="Nothing was changed.",
            do="Fetch with “sync now”. For another home, choose another folder with --home.",
            code="already-joined",
        )


def _invitation(words: tuple[str, ...]) -> Invitation:
    """Return an invitation: from the file of that name, or from its words."""
    path = Path(words[0]).expanduser()
    if len(words) == 1:
        with plain_errors(path):
            if path.is_file():
                with path.open("rb") as file:
                    return pairing.read_invitation(file.read(_LARGEST))
        if " " not in words[0].strip():
            raise UserError(
                f"There is no file {path}.",
                kept="Nothing was changed.",
                do="Name the file of the invitation, or type its eight words.",
                code="no-file",
            )
    return Invitation(pairing.read_words(" ".join(words)))


def _who(session: Session, waiting: Waiting) -> str | None:
    if session.user is not None or len(waiting.people) <= 1:
        return session.user
    note(f"{waiting.offer.home} has let this PC in.")
    answer: str = click.prompt("Who are you", type=click.Choice(list(waiting.people)), err=True)
    return answer


def _asked(waiting: Waiting) -> Iterator[str]:
    yield f"This PC asks to join {waiting.offer.home} (invited by {waiting.offer.pc})."
    yield f"Its six digits: {_spaced(waiting.digits)}"
    yield "Compare them with those that a manager sees there with “liaison pc approve”."
    yield "Once the manager has let it in, repeat this command."


def _joined(waiting: Waiting, changes: int) -> Iterator[str]:
    if waiting.copy is not None:
        yield f"This PC belongs to {waiting.offer.home} now, and the record is here."
        return
    yield f"This PC belongs to {waiting.offer.home} now; {changes:,} changes came."
    if not changes:
        yield "The records come once the other PC has sent them: fetch with “liaison sync now”."


def _spaced(digits: str) -> str:
    return f"{digits[:3]} {digits[3:]}"


@pc.command("approve", cls=Command)
@click.argument("digits", nargs=-1, metavar="[DIGITS]")
@click.pass_obj
def approve(session: Session, digits: tuple[str, ...]) -> None:
    """Let a PC in that shows these six digits; without them, list the PCs that ask."""
    home = session.open()
    transport = syncing.transport_of(home)
    if not digits:
        waiting = inviting.asking(home, transport)
        session.answer(
            [
                {"name": one.request.name, "digits": one.digits, "contested": one.contested}
                for one in waiting
            ],
            lambda: _waiting(waiting),
        )
        return
    with progress() as tell:
        request = inviting.approve(
            home, transport, "".join(digits),
            told=megabytes(tell, "Megabytes of the record laid there for the new PC"),
        )  # fmt: skip
    result = syncing.once(home)
    identity = ids.to_text(ids.derived_id("pc", request.keys.signing.hex()))
    session.answer(
        {"id": identity, "name": request.name, "unsent": result.unsent},
        lambda: [
            f"{request.name} belongs to this home now. Repeat “liaison pc join” there.",
            *_trouble(result.trouble),
        ],
    )


def _waiting(waiting: tuple[inviting.Asking, ...]) -> Iterator[str]:
    if not waiting:
        yield "No PC asks to join."
    for one in waiting:
        yield f"{_spaced(one.digits)}  {one.request.name}"
        if one.contested:
            yield "  Another PC came with the same invitation: do not let either in."
    if waiting:
        yield "If the new PC shows the same digits: liaison pc approve DIGITS"


@pc.command("invitations", cls=Command)
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


@pc.command("withdraw", cls=Command)
@click.argument("invitation", metavar="ID")
@click.pass_obj
def withdraw(session: Session, invitation: str) -> None:
    """Withdraw an invitation that nobody used yet: nobody gets in with it any more."""
    home = session.open()
    which = inviting.meant(home, invitation)
    inviting.withdraw(home, which.id)
    nobody_came, trouble = _take_away(home, which.id)
    trouble = trouble or _send(home)
    session.answer(
        {"id": which.id, "sent": trouble is None, "used": not nobody_came},
        lambda: [
            "The invitation is withdrawn: nobody gets in with it any more."
            if nobody_came
            else inviting.LET_IN_MEANWHILE,
            *(_FILE_HAS_THE_KEY if home.unlocked.vault.storage else ()),
            *_trouble(trouble),
        ],
    )


def _take_away(home: OpenHome, invitation: str) -> tuple[bool, UserError | None]:
    """Take an invitation's offer away; return whether nobody came in with it, and what went wrong."""
    nobody_came = True
    try:
        for transport in syncing.transports_of(home):
            nobody_came &= inviting.take_away(home, transport, invitation)
    except UserError as trouble:
        # left there it leads nowhere all the same
        return nobody_came, trouble
    return nobody_came, None


def _trouble(trouble: UserError | None) -> list[str]:
    return [] if trouble is None else [f"It could not be sent yet: {trouble.what}"]


@pc.command("list", cls=Command)
@click.pass_obj
def list_pcs(session: Session) -> None:
    """List the PCs of this home."""
    home = session.open()
    found = removing.everyone(home)
    session.answer([_as_json(one) for one in found], lambda: [_line(one) for one in found])


@pc.command("remove", cls=Command)
@click.argument("name", metavar="NAME|ID")
@click.option("--reason", required=True, help="Why, for the history.")
@click.pass_obj
def remove(session: Session, name: str, reason: str) -> None:
    """Remove a PC from this home: lost, stolen, given away.

    What it writes from then on counts nowhere. What it had fetched before stays on it.
    """
    home = session.open()
    which = removing.meant(home, name)
    removing.remove(home, which.id, reason)
    trouble = _send(home)
    session.answer(
        {"id": ids.to_text(which.id), "name": which.name, "sent": trouble is None},
        lambda: [
            f"{which.name} does not belong to this home any more.",
            *removing.CANNOT_TAKE_BACK,
            *(_KNOWS_THE_KEY if home.unlocked.vault.storage else ()),
            *_trouble(trouble),
        ],
    )


def _send(home: OpenHome) -> UserError | None:
    """Tell the other PCs at once; what does not go through now goes with the next round."""
    try:
        return syncing.once(home).trouble
    except syncing.NotSetUp as trouble:
        return trouble


def _as_json(one: Belonging) -> dict[str, Any]:
    return {
        "id": ids.to_text(one.id),
        "name": one.name,
        "here": one.here,
        "joined": None if one.joined is None else times.to_iso(one.joined),
        "removed": None if one.removed is None else times.to_iso(one.removed),
        "heard": None if one.heard is None else times.to_iso(one.heard),
    }


def _line(one: Belonging) -> str:
    told = [one.name + (" (this PC)" if one.here else "")]
    if one.removed is not None:
        told.append(f"removed {times.show_time(one.removed)}")
    elif one.joined is not None:
        told.append(f"joined {times.show_time(one.joined)}")
    if one.belongs and not one.here and one.heard is not None:
        told.append(f"last heard of {times.show_time(one.heard)}")
    return ", ".join(told)


for command in review_commands.COMMANDS:
    pc.add_command(command)

COMMANDS: Final = (pc,)
