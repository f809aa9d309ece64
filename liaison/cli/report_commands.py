"""The report command: paper as a PDF file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from liaison.cli.days import day_of, time_of
from liaison.cli.session import FILE, Command, Session
from liaison.reports.spec import Asked, Naming
from liaison.services import mailing, reporting
from liaison.services.homes import OpenHome
from liaison.services.reporting import Written


@click.command(cls=Command)
@click.argument("name", required=False)
@click.option("--list", "listing", is_flag=True, help="List the reports there are.")
@click.option("--out", type=FILE, metavar="FILE", help="The PDF file.")
@click.option("--from", "start", metavar="DAY", help="First day; 12 months before the last.")
@click.option("--to", "end", metavar="DAY", help="Last day; today. A report of one day shows it.")
@click.option("--on", metavar="DAY", help="The day, for a report of one day.")
@click.option("--since", metavar="TIME", help="From when on, for a handover; 12 hours ago.")
@click.option("--for", "subject", metavar="ID", help="Only about this one: an id or exact name.")
@click.option("--initials", is_flag=True, help="Initials instead of names.")
@click.option(
    "--names",
    type=click.Choice(["full", "initials", "letters"]),
    help="How residents are named; letters: Resident A, Resident B.",
)
@click.option(
    "--password-out", type=FILE, metavar="FILE",
    help="Protect it, and write its password to this new file.",
)  # fmt: skip
@click.option("--mail", is_flag=True, help="Open a message in the mail program with the file.")
@click.pass_obj
def report(  # noqa: PLR0917  # one for each option
    session: Session,
    name: str | None,
    listing: bool,  # noqa: FBT001  # click passes flags so
    out: Path | None,
    start: str | None,
    end: str | None,
    on: str | None,
    since: str | None,
    subject: str | None,
    initials: bool,  # noqa: FBT001  # click passes flags so
    names: Naming | None,
    password_out: Path | None,
    mail: bool,  # noqa: FBT001  # click passes flags so
) -> None:
    """Write a report to a PDF file.

    A file of that name is replaced, whole or not at all.
    """
    if listing:
        _list(session)
        return
    if initials and names not in {None, "initials"}:
        message = f"Say either --initials or --names {names}."
        raise click.UsageError(message, click.get_current_context())
    if name is None or out is None:
        message = "Say which report and --out FILE." if name is None else "Say --out FILE."
        raise click.UsageError(f"{message} --list lists them.", click.get_current_context())
    # before the home is opened: a name that is wrong needs no password
    reporting.spec_of_report(name)
    home = session.open()
    asked = reporting.ask(
        home.store,
        name,
        start=day_of(home.store, start, "--from"),
        end=day_of(home.store, end, "--to"),
        on=day_of(home.store, on, "--on"),
        subject=subject,
        names=names or ("initials" if initials else "full"),
        since=time_of(home.store, since, "--since"),
    )
    written = reporting.write(home, name, asked, out, password_file=password_out)
    pages = f"{written.pages:,} page{'' if written.pages == 1 else 's'}"
    lines = [f"{reporting.spec_of_report(name).title}, {pages}: {written.file}"]
    if written.password_file is not None:
        lines.append(f"Its password is in {written.password_file}.")
    told: dict[str, Any] = {
        "pages": written.pages, "file": str(written.file), "sha256": written.sha256,
    }  # fmt: skip
    if mail:
        told["mailed"] = _mail(home, name, asked, written)
        lines.append(
            "A new message has the file."
            if told["mailed"]
            else "No mail program here takes a file by itself: attach it to a message by hand."
        )
        if written.password_file is None:
            lines.append("It has no password (--password-out): whoever gets it can read it.")
    session.answer(told, lambda: lines)


def _mail(home: OpenHome, name: str, asked: Asked, written: Written) -> bool:
    """Hand the file to the mail program, which is noted if it took it."""
    attached = mailing.attach(written.file, reporting.spec_of_report(name).title)
    if attached:
        home.access.done(
            "printed", asked.subject, f"Handed to the mail program: {written.file.name}"
        )
    return attached


def _list(session: Session) -> None:
    specs = [reporting.spec_of_report(name) for name in reporting.names()]
    session.answer(
        [_as_json(spec) for spec in specs],
        lambda: [f"{spec.name:<18}{spec.about}" for spec in specs],
    )


def _as_json(spec: Any) -> dict[str, Any]:
    return {
        "name": spec.name,
        "title": spec.title,
        "about": spec.about,
        "period": spec.parameters.period,
        "on": spec.parameters.on,
        "for": list(spec.parameters.subjects),
        "initials": spec.parameters.initials,
        "since": spec.parameters.since,
    }


COMMANDS: Final = (report,)
