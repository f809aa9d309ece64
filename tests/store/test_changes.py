"""Changes and units as bytes: every word counts, and nothing misshapen passes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.store import changes as log
from liaison.store.changes import (
    NO_HASH,
    Change,
    Envelope,
    Malformed,
    Unit,
    decode,
    encode,
    make_change,
    shape_problem,
    unit_hash,
)
from liaison.store.received import kind_problem
from liaison.store.stamps import LARGEST

TAG = 5
AT = "2026-11-23T09:00:00Z+00:00"


def stamp(number: int, tag: int = TAG) -> int:
    """Return the n-th stamp of a replica."""
    return number << 14 | tag


UNIT = Unit(stamp(10), TAG, 1, AT, 77, "save", "why", None, b"h" * 32, b"s" * 64)


def changed(**words: Any) -> Change:
    """Return a good change with some words replaced, its texts and digest made to fit."""
    all_words: dict[str, Any] = {
        "stamp": stamp(12), "type_name": "resident", "rec": stamp(3), "op": "edit",
        "fields": {"room": "4"}, "over": {"room": [stamp(9)]}, "salt": b"1" * 16,
    } | words  # fmt: skip
    return make_change(**all_words)


def envelope(*changes: Change, **words: Any) -> Envelope:
    return Envelope(UNIT._replace(**words), changes)


values = st.none() | st.integers(-(2**63), 2**63 - 1) | st.text()
names = st.from_regex(r"[a-z][a-z0-9_]{0,62}", fullmatch=True)


@given(
    st.dictionaries(names, values, max_size=4),
    st.text(),
    st.none() | st.integers(1, LARGEST),
    st.lists(st.integers(1, LARGEST), max_size=3),
)
def test_an_envelope_comes_back_as_it_was(
    fields: dict[str, Any], reason: str, batch: int | None, replaced: list[int]
) -> None:
    over = dict.fromkeys(fields, replaced) if replaced else {}
    one = changed(fields=fields, over=over)
    sent = envelope(one, changed(stamp=stamp(13)), reason=reason, batch=batch)
    came = decode(encode(sent))
    assert came.unit == sent.unit
    assert list(came.changes) == list(sent.changes)
    assert encode(came) == encode(sent)


@given(st.text(), st.text())
def test_the_text_that_is_hashed_has_no_line_break(one: str, other: str) -> None:
    assert "\n" not in log.dump({one: other})
    assert json.loads(log.dump([one, other])) == [one, other]
    plain = json.dumps([one, {"": other}], ensure_ascii=False, separators=(",", ":"))
    assert log.dump([one, {"": other}]) == plain


@pytest.mark.parametrize(
    "words",
    [
        {"stamp": stamp(13)},
        {"type_name": "staff"},
        {"rec": stamp(4)},
        {"op": "resolve"},
        {"fields": {"room": "5"}},
        {"fields": {"name": "4"}},
        {"fields": {"room": 4}},
        {"over": {}},
        {"over": {"room": [stamp(8)]}},
        {"salt": b"2" * 16},
    ],
    ids=str,
)
def test_every_word_of_a_change_is_in_its_digest(words: dict[str, Any]) -> None:
    assert changed(**words).digest != changed().digest


@pytest.mark.parametrize(
    "words",
    [
        {"id": stamp(11)},
        {"tag": 6},
        {"seq": 2},
        {"at": "2026-11-23T09:00:01Z+00:00"},
        {"person": 78},
        {"kind": "undo"},
        {"reason": "why not"},
        {"batch": 1},
    ],
    ids=str,
)
def test_every_word_of_a_unit_is_in_its_hash(words: dict[str, Any]) -> None:
    digests = [changed().digest]
    assert unit_hash(NO_HASH, UNIT._replace(**words), digests) != unit_hash(NO_HASH, UNIT, digests)


def test_the_unit_before_and_every_change_in_order_are_in_a_units_hash() -> None:
    one, other = changed().digest, changed(stamp=stamp(13)).digest
    hashes = {
        unit_hash(before, UNIT, digests)
        for before in (NO_HASH, b"1" * 32)
        for digests in ([], [one], [other], [one, other], [other, one], [one, one])
    }
    assert len(hashes) == 12


def test_the_same_value_has_another_digest_under_another_salt() -> None:
    # a room number is soon guessed; without the salt the digest that stays would tell it
    assert changed(salt=b"2" * 16).digest != changed(salt=b"3" * 16).digest


def test_the_signature_is_not_over_the_bare_hash() -> None:
    assert log.signed_bytes(b"h" * 32) != b"h" * 32
    assert log.signed_bytes(b"h" * 32).endswith(b"h" * 32)


def good_words() -> list[Any]:
    found: list[Any] = json.loads(encode(envelope(changed())))
    return found


def misshapen() -> dict[str, Any]:
    """Return what is no envelope at all, by what is wrong with it."""
    unit, rows = good_words()
    row = rows[0]

    def with_unit(place: int, word: Any) -> list[Any]:
        return [[*unit[:place], word, *unit[place + 1 :]], rows]

    def with_row(place: int, word: Any) -> list[Any]:
        return [unit, [[*row[:place], word, *row[place + 1 :]]]]

    return {
        "nothing": None,
        "a number": 5,
        "an empty list": [],
        "a unit alone": [unit],
        "a third part": [unit, rows, []],
        "a unit that is a mapping": [{}, rows],
        "a unit that is a text": ["unit", rows],
        "too few words": [unit[:9], rows],
        "too many words": [[*unit, "00"], rows],
        "a hash that is a number": with_unit(8, 5),
        "a hash that is no hexadecimal": with_unit(8, "zz"),
        "a number that is a text": with_unit(2, "1"),
        "a number of nought": with_unit(2, 0),
        "a number below nought": with_unit(2, -1),
        "a number too large": with_unit(2, 2**63),
        "a number that is true": with_unit(2, True),
        "a tag that is a text": with_unit(1, "5"),
        "a tag that is a list": with_unit(1, [5]),
        "a tag too large": with_unit(1, 1 << 14),
        "a tag below nought": with_unit(1, -1),
        "half a character in the reason": with_unit(6, "\ud800"),
        "changes that are a number": [unit, 5],
        "a change that is a number": [unit, [5]],
        "a change with too few words": [unit, [row[:6]]],
        "fields that are no text": with_row(4, {"room": "4"}),
        "fields that are no JSON": with_row(4, "{"),
        "fields that are nothing": with_row(4, None),
        "fields nested without end": with_row(4, "[" * 100_000),
        "replaced versions that are no JSON": with_row(5, "{"),
        "half a character in a type": with_row(1, "\ud800"),
        "half a character in a value": with_row(4, '{"room":"\ud800"}'),
        "a salt that is no hexadecimal": with_row(6, "zz"),
        "a salt that is nothing": with_row(6, None),
    }


@pytest.mark.parametrize("what", misshapen())
def test_bytes_that_are_no_unit_are_told_apart_from_a_fault_of_ours(what: str) -> None:
    with pytest.raises(Malformed, match="not a unit of work"):
        decode(json.dumps(misshapen()[what]).encode())


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"\x00", b"nul", b"1e999"])
def test_bytes_that_are_no_json_are_no_unit(body: bytes) -> None:
    with pytest.raises(Malformed, match="not a unit of work"):
        decode(body)


def test_a_good_envelope_has_no_problem() -> None:
    born = changed(op="birth", rec=stamp(12), over={})
    event = changed(
        stamp=stamp(13), type_name="chase", op="event", fields={"result": "none"}, over={}
    )
    settled = changed(stamp=stamp(14), op="resolve")
    empty = changed(stamp=stamp(15), fields={"room": None}, over={})
    sent = envelope(born, event, settled, empty, batch=stamp(2))
    assert shape_problem(sent) == kind_problem(sent) == ""


CASES: dict[str, tuple[Envelope, str]] = {
    "id of nought": (envelope(id=0), "out of range"),
    "id too large": (envelope(id=2**63), "out of range"),
    "id that is a text": (envelope(id="1"), "out of range"),
    "id that is true": (envelope(id=True), "out of range"),
    "seq of nought": (envelope(seq=0), "out of range"),
    "person below nought": (envelope(person=-1), "out of range"),
    "person that is nothing": (envelope(person=None), "out of range"),
    "batch of nought": (envelope(batch=0), "out of range"),
    "batch that is a text": (envelope(batch="x"), "out of range"),
    "unit of another tag": (envelope(id=stamp(10, 6)), "unit's stamp belongs to another"),
    "kind that is a number": (envelope(kind=5), "a word of the unit"),
    "reason that is nothing": (envelope(reason=None), "a word of the unit"),
    "moment that is a number": (envelope(at=5), "a word of the unit"),
    "moment that is none": (envelope(at="yesterday"), "a word of the unit"),
    "moment without offset": (envelope(at="2026-11-23T09:00:00Z"), "a word of the unit"),
    "stamp of nought": (envelope(changed(stamp=0)), "do not rise"),
    "stamp too large": (envelope(changed(stamp=2**63)), "do not rise"),
    "record that is a text": (envelope(changed(rec="x")), "do not rise"),
    "record of nought": (envelope(changed(rec=0)), "do not rise"),
    "stamp below the unit's": (envelope(changed(stamp=stamp(9), over={})), "do not rise"),
    "stamp of the unit": (envelope(changed(stamp=stamp(10), over={})), "do not rise"),
    "the same stamp twice": (envelope(changed(), changed()), "do not rise"),
    "stamps that fall": (envelope(changed(stamp=stamp(13)), changed()), "do not rise"),
    "stamp of another tag": (envelope(changed(stamp=stamp(12, 6))), "change's stamp belongs"),
    "unknown op": (envelope(changed(op="delete")), "unknown kind"),
    "op that is a list": (envelope(changed(op=["edit"])), "unknown kind"),
    "type that is a number": (envelope(changed(type_name=5)), "unknown kind"),
    "type with a quote": (envelope(changed(type_name='a"b')), "unknown kind"),
    "type with a capital": (envelope(changed(type_name="Resident")), "unknown kind"),
    "type with a line break": (envelope(changed(type_name="resident\n")), "unknown kind"),
    "type without letters": (envelope(changed(type_name="")), "unknown kind"),
    "type without end": (envelope(changed(type_name="a" * 64)), "unknown kind"),
    "fields that are a list": (envelope(changed(fields=["room"], over={})), "no fields"),
    "over that is a list": (envelope(changed(over=["room"])), "no fields"),
    "field with a quote": (envelope(changed(fields={"a'b": "4"}, over={})), "impossible name"),
    "field without a name": (envelope(changed(fields={"": "4"}, over={})), "impossible name"),
    "a fraction": (envelope(changed(fields={"room": 4.5}, over={})), "neither text nor a number"),
    "a truth": (envelope(changed(fields={"room": True}, over={})), "neither text nor a number"),
    "a list": (envelope(changed(fields={"room": []}, over={})), "neither text nor a number"),
    "a mapping": (envelope(changed(fields={"room": {}}, over={})), "neither text nor a number"),
    "over of another field": (envelope(changed(over={"name": []})), "does not write"),
    "over that is one number": (envelope(changed(over={"room": stamp(9)})), "does not write"),
    "over itself": (envelope(changed(over={"room": [stamp(12)]})), "newer than itself"),
    "over the future": (envelope(changed(over={"room": [stamp(13)]})), "newer than itself"),
    "over nought": (envelope(changed(over={"room": [0]})), "newer than itself"),
    "over a text": (envelope(changed(over={"room": ["x"]})), "newer than itself"),
}


@pytest.mark.parametrize("what", CASES)
def test_a_unit_of_a_wrong_shape_is_told_what_is_wrong(what: str) -> None:
    sent, problem = CASES[what]
    assert problem in shape_problem(sent)


@pytest.mark.parametrize(
    ("type_name", "fields", "problem"),
    [
        ("resident", {"room": 4}, "resident.room"),
        ("resident", {"name": "x", "room": 4}, "resident.room"),
        ("resident", {"practice": "Larkfield"}, "resident.practice"),
        ("resident", {"practice": 2**63}, "resident.practice"),
        ("resident", {"practice": -(2**63)}, "resident.practice"),
        ("resident", {"archived": "yes"}, "resident.archived"),
        ("resident", {"moved_in": "yesterday"}, "resident.moved_in"),
        ("resident", {"moved_in": "2026-02-30"}, "resident.moved_in"),
        ("resident", {"moved_in": 20260101}, "resident.moved_in"),
        ("visit", {"at": "2026-11-23"}, "visit.at"),
        ("visit", {"at": "2026-11-23T09:00:00+00:00"}, "visit.at"),
        ("visit", {"at": 5}, "visit.at"),
        ("organisation_offers", {"value": "nursing"}, "organisation_offers.value"),
        ("resident", {"room": None, "practice": 2**63 - 1, "archived": 1}, ""),
        ("resident", {"moved_in": "2026-02-28"}, ""),
        ("visit", {"at": AT}, ""),
        # what only a newer version knows is left alone
        ("resident", {"star_sign": 4}, ""),
        ("garden", {"room": 4, "name": 2**70}, ""),
    ],
    ids=str,
)
def test_a_value_that_cannot_be_kept_in_its_field_is_told(
    type_name: str, fields: dict[str, Any], problem: str
) -> None:
    found = kind_problem(envelope(changed(type_name=type_name, fields=fields, over={})))
    assert found.startswith(problem)
    assert bool(found) == bool(problem)


@pytest.mark.parametrize("text", ["", '"Mary is pale', "{} Mary is pale", "Mary is pale"])
def test_what_is_no_json_is_refused_without_saying_what_stands_there(text: str) -> None:
    with pytest.raises(ValueError, match=r"no JSON text|Unterminated") as told:
        log.read_change(stamp(1), "resident", stamp(1), "create", text, "{}", b"")
    assert "Mary" not in str(told.value)
