"""Reports on paper: which there are, what each can be asked for, and the file it becomes.

Each report has a module here that reads its facts from the home (``gather``) and names its
declaration (``SPEC``), whose ``render`` sets them on paper without knowing the home. A report is
loaded when it is asked for.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import hashlib
import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from liaison.errors import UserError
from liaison.files import plain_errors, replace_file, write_new_file
from liaison.records import all_specs
from liaison.records.rules import times
from liaison.records.rules.days import add_months
from liaison.reports.protection import new_password, protect
from liaison.reports.spec import (
    DEFAULT_HOURS,
    DEFAULT_MONTHS,
    Asked,
    Document,
    Naming,
    Printed,
    ReportSpec,
)
from liaison.security.roles import Action
from liaison.services.references import NotOne, as_id, resolve
from liaison.services.visits import refuse_backwards

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

_MODULES: Final[Mapping[str, str]] = {
    "visits": "visits",
    "training-matrix": "training_matrix",
    "inspection-pack": "pack",
    "gap-plan": "gap_plan",
    "lineage": "lineage",
    "passport": "passport",
    "attendance-sheet": "attendance_sheet",
    "who-to-ring": "who_to_ring",
    "directory": "directory",
    "unmet-contacts": "unmet_contacts",
    "round-agenda": "round_agenda",
    "round-minutes": "round_minutes",
    "open-loops": "open_loops",
    "at-a-glance": "at_a_glance",
    "timeline": "timeline",
    "shift-handover": "shift_handover",
    "blank-forms": "blank_forms",
    "concern-trail": "concern_trail",
    "staff-dates": "staff_dates",
    "referral-waits": "referral_waits",
    "transfers": "transfers",
    "handover-sheet": "handover_sheet",
    "record-history": "record_history",
    "audit-summary": "audit_summary",
    "evidence": "evidence",
    "scorecard": "scorecard",
    "provider-return": "provider_return",
    "activity": "activity",
}
#: What is not for whoever may print reports.
_ACTIONS: Final[Mapping[str, Action]] = {
    "handover-sheet": Action.PRINT_SHEETS,
    "concern-trail": Action.PRINT_SHEETS,
    "shift-handover": Action.PRINT_SHEETS,
    "blank-forms": Action.PRINT_SHEETS,
    "inspection-pack": Action.INSPECTION_PACK,
    "provider-return": Action.INSPECTION_PACK,
    "staff-dates": Action.LOOK_PRIVATE,
    "record-history": Action.AUDIT,
    "audit-summary": Action.AUDIT,
    "recovery-sheet": Action.PEOPLE,
}
_PDF: Final = b"%PDF-"
_KEPT: Final = "Nothing was printed."


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """A report in a file.

    Args:
        pages: How many pages it has.
        file: The file.
        sha256: The fingerprint of the file's content, in hexadecimal.
        password_file: The file with its password; None if it is not protected.
    """

    pages: int
    file: Path
    sha256: str
    password_file: Path | None = None


def names() -> tuple[str, ...]:
    """Return the permanent names of all reports."""
    return tuple(_MODULES)


def spec_of_report(name: str) -> ReportSpec[Any]:
    """Return a report's declaration.

    Args:
        name: Its permanent name.

    Raises:
        UserError: There is no such report; the near ones are listed.
    """
    return cast("ReportSpec[Any]", _module(name).SPEC)


def _module(name: str) -> Any:
    if name not in _MODULES:
        near = difflib.get_close_matches(name.casefold(), _MODULES, n=3)
        listed = f"Near ones: {', '.join(near)}." if near else f"Reports: {', '.join(_MODULES)}."
        raise UserError(
            f"There is no report {name[:60]!r}.", kept=_KEPT, do=listed, code="no-report"
        )
    return importlib.import_module(f"{__name__}.{_MODULES[name]}")


def ask(
    store: Store,
    name: str,
    *,
    start: dt.date | None = None,
    end: dt.date | None = None,
    on: dt.date | None = None,
    subject: str | None = None,
    names: Naming = "full",
    since: dt.datetime | None = None,
) -> Asked:
    """Return what a report is asked for, with what was not said filled in.

    Args:
        store: The home.
        name: The report's permanent name.
        start: The first day of the period; 12 months before its end if not given.
        end: Its last day; today if not given. A report about one day is about this one.
        on: The day, for a report about one day.
        subject: Whom or what it is about: an id, or an exact name that only one record has.
        names: How residents are named.
        since: The moment, for a report that begins at one; 12 hours ago if not given.

    Raises:
        UserError: The report cannot be asked for that, the moment lies ahead, the period ends before it begins, or
            nothing or several things are called so.
    """
    spec = spec_of_report(name)
    takes = spec.parameters
    day = on or end or store.today()
    first = start or _months_before(end or day)
    if start is not None or end is not None:
        refuse_backwards(first, end or day)
    if names != "full" and not takes.initials:
        raise _not_asked(spec, "has no copy without names")
    if subject is not None and not takes.subjects:
        raise _not_asked(spec, "is about the whole home")
    if on is not None and not takes.on:
        raise _not_asked(spec, "is about a period, not one day")
    if since is not None and not takes.since:
        raise _not_asked(spec, "does not begin at a moment")
    now = store.clock()
    if since is not None and since > now:
        raise UserError(
            f"{times.show_time(since)} has not come yet.",
            kept=_KEPT,
            do="Give the moment of the last handover.",
            code="future",
        )
    return Asked(
        start=first if takes.period else None,
        end=(end or day) if takes.period else None,
        on=day if takes.on else None,
        subject=None if subject is None else _subject(store, takes.subjects, subject),
        names=names,
        since=(since or now - dt.timedelta(hours=DEFAULT_HOURS)) if takes.since else None,
    )


def _months_before(end: dt.date) -> dt.date:
    try:
        return add_months(end, -DEFAULT_MONTHS) + dt.timedelta(days=1)
    except ValueError:
        return dt.date.min


def _not_asked(spec: ReportSpec[Any], why: str) -> UserError:
    return UserError(
        f"{spec.title}: this report {why}.",
        kept=_KEPT,
        do="Leave that out and ask again.",
        code="not-asked-for",
    )


def _subject(store: Store, types: tuple[str, ...], typed: str) -> tuple[str, int]:
    """Return the type and id of whom or what a report is to be about."""
    if (identity := as_id(typed.strip())) is not None:
        for type_name in types:
            found = store.follow(type_name, identity)
            if found is not None and found.id is not None:
                return type_name, found.id
    meant: list[tuple[str, int]] = []
    for type_name in types:
        try:
            meant.append((type_name, resolve(store, type_name, typed)))
        except NotOne as error:
            if error.code != "not-found":
                raise
    if len(meant) == 1:
        return meant[0]
    labels = [all_specs()[type_name].label.lower() for type_name, _ in meant]
    if labels:
        raise NotOne(
            f"{typed[:80]!r} is the name of several: {', '.join(labels)}.",
            kept=_KEPT, do="Give the id of the one that is meant.",
        )  # fmt: skip
    wanted = " or ".join(all_specs()[type_name].label.lower() for type_name in types)
    raise NotOne(
        f"There is no {wanted} {typed[:80]!r}.",
        kept=_KEPT, do="Give an id or an exact name.", code="not-found",
    )  # fmt: skip


def gather(store: Store, name: str, asked: Asked) -> Any:
    """Return the facts a report shows, for its ``render`` to set on paper, here or elsewhere.

    Args:
        store: The home.
        name: The report's permanent name.
        asked: What it is asked for.

    Returns:
        Frozen dataclasses of plain values, which may be sent to another process.
    """
    read = cast("Callable[[Store, Asked], Any]", _module(name).gather)
    return read(store, asked)


def action_of(name: str) -> Action:
    """Return which action of the table of roles a report asks for."""
    return _ACTIONS.get(name, Action.PRINT_REPORTS)


def make(home: OpenHome, name: str, asked: Asked) -> Document:
    """Set a report on paper.

    Args:
        home: The home.
        name: The report's permanent name.
        asked: What it is asked for.

    Raises:
        NotAllowed: The role of whoever unlocked the home does not allow it.
    """
    home.require(action_of(name), kept=_KEPT)
    facts = gather(home.store, name, asked)
    return spec_of_report(name).render(facts, printed_now(home))


def printed_now(home: OpenHome) -> Printed:
    """Return what stands at the foot of what whoever unlocked the home prints now."""
    person = home.store.get("person", home.person)
    by = getattr(person, "name", None) or "a person of this home"
    return Printed(home.store.clock(), by)


def write(
    home: OpenHome, name: str, asked: Asked, file: Path, *, password_file: Path | None = None
) -> Written:
    """Write a report to a PDF file, whole or not at all; a file of that name is replaced.

    Args:
        home: The home.
        name: The report's permanent name.
        asked: What it is asked for.
        file: The PDF file.
        password_file: Where to write the password of a protected copy; it must not exist, so that
            the password of another copy is never lost.

    Raises:
        UserError: The report cannot be made or the file cannot be written; what was there before
            is as it was.
    """
    # before the report is made, which may take a while
    refuse_place(home.folder, file.absolute())
    written = keep(home.folder, make(home, name, asked), file, password_file=password_file)
    home.access.done("printed", asked.subject, printed_words(name, written.pages, file.name))
    return written


def printed_words(name: str, pages: int, where: str) -> str:
    """Return how it is noted that a report was printed or saved.

    Args:
        name: The report's permanent name.
        pages: How many pages.
        where: The printer or the file.
    """
    return f"{spec_of_report(name).title}, {pages:,} page{'' if pages == 1 else 's'}: {where}"


def keep(
    home: Path,
    document: Document,
    file: Path,
    *,
    password_file: Path | None = None,
    password: str = "",
) -> Written:
    """Write a report that is made already to a PDF file, as :func:`write` does.

    Args:
        home: The home's folder, in which it must not lie.
        document: The report.
        file: The PDF file.
        password_file: As for :func:`write`.
        password: What opens the file, if whoever asks shows or keeps it; without it, or with a
            file for it, as they say.

    Raises:
        UserError: The file cannot be written; what was there before is as it was.
    """
    file = file.absolute()
    refuse_file(home, file)
    content = document.content if not password else protect(document.content, password)
    if password_file is not None:
        password_file = password_file.absolute()
        refuse_place(home, password_file)
        if password_file == file:
            raise UserError(
                "The password cannot be in the same file as the report.",
                kept=_KEPT, do="Give another file for it.", code="bad-place",
            )  # fmt: skip
        password = new_password()
        content = protect(content, password)
        # first: a protected report without its password would be lost
        write_new_file(password_file, f"{password}\n".encode())
    try:
        replace_file(file, content)
    except UserError:
        # a disk may fail after the new file is in its place: then the password belongs to it
        if password_file is not None and not _holds(file, content):
            password_file.unlink(missing_ok=True)
        raise
    return Written(document.pages, file, hashlib.sha256(content).hexdigest(), password_file)


def _holds(file: Path, content: bytes) -> bool:
    try:
        return file.read_bytes() == content
    except OSError:
        return False


def refuse_file(home: Path, file: Path) -> None:
    """Refuse a file that is no place for a report: the home's own, a folder, or other work.

    Args:
        home: The home's folder.
        file: The PDF file.

    Raises:
        UserError: A report does not go there.
    """
    refuse_place(home, file)
    _refuse_other_work(file)


def _refuse_other_work(file: Path) -> None:
    """Refuse to replace anything but an earlier PDF: a letter of that name is somebody's work."""
    with plain_errors(file):
        if not file.exists():
            return
        with file.open("rb") as there:
            start = there.read(len(_PDF))
    if start and start != _PDF:
        raise UserError(
            f"{file} is there already, and it is not a PDF.",
            kept="It was not touched, and no report was written.",
            do="Choose another name.",
            code="already-exists",
        )


def refuse_place(home: Path, file: Path) -> None:
    """Refuse to write among the home's own files, one of which it might replace.

    Args:
        home: The home's folder.
        file: Where a report is to go.

    Raises:
        UserError: It lies in that folder, or is a folder itself.
    """
    with plain_errors(file):
        inside = file.resolve().is_relative_to(home.resolve())
        is_folder = file.is_dir()
    if inside:
        raise UserError(
            "A report does not go into the home's own folder.",
            kept=_KEPT,
            do="Choose another folder.",
            code="bad-place",
        )
    if is_folder:
        raise UserError(
            f"{file} is a folder.", kept=_KEPT, do="Add the name of the file.", code="bad-place"
        )
