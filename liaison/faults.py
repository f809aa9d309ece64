"""Our own bugs: written to a log without personal data, with a reference to ask about.

What is written says where in the program it happened and nothing about whom: no message (it may
quote a note), no values, no paths of the person's own.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from liaison import __version__
from liaison.settings import log_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT_BYTES = 1_000_000


def keep_no_dump() -> None:
    """Let nothing write this process's memory to the disk when it crashes: it holds keys and notes.

    Called first thing, by the window and by the command line; child processes inherit it.
    """
    if sys.platform == "win32":  # pragma: no cover  # Windows only
        import ctypes

        # no box about disks, and no crash report; if one is made all the same, without the heap
        ctypes.windll.kernel32.SetErrorMode(0x0001 | 0x0002)
        ctypes.windll.kernel32.WerSetFlags(1)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Linux may hand a dump to another program whatever the limit: then one without any memory. Not
    # PR_SET_DUMPABLE: desktops refuse such a process what they tell others, such as light or dark.
    with contextlib.suppress(OSError):
        Path("/proc/self/coredump_filter").write_text("0", encoding="ascii")


def write_fault(fault: BaseException) -> tuple[str, Path | None]:
    """Note a fault of ours in the log.

    Args:
        fault: What was raised.

    Returns:
        A short reference to name it by, and the log file (None if it could not be written).
    """
    # only when something went wrong: the window loads this module before it shows
    import platform
    import secrets

    reference = secrets.token_hex(3).upper()
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    lines = [f"{moment} {reference} liaison {__version__} python {platform.python_version()}"]
    lines += _told(fault)
    try:
        folder = log_dir()
        path = folder / "faults.log"
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > _KEPT_BYTES:
            path.replace(folder / "faults.old.log")
        with path.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n\n")
    except (OSError, RuntimeError):
        # RuntimeError: this account has no folder of its own
        return reference, None
    return reference, path


def _told(fault: BaseException) -> Iterator[str]:
    import traceback

    package = Path(__file__).resolve().parent
    seen: BaseException | None = fault
    while seen is not None:
        yield f"  {type(seen).__module__}.{type(seen).__qualname__}"
        for frame in traceback.extract_tb(seen.__traceback__):
            path = Path(frame.filename)
            inside = path.is_relative_to(package)
            where = path.relative_to(package).as_posix() if inside else path.name
            yield f"    {where}:{frame.lineno} {frame.name}"
        seen = seen.__cause__ or seen.__context__
