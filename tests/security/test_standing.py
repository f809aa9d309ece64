"""Who belongs follows from signed entries alone: forged, late and replayed ones change nothing."""

from __future__ import annotations

import dataclasses
import itertools
import json
import random
from typing import Any

import pytest

from liaison.security import entries as said
from liaison.security.entries import PcEntry
from liaison.security.primitives import Identity, Pin
from liaison.security.roll import Certificate, certify, certify_sheet, write_roll
from liaison.security.standing import (
    AFTER_CUT,
    AFTER_REMOVAL,
    FORGED,
    NO_AUTHORITY,
    Standing,
    work_out,
)
from liaison.security.wire import JsonObject, show
from liaison.store.membership import Placed

KATE, ANN, SAM, MALLORY, SHEET = (Identity.generate() for _ in range(5))
PIN = Pin("f" * 32, KATE.public.signing)
OFFICE, LAPTOP = 11, 22


@dataclasses.dataclass
class Log:
    """A home's entries, written one after the other on its PCs."""

    placed: list[Placed] = dataclasses.field(default_factory=list)
    seqs: dict[int, Any] = dataclasses.field(default_factory=dict)

    def say(
        self, signer: Identity, kind: str, *, on: int = OFFICE, order: int = 0, **parts: Any
    ) -> JsonObject:
        document = said.sign(PIN, signer, kind, order or len(self.placed) + 1, **parts)
        self.send(said.as_text(document), on)
        return document

    def send(self, text: str, pc: int = OFFICE) -> None:
        seq = next(self.seqs.setdefault(pc, itertools.count(1)))
        stamp = len(self.placed) + 1
        self.placed.append(Placed(stamp, stamp, pc, 0, seq, text))

    def person(
        self, signer: Identity, who: Identity, name: str, role: str = "manager", **other: Any
    ) -> Certificate:
        one = certify(PIN, signer, person=name, name=name, role=role, keys=who.public)
        self.say(signer, said.PERSON, certificate=one.document, slot=None, restores=[], **other)
        return one

    def end(self, signer: Identity, key: Identity, **other: Any) -> None:
        """End somebody's authority as it is done: all they said so far stays."""
        keeps = [
            entry.digest
            for entry in (said.read(PIN, one.text) for one in self.placed)
            if entry.signer == key.public.signing
            or (
                "certificate" in entry.body
                and said.certificate_of(entry.body).signed_by == key.public.signing
            )
        ]
        self.say(signer, said.END, key=show(key.public.signing), keeps=keeps, **other)

    @property
    def standing(self) -> Standing:
        return work_out(PIN, self.placed)


def pc_parts(pc: int, name: str) -> dict[str, Any]:
    keys = Identity.generate().public
    return {
        "pc": pc, "name": name, "exchange": show(keys.exchange), "signing": show(keys.signing),
        "tag": pc, "invitation": "",
    }  # fmt: skip


@pytest.fixture
def log() -> Log:
    log = Log()
    log.say(KATE, said.PC, **pc_parts(OFFICE, "Office"))
    log.person(KATE, KATE, "kate")
    sheet = certify_sheet(PIN, KATE, SHEET.public)
    log.say(KATE, said.SHEET, certificate=sheet.document)
    log.person(KATE, ANN, "ann")
    log.say(ANN, said.PC, **pc_parts(LAPTOP, "Laptop"))
    return log


def people(standing: Standing) -> dict[str, str]:
    return {one: member.certificate.role for one, member in standing.members.items()}


def reasons(standing: Standing) -> list[str]:
    return [one.why for one in standing.not_counted]


def test_a_manager_let_in_by_the_first_one_lets_others_in(log: Log) -> None:
    log.person(ANN, SAM, "sam", "carer", on=LAPTOP)
    assert people(log.standing) == {"kate": "manager", "ann": "manager", "sam": "carer"}
    assert {one.name for one in log.standing.live_pcs} == {"Office", "Laptop"}
    assert reasons(log.standing) == []


def test_the_order_in_which_entries_arrive_never_matters(log: Log) -> None:
    log.person(ANN, SAM, "sam", "carer")
    log.say(KATE, said.GONE, person="ann", on=LAPTOP)
    log.end(KATE, ANN)
    log.person(ANN, MALLORY, "mallory")
    wanted = log.standing
    chance = random.Random(5)
    for _ in range(20):
        shuffled = chance.sample(log.placed, len(log.placed))
        # twice, as a PC may send again what another one wrote
        found = work_out(PIN, [*shuffled, *shuffled[:4]])
        assert people(found) == people(wanted)
        assert (found.cuts, found.ended, found.gone) == (wanted.cuts, wanted.ended, wanted.gone)
        assert set(reasons(found)) == set(reasons(wanted))


