"""Write a small file for its owner only, whole or not at all."""

import os
from pathlib import Path

from db.location import make_private_file, not_writable


def write_private(path: Path, content: bytes) -> None:
    """Replace a file's content; after a power cut the old or the new one is there.

    Raises:
        UserFacingError: (folder_not_writable) it cannot be written.
    """
    unfinished = path.with_name(path.name + ".part")
    make_private_file(unfinished)
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise not_writable() from error


def sync_folder(folder: Path) -> None:
    """Have the folder remember the new name; Windows needs and offers none of this."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
