"""How strong a password is said to be."""

from __future__ import annotations

import pytest

from liaison.security import passphrases
from liaison.security.passwords import SHORTEST, bits, judge

ABOUT = ("Larkfield House", "Helen Marsh")


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword", "Password1234", "P4ssw0rd1234", "123456789012", "aaaaaaaaaaaa",
        "abcabcabcabc", "qwertyuiop12", "Larkfield2026!", "helen marsh house", "            a",
        "monkeymonkey1",
    ],
)  # fmt: skip
def test_what_people_try_first_will_not_do(password: str) -> None:
    assert not judge(password, ABOUT).enough


@pytest.mark.parametrize(
    "password",
    [
        "our dog ate the red bus",
        "jK8#mq2!vPz0",
        "xkqjvzwpfhtmbd",
        "Zoë brings crème brûlée at noon",
    ],
)
def test_words_that_do_not_belong_together_and_random_letters_are_enough(password: str) -> None:
    assert judge(password, ABOUT).enough


def test_a_short_one_says_how_many_characters_are_missing() -> None:
    assert judge("jK8#mq2!vPz").advice.startswith("One more character")
    assert judge("tea at ten").advice.startswith("2 more characters")
    assert not judge("x" * (SHORTEST - 1)).enough


def test_the_same_words_are_weaker_for_whom_they_are_about() -> None:
    assert bits("larkfield and marsh", ABOUT) < bits("larkfield and marsh")


def test_a_longer_password_is_never_weaker() -> None:
    text = "copper lantern meadow 7"
    measured = [bits(text[:length]) for length in range(1, len(text) + 1)]
    assert measured[-1] > 40
    for length in range(1, len(text) - 4):
        assert bits(text[: length + 4]) >= bits(text[:length]) - 17


def test_a_passphrase_of_ours_is_strong_and_of_listed_words() -> None:
    for _ in range(20):
        phrase = passphrases.passphrase()
        words = phrase.split(" ")
        assert len(words) == passphrases.WORDS
        assert set(words) <= set(passphrases.word_list())
        assert judge(phrase).enough


def test_passphrases_are_drawn_anew_from_a_list_of_six_throws() -> None:
    assert len(set(passphrases.word_list())) == len(passphrases.word_list()) == 6**4
    assert len({passphrases.passphrase() for _ in range(50)}) == 50


def test_a_very_long_password_is_judged_at_once() -> None:
    assert judge("word salad " * 400).word
