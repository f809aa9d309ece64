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
    "loops": Action.LOOK,
    "timeline": Action.LOOK,
    "who": Action.LOOK,
    "attempts": Action.LOOK,
    "round list": Action.LOOK,
    "round agenda": Action.LOOK,
    "round minutes": Action.LOOK,
    "round add": Action.RECORD,
    "round order": Action.RECORD,
    "round remove": Action.RECORD,
    "round plan": Action.PLAN_CARE,
    "round outcome": Action.PLAN_CARE,
    "round carry": Action.PLAN_CARE,
    "round take-back": Action.PLAN_CARE,
    "round finish": Action.PLAN_CARE,
    "round cancel": Action.PLAN_CARE,
    "referral waits": Action.LOOK,
    "referral chase": Action.RECORD,
    "referral acknowledged": Action.PLAN_CARE,
    "referral seen": Action.PLAN_CARE,
    "referral close": Action.PLAN_CARE,
    "transfer list": Action.LOOK,
    "transfer reviews": Action.LOOK,
    "transfer review": Action.CARRY_ON,
    "leaving": Action.LOOK,
    "appointment coming": Action.LOOK,
    "appointment finish": Action.CARRY_ON,
    "loan list": Action.LOOK,
    "concern raise": Action.RECORD,
    "concern answer": Action.RECORD,
    "concern acknowledge": Action.RECORD,
    "concern close": Action.RECORD,
    "concern reopen": Action.RECORD,
    "concern list": Action.LOOK,
    "concern trail": Action.LOOK,
    "matrix": Action.LOOK,
    "compliance": Action.LOOK,
    "gaps": Action.LOOK,
    "lineage": Action.LOOK,
    "session list": Action.LOOK,
    "session book": Action.TRAINING,
    "session give-up": Action.TRAINING,
    "session attended": Action.TRAINING,
    "session cancel": Action.TRAINING,
    "session certify": Action.TRAINING,
    "certificate": Action.TRAINING,
    "skills": Action.LOOK,
    "sign-off": Action.TRAINING,
    "readiness": Action.LOOK_PRIVATE,
    "supervision held": Action.TRAINING,
    # by the type of the record
    "add": Action.LOOK,
    "set": Action.LOOK,
    "archive": Action.LOOK,
    "restore-record": Action.LOOK,
    "strike": Action.LOOK,
    "move": Action.LOOK,
    "merge": Action.STRIKE_OTHERS,
    "undo": Action.LOOK,
    # by the type and who wrote it
    "visit record": Action.RECORD,
    "visit status": Action.CARRY_ON,
    "visit week": Action.LOOK,
    "visit templates": Action.LOOK,
    # by the report
    "report": Action.LOOK,
    # the records behind the answers tell when staff's registration runs out
    "glance": Action.LOOK_PRIVATE,
    "monthly show": Action.SETTINGS,
    "monthly on": Action.SETTINGS,
    "monthly off": Action.SETTINGS,
    "monthly make": Action.PRINT_REPORTS,
    "pack": Action.INSPECTION_PACK,
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
    "user staff": Action.PEOPLE,
    "user until": Action.PEOPLE,
    "user suspend": Action.PEOPLE,
    "user resume": Action.PEOPLE,
    "user password": Action.PEOPLE,
    "user remove": Action.PEOPLE,
    "user roles": None,
    "pc invite": Action.PCS,
    # a manager on another PC is the permission
    "pc join": None,
    "pc approve": Action.PCS,
    "pc invitations": Action.PCS,
    "pc withdraw": Action.PCS,
    "pc review": Action.PCS,
    "pc take-in": Action.PCS,
    "pc leave-out": Action.PCS,
    "pc erase": Action.ERASE,
    "pc list": Action.LOOK,
    "pc remove": Action.PCS,
    "pc rename": Action.PCS,
    "sync now": Action.LOOK,
    "sync status": Action.LOOK,
    "sync setup folder": Action.PCS,
    "sync setup s3": Action.PCS,
    "sync setup leave": Action.PCS,
    "conflicts list": Action.LOOK,
    "conflicts twice": Action.LOOK,
    "conflicts pick": Action.UNDO_OTHERS,
    "recovery-sheet": Action.PEOPLE,
    "password": Action.OWN_PASSWORD,
}


def needed(command: str) -> Action | None:
    """Return what a command asks for.

    Args:
        command: Its words, such as "user add"; one that has no line here is the manager's alone.
    """
    return NEEDS.get(command, Action.PEOPLE)
