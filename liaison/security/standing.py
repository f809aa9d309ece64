"""Who belongs to a home, worked out from every membership entry in its log.

The answer does not depend on the order in which entries arrived: PCs that hold the same entries say
the same. What is not signed by somebody with the authority for it changes nothing and is told. The
rules:

* Authority comes down from the root (the first manager's key) by certificates: a manager or the
  recovery sheet vouches for the next one.
* What takes something away counts if its signer ever had authority, also if somebody has removed the
  signer meanwhile: removal wins. Of two managers who removed each other neither is left.
* Anything else counts if its signer has authority, and did not lose it before: whoever ends it says
  which entries of theirs were known by then; no other of theirs counts.
* What a removed PC sent after its cut point does not count.
* Only somebody whom the recovery sheet lets in again comes back after a removal.
* Of entries about the same thing the one with the highest order stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from liaison.security import entries as said
from liaison.security.entries import Entry, PcEntry
from liaison.security.epochs import EpochEntry, epochs_of
from liaison.security.errors import DamagedKeyFile
from liaison.security.primitives import Refused
from liaison.security.roll import AUTHORITY, RECOVERY, Certificate, Roll, is_signed
from liaison.security.wire import JsonObject, binary, child, text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from liaison.security.primitives import Pin

FORGED: Final = "its signature does not fit: it was changed, or is from another home"
NO_AUTHORITY: Final = "it is not signed by a manager of this home"
AFTER_REMOVAL: Final = "it was written after its signer's authority had ended"
_CARRYING: Final = frozenset({said.PERSON, said.VOUCHER, said.SHEET})
_MOST_IN_VAIN: Final = 2
AFTER_CUT: Final = "the PC that sent it had been removed"


class Placed(Protocol):
    """Where an entry stands in the log; see ``store.membership.Placed``."""

    @property
    def stamp(self) -> int:
        """Its stamp."""
        ...

    @property
    def unit(self) -> int:
        """The unit that brought it."""
        ...

    @property
    def pc(self) -> int:
        """The PC that sent it."""
        ...

    @property
    def incarnation(self) -> int:
        """Which life of that PC."""
        ...

    @property
    def seq(self) -> int:
        """The unit's number in that life."""
        ...

    @property
    def text(self) -> str:
        """What was signed."""
        ...


