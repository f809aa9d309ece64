"""What each person chose last: it is there in the next start, and tells nobody about anybody."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from pytestqt.qtbot import QtBot

from liaison.settings import Settings, read_settings, write_settings
from liaison.ui.desk import Desk
from liaison.ui.jobs import Jobs
from liaison.ui.pages.residents.page import ResidentsPage
from liaison.ui.parts.last_chosen import remembered_tab
from liaison.ui.parts.record_list import RecordList
from liaison.ui.widgets import Segmented
from tests.ui.parts.conftest import NOW, Heard, Ids

_CHOICES = ("here", "left")


def keeping(desk: Desk) -> None:
    """Keep what is set, as the application does."""
    desk.changing.connect(desk.take_settings)


def again(desk: Desk, jobs: Jobs, path: Path, person: int | None = None) -> Desk:
    """Return the desk of the next start: the settings were written and read."""
    write_settings(path, desk.settings)
    who = desk.person if person is None else dataclasses.replace(desk.person, id=person)
    return Desk(jobs, who, read_settings(path), now=lambda: NOW)


def tabs(qtbot: QtBot) -> Segmented:
    made = Segmented([("here", "Here"), ("left", "Left")], "Which")
    qtbot.addWidget(made)
    made.set_value("here")
    return made


def test_a_tab_is_remembered_for_whoever_chose_it_and_for_nobody_else(
    qtbot: QtBot, desk: Desk, jobs: Jobs, tmp_path: Path
) -> None:
    keeping(desk)
    first = tabs(qtbot)
    assert remembered_tab(desk, "residents", first, _CHOICES) is None
    first.changed.emit("left")
    mine = again(desk, jobs, tmp_path / "settings.json")
    second = tabs(qtbot)
    assert remembered_tab(mine, "residents", second, _CHOICES) == "left"
    assert second.value == "left"
    # a tab that is gone, another page, another person
    assert remembered_tab(mine, "residents", tabs(qtbot), ("here",)) is None
    assert remembered_tab(mine, "staff", tabs(qtbot), _CHOICES) is None
    theirs = again(desk, jobs, tmp_path / "settings.json", person=99)
    assert remembered_tab(theirs, "residents", tabs(qtbot), _CHOICES) is None


def test_filters_of_a_list_come_back_without_whom_they_name(  # noqa: PLR0917  # fixtures
    qtbot: QtBot, desk: Desk, jobs: Jobs, heard: Heard, ids: Ids, tmp_path: Path
) -> None:
    keeping(desk)
    shown = RecordList(desk, "visit")
    qtbot.addWidget(shown)
    qtbot.waitUntil(lambda: shown.filters.chip("kind") is not None)
    shown.filters.choose("kind", ["visit"], {})
    shown.filters.choose("professional", [ids.grace], {ids.grace: "Grace Adeyemi"})
    shown.archived.setChecked(True)
    path = tmp_path / "settings.json"
    mine = again(desk, jobs, path)
    kept = path.read_text("utf-8")
    assert "Grace" not in kept
    assert str(ids.grace) not in kept
    second = RecordList(mine, "visit")
    qtbot.addWidget(second)
    qtbot.waitUntil(lambda: second.filters.chip("kind") is not None)
    assert second.filters.chosen == {"kind": ("visit",)}
    assert second.listing.chosen == {"kind": ("visit",)}
    assert second.archived.isChecked()
    chip = second.filters.chip("kind")
    assert chip is not None
    assert chip.isChecked()
    assert chip.words == "Kind: Visit"


def test_a_word_that_is_in_no_list_any_more_filters_nothing(
    qtbot: QtBot, desk: Desk, jobs: Jobs, heard: Heard, tmp_path: Path
) -> None:
    view = {"kind": ("no such kind",), "no such field": ("x",)}
    name = f"list/visit/{desk.person.id}"
    desk.take_settings(Settings().with_view(name, view))
    shown = RecordList(again(desk, jobs, tmp_path / "settings.json"), "visit")
    qtbot.addWidget(shown)
    qtbot.waitUntil(lambda: shown.filters.chip("kind") is not None)
    assert shown.filters.chosen == {}


def test_the_residents_who_left_are_shown_again_to_whoever_looked_at_them_last(
    qtbot: QtBot, desk: Desk, jobs: Jobs, heard: Heard, tmp_path: Path
) -> None:
    keeping(desk)
    page = ResidentsPage(desk)
    qtbot.addWidget(page)
    page.who.changed.emit("left")
    other = ResidentsPage(again(desk, jobs, tmp_path / "settings.json"))
    qtbot.addWidget(other)
    assert other.who.value == "left"
    assert other.list._where != ResidentsPage(Desk(jobs, desk.person, Settings())).list._where


def test_a_settings_file_with_nonsense_in_it_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"views": {"a": 3, "b": {"c": "d", "e": [1.5, "x", None, True]}}}))
    assert read_settings(path).views == {"b": {"e": ("x", None, True)}}
