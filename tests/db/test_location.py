"""Where the records lie, and that nobody but their owner may read them."""

import os
import stat
from pathlib import Path

import platformdirs
import pytest

from db.location import data_folder, make_folder, make_private_file
from db.store import open_store
from intake.errors import UserFacingError
from tests.db.made_up import KEY, patient

_PLAIN_UMASK = 0o022


def mode(path: Path) -> int:
    """Return the permissions of a file or folder."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def open_umask() -> object:
    """Let new files be readable by everybody, unless something prevents it."""
    before = os.umask(_PLAIN_UMASK)
    yield
    os.umask(before)


def test_the_data_folder_is_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_data_path", lambda app, **_: tmp_path / app)
    folder = data_folder()
    assert folder == tmp_path / "thoracic-intake"
    folder.chmod(0o755)
    assert mode(data_folder()) == mode(folder) == _closed(folder, 0o700)


def test_a_folder_that_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    """Somebody may name a folder that others use for other things."""
    tmp_path.chmod(0o755)
    make_folder(tmp_path)
    assert mode(tmp_path) == 0o755


def test_every_file_of_the_records_is_its_owners_only(file: Path) -> None:
    """The write-ahead log holds the newest answers in plain text."""
    store = open_store(file, KEY)
    store.register(patient())
    found = {path.name: mode(path) for path in file.parent.iterdir()}
    store.close()
    assert found.keys() >= {"clinic.db", "clinic.db-wal", "clinic.db-shm"}
    assert set(found.values()) == {_closed(file, 0o600)}


def test_a_file_open_to_others_is_closed_to_them(file: Path) -> None:
    open_store(file, KEY).close()
    file.chmod(0o644)
    open_store(file, KEY).close()
    assert mode(file) == _closed(file, 0o600)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file in the way stops root too, which permissions do not."""
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(UserFacingError) as refused:
        open_store(tmp_path / "taken" / "records" / "clinic.db", KEY)
    assert refused.value.code == "folder_not_writable"


def test_a_folder_that_cannot_be_closed_to_others_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_data_path", lambda app, **_: tmp_path / app)
    monkeypatch.setattr(Path, "chmod", _refuse)
    with pytest.raises(UserFacingError) as refused:
        data_folder()
    assert refused.value.code == "folder_not_writable"


@pytest.mark.parametrize(
    ("is_there", "code"),
    [(True, "database_read_only"), (False, "folder_not_writable")],
)
def test_a_read_only_file_is_told_apart_from_a_read_only_folder(
    file: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool, code: str
) -> None:
    if is_there:
        file.touch()
    monkeypatch.setattr(os, "open", _refuse)
    with pytest.raises(UserFacingError) as refused:
        make_private_file(file)
    assert refused.value.code == code


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError


def _closed(path: Path, permissions: int) -> int:
    """Return the permissions to expect; Windows knows no others than the owner's."""
    return permissions if os.name == "posix" else mode(path)
