"""Visits and casework: what happened each time someone came, and every loop left open."""

from __future__ import annotations

from typing import Annotated

from liaison.records.care_rules import (
    attended_has_been,
    not_ahead,
    place_is_open,
    planned_if_ahead,
    resident_was_here,
    same_resident,
)
from liaison.records.concern_rules import has_been, lived_here_when_raised
from liaison.records.cross_rules import (
    dates_in_order,
    exactly_one_of,
    found_once_it_happened,
    needs,
    outcome_before_done,
    whole_number_between,
)
from liaison.records.fields import Record, record
from liaison.records.kinds import Choice, Date, Field, Flag, Int, Note, Ref, Text, Time
from liaison.records.round_rules import starts_by_the_clock
from liaison.records.visit_rules import (
    asked_for_before,
    due_after_visit,
    happened_by_now,
    lived_here,
    organisation_is_open,
)

_YES_NO_PARTLY = ("yes", "no", "partly")


@record(
    "visit",
    "Visit",
    "Visits",
    title=("kind", "at", "professional", "organisation"),
    shows=("at", "status", "kind", "urgency", "professional", "organisation"),
    rules=(
        dates_in_order("at", "left_at"),
        happened_by_now,
        asked_for_before,
        organisation_is_open,
    ),
)
class Visit(Record):
    """A professional coming, ringing or holding a clinic; its entries say what for each resident."""

    status: Annotated[
        Choice,
        Field(
            "Status",
            required=True,
            of=("planned", "happened", "cancelled", "did not attend"),
            section="Visit",
        ),
    ] = "happened"
    at: Annotated[Time, Field("When", required=True, indexed=True)] = None
    kind: Annotated[Choice, Field("Kind", required=True, of="visit_kind")] = None
    urgency: Annotated[Choice, Field("Urgency", of=("planned", "ad hoc", "urgent"))] = "planned"
    professional: Annotated[
        Ref, Field("Who came", of="contact", indexed=True, section="Who came")
    ] = None
    organisation: Annotated[Ref, Field("From", of="organisation", indexed=True)] = None
    others_present: Annotated[Text, Field("Others present", rare=True)] = None
    requested_at: Annotated[Time, Field("Asked for at", section="Details", rare=True)] = None
    left_at: Annotated[Time, Field("Left at")] = None
    id_checked: Annotated[Flag, Field("Identity checked")] = None
    reason: Annotated[Note, Field("Reason")] = None
    round: Annotated[Ref, Field("Round", of="round", indexed=True, rare=True)] = None


@record(
    "visit_entry",
    "Visit note",
    "Visit notes",
    title=("resident", "visit"),
    shows=("visit", "resident", "raised", "found"),
    timeline="visit.at",
    rules=(found_once_it_happened, lived_here),
)
class VisitEntry(Record):
    """What a visit meant for one resident."""

    visit: Annotated[
        Ref, Field("Visit", required=True, of="visit", indexed=True, section="Note")
    ] = None
    resident: Annotated[Ref, Field("Resident", required=True, of="resident", indexed=True)] = None
    raised: Annotated[Note, Field("What we raised")] = None
    found: Annotated[Note, Field("What they found and advised")] = None
    plan_changed: Annotated[
        Choice, Field("Care plan changed", of=("yes", "no", "not sure"), section="What follows")
    ] = None
    medicines_changed: Annotated[Flag, Field("Medicines changed")] = None
    pharmacy_told: Annotated[Flag, Field("Pharmacy told")] = None
    family_informed: Annotated[Choice, Field("Family informed", of=("yes", "no", "not needed"))] = (
        None
    )
    voice: Annotated[Note, Field("What the resident or family said")] = None
    moved_from: Annotated[Ref, Field("Moved from", of="visit_entry", asked=False)] = None


