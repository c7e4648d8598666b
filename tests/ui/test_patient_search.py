"""Finding somebody at the desk, by keyboard."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from intake.errors import UserFacingError
from intake.patient import Patient
from intake.visit import Visit
from tests.ui.fakes import MemoryStore
from tests.ui.keyboard import press, type_keys
from tests.ui.visits import NOW, TODAY, StoppedClock
from ui.patient_search import PatientSearch
from ui.patient_table import PatientTable

MORENO = Patient("m", "Moreno", "Ana", birth_date="1958-03-04", sex_at_birth="female")
MORRIS = Patient(
    "r", "Morris", "Joe", birth_date="1990", phone="555-0101", chart_number="A-7"
)
NASTY = "<script>alert(1)</script><b>x"


class SlowStore(MemoryStore):
    """Waits, where it is asked to, until somebody lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_for: list[str] = []
        self.goes_on = threading.Event()
        self.goes_on.set()

    def find_patients(self, text: str, limit: int = 50) -> Sequence[Patient]:
        self.asked_for.append(text)
        self.goes_on.wait(5)
        self._check()
        return super().find_patients(text, limit)


@pytest.fixture
def store() -> Iterator[SlowStore]:
    """Return records with two patients, one of whom was here yesterday."""
    slow = SlowStore()
    slow.register(MORENO)
    slow.register(MORRIS)
    yesterday = TODAY - timedelta(days=1)
    slow.open_visit(Visit("v", MORENO.id, yesterday, NOW, "p", "1", "d"))
    yield slow
    slow.goes_on.set()


@pytest.fixture
def search(qtbot: QtBot, store: SlowStore) -> Iterator[PatientSearch]:
    """Return the field and the list, with the keys in the field."""
    widget = PatientSearch(lambda: store, StoppedClock())
    qtbot.addWidget(widget)
    widget.resize(1000, 500)
    widget.show()
    widget.activateWindow()
    widget.field.setFocus()
    qtbot.waitUntil(widget.field.hasFocus)
    yield widget
    store.goes_on.set()
    widget.looking.end()


def rows(table: PatientTable) -> list[list[str]]:
    """Return what stands in the list."""
    return [
        [
            item.text() if (item := table.item(row, column)) is not None else ""
            for column in range(table.columnCount())
        ]
        for row in range(table.rowCount())
    ]


def chosen(search: PatientSearch) -> list[Patient]:
    """Return a list that fills with who is opened."""
    opened: list[Patient] = []
    search.chosen.connect(opened.append)
    return opened


def shows(search: PatientSearch, *ids: str) -> Callable[[], bool]:
    """Return whether these are in the list, in order."""
    return lambda: [one.id for one in search._found] == list(ids)


def test_the_list_follows_every_key_and_tells_people_apart(
    qtbot: QtBot, search: PatientSearch
) -> None:
    type_keys("mor")
    qtbot.waitUntil(shows(search, "m", "r"))

    assert rows(search.table) == [
        ["Moreno, Ana", "1958-03-04 (68 years)", "female", "", "", "yesterday"],
        ["Morris, Joe", "1990 (35 to 36 years)", "", "A-7", "555-0101", "never"],
    ]
    assert search.title.text().startswith("2 patients fit. Enter opens")
    type_keys("r")
    qtbot.waitUntil(shows(search, "r"))


def test_enter_opens_who_is_marked(qtbot: QtBot, search: PatientSearch) -> None:
    opened = chosen(search)
    type_keys("mor")
    qtbot.waitUntil(shows(search, "m", "r"))
    type_keys("\n")
    assert opened == [MORENO]

    press(Qt.Key.Key_Down)
    assert search.table.hasFocus()
    type_keys("\n")
    assert opened == [MORENO, MORRIS]


def test_up_leads_back_and_letters_go_on_in_the_field(
    qtbot: QtBot, search: PatientSearch
) -> None:
    type_keys("mor")
    qtbot.waitUntil(shows(search, "m", "r"))
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Up)
    assert search.field.hasFocus()

    press(Qt.Key.Key_Down)
    type_keys("e")
    assert search.field.hasFocus()
    assert search.field.text() == "more"
    qtbot.waitUntil(shows(search, "m"))


