"""The head outside is read back, whatever a power cut left of the last write."""

import stat
from pathlib import Path

import pytest

from db.head_files import read_head, write_head
from intake.audit import Head
from intake.errors import UserFacingError


def head(count: int) -> Head:
    return Head(count, bytes([count]) * 32)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "head"


def test_the_last_head_is_read_back(file: Path) -> None:
    assert read_head(file) is None
    for count in (1, 2, 3, 5, 7, 8):
        write_head(file, head(count))
        assert read_head(file) == head(count)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_write_that_was_cut_off_leaves_the_head_before(file: Path) -> None:
    for count in (1, 2, 3):
        write_head(file, head(count))
    whole = file.read_bytes()
    write_head(file, head(4))
    after = file.read_bytes()

    for at in range(len(whole) + 1):
        file.write_bytes(after[:at] + whole[at:])
        assert read_head(file) in (head(3), head(4))


def test_what_is_no_head_is_none(file: Path) -> None:
    file.parent.mkdir()
    for content in (b"", b"\n\n", b"\xff" * 300, b"7 00", b"7 00 0", b"x y z\n7 z 0"):
        file.write_bytes(content)
        assert read_head(file) is None


@pytest.mark.parametrize("count", [4, 5])
def test_a_file_that_was_spoilt_takes_the_next_head(file: Path, count: int) -> None:
    file.parent.mkdir()
    file.write_bytes(b"{spoilt")
    write_head(file, head(count))

    assert read_head(file) == head(count)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError) as refused:
        write_head(tmp_path, head(1))
    assert refused.value.code == "folder_not_writable"