@record(
    "action",
    "Action",
    "Actions",
    title=("what", "resident"),
    shows=("what", "kind", "resident", "owner_staff", "due", "done_at"),
    timeline="done_at",
    rules=(outcome_before_done("done_at", "outcome"), due_after_visit),
)
class Action(Record):
    """Something to be done, by whom and by when; open until it has an outcome."""

    what: Annotated[Text, Field("What is to be done", required=True, section="Action")] = None
    kind: Annotated[
        Choice,
        Field("Kind", of=("follow up", "result awaited", "ring back", "equipment", "other")),
    ] = "follow up"
    resident: Annotated[Ref, Field("Resident", of="resident", indexed=True)] = None
    owner_staff: Annotated[Ref, Field("Who does it", of="staff", indexed=True)] = None
    owner_contact: Annotated[Ref, Field("Who does it outside", of="contact", rare=True)] = None
    due: Annotated[Date, Field("Due", indexed=True, ahead=True)] = None
    done_at: Annotated[Time, Field("Done at", section="Outcome", indexed=True)] = None
    outcome: Annotated[Note, Field("Outcome")] = None
    source_type: Annotated[Text, Field("Came from", searched=False, asked=False)] = None
    source_id: Annotated[
        Text, Field("Came from record", searched=False, indexed=True, asked=False)
    ] = None


@record(
    "concern",
    "Concern",
    "Concerns",
    title=("kind", "resident", "raised_at"),
    shows=(
        "raised_at",
        "resident",
        "situation",
        "urgency",
        "raised_by",
        "answered_at",
        "closed_at",
    ),
    timeline="raised_at",
    rules=(
        needs("answered_at", "answer"),
        dates_in_order("raised_at", "answered_at"),
        dates_in_order("raised_at", "closed_at"),
        outcome_before_done("closed_at", "outcome"),
        has_been("raised_at"),
        has_been("answered_at"),
        has_been("closed_at"),
        lived_here_when_raised,
    ),
)
class Concern(Record):
    """Something a member of staff noticed, told, and must hear back about (SBAR)."""

    kind: Annotated[Choice, Field("Kind", of=("concern", "query"), section="Concern")] = "concern"
    resident: Annotated[Ref, Field("Resident", required=True, of="resident", indexed=True)] = None
    raised_by: Annotated[Ref, Field("Raised by", required=True, of="staff", indexed=True)] = None
    raised_at: Annotated[Time, Field("Raised at", required=True, indexed=True)] = None
    situation: Annotated[
        Note, Field("What is happening", required=True, section="In your words")
    ] = None
    background: Annotated[
        Note, Field("Background", help="What led up to it, and what is usual for them", rare=True)
    ] = None
    assessment: Annotated[
        Note, Field("What we think", help="What you think is going on", rare=True)
    ] = None
    asking: Annotated[
        Note, Field("What we ask for", help="What you would like to happen", rare=True)
    ] = None
    urgency: Annotated[
        Choice, Field("Urgency", of=("routine", "today", "now"), section="Where it goes")
    ] = "routine"
    route: Annotated[
        Choice,
        Field(
            "Goes to",
            of=("round", "GP", "district nurse", "pharmacist", "out of hours", "999", "other"),
        ),
    ] = "round"
    routed_to: Annotated[Ref, Field("Goes to (person)", of="contact")] = None
    answer: Annotated[Note, Field("Answer", section="Answer")] = None
    answered_by: Annotated[Text, Field("Answered by")] = None
    answered_at: Annotated[Time, Field("Answered at")] = None
    acknowledged_at: Annotated[Time, Field("Seen by whoever raised it", indexed=True)] = None
    outcome: Annotated[Note, Field("Outcome", section="Outcome")] = None
    closed_at: Annotated[Time, Field("Closed at", indexed=True)] = None


@record(
    "series",
    "Recurring round",
    "Recurring rounds",
    title=("name",),
    shows=("name", "professional", "organisation", "every", "start_time"),
    rules=(whole_number_between("weekday", 0, 6), starts_by_the_clock),
)
class Series(Record):
    """A round or clinic that comes back."""

    name: Annotated[Text, Field("Name", required=True)] = None
    professional: Annotated[Ref, Field("Who comes", of="contact")] = None
    organisation: Annotated[Ref, Field("From", of="organisation")] = None
    every: Annotated[
        Choice, Field("Every", of=("week", "two weeks", "month", "two months", "quarter"))
    ] = None
    weekday: Annotated[Int, Field("Weekday", help="0 is Monday")] = None
    start_time: Annotated[Text, Field("Starts at", help="Such as 10:30", searched=False)] = None


