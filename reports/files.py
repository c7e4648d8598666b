"""Write a finished document to disk: whole, or not at all."""

import errno
import os
import tempfile
from pathlib import Path

from intake.errors import UserFacingError


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path`; a file of that name is replaced only when all is well.

    The bytes go to a temporary file beside it, are forced to the disk, and take the
    name in one step. Whatever fails, no half file is left and an old one is untouched.
    A link is followed, so that it stays one; a device or a pipe is refused.

    Raises:
        UserFacingError: (export_failed) the disk is full, the folder is missing, or
            writing is not allowed.
    """
    temporary: Path | None = None
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "this name is not that of a file")  # noqa: TRY301  (told like any other reason)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        temporary = Path(name)
        try:
            _write_all(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
        temporary.chmod(_mode_for(path))
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise UserFacingError(
            "export_failed",
            f"The document could not be written: {error.strerror or 'unknown reason'}.",
            "Choose another folder or make room, then save again; "
            "no half file was left and the visit is safe.",
        ) from error
    _sync_folder(path.parent)


def _write_all(handle: int, content: bytes) -> None:
    """Write everything; a system may take less than it was given."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _mode_for(path: Path) -> int:
    """Keep the permissions of a file that is replaced; else for the owner alone."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o600


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where folders can be synced at all."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)
