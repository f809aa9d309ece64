"""Open a home: read its key file, say who can unlock it, and unlock it.

```
keys = read(folder / "keys.json")       people, home id, generation; no secret needed
unlocked = keys.unlock("Priya Nair", password)
unlocked.check_belongs(home_id, root, generation)      what the database kept
```
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liaison.security import slots
from liaison.security.document import Document, decode
from liaison.security.errors import (
    BadPassword,
    ForeignKeyFile,
    NoKeyFile,
    NoSuchPerson,
    OlderKeyFile,
    UnreadableKeyFile,
    WrongPassword,
    WrongRecoveryKey,
)
from liaison.security.primitives import Identity, password_bytes
from liaison.security.recovery import RecoveryKey
from liaison.security.roll import AUTHORITY, Certificate
from liaison.security.wire import MAX_BYTES, JsonObject

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.security.vault import Vault

#: The name of the key file, beside the database.
FILE_NAME: Final = "keys.json"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who belongs to the home, as the unlock screen shows them.

    Args:
        id: The id of their record.
        name: Their name.
        role: Their role in the app.
        can_unlock: Whether they have a password on this PC; if not, a manager gives them one.
        suspended: Whether a manager keeps them out for now.
        temporary: Whether their password is a manager's, which they have not yet changed.
    """

    id: str
    name: str
    role: str
    can_unlock: bool
    suspended: bool = False
    temporary: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Unlocked:
    """An open home: its secrets, and who opened it.

    Args:
        vault: What only an unlocked home knows.
        person: The id of who unlocked it; empty when the recovery key did.
        name: Their name, for messages.
        role: Their role; "recovery" when the recovery key unlocked it.
        home_id: The home's id.
        generation: The key file's count of replacements; the database keeps the highest.
        root: The root of trust, the first manager's public key; the database keeps it too.
        file: The key file that was unlocked.
        identity: The private keys of who unlocked it.
        vault_key: The key of the vault.
        must_change: Whether their password is a manager's and is to be changed before anything else.
    """

    vault: Vault
    person: str
    name: str
    role: str
    home_id: str
    generation: int
    root: bytes
    file: KeyFile
    identity: Identity
    vault_key: bytes
    must_change: bool = False

    @property
    def by_recovery(self) -> bool:
        """Whether the recovery key opened it, not a person's password."""
        return not self.person

    @property
    def may_admit(self) -> bool:
        """Whether who unlocked it may add people and make recovery sheets."""
        return self.role in AUTHORITY

    def check_belongs(self, home_id: str, root: bytes, generation: int) -> None:
        """Compare with what the database kept: is this its key file, and not an old copy?

        Args:
            home_id: The home's id in the database.
            root: The root of trust in the database.
            generation: The highest generation the database has seen.

        Raises:
            ForeignKeyFile: It is the key file of another home, or of somebody who made their own.
            OlderKeyFile: It is an old copy.
        """
        self.file.check_belongs(home_id, root, generation)

    def __repr__(self) -> str:
        """Show no secret."""
        return f"<Unlocked home {self.home_id}, generation {self.generation}, by {self.person or self.role}>"


