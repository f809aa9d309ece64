"""Where objects lie in the storage. Names only say where to look: what an object is, it says itself."""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import Final

from liaison.records import ids

_HOME: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
_SEGMENT: Final = re.compile(
    r"(?P<place>.*/d/(?P<pc>[0-9A-Z]{13})/(?P<inc>\d{1,9})/)(?P<seq>\d{10})-(?P<hash>[0-9a-f]{32})"
    r"(-from-(?P<first>\d{10}))?\.seg"
)
_BEAT: Final = re.compile(
    r".*/hb/(?P<pc>[0-9A-Z]{13})/(?P<inc>\d{1,9})/(?P<seq>\d{10})-(?P<hash>[0-9a-f]{32})\.hb"
)
_BLOB: Final = re.compile(r".*/blob/[0-9a-f]{2}/(?P<blob>[0-9a-f]{64})/[0-9a-f]{32}\.blob")
_BLOB_NAME: Final = re.compile(r"[0-9a-f]{64}")
_EPOCH: Final = re.compile(r"[0-9a-f]{1,16}")

# a round asks several times what each name in the storage hints at, and the next one asks again
_MOST_READ: Final = 1 << 13

LONGEST: Final = 500
"""Characters of a name that is looked at: it has to fit below a folder of this PC. Ours have some 130."""
_LONGEST_PART: Final = 200
"""Bytes of what is between two slashes: no system has files with 256, and we add an ending."""
# what would lead elsewhere on some system, or cannot be a file's name there
_UNSAFE: Final = frozenset('\\:*?"<>|') | frozenset(map(chr, range(32)))


@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    """What a well-formed name hints at.

    Args:
        pc: The PC.
        incarnation: Which life of it.
        seq: The number.
        hash: The first half of the digest, 32 hexadecimal digits.
        first: Number of the first segment it stands for; the same unless it is a bundle.
        stands: It stands for others: a bundle, or what was made anew in the place of one.
    """

    pc: int
    incarnation: int
    seq: int
    hash: str
    first: int
    stands: bool = False


def root(home: str) -> str:
    """Return the folder of a home in the storage.

    Raises:
        ValueError: The id could lead out of the folder.
    """
    if not _HOME.fullmatch(home):
        message = "a home's id cannot be a folder's name"
        raise ValueError(message)
    return f"v1/{home}/"


def segments(home: str) -> str:
    """Return the folder of all segments of a home."""
    return f"{root(home)}d/"


def beats(home: str) -> str:
    """Return the folder of all signs of life of a home."""
    return f"{root(home)}hb/"


def segment(  # noqa: PLR0917  # the parts of a name, in their order
    home: str, pc: int, incarnation: int, seq: int, digest: bytes, stands_from: int = 0
) -> str:
    """Return the name of a segment; of one that stands for others it also says where that begins."""
    begins = f"-from-{stands_from:010}" if stands_from else ""
    place = f"{segments(home)}{ids.to_text(pc)}/{incarnation}/"
    return f"{place}{seq:010}-{digest.hex()[:32]}{begins}.seg"


def beat(home: str, pc: int, incarnation: int, counter: int, digest: bytes) -> str:
    """Return the name of a sign of life."""
    return f"{beats(home)}{ids.to_text(pc)}/{incarnation}/{counter:010}-{digest.hex()[:32]}.hb"


def all_blobs(home: str) -> str:
    """Return the folder of all attachments of a home."""
    return f"{root(home)}blob/"


def blobs(home: str, blob: str) -> str:
    """Return the folder in which an attachment lies, by its name."""
    return f"{all_blobs(home)}{blob[:2]}/{blob}/"


def blob(home: str, name: str, digest: bytes) -> str:
    """Return the name of a sealed attachment; each PC that seals it has one of its own."""
    return f"{blobs(home, name)}{digest.hex()[:32]}.blob"


def is_blob(name: str) -> bool:
    """Return whether an attachment can be of that name: records of other PCs say any text."""
    return _BLOB_NAME.fullmatch(name) is not None


def read_blob(name: str) -> str | None:
    """Return which attachment a name hints at; None for the litter of cloud folders."""
    match = _BLOB.fullmatch(name)
    return None if match is None else match["blob"]


def snapshots(home: str) -> str:
    """Return the folder of snapshots."""
    return f"{root(home)}snap/"


def snapshot(home: str, pc: int, digest: bytes) -> str:
    """Return the name of a snapshot's manifest."""
    return f"{snapshots(home)}{ids.to_text(pc)}/{digest.hex()[:32]}.snap"


def part(home: str, pc: int, number: int, digest: bytes) -> str:
    """Return the name of a piece of a snapshot."""
    return f"{snapshots(home)}{ids.to_text(pc)}/parts/{number:06}-{digest.hex()[:32]}.part"


def keys(home: str) -> str:
    """Return the folder of the keys that are laid there beside the log."""
    return f"{root(home)}keys/"


def is_epoch(name: str) -> bool:
    """Return whether a key of that name can lie there: whoever wrote a header says any text."""
    return _EPOCH.fullmatch(name) is not None


def keys_of(home: str, epoch: str) -> str:
    """Return the folder in which one of those keys lies, by its name."""
    return f"{keys(home)}{epoch}/"


def key(home: str, epoch: str, digest: str) -> str:
    """Return the name of an entry that gives PCs a key, by the entry's digest."""
    return f"{keys_of(home, epoch)}{digest}.key"


def is_safe(name: str) -> bool:
    """Return whether a name from a list can be a file below a folder, and nowhere else."""
    try:
        size = max(len(part) for part in name.encode().split(b"/"))
    except UnicodeEncodeError:
        # what a file is called need be no text
        return False
    return (
        len(name) <= LONGEST
        and size <= _LONGEST_PART
        and all(
            part not in {"", ".", ".."} and not part.startswith(".") for part in name.split("/")
        )
        and not set(name) & _UNSAFE
    )


def read_segment(name: str) -> Named | None:
    """Return what a segment's name hints at; None for the litter of cloud folders."""
    return _read(_SEGMENT, name)


def read_beat(name: str) -> Named | None:
    """Return what the name of a sign of life hints at."""
    return _read(_BEAT, name)


@functools.lru_cache(_MOST_READ)
def _read(pattern: re.Pattern[str], name: str) -> Named | None:
    match = pattern.fullmatch(name)
    if match is None:
        return None
    try:
        pc = ids.from_text(match["pc"])
    except ValueError:
        return None
    seq = int(match["seq"])
    first = match.groupdict().get("first")
    begins = seq if first is None else int(first)
    return Named(pc, int(match["inc"]), seq, match["hash"], begins, first is not None)
