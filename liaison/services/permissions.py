"""Which action of the table of roles a record asks for: by its type, and by who wrote it.

The table itself is :mod:`liaison.security.roles`; what is not about a record (printing, importing,
backups) asks it through ``OpenHome.require`` directly.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison.records import all_specs, spec_of
from liaison.records.casework import Visit
from liaison.security import NotAllowed, roles
from liaison.security.roles import Action
from liaison.store import history
from liaison.store.rows import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.records import Record
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store


class Work(NamedTuple):
    """What a type of record asks for.

    Args:
        add: To add one, and to go on with one of one's own.
        change: To correct one that somebody else wrote.
    """

    add: Action
    change: Action


_PLANNED_VISIT: Final = "planned"
_CARE: Final = Work(Action.RECORD, Action.CORRECT_OTHERS)
_SHARED: Final = Work(Action.RECORD, Action.CARRY_ON)
_PLANNED: Final = Work(Action.PLAN_CARE, Action.PLAN_CARE)
_LISTED: Final = Work(Action.ADD_TO_DIRECTORY, Action.EDIT_DIRECTORY)
_RESIDENTS: Final = Work(Action.RESIDENTS, Action.RESIDENTS)
_STAFF: Final = Work(Action.STAFF, Action.STAFF)
_TRAINING: Final = Work(Action.TRAINING, Action.TRAINING)
_COURSES: Final = Work(Action.COURSES, Action.COURSES)
_WORDS: Final = Work(Action.WORDS, Action.WORDS)
_HOME: Final = Work(Action.SETTINGS, Action.SETTINGS)
_PEOPLE: Final = Work(Action.PEOPLE, Action.PEOPLE)
_PCS: Final = Work(Action.PCS, Action.PCS)
_AUDIT: Final = Work(Action.AUDIT, Action.AUDIT)

#: A type that is not here is the manager's.
WORK: Final[dict[str, Work]] = {
    "visit": _CARE,
    "visit_entry": _CARE,
    "contact_attempt": _CARE,
    "chase": _CARE,
    "attachment": _CARE,
    "framework_tag": _CARE,
    # somebody else goes on where the first one stopped
    "action": _SHARED,
    "concern": _SHARED,
    "transfer": _SHARED,
    "appointment": _SHARED,
    "equipment_loan": _SHARED,
    "agenda_line": _SHARED,
    "series": _PLANNED,
    "round": _PLANNED,
    "agenda_outcome": _PLANNED,
    "referral": _PLANNED,
    "organisation": _LISTED,
    "contact": _LISTED,
    "post": _LISTED,
    "service": _LISTED,
    "resident": _RESIDENTS,
    "staff": _STAFF,
    "job_held": _STAFF,
    "session": _TRAINING,
    "attendance": _TRAINING,
    "training_record": _TRAINING,
    "competency": _TRAINING,
    "supervision": _TRAINING,
    "course": _COURSES,
    "requirement": _COURSES,
    "exemption": _COURSES,
    "term": _WORDS,
    "vocabulary_item": _WORDS,
    "home": _HOME,
    "person": _PEOPLE,
    "pc": _PCS,
    "membership": _PCS,
    "access_event": _AUDIT,
}

#: What may be attached by whoever records care, though the record itself is not theirs to change.
_LETTERS_ABOUT: Final = frozenset({"resident", "organisation", "contact"})

#: Private fields of these types are the family's, which a carer may have to ring.
_FAMILY: Final = frozenset({"resident"})


#: Types that are not for everybody to look at.
READING: Final[dict[str, Action]] = {
    "access_event": Action.AUDIT,
    "membership": Action.PCS,
    "supervision": Action.LOOK_PRIVATE,
}


def work_of(type_name: str) -> Work:
    """Return what a type asks for; an element of a set asks for what its record does."""
    spec = all_specs().get(type_name)
    owner = spec.owner if spec is not None and spec.owner else type_name
    return WORK.get(owner, _HOME)


def may_add(role: str, type_name: str) -> bool:
    """Return whether a role may add records of a type: for showing a button."""
    return roles.may(role, work_of(type_name).add)


def may_change(role: str, type_name: str, *, own: bool) -> bool:
    """Return whether a role may correct a record of a type: for showing a button.

    Args:
        role: The role.
        type_name: The type.
        own: Whether it is one of their own.
    """
    work = work_of(type_name)
    if own and roles.may(role, Action.CORRECT_OWN) and roles.may(role, work.add):
        return True
    return roles.may(role, work.change)


@cache
def hidden_from(role: str) -> frozenset[tuple[str, str]]:
    """Return the private fields a role does not see, as pairs of type and field.

    What was signed about who belongs is for programs: nobody is shown it. Of a type that is not for
    them at all, the search finds nothing (``rows.WHOLE``).
    """
    never = frozenset({("membership", "entry")})
    types = ((name, WHOLE) for name, action in READING.items() if not roles.may(role, action))
    return (
        never
        | frozenset(types)
        | frozenset(
            (spec.name, field.name)
            for spec in all_specs().values()
            for field in spec.fields
            if field.sensitive and not roles.may(role, _seeing(spec.name))
        )
    )


def _seeing(type_name: str) -> Action:
    """Return what seeing the private fields of a type asks for."""
    return Action.LOOK_FAMILY if type_name in _FAMILY else Action.LOOK_PRIVATE


def require_reading(home: OpenHome, type_name: str) -> None:
    """Refuse to look at records of a type.

    Raises:
        NotAllowed: The role of whoever unlocked the home does not allow it.
    """
    home.require(READING.get(type_name, Action.LOOK))


def require_adding(home: OpenHome, type_name: str) -> None:
    """Refuse to add a record of a type.

    Raises:
        NotAllowed: The role of whoever unlocked the home does not allow it.
    """
    home.require(work_of(type_name).add)


def require_attaching(home: OpenHome, owner_type: str) -> None:
    """Refuse to attach a file to a record of a type; raises as :func:`require_adding` does."""
    home.require(work_of("attachment").add)
    if owner_type not in _LETTERS_ABOUT:
        home.require(work_of(owner_type).add)


def require_changing(home: OpenHome, record: Record) -> None:
    """Refuse to correct a record: one's own by its type, another's by what the type asks for.

    Raises:
        NotAllowed: The role of whoever unlocked the home does not allow it.
    """
    _require(home, record, (_change_of(record),))


def require_seen(home: OpenHome, before: Record, record: Record) -> None:
    """Refuse to write into a field that is hidden: what stands there would be lost unseen.

    Args:
        home: The home.
        before: The record as it was shown, without what is hidden.
        record: The record as it shall be.

    Raises:
        NotAllowed: A hidden field was filled in.
    """
    spec = spec_of(record)
    for field in spec.columns:
        hidden = (spec.name, field.name) in home.store.hidden
        if hidden and getattr(before, field.name) != getattr(record, field.name):
            raise NotAllowed(
                f"{field.label}: what stands there is not shown to you, so you cannot change it.",
                kept="Nothing was changed.",
                do=roles.advice(_seeing(spec.name)),
            )


def require_seeing(home: OpenHome, record: Record) -> None:
    """Refuse to fill in a field of a new record that would be hidden from whoever fills it in.

    Args:
        home: The home.
        record: The new record.

    Raises:
        NotAllowed: A hidden field was filled in.
    """
    spec = spec_of(record)
    for field in spec.columns:
        if (spec.name, field.name) in home.store.hidden and getattr(record, field.name):
            raise NotAllowed(
                f"{field.label}: this is not shown to you, so you cannot fill it in.",
                kept="Nothing was added.",
                do=f"Leave it empty, or: {roles.advice(_seeing(spec.name))}",
            )


def require_striking(home: OpenHome, record: Record) -> None:
    """Refuse to strike through, archive or bring back; raises as :func:`require_changing` does."""
    _require(home, record, (Action.STRIKE_OTHERS, work_of(spec_of(record).name).change))


def require_merging(home: OpenHome, record: Record) -> None:
    """Refuse to say that a record is a duplicate; raises as :func:`require_changing` does."""
    home.require(Action.STRIKE_OTHERS)
    home.require(work_of(spec_of(record).name).change)


def require_undoing(home: OpenHome, changes: Iterable[int]) -> None:
    """Refuse to take changes back: one's own by their types, others' by more.

    Args:
        home: The home.
        changes: The stamps of the changes.

    Raises:
        NotAllowed: One of them is not theirs to take back.
    """
    for type_name, person in history.done_by(home.store, changes):
        work = work_of(type_name)
        if person == home.person:
            home.require(Action.CORRECT_OWN)
            # what they carried on of somebody else's is theirs to take back as well
            if not home.may(work.change):
                home.require(work.add)
        else:
            home.require(Action.UNDO_OTHERS)
            home.require(work.change)


def require_settling(home: OpenHome, type_name: str) -> None:
    """Refuse to settle what PCs wrote apart; raises as :func:`require_changing` does."""
    home.require(Action.UNDO_OTHERS)
    home.require(work_of(type_name).change)


def refuse_opening(store: Store, role: str, person: int, type_name: str, identity: int) -> None:
    """Refuse to open a form on a record that could not be saved: nobody types in vain.

    Args:
        store: The home, for reading.
        role: The role of whoever unlocked it.
        person: The id of their record.
        type_name: The record's type.
        identity: The record.

    Raises:
        NotAllowed: It is not theirs to correct.
    """
    record = store.get(type_name, identity)
    if record is None or may_change(role, type_name, own=False):
        return
    action = _change_of(record)
    if roles.may(role, action):
        return
    if not (may_change(role, type_name, own=True) and wrote(store, identity, person)):
        raise NotAllowed(
            roles.refusal(role, action), kept="Nothing was changed.", do=roles.advice(action)
        )


def wrote(store: Store, identity: int, person: int) -> bool:
    """Return whether a record was first written by a person."""
    return history.author(store, identity) == person


def _change_of(record: Record) -> Action:
    """Return what correcting another's record asks for."""
    if isinstance(record, Visit) and record.status == _PLANNED_VISIT:
        # whoever is on shift when it happens records it
        return Action.CARRY_ON
    return work_of(spec_of(record).name).change


def _require(home: OpenHome, record: Record, others: tuple[Action, ...]) -> None:
    # who may change another's may change their own: then nobody has to look who wrote it
    if all(home.may(action) for action in (*others, Action.CORRECT_OWN)):
        return
    if wrote(home.store, record.id or 0, home.person):
        home.require(Action.CORRECT_OWN)
        home.require(work_of(spec_of(record).name).add)
        return
    for action in others:
        home.require(action)
