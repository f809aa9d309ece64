"""Killed at every single call that changes the disk: an old or a new state, nothing acknowledged lost.

``tests/cli/test_kill.py`` kills at moments of the clock; here it is the n-th call, for every n.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.faults import work
from tests.faults.conftest import LINUX, tell
from tests.faults.victims import Recording, Victims
from tests.telling import told

pytestmark = LINUX

SEED: Final = 20_261_122
SAMPLE: Final = 4


@pytest.mark.parametrize("flow", work.FLOWS)
def test_killed_at_the_nth_call_a_home_is_in_its_old_or_its_new_state(
    flow: str,
    recorded: Callable[[str], Recording],
    victims: Victims,
    memory: Path,
    *,
    full_faults: bool,
) -> None:
    done = recorded(flow)
    calls = done.about_the_place()
    if not full_faults:
        # the first, the last, and each kind
        chosen = Random(f"{flow} {SEED}").sample(calls, SAMPLE)
        calls = [calls[0], *chosen, calls[-1]]
    outcomes: Counter[str] = Counter()
    for call in calls:
        place = Path(shutil.copytree(done.before, memory / "place"))
        end = victims.do(
            flow, place, "-o", "/dev/null", "-e", f"trace={call.name}",
            "-e", f"inject={call.name}:signal=KILL:when={call.nth}",
        )  # fmt: skip
        assert end.killed, (call.name, call.nth, end, victims.errors())
        assert not end.told, victims.errors()
        with told(f"killed at {call.name} number {call.nth}"):
            outcomes[work.FLOWS[flow].judge(place, end.said)] += 1
        shutil.rmtree(place)
    tell(f"{flow}: {sum(outcomes.values())} kills, {dict(outcomes)}")
    assert work.FLOWS[flow].states[0] in outcomes
