"""A virtual screen of the tests' own, and a hand that types and clicks on it.

The program under test is a process of its own with real windows; nothing here reaches into it.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

_PATIENCE: Final = 60.0
_A_MOMENT: Final = 0.1
_COPY: Final = """
import json, sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
app.clipboard().setText(json.loads(sys.stdin.readline()))
print("copied", flush=True)
app.exec()
"""
_SERVER: Final = "Xvfb -displayfd {write} -screen 0 {width}x{height}x24 -nolisten tcp"


class _ClientMessage(ctypes.Structure):
    """An event of X11 that one program sends to the window of another."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("padding", ctypes.c_long * 12),
    )


class NothingCame(AssertionError):
    """What was waited for did not come in time."""


def until(look: Callable[[], T | None], what: str, *, seconds: float = _PATIENCE) -> T:
    """Look again and again until there is something to see.

    Args:
        look: Returns what was waited for, or something false.
        what: What that is, for the message.
        seconds: How long to go on.

    Returns:
        What was seen.

    Raises:
        NothingCame: It was not seen in time.
    """
    pause = threading.Event()
    for _ in range(int(seconds / _A_MOMENT)):
        if seen := look():
            return seen
        pause.wait(_A_MOMENT)
    raise NothingCame(f"{what} did not come within {seconds:.0f} seconds")


class Screen:
    """A virtual screen.

    Args:
        width: Its width in pixels.
        height: Its height in pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        read, write = os.pipe()
        # the server chooses a free number and tells it
        self._middle = str(width // 2), str(height // 2)
        self._server = subprocess.Popen(
            _SERVER.format(write=write, width=width, height=height).split(),
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as told:
            self.name = f":{told.readline().strip()}"

    def __enter__(self) -> Self:
        """Use the screen in a ``with`` block; it goes dark at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self._server.terminate()
        self._server.wait()

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment for a program that shall show its windows here."""
        return {**os.environ, "DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb", **more}

    def _hand(self, *words: str) -> str:
        return subprocess.run(
            ["xdotool", *words],  # noqa: S607
            env=self.environment(),
            check=False,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
        ).stdout.strip()

    def window(self, title: str) -> str:
        """Wait for a window of this title and give it the keyboard; return its number."""
        number = until(
            lambda: self._hand("search", "--onlyvisible", "--name", title).split("\n")[0],
            f"a window called {title!r}",
        )
        self._hand("windowfocus", "--sync", number)
        return number

    def close(self, title: str) -> None:
        """Press the close button of the window of this title.

        There is no window manager to draw one, so the window gets the message it would send.
        """
        number = int(self.window(title))
        with self._x() as (x, display):
            x.XInternAtom.restype = ctypes.c_ulong
            protocols, delete = (
                x.XInternAtom(display, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW")
            )
            message = _ClientMessage(
                type=33, send_event=1, window=number, message_type=protocols, format=32
            )
            message.data[0] = delete
            no_mask = ctypes.c_long(0)
            x.XSendEvent(display, ctypes.c_ulong(number), 0, no_mask, ctypes.byref(message))

    def on_top(self) -> str:
        """Return the number of the window one sees in the middle of the screen."""
        # not --sync: it waits for a movement, for ever when the pointer is there already
        said = self._hand("mousemove", *self._middle, "getmouselocation", "--shell")
        return dict(line.split("=") for line in said.split("\n"))["WINDOW"]

    @contextmanager
    def _x(self) -> Iterator[tuple[ctypes.CDLL, ctypes.c_void_p]]:
        """Talk to the server about what the hand cannot do."""
        x = ctypes.CDLL("libX11.so.6")
        x.XOpenDisplay.restype = ctypes.c_void_p
        display = ctypes.c_void_p(x.XOpenDisplay(self.name.encode()))
        yield x, display
        x.XCloseDisplay(display)

    @contextmanager
    def copied(self, text: str) -> Iterator[None]:
        """Have another program of this screen hold a copied text, as long as the block lasts."""
        with subprocess.Popen(
            [sys.executable, "-c", _COPY],
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as program:
            assert program.stdin is not None
            assert program.stdout is not None
            program.stdin.write(f"{json.dumps(text)}\n")
            program.stdin.flush()
            assert program.stdout.readline(), "nothing could be copied"
            try:
                yield
            finally:
                program.kill()

    def key(self, *names: str) -> None:
        """Press keys one after another, such as ``"Tab"`` or ``"ctrl+k"``."""
        self._hand("key", "--delay", "30", "--clearmodifiers", *names)

    def type(self, text: str) -> None:
        """Type text as a person does."""
        self._hand("type", "--delay", "12", "--clearmodifiers", text)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Click at a place of the screen."""
        self._hand("mousemove", str(x), str(y), "click", str(button))