@pytest.mark.parametrize("kind", sorted(said.KINDS))
def test_what_a_stranger_or_a_carer_signs_changes_nothing_and_is_told(kind: str, log: Log) -> None:
    log.person(KATE, SAM, "sam", "carer")
    before = log.standing
    own = certify(PIN, MALLORY, person="mallory", name="M", role="manager", keys=MALLORY.public)
    sheet = certify_sheet(PIN, MALLORY, MALLORY.public)
    parts: dict[str, dict[str, Any]] = {
        said.PERSON: {"certificate": own.document, "slot": None, "restores": []},
        said.VOUCHER: {"certificate": own.document},
        said.SHEET: {"certificate": sheet.document},
        said.SLOT: {"person": "kate", "slot": slot_for("kate", MALLORY)},
        said.GONE: {"person": "kate"},
        said.ROLL: {"roll": a_roll()},
        said.PC: pc_parts(33, "Mine"),
        said.PC_GONE: {"pc": OFFICE, "cuts": []},
        said.EPOCH: {"id": "e", "sealed": []},
        said.END: {"key": show(KATE.public.signing), "keeps": []},
        said.INVITATION: {"id": "i", "words": "w", "ends": "2026-11-23T00:00:00Z+00:00"},
    }
    for signer in (MALLORY, SAM):
        log.say(signer, kind, **parts[kind])
    after = log.standing
    assert people(after) == people(before)
    assert (after.pcs, after.cuts, after.ended, after.gone, after.sheet, after.epochs) == (
        before.pcs, before.cuts, before.ended, before.gone, before.sheet, before.epochs,
    )  # fmt: skip
    assert (after.rolls, after.invitations) == (before.rolls, before.invitations)
    assert reasons(after) == [NO_AUTHORITY] * 2


def slot_for(person: str, identity: Identity) -> dict[str, object]:
    method = {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1, "salt": show(bytes(16))}
    return {
        "person": person, "key": show(identity.public.signing), "kdf": method,
        "nonce": show(bytes(12)), "keys": show(bytes(80)),
    }  # fmt: skip


def a_roll() -> JsonObject:
    mine = Pin(PIN.home_id, MALLORY.public.signing)
    first = certify(mine, MALLORY, person="m", name="M", role="manager", keys=MALLORY.public)
    sheet = certify_sheet(mine, MALLORY, MALLORY.public)
    return write_roll(mine, MALLORY, members=[first], recovery=sheet).document


@pytest.mark.parametrize("member", ["role", "order", "kind", "signed_by", "signature"])
def test_one_changed_member_of_a_signed_entry_is_noticed(member: str, log: Log) -> None:
    document = json.loads(log.placed[3].text)
    if member == "role":
        document["certificate"]["role"] = "carer"
    elif member == "order":
        document["order"] = 99
    elif member == "kind":
        document["kind"] = said.VOUCHER
    elif member == "signed_by":
        document["signed_by"] = show(MALLORY.public.signing)
    else:
        document["signature"] = show(bytes(64))
    before = people(log.standing)
    log.send(json.dumps(document))
    assert people(log.standing) == before
    assert reasons(log.standing) == [FORGED]


def test_an_entry_of_another_home_is_none_of_this_one(log: Log) -> None:
    elsewhere = Pin("e" * 32, KATE.public.signing)
    log.send(said.as_text(said.sign(elsewhere, KATE, said.GONE, 9, person="ann")))
    assert "ann" in log.standing.members
    assert reasons(log.standing) == [FORGED]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"kind": "person"}', "é", "{" * 50])
def test_what_is_no_entry_is_told_and_nothing_else(text: str, log: Log) -> None:
    log.send(text)
    assert len(log.standing.not_counted) == 1
    assert len(log.standing.members) == 2


def test_what_a_removed_manager_signs_afterwards_does_not_count(log: Log) -> None:
    log.person(ANN, SAM, "sam", "carer", on=LAPTOP)
    log.say(KATE, said.GONE, person="ann")
    log.end(KATE, ANN)
    log.person(ANN, MALLORY, "mallory", on=LAPTOP)
    # nor if somebody she vouches for brings her word
    stooge = certify(PIN, ANN, person="m2", name="M", role="manager", keys=MALLORY.public)
    log.say(MALLORY, said.PERSON, certificate=stooge.document, slot=None, restores=[], on=LAPTOP)
    # whom she had let in before stays
    assert people(log.standing) == {"kate": "manager", "sam": "carer"}
    assert sorted(reasons(log.standing)) == sorted([AFTER_REMOVAL, NO_AUTHORITY])


def test_an_old_role_played_again_does_not_come_back(log: Log) -> None:
    old = log.placed[3].text
    one = certify(PIN, KATE, person="ann", name="ann", role="carer", keys=ANN.public)
    log.say(KATE, said.PERSON, certificate=one.document, slot=None, restores=[])
    log.end(KATE, ANN)
    log.send(old, LAPTOP)
    assert people(log.standing)["ann"] == "carer"
    assert not log.standing.may_sign(ANN.public.signing)


