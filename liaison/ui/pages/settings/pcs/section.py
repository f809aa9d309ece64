"""Other PCs: those of the home, adding one, removing one, and where they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget
from shiboken6 import isValid

from liaison.ui.pages.settings.pcs import facts
from liaison.ui.pages.settings.pcs.inviting import InvitingCard
from liaison.ui.pages.settings.pcs.lines import Lines, PcLine
from liaison.ui.pages.settings.pcs.places import PlacesCard
from liaison.ui.pages.settings.pcs.removing import RemoveCard, why_removed
from liaison.ui.pages.settings.pcs.renaming import RenameCard, new_name
from liaison.ui.pages.settings.section import CardsSection
from liaison.ui.parts.answers import forgetting
from liaison.ui.parts.room import RecordRoom
from liaison.ui.widgets import Banner, Button
from liaison.ui.widgets.returning import Place

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from liaison.errors import UserError
    from liaison.services.pcs.removing import Belonging
    from liaison.ui.desk import Desk
    from liaison.ui.pages.settings.pcs.facts import Standing
    from liaison.ui.parts.exchanging import Seen


class PcsSection(CardsSection):
    """The home's PCs; for managers."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.standing: Standing | None = None
        self._before: Place | None = None
        """Where the keyboard was before it was asked whether a PC is to be removed."""
        self._stale = False
        """Whether rounds ended while it was out of sight."""
        self.banner = Banner("ok", "", closable=True)
        self.banner.hide()
        card = self.card(
            "PCs of this home",
            "Each holds the whole record, encrypted, and works without the others.",
        )
        self.how = Button("How the exchange stands", small=True)
        self.how.clicked.connect(lambda: desk.go("exchange"))
        card.head.addWidget(self.how)
        self.lines = Lines()
        card.add(self.banner)
        self.asking = Lines()
        card.add(self.asking)
        self.asking.hide()
        card.add(self.lines)
        self.inviting = InvitingCard(desk)
        self.places = PlacesCard(desk)
        self.sheet.body.addWidget(self.inviting)
        self.sheet.body.addWidget(self.places)
        self.sheet.body.addStretch(1)
        self.stack = QStackedWidget()
        self.room = RecordRoom(desk)
        self.room.left.connect(lambda: self.stack.setCurrentWidget(self.sheet))
        self.room.saved.connect(lambda _: self.refresh())
        self.column.removeWidget(self.sheet)
        self.stack.addWidget(self.sheet)
        self.stack.addWidget(self.room)
        self.column.addWidget(self.stack)
        self.inviting.changed.connect(self.refresh)
        self.places.changed.connect(self.refresh)
        for sends in (self.inviting.sent, self.places.changed):
            sends.connect(desk.exchange_wanted)
        for began in (self.inviting.began, self.places.began):
            began.connect(self._forget_done)
        desk.exchange_told.connect(self._told)

    # ---- how it stands

    def refresh(self) -> None:
        """Read how it stands with the PCs; what is being filled in stays."""
        self._stale = False
        if self.desk.jobs.home is not None:
            self.desk.jobs.look(
                lambda home, _: facts.read(home), self._show, self._fail, owner=self
            )

    def _told(self, seen: Seen) -> None:
        # who was heard, who has come along in a move, when it last went through
        if seen.at_work:
            return
        self._stale = not self.isVisible()
        if not self._stale:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Show how it stands by now."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Say no more of what was done here, once somebody went elsewhere."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._forget_done()

    def _forget_done(self) -> None:
        for banner in (self.banner, self.inviting.banner, self.places.banner):
            banner.forget_done()

    def _show(self, standing: Standing) -> None:
        before, self.standing = self.standing, standing
        self.inviting.show_standing(standing)
        self.places.show_standing(standing)
        if before is None or before.pcs != standing.pcs or before.removed != standing.removed:
            lines = [PcLine(one, managed=not standing.removed) for one in standing.pcs]
            for line in lines:
                line.renaming.connect(self.ask_to_rename)
                line.removing.connect(self.ask_to_remove)
                line.opened.connect(lambda pc: self.show_record("pc", pc.id))
            self.lines.show_lines(lines)
        if standing.removed and self.banner.isHidden():
            # once: it is read out before anything else
            self.banner.say(
                "late",
                "This PC was removed from the home. What is written here stays here, and is sent to "
                "nobody. To belong again it joins anew, with an invitation and into a new folder.",
            )

    def show_record(self, type_name: str, identity: int) -> None:
        """Show the record of a PC, with its history."""
        self._forget_done()
        self.room.empty()
        self.room.read(type_name, identity)
        self.stack.setCurrentWidget(self.room)

    # ---- removing, and another name

    def ask_to_remove(self, pc: Belonging) -> None:
        """Ask before a PC is removed, and say what that cannot take back."""
        knows_key = self.standing is not None and self.standing.knows_key
        # what it has sent counts if it is here before the answer is: while that is typed, it comes
        self.desk.exchange_wanted.emit()
        card = RemoveCard(self.desk, pc, knows_key=knows_key)
        card.agreed.connect(lambda pc, why: self.remove(pc, why, card))
        self._ask(card)

    def ask_to_rename(self, pc: Belonging) -> None:
        """Ask what a PC is to be called."""
        card = RenameCard(self.desk, pc)
        card.agreed.connect(lambda pc, name: self.rename(pc, name, card))
        self._ask(card)

    def _ask(self, card: RemoveCard | RenameCard) -> None:
        self.banner.hide()
        self._forget_done()
        self._before = Place(self)
        card.left.connect(self._keep)
        self.asking.show_lines([card])
        self.asking.show()
        card.begin()

    def _keep(self) -> None:
        focus: QWidget | None = self.window().focusWidget()
        within = focus is None or self.asking.isAncestorOf(focus)
        self.asking.show_lines([])
        self.asking.hide()
        if within and self._before is not None:
            self._before.give_back()

    def _close(self, card: RemoveCard | RenameCard | None) -> None:
        """Put away what asked; another question may have taken its place while it waited."""
        if card is not None and isValid(card) and self.asking.isAncestorOf(card):
            self._keep()

    def remove(self, pc: Belonging, why: str, card: RemoveCard | None = None) -> None:
        """Remove a PC, with why; the card that asked may be tried again if it is refused."""

        def removed(_: None) -> None:
            self._close(card)
            # that it was let in, and could not be told so yet, may be said there still
            self.inviting.banner.hide()
            self.banner.say(
                "ok",
                f"{pc.name} does not belong to this home any more. The other PCs are told with the "
                "next exchange.",
            )
            self.desk.exchange_wanted.emit()
            self.refresh()

        def refused(error: UserError) -> None:
            if card is not None and isValid(card):
                card.begun.refused()
            self._fail(error)

        self.desk.jobs.write(
            forgetting(why_removed(pc), lambda home: facts.remove(home, pc.id, why)),
            removed,
            refused,
            owner=self,
        )

    def rename(self, pc: Belonging, name: str, card: RenameCard) -> None:
        """Give a PC another name; what is wrong with it is said on the card that asked."""

        def renamed(kept: str) -> None:
            self._close(card)
            self.banner.say(
                "ok", f"It is called {kept} now. The other PCs are told with the next exchange."
            )
            self.desk.exchange_wanted.emit()
            self.refresh()

        def refused(error: UserError) -> None:
            # closed meanwhile, where the write had to wait
            (card.refuse if isValid(card) else self._fail)(error)

        self.desk.jobs.write(
            forgetting(new_name(pc), lambda home: facts.rename(home, pc.id, name)),
            renamed,
            refused,
            owner=self,
        )

    def _fail(self, error: UserError) -> None:
        self.banner.say("late", str(error))
