"""A line of the NHS's list of practices, as it is read, kept and compared (domain rule 11)."""

from __future__ import annotations

from typing import Final, NamedTuple

ACTIVE: Final = "active"
CLOSED: Final = "closed"
DORMANT: Final = "dormant"
"""It is on the list, and sees nobody: neither open nor closed."""
STATUSES: Final = {"A": ACTIVE, "C": CLOSED, "D": DORMANT, "P": "proposed"}
"""What the list's own letters mean."""

_GP_PRACTICE: Final = "4"
_KINDS: Final = {"4": "GP practice", "9": "community nursing", "10": "hospital", "13": "hospice",
                 "14": "care home"}  # fmt: skip


class Practice(NamedTuple):
    """One line of the list; an empty text stands for what the list leaves out.

    Sixteen thousand of them are made at once, of which a plain tuple takes a third of the time.

    Args:
        code: The NHS code.
        name: Its name, in the list's own spelling.
        address: Its address, a part a line, without the postcode.
        postcode: Its postcode.
        phone: Its number.
        status: active, closed, dormant or proposed.
        kind: The list's number of what it does.
        opened: The first day, as a kept date.
        closed: The last day, likewise.
        commissioner: The code of whoever pays it.
    """

    code: str
    name: str
    address: str = ""
    postcode: str = ""
    phone: str = ""
    status: str = ACTIVE
    kind: str = ""
    opened: str = ""
    closed: str = ""
    commissioner: str = ""

    @property
    def is_gp_practice(self) -> bool:
        """Whether it is a GP practice, and not one of the many others the list has."""
        return self.kind == _GP_PRACTICE

    @property
    def organisation_kind(self) -> str:
        """What it is as an organisation of the directory."""
        return _KINDS.get(self.kind, "other")

    @property
    def is_open(self) -> bool:
        """Whether it is there to be rung today."""
        return self.status == ACTIVE
