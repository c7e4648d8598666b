"""While SQLite has the WAL-reset bug, one program holds the records alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from db import one_program
from db.one_program import has_reset_bug, hold
from db.store import open_store
from intake.errors import UserFacingError
from tests.db.made_up import patient

_HOLD_AND_WAIT = """
import sys
from pathlib import Path
from db.one_program import hold
let_go = hold(Path(sys.argv[1]), (3, 40, 1))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_the_bug_is_known_by_version(
    version: tuple[int, int, int], expected: bool
) -> None:
    assert has_reset_bug(version) is expected


def test_a_second_hold_is_refused(file: Path) -> None:
    let_go = hold(file, (3, 40, 1))
    with pytest.raises(UserFacingError, match="another window") as refused:
        hold(file, (3, 40, 1))
    assert refused.value.code == "database_locked"
    let_go()
    hold(file, (3, 40, 1))()


def test_with_a_sound_sqlite_programs_may_share(file: Path) -> None:
    hold(file, (3, 53, 0))
    hold(file, (3, 53, 0))
    assert not list(file.parent.iterdir())


def test_a_hold_ends_with_its_program_however_that_ends(file: Path) -> None:
    """After a crash nobody should have to delete a lock file."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD_AND_WAIT, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(UserFacingError):
            hold(file, (3, 40, 1))
        other.kill()
    hold(file, (3, 40, 1))()


def test_an_opened_store_can_be_closed_and_opened_again(file: Path) -> None:
    store = open_store(file)
    store.register(patient())
    store.close()
    again = open_store(file)
    assert again.patient("p1") == patient()
    again.close()


def test_a_store_holds_its_records(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_program, "has_reset_bug", lambda _: True)
    store = open_store(file)
    with pytest.raises(UserFacingError, match="another window"):
        open_store(file)
    store.close()


def test_a_store_that_could_not_be_opened_holds_nothing(file: Path) -> None:
    file.write_text("no database", encoding="ascii")
    with pytest.raises(UserFacingError):
        open_store(file)
    file.unlink()
    open_store(file).close()