@record(
    "round",
    "Round",
    "Rounds",
    title=("at", "series"),
    shows=("at", "series", "status", "attendees"),
)
class Round(Record):
    """One sitting of a round or clinic."""

    series: Annotated[Ref, Field("Recurring round", of="series", indexed=True)] = None
    at: Annotated[Time, Field("When", required=True, indexed=True, ahead=True)] = None
    status: Annotated[Choice, Field("Status", of=("planned", "happened", "cancelled"))] = "planned"
    attendees: Annotated[Text, Field("Who attended")] = None
    minutes: Annotated[Note, Field("Minutes")] = None


@record(
    "agenda_line",
    "Agenda line",
    "Agenda lines",
    title=("resident", "round"),
    shows=("round", "resident", "question"),
)
class AgendaLine(Record):
    """One resident's matter on a round's agenda; nothing on it can vanish."""

    round: Annotated[Ref, Field("Round", required=True, of="round", indexed=True)] = None
    resident: Annotated[Ref, Field("Resident", of="resident", indexed=True)] = None
    source_type: Annotated[Text, Field("Came from", searched=False, asked=False)] = None
    source_id: Annotated[
        Text, Field("Came from record", searched=False, indexed=True, asked=False)
    ] = None
    question: Annotated[Note, Field("Question")] = None
    position: Annotated[Int, Field("Position", asked=False)] = None


@record(
    "agenda_outcome",
    "Outcome of a line",
    "Outcomes of lines",
    title=("line",),
    shows=("line", "outcome", "carried", "carried_to"),
    events=True,
    rules=(exactly_one_of("outcome", "carried"),),
)
class AgendaOutcome(Record):
    """What a round decided about a line: an outcome, or carried over."""

    line: Annotated[Ref, Field("Line", required=True, of="agenda_line", indexed=True)] = None
    outcome: Annotated[Note, Field("Outcome")] = None
    carried: Annotated[Flag, Field("Carried over", indexed=True)] = False
    carried_to: Annotated[Ref, Field("Carried to", of="round")] = None


@record(
    "referral",
    "Referral",
    "Referrals",
    title=("resident", "organisation", "sent"),
    shows=("sent", "resident", "organisation", "reason", "next_chase", "first_seen", "closed_on"),
    timeline="sent",
    rules=(
        dates_in_order("sent", "acknowledged"),
        dates_in_order("sent", "first_seen"),
        dates_in_order("sent", "closed_on"),
        not_ahead("acknowledged"),
        not_ahead("first_seen", "Until then it is an appointment."),
        not_ahead("closed_on"),
        outcome_before_done("closed_on", "outcome"),
        whole_number_between("threshold_days", 1, 3_650),
        resident_was_here("sent"),
        place_is_open("organisation"),
        same_resident("parent"),
    ),
)
class Referral(Record):
    """A resident sent on to a service, with the clock that runs until they are seen."""

    resident: Annotated[
        Ref, Field("Resident", required=True, of="resident", indexed=True, section="Referral")
    ] = None
    organisation: Annotated[
        Ref, Field("Referred to", required=True, of="organisation", indexed=True)
    ] = None
    contact: Annotated[Ref, Field("Person there", of="contact")] = None
    sent: Annotated[Date, Field("Sent", required=True, indexed=True)] = None
    reason: Annotated[Note, Field("Reason", required=True)] = None
    route: Annotated[
        Choice, Field("Sent by", of=("letter", "email", "phone", "portal", "via GP"))
    ] = None
    acknowledged: Annotated[Date, Field("Acknowledged", section="What came of it")] = None
    first_seen: Annotated[Date, Field("First seen")] = None
    closed_on: Annotated[Date, Field("Closed on", indexed=True)] = None
    outcome: Annotated[Note, Field("Outcome")] = None
    parent: Annotated[Ref, Field("Follows from", of="referral", rare=True)] = None
    next_chase: Annotated[
        Date, Field("Chase next on", indexed=True, section="Chasing", ahead=True)
    ] = None
    threshold_days: Annotated[Int, Field("Too long after", help="In days", unit="day")] = None


@record(
    "chase",
    "Chase",
    "Chases",
    title=("at", "referral"),
    shows=("at", "referral", "how", "spoke_to", "result"),
    events=True,
    timeline="at",
    timeline_of="referral",
)
class Chase(Record):
    """One asking after a referral."""

    referral: Annotated[Ref, Field("Referral", required=True, of="referral", indexed=True)] = None
    at: Annotated[Time, Field("When", required=True)] = None
    how: Annotated[Choice, Field("How", of=("phone", "email", "letter", "in person"))] = None
    spoke_to: Annotated[Text, Field("Spoke to")] = None
    result: Annotated[Note, Field("Result", required=True)] = None


