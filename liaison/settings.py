"""Where things are on this computer, and what the window remembers from one day to the next.

Loaded before the first window shows, so it imports next to nothing. What is remembered is about the
screen and the staff who use it: nothing about a resident is ever written here.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

THEMES: Final = ("system", "light", "dark")
#: Text sizes, in per cent of the ordinary one.
SMALLEST_TEXT: Final = 100
LARGEST_TEXT: Final = 200
#: After how many minutes without keys and mouse the window locks itself.
SOONEST_LOCK: Final = 1
USUAL_LOCK: Final = 5
LATEST_LOCK: Final = 15
_LARGEST_FILE: Final = 1_000_000
_LINUX: Final = sys.platform.startswith("linux")

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Find a data file that ships with Liaison, such as a font or a vocabulary.

    Args:
        parts: The path inside the ``resources`` folder, one name a part.

    Returns:
        The file's path, in an installed copy as well as in a checkout.

    Raises:
        FileNotFoundError: There is no such file, which means that Liaison is installed incompletely.
    """
    # An installed copy carries its data inside the package; a checkout has it beside the package.
    inside = _PACKAGE / "resources"
    folder = inside if inside.is_dir() else _PACKAGE.parent / "resources"
    path = folder.joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(path)
    return path


def default_home() -> Path:
    """Say where the home is kept unless somebody chooses a place.

    It is the local data folder, never one that follows the person to other computers: two computers
    that both wrote into one copied database would destroy it.

    Returns:
        The folder, which need not exist yet.
    """
    return _user_folder() / "home"


def log_dir() -> Path:
    """Say where the log files are kept; they hold no personal data.

    Returns:
        The folder, which need not exist yet.
    """
    # platformdirs looks at the environment and, on Windows, at the registry; only when asked.
    import platformdirs

    return platformdirs.user_log_path("Liaison", appauthor=False, opinion=True)


def settings_file() -> Path:
    """Say where the window keeps its settings.

    Returns:
        The file, which need not exist yet.
    """
    return _user_folder() / "settings.json"


@dataclasses.dataclass(frozen=True, slots=True)
class WindowPlace:
    """Where the window stood, in logical pixels of the whole desktop."""

    x: int
    y: int
    width: int
    height: int
    maximised: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody who can unlock a home, as they were when it was open last.

    Args:
        id: The id of their record.
        name: Their name.
        role: Their role in the app.
    """

    id: str
    name: str
    role: str

    @property
    def can_unlock(self) -> bool:
        """Whether they have a password: only those who do are remembered."""
        return True


@dataclasses.dataclass(frozen=True, slots=True)
class KnownHome:
    """What this PC may say of a home while it is locked.

    Args:
        name: The home's name.
        pc: What this PC is called there.
        people: Who can unlock it; the key file is asked as well, but a moment later.
        last_person: The id of who was here last.
        seen: When each person was here last, by their id.
        backed_up_at: When the last backup was made from this PC.
        unproven: Whether nobody has shown yet that they can read the recovery sheet.
        unused_sheet: Whether a new recovery sheet was put on paper that is not in force.
    """

    name: str = ""
    pc: str = ""
    people: tuple[KnownPerson, ...] = ()
    last_person: str = ""
    seen: Mapping[str, dt.datetime] = dataclasses.field(default_factory=dict)
    backed_up_at: dt.datetime | None = None
    unproven: bool = False
    unused_sheet: bool = False


View = Mapping[str, tuple[object, ...]]
"""What somebody chose last on a page, part by part."""


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What the window remembers on this PC.

    Args:
        theme: One of :data:`THEMES`.
        text_size: In per cent, from :data:`SMALLEST_TEXT` to :data:`LARGEST_TEXT`.
        lock_after: After how many minutes without anybody the home is locked, from
            :data:`SOONEST_LOCK` to :data:`LATEST_LOCK`.
        window: Where the window stood; None if it never did.
        last_home: The folder of the home that was open last; empty if none was.
        homes: What is known of homes, by their folder.
        columns: Which columns a list shows, in order, by the list's name.
        views: Which tab or which filters somebody chose last, by the page's or list's name. Words
            of the program only: this file is not encrypted.
    """

    theme: str = "system"
    text_size: int = SMALLEST_TEXT
    lock_after: int = USUAL_LOCK
    window: WindowPlace | None = None
    last_home: str = ""
    homes: Mapping[str, KnownHome] = dataclasses.field(default_factory=dict)
    columns: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    views: Mapping[str, View] = dataclasses.field(default_factory=dict)

    def home(self, folder: Path) -> KnownHome:
        """Return what is known of a home."""
        return self.homes.get(str(folder), KnownHome())

    def with_home(self, folder: Path, **known: Any) -> Settings:
        """Return the settings with something else known of a home (fields of :class:`KnownHome`)."""
        changed = dataclasses.replace(self.home(folder), **known)
        return dataclasses.replace(self, homes={**self.homes, str(folder): changed})

    def with_columns(self, name: str, columns: tuple[str, ...]) -> Settings:
        """Return the settings with other columns for a list."""
        return dataclasses.replace(self, columns={**self.columns, name: columns})

    def with_view(self, name: str, view: View) -> Settings:
        """Return the settings with another tab or other filters for a page or list."""
        return dataclasses.replace(self, views={**self.views, name: view})


