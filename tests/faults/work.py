"""What the program does while something goes wrong, and what must be true afterwards.

A flow is prepared in an empty folder, done in a process of its own that says what it has
acknowledged, and judged from what lies in the folder later and from what was said.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from liaison.errors import UserError
from liaison.exchange.csv_reading import read_csv
from liaison.files import write_new_file
from liaison.records.administration import Person
from liaison.records.casework import Visit, VisitEntry
from liaison.records.directory import Service
from liaison.records.home import Resident
from liaison.security import NotAllowed, RecoveryKey, WrongPassword, WrongRecoveryKey
from liaison.services import (
    backups,
    drafts,
    editing,
    homes,
    importing,
    people,
    recovery,
    restoring,
)
from liaison.services.homes import OpenHome
from liaison.services.importing import Wishes
from liaison.store import query
from liaison.store.store import now
from liaison.store.verify import verify
from tests import homes as made
from tests.store.newer import newer_liaison

NEW_PASSWORD: Final = "larkfield pudding"
ANNS_PASSWORD: Final = "zwieback on toast"
TYPED: Final = {"found": "typed and not saved yet"}
ABOUT: Final = drafts.About("visit_entry")
FOUND: Final = "note" * 500
ROWS: Final = 120

Say = Callable[[str], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Doing:
    """How a process does its steps: what is acknowledged is said, what fails is done once more.

    Args:
        say: Tells the test, at once.
    """

    say: Say

    def step(self, word: str, do: Callable[[], object]) -> None:
        """Do one step and acknowledge it; after a plain error, do it again."""
        try:
            do()
        except UserError as error:
            self.say(f"told {error.code} {_unplain(error)}".strip())
            do()
        self.say(word)


def _unplain(error: UserError) -> str:
    """Return what is wrong with a message to a person."""
    faults = [
        word
        for word in ("Errno", "Error:", "Traceback", ".py", "sqlite", "None")
        if word in error.message
    ]
    return " ".join(["unplain", *faults]) if faults or not error.what or not error.do else ""


@dataclasses.dataclass(frozen=True, slots=True)
class Flow:
    """One thing the program does.

    Args:
        prepare: Makes what is there before.
        act: Does it.
        judge: Checks what is there afterwards against what was acknowledged; returns which of the
            states that are right it is.
        states: Every state that is right.
    """

    prepare: Callable[[Path], None]
    act: Callable[[Path, Doing], None]
    judge: Callable[[Path, Sequence[str]], str]
    states: tuple[str, ...]


@contextlib.contextmanager
def whole(folder: Path, password: str = made.PASSWORD) -> Iterator[OpenHome]:
    """Open a home that must be whole, and see at the end that it goes on."""
    with made.unlock(folder, password, made.MANAGER) as home:
        report = verify(home.store, deep=True, blob_key=home.unlocked.vault.blob_key)
        assert report.damage == [], report.damage
        yield home
        after, _ = editing.add(home, Service(name="after"))
        assert home.store.get("service", after)


def named(home: OpenHome, type_name: str) -> list[Any]:
    """Return the records of a type, oldest first."""
    return list(query.every(home.store, query.Query(type_name, newest_first=False)))


def _home(place: Path) -> OpenHome:
    home, _ = made.make(place / "home")
    editing.add(home, Resident(name="Mary Jones", room="4"))
    return home


def _prepare(place: Path) -> None:
    _home(place).close()


# ---- saving


def _save(place: Path, doing: Doing) -> None:
    home = made.unlock(place / "home")
    doing.step("draft", lambda: drafts.save(home, ABOUT, TYPED))
    (mary,) = named(home, "resident")
    visit = Visit(kind="visit", at=now())

    def note() -> None:
        with home.unit() as unit:
            unit.add(VisitEntry(visit=unit.add(visit), resident=mary.id, found=FOUND))

    doing.step("note", note)
    (kept,) = named(home, "visit_entry")
    loaded = home.store.load("visit_entry", kept.id)
    assert loaded is not None
    voiced = dataclasses.replace(loaded.record, voice="voice")  # type: ignore[call-arg]  # of a note
    doing.step("voice", lambda: editing.save(home, loaded, voiced, "a reason"))
    doing.step(
        "letter",
        lambda: editing.attach(
            home, "visit_entry", kept.id, name="letter.txt", media_type="text/plain",
            data=b"letter " * 2000,
        ),
    )  # fmt: skip
    doing.step(
        "saved",
        lambda: drafts.finish(home, ABOUT, lambda: editing.add(home, Service(name="saved"))),
    )
    home.close()
    doing.say("closed")


_SAVED: Final = ("draft", "note", "voice", "letter", "saved")


def _judge_saved(place: Path, said: Sequence[str]) -> str:
    with whole(place / "home") as home:
        notes = named(home, "visit_entry")
        services = [service.name for service in named(home, "service")]
        draft = drafts.find(home, ABOUT)
        there = {
            "draft": draft is not None or "saved" in services,
            "note": len(notes) == len(named(home, "visit")) == 1,
            "voice": len(notes) == 1 and notes[0].voice == "voice",
            "letter": len(named(home, "attachment")) == 1,
            "saved": services == ["saved"],
        }
        assert len(notes) <= 1
        assert services in ([], ["saved"])
        assert draft is None or dict(draft.typed) == TYPED
        # what was saved is not offered again
        assert (draft is None) or "saved" not in services
        assert not notes or notes[0].found == FOUND
    count = len([word for word in there.values() if word])
    # each step stands on those before it
    assert list(there.values()) == [True] * count + [False] * (len(there) - count), there
    for word in said:
        assert there.get(word, True), f"{word} was acknowledged and is lost"
    return f"{count} of {len(there)}"


# ---- a list that comes in


def _import(place: Path, doing: Doing) -> None:
    rows = [f"Resident {number},{number}" for number in range(ROWS)]
    text = "\n".join(["Name,Room,Date of birth", *rows, "Wrong,1,soon"])

    def take() -> None:
        sheet = read_csv(io.BytesIO(text.encode()))
        plan = importing.preview(home, "resident", sheet, Wishes())
        importing.carry_out(home, plan, beside=place / "list.csv")

    with made.unlock(place / "home") as home:
        doing.step("imported", take)


def _judge_imported(place: Path, said: Sequence[str]) -> str:
    with whole(place / "home") as home:
        count = len(named(home, "resident"))
    rejects = place / "list.rejected.csv"
    if count == 1:
        assert "imported" not in said
        return "old"
    assert count == ROWS + 1
    assert b"soon" in rejects.read_bytes()
    return "new"


# ---- people and their keys


def _prepare_people(place: Path) -> None:
    with _home(place) as home:
        ann = Person(name="Ann Hill", role="carer")
        people.add(home, ann, ANNS_PASSWORD, cost=made.CHEAP)


def _ann(home: OpenHome) -> Person:
    (ann,) = [
        home.store.get("person", identity)
        for (identity,) in home.store.connection.execute(
            "SELECT id FROM person WHERE name = 'Ann Hill'"
        )
    ]
    assert isinstance(ann, Person)
    return ann


def _add(place: Path, doing: Doing) -> None:
    def add() -> None:
        # whoever is there without a password is given one, as a manager would
        known = [one for one in named(home, "person") if one.name == "Ann Hill"]
        if known:
            people.give_password(home, known[0].id, ANNS_PASSWORD, cost=made.CHEAP)
        else:
            ann = Person(name="Ann Hill", role="carer")
            people.add(home, ann, ANNS_PASSWORD, cost=made.CHEAP)

    with made.unlock(place / "home") as home:
        doing.step("added", add)


def _judge_added(place: Path, said: Sequence[str]) -> str:
    folder = place / "home"
    with whole(folder) as home:
        listed = people.everybody(home.store, homes.read_keys(folder))
        found = [one for one in listed if one.name == "Ann Hill"]
        was = "new"
        if not found:
            assert "added" not in said
            return "old"
        (ann,) = found
        if ann.state is people.State.NEEDS_PASSWORD:
            assert "added" not in said
            people.give_password(home, ann.id, ANNS_PASSWORD, cost=made.CHEAP)
            was = "recorded"
    with made.unlock(folder, ANNS_PASSWORD, "Ann Hill") as theirs:
        assert theirs.unlocked.must_change
    return was


def _remove(place: Path, doing: Doing) -> None:
    home = made.unlock(place / "home", person=made.MANAGER)
    ann = _ann(home).id
    assert ann is not None
    try:
        doing.step("removed", lambda: people.remove(home, ann, "She left."))
    finally:
        home.close()


def _judge_removed(place: Path, said: Sequence[str]) -> str:
    folder = place / "home"
    with whole(folder) as home:
        gone = _ann(home).archived
        # what was begun is finished at the next opening
        assert home.unlocked.vault.database.pending is None
    assert gone or "removed" not in said
    known = [person.name for person in homes.read_keys(folder).people if person.can_unlock]
    if "Ann Hill" not in known:
        assert gone
        return "new"
    assert "removed" not in said
    if not gone:
        made.unlock(folder, ANNS_PASSWORD, "Ann Hill").close()
        return "old"
    with contextlib.suppress(NotAllowed, WrongPassword):
        made.unlock(folder, ANNS_PASSWORD, "Ann Hill").close()
        raise AssertionError("somebody who was let go came in")
    return "recorded"


def _change_password(place: Path, doing: Doing) -> None:
    with made.unlock(place / "home") as home:
        doing.step(
            "changed",
            lambda: people.change_password(home, made.PASSWORD, NEW_PASSWORD, cost=made.CHEAP),
        )


def _judge_changed(place: Path, said: Sequence[str]) -> str:
    opening = []
    for password in (made.PASSWORD, NEW_PASSWORD):
        with contextlib.suppress(WrongPassword):
            homes.read_keys(place / "home").unlock(None, password)
            opening.append(password)
    (password,) = opening
    with whole(place / "home", password) as home:
        assert len(named(home, "resident")) == 1
    assert password == NEW_PASSWORD or "changed" not in said
    return "new" if password == NEW_PASSWORD else "old"


# ---- the recovery sheet


def _prepare_sheet(place: Path) -> None:
    home, key = made.make(place / "home")
    home.close()
    write_new_file(place / "sheet 0", key.text.encode())


def _sheet(place: Path, doing: Doing) -> None:
    numbers = itertools.count(1)

    def keep(key: RecoveryKey) -> None:
        write_new_file(place / f"sheet {next(numbers)}", key.text.encode())

    with made.unlock(place / "home") as home:
        doing.step("made", lambda: recovery.new_sheet(home, keep))


def _judge_sheet(place: Path, said: Sequence[str]) -> str:
    keys = homes.read_keys(place / "home")
    opening = []
    for sheet in sorted(place.glob("sheet *")):
        with contextlib.suppress(WrongRecoveryKey):
            keys.unlock_with_recovery(sheet.read_text())
            opening.append(sheet.name)
    # never none, and never two
    (sheet_name,) = opening
    assert sheet_name != "sheet 0" or "made" not in said
    with whole(place / "home"):
        return "old" if sheet_name == "sheet 0" else "new"


# ---- backup and restore


def _prepare_backup(place: Path) -> None:
    with _home(place) as home:
        backups.by_hand(home, place / "nightly.backup")
        editing.add(home, Resident(name="John Kowalski", room="5"))


def _backup(place: Path, doing: Doing) -> None:
    with made.unlock(place / "home") as home:
        doing.step("backed up", lambda: backups.by_hand(home, place / "nightly.backup"))


def _judge_backup(place: Path, said: Sequence[str]) -> str:
    with whole(place / "home") as home:
        assert len(named(home, "resident")) == 2
    restoring.restore_home(
        place / "nightly.backup", place / "again", None, made.PASSWORD, clock=now
    ).close()
    with whole(place / "again") as home:
        count = len(named(home, "resident"))
    assert count == 2 or (count == 1 and "backed up" not in said)
    return "new" if count == 2 else "old"


def _restore(place: Path, doing: Doing) -> None:
    file, folder = place / "nightly.backup", place / "restored"
    doing.step(
        "restored", lambda: restoring.restore_home(file, folder, None, made.PASSWORD).close()
    )


def _judge_restored(place: Path, said: Sequence[str]) -> str:
    folder = place / "restored"
    there = folder.exists()
    assert there or "restored" not in said
    if not there:
        restoring.restore_home(place / "nightly.backup", folder, None, made.PASSWORD).close()
    with whole(folder) as home:
        assert len(named(home, "resident")) == 1
    return "new" if there else "old"


# ---- a new home, and one of an older version


def _prepare_nothing(_place: Path) -> None:
    """Leave the folder empty."""


def _make(place: Path, doing: Doing) -> None:
    def make() -> None:
        made.make(place / "home")[0].close()

    doing.step("made", make)


def _judge_made(place: Path, said: Sequence[str]) -> str:
    folder = place / "home"
    if folder.exists():
        with whole(folder) as home:
            assert [one.name for one in named(home, "home")] == [made.NAME]
        return "new"
    assert "made" not in said
    made.make(folder)[0].close()
    return "old"


def _migrate(place: Path, doing: Doing) -> None:
    with newer_liaison() as garden:
        opened: list[OpenHome] = []
        doing.step("upgraded", lambda: opened.append(made.unlock(place / "home")))
        (home,) = opened
        doing.step("planted", lambda: editing.add(home, garden(name="Roses")))  # type: ignore[call-arg]  # of its own
        home.close()


def _judge_migrated(place: Path, said: Sequence[str]) -> str:
    with newer_liaison(), whole(place / "home") as home:
        assert [one.name for one in named(home, "resident")] == ["Mary Jones"]
        planted = [one.name for one in named(home, "garden")]
        assert planted in ([], ["Roses"])
        assert planted or "planted" not in said
    return "planted" if planted else "old or upgraded"


FLOWS: Final[Mapping[str, Flow]] = {
    "save": Flow(_prepare, _save, _judge_saved, tuple(f"{n} of 5" for n in range(6))),
    "import": Flow(_prepare, _import, _judge_imported, ("old", "new")),
    "add": Flow(_prepare, _add, _judge_added, ("old", "recorded", "new")),
    "remove": Flow(_prepare_people, _remove, _judge_removed, ("old", "recorded", "new")),
    "password": Flow(_prepare, _change_password, _judge_changed, ("old", "new")),
    "sheet": Flow(_prepare_sheet, _sheet, _judge_sheet, ("old", "new")),
    "backup": Flow(_prepare_backup, _backup, _judge_backup, ("old", "new")),
    "restore": Flow(_prepare_backup, _restore, _judge_restored, ("old", "new")),
    "make": Flow(_prepare_nothing, _make, _judge_made, ("old", "new")),
    "migrate": Flow(_prepare, _migrate, _judge_migrated, ("old or upgraded", "planted")),
}
