"""Commands about the monthly summary that is made by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from liaison.cli.session import FILE, Command, Group, Session
from liaison.reports.kit import wording
from liaison.services import monthly as summaries
from liaison.services.monthly import Plan


@click.group("monthly", cls=Group)
def monthly() -> None:
    """Have a summary made each month by itself."""


@monthly.command("show", cls=Command)
@click.pass_obj
def show(session: Session) -> None:
    """Show how it is made."""
    _answer(session, summaries.plan_of(session.open().store))


@monthly.command("on", cls=Command)
@click.option("--folder", type=FILE, metavar="FOLDER", required=True, help="Where the files go.")
@click.option(
    "--files-password", type=FILE, metavar="FILE",
    help="A file whose first line opens them; asked for without it, and kept as it was if there is one.",
)  # fmt: skip
@click.pass_obj
def switch_on(session: Session, folder: Path, files_password: Path | None) -> None:
    """Make it from the month that is over now, at the first start of each month."""
    home = session.open()
    password = ""
    if files_password is not None or not summaries.plan_of(home.store).password:
        password = session.new_password(files_password, "--files-password")
    _answer(session, summaries.switch_on(home, folder, password))


@monthly.command("off", cls=Command)
@click.pass_obj
def switch_off(session: Session) -> None:
    """Make no more of them, and forget their password."""
    _answer(session, summaries.switch_off(session.open()))


@monthly.command("make", cls=Command)
@click.pass_obj
def make(session: Session) -> None:
    """Make the one that is due, if one is."""
    written = summaries.make(session.open())
    if written is None:
        session.answer({"file": None}, lambda: ["None is due."])
        return
    session.answer(
        {"file": str(written.file), "pages": written.pages, "sha256": written.sha256},
        lambda: [f"Made: {written.file}. It opens with the password that was set."],
    )


def _answer(session: Session, plan: Plan) -> None:
    found: dict[str, Any] = {
        "on": plan.on,
        "folder": plan.folder or None,
        "made": None if plan.made is None else plan.made.isoformat(),
        "failed": plan.failed or None,
    }
    session.answer(found, lambda: _lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    if not plan.on:
        yield "The monthly summary is switched off."
        return
    yield f"The monthly summary is made by itself, with the password that was set, to {plan.folder}."
    if plan.made is not None:
        yield f"The last one was made of {wording.month(plan.made)}."
    if plan.failed:
        yield f"The last attempt failed: {plan.failed}"


COMMANDS: Final = (monthly,)
