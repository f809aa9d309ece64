"""Taking the directory out, from the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.exchange.xlsx_reading import sheet_names
from liaison.services.exporting import DIRECTORY
from liaison.store import query
from liaison.ui.desk import Desk
from liaison.ui.pages.directory import DirectoryPage
from liaison.ui.parts.sharing import Offered, ShareDialog
from liaison.ui.widgets import Wrap
from tests.ui import walk
from tests.ui.names import nameless
from tests.ui.parts.conftest import Heard, Ids


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> DirectoryPage:
    """The page from which it is asked for."""
    made = DirectoryPage(desk)
    qtbot.addWidget(made)
    made.resize(1120, 700)
    made.show()
    return made


def asked(qtbot: QtBot, desk: Desk, page: DirectoryPage, *offered: Offered) -> ShareDialog:
    dialog = ShareDialog(desk, page, offered or (Offered("The whole directory"),))
    dialog.open()
    qtbot.waitUntil(lambda: dialog.preview is not None and dialog.preview.count > 0)
    return dialog


def said(dialog: ShareDialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(Wrap) if one.isVisible())


def test_what_leaves_and_what_stays_stands_there_before(
    qtbot: QtBot, desk: Desk, page: DirectoryPage
) -> None:
    dialog = asked(qtbot, desk, page)
    assert dialog.which.currentText() == "The whole directory"
    assert "1 contact" in said(dialog)
    assert "Residents, staff, visits and everything else of the home" in said(dialog)
    assert "Private notes" in said(dialog).splitlines()
    dialog.whom.set_value("own")
    dialog.whom.changed.emit("own")
    qtbot.waitUntil(lambda: "it is for ourselves" in said(dialog))
    assert nameless(dialog) == []
    assert walk.told(dialog) + walk.by_tab(dialog) == []


def test_the_file_is_written_and_noted(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, heard: Heard, tmp_path: Path
) -> None:
    dialog = asked(qtbot, desk, page)
    file = tmp_path / "directory.xlsx"
    with qtbot.waitSignal(dialog.accepted):
        dialog.save_to(file)
    assert heard.said == ["3 entries saved in directory.xlsx."]
    with file.open("rb") as opened:
        assert sheet_names(opened) == ["Organisations", "Contacts", "Services"]
    found: list[str | None] = []
    desk.jobs.read(
        lambda store: [
            getattr(one, "detail", None) for one in query.every(store, query.Query("access_event"))
        ],
        found.extend,
    )
    qtbot.waitUntil(lambda: any("directory.xlsx" in (words or "") for words in found))


def test_what_cannot_be_written_is_told_and_the_dialog_stays(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, tmp_path: Path
) -> None:
    dialog = asked(qtbot, desk, page)
    dialog.save_to(tmp_path / "nowhere" / "directory.xlsx")
    qtbot.waitUntil(dialog.banner.isVisible)
    assert dialog.isVisible()
    assert dialog.save_button.isEnabled()
    dialog.reject()


def test_one_list_may_be_csv_and_several_may_not(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, ids: Ids
) -> None:
    one = Offered("Only Grace", "contact", frozenset({ids.grace}))
    dialog = asked(qtbot, desk, page, Offered("All", DIRECTORY), one)
    kinds = [dialog.kind.itemText(n) for n in range(dialog.kind.count())]
    assert kinds == ["Spreadsheet", "Address cards"]
    dialog.which.set_value(1)
    dialog.which.changed.emit(1)
    assert dialog.kind.count() == 3
    qtbot.waitUntil(lambda: dialog.preview is not None and dialog.preview.count == 1)
    assert dialog.share.type == "contact"
    dialog.reject()


def test_the_directory_offers_what_it_shows(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, ids: Ids
) -> None:
    with qtbot.waitSignal(page.filled):
        page.refresh()
    page.search.setText("grace")
    page.share()
    words = [page.sharing.which.itemText(n) for n in range(page.sharing.which.count())]
    assert words[0] == "Shown in the list, 1"
    assert words[1] == "The whole directory"
    assert page.sharing.share.only == frozenset({ids.grace})
    page.sharing.reject()
