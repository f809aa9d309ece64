"""What a PC of the home is called: said when it joins, and changed by a manager.

The first PC of a home is called as its system calls it, which says little to people.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records.administration import Pc
from liaison.security.roles import Action
from liaison.services.pcs import removing

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome

LONGEST_NAME: Final = 100
"""Letters."""


def fit_name(typed: str) -> str:
    """Return what a PC shall be called, as it is kept.

    Args:
        typed: As somebody typed it.

    Raises:
        UserError: It is no name.
    """
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UserError(
            "This PC needs a name." if not name else "That name cannot be used.",
            do=f"Type one of at most {LONGEST_NAME} letters, such as “Night office PC”.",
            code="bad-name",
        )
    return name


def rename(home: OpenHome, pc: int, typed: str) -> str:
    """Give a PC of the home another name.

    Args:
        home: The home, unlocked by a manager.
        pc: The id of its record.
        typed: The name, as somebody typed it.

    Returns:
        The name as it is kept.

    Raises:
        NotAllowed: Only a manager may.
        UserError: It is no name, another PC has it, or there is no such PC.
    """
    home.require(Action.PCS)
    name = fit_name(typed)
    others = [one for one in removing.everyone(home) if one.id != pc and one.belongs]
    if any(one.name.casefold() == name.casefold() for one in others):
        raise UserError(
            "Another PC of this home is called that.",
            kept="Nothing was changed.",
            do="Give this one a name of its own.",
            code="bad-name",
        )
    loaded = home.store.load("pc", pc)
    if loaded is None or not isinstance(loaded.record, Pc):
        raise UserError(
            "This PC does not belong to the home (any more).",
            kept="Nothing was changed.",
            do="Look at the list of PCs.",
            code="no-such-pc",
        )
    with home.unit() as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, name=name))
    return name
