"""What other PCs send: in order, unbroken and signed, or set apart; nothing is ever dropped."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.records.casework import AgendaLine
from liaison.records.directory import Organisation
from liaison.records.home import Resident, Staff
from liaison.store import changes as log
from liaison.store import history, merge, projection, search, stamps, verify
from liaison.store.changes import Change, Envelope, Malformed, Unit, decode, encode, make_change
from liaison.store.driver import DriverError
from liaison.store.merge import Merged
from liaison.store.replicas import Replica
from liaison.store.store import Store
from liaison.store.unit import MOST_CHANGES, append_to_log
from tests.store.conftest import (
    KEY,
    FakeClock,
    MakeStore,
    add,
    change,
    got,
    know_each_other,
    person_of,
    replica_of,
    signer_of,
)
from tests.store.newer import newer_liaison

OFFICE, NURSES, STRANGER = 5, 9, 13


@dataclasses.dataclass
class Two:
    """Two PCs that know each other; the office holds nothing of the nurses' yet."""

    office: Store
    nurses: Store

    @property
    def sent(self) -> list[Envelope]:
        """What the nurses' PC has to send, as it comes out of the bytes it travels as."""
        return sent_by(self.nurses)


@pytest.fixture
def two(make_store: MakeStore) -> Two:
    office, nurses = make_store(OFFICE), make_store(NURSES)
    know_each_other(office, nurses)
    with nurses.unit(person_of(nurses), "three residents") as unit:
        for name in ("Ann", "Bob", "Cyd"):
            unit.add(Resident(name=name, room="4"))
    for room in ("5", "6", "7"):
        change(nurses, "resident", ann(nurses), "moved", room=room)
    return Two(office, nurses)


def ann(store: Store) -> int:
    (found,) = store.connection.execute("SELECT id FROM resident WHERE name = 'Ann'").fetchone()
    return int(found)


def sent_by(store: Store, after: int = 0) -> list[Envelope]:
    return [decode(encode(e)) for e in merge.units_after(store, store.context.tag, after)]


def count(store: Store, table: str) -> int:
    (found,) = store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found)


def reasons(store: Store) -> list[str]:
    rows = store.connection.execute("SELECT reason FROM quarantine ORDER BY id")
    return [reason for (reason,) in rows]


def exchange(*stores: Store) -> None:
    """Give everything to everybody."""
    for store in stores:
        for other in stores:
            if other is not store:
                merge.merge(store, sent_by(other))


def agree(*stores: Store) -> None:
    digests = {verify.state_digest(store.connection) for store in stores}
    assert len(digests) == 1
    for store in stores:
        assert verify.verify(store, deep=True).damage == []
        assert count(store, "superseded") == count(store, "waiting") == 0


def sealed(
    envelope: Envelope, *, by: int = NURSES, before: bytes | None = None, **words: Any
) -> Envelope:
    """Return a unit with other words, hashed and signed anew as whoever holds a key can.

    Args:
        envelope: The unit; its changes may be misshapen.
        by: The tag of the PC whose key signs.
        before: The hash it continues; that of the nurses' first four units unless given.
        words: Words of the unit to replace.
    """
    unit = envelope.unit._replace(**words)
    assert before is not None
    digest = log.unit_hash(before, unit, [c.digest for c in envelope.changes])
    signature = signer_of(by).sign(log.signed_bytes(digest))
    return Envelope(unit._replace(hash=digest, signature=signature), envelope.changes)


def rewritten(one: Change, **words: Any) -> Change:
    """Return a change with other words, its texts and digest made to fit."""
    made: dict[str, Any] = {
        "stamp": one.stamp, "type_name": one.type, "rec": one.rec, "op": one.op,
        "fields": one.fields, "over": one.over, "salt": one.salt,
    }  # fmt: skip
    return make_change(**made | words)


