"""Which record a command is about: its id, its exact name, or the home's own."""

from __future__ import annotations

from typing import Final

import click

from liaison.cli.typed import RecordType
from liaison.records import Record, all_specs
from liaison.services.homes import OpenHome
from liaison.services.permissions import require_reading
from liaison.services.references import as_id, resolve

TYPE: Final = RecordType()


def identity_of(type_name: str, words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Take the id off the words; the home's own record needs none."""
    if all_specs()[type_name].single and (not words or "=" in words[0]):
        return "", words
    if not words:
        message = "Say which record: its id or its exact name."
        raise click.UsageError(message, click.get_current_context())
    return words[0], words[1:]


def refuse(rest: tuple[str, ...]) -> None:
    """Refuse words that no command knows what to do with, such as half of a name.

    Raises:
        click.UsageError: There are some.
    """
    if rest:
        message = f"Unexpected: {' '.join(rest)[:60]!r}. A name of several words stands in quotes."
        raise click.UsageError(message, click.get_current_context())


def found(home: OpenHome, type_name: str, identity: str) -> int:
    """Return the id of the record meant by an id or an exact name; of the home's own by nothing.

    Raises:
        NotAllowed: Records of this type are not for whoever asks.
    """
    require_reading(home, type_name)
    if identity:
        # the very record, not the one it was merged into: its own history is asked for
        number = as_id(identity)
        exact = None if number is None else home.store.get(type_name, number)
        if exact is not None and exact.id is not None:
            return exact.id
        return resolve(home.store, type_name, identity)
    loaded = home.store.the(type_name)
    assert loaded is not None  # noqa: S101  # every home has its own record
    return loaded.id


def record_of(home: OpenHome, type_name: str, identity: str) -> Record:
    """Return the record meant by an id or an exact name."""
    record = home.store.get(type_name, found(home, type_name, identity))
    assert record is not None  # noqa: S101  # it has just been found
    return record
