"""Lines of text as the operators of a page: the one place that looks inside the PDF library.

Its public calls measure, split and escape every line letter by letter in Python. Here a line goes
through one table instead; what comes out is the same, which a test holds against the library.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reportlab.pdfbase.ttfonts import ShapedStr

from liaison.reports.kit import runs
from liaison.reports.kit.typeface import Ink, Style, font, plain_letters


class _OtherSubset(Exception):  # never leaves this module
    """A letter lies in a part of the font that a line has to switch to."""


class _Codes(dict[int, str]):
    """What a letter is in a page's text, for one font of one document."""

    def __init__(self, face: str, canvas: Any) -> None:
        super().__init__()
        self._font = font(face)
        self._canvas = canvas

    def __missing__(self, code: int) -> str:
        [(subset, letters)] = self._font.splitString(chr(code), self._canvas._doc)  # noqa: SLF001
        if subset:
            raise _OtherSubset
        self[code] = written = self._canvas._escape(letters)  # noqa: SLF001
        return str(written)


class Writer:
    """Writes lines into text objects of one document.

    Args:
        canvas: The document's canvas.
    """

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas
        self._codes: dict[str, _Codes] = {}
        self._ink: Ink | None = None

    def forget_ink(self) -> None:
        """Name the colour again at the next text: a page begins, or something else was filled."""
        self._ink = None

    def begin(self) -> Any:
        """Begin a text object."""
        return self._canvas.beginText()

    def end(self, text: Any) -> None:
        """Put a text object on the page."""
        self._canvas.drawText(text)

    def write(self, text: Any, x: float, y: float, style: Style, lines: Iterable[str]) -> None:
        """Write lines under each other.

        Args:
            text: The text object.
            x: Where they begin.
            y: The first line's baseline, counted from the bottom of the page.
            style: What they are set in.
            lines: Each fits where it is put; no line is wrapped here.
        """
        text._code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")  # noqa: SLF001
        self.go_on(text, style, lines)

    def go_on(self, text: Any, style: Style, lines: Iterable[str]) -> None:
        """Write lines from where the text object stands."""
        if style.ink is not self._ink:
            text._code.append(style.ink.fill)  # noqa: SLF001
            self._ink = style.ink
        if (style.face, style.size, style.leading) != (
            text._fontname,  # noqa: SLF001
            text._fontsize,  # noqa: SLF001
            text._leading,  # noqa: SLF001
        ):
            text.setFont(style.face, style.size, style.leading)
        self.put(text, lines)

    def put(self, text: Any, lines: Iterable[str]) -> None:
        """Write lines in the font that is set, as the library's ``textLine`` would."""
        face = text._fontname  # noqa: SLF001
        codes = self._codes.get(face)
        if codes is None:
            codes = self._codes[face] = _Codes(face, self._canvas)
        plain = plain_letters(face)
        add = text._code.append  # noqa: SLF001
        for line in lines:
            if not (line.isascii() or plain.issuperset(line)):
                self._put_runs(text, line)
                continue
            try:
                written = line.translate(codes)
            except _OtherSubset:
                text.textLine(line)
                continue
            # -1: none yet. Then also an empty line needs it: the leading comes with the font
            if text._curSubset < 0 or (line and text._curSubset):  # noqa: SLF001
                name = font(face).getSubsetInternalName(0, self._canvas._doc)  # noqa: SLF001
                size, leading = _number(text._fontsize), _number(text._leading)  # noqa: SLF001
                add(f"{name} {size} Tf {leading} TL")
                text._curSubset = 0  # noqa: SLF001
            add(f"({written}) Tj T*" if line else "T*")

    def _put_runs(self, text: Any, line: str) -> None:
        """Write a line of several fonts or directions; copied, it reads as it was typed."""
        face, size, leading = text._fontname, text._fontsize, text._leading  # noqa: SLF001
        add = text._code.append  # noqa: SLF001
        for run in runs.runs(line, face):
            text.setFont(run.face, size, leading)
            for part, said in run.parts:
                if said:
                    copied = said.encode("utf-16-be").hex().upper()
                    add(f"/Span <</ActualText <FEFF{copied}>>> BDC")
                self._put_part(text, part)
                if said:
                    add("EMC")
        add("T*")
        text.setFont(face, size, leading)

    def _put_part(self, text: Any, part: str) -> None:
        if not isinstance(part, ShapedStr):
            text._code.append(text._formatText(part))  # noqa: SLF001
            return
        # the library's own way fails where the first glyph is raised
        made, doc, size = font(text._fontname), self._canvas._doc, text._fontsize  # noqa: SLF001
        add = text._code.append  # noqa: SLF001
        raised = 0.0
        for glyph, data in zip(part, part.__shapeData__, strict=True):
            [(subset, letters)] = made.splitString(glyph, doc)
            if subset != text._curSubset:  # noqa: SLF001
                name = made.getSubsetInternalName(subset, doc)
                add(f"{name} {_number(size)} Tf {_number(text._leading)} TL")  # noqa: SLF001
                text._curSubset = subset  # noqa: SLF001
            rise = data.y_offset * size / 1000
            if rise != raised:
                add(f"{rise:.2f} Ts")
                raised = rise
            after = data.width - data.x_advance + data.x_offset
            written = self._canvas._escape(letters)  # noqa: SLF001
            add(f"[{-data.x_offset:.1f} ({written}) {after:.1f}] TJ")
        if raised:
            add("0 Ts")


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
