"""Who belongs, between the log and this PC's key file.

The log is the truth. What is done here (a person added, a password changed) is first in the key file
and then published to the log as signed entries; what was done elsewhere arrives in the log, and the
key file follows. Which of the two it is needs no note: what the log never said is news from here.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from liaison import security
from liaison.records import ids
from liaison.records.administration import Membership, Person
from liaison.security import entries as said
from liaison.security import following
from liaison.security.primitives import Identity, Refused
from liaison.security.roll import MANAGER
from liaison.security.standing import Member, Standing, work_out
from liaison.security.vault import Epoch
from liaison.security.wire import show
from liaison.store import membership
from liaison.store.membership import Placed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from liaison.security.primitives import Pin
    from liaison.security.roll import Certificate
    from liaison.security.wire import JsonObject
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.store.unit import UnitOfWork

#: Stands after everything in the log, for entries that are not written yet.
_NOT_YET: Final = (1 << 63) - 1
_ROUNDS: Final = 3
_DEAD_SHEET: Final = (
    "The recovery sheet made on this PC opens nothing: the one of the other PCs counts"
)
#: What was worked out of each open home, with what tells whether that still holds.
_KNOWN: Final[WeakKeyDictionary[OpenHome, tuple[tuple[int, int], Standing]]] = WeakKeyDictionary()


def pin_of(home: OpenHome) -> Pin:
    """Return what everything signed for this home is bound to."""
    return home.unlocked.file.document.pin


def standing_of(home: OpenHome) -> Standing:
    """Return who belongs by the log; worked out again only when an entry came or went."""
    version = membership.version(home.store)
    known = _KNOWN.get(home)
    if known is None or known[0] != version:
        known = version, work_out(pin_of(home), membership.entries(home.store))
        _KNOWN[home] = known
    return known[1]


def know_as_well(home: OpenHome, beside: OpenHome) -> None:
    """Let what was worked out of a home be known to it as it is opened once more.

    Else each round beside somebody's work would prove every entry anew.

    Args:
        home: The home.
        beside: The same, with a connection of its own.
    """
    if (known := _KNOWN.get(home)) is not None:
        _KNOWN[beside] = known


def own_pc(home: OpenHome) -> said.PcEntry:
    """Return this PC as its entry says it."""
    vault = home.unlocked.vault
    first = next(
        (one for one in membership.replicas(home.store) if one.pc == vault.pc.id),
        None,
    )
    return said.PcEntry(
        vault.pc.id or 0,
        vault.pc.name,
        vault.pc.public,
        vault.tag if first is None else first.tag,
    )


# ---- from the key file to the log


def publish(home: OpenHome) -> None:
    """Write into the log what the key file has and the log never said, signed by who is here.

    A home that has always had one PC has nothing to publish. What somebody has no authority for
    waits for a manager's opening.
    """
    if home.unlocked.by_recovery or not membership.any_entry(home.store):
        return
    if standing_of(home).founded:
        _publish(home)


def found(home: OpenHome) -> None:
    """Begin to have several PCs: say in the log who belongs so far; done once, by a manager."""
    home.require(security.roles.Action.PCS)
    if not standing_of(home).founded:
        _publish(home, founding=True)


def _publish(home: OpenHome, *, founding: bool = False) -> None:
    placed = membership.entries(home.store)
    news: list[JsonObject] = []
    # what is said may make more to say: somebody's authority ends with their new keys
    for _ in range(_ROUNDS):
        here = [_as_if_written(home, one) for one in news]
        standing = work_out(pin_of(home), (*placed, *here)) if here else standing_of(home)
        more = list(_News(home, standing, founding=founding and not news).all())
        if not more:
            break
        news += more
    write(home, news)


def write(home: OpenHome, news: Iterable[JsonObject], reason: str = "") -> None:
    """Write signed entries into the log, as one unit."""
    documents = list(news)
    if not documents:
        return
    with home.unit(reason, kind="people") as unit:
        add_to(unit, home, documents)


def add_to(unit: UnitOfWork, home: OpenHome, news: Iterable[JsonObject]) -> None:
    """Add signed entries to a unit that is open."""
    for one in news:
        unit.add(Membership(at=home.store.clock(), kind=str(one["kind"]), entry=said.as_text(one)))


def _as_if_written(home: OpenHome, document: JsonObject) -> Placed:
    vault = home.unlocked.vault
    return Placed(
        _NOT_YET, _NOT_YET, vault.pc.id or 0, vault.incarnation, 0, said.as_text(document)
    )


class _News:
    """What the key file has and the log has not.

    Args:
        home: The home.
        standing: Who belongs by the log.
        founding: Whether the log says nothing at all yet.
    """

    def __init__(self, home: OpenHome, standing: Standing, *, founding: bool) -> None:
        self._home = home
        self._standing = standing
        self._founding = founding
        self._document = home.unlocked.file.document
        self._signer = home.unlocked.identity
        self._order = standing.top
        self._may = founding or any(
            standing.may_sign(one) for one in (self._signer.public.signing, *self._vouching())
        )

    def _vouching(self) -> Iterator[bytes]:
        """Yield who made whoever is here a manager: the log may not know of it yet."""
        for one in self._document.roll.members:
            if one.keys == self._signer.public and one.role == MANAGER:
                yield one.signed_by

    def all(self) -> Iterator[JsonObject]:
        """Yield entries to write, signed."""
        if not self._may:
            yield from self._own_slot()
            return
        if self._founding:
            yield from self._vouchers()
            yield self._sign(said.PC, **pc_parts(own_pc(self._home)))
        yield from self._people()
        yield from self._gone()
        yield from self._sheet()
        yield from self._epochs()
        yield from self._roll()
        if not self._founding:
            # once the log names everybody: whose authority is over
            yield from self._ends()

    def _sign(self, kind: str, **parts: object) -> JsonObject:
        self._order += 1
        return said.sign(pin_of(self._home), self._signer, kind, self._order, **parts)

    def _vouchers(self) -> Iterator[JsonObject]:
        for one in self._document.roll.issuers:
            yield self._sign(said.VOUCHER, certificate=one.document)

    def _people(self) -> Iterator[JsonObject]:
        for one in self._document.roll.members:
            slot = self._document.slots.get(one.person)
            core = None if slot is None else said.travelling(slot)
            if is_known(self._standing, one, core):
                continue
            restores = self._restored(one)
            if one.person in self._standing.gone and not restores:
                # removed elsewhere: the key file follows
                continue
            yield self._sign(said.PERSON, certificate=one.document, slot=core, restores=restores)

    def _restored(self, one: Certificate) -> list[str]:
        """Return the removals that somebody's return by the recovery sheet takes back."""
        sheets = {
            said.certificate_of(entry.body).keys.signing for entry in self._standing.of(said.SHEET)
        }
        if one.person not in self._standing.gone or one.signed_by not in sheets:
            return []
        return [
            entry.digest
            for entry in self._standing.of(said.GONE)
            if entry.body["person"] == one.person
        ]

    def _own_slot(self) -> Iterator[JsonObject]:
        person = self._home.unlocked.person
        member = self._standing.members.get(person)
        slot = self._document.slots.get(person)
        if member is None or slot is None:
            return
        if member.certificate.keys != self._signer.public:
            return
        core = said.travelling(slot)
        if not is_known(self._standing, member.certificate, core):
            yield self._sign(said.SLOT, person=person, slot=core)

    def _gone(self) -> Iterator[JsonObject]:
        here = {one.person for one in self._document.roll.members}
        for person in sorted(self._standing.members.keys() - here):
            if is_let_go(self._home.store, person):
                yield self._sign(said.GONE, person=person)

    def _sheet(self) -> Iterator[JsonObject]:
        sheet = self._document.roll.recovery
        known = [entry.body["certificate"] for entry in self._standing.of(said.SHEET)]
        counts = _sheet(self._home, self._standing).keys == sheet.keys
        if counts and not any(said.same(one, sheet.document) for one in known):
            yield self._sign(said.SHEET, certificate=sheet.document)

    def _epochs(self) -> Iterator[JsonObject]:
        live = self._standing.live_pcs or (own_pc(self._home),)
        own = self._home.unlocked.vault.pc.id or 0
        known = {one.id: one for one in self._standing.epochs}
        for epoch in self._used_epochs():
            told = known.get(epoch.id)
            # what somebody made who was removed is handed on to open with, never to write under;
            # the log says nothing of it any more, unless somebody handed it on before
            made_here = epoch.here or self._founding
            opens = told.announced is None if told is not None else not made_here
            if told is None or (opens and own not in told.senders):
                # said by each PC: whoever wrote under it cannot be heard before it is known
                lacking = list(live)
            else:
                lacking = [pc for pc in live if pc.id not in told.given]
            if lacking:
                has = () if told is None else told.given | told.senders
                yield self._epoch(epoch, lacking, known=has, opens=opens)
        if self._standing.needs_key and own not in self._standing.cuts:
            yield self._epoch(Epoch.generate(), live)

    def _epoch(
        self,
        epoch: Epoch,
        to: Sequence[said.PcEntry],
        *,
        known: Iterable[int] = (),
        opens: bool = False,
    ) -> JsonObject:
        sealed = said.seal_epoch(pin_of(self._home), epoch.id, epoch.key, to)
        parts = said.epoch_parts(epoch.id, sealed, known=known, opens=opens)
        return self._sign(said.EPOCH, **parts)

    def _used_epochs(self) -> tuple[Epoch, ...]:
        """Return the vault's keys from the first that PCs ever used: older ones sealed nothing."""
        epochs = self._home.unlocked.vault.epochs
        told = {one.id for one in self._standing.epochs}
        first = next((n for n, one in enumerate(epochs) if one.id in told), len(epochs) - 1)
        return epochs[first:]

    def _roll(self) -> Iterator[JsonObject]:
        document = self._document.roll.document
        if not any(said.same(document, one) for one in self._standing.rolls):
            yield self._sign(said.ROLL, roll=document)

    def _ends(self) -> Iterator[JsonObject]:
        """End the authority of every key that is no manager's and no sheet's any more."""
        current = {
            one.certificate.keys.signing
            for one in self._standing.members.values()
            if one.certificate.role == MANAGER
        }
        if self._standing.sheet is not None:
            current.add(self._standing.sheet.keys.signing)
        for key in sorted(self._standing.keys - current - self._standing.ended.keys()):
            keeps = sorted(entry.digest for entry in self._standing.entries if rests_on(entry, key))
            yield self._sign(said.END, key=show(key), keeps=keeps)