def next_unit(two: Two, *changes: tuple[Any, ...], by: int = NURSES, **words: Any) -> Envelope:
    """Return a unit that continues what the nurses' PC wrote, with changes made by hand.

    Args:
        two: The two PCs.
        changes: Type, record (None for its own stamp), op, fields and what they replace.
        by: The tag of the PC whose key signs.
        words: Words of the unit to replace.
    """
    last = two.sent[-1]
    tick = (last.changes[-1].stamp >> 14) + 1
    stamps = [tick + place << 14 | NURSES for place in range(len(changes) + 1)]
    made = [
        make_change(stamp, name, rec or stamp, op, fields, over, b"5" * 16)
        for stamp, (name, rec, op, fields, over) in zip(stamps[1:], changes, strict=True)
    ]
    unit = last.unit._replace(id=stamps[0], seq=last.unit.seq + 1)
    return sealed(Envelope(unit, made), by=by, before=last.unit.hash, **words)


# ---- what is good is applied, once


def test_units_of_another_pc_are_shown_and_leave_the_same_state(two: Two) -> None:
    merged = merge.merge(two.office, two.sent)
    assert merged == Merged(applied=7)
    assert got(two.office, Resident, ann(two.office)).room == "7"
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)


def test_the_same_units_twice_change_nothing(two: Two) -> None:
    merge.merge(two.office, two.sent)
    before = everything(two.office)
    assert merge.merge(two.office, two.sent * 2) == Merged()
    assert merge.merge(two.office, reversed(two.sent)) == Merged()
    assert everything(two.office) == before


def everything(store: Store) -> list[str]:
    """Return every row of every table."""
    # an index without content cannot be read
    names = store.connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'ods_words'"
    )
    return [
        f"{name} {row}"
        for (name,) in names.fetchall()
        for row in store.connection.execute(f"SELECT * FROM {name}")
    ]


def test_units_may_come_in_any_order_and_twice_in_one_delivery(two: Two) -> None:
    units = [*reversed(two.sent), *two.sent]
    assert merge.merge(two.office, units) == Merged(applied=7)
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)


def test_a_unit_that_comes_before_another_waits_for_it(two: Two) -> None:
    first, second, third, *rest = two.sent
    assert merge.merge(two.office, [third, *rest]) == Merged(waiting=3)
    assert count(two.office, "waiting") == 3
    assert count(two.office, "resident") == 0
    assert merge.merge(two.office, [first]) == Merged(applied=1, waiting=3)
    assert count(two.office, "waiting") == 3
    assert merge.merge(two.office, [second]) == Merged(applied=6)
    assert count(two.office, "waiting") == 0
    assert got(two.office, Resident, ann(two.office)).room == "7"


def test_what_waits_survives_a_restart(two: Two) -> None:
    first, *rest = two.sent
    merge.merge(two.office, rest)
    two.office.close()
    with Store(two.office.path, KEY, signer_of(OFFICE)) as office:
        assert merge.merge(office, [first]) == Merged(applied=7)
        assert count(office, "waiting") == 0


def test_many_small_units_and_one_large_are_all_applied(two: Two) -> None:
    with two.nurses.unit(person_of(two.nurses), "import", kind="import") as unit:
        for number in range(MOST_CHANGES + 10):
            unit.add(Resident(name=f"Resident {number}"))
    change(two.nurses, "resident", ann(two.nurses), room="8")
    batches = {e.unit.batch for e in two.sent[-3:-1]}
    assert len(batches) == 1
    assert None not in batches
    merge.merge(two.office, two.sent)
    assert count(two.office, "resident") == MOST_CHANGES + 13
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)


# ---- what is not good is set apart, with a reason

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


def test_what_a_stranger_sends_waits_until_this_home_knows_them(
    two: Two, make_store: MakeStore
) -> None:
    stranger = make_store(STRANGER)
    merged = merge.merge(two.office, [*sent_by(stranger), *two.sent])
    assert (merged.applied, merged.waiting, merged.quarantined) == (7, 1, [])
    assert count(two.office, "person") == 2
    know_each_other(two.office, stranger)
    assert merge.merge(two.office, []).applied > 0
    assert count(two.office, "person") == 3
    assert verify.verify(two.office).damage == []


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


