"""All of an import or nothing of it, and only if the home is still as it was looked through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from liaison.errors import UserError
from liaison.store.position import position
from liaison.store.store import collector_paused

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.services.importing.rejects import Rejects
    from liaison.store.unit import UnitOfWork

P = TypeVar("P")
D = TypeVar("D")
_ATTEMPTS: Final = 3


class Outdated(UserError):
    """Something was written since an import was previewed."""

    code = "changed-meanwhile"


class Result(NamedTuple):
    """What was written.

    Args:
        batch: What ``undo`` takes back; None if there was nothing to write.
        rejects: The file of what could not come in, if there is any.
    """

    batch: int | None
    rejects: Path | None


def take_in_whole(
    home: OpenHome,
    write: Callable[[UnitOfWork], object] | None,
    rejects: Rejects | None,
    reason: str,
    *,
    stood_at: int,
    what: str,
) -> Result:
    """Write all of an import in one transaction and one batch, and the file of what cannot come in.

    Args:
        home: The home.
        write: Writes it; None if there is nothing to write.
        rejects: The file of what cannot come in, if there is any; without it nothing comes in.
        reason: Why, for the history.
        stood_at: How far the home's log was when it was looked through.
        what: What was looked through: "list".

    Raises:
        Outdated: The home has changed since; nothing was written.
        UserError: The disk or another program prevented it; nothing was written.
    """
    written: Path | None = None
    batch: int | None = None
    try:
        if write is not None:
            with collector_paused(), home.unit(reason, kind="import") as unit:
                _refuse_outdated(home, stood_at, what)
                batch = unit.start_batch()
                write(unit)
                # last, but before anything is final: without this file nothing comes in either
                written = rejects.write() if rejects else None
        elif rejects:
            written = rejects.write()
    except BaseException:
        if rejects:
            rejects.take_back()
        raise
    return Result(batch, written)


def _refuse_outdated(home: OpenHome, stood_at: int, what: str) -> None:
    if position(home.store) != stood_at:
        raise Outdated(
            f"Something was written while the {what} was being looked through.",
            kept=f"Nothing of the {what} was taken in.",
            do="Import it again.",
        )


def looked_through_again(preview: Callable[[], P], carry_out: Callable[[P], D]) -> D:
    """Preview and carry out, again if another program writes meanwhile.

    Args:
        preview: Looks it through.
        carry_out: Does what was planned.

    Raises:
        Outdated: Another program wrote each time.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return carry_out(preview())
        except Outdated:
            continue
    return carry_out(preview())
