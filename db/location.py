"""Where the records lie, and who may read them: their owner only."""

import os
from hashlib import sha256
from pathlib import Path

from intake.errors import UserFacingError

FILE_NAME = "clinic.db"
#: The ends of the records' name and of what SQLite keeps beside them.
SIDE_FILES = ("", "-wal", "-shm", "-journal")
#: One of them is in every clinic's folder, also in that of one on a server.
_OF_A_CLINIC = (FILE_NAME, "clinic.keys")
_BACKUPS = "backups"
_OWNER_ONLY_FOLDER = 0o700
_OWNER_ONLY_FILE = 0o600


def data_folder() -> Path:
    """Return this user's data folder, made if need be, closed to everybody else."""
    # Costs some milliseconds that the first paint does not need.
    import platformdirs

    folder = platformdirs.user_data_path("thoracic-intake", appauthor=False)
    make_folder(folder)
    try:
        folder.chmod(_OWNER_ONLY_FOLDER)
    except OSError as error:
        raise not_writable() from error
    return folder


def head_files(folder: Path) -> list[Path]:
    """Return where, outside a clinic's folder, the head of its audit trail is kept.

    In the user's state folder, under a name made from the folder's path: whoever puts
    an older copy of the whole folder in its place does not put that back.
    """
    import platformdirs

    name = sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    state = platformdirs.user_state_path("thoracic-intake", appauthor=False)
    return [state / f"audit-head-{name}"]


def lies_with_records(file: Path) -> bool:
    """Return whether a file is there already, in a clinic's folder or its backups'."""
    file = file.resolve()
    folder = file.parent.parent if file.parent.name == _BACKUPS else file.parent
    return file.exists() and any((folder / name).exists() for name in _OF_A_CLINIC)


def make_folder(folder: Path) -> None:
    """Make a folder for its owner only; one that is there is left as it is."""
    try:
        folder.mkdir(mode=_OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise not_writable() from error


def make_private_file(path: Path) -> None:
    """Make an empty file for its owner only, or close one that is there to others.

    SQLite gives its side files the permissions of the main file.
    """
    make_folder(path.parent)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY_FILE))
        path.chmod(_OWNER_ONLY_FILE)
    except OSError as error:
        if path.is_file():
            raise UserFacingError(
                "database_read_only",
                "The records cannot be changed: their file is read-only.",
                "Make the file writable and start again; the records are untouched.",
            ) from error
        raise not_writable() from error


def not_writable() -> UserFacingError:
    """Return the error for a folder in which nothing can be written."""
    return UserFacingError(
        "folder_not_writable",
        "The folder for the records cannot be written.",
        "Check its permissions and the free space, then start again.",
    )
