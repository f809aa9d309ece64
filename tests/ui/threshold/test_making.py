"""How the door opens a home: what is loaded before anybody waits for it, and how guessing is slowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from liaison.security import WrongPassword, passphrases, passwords
from liaison.security.throttle import FREE_TRIES
from liaison.services import drafts
from liaison.services.drafts import About
from liaison.ui.parts.answers import asked_about
from liaison.ui.threshold.making import Makings, TooSoon
from tests import homes as made


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which lists of words are read, as if none had been."""
    found: list[str] = []

    def resource(name: str) -> Path:
        found.append(name)
        return made.ROOT / "resources" / name

    for module in (passwords, passphrases):
        monkeypatch.setattr(module, "resource", resource)
    for cached in (passwords._common, passwords._listed, passphrases.word_list):
        cached.cache_clear()
    return found


def test_the_words_a_password_is_judged_by_are_read_before_one_is_chosen(
    tmp_path: Path, read: list[str]
) -> None:
    assert Makings().look(tmp_path / "new") is None
    assert set(read) == {"common_passwords.txt", "passphrase_words.txt"}
    read.clear()
    passwords.judge("copper lantern meadow seven")
    passphrases.passphrase()
    assert read == []


def test_they_are_read_while_a_password_is_typed_too(read: list[str]) -> None:
    Makings().load()
    assert set(read) == {"common_passwords.txt", "passphrase_words.txt"}


def test_guessing_the_old_password_counts_as_guessing_at_the_door(home_folder: Path) -> None:
    makings = Makings(cost=made.CHEAP)
    with made.unlock(home_folder) as home:
        for _ in range(FREE_TRIES - 1):
            with pytest.raises(WrongPassword):
                makings.change_password(home, "not it at all", "rushes by the running water")
        with pytest.raises(TooSoon):
            makings.change_password(home, "not it at all", "rushes by the running water")
        # not even the right one is looked at before the time is over
        with pytest.raises(TooSoon):
            makings.change_password(home, made.PASSWORD, "rushes by the running water")
        with pytest.raises(TooSoon):
            makings.unlock(home.folder, home.unlocked.person, made.PASSWORD, lambda _: None)


def test_what_no_list_shows_is_not_counted_as_found_again(home_folder: Path) -> None:
    visit = About("visit", None, "record-visit")
    with made.unlock(home_folder) as home:
        drafts.save(home, visit, {"who": "Grace"})
        drafts.save(home, asked_about("contact", None, "archive"), {"reason": "left the team"})
        assert [one.about for one in Makings().drafts(home)] == [visit]
