"""Looking after the home while its window is open: backups by themselves, and what is to be said."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from liaison.errors import UserError
from liaison.services import backups, health, upkeep
from liaison.services.demo import place
from liaison.ui.parts.upkeep import source_at, telling

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from liaison.services.backups import Source, Standing
    from liaison.services.health import Notice
    from liaison.services.upkeep import Made
    from liaison.ui.desk import Desk
    from liaison.ui.jobs import Job, Progress
    from liaison.ui.shell.leaving import Leaving

_SETTLED_MS: Final = 4_000
"""After unlocking people read Today first; the disk is theirs for so long."""
_LONGEST: Final = dt.timedelta(hours=1)
"""No timer runs for longer: a PC that slept, or whose clock was set, is noticed by the next one."""
_AGAIN: Final = dt.timedelta(minutes=30)
"""After a backup that failed."""
_PATIENCE_MS: Final = 3_000
"""A backup on closing that has not said anything for so long can be left."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Found:
    notices: tuple[Notice, ...]
    standing: Standing
    next: dt.datetime


def _look(source: Source) -> _Found:
    now = source.clock()
    if is_demonstration(source.folder):
        # nobody needs it again
        standing = backups.standing(source.folder, now)
        return _Found((), standing, now + dt.timedelta(days=1))
    notices = health.notices(source)
    beside = upkeep.read(source.folder)
    return _Found(notices, backups.standing(source.folder, now), backups.next_due(beside, now))


def is_demonstration(folder: Path) -> bool:
    """Return whether a home is a demonstration, of which nobody needs a backup."""
    try:
        return place.is_demonstration(folder)
    except UserError:
        return False


def _last_one(source: Source, progress: Progress) -> Made | None:
    if is_demonstration(source.folder):
        return None
    return backups.automatic(source, telling(progress))


class Upkeep(QObject):
    """Makes the backup of the day and says what is to be said.

    Args:
        desk: The desk.
        parent: What it lives with: the shell.
    """

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)
        desk.backups_changed.connect(self.look)
        desk.backup_wanted.connect(self._make)
        self._failed_at: dt.datetime | None = None
        self._job: Job | None = None

    def start(self) -> None:
        """Begin, once what somebody came for is on the screen."""
        self._timer.start(_SETTLED_MS)

    def look(self) -> None:
        """See how things are, and make the backup of the day if it is due."""
        source = source_at(self._desk)
        if source is None:
            return
        self._desk.jobs.run(lambda _: _look(source), self._looked, self._unseen, owner=self)

    def _unseen(self, _error: UserError) -> None:
        # the home says it itself to whoever reads or saves; it is tried again
        self._wait(_AGAIN)

    def _looked(self, found: _Found) -> None:
        self._desk.tell_notices(found.notices)
        home = self._desk.jobs.home
        last = found.standing.last
        if home is not None and last is not None:
            known = self._desk.settings
            if known.home(home.folder).backed_up_at != last:
                self._desk.set(known.with_home(home.folder, backed_up_at=last))
        now = self._desk.now()
        again = self._failed_at is None or now - self._failed_at >= _AGAIN
        if found.next <= now and again:
            self._make()
        else:
            self._wait(max(found.next - now, _AGAIN if not again else dt.timedelta(0)))

    def _wait(self, time: dt.timedelta) -> None:
        self._timer.start(int(min(time, _LONGEST) / dt.timedelta(milliseconds=1)) + 1_000)

    def _make(self) -> None:
        source = source_at(self._desk)
        if source is None or source.fixed or self._job is not None:
            return
        self._job = self._desk.jobs.run(
            lambda progress: backups.automatic(source, telling(progress), anew=True),
            self._made, self._failed, owner=self,
        )  # fmt: skip

    def _made(self, made: Made | None) -> None:
        self._job = None
        self._failed_at = None
        if made is not None:
            self._desk.note("backed up", detail=backups.noted(made))
        self._desk.backups_changed.emit()

    def _failed(self, _: UserError) -> None:
        # kept beside the home, and so among the notices
        self._job = None
        self._failed_at = self._desk.now()
        self._desk.backups_changed.emit()

    # ---- when the window closes

    def before_leaving(self, leaving: Leaving, then: Callable[[], None]) -> None:
        """Make a backup if anybody wrote anything since the last one, and go on.

        Args:
            leaving: The sheet over the window: it says what is being done, and can be left.
            then: What comes next.
        """
        source = source_at(self._desk)
        if source is None or source.fixed:
            then()
            return
        if self._job is not None:
            self._job.cancel()
            self._job = None

        # a drive that does not answer, or a fault of ours, must keep nobody from closing
        late = QTimer(leaving, singleShot=True, interval=_PATIENCE_MS)
        late.timeout.connect(lambda: leaving.show_backing_up(0, 0))
        late.start()

        def made(found: Made | None) -> None:
            late.stop()
            home = self._desk.jobs.home
            if found is not None and home is not None:
                home.access.note("backed up", detail=backups.noted(found))
            then()

        def failed(error: UserError) -> None:
            late.stop()
            leaving.show_failed(f"The backup was not made. {error}")

        job = self._desk.jobs.run(
            lambda progress: _last_one(source, progress),
            made,
            failed,
            owner=leaving,
        )
        job.progress.connect(leaving.show_backing_up)
        leaving.skipped.connect(job.cancel)
        leaving.skipped.connect(then)
