"""In which encoding a text was written: files from the last thirty years come in four."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO, Final, NamedTuple

from liaison.exchange.signatures import looks_like_utf16

_CHUNK: Final = 1 << 16
_DAMAGED: Final = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII: Final = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")


class Encoding(NamedTuple):
    """How bytes become text: the codec's name, and what it does with bytes that fit nothing."""

    name: str
    errors: str


# A byte that fits nothing becomes half a character, which the checks of a record refuse: the row it
# is in is named, and every other row comes in.
_UTF8: Final = Encoding("utf-8", "surrogateescape")
_UTF8_MARKED: Final = Encoding("utf-8-sig", "surrogateescape")
_WINDOWS: Final = Encoding("cp1252", "surrogateescape")


def encoding_of(file: BinaryIO) -> Encoding:
    """Return the encoding of a text: UTF-8, UTF-16 or Windows-1252.

    Args:
        file: The file, at its beginning; it stands there again afterwards. It is read through.
    """
    head = file.read(_CHUNK)
    file.seek(0)
    if head.startswith(codecs.BOM_UTF8):
        return _UTF8_MARKED
    if wide := looks_like_utf16(head):
        return Encoding(wide, "strict")
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    damaged = good = 0
    while chunk := file.read(_CHUNK):
        text = decoder.decode(chunk)
        if not text.isascii():
            damaged += len(_DAMAGED.findall(text))
            good += len(_BEYOND_ASCII.findall(text))
    damaged += len(_DAMAGED.findall(decoder.decode(b"", final=True)))
    file.seek(0)
    # hardly ever is a text of Windows-1252 UTF-8 by chance: with as much that is right as wrong,
    # it is a UTF-8 file that was damaged
    return _UTF8 if not damaged or good >= damaged else _WINDOWS
