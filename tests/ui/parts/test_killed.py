"""What was typed survives the end of the program, whatever ends it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from liaison.services import drafts
from liaison.services.drafts import About
from tests import homes as made

WINDOW: Final = """
import sys
from pathlib import Path
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from liaison.settings import Settings
from liaison.ui import theme
from liaison.ui.desk import Desk, Person
from liaison.ui.jobs import Jobs
from liaison.ui.parts.form import RecordForm
from tests import homes as made

app = QApplication([])
theme.install(app)
jobs = Jobs()
home = made.unlock(Path(sys.argv[1]))
jobs.attach(home)
desk = Desk(jobs, Person(home.person, made.MANAGER, "manager"), Settings())
form = RecordForm(desk, "contact")

def say(words):
    print(words, flush=True)

def type_a_name():
    QTest.keyClicks(form.fields.editor("name").control, "Sam Brig")
    say("typed")

form.keeper.kept.connect(lambda _: say("kept"))
form.ready.connect(type_a_name)
form.show()
if sys.argv[2] == "unsaved":
    form.keeper.note = lambda: None
app.exec()
"""


@pytest.mark.parametrize("ended", ["killed", "unsaved"])
def test_a_name_half_typed_is_there_after_the_program_was_killed(folder: Path, ended: str) -> None:
    window = made.child(WINDOW, folder, ended, QT_QPA_PLATFORM="offscreen")
    assert window.stdout is not None
    try:
        assert window.stdout.readline() == b"typed\n"
        if ended == "killed":
            assert window.stdout.readline() == b"kept\n"
    finally:
        window.kill()
        window.communicate()
    with made.unlock(folder) as home:
        draft = drafts.find(home, About("contact"))
        if ended == "killed":
            assert draft is not None
            assert draft.typed == {"name": "Sam Brig"}
        else:
            # proof that it is the keeping that saves it
            assert draft is None
