"""A visit on the wrong patient, and a patient who is there twice, in the window."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QTableWidget
from pytestqt.qtbot import QtBot

from intake.answers import Answers
from intake.errors import UserFacingError
from intake.patient import Patient
from intake.recall import Issued
from intake.visit import Visit
from intake.whose import re_entered_id
from tests.ui.fakes import TextDocuments
from tests.ui.keyboard import ENTER, press, type_keys
from tests.ui.test_office import Desk, desk, protocol
from tests.ui.visits import NOW
from ui.merge_page import MergePage
from ui.move_visit_page import MoveVisitPage
from ui.patient_finder import PatientFinder
from ui.session import VisitSession
from ui.signed_whose import IN_ERROR

__all__ = ["desk", "protocol"]
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ANA = Patient("p1", "Moreno", "Ana", birth_date="1992-03-14", sex_at_birth="female")
_RITA = Patient("p2", "Roe", "Rita", birth_date="1960-05-01", sex_at_birth="female")
_ANNA = Patient("p3", "Moreno-Ruiz", "Ana", birth_date="1992-03-14")


@pytest.fixture
def two(qtbot: QtBot, desk: Desk) -> Desk:
    """Return a desk where Dr. Rivera has a visit of Ana's open; Rita is registered."""
    desk.office.window.activateWindow()
    qtbot.waitUntil(desk.office.window.isActiveWindow)
    desk.office.begin("Dr. Rivera", "clinician")
    for one in (_RITA, _ANNA):
        desk.store.register(one)
    desk.office.register(_ANA)
    session_of(desk).record("pain.now", 6)
    stored(qtbot, desk)
    return desk


def session_of(desk: Desk) -> VisitSession:
    assert desk.office.session is not None
    return desk.office.session


def stored(qtbot: QtBot, desk: Desk) -> None:
    """Wait until everything is in the records."""
    qtbot.waitUntil(lambda: desk.saver.pending() == [], timeout=5000)


def wrong_patient(desk: Desk) -> MoveVisitPage:
    """Press the keys that say that the visit in view is on the wrong patient."""
    press(Qt.Key.Key_T, _CTRL | _SHIFT)
    page = desk.office.window.pages.currentWidget()
    assert isinstance(page, MoveVisitPage)
    return page


def merging(desk: Desk) -> MergePage:
    """Press the keys that merge."""
    press(Qt.Key.Key_M, _CTRL | _SHIFT)
    page = desk.office.window.pages.currentWidget()
    assert isinstance(page, MergePage)
    return page


def find(finder: PatientFinder, text: str, row: int = 0) -> None:
    """Look for somebody and choose one."""
    finder.search.setText(text)
    finder.list.setCurrentRow(row)


def done(qtbot: QtBot, page: MoveVisitPage | MergePage) -> None:
    """Wait until the page is through with what it was told."""
    qtbot.waitUntil(lambda: not page.errands._is_busy, timeout=5000)
    QApplication.processEvents()


def issue(desk: Desk, *, is_wrong: bool) -> None:
    """Have a letter of the visit leave the records."""
    one = Issued("letter", "document_exported", NOW, "Sam", "Moreno, Ana", is_wrong)
    desk.store.issued.append((session_of(desk).visit.id, one))


def sign(desk: Desk) -> Visit:
    """Sign the open visit and show it as it was signed."""
    visit = desk.store.visits[session_of(desk).visit.id]
    signed = desk.store.sign(visit.id, visit.revision)
    desk.office.signing.signed.emit(signed, _ANA)
    return signed


def fields_of(page: MoveVisitPage | MergePage) -> list[list[str]]:
    """Return what stands side by side."""
    table = page.both
    cells = [
        [table.item(row, column) for column in range(4)]
        for row in range(table.rowCount())
    ]
    return [[one.text() for one in row if one is not None] for row in cells]


# moving


