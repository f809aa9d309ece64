"""The inspection pack, gathered: which sections, in which order, and the facts of each of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from liaison.errors import UserError
from liaison.reports.kit.wording import counted, listed, long_period
from liaison.reports.pack import SPEC, Facts, Kept, Section
from liaison.services import reporting, starting
from liaison.services.reporting import (
    pack_cover,
    pack_notes,
    pack_record,
    pack_staff,
    pack_terms,
)
from liaison.services.visits import refuse_backwards

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.reports.spec import Asked, Document, Naming
    from liaison.services.homes import OpenHome
    from liaison.services.reporting import Written
    from liaison.services.starting import Framework, Question
    from liaison.store.store import Store

__all__ = [
    "FRAMEWORKS", "SPEC", "Progress", "Wish", "fits", "framework", "gather",
    "gather_wish", "has_copy", "make", "usual", "wish", "write",
]  # fmt: skip

FRAMEWORKS: Final = ("key-questions", "quality-statements")
"""What sections can be ordered by, the usual one first."""
Progress = Callable[[int, int, str], object]
"""Told how many steps are done, of how many, and what is being done now; stops it by raising."""
_KEPT: Final = "Nothing was printed."
#: Reports that name partners only, so that a copy without residents' names is the same.
_NO_RESIDENTS: Final = frozenset({"directory", "scorecard"})
#: Long lists that an inspector seldom asks for, and what many homes do not keep.
_LONG: Final = frozenset({"directory", "audit-summary", "evidence"})
#: Reports that name staff, who are named in full unless that is asked for too.
_OF_STAFF: Final = frozenset({"training-matrix", "gap-plan", "lineage"})
_VISITS: Final = "visits"
_SCORECARD: Final = "scorecard"
_MOST_HEADINGS: Final = 5
_OVERALL: Final = "Overview"
_NO_HEADING: Final = "Also in this pack"
PARTNERS: Final = 3
"""How many partners have a page of their own in a pack: those that came most often."""


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants in a pack.

    Args:
        start: The first day of the period.
        end: Its last day, counted in.
        sections: The reports, by their permanent names, in the order they are to be in.
        framework: What they are ordered by, one of :data:`FRAMEWORKS`.
        names: How residents are named.
        staff_initials: Whether staff are named by initials.
        every_visit: Whether every visit is listed; otherwise those that changed a plan or left
            something open.
        check: Whether the whole record is checked first, as ``verify`` does.
    """

    start: dt.date
    end: dt.date
    sections: tuple[str, ...]
    framework: str = FRAMEWORKS[0]
    names: Naming = "full"
    staff_initials: bool = False
    every_visit: bool = False
    check: bool = True


def framework(name: str) -> Framework:
    """Return what sections are ordered by.

    Args:
        name: Its permanent name.

    Raises:
        UserError: There is no such framework.
    """
    found = starting.frameworks().get(name)
    if found is None:
        raise UserError(
            f"There is no framework {name[:60]!r}.",
            kept=_KEPT,
            do=f"There are: {', '.join(FRAMEWORKS)}.",
            code="no-framework",
        )
    return found


def fits() -> tuple[str, ...]:
    """Return the reports that a pack can hold: those that some framework asks for."""
    wanted: set[str] = set()
    for name in FRAMEWORKS:
        wanted.update(framework(name).overall, *(item.reports for item in framework(name).items))
    return tuple(name for name in reporting.names() if name in wanted)


