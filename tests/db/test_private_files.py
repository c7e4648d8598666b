"""A small file is replaced whole, and so that a power cut does not undo it."""

import errno
import os
from pathlib import Path

import pytest

from db.private_files import sync_folder, write_private
from intake.errors import UserFacingError


def test_the_content_is_replaced_and_nothing_else_left(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    write_private(file, b"old")
    write_private(file, b"new")
    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


def test_where_it_cannot_be_written_the_old_one_stays(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    write_private(file, b"old")
    (tmp_path / "keys.part").mkdir()
    with pytest.raises(UserFacingError) as told:
        write_private(file, b"new")
    assert told.value.code == "folder_not_writable"
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize(("number", "matters"), [(errno.EINVAL, 0), (errno.EIO, 1)])
def test_only_a_disk_without_such_a_call_may_leave_a_name_unsynced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, matters: int
) -> None:
    def failing(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", failing)
    told = 0
    try:
        sync_folder(tmp_path)
    except OSError:
        told = 1
    assert told == matters
