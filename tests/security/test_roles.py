"""What each role may do, written out by hand beside the table of the program."""

from __future__ import annotations

import pytest

from liaison.security import roles
from liaison.security.roles import Action

#: manager, senior, carer, reader
GOLDEN = {
    "LOOK": "y y y y",
    "LOOK_FAMILY": "y y y -",
    "LOOK_PRIVATE": "y y - -",
    "RECORD": "y y y -",
    "CARRY_ON": "y y y -",
    "CORRECT_OWN": "y y y -",
    "CORRECT_OTHERS": "y y - -",
    "STRIKE_OTHERS": "y y - -",
    "UNDO_OTHERS": "y y - -",
    "PLAN_CARE": "y y - -",
    "TRAINING": "y y - -",
    "COURSES": "y - - -",
    "ADD_TO_DIRECTORY": "y y y -",
    "EDIT_DIRECTORY": "y y - -",
    "RESIDENTS": "y y - -",
    "STAFF": "y - - -",
    "WORDS": "y - - -",
    "SETTINGS": "y - - -",
    "IMPORT": "y - - -",
    "EXPORT": "y - - -",
    "PRINT_SHEETS": "y y y -",
    "PRINT_REPORTS": "y y - y",
    "INSPECTION_PACK": "y - - -",
    "BACKUP": "y y - -",
    "RESTORE": "y - - -",
    "VERIFY": "y y - -",
    "AUDIT": "y - - -",
    "ERASE": "y - - -",
    "PEOPLE": "y - - -",
    "PCS": "y - - -",
    "OWN_PASSWORD": "y y y y",
}
ROLES = ("manager", "senior", "carer", "reader")


@pytest.mark.parametrize("action", Action)
def test_every_role_may_what_the_table_written_by_hand_says(action: Action) -> None:
    told = " ".join("y" if roles.may(role, action) else "-" for role in ROLES)
    assert told == GOLDEN[action.name]


def test_the_table_written_by_hand_names_every_action_and_no_other() -> None:
    assert list(GOLDEN) == [action.name for action in Action]


def test_the_table_shown_is_the_table_obeyed() -> None:
    lines = roles.describe()
    assert [line.action for line in lines] == list(Action)
    for line in lines:
        assert list(line.may) == ["Manager", "Senior carer", "Carer", "Reader"]
        assert list(line.may.values()) == [roles.may(role, line.action) for role in ROLES]
        assert line.words[0].isupper()


def test_the_recovery_sheet_only_lets_a_manager_in_and_restores() -> None:
    allowed = {action for action in Action if roles.may("recovery", action)}
    assert allowed == {Action.PEOPLE, Action.RESTORE}


def test_a_role_of_a_newer_version_may_what_a_reader_may() -> None:
    assert all(roles.may("chef", one) == roles.may("reader", one) for one in Action)


def test_a_refusal_says_who_cannot_do_what_and_whom_to_ask() -> None:
    assert roles.refusal("carer", Action.STAFF) == "Carers cannot add or change staff."
    assert roles.advice(Action.STAFF) == "Ask a manager."
    assert roles.advice(Action.TRAINING) == "Ask a senior carer or a manager."
    assert roles.refusal("recovery", Action.LOOK).startswith("The recovery sheet only")
