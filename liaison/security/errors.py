"""What can go wrong with the keys of a home, in words for the person at the screen.

No message holds a password, a key or any part of one.
"""

from __future__ import annotations

from typing import Final

from liaison.errors import UserError

_KEPT: Final = "The records of the home were not touched."
_FROM_BACKUP: Final = "Do not delete anything. Restore your latest backup into a new folder, or ask whoever looks after this PC."


class WrongPassword(UserError):
    """The password does not open this person's slot."""

    code = "wrong-password"

    def __init__(self) -> None:
        super().__init__(
            "That password is not right.",
            do="Check that Caps Lock is off and try again. If it is forgotten, a manager can "
            "give you a temporary one; if none can, the recovery sheet is the way back.",
        )


class BadPassword(UserError):
    """A new password that cannot be used at all."""

    code = "bad-password"

    def __init__(self, what: str) -> None:
        super().__init__(what, kept="Nothing was changed.", do="Choose another password.")


class NoSuchPerson(UserError):
    """Nobody of that name or id is in this key file, or the name alone does not say who is meant."""

    code = "no-such-person"


class BadRecoveryKey(UserError):
    """What was typed cannot be a recovery key: a typing mistake, found before any cryptography.

    Args:
        what: What is wrong with it.
        do: What to look at.
        block: The block (from 1) in which one wrong character would be; None if it is not known.
    """

    code = "bad-recovery-key"

    def __init__(self, what: str, *, do: str, block: int | None = None) -> None:
        super().__init__(what, do=do)
        self.block = block


class WrongRecoveryKey(UserError):
    """A proper recovery key, but not the one of this home's current sheet."""

    code = "wrong-recovery-key"

    def __init__(self) -> None:
        super().__init__(
            "This recovery key does not open this home.",
            kept=_KEPT,
            do="Use the newest recovery sheet of this home: an older one stops working when a new one is made.",
        )


class NoKeyFile(UserError):
    """There is no key file here, so this folder is not a home."""

    code = "not-a-home"

    def __init__(self, folder: object) -> None:
        super().__init__(
            f"There is no Liaison home in {folder}: it has no key file.",
            do="Choose the folder of your home, or restore a backup into a new folder.",
        )


class UnreadableKeyFile(UserError):
    """The system does not let us read the key file."""

    code = "cannot-read"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The key file of this home cannot be read: {reason}.",
            kept=_KEPT,
            do="Check that you may open this folder and that its disk is connected, then try again.",
        )


class DamagedKeyFile(UserError):
    """The key file is not what was written: cut short, a flipped bit, or not a key file at all.

    Args:
        where: The damaged part, for whoever has to repair it ("the slot of Priya Nair").
    """

    code = "damaged-key-file"

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The key file of this home is damaged ({where}).", kept=_KEPT, do=_FROM_BACKUP
        )
        self.where = where


class NewerKeyFile(UserError):
    """The key file was written by a newer Liaison."""

    code = "newer-key-file"

    def __init__(self) -> None:
        super().__init__(
            "This home was last used with a newer version of Liaison.",
            kept=_KEPT,
            do="Install the newest version of Liaison on this PC, then open the home again.",
        )


class CostRefused(UserError):
    """The key file asks for more (or less) work to check a password than any Liaison would."""

    code = "key-file-cost"

    def __init__(self, asked: str) -> None:
        super().__init__(
            f"The key file asks for {asked} to check a password, which no Liaison would ask for.",
            kept=_KEPT,
            do=_FROM_BACKUP,
        )


class ForeignKeyFile(UserError):
    """The parts do not belong together: from another home, put together from two, or tampered with.

    Args:
        why: What does not fit ("the slot of Priya Nair is from another home").
    """

    code = "foreign-key-file"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The key file does not belong to this home, or was changed outside Liaison: {why}.",
            kept=_KEPT,
            do=_FROM_BACKUP,
        )
        self.why = why


class OlderKeyFile(UserError):
    """The key file is older than the one this home was last used with."""

    code = "older-key-file"

    def __init__(self, found: int, newest: int) -> None:
        super().__init__(
            f"The key file is an old copy: it is number {found}, and this home has already used number {newest}.",
            kept=_KEPT,
            do="Put the newest key file back. If it is lost, restore your latest backup into a new folder.",
        )


class KeyFileChanged(UserError):
    """The key file on disk is no longer the one that was unlocked."""

    code = "key-file-changed"

    def __init__(self) -> None:
        super().__init__(
            "The key file was changed by another Liaison since you unlocked this home.",
            kept="The key file was left as it is.",
            do="Lock the home, unlock it again and repeat what you did.",
        )


class NotAllowed(UserError):
    """The person may not do this to the key file."""

    code = "not-allowed"
