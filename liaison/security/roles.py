"""What a role may do: one table, which the app shows and screens and commands obey.

A role restricts the app, not the mathematics: whoever's password opens the home holds its keys
(``docs/security.md``). Which action a type of record needs stands in ``services.permissions``.
"""

from __future__ import annotations

import dataclasses
import enum
from typing import Final

from liaison.security.role_names import CARER, MANAGER, READER, ROLES, SENIOR

__all__ = [
    "CARER",
    "MANAGER",
    "READER",
    "ROLES",
    "SENIOR",
    "Action",
    "Line",
    "advice",
    "describe",
    "may",
    "refusal",
    "who_may",
]

#: In the middle of a sentence, of one and of several.
_ONE: Final = {
    MANAGER: "a manager", SENIOR: "a senior carer", CARER: "a carer", READER: "a reader",
}  # fmt: skip
_SEVERAL: Final = {
    MANAGER: "Managers", SENIOR: "Senior carers", CARER: "Carers", READER: "Readers",
}  # fmt: skip
_RECOVERY: Final = "recovery"


class Action(enum.Enum):
    """Something people do with a home; its value goes on after "may" and after "cannot"."""

    LOOK = "look at residents' records, visits, the directory or training"
    LOOK_FAMILY = "look at residents' next of kin or attorney"
    LOOK_PRIVATE = "look at private notes, or at staff's own phone, e-mail or registration"
    RECORD = "record visits, notes, concerns or attempts to reach someone"
    CARRY_ON = "carry on what others began: tick off actions, note outcomes, mark handovers"
    CORRECT_OWN = "correct, strike through or take back what they wrote themselves"
    CORRECT_OTHERS = "correct what others wrote"
    STRIKE_OTHERS = "strike through or archive what others wrote, or merge duplicates"
    UNDO_OTHERS = "take back what others changed, or settle differences between PCs"
    PLAN_CARE = "plan rounds or clinics, or send residents on to services"
    TRAINING = "record training, sessions, supervision or competencies"
    COURSES = "say which courses there are, who must hold them or who is exempt"
    ADD_TO_DIRECTORY = "add people or places to the directory"
    EDIT_DIRECTORY = "change the directory"
    RESIDENTS = "add or change residents"
    STAFF = "add or change staff"
    WORDS = "change the lists of words or the glossary"
    SETTINGS = "change the home's own settings"
    IMPORT = "bring lists in"
    EXPORT = "write lists out to files"
    PRINT_SHEETS = "print the sheets of a shift: handover, going to hospital, blank forms"
    PRINT_REPORTS = "print reports"
    INSPECTION_PACK = "make the inspection pack or the provider's returns"
    BACKUP = "make an encrypted backup"
    RESTORE = "restore a backup into a new folder"
    VERIFY = "check that everything is as it was written"
    AUDIT = "read who looked at, printed, exported or changed what"
    ERASE = "erase what the law says must go"
    PEOPLE = "say who may sign in, or make a new recovery sheet"
    PCS = "connect this home with other PCs"
    OWN_PASSWORD = "change their own password"  # noqa: S105  # words, no password


_YES, _NO = True, False
_ORDER: Final = (MANAGER, SENIOR, CARER, READER)

