r"""Set Liaison up in this checkout and run its demonstration or its tests.

Standard library only, so that it runs on a fresh machine::

    python3 packaging/dev.py demo              install everything and show Liaison at work
    python3 packaging/dev.py test [ARGUMENTS]  install everything and run the tests (pytest's arguments)
    python3 packaging/dev.py install           only install everything

On Windows: ``py packaging\dev.py demo``. Everything goes into ``.venv`` in the checkout. A stamp in
it, written last, says what it was made from: while that still holds, nothing is installed again, and
an installation that was interrupted, or made from something else, is made anew.
"""

# No newer syntax than old Pythons can parse may stand in this file, and no newer feature may run
# before the check below: only so does a person with an old Python read a plain sentence.
import hashlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path


def too_old(major: int, minor: int) -> str:
    """Say why a Python is too old for Liaison.

    Args:
        major: The first part of its version.
        minor: The second part.

    Returns:
        A sentence for the person, or nothing when it is new enough.
    """
    if (major, minor) >= (3, 11):
        return ""
    return (
        f"Liaison needs Python 3.11 or newer, and this is Python {major}.{minor}. Install a newer "
        "Python and start this with it, for instance: python3.11 packaging/dev.py demo"
    )


if too_old(*sys.version_info[:2]):
    sys.exit(too_old(*sys.version_info[:2]))

import tomllib  # noqa: E402 - Python 3.11 brought it
from collections.abc import Sequence  # noqa: E402

from machine import (  # noqa: E402
    Machine,
    find_missing_programs,
    look,
    system_packages,
    what_is_lacking,
)

ROOT = Path(__file__).resolve().parent.parent
WINDOWS = sys.platform == "win32"
USAGE = "Usage: python3 packaging/dev.py demo | test [pytest's arguments] | install"
TAIL = 15

# What pip and apt-get say, and what that means for a person. The first that fits counts: without a
# network, for one, pip ends by saying that no version was found.
CAUSES = (
    (r"No space left|Errno 28|WinError 112", "The disk is full: about 1 GB is needed."),
    (
        (
            r"name resolution|Name or service not known|getaddrinfo|failure resolving|Could not resolve"
            r"|NewConnectionError|timed out|Timeout|Network is unreachable|ProxyError"
            r"|Connection (refused|reset|aborted)"
        ),
        "The packages could not be fetched. Check the network connection, then start this again.",
    ),
    (r"CERTIFICATE_VERIFY_FAILED|SSLError", "pip does not trust this network's certificate."),
    (
        r"DO NOT MATCH THE HASHES",
        "A package that was fetched is not the one the lock file names. It was not installed.",
    ),
    (
        r"No matching distribution|Could not find a version",
        "A package is not offered for this kind of computer or this Python.",
    ),
    (
        r"Could not get lock|Unable to lock",
        "Another program is installing system packages. Wait for it, then start this again.",
    ),
    (r"Permission denied|Errno 13|WinError (5|32)\b", "A file is in use or not ours to change."),
)


class Trouble(Exception):
    """Setting up cannot go on; the text is for the person."""


def tell(text: str) -> None:
    """Say something at once, also when the output goes to a file."""
    print(text, flush=True)


def tail(output: str) -> str:
    """Keep the last lines of a program's output, indented: the reason stands there."""
    lines = output.strip().splitlines()
    # pip repeats its warnings for every package; they would crowd out what went wrong.
    telling = [line for line in lines if not line.startswith("WARNING:")]
    return "\n".join("    " + line for line in (telling or lines)[-TAIL:])


def explain(output: str) -> str:
    """Say in a plain sentence why pip or another program failed.

    Args:
        output: What it printed.

    Returns:
        The likely cause, or a sentence that points at the program's own words.
    """
    for pattern, meaning in CAUSES:
        if re.search(pattern, output, re.IGNORECASE):
            return meaning
    return "These were its last words:"


def run(command: Sequence[str | Path], what: str, *, quiet: bool = True) -> str:
    """Run a program and turn its failure into a plain message with the end of its output.

    Args:
        command: The program and its arguments.
        what: What was being done, for the message.
        quiet: Hold the output back unless it fails.

    Returns:
        What it printed.

    Raises:
        Trouble: It failed or could not be started.
    """
    words = [str(part) for part in command]
    try:
        done = subprocess.run(
            words,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else None,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise Trouble(f"{what} failed: {error.strerror or error} ({words[0]}).") from error
    output = done.stdout or ""
    if done.returncode:
        raise Trouble(f"{what} failed. {explain(output)}\n{tail(output)}")
    return output


def environment() -> dict[str, str]:
    """Give the environment for the programs we start: this shell's, less what would lead them astray.

    A person's own settings for where Python looks and where pip installs would mix their packages
    with ours. Without the files of compiled code, each of the hundreds of programs that the tests
    start would compile all of ours anew.
    """
    astray = {
        "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE",
        "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV",
    }  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if name not in astray}
    kept["PIP_USER"] = "0"
    return kept


def provide_system_packages(machine: Machine) -> None:
    """Install the system packages that are missing, or say how.

    Args:
        machine: The facts about the computer.

    Raises:
        Trouble: A person has to do it, or apt-get failed.
    """
    packages = system_packages(machine)
    if not packages:
        return
    if not (machine.debian and machine.root):
        raise Trouble(what_is_lacking(machine))
    tell(f"Installing system packages: {' '.join(packages)}")
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    try:
        run([*apt, "update"], "Reading the list of system packages")
    except Trouble as trouble:
        # One broken source among several is no reason to stop; the next step shows if it mattered.
        tell(str(trouble))
    run([*apt, "install", "--no-install-recommends", *packages], "Installing system packages")


