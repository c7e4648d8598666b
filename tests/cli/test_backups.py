"""Backups from the command line: kept by themselves, listed, copied, put back."""

from pathlib import Path

import pytest

from tests.cli.test_records import Run, case, clinic, run
from tests.db.test_plain_records import leave_plain_records

__all__ = ["case", "clinic", "run"]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_one_is_kept_copied_and_listed(
    run: Run, clinic: str, case: str, stick: Path
) -> None:
    assert run("backups").out == ""
    assert run("backups", "--second-place", str(stick)).code == 0
    run("record", case)
    assert run("backup", "--kept").code == 0
    assert run("backup", "--kept").code == 0

    rows = [line.split("\t") for line in run("backups").out.splitlines()]
    assert [row[2:] for row in rows] == [
        ["just now", "sound", "kept"],
        ["just now", "not checked", "kept"],
    ]
    assert {row[0] for row in rows} == {p.name for p in stick.glob("*.backup")}


def test_the_newest_sound_one_is_put_back(
    run: Run, clinic: str, case: str, tmp_path: Path
) -> None:
    run("record", case)
    run("backup", "--kept")
    run("record", case)
    assert len(run("list").out.splitlines()) == 2
    said = run("restore", "--newest")

    assert said.code == 0
    assert "Restored: " in said.err
    assert len(run("list").out.splitlines()) == 1
    assert run("audit", "verify").code == 0


def test_without_a_backup_there_is_nothing_to_put_back(run: Run, clinic: str) -> None:
    said = run("restore", "--newest")

    assert said.code == 3
    assert "no sound backup" in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("backup",),
        ("backup", "x.backup", "--kept"),
        ("restore",),
        ("restore", "x.backup", "--newest"),
    ],
)
def test_a_file_or_the_option_and_not_both(
    run: Run, clinic: str, arguments: tuple[str, ...]
) -> None:
    assert run(*arguments).code == 2


def test_a_second_place_that_is_gone_is_told(
    run: Run, clinic: str, tmp_path: Path
) -> None:
    said = run("backups", "--second-place", str(tmp_path / "gone"))

    assert said.code == 3
    assert "The folder is not there." in said.err
    assert run("backups", "--no-second-place").code == 0


def test_a_synchronized_folder_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".stfolder").mkdir()
    said = run("setup", "--clinic", "Spine & Co", "--person", "Ann Ash")

    assert said.code == 3
    assert "Syncthing synchronizes it" in said.err


def test_records_of_an_earlier_version_are_taken_over_or_left(
    run: Run, tmp_path: Path
) -> None:
    leave_plain_records(tmp_path / "clinic")
    setup = ("setup", "--clinic", "Spine & Co", "--person", "Ann Ash")
    said = run(*setup)
    assert said.code == 2
    assert "--leave-old" in said.err
    assert run(*setup, "--take-over").code == 0

    assert "García López" in run("list").out
    assert run("check").code == 0
