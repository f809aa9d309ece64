"""The selection of icons is made anew from a package, and says what is missing from it."""

from __future__ import annotations

from pathlib import Path

import pytest

import icons

DRAWING = """<!-- @license lucide-static v9 - ISC -->
<svg
  class="lucide lucide-check"
  xmlns="http://www.w3.org/2000/svg"
  stroke="currentColor"
>
  <path d="M20 6 9 17l-5-5" />
</svg>
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "package"
    (folder / "icons").mkdir(parents=True)
    (folder / "icons" / "check.svg").write_text(DRAWING, encoding="utf-8")
    (folder / "icons" / "unused.svg").write_text(DRAWING, encoding="utf-8")
    (folder / "LICENSE").write_text("ISC License", encoding="utf-8")
    (folder / "package.json").write_text('{"version": "9.9.9"}', encoding="utf-8")
    monkeypatch.setattr(icons, "FOLDER", tmp_path / "icons")
    monkeypatch.setattr(icons, "NAMES", ["check"])
    return folder


def test_only_what_is_chosen_is_kept_and_an_old_one_goes(package: Path) -> None:
    icons.FOLDER.mkdir()
    (icons.FOLDER / "old.svg").write_text(DRAWING, encoding="utf-8")
    icons.main(package)
    assert {path.name for path in icons.FOLDER.iterdir()} == {"check.svg", "LICENSE"}
    kept = (icons.FOLDER / "check.svg").read_text(encoding="utf-8")
    assert kept.startswith("<svg\n  xmlns")
    assert "currentColor" in kept
    assert "class" not in kept


def test_a_chosen_icon_that_a_release_lacks_is_named(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(icons, "NAMES", ["check", "stopwatch"])
    with pytest.raises(SystemExit, match="stopwatch"):
        icons.main(package)