def test_a_visit_is_moved_with_keys_alone_and_its_form_goes_on_as_the_right_ones(
    qtbot: QtBot, two: Desk
) -> None:
    page = wrong_patient(two)
    type_keys(f"roe{ENTER}")
    assert fields_of(page)[2] == [
        "Born", "1992-03-14 (34 years)", "\u2260 differs", "1960-05-01 (66 years)",
    ]  # fmt: skip
    type_keys(f"{ENTER}called by the wrong name{ENTER}")
    done(qtbot, page)

    visit = session_of(two).visit
    assert two.store.visits[visit.id].patient_id == visit.patient_id == "p2"
    assert two.store.reasons == ["called by the wrong name"]
    assert two.store.by[-1] == two.office.person_id
    assert two.office.window.pages.currentWidget() is two.office.workspace
    assert session_of(two).answers.as_dict() == {"pain.now": 6}
    name = two.office.window.identity.name.text()
    assert name.startswith("Roe, Rita")
    assert "the visit stood under Moreno, Ana" in name


def test_age_sex_and_earlier_visits_of_the_right_patient_count_after_a_move(
    two: Desk,
) -> None:
    boy = replace(_RITA, sex_at_birth="male", birth_date="2019-05-01")
    two.store.patients["p2"] = boy
    earlier = replace(
        session_of(two).visit,
        id="v0",
        patient_id="p2",
        opened_at=NOW - timedelta(days=9),
        answers=Answers({"pain.now": 2}),
    )
    two.store.open_visit(earlier)
    before = session_of(two)
    visit_id = before.visit.id
    two.store.visits[visit_id] = replace(two.store.visits[visit_id], patient_id="p2")
    two.office.visits.follow(visit_id, boy)

    after = session_of(two)
    assert after.assessment != before.assessment
    assert after.visibility != before.visibility
    assert (before.last_values, after.last_values["pain.now"][1]) == ({}, 2)
    two.office.visits.follow(visit_id, _ANA)
    assert session_of(two).assessment == before.assessment
    assert (session_of(two).last_values, session_of(two).was_of) == ({}, None)


def test_what_is_typed_and_where_is_kept_when_a_form_follows(
    qtbot: QtBot, two: Desk
) -> None:
    assert two.office.workspace is not None
    two.office.workspace.page.go_to("pain.duration")
    type_keys("1.")
    move_elsewhere(two)
    qtbot.waitUntil(lambda: session_of(two).patient == _RITA, timeout=5000)
    session = session_of(two)
    assert two.office.workspace.page.active_question == "pain.duration"
    assert "1." in session.jottings.fields().values()
    session.record("pain.now", 8)
    stored(qtbot, two)

    assert two.store.visits[session.visit.id].answers["pain.now"] == 8
    assert len(two.office.visits.open_now) == 1


@pytest.mark.parametrize(
    ("who", "reason", "may"),
    [
        ("roe", "mistyped", True),
        ("roe", "  ", False),
        ("ana 1992-03-14", "mistyped", False),
        ("", "mistyped", False),
    ],
)
def test_another_patient_and_a_reason_are_needed_to_move_a_visit(
    two: Desk, who: str, reason: str, may: bool
) -> None:
    """The visit's own patient, looked for by mistake, is no other one."""
    del two.store.patients["p3"]
    page = wrong_patient(two)
    find(page.finder, who)
    page.reason.setText(reason)

    assert (page.finder.patient is not None) is bool(who)
    assert page.go_on.isEnabled() is may


def test_nobody_is_chosen_until_somebody_chooses(two: Desk) -> None:
    page = wrong_patient(two)
    type_keys("roe")

    assert page.finder.list.count() == 1
    assert page.finder.patient is None


