"""Tests of loading Qt without what only a developer needs."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

from liaison.ui import loading

_LONGEST_S = 60

_TELL = """
import builtins, json, sys
before = list(sys.meta_path), builtins.__import__
if sys.argv[1] == "quick":
    from liaison.ui.loading import load_qt
    load_qt()
from PySide6.QtCore import QPoint
parser = sys.modules["shibokensupport.signature.parser"]
idle = "__getattr__" in vars(parser)
same = sys.meta_path == before[0], builtins.__import__ is before[1]
words = []
for call in (lambda: QPoint("left"), lambda: QPoint(1, 2).setX("left"), lambda: QPoint(1, 2).nothing):
    try:
        call()
    except (TypeError, AttributeError) as error:
        words.append(str(error))
words.append(QPoint.setX.__doc__)
print(json.dumps({"idle": idle, "same": same, "words": words}))
"""


def _told(how: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", _TELL, how],
        capture_output=True, text=True, timeout=_LONGEST_S, check=True,
    )  # fmt: skip
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_qt_is_loaded_without_its_signatures_and_still_explains_a_wrong_call() -> None:
    quick, usual = _told("quick"), _told("usual")
    assert quick["idle"] is True
    assert usual["idle"] is False
    assert quick["same"] == [True, True]
    assert quick["words"] == usual["words"]
    assert "setX(x: int" in str(quick["words"])


class _Embedded:
    """A finder as PySide6 brings one: it knows its modules by their first name only."""

    __module__ = "signature_bootstrap"

    def __init__(self) -> None:
        self.ran: list[str] = []

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        return ModuleSpec(name, None) if name.startswith("shibokensupport") else None

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        self.ran.append(module.__spec__.name)
        module.__dict__["answer"] = 42


def _made(finder: loading._Patient, name: str) -> ModuleType:
    spec = finder.find_spec(name, None)
    assert spec is not None
    assert isinstance(spec.loader, loading._Patient)
    module = ModuleType(name)
    module.__spec__ = spec
    finder.exec_module(module)
    return module


def test_a_module_is_run_once_when_something_is_asked_of_it() -> None:
    embedded = _Embedded()
    parser = _made(loading._Patient(embedded), "shibokensupport.signature.parser")
    assert parser.__spec__ is not None
    # PySide6 gives it a second name
    parser.__spec__.name = "PySide6.support.signature.parser"
    assert embedded.ran == []
    assert parser.answer == 42
    assert parser.answer == 42
    assert embedded.ran == ["shibokensupport.signature.parser"]
    assert parser.__spec__.name == "PySide6.support.signature.parser"


def test_a_module_does_not_pretend_to_have_what_it_has_not() -> None:
    parser = _made(loading._Patient(_Embedded()), "shibokensupport.signature.parser")
    with pytest.raises(AttributeError, match="nothing"):
        _ = parser.nothing


def test_only_the_finder_of_pyside_is_made_patient_and_can_be_taken_out_again() -> None:
    embedded, other = _Embedded(), object()
    finders = loading._Finders([])
    finders.insert(0, other)
    finders.insert(0, embedded)
    assert isinstance(finders[0], loading._Patient)
    assert finders[1] is other
    finders.remove(embedded)
    finders.remove(other)
    assert finders == []


def test_modules_that_are_needed_at_once_are_left_to_their_own_finder() -> None:
    spec = loading._Patient(_Embedded()).find_spec("shibokensupport.signature.mapping", None)
    assert spec is not None
    assert spec.loader is None
