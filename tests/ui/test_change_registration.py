"""Changing a registration: what was there before stays, and nobody is overruled."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from intake.errors import UserFacingError
from intake.patient import Patient
from tests.ui.keyboard import press, type_keys
from tests.ui.test_office import Desk, desk, protocol  # noqa: F401  (fixtures)
from ui.change_registration import ChangeRegistration

ANA = Patient("ana", "Moreno", "Ana", phone="555 0101", stated_age=40, age_margin=10)


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> ChangeRegistration:  # noqa: F811  (the fixture)
    """Return the page as the desk opens it from the visit of a walk-in."""
    desk.store.register(ANA)
    desk.office.begin("Sam", "desk")
    desk.office.open_new_visit(ANA)
    desk.office.window.activateWindow()
    open_page(qtbot, desk)
    return desk.office.changes.page


def open_page(qtbot: QtBot, desk: Desk) -> None:  # noqa: F811  (the fixture)
    """Open the page with its key, and wait until it was read."""
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    press(Qt.Key.Key_R, both)
    page = desk.office.changes.page
    qtbot.waitUntil(lambda: page.isEnabled() and page.earlier.count() > 0)
    qtbot.waitUntil(page.form.fields["family_name"].hasFocus)


def before(page: ChangeRegistration) -> list[str]:
    """Return what the page says was there before."""
    return [page.earlier.item(row).text() for row in range(page.earlier.count())]


def save(qtbot: QtBot, page: ChangeRegistration) -> None:
    """Save, and wait for what comes of it."""
    page.save.click()
    qtbot.waitUntil(page.isEnabled)


def test_a_walk_in_is_completed_later(
    qtbot: QtBot,
    desk: Desk,  # noqa: F811  (the fixture)
    page: ChangeRegistration,
) -> None:
    """The open visit goes on with what is known now."""
    assert desk.office.window.identity.name.text() == "Moreno, Ana"
    assert page.form.fields["stated_age"].text() == "30-50"
    page.form.fields["birth_date"].setText("3/14/1992")
    save(qtbot, page)

    stored = desk.store.patients["ana"]
    assert (stored.birth_date, stored.revision) == ("1992-03-14", 1)
    assert desk.office.session is not None
    assert desk.office.session.patient == stored
    facts = desk.office.window.identity.facts.text()
    assert facts.startswith("born 1992-03-14 (34 years)")
    assert desk.office.window.pages.currentWidget() is desk.office.workspace


def test_what_was_there_before_stands_beside_it(
    qtbot: QtBot,
    desk: Desk,  # noqa: F811  (the fixture)
    page: ChangeRegistration,
) -> None:
    assert before(page) == ["Nothing was changed since it was registered."]
    page.form.fields["phone"].setText("555 0202")
    save(qtbot, page)
    open_page(qtbot, desk)
    assert before(page) == ["Before change 1\nPhone: 555 0101"]


def test_two_who_change_different_fields_lose_nothing(
    qtbot: QtBot,
    desk: Desk,  # noqa: F811  (the fixture)
    page: ChangeRegistration,
) -> None:
    desk.store.change_registration(replace(ANA, email="ana@example.org"))
    page.form.fields["phone"].setText("555 0202")
    save(qtbot, page)
    qtbot.waitUntil(lambda: "Someone else" in page.hint.text())
    assert desk.store.patients["ana"].phone == "555 0101"
    assert "theirs" not in page.hint.text()

    save(qtbot, page)
    stored = desk.store.patients["ana"]
    assert (stored.phone, stored.email) == ("555 0202", "ana@example.org")


def test_two_who_change_the_same_field_see_both_values(
    qtbot: QtBot,
    desk: Desk,  # noqa: F811  (the fixture)
    page: ChangeRegistration,
) -> None:
    desk.store.change_registration(replace(ANA, phone="555 0303"))
    page.form.fields["phone"].setText("555 0202")
    save(qtbot, page)
    qtbot.waitUntil(
        lambda: "Phone: theirs 555 0303, yours 555 0202." in page.hint.text()
    )
    assert desk.store.patients["ana"].phone == "555 0303"
    assert page.form.fields["phone"].text() == "555 0202"


def test_what_is_typed_and_not_stored_is_put_back(
    qtbot: QtBot,
    desk: Desk,  # noqa: F811  (the fixture)
    page: ChangeRegistration,
) -> None:
    """Only what was typed: what somebody else changed meanwhile stays theirs."""
    page.form.fields["gender"].setFocus()
    type_keys("nonbinary")
    desk.office.show_home()
    desk.store.change_registration(replace(ANA, phone="555 0303"))
    desk.office.show_visit()
    open_page(qtbot, desk)

    assert page.form.fields["gender"].text() == "nonbinary"
    assert page.form.fields["phone"].text() == "555 0303"
    assert "Not stored yet" in page.hint.text()
    page.leave.click()
    assert desk.saver.unfinished.everything() == []
    assert desk.office.window.pages.currentWidget() is desk.office.workspace


def test_a_change_that_is_refused_stays_in_the_form(
    qtbot: QtBot,
    desk: Desk,  # noqa: F811  (the fixture)
    page: ChangeRegistration,
) -> None:
    page.form.fields["phone"].setText("555 0202")
    desk.store.failing = UserFacingError("disk_full", "The disk is full.", "Free it.")
    save(qtbot, page)
    assert page.hint.text() == "The disk is full. Free it."
    assert page.form.fields["phone"].text() == "555 0202"


def test_one_that_is_not_stored_yet_is_not_changed(
    qtbot: QtBot,
    desk: Desk,  # noqa: F811  (the fixture)
    page: ChangeRegistration,
) -> None:
    page.form.fields["phone"].setText("555 0202")
    del desk.store.patients["ana"]
    save(qtbot, page)
    assert "not stored yet" in page.hint.text()


def test_nothing_changed_is_nothing_stored(
    desk: Desk,  # noqa: F811  (the fixture)
    page: ChangeRegistration,
) -> None:
    page.save.click()
    assert page.hint.text() == "Nothing is changed."
    page.form.fields["birth_date"].setText("sometime")
    page.save.click()
    assert "cannot be read" in page.hint.text()
    assert page.form.fields["birth_date"].hasFocus()
    assert desk.store.earlier == []


def test_without_a_patient_it_says_how_to_choose_one(
    qtbot: QtBot,
    desk: Desk,  # noqa: F811  (the fixture)
) -> None:
    desk.office.begin("Sam", "desk")
    desk.office.show_home()
    desk.office.changes.show()
    assert "Find the patient first" in desk.office.window.news.text()
    desk.store.register(ANA)
    desk.office.home.search.setText("moreno")
    qtbot.waitUntil(lambda: desk.office.home.chosen_patient() == ANA)
    desk.office.changes.show()
    assert desk.office.changes.page.patient == ANA
