"""Backups: by themselves, by hand, listed, looked into, old ones removed and never a good one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import json
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from liaison.errors import UserError
from liaison.files import CannotWrite
from liaison.records.directory import Service
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.records.rules.keeping import Keep
from liaison.security.errors import BadRecoveryKey, WrongPassword, WrongRecoveryKey
from liaison.services import backups, looking_in, opening, people, places, restoring, upkeep
from liaison.services.backups import SUFFIX, State
from liaison.services.homes import OpenHome
from liaison.services.upkeep import Plan
from liaison.store import backup as container
from liaison.store.backup import AUTOMATIC, BY_HAND, DamagedBackup
from liaison.store.verify import verify
from tests.homes import CHEAP, DATABASE, MANAGER, NAME, PASSWORD, flip, make, names, unlock

NOW = dt.datetime(2026, 11, 23, 20, 5, tzinfo=dt.UTC)


class Clock:
    """A clock to turn."""

    now = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path, clock: Clock) -> Iterator[OpenHome]:
    made, _ = make(tmp_path / "home", clock=clock)
    with made:
        yield made


def save(home: OpenHome, name: str = "Chiropody") -> None:
    with home.unit() as unit:
        unit.add(Service(name=name))


def files(folder: Path) -> list[str]:
    return [name for name in names(folder) if name.endswith(SUFFIX)]


# ---- by themselves


def test_one_is_made_in_a_folder_beside_the_home(home: OpenHome, tmp_path: Path) -> None:
    made = backups.automatic(backups.source_of(home))
    assert made is not None
    assert names(tmp_path / "Backups") == ["Willow House 23.11.2026 20.05.liaison-backup"]
    about = container.read_about(Path(made.file))
    assert about.way == AUTOMATIC
    assert (about.tag, about.seq, about.head) == (made.tag, made.seq, made.head)
    assert not made.away
    [(found, state)] = backups.standing(home.folder, NOW).made
    assert (found, state) == (made, State.GOOD)
    with restoring.restore_home(Path(made.file), tmp_path / "back", None, PASSWORD) as restored:
        assert verify(restored.store).damage == []


def test_what_a_backup_holds_already_is_not_made_again(home: OpenHome, clock: Clock) -> None:
    source = backups.source_of(home)
    assert backups.automatic(source)
    clock.advance(hours=1)
    assert backups.automatic(source) is None
    assert backups.automatic(source, anew=True)
    save(home)
    clock.advance(hours=1)
    assert backups.automatic(source)
    # a good one that somebody took away holds nothing any more
    made = upkeep.read(home.folder).made[-1]
    Path(made.file).unlink()
    clock.advance(hours=1)
    assert backups.automatic(source)


def test_saves_go_on_while_one_is_made(home: OpenHome, tmp_path: Path) -> None:
    source = backups.source_of(home)
    saved: list[int] = []

    def between(_done: int, _all: int) -> None:
        # on the backup's thread in the window; here from within it
        if len(saved) < 3:
            saved.append(1)
            save(home, f"meanwhile {len(saved)}")

    made = backups.back_up(source, tmp_path / "a.liaison-backup", tell=between)
    assert len(saved) >= 1
    save(home, "afterwards")
    with restoring.restore_home(Path(made.file), tmp_path / "back", None, PASSWORD) as restored:
        assert verify(restored.store).damage == []
        (count,) = restored.store.connection.execute("SELECT count(*) FROM service").fetchone()
        assert count < 1 + len(saved)


def test_a_password_changed_while_one_is_made_leaves_it_restorable(
    home: OpenHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = container._copy_into  # what is saved just before the copy begins is in it

    def after_the_change(*given: object) -> None:
        people.replace_password(home, "another shelf for the kettle", cost=CHEAP)
        copied(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(container, "_copy_into", after_the_change)
    file = tmp_path / f"now{SUFFIX}"
    backups.back_up(backups.source_of(home), file)
    with restoring.restore_home(
        file, tmp_path / "back", MANAGER, "another shelf for the kettle"
    ) as back:
        assert back.unlocked.name == MANAGER


def test_another_thread_can_make_one(home: OpenHome, tmp_path: Path) -> None:
    source, made = backups.source_of(home), []
    thread = threading.Thread(target=lambda: made.append(backups.automatic(source)))
    thread.start()
    thread.join(30)
    assert made
    assert made[0] is not None


def test_switched_off_none_is_made(home: OpenHome, tmp_path: Path) -> None:
    backups.set_plan(home, Plan(on=False))
    assert backups.automatic(backups.source_of(home)) is None
    assert not (tmp_path / "Backups").exists()


def test_a_stopped_one_leaves_nothing_and_the_older_one(home: OpenHome, tmp_path: Path) -> None:
    source = backups.source_of(home)
    assert backups.automatic(source)
    before = names(tmp_path / "Backups")
    save(home)

    def stop(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backups.automatic(source, stop)
    assert names(tmp_path / "Backups") == before
    assert not [name for name in names(home.folder) if name.endswith(".tmp")]
    assert upkeep.read(home.folder).failed is None
    save(home, "the home goes on")


def test_a_failed_one_is_told_and_replaces_nothing(
    home: OpenHome, tmp_path: Path, clock: Clock
) -> None:
    source = backups.source_of(home)
    (tmp_path / "stick").mkdir()
    backups.set_plan(home, Plan(folder=str(tmp_path / "stick")))
    assert backups.automatic(source)
    shutil.move(tmp_path / "stick", tmp_path / "unplugged")
    save(home)
    clock.advance(days=1)
    with pytest.raises(UserError) as caught:
        backups.automatic(source)
    assert caught.value.code == "no-folder"
    assert not (tmp_path / "stick").exists(), "a folder is not made where a stick should be"
    standing = backups.standing(home.folder, clock.now)
    assert [state for _, state in standing.made] == [State.NOT_HERE]
    assert standing.last is not None
    assert "stick" in standing.reminder
    # the next good one ends it
    shutil.move(tmp_path / "unplugged", tmp_path / "stick")
    assert backups.automatic(source)
    assert backups.standing(home.folder, clock.now).failed is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no permissions to take away")
def test_no_room_is_said_before_anything_is_written(
    home: OpenHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.disk_usage
    monkeypatch.setattr(shutil, "disk_usage", lambda path: real(path)._replace(free=1_000_000))
    with pytest.raises(UserError) as caught:
        backups.back_up(backups.source_of(home), tmp_path / "a.liaison-backup")
    assert caught.value.code == "disk-full"
    assert "MB" in caught.value.what
    assert names(tmp_path) == ["home"]


# ---- what is removed


def a_year(home: OpenHome, clock: Clock, days: int = 40) -> list[str]:
    source = backups.source_of(home)
    for _ in range(days):
        clock.advance(days=1)
        save(home)
        assert backups.automatic(source)
    return files(home.folder.parent / "Backups")


def test_old_ones_are_removed_by_the_rule(home: OpenHome, clock: Clock, tmp_path: Path) -> None:
    backups.set_plan(home, Plan(keep=Keep(3, 1, 1)))
    left = a_year(home, clock, 12)
    # until Sat 5 Dec: three days, the Sunday before, and the end of November
    assert left == [
        "Willow House 03.12.2026 20.05.liaison-backup",
        "Willow House 04.12.2026 20.05.liaison-backup",
        "Willow House 05.12.2026 20.05.liaison-backup",
        "Willow House 29.11.2026 20.05.liaison-backup",
        "Willow House 30.11.2026 20.05.liaison-backup",
    ]
    assert len(upkeep.read(home.folder).made) == len(left)


def test_only_automatic_ones_of_this_home_are_ever_removed(
    home: OpenHome, clock: Clock, tmp_path: Path
) -> None:
    folder = tmp_path / "Backups"
    folder.mkdir()
    source = backups.source_of(home)
    backups.set_plan(home, Plan(keep=Keep(1, 0, 0)))
    other, _ = make(tmp_path / "other")
    with other:
        foreign = backups.automatic(backups.source_of(other))
    assert foreign is not None
    by_hand = backups.by_hand(home, folder / f"Before the move{SUFFIX}")
    assert by_hand.way == BY_HAND
    (folder / f"notes{SUFFIX}").write_text("no backup", "utf-8")
    (folder / "letter.txt").write_text("Dear Sir or Madam", "utf-8")
    first = backups.automatic(source)
    assert first is None, "the one by hand holds everything"
    save(home)
    first = backups.automatic(source)
    assert first is not None
    # renamed by hand it is still what it says itself
    shutil.move(first.file, folder / f"kept by hand{SUFFIX}")
    clock.advance(days=1)
    save(home)
    assert backups.automatic(source)
    left = set(names(folder))
    assert {f"notes{SUFFIX}", "letter.txt", Path(by_hand.file).name, Path(foreign.file).name} < left
    assert f"kept by hand{SUFFIX}" not in left
    assert len(left) == 5


def test_a_clock_set_back_removes_nothing_that_is_newer_in_truth(
    home: OpenHome, clock: Clock, tmp_path: Path
) -> None:
    backups.set_plan(home, Plan(keep=Keep(1, 0, 0)))
    source = backups.source_of(home)
    assert backups.automatic(source)
    clock.advance(days=-3 * 365)
    save(home)
    made = backups.automatic(source)
    assert made is not None
    assert files(tmp_path / "Backups") == [Path(made.file).name]
    assert container.read_about(Path(made.file)).seq == made.seq


def test_what_a_killed_program_left_is_swept_up_later(
    home: OpenHome, clock: Clock, tmp_path: Path
) -> None:
    folder = tmp_path / "Backups"
    folder.mkdir()
    for name, age in ((f".x{SUFFIX}.abcd.tmp", 7200), (f".y{SUFFIX}.abcd.tmp", 60)):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (dt.datetime.now(dt.UTC).timestamp() - age,) * 2)
    assert backups.automatic(backups.source_of(home))
    assert [name for name in names(folder) if name.endswith(".tmp")] == [f".y{SUFFIX}.abcd.tmp"]


# ---- when


def moment(text: str) -> dt.datetime:
    return times.in_london(dt.datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("made", "now", "due"),
    [
        ("2026-11-23T20:05+00:00", "2026-11-23T23:00+00:00", False),
        ("2026-11-23T19:05+00:00", "2026-11-23T19:59+00:00", False),
        ("2026-11-23T19:05+00:00", "2026-11-23T20:00+00:00", True),
        ("2026-11-22T20:05+00:00", "2026-11-23T19:00+00:00", False),
        ("2026-11-22T19:05+00:00", "2026-11-23T09:00+00:00", True),
        # made while the clock was wrong
        ("2029-11-23T20:05+00:00", "2026-11-23T19:00+00:00", True),
        # summer time: 20:00 there is 19:00 UTC
        ("2026-07-01T18:30+00:00", "2026-07-01T19:30+00:00", True),
    ],
)
def test_when_the_backup_of_the_day_is_due(
    home: OpenHome, made: str, now: str, *, due: bool
) -> None:
    backup = backups.automatic(backups.source_of(home))
    assert backup is not None
    beside = upkeep.read(home.folder)
    at = times.to_stored(moment(made))
    beside = dataclasses.replace(beside, made=(dataclasses.replace(backup, at=at),))
    assert backups.is_due(beside, moment(now)) is due
    later = backups.next_due(beside, moment(now))
    assert (later == moment(now)) is due
    assert later.hour == 20 or due
    assert later - moment(now) <= dt.timedelta(days=1)


def test_a_new_home_is_left_alone_for_its_first_day(home: OpenHome) -> None:
    backups.watch(home.folder, NOW)
    beside = upkeep.read(home.folder)
    assert not backups.is_due(beside, times.in_london(NOW))
    assert backups.is_due(beside, times.in_london(NOW + dt.timedelta(days=1)))


# ---- the reminder


def test_it_reminds_of_a_backup_away_from_this_pc(
    home: OpenHome, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(places, "is_away", lambda place, _home: place == stick)
    folder = home.folder
    backups.watch(folder, NOW)
    assert backups.standing(folder, NOW).reminder == ""
    clock.advance(days=8)
    backups.automatic(backups.source_of(home))
    told = backups.standing(folder, clock.now)
    assert told.last == clock.now
    assert told.last_away is None
    assert "no backup away from this PC" in told.reminder
    backups.by_hand(home, stick / f"a{SUFFIX}")
    assert backups.standing(folder, clock.now).reminder == ""
    clock.advance(days=7)
    assert backups.standing(folder, clock.now).reminder == ""
    clock.advance(days=1)
    assert (
        backups.standing(folder, clock.now).reminder
        == "The last backup away from this PC is 8 days old."
    )
    # a stick that is in the safe is as good; one that is here and empty is not
    shutil.move(stick, tmp_path / "safe")
    clock.advance(days=-8)
    assert backups.standing(folder, clock.now).reminder == ""
    stick.mkdir()
    assert "no backup away" in backups.standing(folder, clock.now + dt.timedelta(days=8)).reminder


def test_a_backup_away_that_bears_a_date_to_come_is_no_reason_to_rest(
    home: OpenHome, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "is_away", lambda *_: True)
    backups.watch(home.folder, NOW)
    clock.advance(days=3 * 365)
    backups.by_hand(home, tmp_path / f"a{SUFFIX}")
    clock.advance(days=-3 * 365)
    assert "clock was wrong" in backups.standing(home.folder, clock.now).reminder


def test_what_two_threads_change_in_the_list_at_once_is_both_kept(home: OpenHome) -> None:
    plan = Plan(hour=7)
    others: list[threading.Thread] = []

    def went_on(before: upkeep.Upkeep) -> upkeep.Upkeep:
        other = threading.Thread(target=backups.set_plan, args=(home, plan))
        others.append(other)
        other.start()
        # time enough for it, if nothing keeps it waiting
        other.join(0.3)
        return dataclasses.replace(before, went_on=times.to_stored(NOW))

    upkeep.change(home.folder, went_on, NOW)
    others[0].join(60)
    found = upkeep.read(home.folder)
    assert (found.plan, found.went_on) == (plan, times.to_stored(NOW))


def test_a_folder_that_does_not_answer_is_as_one_that_is_not_there(
    home: OpenHome, tmp_path: Path, clock: Clock
) -> None:
    made = backups.automatic(backups.source_of(home))
    assert made is not None
    # the system answers with an error instead of no, as for a drive that fails
    mute = tmp_path / ("x" * 300)
    lost = dataclasses.replace(made, file=str(mute / "one"))
    upkeep.change(
        home.folder,
        lambda before: dataclasses.replace(before, plan=Plan(folder=str(mute)), made=(lost,)),
        NOW,
    )
    assert [state for _, state in backups.standing(home.folder, clock()).made] == [State.NOT_HERE]
    assert len(backups.witnesses(home.folder)) <= 1
    with pytest.raises(UserError) as told:
        backups.automatic(backups.source_of(home))
    assert told.value.code == "no-folder"


def test_a_damaged_list_begins_anew(home: OpenHome) -> None:
    beside = home.folder / upkeep.FILE_NAME
    made = backups.automatic(backups.source_of(home))
    assert made is not None
    good = json.loads(beside.read_text("utf-8"))
    for wrong in (
        b"", b"{", b"[]", b'{"made": 1, "plan": 2}', b'{"made": [1, {}, {"file": 3}]}', b"\xff" * 9,
    ):  # fmt: skip
        beside.write_bytes(wrong)
        assert upkeep.read(home.folder) == upkeep.Upkeep()
    good["made"].append({**good["made"][0], "length": "12"})
    good["made"].append({**good["made"][0], "at": "yesterday"})
    good["plan"] |= {"hour": 99, "keep": {"daily": -5, "weekly": 1, "monthly": 1}}
    beside.write_text(json.dumps(good), "utf-8")
    assert upkeep.read(home.folder).made == (made,)
    assert upkeep.read(home.folder).plan == Plan()


# ---- looking into one


def test_a_look_inside_says_what_there_is_and_writes_nothing(
    home: OpenHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    with home.unit() as unit:
        unit.add(Resident(name="Margaret Ellis", room="14"))
        unit.add(Resident(name="Alun Price", room="2"))
        unit.add(Resident(name="Gone", archived=True))
    made = backups.back_up(backups.source_of(home), tmp_path / f"a{SUFFIX}")
    before = names(tmp_path)
    found = looking_in.look_inside(Path(made.file), None, PASSWORD)
    assert found.home == NAME
    assert found.made == times.in_london(NOW)
    assert found.last == times.in_london(NOW)
    assert dict(found.counts)["Residents"] == 2
    assert found.people == ((MANAGER, "manager"),)
    assert found.size > 100_000
    assert names(tmp_path) == before
    assert names(temporary) == []
    with pytest.raises(WrongPassword):
        looking_in.look_inside(Path(made.file), None, "something else")
    assert names(temporary) == []


def test_the_recovery_key_of_its_time_opens_a_backup(tmp_path: Path) -> None:
    made, key = make(tmp_path / "home")
    other, other_key = make(tmp_path / "other")
    other.close()
    with made:
        backup = backups.by_hand(made, tmp_path / f"a{SUFFIX}")
    file = Path(backup.file)
    assert looking_in.look_inside(file, None, key.text, recovery=True).home == NAME
    for wrong, kind in ((other_key.text, WrongRecoveryKey), ("A8SB TATK", BadRecoveryKey)):
        with pytest.raises(kind):
            restoring.restore_home(file, tmp_path / "back", None, wrong, recovery=True)
        assert not (tmp_path / "back").exists()
    restoring.restore_home(file, tmp_path / "back", None, key.text, recovery=True).close()
    with unlock(tmp_path / "back") as restored:
        assert verify(restored.store).damage == []
        assert restored.unlocked.vault.incarnation == 1


def test_a_check_goes_over_all_of_it(home: OpenHome, tmp_path: Path) -> None:
    source = backups.source_of(home)
    made = backups.back_up(source, tmp_path / f"a{SUFFIX}")
    told: list[str] = []
    report = looking_in.check(Path(made.file), source, lambda step, *_: told.append(step))
    assert report.damage == []
    assert report.units >= 1
    assert told
    other = dataclasses.replace(source, key=bytes(32))
    assert looking_in.check(Path(made.file), other).units == 0
    flip(Path(made.file), Path(made.file).stat().st_size // 2)
    with pytest.raises(DamagedBackup):
        looking_in.check(Path(made.file), source)
    assert backups.state_of(made) is State.GOOD, "a look from outside does not see it"


def test_what_was_noted_serves_as_a_witness(home: OpenHome) -> None:
    save(home)
    made = backups.automatic(backups.source_of(home))
    assert made is not None
    assert verify(home.store, witnesses=backups.witnesses(home.folder)).damage == []
    [witness] = backups.witnesses(home.folder)
    [head] = witness.heads
    taller = dataclasses.replace(witness, heads=[dataclasses.replace(head, seq=head.seq + 2)])
    [damage] = verify(home.store, witnesses=[taller]).damage
    assert "2 saves are missing" in damage.what


# ---- a home that can only be read


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_read_only_media_open_for_reading(
    home: OpenHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(home)
    home.close()
    # root may write to any folder; a disk that only reads answers like this
    monkeypatch.setattr(opening, "_only_reads", lambda _folder: True)
    (home.folder / DATABASE).chmod(0o400)
    before = names(home.folder)
    with unlock(home.folder) as opened:
        assert opened.cannot_write is not None
        assert opened.cannot_write.code == "read-only"
        assert opened.store.the("home") is not None
        with pytest.raises(UserError) as caught:
            save(opened)
        assert caught.value.code == "read-only"
        assert "copy its folder" in caught.value.do
        made = backups.back_up(backups.source_of(opened), tmp_path / f"a{SUFFIX}")
        assert made.seq
    assert names(home.folder) == before
    # saves that are still in the log beside it would be left out without a word
    (home.folder / f"{DATABASE}-wal").write_bytes(b"x" * 5000)
    with pytest.raises(UserError) as caught:
        unlock(home.folder)
    assert "not closed properly" in caught.value.what


# ---- a home that went back in time


def test_only_a_manager_decides_to_go_on_without_what_is_missing(tmp_path: Path) -> None:
    made, _ = make(tmp_path / "home")
    made.close()
    older = shutil.copytree(tmp_path / "home", tmp_path / "older")
    with unlock(tmp_path / "home") as home:
        save(home, "lost")
    shutil.copy(older / DATABASE, tmp_path / "home" / DATABASE)
    with unlock(tmp_path / "home") as home:
        assert home.cannot_write is not None
        assert home.cannot_write.code == "changes-missing"
        with pytest.raises(UserError):
            save(home)
        home.go_on()
        save(home, "goes on")
        events = home.store.connection.execute(
            "SELECT detail FROM access_event WHERE kind = 'restored'"
        ).fetchall()
        assert len(events) == 1
        assert "One save is missing" in events[0][0]
    with unlock(tmp_path / "home") as home:
        assert home.cannot_write is None
        assert verify(home.store).damage == []


def test_a_disk_that_does_not_answer_for_a_moment_loses_no_plan(
    home: OpenHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = dataclasses.replace(Plan(), hour=3, folder="/somewhere")
    upkeep.change(home.folder, lambda now: dataclasses.replace(now, plan=mine), NOW)
    beside = home.folder / upkeep.FILE_NAME
    opened = Path.open

    def out_of_order(path: Path, *how: Any, **more: Any) -> Any:
        if path == beside:
            raise OSError(errno.EIO, "Input/output error")
        return opened(path, *how, **more)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", out_of_order)
        assert upkeep.read(home.folder) == upkeep.Upkeep()
        with pytest.raises(CannotWrite):
            upkeep.change(
                home.folder, lambda now: dataclasses.replace(now, went_on=times.to_stored(NOW)), NOW
            )
    assert upkeep.read(home.folder).plan == mine
