"""The owner's pages in the window: people, the audit trail, one's own passphrase."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from db.head_files import write_head
from db.store import Store
from intake.audit import AuditFilter, Event, Head
from intake.patient import Patient
from intake.people import Person
from tests.ui.fakes import Recorder
from tests.ui.keyboard import ENTER, press, type_keys
from tests.ui.test_entrance import House, open_house, protocol, set_up, sign_in
from tests.ui.visits import NOW, TODAY
from ui import audit_page
from ui.people_forms import Form, LeavingForm, PersonForm, ResetForm
from ui.people_page import PeoplePage
from ui.visit import documents as documents_page

__all__ = ["open_house", "protocol"]

_ALT = Qt.KeyboardModifier.AltModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_OWN = "kettle moss river nine"
_NOORS = "stones in a warm wall"


@pytest.fixture
def house(qtbot: QtBot, open_house: Callable[[], House]) -> House:
    """Return a window with its owner, Ann, signed in."""
    house = open_house()
    set_up(qtbot, house)
    house.window.activateWindow()
    qtbot.waitUntil(house.window.isActiveWindow)
    return house


def store_of(house: House) -> Store:
    """Return the records behind the window."""
    assert house.door.records is not None
    store = house.door.records.store
    assert isinstance(store, Store)
    return store


def noted(house: House, event: Event) -> int:
    """Return how many entries of an event there are."""
    return len(store_of(house).audit_entries(AuditFilter(event=event)))


def people_page(house: House) -> PeoplePage:
    """Open the page with the people."""
    house.window.show_people.emit()
    return house.office.people


def names(page: PeoplePage) -> list[str]:
    """Return the names that are listed."""
    items = (page.table.item(row, 0) for row in range(page.table.rowCount()))
    return [item.text() for item in items if item is not None]


def is_open(page: PeoplePage) -> bool:
    """Return whether a form stands beside the list."""
    return page.form is not None


def choose(page: PeoplePage, name: str) -> None:
    """Choose somebody in the list."""
    page.table.selectRow(names(page).index(name))


def wait_for(qtbot: QtBot, page: PeoplePage, words: str) -> None:
    """Wait until the page says something."""
    qtbot.waitUntil(lambda: words in page.said.text(), timeout=10_000)


def take_in(qtbot: QtBot, house: House, name: str, *roles: str) -> Person:
    """Take somebody in through the form."""
    page = people_page(house)
    page.add.click()
    form = page.form
    assert isinstance(form, PersonForm)
    assert form.passphrase is not None
    form.name.setText(name)
    for role in roles:
        form.roles[role].click()  # type: ignore[index]  # the roles are plain words
    form.passphrase.typed.setText(_NOORS)
    form.passphrase.again.setText(_NOORS)
    form.go_on.click()
    wait_for(qtbot, page, "can sign in now")
    return next(one for one in store_of(house).people() if one.name == name)


def open_visit(qtbot: QtBot, house: House) -> str:
    """Register a patient as whoever is signed in; return the visit that is stored."""
    house.office.register(Patient("p1", "Moreno", "Ana", birth_date="1992-03-14"))
    session = house.office.session
    assert session is not None
    identity = session.visit.id
    qtbot.waitUntil(lambda: bool(store_of(house).visits_of("p1")), timeout=5_000)
    return identity


def action(house: House, name: str) -> QAction:
    """Return an action of the menu."""
    return house.window._actions[name]


def test_the_pages_are_the_owners(qtbot: QtBot, house: House) -> None:
    assert action(house, "show_people").isEnabled()
    assert action(house, "show_audit").isEnabled()
    take_in(qtbot, house, "Noor", "desk")
    house.office.lock()
    assert not action(house, "show_people").isEnabled()
    sign_in(qtbot, house, "Noor", _NOORS)
    qtbot.waitUntil(lambda: house.window.user.text() == "Noor, front desk")

    assert not action(house, "show_people").isEnabled()
    assert not action(house, "show_audit").isEnabled()
    assert action(house, "change_passphrase").isEnabled()


def test_who_is_owner_alone_is_told_what_is_theirs_and_meets_no_patient(
    qtbot: QtBot, house: House
) -> None:
    """Whatever they registered would be refused once all of it was typed."""
    take_in(qtbot, house, "Olga", "owner")
    teller = house.office._tools.teller
    assert isinstance(teller, Recorder)
    house.office.lock()
    sign_in(qtbot, house, "Olga", _NOORS)
    home = house.office.home
    qtbot.waitUntil(lambda: house.window.pages.currentWidget() is home)

    assert house.window.user.text() == "Olga, owner"
    assert "Ctrl+Shift+P" in home.empty.text()
    assert not home.search.isVisible()
    house.window.new_patient.emit()
    assert house.window.pages.currentWidget() is home
    assert teller.messages == []


@pytest.mark.parametrize("name", ["show_people", "show_audit"])
def test_esc_steps_back_out_of_the_pages_that_only_show(
    house: House, name: str
) -> None:
    getattr(house.window, name).emit()
    assert house.window.pages.currentWidget() is not house.office.home
    press(Qt.Key.Key_Escape)

    assert house.window.pages.currentWidget() is house.office.home


def test_a_long_name_leaves_the_other_fields_their_room(
    qtbot: QtBot, house: House
) -> None:
    take_in(qtbot, house, "W" * 100, "clinician")
    house.window.resize(1366, 740)
    house.window.show_audit.emit()
    QApplication.processEvents()
    audit = house.office.audit
    assert audit.who.width() < 300
    assert audit.first.width() == audit.last.width() == 100

    people = people_page(house)
    open_visit(qtbot, house)
    people = people_page(house)
    choose(people, "Ann Ash")
    people.remove.click()
    QApplication.processEvents()
    assert isinstance(people.form, LeavingForm)
    label = people.form.fields.labelForField(people.form.successor)
    assert label.width() >= label.sizeHint().width()


def test_a_name_from_right_to_left_leaves_the_sentence_as_it_is(
    qtbot: QtBot, house: House
) -> None:
    take_in(qtbot, house, "\u0641\u0627\u0637\u0645\u0629", "desk")

    assert house.office.people.said.text().startswith("\u2068")


def test_tab_leads_from_the_last_field_of_a_form_to_its_buttons(house: House) -> None:
    page = people_page(house)
    page.add.setFocus()
    press(Qt.Key.Key_Return)
    form = page.form
    assert isinstance(form, PersonForm), "Enter presses the button that has the keys"
    assert form.passphrase is not None
    form.passphrase.make_up.setFocus()
    press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is form.go_on
    press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is form.leave


def test_past_the_menu_the_pages_show_nothing_to_others(
    qtbot: QtBot, house: House
) -> None:
    take_in(qtbot, house, "Noor", "desk")
    house.office.lock()
    sign_in(qtbot, house, "Noor", _NOORS)
    qtbot.waitUntil(lambda: house.window.user.text() == "Noor, front desk")
    house.window.show_audit.emit()

    assert house.office.audit.table.rowCount() == 0
    assert "for the owner" in house.office.audit.said.text()
    assert noted(house, "refused") == 1


def test_somebody_is_taken_in_with_the_keyboard_alone(
    qtbot: QtBot, house: House
) -> None:
    press(Qt.Key.Key_P, _CTRL | _SHIFT)
    page = house.office.people
    assert page.isVisible()
    press(Qt.Key.Key_I, _ALT)
    qtbot.waitUntil(lambda: is_open(page))
    type_keys("Noor")
    for _ in range(2):
        press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Space)
    for _ in range(3):
        press(Qt.Key.Key_Tab)
    type_keys(_NOORS)
    press(Qt.Key.Key_Tab)
    type_keys(f"{_NOORS}{ENTER}")
    wait_for(qtbot, page, "Noor can sign in now")

    noor = next(p for p in store_of(house).people() if p.name == "Noor")
    assert noor.roles == {"clinician"}
    assert page.table.hasFocus()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_H, _ALT)
    qtbot.waitUntil(lambda: is_open(page))
    form = page.form
    assert isinstance(form, PersonForm)
    assert form.name.text() == "Noor"
    assert form.name.hasFocus()


def test_a_passphrase_that_is_made_up_is_shown_once(qtbot: QtBot, house: House) -> None:
    page = people_page(house)
    page.add.click()
    assert isinstance(page.form, PersonForm)
    assert page.form.passphrase is not None
    page.form.name.setText("Noor")
    page.form.roles["desk"].click()
    page.form.passphrase.make_up.click()
    made = page.form.passphrase.shown.text()
    assert len(made) == 19
    page.form.go_on.click()
    wait_for(qtbot, page, "Noor can sign in now")

    assert not is_open(page)
    assert house.door.records is not None
    noor = next(p for p in store_of(house).people() if p.name == "Noor")
    assert house.door.records.takes_over(noor.id, made) == noor


@pytest.mark.parametrize(
    ("name", "role", "again", "words"),
    [
        ("", "desk", _NOORS, "A name has"),
        ("Ann Ash", "desk", _NOORS, "works here already"),
        ("Noor", "", _NOORS, "Choose at least one"),
        ("Noor", "desk", "another one", "differ"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    qtbot: QtBot, house: House, name: str, role: str, again: str, words: str
) -> None:
    page = people_page(house)
    page.add.click()
    form = page.form
    assert isinstance(form, PersonForm)
    assert form.passphrase is not None
    form.name.setText(name)
    if role:
        form.roles["desk"].click()
    form.passphrase.typed.setText(_NOORS)
    form.passphrase.again.setText(again)
    form.go_on.click()
    qtbot.waitUntil(lambda: words in form.said.text(), timeout=5_000)

    assert form.name.text() == name
    assert names(page) == ["Ann Ash"]


def test_esc_leaves_a_form_and_forgets_it(qtbot: QtBot, house: House) -> None:
    page = people_page(house)
    page.add.click()
    press(Qt.Key.Key_Escape)

    assert not is_open(page)
    assert page.table.hasFocus()
    page.add.click()
    assert isinstance(page.form, PersonForm)
    assert page.form.name.text() == ""


def test_a_lock_leaves_nothing_of_the_pages_behind(house: House) -> None:
    page = people_page(house)
    page.add.click()
    house.office.lock()
    assert not is_open(page)
    house.office.begin("Ann Ash", "clinician")
    house.window.change_passphrase.emit()
    house.office.passphrase.form.old.setText(_OWN)
    house.window.show_audit.emit()
    assert house.office.passphrase.form.old.text() == ""
    assert house.office.audit.table.rowCount() > 0
    house.office.lock()

    assert house.office.audit.table.rowCount() == 0


def test_what_ends_behind_a_lock_opens_nothing(qtbot: QtBot, house: House) -> None:
    """Neither the next page, nor the recovery code, for whoever stands there now."""
    page = people_page(house)
    page.code.click()
    assert page.form is not None
    with qtbot.waitSignal(page.code_made, timeout=5_000) as made:
        page.form.go_on.click()
        house.office.lock()
    assert house.window.pages.currentWidget() is house.entrance.sign_in
    teller = house.office._tools.teller
    assert isinstance(teller, Recorder)
    assert "Make another one" in teller.messages[-1][1]
    assert made.args[1] not in repr(teller.messages)
    page.myself_changed.emit()
    assert house.window.user.text() == "Nobody signed in"


def test_the_last_owner_is_told_in_words(qtbot: QtBot, house: House) -> None:
    page = people_page(house)
    page.remove.click()
    assert isinstance(page.form, LeavingForm)
    leaving = page.form
    leaving.go_on.click()
    qtbot.waitUntil(lambda: "last owner" in leaving.said.text(), timeout=5_000)
    page.change.click()
    change: Form | None = page.form
    assert isinstance(change, PersonForm)
    change.roles["owner"].click()
    change.go_on.click()
    qtbot.waitUntil(lambda: "last owner" in change.said.text(), timeout=5_000)

    assert "owner" in store_of(house).people()[0].roles


def test_who_leaves_hands_over_in_the_same_form(qtbot: QtBot, house: House) -> None:
    noor = take_in(qtbot, house, "Noor", "clinician")
    house.office.lock()
    sign_in(qtbot, house, "Noor", _NOORS)
    qtbot.waitUntil(lambda: house.window.user.text() == "Noor, clinician")
    visit = open_visit(qtbot, house)
    assert store_of(house).visit(visit).responsible == noor.id
    house.office.lock()
    sign_in(qtbot, house, "Ann Ash", _OWN)
    qtbot.waitUntil(lambda: house.window.user.text() == "Ann Ash, clinician")
    page = people_page(house)
    choose(page, "Noor")
    page.remove.click()
    form = page.form
    assert isinstance(form, LeavingForm)
    assert "1 open visit" in form.words.text()
    form.go_on.click()
    assert "Choose who" in form.said.text()
    form.successor.setCurrentIndex(form.successor.findText("Ann Ash"))
    form.go_on.click()
    wait_for(qtbot, page, "Noor has left")

    ann = house.door.whoever_is_in()
    assert store_of(house).visit(visit).responsible == ann.id
    assert [one.name for one in house.door.staff()] == ["Ann Ash"]
    assert page.table.item(1, 3).text() == "left"  # type: ignore[union-attr]  # it is there
    # The window goes on with the new key.
    house.office.show_home()
    assert isinstance(house.office._tools.teller, Recorder)
    assert house.office._tools.teller.messages == []


def test_a_new_passphrase_can_be_given_but_not_to_oneself(
    qtbot: QtBot, house: House
) -> None:
    noor = take_in(qtbot, house, "Noor", "desk")
    page = people_page(house)
    choose(page, "Ann Ash")
    assert not page.reset.isEnabled()
    choose(page, "Noor")
    page.reset.click()
    assert isinstance(page.form, ResetForm)
    page.form.passphrase.typed.setText("a new one for Monday")
    page.form.passphrase.again.setText("a new one for Monday")
    page.form.go_on.click()
    wait_for(qtbot, page, "has a new passphrase")

    assert house.door.records is not None
    assert house.door.records.takes_over(noor.id, "a new one for Monday") == noor


def test_ones_own_passphrase_is_changed_with_the_old_one(
    qtbot: QtBot, house: House
) -> None:
    house.window.change_passphrase.emit()
    page = house.office.passphrase
    page.form.old.setText("guess after guess")
    page.form.new.setText("a new one for Monday")
    page.form.again.setText("a new one for Monday")
    page.form.go_on.click()
    qtbot.waitUntil(lambda: "does not open" in page.form.said.text(), timeout=5_000)
    page.form.old.setText(_OWN)
    with qtbot.waitSignal(page.done, timeout=5_000):
        page.form.go_on.click()

    assert {f.text() for f in page.findChildren(QLineEdit)} == {""}
    assert noted(house, "passphrase_changed") == 1
    assert noted(house, "sign_in_failed") == 1


def test_a_role_given_up_counts_at_once(qtbot: QtBot, house: House) -> None:
    take_in(qtbot, house, "Noor", "owner")
    page = people_page(house)
    choose(page, "Ann Ash")
    page.change.click()
    assert isinstance(page.form, PersonForm)
    page.form.roles["owner"].click()
    page.form.roles["clinician"].click()
    page.form.roles["desk"].click()
    page.form.go_on.click()
    qtbot.waitUntil(lambda: house.window.user.text() == "Ann Ash, front desk")

    assert not action(house, "show_people").isEnabled()


def test_an_owner_who_leaves_is_locked_out(qtbot: QtBot, house: House) -> None:
    take_in(qtbot, house, "Noor", "owner", "clinician")
    page = people_page(house)
    choose(page, "Ann Ash")
    page.remove.click()
    assert page.form is not None
    page.form.go_on.click()
    qtbot.waitUntil(
        lambda: house.window.user.text() == "Nobody signed in", timeout=10_000
    )

    assert [one.name for one in house.door.staff()] == ["Noor"]


def test_a_new_recovery_code_is_shown_once_with_its_sheet(
    qtbot: QtBot, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "ui.entrance.QFileDialog.getSaveFileName", lambda *_: ("new-sheet.pdf", "")
    )
    page = people_page(house)
    page.code.click()
    assert page.form is not None
    page.form.go_on.click()
    with qtbot.waitSignal(page.code_made, timeout=5_000) as made:
        pass
    clinic, code = made.args
    shown = house.window.pages.currentWidget()
    assert shown is not page
    shown.sheet.click()  # type: ignore[union-attr]  # a RecoveryPage
    assert house.written["new-sheet.pdf"] == f"Spine & Co {code}".encode()
    assert "new-sheet.pdf" in shown.said.text()  # type: ignore[union-attr]  # as above
    assert "delete the file" in shown.said.text()  # type: ignore[union-attr]  # as above
    assert clinic == "Spine & Co"
    shown.go_on.click()  # type: ignore[union-attr]  # a RecoveryPage

    assert house.window.pages.currentWidget() is page


# the audit trail


def cells(house: House, column: int) -> list[str]:
    """Return a column of the page with the trail."""
    table = house.office.audit.table
    items = (table.item(row, column) for row in range(table.rowCount()))
    return [item.text() for item in items if item is not None]


def test_the_trail_is_shown_and_reading_it_is_in_it(house: House) -> None:
    house.window.show_audit.emit()
    assert "set up" in cells(house, 2)
    assert "audit read" not in cells(house, 2)
    house.window.show_audit.emit()

    assert cells(house, 2)[0] == "audit read"
    assert cells(house, 3)[0] == "Ann Ash"


def test_the_trail_is_filtered_and_sorted(qtbot: QtBot, house: House) -> None:
    noor = take_in(qtbot, house, "Noor", "desk")
    house.window.show_audit.emit()
    page = house.office.audit
    page.what.setCurrentIndex(page.what.findData("person_added"))
    page.what.activated.emit(page.what.currentIndex())
    assert cells(house, 5) == ["Noor"]
    page.what.setCurrentIndex(0)
    page.about.setText(noor.id)
    page.about.setFocus()
    press(Qt.Key.Key_Return)
    assert set(cells(house, 5)) == {"Noor"}
    page.about.clear()
    for text, count in ((f"{TODAY}", True), ("2020-01-01", False)):
        page.last.setText(text)
        page.last.setFocus()
        press(Qt.Key.Key_Return)
        assert bool(cells(house, 0)) is count
    page.last.setText("tomorrow")
    page.last.setFocus()
    press(Qt.Key.Key_Return)
    assert "2026-01-31" in page.said.text()
    page.last.clear()
    header = page.table.horizontalHeader()
    at = QPoint(header.sectionPosition(2) + 5, 5)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert cells(house, 2) == sorted(cells(house, 2), reverse=True)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert cells(house, 2) == sorted(cells(house, 2))


def test_the_trail_is_turned_page_by_page(house: House) -> None:
    assert house.door.records is not None
    for _ in range(250):
        house.door.records.note("checked", "")
    house.window.show_audit.emit()
    page = house.office.audit
    assert (page.table.rowCount(), page.before.isEnabled()) == (100, False)
    first = cells(house, 0)
    page.after.click()
    assert page.before.isEnabled()
    assert not set(first) & set(cells(house, 0)[1:])
    page.after.click()
    assert page.table.rowCount() < 100
    assert not page.after.isEnabled()


def test_checking_the_trail_says_in_words_what_is_so(
    qtbot: QtBot, house: House, tmp_path: Path
) -> None:
    house.window.show_audit.emit()
    page = house.office.audit
    page.verify.click()
    qtbot.waitUntil(lambda: "whole" in page.said.text(), timeout=5_000)
    for head in (tmp_path / "head", house.folder / "audit-head"):
        write_head(head, Head(9999, bytes(32)))
    page.verify.click()
    qtbot.waitUntil(lambda: "missing at the end" in page.said.text(), timeout=5_000)


def test_the_trail_is_exported_as_it_is_filtered(
    qtbot: QtBot, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_page, "ask_for_file", lambda *_: "trail.csv")
    house.window.show_audit.emit()
    page = house.office.audit
    page.what.setCurrentIndex(page.what.findData("signed_in"))
    page.export.click()
    qtbot.waitUntil(lambda: "Saved" in page.said.text(), timeout=5_000)

    text = house.written["trail.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert {row["event"] for row in rows} <= {"signed_in"}
    assert noted(house, "audit_exported") == 1


# documents


def test_documents_are_written_down_before_they_are_seen_or_saved(
    qtbot: QtBot, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents_page, "_pictures", lambda _content: [])
    monkeypatch.setattr(documents_page, "ask_for_file", lambda *_: "summary.pdf")
    visit = open_visit(qtbot, house)
    house.office.show_documents()
    assert noted(house, "document_viewed") == 1
    assert noted(house, "document_exported") == 0
    house.office.documents.save.click()

    (entry,) = store_of(house).audit_entries(AuditFilter(event="document_exported"))
    assert (entry.note.subject, entry.note.detail) == (
        visit,
        {"kind": "summary", "patient": store_of(house).visit(visit).patient_id},
    )
    assert "summary.pdf" in house.written


def test_a_document_that_cannot_be_written_down_is_not_shown_nor_saved(
    qtbot: QtBot, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents_page, "_pictures", lambda _content: [])
    monkeypatch.setattr(documents_page, "ask_for_file", lambda *_: "summary.pdf")
    open_visit(qtbot, house)
    house.office.show_documents()
    ann = house.door.whoever_is_in()
    store_of(house).change_person(Person(ann.id, ann.name, frozenset({"owner"})))
    house.office.documents.save.click()
    assert "summary.pdf" not in house.written
    house.office.show_documents()

    assert not house.office.documents.save.isEnabled()
    assert house.office.documents._bytes == b""
    assert noted(house, "document_viewed") == 1


def test_opening_a_visit_is_written_down(qtbot: QtBot, house: House) -> None:
    identity = open_visit(qtbot, house)
    before = noted(house, "visit_read")
    house.office.show_home()
    house.office.visits.close()
    visit = store_of(house).visit(identity)
    house.office.open_visit(visit, store_of(house).patient("p1"))

    assert noted(house, "visit_read") == before + 1
    assert visit.opened_at == NOW


# for everybody