def test_documents_that_left_under_the_wrong_name_are_to_be_called_back(
    qtbot: QtBot, two: Desk
) -> None:
    issue(two, is_wrong=True)
    page = wrong_patient(two)
    assert "will have to be called back: 1" in page.recall.title.text()
    find(page.finder, "roe")
    page.reason.setText("mistyped")
    page.go_on.click()
    done(qtbot, page)

    assert two.office.window.pages.currentWidget() is page
    assert "letter, saved as a file by Sam, for Moreno, Ana" in (
        page.recall.documents.toPlainText()
    )
    page.recall.copy.click()
    assert "Moreno" in QGuiApplication.clipboard().text()
    page.go_on.click()
    assert two.office.window.pages.currentWidget() is two.office.workspace
    assert session_of(two).patient == _RITA


def test_a_move_that_is_refused_says_why_and_loses_nothing_typed(
    qtbot: QtBot, two: Desk
) -> None:
    page = wrong_patient(two)
    find(page.finder, "roe")
    page.reason.setText("mistyped")
    two.store.failing = UserFacingError("disk_full", "The disk is full.", "Free some.")
    page.go_on.click()
    done(qtbot, page)

    assert page.said.text() == "The disk is full. Free some."
    assert (page.finder.patient, page.reason.text()) == (_RITA, "mistyped")
    assert session_of(two).patient == _ANA


def test_esc_leads_back_to_the_form_and_nothing_is_moved(two: Desk) -> None:
    page = wrong_patient(two)
    find(page.finder, "roe")
    press(Qt.Key.Key_Escape)

    assert two.office.window.pages.currentWidget() is two.office.workspace
    assert two.store.reasons == []


def test_a_visit_is_moved_from_the_list_and_back_to_it(qtbot: QtBot, two: Desk) -> None:
    """The one that is chosen there, whatever else is open."""
    other = replace(session_of(two).visit, id="v9", patient_id="p3")
    two.store.open_visit(other)
    two.office.show_home()
    two.office.day.watcher.look_now()
    home = two.office.home
    qtbot.waitUntil(lambda: len(home.worklist.entries()) == 2, timeout=5000)
    home.worklist._select(
        next(one for one in home.worklist.entries() if one.visit.id == "v9")
    )
    page = wrong_patient(two)
    find(page.finder, "roe")
    page.reason.setText("mistyped")
    page.go_on.click()
    done(qtbot, page)

    assert two.store.visits["v9"].patient_id == "p2"
    assert session_of(two).patient == _ANA
    assert two.office.window.pages.currentWidget() is home


def test_with_no_visit_in_view_nothing_is_moved_but_said(two: Desk) -> None:
    two.office.show_home()
    two.office.home.worklist._select(None)
    press(Qt.Key.Key_T, _CTRL | _SHIFT)

    assert two.office.window.pages.currentWidget() is two.office.home
    assert "choose it in the list" in two.office.window.news.text()


def test_what_waits_to_be_stored_is_stored_before_a_visit_is_moved(
    qtbot: QtBot, two: Desk
) -> None:
    two.store.failing = UserFacingError("disk_full", "The disk is full.", "Free some.")
    session_of(two).record("pain.now", 7)
    press(Qt.Key.Key_T, _CTRL | _SHIFT)

    assert two.office.window.pages.currentWidget() is two.office.workspace
    assert "still being stored" in two.office.window.news.text()
    two.store.failing = None


def test_the_desk_is_told_that_a_clinician_moves_what_one_began(two: Desk) -> None:
    visit = session_of(two).visit
    two.store.visits[visit.id] = replace(
        two.store.visits[visit.id], responsible="clinician/Dr. Rivera"
    )
    two.office.lock()
    two.office.begin("Noor", "desk")
    page = wrong_patient(two)

    assert "a clinician moves it" in page.words.text()
    assert not page.go_on.isVisible()


# a form that is open elsewhere


def move_elsewhere(desk: Desk) -> None:
    """Have somebody at another workstation move the visit."""
    visit = desk.store.visits[session_of(desk).visit.id]
    desk.store.visits[visit.id] = replace(visit, patient_id="p2")
    desk.office.day.watcher.look_now()


