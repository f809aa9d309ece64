"""Transactions of the database: whole, or a part that can be taken back by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from liaison.store import driver

if TYPE_CHECKING:
    from liaison.store.driver import Connection


class Transaction:
    """Whether a transaction is to be kept when its block ends well."""

    keep = True


@contextmanager
def immediate(connection: Connection) -> Iterator[Transaction]:
    """Write all that is done in a block, or nothing of it."""
    # a deferred transaction that begins to write later fails at once with "database is locked"
    connection.execute("BEGIN IMMEDIATE")
    transaction = Transaction()
    try:
        yield transaction
        connection.execute("COMMIT" if transaction.keep else "ROLLBACK")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def savepoint(connection: Connection) -> Iterator[Transaction]:
    """A part of a transaction that can be taken back without the rest of it."""
    connection.execute("SAVEPOINT part")
    transaction = Transaction()
    try:
        yield transaction
        if not transaction.keep:
            connection.execute("ROLLBACK TO part")
        connection.execute("RELEASE part")
    except BaseException:
        # a full disk may have ended the whole transaction already
        if connection.in_transaction:
            try:
                connection.execute("ROLLBACK TO part")
                connection.execute("RELEASE part")
            except driver.DriverError:
                # it was its end that failed: nothing less than the whole can be taken back now
                connection.execute("ROLLBACK")
        raise


@contextmanager
def guard_open(connection: Connection) -> Iterator[None]:
    """Let record tables be written to in a block: triggers refuse it at every other time."""
    switch = "UPDATE replica SET unit_open = ? WHERE tag = (SELECT tag FROM context)"
    connection.execute(switch, (1,))
    yield
    # on an error the transaction is rolled back, and this with it
    connection.execute(switch, (0,))
