"""What people do to records: add, correct, archive, strike through, move, merge, undo.

Every function checks first and writes one unit of work; nothing is written when something is wrong.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Find, Problem, Record, RecordSpec, all_specs, check, ids, spec_of
from liaison.records.casework import Action, Round, VisitEntry
from liaison.records.check import is_empty, known_before, text_problem, tidy
from liaison.records.showing import ERASED
from liaison.services import permissions
from liaison.services.homes import fit_reason
from liaison.services.references import Names, others_called_so
from liaison.services.rounds.left import left_open
from liaison.services.twice import recorded_twice
from liaison.store import blobs, history, query
from liaison.store.history import Undone

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded
    from liaison.store.unit import UnitOfWork

_KEPT_BY_PROGRAM = {
    "home": "A home has one record of itself; correct it with set.",
    "person": "People who can sign in have keys as well; they are added by a manager.",
    "pc": "PCs join a home by an invitation.",
    "membership": "Who belongs is said by adding or removing people and PCs.",
    "access_event": "Accesses are noted by the program itself.",
}
_KEYS_TOO = ("person", "pc", "membership", "access_event")
_CLOSES: Final = {"concern": "closed_at", "action": "done_at", "referral": "closed_on"}
"""By type, what a record without an outcome lacks: it is open, and must not leave the lists."""


class Unfit(UserError):
    """A record has problems and was not saved.

    Args:
        problems: All of them, in plain words.
        what: What was to be done, for the message.
    """

    code = "problems"

    def __init__(self, problems: Sequence[Problem], what: str = "saved") -> None:
        self.problems = tuple(problems)
        super().__init__(
            f"This could not be {what}: {' '.join(p.message for p in problems)}",
            kept="Nothing was changed.",
            do="Correct it and try again.",
        )


def add(home: OpenHome, record: Record, reason: str = "") -> tuple[int, list[Problem]]:
    """Add a new record.

    Args:
        home: The home.
        record: The record; its id is ignored.
        reason: Why, in their words.

    Returns:
        Its id, and what is unusual about it but was no reason to refuse it.

    Raises:
        UserError: It has problems, or is of a type that only the program adds.
    """
    refuse_adding(home, spec_of(record).name)
    permissions.require_seeing(home, record)
    warnings = [*_fit(home, record), *others_called_so(home.store, record)]
    with home.unit(reason) as unit:
        return unit.add(record), warnings


def added_by_people(type_name: str) -> bool:
    """Return whether people add records of a type by hand; the program keeps the others itself."""
    return type_name not in _KEPT_BY_PROGRAM


def kept_with_keys() -> frozenset[str]:
    """Return the record types about who belongs, which the program keeps together with the keys."""
    return frozenset(_KEYS_TOO)


def refuse_adding(home: OpenHome, type_name: str) -> None:
    """Refuse to add a record of a type.

    Raises:
        NotAllowed: The role of whoever unlocked the home does not allow it.
        UserError: The program adds these itself.
    """
    refuse_kept_by_program(type_name)
    permissions.require_adding(home, type_name)


def refuse_kept_by_program(type_name: str) -> None:
    """Refuse to add a record by hand that the program keeps itself.

    Raises:
        UserError: It is such a type.
    """
    if not added_by_people(type_name):
        raise _kept_by_program(all_specs()[type_name], "added")


def save(
    home: OpenHome, loaded: Loaded, record: Record, reason: str = ""
) -> tuple[Record, list[Problem]]:
    """Save what is different in a record since it was loaded.

    Args:
        home: The home.
        loaded: The record as it was shown, with its versions.
        record: The record as it shall be.
        reason: Why, in their words.

    Returns:
        The record as it is now, and what is unusual about it.
    """
    refuse_change(home, loaded, record)
    warnings = _fit(home, record, loaded.record)
    with home.unit(reason) as unit:
        unit.save(loaded, record)
    return _again(home, record), warnings


def refuse_change(home: OpenHome, loaded: Loaded, record: Record) -> None:
    """Refuse to correct a record that is not corrected by hand, or not any more.

    Args:
        home: The home.
        loaded: The record as it was shown.
        record: The record as it shall be.

    Raises:
        NotAllowed: The role of whoever unlocked the home does not allow it.
        UserError: The program keeps it itself, it is a duplicate, or it is struck through.
    """
    _refuse_keys_too(record)
    permissions.require_changing(home, loaded.record)
    permissions.require_seen(home, loaded.record, record)
    _refuse_merged(home, record)
    if loaded.record.struck_reason and not spec_of(record).events:
        raise _nothing_to_do(record, "is struck through and stays as it is")


def archive(home: OpenHome, record: Record, reason: str) -> Record:
    """Take a record out of the lists; it is kept and can be brought back."""
    _refuse_keys_too(record)
    permissions.require_striking(home, record)
    _refuse_unfinished(home, record)
    if record.archived:
        raise _nothing_to_do(record, "is archived already")
    if spec_of(record).events or spec_of(record).single:
        raise UserError(
            f"{spec_of(record).label}: this cannot be archived.",
            kept="Nothing was changed.",
            do="Strike an entry through instead (strike).",
            code="not-archived",
        )
    _refuse_open(record)
    return _change(home, record, reason, archived=True)


def bring_back(home: OpenHome, record: Record, reason: str) -> Record:
    """Bring an archived record back into the lists."""
    _refuse_keys_too(record)
    permissions.require_striking(home, record)
    if not record.archived:
        raise _nothing_to_do(record, "is not archived")
    if Names(home.store).title(record) == ERASED:
        raise _erased_for_good()
    return _change(home, record, reason, archived=None)


def strike(home: OpenHome, record: Record, reason: str) -> Record:
    """Strike a record through: it stays readable, with the reason (domain rule 7)."""
    _refuse_keys_too(record)
    permissions.require_striking(home, record)
    if spec_of(record).single:
        raise _nothing_to_do(record, "stands for the home itself and is corrected with set")
    _refuse_unfinished(home, record)
    if record.struck_reason:
        raise _nothing_to_do(record, "is struck through already")
    return _change(home, record, reason, struck_reason=reason_given(reason))


def _change(home: OpenHome, record: Record, reason: str, **fields: object) -> Record:
    reason = reason_given(reason)
    _refuse_merged(home, record)
    loaded = _loaded(home, record)
    changed = dataclasses.replace(loaded.record, **fields)  # type: ignore[arg-type]  # by name
    with home.unit(reason) as unit:
        unit.save(loaded, changed)
    return _again(home, record)


def move(home: OpenHome, entry: VisitEntry, resident: int, reason: str) -> Record:
    """Move a visit note to the resident it is really about.

    The note is struck through where it was and written again where it belongs, in one step; what
    was attached to it and the actions that came from it go along.

    Args:
        home: The home.
        entry: The note on the wrong resident.
        resident: The resident it is about.
        reason: Why, in their words.

    Returns:
        The note in its new place.
    """
    reason = reason_given(reason)
    permissions.require_striking(home, entry)
    _refuse_merged(home, entry)
    loaded = _loaded(home, entry)
    stands = loaded.record
    assert isinstance(stands, VisitEntry)  # noqa: S101  # of its type
    if stands.struck_reason:
        raise _nothing_to_do(entry, "is struck through; move the one that stands")
    if _same_resident(home, resident, stands.resident):
        raise _nothing_to_do(entry, "is about this resident already")
    copy = dataclasses.replace(stands, id=None, resident=resident, moved_from=loaded.id)
    _fit(home, copy)
    with home.unit(reason, kind=history.MOVE) as unit:
        unit.save(loaded, dataclasses.replace(stands, struck_reason=reason))
        moved = unit.add(copy)
        _take_along(home, unit, stands, moved, resident)
    return _again(home, dataclasses.replace(copy, id=moved))


def _take_along(
    home: OpenHome, unit: UnitOfWork, entry: VisitEntry, new: int, resident: int
) -> None:
    """Let what hangs on a note follow it, archived things too."""
    was, becomes = ids.to_text(entry.id or 0), ids.to_text(new)
    for type_name, kind, field in (
        ("attachment", "owner_type", "owner_id"),
        ("framework_tag", "record_type", "record_id"),
        ("action", "source_type", "source_id"),
    ):
        hangs_on = query.equal({kind: "visit_entry", field: was})
        for found in list(query.every(home.store, query.Query(type_name, hangs_on, archived=True))):
            changes: dict[str, object] = {field: becomes}
            if isinstance(found, Action) and _same_resident(home, found.resident, entry.resident):
                changes["resident"] = resident
            changed = dataclasses.replace(found, **changes)  # type: ignore[arg-type]  # by name
            unit.save(_loaded(home, found), changed)


def _same_resident(home: OpenHome, one: int | None, other: int | None) -> bool:
    """Return whether two references mean one resident today, merged or not."""
    if one is None or other is None:
        return False
    meant, also = home.store.follow("resident", one), home.store.follow("resident", other)
    return one == other or (meant is not None and also is not None and meant.id == also.id)


def merge(home: OpenHome, record: Record, into: Record, reason: str = "") -> Record:
    """Say that a record is a duplicate of another; reading follows it from now on.

    Returns:
        The record that stands for both.
    """
    _refuse_keys_too(record)
    permissions.require_merging(home, record)
    spec = spec_of(record)
    survivor = home.store.follow(spec.name, into.id or 0)
    if survivor is None or survivor.id is None:
        raise _nothing_to_do(into, "is not here")
    if spec.events or spec.single:
        raise _nothing_to_do(record, "cannot be a duplicate of another")
    if record.id == survivor.id or record.merged_into is not None:
        raise _nothing_to_do(record, "is the same record already")
    if survivor.archived:
        # both would be gone from every list
        raise _nothing_to_do(survivor, "to merge into is archived; bring it back first")
    loaded = _loaded(home, record)
    if not _is_open(survivor):
        # two that are open are one open thing; one that is closed would hide the other
        _refuse_open(record)
    with home.unit(reason, kind="merge") as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, merged_into=survivor.id))
    return _again(home, survivor)


def attach(
    home: OpenHome,
    owner_type: str,
    owner: int,
    *,
    name: str,
    media_type: str,
    data: bytes,
    reason: str = "",
) -> int:
    """Keep a file with a record; see :func:`liaison.store.blobs.attach`."""
    permissions.require_attaching(home, owner_type)
    name = tidy(name, long=False)
    # before the bytes are written: a file name is whatever another system made of it
    if problem := text_problem(name, long=False):
        raise Unfit([Problem("name", f"The name of the file {problem}.")], "attached")
    if home.store.get(owner_type, owner) is None:
        raise _nothing_to_do_with(owner_type, "to attach it to is not here")
    with home.unit(reason) as unit:
        return blobs.attach(
            home.store,
            unit,
            home.unlocked.vault.blob_key,
            owner_type=owner_type,
            owner=owner,
            name=name,
            media_type=media_type,
            data=data,
        )


def _erased_for_good() -> UserError:
    return UserError(
        "What was erased by law cannot be brought back: nobody has it any more.",
        kept="Nothing was changed.",
        code="erased",
    )


def undo(home: OpenHome, changes: Iterable[int], reason: str = "") -> Undone:
    """Take changes back; what was changed since is left alone and listed.

    A move is taken back whole: half of it would leave its note with nobody.

    Raises:
        UserError: One of them is not a thing to take back by hand; none is taken back.
    """
    wanted = history.with_whole_moves(home.store, changes)
    if history.any_erasure(home.store, wanted):
        raise _erased_for_good()
    for type_name, is_birth in history.touched(home.store, wanted):
        spec = all_specs().get(type_name)
        if spec is not None and (spec.name in _KEYS_TOO or (spec.single and is_birth)):
            raise _kept_by_program(spec, "taken back")
    permissions.require_undoing(home, wanted)
    with home.unit(reason, kind="undo") as unit:
        return history.undo(home.store, unit, wanted)


def settle(  # noqa: PLR0917  # what a settled difference says
    home: OpenHome,
    type_name: str,
    identity: int,
    field: str,
    value: object,
    heads: Iterable[int],
    reason: str = "",
) -> Record:
    """Let one value of a field stand for all that PCs wrote without knowing of each other.

    Args:
        home: The home.
        type_name: The record's type.
        identity: The record.
        field: The field in which they differ.
        value: The value that is right; it need not be one of theirs.
        heads: The versions that were shown to whoever decided.
        reason: Why, in their words.

    Returns:
        The record as it is now.

    Raises:
        UserError: The value has problems, or the record is kept by the program.
    """
    record = home.store.get(type_name, identity)
    if record is None:
        raise _nothing_to_do_with(type_name, "is not here")
    _refuse_keys_too(record)
    permissions.require_settling(home, type_name)
    store = home.store
    changed = dataclasses.replace(record, **{field: value})  # type: ignore[arg-type]  # by name
    found = check(changed, find=store.get, vocabularies=store.vocabularies)
    # what is wrong elsewhere in the record is not what they decided about
    if problems := [problem for problem in found if problem.blocks and problem.field == field]:
        raise Unfit(problems)
    with home.unit(reason, kind="settle") as unit:
        unit.resolve(type_name, identity, field, value, heads)
    return _again(home, record)


def _fit(home: OpenHome, record: Record, before: Record | None = None) -> list[Problem]:
    """Refuse a record with problems; return its warnings."""
    problems = problems_of(home, record, before)
    if blocking := [problem for problem in problems if problem.blocks]:
        raise Unfit(blocking)
    return problems


def problems_of(
    home: OpenHome, record: Record, before: Record | None = None, *, find: Find | None = None
) -> list[Problem]:
    """Return everything wrong with a record, without refusing it.

    What was wrong with it before, at a field that stays as it is, only warns: another PC may still
    send what it refers to, or have sent it as it is.

    Args:
        home: The home.
        record: The record as it would be saved.
        before: The record as it was shown, if it is not new.
        find: Looks up what it refers to, where that is not only in the home.
    """
    store = home.store
    problems = check(
        record,
        find=find or store.get,
        vocabularies=store.vocabularies,
        today=store.today(),
        now=store.clock(),
    )
    if before is None:
        return [*problems, *recorded_twice(store, record)]
    if any(problem.blocks for problem in problems):
        # as the home stands: not with what is to be saved together with it
        known = check(
            before,
            find=store.get,
            vocabularies=store.vocabularies,
            today=store.today(),
            now=store.clock(),
        )
        problems = known_before(problems, record, before, known)
    return [*problems, *_lines_left(home, record, before)]


def _lines_left(home: OpenHome, record: Record, before: Record) -> list[Problem]:
    """Say that a round cannot end, through whatever door, while a line has no outcome (need N5)."""
    if not isinstance(record, Round) or record.status == getattr(before, "status", None):
        return []
    if record.status == "planned" or not (left := len(left_open(home.store, record))):
        return []
    lines = "1 line has" if left == 1 else f"{left:,} lines have"
    label = spec_of(record).by_name["status"].label
    words = f"{lines} no outcome on its agenda. Carry them over, or call the round off."
    return [Problem("status", f"{label}: {words}")]


def _refuse_unfinished(home: OpenHome, record: Record) -> None:
    if isinstance(record, Round) and left_open(home.store, record):
        raise UserError(
            "This round has lines without an outcome on its agenda.",
            kept="Nothing was changed.",
            do="Call it off: what is on it is carried over to the next one.",
            code="lines-left",
        )


def _is_open(record: Record) -> bool:
    closes = _CLOSES.get(spec_of(record).name)
    return closes is not None and getattr(record, closes) is None and not record.struck_reason


def _refuse_open(record: Record) -> None:
    """Refuse to put away what nobody has said the outcome of: it would leave every list of it."""
    if _is_open(record):
        raise UserError(
            f"{spec_of(record).label}: this is still open and would be forgotten.",
            kept="Nothing was changed.",
            do="Record what came of it first; or strike it through if it was wrong.",
            code="still-open",
        )


def _refuse_keys_too(record: Record) -> None:
    spec = spec_of(record)
    if spec.name in _KEYS_TOO:
        raise _kept_by_program(spec, "changed")


def _kept_by_program(spec: RecordSpec, what: str) -> UserError:
    return UserError(
        f"{spec.label}: this cannot be {what} by hand.",
        kept="Nothing was changed.",
        do=_KEPT_BY_PROGRAM[spec.name],
        code="kept-by-program",
    )


def _refuse_merged(home: OpenHome, record: Record) -> None:
    """Refuse to change a duplicate that nobody sees any more; the change would be lost to view."""
    if record.merged_into is not None:
        stands = home.store.follow(spec_of(record).name, record.merged_into)
        identity = ids.to_text((stands.id if stands else None) or record.merged_into)
        raise _nothing_to_do(record, f"is a duplicate; the one that stands for both is {identity}")


def _loaded(home: OpenHome, record: Record) -> Loaded:
    loaded = home.store.load(spec_of(record).name, record.id or 0)
    if loaded is None:
        raise _nothing_to_do(record, "is not here")
    return loaded


def _again(home: OpenHome, record: Record) -> Record:
    return _loaded(home, record).record


def reason_given(reason: str) -> str:
    """Return a reason as it is kept; what takes something away needs one.

    Raises:
        UserError: There is none, or it cannot be kept.
    """
    reason = fit_reason(reason)
    if is_empty(reason):
        raise UserError(
            "A reason is missing.",
            kept="Nothing was changed.",
            do="Say in a few words why.",
            code="no-reason",
        )
    return reason


def _nothing_to_do(record: Record, why: str) -> UserError:
    return _nothing_to_do_with(spec_of(record).name, why)


def _nothing_to_do_with(type_name: str, why: str) -> UserError:
    return UserError(
        f"This {all_specs()[type_name].label.lower()} {why}.",
        kept="Nothing was changed.",
        code="nothing-to-do",
    )
