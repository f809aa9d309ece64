"""What is not as its PC wrote and signed it is set apart with a reason; every check of that is needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.records.home import Resident
from liaison.store import changes as log
from liaison.store import merge, stamps, verify
from liaison.store.changes import Envelope, Malformed, Unit, decode, encode, make_change
from liaison.store.driver import DriverError
from liaison.store.merge import Merged
from liaison.store.replicas import Replica
from tests.store.conftest import (
    NURSES,
    OFFICE,
    STRANGER,
    MakeStore,
    Two,
    add,
    got,
    know_each_other,
    replica_of,
    sent_by,
    signer_of,
)
from tests.store.sending import agree, count, exchange, next_unit, reasons, rewritten, sealed

Attack = Callable[[Two], list[Envelope]]


def altered_value(two: Two) -> list[Envelope]:
    *good, last = two.sent
    lie = rewritten(last.changes[0], fields={"room": "666"})
    return [*good, Envelope(last.unit, [lie])]


def altered_digest_alone(two: Two) -> list[Envelope]:
    """Content changed, digest left: what arrives is hashed anew, so it is as if both changed."""
    *good, last = two.sent
    text = json.dumps({"room": "666"})
    lie = last.changes[0]._replace(fields={"room": "666"}, fields_text=text)
    return [*good, decode(encode(Envelope(last.unit, [lie])))]


def change_left_out(two: Two) -> list[Envelope]:
    first, births, *rest = two.sent
    return [first, Envelope(births.unit, births.changes[1:]), *rest]


def change_added(two: Two) -> list[Envelope]:
    *good, last = two.sent
    extra = rewritten(last.changes[0], stamp=last.changes[0].stamp + (1 << 14), fields={}, over={})
    return [*good, Envelope(last.unit, [*last.changes, extra])]


def altered_reason(two: Two) -> list[Envelope]:
    *good, last = two.sent
    return [*good, Envelope(last.unit._replace(reason="no reason"), last.changes)]


def altered_author(two: Two) -> list[Envelope]:
    *good, last = two.sent
    return [*good, Envelope(last.unit._replace(person=4), last.changes)]


def altered_signature(two: Two) -> list[Envelope]:
    *good, last = two.sent
    flipped = bytes([last.unit.signature[0] ^ 1]) + last.unit.signature[1:]
    return [*good, Envelope(last.unit._replace(signature=flipped), last.changes)]


def no_signature(two: Two) -> list[Envelope]:
    *good, last = two.sent
    return [*good, Envelope(last.unit._replace(signature=b""), last.changes)]


def signature_of_the_unit_before(two: Two) -> list[Envelope]:
    *good, last = two.sent
    borrowed = good[-1].unit.signature
    return [*good, Envelope(last.unit._replace(signature=borrowed), last.changes)]


def signed_by_another_pc(two: Two) -> list[Envelope]:
    return [*two.sent, next_unit(two, ("resident", None, "birth", {"name": "Eve"}, {}), by=OFFICE)]


def number_skipped(two: Two) -> list[Envelope]:
    """The chain misses a unit and the numbers are made to hide it."""
    *good, left_out, last = two.sent
    return [*good, Envelope(last.unit._replace(seq=left_out.unit.seq), last.changes)]


def stamp_used_again(two: Two) -> list[Envelope]:
    """A PC that lost its memory signs a second change under a stamp it has used before."""
    *_, last = two.sent
    again = rewritten(last.changes[0], fields={"room": "666"})
    made = Envelope(last.unit._replace(seq=last.unit.seq + 1), [again])
    return [*two.sent, sealed(made, before=last.unit.hash)]


def misshapen(two: Two) -> list[Envelope]:
    """A PC of this home signs what cannot be: it is not enough to know the key."""
    bad = ("resident", None, "birth", {"name": "Eve"}, {"room": [1]})
    return [*two.sent, next_unit(two, bad)]


def wrong_kind(two: Two) -> list[Envelope]:
    return [*two.sent, next_unit(two, ("resident", None, "birth", {"name": 4}, {}))]


def erasure_of_what_cannot_be(two: Two) -> list[Envelope]:
    """Its words would stop the guard on the log, at this erasure and at every later one."""
    said = {"alerts": None, "erased": '{"007": "00"}'}
    return [*two.sent, next_unit(two, ("resident", None, "erase", said, {}))]


ATTACKS: dict[Attack, str] = {
    altered_value: "does not continue",
    altered_digest_alone: "does not continue",
    change_left_out: "does not continue",
    change_added: "does not continue",
    altered_reason: "does not continue",
    altered_author: "does not continue",
    altered_signature: "signature is not that PC's",
    no_signature: "signature is not that PC's",
    signature_of_the_unit_before: "signature is not that PC's",
    signed_by_another_pc: "signature is not that PC's",
    number_skipped: "does not continue",
    stamp_used_again: "does not continue",
    misshapen: "does not write",
    erasure_of_what_cannot_be: "taken out of",
    wrong_kind: "resident.name holds a value of another kind",
}


def refused(two: Two, attack: Attack, units: Sequence[Envelope]) -> None:
    """Merge what an attack sends; fails if the bad unit had any effect but to be set apart."""
    bad = next(n for n, e in enumerate(units) if n >= len(two.sent) or e != two.sent[n])
    merged = merge.merge(two.office, units)
    assert len(merged.quarantined) == 1
    assert ATTACKS[attack] in merged.quarantined[0]
    assert reasons(two.office) == merged.quarantined
    (body,) = two.office.connection.execute("SELECT body FROM quarantine").fetchone()
    assert body == encode(units[bad])
    assert count(two.office, "unit WHERE tag = 9") == bad
    assert verify.verify(two.office).damage == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_bad_unit_is_set_apart_and_has_no_effect(two: Two, attack: Attack) -> None:
    refused(two, attack, attack(two))
    # and nothing is lost by it: the true ones still count
    assert merge.merge(two.office, two.sent).quarantined == []
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)


def test_what_followed_a_bad_unit_waits_for_the_good_one_in_its_place(two: Two) -> None:
    births = two.sent[1]
    merged = merge.merge(two.office, change_left_out(two))
    assert (merged.applied, merged.waiting) == (1, 3)
    assert merge.merge(two.office, [births]) == Merged(applied=6)
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)


def test_a_bad_unit_that_waited_is_set_apart_when_its_turn_comes(two: Two) -> None:
    *good, last = two.sent
    bad = altered_value(two)[-1]
    assert merge.merge(two.office, [bad]) == Merged(waiting=1)
    assert len(merge.merge(two.office, good).quarantined) == 1
    assert count(two.office, "waiting") == 0
    assert merge.merge(two.office, [last]) == Merged(applied=1)


def test_the_same_bad_unit_is_set_apart_once(two: Two) -> None:
    for _ in range(3):
        merge.merge(two.office, altered_value(two))
    assert count(two.office, "quarantine") == 1


def test_every_unit_before_a_forged_tail_counts(two: Two) -> None:
    tail = [Envelope(e.unit._replace(signature=b"x" * 64), e.changes) for e in two.sent[3:]]
    merged = merge.merge(two.office, [*two.sent[:3], *tail])
    assert merged.applied == 5
    assert merged.quarantined == ["its signature is not that PC's"]


def test_of_two_units_of_one_number_in_one_delivery_the_good_one_counts(two: Two) -> None:
    good = two.sent
    for units in (
        [*altered_reason(two), *good],
        [*reversed(good), *altered_value(two)],
        [*altered_signature(two)[4:], *altered_value(two)[4:], *good],
    ):
        merged = merge.merge(two.office, units)
        assert count(two.office, "unit WHERE tag = 9") == len(good), merged
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)


def test_no_flipped_bit_passes(two: Two, full_faults: bool) -> None:  # noqa: FBT001  # a fixture
    *good, last = two.sent
    merge.merge(two.office, good)
    before = verify.state_digest(two.office.connection)
    body = encode(last)
    for place in range(0, len(body) * 8, 1 if full_faults else 37):
        flipped = bytearray(body)
        flipped[place // 8] ^= 1 << place % 8
        try:
            envelope = decode(bytes(flipped))
        except Malformed:
            continue
        # hexadecimal may be written in capitals
        if encode(envelope) == body:
            continue
        assert merge.merge(two.office, [envelope]).applied == 0, place
    assert verify.state_digest(two.office.connection) == before
    # whatever claimed to follow and waits does not stand in the way of the true unit
    assert merge.merge(two.office, [last]).applied == 1
    assert verify.verify(two.office).damage == []


def test_one_stuck_pc_does_not_block_another(two: Two, make_store: MakeStore) -> None:
    third = make_store(STRANGER)
    know_each_other(two.office, two.nurses, third)
    kitchen = add(third, Resident(name="Dot"))
    # the nurses' PC comes first by its tag, and is stuck in both ways
    merged = merge.merge(two.office, [*altered_reason(two)[4:], *two.sent[1:2], *sent_by(third)])
    assert merged.applied == 2
    assert got(two.office, Resident, kitchen).name == "Dot"
    assert merge.merge(two.office, two.sent[:1]).quarantined == []


def test_a_key_can_be_used_for_nothing_but_units(two: Two) -> None:
    """A signature over the bare hash, as another message might carry, is not one over the unit."""
    *good, last = two.sent
    key: Ed25519PrivateKey = signer_of(NURSES)
    bare = last.unit._replace(signature=key.sign(last.unit.hash))
    merged = merge.merge(two.office, [*good, Envelope(bare, last.changes)])
    assert merged.quarantined == ["its signature is not that PC's"]


def test_a_forged_unit_never_pushes_out_a_good_one_that_waits(two: Two) -> None:
    unit, changes = two.sent[1]
    forged = [Envelope(unit._replace(reason="forged"), changes)]
    # the good second unit waits for the first; then the first comes with a forged second
    assert merge.merge(two.office, two.sent[1:2]).waiting == 1
    merged = merge.merge(two.office, [two.sent[0], *forged])
    assert len(merged.quarantined) == 1
    assert two.office.connection.execute("SELECT count(*) FROM waiting").fetchone() == (0,)
    assert merge.merge(two.office, two.sent[2:]).quarantined == []
    assert verify.verify(two.office).damage == []


def test_of_two_units_with_one_number_that_wait_the_good_one_counts(
    two: Two, make_store: MakeStore
) -> None:
    stranger = make_store(STRANGER)
    add(stranger, Resident(name="Dot"))
    first, second = sent_by(stranger)
    forged = Envelope(first.unit._replace(reason="forged"), first.changes)
    merge.merge(two.office, [forged])
    merge.merge(two.office, [first, second])
    know_each_other(two.office, stranger)
    merged = merge.merge(two.office, [])
    assert (len(merged.quarantined), merged.waiting) == (1, 0)
    assert count(two.office, "resident WHERE name = 'Dot'") == 1


def test_a_stamp_that_would_leave_none_for_our_own_writes_is_refused(
    two: Two, make_store: MakeStore
) -> None:
    unit = two.sent[0].unit
    far = stamps.HIGHEST_RECEIVED | unit.tag
    unit = unit._replace(id=far)
    assert "future" in log.shape_problem(Envelope(unit, []))
    late = make_change(far, "resident", far, "birth", {"name": "X"}, {}, bytes(16))
    assert "future" in log.shape_problem(Envelope(two.sent[0].unit, [late]))


def test_a_pc_that_forked_is_set_apart_and_its_first_word_stands(
    two: Two, make_store: MakeStore
) -> None:
    merge.merge(two.office, two.sent)
    before = verify.state_digest(two.office.connection)
    twin = make_store(NURSES, folder="twin")
    add(twin, Resident(name="Written on a copy"))
    merged = merge.merge(two.office, sent_by(twin))
    assert merged.quarantined == ["this PC already holds a different unit with that number"] * 2
    assert verify.state_digest(two.office.connection) == before


def _stranger(_connection: Any, tag: int) -> Replica:
    return replica_of(tag)


def _drop_forks(_store: Any, replica: Replica, units: dict[int, Envelope], _result: Any) -> None:
    for seq in [seq for seq in units if seq <= replica.seq]:
        del units[seq]


def _own_word(_before: bytes, unit: Unit, _digests: Any) -> bytes:
    return unit.hash


SWITCHED_OFF: dict[str, tuple[str, Any, tuple[Attack, ...]]] = {
    "signature": (
        "liaison.store.merge.signed_by",
        lambda _key, _unit: True,
        (altered_signature, no_signature, signature_of_the_unit_before, signed_by_another_pc),
    ),
    "chain": (
        "liaison.store.changes.unit_hash",
        _own_word,
        (altered_value, change_left_out, change_added, altered_reason, altered_author),
    ),
    "shape": ("liaison.store.merge.shape_problem", lambda _envelope: "", (misshapen,)),
    "kind": ("liaison.store.merge.kind_problem", lambda _envelope: "", (wrong_kind,)),
}


@pytest.mark.parametrize(
    ("check", "attack"),
    [(check, attack) for check, (_, _, found) in SWITCHED_OFF.items() for attack in found],
)
def test_without_its_check_a_bad_unit_gets_through(
    two: Two, monkeypatch: pytest.MonkeyPatch, check: str, attack: Attack
) -> None:
    place, off, _ = SWITCHED_OFF[check]
    units = attack(two)
    monkeypatch.setattr(place, off)
    with pytest.raises((AssertionError, DriverError)):
        refused(two, attack, units)


def test_without_the_stamp_check_a_pc_that_lost_its_memory_stops_the_merge(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge.merge(two.office, two.sent)
    again = stamp_used_again(two)[-1:]
    assert merge.merge(two.office, again).quarantined != []
    monkeypatch.setattr(merge, "_last_stamp", lambda _connection, _replica: 0)
    with pytest.raises(DriverError, match="UNIQUE"):
        merge.merge(two.office, again)


def test_without_its_check_a_stranger_gets_in(
    two: Two, make_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = sent_by(make_store(STRANGER))
    monkeypatch.setattr(merge, "find_replica", _stranger)
    assert merge.merge(two.office, units).quarantined == []
    assert count(two.office, "person") == 2


def test_without_its_check_a_fork_is_lost_without_a_word(
    two: Two, make_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge.merge(two.office, two.sent)
    twin = make_store(NURSES, folder="twin")
    monkeypatch.setattr(merge, "_set_apart_forks", _drop_forks)
    assert merge.merge(two.office, sent_by(twin)) == Merged()