def test_of_two_roles_given_at_once_one_stands_everywhere(log: Log) -> None:
    for role in ("carer", "senior"):
        one = certify(PIN, KATE, person="sam", name="Sam", role=role, keys=SAM.public)
        log.say(KATE, said.PERSON, certificate=one.document, slot=None, restores=[], order=50)
    first = people(log.standing)["sam"]
    assert people(work_out(PIN, reversed(log.placed)))["sam"] == first


def test_two_managers_who_remove_each_other_are_both_gone(log: Log) -> None:
    log.say(KATE, said.GONE, person="ann", order=20)
    log.say(ANN, said.GONE, person="kate", order=20, on=LAPTOP)
    log.end(KATE, ANN, order=21)
    log.end(ANN, KATE, order=21, on=LAPTOP)
    assert people(log.standing) == {}
    assert not log.standing.may_sign(KATE.public.signing)
    assert log.standing.may_sign(SHEET.public.signing)


def test_only_the_recovery_sheet_lets_somebody_in_again_who_was_removed(log: Log) -> None:
    gone = log.say(ANN, said.GONE, person="kate", on=LAPTOP)
    digest = said.read(PIN, said.as_text(gone)).digest
    again = Identity.generate()
    by_ann = certify(PIN, ANN, person="kate", name="kate", role="manager", keys=again.public)
    log.say(ANN, said.PERSON, certificate=by_ann.document, slot=None, restores=[digest])
    assert "kate" not in log.standing.members
    by_sheet = certify(PIN, SHEET, person="kate", name="kate", role="manager", keys=again.public)
    log.say(again, said.PERSON, certificate=by_sheet.document, slot=None, restores=[digest])
    assert log.standing.members["kate"].certificate.keys == again.public


def test_what_a_removed_pc_sent_after_its_cut_does_not_count(log: Log) -> None:
    log.person(ANN, SAM, "sam", "carer", on=LAPTOP)
    cuts = [{"incarnation": 0, "seq": 0}]
    log.send(said.as_text(said.sign(PIN, KATE, said.PC_GONE, 30, pc=LAPTOP, cuts=cuts)))
    assert "sam" not in log.standing.members
    assert reasons(log.standing) == [AFTER_CUT]
    assert LAPTOP not in {one.id for one in log.standing.live_pcs}


def test_of_two_removals_of_a_pc_the_one_that_leaves_less_counts(log: Log) -> None:
    for seq in (7, 3):
        entry = said.sign(
            PIN, KATE, said.PC_GONE, 30 + seq, pc=LAPTOP, cuts=[{"incarnation": 0, "seq": seq}]
        )
        log.send(said.as_text(entry))
    assert log.standing.cuts == {LAPTOP: {0: 3}}


def test_only_the_person_themself_says_their_new_password(log: Log) -> None:
    one = certify(PIN, KATE, person="sam", name="Sam", role="carer", keys=SAM.public)
    log.say(KATE, said.PERSON, certificate=one.document, slot=slot_for("sam", SAM), restores=[])
    new = slot_for("sam", SAM) | {"nonce": show(b"n" * 12)}
    log.say(ANN, said.SLOT, person="sam", slot=new)
    assert log.standing.members["sam"].slot == slot_for("sam", SAM)
    log.say(SAM, said.SLOT, person="sam", slot=new)
    assert log.standing.members["sam"].slot == new
    assert reasons(log.standing) == [NO_AUTHORITY]


def test_somebody_elses_slot_beside_a_certificate_is_refused(log: Log) -> None:
    one = certify(PIN, KATE, person="sam", name="Sam", role="carer", keys=SAM.public)
    log.say(KATE, said.PERSON, certificate=one.document, slot=slot_for("sam", MALLORY), restores=[])
    assert "sam" not in log.standing.members
    assert len(reasons(log.standing)) == 1


def test_keys_of_a_manager_who_was_removed_meanwhile_open_but_seal_nothing(log: Log) -> None:
    office = PcEntry(OFFICE, "Office", KATE.public, 1)
    log.end(KATE, ANN)
    sealed = said.seal_epoch(PIN, "late", bytes(32), [office])
    log.say(ANN, said.EPOCH, id="late", sealed=sealed, on=LAPTOP)
    (epoch,) = log.standing.epochs
    assert epoch.announced is None
    assert said.open_epoch(PIN, "late", OFFICE, KATE, epoch.sealed[OFFICE]) == bytes(32)
    log.say(KATE, said.EPOCH, id="late", sealed=sealed)
    (epoch,) = log.standing.epochs
    assert epoch.announced == log.placed[-1].unit
