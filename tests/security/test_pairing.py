"""Invitation, request, answer: whoever lacks the words or the key reads and forges nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from liaison.security import pairing
from liaison.security.pairing import BadInvitation, Invitation, Offer, Request, Welcome
from liaison.security.primitives import Cost, Identity, Pin, Refused
from liaison.security.vault import Epoch
from liaison.security.wire import readable, with_checksum

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
KATE, OFFICE, LAPTOP = (Identity.generate() for _ in range(3))
PIN = Pin("f" * 32, KATE.public.signing)
WORDS, OTHER = pairing.new_words(), pairing.new_words()
OFFER = Offer(PIN, "Willow House", "Office", "2026-11-30T10:00:00Z+00:00", bytes(16))
ENDS = dt.datetime(2026, 7, 2, 11, 50, tzinfo=dt.timezone(dt.timedelta(hours=1)))
WELCOME = Welcome(7, bytes(32), (Epoch("e1", bytes(32)),), ('{"kind":"PC joined"}',))


def test_words_are_read_however_they_were_written_down() -> None:
    typed = WORDS.upper().replace(" ", "-")
    assert pairing.read_words(f"  {typed}. ") == WORDS
    assert len(WORDS.split()) == pairing.WORDS
    assert WORDS != OTHER


def test_every_word_an_invitation_may_have_is_read_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that hold a separator, such as "yo-yo", must never be drawn."""
    for start in range(0, 1296, pairing.WORDS):
        places = iter(range(start, start + pairing.WORDS))

        def in_turn(words: Sequence[str], places: Iterator[int] = places) -> str:
            return words[next(places) % len(words)]

        monkeypatch.setattr("liaison.security.pairing.secrets.choice", in_turn)
        words = pairing.new_words()
        assert pairing.read_words(words) == words


def test_a_misspelled_word_is_named_and_a_missing_one_counted() -> None:
    with pytest.raises(BadInvitation, match="“qqqq”"):
        pairing.read_words(f"{WORDS} qqqq")
    with pytest.raises(BadInvitation, match="7 were typed"):
        pairing.read_words(WORDS.rsplit(" ", 1)[0])


def test_an_invitation_survives_its_file() -> None:
    file = pairing.write_invitation(Invitation(WORDS, PIN), "Willow House", ENDS)
    found = pairing.read_invitation(file)
    assert (found.words, found.pin) == (WORDS, PIN)
    assert found.id == pairing.invitation_id(WORDS)
    assert not any(word in found.id for word in WORDS.split())


@pytest.mark.parametrize("storage", [{}, {"endpoint": "https://store.example.org"}])
def test_whoever_opens_an_invitations_file_reads_what_it_is_and_when_it_ends(
    storage: dict[str, Any],
) -> None:
    file = pairing.write_invitation(Invitation(WORDS, PIN, storage), "Willow House", ENDS)
    read = json.loads(file)
    assert read["ends"] == "2026-07-02T11:50:00+01:00"
    assert dt.datetime.fromisoformat(read["ends"]) == ENDS
    # the words of the window and of the command line
    assert pairing.care_for(with_store=bool(storage)) in read["about"]
    assert "The file holds keys" in read["about"]
    assert ("key to the store" in read["about"]) is bool(storage)
    assert "delete it once that PC has joined" in read["about"]


def test_a_file_that_was_handed_out_with_a_time_as_it_is_stored_is_still_an_invitation() -> None:
    body = json.loads(pairing.write_invitation(Invitation(WORDS, PIN), "Willow House", ENDS))
    before = body | {"ends": "2026-07-02T10:50:00Z+01:00", "about": "Lets one more PC join."}
    before.pop("checksum")
    found = pairing.read_invitation(readable(with_checksum(before)))
    assert (found.words, found.pin) == (WORDS, PIN)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: b"PK\x03\x04 something else",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"Willow", b"Winter"),
        lambda data: data.replace(b'"version": 1', b'"version": 2'),
        lambda data: data.replace(b"liaison-invitation", b"liaison-keys"),
    ],
)
def test_a_file_that_is_no_invitation_is_refused_in_plain_words(
    spoil: Callable[[bytes], bytes],
) -> None:
    file = pairing.write_invitation(Invitation(WORDS, PIN), "Willow House", ENDS)
    with pytest.raises(BadInvitation) as caught:
        pairing.read_invitation(spoil(file))
    assert caught.value.do


def test_offer_and_request_are_read_with_the_words_and_with_no_others() -> None:
    offer = pairing.write_offer(WORDS, OFFER)
    request = pairing.write_request(WORDS, Request("Laptop", LAPTOP.public))
    assert pairing.read_offer(WORDS, offer) == OFFER
    assert pairing.read_request(WORDS, request) == Request("Laptop", LAPTOP.public)
    for attempt in (
        lambda: pairing.read_offer(OTHER, offer),
        lambda: pairing.read_request(OTHER, request),
        # one cannot stand for the other
        lambda: pairing.read_request(WORDS, offer),
        lambda: pairing.read_offer(WORDS, request),
        lambda: pairing.read_offer(WORDS, b""),
        lambda: pairing.read_offer(WORDS, offer[:40]),
        lambda: pairing.read_kept(OTHER, pairing.write_kept(WORDS, LAPTOP)),
    ):
        with pytest.raises(Refused):
            attempt()
    assert b"Willow" not in offer
    assert b"Laptop" not in request
    assert LAPTOP.exchange not in pairing.write_kept(WORDS, LAPTOP)


def test_both_pcs_work_out_the_same_six_digits_and_other_keys_give_others() -> None:
    shown = pairing.digits(OFFER, LAPTOP.public, cost=CHEAP)
    assert shown == pairing.digits(dataclasses.replace(OFFER), LAPTOP.public, cost=CHEAP)
    assert len(shown) == 6
    assert shown.isdigit()
    another_root = dataclasses.replace(OFFER, pin=Pin(PIN.home_id, OFFICE.public.signing))
    others = {
        pairing.digits(OFFER, OFFICE.public, cost=CHEAP),
        pairing.digits(another_root, LAPTOP.public, cost=CHEAP),
        pairing.digits(dataclasses.replace(OFFER, salt=b"s" * 16), LAPTOP.public, cost=CHEAP),
    }
    # by chance one of a million may be the same; all three are not
    assert others != {shown}


def test_typed_digits_are_compared_without_spaces() -> None:
    assert pairing.same_digits("249 112", ["111111", "249112"]) == "249112"
    assert pairing.same_digits("249113", ["249112"]) is None
    assert pairing.same_digits("", ["249112"]) is None


def test_the_answer_is_for_one_pc_from_one_home() -> None:
    answer = pairing.write_welcome(PIN, OFFICE, LAPTOP.public, WELCOME)
    found, signer = pairing.read_welcome(PIN, LAPTOP, answer)
    assert found == WELCOME
    assert signer == OFFICE.public.signing
    flipped = bytearray(answer)
    flipped[-1] ^= 1
    for pin, who, data in (
        (PIN, KATE, answer),
        (Pin("e" * 32, KATE.public.signing), LAPTOP, answer),
        (Pin("f" * 32, OFFICE.public.signing), LAPTOP, answer),
        (PIN, LAPTOP, bytes(flipped)),
        (PIN, LAPTOP, b""),
    ):
        with pytest.raises(Refused):
            pairing.read_welcome(pin, who, data)


def test_no_secret_is_shown_by_accident() -> None:
    assert repr(bytes(32)) not in repr(WELCOME)
