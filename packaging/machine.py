"""What ``dev.py`` has to know about the computer it runs on, and what that computer lacks.

Standard library only. Everything that decides is a function of :class:`Machine`, a plain set of
facts; only :func:`look` looks at the computer.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

# What Qt's offscreen and X11 windows load from the system, read off the libraries themselves, with
# the Debian package each is in. (Newer Ubuntus call two of the packages ...t64 but know these names.)
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libstdc++.so.6": "libstdc++6",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}

# What the tests type and click with in a real window, and watch and hinder processes with; each with
# the Debian package it is in.
TEST_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool", "strace": "strace"}


@dataclass(frozen=True)
class Machine:
    """The facts about this computer that decide how to set Liaison up.

    Attributes:
        debian: Packages come with apt-get (Debian, Ubuntu and their kin).
        root: We may install system packages.
        ensurepip: Python can put pip into a new environment (Debian splits that off).
        pip: This Python has a pip of its own that can work on another environment.
        missing: The system libraries Qt needs that are not there.
        programs: The programs the tests need that are not there.
        python: Python's version as Debian's package names have it, such as ``3.11``.
    """

    debian: bool
    root: bool
    ensurepip: bool
    pip: bool
    missing: tuple[str, ...]
    python: str
    programs: tuple[str, ...] = ()


def find_missing_libraries() -> tuple[str, ...]:
    """List Qt's system libraries that this computer lacks, by trying to load each."""
    if not sys.platform.startswith("linux"):
        return ()
    missing = []
    for library in QT_LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(library)
    return tuple(missing)


def find_missing_programs() -> tuple[str, ...]:
    """List the programs the tests start that this computer lacks; there are such on Linux only."""
    if not sys.platform.startswith("linux"):
        return ()
    return tuple(name for name in TEST_PROGRAMS if shutil.which(name) is None)


def look(*, for_tests: bool = False) -> Machine:
    """Find out about this computer.

    Args:
        for_tests: Whether what only the tests need matters too.
    """
    kin = ""
    release = Path("/etc/os-release")
    if release.is_file():
        kin = " ".join(re.findall(r"(?m)^ID(?:_LIKE)?=(.*)$", release.read_text(encoding="utf-8")))
    return Machine(
        debian="debian" in kin and shutil.which("apt-get") is not None,
        root=hasattr(os, "geteuid") and os.geteuid() == 0,
        ensurepip=importlib.util.find_spec("ensurepip") is not None,
        pip=importlib.util.find_spec("pip") is not None,
        missing=find_missing_libraries(),
        python="{}.{}".format(*sys.version_info[:2]),
        programs=find_missing_programs() if for_tests else (),
    )


def system_packages(machine: Machine) -> list[str]:
    """List the Debian packages this computer lacks.

    Args:
        machine: The facts about it.

    Returns:
        Their names, in a steady order.
    """
    packages = [QT_LIBRARIES[library] for library in machine.missing]
    packages += [TEST_PROGRAMS[program] for program in machine.programs]
    if not machine.ensurepip and (machine.root or not machine.pip):
        packages.insert(0, f"python{machine.python}-venv")
    return packages


def what_is_lacking(machine: Machine) -> str:
    """Say what a person has to install by hand before we can go on.

    Args:
        machine: The facts about the computer.

    Returns:
        A message with the exact command where we know it; nothing when nothing is lacking.
    """
    packages = system_packages(machine)
    if not packages:
        return ""
    if machine.debian:
        names = " ".join(packages)
        return (
            "Some system packages are missing. Install them with\n\n"
            f"    sudo apt-get update && sudo apt-get install -y --no-install-recommends {names}\n\n"
            "and start this again."
        )
    lines = ["Something is missing on this computer; install it with its own package manager."]
    if not machine.ensurepip and not machine.pip:
        lines.append(
            "- pip for this Python (often a package called python3-pip, or Python's own installer)"
        )
    if machine.missing:
        lines.append("- the system libraries " + ", ".join(machine.missing))
    if machine.programs:
        lines.append("- the programs " + ", ".join(machine.programs))
    return "\n".join([*lines, "Then start this again."])
