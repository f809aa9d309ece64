"""The power goes while somebody saves: the save is on the disk and to be sent, or it never was."""

from __future__ import annotations

import os
import signal
from typing import Final

import pytest

from liaison.records.home import Resident
from liaison.store.store import FILE_NAME, Store
from tests.store.conftest import KEY, signer_of
from tests.sync.conftest import PERSON, Pc, Ring, agree
from tests.sync.scenes import residents
from tests.sync.test_kill import KillAt

_LIMIT_SECONDS: Final = 60


def save_and_die(pc: Pc, kill: KillAt) -> None:
    """Save on a PC in a process of its own, which is killed on the way."""
    pc.close()
    pid = os.fork()
    if not pid:
        signal.alarm(_LIMIT_SECONDS)
        try:
            store = Store(pc.folder / FILE_NAME, KEY, signer_of(pc.tag), clock=pc.clock)
            kill.watch()
            with store.unit(PERSON, "") as unit:
                unit.add(Resident(name="Mary"))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize("after", [False, True])
def test_a_save_is_on_the_disk_and_to_be_sent_or_neither(pair: Ring, *, after: bool) -> None:
    office, station = pair.pcs
    pair.settle()
    # its commit is the first point there is
    save_and_die(office, KillAt(1, after=after))
    office = pair.reopen(office)
    saved = {"Mary"} if after else set()
    assert residents(office) == saved
    pair.settle()
    assert residents(station) == saved
    agree(pair)