def test_one_stuck_pc_does_not_block_another(two: Two, make_store: MakeStore) -> None:
    third = make_store(STRANGER)
    know_each_other(two.office, two.nurses, third)
    kitchen = add(third, Resident(name="Dot"))
    # the nurses' PC comes first by its tag, and is stuck in both ways
    merged = merge.merge(two.office, [*altered_reason(two)[4:], *two.sent[1:2], *sent_by(third)])
    assert merged.applied == 2
    assert got(two.office, Resident, kitchen).name == "Dot"
    assert merge.merge(two.office, two.sent[:1]).quarantined == []


def test_units_can_be_passed_on_by_a_third_pc(two: Two, make_store: MakeStore) -> None:
    third = make_store(STRANGER)
    know_each_other(two.office, two.nurses, third)
    merge.merge(two.office, two.sent)
    passed_on = [decode(encode(e)) for e in merge.units_after(two.office, NURSES, 0)]
    assert passed_on == two.sent
    merge.merge(third, passed_on)
    assert got(third, Resident, ann(third)).room == "7"


def test_units_are_handed_out_after_a_number_and_no_more_than_asked_for(two: Two) -> None:
    assert [e.unit.seq for e in merge.units_after(two.nurses, NURSES, 2)] == [3, 4, 5]
    assert [e.unit.seq for e in merge.units_after(two.nurses, NURSES, 0, limit=2)] == [1, 2]
    assert merge.units_after(two.nurses, NURSES, 5) == []
    assert merge.units_after(two.nurses, OFFICE, 0) == []


# ---- every check is needed


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


# ---- what meets what


@pytest.fixture
def three(make_store: MakeStore) -> tuple[Store, Store, Store]:
    stores = make_store(OFFICE), make_store(NURSES), make_store(STRANGER)
    know_each_other(*stores)
    return stores


def test_edits_that_come_before_the_birth_are_shown_once_it_comes(
    three: tuple[Store, Store, Store],
) -> None:
    office, nurses, kitchen = three
    mary = add(office, Resident(name="Mary", room="1"))
    exchange(office, nurses)
    change(nurses, "resident", mary, room="2", alerts="falls")
    merge.merge(kitchen, sent_by(nurses))
    assert kitchen.get("resident", mary) is None
    merge.merge(kitchen, sent_by(office))
    shown = got(kitchen, Resident, mary)
    assert (shown.name, shown.room, shown.alerts) == ("Mary", "2", "falls")
    assert [hit.record.id for hit in search.search(kitchen, "falls")] == [mary]
    exchange(*three)
    agree(*three)


def test_a_record_built_here_shows_what_came_for_it_before(
    three: tuple[Store, Store, Store],
) -> None:
    office, nurses, kitchen = three
    line = AgendaLine(round=1, resident=2, question="How is she?")
    for_line = ("a round", 2)
    with office.unit(person_of(office)) as unit:
        rec = unit.add(line, derived_from=for_line)
    merge.merge(nurses, sent_by(office))
    change(nurses, "agenda_line", rec, position=7, archived=True)
    # the edit is here, the birth it belongs to is not, and now this PC builds the line too
    merge.merge(kitchen, sent_by(nurses))
    with kitchen.unit(person_of(kitchen)) as unit:
        assert unit.add(line, derived_from=for_line) == rec
    assert (got(kitchen, AgendaLine, rec).position, got(kitchen, AgendaLine, rec).archived) == (
        7,
        True,
    )
    assert verify.verify(kitchen).damage == []
    exchange(*three)
    agree(*three)
    assert got(office, AgendaLine, rec).position == 7