# fmt: off
_TABLE: Final[dict[Action, tuple[bool, bool, bool, bool]]] = {
    #                         manager senior carer reader
    Action.LOOK:              (_YES,  _YES,  _YES, _YES),
    Action.LOOK_FAMILY:       (_YES,  _YES,  _YES, _NO),   # at night a carer rings the family
    Action.LOOK_PRIVATE:      (_YES,  _YES,  _NO,  _NO),
    Action.RECORD:            (_YES,  _YES,  _YES, _NO),
    Action.CARRY_ON:          (_YES,  _YES,  _YES, _NO),
    Action.CORRECT_OWN:       (_YES,  _YES,  _YES, _NO),
    Action.CORRECT_OTHERS:    (_YES,  _YES,  _NO,  _NO),
    Action.STRIKE_OTHERS:     (_YES,  _YES,  _NO,  _NO),
    Action.UNDO_OTHERS:       (_YES,  _YES,  _NO,  _NO),
    Action.PLAN_CARE:         (_YES,  _YES,  _NO,  _NO),
    Action.TRAINING:          (_YES,  _YES,  _NO,  _NO),
    Action.COURSES:           (_YES,  _NO,   _NO,  _NO),
    Action.ADD_TO_DIRECTORY:  (_YES,  _YES,  _YES, _NO),   # a visitor nobody has seen before
    Action.EDIT_DIRECTORY:    (_YES,  _YES,  _NO,  _NO),
    Action.RESIDENTS:         (_YES,  _YES,  _NO,  _NO),
    Action.STAFF:             (_YES,  _NO,   _NO,  _NO),
    Action.WORDS:             (_YES,  _NO,   _NO,  _NO),
    Action.SETTINGS:          (_YES,  _NO,   _NO,  _NO),
    Action.IMPORT:            (_YES,  _NO,   _NO,  _NO),
    Action.EXPORT:            (_YES,  _NO,   _NO,  _NO),
    Action.PRINT_SHEETS:      (_YES,  _YES,  _YES, _NO),   # an ambulance does not wait
    Action.PRINT_REPORTS:     (_YES,  _YES,  _NO,  _YES),
    Action.INSPECTION_PACK:   (_YES,  _NO,   _NO,  _NO),
    Action.BACKUP:            (_YES,  _YES,  _NO,  _NO),
    Action.RESTORE:           (_YES,  _NO,   _NO,  _NO),
    Action.VERIFY:            (_YES,  _YES,  _NO,  _NO),
    Action.AUDIT:             (_YES,  _NO,   _NO,  _NO),
    Action.ERASE:             (_YES,  _NO,   _NO,  _NO),
    Action.PEOPLE:            (_YES,  _NO,   _NO,  _NO),
    Action.PCS:               (_YES,  _NO,   _NO,  _NO),
    Action.OWN_PASSWORD:      (_YES,  _YES,  _YES, _YES),
}
# fmt: on


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line of the table as the app shows it.

    Args:
        action: The action.
        words: It in plain words.
        may: Whether each role may, by the role's own word ("Manager").
    """

    action: Action
    words: str
    may: dict[str, bool]


def may(role: str, action: Action) -> bool:
    """Return whether a role may do something.

    Args:
        role: The role; "recovery" is whoever opened the home with the recovery sheet, who may only
            let a manager in again, or restore a backup. A role this version does not know may do
            what a reader may.
        action: What is to be done.
    """
    if role == _RECOVERY:
        return action in {Action.PEOPLE, Action.RESTORE}
    return _TABLE[action][_ORDER.index(role if role in ROLES else READER)]


def describe() -> tuple[Line, ...]:
    """Return the whole table, for the app to show."""
    return tuple(
        Line(
            action,
            action.value[:1].upper() + action.value[1:],
            {word: may(role, action) for role, word in ROLES.items()},
        )
        for action in Action
    )


def who_may(action: Action) -> tuple[str, ...]:
    """Return the roles that may do something, from the one that may least."""
    return tuple(role for role in reversed(_ORDER) if may(role, action))


def refusal(role: str, action: Action) -> str:
    """Return the sentence that says that a role may not do something."""
    if role == _RECOVERY:
        return "The recovery sheet only lets a manager in again, or restores a backup."
    who = _SEVERAL[role if role in ROLES else READER]
    return f"{who} cannot {action.value}."


def advice(action: Action) -> str:
    """Return whom to ask, in a sentence."""
    one, *others = [_ONE[role] for role in who_may(action)]
    return f"Ask {' or '.join([one, *others])}."
