"""Network drives and synchronized folders of every kind are told; others are not."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from db import unsafe_places
from db.unsafe_places import (
    drive_problem,
    kind_of_mount,
    linux_mounts,
    mac_mounts,
    marker_problem,
    name_problem,
    variable_problem,
)
from intake.errors import UserFacingError

_MOUNTINFO = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /mnt/clinic rw,relatime shared:15 - {kind} server:/export rw,vers=4.2
31 22 0:27 / /mnt/my\\040share rw - {kind} //server/share rw
32 30 0:28 / /mnt/clinic/local rw - ext4 /dev/vdb rw
33 22 0:29 / /home rw,relatime master:3 propagate_from:1 - xfs /dev/vdc rw
"""
_MAC = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//ann@server/share on /Volumes/my share (2) ({kind}, nodev, nosuid, mounted by ann)
"""
_NETWORK = (
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone", "9p"),
    *("afs", "davfs", "fuse.davfs2", "ceph", "glusterfs", "fuse.glusterfs", "lustre"),
    *("ncpfs", "vboxsf", "fuse.gvfsd-fuse", "virtiofs"),
)


@pytest.mark.parametrize("kind", _NETWORK)
@pytest.mark.parametrize(
    "place", ["/mnt/clinic", "/mnt/clinic/a/b", "/mnt/my share/records"]
)
def test_a_network_drive_on_linux_is_told(kind: str, place: str) -> None:
    mounts = linux_mounts(_MOUNTINFO.format(kind=kind))

    assert kind in drive_problem(place, mounts, None)


@pytest.mark.parametrize(
    "place", ["/mnt/clinic/local/a", "/mnt/clinics", "/home/ann/.local", "/"]
)
def test_a_disk_beside_a_network_drive_is_none(place: str) -> None:
    mounts = linux_mounts(_MOUNTINFO.format(kind="nfs4"))

    assert drive_problem(place, mounts, None) == ""


def test_what_is_mounted_last_over_a_place_counts() -> None:
    assert kind_of_mount("/mnt/x", [("/mnt", "nfs"), ("/mnt", "ext4")]) == "ext4"


@pytest.mark.parametrize("text", ["", "nonsense\n", "1 2 3 - nfs x\n", "\n\n"])
def test_what_cannot_be_read_is_no_mount(text: str) -> None:
    assert linux_mounts(text) == []
    assert mac_mounts(text) == []


@pytest.mark.parametrize("kind", ["smbfs", "nfs", "afpfs", "webdav", "macfuse"])
def test_a_network_drive_on_a_mac_is_told(kind: str) -> None:
    mounts = mac_mounts(_MAC.format(kind=kind))

    assert drive_problem("/Volumes/my share (2)/records", mounts, None)
    assert not drive_problem("/Users/ann/Library", mounts, None)


@pytest.mark.parametrize(
    ("place", "drive_type", "is_remote"),
    [
        ("\\\\server\\share\\records", 4, True),
        ("\\\\server\\share\\records", 1, True),
        ("//server/share/records", None, True),
        ("\\\\?\\UNC\\server\\share", 3, True),
        ("\\\\?\\C:\\records", 3, False),
        ("Z:\\records", 4, True),
        ("C:\\records", 3, False),
        ("E:\\records", 2, False),
    ],
)
def test_a_network_drive_on_windows_is_told(
    place: str, drive_type: int | None, is_remote: bool
) -> None:
    assert bool(drive_problem(place, [], drive_type)) is is_remote


@pytest.mark.parametrize(
    ("place", "service"),
    [
        (PureWindowsPath("C:/Users/ann/OneDrive/records"), "OneDrive"),
        (PureWindowsPath("C:/Users/ann/OneDrive - Spine & Co/r"), "OneDrive"),
        (PureWindowsPath("C:/Users/ann/Dropbox (Personal)/r"), "Dropbox"),
        (PurePosixPath("/home/ann/Dropbox"), "Dropbox"),
        (PurePosixPath("/home/ann/Google Drive/r"), "Google Drive"),
        (PureWindowsPath("G:/My Drive/r"), "Google Drive"),
        (
            PurePosixPath("/Users/a/Library/CloudStorage/GoogleDrive-a@b.c/r"),
            "a cloud service",
        ),
        (
            PurePosixPath("/Users/a/Library/Mobile Documents/com~apple~CloudDocs/r"),
            "iCloud",
        ),
        (PureWindowsPath("C:/Users/ann/iCloudDrive/r"), "iCloud"),
        (PurePosixPath("/home/ann/Nextcloud/r"), "Nextcloud"),
        (PurePosixPath("/home/ann/ownCloud/r"), "ownCloud"),
        (PurePosixPath("/home/ann/Box/r"), "Box"),
        (PurePosixPath("/home/ann/Box Sync/r"), "Box"),
        (PurePosixPath("/home/ann/pCloudDrive/r"), "pCloud"),
        (PurePosixPath("/home/ann/MEGA/r"), "MEGA"),
    ],
)
def test_a_folder_of_a_service_is_told_by_its_name(
    place: PurePosixPath | PureWindowsPath, service: str
) -> None:
    home = type(place)("/home/ann")
    assert name_problem(place, home).startswith(f"{service} synchronizes")


@pytest.mark.parametrize(
    "place",
    [
        "/home/ann/.local/share/thoracic-intake",
        "/home/dropboxer/records",
        "/home/ann/boxes",
        "/home/ann/megan/records",
        "/var/lib/clinic/one drive bay",
    ],
)
def test_a_name_that_only_sounds_like_it_is_none(place: str) -> None:
    assert name_problem(PurePosixPath(place), PurePosixPath("/home/ann")) == ""


def test_a_person_may_be_called_like_a_service() -> None:
    home = PureWindowsPath("C:/Users/Box")

    assert name_problem(home / "AppData" / "thoracic-intake", home) == ""
    assert name_problem(home / "Box" / "records", home)


@pytest.mark.parametrize(
    ("marker", "service"),
    [
        (".dropbox", "Dropbox"),
        (".dropbox.cache", "Dropbox"),
        (".stfolder", "Syncthing"),
        (".sync_4f3a.db", "Nextcloud or ownCloud"),
        ("._sync_4f3a.db", "Nextcloud or ownCloud"),
        (".owncloudsync.log", "Nextcloud or ownCloud"),
        (".tmp.driveupload", "Google Drive"),
        (".sync", "Resilio Sync"),
    ],
)
def test_a_service_is_told_by_what_it_leaves_above(
    tmp_path: Path, marker: str, service: str
) -> None:
    (tmp_path / marker).mkdir()
    folder = tmp_path / "deep" / "records"

    assert unsafe_places.problem(folder).startswith(service)
    assert marker_problem({"a": ["clinic.db", "backups"], "b": ["sync.db"]}) == ""


@pytest.mark.parametrize("variable", ["OneDrive", "OneDriveCommercial"])
def test_a_folder_that_onedrive_tells_of_is_told(variable: str) -> None:
    environment = {variable: "D:\\Work files"}

    assert variable_problem(PureWindowsPath("d:/work files/records"), environment)
    assert not variable_problem(PureWindowsPath("D:/Workshop"), environment)
    assert not variable_problem(PureWindowsPath("D:/Work files"), {})


def test_a_folder_on_this_computer_is_not_refused(tmp_path: Path) -> None:
    unsafe_places.refuse(tmp_path / "records")


def test_a_refusal_says_why_and_how_to_move(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError) as refused:
        unsafe_places.refuse(tmp_path / "Dropbox" / "records")

    assert refused.value.code == "place_unsafe"
    assert "Dropbox synchronizes" in refused.value.text
    assert "--data" in refused.value.action