def venv_python(root: Path) -> Path:
    """Name the Python of the environment in a checkout."""
    return root / ".venv" / ("Scripts/python.exe" if WINDOWS else "bin/python")


def fingerprint(root: Path) -> str:
    """Sum up everything an installation is made from.

    The settings of our tools stand in pyproject.toml too; changing them installs nothing, so only
    the parts that matter are counted.

    Args:
        root: The checkout.

    Returns:
        A short text that differs when the installation has to be made anew.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    parts = {
        "lock": (root / "packaging" / "requirements.lock").read_text(encoding="utf-8"),
        "project": [project.get(key) for key in ("build-system", "project", "dependency-groups")],
        "hatch": project.get("tool", {}).get("hatch"),
        "version": (root / "liaison" / "__init__.py").read_text(encoding="utf-8"),
        # An environment is tied to the place it was made in and to the Python that made it.
        "place": str(root),
        "python": [sys.version, sys.base_prefix],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def stamp_of(root: Path) -> Path:
    """Name the file that says what the environment was made from."""
    return root / ".venv" / "liaison-stamp.txt"


def is_ready(root: Path) -> bool:
    """Tell whether the environment is complete and made from what the checkout holds now."""
    try:
        stamped = stamp_of(root).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return False
    return stamped == fingerprint(root) and venv_python(root).exists()


def clear_venv(root: Path) -> None:
    """Remove what is left of an earlier environment.

    Args:
        root: The checkout.

    Raises:
        Trouble: It cannot be removed, or it is the one we are running in.
    """
    folder = root / ".venv"
    if Path(sys.prefix) == folder:
        raise Trouble(
            "The environment in .venv has to be made anew, and this is running in it. "
            "Type `deactivate`, then start this again."
        )
    try:
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        elif folder.exists():
            # The stamp goes first: what is half removed must not pass for complete.
            stamp_of(root).unlink(missing_ok=True)
            shutil.rmtree(folder)
    except OSError as error:
        raise Trouble(
            f"The folder {folder} has to be made anew and could not be removed "
            f"({error.strerror}: {error.filename}). Close the programs that use it, then start this again."
        ) from error


def pip_command(root: Path, machine: Machine) -> list[str | Path]:
    """Give the pip that installs into the environment: its own, or this Python's from outside."""
    if machine.ensurepip:
        return [venv_python(root), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", venv_python(root)]


def install(root: Path, machine: Machine) -> None:
    """Make the environment and put everything in it.

    Args:
        root: The checkout.
        machine: The facts about this computer, with nothing lacking.

    Raises:
        Trouble: A step failed.
    """
    clear_venv(root)
    tell("Making .venv ...")
    without = [] if machine.ensurepip else ["--without-pip"]
    run([sys.executable, "-m", "venv", *without, root / ".venv"], "Making .venv")
    tell("Installing the packages of packaging/requirements.lock (a minute or two) ...")
    options: list[str | Path] = ["--disable-pip-version-check", "--no-input", "--quiet"]
    run(
        [
            *(*pip_command(root, machine), "install", *options),
            # Only ready-made packages: one that had to be compiled would fail in obscure ways.
            *("--require-hashes", "--only-binary", ":all:"),
            *("-r", root / "packaging" / "requirements.lock"),
        ],
        "Installing the packages",
    )
    # From here on the environment has the pip of the lock file.
    editable: list[str | Path] = ["--no-deps", "--no-build-isolation", "--editable", root]
    run(
        [venv_python(root), "-m", "pip", "install", *options, *editable],
        "Installing Liaison itself",
    )
    # Written last: without it, the next start makes everything anew.
    stamp_of(root).write_text(fingerprint(root) + "\n", encoding="utf-8")


def ensure_installed(root: Path, *, for_tests: bool = False) -> None:
    """Install everything, unless it is there already.

    Args:
        root: The checkout.
        for_tests: Whether what only the tests need is wanted too.

    Raises:
        Trouble: A step failed.
    """
    ready = is_ready(root)
    if ready and not (for_tests and find_missing_programs()):
        return
    machine = look(for_tests=for_tests)
    if system_packages(machine):
        provide_system_packages(machine)
        importlib.invalidate_caches()
        machine = look(for_tests=for_tests)
        if what_is_lacking(machine):
            raise Trouble(what_is_lacking(machine))
    if not ready:
        install(root, machine)
    tell("Everything is installed.")


def start(command: Sequence[str | Path]) -> int:
    """Run a program of ours in the foreground.

    Args:
        command: The program and its arguments.

    Returns:
        Its exit code.
    """
    return subprocess.call([str(part) for part in command], cwd=ROOT, env=environment())


def main(arguments: list[str]) -> int:
    """Do what the command line asks.

    Args:
        arguments: The command line without the program's name.

    Returns:
        The exit code.
    """
    command, *rest = arguments or [""]
    if command not in {"demo", "test", "install"} or (rest and command != "test"):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        ensure_installed(ROOT, for_tests=command == "test")
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nSetting up failed: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    if command == "test":
        # on all cores and one more, as many tests wait for other programs; each file of tests on one
        # of them: what a file has set up is made once; in the order of tests/conftest.py, which
        # begins with what takes long
        workers = str((os.cpu_count() or 1) + 1)
        cores = ["-n", workers, "--dist", "loadfile", "--no-loadscope-reorder"]
        return start([venv_python(ROOT), "-m", "pytest", *cores, *rest])
    if command == "demo":
        return start([venv_python(ROOT), ROOT / "packaging" / "tour.py"])
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped. Start it again whenever you like; what was half done is made anew.")
