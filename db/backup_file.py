"""The form of a backup: one file with the records, the key file, and a checksum.

Line by line: a magic line; a line of JSON with the sizes, the time and the revision of
the tables; the key file; the records as SQLCipher encrypted them; and the SHA-256 of
everything before it. A flipped bit anywhere shows without any key. A passphrase of the
key file, or the recovery code, opens it on another computer.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from db.location import make_private_file, not_writable
from db.private_files import sync_folder
from intake.errors import UserFacingError
from intake.waiting import step

_MAGIC = b"THORACIC INTAKE BACKUP 1\n"
_LONGEST_HEADER = 4096
_CHUNK = 1 << 20
_DIGEST = 32


@dataclass(frozen=True, slots=True)
class BackupHeader:
    """What a backup says of itself; nothing of a patient."""

    at: datetime
    schema: str
    key_bytes: int
    record_bytes: int


def write_backup(
    target: Path, at: datetime, schema: str, key_file: bytes, records: Path
) -> None:
    """Write a backup whole, or not at all.

    Raises:
        UserFacingError: (folder_not_writable) it cannot be written there.
    """
    header = {
        "at": at.isoformat(),
        "schema": schema,
        "key_bytes": len(key_file),
        "record_bytes": records.stat().st_size,
    }
    unfinished = target.with_name(target.name + ".part")
    make_private_file(unfinished)
    digest = sha256()
    try:
        with unfinished.open("wb") as file, records.open("rb") as source:
            for piece in (_MAGIC, json.dumps(header).encode() + b"\n", key_file):
                digest.update(piece)
                file.write(piece)
            while piece := source.read(_CHUNK):
                digest.update(piece)
                file.write(piece)
                step(source.tell(), records.stat().st_size)
            file.write(digest.digest())
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise not_writable() from error
    finally:
        unfinished.unlink(missing_ok=True)


def refuse_what_is_no_backup(target: Path) -> None:
    """Refuse to write over a file that is something else: the records, for one.

    Raises:
        UserFacingError: (backup_in_the_way) nothing was written.
    """
    if not target.exists():
        return
    try:
        with target.open("rb") as file:
            is_backup = file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        is_backup = False
    if not is_backup:
        raise UserFacingError(
            "backup_in_the_way",
            "There is something of that name already, and it is no backup.",
            "Choose another name; nothing was written.",
        )


def peek(backup: Path) -> BackupHeader:
    """Return what a backup says of itself, without reading the whole of it.

    Raises:
        UserFacingError: (backup_damaged) its beginning or its size are not a backup's.
    """
    with _opened(backup) as file:
        return _header(file, backup.stat().st_size)


def key_text(backup: Path) -> str:
    """Return the key file in a backup.

    Raises:
        UserFacingError: (backup_damaged) as `peek`, or it is no text.
    """
    with _opened(backup) as file:
        header = _header(file, backup.stat().st_size)
        try:
            return file.read(header.key_bytes).decode()
        except UnicodeDecodeError:
            raise damaged() from None


def read_header(backup: Path) -> BackupHeader:
    """Return what a whole backup says of itself.

    Raises:
        UserFacingError: (backup_damaged) it is no backup, or not as it was written.
    """
    with _opened(backup) as file:
        return _checked(file, backup.stat().st_size)


def unpack(backup: Path, key_file: Path, records: Path) -> BackupHeader:
    """Write key file and records of a whole backup to two new files.

    Raises:
        UserFacingError: (backup_damaged) it is no backup, or not as it was written;
            (folder_not_writable).
    """
    with _opened(backup) as file:
        header = _checked(file, backup.stat().st_size)
        file.seek(len(_MAGIC))
        file.readline()
        try:
            for path, left in (
                (key_file, header.key_bytes),
                (records, header.record_bytes),
            ):
                _copy(file, path, left, backup.stat().st_size)
        except OSError as error:
            raise not_writable() from error
    return header


def damaged() -> UserFacingError:
    """Return the error for a file that is no whole backup."""
    return UserFacingError(
        "backup_damaged",
        "This file is no backup, or it is damaged.",
        "Use another backup; nothing was changed.",
    )


@contextmanager
def _opened(backup: Path) -> Iterator[BinaryIO]:
    try:
        with backup.open("rb") as file:
            yield file
    except OSError:
        raise damaged() from None


def _checked(file: BinaryIO, size: int) -> BackupHeader:
    """Read the whole file once and compare its checksum."""
    digest = sha256()
    left = size - _DIGEST
    while left > 0 and (piece := file.read(min(_CHUNK, left))):
        digest.update(piece)
        left -= len(piece)
        step(file.tell(), size)
    if left or file.read() != digest.digest():
        raise damaged()
    file.seek(0)
    return _header(file, size)


def _header(file: BinaryIO, size: int) -> BackupHeader:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise damaged()
    try:
        table = json.loads(file.readline(_LONGEST_HEADER))
        header = BackupHeader(
            datetime.fromisoformat(table["at"]),
            str(table["schema"]),
            int(table["key_bytes"]),
            int(table["record_bytes"]),
        )
    except (ValueError, KeyError, TypeError):
        raise damaged() from None
    if file.tell() + header.key_bytes + header.record_bytes + _DIGEST != size:
        raise damaged()
    return header


def _copy(file: BinaryIO, path: Path, left: int, size: int) -> None:
    make_private_file(path)
    with path.open("wb") as target:
        while left and (piece := file.read(min(_CHUNK, left))):
            target.write(piece)
            left -= len(piece)
            step(file.tell(), size)
        target.flush()
        os.fsync(target.fileno())
