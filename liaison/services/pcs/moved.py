"""Who has come along while a home moves from one place where its PCs meet to another.

Each PC says with its signs of life by which kind of place it goes. One that goes by the old place
alone hears nothing of those that have left it, and neither says anything to the other of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.services.pcs import meeting_places, removing
from liaison.store import segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.services.homes import OpenHome


def left_behind(home: OpenHome, *, folder: bool) -> tuple[str, ...]:
    """Return the PCs that would hear nothing more of this one if it left one of two places.

    Args:
        home: The open home; one that is open for reading will do.
        folder: Whether it is the folder that would be left; else the store.

    Returns:
        The names of those that have not said that they go by the other place: an older Liaison
        never says.
    """
    stays = meeting_places.STORE if folder else meeting_places.FOLDER
    said: dict[int, object] = {}
    for one in sorted(segments.heard(home.store), key=lambda one: (one.incarnation, one.counter)):
        said[one.pc] = segments.read_words(one.words).get("places")
    return tuple(
        one.name
        for one in removing.everyone(home)
        if one.belongs and not one.here and not _names(said.get(one.id), stays)
    )


def words(behind: Sequence[str], *, folder: bool) -> str:
    """Say which PCs would be left behind, and what that means.

    Args:
        behind: Their names, as :func:`left_behind` returned them; at least one.
        folder: Whether it is the folder that would be left; else the store.
    """
    place = "store" if folder else "folder"
    way = f"Where the {place} is set up: send and fetch there, then here, and it has said so."
    *others, last = (f"“{name}”" for name in behind)
    if not others:
        return (
            f"{last} has not said yet that it goes by the {place}. Until then it would hear nothing "
            f"from this PC, nor this PC from it. {way}"
        )
    return (
        f"{', '.join(others)} and {last} have not said yet that they go by the {place}. Until then "
        f"they would hear nothing from this PC, nor this PC from them. {way}"
    )


def _names(said: object, place: str) -> bool:
    return isinstance(said, list) and place in said
