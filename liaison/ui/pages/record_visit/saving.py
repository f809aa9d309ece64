"""Saving a visit from what was typed: the records it becomes, and what takes it back.

What takes an open home gives frozen values, so it runs in a write job.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import Problem
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.services import attachments, editing, visits
from liaison.services.editing import Unfit
from liaison.store import history as log
from liaison.ui.pages.record_visit.typed import HAPPENED, in_page_words

if TYPE_CHECKING:
    from liaison.records import Record
    from liaison.records.parsing import Reader
    from liaison.services.attachments import Incoming
    from liaison.services.homes import OpenHome
    from liaison.services.visits import VisitSaved, WholeVisit
    from liaison.store.history import Undone
    from liaison.ui.pages.record_visit.typed import Sheet

_UNREAD: Final = Problem("", "Something cannot be read.")
"""Stands for what the form itself found, so that nothing is saved while the home looks at the rest."""


@dataclasses.dataclass(frozen=True, slots=True)
class Ready:
    """A visit ready to be saved.

    Args:
        visit: The visit.
        entries: The notes to add or correct.
        notes: The place in the form of each of them.
        actions: The follow-ups to add or correct.
        places: The place of each of them: that of its note, and its own.
        corrects: Whether something is corrected that was recorded before, so that it wants a
            reason.
    """

    visit: Visit
    entries: tuple[VisitEntry, ...]
    notes: tuple[int, ...]
    actions: tuple[Action, ...]
    places: tuple[tuple[int, int], ...]
    corrects: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a visit.

    Args:
        visit: On the strip, by field.
        notes: In each note, by its place and field.
        actions: In each follow-up, by the place of its note, its own and the field.
        elsewhere: What belongs to nothing in the form.
    """

    visit: dict[str, str] = dataclasses.field(default_factory=dict)
    notes: dict[tuple[int, str], str] = dataclasses.field(default_factory=dict)
    actions: dict[tuple[int, int, str], str] = dataclasses.field(default_factory=dict)
    elsewhere: list[str] = dataclasses.field(default_factory=list)

    @property
    def count(self) -> int:
        """How many things are to be put right."""
        parts = (self.visit, self.notes, self.actions, self.elsewhere)
        return sum(len(part) for part in parts)


def ready(sheet: Sheet, whole: WholeVisit | None, reader: Reader) -> tuple[Ready, Wrong]:
    """Return the records a form stands for, and what in it cannot be read.

    Args:
        sheet: The form.
        whole: The saved visit; None for a new one.
        reader: Reads typed values.
    """
    wrong = Wrong()
    before = whole.visit.record if whole is not None else Visit()
    visit, unread = sheet.visit.read(before, reader)
    assert isinstance(visit, Visit)  # noqa: S101  # it is one
    wrong.visit.update(unread)
    if sheet.who.strip():
        # also beside somebody chosen: the words may be meant instead
        wrong.visit["professional"] = nobody_chosen(sheet.who, as_what="somebody new")
    known = {} if whole is None else {x.id: x.record for x in (*whole.entries, *whole.actions)}
    entries: list[VisitEntry] = []
    notes: list[int] = []
    actions: list[Action] = []
    places: list[tuple[int, int]] = []
    corrects = _happened(whole) and bool(sheet.visit.touched)
    for number, note in enumerate(sheet.notes):
        if note.entry.id is None or note.entry.touched:
            record, unread = note.entry.read(_base(known, note.entry.id, VisitEntry()), reader)
            assert isinstance(record, VisitEntry)  # noqa: S101  # it is one
            entries.append(record)
            notes.append(number)
            wrong.notes.update({(number, name): words for name, words in unread.items()})
            corrects |= note.entry.id is not None and _happened(whole)
        for place, part in enumerate(note.actions):
            if not part.begun:
                continue
            record, unread = part.read(_base(known, part.id, Action()), reader)
            assert isinstance(record, Action)  # noqa: S101  # it is one
            actions.append(dataclasses.replace(record, resident=note.resident or None))
            places.append((number, place))
            wrong.actions.update({(number, place, name): w for name, w in unread.items()})
    return (
        Ready(visit, tuple(entries), tuple(notes), tuple(actions), tuple(places), corrects),
        wrong,
    )


def nobody_chosen(typed: str, *, as_what: str = "") -> str:
    """Return what is said of words that were typed to find somebody, and name nobody yet.

    Args:
        typed: The words.
        as_what: What they can be added as; empty if they cannot.
    """
    words = f"“{typed.strip()}” is not chosen yet. Choose a name from the list"
    add = f", choose “Add ... as {as_what}”" if as_what else ""
    return f"{words}{add}, or empty the field."


def _base(known: dict[int, Record], identity: int | None, blank: Record) -> Record:
    return blank if identity is None else known[identity]


def _happened(whole: WholeVisit | None) -> bool:
    return whole is not None and getattr(whole.visit.record, "status", "") == HAPPENED


