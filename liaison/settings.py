"""Where things are on this computer: the home's folder, the log's, and the data shipped with the app.

Loaded before the first window shows, so it imports next to nothing.
"""

from __future__ import annotations

from pathlib import Path

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


def _user_folder() -> Path:
    import platformdirs

    return platformdirs.user_data_path("Liaison", appauthor=False, roaming=False)
