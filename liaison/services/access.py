"""Who signed in, looked, printed, exported, backed up: noted at once, written a little later.

Looking never waits for it to be written: what is noted is kept in memory and written in one unit,
by the window after a few seconds, by the command line when it ends, and always before the home is
closed. A crash loses the last few seconds of it. What cannot be written (a full disk, a folder for
reading only) stays noted and is tried again.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal

from liaison import security
from liaison.errors import UserError
from liaison.files import CannotWrite
from liaison.records import ids
from liaison.records.administration import AccessEvent
from liaison.records.rules import times
from liaison.security import failed_sign_ins
from liaison.store import audit
from liaison.store.derived import ACCESS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from liaison.security import KeyFile
    from liaison.security.failed_sign_ins import Failure
    from liaison.services.homes import OpenHome

Kind = Literal[
    "sign in", "failed sign in", "sign out", "opened", "exported", "printed", "backed up",
    "restored", "role changed",
]  # fmt: skip
"""What is noted; the choices of ``AccessEvent.kind``."""

AGAIN_AFTER: Final = dt.timedelta(minutes=15)
"""The same person with the same record is noted once in this time."""

RESIDENT: Final = "resident"
_MOST_WAITING: Final = 5_000
_LONGEST_DETAIL: Final = 300
_PATIENCE: Final = 0.5  # seconds


class AccessLog:
    """What happens with an open home; its methods may be called on any thread but :meth:`flush`.

    Args:
        home: The home, as somebody unlocked it.
    """

    def __init__(self, home: OpenHome) -> None:
        self._home = home
        self._waiting: deque[AccessEvent] = deque(maxlen=_MOST_WAITING)
        self._seen: dict[tuple[str, int], dt.datetime] = {}
        self._lock = threading.Lock()
        self._leaves = False

    @property
    def waits(self) -> bool:
        """Whether something is noted that is not written yet."""
        return bool(self._waiting)

    def note(self, kind: Kind, about: tuple[str, int] | None = None, detail: str = "") -> None:
        """Note that something was done.

        Args:
            kind: What.
            about: Type and id of the record it was done with.
            detail: More about it, in a few words.
        """
        if self._home.unlocked.by_recovery:
            # nobody in particular; who comes back in with the sheet signs in a moment later
            return
        type_name, identity = about or ("", 0)
        self._waiting.append(
            AccessEvent(
                at=self._home.store.clock(),
                kind=kind,
                subject_type=type_name or None,
                subject_id=ids.to_text(identity) if about else None,
                detail=" ".join(detail.split())[:_LONGEST_DETAIL] or None,
            )
        )

    def looked(self, type_name: str, identity: int) -> bool:
        """Note that a record was looked at, if it is a resident's and was not a moment ago.

        Args:
            type_name: Its type.
            identity: Its id.

        Returns:
            Whether it is noted, and is to be written soon.
        """
        if type_name != RESIDENT:
            return False
        now, key = self._home.store.clock(), (type_name, identity)
        with self._lock:
            before = self._seen.get(key)
            if before is not None and before <= now < before + AGAIN_AFTER:
                return False
            self._seen[key] = now
        self.note("opened", key)
        return True

    def done(self, kind: Kind, about: tuple[str, int] | None = None, detail: str = "") -> None:
        """Note that something was done and write it at once; see :meth:`note`."""
        self.note(kind, about, detail)
        self.flush()

    def restored(self, backup: str) -> None:
        """Note that the home was restored from a backup."""
        self.done("restored", detail=f"From {backup}")

    def signed_in(self, where: str = "", *, leaves: bool = True) -> None:
        """Note that somebody signed in, and take in what failed before them; written at once.

        Args:
            where: How, if not at the window.
            leaves: Whether closing the home is a sign-out; else (the command line, which signs in
                for each command) one sign-in in a while is noted.
        """
        if self._leaves:
            return
        self._leaves = leaves
        if leaves or not self._was_here():
            self.note("sign in", detail=where)
        if self._take_failures() or leaves:
            self.flush()

    def _was_here(self) -> bool:
        since = self._home.store.clock() - AGAIN_AFTER
        return audit.was_noted(self._home.store, self._home.person, "sign in", None, since)

    def flush(self) -> bool:
        """Write what is noted, in one unit; on the thread that writes to the home.

        Returns:
            Whether all of it is written; what is not is tried again later.
        """
        events = []
        while self._waiting:
            events.append(self._waiting.popleft())
        home = self._home
        events = [event for event in events if not self._is_repeated(event)]
        if not events:
            return True
        try:
            with home.store.unit(home.person, kind=ACCESS) as unit:
                for event in events:
                    unit.add(event)
        except UserError:
            # the disk or another program: nobody is kept from reading by that
            self._waiting.extendleft(reversed(events))
            return False
        return True

    def close(self) -> None:
        """Write what is still to be written; the home is about to be closed.

        Nobody waits at closing for another program's write: what cannot be written then is lost.
        """
        if not (self._leaves or self._waiting):
            return
        self._home.store.wait_at_most(_PATIENCE)
        if self._leaves:
            self.note("sign out")
            self._leaves = False
        self.flush()

    def _is_repeated(self, event: AccessEvent) -> bool:
        """Return whether another window, or a command a moment ago, has noted the same look."""
        if event.kind != "opened" or event.at is None:
            return False
        return audit.was_noted(
            self._home.store, self._home.person, "opened", event.subject_id,
            event.at - AGAIN_AFTER,
        )  # fmt: skip

    def _take_failures(self) -> bool:
        """Move failed sign-ins from beside the home into its log; return whether there were any."""
        home = self._home
        vault, folder = home.unlocked.vault, home.folder
        taken = failed_sign_ins.take(folder, vault)
        if taken is None and audit.newest_access(home.store) in {None, "restored"}:
            # the first time here: there could be none
            self._begin_failures()
            return False
        events = list(_told(home, taken))
        if not events:
            return False
        try:
            with home.store.unit(home.person, kind=ACCESS) as unit:
                for number, (event, series) in enumerate(events):
                    # after a crash in between they are found once more, and are the same
                    source = ("failed sign in", series, number)
                    if (
                        home.store.get("access_event", ids.derived_id("access_event", *source))
                        is None
                    ):
                        unit.add(event, derived_from=source)
        except UserError:
            return False
        self._begin_failures()
        return True

    def _begin_failures(self) -> None:
        try:
            failed_sign_ins.begin(self._home.folder, self._home.unlocked.vault)
        except CannotWrite:
            # for reading only: nothing can be kept beside it
            return


def _told(home: OpenHome, taken: failed_sign_ins.Taken | None) -> Iterator[tuple[AccessEvent, str]]:
    """Yield what failed as it is noted, each with the series it is from."""
    now = home.store.clock()
    if taken is None:
        missing = (
            "The list of failed sign-ins is missing: what failed since the last one is not known."
        )
        yield AccessEvent(at=now, kind="failed sign in", detail=missing), times.to_stored(now)
        return
    for failure in taken.failures:
        yield _event(failure), taken.series
    if taken.more:
        yield (
            AccessEvent(at=now, kind="failed sign in", detail=f"{taken.more:,} more"),
            taken.series,
        )
    if taken.trouble:
        yield (
            AccessEvent(at=now, kind="failed sign in", detail=taken.trouble),
            taken.series or times.to_stored(now),
        )


def _event(failure: Failure) -> AccessEvent:
    return AccessEvent(
        at=times.from_stored(failure.at),
        kind="failed sign in",
        subject_type="person" if failure.person else None,
        subject_id=failure.person or None,
        detail=failure.why,
    )


_WHY: Final[tuple[tuple[type[UserError], str], ...]] = (
    (security.WrongPassword, "Wrong password"),
    (security.WrongRecoveryKey, "Wrong recovery key"),
    (security.BadRecoveryKey, "Wrong recovery key"),
    (security.NoSuchPerson, "A name that cannot sign in here"),
    (security.NotAllowed, "May not sign in any more"),
)


@contextmanager
def watching(
    folder: Path, keys: KeyFile, person: str | None, clock: Callable[[], dt.datetime]
) -> Iterator[None]:
    """Keep it if somebody fails to sign in, without holding any key.

    Args:
        folder: The home.
        keys: Its key file.
        person: The id or name that was given; None if there is only one.
        clock: This PC's clock.
    """
    try:
        yield
    except UserError as error:
        why = next((words for kind, words in _WHY if isinstance(error, kind)), "")
        if why:
            meant = [one.id for one in keys.people if person in {one.id, one.name}]
            only = [one.id for one in keys.people if one.can_unlock] if person is None else []
            known = (meant or only or [""])[0]
            moment = times.to_stored(clock())
            failed_sign_ins.note(
                folder.expanduser().absolute(), failed_sign_ins.Failure(moment, known, why)
            )
        raise
