"""The head of a resident's page: what tells them apart is read whole, however narrow it is."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from liaison.ui import theme
from liaison.ui.pages.residents.head import Head
from liaison.ui.widgets import Wrap

FACTS = ("Likes “Bel”", "Room 12", "born 14 Mar 1938, 88", "NHS 943 476 5919", "left 3 Nov 2026")
LINE = " \N{MIDDLE DOT} ".join(FACTS)


def lines_of(label: Wrap, width: int) -> list[str]:
    """Return the lines of a text as they are painted."""
    (paragraph,), _ = label._lay_out(width)
    found = [paragraph.lineAt(n) for n in range(paragraph.lineCount())]
    return [
        paragraph.text()[one.textStart() : one.textStart() + one.textLength()].replace("\xa0", " ")
        for one in found
    ]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_no_fact_is_broken_in_the_middle(qtbot: QtBot, look: theme.Theme, scale: float) -> None:
    look.resize(scale)
    head = Head()
    qtbot.addWidget(head)
    head.show_person("Isabel Hartley", LINE)
    label = head._line
    assert label.text() == LINE
    widest = max(label.fontMetrics().horizontalAdvance(f"{fact} \N{MIDDLE DOT}") for fact in FACTS)
    counts = set()
    for width in range(widest + 2, label.fontMetrics().horizontalAdvance(LINE) + 20, 10):
        lines = lines_of(label, width)
        assert "".join(lines) == LINE
        assert all(any(fact in line for line in lines) for fact in FACTS), lines
        counts.add(len(lines))
    # it was narrow enough to break, and wide enough not to
    assert {1, 2, 3} <= counts
