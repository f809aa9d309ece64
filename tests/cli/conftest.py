"""The command line as its users meet it: in this process for speed, in one of its own for truth."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from liaison.cli import run
from liaison.services import founding, people, recovery
from liaison.services.pcs import joining, letting_in
from liaison.settings import log_dir
from tests import homes as made


@dataclasses.dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed."""

    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON document."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The error in the JSON document; its shape must be the promised one."""
        document = self.json
        assert list(document) == ["error"]
        error: dict[str, str] = document["error"]
        assert list(error) == ["code", "message", "kept"]
        assert all(isinstance(word, str) for word in error.values())
        assert error["message"]
        return error


class Cli:
    """Runs commands on one home and looks at what they print."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def __call__(self, *words: str, code: int = 0) -> Ran:
        """Run a command, which must end with an exit code; no stack trace is ever shown."""
        return self.bare("--home", str(self.home), *words, code=code)

    def bare(self, *words: str, code: int = 0) -> Ran:
        """As a call, but on no home unless the words name one."""
        self._capsys.readouterr()
        ended = run(words)
        out, err = self._capsys.readouterr()
        faults = log_dir() / "faults.log"
        log = faults.read_text() if faults.exists() else ""
        assert ended == code, f"{words} ended with {ended}: {out}{err}{log}"
        assert "Traceback" not in out + err
        return Ran(out, err)

    def json(self, *words: str) -> Any:
        """Run a command that ends well and return its result."""
        return self("--json", *words).json

    def error(self, *words: str, code: int = 1) -> dict[str, str]:
        """Run a command that does not end well, both ways; return what its JSON says."""
        said = self(*words, code=code)
        assert said.out == ""
        error = self("--json", *words, code=code).error
        assert error["kept"] in said.err
        return error

    def add(self, *words: str) -> str:
        """Add a record and return its id."""
        identity: str = self.json("add", *words)["id"]
        return identity


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the program a password file, and folders of its own for everything else."""
    password = tmp_path / "password.txt"
    password.write_text(f"{made.PASSWORD}\n")
    monkeypatch.setenv("LIAISON_PASSWORD_FILE", str(password))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    # what turning a password into a key costs is an argument, and this its default
    for takes_cost in (
        founding.make_home,
        people.add,
        people.give_password,
        people.choose_password,
        people.replace_password,
        recovery.come_back,
        # the six digits of a PC are slow to work out on purpose, too
        joining.ask,
        letting_in.asking,
        letting_in.approve,
    ):
        defaults = takes_cost.__kwdefaults__
        assert defaults is not None
        monkeypatch.setitem(defaults, "cost", made.CHEAP)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the home that every test gets a copy of."""
    folder = tmp_path_factory.mktemp("pattern") / "home"
    made.make(folder)[0].close()
    return folder


@pytest.fixture
def cli(pattern: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run commands on a copy of the home."""
    return Cli(made.copy(pattern, tmp_path / "home"), capsys)


@pytest.fixture
def share(cli: Cli, tmp_path: Path) -> Path:
    """Let the home meet its other PCs in a folder."""
    folder = tmp_path / "share"
    folder.mkdir()
    assert cli.json("sync", "setup", "folder", str(folder)) == {"storage": str(folder)}
    return folder


def join(cli: Cli, share: Path | None, home: Path, *words: str, code: int = 0) -> Any:
    """Start joining with a PC of its own; the file of an invitation names a store by itself."""
    where = ("--folder", str(share)) if share else ()
    return cli.bare(
        "--json", "--home", str(home), "pc", "join", *words, *where, "--name", "Laptop", code=code
    ).json


def process(*words: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a process of its own, to its end."""
    environment = os.environ | options.pop("environment", {})
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "liaison", *words],
        cwd=options.pop("cwd", made.ROOT),
        env=environment,
        stdin=options.pop("stdin", subprocess.DEVNULL),
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=options.pop("stderr", subprocess.PIPE),
        timeout=60,
        check=False,
        **options,
    )
