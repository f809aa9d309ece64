"""The monthly summary: made once a month by itself, if a manager switched it on.

It is the page "At a glance" of the month that is over, as a PDF file that opens only with the
password the manager set. Plan and password lie in the encrypted database of this PC and nowhere
else; the password is never shown again, and never written to a log, a setting or the audit.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liaison.errors import UserError
from liaison.records.rules import times
from liaison.reports.kit import wording
from liaison.reports.spec import Asked, Document, Printed
from liaison.security import passwords
from liaison.security.roles import Action
from liaison.services import reporting
from liaison.store.kept_choices import keep_choice, kept_choice

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.services.reporting import Written
    from liaison.store.store import Store

REPORT: Final = "at-a-glance"
_NAME: Final = "monthly summary"
_BY: Final = "Liaison, by itself"
_KEPT: Final = "The monthly summary is as it was."


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """How the monthly summary is made.

    Args:
        on: Whether it is.
        folder: Where its files go.
        password: What opens them.
        since: The first month it is made of, as its first day; None if it was never switched on.
        made: The last month it was made of, as its first day; None for none yet.
        failed: Why the last one could not be made; empty if it could.
    """

    on: bool = False
    folder: str = ""
    password: str = dataclasses.field(default="", repr=False)
    since: dt.date | None = None
    made: dt.date | None = None
    failed: str = ""


def plan_of(store: Store) -> Plan:
    """Return how the monthly summary of a home is made on this PC."""
    found = kept_choice(store, _NAME)
    return Plan(
        on=found.get("on") is True,
        folder=_text(found, "folder"),
        password=_text(found, "password"),
        since=_day(found, "since"),
        made=_day(found, "made"),
        failed=_text(found, "failed"),
    )


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""


def _day(found: dict[str, Any], name: str) -> dt.date | None:
    text = _text(found, name)
    return dt.date.fromisoformat(text) if text else None


def _keep(store: Store, plan: Plan) -> Plan:
    kept = dataclasses.asdict(plan)
    for name in ("since", "made"):
        kept[name] = "" if kept[name] is None else kept[name].isoformat()
    keep_choice(store, _NAME, kept)
    return plan


def switch_on(home: OpenHome, folder: Path, password: str) -> Plan:
    """Have the summary made from the month that is over now.

    Args:
        home: The home.
        folder: Where the files go; it must be there, and not the home's own.
        password: What opens them; empty for the one that was set before.

    Raises:
        NotAllowed: Who unlocked the home may not change its settings.
        UserError: The folder is not there or is the home's own, or the password is too weak.
    """
    home.require(Action.SETTINGS, kept=_KEPT)
    before = plan_of(home.store)
    folder = folder.expanduser().absolute()
    if not folder.is_dir():
        raise UserError(
            f"There is no folder {folder}.", kept=_KEPT, do="Choose another one.", code="no-folder"
        )
    if folder.resolve().is_relative_to(home.folder.resolve()):
        raise UserError(
            "A summary does not go into the home's own folder.",
            kept=_KEPT, do="Choose another folder.", code="bad-place",
        )  # fmt: skip
    if not password and not before.password:
        raise UserError(
            "No password is set for the files.", kept=_KEPT, do="Set one.", code="no-password"
        )
    if password:
        passwords.refuse_weak(password)
    since = before.since or last_month(home.store.today())
    changed = dataclasses.replace(
        before, on=True, folder=str(folder), password=password or before.password, since=since,
        failed="",
    )  # fmt: skip
    return _keep(home.store, changed)


def switch_off(home: OpenHome) -> Plan:
    """Make no more of them; the password is forgotten.

    Raises:
        NotAllowed: Who unlocked the home may not change its settings.
    """
    home.require(Action.SETTINGS, kept=_KEPT)
    made = plan_of(home.store).made
    return _keep(home.store, Plan(made=made))


def last_month(day: dt.date) -> dt.date:
    """Return the first day of the month before a day's."""
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def due(plan: Plan, today: dt.date) -> dt.date | None:
    """Return the first day of the month that is to be made now; None if none is.

    A PC that was off for months makes the last one only: what an older one would have said is told
    by the report at any time.
    """
    month = last_month(today)
    if not plan.on or (plan.since is not None and month < plan.since):
        return None
    return None if plan.made is not None and plan.made >= month else month


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """A summary that is to be made.

    Args:
        month: The first day of its month.
        facts: What it shows.
        printed: What stands at its foot.
        file: Where it goes.
        password: What opens it.
    """

    month: dt.date
    facts: Any
    printed: Printed
    file: Path
    password: str = dataclasses.field(repr=False)


def waiting(store: Store) -> Waiting | None:
    """Read what the summary that is due shows; None if none is due."""
    plan = plan_of(store)
    month = due(plan, store.today())
    if month is None:
        return None
    end = store.today().replace(day=1) - dt.timedelta(days=1)
    facts = reporting.gather(store, REPORT, Asked(start=month, end=end))
    name = f"{reporting.spec_of_report(REPORT).title}, {wording.month(month)}.pdf"
    printed = Printed(times.in_london(store.clock()), _BY)
    return Waiting(month, facts, printed, Path(plan.folder) / name, plan.password)


def write(folder: Path, found: Waiting, document: Document) -> Written:
    """Write a summary that was set on paper, whole or not at all, with its password.

    Args:
        folder: The home's folder.
        found: What was due.
        document: Its pages.

    Raises:
        UserError: The file cannot be written.
    """
    return reporting.keep(folder, document, found.file, password=found.password)


def note_made(home: OpenHome, month: dt.date, written: Written) -> None:
    """Keep that the summary of a month was made, and note for the audit that it left."""
    plan = plan_of(home.store)
    _keep(home.store, dataclasses.replace(plan, made=month, failed=""))
    words = reporting.printed_words(REPORT, written.pages, written.file.name)
    home.access.done("printed", None, f"By itself, with a password: {words}")


def note_failed(home: OpenHome, error: UserError) -> None:
    """Keep why a summary could not be made; it is tried again at the next start."""
    plan = plan_of(home.store)
    _keep(home.store, dataclasses.replace(plan, failed=f"{error.what} {error.do or ''}".strip()))


def make(home: OpenHome) -> Written | None:
    """Make the summary that is due, for whoever has no window; None if none is.

    Raises:
        NotAllowed: Who unlocked the home may not print reports.
        UserError: It could not be made; why is kept, and it is tried again.
    """
    home.require(Action.PRINT_REPORTS, kept=_KEPT)
    found = waiting(home.store)
    if found is None:
        return None
    document = reporting.spec_of_report(REPORT).render(found.facts, found.printed)
    try:
        written = write(home.folder, found, document)
    except UserError as error:
        note_failed(home, error)
        raise
    note_made(home, found.month, written)
    return written