@pytest.mark.parametrize("page", ["form", "review", "documents"])
def test_a_form_that_is_open_follows_a_move_made_elsewhere(
    qtbot: QtBot, two: Desk, page: str
) -> None:
    """From a page that names the wrong patient, back to the form."""
    if page == "review":
        two.office.review_and_sign()
    elif page == "documents":
        two.office.documents._documents = TextDocuments
        two.office.show_documents()
    move_elsewhere(two)
    qtbot.waitUntil(lambda: session_of(two).patient == _RITA, timeout=5000)

    assert two.office.window.pages.currentWidget() is two.office.workspace
    assert two.office.window.identity.name.text().startswith("Roe, Rita")
    assert "is of Roe, Rita now" in two.office.window.news.text()


def test_a_form_that_is_not_in_view_follows_and_stays_so(
    qtbot: QtBot, two: Desk
) -> None:
    two.office.show_home()
    two.office.home.search.setText("half a na")
    move_elsewhere(two)
    qtbot.waitUntil(lambda: session_of(two).patient == _RITA, timeout=5000)

    assert two.office.window.pages.currentWidget() is two.office.home
    assert two.office.home.search.text() == "half a na"


# after the signature


def test_a_signed_visit_is_marked_and_shown_so_wherever_it_is(
    qtbot: QtBot, two: Desk
) -> None:
    signed = sign(two)
    page = wrong_patient(two)
    assert not page.finder.isVisible()
    type_keys(f"Rita's visit{ENTER}")
    done(qtbot, page)

    assert two.store.visits[signed.id].is_in_error
    assert "Rita's visit" in two.store.addenda[0].content
    press(Qt.Key.Key_Escape)
    shown = two.office.signing.page
    assert two.office.window.pages.currentWidget() is shown
    assert "ENTERED IN ERROR" in shown.warning.text()
    shown.documents.click()
    assert "no document is made of it" in shown.said.text()
    two.office.show_home()
    two.office.day.watcher.look_now()
    table = two.office.home.worklist.table
    qtbot.waitUntil(lambda: IN_ERROR in _texts(table), timeout=5000)
    assert not any("monitor" in words for words in _texts(table))


def test_a_mark_needs_a_reason(two: Desk) -> None:
    sign(two)
    page = wrong_patient(two)
    page.reason.setText("  ")

    assert not page.go_on.isEnabled()


def marked(qtbot: QtBot, desk: Desk) -> MoveVisitPage:
    """Mark the open visit, once it is signed, and stay on the page."""
    sign(desk)
    page = wrong_patient(desk)
    page.reason.setText("Rita's visit")
    page.go_on.click()
    done(qtbot, page)
    return page


def test_a_marked_visit_is_entered_again_and_opened_to_be_confirmed(
    qtbot: QtBot, two: Desk
) -> None:
    page = marked(qtbot, two)
    type_keys(f"roe{ENTER}")
    page.go_on.click()
    done(qtbot, page)

    assert two.office.window.pages.currentWidget() is two.office.workspace
    session = session_of(two)
    assert (session.patient, session.visit.signature) == (_RITA, None)
    assert session.answers.as_dict() == {"pain.now": 6}
    assert session.visit.on == NOW.date()


