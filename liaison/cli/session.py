"""What every command shares: where the home is, who asks, and how the answer is printed."""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from liaison import settings
from liaison.cli.needs import needed
from liaison.errors import UserError
from liaison.security import KeyFile, NoKeyFile
from liaison.services import homes, people
from liaison.services.homes import OpenHome
from liaison.services.pcs import joining

PASSWORD_VARIABLE: Final = "LIAISON_PASSWORD_FILE"  # noqa: S105  # the name of a variable
_LONGEST_PASSWORD: Final = 4096


_NOTHING_DELETED: Final = "Nothing is ever deleted: see archive, strike and undo."
_INVITED: Final = 'Another PC is let in with an invitation: "liaison pc invite".'
_SETTLED: Final = 'A difference is settled with "liaison conflicts pick".'
#: What people call a command, by the words of its group.
_OTHER_WORDS: Final[dict[str, dict[str, str]]] = {
    "": {
        "delete": _NOTHING_DELETED,
        "remove": _NOTHING_DELETED,
        "edit": "A record is corrected with set.",
        "find": "Records are found with search.",
        "new": "A record is added with add, a home is made with init.",
    },
    "conflicts": {"settle": _SETTLED, "resolve": _SETTLED},
    "pc": {
        "add": _INVITED,
        "new": _INVITED,
        "delete": 'A PC is taken out of the home with "liaison pc remove".',
    },
    "sync setup": {"store": 'An online store is set up with "liaison sync setup s3".'},
}


class _FilledPath(click.Path):
    """A path that says something: an empty one is a forgotten variable, not the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; a tilde is the person's own folder also where no shell saw to it."""
        if not str(value).strip() or "\0" in str(value):
            self.fail("It names no file or folder.", param, ctx)
        try:
            return super().convert(Path(value).expanduser(), param, ctx)
        except RuntimeError:
            self.fail(f"There is no such person on this PC: {value}.", param, ctx)


FILE: Final = _FilledPath(path_type=Path)


@dataclasses.dataclass(slots=True)
class Session:
    """One run of the command line.

    Args:
        home: The home's folder.
        user: Who asks, by name or id.
        password_file: The file whose first line is the password.
        json: Whether to print one JSON document.
    """

    home: Path | None = None
    user: str | None = None
    password_file: Path | None = None
    json: bool = False

    @property
    def folder(self) -> Path:
        """The home's folder: the one given, or the default."""
        return self.home or settings.default_home()

    def open(self, *, choosing: bool = False) -> OpenHome:
        """Unlock and open the home, as this command needs it; it closes when the command ends.

        Args:
            choosing: Whether the command itself lets them choose a password of their own.

        Raises:
            NotAllowed: Their role does not allow this command.
            UserError: It does not open, or their password is a manager's.
        """
        try:
            user = self.who(homes.read_keys(self.folder))
        except NoKeyFile as error:
            error.do = f'{error.do} A new home is made with "liaison init".'
            if joining.is_waiting(self.folder):
                error.do = (
                    "This PC has asked to join a home, which is to lie there. Once a manager has let "
                    "it in, repeat “liaison pc join”."
                )
            raise
        home = homes.open_home(self.folder, user, self.password())
        context = click.get_current_context()
        context.with_resource(home)
        if home.unlocked.must_change and not choosing:
            self._choose(home)
        action = needed(words_of(context))
        if action is not None:
            home.require(action)
        home.access.signed_in("Command line", leaves=False)
        return home

    def _choose(self, home: OpenHome) -> None:
        """Let them choose a password in place of a manager's, before anything else."""
        if self._names_password or not at_terminal():
            raise UserError(
                "Your password is a temporary one that a manager knows.",
                kept="Nothing was done.",
                do='Choose your own first: "liaison password --new-password-file FILE".',
                code="temporary-password",
            )
        note("Your password is a temporary one that a manager knows. Choose your own now.")
        people.choose_password(home, self.new_password(None))

    def who(self, keys: KeyFile) -> str | None:
        """Return who is at the keyboard: whoever was named, the only person, or the one asked for.

        Returns:
            A name or an id; None if there is only one.
        """
        people = [person for person in keys.people if person.can_unlock]
        if self.user is not None or len(people) <= 1:
            return self.user
        if not at_terminal():
            # the first in the key file made the home
            return people[0].id
        names = [person.name for person in people]
        answer: str = click.prompt("Who are you", type=click.Choice(names), err=True)
        return answer

    @property
    def _names_password(self) -> bool:
        return self.password_file is not None or PASSWORD_VARIABLE in os.environ

    def new_password(self, file: Path | None, option: str = "--new-password-file") -> str:
        """Return a password that is being chosen: from a file, else asked for twice.

        Args:
            file: The file whose first line it is, if one was named.
            option: The command's option that names such a file.
        """
        if file is not None:
            return _first_line(file)
        return self.ask_secret("New password", option, new=True)

    @staticmethod
    def ask_secret(what: str, option: str, *, new: bool = False) -> str:
        """Ask for a secret at the terminal, where it is not shown.

        Args:
            what: What it is called.
            option: The option that names a file with it, for where nobody can be asked.
            new: Whether it is being chosen, and so is asked for twice.
        """
        if not at_terminal():
            raise UserError(
                f"{what}: nobody can be asked for it here.",
                kept="Nothing was changed.",
                do=f"Name a file that holds it with {option}.",
                code="no-password",
            )
        typed: str = click.prompt(what, hide_input=True, confirmation_prompt=new, err=True)
        return typed

    def password(self, *, new: bool = False) -> str:
        """Return the password: from the file given, else asked for; never from the arguments.

        Args:
            new: Whether it is being chosen, and so is asked for twice.
        """
        named = os.environ.get(PASSWORD_VARIABLE)
        file = self.password_file or (FILE.convert(named, None, None) if named else None)
        if file is not None:
            return _first_line(file)
        if not at_terminal():
            raise UserError(
                "A password is needed.",
                kept="Nothing was changed.",
                do=f"Name a file that holds it with --password-file or {PASSWORD_VARIABLE}.",
                code="no-password",
            )
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=new, err=True)
        return typed

    def answer(self, document: Any, lines: Callable[[], Iterable[str]]) -> None:
        """Print the result: as JSON if that was asked for, else in words.

        Args:
            document: The result for scripts.
            lines: Makes the result for people.
        """
        text = as_json(document) if self.json else "\n".join(lines())
        if not text:
            return
        try:
            click.echo(text)
        except BrokenPipeError:
            # whoever read our output has seen enough ("| head")
            close_output()
        except OSError as fault:
            close_output()
            raise UserError(
                f"The result could not be written out: {fault.strerror}.",
                kept="What was asked for was done all the same.",
                do="Free some space there, or let it be written elsewhere.",
                code="output",
            ) from None


