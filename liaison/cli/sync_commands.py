"""Commands about the exchange between a home's PCs: where, now, how it stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import click

from liaison.cli.progress import told_when_slow
from liaison.cli.secret_files import read_named
from liaison.cli.session import FILE, Command, Group, Session, if_stopped
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.rules import times
from liaison.services import object_storage, syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import meeting_places, moved, overview, restored
from liaison.services.pcs.meeting_places import Setup
from liaison.services.pcs.overview import Overview, PcSeen
from liaison.services.pcs.standing import Status
from liaison.sync.object_store_place import MOST_BYTES
from liaison.sync.rounds import Round

_ENCRYPTED: Final = "Everything there is encrypted. Invite a PC with “liaison pc invite”."


@click.group("sync", cls=Group)
def sync() -> None:
    """Exchange with the home's other PCs."""


@sync.command("now", cls=Command)
@click.pass_obj
def now(session: Session) -> None:
    """Fetch what other PCs wrote and send what this one wrote."""
    home = session.open()
    with (
        waited_for(home),
        if_stopped(
            "What was fetched and sent until then stays.", "It goes on with “liaison sync now”."
        ),
    ):
        result = syncing.once(home)
    if result.trouble is not None:
        result.trouble.kept = result.trouble.kept or "What was written here waits to be sent."
        raise result.trouble
    session.answer(
        {
            "changes": result.changes,
            "sent": result.sent,
            "unsent": result.unsent,
            "waiting": [one.reason for one in result.waiting],
            "set_apart": result.set_apart,
            "to_review": result.withdrawn,
            "needs_newer": any(one.newer for one in result.waiting),
        },
        lambda: _told(result),
    )


def waited_for(home: OpenHome) -> AbstractContextManager[None]:
    """Return what says that the place where a home's PCs meet takes its time."""
    setup = meeting_places.read_setup(home.folder)
    return told_when_slow(setup.shown if setup else "the storage")


def tell_others(home: OpenHome) -> UserError | None:
    """Tell the other PCs at once of what was decided about who belongs.

    Returns:
        Why it could not be sent; it goes with the next round then.
    """
    try:
        with waited_for(home):
            return syncing.once(home).trouble
    except meeting_places.NotSetUp as trouble:
        return trouble
    except KeyboardInterrupt:
        # what was decided stands: only the telling was stopped
        return stopped()


def stopped() -> UserError:
    """Return why something could not be sent: whoever waited for it pressed Ctrl+C."""
    return UserError("You stopped it.", code="stopped")


def trouble_lines(trouble: UserError | None) -> list[str]:
    """Return what is said where something could not be sent: nothing, or why and when."""
    if trouble is None:
        return []
    return [
        f"It could not be sent yet: {trouble.what}",
        "It goes with the next exchange that goes through: “liaison sync now”.",
    ]


def _told(result: Round) -> Iterator[str]:
    yield f"{_many(result.changes, 'change')} came, {_many(result.sent, 'packet')} went out."
    if result.new_life:
        yield "This PC had been set back to an earlier state; what it lacked came from the others."
    if result.went_back:
        yield "The storage had lost something and was given it again."
    if any(one.newer for one in result.waiting):
        yield "Some of it needs a newer Liaison on this PC. It waits; everything else goes on."
    others = {one.reason for one in result.waiting if not one.newer}
    for reason in sorted(others):
        yield f"Something waits: {reason}."
    for reason in sorted(set(result.set_apart)):
        yield f"Something was set apart: {reason}."
    if result.set_apart:
        yield "“liaison sync status” says whose it is, and whether it waits for a decision."
    if result.withdrawn:
        were = "was" if result.withdrawn == 1 else "were"
        yield f"{_many(result.withdrawn, 'save')} of a removed PC {were} taken out."
        yield "Look through what waits for a decision: “liaison pc review”."


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


@sync.command("status", cls=Command)
@click.pass_obj
def status(session: Session) -> None:
    """Say how the exchange stands."""
    home = session.open()
    found = overview.read(home, sizes=True)
    session.answer(
        {
            **_as_json(found.status),
            "to_send": found.to_send,
            "pcs": [_pc(one) for one in found.pcs],
        },
        lambda: [
            *_lines(found.status, cut_off=restored.is_cut_off(home)),
            *(_standing(found) if found.status.setup else ()),
        ],
    )


