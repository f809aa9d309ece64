"""The page on which visits are recorded, planned, gone on with and corrected."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records import all_specs
from liaison.security.roles import Action, who_may
from liaison.services.drafts import About
from liaison.ui.page import Page
from liaison.ui.pages import PAGES
from liaison.ui.pages.record_visit import facts
from liaison.ui.pages.record_visit.form import VisitForm
from liaison.ui.pages.record_visit.typed import (
    PLANNED,
    Note,
    Sheet,
    new_part,
    new_sheet,
    reference,
)
from liaison.ui.parts.unfinished import PAGE, about_of, new_about
from liaison.ui.widgets import Button, PageHeader, spaced

if TYPE_CHECKING:
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.pages.record_visit.facts import Visitor
    from liaison.ui.pages.record_visit.saving import Kept


class RecordVisitPage(Page):
    """Record a visit.

    It is gone to with nothing (a new visit, or the one that is open), or with a mapping of:
    ``resident`` (whom the visit is about), ``contact`` (who came), ``visit`` (a saved one to go on
    with or correct; with ``happened`` a planned one to record), ``planned`` (one that lies ahead),
    ``draft`` (where a draft is kept).

    Args:
        desk: The desk.
    """

    name: ClassVar[str] = PAGE
    title: ClassVar[str] = "Record a visit"
    icon: ClassVar[str] = "stethoscope"
    roles: ClassVar[frozenset[str]] = frozenset(who_may(Action.RECORD))
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+Down", "Next resident"),
        ("Ctrl+Up", "Resident before"),
        ("Ctrl+R", "Add a resident"),
        ("Ctrl+F", "Follow-up"),
        ("Ctrl+S", "Save visit"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.form: VisitForm | None = None
        self.save_button = Button("Save visit", "check", Button.PRIMARY, shortcut="Ctrl+S")
        self.save_button.clicked.connect(self._save)
        self.later = Button("Finish later")
        self.later.setToolTip("What you have typed is kept on this PC")
        self.later.clicked.connect(self.finish_later)
        self.happened = Button("It has happened")
        self.happened.clicked.connect(self._has_happened)
        self.happened.hide()
        self.header = PageHeader(self.title, "", (self.happened, self.later, self.save_button))
        top = QWidget()
        spaced(QVBoxLayout(top), 0, (24, 20, 24, 12)).addWidget(self.header)
        self._column = spaced(QVBoxLayout(self), 0)
        self._column.addWidget(top)
        self._begun = False
        self._next: Callable[[], None] | None = None
        """What somebody asked to see while a visit was being saved."""

    # ---- what is shown

    def refresh(self) -> None:
        """Begin a visit, unless one is open; what is being typed is never read over."""
        if self.form is None:
            # not at once: the page may have been gone to for a certain visit
            QTimer.singleShot(0, self, self._begin_blank)
        elif self.form.is_blank:
            self.form.refresh_beginning()

    def show_start(self) -> None:
        """Begin a visit, unless one is open: the last one may have been saved or left since."""
        if self.form is None:
            QTimer.singleShot(0, self, self._begin_blank)

    def _begin_blank(self) -> None:
        if not self._begun:
            self.begin(new_sheet())

    def show_argument(self, argument: object) -> None:
        """Show a visit; what was open and not finished is kept as a draft.

        Args:
            argument: See the class.
        """
        if not isinstance(argument, Mapping):
            return
        draft, visit = argument.get("draft"), argument.get("visit")
        if isinstance(draft, About):
            self._open(draft, None if draft.record is not None else new_sheet())
        elif isinstance(visit, int):
            self._open(about_of(visit), None, happened=bool(argument.get("happened")))
        elif isinstance(contact := argument.get("contact"), int):
            self._begin_with(contact)
        elif isinstance(resident := argument.get("resident"), int):
            self._begin_about(resident)
        else:
            self.begin(new_sheet(planned=bool(argument.get("planned"))))

    def open_form(self) -> object:
        """Return the visit that is being written."""
        return {"draft": self.form.about} if self.form is not None and self.form.begun else None

    def reopen(self, form: object) -> None:
        """Go on with a visit that was left open."""
        self.show_argument(form)

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a visit, to go on with it."""
        if type_name == "visit":
            self._open(about_of(identity), None)

    def begin(self, sheet: Sheet) -> None:
        """Begin a new visit."""
        # a draft of its own: somebody may have several visits to finish
        self._open(new_about(secrets.token_hex(8)), sheet)

    def _begin_about(self, resident: int) -> None:
        sheet = new_sheet()
        sheet.notes.append(Note(new_part("visit_entry", resident=reference(resident))))
        sheet.open = 0
        self.begin(sheet)

    def _begin_with(self, contact: int) -> None:
        def chosen(visitor: Visitor) -> None:
            sheet = new_sheet()
            sheet.visit.typed["professional"] = reference(visitor.contact)
            sheet.visit.typed["organisation"] = reference(visitor.organisation)
            self.begin(sheet)

        def read(store: Store) -> Visitor:
            return facts.contact_chosen(store, contact)

        self._begun = True
        self.desk.jobs.read(read, chosen, self.desk.trouble, latest=(id(self), "who"), owner=self)

    def _open(self, about: About, sheet: Sheet | None, *, happened: bool = False) -> None:
        before = self.form
        if before is not None and before.about == about and sheet is None:
            return
        self._begun = True
        show = functools.partial(self._show_form, about, sheet, happened=happened)
        if before is None:
            show()
        elif before.is_saving:
            # gone from now, nobody would learn whether it was saved
            self._next = show
        else:
            # what was typed goes from the screen only once it is kept as a draft
            before.keeper.keep_then(show)

    def _show_form(self, about: About, sheet: Sheet | None, *, happened: bool) -> None:
        before = self.form
        if before is not None:
            self._column.removeWidget(before)
            before.hide()
            before.deleteLater()
        self.form = form = VisitForm(self.desk, about, sheet, happened=happened, parent=self)
        form.told.connect(self.header.set_subtitle)
        form.ready.connect(self._opened)
        form.saved.connect(self._saved)
        form.status_changed.connect(self._name)
        form.planned_asked.connect(self._record_planned)
        form.working.connect(functools.partial(self._working, form))
        self._column.addWidget(form, 1)
        form.show()
        self._name()

    def _working(self, form: VisitForm, busy: bool) -> None:  # noqa: FBT001  # a signal's
        for button in (self.save_button, self.later):
            button.setEnabled(not busy)
        if not busy and not form.is_saved:
            # what went wrong is said in the form, so it stays in sight
            self._next = None

    def _record_planned(self, visit: int) -> None:
        """Record a planned visit; of what was typed instead only who came is let go."""
        show = functools.partial(self._open, about_of(visit), None, happened=True)
        if self.form is not None and self.form.begun and not self.form.sheet.notes:
            self.form.keeper.forget(lambda _: show())
        else:
            show()

    def _opened(self) -> None:
        self._name()
        self.filled.emit()

    def _name(self) -> None:
        """Call the page what is being done."""
        form = self.form
        ready = form is not None and form.is_filled
        planned = ready and form is not None and form.sheet.status == PLANNED
        saved = form is not None and form.about.record is not None
        self.happened.setVisible(bool(planned and saved))
        label = all_specs()["visit"].label.lower()
        if planned:
            self.header.set_title(f"Plan a {label}" if not saved else f"Change a planned {label}")
            self.save_button.set_words("Save plan")
        else:
            self.header.set_title(
                f"Correct a {label}" if saved and not self._records else self.title
            )
            self.save_button.set_words(f"Save {label}")

    @property
    def _records(self) -> bool:
        """Whether a planned visit is being recorded."""
        whole = self.form.whole if self.form is not None else None
        return whole is not None and getattr(whole.visit.record, "status", "") == PLANNED

    # ---- what is done

    def _save(self) -> None:
        if self.form is not None:
            self.form.save()

    def _has_happened(self) -> None:
        if self.form is not None:
            self.form.strip.set_happened()

    def _saved(self, kept: Kept) -> None:
        self._put_away()
        show, self._next = self._next, None
        if show is not None:
            show()
        elif "visits" in PAGES:
            self.desk.open("visit", kept.visit)
        else:
            self.begin(new_sheet())

    def finish_later(self) -> None:
        """Leave the visit; what was typed is kept, and found here and on Today."""
        form = self.form
        if form is None or form.is_saving:
            return
        form.keeper.keep_then(functools.partial(self._finish_later, form))

    def _finish_later(self, form: VisitForm) -> None:
        if form is not self.form:
            return
        about, begun = form.about, form.begun
        self._put_away()
        if begun:
            self.desk.say(
                "Kept as a draft. You find it here and on Today.",
                lambda: self.desk.go(PAGE, {"draft": about}),
            )
        if "today" in PAGES:
            self.desk.go("today")
        else:
            self.begin(new_sheet())

    def _put_away(self) -> None:
        form, self.form = self.form, None
        self._begun = False
        if form is not None:
            self._column.removeWidget(form)
            form.hide()
            form.deleteLater()
        self.header.set_subtitle("")
