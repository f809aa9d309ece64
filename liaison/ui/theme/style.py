"""The palette and the one style sheet, made from the colours and the text size.

What a style sheet can do well is here: labels by kind, fields, lists, menus, scroll bars. What it
cannot (an inner focus line, a bar at one side, chips, switches) is painted by the widgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QColor, QPalette

if TYPE_CHECKING:
    from liaison.ui.theme.tokens import Tokens

#: Kinds of text: point size at 100 %, weight, colour.
TEXT_KINDS: Final = {
    "number": (46.0, 700, "text"),
    "figure": (22.0, 700, "text"),
    "greeting": (20.0, 700, "text"),
    "title": (17.0, 700, "text"),
    "tile": (16.0, 700, "text"),
    "phone": (15.0, 600, "text"),
    "question": (14.0, 700, "text"),
    "card": (12.0, 600, "text"),
    "label": (10.5, 600, "text"),
    "body": (10.5, 400, "text"),
    "muted": (10.5, 400, "muted"),
    "secondary": (9.5, 400, "muted"),
    "caption": (9.0, 600, "muted"),
    "error": (9.5, 600, "late"),
    "toast": (10.5, 400, "oninverse"),
    "link": (10.5, 600, "accent"),
}


def palette(tokens: Tokens) -> QPalette:
    """Return the palette for Fusion and for whatever reads no style sheet."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in {
        role.Window: tokens.bg,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.raised,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.late,
        role.ToolTipBase: tokens.inverse,
        role.ToolTipText: tokens.oninverse,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.onaccent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: tokens.raised,
        role.Midlight: tokens.line,
        role.Mid: tokens.border,
        role.Dark: tokens.strong,
        role.Shadow: tokens.shadow,
    }.items():
        made.setColor(which, QColor(colour))
    for which in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.disabled))
    return made


def sheet(tokens: Tokens, scale: float) -> str:
    """Return the style sheet.

    Args:
        tokens: The colours.
        scale: The text size: 1.0 is 100 per cent.
    """

    def px(length: float) -> int:
        return round(length * scale)

    t = tokens
    parts = [
        _texts(tokens, scale),
        _fields(tokens, px(8), px(12), px(7)),
        _lists(tokens, px(8), px(42), px(9 * 96 / 72)),
        _floating(tokens, px(8), px(12), px(6)),
        "QScrollArea { background: transparent; border: none; }",
        f"QDialog {{ background: {t.surface}; }}",
        _scroll_bars(tokens, px(12), px(28)),
        _sliders(tokens, px(6), px(20)),
    ]
    return "\n".join(parts)


def _texts(t: Tokens, scale: float) -> str:
    return "\n".join(
        f'QLabel[kind="{kind}"] {{ font-size: {points * scale:.2f}pt; font-weight: {weight};'
        f" color: {getattr(t, colour)}; }}"
        for kind, (points, weight, colour) in TEXT_KINDS.items()
    )


def _fields(t: Tokens, radius: int, side: int, top: int) -> str:
    # a thicker edge takes its pixel from the padding, so that nothing moves
    return f"""
QLineEdit, QPlainTextEdit, QComboBox {{
  background: {t.surface}; color: {t.text}; border: 1px solid {t.strong};
  border-radius: {radius}px; padding: {top}px {side}px;
  selection-background-color: {t.accent}; selection-color: {t.onaccent}; }}
QPlainTextEdit {{ padding: {top - 2}px {side - 4}px; }}
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover {{ border-color: {t.muted}; }}
QLineEdit:read-only, QPlainTextEdit:read-only {{
  background: {t.raised}; border-color: {t.border}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{
  background: {t.raised}; color: {t.muted}; border-color: {t.border}; }}
QLineEdit[wrong="true"], QComboBox[wrong="true"] {{
  border: 2px solid {t.late}; padding: {top - 1}px {side - 1}px; }}
QPlainTextEdit[wrong="true"] {{
  border: 2px solid {t.late}; padding: {top - 3}px {side - 5}px; }}
QLineEdit:focus, QComboBox:focus {{
  border: 2px solid {t.focus}; padding: {top - 1}px {side - 1}px; }}
QPlainTextEdit:focus {{
  border: 2px solid {t.focus}; padding: {top - 3}px {side - 5}px; }}
QComboBox::drop-down {{ border: none; width: {side * 2 + 6}px; }}
QComboBox::down-arrow {{ image: none; }}
"""


