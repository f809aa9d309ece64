"""Who may sign in, on which PCs, what they looked at, and what is attached to records."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from liaison.records.fields import Record, record
from liaison.records.kinds import Choice, Date, Field, Flag, Int, Note, Ref, Text, Time


@record(
    "attachment",
    "Attachment",
    "Attachments",
    title=("name",),
    shows=("name", "size"),
)
class Attachment(Record):
    """A file kept with a record; its bytes lie in the blob table."""

    owner_type: Annotated[Text, Field("Belongs to", required=True, searched=False, asked=False)] = (
        None
    )
    owner_id: Annotated[
        Text, Field("Belongs to record", required=True, searched=False, indexed=True, asked=False)
    ] = None
    name: Annotated[Text, Field("File name", required=True)] = None
    media_type: Annotated[
        Text, Field("Type of file", required=True, searched=False, asked=False)
    ] = None
    size: Annotated[Int, Field("Size", required=True, help="In bytes", asked=False)] = None
    sha256: Annotated[Text, Field("Fingerprint", required=True, searched=False, asked=False)] = None


@record(
    "person",
    "Person who can sign in",
    "People who can sign in",
    title=("name",),
    shows=("name", "role", "staff", "until", "suspended"),
    somebody=True,
)
class Person(Record):
    """Someone who can sign in; their keys are in the key file."""

    name: Annotated[Text, Field("Name", required=True, by_name=True)] = None
    role: Annotated[
        Choice, Field("Role", required=True, of=("manager", "senior", "carer", "reader"))
    ] = None
    staff: Annotated[Ref, Field("Member of staff", of="staff")] = None
    until: Annotated[Date, Field("May sign in until", ahead=True)] = None
    suspended: Annotated[Flag, Field("Suspended")] = None

    def may_sign_in(self, today: dt.date) -> bool:
        """Return whether their record lets them in on a day: agency staff have a last one."""
        over = self.until is not None and today > self.until
        return self.lives and not self.suspended and not over


@record(
    "pc",
    "PC",
    "PCs",
    title=("name",),
    shows=("name", "joined_at", "removed_at"),
)
class Pc(Record):
    """A computer that holds this home's record."""

    name: Annotated[Text, Field("Name", required=True)] = None
    joined_at: Annotated[Time, Field("Joined", required=True)] = None
    removed_at: Annotated[Time, Field("Removed")] = None


@record(
    "membership",
    "Membership entry",
    "Membership entries",
    title=("kind", "at"),
    shows=("at", "kind"),
    events=True,
)
class Membership(Record):
    """A signed word on who belongs: a PC that joined, a person's keys, a removal.

    Only what is signed in ``entry`` counts; the other fields are for looking at.
    """

    at: Annotated[Time, Field("When", required=True)] = None
    kind: Annotated[Text, Field("What", required=True, searched=False, asked=False)] = None
    entry: Annotated[Note, Field("Signed entry", required=True, searched=False, asked=False)] = None


@record(
    "access_event",
    "Access",
    "Accesses",
    title=("kind", "at"),
    shows=("at", "kind", "detail"),
    events=True,
)
class AccessEvent(Record):
    """Who signed in, looked, printed, exported or backed up, and when."""

    at: Annotated[Time, Field("When", required=True, indexed=True)] = None
    kind: Annotated[
        Choice,
        Field(
            "What",
            required=True,
            of=(
                "sign in",
                "failed sign in",
                "sign out",
                "opened",
                "exported",
                "printed",
                "backed up",
                "restored",
                "role changed",
            ),
        ),
    ] = None
    subject_type: Annotated[Text, Field("Kind of record", searched=False, asked=False)] = None
    subject_id: Annotated[Text, Field("Record", searched=False, indexed=True, asked=False)] = None
    detail: Annotated[Text, Field("Detail", searched=False)] = None


@record(
    "framework_tag",
    "Framework tag",
    "Framework tags",
    title=("framework", "item"),
    shows=("framework", "item"),
)
class FrameworkTag(Record):
    """A record counted as evidence for an item of a framework (CQC, a commissioner)."""

    record_type: Annotated[
        Text, Field("Kind of record", required=True, searched=False, asked=False)
    ] = None
    record_id: Annotated[
        Text, Field("Record", required=True, searched=False, indexed=True, asked=False)
    ] = None
    framework: Annotated[Text, Field("Framework", required=True, searched=False)] = None
    item: Annotated[Text, Field("Item", required=True, searched=False)] = None
