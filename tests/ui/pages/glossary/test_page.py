"""The glossary, as people use it."""

from __future__ import annotations

import dataclasses

import pytest
from pytestqt.qtbot import QtBot

from liaison.records.directory import Term
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.pages.glossary import GlossaryPage
from liaison.ui.parts.form import RecordForm
from liaison.ui.widgets import Explained
from tests.ui.names import nameless
from tests.ui.parts.conftest import Heard


@pytest.fixture
def term(qtbot: QtBot, desk: Desk) -> int:
    """A word that is explained."""
    added: list[int] = []

    def write(home: OpenHome) -> int:
        return editing.add(home, Term(abbreviation="ZQN", meaning="zigzag nurse"))[0]

    desk.jobs.write(write, added.append)
    qtbot.waitUntil(lambda: bool(added))
    return added[0]


def shown(qtbot: QtBot, desk: Desk) -> GlossaryPage:
    made = GlossaryPage(desk)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    with qtbot.waitSignal(made.filled):
        made.show()
    return made


def test_a_word_is_found_and_opened(qtbot: QtBot, desk: Desk, heard: Heard, term: int) -> None:
    page = shown(qtbot, desk)
    assert nameless(page) == []
    page.list.search.setText("ZQN")
    with qtbot.waitSignal(page.filled):
        page.list.refresh()
    qtbot.waitUntil(lambda: page.list.count.text() == "1 glossary term")
    page.show_record("term", term)
    assert page.stack.currentWidget() is page._behind
    qtbot.waitUntil(
        lambda: any(part.text() == "zigzag nurse" for part in page.room.findChildren(Explained))
    )
    page.room.back()
    assert page.stack.currentWidget() is page._front


def test_a_manager_explains_a_word(qtbot: QtBot, desk: Desk, heard: Heard) -> None:
    page = shown(qtbot, desk)
    page.add.click()
    form = page.room.currentWidget()
    assert isinstance(form, RecordForm)
    qtbot.waitUntil(lambda: form.fields is not None)
    assert form.fields is not None
    form.fields.editor("abbreviation").put("ZQX")
    form.fields.editor("meaning").put("zebra crossing")
    with qtbot.waitSignal(page.room.saved):
        form.save()
    assert page.stack.currentWidget() is page._front
    assert callable(heard.undo)


def test_a_carer_reads_and_does_not_add(qtbot: QtBot, desk: Desk, heard: Heard, term: int) -> None:
    desk.person = dataclasses.replace(desk.person, role="carer")
    page = shown(qtbot, desk)
    assert page.add.isHidden()
    page._add()
    assert page.room.is_empty
