"""How a home that was brought back from a backup meets its other PCs again.

A backup holds the key to an object store, in its vault, but not which folder this PC reached the
others by: that was this PC's own, and may be another one now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.services import object_storage
from liaison.services.pcs import meeting_places, removing

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome

NOWHERE: Final = "This home has other PCs, and this one does not know where they meet: nothing is sent or fetched."
"""What is so with a home of several PCs that has no storage."""


def meet_again(home: OpenHome) -> bool:
    """Let a restored home go by the storage it knows.

    Args:
        home: The home, just restored and open.

    Returns:
        Whether a person must say first where its PCs meet.

    Raises:
        UnusableAddress: What the vault keeps of the store cannot be read.
        CannotWrite: The disk would not have it.
    """
    access = object_storage.access_of(home)
    if access is not None:
        meeting_places.keep_setup(home.folder, meeting_places.Setup(None, store=access.place.shown))
    return is_cut_off(home)


def is_cut_off(home: OpenHome) -> bool:
    """Return whether a home has other PCs that it does not meet anywhere."""
    if meeting_places.read_setup(home.folder) is not None:
        return False
    everyone = removing.everyone(home)
    here = any(one.here and one.belongs for one in everyone)
    return here and any(one.belongs and not one.here for one in everyone)
