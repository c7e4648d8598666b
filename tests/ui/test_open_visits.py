"""Several visits at once: each stays as it was left, and none is lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from tests.ui.keyboard import press, type_keys
from tests.ui.test_office import Desk, _register, desk, protocol
from tests.ui.test_user_switch import words_in_view
from tests.ui.visits import say_whose
from ui import visit_tints
from ui.palettes import PALETTES, PaletteName, palette_of

__all__ = ["desk", "protocol"]
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def two(qtbot: QtBot, desk: Desk) -> Desk:
    """Return a desk where Dr. Rivera has Moreno open, and Okafor in view."""
    desk.office.window.activateWindow()
    qtbot.waitUntil(desk.office.window.isActiveWindow)
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk, "Moreno")
    _register(desk, "Okafor")
    return desk


def in_view(desk: Desk) -> str:
    """Return whose visit is in view."""
    session = desk.office.session
    return session.patient.name if session is not None else ""


def test_a_key_that_is_held_closes_one_visit_and_not_all(desk: Desk) -> None:
    """No key of the menu repeats, and this one least of all."""
    actions = desk.office.window.menu.actions()
    assert actions
    assert not [one.text() for one in actions if one.autoRepeat()]


def test_keys_go_round_the_open_visits(two: Desk) -> None:
    assert in_view(two) == "Okafor"
    press(Qt.Key.Key_Tab, _CTRL)
    assert in_view(two) == "Moreno"
    assert two.office.window.identity.name.text() == "Moreno"
    press(Qt.Key.Key_Tab, _CTRL)
    assert in_view(two) == "Okafor"
    press(Qt.Key.Key_Tab, _CTRL | _SHIFT)
    assert in_view(two) == "Moreno"


def test_each_comes_back_at_the_section_field_and_place_where_it_was_left(
    qtbot: QtBot, two: Desk
) -> None:
    assert two.office.workspace is not None
    two.office.window.resize(1000, 500)
    page = two.office.workspace.page
    page.go_to("pain.now")
    qtbot.waitUntil(lambda: page.form.verticalScrollBar().maximum() > 40)
    qtbot.wait(0)
    page.form.verticalScrollBar().setValue(40)
    section, field = page.rail.currentRow(), QApplication.focusWidget()
    scrolled = page.form.verticalScrollBar().value()
    assert scrolled
    press(Qt.Key.Key_Tab, _CTRL)
    assert QApplication.focusWidget() is not field
    press(Qt.Key.Key_Tab, _CTRL)
    qtbot.wait(0)

    assert page.rail.currentRow() == section
    assert QApplication.focusWidget() is field
    assert isinstance(page.form, QScrollArea)
    assert page.form.verticalScrollBar().value() == scrolled


def test_what_is_being_typed_is_taken_on_the_way_to_another(
    qtbot: QtBot, two: Desk
) -> None:
    session = two.office.session
    assert session is not None
    assert two.office.workspace is not None
    two.office.workspace.page.go_to("reason.in_patients_words")
    type_keys("like a knife")
    press(Qt.Key.Key_Tab, _CTRL)
    qtbot.waitUntil(lambda: two.saver.pending() == [])

    stored = two.store.visits[session.visit.id]
    assert stored.answers["reason.in_patients_words"] == "like a knife"
    assert in_view(two) == "Moreno"
    type_keys("y")
    assert "reason.in_patients_words" in session.answers, "the other's is untouched"


def test_the_steps_to_undo_stay_with_each(two: Desk) -> None:
    first = two.office.session
    assert first is not None
    first.record("general.fever", "yes")
    press(Qt.Key.Key_Tab, _CTRL)
    second = two.office.session
    assert second is not None
    assert not second.can_undo()
    press(Qt.Key.Key_Tab, _CTRL)
    press(Qt.Key.Key_Z, _CTRL)
    assert first.answer_to("general.fever") is None


def test_two_patients_are_two_tints_and_two_names(two: Desk) -> None:
    """A grab shows it as an eye would: the band's ground is another colour."""
    band, strip = two.office.window.identity, two.office.window.strip
    grounds = [band.grab().toImage().pixelColor(3, 20)]
    assert [tab.text().split()[-1] for tab in strip.tabs] == ["Moreno", "Okafor"]
    assert [tab.isChecked() for tab in strip.tabs] == [False, True]
    strip.tabs[0].click()
    grounds.append(band.grab().toImage().pixelColor(3, 20))
    assert in_view(two) == "Moreno"
    assert grounds[0] != grounds[1]


