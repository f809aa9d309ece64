"""The directory: who we work with in health and social care, and how to reach them."""

from __future__ import annotations

from typing import Annotated

from liaison.records.cross_rules import dates_in_order
from liaison.records.fields import Record, record
from liaison.records.kinds import (
    Choice,
    Date,
    Email,
    Field,
    Flag,
    Int,
    Minutes,
    Note,
    Phone,
    Postcode,
    Ref,
    Refs,
    Text,
    Texts,
    Time,
    Url,
)


@record(
    "organisation",
    "Organisation",
    "Organisations",
    title=("name",),
    shows=("name", "kind", "phone", "phone_out_of_hours", "last_checked"),
    tells_apart=("kind", "postcode", "status"),
)
class Organisation(Record):
    """A practice, hospital, team or supplier the home works with."""

    name: Annotated[
        Text, Field("Name", required=True, by_name=True, indexed=True, section="Organisation")
    ] = None
    kind: Annotated[Choice, Field("Kind", required=True, of="organisation_kind", indexed=True)] = (
        None
    )
    ods_code: Annotated[Text, Field("ODS code", help="The NHS code", indexed=True, rare=True)] = (
        None
    )
    parent: Annotated[Ref, Field("Part of", of="organisation", rare=True)] = None
    address: Annotated[Note, Field("Address", section="How to reach them")] = None
    postcode: Annotated[Postcode, Field("Postcode")] = None
    phone: Annotated[Phone, Field("Phone")] = None
    phone_out_of_hours: Annotated[Phone, Field("Phone out of hours")] = None
    email: Annotated[Email, Field("E-mail")] = None
    website: Annotated[Url, Field("Website", rare=True)] = None
    opening_hours: Annotated[Text, Field("Opening hours")] = None
    offers: Annotated[Refs, Field("Offers", of="service", section="What they offer")] = ()
    criteria: Annotated[Note, Field("Who can be referred")] = None
    how_to_refer: Annotated[Note, Field("How to refer")] = None
    typical_wait_days: Annotated[Int, Field("Typical wait", help="In days", unit="day")] = None
    status: Annotated[
        Choice, Field("Status", of=("active", "closed", "merged"), section="This entry")
    ] = "active"
    former_names: Annotated[Texts, Field("Former names", rare=True)] = ()
    last_checked: Annotated[Date, Field("Last checked")] = None
    private_notes: Annotated[Note, Field("Private notes", sensitive=True, rare=True)] = None


@record(
    "contact",
    "Contact",
    "Contacts",
    title=("name",),
    shows=("name", "phone", "ask_about", "cover", "last_checked"),
    tells_apart=("phone", "mobile", "email"),
    somebody=True,
)
class Contact(Record):
    """A named person outside the home: "it's finding the someone"."""

    name: Annotated[
        Text, Field("Name", required=True, by_name=True, indexed=True, section="How to reach them")
    ] = None
    phone: Annotated[Phone, Field("Phone")] = None
    mobile: Annotated[Phone, Field("Mobile")] = None
    email: Annotated[Email, Field("E-mail")] = None
    ask_about: Annotated[
        Refs, Field("Ask them about", of="service", section="What to ask them for")
    ] = ()
    best_time: Annotated[Text, Field("Best time to ring")] = None
    cover: Annotated[Choice, Field("Can be reached", of=("in hours", "out of hours", "both"))] = (
        "in hours"
    )
    deputy: Annotated[Ref, Field("Deputy", of="contact", rare=True)] = None
    named_link: Annotated[Flag, Field("Our named link")] = None
    last_checked: Annotated[Date, Field("Last checked", section="This entry")] = None
    private_notes: Annotated[Note, Field("Private notes", sensitive=True, rare=True)] = None


@record(
    "post",
    "Post",
    "Posts",
    title=("role", "organisation", "contact"),
    shows=("contact", "role", "organisation", "since", "until"),
    rules=(dates_in_order("since", "until"),),
)
class Post(Record):
    """A role somebody holds at an organisation; one person may hold several."""

    contact: Annotated[Ref, Field("Contact", required=True, of="contact", indexed=True)] = None
    role: Annotated[Choice, Field("Role", required=True, of="professional_role")] = None
    organisation: Annotated[Ref, Field("Organisation", of="organisation", indexed=True)] = None
    since: Annotated[Date, Field("Since", distant=True)] = None
    until: Annotated[Date, Field("Until")] = None


@record(
    "service",
    "Service",
    "Services",
    title=("name",),
    shows=("name", "synonyms"),
)
class Service(Record):
    """Something people need and somebody offers, with the words they use for it."""

    name: Annotated[Text, Field("Name", required=True, by_name=True)] = None
    synonyms: Annotated[
        Note, Field("What people call it", help='Such as "catheter blocked, not draining"')
    ] = None
    explanation: Annotated[Note, Field("Explanation")] = None


@record(
    "contact_attempt",
    "Attempt to reach someone",
    "Attempts to reach someone",
    title=("at", "contact", "organisation"),
    shows=("at", "contact", "organisation", "resident", "reached", "waited"),
    events=True,
    timeline="at",
)
class ContactAttempt(Record):
    """One try at reaching a person or place: got through or not, and how long it took."""

    at: Annotated[Time, Field("When", required=True, indexed=True)] = None
    contact: Annotated[Ref, Field("Contact", of="contact", indexed=True)] = None
    organisation: Annotated[Ref, Field("Organisation", of="organisation", indexed=True)] = None
    resident: Annotated[Ref, Field("About", of="resident")] = None
    how: Annotated[Choice, Field("How", of=("phone", "email", "visit", "other"))] = None
    waited: Annotated[Minutes, Field("Waited", help="In minutes")] = None
    reached: Annotated[Flag, Field("Got through", required=True)] = None
    note: Annotated[Note, Field("Note")] = None


@record(
    "term",
    "Glossary term",
    "Glossary terms",
    title=("abbreviation", "meaning"),
    shows=("abbreviation", "meaning", "explanation"),
)
class Term(Record):
    """An abbreviation and what it means in plain English."""

    abbreviation: Annotated[Text, Field("Abbreviation", required=True, indexed=True)] = None
    meaning: Annotated[Text, Field("Meaning", required=True)] = None
    explanation: Annotated[Note, Field("Explanation")] = None


@record(
    "vocabulary_item",
    "Word in a list",
    "Words in lists",
    title=("label",),
    shows=("vocabulary", "label", "retired"),
)
class VocabularyItem(Record):
    """A choice the manager added to, renamed in or retired from a shipped vocabulary."""

    vocabulary: Annotated[Text, Field("List", required=True, searched=False)] = None
    value: Annotated[Text, Field("Kept as", required=True, searched=False)] = None
    label: Annotated[Text, Field("Shown as", required=True, searched=False)] = None
    position: Annotated[Int, Field("Position")] = None
    retired: Annotated[Flag, Field("No longer offered")] = None
