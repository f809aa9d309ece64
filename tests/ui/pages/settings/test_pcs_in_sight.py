"""Where the PCs meet, in a window no taller than a laptop's: what is opened is seen, and follows."""

from __future__ import annotations

import dataclasses
import datetime as dt
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.services.pcs import meeting_places, overview
from liaison.services.pcs.meeting_places import Setup
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.pcs.section import PcsSection
from liaison.ui.parts import exchanging
from liaison.ui.parts.exchanging import Seen

EXCHANGED = dt.datetime(2026, 11, 19, 8, 30, tzinfo=dt.UTC)


@pytest.fixture
def section(qtbot: QtBot, desk: Desk) -> PcsSection:
    made_section = PcsSection(desk)
    qtbot.addWidget(made_section)
    made_section.resize(860, 610)
    made_section.show()
    made_section.refresh()
    qtbot.waitUntil(lambda: made_section.standing is not None)
    return made_section


def are_in_sight(*parts: QWidget) -> bool:
    return all(part.visibleRegion().boundingRect() == part.rect() for part in parts)


def test_a_form_is_in_sight_from_its_first_field_to_its_buttons(
    qtbot: QtBot, section: PcsSection
) -> None:
    places = section.places
    for opens, parts in (
        (places.by_store, (places.store.address, places.store_part.test)),
        (places.by_folder, (places.folder.edit, places.folder_form.use)),
    ):
        opens.click()
        qtbot.waitUntil(partial(are_in_sight, *parts))


def test_when_it_last_went_through_is_told_after_a_round(
    qtbot: QtBot, section: PcsSection, desk: Desk, tmp_path: Path
) -> None:
    home = desk.jobs.home
    assert home is not None
    setup = Setup(tmp_path)
    meeting_places.keep_setup(home.folder, setup)
    section.refresh()
    words = section.places.words
    qtbot.waitUntil(lambda: "not exchanged here yet" in words.text())
    # as a round does at its end
    meeting_places.keep_setup(home.folder, dataclasses.replace(setup, last=EXCHANGED))
    desk.tell_exchange(Seen(at_work=True))
    desk.tell_exchange(Seen())
    qtbot.waitUntil(lambda: "last exchanged Thu 19 Nov 2026, 08:30" in words.text())


def test_what_travels_through_a_store_has_the_icon_of_one(desk: Desk) -> None:
    home = desk.jobs.home
    assert home is not None
    icons = []
    for setup in (Setup(None, store="store.example.org/homes"), Setup(home.folder)):
        meeting_places.keep_setup(home.folder, setup)
        icons.append(exchanging.place_icon(Seen(overview.read(home))))
    assert icons == ["cloud", "folder"]
