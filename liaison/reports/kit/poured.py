"""A PDF document whose pages are in the file as soon as they are finished.

The library keeps every page as an object until the end, then all objects as bytes, then those bytes
in one piece: a long report took three times its size, and more. What is poured is bytes of the file
at once and nothing else; what other pages may still change (fonts, outline, places) comes last, as
the library sets it. That any object may stand anywhere in a file is what its last table is for.
"""

from __future__ import annotations

import io
from typing import Any, Final

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObject,
    PDFStream,
    PDFTrailer,
    PDFZCompress,
)

_HEADER: Final = b"%PDF-1.3\n%\xe2\xe3\xcf\xd3\n"
"""The second line tells whoever copies the file that it is not text."""
_PACKED: Final = PDFArray([PDFName(PDFZCompress.pdfname)])


class Poured(PDFDocument):  # type: ignore[misc]  # the library has no types
    """A document in the making, most of it in the file already.

    Args:
        language: Its language, for screen readers.
    """

    def __init__(self, language: str) -> None:
        super().__init__(compression=1, invariant=1, lang=language)
        self._file = io.BytesIO()
        self._file.write(_HEADER)
        self._offsets: dict[int, int] = {}

    def reserve(self) -> int:
        """Return a number for something that is poured later, so that it can be named before."""
        self.objectcounter += 1
        number: int = self.objectcounter
        return number

    def pour(self, operators: str, number: int = 0) -> int:
        """Put operators into the file, packed.

        Args:
            operators: What they say.
            number: A number that was reserved for them; 0 for a new one.

        Returns:
            Their number.
        """
        number = number or self.reserve()
        stream = PDFStream(PDFDictionary({"Filter": _PACKED}), PDFZCompress.encode(operators))
        self._put(number, stream)
        return number

    def pour_page(self, page: Any, contents: list[int]) -> None:
        """Put the page that was added last into the file; nothing of it can be changed after.

        Args:
            page: The library's page.
            contents: The numbers of its operators, in their order.
        """
        page.Contents = f"[ {' '.join(f'{number} 0 R' for number in contents)} ]"
        reference = self.Reference(page)
        self._put(self.idToObjectNumberAndVersion[reference.name][0], page)
        # the outline still finds it by its name
        self.idToObject[reference.name] = None
        self.Pages.pages[-1] = reference

    def format(self) -> bytes:
        """Put all the rest into the file, and return it."""
        root, info = self.Reference(self.Catalog), self.Reference(self.info)
        number = 0
        while number < self.objectcounter:
            # what is put may name something that gets a number only now
            number += 1
            if number not in self._offsets:
                self._put(number, self.idToObject[self.numberToId[number]])
        size, start = number + 1, self._file.tell()
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for number in range(1, size):
            self._file.write(b"%010d 00000 n \n" % self._offsets[number])
        end = PDFTrailer(startxref=start, Size=size, Root=root, Info=info, ID=self.ID())
        self._file.write(end.format(self))
        # of one that is not written to any more this is no copy
        return self._file.getvalue()

    def _put(self, number: int, what: PDFObject) -> None:
        self._offsets[number] = self._file.tell()
        self._file.write(b"%d 0 obj\n" % number)
        self._file.write(what.format(self))
        self._file.write(b"\nendobj\n")