def test_answers_that_could_not_come_along_are_named(
    qtbot: QtBot, two: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = marked(qtbot, two)
    re_enter = two.store.re_enter_visit
    monkeypatch.setattr(
        two.store,
        "re_enter_visit",
        lambda visit, to: replace(re_enter(visit, to), left_out=("pain.now",)),
    )
    find(page.finder, "roe")
    page.go_on.click()
    done(qtbot, page)

    label = session_label(two, "pain.now")
    assert page.said.text() == f"To be asked anew: {label}."
    assert two.office.session is None
    page.go_on.click()
    assert session_of(two).patient == _RITA


def session_label(desk: Desk, question: str) -> str:
    return desk.office._tools.protocol.questions[question].label


def test_one_that_was_entered_again_leads_to_what_stands_in_its_place(
    qtbot: QtBot, two: Desk
) -> None:
    page = marked(qtbot, two)
    (wrong,) = two.store.visits.values()
    again = replace(
        wrong,
        id=re_entered_id(wrong.id),
        patient_id="p2",
        state="history",
        signature=None,
        is_in_error=False,
    )
    two.store.open_visit(again)
    press(Qt.Key.Key_Escape)
    two.office.signing.page.wrong.click()
    assert "in its place" in page.go_on.text()
    page.go_on.click()

    assert (session_of(two).visit.id, session_of(two).patient) == (again.id, _RITA)


def test_the_desk_calls_documents_back_and_marks_nothing(two: Desk) -> None:
    issue(two, is_wrong=True)
    signed = sign(two)
    two.office.lock()
    two.office.begin("Noor", "desk")
    two.office.open_visit(signed, _ANA)
    page = wrong_patient(two)

    assert "saved as a file by Sam" in page.recall.documents.toPlainText()
    assert not page.go_on.isVisible()
    assert not page.reason.isVisible()


def test_a_signed_visit_says_who_it_was_signed_for_when_that_is_another_today(
    two: Desk,
) -> None:
    sign(two)
    page = two.office.signing.page
    assert not page.warning.isVisible()
    two.store.merge_patients(_ANA, _ANNA)
    two.office.signing.show_again()

    assert "SIGNED FOR Moreno, Ana, born 1992-03-14" in page.warning.text()
    assert "listed for Moreno-Ruiz, Ana" in page.warning.text()
    assert "Not the same: family name, sex at birth." in page.warning.text()
    assert two.office.window.identity.name.text() == "Moreno-Ruiz, Ana"
    page.again.click()
    assert "SIGNED FOR Moreno, Ana" in page.warning.text()


def test_a_changed_registration_is_told_of_only_where_it_tells_who_somebody_is(
    two: Desk,
) -> None:
    sign(two)
    page, signing = two.office.signing.page, two.office.signing
    assert signing.shown is not None
    visit = signing.shown[0]
    signing.show(visit, replace(_ANA, phone="(904) 555-0163"))
    assert not page.warning.isVisible()
    signing.show(visit, replace(_ANA, birth_date="1992-03-15"))

    assert "the registration was changed since" in page.warning.text()


# merging


def test_two_registrations_are_merged_with_what_differs_in_words(
    qtbot: QtBot, two: Desk
) -> None:
    page = merging(two)
    assert page.stays.patient == _ANA
    type_keys(f"ruiz{ENTER}")
    rows = fields_of(page)
    assert rows[0] == ["Family name(s)", "Moreno-Ruiz", "\u2260 differs", "Moreno"]
    assert rows[1] == ["Given name(s)", "Ana", "same", "Ana"]
    assert rows[3] == ["Sex at birth", "not recorded", "\u2260 differs", "female"]
    assert "Moreno, Ana stays with 1 visit" in page.says.text()
    # A sex that nobody recorded speaks for nothing.
    assert not page.sure.isVisible()
    page.merge.click()
    done(qtbot, page)

    assert list(two.store.patients) == ["p2", "p1"]
    assert "Merged: Moreno-Ruiz, Ana is Moreno, Ana now" in page.said.text()
    assert page.earlier.list.count() == 1


def test_two_who_were_born_on_other_days_are_merged_only_by_who_made_sure(
    two: Desk,
) -> None:
    page = merging(two)
    find(page.goes, "roe")
    assert "Born: not the same" in page.warning.text()
    assert not page.merge.isEnabled()
    page.sure.click()
    assert page.merge.isEnabled()
    page.swap.click()
    assert not page.merge.isEnabled()


def test_swapping_makes_the_other_one_stay(qtbot: QtBot, two: Desk) -> None:
    page = merging(two)
    find(page.goes, "ruiz")
    page.swap.click()
    page.merge.click()
    done(qtbot, page)

    assert list(two.store.patients) == ["p2", "p3"]
    # The open form goes on as who stays.
    assert session_of(two).patient == _ANNA
    press(Qt.Key.Key_Escape)
    assert two.office.window.pages.currentWidget() is two.office.workspace
    assert "stood under Moreno, Ana" in two.office.window.identity.name.text()


def test_a_merge_is_undone_from_the_list_of_who_stays(qtbot: QtBot, two: Desk) -> None:
    two.store.merge_patients(_ANNA, _RITA)
    two.office.show_home()
    two.office.home.search.setText("roe")
    qtbot.waitUntil(lambda: two.office.home.chosen_patient() is not None)
    page = merging(two)
    assert page.stays.patient == _RITA
    assert "Moreno-Ruiz, Ana" in page.earlier.list.item(0).text()
    page.earlier.undo.click()
    done(qtbot, page)

    assert two.store.patients["p3"] == _ANNA
    assert "Undone: Moreno-Ruiz, Ana is a patient of their own" in page.said.text()
    assert not page.earlier.isVisible()


def test_typing_reads_no_patient_again_and_again(
    two: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reading stands in the trail."""
    page, listed = merging(two), list[str]()
    monkeypatch.setattr(
        page.earlier, "show_merges", lambda name, _merged: listed.append(name)
    )
    type_keys("ruiz")
    assert (page.goes.list.count(), listed) == (1, [])
    find(page.stays, "roe")
    assert listed[-1] == "Roe, Rita"


def test_nobody_is_merged_into_themselves(two: Desk) -> None:
    page = merging(two)
    find(page.goes, "ana 1992-03-14", 1)

    assert page.goes.patient == page.stays.patient == _ANA
    assert page.says.text() == "This is one and the same registration."
    assert not page.merge.isEnabled()


def test_a_merge_that_is_refused_says_why(qtbot: QtBot, two: Desk) -> None:
    page = merging(two)
    find(page.goes, "ruiz")
    two.store.failing = UserFacingError("patient_merged", "Somebody did.", "Look.")
    page.merge.click()
    done(qtbot, page)

    assert page.said.text() == "Somebody did. Look."
    assert page.merge.isEnabled()


def test_the_search_says_under_which_name_somebody_stood(
    qtbot: QtBot, two: Desk
) -> None:
    two.store.merge_patients(_ANNA, _RITA)
    two.office.show_home()
    two.office.home.search.setText("roe")
    qtbot.waitUntil(lambda: two.office.home.table.rowCount() == 1)
    cell = two.office.home.table.item(0, 0)
    assert cell is not None
    assert cell.text() == "Roe, Rita   (merged from Moreno-Ruiz, Ana)"
    page = merging(two)
    page.goes.search.setText("roe")
    assert "merged from Moreno-Ruiz, Ana" in page.goes.list.item(0).text()


def test_who_comes_next_finds_nobody_that_was_looked_for(two: Desk) -> None:
    page, other = wrong_patient(two), merging(two)
    find(page.finder, "roe")
    find(other.goes, "roe")
    two.office.lock()
    two.office.begin("Dr. Kim", "clinician")

    assert page.finder.patient is other.goes.patient is other.stays.patient is None
    assert page.told.text() == ""
    assert (fields_of(page), fields_of(other)) == ([], [])


def test_what_was_chosen_is_still_there_when_the_screen_was_hidden(two: Desk) -> None:
    page = wrong_patient(two)
    find(page.finder, "roe")
    two.office.works.hide()
    two.office.works.show_again()

    assert two.office.window.pages.currentWidget() is page
    assert page.finder.patient == _RITA


def _texts(table: QTableWidget) -> list[str]:
    cells = (
        table.item(row, column)
        for row in range(table.rowCount())
        for column in range(table.columnCount())
    )
    return [one.text() for one in cells if one is not None]
