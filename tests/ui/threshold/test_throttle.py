"""Guessing at the window: counted down in words, also after a restart; damage is not guessing."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.security import DamagedKeyFile, RecoveryKey, WrongRecoveryKey
from liaison.security.throttle import FREE_TRIES, Throttle
from liaison.services import homes
from liaison.ui.shell.shell import Shell
from liaison.ui.threshold.countdown import Countdown, in_words
from liaison.ui.threshold.making import Makings, TooSoon
from liaison.ui.threshold.trouble import TroubleScreen
from liaison.ui.threshold.unlock import UnlockScreen
from tests import homes as made
from tests.ui.running import Running, Starter

WAIT = 15_000


@dataclasses.dataclass
class Clock:
    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def held_up(folder: Path, clock: Clock) -> Makings:
    """Return what opens homes, with a clock of ours."""
    makings = Makings(cost=made.CHEAP)
    makings._throttles[folder] = Throttle(folder, clock=clock)
    return makings


def guess(running: Running, screen: UnlockScreen, typed: str = "a guess") -> None:
    screen.password.setText(typed)
    screen.unlock()
    running.qtbot.waitUntil(lambda: not screen.waiting, timeout=WAIT)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a moment"), (1, "1 second"), (10, "10 seconds"), (60, "1 minute"),
        (65, "1 minute 5 seconds"), (300, "5 minutes"), (121, "2 minutes 1 second"),
    ],
)  # fmt: skip
def test_the_wait_is_said_in_words(seconds: int, words: str) -> None:
    assert in_words(seconds) == words


def test_it_counts_down_and_says_when_it_is_over(qtbot: QtBot) -> None:
    clock = Clock()
    told: list[object] = []
    countdown = Countdown(clock=clock)
    countdown.ticked.connect(told.append)
    countdown.over.connect(lambda: told.append("over"))
    countdown.start(3)
    for _ in range(3):
        clock.now += 1
        countdown.tick()
    assert told == [3, 2, 1, "over"]
    assert countdown.left == 0
    countdown.start(2)
    countdown.stop()
    assert countdown.left == 0


def test_after_five_wrong_passwords_there_is_a_wait_and_a_restart_does_not_end_it(
    start: Starter, home_folder: Path
) -> None:
    clock = Clock()
    running = start(home_folder, makings=held_up(home_folder, clock))
    screen = running.scene(UnlockScreen)
    for number in range(FREE_TRIES):
        assert screen.unlock_button.isEnabled(), number
        guess(running, screen)
    assert screen.countdown.left == 10
    assert not screen.unlock_button.isEnabled()
    assert screen.note.words == "Too many wrong passwords for Kate. Try again in 10 seconds."
    # the right one is not even looked at
    screen.password.setText(made.PASSWORD)
    screen.unlock()
    assert not screen.waiting
    assert running.app.jobs.home is None
    running.app.finish()

    clock.now += 4
    again = start(home_folder, makings=held_up(home_folder, clock))
    screen = again.scene(UnlockScreen)
    again.qtbot.waitUntil(lambda: screen.countdown.left == 6, timeout=WAIT)
    assert not screen.unlock_button.isEnabled()
    with pytest.raises(TooSoon) as caught:
        again.app.start.makings.unlock(
            home_folder, screen.person.id if screen.person else "", made.PASSWORD, lambda _: None
        )
    assert caught.value.seconds == 6

    clock.now += 6
    screen.countdown.stop()
    screen.countdown.over.emit()
    assert screen.note.words == "You can try again now."
    guess(again, screen, made.PASSWORD)
    again.scene(Shell)
    assert not (home_folder / "attempts.json").exists()


def test_damage_is_told_from_a_wrong_password_and_is_no_guess(
    start: Starter, home_folder: Path
) -> None:
    running = start(home_folder)
    running.unlock()
    running.app.lock()
    screen = running.scene(UnlockScreen)
    running.qtbot.waitUntil(lambda: running.app.jobs.is_idle, timeout=WAIT)
    keys = home_folder / made.KEYS
    document = json.loads(keys.read_text("utf-8"))
    slot = document["slots"][0]
    slot["keys"] = slot["keys"][:8] + ("A" if slot["keys"][8] != "A" else "B") + slot["keys"][9:]
    keys.write_text(json.dumps(document), "utf-8")
    guess(running, screen, made.PASSWORD)
    assert "damaged" in screen.note.words
    assert "backup" in screen.note.words
    assert "not right" not in screen.note.words
    assert not (home_folder / "attempts.json").exists()
    again = start(home_folder)
    trouble = again.scene(TroubleScreen)
    assert "damaged" in trouble.words
    with pytest.raises(DamagedKeyFile):
        Makings().look(home_folder)


def test_one_person_waits_and_another_does_not(start: Starter, home_folder: Path) -> None:
    clock = Clock()
    makings = held_up(home_folder, clock)
    for _ in range(FREE_TRIES):
        makings._throttles[home_folder].failed("somebody else")
    running = start(home_folder, makings=makings)
    screen = running.scene(UnlockScreen)
    running.qtbot.waitUntil(lambda: running.app.jobs.is_idle, timeout=WAIT)
    assert screen.countdown.left == 0
    assert makings.wait(home_folder, "somebody else") == 10
    running.unlock()


def test_guessing_at_the_recovery_sheet_is_held_up_as_well(home_folder: Path) -> None:
    makings = held_up(home_folder, Clock())
    keys = homes.read_keys(home_folder)
    wrong = RecoveryKey(bytes(range(20))).text
    new = "otter kettle seventeen lamp"
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongRecoveryKey):
            makings.come_back(home_folder, wrong, keys.people[0].id, new)
    with pytest.raises(TooSoon, match="Try again in 10 seconds"):
        makings.come_back(home_folder, wrong, keys.people[0].id, new)
