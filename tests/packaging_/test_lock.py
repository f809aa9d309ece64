"""The lock file is complete, hashed, tied to no machine, and in step with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import lock

ROOT = Path(__file__).resolve().parents[2]
LOCKED = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VERSIONS = dict(re.findall(r"(?m)^([a-z0-9._-]+)==([^ \\;]+)", LOCKED))


def test_the_lock_file_is_good() -> None:
    assert lock.complaints(LOCKED) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        ("click==8.5.1", "click==8.5.1 has no hash"),
        ("--index-url somewhere\nclick==8.5.1 \\\n    --hash=sha256:00", "index"),
        ("-f folder\nclick==8.5.1 \\\n    --hash=sha256:00", "index"),
        ("# from https://somewhere\nclick==8.5.1 \\\n    --hash=sha256:00", "index"),
        (f"# made in {ROOT}\nclick==8.5.1 \\\n    --hash=sha256:00", "folder"),
    ],
)
def test_a_bad_lock_file_is_never_written(text: str, complaint: str) -> None:
    assert any(complaint in fault for fault in lock.complaints(text))


@pytest.mark.parametrize(
    "wanted", [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
)
def test_every_dependency_is_locked_in_a_version_that_fits(wanted: str) -> None:
    requirement = Requirement(wanted)
    assert VERSIONS[canonicalize_name(requirement.name)] in requirement.specifier


def test_windows_gets_its_time_zones() -> None:
    # for every system, or for that one
    assert re.search(r"(?m)^tzdata==\S+ (\\|; sys_platform == 'win32')", LOCKED)


def test_the_notices_name_every_runtime_dependency_in_its_locked_version() -> None:
    notices = (ROOT / "THIRD-PARTY-NOTICES.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| ([A-Za-z0-9._-]+) \| (\d\S*) \|", notices)
    noticed = {canonicalize_name(name): version for name, version in rows}
    for wanted in PROJECT["project"]["dependencies"]:
        name = canonicalize_name(Requirement(wanted).name)
        assert noticed.get(name) == VERSIONS[name], f"{name}: run through THIRD-PARTY-NOTICES.md"
    assert {name: VERSIONS[name] for name in noticed} == noticed
