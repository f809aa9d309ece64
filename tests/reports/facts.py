"""Made-up visits for the tests of paper."""

from __future__ import annotations

import datetime as dt
import random

from liaison.reports.spec import Printed
from liaison.reports.visits import Entry, Facts, FollowUp, Resident, State, Visit

UTC = dt.UTC
PRINTED = Printed(dt.datetime(2026, 11, 22, 10, 14, tzinfo=UTC), "Sarah Whitcombe")
START, END = dt.date(2025, 11, 1), dt.date(2026, 10, 31)
AT = dt.datetime(2026, 10, 20, 14, 0, tzinfo=UTC)
PEOPLE = (
    ("Helen Ashworth", "District nurse", "Marlbury Community Nursing"),
    ("Dr Priya Nair", "GP", "Castle Street Surgery"),
    ("Tom Redway", "Community matron", "Marlbury Community Nursing"),
    ("Carol Bright", "CPN", "Older People's Mental Health"),
    ("Grace Mwangi", "Speech and language therapist", "Speech and Language Therapy"),
    ("Yusuf Demir", "Pharmacist", "Quay Pharmacy"),
)
RESIDENTS = tuple(
    Resident(name, str(room))
    for room, name in enumerate(
        ("Joan Frost", "Idris Morgan", "Gwen Tudor", "Siân Owen", "Rosa Vieira", "Bill Stone",
         "Halina Czarnecka", "Kofi Wright", "Edith Carr", "Derek Hall"), 4
    )
)  # fmt: skip
RAISED = (
    "Left heel red on Monday, not broken. Repositioning chart attached to the care record.",
    (
        "Daughter says Mum is more muddled since Sunday and is not finishing her meals. Staff noticed "
        "the same on two night shifts."
    ),
    "Catheter bypassing twice this week. Pad weights recorded; no temperature.",
    "Asked for the review of tablets that was promised at discharge on Friday evening.",
)
FOUND = (
    "Skin checked. No change to plan.",
    (
        "Seen in her room with her daughter. Chest clear. Bloods to be taken on Thursday. Record "
        "reviewed with the senior on duty."
    ),
    (
        "Catheter changed. Next change entered on the plan for 12 weeks from today. Showed two carers "
        "how to check the bag position."
    ),
    (
        "Three medicines stopped, one changed to liquid. New list left with the senior and a copy sent "
        "to the pharmacy. Referred to SLT the same day by email. Practice will ring with the date; if "
        "nothing by Friday we ring them. Chased with the wheelchair service: now on the list for "
        "January. Reference given."
    ),
    (
        "Listened and talked for half an hour. He would like visits from the chaplain. Review in four "
        "weeks."
    ),
)
TODO = (
    "Take bloods",
    "Send list to pharmacy",
    "Ring the practice for the result",
    "Tell the family",
)
STAFF = ("Łukasz Nowak", "Sarah Whitcombe", "Olena Marchenko")


def entry(chance: random.Random, day: dt.date) -> Entry:
    """Return a note as somebody might write it."""
    actions: tuple[FollowUp, ...] = ()
    if chance.random() < 0.6:
        states: tuple[State, ...] = ("done", "open", "past")
        state = chance.choice(states)
        actions = (
            FollowUp(chance.choice(TODO), chance.choice(STAFF), day + dt.timedelta(9), state),
        )
    return Entry(
        resident=chance.choice(RESIDENTS),
        raised=chance.choice(RAISED),
        found=" ".join(chance.sample(FOUND, chance.choice((1, 1, 2, 3)))),
        voice="I feel listened to now." if chance.random() < 0.2 else "",
        follow_ups=actions,
    )


def visits(count: int, seed: int = 1) -> tuple[Visit, ...]:
    """Return visits, newest first."""
    chance = random.Random(seed)
    made = []
    at = AT
    for _ in range(count):
        at -= dt.timedelta(hours=chance.randint(5, 40))
        person, role, place = chance.choice(PEOPLE)
        urgency = chance.choice(("planned", "planned", "ad hoc", "urgent"))
        asked = None if urgency == "planned" else at - dt.timedelta(hours=chance.randint(1, 70))
        made.append(
            Visit(
                at=at,
                left_at=at + dt.timedelta(minutes=chance.randint(10, 50)),
                urgency=urgency,
                urgency_label=urgency.capitalize(),
                person=person,
                role=role,
                organisation=place,
                requested_at=asked,
                kind=chance.choice(("", "", "", "Round", "Phone")),
                entries=tuple(entry(chance, at.date()) for _ in range(chance.choice((1, 1, 1, 3)))),
            )
        )
    return tuple(made)


def facts(*shown: Visit, about: str = "by period") -> Facts:
    """Return the facts of a report."""
    return Facts("Rosewood House", START, END, shown, about)
