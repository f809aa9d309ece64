"""What a question before a deed says will happen: of people as of people, of things as of things."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.records import Record, all_specs
from liaison.ui.desk import Desk
from liaison.ui.parts import reason
from tests.ui.parts.conftest import Heard, Ids

PEOPLE = {"resident", "staff", "contact", "person"}


def test_who_is_somebody_is_declared() -> None:
    assert {spec.name for spec in all_specs().values() if spec.somebody} == PEOPLE


@pytest.mark.parametrize(
    ("type_name", "whose", "archived", "back"),
    [
        ("resident", "dorothy", "They leave the lists.", "They will be in the lists again."),
        ("contact", "grace", "They leave the lists.", "They will be in the lists again."),
        ("organisation", "surgery", "It leaves the lists.", "It will be in the lists again."),
    ],
)
def test_people_are_not_called_it(  # noqa: PLR0917  # a table of words
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids,
    type_name: str, whose: str, archived: str, back: str,
) -> None:  # fmt: skip
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    found: list[Record | None] = []
    desk.jobs.read(lambda store: store.get(type_name, getattr(ids, whose)), found.append)
    qtbot.waitUntil(lambda: bool(found))
    (record,) = found
    assert record is not None
    asked = reason.archive(window, desk, record, "Dorothy Hale")
    words = asked.accessibleDescription()
    assert words.startswith(archived)
    assert ("they can be brought back" in words) == archived.startswith("They")
    asked.reject()
    asked = reason.bring_back(window, desk, record, "Dorothy Hale")
    assert asked.accessibleDescription() == back
    asked.reject()
    assert heard.faults == []