def test_only_the_newest_question_counts(
    qtbot: QtBot, search: PatientSearch, store: SlowStore
) -> None:
    """What was typed on the way is not even asked while the records are slow."""
    store.goes_on.clear()
    type_keys("m")
    qtbot.waitUntil(lambda: store.asked_for == ["m"])
    type_keys("orr")
    store.goes_on.set()
    qtbot.waitUntil(shows(search, "r"))

    assert store.asked_for == ["m", "morr"]


def test_enter_opens_nobody_unseen_unless_nobody_else_fits(
    qtbot: QtBot, search: PatientSearch, store: SlowStore
) -> None:
    """Fast fingers must not open the wrong patient."""
    opened = chosen(search)
    store.goes_on.clear()
    type_keys("mor\n")
    store.goes_on.set()
    qtbot.waitUntil(shows(search, "m", "r"))
    assert opened == []

    store.goes_on.clear()
    type_keys("r\n")
    assert opened == []
    store.goes_on.set()
    qtbot.waitUntil(lambda: opened == [MORRIS])


def test_a_list_of_what_was_typed_before_opens_nobody(
    qtbot: QtBot, search: PatientSearch, store: SlowStore
) -> None:
    opened = chosen(search)
    type_keys("mor")
    qtbot.waitUntil(shows(search, "m", "r"))
    store.goes_on.clear()
    type_keys("r")
    search.table.opened.emit(0)
    assert opened == []


def test_who_is_marked_stays_so_when_the_records_change(
    qtbot: QtBot, search: PatientSearch, store: SlowStore
) -> None:
    type_keys("mor")
    qtbot.waitUntil(shows(search, "m", "r"))
    press(Qt.Key.Key_Down)
    store.patients = {"new": Patient("new", "Morin"), **store.patients}
    search.look_again()
    qtbot.waitUntil(shows(search, "new", "m", "r"))

    assert search.marked() == MORRIS


def test_both_readings_of_a_date_are_said(qtbot: QtBot, search: PatientSearch) -> None:
    type_keys("ana 03/04/1958")
    qtbot.waitUntil(lambda: not search.looking.is_open)
    assert search.read_as.text() == (
        "03/04/1958 is looked for as March 4, 1958 and as April 3, 1958."
    )
    search.field.setText("ana 13/04/1958")
    qtbot.waitUntil(lambda: not search.looking.is_open)
    assert search.read_as.isHidden()


def test_where_nobody_fits_it_says_what_to_do(
    qtbot: QtBot, search: PatientSearch
) -> None:
    type_keys("zz")
    qtbot.waitUntil(lambda: bool(search.why_none))
    assert "Nobody fits" in search.why_none
    assert "Ctrl+N" in search.why_none
    assert search.table.isHidden()


def test_why_nothing_can_be_read_is_said_in_its_place(
    qtbot: QtBot, search: PatientSearch, store: SlowStore
) -> None:
    store.failing = UserFacingError("busy", "The records are busy.", "Wait a moment.")
    type_keys("mor")
    qtbot.waitUntil(lambda: bool(search.why_none))
    assert search.why_none == "The records are busy. Wait a moment."

    store.failing = None
    type_keys("r")
    qtbot.waitUntil(shows(search, "r"))
    assert search.why_none == ""


def test_of_shut_records_nothing_is_asked(qtbot: QtBot) -> None:
    shut = PatientSearch(lambda: None, StoppedClock())
    qtbot.addWidget(shut)
    shut.field.setText("mor")
    assert shut.why_none == "The records are not open yet."
    assert not shut.looking.is_open


def test_what_is_forgotten_is_found_no_more(
    qtbot: QtBot, search: PatientSearch, store: SlowStore
) -> None:
    """Somebody locks while an answer is on its way."""
    store.goes_on.clear()
    type_keys("mor")
    qtbot.waitUntil(lambda: bool(store.asked_for))
    search.forget()
    store.goes_on.set()
    search.looking.end()
    qtbot.wait(1)

    assert search.field.text() == ""
    assert rows(search.table) == []
    assert not search.field.isUndoAvailable()


def test_names_are_shown_as_they_are(
    qtbot: QtBot, search: PatientSearch, store: SlowStore
) -> None:
    store.register(Patient("x", NASTY))
    search.field.setText(NASTY)
    qtbot.waitUntil(shows(search, "x"))
    assert rows(search.table)[0][0] == NASTY
