"""Colours that can be read, type and lengths that grow, a theme that is switched while in use."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import icons as selection  # packaging/icons.py, which chose them
from liaison.settings import resource
from liaison.ui import theme
from liaison.ui.theme import DARK, LIGHT, Theme, Tokens, contrast
from liaison.ui.theme import icons as drawn
from liaison.ui.theme.style import TEXT_KINDS
from liaison.ui.widgets import STATE_ICONS, Button, LineEdit, StateChip, Text

#: How often a widget may be told of one switch: as the old sheet goes, and as the new one comes.
_MOST_SWITCHES = 2

THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])

#: Colour, ground, the least contrast in light and in dark: what was measured when they were chosen.
TABLE = [
    ("text", "bg", 15.2, 15.4),
    ("text", "surface", 16.5, 13.7),
    ("muted", "surface", 7.0, 7.9),
    ("muted", "sunk", 6.2, 8.4),
    ("strong", "surface", 3.8, 4.9),
    ("onaccent", "accent", 6.2, 7.7),
    ("accent", "surface", 6.2, 7.9),
    ("accent", "soft", 5.3, 6.0),
    ("focus", "bg", 4.6, 10.2),
    ("focus", "soft", 4.3, 6.9),
    ("sidetext", "side", 10.0, 11.2),
    ("sidemuted", "side", 6.3, 6.9),
    ("ok", "okbg", 6.8, 8.2),
    ("due", "duebg", 7.4, 9.1),
    ("late", "latebg", 7.3, 7.5),
    ("none", "nonebg", 6.2, 6.4),
    ("info", "infobg", 7.2, 7.8),
    ("okbar", "surface", 3.8, 5.5),
    ("duebar", "surface", 3.7, 7.1),
    ("latebar", "surface", 5.3, 4.8),
    ("okbar", "track", 3.1, 4.2),
    ("duebar", "track", 3.0, 5.5),
    ("latebar", "track", 4.3, 3.7),
    ("btn", "surface", 2.2, 2.8),
]

#: Text on the grounds it stands on: WCAG AA asks 4.5 of it.
READ = [
    ("text", "raised"), ("text", "sunk"), ("text", "soft"), ("text", "okbg"), ("text", "duebg"),
    ("text", "latebg"), ("text", "infobg"), ("muted", "bg"), ("muted", "raised"),
    ("muted", "soft"), ("accent", "bg"), ("accent", "raised"), ("late", "surface"),
    ("late", "bg"), ("ok", "surface"), ("ok", "bg"), ("due", "surface"), ("info", "surface"),
    ("onaccent", "accenthi"), ("sidetext", "sidesel"), ("oninverse", "inverse"),
    ("surface", "late"),
]  # fmt: skip


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert contrast("#FFFFFF", "#777777") == contrast("#777777", "#FFFFFF")


@pytest.mark.parametrize(("colour", "ground", "light", "dark"), TABLE)
def test_colours_contrast_as_when_they_were_chosen(
    colour: str, ground: str, light: float, dark: float
) -> None:
    for tokens, least in ((LIGHT, light), (DARK, dark)):
        measured = contrast(getattr(tokens, colour), getattr(tokens, ground))
        assert round(measured, 1) >= least


@THEMES
@pytest.mark.parametrize(("colour", "ground"), READ)
def test_text_can_be_read_on_every_ground_it_stands_on(
    tokens: Tokens, colour: str, ground: str
) -> None:
    assert contrast(getattr(tokens, colour), getattr(tokens, ground)) >= 4.5


@THEMES
def test_initials_can_be_read_on_their_tints(tokens: Tokens) -> None:
    assert len(tokens.avatars) == 6
    assert min(contrast(*tint) for tint in tokens.avatars) >= 6.2


@THEMES
def test_the_focus_shows_on_every_ground(tokens: Tokens) -> None:
    for ground in ("bg", "surface", "raised", "sunk", "soft", "latebg", "duebg", "infobg"):
        assert contrast(tokens.focus, getattr(tokens, ground)) >= 3


def test_no_text_is_smaller_than_a_caption() -> None:
    assert min(points for points, _, _ in TEXT_KINDS.values()) == theme.CAPTION == 9


# ---- type and lengths


def test_the_window_is_written_in_inter(qtbot: QtBot) -> None:
    words = Text("01632 960 118", "number")
    qtbot.addWidget(words)
    words.ensurePolished()
    assert words.font().family() == "Inter"
    assert words.font().pointSizeF() == 46
    assert words.font().weight() == theme.BOLD


def test_the_three_weights_are_three(qtbot: QtBot) -> None:
    widths = [
        QFontMetricsF(theme.font(40, weight)).horizontalAdvance("Hamburgefonstiv")
        for weight in (theme.REGULAR, theme.SEMIBOLD, theme.BOLD)
    ]
    assert widths == sorted(set(widths))


def test_figures_can_be_had_that_stack() -> None:
    plain = theme.font(20)
    tabular = theme.with_features(plain, "tnum")
    metrics = QFontMetricsF(tabular)
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")
    assert QFontMetricsF(plain).horizontalAdvance("1111") != metrics.horizontalAdvance("1111")


def test_everything_grows_with_the_text_size(look: Theme, qtbot: QtBot) -> None:
    words, button, line = Text("Today", "title"), Button("Save", "check"), LineEdit("x")
    for widget in (words, button, line):
        qtbot.addWidget(widget)
    before = [widget.sizeHint() for widget in (words, button, line)]
    height = line.height()
    look.resize(2.0)
    assert theme.px(16) == 32
    assert theme.pt(10.5) == 21
    after = [widget.sizeHint() for widget in (words, button, line)]
    for small, large in zip(before, after, strict=True):
        assert large.width() > 1.8 * small.width() or large.height() > 1.8 * small.height()
    assert line.height() == 2 * height


def test_the_text_size_stays_between_100_and_200_per_cent(look: Theme) -> None:
    look.resize(5)
    assert look.scale == 2.0
    look.resize(0.1)
    assert look.scale == 1.0


def test_columns_stack_from_140_per_cent(look: Theme) -> None:
    look.resize(1.39)
    assert theme.roomy()
    look.resize(1.4)
    assert not theme.roomy()


# ---- switching


def ground_of(image: QImage) -> QColor:
    return image.pixelColor(image.width() // 2, 2)


def test_a_switch_leaves_no_painted_part_behind(look: Theme, qtbot: QtBot) -> None:
    chip = StateChip("late", "Overdue")
    qtbot.addWidget(chip)
    assert ground_of(chip.grab().toImage()) == QColor(LIGHT.latebg)
    look.choose("dark")
    assert ground_of(chip.grab().toImage()) == QColor(DARK.latebg)


def test_a_switch_reaches_words_and_palette(look: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    words = Text("Today", "secondary")
    qtbot.addWidget(words)
    with qtbot.waitSignal(look.changed):
        look.choose("dark")
    words.ensurePolished()
    assert words.palette().windowText().color() == QColor(DARK.muted)
    assert qapp.palette().window().color() == QColor(DARK.bg)


def test_a_switch_reaches_icons_that_are_asked_for_again(look: Theme) -> None:
    def dark_pixels() -> bool:
        image = theme.icon("check").pixmap(18, 18).toImage()
        return any(
            image.pixelColor(x, y).alpha() > 200 and image.pixelColor(x, y).lightness() < 100
            for x in range(image.width())
            for y in range(image.height())
        )

    assert dark_pixels()
    look.choose("dark")
    assert not dark_pixels()


def test_the_system_is_followed_while_the_window_is_open(
    look: Theme, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the screen of the tests has no light and dark of its own
    def system(scheme: Qt.ColorScheme) -> None:
        monkeypatch.setattr(look, "system_is_dark", lambda: scheme == Qt.ColorScheme.Dark)
        qapp.styleHints().colorSchemeChanged.emit(scheme)

    look.choose("system")
    assert not theme.tokens().dark
    system(Qt.ColorScheme.Dark)
    assert theme.tokens().dark
    system(Qt.ColorScheme.Light)
    assert not theme.tokens().dark
    look.choose("light")
    system(Qt.ColorScheme.Dark)
    assert not theme.tokens().dark
    look.choose("system")
    assert theme.tokens().dark


class Switches(QObject):
    """Counts the events that tell a widget to look anew."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        self.count += event.type() == QEvent.Type.StyleChange
        return False


