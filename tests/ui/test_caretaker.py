"""The records are looked after while people work, and what is wrong is said."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from pytestqt.qtbot import QtBot

from intake.caretaking import CareState
from intake.errors import UserFacingError
from tests.ui.visits import StoppedClock
from ui import caretaker as caretaker_module
from ui.care_notice import CareNotice
from ui.caretaker import Caretaker
from ui.main_window import MainWindow

if TYPE_CHECKING:
    from intake.ports import OpenRecords


@dataclass
class Looked:
    """Records that remember who looked at them, and on which thread."""

    found: Sequence[str] = ()
    state: CareState = field(default_factory=CareState)
    error: UserFacingError | None = None
    rounds: int = 0
    threads: set[str] = field(default_factory=set)

    def faults(self, progress: Callable[[int, int], None]) -> Sequence[str]:
        self._note()
        progress(1, 2)
        progress(2, 2)
        return self.found

    def caretaking(self) -> SimpleNamespace:
        def go_round() -> CareState:
            self._note()
            self.rounds += 1
            if self.error is not None:
                raise self.error
            return self.state

        return SimpleNamespace(go_round=go_round)

    def _note(self) -> None:
        self.threads.add(threading.current_thread().name)


@dataclass
class Seen:
    """What a person sees."""

    window: MainWindow
    caretaker: Caretaker
    page: list[str]


@pytest.fixture
def seen(qtbot: QtBot) -> Seen:
    window = MainWindow(StoppedClock())
    qtbot.addWidget(window)
    caretaker = Caretaker(StoppedClock(), window)
    page: list[str] = []
    CareNotice(window, caretaker, page.append)
    return Seen(window, caretaker, page)


def begin(qtbot: QtBot, seen: Seen, records: Looked) -> None:
    """Sign somebody in and wait for the first round."""
    with qtbot.waitSignal(seen.caretaker.went_round, timeout=5000):
        seen.caretaker.begin(cast("OpenRecords", records))
    qtbot.waitUntil(lambda: bool(seen.page))


def test_after_sign_in_the_file_is_checked_and_a_round_made(
    qtbot: QtBot, seen: Seen
) -> None:
    records = Looked()
    begin(qtbot, seen, records)

    assert seen.window.care.text() == "Records checked: sound"
    assert seen.page == [""]
    assert records.rounds == 1
    assert records.threads == {"caretaker"}


def test_who_takes_over_starts_nothing_anew(qtbot: QtBot, seen: Seen) -> None:
    records = Looked()
    begin(qtbot, seen, records)
    seen.caretaker.begin(cast("OpenRecords", records))
    with qtbot.waitSignal(seen.caretaker.went_round):
        seen.caretaker.go_round()

    assert records.rounds == 2


def test_damage_is_said_with_what_to_do(qtbot: QtBot, seen: Seen) -> None:
    begin(qtbot, seen, Looked(found=["1 pages are not as they were written."]))

    assert "1 warning about the records" in seen.window.care.text()
    (words,) = seen.page
    assert "1 pages are not as they were written." in words
    assert "restore a backup" in words


def test_what_is_wrong_with_backups_is_said_and_goes_away(
    qtbot: QtBot, seen: Seen
) -> None:
    records = Looked(state=CareState(backup_problem="The disk is full."))
    begin(qtbot, seen, records)
    assert "The disk is full." in seen.page[-1]

    records.state = CareState()
    seen.caretaker.go_round()
    qtbot.waitUntil(lambda: seen.page[-1] == "")
    assert seen.window.care.text() == "Records checked: sound"


def test_records_that_cannot_be_looked_after_are_said(qtbot: QtBot, seen: Seen) -> None:
    error = UserFacingError("database_locked", "Another program.", "Close it.")
    begin(qtbot, seen, Looked(error=error))

    assert "Another program. Close it." in seen.page[-1]


def test_closing_makes_one_more_round_and_then_none(qtbot: QtBot, seen: Seen) -> None:
    records = Looked()
    begin(qtbot, seen, records)
    seen.caretaker.finish()
    seen.caretaker.go_round()
    qtbot.wait(50)

    assert records.rounds == 2


def test_closing_does_not_wait_for_ever(
    qtbot: QtBot, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caretaker_module, "_CLOSING_SECONDS", 0.05)
    records = Looked()
    begin(qtbot, seen, records)
    with seen.caretaker._working:
        seen.caretaker.finish()

    assert records.rounds == 1


def test_closing_before_anybody_was_in_does_nothing(seen: Seen, tmp_path: Path) -> None:
    seen.caretaker.finish()

    assert seen.page == []
