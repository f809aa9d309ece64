"""Looking at paper: what a document says, where it stands, and how it comes off a copier."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pikepdf
import pypdfium2
from PIL import Image, ImageFilter

from liaison.reports.kit.sheet import MM
from liaison.reports.spec import Document

_PORTRAIT_SIDE: Final = 20 * MM
_LANDSCAPE_SIDE: Final = 12 * MM
_SLACK: Final = 0.5


@contextmanager
def opened(document: Document) -> Iterator[Any]:
    """Open a document as a reader would."""
    pdf = pypdfium2.PdfDocument(document.content)
    try:
        yield pdf
    finally:
        pdf.close()


def pages_of(document: Document) -> list[str]:
    """Return what each page says, as copying it would."""
    found = []
    with opened(document) as pdf:
        for number in range(len(pdf)):
            page = pdf[number]
            text = page.get_textpage()
            found.append(text.get_text_range().replace("\r\n", "\n"))
            text.close()
            page.close()
    return found


def text_of(document: Document) -> str:
    """Return what a document says, its line ends as blanks."""
    return " ".join(" ".join(pages_of(document)).split())


def assert_within_margins(document: Document) -> None:
    """Assert that no letter on any page stands beside the margins, or over the edge of the page."""
    with opened(document) as pdf:
        for number in range(len(pdf)):
            page = pdf[number]
            wide, high = page.get_size()
            side = _LANDSCAPE_SIDE if wide > high else _PORTRAIT_SIDE
            text = page.get_textpage()
            for place in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(place)
                if right - left > 0:
                    letter = text.get_text_range(place, 1)
                    where = f"page {number + 1}: {letter!r} at {left:.0f} to {right:.0f}"
                    assert left >= side - _SLACK, where
                    assert right <= wide - side + _SLACK, where
                    assert bottom >= 0, where
                    assert top <= high, where
            text.close()
            page.close()


def assert_clean(document: Document) -> None:
    """Assert that a strict reader finds nothing wrong with the file, and as many pages as it says."""
    with pikepdf.open(io.BytesIO(document.content)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == document.pages


def picture(document: Document, page: int = 0, scale: float = 2.0) -> Image.Image:
    """Return a page as a picture, in grey."""
    with opened(document) as pdf:
        shown = pdf[page]
        image: Image.Image = shown.render(scale=scale).to_pil().convert("L")
        shown.close()
    return image


def photocopied(image: Image.Image) -> Image.Image:
    """Return a picture as a copy of a copy: blurred, then black or white and nothing between."""
    once = image.filter(ImageFilter.GaussianBlur(1.2)).point(lambda grey: 255 if grey > 150 else 0)
    return once.filter(ImageFilter.GaussianBlur(1.0)).point(lambda grey: 255 if grey > 150 else 0)
