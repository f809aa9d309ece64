"""Commands about who may sign in: people and their roles, passwords, the recovery sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.secret_files import check_secret_place, read_recovery_key, write_recovery_key
from liaison.cli.session import FILE, Command, Group, Session, note
from liaison.errors import UserError
from liaison.files import write_new_file
from liaison.records import ids
from liaison.records.administration import Person
from liaison.records.rules import times
from liaison.security import RecoveryKey, roles
from liaison.security.passphrases import passphrase
from liaison.services import homes, people, recovery
from liaison.services.homes import OpenHome
from liaison.services.pcs import meeting_places
from liaison.services.people import SignIn, State
from liaison.services.references import resolve

_ROLE: Final = click.Choice(list(roles.ROLES))
_NAME: Final = click.argument("name", metavar="NAME")
_WHY: Final = click.option("--reason", required=True, help="Why, for the history.")
_REASON: Final = click.option("--reason", default="", help="Why, for the history.")
_NEW_PASSWORD: Final = click.option(
    "--new-password-file", type=FILE, metavar="FILE", help="A file whose first line it is."
)
_PASSPHRASE: Final = click.option(
    "--passphrase-out", type=FILE, metavar="FILE",
    help="Let Liaison think one up, and write it to this new file.",
)  # fmt: skip
_NONE: Final = "none"
_NOT_THERE_YET: Final = ("The home's other PCs do too, until they have exchanged with this one.",)
_STATES: Final = {
    State.ACTIVE: "active",
    State.TEMPORARY: "temporary",
    State.NEEDS_PASSWORD: "needs-password",
    State.SUSPENDED: "suspended",
    State.OVER: "over",
}


@click.group("user", cls=Group)
def user() -> None:
    """Say who may sign in: managers only."""


@user.command("add", cls=Command)
@_NAME
@click.option("--role", type=_ROLE, required=True, help="What they may do: see user roles.")
@click.option("--until", metavar="DAY", help="Their last day, for agency staff.")
@click.option(
    "--staff", metavar="STAFF|none",
    help="The member of staff they are; if not given, the one of the same name.",
)  # fmt: skip
@_NEW_PASSWORD
@_PASSPHRASE
@click.pass_obj
def add(  # noqa: PLR0917  # one for each option
    session: Session,
    name: str,
    role: str,
    until: str | None,
    staff: str | None,
    new_password_file: Path | None,
    passphrase_out: Path | None,
) -> None:
    """Let somebody sign in, with a temporary password that they change at first use."""
    home = session.open()
    person = Person(
        name=name,
        role=role,
        until=day_of(home.store, until, "--until"),
        staff=_staff(home, staff),
    )
    temporary = _temporary(session, home, new_password_file, passphrase_out)
    _answer(session, home, people.add(home, person, temporary, link=staff is None))


def _staff(home: OpenHome, typed: str | None) -> int | None:
    return None if typed in {None, _NONE} else resolve(home.store, "staff", typed or "")


@user.command("list", cls=Command)
@click.pass_obj
def list_people(session: Session) -> None:
    """List who may sign in, with role and state."""
    home = session.open()
    found = people.everybody(home.store, homes.read_keys(home.folder))
    session.answer([_as_json(one) for one in found], lambda: [_line(one) for one in found])


@user.command("roles", cls=Command)
@click.pass_obj
def table(session: Session) -> None:
    """Show what each role may do."""
    lines = roles.describe()
    session.answer(
        [{"action": line.words, "may": list(roles.who_may(line.action))} for line in lines],
        lambda: _table(lines),
    )


def _table(lines: tuple[roles.Line, ...]) -> Iterator[str]:
    width = max(len(line.words) for line in lines)
    heads = [word.split(" ", maxsplit=1)[0] for word in roles.ROLES.values()]
    yield f"{'':<{width}}  {'  '.join(heads)}"
    for line in lines:
        marks = zip(heads, line.may.values(), strict=True)
        cells = "  ".join(f"{'yes' if may else '-':<{len(head)}}" for head, may in marks)
        yield f"{line.words:<{width}}  {cells}".rstrip()


@user.command("role", cls=Command)
@_NAME
@click.argument("role", type=_ROLE)
@_REASON
@click.pass_obj
def change_role(session: Session, name: str, role: str, reason: str) -> None:
    """Give somebody another role; it counts from their next unlocking."""
    home = session.open()
    who = _meant(home, name)
    people.appoint(home, who.id, role=role, reason=reason)
    _answer(session, home, who.id)


@user.command("rename", cls=Command)
@_NAME
@click.argument("new_name", metavar="NEW-NAME")
@_REASON
@click.pass_obj
def rename(session: Session, name: str, new_name: str, reason: str) -> None:
    """Give somebody another name to sign in with."""
    home = session.open()
    who = _meant(home, name)
    people.appoint(home, who.id, name=new_name, reason=reason)
    _answer(session, home, who.id)


@user.command("staff", cls=Command)
@_NAME
@click.argument("staff", metavar="STAFF|none")
@_REASON
@click.pass_obj
def link_staff(session: Session, name: str, staff: str, reason: str) -> None:
    """Say which member of staff somebody is who signs in: answers then reach their Today."""
    home = session.open()
    who = _meant(home, name)
    people.link_staff(home, who.id, _staff(home, staff), reason)
    _answer(session, home, who.id)


@user.command("until", cls=Command)
@_NAME
@click.argument("day", metavar="DAY|none")
@_REASON
@click.pass_obj
def until_day(session: Session, name: str, day: str, reason: str) -> None:
    """Set the last day on which somebody may sign in; none is until further notice."""
    home = session.open()
    who = _meant(home, name)
    if day == _NONE:
        people.stay(home, who.id, reason)
    else:
        people.appoint(home, who.id, until=day_of(home.store, day, "DAY"), reason=reason)
    _answer(session, home, who.id)


@user.command("suspend", cls=Command)
@_NAME
@_WHY
@click.pass_obj
def suspend(session: Session, name: str, reason: str) -> None:
    """Keep somebody out for a while; their password stays for their return."""
    home = session.open()
    who = _meant(home, name)
    people.suspend(home, who.id, reason)
    _answer(session, home, who.id)


@user.command("resume", cls=Command)
@_NAME
@_WHY
@click.pass_obj
def resume(session: Session, name: str, reason: str) -> None:
    """Let somebody in again who was suspended."""
    home = session.open()
    who = _meant(home, name)
    people.resume(home, who.id, reason)
    _answer(session, home, who.id)


@user.command("password", cls=Command)
@_NAME
@_NEW_PASSWORD
@_PASSPHRASE
@click.pass_obj
def give_password(
    session: Session, name: str, new_password_file: Path | None, passphrase_out: Path | None
) -> None:
    """Give somebody a temporary password, because they forgot theirs."""
    home = session.open()
    who = _meant(home, name)
    people.give_password(home, who.id, _temporary(session, home, new_password_file, passphrase_out))
    _answer(session, home, who.id)


@user.command("remove", cls=Command)
@_NAME
@_WHY
@click.pass_obj
def remove(session: Session, name: str, reason: str) -> None:
    """Let somebody go: what they wrote stays, and the home gets new keys.

    Copies of the home and backups that they made before still open with their old password.
    """
    home = session.open()
    who = _meant(home, name)
    people.remove(home, who.id, reason)
    waits = home.unlocked.vault.database.pending is not None
    session.answer(
        {"id": ids.to_text(who.id), "name": who.name, "rekeyed": not waits},
        lambda: _gone(who.name, waits=waits),
    )


def _gone(name: str, *, waits: bool) -> Iterator[str]:
    yield f"{name} cannot sign in any more. What they wrote stays."
    yield "Copies of this home and backups made before still open with their old password."
    if waits:
        yield "The home is open elsewhere: it gets its new key when it is next opened alone."


@click.command("password", cls=Command)
@_NEW_PASSWORD
@click.pass_obj
def password(session: Session, new_password_file: Path | None) -> None:
    """Change your own password."""
    home = session.open(choosing=True)
    new = session.new_password(new_password_file)
    if home.unlocked.must_change:
        people.choose_password(home, new)
    else:
        # it has just opened the home: nobody has to type it a second time
        people.replace_password(home, new)
    session.answer(
        {"person": home.unlocked.person},
        lambda: [
            "Your password is changed. Backups made before still open with the old one.",
            *(_NOT_THERE_YET if meeting_places.read_setup(home.folder) else ()),
        ],
    )


@click.command(cls=Command)
@click.option("--recovery-file", type=FILE, metavar="FILE", help="A file that holds the key.")
@_NEW_PASSWORD
@click.pass_obj
def recover(session: Session, recovery_file: Path | None, new_password_file: Path | None) -> None:
    """Come back in with the recovery sheet.

    A manager, named with --user, gets a new password. The sheet stays valid, and so do the others' passwords.
    """
    keys = homes.read_keys(session.folder)
    who = _manager(session, recovery.managers(keys))
    typed = _recovery_key(session, recovery_file)
    # a typing mistake is told before anybody thinks of a password
    RecoveryKey.parse(typed)
    new = session.new_password(new_password_file)
    recovery.come_back(session.folder, typed, who.id, new).close()
    session.answer(
        {"home": str(session.folder.absolute()), "person": who.id},
        lambda: [
            f"{who.name} has a new password. The recovery sheet stays valid.",
            "Everybody else's password still works.",
        ],
    )


def _manager(session: Session, managers: tuple[Any, ...]) -> Any:
    """Return the manager who comes back in: the one named, or the only one."""
    wanted = session.user
    found = [
        one for one in managers
        if wanted is None or wanted == one.id or wanted.casefold() == one.name.casefold()
    ]  # fmt: skip
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in managers)
    raise UserError(
        "The recovery sheet lets a manager back in, and it is not clear which one.",
        kept="Nothing was changed.",
        do=f"Name one with --user: {names}.",
        code="no-such-person",
    )


def _recovery_key(session: Session, file: Path | None) -> str:
    """Return the recovery key: the last line of a file, as init writes it, or asked for."""
    if file is None:
        return session.ask_secret("Recovery key", "--recovery-file")
    return read_recovery_key(file)


@click.command("recovery-sheet", cls=Command)
@click.option("--out", type=FILE, required=True, metavar="FILE", help="A new file for the key.")
@click.pass_obj
def recovery_sheet(session: Session, out: Path) -> None:
    """Make a new recovery key.

    The old sheet stops working, except for the backups made before: keep it as long as those.
    """
    check_secret_place(out, session.folder)
    home = session.open()
    own = home.store.the("home")
    name = getattr(own.record, "name", None) if own is not None else None
    written: list[Path] = []

    def keep(key: RecoveryKey) -> None:
        write_recovery_key(out, key, name or "this home")
        written.append(out)

    try:
        recovery.new_sheet(home, keep)
    except UserError:
        for path in written:
            # a key that never came to open anything
            path.unlink(missing_ok=True)
        raise
    session.answer(
        {"file": str(out.absolute())},
        lambda: [
            f"The new recovery key is in {out}. Print it, keep it in the safe, delete the file.",
            "The old sheet no longer opens this home, but it still opens the backups made until now.",
            "The new sheet does not open those: keep the old one for as long as you keep them.",
        ],
    )


def _temporary(
    session: Session, home: OpenHome, file: Path | None, passphrase_out: Path | None
) -> str:
    """Return a temporary password: typed, from a file, or thought up and written to a new one."""
    if passphrase_out is None:
        return session.new_password(file)
    if file is not None:
        message = "Either --new-password-file or --passphrase-out."
        raise click.UsageError(message, click.get_current_context())
    check_secret_place(passphrase_out, home.folder, "password")
    made = passphrase()
    write_new_file(passphrase_out, f"{made}\n".encode())
    note(f"The temporary password is in {passphrase_out}.")
    return made


def _meant(home: OpenHome, name: str) -> SignIn:
    """Return who is meant by a name or an id."""
    known = people.everybody(home.store, homes.read_keys(home.folder))
    found = [one for one in known if ids.to_text(one.id) == name.upper()] or [
        one for one in known if one.name.casefold() == " ".join(name.split()).casefold()
    ]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"{one.name} ({ids.to_text(one.id)})" for one in found or known)
    raise UserError(
        f"{'Several people' if found else 'Nobody'} here "
        f"{'are' if found else 'is'} called {name[:60]!r}.",
        kept="Nothing was changed.",
        do=f"{'Give the id' if found else 'Those who can sign in'}: {listed}.",
        code="no-such-person",
    )


def _answer(session: Session, home: OpenHome, identity: int) -> None:
    (found,) = (
        one
        for one in people.everybody(home.store, homes.read_keys(home.folder))
        if one.id == identity
    )
    session.answer(_as_json(found), lambda: [_line(found)])


def _as_json(one: SignIn) -> dict[str, Any]:
    return {
        "id": ids.to_text(one.id),
        "name": one.name,
        "role": one.role,
        "state": _STATES[one.state],
        "until": None if one.until is None else one.until.isoformat(),
        "staff": None if one.staff is None else ids.to_text(one.staff),
    }


def _line(one: SignIn) -> str:
    role = roles.ROLES.get(one.role, one.role)
    staff = f"; of our staff: {one.colleague}" if one.colleague else ""
    return f"{one.name}, {role}: {one.state.value}{_last(one.until)}{staff}"


def _last(until: dt.date | None) -> str:
    return "" if until is None else f", until {times.show_date(until)}"


COMMANDS: Final = (user, password, recover, recovery_sheet)
