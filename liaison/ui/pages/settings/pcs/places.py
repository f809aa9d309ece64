"""Where the PCs of the home meet: a shared folder, an object store, and moving from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.services import syncing
from liaison.services.drafts import About
from liaison.services.pcs.restored import NOWHERE
from liaison.sync.object_store_trial import try_out
from liaison.ui.pages.settings.pcs import facts
from liaison.ui.parts.keeper import Keeper
from liaison.ui.parts.path_field import PathField
from liaison.ui.parts.store_form import StoreForm
from liaison.ui.walking import bring_into_sight
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    ConfirmDialog,
    FlowRow,
    Icon,
    Narrow,
    ProgressLine,
    StateChip,
    Text,
    Wrap,
    spaced,
)
from liaison.ui.widgets.returning import Place

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.drafts import Draft
    from liaison.services.syncing import Setup
    from liaison.sync.object_store_trial import Trial
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job
    from liaison.ui.pages.settings.pcs.facts import Standing

_PAGE: Final = "meeting-place"
_WIDE: Final = 760
_EVERY_PC: Final = (
    "Set the new place up on each PC of this home. Until then each goes by the places it knows, and "
    "nothing is lost: every PC holds the whole record."
)


class PlaceLine(QWidget):
    """A place where the PCs meet.

    Args:
        icon: Its icon.
        kind: What kind of place it is.
    """

    def __init__(self, icon: str, kind: str) -> None:
        super().__init__()
        row = spaced(QHBoxLayout(self), 12)
        row.addWidget(Icon(icon, "text", 22))
        words = spaced(QVBoxLayout(), 1)
        words.addWidget(Text(kind, "label"))
        self.where = Wrap("", "secondary")
        words.addWidget(self.where)
        row.addLayout(words, 1)
        self.leave = Button("Leave it", small=True)
        self.leave.setAccessibleName(f"Leave the {kind.lower()}")
        row.addWidget(self.leave)

    def show_place(self, where: str, *, leaving: bool) -> None:
        """Show where it is; hidden if nowhere."""
        self.where.setText(where)
        self.setVisible(bool(where))
        self.leave.setVisible(leaving)


class PlacesCard(Card):
    """Where the PCs meet.

    Args:
        desk: The desk.
    """

    changed = Signal()
    """It is another place now."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Where the PCs meet")
        self._desk = desk
        self._standing: Standing | None = None
        self._job: Job | None = None
        self.dialog: ConfirmDialog | None = None
        self.banner = Banner("ok", "", closable=True)
        self.banner.hide()
        self.words = Wrap("", "muted", widest=_WIDE)
        self.folder_line = PlaceLine("folder", "Shared folder")
        self.store_line = PlaceLine("cloud", "Online store")
        self.folder_line.leave.clicked.connect(lambda: self._ask_leave(folder=True))
        self.store_line.leave.clicked.connect(lambda: self._ask_leave(folder=False))
        self.by_folder = Button("Use a shared folder", "folder-open")
        self.by_store = Button("Use an online store", "cloud")
        self.by_folder.clicked.connect(lambda: self._open(self.folder_form))
        self.by_store.clicked.connect(lambda: self._open(self.store_part))
        self.line = ProgressLine("Looking at the place")
        self.stop = Button("Stop", small=True)
        self.stop_row = FlowRow([self.stop])
        self.doing = Wrap("", "muted")
        self._stopped = 0
        self._before: Place | None = None
        """Where the keyboard was before a form was opened."""
        self.stop.clicked.connect(self._stop)
        self.steps = FlowRow()
        self._folder_part()
        self._store_part()
        under = QWidget()
        told = spaced(QVBoxLayout(under), 12)
        # below the button that was pressed, where somebody looks
        for shown in (self.line, self.doing, self.stop_row, self.steps, self.banner):
            told.addWidget(shown)
        for part in (
            self.words, self.folder_line, self.store_line, FlowRow([self.by_folder, self.by_store]),
            self.folder_form, self.store_part, under,
        ):  # fmt: skip
            self.add(part)
        for part in (
            self.folder_form, self.store_part, self.steps, self.line, self.doing, self.stop_row,
        ):  # fmt: skip
            part.hide()
        self.keeper = Keeper(desk, About("pc", None, _PAGE), self._typed, self)
        self.folder.edit.textChanged.connect(lambda _: self.keeper.note())
        self.store.changed.connect(self.keeper.note)
        self.keeper.find(self._restore, desk.trouble)

    def _folder_part(self) -> None:
        form = QWidget()
        self.folder_form = Narrow(form, _WIDE)
        self.folder = PathField(
            "The shared folder",
            "The folder in which the PCs meet",
            "On a network share, on a stick that is carried to and fro, or one that OneDrive or "
            "Dropbox follows. Everything in it is encrypted.",
            required=True,
        )
        self.use_folder = Button("Meet in this folder", "check", Button.PRIMARY)
        self.not_folder = Button("Not now")
        self.folder.edit.returnPressed.connect(self.look_at_folder)
        self.use_folder.clicked.connect(self.look_at_folder)
        self.not_folder.clicked.connect(self._close)
        rows = spaced(QVBoxLayout(form), 12)
        rows.addWidget(self.folder)
        rows.addWidget(FlowRow([self.use_folder, self.not_folder]))

    def _store_part(self) -> None:
        form = QWidget()
        self.store_part = Narrow(form, _WIDE)
        self.store = StoreForm(locking=True)
        self.test = Button("Test it, and meet there", "check", Button.PRIMARY)
        self.not_store = Button("Not now")
        self.store.finished.connect(self.test_store)
        self.test.clicked.connect(self.test_store)
        self.not_store.clicked.connect(self._close)
        rows = spaced(QVBoxLayout(form), 12)
        rows.addWidget(
            Wrap(
                "Any S3-compatible store. It is tested first: a small file is written, read back, "
                "found in the list and taken away again.",
                "muted",
                widest=_WIDE,
            )
        )
        rows.addWidget(self.store)
        rows.addWidget(FlowRow([self.test, self.not_store]))

    # ---- how it stands

    def show_standing(self, standing: Standing) -> None:
        """Show where the PCs meet."""
        self._standing = standing
        setup = standing.setup
        both = setup is not None and bool(setup.folder) and bool(setup.store)
        folder = str(setup.folder) if setup is not None and setup.folder else ""
        self.folder_line.show_place(folder, leaving=both)
        self.store_line.show_place(setup.store if setup is not None else "", leaving=both)
        self.by_folder.set_words("Use another folder" if folder else "Use a shared folder")
        at_store = setup is not None and bool(setup.store)
        self.by_store.set_words("Use another store or key" if at_store else "Use an online store")
        self.words.setText(_words(standing, both=both))

    def _open(self, part: QWidget) -> None:
        self.banner.hide()
        self.steps.hide()
        self._before = Place(self)
        self.folder_form.setVisible(part is self.folder_form)
        self.store_part.setVisible(part is self.store_part)
        if part is self.store_part:
            self.store.begin()
        else:
            self.folder.edit.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Put a form away with Escape, as “Not now” does; not while it is being tested."""
        opened = self.folder_form.isVisible() or self.store_part.isVisible()
        if event.key() == Qt.Key.Key_Escape and opened and self.folder_form.isEnabled():
            self._close()
        else:
            super().keyPressEvent(event)

    def _close(self) -> None:
        self.store.forget()
        self.keeper.keep()
        focus: QWidget | None = self.window().focusWidget()
        # whoever went on elsewhere while it was tested stays there
        within = focus is None or self.isAncestorOf(focus)
        self.folder_form.hide()
        self.store_part.hide()
        self.steps.hide()
        if within and self._before is not None:
            self._before.give_back()

    def _say(self, kind: str, words: str) -> None:
        """Say what became of it, and scroll there: the form above may be as tall as the window."""
        self.banner.say(kind, words)
        QTimer.singleShot(0, self.banner, lambda: bring_into_sight(self.banner))

    def _wait(self, job: Job | None, words: str = "", *, stops: bool = True) -> None:
        """Show what is under way, and whether it can be stopped; None if nothing is."""
        self._job = job
        self.doing.setText(words)
        self.line.setVisible(job is not None)
        self.doing.setVisible(job is not None)
        self.stop_row.setVisible(job is not None and stops)
        if job is not None:
            QTimer.singleShot(0, self.line, lambda: bring_into_sight(self.stop_row))
        for part in (self.folder_form, self.store_part, self.by_folder, self.by_store):
            part.setEnabled(job is None)

    def _stop(self) -> None:
        # what was given up may hang on; the next try does not wait for it
        self._stopped += 1
        if self._job is not None:
            self._job.cancel()
        self._wait(None)
        self._say("info", "Stopped. Nothing was changed.")

    # ---- a folder

    def look_at_folder(self) -> None:
        """See whether the PCs can meet in the folder that was typed, and let them."""
        home = self._desk.jobs.home
        if home is None:
            return
        if not self.folder.path:
            self.folder.set_error("Choose the folder, or type where it is.")
            self.folder.edit.setFocus()
            return
        before = self._standing.setup if self._standing is not None else None
        wanted = Path(self.folder.path).expanduser()
        if before is not None and before.folder and before.folder != wanted.absolute():
            self._ask(
                "Move to another folder?",
                f"They meet in {before.folder} now. What lies there stays, and is not read any "
                f"more on this PC. {_EVERY_PC}",
                "Move to the other folder",
                "Stay",
                lambda: self._look_at(wanted),
            )
        else:
            self._look_at(wanted)

    def _look_at(self, wanted: Path) -> None:
        home = self._desk.jobs.home
        if home is None:
            return
        mine = home.folder
        self.banner.hide()
        # on a thread that nobody waits for: a share that is not there answers late
        self._wait(
            self._desk.jobs.errand(
                lambda _: syncing.usable_folder(mine, wanted),
                self._use_folder,
                self._folder_refused,
                owner=self,
                lane=f"place {self._stopped}",
            ),
            "Looking at the folder.",
        )

    def _use_folder(self, folder: Path) -> None:
        self._wait(
            self._desk.jobs.write(
                lambda home: facts.use_folder(home, folder),
                self._folder_used,
                self._folder_refused,
                owner=self,
            ),
            stops=False,
        )

    def _folder_used(self, setup: Setup) -> None:
        self._wait(None)
        self.folder.edit.blockSignals(True)
        self.folder.edit.clear()
        self.folder.edit.blockSignals(False)
        self._forget_draft()
        self._close()
        self._say("ok", f"This PC meets the others in {setup.folder}.{_moving(setup)}")
        self.changed.emit()

    def _folder_refused(self, error: UserError) -> None:
        self._wait(None)
        self.folder.set_error(f"{error.what} {error.do or ''}".strip())
        self.folder.edit.setFocus()

    # ---- a store

    def test_store(self) -> None:
        """Test the store that was typed; if all of it works, let the PCs meet there."""
        typed = self.store.typed
        self.banner.hide()
        self.steps.hide()
        self._wait(
            self._desk.jobs.errand(
                lambda _: try_out(typed.access()),
                self._tested,
                self._store_refused,
                owner=self,
                lane=f"place {self._stopped}",
            ),
            "Testing the store.",
        )

    def _tested(self, told: Trial) -> None:
        self.steps.clear()
        for step in told.steps:
            state = "ok" if step.fault is None else "late"
            self.steps.flow.addWidget(StateChip(state, step.words))
        self.steps.show()
        if told.fault is not None:
            self._wait(None)
            self._say(
                "late",
                f"The store did not pass the test. {told.fault.what} {told.advice} Nothing was "
                "changed.",
            )
            return
        self._wait(
            self._desk.jobs.write(
                lambda home: facts.use_store(home, told), self._store_used, self._store_refused,
                owner=self,
            ),
            stops=False,
        )  # fmt: skip

    def _store_used(self, told: Trial) -> None:
        self._wait(None)
        for edit in (self.store.address, self.store.region, self.store.certificate.edit):
            edit.clear()
        self._forget_draft()
        self._close()
        self.steps.show()
        both = self._standing is not None and self._standing.setup is not None
        more = f" {_EVERY_PC}" if both else ""
        self._say(
            "ok",
            f"Tested: this PC meets the others in {told.access.place.shown}. The key is kept "
            f"encrypted.{more}",
        )
        self.changed.emit()

    def _store_refused(self, error: UserError) -> None:
        self._wait(None)
        if not self.store.refuse(error):
            self._say("late", str(error))

    # ---- leaving one of two

    def _ask_leave(self, *, folder: bool) -> None:
        place = "folder" if folder else "store"
        self._ask(
            f"Leave the {place}?",
            "Do this once every PC has been set up for the new place: a PC that only knows the old "
            "one would send and fetch there alone. What lies there stays, encrypted.",
            f"Leave the {place}",
            "Go by both",
            lambda: self._leave(folder=folder),
        )

    def _leave(self, *, folder: bool) -> None:
        self.banner.hide()

        def left(setup: Setup) -> None:
            self._say("ok", f"This PC meets the others in {setup.shown} alone now.")
            self.changed.emit()

        self._desk.jobs.write(
            lambda home: facts.leave(home, folder=folder), left,
            lambda error: self._say("late", str(error)), owner=self,
        )  # fmt: skip

    def _ask(self, question: str, words: str, do: str, keep: str, act: Any) -> None:
        self.dialog = ConfirmDialog(self.window(), question, words, do=do, keep=keep)
        self.dialog.accepted.connect(act)
        self.dialog.open()

    # ---- drafts: never a key

    def _typed(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        texts = {
            "folder": self.folder.edit.text(),
            "address": self.store.address.text(),
            "region": self.store.region.text(),
            "certificate": self.store.certificate.edit.text(),
        }
        return texts, {}

    def _forget_draft(self) -> None:
        if self._desk.jobs.home is not None:
            self.keeper.forget()

    def _restore(self, draft: Draft | None) -> None:
        if draft is None:
            return
        for name, edit in (
            ("folder", self.folder.edit),
            ("address", self.store.address),
            ("region", self.store.region),
            ("certificate", self.store.certificate.edit),
        ):
            edit.blockSignals(True)
            edit.setText(str(draft.typed.get(name, "")))
            edit.blockSignals(False)


def _words(standing: Standing, *, both: bool) -> str:
    """Return how it stands in a sentence."""
    setup = standing.setup
    if standing.cut_off:
        return f"{NOWHERE} Choose the place that they go by."
    if setup is None:
        return (
            "This home is on this PC alone. To have it on others too, choose a place that all of "
            "them reach; what lies there is encrypted, and whoever keeps it can read nothing."
        )
    last = "not exchanged here yet" if setup.last is None else (
        f"last exchanged {times.show_time(setup.last)}"
    )  # fmt: skip
    if both:
        return f"This home is moving and goes by both places, {last}. {_EVERY_PC}"
    return f"Everything there is encrypted, {last}."


def _moving(setup: Setup) -> str:
    return f" {_EVERY_PC} Then leave the old place." if setup.store else ""
