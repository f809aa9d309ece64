"""The preview of a report: its pages, turning, size, and finding words in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.pages.reports.sheets_view import ZOOMS, SheetsView
from liaison.ui.pages.reports.thumbnails import Thumbnails
from liaison.ui.parts.suggestions import PickLine
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    EmptyState,
    Flow,
    IconButton,
    ProgressLine,
    Text,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job, Progress
    from liaison.ui.pages.reports.paper import Hit, Paper

_PAUSE_MS: Final = 200
_MOST_HITS: Final = 2_000


class Preview(Card):
    """The preview.

    Args:
        desk: The desk.
    """

    stopped = Signal()
    """Somebody does not want to wait for what is being made."""
    again = Signal()
    """Somebody wants to have it made again."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._desk = desk
        self._paper: Paper | None = None
        self._hits: list[Hit] = []
        self._at = -1
        self._search: Job | None = None
        self.setAccessibleName("Preview")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._make_bar()
        self._make_waiting()
        self.banner = Banner("late", "")
        self.banner.hide()
        self.banner.pressed.connect(self.again)
        self.thumbs = Thumbnails(desk.jobs)
        self.sheets = SheetsView(desk.jobs)
        pages = QWidget()
        row = spaced(QHBoxLayout(pages), 12)
        row.addWidget(self.thumbs)
        row.addWidget(self.sheets, 1)
        self.nothing = EmptyState(
            "printer", "The pages appear here", "Choose a report at the left; nothing is printed "
            "or saved until you say so.",
        )  # fmt: skip
        self.stack = QStackedWidget()
        self.stack.addWidget(self.nothing)
        self.stack.addWidget(pages)
        self.add(self.bar)
        self.add(self.waiting)
        self.add(self.banner)
        self.add(self.stack, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.find_words)
        self._connect()
        self._tell()
        self._fit()

    def _make_bar(self) -> None:
        self.back = IconButton("chevron-left", "Page before", Button.SECONDARY, small=True)
        self.forth = IconButton("chevron-right", "Next page", Button.SECONDARY, small=True)
        self.where = Text("", "body")
        self.smaller = IconButton("zoom-out", "Smaller pages", Button.SECONDARY, small=True)
        self.larger = IconButton("zoom-in", "Larger pages", Button.SECONDARY, small=True)
        self.scale = Text("", "body")
        self.search = PickLine("search", "Find in this report")
        self.search.setAccessibleName("Find in this report")
        self.found = Text("", "secondary")
        self.up = IconButton("chevron-up", "Found before", Button.SECONDARY, small=True)
        self.down = IconButton("chevron-down", "Found next", Button.SECONDARY, small=True)
        self.bar = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.bar.setSizePolicy(policy)
        flow = Flow(self.bar, 16)
        for parts in (
            (self.back, self.where, self.forth),
            (self.smaller, self.scale, self.larger),
            (self.search, self.found, self.up, self.down),
        ):
            group = QWidget()
            row = spaced(QHBoxLayout(group), 8)
            for part in parts:
                row.addWidget(part)
            flow.addWidget(group)

    def _make_waiting(self) -> None:
        self.step = Text("", "muted")
        self.line = ProgressLine("Making the report")
        self.line.setRange(0, 0)
        self.stop = Button("Stop", "x", small=True)
        self.stop.clicked.connect(self.stopped)
        self.waiting = QWidget()
        row = spaced(QHBoxLayout(self.waiting), 12)
        row.addWidget(self.step)
        row.addWidget(self.line, 1)
        row.addWidget(self.stop)
        self.waiting.hide()

    def _connect(self) -> None:
        self.back.clicked.connect(lambda: self.sheets.go_to(self.sheets.page - 1))
        self.forth.clicked.connect(lambda: self.sheets.go_to(self.sheets.page + 1))
        self.smaller.clicked.connect(lambda: self.sheets.zoom_by(-1))
        self.larger.clicked.connect(lambda: self.sheets.zoom_by(1))
        self.thumbs.chosen.connect(self.sheets.go_to)
        self.sheets.turned.connect(self._turned)
        self.sheets.zoomed.connect(self._tell)
        self.search.textEdited.connect(lambda _: self._pause.start())
        self.search.returnPressed.connect(self._enter)
        self.up.clicked.connect(lambda: self.go_to_hit(self._at - 1))
        self.down.clicked.connect(lambda: self.go_to_hit(self._at + 1))
        # from wherever one is on the page, such as from what the report covers
        for keys, work in (
            ("Ctrl+F", lambda: self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)),
            ("PgDown", lambda: self.sheets.go_to(self.sheets.page + 1)),
            ("PgUp", lambda: self.sheets.go_to(self.sheets.page - 1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(work)

    # ---- what is shown

    def show_paper(self, paper: Paper, *, stay: bool = False) -> None:
        """Show another document.

        Args:
            paper: The document.
            stay: Whether it is the same report anew: the page that is read stays.
        """
        before, self._paper = self._paper, paper
        self.waiting.hide()
        self.banner.hide()
        self.sheets.show_paper(paper, stay=stay)
        self.thumbs.show_paper(paper)
        self.thumbs.show_page(self.sheets.page)
        self.stack.setCurrentIndex(1)
        self._tell()
        self._forget_hits()
        if self.search.text().strip():
            self.find_words()
        if before is not None:
            # not at once: a page of it may be drawn at this moment
            self._desk.jobs.run(lambda _: before.close(), lambda _: None)

    def show_step(self, words: str) -> None:
        """Say what is being done; the pages that are there stay meanwhile."""
        self.step.setText(words)
        self.banner.hide()
        self.waiting.show()
        if self._paper is None:
            self.nothing.say(words, "It takes a moment.")

    def show_trouble(self, words: str, button: str, kind: str = "late") -> None:
        """Say why there is nothing new to see."""
        self.waiting.hide()
        self.banner.say(kind, words, button)
        if self._paper is None:
            self.nothing.say("The pages appear here", "There are none yet.")

    def _turned(self, page: int) -> None:
        self.thumbs.show_page(page)
        self._tell()
        if self.sheets.hasFocus():
            announce(self.sheets, self.where.text())

    def _tell(self) -> None:
        pages = self._paper.pages if self._paper is not None else 0
        page, zoom = self.sheets.page, self.sheets.zoom
        self.where.setText(f"Page {page + 1} of {pages}" if pages else "No pages yet")
        self.scale.setText("Full width" if zoom == 1.0 else f"{zoom:.0%}".replace("%", " %"))
        self.back.setEnabled(page > 0)
        self.forth.setEnabled(page + 1 < pages)
        self.smaller.setEnabled(bool(pages) and zoom > ZOOMS[0])
        self.larger.setEnabled(bool(pages) and zoom < ZOOMS[-1])
        self.search.setEnabled(bool(pages))
        for button in (self.up, self.down):
            button.setEnabled(len(self._hits) > 1)

    # ---- finding words

    def find_words(self) -> None:
        """Look for what is typed on every page."""
        self._pause.stop()
        if self._search is not None:
            self._search.cancel()
            self._search = None
        paper, words = self._paper, " ".join(self.search.text().split())
        if paper is None or not words:
            self._forget_hits()
            return

        def look(progress: Progress) -> list[Hit]:
            hits: list[Hit] = []
            for page in range(paper.pages):
                progress.check()
                hits += paper.find(words, page)
                if len(hits) >= _MOST_HITS:
                    break
            return hits

        self._search = self._desk.jobs.run(look, self._show_hits, owner=self)

    def _show_hits(self, hits: list[Hit]) -> None:
        self._search = None
        self._hits = hits
        if not hits:
            self.sheets.mark((), None)
            self.found.setText("Not found")
            announce(self.search, "Not found")
            self._tell()
            return
        here = next((n for n, hit in enumerate(hits) if hit.page >= self.sheets.page), 0)
        self.go_to_hit(here)

    def go_to_hit(self, number: int) -> None:
        """Show one of the places where the words stand; after the last comes the first."""
        if not self._hits:
            return
        self._at = number % len(self._hits)
        self.sheets.mark(self._hits, self._hits[self._at])
        many = f"{len(self._hits):,}{'+' if len(self._hits) >= _MOST_HITS else ''}"
        self.found.setText(f"{self._at + 1:,} of {many}")
        announce(self.search, f"{self.found.text()}, page {self._hits[self._at].page + 1}")
        self._tell()

    def _enter(self) -> None:
        if self._pause.isActive() or not self._hits:
            self.find_words()
        else:
            self.go_to_hit(self._at + 1)

    def _forget_hits(self) -> None:
        self._hits, self._at = [], -1
        self.found.setText("")
        self.sheets.mark((), None)
        self._tell()

    # ---- size

    def changeEvent(self, event: QEvent) -> None:
        """Leave the small pages out where text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "sheets"):
            self._fit()

    def _fit(self) -> None:
        self.thumbs.setVisible(theme.roomy())
        self.search.setFixedWidth(theme.px(190))
        self.setMinimumHeight(theme.px(420))
