"""Whatever somebody signs, or seals under an invitation's words: it counts, or it is refused in words."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaison.security import entries as said
from liaison.security import pairing
from liaison.security.errors import DamagedKeyFile
from liaison.security.primitives import Refused
from liaison.security.roll import certify, certify_sheet
from liaison.security.wire import parse, show
from tests.security.test_pairing import LAPTOP as NEW
from tests.security.test_pairing import OFFER, OFFICE, PIN, WELCOME, WORDS
from tests.security.test_standing import KATE, MALLORY, SAM, Log, pc_parts, slot_for
from tests.security.test_standing import PIN as HOME

HALF: Final = "\ud800"
NO_TIMES: Final = ("soon", "2026-11-23", "0001-01-01T00:00:00Z+00:00", "9999-12-31T23:59:59Z+00:00")
INVITED: Final[dict[str, Any]] = {"id": "i", "words": "w", "ends": "2026-11-23T00:00:00Z+00:00"}


def parts_of(kind: str) -> dict[str, Any]:
    """Return what a good entry of a kind says."""
    own = certify(HOME, KATE, person="sam", name="Sam", role="carer", keys=SAM.public).document
    sheet = certify_sheet(HOME, KATE, MALLORY.public).document
    parts: dict[str, dict[str, Any]] = {
        said.PERSON: {"certificate": own, "slot": slot_for("sam", SAM), "restores": []},
        said.VOUCHER: {"certificate": own},
        said.SHEET: {"certificate": sheet},
        said.SLOT: {"person": "kate", "slot": slot_for("kate", KATE)},
        said.GONE: {"person": "sam"},
        said.ROLL: {"roll": {}},
        said.PC: pc_parts(33, "Nurses"),
        said.PC_GONE: {"pc": 22, "cuts": [{"incarnation": 0, "seq": 4}]},
        said.EPOCH: {"id": "e", "sealed": [{"pc": 11, "key": show(bytes(32))}], "known": [1]},
        said.END: {"key": show(SAM.public.signing), "keeps": []},
        said.INVITATION: INVITED,
    }
    return parts[kind]


texts = st.sampled_from([HALF, "", "\0", *NO_TIMES, "9" * 30]) | st.text(max_size=5)
leaves = (
    st.none() | st.booleans() | st.integers() | texts | st.sampled_from([1 << 63, -1, 10**400, 0.5])
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.sampled_from(sorted(said.KINDS)), st.data())
def test_who_belongs_follows_whatever_a_manager_signs(kind: str, data: st.DataObject) -> None:
    log = Log()
    log.say(KATE, said.PC, **pc_parts(11, "Office"))
    log.person(KATE, KATE, "kate")
    parts = parts_of(kind)
    name = data.draw(st.sampled_from([*parts, "order", "hat"]))
    log.say(KATE, kind, **{**parts, name: data.draw(values)})
    after = log.standing
    assert "kate" in after.members or kind in said.ENDINGS
    # what does not count is told
    assert {one.kind for one in after.entries} >= {said.PC, said.PERSON}
    assert len(after.entries) + len(after.not_counted) >= len(log.placed)


@pytest.mark.parametrize("ends", [*NO_TIMES, HALF])
def test_an_invitation_that_ends_at_no_time_is_none(ends: str) -> None:
    log = Log()
    log.say(KATE, said.INVITATION, **INVITED)
    assert list(log.standing.invitations) == ["i"]
    log.say(KATE, said.INVITATION, **{**INVITED, "id": "j", "ends": ends})
    assert list(log.standing.invitations) == ["i"]
    assert len(log.standing.not_counted) == 1
    offer = pairing.write_offer(WORDS, dataclasses.replace(OFFER, ends=ends))
    with pytest.raises(Refused):
        pairing.read_offer(WORDS, offer)


@pytest.mark.parametrize(
    "entry", ["", "[1]", "{}", '{"kind":1}', "[" * 100_000, '{"kind":"a","b":"\\ud800"}', HALF]
)
def test_an_answer_with_what_is_no_entry_is_none(entry: str) -> None:
    good = pairing.write_welcome(PIN, OFFICE, NEW.public, WELCOME)
    assert pairing.read_welcome(PIN, NEW, good)[0] == WELCOME
    welcome = dataclasses.replace(WELCOME, entries=(*WELCOME.entries, entry))
    with pytest.raises(Refused):
        pairing.read_welcome(PIN, NEW, pairing.write_welcome(PIN, OFFICE, NEW.public, welcome))


@pytest.mark.parametrize("found", [{"a": HALF}, {HALF: 1}, {"a": [{"b": [HALF]}]}])
def test_half_a_character_is_no_strict_json(found: dict[str, object]) -> None:
    with pytest.raises(DamagedKeyFile):
        parse(json.dumps(found).encode(), "it")
    whole = json.dumps(found).replace("d800", "00e9")
    assert parse(whole.encode(), "it") == json.loads(whole)
