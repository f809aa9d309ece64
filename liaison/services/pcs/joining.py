"""Joining a home with a new PC: asking, waiting, and making the home here once a manager agreed.

The new PC makes its own keys. Until a manager lets it in they wait in a small file beside the folder
of the home to be, sealed under the invitation's words; the same command again goes on from there,
whatever came in between. The home itself is there whole or not at all.
"""

from __future__ import annotations

import dataclasses
import json
import re
import secrets
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison import security
from liaison.errors import UserError
from liaison.files import plain_errors, replace_file
from liaison.records import ids
from liaison.records.administration import Membership
from liaison.security import STANDARD, Cost, Vault, failed_sign_ins, following, pairing
from liaison.security.pairing import Invitation, Offer, Request, Welcome
from liaison.security.primitives import KEY_BYTES, Identity, Refused
from liaison.security.standing import matching_roll
from liaison.security.vault import DatabaseKeys, PcKeys
from liaison.services import homes, new_folders
from liaison.services.homes import OpenHome
from liaison.services.new_folders import new_folder
from liaison.services.pcs import answers, filling
from liaison.services.pcs.inviting import OFFER, request_name, welcome_name
from liaison.store.replicas import Context, Replica
from liaison.store.store import FILE_NAME, Store, now
from liaison.sync.snapshot import BadSnapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from liaison.security.roll import Roll
    from liaison.security.standing import Member, Standing
    from liaison.security.wire import JsonObject
    from liaison.store.stamps import Clock
    from liaison.sync.transport import Transport

GO_ON: Final = "Go on with that invitation."
_LARGEST: Final = 1 << 16
_ANSWER: Final = re.compile(r"(v1/[a-z0-9-]+/pair/[0-9a-f]+/)welcome-[0-9a-f]+")


