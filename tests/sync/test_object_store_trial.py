"""Trying a store out says what works, and which step failed for which reason."""

from __future__ import annotations

import pytest

from liaison.sync.object_store import Limits, ObjectStore
from liaison.sync.object_store_patience import Patience
from liaison.sync.object_store_place import Credentials
from liaison.sync.object_store_trial import LISTS, READS, WRITES, try_out
from tests.sync.bad_link import BadLink, refusal
from tests.sync.real_store import RealStore

ONCE = Patience(tries=1)


def test_a_store_that_works_passes_and_nothing_is_left_in_it(real_store: RealStore) -> None:
    access = real_store.access(refuses_overwriting=False)
    trial = try_out(access)
    assert trial.fault is None
    assert [step.words for step in trial.steps] == [WRITES, READS, LISTS]
    assert trial.access.refuses_overwriting
    assert list(ObjectStore(access).list("")) == []


def test_a_store_that_lets_one_overwrite_is_known_for_it(
    real_store: RealStore, link: BadLink
) -> None:
    access = real_store.access(endpoint=link.endpoint, refuses_overwriting=False)
    # PUT, GET, list; then the question that this store does not understand
    link.plan.extend([None] * 3 + [refusal(501, "NotImplemented")])
    trial = try_out(access, store=ObjectStore(access, patience=ONCE))
    assert trial.fault is None
    assert not trial.access.refuses_overwriting


def test_a_key_that_may_only_read_fails_at_the_first_step(real_store: RealStore) -> None:
    access = real_store.access(key=real_store.reader)
    trial = try_out(access, store=ObjectStore(access, patience=ONCE))
    assert [step.words for step in trial.steps] == [WRITES]
    assert trial.fault is not None
    assert trial.fault.code == "store-not-allowed"


@pytest.mark.parametrize("refuses", [True, False])
def test_a_wrong_half_of_the_key_is_told_as_that(real_store: RealStore, *, refuses: bool) -> None:
    wrong = Credentials(real_store.key.access, "NotTheSecretAtAll")
    access = real_store.access(key=wrong, refuses_overwriting=refuses)
    trial = try_out(access, store=ObjectStore(access, patience=ONCE))
    assert trial.fault is not None
    assert trial.fault.code == "store-key-wrong"


def test_each_step_that_fails_is_named(real_store: RealStore, link: BadLink) -> None:
    access = real_store.access(endpoint=link.endpoint)
    limits = Limits(connect=5, silence=10, request=10)
    for passed, words in enumerate((WRITES, READS, LISTS)):
        link.plan.extend([None] * passed + [refusal(403, "AccessDenied")])
        trial = try_out(access, store=ObjectStore(access, limits=limits, patience=ONCE))
        assert trial.steps[-1].words == words
        assert [step.fault for step in trial.steps[:-1]] == [None] * passed
        assert trial.fault is not None
