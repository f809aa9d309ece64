"""What every test starts from."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtWidgets import QApplication

from tests.patient import PatientBot
from tests.sync.store_fixtures import MARKERS, link, meeting, pytest_generate_tests, real_store

__all__ = ["link", "meeting", "pytest_generate_tests", "real_store"]

# Windows of tests belong on no screen; whoever wants to watch sets this before.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A machine that is slow for a moment is no fault of the code. The examples are the same each time,
# so that a change is never refused for what was there before it; --full-faults draws new ones.
settings.register_profile(
    "liaison",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("anew", settings.get_profile("liaison"), derandomize=False)
settings.load_profile("liaison")

# Homes are opened by the thousand: in memory, where there is enough, nothing waits for a disk.
_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # pytest makes a folder of its own in it
_ENOUGH: Final = 3 << 30
if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the long form of the tests that damage files: every bit and every length."""
    parser.addoption(
        "--full-faults",
        action="store_true",
        help="damage files at every place instead of a sample",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Say what the markers mean, and draw new examples for the long form."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    if config.getoption("--full-faults"):
        settings.load_profile("anew")


_TESTS: Final = Path(__file__).parent

# The runner has threads of its own: a widget that is collected on one of them fails by chance.
gc.disable()
_TESTS_BETWEEN_WHOLE_ROUNDS = 100


#: Files of tests that take long, longest first: begun last, they would keep one core waiting.
_LONG: Final = (
    "ui/test_accessibility.py",
    "end_to_end/test_following.py",
    "end_to_end/test_story.py",
    "services/demo/test_demo_home.py",
    "ui/pages/record_visit/test_page.py",
    "faults/test_power_cut.py",
    "faults/test_kill.py",
    "sync/test_kill.py",
    "cli/test_options.py",
    "cli/test_people_commands.py",
    "ui/test_hard_days.py",
    "ui/test_photographs.py",
    "services/pcs/test_following.py",
    "ui/test_room.py",
    "ui/test_two_screens.py",
    "ui/test_joining.py",
    "cli/test_pc_commands.py",
    "services/test_founding.py",
    "faults/test_failing_disk.py",
    "ui/test_week.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long where files of tests go to several cores."""
    if not hasattr(config, "workerinput"):
        return
    places = {_TESTS / name: place for place, name in enumerate(_LONG)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


def pytest_collection_finish() -> None:
    """Leave what was loaded by now out of every later collection: none of it is ever garbage."""
    gc.collect()
    gc.freeze()


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


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """Drive widgets, with patience."""
    return PatientBot(request)
