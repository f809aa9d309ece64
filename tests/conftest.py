"""What every test starts from."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.sync.store_fixtures import link, real_store

__all__ = ["link", "real_store"]

# Windows of tests belong on no screen; whoever wants to watch sets this before.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A machine that is slow for a moment is no fault of the code.
settings.register_profile("liaison", deadline=None)
settings.load_profile("liaison")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the long form of the tests that damage files: every bit and every length."""
    parser.addoption(
        "--full-faults",
        action="store_true",
        help="damage files at every place instead of a sample",
    )


# The runner has threads of its own: a widget that is collected on one of them fails by chance.
gc.disable()
_TESTS_BETWEEN_WHOLE_ROUNDS = 100


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Collect garbage on this thread, after each test."""
    result = yield
    gc.disable()
    gc.collect(2 if gc.get_count()[2] > _TESTS_BETWEEN_WHOLE_ROUNDS else 1)
    return result


@pytest.fixture
def full_faults(request: pytest.FixtureRequest) -> bool:
    """Whether every fault is to be tried, not a sample."""
    return bool(request.config.getoption("--full-faults"))