def _lists(t: Tokens, radius: int, row: int, head: int) -> str:
    return f"""
QAbstractItemView {{
  background: {t.surface}; color: {t.text}; border: none; outline: none;
  selection-background-color: {t.soft}; selection-color: {t.text};
  alternate-background-color: {t.raised}; gridline-color: {t.line}; }}
QTableView::item, QTreeView::item {{ border-bottom: 1px solid {t.line}; padding: 0 {radius}px; }}
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover {{ background: {t.raised}; }}
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected {{
  background: {t.soft}; color: {t.text}; }}
QListView::item {{ padding: {radius // 2}px {radius}px; }}
QCalendarWidget QTableView::item {{ padding: 0; border: none; }}
QHeaderView {{ background: {t.surface}; border: none; }}
QHeaderView::section {{
  background: {t.surface}; color: {t.muted}; border: none;
  border-bottom: 1px solid {t.border}; padding: {radius // 2}px {radius}px;
  font-size: {head}px; font-weight: 600; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QTableCornerButton::section {{ background: {t.surface}; border: none; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox QAbstractItemView {{
  background: {t.surface}; border: 1px solid {t.border}; padding: {radius // 2}px; }}
QComboBox QAbstractItemView::item {{
  min-height: {row - 8}px; padding: 0 {radius}px; border-radius: {radius - 2}px; color: {t.text}; }}
QComboBox QAbstractItemView::item:hover {{ background: {t.raised}; }}
QComboBox QAbstractItemView::item:selected {{ background: {t.soft}; color: {t.text}; }}
"""


def _floating(t: Tokens, radius: int, side: int, top: int) -> str:
    return f"""
QToolTip {{
  background: {t.inverse}; color: {t.oninverse}; border: none; padding: {top}px {side - 2}px; }}
QMenu {{
  background: {t.surface}; color: {t.text}; border: 1px solid {t.border};
  padding: {top}px; icon-size: {side * 3 // 2}px; }}
QMenu::item {{ padding: {top + 2}px {side * 2}px {top + 2}px {side}px; border-radius: {top}px; }}
QMenu::item:selected {{ background: {t.soft}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.disabled}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: {top}px {radius}px; }}
"""


def _scroll_bars(t: Tokens, thick: int, shortest: int) -> str:
    return f"""
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: {thick}px; }}
QScrollBar:horizontal {{ height: {thick}px; }}
QScrollBar::handle {{ background: {t.btn}; border-radius: {thick // 4}px; margin: {thick // 4}px; }}
QScrollBar::handle:vertical {{ min-height: {shortest}px; }}
QScrollBar::handle:horizontal {{ min-width: {shortest}px; }}
QScrollBar::handle:hover {{ background: {t.strong}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _sliders(t: Tokens, track: int, knob: int) -> str:
    out = (knob - track) // 2
    return f"""
QSlider:horizontal {{ min-height: {knob + 8}px; }}
QSlider::groove:horizontal {{ height: {track}px; background: {t.track}; border-radius: {track // 2}px; }}
QSlider::sub-page:horizontal {{ background: {t.okbar}; border-radius: {track // 2}px; }}
QSlider::handle:horizontal {{
  background: {t.accent}; border: 2px solid {t.surface}; border-radius: {knob // 2}px;
  width: {knob - 4}px; margin: -{out}px 0; }}
QSlider::handle:horizontal:hover {{ background: {t.accenthi}; }}
"""
