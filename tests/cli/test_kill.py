"""``kill -9`` at any moment: what was acknowledged is there, and nothing else is half there."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from liaison.records.casework import VisitEntry
from liaison.services.homes import OpenHome, read_keys
from liaison.store import query
from liaison.store.history import history
from liaison.store.search import search
from liaison.store.verify import verify
from tests import homes as made
from tests.cli.conftest import Cli
from tests.telling import told

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no kill -9")

SEED: Final = 20_261_123

# A process that has imported everything and forks one for each line it is given: a death costs
# nothing but what is to be seen.
SERVER: Final = """
import json, os, sys
from tests.homes import CHEAP, unlock
from liaison.cli import run
from liaison.records.casework import Visit, VisitEntry
from liaison.records.home import Resident
from liaison.services import editing, founding
from liaison.store.store import now

founding.make_home.__kwdefaults__["cost"] = CHEAP

def say(word):
    sys.stdout.write(f"{word}\\n")
    sys.stdout.flush()

def save(folder, mark):
    from pathlib import Path
    home = unlock(Path(folder))
    mary, john = (
        editing.add(home, Resident(name=f"{mark}{name}"))[0] for name in ("mary", "john")
    )
    visit, _ = editing.add(home, Visit(kind="visit", at=now()))
    number = 0
    while True:
        number += 1
        word = f"{mark}{number}e"
        note, _ = editing.add(
            home, VisitEntry(visit=visit, resident=mary, found=f"{word} " * (1 + number % 700))
        )
        say(f"added {word} {note}")
        loaded = home.store.load("visit_entry", note)
        changed = editing.dataclasses.replace(loaded.record, voice=f"{word}voice")
        editing.save(home, loaded, changed, f"{word}reason")
        say(f"voiced {word} {note}")
        if number % 3 == 0:
            attached = editing.attach(
                home, "visit_entry", note, name=f"{word}.txt", media_type="text/plain",
                data=f"{word}bytes".encode() * 5000,
            )
            say(f"attached {word} {attached}")
        if number % 4 == 0:
            moved = editing.move(home, changed, john, f"{word}moved")
            say(f"moved {word} {moved.id}")

for line in sys.stdin:
    work, *words = json.loads(line)
    child = os.fork()
    if child == 0:
        say(f"pid {os.getpid()}")
        if work == "save":
            save(*words)
        say("ended " + str(run(words)))
        os._exit(0)
    os.waitpid(child, 0)
    say("dead")