def test_what_two_pcs_built_alike_is_one_record_and_no_difference(two: Two) -> None:
    line = AgendaLine(round=1, resident=2, question="How is she?")
    for store in (two.office, two.nurses):
        with store.unit(person_of(store)) as unit:
            rec = unit.add(line, derived_from=("a round", 2))
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)
    assert count(two.office, "agenda_line") == 1
    assert history.conflicts(two.office) == []
    # and an edit on either settles both
    change(two.office, "agenda_line", rec, question="Better?")
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)
    assert got(two.nurses, AgendaLine, rec).question == "Better?"
    assert history.conflicts(two.nurses) == []


def test_two_pcs_that_add_to_a_set_both_add_to_it(two: Two) -> None:
    surgery = add(two.office, Organisation(name="Larkfield", former_names=("Old",)))
    exchange(two.office, two.nurses)
    change(two.office, "organisation", surgery, former_names=("Old", "Older"))
    change(two.nurses, "organisation", surgery, former_names=("Old", "Oldest"))
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)
    for store in (two.office, two.nurses):
        assert set(got(store, Organisation, surgery).former_names) == {"Old", "Older", "Oldest"}
    assert history.conflicts(two.office) == []


def test_an_element_taken_out_here_and_added_later_there_is_in_and_listed(
    two: Two, clock: FakeClock
) -> None:
    surgery = add(two.office, Organisation(name="Larkfield"))
    exchange(two.office, two.nurses)
    change(two.office, "organisation", surgery, former_names=("Old",))
    change(two.office, "organisation", surgery, former_names=())
    clock.advance(minutes=1)
    # whoever adds it has heard nothing of that, and it is the newer word
    change(two.nurses, "organisation", surgery, former_names=("Old",))
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)
    assert got(two.office, Organisation, surgery).former_names == ("Old",)
    (conflict,) = history.conflicts(two.office)
    assert (conflict.type, conflict.field) == ("organisation_former_names", "archived")


def test_the_newest_of_several_versions_is_shown_whichever_came_last(
    three: tuple[Store, Store, Store], clock: FakeClock
) -> None:
    office, nurses, kitchen = three
    mary = add(office, Resident(name="Mary", room="1"))
    exchange(*three)
    change(nurses, "resident", mary, room="old")
    clock.advance(minutes=1)
    change(kitchen, "resident", mary, room="new")
    merge.merge(office, sent_by(kitchen))
    merge.merge(office, sent_by(nurses))
    assert got(office, Resident, mary).room == "new"
    exchange(*three)
    agree(*three)


def test_changes_come_to_the_same_in_whatever_order_they_are_shown(
    two: Two, make_store: MakeStore
) -> None:
    merge.merge(two.office, two.sent)
    other = make_store(OFFICE, folder="other")
    know_each_other(other, two.nurses)
    person, births, *edits = two.sent
    for units in ([person, births], edits):
        changes = [one for envelope in units for one in envelope.changes]
        with other.applying() as connection:
            append_to_log(connection, units)
            projection.project(connection, changes[::-1], ours=False)
    assert verify.state_digest(other.connection) == verify.state_digest(two.office.connection)


def test_a_clock_ten_years_behind_still_has_the_last_word_on_what_it_saw(
    two: Two, make_store: MakeStore, clock: FakeClock
) -> None:
    slow = FakeClock(clock.now.replace(year=clock.now.year - 10))
    old = make_store(STRANGER, clock=slow)
    know_each_other(two.office, old)
    mary = add(two.office, Resident(name="Mary", room="1"))
    merge.merge(old, sent_by(two.office))
    change(old, "resident", mary, room="2")
    merge.merge(two.office, sent_by(old))
    assert got(two.office, Resident, mary).room == "2"
    assert history.conflicts(two.office) == []


# ---- what only a newer Liaison knows


