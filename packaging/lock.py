"""Write ``packaging/requirements.lock`` anew from ``pyproject.toml``.

Run it after changing a dependency, with any Python 3.11 or newer and a network connection::

    python packaging/lock.py            keep every version that still fits
    python packaging/lock.py --upgrade  take the newest versions that fit

The one lock file holds what Liaison runs on and what its tests need, for Linux, Windows and macOS,
with a hash for every file. It names no index and no folder, so that it works wherever the machine's
own pip finds its packages.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "requirements.lock"

HEADER = """\
# Everything Liaison runs on and its tests need, for every platform, with hashes.
# Written by packaging/lock.py from pyproject.toml: change that, not this.
"""

# The resolver itself is no part of the product: it lives in a throw-away environment.
RESOLVER = "uv>=0.13,<1"


def complaints(text: str) -> list[str]:
    """List what must not stand in the lock file, so that a bad one is never written.

    Args:
        text: The whole lock file.

    Returns:
        One sentence for each fault; empty for a good lock file.
    """
    found = []
    if "://" in text or re.search(
        r"^\s*-{1,2}(index|extra|find|trusted|i\b|f\b)", text, re.MULTILINE
    ):
        found.append("It names a package index.")
    folders = {str(ROOT), str(Path.home()), tempfile.gettempdir()} - {"/"}
    found += [
        f"It names the folder {folder} of this machine." for folder in folders if folder in text
    ]
    joined = text.replace("\\\n", " ")
    requirements = [line for line in joined.splitlines() if line and line[0] not in "# "]
    found += [
        f"{line.split()[0]} has no hash." for line in requirements if "--hash=sha256:" not in line
    ]
    if not requirements:
        found.append("It is empty.")
    return found


def resolve(folder: Path, *, upgrade: bool) -> str:
    """Ask the resolver for a lock file.

    Args:
        folder: A scratch folder for the resolver and its output.
        upgrade: Take the newest versions that fit instead of keeping those locked now.

    Returns:
        The lock file's text, with our own header.
    """
    tools = folder / "tools"
    venv.create(tools, with_pip=True)
    programs = tools / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", RESOLVER], check=True)
    result = folder / "requirements.lock"
    if LOCK.exists() and not upgrade:
        # The resolver prefers the versions it finds in the file that it is about to write.
        result.write_text(LOCK.read_text(encoding="utf-8"), encoding="utf-8")
    command: list[str | Path] = [
        *(programs / "uv", "pip", "compile", "pyproject.toml", "--group", "dev"),
        *("--universal", "--python-version", "3.11", "--generate-hashes"),
        *("--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet"),
        *("--output-file", result),
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    return HEADER + result.read_text(encoding="utf-8").replace("\r\n", "\n")


def main() -> int:
    """Resolve, check and only then replace the lock file.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(description="Write packaging/requirements.lock anew.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    choices = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = resolve(Path(folder), upgrade=choices.upgrade)
    faults = complaints(text)
    if faults:
        print("The lock file was not changed:", *faults, sep="\n", file=sys.stderr)
        return 1
    LOCK.write_text(text, encoding="utf-8", newline="\n")
    print(f"Wrote {LOCK.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
