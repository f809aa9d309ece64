"""What every command shares: where the home is, who asks, and how the answer is printed."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import click

from liaison import settings
from liaison.errors import UserError
from liaison.services import homes
from liaison.services.homes import OpenHome

PASSWORD_VARIABLE: Final = "LIAISON_PASSWORD_FILE"  # noqa: S105  # the name of a variable
_LONGEST_PASSWORD_FILE: Final = 4096


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

    def open(self) -> OpenHome:
        """Unlock and open the home; it closes when the command ends."""
        keys = homes.read_keys(self.folder)
        user = self.user or self._who([person.name for person in keys.people if person.can_unlock])
        home = homes.open_home(self.folder, user, self.password())
        return click.get_current_context().with_resource(home)

    @staticmethod
    def _who(names: list[str]) -> str | None:
        if len(names) <= 1:
            return None
        if not sys.stdin.isatty():
            # the first in the key file made the home
            return names[0]
        answer: str = click.prompt("Who are you", type=click.Choice(names), err=True)
        return answer

    def password(self, *, new: bool = False) -> str:
        """Return the password: from the file given, else asked for; never from the arguments.

        Args:
            new: Whether it is being chosen, and so is asked for twice.
        """
        named = os.environ.get(PASSWORD_VARIABLE)
        file = self.password_file or (Path(named) if named else None)
        if file is not None:
            return _first_line(file)
        if not sys.stdin.isatty():
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
        if self.json:
            print_json(document)
            return
        for line in lines():
            click.echo(line)


def _first_line(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(_LONGEST_PASSWORD_FILE)
        lines = content.decode("utf-8-sig").splitlines()
    except OSError as fault:
        raise UserError(
            f"The password file {file} cannot be read: {fault.strerror}.",
            kept="Nothing was changed.",
            code="no-password",
        ) from None
    except UnicodeDecodeError:
        raise UserError(
            f"The password file {file} is not a text file in UTF-8.",
            kept="Nothing was changed.",
            code="no-password",
        ) from None
    if not lines or not lines[0]:
        raise UserError(
            f"The first line of the password file {file} is empty.",
            kept="Nothing was changed.",
            code="no-password",
        )
    return lines[0]


def print_json(document: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def note(words: str) -> None:
    """Tell a person something that is not the result (and does not disturb a script)."""
    click.echo(words, err=True)


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    # an option that was not given after the command must not hide the one before it
    if value is not None and parameter.name is not None:
        setattr(context.ensure_object(Session), parameter.name, value)
    return value


def _shared() -> list[click.Parameter]:
    path = click.Path(path_type=Path)
    return [
        click.Option(
            ["--home"], type=path, metavar="DIR", callback=_remember, expose_value=False,
            help="The home's folder.",
        ),
        click.Option(
            ["--user"], metavar="NAME", callback=_remember, expose_value=False,
            help="Who you are, if several people can sign in.",
        ),
        click.Option(
            ["--password-file"], type=path, metavar="FILE", callback=_remember,
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

    def list_commands(self, _context: click.Context) -> list[str]:
        """List commands in the order in which they are declared, which is that of use."""
        return list(self.commands)
