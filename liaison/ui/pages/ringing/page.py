"""The page that answers "Who do I ring for ...?": a question, and one number, large."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records.directory import ContactAttempt
from liaison.records.rules import times
from liaison.services import attempts, permissions
from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.pages.ringing import cards, facts
from liaison.ui.pages.ringing.more import MoreCard
from liaison.ui.pages.ringing.question import QuestionLine
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    ComboBox,
    EmptyState,
    FlowRow,
    PageHeader,
    ScrollPage,
    StateChip,
    Wrap,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.attempts import Noted
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.pages.ringing.facts import Answer, Beginning, Ring

_PAUSE_MS: Final = 60
_MINUTE_MS: Final = 60_000
_HOW: Final = "Type the problem in your own words, or a name."
_NOBODY: Final = "About nobody in particular"


class RingingPage(Page):
    """Who do I ring for ...? Asked in anybody's own words, answered for this hour.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "who-to-ring"
    title: ClassVar[str] = "Who do I ring for\N{HORIZONTAL ELLIPSIS}?"
    icon: ClassVar[str] = "phone-call"
    reads: ClassVar[frozenset[str]] = frozenset(
        {"contact", "organisation", "post", "service", "home", "resident", "contact_attempt",
         "vocabulary_item"}
    )  # fmt: skip
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+Shift+C", "Copy the number"),
        ("Enter", "On to the answer"),
        ("Esc", "Ask something else"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.beginning: Beginning | None = None
        self.answer: Answer | None = None
        self._wanted: int | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.question = QuestionLine()
        self.question.textEdited.connect(lambda _: self._pause.start())
        self.question.emptied.connect(self._ask)
        self.question.returnPressed.connect(self._to_answer)
        self.resident = ComboBox([(None, _NOBODY)])
        self.resident.setAccessibleName("About which resident")
        self.resident.changed.connect(lambda _: self._ask())
        self.hours = StateChip("none", "", "clock")
        self.main = cards.MainCard(
            may_note=permissions.may_add(desk.person.role, "contact_attempt")
        )
        self.main.got_through.connect(functools.partial(self._note, reached=True))
        self.main.no_answer.connect(functools.partial(self._note, reached=False))
        self.more = MoreCard(desk)
        self.more.ended.connect(self._focus_question)
        # the answer at 17:59 is not the one at 18:00
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self._ask)
        self._lay_out()
        self.setFocusProxy(self.question)

    def _lay_out(self) -> None:
        self.trouble = Banner("late", "", "Try again")
        self.trouble.hide()
        self.trouble.pressed.connect(self.refresh)
        self.header = PageHeader(self.title, "", (self.hours,))
        self._beside, self._below = QWidget(), QWidget()
        for place in (self._beside, self._below):
            spaced(QVBoxLayout(place), 0)
        asking = Columns([(self.question, 7), (self._beside, 4)])
        self._turning = QTimer(self)
        self._turning.setSingleShot(True)
        self._turning.setInterval(0)
        self._turning.timeout.connect(self._turn)
        self._start = QWidget()
        self._start_column = spaced(QVBoxLayout(self._start), 16)
        self._answer = self._answer_part()
        self._nothing = QWidget()
        self._nothing_column = spaced(QVBoxLayout(self._nothing), 16)
        self._parts = (self._start, self._answer, self._nothing)
        scroll = ScrollPage(spacing=14)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        scroll.body.addWidget(self.header)
        scroll.body.addWidget(self.trouble)
        scroll.body.addWidget(asking)
        for part in self._parts:
            scroll.body.addWidget(part)
        self._bring(self._start)
        scroll.body.addWidget(self._below)
        scroll.body.addStretch(1)
        self._turn()

    def changeEvent(self, event: QEvent) -> None:
        """Let the number come up where letters are large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_turning"):
            # not amid the change: Qt walks over all widgets as they stood before it
            self._turning.start()

    def _turn(self) -> None:
        roomy = theme.roomy()
        here, there = (self._beside, self._below) if roomy else (self._below, self._beside)
        layout = here.layout()
        assert layout is not None  # noqa: S101  # it was given one
        layout.addWidget(self.resident)
        here.show()
        there.hide()
        self.header.set_subtitle(_HOW if roomy else "")

    def _answer_part(self) -> QWidget:
        left = QWidget()
        self._left = spaced(QVBoxLayout(left), 16)
        self._left.addWidget(self.main)
        self._left.addWidget(self.more)
        self._behind = QWidget()
        self._behind_column = spaced(QVBoxLayout(self._behind), 16)
        self._left.addWidget(self._behind)
        self._left.addStretch(1)
        right = QWidget()
        column = spaced(QVBoxLayout(right), 16)
        self._refer = QWidget()
        self._refer_column = spaced(QVBoxLayout(self._refer), 16)
        column.addWidget(self._refer)
        column.addWidget(cards.danger_card())
        column.addStretch(1)
        return Columns([(left, 7), (right, 4)])

    # ---- what is shown

    def refresh(self) -> None:
        """Read the directory anew, and ask again."""
        if self.desk.jobs.home is not None:
            self.desk.jobs.read(
                facts.beginning, self._begin, self._fail, latest=(id(self), "book"), owner=self
            )

    def _fail(self, error: UserError) -> None:
        self.trouble.say("late", error.message, "Try again")

    def _begin(self, found: Beginning) -> None:
        first = self.beginning is None
        self.trouble.hide()
        self.beginning = found
        chosen = self._wanted if self._wanted is not None else self.resident.value
        self._wanted = None
        self.resident.blockSignals(True)
        self.resident.set_choices(
            [(None, _NOBODY), *((one, f"About {name}") for one, name in found.residents)]
        )
        here = any(identity == chosen for identity, _ in found.residents)
        self.resident.set_value(chosen if here else None)
        self.resident.blockSignals(False)
        self._show_start(found)
        self._ask()
        if first:
            self.filled.emit()

    def _ask(self) -> None:
        self._pause.stop()
        if self.beginning is None or self.desk.jobs.home is None:
            return
        book, text, now = self.beginning.book, self.question.text(), self.desk.now()
        resident = self.resident.value
        about = resident if isinstance(resident, int) else None
        self.desk.jobs.read(
            lambda store: facts.answer(store, book, text, now, about),
            self._show,
            self._fail,
            latest=(id(self), "answer"),
            owner=self,
        )

    def _show(self, answer: Answer) -> None:
        before, self.answer = self.answer, answer
        self.hours.set_state(
            "none" if answer.out else "ok", answer.hours, "moon" if answer.out else "sun"
        )
        if not answer.text.strip():
            self._bring(self._start)
            return
        if answer.main is None:
            if before != answer:
                self._show_nothing(answer)
            self._bring(self._nothing)
            return
        if before is None or _heard(before) != _heard(answer):
            announce(self.question, f"{answer.title}, {answer.main.phone}")
        if before != answer:
            self.main.show_answer(answer)
            self._show_behind(answer)
        self._bring(self._answer)

    def _bring(self, wanted: QWidget) -> None:
        # a stack would keep the room of its longest part
        for part in self._parts:
            part.setVisible(part is wanted)

    def _show_behind(self, answer: Answer) -> None:
        _empty(self._behind_column)
        beside = [(cards.ring_card(self.desk, ring), 1) for ring in answer.beside]
        if beside:
            _put(self._behind_column, Columns(beside))
        if answer.others:
            _put(self._behind_column, cards.others_card(self.desk, answer.others))
        _empty(self._refer_column)
        card, copy = cards.refer_card(answer)
        copy.clicked.connect(self._copy_all)
        _put(self._refer_column, card)

    def _show_start(self, found: Beginning) -> None:
        _empty(self._start_column)
        if found.often:
            card = Card("What we often ask about")
            buttons = [self._often(words) for words in found.often]
            card.add(FlowRow(buttons))
            _put(self._start_column, card)
        else:
            empty = EmptyState(
                "phone-call",
                "Nobody to ring yet",
                "Once the directory says who is asked about what, the right number for the hour "
                "stands here.",
                "Open the directory",
            )
            empty.pressed.connect(lambda: self.desk.go("directory"))
            _put(self._start_column, empty)
        if found.unreached:
            _put(self._start_column, cards.unreached_card(self.desk, found.unreached, found.more))

    def _often(self, words: str) -> Button:
        button = Button(words, small=True)
        button.clicked.connect(lambda *_: self.ask_for(words))
        return button

    def _show_nothing(self, answer: Answer) -> None:
        _empty(self._nothing_column)
        if answer.meant:
            title = f"No number is recorded for {', '.join(answer.meant)}"
        else:
            title = f"Nobody found for \N{LEFT DOUBLE QUOTATION MARK}{answer.text.strip()[:60]}\N{RIGHT DOUBLE QUOTATION MARK}"
        card = Card(kind=Card.PLAIN)
        card.add(Wrap(title, "question", widest=640))
        card.add(Wrap("Try another word, or a name.", "muted", widest=640))
        card.add(Wrap(answer.fallback, widest=640))
        if permissions.may_add(self.desk.person.role, "contact"):
            add = Button("Add a contact", "user-plus")
            add.clicked.connect(lambda *_: self.desk.go("directory", {"add": "contact"}))
            card.add(FlowRow((add,)))
        _put(self._nothing_column, card)
        if answer.others:
            _put(self._nothing_column, cards.others_card(self.desk, answer.others))
        _put(self._nothing_column, cards.danger_card())
        self._nothing_column.addStretch(1)

    # ---- keyboard

    def _to_answer(self) -> None:
        self._ask()
        if self.answer is not None and self.answer.main is not None:
            here = self.main.got.isVisible()
            (self.main.got if here else self.main.copy).setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus_question(self) -> None:
        self.question.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what somebody does

    def ask_for(self, words: str) -> None:
        """Ask something, as if it had been typed."""
        self.question.setText(words)
        self.question.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ask()

    def _copy_all(self) -> None:
        if self.answer is not None:
            cards.copy_words(self.answer)
            self.desk.say("Copied: paste it into a note with Ctrl+V.")

    def _note(self, *, reached: bool) -> None:
        ring = self.main.ring
        if ring is None:
            return
        if self.more.has_words:
            self.more.save()
        resident = self.resident.value
        attempt = ContactAttempt(
            at=self.desk.now(),
            contact=ring.contact,
            organisation=ring.organisation,
            resident=resident if isinstance(resident, int) else None,
            how="phone",
            reached=reached,
        )

        def write(home: OpenHome) -> Noted:
            return attempts.record(home, attempt)

        def done(noted: Noted) -> None:
            self._noted(noted, attempt, ring)

        self.desk.jobs.write(write, done, self.desk.trouble, owner=self)

    def _noted(self, noted: Noted, attempt: ContactAttempt, ring: Ring) -> None:
        at = times.in_london(attempt.at or self.desk.now())
        what = "got through to" if attempt.reached else "tried, no answer from"
        words = f"{at:%H:%M}: {what} {ring.name}."
        offer_undo(self.desk, words, noted.changes)
        if not self.more.has_words:
            self.more.about(noted, attempt, ring.name)
            self.more.minutes.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- where one comes from

    def show_start(self) -> None:
        """Show the question, ready to be typed into."""
        self._focus_question()
        self.question.selectAll()

    def show_argument(self, argument: object) -> None:
        """Ask something: ``{"ask": "catheter", "resident": 12}``, or the words alone."""
        given = argument if isinstance(argument, dict) else {"ask": argument}
        if isinstance(resident := given.get("resident"), int):
            self._wanted = resident
            if self.beginning is not None:
                self._begin(self.beginning)
        words = given.get("ask")
        self.ask_for(words if isinstance(words, str) else self.question.text())

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the hour while it is in sight."""
        super().showEvent(event)
        self._minute.start()
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody sees it."""
        super().hideEvent(event)
        self._minute.stop()


def _heard(answer: Answer) -> tuple[str, str]:
    return answer.title, answer.main.phone if answer.main is not None else ""


def _empty(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def _put(column: QVBoxLayout, part: QWidget) -> None:
    column.addWidget(part)
    # Qt would show it only when it lays the page out
    part.show()
