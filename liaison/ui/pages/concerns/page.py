"""Concerns and queries: raising one, the lists, and the card with the trail of whichever is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from liaison.records.casework import Concern
from liaison.records.rules.concerns import NOW
from liaison.security.roles import Action, may
from liaison.services import concerns, permissions
from liaison.store.query import Condition
from liaison.ui import theme
from liaison.ui.pages.concerns import facts
from liaison.ui.pages.concerns.card import ConcernCard
from liaison.ui.pages.concerns.facts import RAISING, TYPE, Begun, ConcernFacts
from liaison.ui.pages.concerns.forms import RaiseForm, StepForm
from liaison.ui.parts.answers import asked_about
from liaison.ui.parts.last_chosen import remembered_tab
from liaison.ui.parts.list_and_card import ListAndCard
from liaison.ui.parts.reason import ReasonDialog
from liaison.ui.parts.record_list import Empty, RecordList
from liaison.ui.parts.room import OpenForm
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Banner, Button, FlowRow, PageHeader, Segmented

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.services.concerns import Done
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.pages.concerns.facts import Mine
    from liaison.ui.parts.saving import Saved

_OPEN: Final = (Condition("closed_at", None),)
_KEPT: Final = (*_OPEN, Condition("kind", "query"), Condition("answered_at", None))
_TABS: Final = (("open", "Open"), ("kept", "Queries kept"), ("mine", "Mine"), ("all", "All"))
_WORRIED: Final = "I'm worried about..."


class ConcernsPage(ListAndCard):
    """What somebody noticed, what was answered, and whether they heard of it.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "concern"
    title: ClassVar[str] = "Concerns and queries"
    icon: ClassVar[str] = "message-circle-warning"
    reads: ClassVar[frozenset[str]] = frozenset(
        {
            TYPE, "contact_attempt", "agenda_line", "agenda_outcome", "action", "resident", "staff",
            "contact", "person", "round",
        }
    )  # fmt: skip
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", _WORRIED),
        ("Ctrl+S", "Raise it, or save what is open"),
        ("Esc", "Back to what was shown before"),
    )

    def __init__(self, desk: Desk) -> None:
        self.card: ConcernCard
        may_print = may(desk.person.role, Action.PRINT_SHEETS)
        super().__init__(desk, ConcernCard(desk, may_print=may_print))
        self._writes = permissions.may_add(desk.person.role, TYPE)
        self._staff: int | None = None
        self._wanted: int | None = None
        """What was opened from elsewhere and is not in the list yet."""
        self._begun: list[Begun] = []
        self._ring: dict[str, object] = {}
        """What to ask for about the concern that was raised last, if it cannot wait."""
        self.card.asked.connect(self._do)
        self.room.saved.connect(self._saved)
        self._lay_out()

    def _lay_out(self) -> None:
        self.raise_it = Button(
            _WORRIED, "message-circle-warning", Button.PRIMARY, shortcut="Ctrl+N"
        )
        self.raise_it.clicked.connect(lambda *_: self.begin())
        self.keep_query = Button("Keep a question", "message-circle")
        self.keep_query.setToolTip("For the GP's, the pharmacist's or anybody's next visit")
        self.keep_query.clicked.connect(lambda *_: self.begin(query=True))
        self.tabs = Segmented(list(_TABS), "Which concerns")
        self.tabs.set_value("open")
        names = tuple(name for name, _ in _TABS)
        remembered_tab(self.desk, self.name, self.tabs, names)
        self.tabs.changed.connect(lambda _: self._choose_tab())
        self.header = PageHeader(self.title, "", (self.raise_it,) if self._writes else ())
        which = FlowRow((self.tabs, self.keep_query) if self._writes else (self.tabs,), gap=12)
        self.unread = Banner("info", "", "Show me")
        self.unread.hide()
        self.unread.pressed.connect(self._show_mine)
        self.unfinished = Banner("due", "", "Go on with it")
        self.unfinished.hide()
        self.unfinished.pressed.connect(self._go_on_with_begun)
        self.list = RecordList(
            self.desk,
            TYPE,
            self._where(),
            name="concerns",
            columns=("resident", "situation", "urgency"),
            empty=Empty(
                "message-circle-warning",
                "Nothing here",
                "What somebody noticed stands here until there is an answer, and an outcome.",
                _WORRIED if self._writes else "",
            ),
        )
        self.list.adding.connect(self.begin)
        self.list.looked_at.connect(self._look)
        self.list.opened.connect(lambda *_: self.card.focusNextChild())
        self.list.model.arrived.connect(self._arrived)
        self._put_together([self.header, self.unread, self.unfinished, which], self.list, share=1)

    def _list_place(self) -> QWidget:
        # an empty list is hidden, and what is hidden takes no focus
        return self.list.table if self.list.model.rowCount() else self.tabs

    def _turn(self) -> None:
        super()._turn()
        self.list.setMinimumHeight(theme.px(300))
        self.card.setMinimumHeight(theme.px(300))

    # ---- what is shown

    def _where(self) -> tuple[Condition, ...]:
        match self.tabs.value:
            case "open":
                return _OPEN
            case "kept":
                return _KEPT
            case "mine":
                # of somebody who is not recorded among the staff there are none
                return (Condition("raised_by", self._staff if self._staff is not None else 0),)
            case _:
                return ()

    def _choose_tab(self) -> None:
        self.card.show_nothing()
        self._choose()

    def _choose(self) -> None:
        self.list.set_where(self._where())

    def _arrived(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.list.show_record(wanted)
        if self.card.concern is None and self.list.model.rowCount():
            self.list.table.go_to(0)
        self._show_card(shown=self.card.concern is not None or self.list.model.rowCount() > 0)
        self.filled.emit()

    def _look(self, identity: object) -> None:
        if self._wanted is not None:
            return
        if isinstance(identity, int):
            if identity != self.card.concern:
                self.card.show_record(TYPE, identity)
        elif self.card.concern is None:
            # what was just closed leaves the list of open ones; whoever closed it sees it still
            self.card.show_nothing()

    def refresh(self) -> None:
        """Read the card anew, and what whoever looks has yet to read; the list does so by itself."""
        if self.desk.jobs.home is None:
            return
        person = self.desk.person.id
        self.desk.jobs.read(
            lambda store: facts.mine(store, person),
            self._show_mine_facts,
            latest=(id(self), "mine"),
            owner=self,
        )
        self.card.refresh()
        self._look_for_begun()

    def _show_mine_facts(self, found: Mine) -> None:
        if found.staff != self._staff:
            self._staff = found.staff
            if self.tabs.value == "mine":
                self._choose()
        if found.unread:
            one = "There is an answer for you to read."
            words = one if found.unread == 1 else f"{found.unread} answers are for you to read."
            if self.unread.isHidden() or self.unread.accessibleName() != words:
                self.unread.say("info", words, "Show me")
        else:
            self.unread.hide()

    def _show_mine(self) -> None:
        person = self.desk.person.id

        def show(found: tuple[Concern, ...]) -> None:
            if found and found[0].id is not None:
                self.show_record(TYPE, found[0].id)

        self.desk.jobs.read(lambda store: concerns.to_read(store, person), show, owner=self)

    def show_start(self) -> None:
        """Show the form on which a concern is raised: that is what somebody came for."""
        if self._writes:
            self.begin()
        else:
            self._show_lists()

    def _show_lists(self) -> None:
        self.room.empty()
        self.stack.setCurrentWidget(self._scroll)
        self._list_place().setFocus(Qt.FocusReason.OtherFocusReason)

    def show_argument(self, argument: object) -> None:
        """Raise one about a resident, ``{"resident": 12}``; or show a list, ``{"tab": "open"}``."""
        given = argument if isinstance(argument, dict) else {}
        resident, tab = given.get("resident"), given.get("tab")
        if tab in dict(_TABS):
            self.tabs.set_value(tab)
            self._choose_tab()
            self._show_lists()
        elif self._writes:
            self.begin(
                resident if isinstance(resident, int) else None,
                query=given.get("kind") == "query",
            )
        else:
            self._show_lists()

    def show_record(self, type_name: str, identity: int) -> None:
        """Show the card of a concern."""
        self._show_within(type_name, identity, "all")

    def _show_within(self, type_name: str, identity: int, tab: str) -> None:
        """Show a concern, in a list that holds it if the present one does not."""
        self.room.empty()
        if type_name != TYPE:
            self._open_room().read(type_name, identity)
            return
        self.stack.setCurrentWidget(self._scroll)
        self._show_card()
        self.card.show_record(TYPE, identity)
        if self.list.model.find(identity) >= 0:
            self.list.show_record(identity)
        else:
            self._wanted = identity
            if self.tabs.value not in {tab, "all"}:
                self.tabs.set_value(tab)
                self._choose()
        self._list_place().setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- raising

    def begin(self, resident: int | None = None, *, query: bool = False) -> None:
        """Show the form on which a concern is raised.

        Args:
            resident: Whom it is about, if that is known.
            query: Whether it is a question kept for somebody's visit.
        """
        if not self._writes:
            return
        showing = self.room.currentWidget()
        if isinstance(showing, RaiseForm) and resident is None and not query:
            # it is begun already, and holds what was typed
            self._open_room()
            showing.focus_first()
            return
        self.room.empty()
        self._raise(resident, query=query)

    def _raise(self, resident: int | None, *, query: bool = False) -> RaiseForm:
        form = RaiseForm(self.desk, resident, query=query)

        def keep_whom() -> None:
            # the form is gone by the time the page hears of it
            self._ring = form.ringing()

        form.saved.connect(keep_whom)
        form.ready.connect(self._look_for_begun)
        form.other.pressed.connect(self._go_on_with_begun)
        self._open_room().form(form)
        return form

    def _look_for_begun(self) -> None:
        if self._writes:
            self.desk.jobs.write(facts.begun, self._show_begun, owner=self)

    def _show_begun(self, found: list[Begun]) -> None:
        form = self.room.currentWidget()
        if isinstance(form, RaiseForm):
            found = [one for one in found if one.about.page != form.keeper.about.page]
        self._begun = found
        words = ""
        if found:
            count = "1 is begun" if len(found) == 1 else f"{len(found)} are begun"
            words = f"{count} and not raised yet. {found[0].words}".strip()
        if isinstance(form, RaiseForm):
            form.tell_other(words)
        if not words:
            self.unfinished.hide()
        elif self.unfinished.isHidden() or self.unfinished.accessibleName() != words:
            self.unfinished.say("due", words, "Go on with it")

    def _go_on_with_begun(self) -> None:
        if self._begun:
            resident = self._begun[0].resident
            self.room.empty()
            self._raise(resident)

    def _leave_room(self) -> None:
        super()._leave_room()
        self._look_for_begun()

    def reopen(self, form: object) -> None:
        """Show what was left open."""
        if not isinstance(form, OpenForm):
            super().reopen(form)
            return
        about, given = form.about, form.given
        if about.page.startswith(RAISING):
            resident = given.get("resident")
            self._raise(
                resident if isinstance(resident, int) else None, query=given.get("kind") == "query"
            )
        elif about.page and about.record is not None:
            self._open_room().form(StepForm(self.desk, about.record, about.page))
        else:
            super().reopen(form)

    def _saved(self, saved: Saved) -> None:
        ring, self._ring = self._ring, {}
        record = None if saved.loaded is None else saved.loaded.record
        still_open = isinstance(record, Concern) and record.closed_at is None
        self._show_within(TYPE, saved.id, "open" if still_open else "all")
        if ring and isinstance(record, Concern) and record.urgency == NOW:
            self.desk.go("who-to-ring", ring)

    # ---- what is done with one

    def _do(self, doing: str, found: ConcernFacts) -> None:
        identity = found.record.id or 0
        match doing:
            case "answer" | "outcome" | "route":
                self._open_room().form(StepForm(self.desk, identity, doing))
            case "read":
                self._write(lambda home: concerns.acknowledge(home, identity), "Marked as read.")
            case "told":
                self._ask_how_told(identity)
            case "again":
                self._ask_why_again(identity)
            case "ring":
                self.desk.go("who-to-ring", {"ask": found.words, "resident": found.resident.id})
            case "print":
                self.desk.go(
                    "reports",
                    {"report": "concern-trail", "about": TYPE, "candidate": found.candidate},
                )
            case _:
                raise ValueError(doing)

    def _ask_how_told(self, identity: int) -> None:
        dialog = ReasonDialog(
            self.desk,
            asked_about(TYPE, identity, "told"),
            self,
            "How were they told?",
            "Whoever raised it sees the answer when they next sign in. If they have heard it "
            "already, say how: rang her at home, told him at handover.",
            do="They have been told",
            keep="Leave it for them to read",
        )

        def agreed() -> None:
            told = dialog.reason
            self._write(
                dialog.finishing(lambda home: concerns.acknowledge(home, identity, told)),
                "Noted that they have been told.",
            )

        dialog.accepted.connect(agreed)
        dialog.open()

    def _ask_why_again(self, identity: int) -> None:
        dialog = ReasonDialog(
            self.desk,
            asked_about(TYPE, identity, "again"),
            self,
            "Still worried?",
            "It waits for an answer again. What was answered stays in its trail.",
            do="Ask again",
            keep="Leave it as it is",
        )

        def agreed() -> None:
            why = dialog.reason
            self._write(
                dialog.finishing(lambda home: concerns.ask_again(home, identity, why)),
                "It waits for an answer again.",
            )

        dialog.accepted.connect(agreed)
        dialog.open()

    def _write(self, work: Callable[[OpenHome], Done], words: str) -> None:
        desk = self.desk
        desk.jobs.write(
            work,
            lambda done: offer_undo(desk, words, done.changes),
            desk.trouble,
            owner=self,
        )