def _contrast(one: QPalette, tint: int) -> float:
    lights = []
    for color in (visit_tints.ground(tint, one), one.windowText().color()):
        parts = [color.redF(), color.greenF(), color.blueF()]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in parts
        )
        lights.append(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    return (max(lights) + 0.05) / (min(lights) + 0.05)


@pytest.mark.parametrize("name", PALETTES)
def test_names_can_be_read_on_every_tint(name: PaletteName) -> None:
    palette = palette_of(name)
    for tint in range(visit_tints.COUNT):
        assert _contrast(palette, tint) >= 4.5


def test_closing_one_shows_the_other_and_loses_nothing(qtbot: QtBot, two: Desk) -> None:
    session = two.office.session
    assert session is not None
    assert two.office.workspace is not None
    two.office.workspace.page.go_to("reason.in_patients_words")
    type_keys("burning")
    press(Qt.Key.Key_W, _CTRL)
    assert in_view(two) == "Moreno"
    assert not two.office.window.strip.isVisible()
    qtbot.waitUntil(lambda: two.saver.pending() == [])
    two.office.open_visit(session.visit, session.patient)
    assert two.office.session is not None
    assert two.office.session.answers["reason.in_patients_words"] == "burning"
    press(Qt.Key.Key_W, _CTRL)
    press(Qt.Key.Key_W, _CTRL)
    assert two.office.window.pages.currentWidget() is two.office.home
    assert two.office.session is None


def test_the_seventh_closes_the_one_that_was_longest_away(
    qtbot: QtBot, two: Desk
) -> None:
    for name in ("Third", "Fourth", "Fifth", "Sixth"):
        _register(two, name)
    press(Qt.Key.Key_Tab, _CTRL)
    assert in_view(two) == "Moreno"
    _register(two, "Seventh")
    names = [one.session.patient.name for one in two.office.visits.open_now]
    assert names == ["Moreno", "Third", "Fourth", "Fifth", "Sixth", "Seventh"]
    assert len({one.tint for one in two.office.visits.open_now}) == 6
    qtbot.waitUntil(lambda: two.saver.pending() == [])
    assert len(two.store.visits) == 7


def test_who_comes_back_finds_all_of_them_and_somebody_else_only_the_one_in_view(
    two: Desk,
) -> None:
    office = two.office
    office.lock()
    assert "Moreno" not in words_in_view(two)
    assert "Okafor" not in words_in_view(two)
    office.begin("Dr. Rivera", "clinician")
    assert len(office.visits.open_now) == 2
    assert office.window.strip.isVisible()
    assert in_view(two) == "Okafor"
    office.lock()
    office.begin("Sam", "desk")
    (one,) = office.visits.open_now
    assert one.session.patient.name == "Okafor"
    assert one.session.role == "desk"
    assert "Moreno" not in words_in_view(two)


def test_an_answer_of_somebody_else_comes_into_a_visit_that_is_not_in_view(
    qtbot: QtBot, two: Desk
) -> None:
    from tests.ui.fakes import someone_elses_change

    hidden = two.office.session
    assert hidden is not None
    qtbot.waitUntil(lambda: two.saver.pending() == [])
    press(Qt.Key.Key_Tab, _CTRL)
    someone_elses_change(two.store, hidden.visit.id, "general.fever")
    with qtbot.waitSignal(two.saver.merged, timeout=2000):
        hidden.record("general.fatigue", "yes")
    assert hidden.answers["general.fever"] == "no"


def test_a_signature_that_ends_behind_another_visit_closes_its_form_only(
    qtbot: QtBot, two: Desk
) -> None:
    """What comes late must not take the keys from whoever types elsewhere."""
    office = two.office
    office.review_and_sign()
    page = office.signing.review
    qtbot.waitUntil(lambda: page.revision is not None)
    say_whose(page.row)
    page.row.sign.click()
    office.window.next_visit.emit()
    qtbot.waitUntil(lambda: len(office.visits.open_now) == 1)

    assert in_view(two) == "Moreno"
    assert office.window.pages.currentWidget() is office.workspace
    assert not office.signing.is_open


def test_a_signed_visit_is_read_while_others_stay_open(qtbot: QtBot, two: Desk) -> None:
    office = two.office
    office.review_and_sign()
    page = office.signing.review
    qtbot.waitUntil(lambda: page.revision is not None)
    say_whose(page.row)
    page.row.sign.click()
    qtbot.waitUntil(lambda: office.signing.is_open)
    (one,) = office.visits.open_now
    assert one.session.patient.name == "Moreno"
    press(Qt.Key.Key_Tab, _CTRL)
    assert in_view(two) == "Moreno"
    assert not office.signing.is_open
