"""A backup is whole, opens elsewhere with its own keys, and damage to it shows."""

import errno
import random
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db import backup, backup_file
from db.store import Store, open_store
from intake.errors import UserFacingError
from tests.db.made_up import KEY, change, patient, visit

_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
_KEYS = b'{"format": 1}'


@pytest.fixture
def taken(file_store: Store, file: Path, tmp_path: Path) -> Path:
    """Return a backup of records that are in use."""
    file_store.record("v1", 0, [change("pain.now", 7)])
    target = tmp_path / "backups" / "one.backup"
    backup.take(file, KEY, _KEYS, target, _AT)
    return target


def test_it_holds_everything_and_says_when(taken: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new computer"
    header = backup.put_back(taken, folder, "before-x")

    assert header.at == _AT
    assert (folder / "clinic.keys").read_bytes() == _KEYS
    restored = open_store(folder / "clinic.db", KEY)
    assert restored.patient("p1") == patient()
    assert restored.visit("v1").answers.as_dict() == {"pain.now": 7}
    restored.close()


def test_it_leaves_nothing_else_behind(taken: Path) -> None:
    assert [path.name for path in taken.parent.iterdir()] == ["one.backup"]


def test_its_name_is_on_the_disk_before_it_counts(
    taken: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without that a power cut takes the whole backup away, however well written."""
    synced: list[tuple[Path, bool]] = []
    target = taken.with_name("two.backup")
    monkeypatch.setattr(
        backup_file,
        "sync_folder",
        lambda folder: synced.append((folder, target.exists())),
    )
    backup.take(file, KEY, _KEYS, target, _AT)
    assert synced == [(taken.parent, True)]


def test_it_holds_nothing_in_the_clear(taken: Path) -> None:
    content = taken.read_bytes()

    assert b"Jane" not in content
    assert b"SQLite format" not in content


def test_what_was_only_in_the_log_is_put_aside_with_it(
    taken: Path, file_store: Store, file: Path, tmp_path: Path
) -> None:
    """A program that was killed leaves its last saves there."""
    file_store.record("v1", 1, [change("pain.now", 2, 7, second=9)])
    killed = tmp_path / "killed"
    killed.mkdir()
    for end in ("", "-wal"):
        shutil.copy(f"{file}{end}", killed)
    backup.put_back(taken, killed, "before")

    old = open_store(killed / "clinic.db-before", KEY)
    assert old.visit("v1").answers["pain.now"] == 2
    old.close()


def test_two_restores_in_one_second_lose_nothing(
    taken: Path, file_store: Store, file: Path
) -> None:
    file_store.record("v1", 1, [change("pain.now", 2, 7, second=9)])
    file_store.close()
    for _ in range(3):
        backup.put_back(taken, file.parent, "before")

    old = open_store(file.with_name("clinic.db-before"), KEY)
    assert old.visit("v1").answers["pain.now"] == 2
    old.close()
    names = {path.name for path in file.parent.glob("clinic.db-*")}
    assert names == {"clinic.db-before", "clinic.db-before-2", "clinic.db-before-3"}


def test_a_backup_takes_the_place_of_backups_alone(
    taken: Path, file_store: Store, file: Path, tmp_path: Path
) -> None:
    """A hurried hand names the records themselves."""
    letter, before = tmp_path / "letter.pdf", file.read_bytes()
    letter.write_bytes(b"%PDF")
    for target in (file, letter, tmp_path):
        with pytest.raises(UserFacingError) as refused:
            backup.take(file, KEY, _KEYS, target, _AT)
        assert refused.value.code == "backup_in_the_way"
    assert file.read_bytes() == before
    assert letter.read_bytes() == b"%PDF"
    backup.take(file, KEY, _KEYS, taken, _AT)


def test_what_was_there_is_put_aside_not_lost(
    taken: Path, file_store: Store, file: Path
) -> None:
    file_store.record("v1", 1, [change("pain.now", 2, 7, second=9)])
    file_store.close()
    backup.put_back(taken, file.parent, "before")

    now = open_store(file, KEY)
    assert now.visit("v1").answers["pain.now"] == 7
    now.close()
    old = open_store(file.with_name("clinic.db-before"), KEY)
    assert old.visit("v1").answers["pain.now"] == 2
    old.close()


def test_a_rehearsal_finds_a_sound_backup_sound(taken: Path) -> None:
    assert backup.rehearse(taken, KEY) == []


def test_a_rehearsal_with_another_key_is_told(taken: Path) -> None:
    assert backup.rehearse(taken, b"x" * 32)


@pytest.mark.parametrize("seed", range(40))
def test_a_flipped_bit_anywhere_shows_without_a_key(taken: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(taken.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    taken.write_bytes(content)

    with pytest.raises(UserFacingError) as refused:
        backup_file.read_header(taken)
    assert refused.value.code == "backup_damaged"


@pytest.mark.parametrize("left", [0, 10, 31, 32, 100, -1, -4096])
def test_a_cut_off_backup_shows_and_changes_nothing(
    taken: Path, tmp_path: Path, left: int
) -> None:
    taken.write_bytes(taken.read_bytes()[:left])
    folder = tmp_path / "new computer"

    with pytest.raises(UserFacingError) as refused:
        backup.put_back(taken, folder, "before-x")
    assert refused.value.code == "backup_damaged"
    assert list(folder.iterdir()) == []


def test_a_damaged_file_gives_no_backup(file_store: Store, file: Path) -> None:
    file_store.record("v1", 0, [change(f"q{n}", "x" * 500) for n in range(100)])
    file_store.close()
    content = bytearray(file.read_bytes())
    content[-5000] ^= 1
    file.write_bytes(content)
    target = file.parent / "b" / "two.backup"

    with pytest.raises(UserFacingError):
        backup.take(file, KEY, _KEYS, target, _AT)
    assert not target.exists()


def test_a_place_that_cannot_be_written_is_told(
    taken: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(backup, "TemporaryDirectory", full)
    with pytest.raises(UserFacingError) as refused:
        backup.take(file, KEY, _KEYS, taken, _AT)
    assert refused.value.code == "folder_not_writable"


def test_no_page_can_be_damaged_and_end_in_a_backup(
    file_store: Store, file: Path
) -> None:
    """An altered page is read as zeros; sealed anew in a copy it would look sound."""
    file_store.register(patient("p2", address="A" * 20_000))
    file_store.close()
    content = file.read_bytes()
    target = file.parent / "b" / "two.backup"
    for start in range(0, len(content), 4096):
        spoiled = bytearray(content)
        spoiled[start + 50] ^= 1
        file.write_bytes(spoiled)
        with pytest.raises(UserFacingError):
            backup.take(file, KEY, _KEYS, target, _AT)
        assert not target.exists(), start


def test_backups_taken_while_somebody_writes_are_whole(
    file_store: Store, file: Path, tmp_path: Path
) -> None:
    """Each is a state that was committed, and never an older one than the last."""
    done = threading.Event()

    def write() -> None:
        revision = 0
        while not done.is_set():
            one = change("pain.now", revision % 11, second=revision)
            revision = file_store.record("v1", revision, [one]).revision

    writer = threading.Thread(target=write)
    writer.start()
    seen = []
    try:
        for number in range(20):
            target = tmp_path / "b" / f"{number}.backup"
            backup.take(file, KEY, _KEYS, target, _AT)
            folder = tmp_path / f"n{number}"
            backup.put_back(target, folder, "before-x")
            copy = open_store(folder / "clinic.db", KEY)
            stored = copy.visit("v1")
            assert stored.revision == len(copy.changes_of("v1"))
            seen.append(stored.revision)
            copy.close()
    finally:
        done.set()
        writer.join()
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]


def test_an_earlier_backup_survives_one_that_fails(
    taken: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = taken.read_bytes()
    monkeypatch.setattr(backup, "faults_of", lambda *_: iter(["damage"]))

    with pytest.raises(UserFacingError) as refused:
        backup.take(file, KEY, _KEYS, taken, _AT)
    assert refused.value.code == "backup_unsound"
    assert taken.read_bytes() == before


def test_a_page_torn_in_the_file_and_whole_in_its_log_is_no_fault(
    file_store: Store, file: Path
) -> None:
    """So it is after a power cut while the log was brought in."""
    file_store.record("v1", 0, [change(f"q{n}", "x" * 500) for n in range(20)])
    copy = file.with_name("copy.db")
    for ending in ("", "-wal"):
        shutil.copy(f"{file}{ending}", f"{copy}{ending}")
    content = bytearray(copy.read_bytes())
    content[100] ^= 1
    copy.write_bytes(content)
    assert list(backup.faults_of(copy, KEY)) == []


def test_a_visit_that_lost_its_changes_is_a_fault(
    file_store: Store, file: Path
) -> None:
    """A page check cannot know what belongs together."""
    file_store.open_visit(visit("v2", revision=3))
    file_store.close()

    assert list(backup.faults_of(file, KEY)) == ["1 visits without their changes."]
