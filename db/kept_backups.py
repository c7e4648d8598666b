"""The folder with the backups that are kept by themselves, and its second place.

A name tells when a backup was made and nothing else. One taken before a migration has
a name of its own kind and is never thinned.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from db import backup_file
from db.backup_file import BackupHeader
from intake.caretaking import FoundBackup
from intake.errors import UserFacingError
from intake.waiting import step

FOLDER = "backups"
#: Says that a folder is a second place, and no empty mount point.
MARKER = "thoracic-intake-second-place.txt"
_MARKER_WORDS = (
    b"Thoracic Intake keeps encrypted copies of its backups in this folder.\n"
    b"Without this file it stops doing so.\n"
)
_AUTOMATIC = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}\.backup")
_BEFORE = re.compile(r"before-[0-9a-z]+-\d{8}T\d{6}Z\.backup")
_EDGE = 4096
_UNFINISHED_FOR = timedelta(days=1)


def new_path(folder: Path, at: datetime) -> Path:
    """Return where the next backup goes."""
    return folder / f"{_stamp(at)}-{secrets.token_hex(2)}.backup"


def path_before(folder: Path, head: str, at: datetime) -> Path:
    """Return where the backup goes that is taken before a migration."""
    return folder / f"before-{head}-{_stamp(at)}.backup"


def automatic(folder: Path) -> Iterator[Path]:
    """Give the backups that may be thinned, the newest first."""
    for path in sorted(folder.glob("*.backup"), reverse=True):
        if _AUTOMATIC.fullmatch(path.name):
            yield path


def found(folder: Path) -> list[FoundBackup]:
    """Return every backup in a folder, the newest first.

    From the newest on each is read whole until one is sound: that one can be restored.
    The older ones are only looked at.
    """
    ours = (
        path
        for path in folder.glob("*.backup")
        if _AUTOMATIC.fullmatch(path.name) or _BEFORE.fullmatch(path.name)
    )
    told = sorted(map(_looked_at, ours), key=lambda one: one.at, reverse=True)
    for place, one in enumerate(told):
        if one.state == "damaged":
            continue
        told[place] = _read_whole(one)
        if told[place].state == "sound":
            break
    return told


def edges_of(path: Path) -> str:
    """Return a digest of both ends and the size of a file; empty if it is gone.

    The end of a backup is the checksum of all of it, so no two are alike. A program
    that encrypts files begins at one of the ends.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            first = file.read(_EDGE)
            file.seek(max(0, size - _EDGE))
            last = file.read(_EDGE)
    except OSError:
        return ""
    return sha256(b"%d " % size + first + last).hexdigest()


def header_of(path: Path) -> BackupHeader | None:
    """Return what a backup says of itself, read whole; None when it is damaged."""
    try:
        return backup_file.read_header(path)
    except UserFacingError:
        return None


def is_whole(path: Path) -> bool:
    """Return whether a backup is as it was written; the whole file is read."""
    return header_of(path) is not None


def claim(place: Path) -> None:
    """Make a folder a second place.

    Raises:
        UserFacingError: (second_place_unusable) it is not there or cannot be written.
    """
    if not place.is_dir():
        raise unusable("The folder is not there.")
    try:
        (place / MARKER).write_bytes(_MARKER_WORDS)
    except OSError:
        raise unusable("Nothing can be written there.") from None


def copy_to(place: Path, backup: Path) -> None:
    """Put a copy of a backup in the second place, whole or not at all.

    Raises:
        UserFacingError: (second_place_unusable) it is not there, or the copy is not
            the same as the backup.
    """
    if not is_there(place):
        raise unusable("The folder is not there.")
    target = place / backup.name
    unfinished = place / f"{backup.name}.part"
    try:
        _copy(backup, unfinished)
        if edges_of(unfinished) != edges_of(backup) or not is_whole(unfinished):
            raise unusable("The copy is not the same as the backup.")
        unfinished.replace(target)
    except OSError:
        raise unusable("The copy could not be written.") from None
    finally:
        _remove(unfinished)


def is_there(place: Path) -> bool:
    """Return whether the second place can be reached."""
    return (place / MARKER).is_file()


def remove(folder: Path, name: str) -> None:
    """Take an automatic backup away; one that cannot be is left where it is."""
    if _AUTOMATIC.fullmatch(name):
        _remove(folder / name)


def tidy(folder: Path, now: datetime) -> None:
    """Take away what a backup that was broken off has left, after a day."""
    for left in (*folder.glob(".unfinished-*"), *folder.glob("*.part")):
        age = now.timestamp() - left.stat().st_mtime
        if age < _UNFINISHED_FOR.total_seconds():
            continue
        if left.is_dir():
            for file in left.iterdir():
                _remove(file)
            left.rmdir()
        else:
            _remove(left)


def unusable(what: str) -> UserFacingError:
    """Return the error for a second place that cannot be used, and why."""
    return UserFacingError(
        "second_place_unusable",
        f"The second place for backups cannot be used: {what}",
        "Plug it in, or name another folder; the backups on this computer are there.",
    )


def _copy(backup: Path, unfinished: Path) -> None:
    with backup.open("rb") as source, unfinished.open("wb") as target:
        while piece := source.read(1 << 20):
            target.write(piece)
            step(source.tell(), backup.stat().st_size)
        target.flush()
        os.fsync(target.fileno())


def _looked_at(path: Path) -> FoundBackup:
    is_automatic = _AUTOMATIC.fullmatch(path.name) is not None
    stat = path.stat()
    try:
        header = backup_file.peek(path)
    except UserFacingError:
        written = datetime.fromtimestamp(stat.st_mtime).astimezone()
        return FoundBackup(path, written, stat.st_size, "damaged", is_automatic)
    return FoundBackup(
        path, header.at, stat.st_size, "not checked", is_automatic, header.schema
    )


def _read_whole(one: FoundBackup) -> FoundBackup:
    return replace(one, state="sound" if is_whole(one.path) else "damaged")


def _remove(path: Path) -> None:
    # What cannot be taken away takes room and does no harm.
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
