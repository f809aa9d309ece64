"""The NHS list of practices, as it was last loaded: neither logged nor sent to other PCs.

It is a book to look things up in, not a part of the home's record: what the home takes from it
becomes an organisation like any other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from liaison.records.rules.practices import Practice
from liaison.store.driver import plain_errors
from liaison.store.projection import insert_rows

if TYPE_CHECKING:
    from liaison.store.driver import Connection
    from liaison.store.store import Store


INDEX: Final = "ods_words"
# Whole words and beginnings are all that is asked for, so neither the texts nor places nor lengths
# are kept; which line a row is, its number says.
STATEMENT: Final = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(words, content='', detail=none, columnsize=0, "
    "tokenize='unicode61 remove_diacritics 2')"
)
"""Makes the index of its words; it is one of the derived objects."""

_COLUMNS: Final = Practice._fields
_NAMED: Final = ", ".join(_COLUMNS)
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_WORDS: Final = 8
_INSERT: Final = f"INSERT INTO ods_reference({_NAMED})"
_FILL: Final = f"INSERT INTO {INDEX}(rowid, words) VALUES (?, ?)"
_FIND: Final = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ? ORDER BY rowid LIMIT ?"
# Ten letters and digits after a 1 are less than 2**57.
_BASE: Final = 36
_RANK: Final = 58
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def fill_index(connection: Connection) -> None:
    """Fill the index, newly made, from the list; inside the caller's transaction."""
    rows = connection.execute(f"SELECT {_NAMED} FROM ods_reference")
    _fill(connection, [Practice(*row) for row in rows])


def _fill(connection: Connection, practices: list[Practice]) -> None:
    # a number below the one before would make the index begin a part of its own
    connection.executemany(_FILL, sorted((number_of(one), _words(one)) for one in practices))


def number_of(one: Practice) -> int:
    """Return the number of a line in the index: it leads back to the code.

    Who is looked for nearly always is an open GP practice: those come first in the index, and so in
    every search, which then need not be sorted.
    """
    rank = 2 if not one.is_open else 0 if one.is_gp_practice else 1
    # the 1 in front keeps zeros at the beginning
    return rank << _RANK | int(f"1{one.code}", _BASE)


def code_of(number: int) -> str:
    """Return the code of the line that has a number in the index."""
    number &= (1 << _RANK) - 1
    letters = ""
    while number:
        number, digit = divmod(number, _BASE)
        letters = _DIGITS[digit] + letters
    return letters[1:]


def _words(one: Practice) -> str:
    # a name, and of the address the town and the county, which tell two of one name apart
    town = " ".join(one.address.rsplit("\n", 2)[-2:])
    return f"{one.name} {town} {one.postcode} {one.postcode.replace(' ', '')} {one.code}"


def replace_all(store: Store, practices: Iterable[Practice]) -> int:
    """Put a list in the place of the one that is there; return how many lines it has.

    Of a code that comes twice the last line counts. All of it or nothing.
    """
    by_code = {one.code: one for one in practices}
    # in the order of the table: each goes behind the one before
    rows = sorted(by_code.values())
    with store.writing() as connection:
        connection.execute("DELETE FROM ods_reference")
        # to take the old words out one by one would cost as much as putting the new ones in
        connection.execute(f"DROP TABLE {INDEX}")
        connection.execute(STATEMENT)
        insert_rows(connection, _INSERT, rows)
        _fill(connection, rows)
    return len(rows)


def find(store: Store, typed: str, limit: int = 20) -> list[Practice]:
    """Return the lines with all words of a text, the last of which may be unfinished.

    Args:
        store: The home.
        typed: Parts of a name, an address, a postcode (with its space or without), or a code.
        limit: How many at most; open GP practices come first.
    """
    wanted = phrase(typed)
    if not wanted:
        return []
    with plain_errors():
        found = store.connection.execute(_FIND, (wanted, limit)).fetchall()
    codes = [code_of(number) for (number,) in found]
    lines = with_codes(store, codes)
    return [lines[code] for code in codes]


def phrase(typed: str) -> str:
    """Return a text as a query of the index; empty if there is no word in it."""
    # an apostrophe ends no word for whoever types, but it does in the index
    words = [word for word in _WORD.findall(typed) if word.isalnum()][:_MOST_WORDS]
    return " AND ".join(f'"{word}"*' for word in words)


def with_codes(store: Store, codes: Iterable[str]) -> dict[str, Practice]:
    """Return the lines of some codes, by code; what the list does not have is left out."""
    with plain_errors():
        found = store.connection.execute(
            f"SELECT {_NAMED} FROM ods_reference WHERE code IN (SELECT value FROM json_each(?))",
            (json.dumps([code.strip().upper() for code in codes]),),
        ).fetchall()
    return {row[0]: Practice(*row) for row in found}


def count(store: Store) -> int:
    """Return how many lines the list has that was last loaded; 0 if none was."""
    with plain_errors():
        (number,) = store.connection.execute("SELECT count(*) FROM ods_reference").fetchone()
    return int(number)
