"""The inspection pack: say what it holds, make it, and go on to look at it, print it or save it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.reports.kit.wording import counted
from liaison.reports.spec import Asked
from liaison.security.roles import Action, who_may
from liaison.services.reporting import pack, pack_presets
from liaison.services.reporting.pack_presets import Preset
from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.pages.pack.facts import offered
from liaison.ui.pages.pack.form import Form
from liaison.ui.pages.pack.making import Making
from liaison.ui.pages.pack.presets import Presets
from liaison.ui.pages.pack.sections import Sections
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    ComboBox,
    Field,
    PageHeader,
    ProgressLine,
    ScrollPage,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.reports.spec import Document
    from liaison.settings import Settings
    from liaison.ui.desk import Desk
    from liaison.ui.pages.pack.facts import Offer

_RIGHT: Final = 360
_MOST: Final = 16_777_215
_SUBTITLE: Final = (
    "Reports bound together for an inspector, with contents, counts and what the record can show."
)
_NO_SECTION: Final = "No section is ticked. Tick at least one for the pack."
_BAD_DAYS: Final = "The period is not right yet. Put its first and last day right."


class PackPage(Page):
    """Where the inspection pack is put together and made; for managers."""

    name: ClassVar[str] = "pack"
    title: ClassVar[str] = "Inspection pack"
    icon: ClassVar[str] = "clipboard-check"
    roles: ClassVar[frozenset[str]] = frozenset(who_may(Action.INSPECTION_PACK))
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (("Ctrl+Return", "Make the pack"),)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._made: Mapping[str, object] | None = None
        self.make_button = Button(
            "Make the pack", "file-check", Button.PRIMARY, shortcut="Ctrl+Return"
        )
        self.back = Button("All reports", "arrow-left", Button.QUIET)
        self.header = PageHeader(self.title, _SUBTITLE, (self.back, self.make_button))
        self.framework = ComboBox(
            [(name, pack.framework(name).framework) for name in pack.FRAMEWORKS]
        )
        self.framework.set_value(pack.FRAMEWORKS[0])
        self.usual = Button("Usual sections", "rotate-ccw", Button.QUIET, small=True)
        self.sections = Sections()
        self.form = Form(desk)
        self.presets = Presets()
        self.making = Making(desk, self)
        self.trouble = Banner("late", "", closable=True)
        self.trouble.hide()
        self._lay_out()
        self._connect()
        self.presets.show_kept(pack_presets.kept(desk.settings))
        self._allow(ready=False)
        # each report brings the library that sets paper: not on the window's thread
        desk.jobs.run(lambda _: offered(pack.FRAMEWORKS[0]), self._offer, owner=self)
        desk.jobs.warm_renderer()
        self._fit()

    def _lay_out(self) -> None:
        self._sections_card = Card("Sections")
        self._sections_card.head.addWidget(self.usual)
        words = Wrap("From top to bottom, as they are printed.", "secondary", widest=420)
        self._sections_card.add(words)
        self._sections_card.add(Field("Ordered by", self.framework))
        self._sections_card.add(self.sections)
        self._sections_card.body.addStretch(1)
        self._progress_card = self._progress()
        self._done_card = self._done()
        covers = Card("What it covers")
        covers.add(self.form)
        kept = Card("Packs kept on this PC")
        kept.add(self.presets)
        self.right = QWidget()
        column = spaced(QVBoxLayout(self.right), 16)
        column.addWidget(covers)
        column.addWidget(kept)
        column.addStretch(1)
        sheet = ScrollPage()
        sheet.body.addWidget(self.header)
        # in sight beside the button, however large the text is
        for part in (self.trouble, self._progress_card, self._done_card):
            sheet.body.addWidget(part)
        sheet.body.addWidget(Columns([(self._sections_card, 1), (self.right, 0)]), 1)
        spaced(QVBoxLayout(self), 0).addWidget(sheet)

    def _progress(self) -> Card:
        card = Card("Making the pack", kind=Card.EMPHASISED)
        self.line = ProgressLine("Making the pack")
        self.step = Text("", "secondary")
        self.stop_button = Button("Stop", "x", small=True)
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self.step, 1)
        row.addWidget(self.stop_button)
        card.add(self.line)
        card.add(row)
        card.hide()
        return card

    def _done(self) -> Card:
        card = Card("The pack is made", kind=Card.EMPHASISED)
        self.done_words = Wrap("", "secondary", widest=320)
        self.look_button = Button("Look at it, print or save", "eye")
        card.add(self.done_words)
        card.add(self.look_button)
        card.body.setAlignment(self.look_button, Qt.AlignmentFlag.AlignLeft)
        card.hide()
        return card

    def _connect(self) -> None:
        self.make_button.clicked.connect(self.make)
        self.back.clicked.connect(lambda *_: self.desk.go("reports"))
        self.usual.clicked.connect(lambda *_: self.choose_usual())
        self.framework.changed.connect(self._use_framework)
        self.form.changed.connect(self._changed)
        self.sections.changed.connect(self._outdated)
        self.making.step.connect(self._show_step)
        self.making.made.connect(self._show_made)
        self.making.failed.connect(self._failed)
        self.stop_button.clicked.connect(self.stop)
        self.look_button.clicked.connect(self.look)
        self.presets.wanted.connect(self._use_preset)
        self.presets.kept.connect(self._keep)
        self.presets.dropped.connect(self._drop)
        self.desk.settings_changed.connect(self._take_settings)

    # ---- what it holds

    def _offer(self, offers: tuple[Offer, ...]) -> None:
        self.sections.offer(offers)
        self._use_framework(self.framework.value)
        self._changed()
        self._allow(ready=True)
        self.filled.emit()

    def _allow(self, *, ready: bool) -> None:
        for part in (self.make_button, self.framework, self.usual, self.form, self.presets):
            part.setEnabled(ready)

    def choose_usual(self) -> None:
        """Tick the sections that answer the framework, in its order."""
        self.sections.choose(pack.usual(self._framework))

    @property
    def _framework(self) -> str:
        return str(self.framework.value)

    def _use_framework(self, name: object) -> None:
        self.sections.answer(offered(str(name)))
        self.choose_usual()

    def _changed(self) -> None:
        barred = [name for name in pack.fits() if not pack.has_copy(name, self.form.naming)]
        self.sections.bar(barred)

    def _outdated(self) -> None:
        """What was made before is not what is chosen now."""
        self._made = None
        self._done_card.hide()

    def _use_preset(self, preset: Preset) -> None:
        self.framework.set_value(preset.framework)
        self.sections.answer(offered(preset.framework))
        self.form.show_preset(preset)
        self.sections.choose(preset.sections)

    def _keep(self, name: str) -> None:
        from liaison.errors import UserError

        preset = Preset(
            self.sections.chosen, self._framework, self.form.naming,
            self.form.staff.isChecked(), self.form.every_visit,
        )  # fmt: skip
        try:
            if not preset.sections:
                self._say(_NO_SECTION)
                return
            settings = pack_presets.with_preset(self.desk.settings, name, preset)
        except UserError as error:
            self.presets.refuse(f"{error.what} {error.do}")
            return
        self.desk.set(settings)
        self.presets.choose(" ".join(name.split()))
        self.desk.say(f"Kept on this PC as “{' '.join(name.split())}”.")

    def _drop(self, name: str) -> None:
        before = self.desk.settings
        self.desk.set(pack_presets.without_preset(before, name))

        def undo() -> None:
            kept = pack_presets.kept(before)[name]
            self.desk.set(pack_presets.with_preset(self.desk.settings, name, kept))

        self.desk.say(f"“{name}” is kept no longer.", undo)

    def _take_settings(self, settings: Settings) -> None:
        self.presets.show_kept(pack_presets.kept(settings))

    # ---- making it

    def make(self) -> None:
        """Make the pack as it is chosen."""
        if self.making.busy:
            return
        self.trouble.hide()
        if not self.sections.chosen:
            self._say(_NO_SECTION)
            return
        if not self.form.is_whole:
            self._say(_BAD_DAYS)
            return
        first, last = self.form.days
        self._outdated()
        self.make_button.setEnabled(False)
        self._progress_card.show()
        self.making.make(
            start=first,
            end=last,
            sections=self.sections.chosen,
            framework_name=self._framework,
            names=self.form.naming,
            staff_initials=self.form.staff.isChecked(),
            every_visit=self.form.every_visit,
            check=self.form.check_all.isChecked(),
        )

    def stop(self) -> None:
        """Stop making it; nothing of it is kept."""
        self.making.cancel()
        self._rest()
        self.desk.say("Stopped. No pack was made.")

    def _show_step(self, done: int, total: int, words: str) -> None:
        self.line.show_progress(done, total)
        self.step.setText(words)

    def _rest(self) -> None:
        self._progress_card.hide()
        self.make_button.setEnabled(True)

    def _failed(self, error: UserError) -> None:
        self._rest()
        self._say(" ".join(part for part in (error.what, error.do) if part))

    def _say(self, words: str) -> None:
        self.trouble.say("late", words)

    def _show_made(self, document: Document, wanted: pack.Wish) -> None:
        self._rest()
        self._made = {
            "report": pack.SPEC.name,
            "document": document,
            "asked": Asked(start=wanted.start, end=wanted.end, names=wanted.names),
        }
        pages = counted(document.pages, "page")
        self.done_words.setText(f"{pages}, made at {times.in_london(self.desk.now()):%H:%M}.")
        self._done_card.show()
        if self.isVisible():
            self.look()
        else:
            self.desk.say(f"The inspection pack is made, {pages}.")

    def look(self) -> None:
        """Show the pack's pages, where it can be printed and saved."""
        if self._made is not None:
            self.desk.go("reports", self._made)

    # ---- size

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "right"):
            self._fit()

    def _fit(self) -> None:
        if theme.roomy():
            self.right.setFixedWidth(theme.px(_RIGHT))
        else:
            self.right.setMinimumWidth(0)
            self.right.setMaximumWidth(_MOST)
