"""Processes to be watched, killed and refused by the disk, one after the other.

A server that has imported everything forks one for each piece of work; before it begins ``strace``
takes hold of it, which writes down its calls or kills it at one of them or makes one of them fail.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from tests import homes as made
from tests.faults import disk, recording, work
from tests.faults.recording import Call

#: Nothing here takes a second; whatever takes so long hangs.
LIMIT: Final = 60.0

_SERVER: Final = """
import ctypes, json, os, traceback
from pathlib import Path
from liaison.errors import UserError
from liaison.services import homes
from tests.faults.work import FLOWS, Doing

def say(word):
    os.write(1, f"{word}\\n".encode())

def line():
    got = b""
    while not got.endswith(b"\\n"):
        piece = os.read(0, 1)
        if not piece:
            return b""
        got += piece
    return got

say("ready")
while asked := line():
    name, place = json.loads(asked)
    child = os.fork()
    if child == 0:
        # where only a parent may take hold of a process, let anybody of this account
        ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1))
        say(f"pid {os.getpid()}")
        os.read(0, 1)
        try:
            FLOWS[name].act(Path(place), Doing(say))
        except UserError as error:
            say(f"refused {error.code}")
        except BaseException as fault:
            traceback.print_exc()
            say(f"bug {type(fault).__name__} {fault}")
        os._exit(0)
    say(f"dead {os.waitpid(child, 0)[1]}")
"""


@dataclasses.dataclass(frozen=True, slots=True)
class End:
    """How a piece of work ended.

    Args:
        said: What it acknowledged and was told, in order.
        killed: Whether it was killed.
    """

    said: tuple[str, ...]
    killed: bool

    @property
    def told(self) -> list[str]:
        """What went wrong and was told."""
        return [word for word in self.said if word.startswith(("told", "refused", "bug"))]


@dataclasses.dataclass(frozen=True, slots=True)
class Recording:
    """What one piece of work asked of the disk.

    Args:
        place: The folder it was done in.
        before: A copy of that folder as it was before.
        calls: Every call.
    """

    place: Path
    before: Path
    calls: tuple[Call, ...]

    def about_the_place(self, *names: str) -> list[Call]:
        """Return the main thread's calls about the folder: of some names, or those that change it."""
        return [
            call
            for call in self.calls
            if call.main
            and (call.name in names if names else call.changes)
            and call.within(self.place)
        ]


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file and folder under a folder; folders end with a slash."""
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        found[f"{name}/" if path.is_dir() else name] = b"" if path.is_dir() else path.read_bytes()
    return found


class Victims:
    """Starts pieces of work."""

    def __init__(self) -> None:
        # not a pipe, which fills up
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the server
        self._server = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", _SERVER],
            cwd=made.ROOT,
            # nothing that it loads late is written anywhere
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._buffer = b""
        assert self._line() == "ready", self.errors()

    def __enter__(self) -> Self:
        """Use it in a ``with`` block; the server ends with it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the server."""
        self._server.kill()
        self._server.wait(LIMIT)
        for stream in (self._server.stdin, self._server.stdout, self._errors):
            if stream is not None:
                stream.close()

    def errors(self) -> str:
        """Return what the processes complained of."""
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")

    def do(self, flow: str, place: Path, *how: str) -> End:
        """Do a piece of work under ``strace``.

        Args:
            flow: Its name in ``work.FLOWS``.
            place: The folder it is done in.
            how: The options of ``strace``.
        """
        self._send(json.dumps([flow, str(place)]).encode() + b"\n")
        word, _, pid = self._line().partition(" ")
        assert word == "pid", self.errors()
        said: list[str] = []
        with _watched(int(pid), *how):
            self._send(b"\n")
            while not (line := self._line(int(pid))).startswith("dead "):
                said.append(line)
        return End(tuple(said), line != "dead 0")

    def record(self, flow: str, folder: Path) -> Recording:
        """Do a piece of work and write down every call that matters to a disk.

        Args:
            flow: Its name in ``work.FLOWS``.
            folder: An empty folder.
        """
        place, before, file = folder / "place", folder / "before", folder / "calls"
        place.mkdir()
        work.FLOWS[flow].prepare(place)
        shutil.copytree(place, before)
        end = self.do(
            flow, place, "-y", "-xx", "-s", "100000000", "-o", str(file),
            # of what is read, how much is enough
            "-e", f"raw={','.join(recording.READS)}",
            "-e", f"trace={','.join(f'?{name}' for name in recording.TRACED)}",
        )  # fmt: skip
        assert not end.killed, self.errors()
        assert not end.told, (end, self.errors())
        calls = recording.read(file)
        file.unlink()
        # the model of the disk knows every call: it comes to what really lies there
        assert disk.at_the_end_of(before, place, calls) == contents(place)
        return Recording(place, before, tuple(calls))

    def _send(self, data: bytes) -> None:
        assert self._server.stdin is not None
        self._server.stdin.write(data)
        self._server.stdin.flush()

    def _line(self, pid: int | None = None) -> str:
        """Return the next line; a process that says nothing for long is ended."""
        assert self._server.stdout is not None
        end = time.monotonic() + LIMIT
        while b"\n" not in self._buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._server.stdout], [], [], left)[0]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid or self._server.pid, signal.SIGKILL)
                raise TimeoutError(self.errors())
            piece = os.read(self._server.stdout.fileno(), 65_536)
            assert piece, self.errors()
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode()


@contextlib.contextmanager
def _watched(pid: int, *how: str) -> Iterator[None]:
    if not how:
        yield
        return
    with subprocess.Popen(
        ["strace", "-f", "-p", str(pid), *how],  # noqa: S607  # wherever this PC has it
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as tracer:
        assert tracer.stderr is not None
        try:
            assert select.select([tracer.stderr], [], [], LIMIT)[0], "strace says nothing"
            first = tracer.stderr.readline()
            assert b"attached" in first, first
            yield
            tracer.wait(LIMIT)
        finally:
            tracer.kill()
