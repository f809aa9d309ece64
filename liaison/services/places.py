"""Where a home may lie: on a disk of this PC, and in no folder that another program copies.

SQLite's locks do not hold over a network share, and OneDrive or Dropbox copy a database file while
it is being written: both have destroyed databases. PCs share a home by Liaison's own sync.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Final

from liaison.errors import UserError

_CLOUD_NAMES: Final = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "cloudstorage": "a cloud drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "box sync": "Box",
    "pclouddrive": "pCloud",
    "megasync": "MEGA",
    "proton drive": "Proton Drive",
    "seafile": "Seafile",
    "synologydrive": "Synology Drive",
}
_CLOUD_MARKS: Final = {".dropbox": "Dropbox", ".dropbox.cache": "Dropbox", ".stfolder": "Syncthing"}
_CLOUD_VARIABLES: Final = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_NETWORK_FILE_SYSTEMS: Final = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb2",
        "smb3",
        "smbfs",
        "afs",
        "ncpfs",
        "9p",
        "davfs",
        "ceph",
        "glusterfs",
        "fuse.sshfs",
        "fuse.davfs2",
        "fuse.rclone",
        "fuse.gvfsd-fuse",
        "fuse.glusterfs",
        "fuse.curlftpfs",
        "fuse.google-drive-ocamlfuse",
        "fuse.onedriver",
        "fuse.s3fs",
        "fuse.smbnetfs",
        "fuse.vmhgfs-fuse",
        "vboxsf",
    }
)
_MOUNTS: Final = Path("/proc/self/mountinfo")
_OCTAL: Final = re.compile(r"\\([0-7]{3})")
_DRIVE_REMOVABLE: Final = 2
_DRIVE_REMOTE: Final = 4
_BLOCKS: Final = Path("/sys/dev/block")


class BadPlace(UserError):
    """A home cannot lie in this folder."""

    code = "bad-place"


def check_place(folder: Path) -> None:
    """Refuse a folder in which a home would be destroyed sooner or later.

    Args:
        folder: Where the home lies or shall lie; it need not exist.

    Raises:
        BadPlace: It is copied by a cloud drive, lies on a network share, or leads nowhere.
    """
    try:
        place = folder.expanduser().absolute()
        real = place.resolve()
    except (OSError, RuntimeError):
        # somebody else's home folder, links in a circle, or a working folder that is gone
        raise BadPlace(
            f"{folder} leads nowhere on this PC.",
            kept="Nothing was changed.",
            do="Choose another folder.",
        ) from None
    cloud = _cloud(place) or _cloud(real)
    if cloud:
        raise BadPlace(
            f"{folder} is copied by {cloud}, which would damage the database while it is in use.",
            kept="Nothing was changed.",
            do="Choose a folder on this PC's own disk. To share a home between PCs, use Liaison's "
            "own sync; to keep a copy in the cloud, put backups there.",
        )
    if _on_network(real):
        raise BadPlace(
            f"{folder} lies on a network share, where two PCs would damage the database.",
            kept="Nothing was changed.",
            do="Choose a folder on this PC's own disk. To share a home between PCs, use Liaison's "
            "own sync.",
        )


def _cloud(place: Path) -> str:
    """Return the name of the program that copies a folder; empty if none does."""
    for variable in _CLOUD_VARIABLES:
        root = os.environ.get(variable)
        if root and (place.is_relative_to(root) or place.is_relative_to(os.path.realpath(root))):
            return "OneDrive"
    for part in place.parts:
        name = part.casefold()
        for start, program in _CLOUD_NAMES.items():
            # people and firms put their name behind the program's
            if name == start or name.startswith((f"{start} ", f"{start}-", f"{start}(")):
                return program
    for ancestor in (place, *place.parents):
        for mark, program in _CLOUD_MARKS.items():
            if _is_mark(ancestor / mark):
                return program
    return ""


def _is_mark(path: Path) -> bool:
    try:
        # a folder .dropbox is the program's settings, and lies in every user's own folder
        return path.is_file() if path.name == ".dropbox" else path.is_dir()
    except OSError:
        # what may not be looked into says itself, when it is used, why it is of no use
        return False


def _on_network(place: Path) -> bool:
    if os.name == "nt":  # pragma: no cover  # Windows only
        return _on_windows_share(place)
    return _file_system(place) in _NETWORK_FILE_SYSTEMS


def _on_windows_share(place: Path) -> bool:  # pragma: no cover  # Windows only
    if place.drive.startswith("\\\\"):
        return True
    return _windows_drive_kind(place) == _DRIVE_REMOTE


def _windows_drive_kind(place: Path) -> int:  # pragma: no cover  # Windows only
    import ctypes

    windll = getattr(ctypes, "windll", None)
    return 0 if windll is None else int(windll.kernel32.GetDriveTypeW(f"{place.drive}\\"))


def _file_system(place: Path) -> str:
    """Return the kind of file system a path lies on; empty where the system does not say."""
    if sys.platform != "linux":
        return ""
    best, kind = -1, ""
    try:
        lines = _MOUNTS.read_text("utf-8", "surrogateescape").split("\n")
    except OSError:
        return ""
    for line in filter(None, lines):
        before, _, after = line.partition(" - ")
        # spaces in a mount point are written as octal escapes
        point = _OCTAL.sub(lambda match: chr(int(match[1], 8)), before.split(" ")[4])
        # of two at one point, the later one hides the earlier (an automounted share)
        if place.is_relative_to(point) and len(point) >= best:
            best, kind = len(point), after.split(" ")[0]
    return kind


def is_away(place: Path, home: Path) -> bool:
    """Return whether a folder is lost with the PC's own disk or not: where a backup is worth most.

    A folder that a cloud drive copies, a network share and another disk are away. What the system
    does not say counts as not.

    Args:
        place: The folder; it must be there.
        home: The home's folder.
    """
    try:
        real, own = place.resolve(), home.resolve()
    except (OSError, RuntimeError):
        return False
    if _cloud(place) or _cloud(real) or _on_network(real):
        return True
    if os.name == "nt":  # pragma: no cover  # Windows only
        return _windows_drive_kind(real) == _DRIVE_REMOVABLE
    there, here = _disks(real), _disks(own)
    return bool(there and here) and not there & here


def _disks(place: Path) -> frozenset[str]:
    """Return the names of the disks under a path ("sda"); none where the system does not say."""
    try:
        number = place.stat().st_dev
        device = (_BLOCKS / f"{os.major(number)}:{os.minor(number)}").resolve(strict=True)
    except (OSError, RuntimeError):
        return frozenset()
    return _under(device)


def _under(device: Path) -> frozenset[str]:
    # an encrypted volume lies on a partition, a partition on a disk
    slaves = device / "slaves"
    below = list(slaves.iterdir()) if slaves.is_dir() else []
    if below:
        return frozenset().union(*(_under(one.resolve()) for one in below))
    return frozenset({device.parent.name if (device / "partition").exists() else device.name})