@dataclass(frozen=True, slots=True)
class NotCounted:
    """An entry that changes nothing, and why, as the end of a sentence."""

    stamp: int
    pc: int
    why: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs.

    Args:
        certificate: Their keys, name and role.
        slot: Their private keys under their password, as far as it travels; None if they have none.
    """

    certificate: Certificate
    slot: JsonObject | None


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation for one more PC.

    Args:
        id: Its name in the storage.
        words: What the new PC proves itself with.
        ends: When it ends, in kept form.
        used: Whether a PC has come with it.
    """

    id: str
    words: str
    ends: str
    used: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Who belongs.

    Args:
        pin: The home.
        members: People by the id of their record.
        gone: People who were removed.
        sheet: The recovery sheet's certificate.
        pcs: Every PC that was ever approved, by the id of its record.
        cuts: Of each removed PC, by incarnation, the number of the last unit that counts.
        removed_last: The id of the last unit that removed a PC; 0 if none was.
        epochs: Keys by name, the one announced first first.
        rolls: Lists of people as managers signed them.
        invitations: Invitations by name.
        entries: Every entry that counts.
        not_counted: Every entry that does not.
        ended: Keys whose authority has ended, with the digests of what of theirs counts still.
        keys: Whose signature ever counted: managers' keys, sheets' keys, the root.
        certificates: Every certificate that is vouched for, those of people who left among them.
        top: The highest order there is.
    """

    pin: Pin
    members: dict[str, Member] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    sheet: Certificate | None = None
    pcs: dict[int, PcEntry] = field(default_factory=dict)
    cuts: dict[int, dict[int, int]] = field(default_factory=dict)
    removed_last: int = 0
    epochs: tuple[EpochEntry, ...] = ()
    rolls: tuple[JsonObject, ...] = ()
    invitations: dict[str, Invited] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    not_counted: tuple[NotCounted, ...] = ()
    ended: dict[bytes, frozenset[str]] = field(default_factory=dict)
    keys: frozenset[bytes] = frozenset()
    certificates: tuple[Certificate, ...] = ()
    top: int = 0

    @property
    def founded(self) -> bool:
        """Whether this home has begun to have several PCs."""
        return bool(self.pcs)

    @property
    def live_pcs(self) -> tuple[PcEntry, ...]:
        """The PCs that belong to the home now."""
        return tuple(one for id_, one in self.pcs.items() if id_ not in self.cuts)

    def may_sign(self, key: bytes) -> bool:
        """Return whether what somebody signs now counts: they have authority and keep it."""
        return key in self.keys and key not in self.ended

    def is_clean(self, epoch: EpochEntry) -> bool:
        """Return whether something may be written under a key: no removed PC has it."""
        has = epoch.given | epoch.senders
        return epoch.announced is not None and not has & self.cuts.keys()

    @property
    def needs_key(self) -> bool:
        """Whether a new key is to be made: removed PCs have every one.

        Not for ever: by the account of another PC, which heard of two removals in another order, one
        that is out belongs, and is handed each new key as well.
        """
        announced = [one for one in self.epochs if one.announced is not None]
        in_vain = [
            one
            for one in announced
            if (one.announced or 0) > self.removed_last and not one.made_for & self.cuts.keys()
        ]
        has_clean = any(self.is_clean(one) for one in announced)
        return bool(announced) and not has_clean and len(in_vain) < _MOST_IN_VAIN

    def writes_under(self, known: Collection[str], before: int) -> str | None:
        """Return the key that what is sent is sealed with: the newest that no removed PC has.

        Two who remove a PC each, or a PC and a person, without knowing of each other, each give the
        new key to whom the other one removed.

        Args:
            known: The names of the keys this PC has.
            before: The id of the unit that is sealed. The one that announces a key still goes under
                the key before it. What was written before any was announced (by a PC that had just
                joined, too) goes under the newest: an older one is known to PCs removed since.

        Returns:
            Its name; None if this PC has none of those that were announced.
        """
        announced = [one for one in self.epochs if one.announced is not None and one.id in known]
        ready = [one for one in announced if (one.announced or 0) < before] or announced
        clean = [one for one in ready if self.is_clean(one)]
        return (clean or ready)[-1].id if ready else None

    def of(self, kind: str) -> tuple[Entry, ...]:
        """Return the entries of a kind that count."""
        return tuple(one for one in self.entries if one.kind == kind)


def work_out(pin: Pin, placed: Iterable[Placed]) -> Standing:
    """Work out who belongs.

    Args:
        pin: The home.
        placed: Every entry in the log, in any order.
    """
    not_counted: list[NotCounted] = []
    found: dict[str, tuple[Entry, list[Placed]]] = {}
    for place in placed:
        try:
            entry = said.read(pin, place.text)
        except Refused:
            not_counted.append(NotCounted(place.stamp, place.pc, FORGED))
        except DamagedKeyFile as fault:
            not_counted.append(NotCounted(place.stamp, place.pc, fault.where))
        else:
            # sent again, by whomever, it is the same entry
            found.setdefault(entry.digest, (entry, []))[1].append(place)
    everything = [entry for entry, _ in found.values()]
    ever = _authority(pin, everything, {}).keys
    endings = [one for one in everything if one.kind in said.ENDINGS and one.signer in ever]
    cuts = _cuts(endings)
    ended = _ended(endings)
    in_time = [
        entry for entry, places in found.values() if any(not _is_late(one, cuts) for one in places)
    ]
    authority = _authority(pin, in_time, ended)
    counting: list[Entry] = []
    for entry, places in found.values():
        why = _why_not(entry, authority, ended)
        if entry.kind in said.ENDINGS:
            why = "" if entry.signer in ever else NO_AUTHORITY
        elif all(_is_late(one, cuts) for one in places):
            why = AFTER_CUT
        if why:
            not_counted += [NotCounted(one.stamp, one.pc, why) for one in places]
        else:
            counting.append(entry)
    counting.sort(key=lambda one: one.newer)
    return Standing(
        pin,
        members=_members(counting),
        gone=_gone(counting),
        sheet=_sheet(counting),
        pcs={pc.id: pc for pc in map(said.pc_of, _bodies(counting, said.PC))},
        cuts=cuts,
        removed_last=max(
            (
                min(one.unit for one in found[entry.digest][1])
                for entry in counting
                if entry.kind == said.PC_GONE
            ),
            default=0,
        ),
        epochs=epochs_of(found, ever, {one.digest for one in counting}),
        rolls=tuple(child(body, "roll") for body in _bodies(counting, said.ROLL)),
        invitations=_invitations(counting),
        entries=tuple(counting),
        not_counted=tuple(sorted(not_counted, key=lambda one: one.stamp)),
        ended=ended,
        keys=frozenset(authority.keys),
        certificates=tuple(authority.certificates),
        top=max((one.order for one in counting), default=0),
    )


def _bodies(entries: Iterable[Entry], kind: str) -> list[JsonObject]:
    return [one.body for one in entries if one.kind == kind]


@dataclass(slots=True)
class _Authority:
    """Whose signature counts, and which certificates are vouched for.

    Args:
        keys: The keys of managers and of recovery sheets, the root among them.
        vouched: The digests of the entries whose certificate is vouched for.
        certificates: Those certificates, each once.
    """

    keys: set[bytes]
    vouched: set[str] = field(default_factory=set)
    certificates: list[Certificate] = field(default_factory=list)


def _authority(
    pin: Pin, entries: Sequence[Entry], ended: Mapping[bytes, frozenset[str]]
) -> _Authority:
    """Go down from the root to everybody it vouches for.

    Args:
        pin: The home.
        entries: What was said.
        ended: Keys that vouch for nobody new, with what they said before.
    """
    found = _Authority({pin.root})
    carrying = [
        (one, certificate)
        for one in entries
        if one.kind in _CARRYING and is_signed(pin, certificate := said.certificate_of(one.body))
    ]
    grows = True
    while grows:
        grows = False
        for entry, one in carrying:
            if entry.digest in found.vouched or one.signed_by not in found.keys:
                continue
            if _is_late_word(entry, one.signed_by, ended) and (
                # a manager who is still one may hand on what a former one had certified
                entry.signer not in found.keys or entry.signer in ended
            ):
                continue
            grows = True
            found.vouched.add(entry.digest)
            found.certificates.append(one)
            if one.role in AUTHORITY:
                found.keys.add(one.keys.signing)
    return found


def _is_late_word(entry: Entry, key: bytes, ended: Mapping[bytes, frozenset[str]]) -> bool:
    """Return whether an entry rests on a key that had no authority any more when it was made."""
    return key in ended and entry.digest not in ended[key]


def _why_not(entry: Entry, authority: _Authority, ended: Mapping[bytes, frozenset[str]]) -> str:
    """Say why an entry that takes nothing away does not count; empty if it does."""
    if entry.kind == said.SLOT:
        whose = {one.person for one in authority.certificates if one.keys.signing == entry.signer}
        return "" if text(entry.body, "person") in whose else NO_AUTHORITY
    if entry.signer not in authority.keys:
        return NO_AUTHORITY
    if _is_late_word(entry, entry.signer, ended):
        return AFTER_REMOVAL
    if entry.kind not in _CARRYING:
        return ""
    is_sheet = said.certificate_of(entry.body).role == RECOVERY
    if entry.kind != said.VOUCHER and is_sheet != (entry.kind == said.SHEET):
        return NO_AUTHORITY
    return "" if entry.digest in authority.vouched else NO_AUTHORITY


def _cuts(endings: Iterable[Entry]) -> dict[int, dict[int, int]]:
    """Return the removed PCs; of two removals the one that leaves less counts."""
    found: dict[int, dict[int, int]] = {}
    for body in _bodies(endings, said.PC_GONE):
        (pc, cuts) = (body["pc"], said.cuts_of(body))
        assert isinstance(pc, int)  # noqa: S101  # its shape was checked
        if pc not in found:
            found[pc] = cuts
            continue
        both = found[pc].keys() | cuts.keys()
        found[pc] = {one: min(found[pc].get(one, 0), cuts.get(one, 0)) for one in both}
    return found


def _ended(endings: Iterable[Entry]) -> dict[bytes, frozenset[str]]:
    found: dict[bytes, frozenset[str]] = {}
    for body in _bodies(endings, said.END):
        key, keeps = binary(body, "key"), said.strings(body, "keeps")
        found[key] = found[key] & keeps if key in found else keeps
    return found


def _is_late(place: Placed, cuts: Mapping[int, Mapping[int, int]]) -> bool:
    return place.pc in cuts and place.seq > cuts[place.pc].get(place.incarnation, 0)


def _gone(entries: Sequence[Entry]) -> frozenset[str]:
    restored = frozenset[str]().union(
        *(
            said.strings(body, "restores")
            for body in _bodies(entries, said.PERSON)
            if _by_sheet(entries, said.certificate_of(body))
        )
    )
    return frozenset(
        text(one.body, "person")
        for one in entries
        if one.kind == said.GONE and one.digest not in restored
    )


def _by_sheet(entries: Sequence[Entry], certificate: Certificate) -> bool:
    """Return whether a recovery sheet vouches for somebody."""
    return any(
        said.certificate_of(body).keys.signing == certificate.signed_by
        for body in _bodies(entries, said.SHEET)
    )


def _members(entries: Sequence[Entry]) -> dict[str, Member]:
    gone = _gone(entries)
    found: dict[str, Member] = {}
    for body in _bodies(entries, said.PERSON):
        certificate = said.certificate_of(body)
        if certificate.person not in gone:
            found[certificate.person] = Member(certificate, said.slot_of(body))
    newest = {
        said.certificate_of(one.body).person: one.newer
        for one in entries
        if one.kind == said.PERSON
    }
    for one in entries:
        if one.kind != said.SLOT:
            continue
        person = text(one.body, "person")
        member = found.get(person)
        # another pair of keys, given since, has a slot of its own
        if member and member.certificate.keys.signing == one.signer and one.newer > newest[person]:
            found[person] = Member(member.certificate, said.slot_of(one.body))
    return found


def _sheet(entries: Sequence[Entry]) -> Certificate | None:
    found = [said.certificate_of(body) for body in _bodies(entries, said.SHEET)]
    return found[-1] if found else None


def _invitations(entries: Sequence[Entry]) -> dict[str, Invited]:
    used = {said.pc_of(body).invitation for body in _bodies(entries, said.PC)}
    found: dict[str, Invited] = {}
    for body in _bodies(entries, said.INVITATION):
        name, ends = text(body, "id"), text(body, "ends")
        if name in used and name in found:
            # withdrawn by somebody who had not heard yet: the PC that came with it is still told
            ends = max(ends, found[name].ends)
        found[name] = Invited(name, text(body, "words"), ends, name in used)
    return found


def matching_roll(
    standing: Standing, members: Sequence[Certificate], sheet: Certificate
) -> Roll | None:
    """Return a list of people that a manager signed and that says exactly this; None if none does."""
    wanted = {one.person: one.document for one in members}
    for document in reversed(standing.rolls):
        roll = Roll.parse(document)
        listed = {one.person: one.document for one in roll.members}
        if said.same(listed, wanted) and said.same(roll.recovery.document, sheet.document):
            return roll
    return None
