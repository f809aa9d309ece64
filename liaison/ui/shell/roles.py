"""What a role is called, apart from where it can go: the unlock window needs only this."""

from __future__ import annotations

from typing import Final

#: The words for a role beside a name.
ROLES: Final = {
    "manager": "Manager",
    "senior": "Senior carer",
    "carer": "Carer",
    "reader": "Reader",
}
