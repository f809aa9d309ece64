"""One visit as it is written: the strip, the residents, the note that is open, its draft."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.services import drafts, permissions
from liaison.ui import clock, theme
from liaison.ui.pages.record_visit import facts, versions
from liaison.ui.pages.record_visit.notes import Notes
from liaison.ui.pages.record_visit.saver import Saver
from liaison.ui.pages.record_visit.staged import StagedFiles
from liaison.ui.pages.record_visit.strip import Strip
from liaison.ui.pages.record_visit.typed import HAPPENED, PLANNED
from liaison.ui.parts.attached import FileDrop
from liaison.ui.parts.editors import Around
from liaison.ui.parts.keeper import Keeper
from liaison.ui.parts.kept_queries import KeptQueries
from liaison.ui.parts.notice import Notice
from liaison.ui.parts.unfinished import about_of
from liaison.ui.widgets import Columns, ScrollPage, announce, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.records.vocabularies import Vocabularies
    from liaison.services.drafts import About, Draft
    from liaison.services.visit_templates import Template
    from liaison.services.visits import WholeVisit
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.pages.record_visit.facts import Expected, Opening, Visitor
    from liaison.ui.pages.record_visit.saving import Kept, Wrong
    from liaison.ui.pages.record_visit.typed import Sheet
    from liaison.ui.parts.facts import Candidate


class VisitForm(QWidget):
    """A new visit, or one that is gone on with or corrected.

    Args:
        desk: The desk.
        about: Where its draft is kept.
        sheet: What a new one starts from; None for one that is saved.
        happened: Whether a planned visit is recorded now as one that has happened.
    """

    ready = Signal()
    """It is filled in and can be typed into."""
    told = Signal(str, str, str)
    """How safe what was typed is: words, icon, and the icon's colour."""
    saved = Signal(object)
    """It was saved (a :class:`Kept`)."""
    status_changed = Signal()
    """It lies ahead now, or does not any more."""
    planned_asked = Signal(object)
    """Somebody wants to record this planned visit instead (its id)."""
    working = Signal(bool)
    """Whether it is being saved."""

    def __init__(
        self,
        desk: Desk,
        about: About,
        sheet: Sheet | None = None,
        *,
        happened: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.about = about
        self._sheet = sheet
        self._happened = happened
        self._opening: Opening | None = None
        self._names: dict[tuple[str, int], Candidate] = {}
        self._reread = False
        self.begun = False
        """Whether anything was typed, now or before: there is a draft of it."""
        self.keeper = Keeper(desk, about, self._to_keep, self)
        self.keeper.kept.connect(self._tell_kept)
        self.keeper.failed.connect(self._tell_not_kept)
        self.banner = Notice()
        self.strip = Strip(desk)
        self.kept = KeptQueries(desk)
        self.notes = Notes(desk, self._around, self._keep_unseen, self)
        self.people, self.note = self.notes.people, self.notes.note
        self.beginning = self.notes.beginning
        self.files = StagedFiles(desk)
        self.saver = Saver(self, self.keeper)
        self._lay_out()
        self._connect()
        self._open()

    def _lay_out(self) -> None:
        over = spaced(QVBoxLayout(), 0, (24, 0, 24, 12))
        over.addWidget(self.banner)
        self._over = QWidget()
        self._over.setLayout(over)
        self._over.hide()
        self.banner.shown.connect(self._over.setVisible)
        self.area = ScrollPage(spacing=16, margins=(24, 0, 24, 14))
        # shown once it is filled in: half a form would flicker
        self.area.hide()
        column = spaced(QVBoxLayout(self), 0)
        column.addWidget(self._over)
        # before there is anything in it: what gets another parent is styled again, all that is in it
        column.addWidget(self.area, 1)
        self.area.body.addWidget(self.strip)
        self.area.body.addWidget(self.kept)
        self.area.body.addWidget(self.files)
        self.area.body.addWidget(Columns([(self.people, 0), (self.notes.right, 1)]), 1)

    def _connect(self) -> None:
        self.strip.changed.connect(self._typed)
        self.strip.who_chosen.connect(self._offer_planned)
        self.strip.who_chosen.connect(lambda visitor: self.kept.show_for(visitor.contact))
        self.strip.on_to_residents.connect(self._on_to_residents)
        self.strip.planned_changed.connect(self._status_changed)
        self.notes.changed.connect(self._typed)
        self.notes.correcting.connect(self._read_anew)
        self.people.added.connect(lambda _: self.banner.put_away())
        self.note.follow_ups.named.connect(self._learn_name)
        self.note.about_visit_asked.connect(self._about_visit)
        self.beginning.record_asked.connect(self.planned_asked)
        self.beginning.template_asked.connect(self.use_template)
        self.note.template_asked.connect(self.use_template)
        self.note.attach_asked.connect(self.files.ask)
        self.files.changed.connect(self._typed)
        FileDrop(self.area).dropped.connect(self.files.take)
        self.saver.working.connect(self.working)
        self.saver.saved.connect(self._saved)
        self.saver.went_on.connect(self._go_on)
        self.saver.wrong.connect(self._refuse)
        self.saver.failed.connect(lambda error: self.banner.trouble(error, self.save))
        self.desk.jobs.changed.connect(self._written)
        for keys, act in (
            ("Ctrl+Down", self.notes.next_in_list),
            ("Ctrl+Up", functools.partial(self.notes.next_in_list, -1)),
            ("Ctrl+F", self.notes.focus_follow_ups),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the fields follow the window's height."""
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        # never by the height of the card itself: it follows its fields
        above = self.strip.sizeHint().height() + theme.px(16 + 14)
        self.note.share(self.area.viewport().height() - above)

    # ---- opening

    @property
    def sheet(self) -> Sheet:
        """The visit as it is being typed."""
        assert self._sheet is not None  # noqa: S101  # the form is filled in
        return self._sheet

    @property
    def whole(self) -> WholeVisit | None:
        """The saved visit with its versions; None for a new one."""
        return self._opening.whole if self._opening is not None else None

    @property
    def is_filled(self) -> bool:
        """Whether it can be typed into."""
        return self._opening is not None

    @property
    def opening(self) -> Opening | None:
        """What it was filled in from; None while it is being read."""
        return self._opening

    @property
    def is_saving(self) -> bool:
        """Whether it is being saved, and must stay until that has ended."""
        return self.saver.is_saving

    @property
    def is_saved(self) -> bool:
        """Whether it was saved."""
        return self.saver.is_done

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed that would be lost."""
        return self._sheet is None or self._sheet.is_blank

    def _open(self) -> None:
        # its many fields in a turn of their own: all at once, the window would stand still
        self.desk.jobs.read(
            lambda store: store.vocabularies, self._make_fields, self._cannot_open, owner=self
        )

    def _make_fields(self, words: Vocabularies) -> None:
        """Look for the draft, then open; without knowing of it the form stays shut."""
        self.notes.make(words)
        self.keeper.find(self._found_draft, self._cannot_open)

    def _found_draft(self, draft: Draft | None) -> None:
        visit, sheet, happened = self.about.record, self._sheet, self._happened

        who = self.desk.person

        def read(store: Store) -> Opening:
            if visit is not None:
                permissions.refuse_opening(store, who.role, who.id, "visit", visit)
            opening = facts.opening(store, visit, sheet)
            if happened:
                facts.as_happened(opening.sheet)
            if draft is not None:
                opening.sheet.take_draft(draft.typed)
                whole = versions.as_shown(opening.whole, opening.sheet, draft)
                return facts.around(store, opening.sheet, whole)
            return opening

        self.desk.jobs.read(
            read, functools.partial(self._fill, draft), self._cannot_open, owner=self
        )

    def _cannot_open(self, error: UserError) -> None:
        self.banner.trouble(error, self._open)

    def _fill(self, draft: Draft | None, opening: Opening) -> None:
        self.banner.put_away()
        self._opening = opening
        self._sheet = opening.sheet
        self._names = dict(opening.names)
        self.strip.show_opening(opening)
        self.kept.show_for(None if self.strip.visitor is None else self.strip.visitor.contact)
        self.files.show_sheet(opening.sheet)
        self._tell_template(opening.template(opening.sheet.template))
        self.notes.show_opening(opening)
        self._tell_template(opening.template(opening.sheet.template))
        self.area.show()
        if draft is not None:
            self.begun = True
            at = clock.ago(draft.at, self.desk.today())
            self.told.emit(f"You typed this {at}. It is as you left it.", "history", "muted")
        else:
            # said at once: a sentence that came with the first letters would push the form down
            self.told.emit("What you type is kept on this PC by itself.", "", "muted")
        self.note.set_about_visit_shown(shown=self.strip.unfolded)
        self._name_parts()
        self._share_height()
        self.refresh_beginning()
        self.focus_first()
        self.ready.emit()

    def use_template(self, template: Template) -> None:
        """Fill in what is usual for a kind of visit; what was typed already stays."""
        sheet = self.sheet
        sheet.template = template.value
        sheet.many = bool(template.answers)
        sheet.visit.typed["kind"] = template.kind
        sheet.visit.typed["urgency"] = template.urgency
        self.strip.show_choices()
        self.notes.use_template(template, self._day)
        self._tell_template(template)
        self._typed()
        self.notes.show_open()
        announce(self, f"{template.label}: what is usual is filled in")
        if not sheet.notes and not self.notes.is_grid:
            self._on_to_residents()

    def _tell_template(self, template: Template | None) -> None:
        """Let every part know of the usual kind of visit that is chosen."""
        assert self._opening is not None  # noqa: S101  # the form is filled in
        templates = self._opening.templates if self.about.record is None else ()
        self.beginning.show_templates(templates, self.sheet.template)
        self.notes.know_template(template, self._day)
        self.note.set_templates(templates, template, self._day)

    @property
    def _day(self) -> dt.date:
        """The day of the visit; today while that is not known."""
        at = self.strip.arrived.value
        return times.in_london(at).date() if isinstance(at, dt.datetime) else self.desk.today()

    def refresh_beginning(self) -> None:
        """Read anew what a visit can begin with."""
        blank = self.is_blank and self.about.record is None and not self._planned
        self.beginning.set_blank(blank=blank)
        if blank and not self.sheet.notes:
            today = self.desk.today()

            def shown(found: tuple[Expected, ...]) -> None:
                self.beginning.show_expected(found, today)

            self.desk.jobs.read(
                lambda store: facts.expected(store, today), shown, self.desk.trouble, owner=self
            )
            self.beginning.unfinished.refresh()

    def focus_first(self) -> None:
        """Put the cursor where typing goes on."""
        if self.strip.visitor is None or not self.sheet.notes or self.strip.arrived.value is None:
            self.strip.focus_who()
        else:
            self.note.focus_first()

    def _around(self) -> Around:
        assert self._opening is not None  # noqa: S101  # the form is filled in
        return Around(self.desk, self._opening.vocabularies, self._names)

    # ---- drafts

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        return self.sheet.to_draft(), versions.shown(self.whole, self.sheet)

    def _typed(self) -> None:
        if self.is_saved:
            return
        self.begun = True
        self.keeper.note()
        self.beginning.set_blank(blank=False)
        self.notes.show_lines()

    def _tell_kept(self, draft: Draft) -> None:
        at = clock.hour(clock.in_london(draft.at))
        words = f"Draft kept on this PC at {at}."
        if theme.roomy():
            words += " Nothing is lost if the power goes."
        self.told.emit(words, "circle-check", "ok")
        if self.banner.act == self.keeper.keep:
            self.banner.put_away()

    def _tell_not_kept(self, error: UserError) -> None:
        if not self.isVisible():
            # nobody looks at this form any more
            self.desk.trouble(error)
        self.told.emit("Not kept as a draft yet.", "circle-x", "late")
        words = "What you have typed is still here, but no draft of it can be kept."
        self.banner.tell(f"{words} {error.message}", "Try again", self.keeper.keep)

    def keep(self) -> None:
        """Keep now what is not kept yet."""
        if self._opening is not None:
            self.keeper.keep()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed when the form leaves the screen."""
        super().hideEvent(event)
        self.keep()

    def _keep_unseen(self, name: str) -> None:
        """Keep what is on the sheet as a draft, after the form was left."""
        desk, about, (typed, shown) = self.desk, self.about, self._to_keep()
        desk.jobs.write(
            lambda home: drafts.save(home, about, typed, shown),
            lambda _: desk.say(f"{name} is back in the draft."),
            desk.trouble,
            owner=desk,
        )

    @property
    def _planned(self) -> bool:
        return self.sheet.status != HAPPENED

    def _read_anew(self) -> None:
        self._reread = True

    def _written(self, touched: frozenset[str]) -> None:
        if self._reread and "visit_entry" in touched and not self.is_saving:
            # a note was moved or struck through here: show the visit as it is now
            self._reread = False
            self.keep()
            self._open()

    def _learn_name(self, candidate: Candidate) -> None:
        self._names["staff", candidate.id] = candidate

    # ---- keys

    def _on_to_residents(self) -> None:
        if self.sheet.notes:
            self.note.focus_first()
        else:
            self.people.ask()

    def _offer_planned(self, visitor: Visitor) -> None:
        """Offer the visit that was planned for whoever came, so that it is not there twice."""
        same = [
            one
            for one in self.beginning.expected
            if (one.who.contact, one.who.organisation) == (visitor.contact, visitor.organisation)
        ]
        if not same or self.sheet.notes or self._planned or self.about.record is not None:
            return
        one = same[0]
        when = clock.ago(one.at, self.desk.today())
        self.banner.tell(
            f"{one.who.name} was expected {when}, and nobody has recorded that visit yet.",
            "Record that one",
            functools.partial(self.planned_asked.emit, one.visit),
            kind="info",
        )

    def _about_visit(self) -> None:
        self.strip.unfold()
        self._share_height()
        self.note.set_about_visit_shown(shown=True)
        self.area.ensureWidgetVisible(self.strip)

    def _name_parts(self) -> None:
        """Ask about what is to come in other words than about what was."""
        planned = self.sheet.status == PLANNED
        self.people.set_title("Residents to see" if planned else "Residents seen")
        self.beginning.set_planned(planned=planned)

    def _status_changed(self) -> None:
        self._name_parts()
        self.notes.show_open()
        self.status_changed.emit()
        if self.sheet.status == PLANNED:
            announce(self, "It lies ahead, so it is kept as a planned visit.")

    # ---- saving

    def save(self) -> None:
        """Save the visit, if it is right; otherwise say at each place what is not."""
        if self._opening is not None:
            self.saver.save()

    def _saved(self, kept: Kept) -> None:
        self.notes.is_over = True
        self.saved.emit(kept)

    def _go_on(self, kept: Kept) -> None:
        """Leave what was typed while the visit was being saved, as a correction to it."""
        assert self._opening is not None  # noqa: S101  # it was saved
        self._opening = dataclasses.replace(self._opening, whole=kept.whole)
        self.about = about_of(kept.visit)
        self.keeper.go_on(self.about)
        self.notes.now_saved(kept.whole)
        self._name_parts()
        self.status_changed.emit()
        self.banner.tell(
            "Saved as it stood when you pressed Save. What you typed since is still here: save "
            "once more.",
            kind="info",
        )

    def _refuse(self, wrong: Wrong) -> None:
        self.strip.tell(wrong.visit)
        places = [n for n, note in enumerate(self.sheet.notes) if note.is_wrong]
        if places and self.sheet.open not in places and not wrong.visit:
            self.sheet.open = places[0]
        self.notes.show_open()
        count = "1 thing" if wrong.count == 1 else f"{wrong.count} things"
        names = self.notes.names()
        at = [names[place] for place in places]
        where = ["Who and when"] if wrong.visit else []
        said = f"Not saved yet: {count} to put right. {', '.join([*where, *at])}."
        self.banner.tell(" ".join([said, *wrong.elsewhere]))
        if self.strip.focus_wrong() or self.people.focus_wrong():
            return
        if self.notes.is_grid:
            self.notes.grid.focus_wrong()
        else:
            self.note.focus_wrong()
