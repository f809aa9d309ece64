"""A home lies on a disk of this PC, and in no folder that another program copies."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from liaison.services import places
from liaison.services.founding import make_home
from liaison.services.homes import open_home
from liaison.services.places import BadPlace, check_place
from liaison.services.restoring import restore_home
from tests.homes import PASSWORD, make, names

LOCAL = "22 1 259:1 / / rw,relatime - ext4 /dev/root rw\n"


@pytest.fixture
def mounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Say what is mounted, as the system would."""
    table = tmp_path / "mountinfo"

    def say(lines: str) -> None:
        table.write_text(LOCAL + lines, "utf-8", "surrogateescape")

    monkeypatch.setattr(places, "_MOUNTS", table)
    say("")
    return say


def refused(folder: Path) -> str:
    with pytest.raises(BadPlace) as caught:
        check_place(folder)
    assert caught.value.code == "bad-place"
    assert caught.value.kept == "Nothing was changed."
    assert caught.value.do
    return caught.value.what


@pytest.mark.parametrize(
    ("part", "program"),
    [
        ("OneDrive", "OneDrive"),
        ("onedrive", "OneDrive"),
        ("OneDrive - Willow House Ltd", "OneDrive"),
        ("OneDrive-Personal", "OneDrive"),
        ("Dropbox", "Dropbox"),
        ("Dropbox (Personal)", "Dropbox"),
        ("Google Drive", "Google Drive"),
        ("GoogleDrive-kate@example.org", "Google Drive"),
        ("My Drive", "Google Drive"),
        ("iCloudDrive", "iCloud"),
        ("Mobile Documents", "iCloud"),
        ("CloudStorage", "a cloud drive"),
        ("Nextcloud", "Nextcloud"),
        ("ownCloud", "ownCloud"),
        ("pCloudDrive", "pCloud"),
        ("MEGAsync", "MEGA"),
        ("SynologyDrive", "Synology Drive"),
    ],
)
def test_a_folder_of_a_cloud_program_is_refused_by_its_name(
    part: str, program: str, tmp_path: Path
) -> None:
    assert program in refused(tmp_path / part / "Liaison" / "home")
    assert program in refused(tmp_path / part)


@pytest.mark.parametrize(
    "part",
    [
        "Onedrivers",
        "Dropboxes of clay",
        "My Driveway",
        "icloudy",
        "Cartref Môr a Mynydd",
        "Dom opieki „Łąka”",
        "بيت الصفصاف",
        "willow 🌳 house's home",
        "100% home",
    ],
)
def test_an_ordinary_folder_is_fine(part: str, tmp_path: Path) -> None:
    check_place(tmp_path / part / "home")
    make(tmp_path / part / "home")[0].close()
    open_home(tmp_path / part / "home", None, PASSWORD).close()


@pytest.mark.parametrize(
    ("mark", "is_file", "program"),
    [
        (".dropbox", True, "Dropbox"),
        (".dropbox.cache", False, "Dropbox"),
        (".stfolder", False, "Syncthing"),
    ],
)
def test_a_folder_of_a_cloud_program_is_refused_by_its_mark(
    mark: str, program: str, tmp_path: Path, *, is_file: bool
) -> None:
    shared = tmp_path / "Ours"
    shared.mkdir()
    check_place(shared / "deep" / "home")
    if is_file:
        (shared / mark).touch()
    else:
        (shared / mark).mkdir()
    assert program in refused(shared / "deep" / "home")
    check_place(tmp_path / "home")


def test_the_settings_of_dropbox_in_a_persons_folder_are_no_mark(tmp_path: Path) -> None:
    (tmp_path / ".dropbox").mkdir()
    check_place(tmp_path / "home")


