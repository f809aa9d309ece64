"""Joining a home with this PC: asking, and going on where it stood."""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from liaison.cli.progress import megabytes, progress, told_when_slow
from liaison.cli.secret_files import read_named
from liaison.cli.session import FILE, Command, Session, at_terminal, if_stopped, note
from liaison.cli.shown import spaced
from liaison.errors import UserError
from liaison.files import plain_errors
from liaison.records import ids
from liaison.records.rules import times
from liaison.security import FILE_NAME, pairing
from liaison.security.pairing import Invitation
from liaison.services import object_storage, syncing
from liaison.services.pcs import joining, meeting_places
from liaison.services.pcs.joining import Waiting
from liaison.sync.folder import Folder
from liaison.sync.object_store import ObjectStore
from liaison.sync.object_store_faults import being_set_up
from liaison.sync.object_store_place import MOST_BYTES, Access
from liaison.sync.rounds import Round
from liaison.sync.transport import TransportTrouble

_LARGEST: Final = 100_000
_STAYS: Final = "What was asked and fetched until then stays."


@click.command("join", cls=Command)
@click.argument("invitation", nargs=-1, required=True, metavar="FILE|WORDS...")
@click.option("--folder", type=FILE, metavar="DIR", help="The folder that the PCs share.")
@click.option("--s3", metavar="URL", help="The object store that the PCs share.")
@click.option("--credentials", type=FILE, metavar="FILE", help="The file with the store's key.")
@click.option("--name", metavar="NAME", help="What people shall call this PC.")
@click.option(
    "--again", is_flag=True, help="Give up for good what was asked with another invitation."
)
@click.pass_obj
@if_stopped(_STAYS, "Repeat this command: it goes on where it stood.")
def join(
    session: Session,
    *,
    invitation: tuple[str, ...],
    folder: Path | None,
    s3: str | None,
    credentials: Path | None,
    name: str | None,
    again: bool,
) -> None:
    """Join a home with this PC; the same command again goes on where it stood.

    The file of an invitation to an object store says where that is; otherwise name the folder, or
    the store and its key.

    First it shows six digits, with which a manager lets this PC in. The same command then fetches
    the record, and asks who you are and for your password. Stopped in between, it goes on.
    """
    target = session.folder
    _refuse_joined(target)
    invited = _invitation(invitation)
    access = _access(invited, s3, credentials)
    setup = _place(target, folder, access)
    transport = ObjectStore(access) if access else Folder(setup.folder or target)
    called = " ".join((name or platform.node() or "New PC").split())[:100]
    try:
        with _no_home_yet(), told_when_slow(setup.shown):
            waiting = joining.ask(invited, target, transport, called, again=again)
    except joining.AskedBefore as before:
        before.do = f"{joining.GO_ON} To give it up for good, say --again."
        raise
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
    with progress() as tell, _no_home_yet():
        waiting = joining.fetch(
            waiting, target, transport, megabytes(tell, "Megabytes of the record that are here")
        )
    if waiting.no_copy is not None:
        note(f"{waiting.no_copy.what} {waiting.no_copy.do}")
    user = _who(session, waiting)
    home = joining.complete(
        waiting, target, user, session.password(),
        beside=lambda made: meeting_places.keep_setup(made, setup),
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
        lambda: _joined(waiting, result),
    )


@contextlib.contextmanager
def _no_home_yet() -> Iterator[None]:
    """Say what is so where the storage would not go on: nothing here could be sent later."""
    try:
        yield
    except TransportTrouble as trouble:
        trouble.kept = f"No home was made on this PC yet. {_STAYS}"
        trouble.do = being_set_up(trouble.do)
        raise


def _access(invited: Invitation, s3: str | None, credentials: Path | None) -> Access | None:
    """Return the way to the object store, if the PCs meet in one: as typed, or as invited."""
    if (s3 is None) != (credentials is None):
        raise click.UsageError("--s3 and --credentials belong together.")
    if s3 is not None and credentials is not None:
        return object_storage.read_access(s3, read_named(credentials, MOST_BYTES + 1))
    return Access.decode(invited.storage) if invited.storage else None


def _place(target: Path, folder: Path | None, access: Access | None) -> meeting_places.Setup:
    """Return where this PC is to meet the others."""
    if access is None and folder is None:
        raise UserError(
            "This invitation does not say where the PCs meet.",
            kept="Nothing was changed.",
            do="Name the folder that they share with --folder, or the store with --s3 and --credentials.",
            code="no-storage",
        )
    return meeting_places.Setup(
        None if folder is None else meeting_places.usable_folder(target, folder),
        store=access.place.shown if access else "",
    )


def _refuse_joined(target: Path) -> None:
    if (target / FILE_NAME).exists() and meeting_places.read_setup(target) is not None:
        raise UserError(
            f"The home in {target} shares its record with other PCs already.",
            kept="Nothing was changed.",
            do="Fetch with “liaison sync now”. For another home, choose another folder with --home.",
            code="already-joined",
        )


def _invitation(words: tuple[str, ...]) -> Invitation:
    """Return an invitation: from the file of that name, or from its words."""
    path = Path(words[0]).expanduser()
    if len(words) == 1:
        with plain_errors(path):
            is_file = path.is_file()
        if is_file:
            return pairing.read_invitation(read_named(path, _LARGEST))
        if words[0].strip() and " " not in words[0].strip():
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
    if not at_terminal():
        # as with any command: the first, who made the home
        return waiting.people[0]
    note(f"{waiting.offer.home} has let this PC in.")
    answer: str = click.prompt("Who are you", type=click.Choice(list(waiting.people)), err=True)
    return answer


def _asked(waiting: Waiting) -> Iterator[str]:
    yield f"This PC asks to join {waiting.offer.home} (invited by {waiting.offer.pc})."
    yield f"Its six digits: {spaced(waiting.digits)}"
    yield "Compare them with those that a manager sees there with “liaison pc approve”."
    yield "Once the manager has let it in, repeat this command."


def _joined(waiting: Waiting, result: Round) -> Iterator[str]:
    if waiting.copy is not None:
        yield f"This PC belongs to {waiting.offer.home} now, and the record is here."
    else:
        yield f"This PC belongs to {waiting.offer.home} now; {result.changes:,} changes came."
    if result.trouble is not None:
        yield f"The first exchange did not go through: {result.trouble.what} {result.trouble.do}"
        yield "Then fetch and send with “liaison sync now”."
    elif waiting.copy is None and not result.changes:
        yield "The records come once the other PC has sent them: fetch with “liaison sync now”."


COMMANDS: Final = (join,)
"""They belong to ``pc``."""