"""


class Victims:
    """Starts processes to be killed."""

    def __init__(self, temporary: Path) -> None:
        self._server = made.child(SERVER, TMPDIR=str(temporary), SQLITE_TMPDIR=str(temporary))
        self._buffer = b""

    def run(
        self, seconds: float, work: str, *words: str, lines: int = 0
    ) -> tuple[list[list[str]], bool]:
        """Start a piece of work and kill it after a time, if it is not done.

        Args:
            seconds: The time.
            work: Which work.
            words: What it is given.
            lines: How much it is to have said before the time begins, however slow the machine is.

        Returns:
            The lines it printed, and whether it came to its end.
        """
        assert self._server.stdin
        self._server.stdin.write(json.dumps([work, *words]).encode() + b"\n")
        self._server.stdin.flush()
        (word, pid) = self._line(60) or ["", ""]
        assert word == "pid"
        said = [self._line(60) or ["too slow"] for _ in range(lines)]
        assert ["dead"] not in said
        assert ["too slow"] not in said
        end = time.monotonic() + seconds
        while (line := self._line(end - time.monotonic())) is not None:
            if line == ["dead"]:
                return said, True
            said.append(line)
        os.kill(int(pid), signal.SIGKILL)
        while (line := self._line(60)) != ["dead"]:
            assert line is not None
            said.append(line)
        return said, False

    def _line(self, seconds: float) -> list[str] | None:
        """Return the next line; None if there is none in time."""
        assert self._server.stdout
        end = time.monotonic() + seconds
        while b"\n" not in self._buffer:
            left = max(0, end - time.monotonic())
            if not select.select([self._server.stdout], [], [], left)[0]:
                return None
            piece = os.read(self._server.stdout.fileno(), 65536)
            assert piece, self._error()
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode().split()

    def _error(self) -> bytes:
        return self._server.stderr.read() if self._server.stderr else b""

    def close(self) -> None:
        """End the server."""
        assert self._server.stdin
        self._server.stdin.close()
        try:
            self._server.wait(30)
        except subprocess.TimeoutExpired:
            self._server.kill()
            raise
        finally:
            for stream in (self._server.stdout, self._server.stderr):
                if stream:
                    stream.close()
        assert self._server.returncode == 0


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Make the folder in which the victims could leave temporary files."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


@pytest.fixture
def victims(temporary: Path) -> Iterator[Victims]:
    server = Victims(temporary)
    yield server
    server.close()


def test_what_was_acknowledged_is_there(
    cli: Cli, victims: Victims, temporary: Path, pattern: Path, *, full_faults: bool
) -> None:
    chance = random.Random(SEED)
    for number in range(14 if full_faults else 1):
        # a home that has grown large takes long to look through, and shows no more
        cli.home = made.copy(pattern, cli.home.with_name(f"home {number}"))
        with told(f"home {number} of seed {SEED}"):
            kill_again_and_again(cli, victims, temporary, chance)


def kill_again_and_again(
    cli: Cli, victims: Victims, temporary: Path, chance: random.Random
) -> None:
    """Kill processes that save into one home, and look at it after each death."""
    acknowledged: list[list[str]] = []
    marks: list[str] = []
    midway = 0
    for kill in range(15):
        # long enough never to be in encrypted bytes by chance
        mark = f"zqmark{kill:03}x"
        # a few while it opens the home, most while it saves
        lines = chance.randint(9, 16) if kill % 5 else 0
        said, ended = victims.run(chance.uniform(0, 0.05), "save", str(cli.home), mark, lines=lines)
        assert not ended
        acknowledged += said
        marks.append(mark)
        # dead: the words are nowhere in the clear, and nothing is left in other places
        assert made.words_in(cli.home, *marks) == []
        assert made.names(temporary) == []
        left = set(made.names(cli.home)) - {made.KEYS, made.DATABASE, made.MARK}
        assert left <= {f"{made.DATABASE}-wal", f"{made.DATABASE}-shm"}
        midway += bool(left)
        with made.unlock(cli.home) as home:
            report = verify(home.store, deep=True, blob_key=home.unlocked.vault.blob_key)
            assert report.damage == []
            for line in said:
                assert_there(home, *line)
            assert_nothing_half(home, mark, said)
            assert made.words_in(cli.home, *marks) == []
        assert made.names(cli.home) == [made.KEYS, made.DATABASE, made.MARK]
        assert made.words_in(cli.home, *marks) == []
    # all of it, also what was acknowledged before the first death
    with made.unlock(cli.home) as home:
        for line in acknowledged:
            assert_there(home, *line)
    assert len(acknowledged) > 100
    # whoever had saved anything died with the write-ahead log in use
    assert midway >= 12


def assert_there(home: OpenHome, done: str, word: str, identity: str) -> None:
    """Check that what a victim acknowledged is there, in the lists, the history and the search."""
    if done == "attached":
        (hit,) = search(home.store, f"{word}.txt", types=["attachment"])
        assert hit.record.id == int(identity)
        return
    note = home.store.get("visit_entry", int(identity))
    assert isinstance(note, VisitEntry)
    assert set((note.found or "").split()) == {word}
    assert note.id in {hit.record.id for hit in search(home.store, word)}
    entries = history(home.store, "visit_entry", int(identity))
    if done == "voiced":
        assert note.voice == f"{word}voice"
        assert entries[1].reason == f"{word}reason"
    if done == "moved":
        assert note.moved_from is not None
        old = home.store.get("visit_entry", note.moved_from)
        assert old is not None
        assert old.struck_reason == f"{word}moved"


def assert_nothing_half(home: OpenHome, mark: str, said: list[list[str]]) -> None:
    """Check that what was not acknowledged is there with all that belongs to it, or not at all."""
    told = {int(line[2]) for line in said}
    notes = [
        note
        for note in query.every(home.store, query.Query("visit_entry"))
        if isinstance(note, VisitEntry) and (note.found or "").startswith(mark)
    ]
    assert len([note for note in notes if note.id not in told]) <= 1
    for note in notes:
        assert note.id is not None
        assert history(home.store, "visit_entry", note.id)
        word = (note.found or "").split()[0]
        found = {hit.record.id for hit in search(home.store, word, types=["visit_entry"])}
        assert note.id in found
        assert all(home.store.get("visit_entry", rec or 0) for rec in found)
        if note.moved_from is not None:
            old = home.store.get("visit_entry", note.moved_from)
            assert old is not None
            assert old.struck_reason


@dataclasses.dataclass
class Moments:
    """Moments to be killed at, spread over the time a piece of work takes undisturbed."""

    victims: Victims
    kills: int

    def of(self, *words: str, last: str = "") -> Iterator[float]:
        """Do the work once and yield moments of it, in order.

        Args:
            words: The command.
            last: What the undisturbed one is to be given besides.
        """
        begin = time.monotonic()
        said, ended = self.victims.run(60, "cli", *words, *filter(None, [last]))
        assert ended, said
        assert ["ended", "0"] in said, said
        long = time.monotonic() - begin
        chance = random.Random(SEED)
        for kill in range(self.kills):
            # the first at once: however slow the undisturbed one was, one comes before the end
            yield long * (kill + chance.random()) / self.kills if kill else 0.0


def test_a_home_is_made_whole_or_not_at_all(
    cli: Cli, victims: Victims, tmp_path: Path, temporary: Path, *, full_faults: bool
) -> None:
    words = ("init", "--name", "zqhouse", "--person", "zqkate", "--json")
    moments = Moments(victims, 60 if full_faults else 6)
    outcomes = set()
    for kill, moment in enumerate(moments.of(*words, last=f"--home={tmp_path}/first")):
        place = tmp_path / f"place{kill}"
        place.mkdir()
        folder, key = place / "home", place / "key.txt"
        more = ("--home", str(folder), "--recovery-out", str(key))
        _, ended = victims.run(moment, "cli", *words, *more)
        outcomes.add(folder.exists())
        # the people who can unlock a home are named in its key file; nothing else is in the clear
        assert made.words_in(place, "zqhouse") in ([], ["key.txt"])
        assert made.names(temporary) == []
        if ended or folder.exists():
            # whoever has the home has its recovery key too
            words_of_key = key.read_text("utf-8").splitlines()[1]
            assert read_keys(folder).unlock_with_recovery(words_of_key).by_recovery
            cli.home = folder
            assert cli.json("verify", "--deep")["damage"] == []
        else:
            key.unlink(missing_ok=True)
            cli.home = folder
            cli(*words, "--recovery-out", str(key))
    assert False in outcomes


def test_a_backup_replaces_the_older_one_whole_or_not_at_all(
    cli: Cli, victims: Victims, tmp_path: Path, temporary: Path, *, full_faults: bool
) -> None:
    for number in range(30):
        cli.add("service", f"name=zqname{number}", f"explanation={'zqwords ' * 2000}")
    place = tmp_path / "place"
    place.mkdir()
    backup = place / "nightly.backup"
    words = ("--home", str(cli.home), "backup", str(backup))
    restored = tmp_path / "restored"
    moments = Moments(victims, 60 if full_faults else 6)
    for kill, moment in enumerate(moments.of(*words)):
        victims.run(moment, "cli", *words)
        assert made.words_in(place, "zqname", "zqwords") == []
        assert made.words_in(cli.home, "zqname", "zqwords") == []
        assert made.names(temporary) == []
        folder = restored / str(kill)
        cli.bare("restore", str(backup), "--home", str(folder))
        assert len(cli.bare("list", "service", "--home", str(folder), "--json").json) == 30
    assert cli.json("verify", "--deep")["damage"] == []


def test_a_restored_home_is_whole_or_not_there(
    cli: Cli, victims: Victims, tmp_path: Path, temporary: Path, *, full_faults: bool
) -> None:
    cli.add("service", "name=zqname", f"explanation={'zqwords ' * 2000}")
    backup = tmp_path / "b"
    cli("backup", str(backup))
    words = ("restore", str(backup), "--home")
    moments = Moments(victims, 60 if full_faults else 6)
    outcomes = set()
    for kill, moment in enumerate(moments.of(*words, last=str(tmp_path / "first"))):
        place = tmp_path / f"place{kill}"
        place.mkdir()
        folder = place / "home"
        victims.run(moment, "cli", *words, str(folder))
        outcomes.add(folder.exists())
        assert made.words_in(place, "zqname", "zqwords") == []
        assert made.names(temporary) == []
        if not folder.exists():
            cli.bare(*words, str(folder))
        cli.home = folder
        assert cli.json("verify", "--deep")["damage"] == []
        assert [service["name"] for service in cli.json("list", "service")] == ["zqname"]
    assert False in outcomes
