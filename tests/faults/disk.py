"""What a power cut leaves: a disk that keeps for sure only what was synced before it.

Of everything written since a file's last sync any 512-byte block may be there or not, in any order,
and one of them half. Of names given, changed and removed since their folder's last sync any may be
there or not. This is harsher than most file systems are.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from random import Random
from typing import Final

from tests.faults.recording import CHANGES, Call

BLOCK: Final = 512
#: The index of the write-ahead log lies in memory shared between processes, not on the disk.
_SHARED: Final = "-shm"
_LOG: Final = "-wal"
_UNKNOWN: Final = "a call the model of the disk does not know: "


@dataclasses.dataclass(frozen=True, slots=True)
class _Written:
    place: int
    data: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class _Resized:
    size: int


@dataclasses.dataclass(eq=False, slots=True)
class File:
    """A file: what is synced, what programs see, and the steps from the one to the other."""

    synced: bytearray = dataclasses.field(default_factory=bytearray)
    seen: bytearray = dataclasses.field(default_factory=bytearray)
    waiting: list[_Written | _Resized] = dataclasses.field(default_factory=list)

    def write(self, place: int, data: bytes) -> None:
        """Write some bytes."""
        _put(self.seen, place, data)
        self.waiting.append(_Written(place, data))

    def resize(self, size: int) -> None:
        """Cut or lengthen it."""
        _resize(self.seen, size)
        self.waiting.append(_Resized(size))

    def sync(self) -> None:
        """Keep everything for sure."""
        self.synced = bytearray(self.seen)
        self.waiting = []

    def after_cut(self, chance: Random) -> bytes:
        """Return what a power cut might leave of it."""
        how = chance.choice(("all", "none", "first", "some", "some", "torn"))
        if not self.waiting or how == "all":
            return bytes(self.seen)
        if how == "none":
            return bytes(self.synced)
        pieces = [piece for step in self.waiting for piece in _pieces(step)]
        share = chance.random()
        first = chance.randrange(len(pieces) + 1)
        junk = chance.random() < 0.5
        data = bytearray(self.synced)
        for number, piece in enumerate(pieces):
            if number >= first if how == "first" else chance.random() > share:
                continue
            if isinstance(piece, _Resized):
                _resize(data, piece.size)
                continue
            written = piece.data
            if how == "torn" and chance.random() < 0.2:
                written = written[: chance.randrange(len(written) + 1)]
            gap = piece.place - len(data)
            # what lies in a block that a file was given and nothing was written to
            data += chance.randbytes(gap) if junk and gap > 0 else bytes(max(gap, 0))
            _put(data, piece.place, written)
        if len(data) < len(self.seen) and chance.random() < 0.3:
            gap = len(self.seen) - len(data)
            data += chance.randbytes(gap) if junk else bytes(gap)
        return bytes(data)


@dataclasses.dataclass(eq=False, slots=True)
class Folder:
    """A folder: the names in it that are synced, and those that programs see."""

    synced: dict[str, File | Folder] = dataclasses.field(default_factory=dict)
    seen: dict[str, File | Folder] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class _Name:
    folder: Folder
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Renamed:
    """A change of names: given to a file, taken from one, or from one to the other."""

    old: _Name | None
    new: _Name | None
    thing: File | Folder | None = None

    def about(self, folder: Folder) -> bool:
        return any(name is not None and name.folder is folder for name in (self.old, self.new))

    def apply(self, names: dict[Folder, dict[str, File | Folder]]) -> None:
        thing = self.thing
        if self.old is not None:
            thing = _names(names, self.old.folder).pop(self.old.name, None)
        # what is to be renamed may not be there: that it was made was lost
        if self.new is not None and thing is not None:
            _names(names, self.new.folder)[self.new.name] = thing


class Disk:
    """One folder of a disk, from a first state on through the calls of a process.

    Args:
        before: A copy of the folder as it is before.
        place: The folder's path in the calls.
    """

    def __init__(self, before: Path, place: Path) -> None:
        self._place = PurePosixPath(place)
        self._root = _load(before)
        self._handles: dict[int, tuple[File | Folder, int, bool]] = {}
        self._waiting: list[_Renamed] = []

    def follow(self, call: Call) -> bool:
        """Do what a process did.

        Returns:
            Whether anything of this folder was changed or synced.
        """
        if call.result is None or call.result < 0:
            return False
        if call.name in {"open", "openat", "creat"}:
            return self._open(call)
        if call.handle in self._handles:
            return self._use(call)
        if not call.within(Path(self._place)):
            return False
        if call.handle != -1:
            assert _SHARED in call.path, _UNKNOWN + call.name
            return False
        return self._rename(call)

    def cut(self, chance: Random) -> dict[str, bytes]:
        """Return the files that a power cut now might leave; folders end with a slash."""
        names: dict[Folder, dict[str, File | Folder]] = {}
        how = chance.choice(("all", "none", "first", "some"))
        first = chance.randrange(len(self._waiting) + 1)
        for number, change in enumerate(self._waiting):
            if (
                how == "all"
                or (how == "first" and number < first)
                or (how == "some" and chance.random() < 0.5)
            ):
                change.apply(names)
        files = dict(_files(self._root, names, "", chance))
        for name in [name for name in files if name.endswith(_LOG)]:
            # whatever of the memory came to the disk
            junk = chance.choice((b"", bytes(32_768), chance.randbytes(32_768)))
            files[name.removesuffix(_LOG) + _SHARED] = junk
        return files

    def killed(self) -> dict[str, bytes]:
        """Return the files as programs see them: what a process leaves that ends here."""
        return dict(_seen(self._root, ""))

    def _open(self, call: Call) -> bool:
        assert call.result is not None
        self._handles.pop(call.result, None)
        (path,) = call.texts
        name = self._find(path)
        if name is None:
            return False
        folder, last = name.folder, name.name
        thing = folder.seen.get(last) if last else folder
        changed = False
        if thing is None:
            assert "O_CREAT" in call.flags, _UNKNOWN + call.flags
            thing = File()
            self._change(_Renamed(None, name, thing))
            changed = True
        if "O_TRUNC" in call.flags and isinstance(thing, File) and thing.seen:
            thing.resize(0)
            changed = True
        shared = last.endswith(_SHARED)
        for flag in ("O_APPEND", "O_DIRECT|"):
            assert flag not in call.flags, _UNKNOWN + call.flags
        if not shared:
            self._handles[call.result] = (thing, 0, "SYNC" in call.flags)
        return changed

    def _use(self, call: Call) -> bool:
        thing, at, at_once = self._handles[call.handle]
        result = call.result or 0
        changes = call.name in CHANGES
        if call.name == "close":
            del self._handles[call.handle]
            return False
        if call.name in {"fsync", "fdatasync"}:
            self._sync(thing)
            return True
        if call.name == "pread64":
            return False
        if call.name == "mmap":
            assert "MAP_PRIVATE" in call.flags or "PROT_WRITE" not in call.flags, _UNKNOWN
            return False
        assert isinstance(thing, File), _UNKNOWN + call.name
        if call.name == "lseek":
            at = result
        elif call.name == "read":
            at += result
        elif call.name == "write":
            thing.write(at, call.texts[0][:result])
            at += result
        elif call.name == "pwrite64":
            thing.write(call.numbers[-1], call.texts[0][:result])
        elif call.name == "ftruncate":
            thing.resize(call.numbers[-1])
        else:
            raise AssertionError(_UNKNOWN + call.name)
        if changes and at_once:
            thing.sync()
        self._handles[call.handle] = (thing, at, at_once)
        return changes

    def _rename(self, call: Call) -> bool:
        found = [self._find(path) for path in call.texts]
        assert all(found), _UNKNOWN + call.name
        names = [name for name in found if name is not None]
        if call.name in {"unlink", "unlinkat", "rmdir"}:
            change = _Renamed(names[0], None)
        elif call.name in {"rename", "renameat", "renameat2"}:
            change = _Renamed(names[0], names[1])
        elif call.name in {"mkdir", "mkdirat"}:
            change = _Renamed(None, names[0], Folder())
        elif call.name in {"link", "linkat"}:
            change = _Renamed(None, names[1], names[0].folder.seen[names[0].name])
        else:
            raise AssertionError(_UNKNOWN + call.name)
        self._change(change)
        return True

    def _change(self, change: _Renamed) -> None:
        for name in (change.old, change.new):
            if name is not None and name.name.endswith(_SHARED):
                self._apply_seen(change)
                return
        self._waiting.append(change)
        self._apply_seen(change)

    def _apply_seen(self, change: _Renamed) -> None:
        folders = {name.folder for name in (change.old, change.new) if name is not None}
        change.apply({folder: folder.seen for folder in folders})

    def _sync(self, thing: File | Folder) -> None:
        if isinstance(thing, File):
            thing.sync()
            return
        for change in [change for change in self._waiting if change.about(thing)]:
            folders = {name.folder for name in (change.old, change.new) if name is not None}
            change.apply({folder: folder.synced for folder in folders})
            self._waiting.remove(change)

    def _find(self, path: bytes) -> _Name | None:
        """Return where a path leads; None if it is not in this folder."""
        whole = PurePosixPath(os.fsdecode(path))
        if whole == self._place:
            return _Name(self._root, "")
        if not whole.is_relative_to(self._place):
            return None
        folder = self._root
        *above, last = whole.relative_to(self._place).parts
        for name in above:
            thing = folder.seen.get(name)
            if not isinstance(thing, Folder):
                return None
            folder = thing
        return _Name(folder, last)


def write_out(files: dict[str, bytes], place: Path) -> None:
    """Make the files of :meth:`Disk.cut` in an empty folder."""
    for name, data in files.items():
        path = place / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def at_the_end_of(before: Path, place: Path, calls: Iterable[Call]) -> dict[str, bytes]:
    """Return the files after all of some calls: what the model must agree on with the disk."""
    disk = Disk(before, place)
    for call in calls:
        disk.follow(call)
    return disk.killed()


def _names(
    names: dict[Folder, dict[str, File | Folder]], folder: Folder
) -> dict[str, File | Folder]:
    if folder not in names:
        names[folder] = dict(folder.synced)
    return names[folder]


def _files(
    folder: Folder, names: dict[Folder, dict[str, File | Folder]], above: str, chance: Random
) -> Iterable[tuple[str, bytes]]:
    for name, thing in _names(names, folder).items():
        if isinstance(thing, Folder):
            yield f"{above}{name}/", b""
            yield from _files(thing, names, f"{above}{name}/", chance)
        else:
            yield above + name, thing.after_cut(chance)


def _seen(folder: Folder, above: str) -> Iterable[tuple[str, bytes]]:
    for name, thing in folder.seen.items():
        if isinstance(thing, Folder):
            yield f"{above}{name}/", b""
            yield from _seen(thing, f"{above}{name}/")
        elif not name.endswith(_SHARED):
            yield above + name, bytes(thing.seen)


def _load(place: Path) -> Folder:
    folder = Folder()
    for path in place.iterdir():
        if path.is_dir():
            folder.seen[path.name] = _load(path)
        else:
            data = path.read_bytes()
            folder.seen[path.name] = File(bytearray(data), bytearray(data))
    folder.synced = dict(folder.seen)
    return folder


def _pieces(step: _Written | _Resized) -> Sequence[_Written | _Resized]:
    """Return a write as the blocks of the disk it goes to."""
    if isinstance(step, _Resized):
        return [step]
    end = step.place + len(step.data)
    starts = [step.place, *range((step.place // BLOCK + 1) * BLOCK, end, BLOCK)]
    ends = [*starts[1:], end]
    return [
        _Written(start, step.data[start - step.place : stop - step.place])
        for start, stop in zip(starts, ends, strict=True)
    ]


def _put(data: bytearray, place: int, written: bytes) -> None:
    if place > len(data):
        data += bytes(place - len(data))
    data[place : place + len(written)] = written


def _resize(data: bytearray, size: int) -> None:
    del data[size:]
    data += bytes(size - len(data))
