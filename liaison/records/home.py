"""The home and its people: the home itself, residents, staff."""

from __future__ import annotations

from typing import Annotated

from liaison.records.care_rules import not_ahead
from liaison.records.cross_rules import dates_in_order, hours_make_sense, whole_number_between
from liaison.records.fields import Record, record
from liaison.records.kinds import (
    Choice,
    Choices,
    Date,
    Email,
    Field,
    Int,
    NhsNumber,
    Note,
    Phone,
    Postcode,
    Ref,
    Text,
)


@record(
    "home",
    "Home",
    "Homes",
    title=("name",),
    single=True,
    rules=(hours_make_sense, whole_number_between("dbs_months", 1, 120)),
)
class Home(Record):
    """The care home this record belongs to, and its own settings."""

    name: Annotated[Text, Field("Name", required=True, section="The home")] = None
    address: Annotated[Note, Field("Address")] = None
    postcode: Annotated[Postcode, Field("Postcode")] = None
    phone: Annotated[Phone, Field("Phone")] = None
    email: Annotated[Email, Field("E-mail")] = None
    cqc_location: Annotated[
        Text, Field("CQC location number", help="As on your certificate", section="Registration")
    ] = None
    workforce_reference: Annotated[Text, Field("Workforce return reference")] = None
    beds: Annotated[Int, Field("Beds")] = None
    practice: Annotated[Ref, Field("Home's GP practice", of="organisation")] = None
    hours_from: Annotated[
        Text, Field("In hours from", help="Such as 08:00", searched=False, section="How we work")
    ] = "08:00"
    hours_to: Annotated[Text, Field("In hours until", help="Such as 18:00", searched=False)] = (
        "18:00"
    )
    review_working_days: Annotated[
        Int,
        Field(
            "Review after a return", help="In working days after coming back", unit="working day"
        ),
    ] = 7
    stale_months: Annotated[
        Int,
        Field(
            "Check details every",
            help="In months; older details are listed to check",
            unit="month",
        ),
    ] = 6
    due_soon_days: Annotated[
        Int, Field("Training is due soon", help="Days before it runs out", unit="day")
    ] = 60
    carried_alert: Annotated[
        Int,
        Field(
            "Carried over too often",
            help="Rounds after which a carried line stands out",
            unit="round",
        ),
    ] = 3
    dbs_months: Annotated[
        Int,
        Field(
            "DBS checks again after",
            help="In months; empty means that they are not repeated",
            unit="month",
        ),
    ] = 36


@record(
    "resident",
    "Resident",
    "Residents",
    title=("name",),
    shows=("name", "known_as", "room", "date_of_birth", "gp", "key_worker", "stay"),
    tells_apart=("room", "date_of_birth"),
    somebody=True,
    rules=(
        dates_in_order("date_of_birth", "moved_in"),
        dates_in_order("moved_in", "left_on"),
    ),
)
class Resident(Record):
    """Someone who lives, or lived, in the home."""

    name: Annotated[
        Text, Field("Name", required=True, by_name=True, indexed=True, section="Person")
    ] = None
    known_as: Annotated[Text, Field("Likes to be called", by_name=True)] = None
    room: Annotated[Text, Field("Room")] = None
    date_of_birth: Annotated[Date, Field("Date of birth", distant=True, past=True)] = None
    nhs_number: Annotated[NhsNumber, Field("NHS number", indexed=True)] = None
    practice: Annotated[
        Ref, Field("GP practice", of="organisation", indexed=True, section="Who looks after them")
    ] = None
    gp: Annotated[Ref, Field("GP", of="contact", indexed=True)] = None
    gp_choice: Annotated[
        Choice,
        Field("Choice of GP", of=("home practice", "own choice", "not recorded")),
    ] = None
    named_nurse: Annotated[Ref, Field("Named nurse", of="contact")] = None
    key_worker: Annotated[Ref, Field("Key worker", of="staff")] = None
    stay: Annotated[Choice, Field("Stay", of=("permanent", "temporary"), section="Stay")] = None
    moved_in: Annotated[Date, Field("Moved in", distant=True)] = None
    left_on: Annotated[Date, Field("Left on", rare=True)] = None
    left_reason: Annotated[
        Choice,
        Field(
            "Why they left",
            of=("moved home", "moved care home", "hospital", "died", "other"),
            rare=True,
        ),
    ] = None
    next_of_kin: Annotated[
        Text, Field("Next of kin", sensitive=True, section="Family and consent")
    ] = None
    next_of_kin_phone: Annotated[Phone, Field("Next of kin's phone", sensitive=True)] = None
    attorney: Annotated[Text, Field("Attorney or deputy", sensitive=True, rare=True)] = None
    sharing_consent: Annotated[
        Choice,
        Field("Agrees to sharing", of=("yes", "no", "best interest", "not recorded")),
    ] = None
    allergies: Annotated[Note, Field("Allergies", section="Care")] = None
    dnacpr: Annotated[Choice, Field("DNACPR", of=("in place", "not in place", "not recorded"))] = (
        None
    )
    care_plan_place: Annotated[Text, Field("Where the care plan is kept", rare=True)] = None
    dols_expires: Annotated[Date, Field("DoLS runs out", ahead=True)] = None
    what_matters: Annotated[Note, Field("What matters to them")] = None
    alerts: Annotated[Note, Field("Alerts")] = None
    review_every_days: Annotated[
        Int, Field("Review every", help="In days", section="Reviews", unit="day")
    ] = None
    last_reviewed: Annotated[Date, Field("Last reviewed")] = None


@record(
    "staff",
    "Member of staff",
    "Staff",
    title=("name",),
    shows=("name", "job_role", "team", "started", "lead_roles"),
    tells_apart=("job_role", "team", "started"),
    somebody=True,
    rules=(dates_in_order("started", "left_on"), not_ahead("dbs_checked")),
)
class Staff(Record):
    """Someone who works, or worked, in the home."""

    name: Annotated[
        Text, Field("Name", required=True, by_name=True, indexed=True, section="Work")
    ] = None
    job_role: Annotated[Choice, Field("Job role", required=True, of="job_role")] = None
    team: Annotated[Choice, Field("Team", of="team")] = None
    started: Annotated[Date, Field("Started", distant=True)] = None
    left_on: Annotated[Date, Field("Left on", rare=True)] = None
    lead_roles: Annotated[Choices, Field("Leads on", of="lead_role")] = ()
    manager: Annotated[Ref, Field("Manager", of="staff")] = None
    worker_reference: Annotated[Text, Field("Workforce return worker", indexed=True, rare=True)] = (
        None
    )
    phone: Annotated[Phone, Field("Phone", sensitive=True, section="How to reach them")] = None
    email: Annotated[Email, Field("E-mail", sensitive=True)] = None
    nmc_pin: Annotated[Text, Field("NMC PIN", sensitive=True, section="Checks")] = None
    nmc_expires: Annotated[Date, Field("NMC registration runs out", ahead=True)] = None
    dbs_checked: Annotated[Date, Field("DBS checked", distant=True)] = None
