"""Numbered migrations of frozen SQL; each runs once, whole, in one transaction.

A file here is never edited after it has shipped, and nothing here reads the declarations: the SQL
says what the schema was on that day. Statements end with a semicolon at the end of a line.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from liaison.errors import UserError

# before sqlite_utils: it puts the encrypted driver in place
from liaison.store import driver  # noqa: F401  # imported for its effect

from sqlite_utils import Migrations  # isort: skip

if TYPE_CHECKING:
    from sqlite_utils import Database


class NewerHome(UserError):
    """The home was last used by a newer Liaison than this one."""

    code = "newer-home"


def statements_of(script: str) -> list[str]:
    """Split a migration file into statements."""
    return [part.strip() for part in f"{script}\n".split(";\n") if part.strip()]


@cache
def migrations() -> Migrations:
    """Return every migration in order."""
    found = Migrations("liaison")
    files = sorted(
        (f for f in resources.files(__package__).iterdir() if f.name.endswith(".sql")),
        key=lambda f: f.name,
    )
    for file in files:
        script = file.read_text("utf-8")

        def run(db: Database, script: str = script) -> None:
            for statement in statements_of(script):
                db.execute(statement)

        found(name=file.name.removesuffix(".sql"))(run)
    return found


def names() -> tuple[str, ...]:
    """Return the names of every migration, in order."""
    return tuple(migration.name for migration in migrations()._migrations)  # noqa: SLF001  # no public list


def pending(db: Database) -> bool:
    """Return whether a database is of an older version's schema.

    Raises:
        NewerHome: A newer Liaison has been here.
    """
    ours = migrations()
    theirs = {migration.name for migration in ours.applied(db)}
    registered = set(names())
    if theirs - registered:
        raise NewerHome(
            "This home was last used with a newer version of Liaison.",
            kept="Nothing was changed.",
            do="Install the newer version on this PC too.",
        )
    return bool(registered - theirs)


def upgrade(db: Database) -> bool:
    """Bring a database to this version's schema, inside the caller's transaction.

    Returns:
        Whether anything had to be done.

    Raises:
        NewerHome: A newer Liaison has been here; nothing was changed.
    """
    if not pending(db):
        return False
    migrations().apply(db)
    return True
