"""Exchanges with the home's other PCs by itself: every few minutes, at start and close, soon after a save.

The storage is asked on a thread that may hang (:meth:`Jobs.errand`), through a connection of its own:
nobody's typing or saving waits for a folder that does not answer. While the home is locked sealed
packets go on travelling as they are; whatever would need a key waits.
"""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from liaison.errors import UserError
from liaison.security import KeyFileChanged
from liaison.services import syncing
from liaison.services.pcs import meeting_places, overview, twins
from liaison.sync.stopping import stoppable
from liaison.ui.parts.exchanging import Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from liaison.security import Unlocked
    from liaison.services.homes import OpenHome
    from liaison.services.pcs.meeting_places import Places
    from liaison.services.pcs.overview import Overview
    from liaison.sync.rounds import Round
    from liaison.sync.transport import Transport
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job, Progress
    from liaison.ui.jobs import Jobs
    from liaison.ui.shell.leaving import Leaving

EVERY_MS: Final = 5 * 60_000
FIRST_MS: Final = 800
"""After unlocking people read Today first."""
SOON_MS: Final = 8_000
"""So long after a save, so that what is saved together travels in one packet."""
LATEST_MS: Final = 45_000
"""Whoever saves all the time is not waited for longer."""
SILENT_SECONDS: Final = 45.0
"""A storage that has not answered for so long does not answer."""
LEAVING_MS: Final = 15_000
"""The round on closing takes no longer."""
PATIENCE_MS: Final = 1_500
LOCKING_MS: Final = 5_000
"""The round after locking takes no longer; then nobody has the keys any more."""
LANE: Final = "rounds"
"""Whatever else asks the storage does not hold a round up, nor a round it."""
_NOTED: Final = frozenset({"access_event"})
_TWINS: Final = frozenset({"resident", "staff", "contact", "organisation"})


@dataclasses.dataclass(frozen=True, slots=True)
class _Came:
    """What a round came to.

    Args:
        result: What the round says; None if the home has nowhere to meet other PCs.
        unlocked: The keys as they are now, if the round had to change them.
    """

    result: Round | None
    unlocked: Unlocked | None = None


class _Pulse:
    """When the storage was last asked, or answered; told on one thread, read on another."""

    def __init__(self) -> None:
        self.at = time.monotonic()

    def beat(self) -> None:
        self.at = time.monotonic()

    @property
    def is_silent(self) -> bool:
        return time.monotonic() - self.at > SILENT_SECONDS


def _watched(
    transports: Sequence[Transport], progress: Progress, pulse: _Pulse
) -> tuple[Transport, ...]:
    def stopped() -> bool:
        pulse.beat()
        return progress.stopped

    return tuple(stoppable(one, stopped) for one in transports)


def _round(home: OpenHome, places: Places, pulse: _Pulse, progress: Progress) -> _Came:
    transports = places.of(home)
    if not transports:
        return _Came(None)
    progress.check()
    before = home.unlocked
    with syncing.beside_the_writer(home) as own:
        try:
            result = syncing.beside(own, _watched(transports, progress, pulse))
        finally:
            progress.touched(own.store.take_touched())
        return _Came(result, own.unlocked if own.unlocked is not before else None)


def _follow(home: OpenHome, unlocked: Unlocked | None, before: Unlocked) -> bool:
    """Take over what a round brought; return whether the database is to get another key."""
    if unlocked is not None and home.unlocked is before:
        home.unlocked = unlocked
    home.store.refresh()
    syncing.bring_in_line(home, rotates=False)
    return home.unlocked.vault.database.pending is not None