def _pc(one: PcSeen) -> dict[str, Any]:
    return {
        "id": ids.to_text(one.id),
        "name": one.name,
        "here": one.here,
        "removed": one.removed is not None,
        "heard": None if one.heard is None else times.to_iso(one.heard),
        "quiet_days": one.quiet,
        "behind": one.behind,
        "packets": one.packets,
        "bytes": one.size,
    }


def _standing(found: Overview) -> Iterator[str]:
    yield f"Saves that wait to be sent: {found.to_send:,}"
    for one in found.pcs:
        told = [f"{_many(one.packets, 'packet')} of it kept here, {_many(one.size, 'byte')}"]
        if one.removed is not None:
            told.insert(0, "this PC, removed" if one.here else "removed")
        elif one.here:
            told.insert(0, "this PC")
        elif one.heard is not None:
            told.insert(0, f"last heard {times.show_time(one.heard)}")
        if one.ahead and one.removed is None:
            told.append("its clock is wrong: set it right")
        if one.is_quiet:
            told.append(f"quiet for {_many(one.quiet, 'day')}")
        if one.behind:
            told.append("more of it is to come")
        yield f"{one.name}: {'; '.join(told)}"


def _as_json(found: Status) -> dict[str, Any]:
    setup = found.setup
    return {
        "storage": None if setup is None else setup.shown,
        "last": None if setup is None or setup.last is None else times.to_iso(setup.last),
        "unsent": found.unsent,
        "removed": found.removed,
        "conflicts": found.conflicts,
        "invitations": found.asking,
        "apart": [
            {"pc": one.pc or None, "why": one.why, "at": times.to_iso(one.at), "size": one.size}
            for one in found.apart
        ],
        "to_review": [
            {
                "pc": one.pc or None,
                "why": one.why,
                "at": times.to_iso(one.at),
                "changes": one.changes,
            }
            for one in found.to_review
        ],
        "not_counted": [{"pc": pc or None, "why": why} for pc, why in found.not_counted],
    }


def _lines(found: Status, *, cut_off: bool) -> Iterator[str]:
    if found.removed:
        yield "This PC was removed from the home; it works on alone."
    if found.setup is None:
        if cut_off:
            yield restored.NOWHERE
        else:
            yield "This home is on this PC alone."
        yield meeting_places.CHOOSE
        return
    yield f"Storage: {found.setup.shown}"
    last = found.setup.last
    yield f"Last exchange: {times.show_time(last) if last else 'none yet'}"
    yield f"Packed and not sent yet: {_many(found.unsent, 'packet')}"
    if found.conflicts:
        yield f"Differences to settle: {found.conflicts} (see “liaison conflicts list”)"
    if found.asking:
        yield f"Open invitations: {found.asking}"
    for one in found.apart:
        yield f"Set apart, {times.show_time(one.at)}, {one.pc or 'unknown PC'}: {one.why}."
    for save in found.to_review:
        yield (
            f"To review, {times.show_time(save.at)}, {save.pc or 'unknown PC'}, "
            f"{_many(save.changes, 'record')}: {save.why}."
        )
    if found.to_review:
        yield "A manager looks through it: “liaison pc review”."
    for pc, why in found.not_counted:
        yield f"An entry on who belongs changed nothing ({pc or 'unknown PC'}): {why}."


@sync.group("setup", cls=Group)
def setup() -> None:
    """Choose where the home's PCs meet: managers only."""


_INSTEAD = click.option(
    "--instead", is_flag=True, help="Give up the place of that kind where the PCs meet now."
)


@setup.command("folder", cls=Command)
@click.argument("path", type=FILE, metavar="PATH")
@_INSTEAD
@click.pass_obj
def folder(session: Session, path: Path, *, instead: bool) -> None:
    """Meet in a folder: a network share, a USB stick, a folder that a cloud program follows."""
    home = session.open()
    before = meeting_places.read_setup(home.folder)
    if before is not None and before.folder and not instead:
        _refuse_another(str(before.folder), str(path.expanduser().absolute()))
    made = meeting_places.set_up_folder(home, path)
    session.answer(
        {"storage": made.shown},
        lambda: [
            f"This home meets its other PCs in {made.folder}.",
            _ENCRYPTED,
            *_moving(made),
        ],
    )


