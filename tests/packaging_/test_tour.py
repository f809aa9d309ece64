"""The tour touches only a demonstration of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import tour


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    demo = tmp_path / "demo"
    monkeypatch.setattr(tour, "DEMO", demo)
    monkeypatch.setattr(tour, "HOME", demo / "home")
    monkeypatch.setattr(tour, "PASSWORD_FILE", demo / "password.txt")
    monkeypatch.setattr(tour, "MARKER", demo / "DEMONSTRATION.txt")
    monkeypatch.setattr(tour, "COMPLETE", demo / "complete.txt")
    return demo


def test_a_folder_that_is_not_ours_is_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir()
    (folder / "somebody's work.txt").write_text("precious")
    assert tour.main() == 1
    assert "left alone" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["somebody's work.txt"]


def test_a_file_of_that_name_is_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write_text("precious")
    assert tour.main() == 1
    assert "left alone" in capsys.readouterr().err
    assert folder.read_text() == "precious"


def test_a_complete_demonstration_is_shown_again(folder: Path) -> None:
    folder.mkdir()
    tour.MARKER.write_text(tour.MARKER_TEXT, encoding="utf-8")
    tour.COMPLETE.write_text(tour.COMPLETE_TEXT, encoding="utf-8")
    assert tour.prepare()
    assert tour.MARKER.exists()


def test_an_interrupted_demonstration_is_made_anew(folder: Path) -> None:
    tour.HOME.mkdir(parents=True)
    tour.MARKER.write_text(tour.MARKER_TEXT, encoding="utf-8")
    assert not tour.prepare()
    assert not folder.exists()


def test_a_demonstration_of_an_earlier_version_is_made_anew(folder: Path) -> None:
    tour.HOME.mkdir(parents=True)
    tour.MARKER.write_text(tour.MARKER_TEXT, encoding="utf-8")
    tour.COMPLETE.write_text("The tour reached its end.\n", encoding="utf-8")
    assert not tour.prepare()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("argument", "line"),
    [
        ("search", "search"),
        ("name=Dr Asha Patel", 'name="Dr Asha Patel"'),
        ("role=GP", "role=GP"),
        ("Willow House", '"Willow House"'),
        ('say "now"', "'say \"now\"'"),
    ],
)
def test_commands_are_shown_as_a_person_types_them(argument: str, line: str) -> None:
    assert tour.typed(argument) == line