def read_settings(path: Path) -> Settings:
    """Return what the window remembers.

    Settings are a convenience: a file that is missing, damaged or of another version gives what can
    be read of it, and the rest as it ships.

    Args:
        path: The file, :func:`settings_file` unless a test says otherwise.
    """
    with contextlib.suppress(OSError, ValueError, RecursionError):
        with path.open("rb") as file:
            found = json.loads(file.read(_LARGEST_FILE))
        if isinstance(found, dict):
            return _settings(found)
    return Settings()


def write_settings(path: Path, settings: Settings) -> None:
    """Keep what the window remembers.

    Args:
        path: The file; its folder is made.
        settings: All of it.

    Raises:
        CannotWrite: The disk refused; the file is as it was.
    """
    from liaison.files import plain_errors, replace_file

    with plain_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    document = dataclasses.asdict(settings)
    text = json.dumps(document, ensure_ascii=False, indent=1, default=dt.datetime.isoformat)
    # half a character (of a damaged file name) is no reason to forget everything else
    replace_file(path, text.encode("utf-8", errors="surrogatepass"))


def _settings(found: dict[str, Any]) -> Settings:
    theme, size = found.get("theme"), found.get("text_size")
    homes, columns = found.get("homes"), found.get("columns")
    return Settings(
        theme=theme if theme in THEMES else "system",
        text_size=min(max(_whole(size, SMALLEST_TEXT), SMALLEST_TEXT), LARGEST_TEXT),
        lock_after=min(max(_whole(found.get("lock_after"), USUAL_LOCK), SOONEST_LOCK), LATEST_LOCK),
        window=_place(found.get("window")),
        last_home=_text(found.get("last_home")),
        homes={
            folder: _known_home(known)
            for folder, known in (homes if isinstance(homes, dict) else {}).items()
            if isinstance(known, dict)
        },
        columns={
            name: tuple(map(_text, chosen))
            for name, chosen in (columns if isinstance(columns, dict) else {}).items()
            if isinstance(chosen, list)
        },
        views=_views(found.get("views")),
    )


def _views(found: Any) -> dict[str, View]:
    """Return what was chosen last; anything that is no short word, yes or no is left out."""
    return {
        name: {
            part: tuple(one for one in chosen if one is None or isinstance(one, str | bool))
            for part, chosen in view.items()
            if isinstance(chosen, list)
        }
        for name, view in (found if isinstance(found, dict) else {}).items()
        if isinstance(view, dict)
    }


def _known_home(found: dict[str, Any]) -> KnownHome:
    seen, people = found.get("seen"), found.get("people")
    moments = {
        person: _moment(at) for person, at in (seen if isinstance(seen, dict) else {}).items()
    }
    return KnownHome(
        name=_text(found.get("name")),
        pc=_text(found.get("pc")),
        people=tuple(
            KnownPerson(*(_text(one.get(part)) for part in ("id", "name", "role")))
            for one in (people if isinstance(people, list) else [])
            if isinstance(one, dict)
        ),
        last_person=_text(found.get("last_person")),
        seen={person: at for person, at in moments.items() if at is not None},
        backed_up_at=_moment(found.get("backed_up_at")),
        unproven=found.get("unproven") is True,
        unused_sheet=found.get("unused_sheet") is True,
    )


def _place(found: Any) -> WindowPlace | None:
    if not isinstance(found, dict):
        return None
    sides = [found.get(side) for side in ("x", "y", "width", "height")]
    if not all(type(side) is int and abs(side) < 1 << 20 for side in sides):
        return None
    x, y, width, height = map(int, sides)  # type: ignore[arg-type]  # just looked at
    if width <= 0 or height <= 0:
        return None
    return WindowPlace(x, y, width, height, found.get("maximised") is True)


def _text(found: Any) -> str:
    return found if isinstance(found, str) else ""


def _whole(found: Any, otherwise: int) -> int:
    return found if type(found) is int else otherwise


def _moment(found: Any) -> dt.datetime | None:
    with contextlib.suppress(TypeError, ValueError):
        moment = dt.datetime.fromisoformat(found)
        # without an offset it says no instant
        return moment if moment.tzinfo else None
    return None


def _user_folder() -> Path:
    if _LINUX:
        # as platformdirs says, without loading it before the first window shows
        named = os.environ.get("XDG_DATA_HOME", "")
        return (Path(named) if named.strip() else Path.home() / ".local" / "share") / "Liaison"
    import platformdirs

    return platformdirs.user_data_path("Liaison", appauthor=False, roaming=False)
