"""About: which Liaison this is, where things lie on this PC, and whose work it uses."""

from __future__ import annotations

import contextlib
import platform
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

import liaison
from liaison import __version__
from liaison.settings import log_dir
from liaison.ui import theme
from liaison.ui.pages.settings.section import CardsSection
from liaison.ui.widgets import Button, Card, IconButton, TextArea, Wrap, announce, spaced

if TYPE_CHECKING:
    from liaison.ui.desk import Desk

_LABEL: Final = 90
_TEXTS: Final = ("LICENSE", "THIRD-PARTY-NOTICES.md")


class AboutSection(CardsSection):
    """The version, the places and the licences."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        home = desk.jobs.home
        self.about = self.card("Liaison")
        self._line(self.about, "Version", __version__)
        self._line(self.about, "This PC", f"{platform.system()} {platform.release()}")
        self.places = self.card(
            "Where things lie",
            "The home's folder is encrypted; without a password or the recovery sheet nobody can "
            "read it. The log holds no personal data and helps whoever looks into a fault.",
        )
        if home is not None:
            self._line(self.places, "The home", str(home.folder), folder=home.folder)
        self._log_card()
        self.licences = self.card(
            "Licences",
            "Liaison is free software under the MIT licence. It stands on the work below.",
        )
        self.text = TextArea(lines=14, most=18)
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Licences")
        self.licences.add(self.text)
        self.sheet.body.addStretch(1)

    def _log_card(self) -> None:
        self.desk.jobs.run(lambda _: log_dir(), self._show_log, owner=self)

    def _show_log(self, folder: Path) -> None:
        self._line(self.places, "The log", str(folder), folder=folder)

    def refresh(self) -> None:
        """Read the licences, once."""
        if not self.text.text():
            self.desk.jobs.run(lambda _: licences(), self.text.set_text, owner=self)

    def _line(self, card: Card, label: str, words: str, folder: Path | None = None) -> None:
        row = spaced(QHBoxLayout(), 12)
        name = Wrap(label, "secondary", widest=_LABEL)
        name.setFixedWidth(theme.px(_LABEL))
        row.addWidget(name)
        value = Wrap(words, widest=640)
        value.setAccessibleName(f"{label}: {words}")
        row.addWidget(value, 1)
        if folder is not None:
            copy = IconButton("copy", f"Copy the path: {label.lower()}", small=True)
            copy.clicked.connect(lambda: self._copy(words, copy))
            show = Button("Open the folder", "folder-open", small=True)
            show.setAccessibleName(f"Open the folder: {label.lower()}")
            show.clicked.connect(lambda: self._open(folder))
            row.addWidget(copy)
            row.addWidget(show)
        card.add(row)

    def _copy(self, words: str, button: QWidget) -> None:
        QGuiApplication.clipboard().setText(words)
        announce(button, "Copied")

    def _open(self, folder: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            QGuiApplication.clipboard().setText(str(folder))
            self.desk.say("This PC has nothing that opens folders; the path was copied instead.")


def licences() -> str:
    """Return the licence texts that came with this installation."""
    places = [Path(liaison.__file__).parents[1]]
    with contextlib.suppress(metadata.PackageNotFoundError):
        files = metadata.distribution("liaison").files or []
        # an installed copy has them among what describes it, a checkout at its top
        places = [Path(str(file.locate())).parent for file in files if file.name in _TEXTS] + places
    found = []
    for wanted in _TEXTS:
        texts = (read_text(place / wanted) for place in places)
        found.append(next(filter(None, texts), f"{wanted} was not installed with Liaison."))
    return "\n\n\n".join(found)


def read_text(file: Path) -> str:
    """Return a text that came with the program; empty if it is not there."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
