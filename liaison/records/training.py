"""What our own staff have learned, from whom, and until when it counts."""

from __future__ import annotations

from typing import Annotated

from liaison.records.care_rules import not_ahead
from liaison.records.cross_rules import completed_by_today, dates_in_order, whole_number_between
from liaison.records.fields import Record, record
from liaison.records.kinds import (
    Choice,
    Date,
    Field,
    Flag,
    Int,
    Minutes,
    Money,
    Note,
    Ref,
    Refs,
    Text,
    Time,
)
from liaison.records.session_rules import (
    happened_has_been,
    nobody_assesses_themselves,
    place_is_theirs,
    planned_or_held,
    worked_here,
)

_DELIVERY = ("face to face", "e-learning")


@record(
    "course",
    "Course",
    "Courses",
    title=("name",),
    shows=("name", "kind", "refresh_months", "category"),
    rules=(whole_number_between("refresh_months", 1, 999),),
)
class Course(Record):
    """Something staff must or may learn, and how often it must be refreshed."""

    name: Annotated[Text, Field("Name", required=True, by_name=True)] = None
    category: Annotated[Choice, Field("Workforce category", of="workforce_category")] = None
    refresh_months: Annotated[
        Int, Field("Refresh every", help="In months; empty means once is enough", unit="month")
    ] = None
    kind: Annotated[Choice, Field("Kind", of=("statutory", "mandatory", "role", "other"))] = (
        "mandatory"
    )
    satisfies: Annotated[Refs, Field("Also counts as", of="course")] = ()


@record(
    "requirement",
    "Requirement",
    "Requirements",
    title=("course", "job_role"),
    shows=("course", "job_role", "since", "grace_days"),
)
class Requirement(Record):
    """A course that a job role must hold."""

    course: Annotated[Ref, Field("Course", required=True, of="course", indexed=True)] = None
    job_role: Annotated[Choice, Field("Job role", required=True, of="job_role")] = None
    since: Annotated[Date, Field("Since")] = None
    grace_days: Annotated[Int, Field("Time for new starters", help="In days", unit="day")] = 84


@record(
    "exemption",
    "Exemption",
    "Exemptions",
    title=("staff", "course"),
    shows=("staff", "course", "reason", "until"),
)
class Exemption(Record):
    """A course one member of staff need not hold, and why."""

    staff: Annotated[Ref, Field("Member of staff", required=True, of="staff", indexed=True)] = None
    course: Annotated[Ref, Field("Course", required=True, of="course")] = None
    reason: Annotated[Note, Field("Reason", required=True)] = None
    until: Annotated[Date, Field("Until", ahead=True)] = None


@record(
    "job_held",
    "Job held",
    "Jobs held",
    title=("staff", "job_role", "since"),
    shows=("staff", "job_role", "since"),
)
class JobHeld(Record):
    """The job role somebody had from a day on, for "as it was on"."""

    staff: Annotated[Ref, Field("Member of staff", required=True, of="staff", indexed=True)] = None
    job_role: Annotated[Choice, Field("Job role", required=True, of="job_role")] = None
    since: Annotated[Date, Field("Since", required=True, distant=True)] = None


@record(
    "session",
    "Training session",
    "Training sessions",
    title=("course", "at"),
    shows=("at", "course", "status", "teacher_contact", "teacher_staff", "delivery"),
    rules=(
        happened_has_been,
        whole_number_between("length", 1, 24 * 60),
        whole_number_between("capacity", 1, 999),
    ),
)
class Session(Record):
    """One occasion of teaching."""

    course: Annotated[
        Ref, Field("Course", required=True, of="course", indexed=True, section="Session")
    ] = None
    at: Annotated[Time, Field("When", required=True, indexed=True, ahead=True)] = None
    status: Annotated[Choice, Field("Status", of=("planned", "happened", "cancelled"))] = "planned"
    teacher_contact: Annotated[Ref, Field("Taught by (from outside)", of="contact")] = None
    teacher_staff: Annotated[Ref, Field("Taught by (our staff)", of="staff")] = None
    organisation: Annotated[Ref, Field("Provider", of="organisation")] = None
    delivery: Annotated[Choice, Field("Delivery", of=_DELIVERY, section="Where and how")] = None
    on_site: Annotated[Flag, Field("On site")] = None
    place: Annotated[Text, Field("Place")] = None
    length: Annotated[Minutes, Field("Length", help="In minutes")] = None
    cost: Annotated[Money, Field("Cost", help="In pounds")] = None
    capacity: Annotated[Int, Field("Places", rare=True)] = None
    cascaded_from: Annotated[Ref, Field("Passed on from", of="session", rare=True)] = None


