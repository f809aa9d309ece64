"""How homes are made and opened, for the door; everything heavy is loaded only when asked for."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.ui.threshold.countdown import in_words

if TYPE_CHECKING:
    from liaison.security import Cost, KeyFile, RecoveryKey
    from liaison.security.throttle import Throttle
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.services.pcs.coming import Meeting, Way
    from liaison.services.pcs.joining import Waiting
    from liaison.store.store import Store
    from liaison.ui.jobs import Progress
    from liaison.ui.threshold.first_run import Makers, Wanted

UNLOCKED: Final = "unlocked"
OPEN: Final = "open"
"""Moments of the start: the password was right, and the home is open."""

_SHEET: Final = "recovery"
"""Who is counted as guessing where no person is meant."""

_JOIN_FIRST: Final = "Go back: you are asked there whether to give that up."

#: What is loaded while the password is typed.
_HEAVY: Final = (
    "liaison.services.homes",
    "liaison.services.drafts",
    "liaison.services.editing",
    "liaison.ui.shell.shell",
    "liaison.ui.shell.finding",
    # the page that is shown first, and the list of bank holidays it counts working days by
    "liaison.ui.pages.today",
    "holidays.countries",
)


class TooSoon(UserError):
    """Somebody guessed wrong too often and must wait.

    Args:
        seconds: How long.
    """

    code = "too-soon"

    def __init__(self, seconds: int) -> None:
        super().__init__("That was wrong too often.", do=f"Try again in {in_words(seconds)}.")
        self.seconds = seconds


@dataclasses.dataclass(frozen=True, slots=True)
class Makings:
    """How homes are made and opened.

    Args:
        cost: What checking a new password costs; the standard unless given.
        demonstration: Where the demonstration home lies; beside the home unless given.
    """

    cost: Cost | None = None
    demonstration: Path | None = None
    _throttles: dict[Path, Throttle] = dataclasses.field(default_factory=dict, repr=False)

    def look(self, folder: Path) -> KeyFile | None:
        """Look at a home's key file: who can unlock it.

        Args:
            folder: Where the home lies.

        Returns:
            The key file; None if there is nothing in the folder, so that a home can be made.

        Raises:
            UserError: The folder is something else, or the key file is damaged.
        """
        from liaison import security
        from liaison.services.places import check_place

        check_place(folder)
        try:
            return security.read(folder.expanduser().absolute() / security.FILE_NAME)
        except security.NoKeyFile:
            if _is_free(folder):
                from liaison.security import passwords

                # a password is chosen next, and judged on the window's thread
                passwords.learn()
                return None
            raise

    def _cost(self) -> Cost:
        from liaison.security import STANDARD

        return self.cost or STANDARD

    def load(self) -> None:
        """Load what an open home needs."""
        for name in _HEAVY:
            importlib.import_module(name)
        from liaison.security import passwords

        passwords.learn()

    def unlock(
        self, folder: Path, person: str, password: str, mark: Callable[[str], None]
    ) -> OpenHome:
        """Unlock and open a home.

        Args:
            folder: Where it lies.
            person: The id of who unlocks it.
            password: Their password.
            mark: Notes a moment of the start.

        Raises:
            TooSoon: They guessed wrong too often; the password was not even looked at.
            UserError: It does not open, in plain words.
        """
        from liaison.security import WrongPassword
        from liaison.services import homes
        from liaison.services.access import watching
        from liaison.store.store import now

        throttle = self._throttle(folder)
        if seconds := throttle.wait(person):
            raise TooSoon(seconds)
        keys = homes.read_keys(folder)
        try:
            with watching(folder, keys, person, now):
                unlocked = keys.unlock(person, password)
        except WrongPassword as wrong:
            if seconds := throttle.failed(person):
                raise TooSoon(seconds) from wrong
            raise
        throttle.succeeded(person)
        mark(UNLOCKED)
        with watching(folder, keys, person, now):
            home = homes.open_unlocked(folder, unlocked)
        mark(OPEN)
        return home

    def wait(self, folder: Path, person: str) -> int:
        """Return the seconds somebody must still wait before they may try to unlock a home.

        Args:
            folder: Where it lies.
            person: Their id.
        """
        return self._throttle(folder).wait(person)

    def _throttle(self, folder: Path) -> Throttle:
        from liaison.security.throttle import Throttle

        # one for each home: it remembers what could not be written
        return self._throttles.setdefault(folder, Throttle(folder))

    def come_back(self, folder: Path, key: str, person: str, password: str) -> OpenHome:
        """Open a home with its recovery sheet; see :func:`liaison.services.recovery.come_back`."""
        from liaison.security import WrongRecoveryKey
        from liaison.services import recovery

        throttle = self._throttle(folder)
        if seconds := throttle.wait(_SHEET):
            raise TooSoon(seconds)
        try:
            home = recovery.come_back(folder, key, person, password, cost=self._cost())
        except WrongRecoveryKey:
            throttle.failed(_SHEET)
            raise
        throttle.succeeded(_SHEET)
        # what they guessed before belongs to the password they no longer have
        throttle.succeeded(person)
        return home

    def joining(self, folder: Path) -> Way | None:
        """Return what somebody has filled in to join a home here; None if nobody has.

        Args:
            folder: Where the home is to lie.
        """
        whole = folder.expanduser().absolute()
        if not any(whole.parent.glob(f".{whole.name}.joining*")):
            # nobody waits for what joining needs to be loaded
            return None
        from liaison.services.pcs import coming

        return coming.kept(folder)

    def join(
        self, waiting: Waiting, meeting: Meeting, folder: Path, person: str, password: str
    ) -> OpenHome:
        """Make the home on this PC; see :func:`liaison.services.pcs.coming.complete`.

        Raises:
            TooSoon: They guessed wrong too often.
            UserError: No home can be made there.
        """
        from liaison.security import WrongPassword
        from liaison.services.pcs import coming

        # of a home that is not there yet: nothing may lie in its folder, so this counts in memory
        throttle = self._throttle(coming.way_file(folder))
        if seconds := throttle.wait(person):
            raise TooSoon(seconds)
        try:
            return coming.complete(waiting, meeting, folder, person, password)
        except WrongPassword as wrong:
            if seconds := throttle.failed(person):
                raise TooSoon(seconds) from wrong
            raise

    def own_password(self, home: OpenHome, password: str) -> None:
        """Choose one's own password; see :func:`liaison.services.people.choose_password`."""
        from liaison.services import people

        people.choose_password(home, password, cost=self._cost())

    def change_password(self, home: OpenHome, old: str, password: str) -> None:
        """Change one's password; see :func:`liaison.services.people.change_password`.

        Raises:
            TooSoon: The old one was guessed wrong too often: at the door too it must be waited for.
        """
        from liaison.security import WrongPassword
        from liaison.services import people

        throttle, person = self._throttle(home.folder), home.unlocked.person
        if seconds := throttle.wait(person):
            raise TooSoon(seconds)
        try:
            people.change_password(home, old, password, cost=self._cost())
        except WrongPassword as wrong:
            if seconds := throttle.failed(person):
                raise TooSoon(seconds) from wrong
            raise
        throttle.succeeded(person)

    def makers(
        self, folder: Path, flag: Callable[[], Callable[[], None]], *, can_import: bool
    ) -> Makers:
        """Return what setting up can have made.

        Args:
            folder: Where the home will lie.
            flag: Notes that the recovery sheet is still to be proven, and returns what writes that
                down on this PC.
            can_import: Whether there is a page that brings in lists.
        """
        from liaison.ui.threshold.first_run import Makers

        def make(
            wanted: Wanted, tell: Callable[[RecoveryKey], None], keep_flag: Callable[[], None]
        ) -> OpenHome:
            from liaison.services import founding
            from liaison.services.pcs import joining

            joining.refuse_waiting(folder, _JOIN_FIRST)
            # before the home is there: a sheet nobody has proven must not be forgotten
            keep_flag()
            home, key = founding.make_home(
                folder, name=wanted.name, person=wanted.person, password=wanted.password,
                cost=self._cost(),
            )  # fmt: skip
            tell(key)
            return home

        def new_sheet(home: OpenHome) -> RecoveryKey:
            from liaison.services import recovery

            return recovery.new_sheet(home)

        def add_lists(home: OpenHome) -> object:
            from liaison.services import starting

            return starting.add_starting_lists(home)

        def waits() -> bool:
            from liaison.services.pcs import joining

            return joining.is_waiting(folder)

        def give_up() -> None:
            from liaison.services.pcs import coming

            coming.give_up(folder)

        return Makers(
            make, new_sheet, add_lists, flag, waits, give_up,
            demonstration=self.demonstrate, can_import=can_import,
        )  # fmt: skip

    def demonstrate(self, progress: Progress) -> OpenHome:
        """Open the demonstration home; make it first if there is none."""
        from liaison.services import demo, homes
        from liaison.services.demo import place

        folder = self.demonstration or place.default_place()
        place.sweep(folder)
        if not place.is_demonstration(folder):
            demo.make(folder, cost=self._cost(), progress=progress)
        return homes.open_home(folder, None, demo.PASSWORD)

    def demonstration_password(self) -> str:
        """Return the password that opens every demonstration home."""
        from liaison.services import demo

        return demo.PASSWORD

    def home_name(self, store: Store) -> str:
        """Return the name of an open home."""
        loaded = store.the("home")
        return str((loaded and getattr(loaded.record, "name", None)) or "This home")

    def pc_name(self, home: OpenHome) -> str:
        """Return what people call this PC; its key file says what it was called first."""
        own = home.unlocked.vault.pc
        record = home.store.get("pc", own.id) if own.id else None
        return str(getattr(record, "name", None) or own.name)

    def drafts(self, home: OpenHome) -> list[Draft]:
        """Return the drafts of whoever unlocked the home that they find again, newest first.

        An answer to a small question is not found: it is there if the same is asked again.
        """
        from liaison.services import drafts
        from liaison.ui.parts.answers import is_asked

        return [draft for draft in drafts.mine(home) if not is_asked(draft.about)]


def _is_free(folder: Path) -> bool:
    """Return whether a new home can be made in a folder: it is not there, or empty."""
    try:
        return not any(folder.expanduser().iterdir())
    except FileNotFoundError:
        return True
    except OSError:
        return False
