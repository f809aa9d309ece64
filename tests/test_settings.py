"""What the window remembers: whole after a round trip, and never a reason not to start."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from liaison.files import CannotWrite
from liaison.settings import (
    KnownHome,
    KnownPerson,
    Settings,
    WindowPlace,
    read_settings,
    write_settings,
)

AT = dt.datetime(2026, 11, 18, 7, 42, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def test_everything_remembered_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    home = KnownHome(
        name="Larkfield House",
        pc="Nurses' station",
        people=(KnownPerson("1A", "Zoë Wójcik", "manager"),),
        last_person="1A",
        seen={"1A": AT},
        backed_up_at=AT,
        unproven=True,
    )
    settings = Settings(
        theme="dark",
        text_size=150,
        window=WindowPlace(-1200, 40, 1366, 768, maximised=True),
        last_home="/homes/larkfield",
        homes={"/homes/larkfield": home},
        columns={"residents": ("name", "room")},
    )
    write_settings(path, settings)
    assert read_settings(path) == settings


def test_what_is_known_of_a_home_changes_without_losing_the_rest() -> None:
    folder = Path("/homes/larkfield")
    settings = Settings().with_home(folder, name="Larkfield House").with_home(folder, unproven=True)
    assert settings.home(folder) == KnownHome(name="Larkfield House", unproven=True)
    assert settings.home(Path("/elsewhere")) == KnownHome()
    assert settings.with_columns("staff", ("name",)).columns == {"staff": ("name",)}


def test_a_file_that_is_missing_or_no_settings_gives_those_that_ship(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    assert read_settings(path) == Settings()
    for content in (b"", b"{", b"[]", b"7", b"\xff\xfe", b"[" * 100_000):
        path.write_bytes(content)
        assert read_settings(path) == Settings()


@pytest.mark.parametrize(
    "damage",
    [
        {"theme": "pink"},
        {"text_size": "big"},
        {"text_size": True},
        {"window": {"x": 1}},
        {"window": {"x": 1, "y": 1, "width": 0, "height": 5}},
        {"window": {"x": 1.5, "y": 1, "width": 9, "height": 5}},
        {"window": {"x": 10**30, "y": 1, "width": 9, "height": 5}},
        {"last_home": 7},
        {"homes": [1]},
        {"homes": {"/h": "mine"}},
        {"columns": {"residents": "name"}},
    ],
)
def test_a_value_that_makes_no_sense_is_as_it_ships(tmp_path: Path, damage: dict[str, Any]) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"theme": "dark"} | damage), "utf-8")
    expected = "system" if "theme" in damage else "dark"
    assert read_settings(path) == Settings(theme=expected)


def test_moments_and_people_that_make_no_sense_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    home = {
        "seen": {"1A": "yesterday", "1B": AT.isoformat(), "1C": "2026-11-18T07:42:00", "1D": 7},
        "people": ["Zoë", {"id": "1A", "name": 7, "role": "carer"}],
        "unproven": "yes",
    }
    path.write_text(json.dumps({"homes": {"/h": home}}), "utf-8")
    known = read_settings(path).home(Path("/h"))
    assert known.seen == {"1B": AT}
    assert known.people == (KnownPerson("1A", "", "carer"),)
    assert not known.unproven


@pytest.mark.parametrize(("asked", "given"), [(50, 100), (100, 100), (170, 170), (900, 200)])
def test_the_text_size_stays_within_bounds(tmp_path: Path, asked: int, given: int) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"text_size": asked}), "utf-8")
    assert read_settings(path).text_size == given


def test_settings_that_cannot_be_written_say_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotWrite):
        write_settings(tmp_path / "file" / "settings.json", Settings())


@pytest.mark.parametrize(("asked", "minutes"), [(5, 5), (15, 15), (16, 15), (600, 15), (0, 1)])
def test_a_home_is_never_left_open_for_longer_than_a_quarter_of_an_hour(
    tmp_path: Path, asked: int, minutes: int
) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"lock_after": asked}), encoding="utf-8")
    assert read_settings(path).lock_after == minutes
