"""The recovery key as printed and typed."""

from __future__ import annotations

import copy
import pickle
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.security import BadRecoveryKey, RecoveryKey
from liaison.security.recovery import ALPHABET, _check_values, _times

keys = st.binary(min_size=20, max_size=20).map(RecoveryKey)


def plain(key: RecoveryKey) -> str:
    return "".join(key.blocks)


def is_noticed(typed: str) -> bool:
    try:
        RecoveryKey.parse(typed)
    except BadRecoveryKey:
        return True
    return False


@given(keys)
def test_what_is_printed_can_be_typed(key: RecoveryKey) -> None:
    assert RecoveryKey.parse(key.text) == key
    assert [len(block) for block in key.blocks] == [4] * 8 + [2]
    assert key.text == " ".join(key.blocks)
    assert set(plain(key)) <= set(ALPHABET)


def test_the_alphabet_leaves_out_what_is_misread() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_a_known_key_keeps_its_text_for_ever() -> None:
    key = RecoveryKey(bytes(range(20)))
    assert key.text == "000G 40R4 0M30 E209 185G R38E 1W81 24GK AE"


def test_new_keys_differ() -> None:
    assert RecoveryKey.generate() != RecoveryKey.generate()


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda text: text.replace(" ", ""),
        lambda text: text.replace(" ", "-"),
        lambda text: text.replace(" ", " \N{EN DASH} "),
        lambda text: text.replace(" ", "\N{MINUS SIGN}"),
        lambda text: text.replace(" ", "\N{NO-BREAK SPACE}"),
        lambda text: f"\n\t{text}\r\n".replace(" ", "\n"),
        lambda text: text.replace("0", "O"),
        lambda text: text.replace("0", "o"),
        lambda text: text.replace("1", "I"),
        lambda text: text.replace("1", "l"),
        lambda text: text.translate({ord("7"): "\N{FULLWIDTH DIGIT SEVEN}"}),
    ],
)
def test_it_is_read_as_people_type_it(change: object) -> None:
    assert callable(change)
    for secret in (bytes(20), bytes(range(20)), b"\xff" * 20, b"\x08B9" * 6 + b"ab"):
        key = RecoveryKey(secret)
        assert RecoveryKey.parse(change(key.text)) == key


@settings(max_examples=20)
@given(keys)
def test_every_single_wrong_character_is_noticed(key: RecoveryKey) -> None:
    typed = plain(key)
    for place, right in enumerate(typed):
        for wrong in ALPHABET:
            if wrong != right:
                assert is_noticed(typed[:place] + wrong + typed[place + 1 :])


@given(keys)
def test_every_two_neighbours_that_changed_places_are_noticed(key: RecoveryKey) -> None:
    typed = plain(key)
    for place in range(33):
        first, second = typed[place], typed[place + 1]
        if first != second:
            assert is_noticed(typed[:place] + second + first + typed[place + 2 :])


@settings(max_examples=20)
@given(keys)
def test_any_two_that_changed_places_are_noticed_but_for_the_first_and_the_33rd(
    key: RecoveryKey,
) -> None:
    typed = plain(key)
    for one in range(34):
        for other in range(one + 1, 34):
            if typed[one] != typed[other] and (one, other) != (0, 32):
                swapped = list(typed)
                swapped[one], swapped[other] = typed[other], typed[one]
                assert is_noticed("".join(swapped))


def test_the_field_and_the_columns_are_what_the_proof_says() -> None:
    """The proof of the module's text: with it, no sample of keys is needed."""
    for one in range(1, 32):
        # A field: multiplying by anything but zero permutes the others.
        assert {_times(one, other) for other in range(32)} == set(range(32))
        for other in range(32):
            assert _times(one, other) == _times(other, one)
            for third in range(32):
                assert _times(one, other ^ third) == _times(one, other) ^ _times(one, third)
    # One character of value 1 at each place, the others 0: the columns of the code.
    columns = [_check_values([int(at == place) for at in range(32)]) for place in range(32)]
    columns += [(1, 0), (0, 1)]
    assert columns[:32] == [(1, place) for place in range(32)]
    dependent = [
        (one, other)
        for one in range(34)
        for other in range(one + 1, 34)
        if _times(columns[one][0], columns[other][1]) == _times(columns[one][1], columns[other][0])
    ]
    assert dependent == [(0, 32)]


def test_the_block_of_a_single_mistake_is_named() -> None:
    key = RecoveryKey(random.Random(7).randbytes(20))
    typed = plain(key)
    for place in range(34):
        wrong = ALPHABET[(ALPHABET.index(typed[place]) + 5) % 32]
        # the very first character and the first check character look alike
        named = "blocks 1 and 9" if place in {0, 32} else f"block {place // 4 + 1}"
        with pytest.raises(BadRecoveryKey, match=rf"Look at {named} first") as caught:
            RecoveryKey.parse(typed[:place] + wrong + typed[place + 1 :])
        assert caught.value.block == (1 if place in {0, 32} else place // 4 + 1)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "you typed 0"),
        ("7KQM", "you typed 4"),
        ("0" * 35, "you typed 35"),
        ("U" * 34, "never the letter U"),
        ("0" * 33 + "ß", "only digits and letters"),
        ("0" * 33 + "\0", "only digits and letters"),
        ("0" * 33 + "\ud800", "only digits and letters"),
        ("0" * 33 + "1", "typing mistake"),
        ("٣" * 34, "only digits and letters"),
    ],
)
def test_what_cannot_be_a_key_is_said_plainly(typed: str, says: str) -> None:
    with pytest.raises(BadRecoveryKey, match=says) as caught:
        RecoveryKey.parse(typed)
    assert caught.value.code == "bad-recovery-key"
    assert caught.value.do


def test_neither_a_message_nor_repr_nor_a_copy_gives_it_away() -> None:
    key = RecoveryKey.generate()
    for shown in (repr(key), str(key), f"{key}", repr([key]), repr({"key": key})):
        assert key.blocks[3] not in shown
        assert key.secret.hex() not in shown
    with pytest.raises(BadRecoveryKey) as caught:
        RecoveryKey.parse(key.text[:-1])
    assert not any(block in str(caught.value) for block in key.blocks[:8])
    for leak in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(key)
    with pytest.raises(ValueError, match="20 bytes"):
        RecoveryKey(bytes(19))
