"""dev.py decides rightly from injected facts; nothing here installs anything."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import dev
import machine
from machine import Machine

BARE = Machine(
    debian=True,
    root=True,
    ensurepip=False,
    pip=False,
    missing=("libEGL.so.1", "libxcb-cursor.so.0"),
    python="3.11",
)
FULL = Machine(debian=True, root=False, ensurepip=True, pip=True, missing=(), python="3.11")


class Programs:
    """Stands in for the programs dev.py would start, and may let one fail."""

    def __init__(self, root: Path, failing: str = "") -> None:
        self.root = root
        self.failing = failing
        self.started: list[str] = []

    def run(self, command: list[object], what: str, *, quiet: bool = True) -> str:
        line = " ".join(str(part) for part in command)
        self.started.append(line)
        if self.failing and self.failing in line:
            raise dev.Trouble(f"{what} failed.")
        if "-m venv" in line:
            program = dev.venv_python(self.root)
            program.parent.mkdir(parents=True)
            program.touch()
        return ""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "liaison"\ndependencies = ["click"]\n[tool.ruff]\nline-length = 100\n'
    )
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "requirements.lock").write_text("click==8.5.1\n")
    (tmp_path / "liaison").mkdir()
    (tmp_path / "liaison" / "__init__.py").write_text('__version__ = "0.1.0"\n')
    return tmp_path


@pytest.fixture
def programs(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    stand_in = Programs(checkout)
    monkeypatch.setattr(dev, "run", stand_in.run)
    monkeypatch.setattr(dev, "look", lambda **_: FULL)
    return stand_in


# Versions


@pytest.mark.parametrize(("major", "minor"), [(3, 6), (3, 10), (2, 7)])
def test_an_old_python_gets_a_plain_sentence(major: int, minor: int) -> None:
    message = dev.too_old(major, minor)
    assert message.startswith(
        f"Liaison needs Python 3.11 or newer, and this is Python {major}.{minor}."
    )


@pytest.mark.parametrize(("major", "minor"), [(3, 11), (3, 14), (4, 0)])
def test_a_new_enough_python_is_welcome(major: int, minor: int) -> None:
    assert dev.too_old(major, minor) == ""


# The stamp


def test_a_second_start_runs_no_program(checkout: Path, programs: Programs) -> None:
    dev.ensure_installed(checkout)
    assert any("--require-hashes" in line for line in programs.started)
    programs.started.clear()
    dev.ensure_installed(checkout)
    assert programs.started == []


@pytest.mark.parametrize("step", ["-m venv", "--require-hashes", "--editable"])
def test_an_interrupted_installation_is_made_anew(
    checkout: Path, programs: Programs, step: str
) -> None:
    programs.failing = step
    with pytest.raises(dev.Trouble):
        dev.ensure_installed(checkout)
    assert not dev.is_ready(checkout)
    leftover = checkout / ".venv" / "leftover"
    leftover.parent.mkdir(exist_ok=True)
    leftover.touch()
    programs.failing = ""
    dev.ensure_installed(checkout)
    assert dev.is_ready(checkout)
    assert not leftover.exists()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("packaging/requirements.lock", "click==8.6.0\n"),
        ("pyproject.toml", '[project]\nname = "liaison"\ndependencies = ["click", "holidays"]\n'),
        ("liaison/__init__.py", '__version__ = "0.2.0"\n'),
    ],
)
def test_what_the_installation_is_made_from_makes_it_anew(
    checkout: Path, programs: Programs, file: str, text: str
) -> None:
    dev.ensure_installed(checkout)
    (checkout / file).write_text(text)
    assert not dev.is_ready(checkout)
    dev.ensure_installed(checkout)
    assert dev.is_ready(checkout)


def test_settings_of_the_tools_install_nothing(checkout: Path, programs: Programs) -> None:
    dev.ensure_installed(checkout)
    project = checkout / "pyproject.toml"
    project.write_text(project.read_text().replace("line-length = 100", "line-length = 90"))
    assert dev.is_ready(checkout)


def test_another_python_makes_it_anew(
    checkout: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.ensure_installed(checkout)
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert not dev.is_ready(checkout)


def test_a_moved_checkout_makes_it_anew(checkout: Path, programs: Programs) -> None:
    dev.ensure_installed(checkout)
    moved = checkout.rename(checkout.with_name("moved"))
    assert not dev.is_ready(moved)


def test_a_broken_environment_is_not_ready(checkout: Path, programs: Programs) -> None:
    dev.ensure_installed(checkout)
    dev.venv_python(checkout).unlink()
    assert not dev.is_ready(checkout)
    dev.ensure_installed(checkout)
    assert dev.is_ready(checkout)


def test_a_damaged_stamp_is_not_ready(checkout: Path, programs: Programs) -> None:
    dev.ensure_installed(checkout)
    dev.stamp_of(checkout).write_bytes(b"\xff\xfe\x00")
    assert not dev.is_ready(checkout)


def test_a_file_in_place_of_the_environment_is_replaced(checkout: Path, programs: Programs) -> None:
    (checkout / ".venv").write_text("not a folder")
    dev.ensure_installed(checkout)
    assert dev.is_ready(checkout)


def test_it_does_not_saw_off_its_own_branch(
    checkout: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(checkout / ".venv"))
    with pytest.raises(dev.Trouble, match="deactivate"):
        dev.ensure_installed(checkout)


# The machine


def test_a_complete_machine_lacks_nothing() -> None:
    assert machine.system_packages(FULL) == []
    assert machine.what_is_lacking(FULL) == ""


def test_a_bare_debian_lacks_venv_and_qts_libraries() -> None:
    packages = ["python3.11-venv", "libegl1", "libxcb-cursor0"]
    assert machine.system_packages(BARE) == packages


def test_root_on_debian_installs_them(checkout: Path, programs: Programs) -> None:
    dev.provide_system_packages(BARE)
    assert [line.split(" -y ")[1] for line in programs.started] == [
        "update",
        "install --no-install-recommends python3.11-venv libegl1 libxcb-cursor0",
    ]


def test_one_broken_package_source_does_not_stop_it(checkout: Path, programs: Programs) -> None:
    programs.failing = "update"
    dev.provide_system_packages(BARE)
    assert "install" in programs.started[-1]


def test_anybody_else_on_debian_reads_the_exact_command(checkout: Path, programs: Programs) -> None:
    person = Machine(**{**vars(BARE), "root": False})
    command = (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends "
        "python3.11-venv libegl1 libxcb-cursor0\n"
    )
    with pytest.raises(dev.Trouble) as caught:
        dev.provide_system_packages(person)
    assert command in str(caught.value)
    assert programs.started == []


def test_without_venv_but_with_pip_nobody_has_to_be_asked(
    checkout: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Machine(**{**vars(FULL), "ensurepip": False})
    monkeypatch.setattr(dev, "look", lambda **_: person)
    dev.ensure_installed(checkout)
    assert "--without-pip" in programs.started[0]
    assert f"pip --python {dev.venv_python(checkout)} install" in programs.started[1]


def test_the_tests_bring_their_own_programs_to_a_machine_that_is_set_up(
    checkout: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Machine(**{**vars(FULL), "root": True, "programs": ("Xvfb",)})
    found = iter([bare, FULL])
    monkeypatch.setattr(dev, "look", lambda **_: next(found))
    monkeypatch.setattr(dev, "is_ready", lambda root: True)
    monkeypatch.setattr(dev, "find_missing_programs", lambda: ("Xvfb",))
    dev.ensure_installed(checkout, for_tests=True)
    assert programs.started[-1].endswith("install --no-install-recommends xvfb")


def test_the_demonstration_needs_no_programs_of_the_tests(
    checkout: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "is_ready", lambda root: True)
    monkeypatch.setattr(dev, "find_missing_programs", lambda: ("Xvfb",))
    dev.ensure_installed(checkout)
    assert programs.started == []


def test_elsewhere_the_programs_are_named() -> None:
    fedora = Machine(**{**vars(FULL), "debian": False, "programs": ("xdotool",)})
    assert "the programs xdotool" in machine.what_is_lacking(fedora)


def test_elsewhere_the_libraries_are_named() -> None:
    fedora = Machine(**{**vars(BARE), "debian": False})
    message = machine.what_is_lacking(fedora)
    assert "libEGL.so.1, libxcb-cursor.so.0" in message
    assert "pip" in message
    assert "apt-get" not in message


# Failures


@pytest.mark.parametrize(
    ("output", "meaning"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        (
            "Temporary failure in name resolution\nERROR: No matching distribution found for click",
            "network",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "lock file"),
        ("ERROR: No matching distribution found for click==8.5.1", "this kind of computer"),
        ("[WinError 32] The process cannot access the file", "in use"),
        ("E: Temporary failure resolving the name\nE: Unable to fetch some archives", "network"),
        ("E: Could not get lock /var/lib/dpkg/lock-frontend", "Another program"),
        ("Segmentation fault", "last words"),
    ],
)
def test_a_failure_is_explained(output: str, meaning: str) -> None:
    assert meaning in dev.explain(output)


def test_a_failing_program_shows_the_end_of_what_it_said() -> None:
    code = "for i in range(100): print('line', i)\nraise SystemExit(3)"
    with pytest.raises(dev.Trouble) as caught:
        dev.run([sys.executable, "-c", code], "Installing the packages")
    message = str(caught.value)
    assert message.startswith("Installing the packages failed.")
    assert "line 99" in message
    assert "line 80" not in message


def test_a_program_that_is_not_there_is_a_plain_message() -> None:
    with pytest.raises(dev.Trouble, match="Making it failed: No such file"):
        dev.run(["no-such-program"], "Making it")


def test_a_persons_own_python_settings_do_not_lead_astray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    settings = dev.environment()
    assert "PYTHONPATH" not in settings
    assert "PYTHONDONTWRITEBYTECODE" not in settings
    assert "PIP_TARGET" not in settings
    assert settings["PIP_USER"] == "0"


@pytest.mark.parametrize("arguments", [[], ["fly"], ["demo", "now"], ["install", "-x"]])
def test_a_wrong_command_line_shows_how(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(arguments) == 2
    assert "Usage" in capsys.readouterr().err


def test_pytests_arguments_reach_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[object]] = []

    def start(command: list[object]) -> int:
        started.append(command)
        return 5

    monkeypatch.setattr(dev, "ensure_installed", lambda root, **_: None)
    monkeypatch.setattr(dev, "start", start)
    assert dev.main(["test", "-k", "history", "-x"]) == 5
    assert started[0][1:3] == ["-m", "pytest"]
    assert started[0][-3:] == ["-k", "history", "-x"]


def test_trouble_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(root: Path, *, for_tests: bool) -> None:
        raise dev.Trouble("The disk is full.")

    monkeypatch.setattr(dev, "ensure_installed", fail)
    assert dev.main(["test"]) == 1
    assert capsys.readouterr().err == "\nThe disk is full.\n"