def test_choosing_what_is_chosen_already_costs_nothing(look: Theme, qtbot: QtBot) -> None:
    words, switches = Text("Today"), Switches()
    qtbot.addWidget(words)
    words.installEventFilter(switches)
    look.choose("light")
    look.resize(1.0)
    assert switches.count == 0
    look.choose("dark")
    assert 1 <= switches.count <= _MOST_SWITCHES


def test_a_switch_costs_a_widget_no_more_however_deep_it_lies(look: Theme, qtbot: QtBot) -> None:
    around = outermost = QWidget()
    qtbot.addWidget(outermost)
    for _ in range(20):
        around = QWidget(around)
    words, switches = Text("Today", parent=around), Switches()
    outermost.show()
    words.installEventFilter(switches)
    look.resize(1.5)
    assert 1 <= switches.count <= _MOST_SWITCHES


def test_asking_for_the_look_before_there_is_one_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "_themes", [])
    with pytest.raises(RuntimeError, match="install"):
        theme.px(8)


# ---- icons


@pytest.mark.parametrize("name", selection.NAMES)
def test_every_icon_ships_and_takes_its_colour_from_the_theme(
    name: str, qapp: QApplication
) -> None:
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    assert "currentColor" in text
    picture = drawn.pixmap(name, "#0B6B75", 24, 1.0).toImage()
    pixels = [picture.pixelColor(x, y) for x in range(24) for y in range(24)]
    solid = [pixel for pixel in pixels if pixel.alpha() > 200]
    assert solid
    for pixel in solid:
        # drawing the smooth edges rounds by a shade
        assert abs(pixel.red() - 0x0B) <= 2
        assert abs(pixel.green() - 0x6B) <= 2
        assert abs(pixel.blue() - 0x75) <= 2