def usual(name: str = FRAMEWORKS[0], items: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the sections that answer a framework, in its order.

    Args:
        name: The framework.
        items: Only these of its items; if none is named all of them, but for long lists.

    Raises:
        UserError: There is no such framework or item.
    """
    known = framework(name).items
    names = [item.item for item in known]
    for item in items:
        if item not in names:
            raise UserError(
                f"{framework(name).framework} have no item {item[:60]!r}.",
                kept=_KEPT,
                do=f"There are: {', '.join(names)}.",
                code="no-item",
            )
    possible = fits()
    asked = [item for item in known if not items or item.item in items]
    found = [] if items else list(framework(name).overall)
    found += [report for item in asked for report in item.reports]
    # what was asked for by its item is there; the long lists only then
    return tuple(
        name for name in dict.fromkeys(found) if name in possible and (items or name not in _LONG)
    )


def wish(
    store: Store,
    *,
    start: dt.date | None = None,
    end: dt.date | None = None,
    sections: Sequence[str] | None = None,
    framework_name: str = FRAMEWORKS[0],
    items: Sequence[str] = (),
    names: Naming = "full",
    staff_initials: bool = False,
    every_visit: bool = False,
    check: bool = True,
) -> Wish:
    """Return what is wanted in a pack, with what was not said filled in.

    Args:
        store: The home.
        start: The first day of the period; 12 months before its end if not given.
        end: Its last day; today if not given.
        sections: The reports in their order; those that answer the framework if not given.
        framework_name: What they are ordered by.
        items: Only what answers these items of the framework.
        names: How residents are named.
        staff_initials: Whether staff are named by initials.
        every_visit: Whether every visit is listed.
        check: Whether the whole record is checked first.

    Raises:
        UserError: The period ends before it begins, no section is chosen, one cannot be in a pack,
            or one has no copy without names.
    """
    asked = reporting.ask(store, SPEC.name, start=start, end=end)
    assert asked.start is not None  # noqa: S101  # the pack takes a period
    assert asked.end is not None  # noqa: S101
    chosen = usual(framework_name, items) if sections is None else tuple(dict.fromkeys(sections))
    if sections is None and names != "full":
        # what has no copy without names cannot be handed over without them
        chosen = tuple(name for name in chosen if has_copy(name, names))
    made = Wish(
        asked.start, asked.end, chosen, framework_name, names, staff_initials, every_visit, check
    )
    _refuse_unfit(made)
    return made


def has_copy(name: str, names: Naming) -> bool:
    """Return whether a report can be in a pack that names residents like this.

    Args:
        name: The report's permanent name.
        names: How residents are named.
    """
    spec = reporting.spec_of_report(name)
    nameless = name in _NO_RESIDENTS or not spec.names_people
    return names == "full" or spec.parameters.initials or nameless


def _refuse_unfit(wanted: Wish) -> None:
    refuse_backwards(wanted.start, wanted.end)
    framework(wanted.framework)
    if not wanted.sections:
        raise UserError(
            "No section is chosen for the pack.",
            kept=_KEPT, do="Choose at least one.", code="no-section",
        )  # fmt: skip
    possible = fits()
    for name in wanted.sections:
        title = reporting.spec_of_report(name).title
        if name not in possible:
            raise UserError(
                f"{title}: this report is about one record, or not for a pack.",
                kept=_KEPT,
                do=f"A pack can hold: {', '.join(possible)}.",
                code="no-section",
            )
        if not has_copy(name, wanted.names):
            raise UserError(
                f"{title}: this report has no copy without names.",
                kept=_KEPT,
                do="Leave it out, or print the pack with full names.",
                code="not-asked-for",
            )


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the usual pack holds, as every report is asked for it.

    Args:
        store: The home.
        asked: The period, and how residents are named.
    """
    return gather_wish(store, wish(store, start=asked.start, end=asked.end, names=asked.names))


def gather_wish(store: Store, wanted: Wish, progress: Progress = lambda *_: None) -> Facts:
    """Return what a pack holds.

    Args:
        store: The home.
        wanted: What is wanted in it.
        progress: Told how far it is; what it raises stops the work.

    Raises:
        UserError: As for :func:`wish`.
    """
    _refuse_unfit(wanted)
    steps = len(wanted.sections) + 2
    sections = []
    for number, name in enumerate(wanted.sections):
        progress(number, steps, reporting.spec_of_report(name).title)
        sections.append(_section(store, wanted, name))
    progress(steps - 2, steps, "Abbreviations")
    terms = pack_terms.occurring(store, (_printed(section.facts) for section in sections))
    progress(steps - 1, steps, "The record itself")
    kept = pack_record.kept(store, wanted.start, wanted.end, sections)

    def checking(what: str, _done: int, _all: int) -> None:
        progress(steps - 1, steps, f"Checking the record: {what.lower()}")

    integrity = pack_record.integrity(
        store,
        kept,
        extract=_VISITS in wanted.sections and not wanted.every_visit,
        check=checking if wanted.check else None,
    )
    progress(steps, steps, "")
    home = pack_cover.of_home(store)
    return Facts(
        home=home.name,
        address=home.address,
        start=wanted.start,
        end=wanted.end,
        cover=(
            ("Period", long_period(wanted.start, wanted.end)),
            *home.lines,
            ("Sections", _sections_words(wanted, sections)),
            ("Names", pack_cover.naming(wanted.names, staff_initials=wanted.staff_initials)),
            *_visits_words(wanted),
            ("Records", _records_words(kept)),
        ),
        sections=tuple(sections),
        words=pack_cover.words(store),
        terms=terms,
        integrity=integrity,
    )


def _section(store: Store, wanted: Wish, name: str) -> Section:
    spec = reporting.spec_of_report(name)
    takes = spec.parameters
    names: Naming = wanted.names if takes.initials else "full"
    if name in _OF_STAFF:
        names = "initials" if wanted.staff_initials else "full"
    asked = reporting.ask(
        store,
        name,
        start=wanted.start if takes.period else None,
        end=wanted.end if takes.period else None,
        names=names,
    )
    facts = reporting.gather(store, name, asked)
    if name == _VISITS:
        facts = dataclasses.replace(facts, extract=not wanted.every_visit)
    if name == _SCORECARD:
        facts = dataclasses.replace(facts, in_full=PARTNERS)
    known = framework(wanted.framework)
    answers = [item for item in known.items if name in item.reports]
    if name in known.overall:
        heading = _OVERALL
    else:
        heading = _heading(answers[0]) if answers else _NO_HEADING
    also = [item.label for item in answers[1:]]
    note = pack_notes.note(name, facts)
    if wanted.staff_initials:
        facts = pack_staff.by_initials(facts, pack_staff.short_names(store))
    return Section(name, spec.title, heading, note, facts, spec.render, tuple(also))


def _heading(item: Question) -> str:
    return f"{item.under}: {item.label}" if item.under else item.label


def _printed(facts: Any) -> Any:
    """Return facts without what is counted only and not printed."""
    listed_ = getattr(facts, "listed", None)
    return facts if listed_ is None else dataclasses.replace(facts, visits=listed_)


def _sections_words(wanted: Wish, sections: Iterable[Section]) -> str:
    found = framework(wanted.framework)
    known = [_heading(item) for item in found.items]
    headings = list(dict.fromkeys(section.heading for section in sections))
    answered = sum(heading in known for heading in headings)
    of = f"{answered} of {len(known)} {found.framework.removeprefix('CQC ')}"
    if len(headings) <= _MOST_HEADINGS:
        return f"{listed(headings)} ({of})"
    return f"{counted(len(wanted.sections), 'section')}, under {of}"


def _visits_words(wanted: Wish) -> list[tuple[str, str]]:
    if _VISITS not in wanted.sections:
        return []
    every = "All of them"
    some = "Those that changed a plan or left something open; all are counted"
    return [("Visits listed", every if wanted.every_visit else some)]


def _records_words(kept: Sequence[Kept]) -> str:
    number, printed = sum(one.number for one in kept), sum(one.printed for one in kept)
    if not number:
        return "None was written down for this period"
    if number == printed:
        return f"All {number:,} of the period"
    return (
        f"{printed:,} of the {number:,} of the period; the last page says why others are left out"
    )


def make(home: OpenHome, wanted: Wish, progress: Progress = lambda *_: None) -> Document:
    """Set a pack on paper.

    Args:
        home: The home.
        wanted: What is wanted in it.
        progress: Told how far it is; what it raises stops the work, and nothing is kept.

    Raises:
        NotAllowed: The role of whoever unlocked the home does not allow it.
        UserError: As for :func:`wish`.
    """
    home.require(reporting.action_of(SPEC.name), kept=_KEPT)
    facts = gather_wish(home.store, wanted, progress)
    return SPEC.render(facts, reporting.printed_now(home))


def write(
    home: OpenHome,
    wanted: Wish,
    file: Path,
    *,
    password_file: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Written:
    """Write a pack to a PDF file, whole or not at all; a file of that name is replaced.

    Args:
        home: The home.
        wanted: What is wanted in it.
        file: The PDF file.
        password_file: Where to write the password of a protected copy; it must not exist.
        progress: Told how far it is; what it raises stops the work, and nothing is written.

    Raises:
        NotAllowed: The role of whoever unlocked the home does not allow it.
        UserError: The pack cannot be made or the file cannot be written; what was there before is
            as it was.
    """
    # before the pack is made, which may take a while
    reporting.refuse_place(home.folder, file.absolute())
    document = make(home, wanted, progress)
    written = reporting.keep(home.folder, document, file, password_file=password_file)
    home.access.done("printed", None, reporting.printed_words(SPEC.name, written.pages, file.name))
    return written
