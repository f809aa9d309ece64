"""What people chose in the window: each their own, on this PC alone."""

from __future__ import annotations

import pytest

from liaison.store import window_state
from liaison.store.store import Store

KEY = "list:visit"
STATE = {"columns": ["at", "kind"], "filters": {"resident": "Łucja"}, "page": None}


def test_what_was_chosen_is_there_again(store: Store) -> None:
    window_state.put(store, 7, KEY, STATE)
    assert window_state.get(store, 7, KEY) == STATE


def test_nothing_was_chosen_yet(store: Store) -> None:
    assert window_state.get(store, 7, KEY) == {}


def test_the_last_choice_stands(store: Store) -> None:
    window_state.put(store, 7, KEY, STATE)
    window_state.put(store, 7, KEY, {})
    assert window_state.get(store, 7, KEY) == {}


def test_each_person_and_place_has_a_state_of_its_own(store: Store) -> None:
    window_state.put(store, 7, KEY, {"page": 1})
    window_state.put(store, 8, KEY, {"page": 2})
    window_state.put(store, 7, "list:staff", {"page": 3})
    assert window_state.get(store, 7, KEY) == {"page": 1}
    assert window_state.get(store, 8, KEY) == {"page": 2}
    assert window_state.get(store, 7, "list:staff") == {"page": 3}


def test_it_is_not_logged(store: Store) -> None:
    count = "SELECT count(*) FROM change"
    before = store.connection.execute(count).fetchone()
    window_state.put(store, 7, KEY, STATE)
    assert store.connection.execute(count).fetchone() == before


def test_it_is_for_choices_not_for_documents(store: Store) -> None:
    with pytest.raises(ValueError, match="too many for the state of list:visit"):
        window_state.put(store, 7, KEY, {"note": "x" * window_state.LARGEST})
    assert window_state.get(store, 7, KEY) == {}
