"""Whatever JSON a PC of the home signs and lays there, a round goes on and nobody else waits for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaison.records import all_specs
from liaison.records.home import Resident
from liaison.store import changes as log
from liaison.store import snapshot as copies
from liaison.sync import snapshot
from tests.store.conftest import HOME
from tests.sync.conftest import Ring, agree
from tests.sync.crafted import (
    Says,
    as_body,
    lay_beat,
    lay_segment,
    lay_words,
    manifest,
)
from tests.sync.scenes import residents

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

EDGES: Final = (
    "0001-01-01T00:00:00Z+00:00", "9999-12-31T23:59:59Z+00:00", "9999-12-31T23:59:59Z-23:59",
    "0001-01-01T23:59:00Z+23:59", "2026-11-23T14:20:00Z+00:00", "0001-01-01", "9999-12-31",
    "2026-02-29", "", "\0", "\ud800", "\udfff", "v1/../..", "1" * 30,
)  # fmt: skip
NUMBERS: Final = (0, -1, 1, 1 << 14, 1 << 31, 1 << 53, (1 << 63) - 1, 1 << 63, -(1 << 63), 10**400)
texts = st.sampled_from(EDGES) | st.text(st.characters(), max_size=8)
leaves = st.none() | st.booleans() | st.sampled_from(NUMBERS) | st.integers() | st.floats() | texts
values: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
nested = st.sampled_from(["[" * 100_000, '{"a":' * 100_000, "[" * 900 + "]" * 900, "9" * 5_000])
spelled = values.map(json.dumps) | nested
"""A JSON text as a stranger spells it, halves of characters and all."""

TYPES: Final = ("resident", "visit", "attachment", "membership", "pc", "resident_allergies", "hat")
OPS: Final = (log.BIRTH, log.EDIT, log.RESOLVE, log.EVENT, log.ERASE, "undo", "\ud800")


@st.composite
def units(draw: st.DrawFn) -> Says:
    """Draw a unit: a record's own fields with anything in them, or anything at all."""
    type_name = draw(st.sampled_from(sorted(all_specs())) | st.sampled_from(TYPES))
    spec = all_specs().get(type_name)
    own = [field.name for field in spec.fields] if spec else ["size"]
    names = st.sampled_from([*own, log.ERASED, "archived", "owner", "value", "id", "A", "hat"])
    held = st.dictionaries(names, leaves | values, max_size=3).map(json.dumps)
    fields, op = draw(held | held | spelled), draw(st.sampled_from(OPS[:4]) | st.sampled_from(OPS))
    over = draw(st.just("{}") | held | spelled)
    at = draw(st.just("") | st.sampled_from(EDGES) | texts)
    return Says(fields, type_name, op, over, at)


def changed(words: Mapping[str, object]) -> st.SearchStrategy[str]:
    """Draw some words with one of them, or all, replaced by anything."""
    one = st.tuples(st.sampled_from(sorted(words)), values)
    return one.map(lambda new: json.dumps({**words, new[0]: new[1]})) | spelled


BEAT: Final = {
    "program": "0", "at": EDGES[4], "claims": [[1, 0, 1]], "damaged": [], "lacking": [],
    "places": [],
}  # fmt: skip
bodies = st.tuples(st.sampled_from([0, 1, 2]), spelled).map(
    lambda drawn: drawn[1] if not drawn[0] else f"[2,[{drawn[1]}]]" if drawn[0] == 1
    else f'[2,[[{1 << 40},"{EDGES[4]}",1,"save","",null,[{drawn[1]}]]]]'
)  # fmt: skip


def test_no_round_fails_whatever_a_pc_of_the_home_signs(ring: Ring) -> None:
    for pc in ring.pcs:
        pc.add(Resident(name=f"from {pc.tag}"))
    ring.settle()
    office, station, night = ring.pcs
    counter = [1_000]

    def segment(unit: Says) -> None:
        try:
            lay_segment(night.means, office.means, unit, Says('{"name":"A"}'))
        except (ValueError, RecursionError):
            # what cannot even be hashed: its words are tried as they are
            words = f'[2,[[{1 << 40},{json.dumps(unit.at)},1,"save","",null,[]]]]'
            lay_words(night.means, office.means, as_body(words.encode()))

    def beat(text: str) -> None:
        counter[0] += 1
        lay_beat(night.means, counter[0], text.encode())

    def body(text: str) -> None:
        lay_words(night.means, office.means, as_body(text.encode()))

    kinds: dict[str, Callable[[Any], None]] = {"segment": segment, "beat": beat, "body": body}
    drawn = (
        st.tuples(st.just("segment"), units())
        | st.tuples(st.just("beat"), changed(BEAT))
        | st.tuples(st.just("body"), bodies)
    )

    @settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.lists(drawn, min_size=1, max_size=4))
    def play(laid: list[tuple[str, Any]]) -> None:
        for kind, what in laid:
            kinds[kind](what)
        result = office.round()
        assert result.trouble is None
        assert result.unsent == 0

    play()
    for pc in (office, station):
        pc.add(Resident(name=f"later, {pc.tag}"))
    for pc in (office, station, office):
        assert pc.round().trouble is None
    assert {f"later, {station.tag}"} <= residents(office)
    assert {f"later, {office.tag}"} <= residents(station)
    ring.pcs.remove(night)
    agree(ring)
    night.close()


MANIFEST: Final = {
    "at": EDGES[4], "key": "00" * 32, "schema": copies.schema(), "attached": 0,
    "heads": [[1, 1, 0, 1, "00" * 32]], "pieces": [["v1/piece", 5, "00" * 32]],
}  # fmt: skip


@settings(max_examples=100, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    changed(MANIFEST) | values.map(lambda one: json.dumps({**MANIFEST, "pieces": [[one, 5, ""]]}))
)
def test_a_first_fill_ends_in_plain_words_whatever_a_manifest_says(
    pair: Ring, tmp_path: Path, text: str
) -> None:
    office, station = pair.pcs
    data = manifest(station.means, text.encode())
    try:
        read = snapshot.read_manifest(
            data, HOME, office.means.roster.signing_key, office.means.keys.key
        )
    except snapshot.BadSnapshot:
        return
    # well made, but nothing of it lies there
    with pytest.raises(snapshot.BadSnapshot):
        snapshot.fetch(office.means.transport, read, tmp_path / "coming")