def rests_on(entry: said.Entry, key: bytes) -> bool:
    """Return whether an entry was signed with a key, or carries a certificate that was."""
    if entry.signer == key:
        return True
    carries = entry.kind in {said.PERSON, said.VOUCHER, said.SHEET}
    return carries and said.certificate_of(entry.body).signed_by == key


def is_known(standing: Standing, certificate: Certificate, slot: JsonObject | None) -> bool:
    """Return whether the log ever said this of somebody: it is no news then, perhaps outdated."""
    told = [
        entry.body
        for entry in standing.of(said.PERSON)
        if said.certificate_of(entry.body).person == certificate.person
    ]
    if not any(said.same(body["certificate"], certificate.document) for body in told):
        return False
    slots = [body.get("slot") for body in told]
    slots += [
        entry.body["slot"]
        for entry in standing.of(said.SLOT)
        if entry.body["person"] == certificate.person
    ]
    return any(said.same(one, slot) for one in slots)


def pc_parts(pc: said.PcEntry) -> dict[str, object]:
    """Return a PC as an entry spells it."""
    return {
        "pc": pc.id,
        "name": pc.name,
        "exchange": show(pc.keys.exchange),
        "signing": show(pc.keys.signing),
        "tag": pc.tag,
        "invitation": pc.invitation,
    }


