"""PCs of this home, as seen from this one: what waits, what was set apart and why, how much there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.security.roles import Action, may
from liaison.services.pcs import overview
from liaison.ui.parts import exchanging
from liaison.ui.parts.exchange_rows import Row, chip_of
from liaison.ui.parts.exchanging import Seen, many, size_in_words
from liaison.ui.parts.follows_exchange import FollowsExchange
from liaison.ui.widgets import (
    Button,
    Card,
    Divider,
    EmptyState,
    PageHeader,
    ScrollPage,
    Wrap,
    show_with,
    spaced,
)

if TYPE_CHECKING:
    from liaison.services.pcs.overview import Overview, PcSeen
    from liaison.services.pcs.standing import Apart, Review
    from liaison.ui.desk import Desk

_MOST: Final = 50
_SETTLE: Final = "differences"
_REVIEW: Final = "review"


class Lines(Card):
    """A card of lines under each other.

    Args:
        title: Its title.
        words: What it is about.
    """

    def __init__(self, title: str, words: str) -> None:
        super().__init__(title)
        self.add(Wrap(words, "muted", widest=760))
        self._inside = QWidget()
        self._column = spaced(QVBoxLayout(self._inside), 10)
        self.add(self._inside)
        self.rows: list[Row] = []
        self.total = ""

    def show_rows(self, rows: list[Row], note: str = "") -> None:
        """Show lines in the place of those before.

        Args:
            rows: The lines; beyond the first fifty only their number is said.
            note: What stands at the end of the title.
        """
        while (item := self._column.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                part.hide()
                part.deleteLater()
        self.rows = rows[:_MOST]
        self.total = note
        self.set_note(note)
        for place, row in enumerate(self.rows):
            if place:
                self._column.addWidget(Divider())
            self._column.addWidget(row)
        if len(rows) > _MOST:
            self._column.addWidget(Wrap(f"And {len(rows) - _MOST:,} more.", "secondary"))


class ExchangePage(FollowsExchange):
    """How the PCs of this home stand with each other.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "exchange"
    title: ClassVar[str] = "PCs of this home"
    icon: ClassVar[str] = "monitor"
    reads: ClassVar[frozenset[str]] = frozenset({"pc"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: Overview | None = None
        self.now = Button("Send and fetch now", "refresh-cw", Button.PRIMARY)
        self.now.clicked.connect(desk.exchange_wanted)
        self.others = Button("Add or remove PCs", "settings")
        self.others.clicked.connect(lambda: desk.go("settings", "pcs"))
        if not may(desk.person.role, Action.PCS):
            self.others.hide()
        self.header = PageHeader(self.title, "", (self.others, self.now))
        self.pcs = Lines("PCs", "Each holds the whole record and works without the others.")
        self.waits = Lines(
            "What waits", "What is to be sent or fetched goes on by itself as soon as it can."
        )
        self.apart = Lines(
            "Set apart",
            "Packets that were not taken in, kept as they came. Everything else goes on, and nothing "
            "that was written here is touched. If there are more from day to day, tell whoever looks "
            "after your PCs.",
        )
        self.review = Lines(
            "To look through",
            "Saves that do not count, such as those of a PC after it was removed. A manager takes "
            "them in, or leaves them out.",
        )
        self.look = Button("Look through them", small=True)
        self.look.clicked.connect(lambda: desk.go(_REVIEW))
        if may(desk.person.role, Action.PCS):
            self.review.head.addWidget(self.look)
        else:
            self.look.setParent(self)
            self.look.hide()
        self.settle = Button("Settle differences", "git-merge", small=True)
        self.settle.clicked.connect(lambda: desk.go(_SETTLE))
        self.waits.head.addWidget(self.settle)
        self.alone = EmptyState(
            "monitor",
            "This home is on this PC alone",
            "Another PC can hold the same record and keep it up to date, through a folder that both "
            "reach. A manager sets it up in Settings, Other PCs.",
        )
        self._lay_out()

    def _lay_out(self) -> None:
        sheet = ScrollPage()
        sheet.body.addWidget(self.header)
        for part in (self.banner, self.alone, self.pcs, self.waits, self.review, self.apart):
            sheet.body.addWidget(part)
            part.hide()
        sheet.body.addStretch(1)
        spaced(QVBoxLayout(self), 0).addWidget(sheet)

    # ---- what is shown

    def refresh(self) -> None:
        """Read how things stand; the storage is not asked."""
        self.read_shown(lambda home: overview.read(home, sizes=True), self._show)

    @property
    def seen(self) -> Seen:
        """How the exchange stands, with what was read last."""
        told = self.desk.exchange or Seen()
        return Seen(self._found, told.trouble, told.waiting, told.newer, told.at_work)

    def _show(self, found: Overview) -> None:
        self._found = found
        seen, now = self.seen, self.desk.now()
        self.now.set_words("Sending and fetching..." if seen.at_work else "Send and fetch now")
        self.now.setVisible(seen.shares and not found.status.removed)
        self.alone.setVisible(not seen.shares and not found.cut_off)
        for part in (self.pcs, self.waits):
            part.setVisible(seen.shares)
        self.header.set_subtitle(exchanging.place_in_words(seen) if seen.shares else "")
        said = exchanging.summary(seen, now)
        if said.state in {"due", "late"}:
            self.banner.say(said.state, f"{said.words}. {said.more}")
        else:
            self.banner.hide()
        self.pcs.show_rows(
            [self._pc(one, seen) for one in found.pcs],
            _total(sum(one.packets for one in found.pcs), sum(one.size for one in found.pcs)),
        )
        self._show_waits(found, seen)
        status = found.status
        self.apart.show_rows(list(_apart(found)), _total(len(status.apart), _size(status.apart)))
        self.apart.setVisible(bool(status.apart or status.not_counted))
        self.review.show_rows(list(_to_review(found)), str(len(found.status.to_review)))
        self.review.setVisible(bool(found.status.to_review))
        self.filled.emit()

    def _pc(self, pc: PcSeen, seen: Seen) -> Row:
        said = exchanging.of_pc(pc, seen, self.desk.now())
        parts = [said.more]
        if pc.packets:
            kept = f"{many(pc.packets, 'packet')} of it kept here, {size_in_words(pc.size)}"
            parts.append(kept)
        if pc.program and not pc.here:
            parts.append(f"Liaison {pc.program}")
        name = f"{pc.name}, this one" if pc.here else pc.name
        return Row("monitor", name, ". ".join(part for part in parts if part), chip_of(said))

    def _show_waits(self, found: Overview, seen: Seen) -> None:
        settles = bool(found.to_settle) and may(self.desk.person.role, Action.UNDO_OTHERS)
        show_with(self.settle, wanted=settles)
        rows = list(self._waiting(found, seen))
        self.waits.show_rows(rows or [Row("circle-check", "Nothing waits", "")])
        if found.status.removed:
            # nothing goes on by itself there; what stays is said above
            self.waits.setVisible(bool(found.to_settle))

    def _waiting(self, found: Overview, seen: Seen) -> Iterator[Row]:
        if found.to_settle:
            words = many(found.to_settle, "field") + " in which PCs differ"
            yield Row("git-merge", words, "Both values are kept until somebody chooses.")
        if found.status.removed:
            return
        if found.to_send:
            yield Row("cloud", f"{many(found.to_send, 'save')} to send", "Saved on this PC.")
        if found.status.unsent:
            yield Row("cloud", f"{many(found.status.unsent, 'packet')} ready to go", "")
        for pc in found.pcs:
            if pc.behind:
                line = "Others have more of it than has come here. It comes with the next rounds."
                yield Row("clock", f"More from {pc.name}", line)
        if seen.newer:
            line = exchanging.waiting_words(seen)
            yield Row("clock", "A newer Liaison is needed on this PC", line)
        for why in seen.waiting:
            yield Row("clock", "Something that came waits", f"{why}.")
        if found.status.asking:
            until = found.status.asking_until
            line = (
                f"Nobody used it yet. The last one ends on {times.show_time(until)}."
                if until
                else ""
            )
            yield Row("user-check", many(found.status.asking, "open invitation"), line)


def _to_review(found: Overview) -> Iterator[Row]:
    """Yield a line for each PC and reason; what is in the saves stands on a page of its own."""
    together: defaultdict[tuple[str, str], list[Review]] = defaultdict(list)
    for one in found.status.to_review:
        together[one.pc, one.why].append(one)
    for (pc, why), several in together.items():
        changes = sum(one.changes for one in several)
        said = f"{many(len(several), 'save')}, {many(changes, 'change')}"
        last = times.show_time(max(one.at for one in several))
        yield Row(
            "history", f"Written on {pc or 'a PC that is not known here'}",
            f"{said}, the last {last}: {why}.",
        )  # fmt: skip


def _apart(found: Overview) -> Iterator[Row]:
    """Yield a line for each PC and reason: one that is broken may send hundreds."""
    together: defaultdict[tuple[str, str], list[Apart]] = defaultdict(list)
    for one in found.status.apart:
        together[one.pc, one.why].append(one)
    for (pc, why), several in together.items():
        last = times.show_time(max(one.at for one in several))
        size = size_in_words(_size(several))
        packets = f"{many(len(several), 'packet')}, {size}, the last {last}"
        said = f"{last}, {size}" if len(several) == 1 else packets
        yield Row("archive", f"From {pc or 'a PC that is not known here'}", f"{said}: {why}.")
    for pc, why in found.status.not_counted:
        yield Row(
            "users-round", f"From {pc or 'a PC that is not known here'}",
            f"What it says of who belongs changes nothing: {why}.",
        )  # fmt: skip


def _size(apart: Sequence[Apart]) -> int:
    return sum(one.size for one in apart)


def _total(packets: int, size: int) -> str:
    return f"{many(packets, 'packet')} kept here, {size_in_words(size)}" if packets else ""
