"""Where the window stands, one window a home, and faults that nobody catches."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, qWarning
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.settings import WindowPlace
from liaison.ui.shell.faults import Fault, Faults
from liaison.ui.shell.frame import fitted
from liaison.ui.shell.single import OnlyWindow, claim_name
from tests import homes as made

PRIMARY = QRect(0, 0, 1920, 1040)
LEFT = QRect(-1280, 0, 1280, 984)
BOTH = (PRIMARY, LEFT)


def test_a_window_stands_where_it_stood() -> None:
    place = WindowPlace(200, 100, 1200, 700)
    assert fitted(place, BOTH, PRIMARY) == QRect(200, 100, 1200, 700)
    other = WindowPlace(-1200, 40, 1000, 700)
    assert fitted(other, BOTH, PRIMARY) == QRect(-1200, 40, 1000, 700)


def test_a_window_of_a_screen_that_is_gone_comes_to_the_one_there_is() -> None:
    found = fitted(WindowPlace(-1200, 40, 1000, 700), (PRIMARY,), PRIMARY)
    assert PRIMARY.contains(found)
    assert found.size().width() == 1000


@pytest.mark.parametrize(
    "place",
    [
        WindowPlace(1900, 1030, 1366, 768),
        WindowPlace(0, -5000, 1366, 768),
        WindowPlace(-2000, 2000, 1366, 768),
    ],
)
def test_a_window_nobody_could_grip_is_put_in_the_middle(place: WindowPlace) -> None:
    found = fitted(place, (PRIMARY,), PRIMARY)
    assert PRIMARY.contains(found)
    assert abs(found.center().x() - PRIMARY.center().x()) <= 1


def test_a_window_is_never_larger_than_its_screen() -> None:
    small = QRect(0, 0, 1280, 680)
    assert fitted(None, (small,), small) == small
    found = fitted(WindowPlace(10, 10, 4000, 3000), (small,), small)
    assert found.width() <= small.width()
    assert found.height() <= small.height()


def test_a_second_start_raises_the_first_window_and_opens_none(
    qtbot: QtBot, tmp_path: Path
) -> None:
    first, second = OnlyWindow(tmp_path / "home"), OnlyWindow(tmp_path / "home")
    assert first.claim()
    first.listen()
    with qtbot.waitSignal(first.asked):
        assert not second.claim()
    first.release()
    assert second.claim()
    second.release()


def test_another_home_has_a_window_of_its_own(tmp_path: Path) -> None:
    first, other = OnlyWindow(tmp_path / "one"), OnlyWindow(tmp_path / "two")
    assert first.claim()
    assert other.claim()
    first.release()
    other.release()


def test_the_same_home_by_another_path_is_the_same_home(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "home")
    assert claim_name(tmp_path / "link") == claim_name(tmp_path / "home")
    assert claim_name(tmp_path / "home") != claim_name(tmp_path / "other")


def test_a_claim_of_a_process_that_was_killed_is_no_claim(tmp_path: Path) -> None:
    code = """
import sys, os
from pathlib import Path
from liaison.ui.shell.single import OnlyWindow
only = OnlyWindow(Path(sys.argv[1]))
print(only.claim(), flush=True)
os.kill(os.getpid(), 9)
"""
    child = made.child(code, tmp_path / "home")
    assert child.communicate()[0].strip() == b"True"
    only = OnlyWindow(tmp_path / "home")
    assert only.claim()
    only.release()


def test_where_no_lock_can_be_made_the_window_opens_all_the_same(tmp_path: Path) -> None:
    only = OnlyWindow(tmp_path / "home", tmp_path / "there" / "is" / "none")
    assert only.claim()


def hooks() -> tuple[object, object]:
    return sys.excepthook, threading.excepthook


def test_what_nobody_catches_is_noted_and_shown_with_its_reference(qtbot: QtBot) -> None:
    noted: list[BaseException] = []

    def note(fault: BaseException) -> tuple[str, Path | None]:
        noted.append(fault)
        return "A1B2C3", None

    before = hooks()
    faults = Faults(note)
    faults.install()
    try:
        fault = ZeroDivisionError()
        with qtbot.waitSignal(faults.happened) as shown:
            sys.excepthook(ZeroDivisionError, fault, None)
        assert shown.args == [Fault("A1B2C3", None)]
        with qtbot.waitSignal(faults.happened):
            thread = threading.Thread(target=lambda: 1 // 0)
            thread.start()
            thread.join()
        assert [type(one) for one in noted] == [ZeroDivisionError, ZeroDivisionError]
        # said by Qt: noted once, without its words, and no reason to disturb anybody
        qWarning("a warning that names Margaret Ellis")
        qWarning("a warning that names Margaret Ellis")
        assert len(noted) == 3
        assert "Margaret" not in repr(noted[2])
    finally:
        faults.remove()
    assert hooks() == before


def test_what_a_person_can_act_on_goes_to_the_banner_not_to_the_log(qtbot: QtBot) -> None:
    noted: list[BaseException] = []

    def note(fault: BaseException) -> tuple[str, Path | None]:
        noted.append(fault)
        return "A1B2C3", None

    faults = Faults(note)
    with qtbot.waitSignal(faults.troubled) as told:
        faults.take(UserError("The disk is full."))
    assert told.args is not None
    assert str(told.args[0]) == "The disk is full."
    faults.take(KeyboardInterrupt())
    assert noted == []