def is_let_go(store: Store, person: str) -> bool:
    """Return whether somebody's record says that they were let go."""
    record = store.get("person", ids.from_text(person))
    return isinstance(record, Person) and not record.lives


# ---- from the log to this PC


def follow(home: OpenHome) -> None:
    """Do on this PC what was done on others: people, passwords, keys.

    Raises:
        UserError: The disk or another program prevented it; it is done at the next opening.
    """
    if not membership.any_entry(home.store):
        return
    standing = standing_of(home)
    if home.unlocked.by_recovery or not standing.founded:
        return
    path = home.folder / security.FILE_NAME
    _take_epochs(home, standing)
    unlocked = home.unlocked
    changed = following.follow(path, unlocked, standing, _wanted(home, standing))
    if changed is not unlocked:
        was_news = _is_unheard(standing, unlocked.file.document.roll.recovery)
        home.unlocked = changed
        home.store.see_generation(home.unlocked.generation)
        home.look_again()
        if was_news and changed.vault.replaced_sheet != unlocked.vault.replaced_sheet:
            # whoever made it may hold it still: written with what else is noted
            home.access.note("role changed", detail=_DEAD_SHEET)


def _wanted(home: OpenHome, standing: Standing) -> following.Wanted:
    """Return who is to be in this PC's key file."""
    document = home.unlocked.file.document
    unchanged: set[str] = set()
    for one in document.roll.members:
        slot = document.slots.get(one.person)
        core = None if slot is None else said.travelling(slot)
        if one.person in standing.gone:
            continue
        is_own = one.person == home.unlocked.person
        if (
            not is_known(standing, one, core)
            or (is_own and _is_other_pair(standing, one))
            # a crash came before their keys went: a manager's opening lets them go with new keys
            or is_let_go(home.store, one.person)
        ):
            unchanged.add(one.person)
    members: dict[str, Member] = {
        person: one for person, one in standing.members.items() if not is_let_go(home.store, person)
    }
    return following.Wanted(members, _sheet(home, standing), frozenset(unchanged))