@pytest.mark.parametrize("variable", ["OneDrive", "OneDriveCommercial", "OneDriveConsumer"])
def test_a_renamed_onedrive_is_known_by_its_variable(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_place(tmp_path / "Firm" / "home")
    monkeypatch.setenv(variable, str(tmp_path / "Firm"))
    assert "OneDrive" in refused(tmp_path / "Firm" / "home")
    check_place(tmp_path / "Firmament" / "home")


def test_links_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "OneDrive" / "Liaison").mkdir(parents=True)
    (tmp_path / "home").symlink_to(tmp_path / "OneDrive" / "Liaison")
    assert "OneDrive" in refused(tmp_path / "home")
    assert "OneDrive" in refused(tmp_path / "home" / "deeper")
    # the program's folder is itself a link, and the home is named by where it really lies
    (tmp_path / "disk").mkdir()
    (tmp_path / "cloud").symlink_to(tmp_path / "disk")
    monkeypatch.setenv("OneDrive", str(tmp_path / "cloud"))
    assert "OneDrive" in refused(tmp_path / "disk" / "home")


def test_a_path_with_dots_is_judged_by_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "OneDrive").mkdir()
    assert "OneDrive" in refused(tmp_path / "x" / ".." / "OneDrive" / "home")


def test_a_relative_path_is_judged_by_where_it_leads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Dropbox").mkdir()
    monkeypatch.chdir(tmp_path / "Dropbox")
    assert "Dropbox" in refused(Path("home"))


def test_what_leads_nowhere_is_a_plain_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert "leads nowhere" in refused(tmp_path / "a" / "home")
    assert "leads nowhere" in refused(Path("~nobody-of-this-name-here/home"))
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert "leads nowhere" in refused(Path("home"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no table of mounts")
@pytest.mark.parametrize(
    "kind",
    ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "fuse.gvfsd-fuse", "davfs", "vboxsf"],
)
def test_a_network_share_is_refused(
    kind: str, mounts: Callable[[str], None], tmp_path: Path
) -> None:
    mounts(f"90 22 0:50 / {tmp_path}/share rw shared:1 - {kind} server:/x rw\n")
    assert "network share" in refused(tmp_path / "share" / "home")
    assert "network share" in refused(tmp_path / "share")
    check_place(tmp_path / "shared")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no table of mounts")
def test_a_disk_mounted_below_a_share_is_fine(
    mounts: Callable[[str], None], tmp_path: Path
) -> None:
    mounts(
        f"91 90 0:51 / {tmp_path}/share/disk rw - ext4 /dev/sdb1 rw\n"
        f"90 22 0:50 / {tmp_path}/share rw - cifs //server/x rw\n"
    )
    check_place(tmp_path / "share" / "disk" / "home")
    refused(tmp_path / "share" / "home")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no table of mounts")
def test_a_share_that_mounts_itself_when_used_is_refused(
    mounts: Callable[[str], None], tmp_path: Path
) -> None:
    mounts(
        f"90 22 0:50 / {tmp_path}/share rw - autofs systemd-1 rw\n"
        f"91 90 0:51 / {tmp_path}/share rw - nfs4 server:/x rw\n"
    )
    refused(tmp_path / "share" / "home")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no table of mounts")
@pytest.mark.parametrize("name", ["our share", "tref é", "家", "back\\slash", "a\tb"])
def test_a_share_is_known_by_any_name(
    name: str, mounts: Callable[[str], None], tmp_path: Path
) -> None:
    written = name.replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011")
    mounts(f"90 22 0:50 / {tmp_path}/{written} rw - nfs server:/x rw\n")
    refused(tmp_path / name / "home")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no table of mounts")
def test_a_mount_point_that_is_no_text_does_no_harm(
    mounts: Callable[[str], None], tmp_path: Path
) -> None:
    mounts(f"90 22 0:50 / {tmp_path}/\udce9 rw - nfs server:/x rw\n")
    check_place(tmp_path / "home")


def test_the_real_disk_of_this_machine_is_fine(tmp_path: Path) -> None:
    check_place(tmp_path / "home")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no table of mounts")
def test_without_a_table_of_mounts_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_MOUNTS", tmp_path / "no such file")
    check_place(tmp_path / "home")


def test_making_opening_and_restoring_ask_first(tmp_path: Path) -> None:
    bad = tmp_path / "OneDrive" / "home"
    with pytest.raises(BadPlace):
        make_home(bad, name="W", person="K", password=PASSWORD)
    with pytest.raises(BadPlace):
        open_home(bad, None, PASSWORD)
    with pytest.raises(BadPlace):
        restore_home(tmp_path / "b", bad, None, PASSWORD)
    assert names(tmp_path) == []
