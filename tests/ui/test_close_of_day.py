"""The page that closes the day: each line opened with Enter, no word of health."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from intake.call_backs import CallBack
from intake.close_of_day import Part, left_over
from intake.patient import Patient
from tests.ui.keyboard import press
from tests.ui.test_worklist import NASTY, entry
from tests.ui.visits import NOW, TODAY, StoppedClock
from ui.close_of_day import Beside, CloseOfDay

_BACKUP = Beside("Backup", "Last good backup: an hour ago.", leads_to_backups=True)
_CALL = CallBack("c", "gone", TODAY, NOW)


class Source:
    """What the page reads, to be changed under it."""

    def __init__(self) -> None:
        gone = entry("gone", "left_before_seen", call_back=_CALL)
        self.entries = [gone, entry("ann", "to_sign"), entry("bo")]
        self.beside = [_BACKUP]

    def read(self) -> tuple[Part, ...]:
        return left_over(self.entries, lambda _: "Emergency now.")


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def page(qtbot: QtBot, source: Source) -> CloseOfDay:
    page = CloseOfDay(source.read, lambda: source.beside, StoppedClock())
    qtbot.addWidget(page)
    page.resize(1300, 600)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.start()
    return page


def column(page: CloseOfDay, number: int) -> list[str]:
    items = [page.table.item(row, number) for row in range(page.table.rowCount())]
    return [item.text() if item is not None else "" for item in items]


def test_each_kind_is_named_once_and_the_backup_comes_last(page: CloseOfDay) -> None:
    kinds = ["Calls to make", "Not signed", "History not finished", "Backup"]
    assert column(page, 0) == kinds
    assert column(page, 1) == ["Gone", "Ann", "Bo", "Last good backup: an hour ago."]
    assert column(page, 4)[0] == (
        "to call, no phone recorded, due 2026-11-24. Emergency now."
    )
    assert not page.nothing.isVisible()


def test_a_second_of_a_kind_does_not_name_it_again(
    page: CloseOfDay, source: Source
) -> None:
    source.entries.append(entry("cy", "in_examination"))
    page.refresh()
    assert column(page, 0)[1:3] == ["Not signed", ""]


def test_every_line_opens_with_enter(qtbot: QtBot, page: CloseOfDay) -> None:
    for name in ("gone", "ann", "bo"):
        with qtbot.waitSignal(page.chosen) as told:
            press(Qt.Key.Key_Return)
        assert told.args[0].visit.id == name
        press(Qt.Key.Key_Down)
    with qtbot.waitSignal(page.backups_wanted):
        press(Qt.Key.Key_Return)


def test_what_leads_nowhere_opens_nothing(
    qtbot: QtBot, page: CloseOfDay, source: Source
) -> None:
    source.entries, source.beside = [], [replace(_BACKUP, leads_to_backups=False)]
    page.start()
    with qtbot.assertNotEmitted(page.backups_wanted):
        press(Qt.Key.Key_Return)


def test_when_a_line_is_done_the_keys_stay_on_the_next(
    page: CloseOfDay, source: Source
) -> None:
    press(Qt.Key.Key_Down)
    del source.entries[1]
    page.refresh()
    chosen = page.selected()
    assert chosen is not None
    assert chosen.visit.id == "bo"
    assert page.table.hasFocus()


def test_a_line_that_moved_stays_chosen(page: CloseOfDay, source: Source) -> None:
    press(Qt.Key.Key_Down)
    source.entries.insert(0, entry("new", "to_sign"))
    page.refresh()
    chosen = page.selected()
    assert chosen is not None
    assert chosen.visit.id == "ann"


def test_with_nothing_left_it_tells_of_work_and_not_of_health(
    page: CloseOfDay, source: Source
) -> None:
    source.entries = []
    page.start()
    assert page.nothing.isVisible()
    assert "signed or ended" in page.nothing.text()
    assert page.selected() is None


def test_visits_of_earlier_days_say_so(page: CloseOfDay, source: Source) -> None:
    old = entry("old", "to_sign")
    old = replace(old, visit=replace(old.visit, on=TODAY - timedelta(days=2)))
    source.entries = [old]
    page.refresh()
    assert column(page, 4)[0] == "visit of 2026-11-22, to sign"


def test_names_are_shown_as_they_are(page: CloseOfDay, source: Source) -> None:
    source.entries = [entry("x", patient=Patient("p", NASTY), responsible=NASTY)]
    page.refresh()
    assert column(page, 1)[0] == column(page, 3)[0] == NASTY


def test_forgetting_leaves_nobody(page: CloseOfDay) -> None:
    page.forget()
    assert page.table.rowCount() == 0
    assert page.selected() is None
