"""Locked, and taken over: hidden at once, nothing lost, nothing of who left."""

import time

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui.test_office import Desk, _register, desk, protocol
from tests.ui.visits import say_whose
from ui.messages import MessageBoxes
from ui.visit import documents

__all__ = ["desk", "protocol"]


@pytest.fixture
def open_desk(qtbot: QtBot, desk: Desk) -> Desk:
    """Return a desk where Dr. Rivera works on Moreno's visit."""
    desk.office.window.activateWindow()
    qtbot.waitUntil(desk.office.window.isActiveWindow)
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk)
    return desk


def words_in_view(desk: Desk) -> str:
    """Return every word that is on the screen."""
    window = desk.office.window
    shown = [x.text() for x in window.findChildren(QLabel) if x.isVisible()]
    shown += [x.text() for x in window.findChildren(QLineEdit) if x.isVisible()]
    others = [x for x in QApplication.topLevelWidgets() if x.isVisible()]
    return " ".join([*shown, *(x.windowTitle() for x in others)])


def test_when_nobody_is_there_it_is_hidden_within_a_second(
    qtbot: QtBot, open_desk: Desk
) -> None:
    office = open_desk.office
    assert "Moreno" in words_in_view(open_desk)
    began = time.monotonic()
    with qtbot.waitSignal(office.presence.idle_lock.idle, timeout=3000):
        office.presence.idle_lock.start(0.05)
    QApplication.processEvents()

    assert time.monotonic() - began < 1.5
    assert "Moreno" not in words_in_view(open_desk)
    assert office.window.pages.currentWidget() is office.sign_in
    assert office.window.user.text() == "Nobody signed in"


def test_each_role_has_its_time(open_desk: Desk) -> None:
    """Until the clinic settles another one: see `test_settings_page`."""
    office = open_desk.office
    assert office.presence.idle_lock._limit == 600
    office.begin("Sam", "desk")
    assert office.presence.idle_lock._limit == 300


def test_somebody_is_warned_in_the_status_line(open_desk: Desk) -> None:
    office = open_desk.office
    office.presence.idle_lock.start(29)
    office.presence.idle_lock.look()
    assert "Locks in 29 s" in office.window.idle.text()
    QTest.keyClicks(office.window, "x")
    office.presence.idle_lock.start(60)
    office.presence.idle_lock.look()
    assert office.window.idle.text() == ""


def test_what_is_being_typed_is_kept(qtbot: QtBot, open_desk: Desk) -> None:
    office = open_desk.office
    assert office.workspace is not None
    office.workspace.page.go_to("reason.in_patients_words")
    editor = office.window.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "like a knife")
    office.lock()
    qtbot.waitUntil(lambda: open_desk.saver.pending() == [])

    (visit,) = open_desk.store.visits.values()
    assert visit.answers["reason.in_patients_words"] == "like a knife"


def test_a_box_that_is_open_closes_and_nothing_comes_up_after_it(
    open_desk: Desk,
) -> None:
    """What asked goes on when its box closes, and may want to show a page."""
    office = open_desk.office
    teller = MessageBoxes(office.window)
    shown: list[bool] = []

    def lock() -> None:
        shown.append(any(isinstance(w, QMessageBox) for w in _visible()))
        office.lock()

    QTimer.singleShot(50, lock)
    assert teller.choose("Moreno has two answers", "one", "two") == ""
    office.show_visit()
    office.show_home()

    assert shown == [True]
    assert not any(isinstance(w, QMessageBox) for w in _visible())
    assert office.window.pages.currentWidget() is office.sign_in
    assert "Moreno" not in words_in_view(open_desk)


def _visible() -> list[object]:
    return [w for w in QApplication.topLevelWidgets() if w.isVisible()]


