"""The key file of a home's other PCs: made when one joins, brought in line with the log afterwards.

Whoever unlocks a PC seals its vault key to the people on a list that a manager signed: so a carer's
opening is enough for what a manager did elsewhere. Nobody is let in here who is not on such a list.
"""

from __future__ import annotations

import dataclasses
import secrets
from typing import TYPE_CHECKING

from liaison.files import write_new_file
from liaison.security import slots
from liaison.security.change import reseal_roll, save_parts
from liaison.security.document import encode
from liaison.security.entries import same, travelling
from liaison.security.errors import ForeignKeyFile, NoSuchPerson
from liaison.security.keyfile import read_bytes
from liaison.security.primitives import KEY_BYTES, Identity, password_bytes
from liaison.security.roll import Roll, write_roll
from liaison.security.standing import matching_roll
from liaison.security.wire import JsonObject, with_checksum, without

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.security.keyfile import Unlocked
    from liaison.security.primitives import Pin
    from liaison.security.roll import Certificate
    from liaison.security.standing import Member, Standing
    from liaison.security.vault import Vault


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """Who is to be in the key file.

    Args:
        members: Everybody who belongs, by person.
        sheet: The recovery sheet that is to open it.
        unchanged: People about whom this PC has news that the log has not: left as they are.
    """

    members: dict[str, Member]
    sheet: Certificate
    unchanged: frozenset[str] = frozenset()


def follow(path: Path, unlocked: Unlocked, standing: Standing, wanted: Wanted) -> Unlocked:
    """Bring a key file in line with who belongs.

    Args:
        path: The key file.
        unlocked: The home as somebody unlocked it with a password.
        standing: Who belongs by the log.
        wanted: Who is to be in the file.

    Returns:
        The home as it is now. If somebody left, the vault names the key that the database is to have
        (``pending``). What needs a list of people that no manager has signed yet waits for one of
        them to open this PC.

    Raises:
        KeyFileChanged: Another Liaison changed the file meanwhile.
        CannotWrite: The file could not be written; nothing changed.
    """
    document = unlocked.file.document
    old = {one.person: one for one in document.roll.members}
    members = {
        person: one for person, one in wanted.members.items() if person not in wanted.unchanged
    }
    people = [
        members[person].certificate if person in members else old[person]
        for person in (*old, *(members.keys() - old.keys()))
        if person in members or person in wanted.unchanged
    ]
    is_same = same([one.document for one in people], [one.document for one in old.values()])
    fresh = {
        person: merged
        for person, one in members.items()
        if (merged := _merged_slot(document.slots.get(person), one)) is not None
    }
    if is_same and same(wanted.sheet.document, document.roll.recovery.document):
        return _with_slots(path, unlocked, fresh)
    own = next((one for one in people if one.person == unlocked.person), None)
    if own is None or own.keys != unlocked.identity.public:
        # nobody seals a file that they cannot open themself: somebody else's opening does it
        return _with_slots(path, unlocked, fresh)
    roll = matching_roll(standing, people, wanted.sheet)
    is_leaving = bool(old.keys() - {one.person for one in people})
    if roll is None and unlocked.may_admit:
        roll = write_roll(
            document.pin, unlocked.identity, members=people, recovery=wanted.sheet,
            former=(
                document.roll.recovery, *standing.certificates, *document.roll.issuers,
                *old.values(),
            ),
        )  # fmt: skip
    elif roll is None and is_leaving and standing.sheet is not None:
        # no list names a sheet that only this PC has, and letting somebody go comes first
        roll = matching_roll(standing, people, standing.sheet)
    if roll is None:
        return _with_slots(path, unlocked, fresh)
    roll.verify(document.pin)
    vault = unlocked.vault
    if roll.recovery.keys != document.roll.recovery.keys:
        # this one was made elsewhere
        vault = dataclasses.replace(vault, replaced_sheet=None)
    if is_leaving:
        # together with the list: a crash in between would leave whoever is gone with a key that opens
        vault = dataclasses.replace(vault, database=vault.database.changing())
    return reseal_roll(path, unlocked, roll, new_slots=fresh, vault=vault)


def _merged_slot(here: JsonObject | None, member: Member) -> JsonObject | None:
    """Return the slot that somebody is to have on this PC; None if it is the one they have."""
    if member.slot is None or (here is not None and same(travelling(here), member.slot)):
        return None
    is_kept_out = here is not None and slots.is_suspended(here)
    return slots.suspended(member.slot) if is_kept_out else member.slot


def _with_slots(path: Path, unlocked: Unlocked, fresh: dict[str, JsonObject]) -> Unlocked:
    """Store other passwords for the same keys; a slot for other keys waits for their certificate."""
    document = unlocked.file.document
    on_roll = {one.person: one for one in document.roll.members}
    locked = dict(document.slots)
    for person, slot in fresh.items():
        here = locked.get(person)
        if here is None or here["key"] != slot["key"] or person not in on_roll:
            continue
        sealed = {} if slots.is_suspended(here) else {"vault_key": here["vault_key"]}
        locked[person] = with_checksum({**slot, **sealed})
    if locked == document.slots:
        return unlocked
    parts = {**document.current, "slots": list(locked.values())}
    return save_parts(path, unlocked, parts, unlocked.vault_key)


def identity_in(pin: Pin, member: Member, password: str) -> Identity:
    """Open somebody's private keys with their password, on a PC that has no key file yet.

    Raises:
        NoSuchPerson: They have no password.
        WrongPassword: It is another one.
    """
    if member.slot is None:
        raise NoSuchPerson(
            f"{member.certificate.name} has no password yet.",
            do="Choose somebody who has, or ask a manager for a temporary password.",
            code="needs-password",
        )
    return slots.open_slot(pin, member.slot, member.certificate, password_bytes(password))


def create_joined(  # noqa: PLR0917  # the parts of a key file
    path: Path,
    pin: Pin,
    roll: Roll,
    members: dict[str, Member],
    identity: Identity,
    person: str,
    vault: Vault,
) -> Unlocked:
    """Make the key file of a PC that joins a home.

    Args:
        path: Where; there must be no such file yet.
        pin: The home.
        roll: Who belongs, as a manager signed it.
        members: Their slots, by person.
        identity: The private keys of who is at this PC.
        person: Who that is.
        vault: The keys of the home on this PC.

    Returns:
        The home, unlocked by them.

    Raises:
        ForeignKeyFile: The list of people is not from this home's managers, or they are not on it.
        CannotWrite: The file could not be written, or there is one already.
    """
    roll.verify(pin)
    if person not in {one.person for one in roll.members}:
        raise ForeignKeyFile("the list of people does not name who is to open this PC")
    vault_key = secrets.token_bytes(KEY_BYTES)
    statement = slots.state(pin, identity, roll, vault_key)
    parts: JsonObject = {
        "roll": roll.document,
        "slots": [
            slots.seal_slot(pin, without(slot, "suspended"), one, vault_key)
            for one in roll.members
            if (member := members.get(one.person)) is not None
            and (slot := member.slot) is not None
            and member.certificate.keys == one.keys
        ],
        "recovery": slots.seal_slot(pin, {}, roll.recovery, vault_key),
        "vault": slots.lock_vault(pin, vault, vault_key, statement),
    }
    data = encode(pin, 1, parts, vault_key)
    made = read_bytes(data).unlock_as(identity, person)
    write_new_file(path, data)
    return made
