"""Commands that keep a home: backups made, listed, looked into and brought back, and its health."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from liaison.cli.secret_files import read_recovery_key
from liaison.cli.session import FILE, Command, Session
from liaison.errors import UserError
from liaison.files import plain_errors
from liaison.records.rules import times
from liaison.security import roles
from liaison.services import backups, health, looking_in, new_folders, restoring
from liaison.services.backups import Standing, State
from liaison.services.health import Health
from liaison.services.looking_in import Inside
from liaison.services.pcs import restored
from liaison.services.upkeep import Made
from liaison.store.backup import AUTOMATIC

_STATES: Final = {
    State.GOOD: "there",
    State.NOT_HERE: "its disk is not connected",
    State.GONE: "gone",
    State.CHANGED: "changed since",
}


@click.command(cls=Command)
@click.argument("file", type=FILE, required=False)
@click.option(
    "--automatic", is_flag=True, help="Into the folder for automatic ones; old ones are removed."
)
@click.pass_obj
def backup(session: Session, file: Path | None, automatic: bool) -> None:  # noqa: FBT001  # click
    """Write a verified, encrypted backup to FILE.

    It is one file with the database and the key file of this moment: the password of today opens
    it. An older backup of that name is replaced once the new one is good. Others may go on saving.
    """
    if (file is None) is not automatic:
        message = "Name a file, or say --automatic."
        raise click.UsageError(message, click.get_current_context())
    home = session.open()
    before = False
    if file is not None:
        with plain_errors(file):
            before = file.expanduser().is_file()
        made = backups.by_hand(home, file)
    else:
        found = backups.automatic(backups.source_of(home), anew=True)
        if found is None:
            raise UserError(
                "Automatic backups are switched off for this home.",
                kept="No backup was made.",
                do="Switch them on in Settings, Backup, or name a file.",
                code="switched-off",
            )
        made = found
        home.access.done("backed up", detail=backups.noted(made))
    session.answer(
        {"file": made.file, "size": made.length, "sha256": made.sha256},
        lambda: [
            f"Backed up to {made.file} ({made.length / 1e6:.1f} MB) and checked.",
            *(["It took the place of the older backup of that name."] if before else []),
        ],
    )


@click.command("backups", cls=Command)
@click.option("--check", "file", type=FILE, metavar="FILE", help="Go over all of this one.")
@click.pass_obj
def list_backups(session: Session, file: Path | None) -> None:
    """List the backups made from this PC, and how each stands.

    With --check FILE everything in one backup is gone over; the exit code is 3 if it is damaged.
    """
    home = session.open()
    if file is not None:
        _check(session, file, backups.source_of(home))
        return
    standing = backups.standing(home.folder, times.in_london(home.store.clock()))
    session.answer(_listed(standing), lambda: _told(standing))


def _check(session: Session, file: Path, source: backups.Source) -> None:
    report = looking_in.check(file, source)
    session.answer(
        {
            "file": str(file.absolute()),
            "changes": report.changes,
            "damage": [damage.what for damage in report.damage],
        },
        lambda: (
            [
                f"Everything in it is as it was written: {report.changes:,} changes."
                if report.changes
                else "It is whole. Its entries could not be read: the home has another key today."
            ]
            if not report.damage
            else [f"{file} is damaged:", *(f"  {damage.what}" for damage in report.damage)]
        ),
    )
    if report.damage:
        click.get_current_context().exit(3)


def _listed(standing: Standing) -> dict[str, object]:
    plan = standing.plan
    return {
        "automatic": plan.on,
        "folder": str(standing.place),
        "hour": plan.hour,
        "keep": {
            "daily": plan.keep.daily, "weekly": plan.keep.weekly, "monthly": plan.keep.monthly,
        },
        "reminder": standing.reminder or None,
        "backups": [
            {
                "file": made.file,
                "at": times.to_iso(made.moment),
                "automatic": made.way == AUTOMATIC,
                "size": made.length,
                "away": made.away,
                "state": state.value,
            }
            for made, state in standing.made
        ],
    }  # fmt: skip


def _told(standing: Standing) -> Iterator[str]:
    if standing.plan.on:
        yield f"Made by themselves on closing, and daily after {standing.plan.hour}:00, in {standing.place}."
    else:
        yield "Automatic backups are switched off."
    if standing.reminder:
        yield standing.reminder
    for made, state in standing.made:
        yield _line(made, state)


def _line(made: Made, state: State) -> str:
    where = "away from this PC" if made.away else "on this PC"
    return (
        f"{times.show_time(made.moment)}  {made.way}, {where}, {_STATES[state]}, "
        f"{made.length / 1e6:.1f} MB  {made.file}"
    )


@click.command(cls=Command)
@click.argument("file", type=FILE)
@click.option("--look", is_flag=True, help="Only say what is in it; nothing is written.")
@click.option(
    "--recovery-file",
    type=FILE,
    metavar="FILE",
    help="Open it with the recovery key of its time, which this file holds.",
)
@click.pass_obj
def restore(
    session: Session,
    file: Path,
    look: bool,  # noqa: FBT001  # click passes flags so
    recovery_file: Path | None,
) -> None:
    """Restore the backup FILE into a new folder.

    The folder is named with --home NEWDIR; the password is the one of the day of the backup.
    Brought back with the recovery key, a manager chooses a new password with "recover" next.
    """
    if session.home is None and not look:
        message = "Name the new folder with --home NEWDIR."
        raise click.UsageError(message, click.get_current_context())
    if session.home is not None and not look:
        new_folders.check_new_place(session.home)
    keys = restoring.read_backup_keys(file)
    by_key = recovery_file is not None
    who = None if by_key else session.who(keys)
    secret = read_recovery_key(recovery_file) if recovery_file else session.password()
    if look:
        inside = looking_in.look_inside(file, who, secret, recovery=by_key)
        session.answer(_inside(inside), lambda: _shown(inside))
        return
    assert session.home is not None  # noqa: S101  # asked for above
    with restoring.restore_home(file, session.home, who, secret, recovery=by_key) as home:
        cut_off = restored.meet_again(home)
    folder = session.home.absolute()
    session.answer(
        {"home": str(folder)},
        lambda: [
            f"Restored into {folder}.",
            *((restored.NOWHERE, "Say where with “liaison sync setup”.") if cut_off else ()),
        ],
    )


def _inside(inside: Inside) -> dict[str, object]:
    return {
        "name": inside.home,
        "made_at": times.to_iso(inside.made),
        "last_change": times.to_iso(inside.last) if inside.last else None,
        "size": inside.size,
        "counts": dict(inside.counts),
        "people": [{"name": name, "role": role} for name, role in inside.people],
    }


def _shown(inside: Inside) -> Iterator[str]:
    yield f"{inside.home}, backed up on {times.show_time(inside.made)}."
    if inside.last:
        yield f"The last change in it was written on {times.show_time(inside.last)}."
    yield from (f"  {words}" for words in inside.words)
    yield "Who may sign in with the passwords of then:"
    for name, role in inside.people:
        yield f"  {name} ({roles.ROLES.get(role, role)})"


@click.command("health", cls=Command)
@click.option("--check", is_flag=True, help="Check everything first, as verify does.")
@click.pass_obj
def say_health(session: Session, check: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Say how the home is on this PC.

    Its keys, database, backups, disk space and clock.
    """
    source = backups.source_of(session.open())
    if check:
        health.check_everything(source)
    found = health.look(source)
    session.answer(health.as_json(found), lambda: _said(found))


def _said(found: Health) -> Iterator[str]:
    signs = {
        health.State.GOOD: "ok ", health.State.LOOK: " ! ", health.State.BAD: "!! ",
        health.State.FACT: "   ",
    }  # fmt: skip
    for line in found.lines:
        yield f"{signs[line.state]} {line.name}: {line.words} {line.do}".rstrip()


COMMANDS: Final = (backup, list_backups, restore, say_health)
