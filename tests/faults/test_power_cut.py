"""What was told is on the disk when the power goes, whenever that is."""

import random
from pathlib import Path

from tests.faults import power_cut
from tests.faults.disk import Disk
from tests.faults.disk_log import Call

_CUTS = 100


def test_a_power_cut_takes_nothing_that_was_told(tmp_path: Path) -> None:
    """With its control: the same without syncs has to lose."""
    report = power_cut.run(tmp_path, _CUTS, random.Random(1))
    assert report.faults == []
    assert report.controls == {"synchronous=OFF": True}


def _after(calls: list[Call], tmp_path: Path) -> set[tuple[tuple[str, bytes], ...]]:
    """Return every state of the disk that a hundred cuts leave."""
    before, seen = tmp_path / "before", tmp_path / "seen"
    before.mkdir(exist_ok=True)
    disk, chance, found = Disk(before, seen), random.Random(1), set()
    for call in calls:
        disk.follow(call)
    for number in range(100):
        image = tmp_path / f"image{number}"
        image.mkdir()
        disk.cut(chance, image)
        files = (path for path in image.rglob("*") if path.is_file())
        left = sorted((path.name, path.read_bytes()) for path in files)
        found.add(tuple(left))
    return found


def _calls(tmp_path: Path, *steps: tuple[str, int, bytes]) -> list[Call]:
    folder = str((tmp_path / "seen").resolve()).encode()
    named = {"o", "D", "u", "r"}
    return [
        Call(
            kind,  # type: ignore[arg-type]  # letters of Kind, spelt below
            fd,
            0,
            data.replace(b"@", folder) if kind in named else data,
        )
        for kind, fd, data in steps
    ]


def test_a_file_whose_folder_was_not_synced_may_be_gone(tmp_path: Path) -> None:
    steps = _calls(tmp_path, ("o", 3, b"@/new"), ("w", 3, b"word"), ("s", 3, b""))
    assert _after(steps, tmp_path) == {(), (("new", b"word"),)}


def test_what_was_synced_with_its_folder_is_there(tmp_path: Path) -> None:
    steps = _calls(
        tmp_path,
        *(("o", 3, b"@/new"), ("w", 3, b"word"), ("s", 3, b"")),
        *(("D", 4, b"@"), ("s", 4, b"")),
    )
    assert _after(steps, tmp_path) == {(("new", b"word"),)}


def test_a_write_that_was_not_synced_may_be_torn_at_a_sector(tmp_path: Path) -> None:
    steps = _calls(
        tmp_path,
        *(("o", 3, b"@/new"), ("D", 4, b"@"), ("s", 4, b"")),
        ("w", 3, b"a" * 512 + b"b" * 512),
    )
    assert _after(steps, tmp_path) == {
        (("new", content),)
        for content in (
            b"",
            b"a" * 512,
            b"a" * 512 + b"b" * 512,
            bytes(512) + b"b" * 512,
        )
    }


def test_a_file_may_have_its_old_or_its_new_name(tmp_path: Path) -> None:
    steps = _calls(
        tmp_path,
        *(("o", 3, b"@/old"), ("w", 3, b"word"), ("s", 3, b"")),
        *(("D", 4, b"@"), ("s", 4, b""), ("r", -1, b"@/old\0@/new")),
    )
    assert _after(steps, tmp_path) == {(("old", b"word"),), (("new", b"word"),)}