def test_the_clipboard_is_emptied_of_ours_only(
    open_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("Moreno 1992")
    open_desk.office.lock()
    assert clipboard.text() == ""
    # Another program has the keys while its text comes into the clipboard.
    elsewhere = Qt.ApplicationState.ApplicationInactive
    with monkeypatch.context() as patch:
        patch.setattr(QGuiApplication, "applicationState", lambda: elsewhere)
        clipboard.setText("from another program")
    open_desk.office.lock()
    assert clipboard.text() == "from another program"


def test_who_comes_back_goes_on_where_they_were(desk: Desk) -> None:
    """A registration half typed is nobody's loss."""
    desk.office.begin("Sam", "desk")
    desk.office.show_registration()
    desk.office.registration.fields["family_name"].setText("Mor")
    desk.office.lock()
    desk.office.begin("Sam", "desk")

    assert desk.office.window.pages.currentWidget() is desk.office.registration
    assert desk.office.registration.fields["family_name"].text() == "Mor"


def test_who_takes_over_finds_the_open_visit_and_nothing_else(
    qtbot: QtBot, open_desk: Desk
) -> None:
    office = open_desk.office
    assert office.session is not None
    office.session.record("general.fever", "yes")
    visit = office.session.visit.id
    office.lock()
    office.begin("Sam", "desk")

    assert office.session.visit.id == visit
    assert not office.session.can_undo()
    assert not office.session.can_redo()
    assert office.workspace is not None
    assert office.workspace.panel is None


def test_twenty_switches_leave_no_remnant(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Searches, selections, undo, clipboard, half a registration, a document."""
    monkeypatch.setattr(documents, "_pictures", lambda _content: [])
    office = desk.office
    office.window.activateWindow()
    qtbot.waitUntil(office.window.isActiveWindow)
    for turn in range(20):
        name = f"Secret{turn}"
        office.begin(f"Person {turn}", "clinician" if turn % 2 else "desk")
        _register(desk, name)
        assert office.session is not None
        office.session.record("general.fever", "yes")
        if turn % 2:
            office.show_documents()
        office.show_home()
        qtbot.waitUntil(lambda: desk.saver.pending() == [])
        office.home.search.setText(name)
        office.home.table.selectRow(0)
        office.show_registration()
        office.registration.fields["family_name"].setText(name)
        QGuiApplication.clipboard().setText(name)
        office.lock()
        # The visit is handed over only while it is open: this one was closed.
        office.visits.close()
        office.begin(f"Next {turn}", "desk")

        assert QGuiApplication.clipboard().text() == ""
        assert office.home.search.text() == ""
        assert not office.home.search.isUndoAvailable()
        assert office.home.table.selectedItems() == []
        assert office.registration.fields["family_name"].text() == ""
        assert not office.registration.fields["family_name"].isUndoAvailable()
        assert name not in office.window.windowTitle()
        assert name not in office.window.identity.name.text()
        if turn % 2:
            assert office.documents._record is None
            assert office.documents._bytes == b""
        assert not office.signing.is_open


def test_a_person_signs_in_the_demonstration_without_a_passphrase(
    qtbot: QtBot, open_desk: Desk
) -> None:
    office, store = open_desk.office, open_desk.store
    office.review_and_sign()
    page = office.signing.review
    qtbot.waitUntil(lambda: page.revision is not None)
    assert not page.row.passphrase.isVisible()
    say_whose(page.row)
    page.row.sign.click()
    qtbot.waitUntil(lambda: office.signing.is_open)

    (visit,) = store.visits.values()
    assert visit.state == "signed"


def test_a_signature_that_ends_after_the_lock_shows_nothing(
    qtbot: QtBot, open_desk: Desk
) -> None:
    office = open_desk.office
    office.review_and_sign()
    page = office.signing.review
    qtbot.waitUntil(lambda: page.revision is not None)
    say_whose(page.row)
    page.row.sign.click()
    office.lock()
    qtbot.waitUntil(lambda: office.session is None)

    assert office.window.pages.currentWidget() is office.sign_in
    assert "Moreno" not in words_in_view(open_desk)
    office.begin("Dr. Rivera", "clinician")
    assert office.window.pages.currentWidget() is office.home, "the review is done"
