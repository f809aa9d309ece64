"""Handing a file to the mail program of this PC, as far as the system has a way to do so.

Nothing is sent here: a new message is opened with the file attached, and a person sends it.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_OPENER: Final = "xdg-email"
_PATIENCE: Final = 3.0
"""Seconds after which a mail program that still runs has taken the message."""
_running: Final[list[subprocess.Popen[bytes]]] = []
"""Mail programs that stay open; each is let go of once it has ended."""


def attach(file: Path, subject: str) -> bool:
    """Open a new message with a file attached.

    Args:
        file: The file, by its whole path.
        subject: The message's subject, which names nobody.

    Returns:
        Whether the mail program took it. False where this PC has no way to attach a file from
        outside, or the mail program refused: then a person attaches it.
    """
    opener = shutil.which(_OPENER)
    if opener is None:
        return False
    _running[:] = [one for one in _running if one.poll() is None]
    # words of their own, never through a shell
    command = [opener, "--utf8", "--subject", subject, "--attach", str(file.absolute())]
    try:
        started = subprocess.Popen(  # noqa: S603  # the system's own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # it stays open when Liaison is closed
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return started.wait(_PATIENCE) == 0
    except subprocess.TimeoutExpired:
        _running.append(started)
        return True
