"""What other places have seen of the log: a backup, the foot of a printed audit report.

What was made on this PC is remembered beside the home (``services.backups.witnesses``); but who
alters the home can alter that too. Backups kept elsewhere and paper are the witnesses that count.
"""

from __future__ import annotations

from pathlib import Path

from liaison.errors import UserError
from liaison.records.rules import times
from liaison.store import backup as backups
from liaison.store.heads import Witness, from_text
from liaison.store.mark import Head


def of_backup(file: Path, home_id: str) -> Witness:
    """Return what a backup has seen of the log, its content checked first.

    Args:
        file: The backup.
        home_id: The home's id.

    Raises:
        UserError: It is no whole backup, or of another home, or it was made before backups said.
    """
    about = backups.read_about(file)
    if about.home != home_id:
        raise UserError(
            f"{file.name} is a backup of another home.",
            kept="Nothing was checked.",
            do="Choose a backup of this one.",
            code="another-home",
        )
    if about.seq <= 0:
        raise UserError(
            f"{file.name} does not say how far the log had come.",
            kept="Nothing was checked.",
            do="Choose a newer backup.",
            code="no-head",
        )
    moment = times.show_time(times.from_stored(about.made_at))
    head = Head(about.tag, about.seq, about.made_at, bytes.fromhex(about.head))
    return Witness(f"The backup of {moment} ({file.name})", (head,))


def of_paper(typed: str) -> Witness:
    """Return what the foot of a printed audit report has seen.

    Args:
        typed: The head as it stands there.

    Raises:
        UserError: It is no head.
    """
    return Witness("The audit report", (from_text(typed),))
