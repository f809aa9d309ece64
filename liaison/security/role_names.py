"""What roles are called; apart from what they may do, as the unlock window needs only this."""

from __future__ import annotations

from typing import Final

MANAGER: Final = "manager"
SENIOR: Final = "senior"
CARER: Final = "carer"
READER: Final = "reader"

#: The words for a role beside a name, from the one that may most to the one that may least.
ROLES: Final = {
    MANAGER: "Manager",
    SENIOR: "Senior carer",
    CARER: "Carer",
    READER: "Reader",
}