@setup.command("s3", cls=Command)
@click.argument("url", metavar="URL")
@click.option(
    "--credentials", type=FILE, required=True, metavar="FILE",
    help="The file with the key: access_key_id = ... and secret_access_key = ...",
)  # fmt: skip
@click.option("--region", default="", metavar="NAME", help="The region, if the store needs one.")
@click.option(
    "--certificate", type=FILE, metavar="FILE", help="A certificate (PEM) to trust for this store."
)
@click.option("--without-encryption", is_flag=True, help="Allow an address that begins with http.")
@click.option(
    "--while-locked", is_flag=True,
    help="Let the key stay in memory while the home is locked, so that packets go on travelling.",
)  # fmt: skip
@_INSTEAD
@click.pass_obj
def s3(
    session: Session,
    url: str,
    credentials: Path,
    region: str,
    certificate: Path | None,
    *,
    without_encryption: bool,
    while_locked: bool,
    instead: bool,
) -> None:
    """Meet in an S3-compatible object store: https://store.example.org/bucket/folder.

    It is tried out first: a small file is written, read back and found in the list. The key is kept
    in the home's encrypted key file.
    """
    access = object_storage.read_access(
        url,
        read_named(credentials, MOST_BYTES + 1),
        region=region,
        authority=""
        if certificate is None
        else read_named(certificate, MOST_BYTES + 1).decode("ascii", "replace"),
        plain=without_encryption,
        while_locked=while_locked,
    )
    home = session.open()
    before = meeting_places.read_setup(home.folder)
    if before is not None and before.store and not instead:
        _refuse_another(before.store, access.place.shown)
    told = meeting_places.set_up_store(home, access)
    if told.fault is not None:
        step = told.steps[-1].words.lower()
        raise UserError(
            f"The store did not pass the test ({step}). {told.fault.what}",
            kept="Nothing was changed.",
            do=told.advice,
            code=told.fault.code,
        )
    made = meeting_places.read_setup(home.folder)
    session.answer(
        {"storage": access.place.shown, "tested": [step.words for step in told.steps]},
        lambda: [
            *(f"{step.words}: done" for step in told.steps),
            f"This home meets its other PCs in {access.place.shown}.",
            f"The key is kept encrypted. Delete {credentials} now.",
            _ENCRYPTED,
            *_moving(made),
        ],
    )


@setup.command("leave", cls=Command)
@click.argument("which", type=click.Choice(["folder", "s3"]))
@click.option(
    "--anyway", is_flag=True, help="Also if PCs have not said that they go by the other place."
)
@click.pass_obj
def leave(session: Session, which: str, *, anyway: bool) -> None:
    """Give up the old place once every PC has moved to the new one; what lies there stays."""
    home = session.open()
    by_folder = which == "folder"
    behind = () if anyway else moved.left_behind(home, folder=by_folder)
    before = meeting_places.read_setup(home.folder)
    if behind and before is not None and before.folder and before.store:
        raise UserError(
            moved.words(behind, folder=by_folder),
            kept="Nothing was changed.",
            do="Set the other place up there (“liaison sync setup”), and exchange on both PCs "
            "(“liaison sync now”). To leave all the same, say --anyway.",
            code="left-behind",
        )
    made = meeting_places.leave(home, folder=by_folder)
    session.answer(
        {"storage": made.shown},
        lambda: [
            f"This home meets its other PCs in {made.shown}.",
            "What lies in the old place stays there.",
        ],
    )


def _refuse_another(before: str, now: str) -> None:
    """Refuse to leave the place where the PCs meet without a word: the others would stay there."""
    if before != now:
        raise UserError(
            f"This home meets its other PCs in {before}.",
            kept="Nothing was changed.",
            do="To move it, say --instead, here and on every other PC; what lies in the old place "
            "stays there.",
            code="other-place",
        )


def _moving(made: Setup | None) -> Iterator[str]:
    if made is not None and made.folder and made.store:
        yield "It goes by both places until you give one up: “liaison sync setup leave folder” or"
        yield "“... leave s3”. Do that once every PC has been set up for the new one."


COMMANDS: Final = (sync,)
