"""A PDF document read for the screen: pictures of its pages, their words, and where words stand.

PDFium may be used by one thread at a time in the whole process, so everything here waits its turn;
it is called in jobs, never on the window's thread.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from liaison.ui.job import Cancelled

T = TypeVar("T")

POINTS_PER_INCH: Final = 72
_TURN: Final = threading.Lock()


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """Where a word was found.

    Args:
        page: The page, from 0.
        places: The boxes it fills, in points from the page's left and top.
    """

    page: int
    places: tuple[QRectF, ...]


class Paper:
    """A document that is open.

    Args:
        document: PDFium's document.
        sizes: Width and height of each page in points.
    """

    def __init__(self, document: Any, sizes: Sequence[tuple[float, float]]) -> None:
        self._document = document
        self._closed = False
        self.sizes = tuple(sizes)

    @classmethod
    def open(cls, content: bytes) -> Paper:
        """Open a document.

        Args:
            content: The PDF file's bytes.
        """
        # only who looks at paper needs it
        import pypdfium2

        with _TURN:
            document = pypdfium2.PdfDocument(content)
            sizes = [document.get_page_size(number) for number in range(len(document))]
        return cls(document, sizes)

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(self.sizes)

    def close(self) -> None:
        """Let go of it; a page that is being drawn is finished first."""
        with _TURN:
            self._closed = True
            self._document.close()

    def picture(self, page: int, width: int, *, grey: bool = False) -> QImage:
        """Draw a page.

        Args:
            page: The page, from 0.
            width: The picture's width in pixels; its height follows.
            grey: Whether in shades of grey, which takes a quarter of the room.
        """
        scale = width / self.sizes[page][0]
        return self._with_page(page, lambda found: _drawn(found, scale, grey=grey))

    def words(self, page: int) -> str:
        """Return the words of a page, as they are read."""

        def read(found: Any) -> str:
            text = found.get_textpage()
            try:
                return str(text.get_text_bounded())
            finally:
                text.close()

        return self._with_page(page, read)

    def find(self, words: str, page: int) -> list[Hit]:
        """Return where some words stand on a page, in any case."""
        height = self.sizes[page][1]

        def look(found: Any) -> list[Hit]:
            text = found.get_textpage()
            try:
                search = text.search(words)
                hits = []
                while (place := search.get_next()) is not None:
                    hits.append(Hit(page, tuple(_boxes(text, place[0], place[1], height))))
                search.close()
                return hits
            finally:
                text.close()

        return self._with_page(page, look)

    def _with_page(self, page: int, work: Callable[[Any], T]) -> T:
        # closed at once and here: what is left to the garbage collector is closed on any thread
        with _TURN:
            if self._closed:
                # another document is shown by now, and nobody waits for this page
                raise Cancelled
            found = self._document[page]
            try:
                return work(found)
            finally:
                found.close()


def _drawn(page: Any, scale: float, *, grey: bool) -> QImage:
    bitmap = page.render(scale=scale, prefer_bgrx=True, grayscale=grey)
    forms = QImage.Format
    try:
        picture = QImage(
            bytes(bitmap.buffer),
            bitmap.width,
            bitmap.height,
            bitmap.stride,
            forms.Format_Grayscale8 if grey else forms.Format_RGB32,
        )
        # the bytes are ours only as long as this function runs
        return picture.copy()
    finally:
        bitmap.close()


def _boxes(text: Any, start: int, count: int, height: float) -> list[QRectF]:
    found = []
    for number in range(text.count_rects(start, count)):
        left, bottom, right, top = text.get_rect(number)
        found.append(QRectF(left, height - top, right - left, top - bottom))
    return found
