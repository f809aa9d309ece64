"""Certificates: files kept with the training records they prove, for one or for many at once."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.records import Problem, ids, spec_of
from liaison.records.administration import Attachment
from liaison.records.home import Staff
from liaison.records.rules import times
from liaison.records.rules.certificates import whose
from liaison.records.training import TrainingRecord
from liaison.services import attachments
from liaison.services.editing import Unfit
from liaison.services.references import Names
from liaison.services.training import record_training
from liaison.store import blobs, history, query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from liaison.services.attachments import Incoming
    from liaison.services.homes import OpenHome
    from liaison.services.sessions import Occasion
    from liaison.store.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class Certified:
    """What was attached.

    Args:
        changes: The stamps of it, to take it back.
        attached: How many certificates.
        known: The names of files that lay with their record already, each once.
    """

    changes: tuple[int, ...]
    attached: int
    known: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Brought:
    """What certificates without a session brought with them.

    Args:
        changes: The stamps of all of it, to take it back.
        records: By member of staff, the training record that their certificates lie with.
        recorded: How many of these records are new.
        attached: How many files were kept; one counts for each person it is kept with.
        known: The names of files that lay with their record already, each once.
    """

    changes: tuple[int, ...]
    records: Mapping[int, int]
    recorded: int
    attached: int
    known: tuple[str, ...] = ()


def named(store: Store, files: Iterable[str]) -> tuple[int | None, ...]:
    """Return whose certificate each file seems to be, by its name; None where it does not say.

    Args:
        store: The home; only who works here today can be meant.
        files: The names of the files.
    """
    today = store.today()
    people = {
        one.id: one.name or ""
        for one in query.every(store, query.Query("staff"))
        if isinstance(one, Staff)
        and one.id is not None
        and (one.left_on is None or one.left_on >= today)
    }
    return tuple(whose(name, people) for name in files)


def bring(
    home: OpenHome,
    training: TrainingRecord,
    given: Sequence[tuple[int, Incoming]],
    also: Iterable[int] = (),
) -> Brought:
    """Record the training that certificates prove and keep them with it, all or none.

    Whoever has this very training recorded already keeps that record, and it gets the file: the
    same certificate brought twice adds nothing.

    Args:
        home: The home.
        training: What was completed, when and with whom; whose it is is not looked at.
        given: Pairs of a member of staff and the file that is theirs.
        also: Who completed it too, without a file.

    Raises:
        Unfit: Something is wrong; all of it is told and nothing is kept.
        UserError: A file cannot be kept; nothing is.
    """
    people = list(dict.fromkeys([*(staff for staff, _ in given), *also]))
    with_file = {staff for staff, _ in given}
    with home.store.together():
        there = {one: record for one in people if (record := _there(home.store, training, one))}
        _refuse_other_end(home.store, training, there)
        # who brings nothing is told that it is recorded already, as when it is typed
        new = [one for one in people if one not in there or one not in with_file]
        records = {one: record.id or 0 for one, record in there.items()}
        changes: tuple[int, ...] = ()
        if new or not people:
            saved = record_training(home, training, new)
            records |= {one: saved.ids[f"staff.{place}"] for place, one in enumerate(new)}
            changes = tuple(history.batch_changes(home.store, saved.unit))
        kept = certify(home, [(records[staff], file) for staff, file in given])
    return Brought((*changes, *kept.changes), records, len(new), kept.attached, kept.known)


def _there(store: Store, training: TrainingRecord, staff: int) -> TrainingRecord | None:
    if training.course is None or training.completed is None:
        return None
    same = query.equal({"staff": staff, "course": training.course, "completed": training.completed})
    for one in query.every(store, query.Query("training_record", same)):
        if isinstance(one, TrainingRecord) and not one.struck_reason:
            return one
    return None


def _refuse_other_end(
    store: Store, training: TrainingRecord, there: Mapping[int, TrainingRecord]
) -> None:
    """Refuse a day on which it runs out that is not the recorded one: one of them is wrong."""
    label = spec_of(TrainingRecord).by_name["expires"].label
    names = Names(store)
    problems = []
    for staff, record in there.items():
        if training.expires not in {None, record.expires}:
            ends = (
                "without a day of its own" if record.expires is None
                else times.show_date(record.expires)
            )  # fmt: skip
            words = (
                f"{label}: this training of {names.by_id('staff', staff)} is recorded already, "
                f"{ends}. Change that record, or leave this empty."
            )
            problems.append(Problem("expires", words))
    if problems:
        raise Unfit(problems)


def suggested(session: Occasion, files: Iterable[str]) -> tuple[int | None, ...]:
    """Return whose certificate each file seems to be, by its name; None where it does not say.

    Args:
        session: The session; only who attended and has training recorded can have one.
        files: The names of the files.
    """
    people = {seat.record: seat.name for seat in session.came if seat.record is not None}
    return tuple(whose(name, people) for name in files)


def certify(home: OpenHome, given: Sequence[tuple[int, Incoming]]) -> Certified:
    """Keep certificates with training records, all of them or none.

    The same file that lies with a record already is not kept there twice.

    Args:
        home: The home.
        given: Pairs of a training record's id and the file that was read.

    Raises:
        UserError: A record is not here, or a file cannot be kept; nothing was attached.
    """
    made: list[int] = []
    known: dict[str, None] = {}
    with home.store.together():
        for record, file in given:
            if home.store.get("training_record", record) is None:
                raise UserError(
                    "This training is not recorded here.",
                    kept="Nothing was attached.",
                    code="no-record",
                )
            if _lies_there(home, record, file):
                known[file.name] = None
            else:
                made += attachments.attach(home, "training_record", record, [file])
        changes = attachments.changes_of(home.store, made)
    return Certified(changes, len(made), tuple(known))


def _lies_there(home: OpenHome, record: int, file: Incoming) -> bool:
    fingerprint = blobs.blob_id(home.unlocked.vault.blob_key, file.data)
    wanted = query.equal({"owner_type": "training_record", "owner_id": ids.to_text(record)})
    return any(
        isinstance(one, Attachment) and not one.struck_reason and one.sha256 == fingerprint
        for one in query.every(home.store, query.Query("attachment", wanted))
    )
