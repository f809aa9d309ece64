"""What every form that keeps itself has: title, Save, banner, draft, and words typed while it saves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.services.editing import Unfit
from liaison.ui import clock
from liaison.ui.parts.keeper import Keeper
from liaison.ui.parts.notice import Notice
from liaison.ui.parts.quick import QuickAdd
from liaison.ui.widgets import Button, PageHeader, ScrollPage, spaced

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from liaison.errors import UserError
    from liaison.records import Problem
    from liaison.services.drafts import About, Draft
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import Candidate

T = TypeVar("T")


class FormFrame(QWidget):
    """A form whose words are never lost: what a disk refuses stays, what is typed is a draft.

    A form that is one of these says what it holds (:meth:`_to_keep`, :meth:`_all_typed`), opens
    with :meth:`_found_draft`, and saves with :meth:`_save_with`.

    Args:
        desk: The desk.
        about: Where its draft is kept.
        title: What it is for.
        subtitle: A sentence below that.
        save: The words of its Save button.
        named: Its name for a screen reader.
        actions: Buttons that stand before "Finish later" and Save.
    """

    left = Signal()
    """Somebody wants to go on with it later; what was typed is kept."""
    ready = Signal()
    """The form is filled in as far as it can be, and can be typed into."""

    def __init__(  # noqa: PLR0917  # its words
        self,
        desk: Desk,
        about: About,
        title: str,
        subtitle: str,
        save: str,
        named: str,
        actions: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self._touched: set[str] = set()
        self._saving = False
        self._ending = False
        self.keeper = Keeper(desk, about, self._to_keep, self)
        self.keeper.kept.connect(self._tell_kept)
        self.keeper.failed.connect(self._tell_not_kept)
        self.save_button = Button(save, "check", Button.PRIMARY, shortcut="Ctrl+S")
        self.save_button.setEnabled(False)
        self.save_button.clicked.connect(self.save)
        self.later = Button("Finish later")
        self.later.setToolTip("What you have typed is kept on this PC")
        self.later.clicked.connect(self._leave)
        self.header = PageHeader(title, subtitle, (*actions, self.later, self.save_button))
        self.banner = Notice()
        self.sheet = ScrollPage(margins=(0, 0, 0, 0))
        column = spaced(QVBoxLayout(self), 12)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self.sheet, 1)
        self.setAccessibleName(named)

    # ---- what each form does in its own way

    def save(self) -> None:
        """Save it, if it is right; otherwise say at each field what is not."""
        raise NotImplementedError

    def _found_draft(self, draft: Draft | None) -> None:
        """Open with a draft, or without one."""
        raise NotImplementedError

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        """Return what was typed, for the draft, and the versions that had been shown."""
        raise NotImplementedError

    def _all_typed(self) -> Mapping[str, Any]:
        """Return what lies in every field, to compare with later."""
        raise NotImplementedError

    def _typed_since(self, before: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the names of the fields in which something else lies than before."""
        raise NotImplementedError

    def _refuse(self, problems: list[Problem]) -> None:
        """Say what kept it from being saved."""
        raise NotImplementedError

    # ---- opening

    def _open(self) -> None:
        """Look for the draft, then open; without knowing of it the form stays shut."""
        self.keeper.find(self._found_draft, self._cannot_open)

    def _cannot_open(self, error: UserError) -> None:
        self.banner.trouble(error, self._open)

    # ---- drafts

    def _tell_kept(self, draft: Draft) -> None:
        at = clock.hour(clock.in_london(draft.at))
        self.header.set_subtitle(
            f"Draft kept on this PC at {at}. Nothing is lost if the power goes.",
            "circle-check",
            "ok",
        )
        if self.banner.act == self.keeper.keep:
            self.banner.put_away()

    def _tell_not_kept(self, error: UserError) -> None:
        if not self.isVisible():
            # nobody looks at this form any more
            self.desk.trouble(error)
        words = "What you have typed is still here, but no draft of it can be kept."
        self.banner.tell(f"{words} {error.what}", "Try again", self.keeper.keep)

    def _tell_begun(self, draft: Draft) -> None:
        at = clock.ago(draft.at, self.desk.today())
        self.header.set_subtitle(f"You began this {at}. It is as you left it.", "history", "muted")

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed when the form leaves the screen."""
        super().hideEvent(event)
        self.keeper.keep()

    def _leave(self) -> None:
        self.keeper.keep_then(self.left.emit)

    # ---- saving

    @property
    def is_saving(self) -> bool:
        """Whether it is being saved, and must stay until that has ended."""
        return self._saving

    def _save_with(
        self, work: Callable[[OpenHome], T], done: Callable[[T, tuple[str, ...]], object]
    ) -> None:
        """Save in a write job; the form goes on taking keys meanwhile.

        Args:
            work: Saves it, on the writer's thread.
            done: Gets what ``work`` returns, and the names of the fields in which something else
                lies now than when Save was pressed.
        """
        self._saving = True
        self.save_button.setEnabled(False)
        before = self._all_typed()

        def saved(answer: T, _: Draft | None) -> None:
            self._saving = False
            done(answer, self._typed_since(before))
            self._end_if_left()

        self.keeper.save(work, saved, self._not_saved)

    def _not_saved(self, error: UserError) -> None:
        self._saving = False
        self.save_button.setEnabled(True)
        if isinstance(error, Unfit):
            self._refuse(list(error.problems))
        else:
            self.banner.trouble(error, self.save)
        if not self.isVisible():
            # nobody looks at this form any more
            self.desk.trouble(error)
        self._end_if_left()

    def end(self) -> None:
        """Be gone for good, but not before a save that is under way has ended."""
        self._ending = True
        self.hide()
        if not self._saving:
            self._end_if_left()

    def _end_if_left(self) -> None:
        if self._ending:
            # a draft of what was typed meanwhile outlives the form
            self.keeper.keep()
            self.deleteLater()

    def _go_on(self, words: str, touched: Iterable[str], about: About | None = None) -> None:
        """Let what was typed while it was being saved stand in the form, as a draft.

        Args:
            words: What is to be known about it.
            touched: The fields it was typed into.
            about: Where its draft is kept from now on, if that is another place.
        """
        self._touched = set(touched)
        self.save_button.setEnabled(True)
        self.banner.tell(words, kind="info")
        self.keeper.go_on(about)

    # ---- adding on the way

    def _add_in_place(
        self, type_name: str, typed: str, anchor: QWidget, done: Callable[[Candidate], object]
    ) -> None:
        about = self.keeper.about
        form = f"{about.type}/{about.page}"
        QuickAdd(self.desk, type_name, typed, anchor, done, form).begin()
