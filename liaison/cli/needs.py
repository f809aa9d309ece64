"""Which action of the table of roles each command asks for before it does anything.

What a command does to one record is asked for again where it is done, by the record's type and by
who wrote it (``services.permissions``).
"""

from __future__ import annotations

from typing import Final

from liaison.security.roles import Action

#: By the words of the command; None opens no home, or decides in its service who may.
NEEDS: Final[dict[str, Action | None]] = {
    "demo": None,
    "init": None,
    "types": None,
    # who may is told by the backup's own key file
    "restore": None,
    # the recovery sheet is the permission
    "recover": None,
    "show": Action.LOOK,
    "list": Action.LOOK,
    "search": Action.LOOK,
    "history": Action.LOOK,
    "today": Action.LOOK,
    "who": Action.LOOK,
    "matrix": Action.LOOK,
    "compliance": Action.LOOK,
    # by the type of the record
    "add": Action.LOOK,
    "set": Action.LOOK,
    "archive": Action.LOOK,
    "restore-record": Action.LOOK,
    "strike": Action.LOOK,
    "move": Action.LOOK,
    "merge": Action.STRIKE_OTHERS,
    "undo": Action.LOOK,
    # by the report
    "report": Action.LOOK,
    "import": Action.IMPORT,
    "export": Action.EXPORT,
    "backup": Action.BACKUP,
    "backups": Action.BACKUP,
    "verify": Action.VERIFY,
    "audit": Action.AUDIT,
    "erase": Action.ERASE,
    "health": Action.VERIFY,
    "ods load": Action.IMPORT,
    "ods search": Action.LOOK,
    "ods add": Action.ADD_TO_DIRECTORY,
    "ods refresh": Action.IMPORT,
    "user add": Action.PEOPLE,
    "user list": Action.PEOPLE,
    "user role": Action.PEOPLE,
    "user rename": Action.PEOPLE,
    "user until": Action.PEOPLE,
    "user suspend": Action.PEOPLE,
    "user resume": Action.PEOPLE,
    "user password": Action.PEOPLE,
    "user remove": Action.PEOPLE,
    "user roles": None,
    "recovery-sheet": Action.PEOPLE,
    "password": Action.OWN_PASSWORD,
}


def needed(command: str) -> Action | None:
    """Return what a command asks for.

    Args:
        command: Its words, such as "user add"; one that has no line here is the manager's alone.
    """
    return NEEDS.get(command, Action.PEOPLE)
