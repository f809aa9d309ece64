"""Certificates: files kept with the training records they prove, for one or for many at once."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Attachment
from liaison.records.rules.certificates import whose
from liaison.services import attachments
from liaison.store import blobs, query

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from liaison.services.attachments import Incoming
    from liaison.services.homes import OpenHome
    from liaison.services.sessions import Occasion


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
