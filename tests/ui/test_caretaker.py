"""The records are looked after while people work, and what is wrong is said."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from intake.caretaking import CareState, KeptBackup
from intake.errors import UserFacingError
from intake.people import NotPermittedError, Person
from intake.ports import OpenRecords
from tests.ui.visits import NOW, StoppedClock
from ui import caretaker as caretaker_module
from ui.care_notice import CareNotice
from ui.caretaker import Caretaker
from ui.main_window import MainWindow

_ANN = Person("ann", "Ann Ash", frozenset({"owner"}))
_BOB = Person("bob", "Bob Birch", frozenset({"desk"}))


@dataclass
class Looked:
    """Records that remember who looked at them, and on which thread."""

    found: Sequence[str] = ()
    state: CareState = field(default_factory=CareState)
    error: UserFacingError | None = None
    away: UserFacingError | None = None
    rounds: int = 0
    at_once: bool = False
    threads: set[str] = field(default_factory=set)

    def faults(self, progress: Callable[[int, int], None]) -> Sequence[str]:
        self._note()
        if self.away is not None:
            raise self.away
        progress(1, 2)
        progress(2, 2)
        return self.found

    def caretaking(self) -> SimpleNamespace:
        def go_round(*, at_once: bool = False) -> CareState:
            self._note()
            self.at_once |= at_once
            self.rounds += 1
            if self.error is not None:
                raise self.error
            return self.state

        def choose_second_place(place: Path, by: str) -> CareState:
            self._note()
            self.state = replace(self.state, second_place=f"{place} by {by}")
            return self.state

        return SimpleNamespace(
            go_round=go_round, choose_second_place=choose_second_place
        )

    def _note(self) -> None:
        self.threads.add(threading.current_thread().name)


@dataclass
class Seen:
    """What a person sees."""

    window: MainWindow
    caretaker: Caretaker
    page: list[str]
    notice: CareNotice


def may(_records: OpenRecords, by: Person, use_case: str) -> None:
    """Refuse as the workflow does."""
    if not by.may(use_case):
        raise NotPermittedError(by, use_case)


@pytest.fixture
def seen(qtbot: QtBot) -> Seen:
    window = MainWindow(StoppedClock())
    qtbot.addWidget(window)
    caretaker = Caretaker(StoppedClock(), may, window)
    page: list[str] = []
    notice = CareNotice(window, caretaker, page.append, lambda: _ANN, StoppedClock())
    return Seen(window, caretaker, page, notice)


def begin(qtbot: QtBot, seen: Seen, records: Looked) -> None:
    """Sign somebody in and wait for the first round."""
    with qtbot.waitSignal(seen.caretaker.warned, timeout=5000):
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


def test_a_check_that_could_not_be_made_is_no_damage(qtbot: QtBot, seen: Seen) -> None:
    """A server that is away must not lead to a restore."""
    away = UserFacingError("server_unreachable", "The server is away.", "Look there.")
    records = Looked(away=away)
    begin(qtbot, seen, records)

    qtbot.waitUntil(lambda: records.rounds == 1)
    qtbot.waitUntil(lambda: "The check broke off: The server is away" in seen.page[-1])
    assert "damaged" not in seen.page[-1]
    assert seen.window.care.text() != "Records checked: sound"


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


def test_the_page_says_what_came_of_a_backup(qtbot: QtBot, seen: Seen) -> None:
    records = Looked()
    begin(qtbot, seen, records)
    seen.window.show_backups.emit()
    page = seen.notice.page
    assert page is not None
    page.now.click()
    qtbot.waitUntil(lambda: page.said.text() == "A backup is made and checked.")

    records.state = CareState(backup_problem="The disk is full.")
    page.now.click()
    qtbot.waitUntil(lambda: "The disk is full." in page.said.text())


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


def test_where_a_backup_takes_long_closing_makes_none(qtbot: QtBot, seen: Seen) -> None:
    records = Looked()
    begin(qtbot, seen, records)
    seen.caretaker._longest = 3.1
    seen.caretaker.finish()

    assert records.rounds == 1


def test_closing_before_anybody_was_in_does_nothing(seen: Seen, tmp_path: Path) -> None:
    seen.caretaker.finish()

    assert seen.page == []


def test_the_last_backup_is_told_once_it_is_known(qtbot: QtBot, seen: Seen) -> None:
    """Before the first round nobody knows: that is not said to be none."""
    assert seen.notice.last_backup() == "The backups are being looked at."
    made = KeptBackup("a", NOW - timedelta(hours=1), 1, "")
    begin(qtbot, seen, Looked(state=CareState([made])))
    qtbot.waitUntil(lambda: "Last good backup" in seen.notice.last_backup())
    assert "1 hour ago" in seen.notice.last_backup()


def test_the_page_lists_what_is_kept(qtbot: QtBot, seen: Seen) -> None:
    now = StoppedClock().now()
    kept = (
        KeptBackup("a", now - timedelta(hours=26), 1, "e", copied=True),
        KeptBackup("b", now - timedelta(hours=2), 2, "e"),
    )
    state = CareState(kept, rehearsed_at=now, second_place="/stick")
    begin(qtbot, seen, Looked(state=state))
    seen.window.show_backups.emit()
    page = seen.notice.page
    assert page is not None
    qtbot.waitUntil(lambda: page.list.count() == 2)
    lines = [page.list.item(row).text() for row in range(page.list.count())]

    assert [line.split(", ", 1)[1] for line in lines] == [
        "2 hours ago",
        "1 day ago, also in the second place",
    ]
    assert page.where.text() == "Second place: /stick"
    assert "just now: it was sound" in page.tried.text()


def test_the_owner_backs_up_at_once_and_names_the_second_place(
    qtbot: QtBot, seen: Seen
) -> None:
    records = Looked()
    begin(qtbot, seen, records)
    seen.window.show_backups.emit()
    page = seen.notice.page
    assert page is not None
    page.now.click()
    assert page.said.text() == "Backing up …"
    qtbot.waitUntil(lambda: page.said.text() == "A backup is made and checked.")
    assert records.at_once
    page.look.click()
    qtbot.waitUntil(lambda: "they are sound" in page.said.text())
    page.second_place_chosen.emit(Path("stick"))
    qtbot.waitUntil(lambda: page.where.text() == "Second place: stick by ann")


def test_the_desk_may_look_and_no_more(
    qtbot: QtBot, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the button is off is a courtesy; the rule holds without it."""
    monkeypatch.setattr(seen.notice, "_person", lambda: _BOB)
    records = Looked()
    begin(qtbot, seen, records)
    seen.window.show_backups.emit()
    page = seen.notice.page
    assert page is not None
    assert not page.now.isEnabled()
    assert not page.place.isEnabled()
    page.back_up.emit()
    qtbot.waitUntil(lambda: "nothing was done" in page.said.text())
    assert not records.at_once