def test_the_icons_folder_holds_the_selection_and_its_licence_and_nothing_else() -> None:
    folder = resource("icons", "LICENSE").parent
    assert {path.name for path in folder.iterdir()} == {
        "LICENSE",
        *(f"{name}.svg" for name in selection.NAMES),
    }
    assert "ISC" in (folder / "LICENSE").read_text(encoding="utf-8")


def test_icons_are_drawn_for_the_screen_they_are_on(qtbot: QtBot) -> None:
    button = Button("Save")
    qtbot.addWidget(button)
    assert theme.pixmap("check", "text", 18, button).width() == 18
    picture = drawn.pixmap("check", "#000000", 18, 2.0)
    assert picture.width() == 36
    assert picture.deviceIndependentSize().width() == 18


def test_an_icon_that_does_not_ship_is_a_bug_that_shows(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        drawn.pixmap("no-such-icon", "#000000", 18, 1.0)


def test_every_state_has_an_icon_of_its_own() -> None:
    assert len(set(STATE_ICONS.values())) == len(STATE_ICONS) == 5


def test_choosing_the_colours_that_are_there_already_lays_nothing_out_anew(
    look: Theme, qtbot: QtBot
) -> None:
    assert not look.system_is_dark()
    with qtbot.assertNotEmitted(look.changed):
        look.choose("system")
    assert look.choice == "system"
    with qtbot.waitSignal(look.changed):
        look.choose("dark")
