"""What the parts tell, how they float and arrange themselves, and that each has a name and a role."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QEnterEvent, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QScrollBar,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from liaison.ui import theme
from liaison.ui.theme import LIGHT, Theme
from liaison.ui.widgets import (
    AgeBar,
    Avatar,
    Banner,
    Button,
    Card,
    CheckBox,
    Columns,
    ConfirmDialog,
    CountBadge,
    Elided,
    EmptyState,
    FigureTile,
    FilterChip,
    FlowRow,
    IconButton,
    LineEdit,
    PageHeader,
    Popover,
    ProgressLine,
    RadioButton,
    ScrollPage,
    StateChip,
    Tag,
    Text,
    Toast,
    Wrap,
)
from liaison.ui.widgets.avatar import initials
from tests.ui.gallery import window as gallery_window
from tests.ui.widgets.conftest import Show

LONG = "Bartholomew Featherstonehaugh-Cholmondeley of the community nursing team " * 3


def role_and_name(widget: QWidget) -> tuple[QAccessible.Role, str]:
    found = QAccessible.queryAccessibleInterface(widget)
    return found.role(), found.text(QAccessible.Text.Name)


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name().upper()
        for x in range(image.width())
        for y in range(image.height())
    }


# ---- names and roles


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_part_has_a_name_and_every_control_is_reached(
    look: Theme, qtbot: QtBot, scale: float
) -> None:
    look.resize(scale)
    frame, gallery = gallery_window()
    qtbot.addWidget(frame)
    with qtbot.waitExposed(frame):
        frame.show()
    nameless, unreachable = [], []
    for widget in gallery.findChildren(QWidget):
        if not widget.isVisibleTo(frame) or isinstance(widget, QScrollBar):
            continue
        focusable = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        plumbing = isinstance(widget, QAbstractScrollArea | QAbstractItemView)
        if isinstance(widget, QAbstractButton) or (focusable and not plumbing):
            role, name = role_and_name(widget)
            if not name.strip() and widget.focusProxy() is None:
                nameless.append((type(widget).__name__, role))
            hidden_stop = isinstance(widget, IconButton) and widget.parent() is not None
            if not focusable and not hidden_stop:
                unreachable.append(type(widget).__name__)
    assert nameless == []
    assert unreachable == []


ROLE = QAccessible.Role


@pytest.mark.parametrize(
    ("make", "role", "name"),
    [
        (lambda: Button("Save & close", "check"), ROLE.Button, "Save & close"),
        (lambda: IconButton("x", "Close"), ROLE.Button, "Close"),
        (lambda: CheckBox("Named link"), ROLE.CheckBox, "Named link"),
        (lambda: RadioButton("Keep both"), ROLE.RadioButton, "Keep both"),
        (lambda: StateChip("late", "Overdue"), ROLE.StaticText, "Overdue"),
        (lambda: Tag("send", "Referral"), ROLE.StaticText, "Referral"),
        (lambda: CountBadge(14, "open loops"), ROLE.StaticText, "14 open loops"),
        (lambda: Avatar("Moira Kelly"), ROLE.StaticText, "Moira Kelly"),
        (lambda: ProgressLine("Unlocking"), ROLE.ProgressBar, "Unlocking"),
        (
            lambda: AgeBar(184, 126, "late"),
            ROLE.ProgressBar,
            "184 days, expected within 126, late",
        ),
        (lambda: AgeBar(1), ROLE.ProgressBar, "1 day, in time"),
        (
            lambda: FigureTile("repeat", "Open loops", "14", "without an outcome"),
            ROLE.Button,
            "Open loops: 14 without an outcome",
        ),
        (lambda: Text("<b>not bold</b>"), ROLE.StaticText, "<b>not bold</b>"),
    ],
    ids=lambda value: "" if callable(value) else None,
)
def test_painted_parts_tell_a_screen_reader_what_they_are(
    qtbot: QtBot, make: object, role: QAccessible.Role, name: str
) -> None:
    assert callable(make)
    widget = make()
    qtbot.addWidget(widget)
    assert role_and_name(widget) == (role, name)


def test_a_filter_that_is_on_says_so(qtbot: QtBot) -> None:
    chip = FilterChip("Visits", 17, on=True)
    qtbot.addWidget(chip)
    found = QAccessible.queryAccessibleInterface(chip)
    assert found.text(QAccessible.Text.Name) == "Visits, 17"
    assert found.state().checked


# ---- buttons


def test_a_button_shows_the_ring_when_the_keyboard_brought_the_focus(
    qtbot: QtBot, show: Show
) -> None:
    one, other = Button("Save", role=Button.PRIMARY), Button("Cancel")
    show(one, other)
    other.setFocus()
    one.setFocus(Qt.FocusReason.MouseFocusReason)
    assert LIGHT.focus.upper() not in colours(one.grab().toImage())
    other.setFocus(Qt.FocusReason.TabFocusReason)
    assert LIGHT.focus.upper() in colours(other.grab().toImage())
    one.setFocus(Qt.FocusReason.TabFocusReason)
    assert LIGHT.focus.upper() in colours(one.grab().toImage())
    assert LIGHT.focus.upper() not in colours(other.grab().toImage())


def test_a_primary_button_that_is_off_can_still_be_read(qtbot: QtBot) -> None:
    button = Button("Unlock", role=Button.PRIMARY)
    button.setEnabled(False)
    qtbot.addWidget(button)
    painted = colours(button.grab().toImage())
    assert {LIGHT.sunk.upper(), LIGHT.muted.upper()} <= painted
    assert theme.contrast(LIGHT.muted, LIGHT.sunk) > 4.5


def test_a_shortcut_works_and_is_shown_in_the_tip(qtbot: QtBot, show: Show) -> None:
    button = Button("Save visit", "check", shortcut="Ctrl+S")
    line = LineEdit()
    show(button, line)
    button.set_words("Save the visit")
    line.setFocus()
    assert button.toolTip() == "Ctrl+S"
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(line, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)


# ---- words


def test_wrapped_words_ask_for_no_tall_window(qtbot: QtBot) -> None:
    words = Wrap(LONG)
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(words)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.resize(300, 400)
    qtbot.waitUntil(lambda: words.height() > 5 * words.fontMetrics().height())
    tall = words.height()
    window.resize(900, 400)
    qtbot.waitUntil(lambda: words.height() < tall / 2)
    assert window.minimumSizeHint().height() < 150


def test_a_word_wider_than_its_column_is_broken_and_not_cut_off(qtbot: QtBot, show: Show) -> None:
    words = Wrap("a" * 200)
    show(words).resize(200, 400)
    line = words.fontMetrics().lineSpacing()
    qtbot.waitUntil(lambda: words.height() > 6 * line)


def test_shortened_words_say_all_of_it_in_the_tip(qtbot: QtBot, show: Show) -> None:
    words = Elided("<i>" + LONG)
    show(words).resize(200, 60)
    qtbot.waitUntil(lambda: words.width() < 250)
    # escaped, so that the tip takes nothing of it for markup
    assert "&lt;i&gt;Bartholomew" in words.toolTip()
    words.setText("Short")
    assert words.toolTip() == ""


def test_a_name_is_two_letters() -> None:
    assert initials("Agnieszka Wójcik") == "AW"
    assert initials("Dr Siân ap Rhys-Jones") == "SR", "a title is no name"
    assert initials("Ruby") == "R"
    assert initials("  ") == "?"
    assert initials("7") == "7"


def test_the_same_name_has_the_same_tint_always(qtbot: QtBot) -> None:
    grounds = set()
    for _ in range(2):
        avatar = Avatar("Helen Marsh", 40)
        qtbot.addWidget(avatar)
        grounds.add(avatar.grab().toImage().pixelColor(20, 3).name())
    assert len(grounds) == 1


def test_short_and_long_waits_are_both_visible() -> None:
    assert AgeBar.share(3) > 0.1
    assert AgeBar.share(184) < 1
    assert AgeBar.share(200) == AgeBar.share(5_000) == 1
    assert AgeBar.share(0) == AgeBar.share(-4) == 0


# ---- telling


def test_a_banner_says_its_words_and_can_be_put_away(qtbot: QtBot, show: Show) -> None:
    banner = Banner("late", "The disk is full.", "What to do", closable=True)
    show(banner)
    with qtbot.waitSignal(banner.pressed):
        qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(banner._cross, Qt.MouseButton.LeftButton)
    assert banner.isHidden()
    banner.say("info", "There is room again.")
    assert banner.isVisible()
    assert banner.accessibleName() == "There is room again."
    assert banner.button.isHidden()


def test_a_long_banner_is_as_tall_as_its_words(qtbot: QtBot, show: Show) -> None:
    banner = Banner("due", LONG, "Check")
    show(banner).resize(360, 600)
    qtbot.waitUntil(lambda: banner.height() >= banner._words.height() + 18)
    assert banner._words.height() > 60


def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: said.append(event.message())
    )
    return said


def test_a_toast_is_spoken_and_takes_back_what_was_done(
    qtbot: QtBot, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = spoken(monkeypatch)
    window = show(LineEdit())
    window.resize(500, 300)
    toast = Toast(window, "Visit saved.", "Undo")
    toast.start()
    assert said == ["Visit saved."]
    window.resize(400, 200)
    qtbot.waitUntil(lambda: window.rect().contains(toast.geometry()))
    with qtbot.waitSignals([toast.undone, toast.gone]):
        qtbot.mouseClick(toast._button, Qt.MouseButton.LeftButton)
    assert toast.isHidden()


def test_a_toast_waits_while_somebody_is_about_to_press_undo(qtbot: QtBot, show: Show) -> None:
    window = show(LineEdit())
    toast = Toast(window, "Visit saved.", "Undo")
    toast.start()
    assert toast.running
    place = QPoint(2, 2).toPointF()
    QApplication.sendEvent(toast, QEnterEvent(place, place, place))
    assert not toast.running
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert toast.running
    toast._button.setFocus()
    assert not toast.running
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert not toast.running


def test_a_toast_leaves_by_itself(qtbot: QtBot, show: Show) -> None:
    toast = Toast(show(LineEdit()), "Visit saved.")
    assert toast._timer.interval() == 8_000
    toast._timer.setInterval(10)
    with qtbot.waitSignal(toast.gone):
        toast.start()


def test_an_empty_place_says_how_it_starts(qtbot: QtBot, show: Show) -> None:
    empty = EmptyState("search", "No visits yet", "Visits appear here.", "Record a visit")
    show(empty)
    assert empty.accessibleName() == "No visits yet"
    with qtbot.waitSignal(empty.pressed):
        qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)


# ---- floating


def popover(anchor: QWidget) -> tuple[Popover, Button]:
    made, first = Popover(anchor, "What is saved"), Button("Back up now")
    made.body.addWidget(Text("Your work is safe", "card"))
    made.body.addWidget(first)
    made.body.addWidget(Button("Details"))
    return made, first


def test_a_popover_takes_the_focus_and_gives_it_back_with_esc(qtbot: QtBot, show: Show) -> None:
    anchor = Button("Up to date")
    show(LineEdit(), anchor, LineEdit()).resize(600, 500)
    anchor.setFocus()
    made, first = popover(anchor)
    made.open()
    assert first.hasFocus()
    with qtbot.waitSignal(made.closed):
        qtbot.keyClick(first, Qt.Key.Key_Escape)
    assert anchor.hasFocus()


def test_a_popover_closes_at_a_press_elsewhere_but_not_inside(qtbot: QtBot, show: Show) -> None:
    anchor, line = Button("Up to date"), LineEdit()
    show(anchor, line).resize(600, 500)
    made, first = popover(anchor)
    made.open()
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert made.isVisible()
    with qtbot.waitSignal(made.closed):
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton)


def test_a_press_on_what_opened_a_popover_closes_it_for_good(qtbot: QtBot, show: Show) -> None:
    anchor = Button("Up to date")
    show(anchor, LineEdit()).resize(600, 500)
    opened: list[Popover] = []

    def open_it() -> None:
        opened.append(popover(anchor)[0])
        opened[-1].open()

    anchor.clicked.connect(open_it)
    qtbot.mouseClick(anchor, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(opened[0].closed):
        qtbot.mouseClick(anchor, Qt.MouseButton.LeftButton)
    assert len(opened) == 1


def test_the_focus_never_lies_behind_a_popover(qtbot: QtBot, show: Show) -> None:
    anchor, line = Button("Up to date"), LineEdit()
    show(anchor, line).resize(600, 500)
    made, first = popover(anchor)
    made.open()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert made.isVisible()
    with qtbot.waitSignal(made.closed):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)


def test_a_popover_stays_where_it_is_when_what_opened_it_was_made_anew(
    qtbot: QtBot, show: Show
) -> None:
    window = show(QWidget())
    window.resize(900, 700)
    anchor = Button("Rename", parent=window)
    anchor.move(440, 60)
    anchor.show()
    made, _ = popover(anchor)
    made.open()
    place, tall = made.pos(), made.height()
    with qtbot.waitSignal(anchor.destroyed):
        anchor.deleteLater()
    made.body.addWidget(Button("One more"))
    qtbot.waitUntil(lambda: made.height() > tall)
    assert made.pos() == place


@pytest.mark.parametrize("place", [(0, 0), (560, 0), (0, 460), (560, 460), (260, 230)])
def test_a_popover_stays_inside_the_window(
    qtbot: QtBot, show: Show, place: tuple[int, int]
) -> None:
    window = show(QWidget())
    window.resize(600, 500)
    anchor = QWidget(window)
    anchor.setGeometry(QRect(QPoint(*place), QSize(40, 40)))
    anchor.show()
    made, _ = popover(anchor)
    made.open()
    assert window.rect().contains(made.geometry())
    assert not made.geometry().adjusted(0, 20, 0, -20).intersects(anchor.geometry())


def test_a_question_repeats_its_verbs_and_wants_a_reason(qtbot: QtBot, show: Show) -> None:
    window = show(LineEdit())
    asked = ConfirmDialog(
        window,
        "Move this note to Joan Tully?",
        "It stays in the history, struck through.",
        do="Move the note",
        keep="Keep it here",
        reason="Reason",
    )
    asked.open()
    with qtbot.assertNotEmitted(asked.accepted):
        qtbot.mouseClick(asked.do, Qt.MouseButton.LeftButton)
    assert asked._field is not None
    assert asked._field.error == "Say why, in a few words."
    qtbot.keyClicks(asked._line, "Wrong resident")
    with qtbot.waitSignal(asked.accepted):
        qtbot.mouseClick(asked.do, Qt.MouseButton.LeftButton)
    assert asked.reason == "Wrong resident"


def test_enter_pressed_by_mistake_destroys_nothing(qtbot: QtBot, show: Show) -> None:
    window = show(LineEdit())
    asked = ConfirmDialog(
        window, "Wipe it?", "It is gone then.", do="Wipe it", keep="Keep it", danger=True
    )
    with qtbot.waitExposed(asked):
        asked.open()
    with qtbot.assertNotEmitted(asked.accepted):
        qtbot.keyClick(asked, Qt.Key.Key_Return)


# ---- arranging


def test_columns_stack_when_text_is_large(look: Theme, qtbot: QtBot, show: Show) -> None:
    left, right = Card("Left"), Card("Right")
    columns = Columns([(left, 1), (right, 1)])
    show(columns).resize(700, 400)
    qtbot.waitUntil(lambda: right.x() > left.x() and right.y() == left.y())
    look.resize(1.5)
    qtbot.waitUntil(lambda: right.y() > left.y() and right.x() == left.x())
    look.resize(1.0)
    qtbot.waitUntil(lambda: right.x() > left.x() and right.y() == left.y())


def test_parts_flow_to_the_next_line_and_the_row_grows(qtbot: QtBot, show: Show) -> None:
    chips = [FilterChip(f"Filter {number}", number) for number in range(12)]
    row = FlowRow(chips)
    window = show(row, ScrollPage())
    window.resize(1_300, 500)
    qtbot.waitUntil(lambda: len({chip.y() for chip in chips}) == 1)
    one = row.height()
    window.resize(420, 500)
    qtbot.waitUntil(lambda: len({chip.y() for chip in chips}) >= 3)
    assert row.height() >= 3 * one
    assert all(chip.geometry().right() <= row.width() for chip in chips)
    row.clear()
    assert row.flow.count() == 0


def test_a_page_never_decides_the_size_of_the_window(qtbot: QtBot, show: Show) -> None:
    page = ScrollPage()
    for _ in range(40):
        page.body.addWidget(PageHeader("Today", LONG, [Button("Print"), Button("Save")]))
    window = show(page)
    assert window.minimumSizeHint().height() < 200


def test_a_tile_opens_the_list_behind_its_figure(qtbot: QtBot, show: Show) -> None:
    tile = FigureTile("repeat", "Open loops", "14", "open", state="late", words=LONG)
    show(tile).resize(220, 200)
    qtbot.waitUntil(lambda: tile._chip.geometry().right() <= tile.width())
    with qtbot.waitSignal(tile.clicked):
        qtbot.mouseClick(tile._chip, Qt.MouseButton.LeftButton)
    assert tile.accessibleDescription() == LONG


def test_a_progress_line_rests_when_nobody_sees_it(qtbot: QtBot, show: Show) -> None:
    line = ProgressLine("Unlocking")
    show(line)
    running = line._run.State.Running
    assert line._run.state() == running
    line.hide()
    assert line._run.state() != running
    line.show()
    assert line._run.state() == running
    line.show_progress(3, 10)
    assert line._run.state() != running


def test_the_emphasised_card_has_the_accent_as_its_edge(qtbot: QtBot) -> None:
    card = Card("Ring now", kind=Card.EMPHASISED)
    qtbot.addWidget(card)
    card.resize(200, 100)
    image = card.grab().toImage()
    assert image.pixelColor(100, 0) == QColor(LIGHT.accent)