class AskedBefore(UserError):
    """This PC has asked to join with another invitation, which may still lead somewhere."""

    code = "asked-before"

    def __init__(self, *, let_in: bool) -> None:
        super().__init__(
            "A manager has let this PC in with another invitation."
            if let_in
            else "This PC has asked to join with another invitation.",
            kept="Nothing was changed: that one goes on where it stood.",
            do=f"{GO_ON} To give it up for good, ask once more.",
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """A new PC that has asked to join.

    Args:
        offer: Which home it is, and until when.
        digits: The six digits for a manager to compare.
        request: What it said of itself.
        welcome: What it was told, once a manager let it in.
        standing: Who belongs, once it was let in.
        identity: The PC's own keys.
        copy: A copy of the home that has come (:func:`fetch`); None if there is none.
        no_copy: Why a copy that lay there could not be used; None if that is not so.
    """

    offer: Offer
    digits: str
    request: Request
    identity: Identity
    welcome: Welcome | None = None
    standing: Standing | None = None
    copy: filling.Copy | None = None
    no_copy: UserError | None = None

    @property
    def is_let_in(self) -> bool:
        """Whether a manager has let it in."""
        return self.welcome is not None

    @property
    def people(self) -> tuple[str, ...]:
        """The names of who can sign in here, once it was let in."""
        if self.standing is None:
            return ()
        return tuple(one.certificate.name for one in self.standing.members.values() if one.slot)


def ask(
    invitation: Invitation,
    folder: Path,
    transport: Transport,
    name: str,
    *,
    known: Waiting | None = None,
    again: bool = False,
    clock: Clock = now,
    cost: Cost = STANDARD,
) -> Waiting:
    """Ask to join a home, or see what came of it; asking again goes on where it stood.

    Args:
        invitation: What a manager gave this PC.
        folder: Where the home is to lie; it must not exist, or be empty.
        transport: The storage.
        name: What people shall call this PC.
        known: What came of it the last time: its digits need not be worked out again.
        again: Whether what was asked with another invitation is given up for good.
        clock: This PC's clock.
        cost: What it costs to work out the digits.

    Raises:
        AskedBefore: It asked with another invitation, which was not withdrawn.
        UserError: The invitation is not in the storage, was used or ended, or the folder is taken.
    """
    new_folders.check_new_place(folder)
    told = None if known is None else known.offer
    offer, place = answers.find_offer(invitation, transport, told, clock)
    identity = _kept_keys(invitation, folder)
    if identity is None and not again:
        _refuse_asked_before(folder, transport, place)
    data = None
    if identity is not None:
        data = transport.get(f"{place}{welcome_name(identity.public)}")
    if identity is None or data is None:
        answers.refuse_over(offer, clock)
        there = transport.list(place)
        answers.refuse_used(place, there)
        identity = identity or _new_keys(invitation, folder, place)
        request = Request(name, identity.public)
        mine = f"{place}{request_name(request.keys)}"
        if mine not in there:
            transport.put(mine, pairing.write_request(invitation.words, request))
    request = Request(name, identity.public)
    if known is not None and (known.offer, known.request.keys) == (offer, request.keys):
        shown = known.digits
    else:
        shown = pairing.digits(offer, request.keys, cost=cost)
    if data is None:
        return Waiting(offer, shown, request, identity)
    welcome, standing = answers.read_welcome(offer, identity, data)
    return Waiting(offer, shown, request, identity, welcome, standing)


def waiting_file(folder: Path) -> Path:
    """Return where a new PC's keys wait, beside the folder of the home to be."""
    folder = folder.expanduser().absolute()
    return folder.with_name(f".{folder.name}.joining")


def _kept_keys(invitation: Invitation, folder: Path) -> Identity | None:
    """Return this PC's keys that wait for an invitation's answer; None if none do."""
    try:
        return pairing.read_kept(invitation.words, _kept(folder)[1])
    except Refused:
        # of another invitation, or damaged
        return None


def _kept(folder: Path) -> tuple[str, bytes]:
    """Return where the answer to what this PC asked would lie, "" if nobody can tell, and its keys."""
    path = waiting_file(folder)
    with plain_errors(path):
        kept = path.read_bytes()[:_LARGEST] if path.exists() else b""
    # a file of the version before has no line with the answer
    answer, _, sealed = kept.strip().rpartition(b"\n")
    try:
        return answer.decode("ascii"), sealed
    except UnicodeDecodeError:
        return "", b""


def _refuse_asked_before(folder: Path, transport: Transport, place: str) -> None:
    """Refuse to overwrite keys that a manager has let in, or may: nobody ever has them again."""
    found = _ANSWER.fullmatch(_kept(folder)[0])
    if found is None or found[1] == place:
        return
    let_in = transport.get(found[0]) is not None
    # nothing can be said of another home's, which may lie in another storage
    here = found[1].partition("/pair/")[0] == place.partition("/pair/")[0]
    if let_in or not here or transport.get(f"{found[1]}{OFFER}") is not None:
        raise AskedBefore(let_in=let_in)


def _new_keys(invitation: Invitation, folder: Path, place: str) -> Identity:
    """Make this PC's keys and keep them: a request whose keys are lost could never be answered."""
    path = waiting_file(folder)
    with plain_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    identity = Identity.generate()
    answer = f"{place}{welcome_name(identity.public)}\n".encode("ascii")
    replace_file(path, answer + pairing.write_kept(invitation.words, identity))
    return identity


def is_waiting(folder: Path) -> bool:
    """Return whether this PC has asked to join a home that is to lie in a folder.

    Raises:
        UserError: Nobody can tell.
    """
    path = waiting_file(folder)
    with plain_errors(path):
        return path.exists()


def refuse_waiting(folder: Path, do: str = "") -> None:
    """Refuse to make another home where one is to lie that this PC has asked to join.

    Args:
        folder: Where the other home would lie.
        do: What to do then, where nobody types commands.

    Raises:
        UserError: It has.
    """
    if is_waiting(folder):
        raise UserError(
            f"This PC has asked to join a home, which is to lie in {folder}.",
            kept="Nothing was changed.",
            do=do
            or "Join it with “liaison pc join”, or choose another folder with --home. To give that "
            f"up for good, delete {waiting_file(folder)}.",
            code="asked-before",
        )


def copy_file(folder: Path) -> Path:
    """Return where a copy of the home comes to lie, beside the folder of the home to be."""
    waiting = waiting_file(folder)
    return waiting.with_name(f"{waiting.name}.copy")


def fetch(
    waiting: Waiting,
    folder: Path,
    transport: Transport,
    told: Callable[[int, int], object] = filling.unheard,
) -> Waiting:
    """Fetch the copy of the home that lies there for a PC that was let in.

    Called again, after whatever came in between, it fetches only what has not come yet. Without it,
    or if there is none, the record comes with the first exchanges.

    Args:
        waiting: The PC, let in.
        folder: Where the home is to lie.
        transport: The storage.
        told: Told how many bytes of how many are here; what it raises ends it, and what came stays.

    Returns:
        The PC, with the copy if there is one.

    Raises:
        UserError: No manager has let it in, or the storage or this PC's disk would not go on.
    """
    if waiting.welcome is None or waiting.standing is None:
        raise _not_let_in()
    copy, why = filling.fetch(waiting.standing, waiting.welcome, transport, copy_file(folder), told)
    return dataclasses.replace(waiting, copy=copy, no_copy=why)


def _not_let_in() -> UserError:
    return UserError(
        "No manager has let this PC in yet.",
        kept="Nothing was changed.",
        do="Compare the six digits with a manager, and try again once they have agreed.",
        code="not-approved",
    )


def complete(
    waiting: Waiting,
    folder: Path,
    person: str | None,
    password: str,
    *,
    beside: Callable[[Path], None] = lambda _folder: None,
    storage: JsonObject | None = None,
    clock: Clock = now,
) -> OpenHome:
    """Make the home on this PC: from the copy that came, else empty until the first exchange.

    Args:
        waiting: The PC, let in.
        folder: Where the home is to lie.
        person: The name or id of who is here; None if only one person has a password.
        password: Their password.
        beside: Called with the folder being made, to put into it what lies beside the home, such as
            where the storage is.
        storage: The way to an object store, for the vault; None if there is none.
        clock: This PC's clock.

    Raises:
        WrongPassword: It is another one.
        UserError: No home can be made there.
    """
    welcome, standing = waiting.welcome, waiting.standing
    if welcome is None or standing is None:
        raise _not_let_in()
    member = _meant(standing, person)
    pin = waiting.offer.pin
    who = following.identity_in(pin, member, password)
    roll = _roll(standing)
    pc = ids.derived_id("pc", waiting.request.keys.signing.hex())
    vault = Vault(
        database=DatabaseKeys(secrets.token_bytes(KEY_BYTES)),
        pc=PcKeys(waiting.request.name, pc, waiting.identity.signing, waiting.identity.exchange),
        tag=welcome.tag,
        incarnation=0,
        epochs=welcome.epochs,
        blob_key=welcome.blob_key,
        storage=storage or {},
    )
    folder = folder.expanduser().absolute()
    with new_folder(folder) as made:
        unlocked = following.create_joined(
            made / security.FILE_NAME, pin, roll, standing.members, who,
            member.certificate.person, vault,
        )  # fmt: skip
        if not _adopt(made, waiting, vault, member.certificate.person, clock):
            _make_database(made, waiting, vault, member.certificate.person, clock)
        # else the first sign-in would take it for a list that somebody took away
        failed_sign_ins.begin(made, vault)
        beside(made)
    waiting_file(folder).unlink(missing_ok=True)
    filling.discard_copy(copy_file(folder))
    return homes.open_unlocked(folder, unlocked, clock=clock)


def _adopt(folder: Path, waiting: Waiting, vault: Vault, person: str, clock: Clock) -> bool:
    """Make the database from the copy that came; return whether it could be used."""
    if waiting.copy is None or waiting.welcome is None:
        return False
    pin = waiting.offer.pin
    try:
        filling.adopt(
            waiting.copy, folder, pin, waiting.welcome, vault=vault, person=person, clock=clock
        )
    except BadSnapshot:
        # what is in it is not what was signed: the segments bring the record
        return False
    return True


def _make_database(folder: Path, waiting: Waiting, vault: Vault, person: str, clock: Clock) -> None:
    """Make an empty database that knows who belongs: whose segments it may take in."""
    assert waiting.welcome is not None  # noqa: S101  # its caller has made sure
    public = vault.pc.public.signing
    context = Context(waiting.offer.pin.home_id, waiting.offer.pin.root, vault.tag, 1)
    replica = Replica(vault.tag, vault.pc.id or 0, 0, public)
    signer = Ed25519PrivateKey.from_private_bytes(vault.pc.signing)
    with (
        Store.create(
            folder / FILE_NAME, vault.database.current, context=context, replica=replica,
            signer=signer, clock=clock,
        ) as store,
        store.unit(ids.from_text(person), f"{vault.pc.name} joined.", kind="people") as unit,
    ):  # fmt: skip
        for text in waiting.welcome.entries:
            kind = json.loads(text)["kind"]
            unit.add(Membership(at=clock(), kind=kind, entry=text))


def _meant(standing: Standing, person: str | None) -> Member:
    able = [one for one in standing.members.values() if one.slot]
    folded = None if person is None else person.casefold().strip()
    found = [
        one
        for one in able
        if folded is None
        or folded in {one.certificate.person.casefold(), one.certificate.name.casefold()}
    ]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(one.certificate.name for one in able)
    raise security.NoSuchPerson(
        "Several people can sign in here, and it is not clear who you are."
        if found
        else f"Nobody called “{person}” can sign in here.",
        kept="Nothing was changed.",
        do=f"Name one: {listed}.",
    )


def _roll(standing: Standing) -> Roll:
    """Return the list of people a manager signed that says who belongs now."""
    members = [one.certificate for one in standing.members.values()]
    roll = None if standing.sheet is None else matching_roll(standing, members, standing.sheet)
    if roll is None:
        raise UserError(
            "The list of people that came with the answer is not up to date.",
            kept="Nothing was changed.",
            do="Have a manager open the home on the PC that invited, fetch once, and try again.",
            code="no-list-of-people",
        )
    return roll
