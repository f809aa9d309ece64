"""Where the PCs of the home meet: a shared folder, an object store, and moving from one to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.services.drafts import About
from liaison.services.pcs import meeting_places
from liaison.services.pcs.restored import NOWHERE
from liaison.sync.object_store_trial import try_out
from liaison.ui.pages.settings.pcs import facts, moving
from liaison.ui.pages.settings.pcs.lines import Lines
from liaison.ui.pages.settings.pcs.moving import EVERY_PC, FOLDER, STORE, MoveCard
from liaison.ui.pages.settings.pcs.place_forms import WIDE, FolderForm, PlaceLine, StorePart
from liaison.ui.parts.keeper import Keeper
from liaison.ui.walking import bring_into_sight, reveal
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    ConfirmDialog,
    FlowRow,
    ProgressLine,
    StateChip,
    Wrap,
    spaced,
)
from liaison.ui.widgets.returning import Place

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.drafts import Draft
    from liaison.services.pcs.meeting_places import Setup
    from liaison.sync.object_store_trial import Trial
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job
    from liaison.ui.pages.settings.pcs.facts import Standing
    from liaison.ui.pages.settings.pcs.moving import Move

_PAGE: Final = "meeting-place"


class PlacesCard(Card):
    """Where the PCs meet.

    Args:
        desk: The desk.
    """

    changed = Signal()
    """It is another place now."""
    began = Signal()
    """Somebody does something here: what is said of earlier deeds is over."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Where the PCs meet")
        self._desk = desk
        self._standing: Standing | None = None
        self._job: Job | None = None
        self.dialog: ConfirmDialog | None = None
        self.banner = Banner("ok", "", closable=True)
        self.banner.hide()
        self.words = Wrap("", "muted", widest=WIDE)
        self.folder_line = PlaceLine("folder", "Shared folder")
        self.store_line = PlaceLine("cloud", "Online store")
        self.folder_line.leave.clicked.connect(lambda: self._ask_leave(folder=True))
        self.store_line.leave.clicked.connect(lambda: self._ask_leave(folder=False))
        self.folder_form, self.store_part = FolderForm(), StorePart()
        self.folder, self.store = self.folder_form.folder, self.store_part.store
        self.folder_form.wanted.connect(self.look_at_folder)
        self.store_part.wanted.connect(self.test_store)
        for form in (self.folder_form, self.store_part):
            form.left.connect(self._close)
        self.by_folder = Button("Use a shared folder", "folder-open")
        self.by_store = Button("Use an online store", "cloud")
        self.by_folder.clicked.connect(lambda: self._open(self.folder_form))
        self.by_store.clicked.connect(lambda: self._open(self.store_part))
        self.line = ProgressLine("Looking at the place")
        self.stop = Button("Stop", small=True)
        self.stop_row = FlowRow([self.stop])
        self.doing = Wrap("", "muted")
        self._stopped = 0
        self._follows = False
        """Whether what stands above the banner is about to be written anew."""
        self._before: Place | None = None
        """Where the keyboard was before a form was opened."""
        self._handed_on: QWidget | None = None
        """Where Qt put the keyboard while all that is here rested."""
        self.stop.clicked.connect(self._stop)
        self.steps = FlowRow()
        self.asking = Lines()
        """What is asked before the PCs meet somewhere else."""
        told = spaced(QVBoxLayout(), 12)
        # below the button that was pressed, where somebody looks
        for shown in (self.line, self.doing, self.stop_row, self.steps, self.asking, self.banner):
            told.addWidget(shown)
        for part in (
            self.words, self.folder_line, self.store_line, FlowRow([self.by_folder, self.by_store]),
            self.folder_form, self.store_part,
        ):  # fmt: skip
            self.add(part)
        # a layout takes no room while nothing of it is shown; a part would
        self.body.addLayout(told)
        for later in (
            self.folder_form, self.store_part, self.steps, self.line, self.doing, self.stop_row,
            self.asking,
        ):  # fmt: skip
            later.hide()
        self.keeper = Keeper(desk, About("pc", None, _PAGE), self._typed, self)
        self.folder.edit.textChanged.connect(lambda _: self.keeper.note())
        self.store.changed.connect(self.keeper.note)
        self.keeper.find(self._restore, desk.trouble)

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
        # what is above it may grow with each round; whoever reads something else stays there
        if self._follows or not self.banner.visibleRegion().isEmpty():
            self._follows = False
            self._to_banner()

    def _begin(self) -> None:
        self.banner.hide()
        self.began.emit()

    def _open(self, part: QWidget) -> None:
        self._begin()
        self.steps.hide()
        self._before, self._handed_on = Place(self), None
        self.folder_form.setVisible(part is self.folder_form)
        self.store_part.setVisible(part is self.store_part)
        first: QWidget = self.folder.edit
        if part is self.store_part:
            self.store.begin()
            first = self.store.address
        else:
            first.setFocus()

        def bring() -> None:
            # the buttons at its foot as well, as far as the window is tall enough
            for each in (part, first):
                bring_into_sight(each)

        QTimer.singleShot(0, part, bring)

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
        # whoever went on elsewhere while it was tested stays there
        within = self._has_keyboard
        self.folder_form.hide()
        self.store_part.hide()
        self.steps.hide()
        if within and self._before is not None:
            self._before.give_back()

    @property
    def _has_keyboard(self) -> bool:
        """Whether nobody went on elsewhere: Qt would hand the keys to what is not even in sight."""
        focus: QWidget | None = self.window().focusWidget()
        here = focus is None or focus is self._handed_on or self.isAncestorOf(focus)
        return here and self.isVisible()

    def _say(self, kind: str, words: str) -> None:
        """Say what became of it, and scroll there: the form above may be as tall as the window."""
        self.banner.say(kind, words)
        self._to_banner()

    def _to_banner(self) -> None:
        QTimer.singleShot(0, self.banner, lambda: reveal(self.banner))

    def _done(self, words: str) -> None:
        """Say that they meet somewhere else now; that stays in sight while the card follows."""
        self._say("ok", words)
        self._follows = True
        self.changed.emit()

    def _wait(self, job: Job | None, words: str = "", *, stops: bool = True) -> None:
        """Show what is under way, and whether it can be stopped; None if nothing is."""
        held = self._has_keyboard
        self._job = job
        self.doing.setText(words)
        self.line.setVisible(job is not None)
        self.doing.setVisible(job is not None)
        self.stop_row.setVisible(job is not None and stops)
        if job is not None:
            QTimer.singleShot(0, self.line, lambda: bring_into_sight(self.stop_row))
        self._rest(job is None)
        if held:
            self._handed_on = self.window().focusWidget()

    def _rest(self, on: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        for part in (self.folder_form, self.store_part, self.by_folder, self.by_store):
            part.setEnabled(on)

    def _stop(self) -> None:
        # what was given up may hang on; the next try does not wait for it
        self._stopped += 1
        if self._job is not None:
            self._job.cancel()
        self._wait(None)
        self._say("info", "Stopped. Nothing was changed.")

    # ---- instead of another place

    @property
    def _setup(self) -> Setup | None:
        return self._standing.setup if self._standing is not None else None

    def _ask_first(self, move: Move | None, act: Callable[[bool], None]) -> None:
        """Ask what becomes of the place before, if there is one.

        Args:
            move: What is to be asked; None for nothing.
            act: Does it, with whether the place of the other kind is left at once.
        """
        if move is None:
            act(False)
            return
        held = self._has_keyboard
        self._rest(False)
        self.banner.hide()
        by_folder = not self.folder_form.isHidden()
        pressed = self.folder_form.use if by_folder else self.store_part.test

        def put_away() -> None:
            # first: the keyboard goes on to something that can be pressed
            self._rest(True)
            self.asking.show_lines([])
            self.asking.hide()

        def agreed(alone: bool) -> None:  # noqa: FBT001  # a signal's
            put_away()
            act(alone)

        def stay() -> None:
            put_away()
            pressed.setFocus(Qt.FocusReason.OtherFocusReason)
            self._say("info", "Nothing was changed.")

        card = MoveCard(move)
        card.agreed.connect(agreed)
        card.left.connect(stay)
        self.asking.show_lines([card])
        self.asking.show()
        card.begin(takes_keyboard=held)

    def _next(self, setup: Setup) -> str:
        """Return what is to be done after the place was set up, as the end of what is said."""
        if setup.folder and setup.store:
            # what is to be done on each stands in the card already, as long as it goes by both
            return " Once every PC has been set up for it, leave the old place."
        moved = self._setup is not None and self._setup.shown != setup.shown
        return f" {EVERY_PC}" if moved else ""

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
        mine, wanted = home.folder, Path(self.folder.path)
        self._begin()
        # on a thread that nobody waits for: a share that is not there answers late
        self._wait(
            self._desk.jobs.errand(
                lambda _: meeting_places.usable_folder(mine, wanted),
                self._folder_seen,
                self._folder_refused,
                owner=self,
                lane=f"place {self._stopped}",
            ),
            "Looking at the folder.",
        )

    def _folder_seen(self, folder: Path) -> None:
        self._wait(None)
        move = moving.to_folder(self._setup, str(folder))
        self._ask_first(move, lambda alone: self._use_folder(folder, alone=alone))

    def _use_folder(self, folder: Path, *, alone: bool) -> None:
        self._wait(
            self._desk.jobs.write(
                lambda home: facts.use_folder(home, folder, alone=alone),
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
        self._done(f"This PC meets the others in {setup.folder}.{self._next(setup)}")

    def _folder_refused(self, error: UserError) -> None:
        self._wait(None)
        self.folder.set_error(f"{error.what} {error.do or ''}".strip())
        if self._has_keyboard:
            self.folder.edit.setFocus()

    # ---- a store

    def test_store(self) -> None:
        """Test the store that was typed; if all of it works, let the PCs meet there."""
        typed = self.store.typed
        self._begin()
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
        self._wait(None)
        move = moving.to_store(self._setup, told.access.place.shown)
        self._ask_first(move, lambda alone: self._use_store(told, alone=alone))

    def _use_store(self, told: Trial, *, alone: bool) -> None:
        self._wait(
            self._desk.jobs.write(
                lambda home: facts.use_store(home, told, alone=alone),
                self._store_used,
                self._store_refused,
                owner=self,
            ),
            stops=False,
        )

    def _store_used(self, setup: Setup) -> None:
        self._wait(None)
        for edit in (self.store.address, self.store.region, self.store.certificate.edit):
            edit.clear()
        self._forget_draft()
        self._close()
        self.steps.show()
        self._done(
            f"Tested: this PC meets the others in {setup.store}. The key is kept "
            f"encrypted.{self._next(setup)}"
        )

    def _store_refused(self, error: UserError) -> None:
        self._wait(None)
        if not self.store.refuse(error):
            self._say("late", str(error))

    # ---- leaving one of two

    def _ask_leave(self, *, folder: bool) -> None:
        place = FOLDER if folder else STORE
        behind = self._standing.left_behind.get(place, "") if self._standing is not None else ""
        self._ask(
            f"Leave the {place}?",
            behind
            or f"No PC of this home goes by the {place} alone. What lies there stays, encrypted.",
            f"Leave the {place}",
            "Go by both",
            lambda: self._leave(folder=folder),
        )

    def _leave(self, *, folder: bool) -> None:
        self._begin()

        def left(setup: Setup) -> None:
            self._done(f"This PC meets the others in {setup.shown} alone now.")

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
    never = "not exchanged here yet"
    last = never if setup.last is None else f"last exchanged {times.show_time(setup.last)}"
    if both:
        return f"This home is moving and goes by both places, {last}. {EVERY_PC}"
    return f"Everything there is encrypted, {last if setup.used else never}."
