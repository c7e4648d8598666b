"""Where records must not lie, and why: network drives and synchronized folders.

Locks do not hold on a network drive, and a program that synchronizes a folder copies a
file while it is being written, or puts an older one in its place. What the system
tells is asked for in one place and judged in others, so that every kind can be tested
anywhere. A place of which nothing is known is not refused.
"""

import os
import platform
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

from intake.errors import UserFacingError

#: File systems whose files lie on another computer; a part after a dot tells a driver.
_NETWORK = frozenset(
    {"9p", "acfs", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2"}
    | {"glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs"}
    | {"smb3", "smbfs", "vboxsf", "vmhgfs", "webdav", "virtiofs", "drvfs"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.goofys", "fuse.gcsfuse"}
    | {"fuse.davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.ceph", "fuse.smbnetfs"}
    | {"fuse.gvfsd-fuse", "fuse.curlftpfs", "fuse.google-drive-ocamlfuse"}
    | {"fuse.vmhgfs-fuse", "fuse.onedriver", "fuse.mount_rclone", "fuse.kio-fuse"}
    | {"macfuse", "osxfuse"}
)
#: Names of folders that belong to a service, in small letters.
_SERVICES = (
    (re.compile(r"onedrive( - .+)?"), "OneDrive"),
    (re.compile(r"dropbox( \(.+\))?"), "Dropbox"),
    (re.compile(r"google ?drive|googledrive-.+|my drive"), "Google Drive"),
    (re.compile(r"mobile documents|clouddocs|iclouddrive|icloud drive"), "iCloud"),
    (re.compile(r"nextcloud"), "Nextcloud"),
    (re.compile(r"owncloud"), "ownCloud"),
    (re.compile(r"box|box sync|box-box"), "Box"),
    (re.compile(r"pclouddrive|pcloud( drive)?"), "pCloud"),
    (re.compile(r"mega|megasync"), "MEGA"),
    (re.compile(r"syncthing"), "Syncthing"),
    (re.compile(r"cloudstorage"), "a cloud service"),
)
#: What a service leaves in a folder that it looks after.
_MARKERS = (
    (re.compile(r"\.dropbox(\.cache)?"), "Dropbox"),
    (re.compile(r"\.stfolder|\.stversions"), "Syncthing"),
    (re.compile(r"\.(sync|_sync|csync_journal)[^/]*\.db"), "Nextcloud or ownCloud"),
    (re.compile(r"\.tmp\.driveupload|\.tmp\.drivedownload"), "Google Drive"),
    (re.compile(r"\.owncloudsync\.log|\.nextcloudsync\.log"), "Nextcloud or ownCloud"),
    (re.compile(r"\.sync"), "Resilio Sync"),
)
#: Where a service tells programs of its folder.
_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_REMOTE_DRIVE = 4
_PATIENCE_SECONDS = 5.0


def refuse(folder: Path) -> None:
    """Refuse a folder for records.

    Raises:
        UserFacingError: (place_unsafe) it lies on a network drive or is synchronized.
    """
    if why := problem(folder):
        raise UserFacingError(
            "place_unsafe",
            f"Records cannot be kept in this folder: {why}",
            "Move the whole folder to a disk of this computer and start with --data "
            "and its new place; nothing was changed. Backups may be copied there.",
        )


def problem(folder: Path) -> str:
    """Return why records must not lie in a folder; nothing when they may."""
    place = folder.absolute()
    return (
        drive_problem(str(place), _mounts(), _drive_type(place))
        or name_problem(place, Path.home())
        or marker_problem({str(above): _names_in(above) for above in _above(place)})
        or variable_problem(place, os.environ)
    )


def drive_problem(
    place: str, mounts: Sequence[tuple[str, str]], drive_type: int | None
) -> str:
    """Return what is wrong with the drive a place is on.

    Args:
        place: the whole path.
        mounts: where something is mounted, and of which kind.
        drive_type: what Windows says of the drive; None elsewhere.
    """
    is_shared = place.startswith(("\\\\", "//")) and not place.startswith(
        ("\\\\?\\", "\\\\.\\")
    )
    is_shared = is_shared or place.upper().startswith("\\\\?\\UNC\\")
    if is_shared or drive_type == _REMOTE_DRIVE:
        return "it is on a network drive, where locks do not hold."
    kind = kind_of_mount(place, mounts)
    if kind.casefold() in _NETWORK:
        return f"it is on a network drive ({kind}), where locks do not hold."
    return ""


def name_problem(place: PurePath, home: PurePath) -> str:
    """Return which service a folder belongs to by a name on its path.

    Somebody may be called Box: what leads to the person's own folder does not count.
    """
    is_inside = place.is_relative_to(home)
    for part in (place.relative_to(home) if is_inside else place).parts:
        for name, service in _SERVICES:
            if name.fullmatch(part.casefold()):
                return _synchronized(service)
    return ""


def marker_problem(names_in: Mapping[str, Sequence[str]]) -> str:
    """Return which service left its mark in a folder or in one above it.

    Args:
        names_in: each folder, and what lies in it.
    """
    for names in names_in.values():
        for name in names:
            for marker, service in _MARKERS:
                if marker.fullmatch(name):
                    return _synchronized(service)
    return ""


def variable_problem(place: PurePath, environment: Mapping[str, str]) -> str:
    """Return whether a folder is one that OneDrive tells programs of."""
    for variable in _VARIABLES:
        root = environment.get(variable, "")
        if root and place.is_relative_to(type(place)(root)):
            return _synchronized("OneDrive")
    return ""


def kind_of_mount(place: str, mounts: Sequence[tuple[str, str]]) -> str:
    """Return the kind of file system a place is on; the last mount over it counts."""
    best, kind = -1, ""
    for point, its_kind in mounts:
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, kind = len(point), its_kind
    return kind


def linux_mounts(text: str) -> list[tuple[str, str]]:
    """Return the mounts that Linux tells in /proc/self/mountinfo."""
    mounts = []
    for line in text.splitlines():
        before, dash, after = line.partition(" - ")
        fields, kind = before.split(" "), after.split(" ")[0]
        if dash and len(fields) > 4:  # noqa: PLR2004  (the fifth is the mount point)
            mounts.append((_unescaped(fields[4]), kind))
    return mounts


def mac_mounts(text: str) -> list[tuple[str, str]]:
    """Return the mounts that macOS tells with `mount`."""
    found = re.findall(r"^.+? on (/.*) \(([\w.]+)[,)]", text, re.MULTILINE)
    return [(point, kind) for point, kind in found]


def _mounts() -> list[tuple[str, str]]:
    try:
        if platform.system() == "Linux":
            return linux_mounts(Path("/proc/self/mountinfo").read_text("utf-8"))
        if platform.system() == "Darwin":
            told = subprocess.run(
                ["/sbin/mount"],
                capture_output=True,
                check=False,
                timeout=_PATIENCE_SECONDS,
            )
            return mac_mounts(told.stdout.decode(errors="replace"))
    except (OSError, UnicodeDecodeError, subprocess.TimeoutExpired):
        return []
    return []


def _drive_type(place: Path) -> int | None:
    if platform.system() != "Windows":
        return None
    import ctypes

    windows = getattr(ctypes, "windll")  # noqa: B009  (is there on Windows alone)
    return int(windows.kernel32.GetDriveTypeW(place.anchor))


def _above(place: Path) -> Sequence[Path]:
    """Return a folder and those above it, but for the root and the user's own."""
    return [
        one
        for one in (place, *place.parents)
        if one != Path(one.anchor) and one != Path.home()
    ]


def _names_in(folder: Path) -> Sequence[str]:
    """Return what lies in a folder; one that is not there or not ours tells nothing."""
    try:
        return [one.name for one in folder.iterdir()]
    except OSError:
        return ()


def _unescaped(text: str) -> str:
    r"""Return a path with `\040` and the like as the characters they stand for."""
    raw = re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), text.encode())
    return raw.decode(errors="replace")


def _synchronized(service: str) -> str:
    return (
        f"{service} synchronizes it, and can copy a file while it is being written or "
        "put an older one in its place."
    )
