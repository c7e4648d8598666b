"""A document on disk is whole, or it is not there."""

import errno
import os
from pathlib import Path

import pytest

from intake.errors import UserFacingError
from reports.files import write_atomically


def test_a_document_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"

    write_atomically(path, b"%PDF all of it")

    assert path.read_bytes() == b"%PDF all of it"
    assert [p.name for p in tmp_path.iterdir()] == ["letter.pdf"]


def test_a_system_that_takes_little_at_a_time_gets_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short write is no error to the system, but half a letter to a reader."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:3]))

    write_atomically(tmp_path / "letter.pdf", b"0123456789")

    assert (tmp_path / "letter.pdf").read_bytes() == b"0123456789"


@pytest.mark.parametrize("where", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_no_file(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may fill up while writing, while forcing it out, or at the very end."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    target = Path if where == "replace" else os
    monkeypatch.setattr(target, where, fail)

    with pytest.raises(UserFacingError) as raised:
        write_atomically(tmp_path / "letter.pdf", b"%PDF")

    assert raised.value.code == "export_failed"
    assert raised.value.exit_code == 3
    assert "No space left" in raised.value.text
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_an_old_document_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF yesterday")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", fail)
    with pytest.raises(UserFacingError):
        write_atomically(path, b"%PDF today")

    assert path.read_bytes() == b"%PDF yesterday"
    assert [p.name for p in tmp_path.iterdir()] == ["letter.pdf"]


def test_a_missing_folder_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError) as raised:
        write_atomically(tmp_path / "gone" / "letter.pdf", b"%PDF")

    assert raised.value.code == "export_failed"
    assert "No such file" in raised.value.text


def test_a_replaced_document_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"old")
    path.chmod(0o640)

    write_atomically(path, b"new")

    assert path.stat().st_mode & 0o777 == 0o640


def test_a_device_is_not_replaced_by_a_document(tmp_path: Path) -> None:
    """As root, taking its name would destroy it for the whole computer."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(UserFacingError) as raised:
        write_atomically(pipe, b"%PDF")

    assert raised.value.code == "export_failed"
    assert pipe.is_fifo()
    assert [p.name for p in tmp_path.iterdir()] == ["pipe"]


def test_a_link_to_a_document_stays_a_link(tmp_path: Path) -> None:
    """Somebody keeps letters elsewhere and links to them."""
    real = tmp_path / "real.pdf"
    real.write_bytes(b"old")
    link = tmp_path / "link.pdf"
    link.symlink_to(real)

    write_atomically(link, b"new")

    assert link.is_symlink()
    assert real.read_bytes() == b"new"
