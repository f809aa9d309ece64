"""What was kept to be asked stands where the visit is written: by name, or for a role."""

from __future__ import annotations

import dataclasses

from pytestqt.qtbot import QtBot

from liaison.records.casework import Concern
from liaison.services import concerns
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.parts.kept_queries import KeptQueries
from tests.ui.parts.conftest import Heard, Ids


def test_whoever_comes_is_shown_what_was_kept_for_them(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    kept = KeptQueries(desk)
    qtbot.addWidget(kept)
    with qtbot.waitSignal(desk.jobs.changed):
        desk.jobs.write(lambda home: keep(home, ids))
    kept.show_for(ids.grace)
    qtbot.waitUntil(kept.isVisible)
    said = kept.banner.accessibleName()
    assert said.startswith("2 questions are kept for this visit. ")
    # two of one name: which of them is said
    assert "Dorothy Hale (room 7, date of birth 9 May 1941): Dressing every day?" in said
    assert "Bath again?" in said
    assert "tablets" not in said
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda page, argument: went.append((page, argument)))
    kept.banner.button.click()
    assert went == [("concern", {"tab": "kept"})]
    kept.show_for(None)
    assert not kept.isVisible()


def keep(home: OpenHome, ids: Ids) -> None:
    """Keep one by name, one for any district nurse, and one that is somebody else's."""
    query = Concern(kind="query", resident=ids.other_dorothy, raised_by=ids.moira)
    for situation, route, to in (
        ("Dressing every day?", "other", ids.grace),
        ("Bath again?", "district nurse", None),
        ("Still two tablets?", "pharmacist", None),
    ):
        one = dataclasses.replace(query, situation=situation, route=route, routed_to=to)
        concerns.raise_concern(home, one)
