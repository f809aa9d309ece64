"""What every test starts from."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

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


@pytest.fixture
def full_faults(request: pytest.FixtureRequest) -> bool:
    """Whether every fault is to be tried, not a sample."""
    return bool(request.config.getoption("--full-faults"))