class KeyFile:
    """A key file that is whole; what it says is believed only once it is unlocked.

    Attributes:
        data: The bytes as stored, to put into a backup.
        home_id: The home it says it is for.
        root: The root of trust it names.
        generation: Its count of replacements.
        people: Who belongs to the home.
    """

    def __init__(self, document: Document) -> None:
        """Wrap a document; use :func:`read` or :func:`read_bytes`."""
        self.document = document
        self.data = document.data
        self.home_id = document.pin.home_id
        self.root = document.pin.root
        self.generation = document.generation
        self._able = {
            person for person, slot in document.slots.items() if not slots.is_suspended(slot)
        }
        self.people = tuple(
            Person(
                one.person,
                one.name,
                one.role,
                one.person in self._able,
                one.person in document.slots.keys() - self._able,
                slots.is_temporary(document.slots.get(one.person, {})),
            )
            for one in document.roll.members
        )

    def unlock(self, person: str | None, password: str) -> Unlocked:
        """Open the home with a person's password.

        Args:
            person: Their id or their name; None when only one person can unlock it.
            password: Their password.

        Raises:
            NoSuchPerson: Nobody, or more than one, is meant.
            WrongPassword: The password is another one.
            ForeignKeyFile: The parts do not belong together, or somebody changed the file.
        """
        owner = self._find(person)
        try:
            typed = password_bytes(password)
        except BadPassword:
            raise WrongPassword from None
        document = self.document
        # Before the password is used for anything: is this a list of people its managers made?
        document.roll.verify(document.pin)
        slot = document.slots[owner.person]
        return self._open(slots.open_slot(document.pin, slot, owner, typed), owner, slot)

    def unlock_with_recovery(self, key: str | RecoveryKey) -> Unlocked:
        """Open the home with the recovery key on the sheet.

        Args:
            key: What was typed, or the key.

        Raises:
            BadRecoveryKey: A typing mistake.
            WrongRecoveryKey: The key of another home or of an old sheet.
            ForeignKeyFile: The parts do not belong together, or somebody changed the file.
        """
        if isinstance(key, str):
            key = RecoveryKey.parse(key)
        document = self.document
        identity = Identity.from_recovery(key.secret, self.home_id)
        if identity.public != document.roll.recovery.keys:
            raise WrongRecoveryKey
        document.roll.verify(document.pin)
        return self._open(identity, document.roll.recovery, document.recovery)

    def unlock_as(self, identity: Identity, person: str) -> Unlocked:
        """Open the home with private keys already at hand, as after a change of the file.

        Args:
            identity: The private keys.
            person: Whose they are; empty for the recovery key.

        Raises:
            ForeignKeyFile: They are not theirs, or the parts do not belong together.
        """
        document = self.document
        document.roll.verify(document.pin)
        owner, slot = document.roll.recovery, document.recovery
        if person:
            owner, slot = self._find(person), document.slots[person]
        if identity.public != owner.keys:
            raise ForeignKeyFile(f"the keys of {owner.name} are not those on the list of people")
        return self._open(identity, owner, slot)

    def check_belongs(self, home_id: str, root: bytes, generation: int) -> None:
        """As :meth:`Unlocked.check_belongs`; without unlocking it only says what the file claims."""
        if home_id != self.home_id:
            raise ForeignKeyFile("it is the key file of another home")
        if root != self.root:
            raise ForeignKeyFile("its first manager is not this home's")
        if self.generation < generation:
            raise OlderKeyFile(self.generation, generation)

    def _find(self, wanted: str | None) -> Certificate:
        """Return who is meant, and make sure that they have a slot."""
        document = self.document
        members = document.roll.members
        if wanted is None:
            found = [one for one in members if one.person in self._able]
        else:
            by_id = [one for one in members if one.person == wanted]
            found = by_id or [one for one in members if _folded(one.name) == _folded(wanted)]
        if len(found) != 1:
            what = "Several people can unlock this home, and it is not clear who you are."
            if not found:
                what = (
                    f"Nobody called “{wanted}” can unlock this home."
                    if wanted
                    else "Nobody has a password here."
                )
            raise NoSuchPerson(
                what, do="Choose your name from the list, or ask a manager to add you."
            )
        if found[0].person not in document.slots:
            raise NoSuchPerson(
                f"{found[0].name} has no password on this PC yet.",
                do="Ask a manager for a temporary password.",
                code="needs-password",
            )
        if found[0].person not in self._able:
            raise NoSuchPerson(
                f"{found[0].name} may not unlock this home for now.",
                do="Ask a manager.",
                code="suspended",
            )
        return found[0]

    def _open(self, identity: Identity, owner: Certificate, slot: JsonObject) -> Unlocked:
        """Go from somebody's private keys to the vault, checking every link."""
        document = self.document
        pin = document.pin
        vault_key = slots.unseal_vault_key(pin, slot, owner, identity)
        slots.check_statement(pin, document.vault, document.roll, vault_key)
        document.check_mac(vault_key)
        return Unlocked(
            vault=slots.open_vault(pin, document.vault, vault_key),
            person="" if owner is document.roll.recovery else owner.person,
            name=owner.name,
            role=owner.role,
            home_id=self.home_id,
            generation=self.generation,
            root=self.root,
            file=self,
            identity=identity,
            vault_key=vault_key,
            must_change=slots.is_temporary(slot),
        )


def read(path: Path) -> KeyFile:
    """Read a key file.

    Args:
        path: The file, :data:`FILE_NAME` in the folder of the home.

    Raises:
        NoKeyFile: There is none: the folder is not a home.
        UnreadableKeyFile: The system does not let us read it.
        DamagedKeyFile: It is cut short, flipped or not a key file.
        NewerKeyFile: It is of a newer Liaison.
        CostRefused: It asks for an absurd amount of work.
        ForeignKeyFile: Its parts are not about the same people.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise NoKeyFile(path.parent) from None
    except OSError as fault:
        raise UnreadableKeyFile(fault.strerror or "unknown reason") from fault
    return read_bytes(data)


def read_bytes(data: bytes) -> KeyFile:
    """Read a key file from bytes, as from a backup; raises as :func:`read` does."""
    return KeyFile(decode(data))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()
