"""Write a small file for its owner only, whole or not at all."""

import errno
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
    """Have a folder remember a new name; Windows needs and offers none of this.

    Until then a power cut may bring back the old name, or none.
    """
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some shares and sticks have no such call; that is no reason to store nothing.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(handle)
