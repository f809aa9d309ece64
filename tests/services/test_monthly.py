"""The monthly summary: once a month, of the month that is over, and only with its password."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pikepdf
import pytest

from liaison.errors import UserError
from liaison.security import NotAllowed
from liaison.security.roles import CARER
from liaison.services import monthly
from liaison.services.homes import OpenHome

PASSWORD = "plum stones in the gravel path"


def at(month: int, day: int) -> dt.datetime:
    return dt.datetime(2026, month, day, 9, tzinfo=dt.UTC)


@pytest.fixture
def out(home: OpenHome, tmp_path: Path) -> Path:
    """Have it made from October on, into a folder."""
    home.store.clock = lambda: at(11, 18)
    folder = tmp_path / "summaries"
    folder.mkdir()
    monthly.switch_on(home, folder, PASSWORD)
    return folder


def test_it_is_made_once_a_month_of_the_month_that_is_over(home: OpenHome, out: Path) -> None:
    written = monthly.make(home)
    assert written is not None
    assert written.file == out / "At a glance, October 2026.pdf"
    assert monthly.make(home) is None
    home.store.clock = lambda: at(12, 1)
    second = monthly.make(home)
    assert second is not None
    assert second.file.name == "At a glance, November 2026.pdf"


def test_it_opens_with_the_password_alone_which_stands_nowhere_else(
    home: OpenHome, out: Path
) -> None:
    written = monthly.make(home)
    assert written is not None
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(written.file)
    with pikepdf.open(written.file, password=PASSWORD) as opened:
        assert opened.encryption.bits == 256
    home.access.flush()
    home.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in (*home.folder.rglob("*"), *out.iterdir()):
        if file.is_file():
            assert PASSWORD.encode() not in file.read_bytes(), file
    noted = home.store.connection.execute("SELECT detail FROM access_event").fetchall()
    (detail,) = [one[0] for one in noted if one[0] and "By itself" in one[0]]
    assert "At a glance" in detail
    assert PASSWORD not in repr(noted)
    assert PASSWORD not in repr(monthly.plan_of(home.store))


def test_months_while_the_pc_was_off_are_not_made_afterwards_but_the_last_one_is(
    home: OpenHome, out: Path
) -> None:
    plan = monthly.plan_of(home.store)
    assert monthly.due(plan, dt.date(2027, 3, 9)) == dt.date(2027, 2, 1)
    assert monthly.due(plan, dt.date(2026, 10, 31)) is None, "before it was switched on"
    assert monthly.due(monthly.Plan(), dt.date(2027, 3, 9)) is None


def test_a_folder_that_is_gone_is_kept_as_the_reason_and_tried_again(
    home: OpenHome, out: Path
) -> None:
    out.rmdir()
    with pytest.raises(UserError):
        monthly.make(home)
    assert "summaries" in monthly.plan_of(home.store).failed
    out.mkdir()
    assert monthly.make(home) is not None
    assert monthly.plan_of(home.store).failed == ""


@pytest.mark.parametrize(
    ("where", "password", "code"),
    [
        ("nowhere", PASSWORD, "no-folder"),
        ("home", PASSWORD, "bad-place"),
        (".", "", "no-password"),
        (".", "password1234", "bad-password"),
    ],
)
def test_a_bad_folder_or_password_changes_nothing(
    home: OpenHome, tmp_path: Path, where: str, password: str, code: str
) -> None:
    with pytest.raises(UserError) as refused:
        monthly.switch_on(home, tmp_path / where, password)
    assert refused.value.code == code
    assert monthly.plan_of(home.store) == monthly.Plan()


def test_switched_off_the_password_is_forgotten_and_nothing_is_made(
    home: OpenHome, out: Path
) -> None:
    monthly.switch_off(home)
    assert monthly.plan_of(home.store).password == ""
    assert monthly.make(home) is None
    with pytest.raises(UserError):
        monthly.switch_on(home, out, "")


def test_who_may_not_print_reports_does_not_make_it_by_hand(
    home: OpenHome, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenHome, "_roles", (CARER,))
    with pytest.raises(NotAllowed):
        monthly.make(home)
    assert list(out.iterdir()) == []
