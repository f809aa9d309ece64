"""Commands on a home as a whole: make it, back it up, restore it, check it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from liaison.cli.session import Command, Session, note
from liaison.files import write_new_file
from liaison.records import all_specs, ids
from liaison.security import RecoveryKey
from liaison.services import homes
from liaison.store import backup as backups
from liaison.store.verify import Damage, Report, verify

DAMAGE_FOUND: Final = 3
_FILE: Final = click.Path(path_type=Path)


@click.command(cls=Command)
@click.option("--name", required=True, help="The name of the home.")
@click.option("--person", required=True, help="The name of its manager.")
@click.option(
    "--recovery-out", type=_FILE, metavar="FILE", help="Write the recovery key to a new file."
)
@click.pass_obj
def init(session: Session, name: str, person: str, recovery_out: Path | None) -> None:
    """Make an empty home and its recovery key.

    The recovery key is the only way back in when nobody remembers a password. It is shown once.
    """
    folder = session.folder
    password = session.password(new=True)
    home, recovery = homes.make_home(folder, name=name, person=person, password=password)
    with home:
        made = ids.to_text(home.person)
    if recovery_out is None:
        _show_recovery_key(recovery)
    else:
        _write_recovery_key(recovery_out, recovery, name)
    session.answer(
        {"home": str(folder.absolute()), "person": made},
        lambda: [f"{name} is ready in {folder.absolute()}.", f"{person} is its manager."],
    )


def _show_recovery_key(recovery: RecoveryKey) -> None:
    # not into the result: a script's output often ends in a log
    note("\nRecovery key. Write it on paper, keep it in the safe. It is not shown again:\n")
    note(f"    {recovery.text}\n")


def _write_recovery_key(path: Path, recovery: RecoveryKey, name: str) -> None:
    text = f"Recovery key of {name} in Liaison\n{recovery.text}\n"
    try:
        write_new_file(path, text.encode())
    except Exception:
        # the home is made; its one key must not be lost because a file could not be written
        _show_recovery_key(recovery)
        raise


@click.command(cls=Command)
@click.argument("file", type=_FILE)
@click.pass_obj
def backup(session: Session, file: Path) -> None:
    """Write a verified backup of the home to FILE: one encrypted file, with its keys."""
    about = session.open().backup(file)
    size = file.stat().st_size
    session.answer(
        {"file": str(file.absolute()), "size": size, "sha256": about.sha256},
        lambda: [f"Backed up to {file} ({size / 1e6:.1f} MB) and checked."],
    )


@click.command(cls=Command)
@click.argument("file", type=_FILE)
@click.pass_obj
def restore(session: Session, file: Path) -> None:
    """Restore the backup FILE into a new folder, named with --home NEWDIR."""
    if session.home is None:
        message = "Name the new folder with --home NEWDIR."
        raise click.UsageError(message, click.get_current_context())
    backups.read_about(file)
    home = homes.restore_home(file, session.home, session.user, session.password())
    home.close()
    folder = session.home.absolute()
    session.answer({"home": str(folder)}, lambda: [f"Restored into {folder}."])


@click.command(cls=Command)
@click.option("--deep", is_flag=True, help="Also check the search index and attachments.")
@click.pass_obj
def verify_home(session: Session, deep: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Check the whole home: the file, every entry of the log, every signature, every record."""
    home = session.open()
    report = verify(home.store, deep=deep, blob_key=home.unlocked.vault.blob_key)
    session.answer(
        {
            "units": report.units,
            "changes": report.changes,
            "records": report.records,
            "damage": [_damage_json(damage) for damage in report.damage],
        },
        lambda: _told(report),
    )
    if report.damage:
        click.get_current_context().exit(DAMAGE_FOUND)


def _damage_json(damage: Damage) -> dict[str, str | None]:
    return {
        "what": damage.what,
        "type": damage.type or None,
        "id": ids.to_text(damage.rec) if damage.rec else None,
    }


def _told(report: Report) -> Iterator[str]:
    yield (
        f"Checked {report.units:,} signed entries with {report.changes:,} changes "
        f"to {report.records:,} records."
    )
    if not report.damage:
        yield "Everything is as it was written."
        return
    yield f"Damage was found in {len(report.damage)} places:"
    for damage in report.damage:
        spec = all_specs().get(damage.type)
        where = (
            f" ({spec.label if spec else damage.type} {ids.to_text(damage.rec)})"
            if damage.rec
            else ""
        )
        yield f"  {damage.what}{where}"
    yield "Keep this folder as it is, and restore the newest backup into a new one."


verify_home.name = "verify"
COMMANDS: Final = (init, backup, restore, verify_home)