def garden_units(two: Two) -> list[Envelope]:
    """Return what a newer Liaison on the nurses' PC writes: a type, a set and a field unknown here."""
    last = two.sent[-1].changes[0]
    tick = (two.sent[-1].changes[-1].stamp >> 14) + 2
    garden = tick << 14 | NURSES
    plants = 2**62 + 5
    return [
        next_unit(
            two,
            ("garden", None, "birth", {"name": "Back garden", "notes": "roses"}, {}),
            ("garden_plants", plants, "birth", {"owner": garden, "value": "rose", "archived": 0}, {}),
            ("garden", garden, "edit", {"notes": "Compost heap"}, {}),
            ("resident", last.rec, "edit", {"star_sign": "Libra", "room": "9"}, {"room": [last.stamp]}),
            ("resident", None, "birth", {"name": "Dot", "star_sign": "Aries"}, {}),
        )
    ]  # fmt: skip


def test_a_value_under_the_name_of_a_set_waits_in_the_log_and_stops_nothing(two: Two) -> None:
    unborn = 2**62 + 5
    unit = next_unit(
        two,
        ("staff", unborn, "edit", {"lead_roles": "medicines"}, {}),
        ("staff", unborn, "birth", {"name": "Asha"}, {}),
    )
    merged = merge.merge(two.office, [*two.sent, unit])
    assert merged.quarantined == []
    assert got(two.office, Staff, unborn).name == "Asha"
    assert got(two.office, Staff, unborn).lead_roles == ()
    assert verify.verify(two.office, deep=True).damage == []


def test_what_only_a_newer_liaison_knows_waits_in_the_log_and_is_shown_after_the_upgrade(
    two: Two, make_store: MakeStore
) -> None:
    units = [*two.sent, *garden_units(two)]
    office = two.office
    assert merge.merge(office, units).quarantined == []
    # shown as far as it is known here, kept and passed on whole
    assert got(office, Resident, ann(office)).room == "9"
    assert verify.verify(office, deep=True).damage == []
    assert history.conflicts(office) == []
    assert [decode(encode(e)) for e in merge.units_after(office, NURSES, 0)] == units
    steps = history.history(office, "resident", ann(office))[-1].fields
    assert steps["star_sign"].after == "Libra"
    office.close()

    with (
        newer_liaison() as garden_class,
        Store(office.path, KEY, signer_of(OFFICE), clock=office.clock) as newer,
    ):
        person, mary = person_of(newer), newer.get("resident", ann(newer))
        assert vars_of(mary)["star_sign"] == "Libra"
        (garden,) = newer.connection.execute("SELECT id FROM garden").fetchone()
        shown = vars_of(newer.get("garden", garden))
        assert (shown["name"], shown["notes"]) == ("Back garden", "Compost heap")
        assert shown["plants"] == ("rose",)
        assert [h.record.id for h in search.search(newer, "compost")] == [garden]
        assert len(search.search(newer, "aries")) == 1
        assert verify.verify(newer, deep=True).damage == []
        # and it is a record like any other from now on
        loaded = newer.load("garden", garden)
        assert loaded is not None
        assert isinstance(loaded.record, garden_class)
        with newer.unit(person) as unit:
            back: Any = loaded.record
            unit.save(loaded, dataclasses.replace(back, name="Front", plants=()))
        assert history.conflicts(newer) == []
        assert verify.verify(newer, deep=True).damage == []
        # exactly as on a PC that knew it from the first day
        other = make_store(NURSES, person=False, folder="newer")
        know_each_other(newer, other)
        merge.merge(other, merge.units_after(newer, NURSES, 0))
        merge.merge(other, merge.units_after(newer, OFFICE, 0))
        agree(newer, other)


def vars_of(record: Any) -> dict[str, Any]:
    return {f.name: getattr(record, f.name) for f in dataclasses.fields(record)}


def test_without_catching_up_what_waited_stays_unseen(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge.merge(two.office, [*two.sent, *garden_units(two)])
    two.office.close()
    monkeypatch.setattr(projection, "catch_up", lambda _connection, _before: None)
    with newer_liaison(), Store(two.office.path, KEY, signer_of(OFFICE)) as newer:
        assert count(newer, "garden") == 0
        assert verify.verify(newer).damage != []


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
