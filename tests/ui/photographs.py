"""``python -m tests.ui.photographs OUT``: photograph every screen, and put all on one sheet.

Light and dark, 1366x768, 1920x1080 and 1280x720, at 200 per cent, over a full home and an empty one.
``--readme`` also takes the two pictures of the README, into ``docs/pictures``.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from liaison.services import demo
from liaison.store import query
from liaison.store.store import Store
from liaison.ui import theme
from liaison.ui.pages.record_visit import RecordVisitPage
from tests import homes as made
from tests.ui.whole import Whole, application, door, make_demonstration, settle

_PICTURES: Final = Path(__file__).resolve().parents[2] / "docs" / "pictures"
_README_SIZE: Final = (1366, 860)
_COLUMNS: Final = 6
_THUMB: Final = QSize(480, 270)
_CAPTION: Final = 26


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """How a photograph is taken.

    Args:
        name: Its part of the file's name.
        size: The window.
        theme: ``light`` or ``dark``.
        scale: The text size; 1.0 is 100 per cent.
    """

    name: str
    size: tuple[int, int]
    theme: str = "light"
    scale: float = 1.0


LOOKS: Final = (
    Look("light", (1366, 768)),
    Look("dark", (1366, 768), "dark"),
    Look("small", (1280, 720)),
    Look("large", (1920, 1080)),
    Look("200-percent", (1366, 768), scale=2.0),
)

Keep = Callable[[str, QPixmap], None]


def photograph(full: Path, empty: Path, looks: tuple[Look, ...], keep: Keep) -> None:
    """Photograph every screen.

    Args:
        full: The demonstration home.
        empty: A home with nothing in it.
        looks: How.
        keep: Gets each photograph and its name.
    """
    for look in looks:
        theme.install(application(), look.theme, look.scale)
        keep(f"unlock-{look.name}", _door(look))
        for words, folder, password in (
            ("", full, demo.PASSWORD),
            ("empty-", empty, made.PASSWORD),
        ):
            # what is typed for a photograph is kept as a draft, which the next would show
            with (
                tempfile.TemporaryDirectory() as copy,
                Whole(made.copy(folder, Path(copy) / "home"), password, size=look.size) as whole,
            ):
                for screen in _screens(whole, full=folder is full):
                    keep(f"{screen}-{words}{look.name}", whole.frame.grab())
                assert not whole.troubles, whole.troubles
    theme.install(application(), "light", 1.0)


def _screens(whole: Whole, *, full: bool) -> Iterator[str]:
    """Go from screen to screen; give the name of each once it is whole."""
    for page in whole.pages:
        whole.go(page)
        yield page
    if not full:
        return
    records = whole.ask(_shown_records)
    for type_name, identity in records.items():
        whole.open(type_name, identity)
        yield f"{type_name}-open"
    write_visit(whole)
    yield "record-visit-writing"
    whole.shell.show_look(whole.shell.header.person)
    whole.settle()
    yield "popover"
    if whole.shell.look is not None:
        whole.shell.look.done()


def _shown_records(store: Store) -> dict[str, int]:
    found = {}
    for type_name in ("resident", "visit", "contact", "staff"):
        page = query.page(store, query.Query(type_name))
        found[type_name] = page.records[0].id or 0
    return found


def write_visit(whole: Whole) -> None:
    """Have a visit half written."""
    whole.go("record-visit", {"resident": _resident(whole, "Stanley Brook")})
    page = whole.shell.page
    assert isinstance(page, RecordVisitPage)
    assert page.form is not None
    note = page.form.note
    note.fields.editor("raised").put("More breathless since the weekend, sleeping in the chair.")
    note.fields.editor("found").put("Chest clear. Ankles up. Furosemide 40 mg for five days.")
    for name in ("raised", "found"):
        note.fields.changed.emit(name)
    whole.settle()


def _resident(whole: Whole, name: str) -> int:
    def read(store: Store) -> int:
        residents = query.every(store, query.Query("resident"))
        return next(one.id or 0 for one in residents if getattr(one, "name", "") == name)

    return whole.ask(read)


def _door(look: Look) -> QPixmap:
    screen, jobs = door()
    screen.resize(*look.size)
    screen.show()
    settle(lambda: True)
    picture = screen.grab()
    screen.hide()
    screen.deleteLater()
    jobs.close()
    return picture


def contact_sheet(pictures: dict[str, QPixmap]) -> QImage:
    """Put all photographs on one sheet, each with its name."""
    rows = -(-len(pictures) // _COLUMNS)
    cell = QSize(_THUMB.width() + 16, _THUMB.height() + _CAPTION + 16)
    sheet = QImage(cell.width() * _COLUMNS, cell.height() * rows, QImage.Format.Format_RGB32)
    sheet.fill(theme.colour("bg"))
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(theme.colour("text"))
    painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
    for place, (name, picture) in enumerate(pictures.items()):
        x, y = place % _COLUMNS * cell.width() + 8, place // _COLUMNS * cell.height() + 8
        small = picture.scaled(
            _THUMB,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawPixmap(x, y + _CAPTION, small)
        where = QRect(x, y, _THUMB.width(), _CAPTION)
        painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter), name)
    painter.end()
    return sheet


def for_readme(full: Path, folder: Path) -> None:
    """Take the pictures of the README."""
    folder.mkdir(parents=True, exist_ok=True)
    theme.install(application(), "light", 1.0)
    with Whole(full, demo.PASSWORD, size=_README_SIZE) as whole:
        whole.go("today")
        _keep(whole.frame, folder / "today.png")
        write_visit(whole)
        _keep(whole.frame, folder / "record-visit.png")


def _keep(widget: QWidget, path: Path) -> None:
    assert widget.grab().save(str(path)), path


def main() -> int:
    """Take the photographs."""
    parser = argparse.ArgumentParser(prog="python -m tests.ui.photographs", description=__doc__)
    parser.add_argument("out", metavar="OUT", type=Path, help="the folder for the pictures")
    parser.add_argument("--readme", action="store_true", help="also into docs/pictures")
    parser.add_argument("--look", choices=[look.name for look in LOOKS], action="append")
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    theme.install(application(), "light", 1.0)
    taken: dict[str, QPixmap] = {}

    def keep(name: str, picture: QPixmap) -> None:
        taken[name] = picture
        assert picture.save(str(out / f"{name}.png")), name

    with tempfile.TemporaryDirectory() as temporary:
        full, empty = Path(temporary) / "full", Path(temporary) / "empty"
        make_demonstration(full)
        made.make(empty)[0].close()
        looks = tuple(one for one in LOOKS if not arguments.look or one.name in arguments.look)
        photograph(full, empty, looks, keep)
        if arguments.readme:
            for_readme(full, _PICTURES)
    assert contact_sheet(taken).save(str(out / "contact-sheet.png"))
    sys.stdout.write(f"{len(taken)} photographs in {out}\n")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main())
