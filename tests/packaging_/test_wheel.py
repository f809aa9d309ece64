"""The wheel holds the program and its data, nothing else, and works away from the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from liaison import __version__, settings

ROOT = Path(__file__).resolve().parents[2]


def python(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with what .venv holds; the network is not asked."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--no-cache-dir")
    python("-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(ROOT), cwd=folder)
    (built,) = folder.glob("liaison-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    options = ("--no-deps", "--no-index", "--no-compile", "--target", str(folder))
    python("-m", "pip", "install", *options, str(wheel), cwd=folder)
    return folder


def in_installed(installed: Path, code: str, tmp_path: Path) -> str:
    """Run code with the installed copy before the checkout, from a folder that is neither."""
    start = f"import sys; sys.path.insert(0, {str(installed)!r})\n"
    return python("-P", "-c", start + code, cwd=tmp_path).strip()


def test_wheel_holds_the_program_and_every_data_file_only(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    assert {name.split("/")[0] for name in names} == {
        "liaison",
        f"liaison-{__version__}.dist-info",
    }
    data = {
        f"liaison/resources/{path.relative_to(ROOT / 'resources').as_posix()}"
        for path in (ROOT / "resources").rglob("*")
        if path.is_file()
    }
    code = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "liaison").rglob("*")
        if path.is_file()
        and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(ROOT).parts)
    }
    assert {name for name in names if name.startswith("liaison/")} == data | code


def test_wheel_says_its_licence_and_version(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        facts = message_from_bytes(archive.read(f"liaison-{__version__}.dist-info/METADATA"))
        scripts = archive.read(f"liaison-{__version__}.dist-info/entry_points.txt").decode()
    assert facts["Version"] == __version__
    assert facts["License-Expression"] == "MIT"
    assert set(facts.get_all("License-File", [])) == {"LICENSE", "THIRD-PARTY-NOTICES.md"}
    assert "liaison = liaison.__main__:main" in scripts


def test_resources_are_found_in_an_installed_copy(installed: Path, tmp_path: Path) -> None:
    code = "from liaison import settings\nprint(settings.resource('vocabularies.json').resolve(), end='')"
    assert in_installed(installed, code, tmp_path) == str(
        (installed / "liaison" / "resources" / "vocabularies.json").resolve()
    )


def test_resources_are_found_in_a_checkout() -> None:
    path = settings.resource("vocabularies.json")
    assert path == ROOT / "resources" / "vocabularies.json"
    assert json.loads(path.read_text(encoding="utf-8"))


def test_a_resource_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-file"):
        settings.resource("no-such-file")


def test_the_program_starts_from_an_installed_copy(installed: Path, tmp_path: Path) -> None:
    code = "import runpy\nsys.argv = ['liaison', '--help']\nrunpy.run_module('liaison', run_name='__main__')"
    assert "verify" in in_installed(installed, code, tmp_path)
