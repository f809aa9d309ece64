"""What people ask for in their own words, on the words that ship with the program."""

from __future__ import annotations

import pytest

from liaison.records.rules.asking import Entry, Wordbook, letters_wrong, stem, telling
from liaison.services.starting import services

BOOK = Wordbook(
    Entry(need.name, ((need.name, 1.0), *((words, 0.95) for words in need.synonyms)))
    for need in services()
)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("catheter blocked", "Catheter care"),
        ("CATHETER", "Catheter care"),
        ("cathater blokked", "Catheter care"),
        ("Mrs Hale's catheter is blocked again since this morning", "Catheter care"),
        ("wheelchair", "Wheelchair"),
        ("weelchair", "Wheelchair"),
        ("whelchiar", "Wheelchair"),
        ("swallowing", "Swallowing"),
        ("swolowing", "Swallowing"),
        ("he can't swallow", "Swallowing"),
        ("he can\N{RIGHT SINGLE QUOTATION MARK}t swallow", "Swallowing"),
        ("who do I ring for a wheelchair?", "Wheelchair"),
        ("we have run out of pads", "Continence"),
        ("tablets run out", "Medicines supply"),
        ("her leg is weeping", "Wounds and dressings"),
        ("dyng", "End of life care"),
        ("diabetis", "Diabetes"),
        ("toothache", "Teeth and mouth"),
        ("cathe", "Catheter care"),
        ("swal", "Swallowing"),
    ],
)
def test_a_need_is_found_in_peoples_own_words(asked: str, meant: str) -> None:
    assert BOOK.find(asked)[0].key == meant


@pytest.mark.parametrize("asked", ["", "   ", "?", "zzz", "qwertyuiop", "\0", "7777777"])
def test_what_means_nothing_finds_nothing(asked: str) -> None:
    assert BOOK.find(asked) == []


def test_a_mistake_means_the_nearest_word_alone() -> None:
    assert BOOK.find("cathater")[0].key == "Catheter care"
    assert all("Catheter" in m.key or "catheter" in m.phrase for m in BOOK.find("cathater"))


def test_a_word_that_is_known_is_no_mistake_for_another() -> None:
    book = Wordbook([Entry("pads", (("pads", 1.0),)), Entry("beds", (("beds", 1.0),))])
    assert [match.key for match in book.find("pads ")] == ["pads"]


def test_a_finished_word_is_no_beginning() -> None:
    book = Wordbook([Entry("a", (("catheter", 1.0),))])
    assert book.find("cat")
    assert book.find("cat")[0].score > book.find("cat ")[0].score


def test_accents_case_and_apostrophes_do_not_matter() -> None:
    book = Wordbook([Entry(1, (("Siân O'Neil", 1.0),)), Entry(2, (("Paweł Nowak", 1.0),))])
    assert book.find("sian oneil")[0].key == 1
    assert book.find("pawel")[0].key == 2


def test_words_that_are_said_along_count_only_alone() -> None:
    assert telling("who do I ring for the doctor") == ["doctor"]
    assert telling("who") == ["who"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("swallowing", "swallow"),
        ("falls", "falling"),
        ("bruises", "bruise"),
        ("dressings", "dressing"),
        ("slipped", "slip"),
        ("worries", "worry"),
    ],
)
def test_other_endings_of_a_word_are_one(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xyz", 2), ("a", "abcd", 2)],
)
def test_letters_wrong_are_counted_up_to_a_bound(one: str, other: str, wrong: int) -> None:
    assert letters_wrong(one, other, 1) == wrong
    assert letters_wrong(other, one, 1) == wrong


def test_a_very_long_question_is_cut_and_answered() -> None:
    assert BOOK.find("catheter blocked " + "so " * 100_000)[0].key == "Catheter care"
