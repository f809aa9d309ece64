"""Who may sign in, on the command line: people, roles, passwords, the recovery sheet."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from liaison import security
from liaison.cli import liaison
from liaison.cli.needs import NEEDS, needed
from liaison.cli.session import Group, Session
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Person
from liaison.records.rules import times
from liaison.security import NotAllowed, roles
from liaison.security.passwords import judge
from liaison.security.roles import Action
from liaison.services import homes
from tests import homes as made
from tests.cli.conftest import Cli
from tests.cli.test_options import terminal, until

PRIYA = "Priya Nair"
OWN = "kettle on the third shelf"
GIVEN = "for the first day only 7"


class People:
    """The command line with files of passwords."""

    def __init__(self, cli: Cli, folder: Path) -> None:
        self.cli = cli
        self.folder = folder

    def file(self, content: str) -> str:
        """Return the path of a new file that holds a password."""
        path = self.folder / f"{abs(hash(content))}.txt"
        path.write_text(f"{content}\n")
        return str(path)

    def add(self, name: str = PRIYA, role: str = "carer", *more: str) -> Any:
        words = ("user", "add", name, "--role", role, "--new-password-file", self.file(GIVEN))
        return self.cli.json(*words, *more)

    def ready(self, name: str = PRIYA, role: str = "carer") -> None:
        """Add somebody who has chosen a password of their own."""
        self.add(name, role)
        self.cli("password", "--new-password-file", self.file(OWN), *self.as_(name, GIVEN))

    def as_(self, name: str = PRIYA, password: str = OWN) -> tuple[str, ...]:
        return ("--user", name, "--password-file", self.file(password))


@pytest.fixture
def who(cli: Cli, tmp_path: Path) -> People:
    return People(cli, tmp_path)


# ---- people


def test_somebody_added_is_listed_and_chooses_a_password_of_their_own(who: People) -> None:
    added = who.add(PRIYA, "senior", "--until", "2031-05-02")
    assert list(added) == ["id", "name", "role", "state", "until", "staff"]
    assert (added["name"], added["role"], added["until"]) == (PRIYA, "senior", "2031-05-02")
    assert added["state"] == "temporary"
    first, second = who.cli.json("user", "list")
    assert (first["name"], first["role"], first["state"]) == (made.MANAGER, "manager", "active")
    assert second == added
    # with a manager's password nothing is done
    error = who.cli.error("list", "resident", *who.as_(PRIYA, GIVEN))
    assert error["code"] == "temporary-password"
    assert "--new-password-file" in error["message"]
    again = who.file(GIVEN)
    error = who.cli.error("password", "--new-password-file", again, *who.as_(PRIYA, GIVEN))
    assert error["code"] == "same-password"
    who.cli("password", "--new-password-file", who.file(OWN), *who.as_(PRIYA, GIVEN))
    assert who.cli.json("list", "resident", *who.as_()) == []
    assert [one["state"] for one in who.cli.json("user", "list")] == ["active", "active"]
    said = who.cli("user", "list").out
    assert "Priya Nair, Senior carer: Active, until 2 May 2031" in said.replace("Fri ", "")


def test_a_passphrase_is_thought_up_and_shown_nowhere(who: People, tmp_path: Path) -> None:
    out = tmp_path / "for priya.txt"
    said = who.cli("user", "add", PRIYA, "--role", "carer", "--passphrase-out", str(out))
    passphrase = out.read_text().strip()
    assert judge(passphrase).enough
    assert passphrase not in said.out + said.err
    if os.name != "nt":
        assert out.stat().st_mode & 0o777 == 0o600
    with homes.open_home(who.cli.home, PRIYA, passphrase) as home:
        assert home.unlocked.must_change
    # no file is written over, and none lies beside the keys
    words = ("user", "password", PRIYA, "--passphrase-out")
    assert who.cli.error(*words, str(out))["code"] == "already-exists"
    assert who.cli.error(*words, str(who.cli.home / "p.txt"))["code"] == "bad-place"
    both = (str(tmp_path / "new"), "--new-password-file", who.file(OWN))
    assert who.cli.error(*words, *both, code=2)["code"] == "usage"


def test_a_new_role_name_and_last_day(who: People) -> None:
    who.ready()
    assert who.cli.json("user", "role", PRIYA, "senior", "--reason", "Nights.")["role"] == "senior"
    assert who.cli.json("user", "rename", "priya nair", "Priya Jones")["name"] == "Priya Jones"
    assert who.cli.json("list", "resident", *who.as_("Priya Jones")) == []
    yesterday = times.in_london(dt.datetime.now(dt.UTC)).date() - dt.timedelta(days=2)
    over = who.cli.json("user", "until", "Priya Jones", yesterday.isoformat())
    assert (over["until"], over["state"]) == (yesterday.isoformat(), "over")
    error = who.cli.error("list", "resident", *who.as_("Priya Jones"))
    assert error["code"] == "not-allowed"
    assert "any more" in error["message"]
    assert who.cli.json("user", "until", "Priya Jones", "none")["until"] is None
    assert who.cli.json("list", "resident", *who.as_("Priya Jones")) == []
    taken = who.cli.error("user", "rename", "Priya Jones", made.MANAGER.upper())
    assert taken["code"] == "same-name"


def test_somebody_who_signs_in_is_linked_to_the_member_of_staff_of_the_same_name(
    who: People,
) -> None:
    staff = [
        who.cli.json("add", "staff", "name=Priya Nair", "job_role=nurse")["id"] for _ in range(2)
    ]
    words = ("user", "add", PRIYA, "--role", "carer", "--new-password-file", who.file(GIVEN))
    assert "Say which of them it is" in who.cli.error(*words)["message"]
    assert who.add(PRIYA, "carer", "--staff", staff[1])["staff"] == staff[1]
    assert who.cli.json("user", "staff", PRIYA, "none")["staff"] is None
    assert who.cli.json("user", "staff", PRIYA, staff[0])["staff"] == staff[0]
    who.cli.json("add", "staff", "name=Sam Okafor", "job_role=nurse")
    assert who.add("Sam Okafor", "carer", "--staff", "none")["staff"] is None


def test_suspended_and_back(who: People) -> None:
    who.ready()
    assert who.cli.json("user", "suspend", PRIYA, "--reason", "Away.")["state"] == "suspended"
    assert who.cli.error("list", "resident", *who.as_())["code"] == "suspended"
    assert who.cli.json("user", "resume", PRIYA, "--reason", "Back.")["state"] == "active"
    assert who.cli.json("list", "resident", *who.as_()) == []


def test_a_forgotten_password_is_replaced_and_changed_again(who: People) -> None:
    who.ready()
    given = who.cli.json("user", "password", PRIYA, "--new-password-file", who.file(GIVEN))
    assert given["state"] == "temporary"
    assert who.cli.error("list", "resident", *who.as_())["code"] == "wrong-password"
    assert who.cli.error("list", "resident", *who.as_(PRIYA, GIVEN))["code"] == "temporary-password"


def test_whoever_is_removed_is_out_and_the_home_has_new_keys(who: People) -> None:
    who.ready()
    with made.unlock(who.cli.home, person=made.MANAGER) as home:
        before = home.unlocked.vault.database.current
    said = who.cli("user", "remove", PRIYA, "--reason", "Left us.")
    assert "before still open with their old password" in said.out
    with made.unlock(who.cli.home) as home:
        assert home.unlocked.vault.database.current != before
        assert home.unlocked.vault.database.pending is None
    assert who.cli.error("list", "resident", *who.as_())["code"] == "no-such-person"
    assert [one["name"] for one in who.cli.json("user", "list")] == [made.MANAGER]
    error = who.cli.error("user", "remove", PRIYA, "--reason", "Again.")
    assert error["code"] == "no-such-person"
    assert made.MANAGER in error["message"]


def test_removing_says_in_json_whether_the_database_has_its_new_key(who: People) -> None:
    who.ready()
    with made.unlock(who.cli.home, person=made.MANAGER):
        gone = who.cli.json("user", "remove", PRIYA, "--reason", "Left us.")
    assert gone == {"id": gone["id"], "name": PRIYA, "rekeyed": False}
    assert who.cli.json("verify")["damage"] == []


def test_the_last_manager_stays(who: People) -> None:
    for words in (
        ("user", "remove", made.MANAGER, "--reason", "x"),
        ("user", "suspend", made.MANAGER, "--reason", "x"),
        ("user", "role", made.MANAGER, "carer"),
    ):
        assert who.cli.error(*words)["code"] == "not-allowed"


def test_the_table_of_roles_is_shown_without_any_password(cli: Cli) -> None:
    table = cli.json("user", "roles")
    assert len(table) == len(Action)
    assert table[0] == {
        "action": roles.describe()[0].words, "may": ["reader", "carer", "senior", "manager"],
    }  # fmt: skip
    lines = cli("user", "roles").out.splitlines()
    assert lines[0].split() == ["Manager", "Senior", "Carer", "Reader"]
    assert len(lines) == len(Action) + 1


# ---- passwords


@pytest.mark.parametrize(
    "weak", ["short", "passwordpassword", "Willow House 2026", "aaaaaaaaaaaaaa"]
)
def test_a_weak_password_is_refused_on_every_path(weak: str, who: People, tmp_path: Path) -> None:
    who.ready()
    file = ("--new-password-file", who.file(weak))
    recovery = tmp_path / "recovery.txt"
    who.cli("recovery-sheet", "--out", str(recovery))
    for words in (
        ("user", "add", "Sam Bright", "--role", "carer", *file),
        ("user", "password", PRIYA, *file),
        ("password", *file),
        ("recover", "--user", made.MANAGER, "--recovery-file", str(recovery), *file),
    ):
        if words[0] == "recover" and weak.startswith("Willow"):
            continue  # before the home is open nobody knows its name
        assert who.cli.error(*words)["code"] == "bad-password", words
    new = ("--home", str(tmp_path / "new"), "init", "--name", "Willow House", "--person", "K")
    ran = who.cli.bare(*new, "--json", "--password-file", who.file(weak), code=1)
    assert ran.error["code"] == "bad-password"
    assert not (tmp_path / "new").exists()
    # nobody's password was touched
    assert len(who.cli.json("user", "list")) == 2
    assert who.cli.json("list", "resident", *who.as_()) == []


def test_ones_own_password_is_changed(who: People) -> None:
    assert who.cli.json("password", "--new-password-file", who.file(OWN))["person"]
    assert who.cli.error("list", "resident")["code"] == "wrong-password"
    assert who.cli.json("list", "resident", "--password-file", who.file(OWN)) == []
    # and without a terminal or a file nothing can be chosen
    error = who.cli.error("password", "--password-file", who.file(OWN))
    assert error["code"] == "no-password"
    assert "--new-password-file" in error["message"]


def test_whoever_changes_a_password_hears_that_other_pcs_take_the_old_one_for_a_while(
    who: People, tmp_path: Path
) -> None:
    new = ("password", "--new-password-file", who.file(OWN))
    assert "other PCs" not in who.cli(*new).out
    own = ("--password-file", who.file(OWN))
    shared = tmp_path / "shared"
    shared.mkdir()
    who.cli("sync", "setup", "folder", str(shared), *own)
    assert "The home's other PCs do too, until they have exchanged" in who.cli(*new, *own).out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_at_a_terminal_a_temporary_password_is_changed_and_the_command_goes_on(who: People) -> None:
    who.add()
    with terminal("--home", str(who.cli.home), "--user", PRIYA, "show", "home") as (running, ours):
        told = ""
        for question, typed in (
            ("Password: ", GIVEN), ("New password: ", OWN), ("confirmation: ", OWN),
        ):  # fmt: skip
            told += until(ours, question)
            os.write(ours, f"{typed}\n".encode())
        told += until(ours, "never to be seen")
        assert running.wait(60) == 0
    assert "that a manager knows" in told
    assert made.NAME in told
    assert OWN not in told
    assert who.cli.json("list", "resident", *who.as_()) == []


# ---- the recovery sheet


def test_with_the_new_sheet_a_manager_comes_back_in_and_the_old_one_is_done_with(
    who: People, tmp_path: Path
) -> None:
    who.ready()
    first, second = str(tmp_path / "first.txt"), str(tmp_path / "second.txt")
    backup = str(tmp_path / "b")
    assert who.cli.json("recovery-sheet", "--out", first) == {"file": first}
    who.cli("backup", backup)
    told = who.cli("recovery-sheet", "--out", second).out
    assert "it still opens the backups made until now" in told
    assert "The new sheet does not open those" in told
    for path in (first, second):
        lines = Path(path).read_text().splitlines()
        assert lines[0] == f"Recovery key of {made.NAME} in Liaison"
        assert lines[1] not in told
    new = ("--new-password-file", who.file(OWN + " too"))
    error = who.cli.error("recover", "--recovery-file", first, *new)
    assert error["code"] == "wrong-recovery-key"
    done = who.cli.json("recover", "--recovery-file", second, *new)
    assert done["home"] == str(who.cli.home)
    assert who.cli.json("list", "resident", *who.as_(made.MANAGER, OWN + " too")) == []
    # the others' passwords still work, and so does the sheet
    assert who.cli.json("list", "resident", *who.as_()) == []
    assert who.cli.json("recover", "--recovery-file", second, *new)["person"] == done["person"]


def test_a_typing_mistake_on_the_sheet_is_told_before_anything(who: People, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.txt"
    who.cli("recovery-sheet", "--out", str(sheet))
    key = sheet.read_text().splitlines()[1]
    swapped = key[1] + key[0] + key[2:] if key[0] != key[1] else "0" + key[1:]
    sheet.write_text(swapped)
    words = ("recover", "--recovery-file", str(sheet), "--new-password-file", who.file(OWN))
    assert who.cli.error(*words)["code"] == "bad-recovery-key"
    sheet.write_text("")
    assert who.cli.error(*words)["code"] == "bad-recovery-key"


def test_recovery_is_for_a_manager_who_is_named_if_there_are_several(
    who: People, tmp_path: Path
) -> None:
    who.ready()
    who.ready("Sam Bright", "manager")
    sheet = str(tmp_path / "sheet.txt")
    who.cli("recovery-sheet", "--out", sheet)
    words = ("recover", "--recovery-file", sheet, "--new-password-file", who.file(OWN + " too"))
    assert "Sam Bright" in who.cli.error(*words)["message"]
    assert who.cli.error(*words, "--user", PRIYA)["code"] == "no-such-person"
    assert who.cli.json(*words, "--user", "sam bright")


def test_the_new_sheet_is_written_before_the_old_one_stops_working(
    who: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = str(tmp_path / "first.txt")
    who.cli("recovery-sheet", "--out", first)

    def full(*_: object, **__: object) -> None:
        raise UserError("The disk is full.", code="no-space")

    with monkeypatch.context() as broken:
        broken.setattr("liaison.security.change.replace_file", full)
        words = ("recovery-sheet", "--out", str(tmp_path / "second.txt"))
        assert who.cli.error(*words)["code"] == "no-space"
    # a key that opens nothing is not left lying about
    assert not (tmp_path / "second.txt").exists()
    assert who.cli.error("recovery-sheet", "--out", first)["code"] == "already-exists"
    inside = str(who.cli.home / "s.txt")
    assert who.cli.error("recovery-sheet", "--out", inside)["code"] == "bad-place"
    page = who.cli.error("recovery-sheet", "--out", str(tmp_path / "sheet.PDF"))
    assert (page["code"], "sheet.txt" in str(page)) == ("bad-name", True)
    assert not (tmp_path / "sheet.PDF").exists()
    new = ("--new-password-file", who.file(OWN))
    assert who.cli.json("recover", "--recovery-file", first, *new)


# ---- every command has its line in the table


def _commands(group: click.Group, *before: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, *before, name)
        else:
            yield " ".join((*before, name))


@pytest.mark.parametrize("command", list(_commands(liaison)))
def test_every_command_says_which_action_it_needs(command: str) -> None:
    assert command in NEEDS


def test_a_command_without_a_line_is_the_managers_alone() -> None:
    assert needed("something new") is Action.PEOPLE
    assert roles.who_may(Action.PEOPLE) == ("manager",)


@pytest.fixture(scope="module")
def peopled(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = made.copy(pattern, tmp_path_factory.mktemp("peopled") / "home")
    with made.unlock(folder) as home:
        for role in roles.ROLES:
            _let_in(home, role)
    return folder


def _let_in(home: homes.OpenHome, role: str) -> None:
    with home.unit() as unit:
        added = unit.add(Person(name=role, role=role))
    home.unlocked = security.admit(
        home.folder / made.KEYS, home.unlocked, person=ids.to_text(added), name=role, role=role,
        password=OWN, cost=made.CHEAP, temporary=False,
    )  # fmt: skip
    home.store.see_generation(home.unlocked.generation)


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_command_opens_the_home_only_for_a_role_that_may(
    role: str, peopled: Path, who: People
) -> None:
    session = Session(home=peopled, user=role, password_file=Path(who.file(OWN)))
    for command, action in NEEDS.items():
        if action is None:
            continue
        context = click.Context(click.Command("liaison"), info_name="liaison")
        for word in command.split():
            context = click.Context(click.Command(word), parent=context, info_name=word)
        with context:
            if roles.may(role, action):
                session.open()
            else:
                with pytest.raises(NotAllowed):
                    session.open()


def test_what_a_command_does_to_a_record_is_asked_again(who: People, tmp_path: Path) -> None:
    who.ready("Rita", "reader")
    who.ready()
    mary = who.cli.add("resident", "name=Mary Jones", "next_of_kin=Ann Jones")
    contact = who.cli.add("contact", "name=Dr Shah", "private_notes=Rude on the phone")
    reader, carer = who.as_("Rita"), who.as_()
    assert who.cli.json("show", "resident", mary, *reader)["next_of_kin"] is None
    assert who.cli.json("show", "resident", mary, *carer)["next_of_kin"] == "Ann Jones"
    assert who.cli.json("show", "contact", contact, *carer)["private_notes"] is None
    assert who.cli.json("search", "rude", *carer) == []
    for words in (
        ("add", "contact", "name=Jo", *reader),
        ("set", "resident", mary, "room=4", *carer),
        ("archive", "contact", contact, "--reason", "x", *carer),
        ("export", "resident", str(tmp_path / "r.csv"), *carer),
        ("report", "visits", "--out", str(tmp_path / "v.pdf"), *carer),
        ("list", "access_event", *carer),
        ("list", "supervision", *carer),
        ("backup", str(tmp_path / "b"), *carer),
        ("user", "list", *carer),
    ):
        error = who.cli.error(*words)
        assert error["code"] == "not-allowed", words
        assert "Ask " in error["message"]
    assert not list(tmp_path.glob("*.csv")) + list(tmp_path.glob("*.pdf"))


def test_user_is_a_group_that_lists_its_commands(cli: Cli) -> None:
    assert isinstance(liaison.commands["user"], Group)
    told = cli.bare("user", "--help").out
    for name in ("add", "list", "role", "suspend", "resume", "rename", "remove"):
        assert f"  {name} " in told
    assert cli.error("user", "nonsense", code=2)["code"] == "usage"
