"""Commands on a home as a whole: make it, check it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from liaison.cli.secret_files import check_secret_place, write_recovery_key
from liaison.cli.session import FILE, Command, Session
from liaison.errors import UserError
from liaison.records import all_specs, ids
from liaison.records.rules import times
from liaison.security import FILE_NAME as KEYS
from liaison.security import RecoveryKey
from liaison.services import backups, founding, health, new_folders, starting, witnesses
from liaison.services.pcs import joining
from liaison.services.upkeep import Checked
from liaison.store.driver import DatabaseTrouble, WrongKey
from liaison.store.verify import Damage, Report, verify

DAMAGE_FOUND: Final = 3


@click.command(cls=Command)
@click.option("--name", required=True, help="The name of the home.")
@click.option("--person", required=True, help="The name of its manager.")
@click.option(
    "--recovery-out", type=FILE, metavar="FILE", help="Write the recovery key to a new file."
)
@click.option(
    "--starting-lists", is_flag=True, help="With needs, glossary, courses and who must hold them."
)
@click.pass_obj
def init(
    session: Session,
    name: str,
    person: str,
    recovery_out: Path | None,
    starting_lists: bool,  # noqa: FBT001  # click passes flags so
) -> None:
    """Make an empty home and its recovery key.

    The recovery key is the only way back in when nobody remembers a password. It is shown once.
    """
    folder = session.folder
    # before anybody thinks of a password
    new_folders.check_new_place(folder)
    joining.refuse_waiting(folder)
    if recovery_out is not None:
        check_secret_place(recovery_out, folder)
    password = session.password(new=True)
    written: list[Path] = []

    def keep(recovery: RecoveryKey) -> None:
        if recovery_out is None:
            _show_recovery_key(recovery)
        else:
            write_recovery_key(recovery_out, recovery, name)
            written.append(recovery_out)

    try:
        home, _ = founding.make_home(
            folder, name=name, person=person, password=password, keep_recovery_key=keep
        )
    except BaseException:
        if not (folder / KEYS).exists():
            for path in written:
                # the key of a home that was not made
                path.unlink(missing_ok=True)
        raise
    told = [f"{name} is ready in {folder.absolute()}.", f"{person} is its manager."]
    with home:
        result: dict[str, object] = {
            "home": str(folder.absolute()),
            "person": ids.to_text(home.person),
        }
        if starting_lists:
            counts = starting.add_starting_lists(home)
            result["counts"] = counts
            told += [f"{number:,} {all_specs()[kind].plural}" for kind, number in counts.items()]
    session.answer(result, lambda: told)


def _show_recovery_key(recovery: RecoveryKey) -> None:
    # not into the result: a script's output often ends in a log
    click.echo(
        "\nRecovery key. Write it on paper, keep it in the safe. It is not shown again:\n\n"
        f"    {recovery.text}\n",
        err=True,
    )


@click.command(cls=Command)
@click.option("--deep", is_flag=True, help="Also check the search index and attachments.")
@click.option(
    "--against-backup",
    "backups_seen",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="Nothing this backup has seen may be missing; may be repeated.",
)
@click.option(
    "--against-head",
    "seen_on_paper",
    multiple=True,
    metavar="TEXT",
    help="Nor what the foot of a printed audit report has seen.",
)
@click.pass_obj
def verify_home(
    session: Session,
    deep: bool,  # noqa: FBT001  # click passes flags so
    backups_seen: tuple[Path, ...],
    seen_on_paper: tuple[str, ...],
) -> None:
    """Check that everything is as it was written.

    The file, every entry of the log, every signature and every record are gone through, and
    compared with what backups made here have seen. The exit code is 3 if damage was found.
    """
    seen = [witnesses.of_paper(typed) for typed in seen_on_paper]
    try:
        home = session.open()
    except (DatabaseTrouble, WrongKey) as trouble:
        report = _unopened(trouble)
    else:
        seen += [witnesses.of_backup(file, home.unlocked.home_id) for file in backups_seen]
        report = verify(
            home.store,
            deep=deep,
            blob_key=home.unlocked.vault.blob_key,
            witnesses=[*backups.witnesses(home.folder), *seen],
        )
        first = report.damage[0].what if report.damage else ""
        now = home.store.clock()
        found = Checked(times.to_stored(now), len(report.damage), report.changes, first)
        health.note_check(home.folder, found, now)
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


def _unopened(trouble: UserError) -> Report:
    """Return what there is to say of a database too damaged to be opened; raise anything else."""
    if trouble.code != WrongKey.code:
        raise trouble
    return Report(damage=[Damage(trouble.what)])


def _damage_json(damage: Damage) -> dict[str, str | None]:
    return {
        "what": damage.what,
        "type": damage.type or None,
        "id": ids.to_text(damage.rec) if damage.rec else None,
    }


def _told(report: Report) -> Iterator[str]:
    yield (
        f"Checked {_counted(report.units, 'signed entry', 'signed entries')} with "
        f"{_counted(report.changes, 'change', 'changes')} "
        f"to {_counted(report.records, 'record', 'records')}."
    )
    if not report.damage:
        yield "Everything is as it was written."
        return
    yield f"Damage was found in {_counted(len(report.damage), 'place', 'places')}:"
    for damage in report.damage:
        spec = all_specs().get(damage.type)
        where = (
            f" ({spec.label if spec else damage.type} {ids.to_text(damage.rec)})"
            if damage.rec
            else ""
        )
        yield f"  {damage.what}{where}"
    yield "Keep this folder as it is, and restore the newest backup into a new one."


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


verify_home.name = "verify"
COMMANDS: Final = (init, verify_home)
