"""How a home is: a line is good only when it was looked at and found so."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from liaison.records.directory import Service
from liaison.records.rules import times
from liaison.services import backups, health, homes, places, upkeep
from liaison.services.health import Line, State
from liaison.services.homes import OpenHome
from liaison.services.upkeep import Checked
from liaison.store import mark
from tests.homes import DATABASE, PASSWORD, make, unlock

NOW = dt.datetime(2026, 11, 23, 14, 20, tzinfo=dt.UTC)
GIGA = 1_000_000_000


def london(text: str) -> dt.datetime:
    return times.in_london(dt.datetime.fromisoformat(f"{text}+00:00"))


def line(home: OpenHome, name: str) -> Line:
    source = backups.source_of(home)
    return {one.name: one for one in health.look(source).lines}[name]


def save(home: OpenHome) -> None:
    with home.unit() as unit:
        unit.add(Service(name="Chiropody"))


# ---- the whole


def test_a_new_home_says_what_is_still_to_be_done(home: OpenHome) -> None:
    found = health.look(backups.source_of(home))
    states = {one.name: one.state for one in found.lines}
    assert states["Keys"] is State.GOOD
    assert states["Database"] is State.GOOD
    assert states["Clock"] is State.GOOD
    assert states["Last check of everything"] is State.LOOK
    assert states["Last backup"] is State.LOOK
    assert states["Backup away from this PC"] is State.LOOK
    assert found.state is not State.GOOD
    assert all(one.words.endswith(".") for one in found.lines)


def test_all_is_well_once_it_was_checked_and_backed_up(
    home: OpenHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "is_away", lambda _place, _home: True)
    monkeypatch.setattr(
        shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(90 * GIGA, 0, 80 * GIGA)
    )
    # Bank holidays are known for a year or so: how that is told has a test with a day of its own.
    monkeypatch.setattr(health, "holiday_warning", lambda _until: None)
    source = backups.source_of(home)
    backups.by_hand(home, tmp_path / "a.liaison-backup")
    checked = health.check_everything(source)
    assert checked.damage == 0
    assert checked.changes > 0
    found = health.look(source)
    assert [one for one in found.lines if one.state not in {State.GOOD, State.FACT}] == []
    assert found.state is State.GOOD
    assert health.pressing(source) == []


def test_others_save_meanwhile_and_it_can_be_stopped(
    home: OpenHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = backups.source_of(home)
    # told at every step, as in a large home
    monkeypatch.setattr("liaison.store.verify._TELL_EVERY", 1)
    told: list[str] = []

    def between(step: str, _done: int, _all: int) -> None:
        told.append(step)
        save(home)

    assert health.check_everything(source, between).damage == 0
    assert len(told) >= 2

    class Stopped(Exception):
        pass

    def stop(*_: object) -> None:
        raise Stopped

    before = upkeep.read(home.folder).checked
    with pytest.raises(Stopped):
        health.check_everything(source, stop)
    assert upkeep.read(home.folder).checked == before
    save(home)


# ---- what is wrong


def test_damage_is_told_and_stays_told(home: OpenHome, tmp_path: Path) -> None:
    source = backups.source_of(home)
    home.store.connection.execute("PRAGMA recursive_triggers = ON")
    tags = home.store.connection.execute("SELECT tag FROM replica").fetchall()
    with home.store.applying() as connection:
        connection.execute("UPDATE replica SET seq = seq + 1 WHERE tag = ?", tags[0])
    checked = health.check_everything(source)
    assert checked.damage >= 1
    said = line(home, "Last check of everything")
    assert said.state is State.BAD
    assert checked.first in said.words
    assert health.look(source).state is State.BAD


def test_a_key_file_that_was_put_back_is_told(home: OpenHome) -> None:
    keys = home.folder / "keys.json"
    keys.write_text("{}", "utf-8")
    assert line(home, "Keys").state is State.BAD


def test_without_the_mark_the_database_is_not_called_good(home: OpenHome) -> None:
    home.store.mark.close()
    (home.folder / mark.FILE_NAME).unlink()
    said = line(home, "Database")
    assert said.state is State.LOOK
    assert "how far" in said.words


def test_what_went_back_in_time_is_told(tmp_path: Path) -> None:
    make(tmp_path / "home")[0].close()
    shutil.copytree(tmp_path / "home", tmp_path / "older")
    with unlock(tmp_path / "home") as opened:
        save(opened)
    shutil.copy(tmp_path / "older" / DATABASE, tmp_path / "home" / DATABASE)
    with unlock(tmp_path / "home") as opened:
        said = line(opened, "Database")
        assert said.state is State.BAD
        assert "missing" in said.words


def test_a_whole_folder_that_was_put_back_is_told_by_a_backup_elsewhere(tmp_path: Path) -> None:
    make(tmp_path / "home")[0].close()
    shutil.copytree(tmp_path / "home", tmp_path / "older")
    with unlock(tmp_path / "home") as opened:
        save(opened)
        save(opened)
        assert backups.automatic(backups.source_of(opened))
    shutil.rmtree(tmp_path / "home")
    shutil.copytree(tmp_path / "older", tmp_path / "home")
    with unlock(tmp_path / "home") as opened:
        assert opened.cannot_write is None, "mark and database fit each other"
        said = line(opened, "Database")
        assert said.state is State.BAD
        assert "2 saves are missing here" in said.words
        assert [one.name for one in health.pressing(backups.source_of(opened))] == ["Database"]
        assert health.check_everything(backups.source_of(opened)).damage == 1


def test_what_a_manager_went_on_without_is_no_reproach_for_ever(tmp_path: Path) -> None:
    make(tmp_path / "home")[0].close()
    older = (tmp_path / "home" / DATABASE).read_bytes()
    with unlock(tmp_path / "home") as opened:
        save(opened)
        assert backups.automatic(backups.source_of(opened))
    (tmp_path / "home" / DATABASE).write_bytes(older)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    with homes.open_home(tmp_path / "home", None, PASSWORD, clock=lambda: later) as opened:
        opened.go_on()
        assert line(opened, "Database").state is State.GOOD
        assert health.check_everything(backups.source_of(opened)).damage == 0


def test_an_old_check_is_no_check(home: OpenHome) -> None:
    now = times.in_london(home.store.clock())
    for days, state in ((1, State.GOOD), (34, State.GOOD), (36, State.LOOK)):
        at = times.to_stored(now - dt.timedelta(days=days))
        health.note_check(home.folder, Checked(at, 0, 12), now)
        assert line(home, "Last check of everything").state is state


# ---- disk and clock


@pytest.mark.parametrize(
    ("free", "size", "state"),
    [
        (50 * GIGA, GIGA // 20, State.GOOD),
        (GIGA, GIGA // 20, State.LOOK),
        (150_000_000, GIGA // 20, State.BAD),
        # a large home needs as much again for a backup, and once more while its key is changed
        (3 * GIGA, GIGA, State.LOOK),
        (GIGA, GIGA, State.BAD),
        (0, 0, State.BAD),
    ],
)
def test_a_disk_is_called_nearly_full_before_it_is(free: int, size: int, state: State) -> None:
    assert health.disk(free, size).state is state


CLOCKS = {
    "right": ("2026-11-23T14:20", "2026-11-22T09:00", State.GOOD),
    "the very first day": ("2026-11-23T14:20", None, State.GOOD),
    "three years behind": ("2023-11-23T14:20", "2026-11-22T09:00", State.BAD),
    "three years behind in a new home": ("2023-11-23T14:20", None, State.BAD),
    "a month behind": ("2027-02-01T09:00", "2027-03-01T09:00", State.BAD),
    "an hour behind": ("2027-03-01T08:00", "2027-03-01T09:00", State.GOOD),
    "three years ahead": ("2029-11-23T14:20", "2026-11-22T09:00", State.LOOK),
    "after a summer's rest": ("2027-09-01T09:00", "2027-06-01T09:00", State.GOOD),
}


@pytest.mark.parametrize("name", CLOCKS)
def test_a_clock_that_cannot_be_right_is_told(name: str) -> None:
    now, last, state = CLOCKS[name]
    found = health.clock(london(now), london(last) if last else None, dt.date(2026, 11, 22))
    assert found.state is state
    assert ("Set the PC's date" in found.do) is (state is not State.GOOD)


def test_a_wrong_clock_is_told_on_the_day_and_refuses_nothing(tmp_path: Path) -> None:
    make(tmp_path / "home", clock=lambda: NOW)[0].close()

    def told(days: int) -> list[str]:
        at = NOW + dt.timedelta(days=days)
        with homes.open_home(tmp_path / "home", None, PASSWORD, clock=lambda: at) as home:
            save(home)
            return [one.name for one in health.pressing(backups.source_of(home))]

    assert "Clock" in told(3 * 365)
    assert "Clock" in told(0)
    assert "Clock" not in told(1)
    assert "Clock" in told(-3 * 365)


def test_bank_holidays_that_will_not_be_known_are_told_in_time() -> None:
    known = health.bank_holidays(dt.date(2026, 11, 22))
    assert known.state is State.GOOD
    assert known.words == "Known up to Fri 31 Dec 2027."
    soon = health.bank_holidays(dt.date(2027, 10, 1))
    assert soon.state is State.LOOK
    assert "an extra one may still be announced" in soon.words