def words_of(context: click.Context) -> str:
    """Return the words of a command or a group after the program's name: "sync setup"."""
    return context.command_path.partition(" ")[2]


@contextlib.contextmanager
def if_stopped(kept: str, do: str) -> Iterator[None]:
    """Tell whoever stops work with Ctrl+C what became of it, where some of it stays.

    Args:
        kept: What is so all the same.
        do: How it goes on.
    """
    try:
        yield
    except (KeyboardInterrupt, click.Abort):
        raise UserError("Stopped.", kept=kept, do=do, code="stopped") from None


def at_terminal() -> bool:
    """Return whether somebody is there who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def _first_line(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            line = opened.read(_LONGEST_PASSWORD + 1).partition(b"\n")[0]
        password = line.decode("utf-8-sig").removesuffix("\r")
    except OSError as fault:
        raise _no_password(f"{file} cannot be read: {fault.strerror}.") from None
    except UnicodeDecodeError:
        raise _no_password(f"{file} is not a text file in UTF-8.") from None
    if not password.strip():
        raise _no_password(f"{file} begins with an empty line.")
    if len(line) > _LONGEST_PASSWORD:
        raise _no_password(f"{file} begins with far too long a line.")
    return password


def _no_password(what: str) -> UserError:
    return UserError(
        f"The password file {what}",
        kept="Nothing was changed.",
        do="Its first line must be the password.",
        code="no-password",
    )


def as_json(document: Any) -> str:
    """Return a JSON document as it is printed."""
    return json.dumps(document, ensure_ascii=False, indent=1)


def note(words: str) -> None:
    """Tell a person something that is not the result (and does not disturb a script)."""
    # what has been done is done, also when nobody can be told
    with contextlib.suppress(OSError):
        click.echo(words, err=True)


def close_output() -> None:
    """Let what is still printed go nowhere, and the interpreter end without complaint."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    # an option that was not given after the command must not hide the one before it
    if value is not None and parameter.name is not None:
        setattr(context.ensure_object(Session), parameter.name, value)
    return value


def _shared() -> list[click.Parameter]:
    return [
        click.Option(
            ["--home"], type=FILE, metavar="DIR", callback=_remember, expose_value=False,
            help="The home's folder.",
        ),
        click.Option(
            ["--user"], metavar="NAME", callback=_remember, expose_value=False,
            help="Who you are, if several people can sign in.",
        ),
        click.Option(
            ["--password-file"], type=FILE, metavar="FILE", callback=_remember,
            expose_value=False, help="A file whose first line is your password.",
        ),
        click.Option(
            ["--json"], is_flag=True, default=None, callback=_remember, expose_value=False,
            help="Print one JSON document.",
        ),
    ]  # fmt: skip


class Command(click.Command):
    """A command that takes the shared options too: they may stand before or after it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += _shared()


class Group(click.Group):
    """The program, with the shared options."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += _shared()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of one that there is not, say what comes near."""
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            near = difflib.get_close_matches(name, self.commands, n=3)
            hint = _OTHER_WORDS.get(words_of(ctx), {}).get(name.lower(), "")
            if near and not hint:
                hint = f"Near ones: {', '.join(near)}."
            raise click.UsageError(f"There is no command {name!r}. {hint}".rstrip(), ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, _context: click.Context) -> list[str]:
        """List commands in the order in which they are declared, which is that of use."""
        return list(self.commands)