def wrong_of(problems: Iterable[Problem], ready_: Ready, names: Iterable[str]) -> Wrong:
    """Return what the home found wrong, each thing at its place in the form.

    Args:
        problems: What it refused.
        ready_: What was to be saved.
        names: The name of each note's resident; they stand before what is wrong and are left out.
    """
    found = Wrong()
    called = list(names)
    for problem in problems:
        part, _, rest = problem.field.partition(".")
        match part:
            case "visit":
                found.visit.setdefault(rest, in_page_words("visit", problem.message))
            case "entries":
                place, name = _split(rest)
                number = ready_.notes[place]
                words = problem.message.removeprefix(f"{called[number]}: ")
                found.notes.setdefault((number, name), _short("visit_entry", words))
            case "actions":
                place, name = _split(rest)
                number, own = ready_.places[place]
                words = problem.message.partition(": ")[2] or problem.message
                found.actions.setdefault((number, own, name), in_page_words("action", words))
            case _:
                found.elsewhere.append(problem.message)
    return found


def _short(type_name: str, words: str) -> str:
    # a name with what tells two people apart may stand before it
    if ": " in words and "missing" in words:
        _, _, after = words.partition(": ")
        words = after if "missing" in after else words
    return in_page_words(type_name, words)


def joined(wrong: Wrong, found: Wrong) -> Wrong:
    """Return all that is wrong; what could not be read is not also missing.

    Args:
        wrong: What could not be read.
        found: What the home found wrong with the rest.
    """
    return Wrong(
        wrong.visit | {at: words for at, words in found.visit.items() if at not in wrong.visit},
        found.notes | wrong.notes,
        found.actions | wrong.actions,
        [*wrong.elsewhere, *found.elsewhere],
    )


def _split(rest: str) -> tuple[int, str]:
    number, _, name = rest.partition(".")
    return int(number), name


def take_over(sheet: Sheet, wrong: Wrong) -> None:
    """Note at each resident what is wrong there, and take back what was noted before."""
    for number, note in enumerate(sheet.notes):
        note.wrong = {name: w for (at, name), w in wrong.notes.items() if at == number}
        note.wrong_actions = {
            (own, name): w for (at, own, name), w in wrong.actions.items() if at == number
        }


# ---- in the home


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """What became of a save.

    Args:
        visit: The visit.
        changes: The stamps of what was written, to take it back; none if nothing differed.
        new_actions: How many follow-ups are new.
        warnings: What is unusual about it.
        entries: The ids of the notes that were saved, as they stood in :class:`Ready`.
        actions: The same of the follow-ups.
        whole: The visit as it stands now, to go on from.
    """

    visit: int
    changes: tuple[int, ...]
    new_actions: int
    warnings: tuple[str, ...]
    entries: tuple[int, ...]
    actions: tuple[int, ...]
    whole: WholeVisit


def keep(
    home: OpenHome,
    whole: WholeVisit | None,
    made: Ready,
    reason: str = "",
    files: Sequence[Incoming] = (),
) -> Kept:
    """Save a visit in one unit of work.

    Args:
        home: The home.
        whole: The visit as it was shown; None for a new one.
        made: What is to be saved.
        reason: Why, for a correction.
        files: What is attached to it.

    Raises:
        UserError: It was not saved.
    """
    with home.store.together():
        # the letter and the note about it, or neither
        return _keep(home, whole, made, reason, files)


def refused(home: OpenHome, whole: WholeVisit | None, made: Ready) -> tuple[Problem, ...]:
    """Return what the home would refuse besides what could not be read; nothing is saved.

    Args:
        home: The home; one that is open for reading will do.
        whole: The visit as it was shown; None for a new one.
        made: What of it could be read.

    Raises:
        UserError: It would not be saved whatever is put right.
    """
    try:
        _write(home, whole, made, "", also=(_UNREAD,))
    except Unfit as error:
        return tuple(problem for problem in error.problems if problem != _UNREAD)
    raise AssertionError("what cannot be read is not saved")


def _write(
    home: OpenHome,
    whole: WholeVisit | None,
    made: Ready,
    reason: str,
    also: tuple[Problem, ...] = (),
) -> VisitSaved:
    parts = made.visit, made.entries, made.actions
    if whole is None:
        return visits.record_visit(home, *parts, also=also)
    return visits.change_visit(home, whole, *parts, reason=reason, also=also)


def _keep(
    home: OpenHome,
    whole: WholeVisit | None,
    made: Ready,
    reason: str,
    files: Sequence[Incoming],
) -> Kept:
    known = _changes(home, whole)
    saved = _write(home, whole, made, reason)
    stands = visits.visit_with_entries(home.store, saved.visit)
    assert stands is not None  # noqa: S101  # it has just been written
    attached = attachments.attach(home, "visit", saved.visit, files)
    changes = _changes(home, stands) - known
    changes |= set(attachments.changes_of(home.store, attached))
    return Kept(
        saved.visit,
        tuple(sorted(changes)),
        sum(action.id is None for action in made.actions),
        tuple(problem.message for problem in saved.warnings),
        saved.entries,
        saved.actions,
        stands,
    )


def _changes(home: OpenHome, whole: WholeVisit | None) -> frozenset[int]:
    if whole is None:
        return frozenset()
    parts = [("visit", whole.visit.id)]
    parts += [("visit_entry", entry.id) for entry in whole.entries]
    parts += [("action", action.id) for action in whole.actions]
    return frozenset(
        change.id
        for type_name, identity in parts
        for change in log.history(home.store, type_name, identity)
    )


def take_back(home: OpenHome, changes: Iterable[int]) -> Undone:
    """Take a save back."""
    return editing.undo(home, changes)