@record(
    "transfer",
    "Transfer",
    "Transfers",
    title=("resident", "direction", "at"),
    shows=("at", "resident", "direction", "place", "planned", "reviewed_on"),
    timeline="at",
    rules=(
        planned_if_ahead,
        resident_was_here("at"),
        dates_in_order("at", "reviewed_on"),
        not_ahead("reviewed_on"),
        outcome_before_done("reviewed_on", "review"),
    ),
)
class Transfer(Record):
    """A resident going to hospital, coming back, moving in or out."""

    resident: Annotated[
        Ref, Field("Resident", required=True, of="resident", indexed=True, section="Transfer")
    ] = None
    direction: Annotated[
        Choice,
        Field(
            "Direction",
            required=True,
            of=("admission", "discharge", "A&E", "return from A&E", "move in", "move out"),
            help="Admission is to hospital, discharge is back to us",
        ),
    ] = None
    at: Annotated[Time, Field("When", required=True, indexed=True)] = None
    place: Annotated[Ref, Field("Hospital or place", of="organisation")] = None
    ward: Annotated[Text, Field("Ward")] = None
    planned: Annotated[Flag, Field("Planned")] = None
    cause: Annotated[Note, Field("Cause")] = None
    end_of_life: Annotated[Flag, Field("End of life")] = None
    summary: Annotated[
        Choice, Field("Summary went along", of=_YES_NO_PARTLY, section="What went along")
    ] = None
    medicines: Annotated[Choice, Field("Medicines went along", of=_YES_NO_PARTLY)] = None
    equipment: Annotated[Choice, Field("Equipment went along", of=("yes", "no", "not needed"))] = (
        None
    )
    transport: Annotated[Text, Field("Transport")] = None
    rang_us: Annotated[Text, Field("Who rang us")] = None
    problems: Annotated[Note, Field("Problems")] = None
    reviewed_on: Annotated[Date, Field("Reviewed on", section="Review", indexed=True)] = None
    review: Annotated[Note, Field("Review")] = None


@record(
    "appointment",
    "Appointment",
    "Appointments",
    title=("resident", "place", "at"),
    shows=("at", "resident", "place", "purpose", "escort", "status"),
    timeline="at",
    rules=(attended_has_been, resident_was_here("at"), place_is_open("place")),
)
class Appointment(Record):
    """A resident going somewhere at a set time."""

    resident: Annotated[Ref, Field("Resident", required=True, of="resident", indexed=True)] = None
    at: Annotated[Time, Field("When", required=True, indexed=True, ahead=True)] = None
    place: Annotated[Ref, Field("Where", of="organisation")] = None
    purpose: Annotated[Note, Field("What for", required=True)] = None
    escort: Annotated[Ref, Field("Escort", of="staff")] = None
    transport: Annotated[Text, Field("Transport")] = None
    status: Annotated[
        Choice,
        Field("Status", of=("booked", "attended", "cancelled", "missed"), indexed=True),
    ] = "booked"
    outcome: Annotated[Note, Field("Outcome")] = None


@record(
    "equipment_loan",
    "Equipment on loan",
    "Equipment on loan",
    title=("what", "resident"),
    shows=("what", "resident", "supplier", "requested_on", "arrived_on", "next_check"),
    timeline="requested_on",
    rules=(
        dates_in_order("requested_on", "arrived_on"),
        dates_in_order("arrived_on", "returned_on"),
        not_ahead("requested_on"),
        not_ahead("arrived_on"),
        not_ahead("returned_on"),
        resident_was_here("requested_on"),
    ),
)
class EquipmentLoan(Record):
    """Something lent to the home or a resident: asked for, arrived, checked, returned."""

    resident: Annotated[Ref, Field("Resident", of="resident", indexed=True)] = None
    what: Annotated[Text, Field("What", required=True)] = None
    supplier: Annotated[Ref, Field("Supplier", of="organisation")] = None
    requested_on: Annotated[Date, Field("Asked for on", required=True)] = None
    arrived_on: Annotated[Date, Field("Arrived on")] = None
    next_check: Annotated[Date, Field("Next check", ahead=True)] = None
    returned_on: Annotated[Date, Field("Returned on", indexed=True)] = None
