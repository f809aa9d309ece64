"""What a process asked of the disk, call by call, as ``strace`` wrote it down."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

CHANGES: Final = (
    "write", "pwrite64", "writev", "pwritev", "ftruncate", "truncate", "fallocate", "fsync",
    "fdatasync", "sync_file_range", "rename", "renameat", "renameat2", "unlink", "unlinkat", "link",
    "linkat", "mkdir", "mkdirat", "rmdir", "sendfile", "copy_file_range",
)  # fmt: skip
"""The calls that change a disk or wait for it."""

READS: Final = ("read", "pread64")
"""Of these it is enough to know how much was read."""

TRACED: Final = (
    *CHANGES,
    *READS,
    "open",
    "openat",
    "creat",
    "close",
    "dup",
    "dup2",
    "lseek",
    "mmap",
)
"""What has to be seen to understand them."""

_LINE: Final = re.compile(r"(?P<pid>\d+) +(?P<name>\w+)\((?P<rest>.*)", re.DOTALL)
_RESUMED: Final = re.compile(r"(?P<pid>\d+) +<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)", re.DOTALL)
_RESULT: Final = re.compile(r"\) += (?P<result>-?\d+|\?|0x[0-9a-f]+)(?:<(?P<path>[^>]*)>)?[^=]*$")
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HANDLE: Final = re.compile(r"^(?P<handle>(?:0x)?[0-9a-f]+)(?:<(?P<path>[^>]*)>)?")


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """One call to the system.

    Args:
        name: Which.
        nth: The how-manieth of that name by this thread, from 1.
        main: Whether the first thread made it.
        texts: The paths or the bytes it was given.
        handle: The number of the open file it was about; -1 if it was about a path.
        path: The path of that file at that time.
        numbers: The plain numbers among its arguments.
        flags: Everything it was given, as it stands there.
        result: What came back; None if it did not.
    """

    name: str
    nth: int
    main: bool
    texts: tuple[bytes, ...]
    handle: int
    path: str
    numbers: tuple[int, ...]
    flags: str
    result: int | None

    @property
    def changes(self) -> bool:
        """Whether it is one that changes a disk or waits for it."""
        return self.name in CHANGES or "O_CREAT" in self.flags

    def within(self, place: Path) -> bool:
        """Return whether it was about something in a folder."""
        paths = [self.path]
        if self.name not in {"write", "pwrite64"}:
            paths += [text.decode("utf-8", "replace") for text in self.texts]
        return any(path.startswith(f"{place}/") or path == str(place) for path in paths)


def read(file: Path) -> list[Call]:
    """Return the calls in a file that ``strace -f -y -xx`` wrote."""
    counts: Counter[tuple[str, str]] = Counter()
    calls = []
    paths: dict[int, str] = {}
    first = ""
    for pid, name, rest in _whole_lines(file.read_text("ascii")):
        first = first or pid
        counts[pid, name] += 1
        call = _call(name, counts[pid, name], rest, main=pid == first)
        result = _RESULT.search(rest)
        if call.result is not None and result and result["path"]:
            paths[call.result] = _decoded(result["path"])
        if call.handle != -1 and not call.path:
            # of reads only the bare numbers were written down
            call = dataclasses.replace(call, path=paths.get(call.handle, ""))
        calls.append(call)
    return calls


def _decoded(path: str) -> str:
    return bytes.fromhex(path.replace("\\x", "")).decode("utf-8", "replace")


def _whole_lines(text: str) -> Iterator[tuple[str, str, str]]:
    """Return the calls' lines; one that another thread's interrupted is put together again."""
    begun: dict[str, str] = {}
    for line in text.splitlines():
        if found := _RESUMED.match(line):
            yield found["pid"], found["name"], begun.pop(found["pid"]) + found["rest"]
        elif found := _LINE.match(line):
            if line.endswith("<unfinished ...>"):
                begun[found["pid"]] = found["rest"].removesuffix("<unfinished ...>")
            else:
                yield found["pid"], found["name"], found["rest"]


def _call(name: str, nth: int, rest: str, *, main: bool) -> Call:
    result = _RESULT.search(rest)
    arguments = rest[: result.start()] if result else rest
    texts = tuple(bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(arguments))
    flags = _TEXT.sub("", arguments)
    about = _HANDLE.match(arguments)
    value = result["result"] if result else "?"
    return Call(
        name=name,
        nth=nth,
        main=main,
        texts=texts,
        handle=int(about["handle"], 0) if about else -1,
        path=_decoded(about["path"]) if about and (about["path"] or "").startswith("\\x") else "",
        numbers=tuple(int(word) for word in re.findall(r"(?<=, )-?\d+(?=,|$)", flags)),
        flags=flags,
        result=None if value == "?" else int(value, 0),
    )
