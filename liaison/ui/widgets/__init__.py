"""The plain parts of the window; they know nothing of records.

Words
    ``Text(words, kind)``            one plain line; kinds: title, card, label, body, muted, secondary ...
    ``Wrap(words, kind)``            as many lines as it needs, without asking for a tall window
    ``Elided(words, kind)``          one line, shortened, the tip says all
    ``Explained(words)``             a Wrap whose abbreviations are explained on hover and focus
    ``KeyCap("Ctrl")``, ``KeyCaps("Ctrl+K")``
    ``Icon(name, token, size)``      a picture beside words
Pressing
    ``Button(words, icon, role, small=, big=, shortcut=)``   roles: Button.PRIMARY, SECONDARY, QUIET, DANGER
    ``IconButton(icon, name)``       a square with an icon; its name is said and is its tip
    ``FilterChip(words, count, on=)``  a QPushButton that is on or off
    ``Segmented([(value, words)])``  .value, .set_value, changed
    ``CheckBox(words)``, ``RadioButton(words)``
Typing
    ``Field(label, editor, hint, required=)``   label, control, hint or error; .set_error(words)
    ``LineEdit``, ``TextArea`` (grows), ``ComboBox([(value, words)])`` (.value, .set_value, changed)
    ``DateField(parse, show, today=)``, ``TimeField(parse, show)``   typed as people say it;
                                     .value, .set_value, .text, .set_text, .settle(), changed
Telling
    ``StateChip(state, words, icon)``  ok, due, late, none, info: tint, icon, word
    ``Tag(icon, words)``             what kind of thing it is
    ``CountBadge(count, name)``      a number in a pill
    ``Banner(kind, words, button)``  pressed, closed, .say(kind, words, button)
    ``Toast(window, words, undo)``   .start(); undone, gone
    ``EmptyState(icon, title, words, action)``  pressed
    ``announce(widget, words)``      spoken by a screen reader
Floating
    ``Popover(anchor, name, width)`` .body, .open(), .done(), closed
    ``ConfirmDialog(parent, question, words, do=, keep=, reason=)``  .open(), accepted, .reason
Arranging
    ``Card(title, icon, note, kind=)``  .body, .add(part), .head, .set_note
    ``FigureTile(icon, label, figure, unit, state=, words=)``  a figure that opens its list
    ``Divider()``
    ``Flow``, ``FlowRow(parts)``     like words in a line
    ``Columns([(widget, share)])``   side by side, stacked from 140 per cent
    ``Narrow(part, widest)``         no wider than people read, however wide the page
    ``PageHeader(title, subtitle, actions)``  .set_subtitle(words, icon, token)
    ``ScrollPage()``                 .body
    ``OneOf()``                      a QStackedWidget no larger than the part it shows
    ``spaced(layout, gap, margins)`` spacing that follows the text size
    ``paint_from(widget, filled, most_ms=)``  painted once there is something in it
    ``show_with(part, wanted=)``     shown with what it belongs to, or hidden
Figures
    ``Avatar(name, size)``, ``AgeBar(days, expected, state)``, ``ProgressLine(name)``
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from liaison.ui.widgets.avatar import Avatar
    from liaison.ui.widgets.button import Button, IconButton, Role
    from liaison.ui.widgets.card import Card, Divider, FigureTile
    from liaison.ui.widgets.chips import STATE_ICONS, CountBadge, FilterChip, State, StateChip, Tag
    from liaison.ui.widgets.choose import CheckBox, RadioButton, Segmented
    from liaison.ui.widgets.dates import DateField, TimeField, TypedField
    from liaison.ui.widgets.edits import ComboBox, TextArea
    from liaison.ui.widgets.explaining import Explained
    from liaison.ui.widgets.field import Field
    from liaison.ui.widgets.figures import AgeBar, ProgressLine
    from liaison.ui.widgets.floating import ConfirmDialog, Popover, drop_down
    from liaison.ui.widgets.flow import Columns, Flow, FlowRow, Narrow, at_end
    from liaison.ui.widgets.line import LineEdit, set_wrong
    from liaison.ui.widgets.notices import Banner, EmptyState, Toast
    from liaison.ui.widgets.pages import OneOf, PageHeader, ScrollPage
    from liaison.ui.widgets.painting import announce, paint_from, show_with, spaced
    from liaison.ui.widgets.picture import Icon
    from liaison.ui.widgets.text import Elided, KeyCap, KeyCaps, Text, Wrap

__all__ = [
    "STATE_ICONS", "AgeBar", "Avatar", "Banner", "Button", "Card", "CheckBox", "Columns",
    "ComboBox", "ConfirmDialog", "CountBadge", "DateField", "Divider", "Elided", "EmptyState",
    "Explained", "Field", "FigureTile", "FilterChip", "Flow", "FlowRow", "Icon", "IconButton", "KeyCap",
    "KeyCaps", "LineEdit", "Narrow", "OneOf", "PageHeader", "Popover", "ProgressLine", "RadioButton", "Role",
    "ScrollPage", "Segmented", "State", "StateChip", "Tag", "Text", "TextArea", "TimeField",
    "Toast", "TypedField", "Wrap", "announce", "at_end", "drop_down", "paint_from", "set_wrong",
    "show_with", "spaced",
]  # fmt: skip

# A part is loaded when it is first asked for: the unlock window, which must be there at once, needs
# few of them.
_WHERE: Final = {
    name: module
    for module, names in {
        "avatar": "Avatar",
        "button": "Button IconButton Role",
        "card": "Card Divider FigureTile",
        "chips": "STATE_ICONS CountBadge FilterChip State StateChip Tag",
        "choose": "CheckBox RadioButton Segmented",
        "dates": "DateField TimeField TypedField",
        "edits": "ComboBox TextArea",
        "explaining": "Explained",
        "field": "Field",
        "figures": "AgeBar ProgressLine",
        "floating": "ConfirmDialog Popover drop_down",
        "flow": "Columns Flow FlowRow Narrow at_end",
        "line": "LineEdit set_wrong",
        "notices": "Banner EmptyState Toast",
        "pages": "OneOf PageHeader ScrollPage",
        "painting": "announce paint_from show_with spaced",
        "picture": "Icon",
        "text": "Elided KeyCap KeyCaps Text Wrap",
    }.items()
    for name in names.split()
}


def __getattr__(name: str) -> Any:
    """Return a part of the window, loading it first."""
    if name not in _WHERE:
        raise AttributeError(f"there is no {name} among the widgets")
    found = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = found
    return found
