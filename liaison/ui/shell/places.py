"""Where each role can go: the sidebar's lists, and which page shows which type of record."""

from __future__ import annotations

import dataclasses
from typing import Final


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """An item of the sidebar.

    Args:
        page: The page's name in the table of pages.
        word: Its word.
        icon: Its icon, a name of ``theme.icons``.
    """

    page: str
    word: str
    icon: str


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Items of the sidebar under one caption.

    Args:
        caption: The caption; empty for the first group.
        places: The items.
    """

    caption: str
    places: tuple[Place, ...]


_TODAY = Place("today", "Today", "sun")
_WHO = Place("who-to-ring", "Who do I ring?", "phone-call")
_RECORD = Place("record-visit", "Record a visit", "stethoscope")
_CONCERN = Place("concern", "I'm worried about...", "message-circle-warning")
_RESIDENTS = Place("residents", "Residents", "users")
_DIRECTORY = Place("directory", "Directory", "book-user")
_STAFF = Place("staff", "Staff", "id-card")
_VISITS = Place("visits", "Visits", "stethoscope")
_ROUNDS = Place("rounds", "Rounds", "clipboard-list")
_LOOPS = Place("loops", "Open loops", "repeat")
_TRAINING = Place("training", "Training", "graduation-cap")
_PARTNERS = Place("partners", "Partners", "handshake")
_REPORTS = Place("reports", "Reports", "printer")
_GLANCE = Place("glance", "At a glance", "clipboard-check")
_AUDIT = Place("audit", "Audit", "history")
SETTINGS: Final = Place("settings", "Settings", "settings")

_LOOK_UP = Group("Look up", (_RESIDENTS, _DIRECTORY, _TRAINING))

#: What each role sees, from top to bottom. Pages that are not in the table of pages are left out.
GROUPS: Final[dict[str, tuple[Group, ...]]] = {
    "carer": (Group("", (_TODAY, _WHO, _RECORD, _CONCERN)), _LOOK_UP),
    "senior": (
        Group("", (_TODAY, _WHO, _RECORD, _VISITS, _CONCERN, _ROUNDS, _LOOPS, _GLANCE)),
        _LOOK_UP,
    ),
    "manager": (
        Group("", (_TODAY, _WHO)),
        Group("People", (_RESIDENTS, _DIRECTORY, _STAFF)),
        Group("Every week", (_VISITS, _ROUNDS, _LOOPS)),
        Group("Staff and evidence", (_TRAINING, _PARTNERS, _REPORTS, _AUDIT)),
    ),
    "reader": (
        Group("", (_TODAY, _WHO, _VISITS)),
        Group("Look up", (_RESIDENTS, _DIRECTORY, _TRAINING, _REPORTS)),
    ),
}

#: The page that shows a record of a type.
SHOWN_ON: Final = {
    type_name: page
    for page, types in {
        "residents": ("resident",),
        "referrals": ("referral", "chase"),
        "transfers": ("transfer",),
        "appointments": ("appointment", "equipment_loan"),
        "directory": ("organisation", "contact", "post", "service", "contact_attempt"),
        "staff": ("staff", "job_held"),
        "readiness": ("supervision", "competency"),
        "visits": ("visit", "visit_entry"),
        "rounds": ("round", "series", "agenda_line", "agenda_outcome"),
        "concern": ("concern",),
        "today": ("action",),
        "sessions": ("session", "attendance"),
        "training": (
            "course", "requirement", "exemption", "training_record",
        ),
        "glossary": ("term",),
        "settings": ("home", "vocabulary_item", "person", "pc"),
    }.items()
    for type_name in types
}  # fmt: skip


#: The item of the sidebar that a page without one of its own belongs to.
UNDER: Final = {
    "referrals": "residents",
    "transfers": "residents",
    "appointments": "residents",
    "readiness": "staff",
    "sessions": "training",
    "practices": "directory",
    "glance": "reports",
    "pack": "reports",
    "record-visit": "visits",
    "import": "settings",
    "exchange": "settings",
    "differences": "today",
    "review": "settings",
}


def groups(role: str, pages: frozenset[str]) -> tuple[Group, ...]:
    """Return the sidebar of a role.

    Args:
        role: Their role.
        pages: The names of the pages there are.
    """
    kept = (
        Group(group.caption, tuple(place for place in group.places if place.page in pages))
        for group in GROUPS.get(role, GROUPS["reader"])
    )
    return tuple(group for group in kept if group.places)