@record(
    "attendance",
    "Attendance",
    "Attendances",
    title=("staff", "session"),
    shows=("staff", "session", "status"),
    rules=(place_is_theirs,),
)
class Attendance(Record):
    """One member of staff at one session."""

    session: Annotated[Ref, Field("Session", required=True, of="session", indexed=True)] = None
    staff: Annotated[Ref, Field("Member of staff", required=True, of="staff", indexed=True)] = None
    status: Annotated[Choice, Field("Status", of=("booked", "attended", "did not attend"))] = (
        "booked"
    )


@record(
    "training_record",
    "Training record",
    "Training records",
    title=("staff", "course", "completed"),
    shows=("staff", "course", "completed", "expires", "taught_by", "delivery"),
    rules=(
        completed_by_today("completed"),
        dates_in_order("completed", "expires"),
        worked_here("completed"),
    ),
)
class TrainingRecord(Record):
    """One course one member of staff completed."""

    staff: Annotated[Ref, Field("Member of staff", required=True, of="staff", indexed=True)] = None
    course: Annotated[Ref, Field("Course", required=True, of="course", indexed=True)] = None
    completed: Annotated[Date, Field("Completed", required=True, indexed=True)] = None
    expires: Annotated[
        Date, Field("Runs out", help="Empty: worked out from the course", ahead=True)
    ] = None
    session: Annotated[Ref, Field("Session", of="session", rare=True)] = None
    taught_by: Annotated[Text, Field("Taught by")] = None
    accredited: Annotated[Choice, Field("Accredited", of=("yes", "no", "unknown"), rare=True)] = (
        "unknown"
    )
    delivered_by: Annotated[
        Choice, Field("Delivered by", of=("in house", "external"), rare=True)
    ] = None
    delivery: Annotated[Choice, Field("Delivery", of=_DELIVERY)] = None
    notes: Annotated[Note, Field("Notes")] = None


@record(
    "competency",
    "Competency",
    "Competencies",
    title=("staff", "skill", "assessed_on"),
    shows=("staff", "skill", "level", "assessed_on", "review_due"),
    timeline="assessed_on",
    rules=(
        not_ahead("assessed_on"),
        dates_in_order("assessed_on", "review_due"),
        worked_here("assessed_on"),
        nobody_assesses_themselves,
    ),
)
class Competency(Record):
    """A skill somebody was seen to have, signed off by whoever can judge it."""

    staff: Annotated[Ref, Field("Member of staff", required=True, of="staff", indexed=True)] = None
    skill: Annotated[Text, Field("Skill", required=True)] = None
    level: Annotated[
        Choice,
        Field("Level", required=True, of=("aware", "supervised", "competent", "can teach")),
    ] = None
    assessed_on: Annotated[Date, Field("Assessed on", required=True)] = None
    assessor_contact: Annotated[Ref, Field("Assessed by (from outside)", of="contact")] = None
    assessor_staff: Annotated[Ref, Field("Assessed by (our staff)", of="staff")] = None
    review_due: Annotated[Date, Field("Review due", ahead=True)] = None
    delegated: Annotated[Flag, Field("Delegated task", rare=True)] = None
    resident: Annotated[Ref, Field("For one resident", of="resident", rare=True)] = None


@record(
    "supervision",
    "Supervision or appraisal",
    "Supervisions and appraisals",
    title=("kind", "staff"),
    shows=("staff", "kind", "planned", "done", "next_due"),
    rules=(
        not_ahead("done"),
        dates_in_order("done", "next_due"),
        worked_here("done"),
        planned_or_held,
    ),
)
class Supervision(Record):
    """A supervision or appraisal, planned and held."""

    staff: Annotated[Ref, Field("Member of staff", required=True, of="staff", indexed=True)] = None
    kind: Annotated[Choice, Field("Kind", required=True, of=("supervision", "appraisal"))] = None
    planned: Annotated[Date, Field("Planned", ahead=True)] = None
    done: Annotated[Date, Field("Held")] = None
    next_due: Annotated[Date, Field("Next due", ahead=True)] = None
    notes: Annotated[Note, Field("Notes", sensitive=True)] = None
