"""A value to choose is shown whole, with who wrote it and when."""

from __future__ import annotations

import datetime as dt

from pytestqt.qtbot import QtBot

from liaison.ui import theme
from liaison.ui.parts.choice_card import ChoiceCard
from liaison.ui.parts.told import Choice

AT = dt.datetime(2026, 11, 23, 8, 41, tzinfo=dt.UTC)


def test_of_three_values_side_by_side_no_time_is_cut_short(qtbot: QtBot) -> None:
    choice = Choice(1, "5", "5", "Helen Marsh", "The old laptop of the night staff", AT, "")
    card = ChoiceCard(choice, ())
    qtbot.addWidget(card)
    narrow, wide = theme.px(220), theme.px(600)
    # what does not fit into one line has two
    assert card.heightForWidth(narrow) > card.heightForWidth(wide)
    card.resize(narrow, card.heightForWidth(narrow))
    words = " ".join(layout.text() for layout in card._fact_layouts(card._text_width(narrow)))
    assert "Mon 23 Nov 2026, 08:41" in words
