"""Nothing is closed without an outcome, and nothing is closed twice."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.errors import UserError
from liaison.records.casework import Action, Concern, Referral, Transfer
from liaison.records.directory import Organisation
from liaison.records.home import Resident, Staff
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.outcomes import FIELDS, record_outcome
from tests.services.conftest import add


@pytest.fixture
def open_ones(home: OpenHome) -> dict[str, int]:
    """One of each kind that waits for an outcome."""
    joan = add(home, Resident(name="Joan Tully"))
    moira = add(home, Staff(name="Moira Kelly", job_role="deputy manager"))
    clinic = add(home, Organisation(name="Wheelchair service", kind="hospital"))
    now = home.store.clock()
    return {
        "action": add(home, Action(what="Ring the surgery")),
        "concern": add(
            home, Concern(resident=joan, raised_by=moira, raised_at=now, situation="Coughs")
        ),
        "referral": add(
            home,
            Referral(
                resident=joan,
                organisation=clinic,
                sent=dt.date(2026, 3, 2),
                reason="Chair",
                next_chase=dt.date(2026, 3, 16),
            ),
        ),
        "transfer": add(home, Transfer(resident=joan, direction="discharge", at=now)),
    }


@pytest.mark.parametrize("type_name", ["action", "concern", "referral", "transfer"])
def test_what_came_of_it_closes_it_at_this_moment(
    home: OpenHome, open_ones: dict[str, int], type_name: str
) -> None:
    record_outcome(home, type_name, open_ones[type_name], "Rang back")
    record = home.store.get(type_name, open_ones[type_name])
    assert getattr(record, FIELDS[type_name][1], None) == "Rang back"
    closed = {
        "action": "done_at", "concern": "closed_at", "referral": "closed_on",
        "transfer": "reviewed_on",
    }  # fmt: skip
    assert getattr(record, closed[type_name]) is not None
    # and nobody is to ask after it any more
    assert getattr(record, "next_chase", None) is None


def test_without_words_nothing_is_closed(home: OpenHome, open_ones: dict[str, int]) -> None:
    with pytest.raises(UserError, match="outcome is missing"):
        record_outcome(home, "action", open_ones["action"], "  ")
    record = home.store.get("action", open_ones["action"])
    assert getattr(record, "done_at", 0) is None


def test_what_is_closed_or_struck_through_is_not_closed_again(
    home: OpenHome, open_ones: dict[str, int]
) -> None:
    record_outcome(home, "action", open_ones["action"], "Rang back")
    with pytest.raises(UserError, match="has an outcome already"):
        record_outcome(home, "action", open_ones["action"], "Rang twice")
    concern = home.store.get("concern", open_ones["concern"])
    assert concern is not None
    editing.strike(home, concern, "Twice")
    with pytest.raises(UserError, match="is struck through"):
        record_outcome(home, "concern", open_ones["concern"], "Seen")
