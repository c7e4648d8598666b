"""A signed visit on the wrong patient, in a clinic: passphrase and trail."""

import pytest
from pytestqt.qtbot import QtBot

from intake.audit import AuditFilter, Event
from intake.patient import Patient
from tests.ui.test_entrance import House, open_house, protocol
from tests.ui.test_signing import (
    house,
    only_visit,
    records_of,
    review,
    session_of,
    sign,
    stored,
)
from tests.ui.visits import say_whose
from ui.move_visit_page import MoveVisitPage

__all__ = ["house", "open_house", "protocol"]
_PASSPHRASE = "kettle moss river nine"  # noqa: S105  (made up, opens nothing)
_RITA = Patient("p2", "Roe", "Rita", birth_date="1960-05-01")


@pytest.fixture
def signed(qtbot: QtBot, house: House) -> House:
    """Return a house where Dr. Ash sees a visit as she signed it; Rita is there."""
    records_of(house).store.register(_RITA)
    review(qtbot, house)
    sign(qtbot, house)
    return house


def done(qtbot: QtBot, page: MoveVisitPage) -> None:
    """Wait until the page is through with what it was told."""
    qtbot.waitUntil(lambda: not page.errands._is_busy, timeout=10_000)


def noted(house: House, event: Event) -> list[str]:
    """Return what an event of the trail was about."""
    entries = records_of(house).store.audit_entries(AuditFilter(event))
    return [one.note.subject for one in entries]


def mark(qtbot: QtBot, house: House, passphrase: str) -> MoveVisitPage:
    """Say that the signed visit should not be there."""
    page = house.office.whose.move
    if not page.isVisible():
        house.office.signing.page.wrong.click()
    page.reason.setText("Rita's visit")
    page.passphrase.setText(passphrase)
    page.go_on.click()
    done(qtbot, page)
    return page


def test_a_mark_takes_the_passphrase_and_stands_in_the_trail(
    qtbot: QtBot, signed: House
) -> None:
    visit = only_visit(signed)
    page = mark(qtbot, signed, "guess after guess")
    assert page.said.text()
    assert (page.passphrase.text(), page.reason.text()) == ("", "Rita's visit")
    assert not only_visit(signed).is_in_error
    mark(qtbot, signed, _PASSPHRASE)

    assert only_visit(signed).is_in_error
    assert only_visit(signed).signature == visit.signature
    assert noted(signed, "marked_in_error") == [visit.id]


def test_what_is_entered_again_is_the_right_patients_and_nothing_of_it_is_signed(
    qtbot: QtBot, signed: House
) -> None:
    wrong = only_visit(signed)
    page = mark(qtbot, signed, _PASSPHRASE)
    page.finder.search.setText("roe")
    page.finder.list.setCurrentRow(0)
    page.go_on.click()
    done(qtbot, page)
    qtbot.waitUntil(lambda: signed.office.session is not None, timeout=5000)

    session = session_of(signed)
    assert session.patient.id == "p2"
    assert session.answers.as_dict() == wrong.answers.as_dict()
    changes = records_of(signed).store.changes_of(session.visit.id)
    assert {change.way for change in changes} == {"re_entered"}
    assert noted(signed, "visit_re_entered") == [session.visit.id]


def test_a_document_saved_before_is_listed_and_none_leaves_after(
    qtbot: QtBot, signed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.visit.documents.ask_for_file", lambda *_: "letter.pdf")
    signed.office.signing.page.documents.click()
    signed.office.documents.save.click()
    signed.office.documents.leave.click()
    page = mark(qtbot, signed, _PASSPHRASE)

    assert "visit summary, saved as a file by Ann Ash, for Moreno" in (
        page.recall.documents.toPlainText()
    )
    signed.office.show_visit()
    signed.office.signing.page.documents.click()
    assert signed.written.keys() == {"letter.pdf"}
    assert noted(signed, "document_exported") == [only_visit(signed).id]
    assert signed.window.pages.currentWidget() is signed.office.signing.page


def test_a_visit_moved_by_the_desk_is_written_down(qtbot: QtBot, house: House) -> None:
    records_of(house).store.register(_RITA)
    house.office.whose.show_move()
    page = house.office.whose.move
    page.finder.search.setText("roe")
    page.finder.list.setCurrentRow(0)
    page.reason.setText("mistyped")
    page.go_on.click()
    done(qtbot, page)

    assert only_visit(house).patient_id == "p2"
    assert noted(house, "visit_moved") == [only_visit(house).id]
    review(qtbot, house)
    sign(qtbot, house)
    assert only_visit(house).state == "signed"


def test_a_review_of_a_visit_that_was_moved_meanwhile_signs_nothing(
    qtbot: QtBot, house: House
) -> None:
    """It was read as another patient's."""
    review(qtbot, house)
    visit, store = only_visit(house), house.office.records.store
    assert store is not None
    records_of(house).store.register(_RITA)
    house.office.day.end_watching()
    store.move_visit(visit.id, visit.revision, "p1", "p2", "mistyped")
    row = house.office.signing.review.row
    say_whose(row)
    row.passphrase.setText(_PASSPHRASE)
    row.sign.click()
    qtbot.waitUntil(row.isEnabled, timeout=10_000)

    assert "another patient" in row.said.text()
    assert only_visit(house).signature is None
    stored(qtbot, house)
