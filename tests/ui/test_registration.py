"""Registering at the desk: duplicates beside the form, walk-ins, dates as read."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from intake.patient import Patient
from tests.ui.fakes import MemoryStore
from tests.ui.keyboard import press, type_keys
from tests.ui.test_office import Desk, desk, protocol  # noqa: F401  (fixtures)
from tests.ui.visits import StoppedClock
from ui.registration import Registration

ANA = Patient("ana", "Moreno", "Ana", birth_date="1992-03-14", phone="904 555 0142")
NASTY = "<b>x</b> &amp; <script>"


@pytest.fixture
def store() -> MemoryStore:
    """Return records with one patient."""
    records = MemoryStore()
    records.register(ANA)
    return records


@pytest.fixture
def form(qtbot: QtBot, store: MemoryStore) -> Iterator[Registration]:
    """Return the form, with the keys in its first field."""
    page = Registration(lambda: store, StoppedClock())
    qtbot.addWidget(page)
    page.resize(1300, 700)
    page.show()
    page.activateWindow()
    page.start()
    qtbot.waitUntil(page.fields["family_name"].hasFocus)
    yield page
    page.likely.looking.end()


def likely(form: Registration) -> list[str]:
    """Return what stands beside the form."""
    return [form.likely.item(row).text() for row in range(form.likely.count())]


def test_likely_duplicates_are_shown_while_typing(
    qtbot: QtBot, form: Registration
) -> None:
    """The same patient must not be registered twice by a hurried desk."""
    type_keys("moreno")
    qtbot.waitUntil(lambda: likely(form) != [])
    facts = "born 1992-03-14 (34 years)   sex at birth not recorded   904 555 0142"
    words = ("Moreno, Ana", facts, "Same family name.")
    assert likely(form) == ["\n".join(words)]
    type_keys("\nEva\n\n")
    form.fields["birth_date"].setFocus()
    type_keys("3/14/1992")
    qtbot.waitUntil(lambda: "a twin?" in likely(form)[0])


def test_who_has_nothing_in_common_is_not_shown(
    qtbot: QtBot, form: Registration
) -> None:
    type_keys("moreno")
    qtbot.waitUntil(lambda: likely(form) != [])
    type_keys("\nXi\n")
    form.fields["birth_date"].setText("1950-01-01")
    qtbot.waitUntil(lambda: likely(form) == [])


def test_enter_on_a_duplicate_opens_that_patient(
    qtbot: QtBot, form: Registration
) -> None:
    opened: list[Patient] = []
    form.chosen.connect(opened.append)
    type_keys("moreno")
    qtbot.waitUntil(lambda: likely(form) != [])
    press(Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    assert form.likely.hasFocus()
    type_keys("\n")
    assert opened == [ANA]
    assert form.fields["family_name"].text() == "moreno"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3/14/1992", "Read as March 14, 1992."),
        ("3/4/1992", "Read as March 4, 1992. For April 3, 1992 write 1992-04-03."),
        ("1992", "Read as 1992."),
        ("sometime", ""),
    ],
)
def test_what_a_date_was_read_as_stands_below_it(
    form: Registration, typed: str, said: str
) -> None:
    form.fields["birth_date"].setText(typed)
    assert form.form.read_as.text() == said
    assert form.form.read_as.isVisible() == bool(said)


def test_an_age_says_whether_it_was_told_or_estimated(form: Registration) -> None:
    form.fields["stated_age"].setText("34")
    assert form.form.read_as.text() == "Age 34 as the patient told it."
    form.fields["stated_age"].setText("about 40")
    words = "Estimated: between 30 and 50 years."
    assert form.form.read_as.text() == words


def test_a_walk_in_has_no_name_and_an_estimated_age(
    qtbot: QtBot, form: Registration
) -> None:
    stored: list[Patient] = []
    form.registered.connect(stored.append)
    form.register.click()
    assert stored == []
    assert "Name not known yet" in form.hint.text()

    press(Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    # A button that is pressed by its letter stays down for a moment.
    qtbot.waitUntil(form.form.nameless.isChecked)
    form.fields["stated_age"].setText("~40")
    form.register.click()
    (patient,) = stored
    assert patient.name == ""
    assert (patient.stated_age, patient.age_margin) == (40, 10)


def test_registration_asks_for_what_it_cannot_read(form: Registration) -> None:
    """A birth date or an age that cannot be read stores nothing."""
    stored: list[Patient] = []
    form.registered.connect(stored.append)
    form.fields["family_name"].setText("Moreno")
    for field, typed, said in (
        ("birth_date", "sometime", "cannot be read"),
        ("birth_date", "2030-01-01", "in the future"),
        ("birth_date", "1/1/1800", "more than 130 years back"),
        ("stated_age", "old", "about 40"),
    ):
        form.fields[field].setText(typed)
        form.register.click()
        assert said in form.hint.text()
        assert form.fields[field].hasFocus()
        form.fields[field].setText("")
    assert stored == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\u2029"])
def test_a_name_that_is_pasted_is_one_line(form: Registration, end: str) -> None:
    """Two lines of it pushed the page down wherever the name stands."""
    stored: list[Patient] = []
    form.registered.connect(stored.append)
    QGuiApplication.clipboard().setText(f"de la{end}Vega{end}")
    form.fields["family_name"].paste()
    form.register.click()
    assert [one.family_name for one in stored] == ["de la Vega"]


def test_what_was_typed_of_others_is_shown_as_it_is(
    qtbot: QtBot, form: Registration, store: MemoryStore
) -> None:
    store.register(Patient("x", NASTY))
    form.fields["family_name"].setText(NASTY)
    qtbot.waitUntil(lambda: likely(form) != [])
    assert likely(form)[0].startswith(NASTY)


def test_what_was_put_back_is_gone_on_with_where_it_was_left(
    form: Registration,
) -> None:
    """Who types the next patient there cannot register them with this birth date."""
    stored: list[Patient] = []
    form.registered.connect(stored.append)
    form.start({"family_name": "Ruiz", "given_name": "Bob", "birth_date": "1/2/1980"})
    assert form.fields["birth_date"].hasFocus()
    assert form.hint.isVisible()
    type_keys("Lopez\nEva\n")
    form.register.click()

    assert stored == []
    assert "birth date cannot be read" in form.hint.text()
    form.empty.click()
    assert form.fields["family_name"].hasFocus()
    assert not form.hint.isVisible()


def test_typed_words_stay_when_another_patient_is_opened(
    qtbot: QtBot,
    desk: Desk,  # noqa: F811  (the fixture)
) -> None:
    """Nothing typed is lost: it may be somebody else after all."""
    desk.store.register(ANA)
    office = desk.office
    office.begin("Sam", "desk")
    office.show_registration()
    office.window.activateWindow()
    qtbot.waitUntil(office.registration.fields["family_name"].hasFocus)
    type_keys("moreno\nAn")
    qtbot.waitUntil(lambda: office.registration.likely.count() == 1)
    office.registration.likely.chosen.emit(ANA)
    assert office.session is not None
    assert office.session.patient == ANA

    office.show_registration()
    fields = office.registration.fields
    assert (fields["family_name"].text(), fields["given_name"].text()) == (
        "moreno",
        "An",
    )
    assert "Alt+M" in office.registration.hint.text()
    assert fields["given_name"].hasFocus()


def test_a_walk_in_is_shown_as_estimated_in_the_band(desk: Desk) -> None:  # noqa: F811  (the fixture)
    office = desk.office
    office.begin("Sam", "desk")
    office.show_registration()
    office.registration.form.nameless.click()
    office.registration.fields["stated_age"].setText("about 40")
    office.registration.register.click()
    assert office.window.identity.name.text() == "Name not recorded"
    facts = office.window.identity.facts.text()
    assert facts.startswith("about 40 years (estimated: 30 to 50)")
