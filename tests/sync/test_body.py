"""Units as segments carry them: small, and back again exactly."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.home import Resident
from liaison.store import changes as log
from liaison.store.changes import Envelope
from liaison.store.merge import units_after
from liaison.store.store import Store
from liaison.sync import body
from liaison.sync.sealed import Refused
from tests.store.conftest import TAG, Typical, add, change


def written(store: Store) -> list[Envelope]:
    return units_after(store, TAG, 0)


def test_units_come_back_exactly(store: Store, typical: Typical) -> None:
    change(store, "resident", typical.mary, "moved", room="9")
    envelopes = written(store)
    assert len(envelopes) == 3
    assert body.decode(body.encode(log.NO_HASH, envelopes), TAG) == envelopes


def test_units_from_the_middle_of_a_chain_come_back_exactly(store: Store, typical: Typical) -> None:
    add(store, Resident(name="Zoë <b> 'x' \u202e"), "it's")
    envelopes = written(store)
    content = body.encode(envelopes[1].unit.hash, envelopes[2:])
    assert body.decode(content, TAG) == envelopes[2:]
    assert body.before(content) == envelopes[1].unit.hash


@given(st.binary(max_size=200))
def test_any_bytes_are_units_or_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        body.decode(data, TAG)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=4), st.lists, max_leaves=12))
def test_any_words_are_units_or_refused(words: object) -> None:
    text = json.dumps([1, words]).encode()
    with pytest.raises(Refused):
        body.decode(struct.pack(">I", len(text)) + text + bytes(32), TAG)


@pytest.mark.parametrize("number", [0, -1, 1.0, True, "1", 1 << 63, None])
def test_a_unit_with_an_impossible_number_is_refused(store: Store, number: object) -> None:
    content = body.encode(log.NO_HASH, written(store))
    (length,) = struct.unpack(">I", content[:4])
    words = json.loads(content[4 : 4 + length])
    text = json.dumps([number, words[1]]).encode()
    with pytest.raises(Refused):
        body.decode(struct.pack(">I", len(text)) + text + content[4 + length :], TAG)


def test_words_nested_without_end_are_refused() -> None:
    text = b"[" * 100_000
    with pytest.raises(Refused):
        body.decode(struct.pack(">I", len(text)) + text + bytes(32), TAG)


def test_more_changes_than_a_segment_may_hold_are_refused(
    store: Store, typical: Typical, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = body.encode(log.NO_HASH, written(store))
    monkeypatch.setattr(body, "_MOST_CHANGES_IN_BODY", 5)
    with pytest.raises(Refused):
        body.decode(content, TAG)


def test_something_behind_the_last_unit_is_refused(store: Store) -> None:
    content = body.encode(log.NO_HASH, written(store))
    with pytest.raises(Refused):
        body.decode(content + b"x", TAG)
    with pytest.raises(Refused):
        body.decode(content[:-1], TAG)