def _sheet(home: OpenHome, standing: Standing) -> Certificate:
    """Return the sheet that counts: one made here that the log never had is news from here.

    Were the log followed all the same, the sheet just printed would open nothing after a crash. It
    is void once the log names another than the one it replaced: people have that one by now.
    """
    unlocked = home.unlocked
    here, now = unlocked.file.document.roll.recovery, standing.sheet
    is_news = now is None or (
        _is_unheard(standing, here)
        and standing.may_sign(here.signed_by)
        and now.keys.signing == unlocked.vault.replaced_sheet
    )
    return here if is_news or now is None else now


def _is_unheard(standing: Standing, sheet: Certificate) -> bool:
    """Return whether no entry that counts ever named a sheet."""
    known = {said.certificate_of(entry.body).keys for entry in standing.of(said.SHEET)}
    return sheet.keys not in known


def _is_other_pair(standing: Standing, here: Certificate) -> bool:
    """Return whether somebody was given other keys elsewhere, which those they hold cannot open."""
    member = standing.members.get(here.person)
    return member is not None and member.certificate.keys != here.keys


def _take_epochs(home: OpenHome, standing: Standing) -> None:
    """Put keys that were sealed to this PC into its vault; they are only ever added."""
    vault = home.unlocked.vault
    fresh = new_epochs(home, standing)
    if fresh:
        home.unlocked = security.replace_vault(
            home.folder / security.FILE_NAME,
            home.unlocked,
            dataclasses.replace(vault, epochs=(*vault.epochs, *fresh)),
        )
        home.store.see_generation(home.unlocked.generation)


def opened_key(home: OpenHome, epoch: str, sealed: Mapping[int, bytes]) -> bytes | None:
    """Return an epoch's key as it was sealed to this PC; None if it was not, or wrongly."""
    pc = home.unlocked.vault.pc
    own = sealed.get(pc.id or 0)
    if own is None:
        return None
    try:
        return said.open_epoch(
            pin_of(home), epoch, pc.id or 0, Identity(pc.exchange, pc.signing), own
        )
    except Refused:
        # whoever sealed it made a mistake; what it would open waits, and says so
        return None


def new_epochs(home: OpenHome, standing: Standing) -> tuple[Epoch, ...]:
    """Return the keys that were sealed to this PC and are not in its vault yet."""
    known = {one.id for one in home.unlocked.vault.epochs}
    fresh = [one for one in standing.epochs if one.id not in known]
    keys = [(one.id, opened_key(home, one.id, one.sealed)) for one in fresh]
    return tuple(Epoch(name, key) for name, key in keys if key is not None)


def in_line(home: OpenHome) -> None:
    """Bring log and key file in line, both ways; called when a home is opened and after a round."""
    follow(home)
    publish(home)
