"""What other places have seen of the log, on paper and against a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.errors import UserError
from liaison.store import heads
from liaison.store.heads import Witness
from liaison.store.mark import Head
from liaison.store.stamps import MOST_TAGS
from liaison.store.store import Store
from tests.store.conftest import Typical, change


@given(st.integers(1, 10**9), st.integers(0, MOST_TAGS - 1), st.binary(min_size=32, max_size=32))
def test_a_head_is_read_back_from_paper(seq: int, tag: int, digest: bytes) -> None:
    text = heads.to_text(Head(tag, seq, "", digest))
    for typed in (text, text.lower(), text.replace("-", " - "), text.replace("0", "O")):
        seen = heads.from_text(typed)
        assert (seen.tag, seen.seq, seen.hash) == (tag, seq, digest[:8])


@pytest.mark.parametrize(
    "typed", ["", "4211", "4211-0A3F", "4211-0A3F-7K2M-9Q4T", "x-0A3F-7K2M-9Q4T-8X1BC",
              "1-0001-ZZZZ-ZZZZ-ZZZZZ"],
)  # fmt: skip
def test_what_is_no_head_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(UserError, match="is not the head of a log"):
        heads.from_text(typed)


def test_nothing_is_missing_of_a_log_that_went_on(store: Store, typical: Typical) -> None:
    seen = Witness("The backup", heads.heads_of(store.connection))
    change(store, "resident", typical.mary, room="9")
    assert heads.missing(store.connection, seen) == []


def test_what_is_missing_or_changed_is_named(store: Store, typical: Typical) -> None:
    change(store, "resident", typical.mary, room="9")
    (head,) = heads.heads_of(store.connection)

    def said(*seen: Head) -> list[str]:
        return heads.missing(store.connection, Witness("The backup", seen))

    assert said(Head(head.tag, head.seq + 1, "", head.hash)) == [
        (
            "The backup knows of more: 1 save is missing here of a PC, all after "
            "Mon 23 Nov 2026, 09:00."
        )
    ]
    assert said(Head(head.tag, head.seq - 1, "", head.hash)) == [
        (
            f"The backup saw another log: save {head.seq - 1} of a PC, written on "
            "Mon 23 Nov 2026, 09:00, or one before it was changed since."
        )
    ]
    assert said(Head(77, 1, "", head.hash)) == [
        "The backup holds what a PC wrote that is not known here."
    ]
