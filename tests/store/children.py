"""Tools of these tests: Python in a process of its own, to limit or kill it; cases of a loop."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from tests.telling import told

ROOT: Final = Path(__file__).parents[2]
NOBODY: Final = 65534

HEAD: Final = """
import os, resource, sys
from pathlib import Path
from tests.store.conftest import *
from liaison.errors import UserError
from liaison.records.directory import Service
from liaison.store import backup, driver, migrations, query, search, unit

# read now: somebody without rights may not be able to read Python itself
migrations.migrations()

def give_up_rights():
    # root may write anywhere; everybody else is held by the permissions as they are
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)

def no_file_beyond(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

def attempt(what):
    try:
        what()
    except UserError as error:
        print(f"{type(error).__name__} {error.code}")
    else:
        print("done")

def note(home, words):
    with home.unit(1) as work:
        return work.add(Service(name="x", explanation=words))
"""


def child(code: str, *arguments: object, temporary: Path | None = None) -> subprocess.Popen[str]:
    """Start Python on some code; ``sys.argv[1:]`` are the arguments."""
    environment = dict(os.environ)
    if temporary is not None:
        environment |= {"TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(code: str, *arguments: object) -> list[str]:
    """Run code after :data:`HEAD` to its end, which must be a good one; return what it printed."""
    with child(HEAD + code, *arguments) as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.splitlines()


def case(of: object) -> AbstractContextManager[None]:
    """Say which case failed of several that share one home, which takes longer to make."""
    return told(f"case: {of!r}"[:200])