class Exchanging(QObject):
    """Does one round after the other, and says how things stand.

    Args:
        jobs: Work off the window's thread.
        parent: What it lives with: the window.
    """

    outdated = Signal()
    """A round found other keys than this window unlocked the home with."""

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._desk: Desk | None = None
        self._home: OpenHome | None = None
        self._places = meeting_places.Places()
        self._sealed: tuple[Path, str, tuple[Transport, ...]] | None = None
        """What is asked while the home is locked: folder, the home's id, and the storages."""
        self.seen = Seen()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.exchange)
        self._latest = QTimer(self, singleShot=True, interval=LATEST_MS)
        self._latest.timeout.connect(self.exchange)
        self._watch = QTimer(self, singleShot=True, interval=round(SILENT_SECONDS * 1100))
        self._watch.timeout.connect(self._look_at_pulse)
        self._job: Job | None = None
        self._pulse = _Pulse()
        self._again = False
        self._merged = False
        self._settle: int | None = None
        """In how many fields PCs differ; None if that is to be looked up."""
        self._turn = 0
        """Grows whenever that may have changed."""
        self._rotated = False
        self._then: Callable[[], object] | None = None
        jobs.changed.connect(self._written)

    @property
    def is_at_work(self) -> bool:
        """Whether a round is under way."""
        return self._job is not None and not self._job.ended

    # ---- a home is unlocked, locked, left

    def begin(self, desk: Desk) -> None:
        """Exchange from now on, for whoever unlocked the home.

        Args:
            desk: Their desk.
        """
        home = self._jobs.home
        if home is None:
            return
        self._desk, self._home, self._sealed = desk, home, None
        self._job, self._again, self._rotated = None, False, False
        self._settle = None
        self.seen = Seen()
        desk.exchange_wanted.connect(self.exchange)
        self._read()
        self._timer.start(FIRST_MS)

    def lock(self, *, sends: bool = False) -> None:
        """Let sealed packets go on travelling: the home is being locked.

        Args:
            sends: Whether what was saved a moment ago is sent first, for a few seconds at most;
                until the home is unlocked again nobody else would.
        """
        home = self._home
        found = self.seen.overview
        waits = self._latest.isActive() or (found is not None and found.to_send > 0)
        last_round = sends and self.seen.shares and waits and self.seen.trouble is None
        self._desk = self._home = self._job = None
        self._latest.stop()
        self._watch.stop()
        self.seen = Seen()
        if home is None:
            return
        # nothing of it is known without its keys but its id
        self._sealed = (home.folder, home.store.context.home, ())
        self._timer.start(EVERY_MS)
        if last_round:
            # once the home is closed: what is closing it ends every errand
            QTimer.singleShot(0, self, lambda: self._send_last(home))
        else:
            self._put_away()

    def _put_away(self) -> None:
        stay = self._places.put_away()
        if self._sealed is not None:
            folder, home, _ = self._sealed
            self._sealed = (folder, home, stay)

    def _send_last(self, home: OpenHome) -> None:
        if self._home is not None or self._sealed is None:
            # somebody was quicker
            return
        places, pulse = self._places, _Pulse()
        self._job = job = self._jobs.errand(
            lambda progress: _round(home, places, pulse, progress),
            lambda _: self._sent_last(), lambda _: self._sent_last(), owner=self, lane=LANE,
        )  # fmt: skip
        end = QTimer(self, singleShot=True, interval=LOCKING_MS)
        end.timeout.connect(job.cancel)
        end.timeout.connect(self._sent_last)
        end.timeout.connect(end.deleteLater)
        end.start()

    def _sent_last(self) -> None:
        if self._home is None:
            self._put_away()

    def stop(self) -> None:
        """Exchange no more: the window closes, or goes to another home."""
        self._desk = self._home = self._sealed = None
        for timer in (self._timer, self._latest, self._watch):
            timer.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._places.put_away()

    # ---- a round

    def exchange(self) -> None:
        """Do a round now, or one more after the one that is under way."""
        self._latest.stop()
        self._timer.start(EVERY_MS)
        if self.is_at_work:
            self._again = True
            return
        if self._home is not None and self._jobs.home is self._home:
            home, places = self._home, self._places
            self._pulse = pulse = _Pulse()
            self._job = self._jobs.errand(
                lambda progress: _round(home, places, pulse, progress),
                self._came, self._failed, owner=self, lane=LANE,
            )  # fmt: skip
            self._watch.start()
            if self.seen.shares:
                self._tell(at_work=True)
        elif self._sealed is not None:
            self._travel(*self._sealed)

    def _travel(self, folder: Path, home: str, transports: tuple[Transport, ...]) -> None:
        if not transports:
            return
        self._pulse = pulse = _Pulse()
        self._job = self._jobs.errand(
            lambda progress: syncing.travel(folder, home, _watched(transports, progress, pulse)),
            lambda _: None,
            # nobody is there to be told; it is tried again, and said after unlocking
            lambda _: None,
            owner=self,
            lane=LANE,
        )

    def _came(self, came: _Came) -> None:
        self._watch.stop()
        home = self._home
        if home is None:
            return
        result = came.result
        if result is None:
            self._end(Seen())
            return
        if result.changes or result.withdrawn or came.unlocked is not None:
            self._merged = bool(result.changes or result.withdrawn)
            self._forget_settled()
            before = home.unlocked
            self._jobs.write(
                lambda opened: _follow(opened, came.unlocked, before), self._followed, owner=self
            )
        self._end(
            Seen(
                trouble=result.trouble,
                waiting=tuple(sorted({one.reason for one in result.waiting})),
                newer=any(one.newer for one in result.waiting),
            )
        )

    def _followed(self, rotates: bool) -> None:  # noqa: FBT001  # an answer
        if rotates and not self._rotated and self._home is not None:
            # once: while another program has the home open it waits for the next opening
            self._rotated = True
            self._jobs.alone(lambda home: home.rotate(insist=False), lambda _: None, owner=self)

    def _failed(self, error: UserError) -> None:
        self._watch.stop()
        self._end(dataclasses.replace(self.seen, trouble=error, at_work=False))
        if isinstance(error, KeyFileChanged) and self._home is not None:
            self.outdated.emit()

    def _end(self, seen: Seen) -> None:
        self._job = None
        known = self.seen
        self.seen = dataclasses.replace(seen, overview=known.overview, twice=known.twice)
        if self._then is not None:
            then, self._then = self._then, None
            then()
            return
        self._read()
        if self._again:
            self._again = False
            self.exchange()

    def _look_at_pulse(self) -> None:
        """Say that the storage does not answer, if it does not; whatever hangs is not waited for."""
        if not self.is_at_work:
            self._tell(at_work=False)
            return
        self._watch.start()
        if self._pulse.is_silent:
            trouble = UserError(
                "The place where the PCs meet does not answer.",
                kept="What was written here waits to be sent.",
                do="Check that the network or the drive is there.",
                code="storage",
            )
            self._tell(trouble=trouble)

    # ---- what others wrote, and what was written here

    def _written(self, touched: frozenset[str]) -> None:
        if self._merged:
            # what came from others need not be sent to them
            self._merged = False
            self._look_for_twins()
            return
        if self._home is None or not self.seen.shares or touched <= _NOTED:
            return
        self._count()
        # what was read before another PC's word came may differ from it once it is saved
        self._forget_settled()
        if self.seen.twice and touched & _TWINS:
            self._look_for_twins()
        if not self._latest.isActive():
            self._latest.start()
        self._timer.start(SOON_MS)

    # ---- how it stands

    def _read(self) -> None:
        if self._jobs.home is not None and self._desk is not None:
            settle, at = self._settle, self._turn
            self._jobs.look(
                lambda home, _: overview.read(home, settle=settle),
                lambda found: self._show(found, at), self._unseen, owner=self,
            )  # fmt: skip

    def _forget_settled(self) -> None:
        self._settle = None
        self._turn += 1

    def _unseen(self, _: UserError) -> None:
        # the home says it itself to whoever reads or saves; it is read again after the next round
        self._tell()

    def _show(self, found: Overview, at: int) -> None:
        # what was written while it was read may differ
        self._settle = found.to_settle if at == self._turn else None
        self._tell(overview=found)

    def _look_for_twins(self) -> None:
        if self._home is not None and self._jobs.home is not None:
            self._jobs.look(
                lambda home, _: len(twins.find(home.store)),
                lambda number: self._tell(twice=number),
                self._unseen,
                owner=self,
            )

    def _count(self) -> None:
        home = self._home
        if home is None or self._jobs.home is None:
            return
        pc, settle = home.unlocked.vault.pc.id or 0, self._settle
        self._jobs.read(
            # that one is settled is seen at once, a new one after the round that follows
            lambda store: (overview.to_send(store, pc), settle and overview.to_settle(store)),
            self._counted, self._unseen, latest=(id(self), "count"), owner=self,
        )  # fmt: skip

    def _counted(self, found: tuple[int, int | None]) -> None:
        known = self.seen.overview
        if known is not None:
            send, settle = found
            settle = known.to_settle if settle is None else settle
            self._tell(overview=dataclasses.replace(known, to_send=send, to_settle=settle))

    def _tell(self, **changed: Any) -> None:
        self.seen = dataclasses.replace(self.seen, **changed)
        if self._desk is not None:
            self._desk.tell_exchange(self.seen)

    # ---- when the window closes

    def before_leaving(self, leaving: Leaving, then: Callable[[], None]) -> None:
        """Do one more round, for so long at most, and go on.

        Args:
            leaving: The sheet over the window: it says what is being done, and can be left.
            then: What comes next.
        """
        if not self.seen.shares or (self.is_at_work and self._pulse.is_silent):
            then()
            return
        late = QTimer(leaving, singleShot=True, interval=PATIENCE_MS)
        late.timeout.connect(leaving.show_sending)
        too_late = QTimer(leaving, singleShot=True, interval=LEAVING_MS)
        gone = False

        def go_on() -> None:
            nonlocal gone
            late.stop()
            too_late.stop()
            leaving.skipped.disconnect(go_on)
            self._then = None
            if not gone:
                gone = True
                leaving.show_keeping()
                then()

        def last_round() -> None:
            self._then = go_on
            self.exchange()

        too_late.timeout.connect(go_on)
        leaving.skipped.connect(go_on)
        late.start()
        too_late.start()
        if self.is_at_work:
            # it may have begun before the last save
            self._then = last_round
        else:
            last_round()
