"""Signing in the window, with a door: who, what was read, and nothing in between."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QRadioButton
from pytestqt.qtbot import QtBot

from intake.answers import AnswerChange
from intake.as_signed import as_signed
from intake.audit import AuditFilter, AuditNote
from intake.decisions import Decision, grounds_of
from intake.errors import UserFacingError
from intake.outcome_json import assessment_json
from intake.patient import Patient
from intake.people import Person
from intake.ports import OpenRecords
from intake.protocol import Protocol
from intake.signing import canonical, signature
from intake.visit import Signature, Visit, digest_of
from tests.ui.keyboard import type_keys
from tests.ui.test_entrance import House, open_house, protocol, set_up, sign_in
from tests.ui.visits import NOW, say_whose
from ui.session import VisitSession
from ui.visit.editors import Editor

__all__ = ["open_house", "protocol"]
_PASSPHRASE = "kettle moss river nine"  # noqa: S105  (made up, opens nothing)
_BOBS = "lamp under the stairs"


@pytest.fixture
def house(qtbot: QtBot, open_house: Callable[[], House]) -> House:
    """Return a house where Dr. Ash is in, with a visit that has one answer."""
    house = open_house()
    house.window.activateWindow()
    qtbot.waitUntil(house.window.isActiveWindow)
    set_up(qtbot, house)
    bob = Person("bob", "Bob Birch", frozenset({"desk"}))
    records_of(house).store.add_person(bob)
    records_of(house).give_passphrase(bob, _BOBS, by="")
    house.office.register(Patient("p1", "Moreno", birth_date="1992-03-14"))
    session_of(house).record("exam.looks_unwell", "no")
    stored(qtbot, house)
    return house


def records_of(house: House) -> OpenRecords:
    assert house.door.records is not None
    return house.door.records


def session_of(house: House) -> VisitSession:
    assert house.office.session is not None
    return house.office.session


def stored(qtbot: QtBot, house: House) -> None:
    """Wait until everything is in the records."""
    saver = house.office._tools.saver
    qtbot.waitUntil(lambda: saver.pending() == [], timeout=5000)


def review(qtbot: QtBot, house: House) -> None:
    """Show what is signed, once it is stored."""
    house.office.review_and_sign()
    page = house.office.signing.review
    qtbot.waitUntil(lambda: page.revision is not None, timeout=5000)


def sign(qtbot: QtBot, house: House, passphrase: str = _PASSPHRASE) -> None:
    """Type a passphrase on the review and wait for what comes of it."""
    row = house.office.signing.review.row
    say_whose(row)
    row.passphrase.setText(passphrase)
    row.sign.click()
    qtbot.waitUntil(
        lambda: row.isEnabled() or house.office.signing.is_open, timeout=10_000
    )


def only_visit(house: House) -> Visit:
    ((visit, _),) = records_of(house).store.recent_visits()
    return visit


def text_of(house: House) -> str:
    return house.office.signing.page.view.toPlainText()


def test_what_registration_left_out_is_named_in_the_review(
    qtbot: QtBot, house: House
) -> None:
    """It is asked next, too, but is no question of the form to go to."""
    house.office.register(Patient("p2", "Nameless", birth_date="1960-01-01"))
    for _ in range(6):
        house.office.ask_next()
    review(qtbot, house)

    text = house.office.signing.review.view.toPlainText()
    assert "sex at birth (registration)" in text


def test_what_was_reviewed_is_signed_with_the_passphrase_again(
    qtbot: QtBot, house: House
) -> None:
    review(qtbot, house)
    text = house.office.signing.review.view.toPlainText()
    for words in ("Moreno", "not reviewed", "not settled", "Suggested"):
        assert words in text
    sign(qtbot, house)

    visit = only_visit(house)
    assert visit.signature is not None
    assert (visit.state, visit.signature.name) == ("signed", "Ann Ash")
    assert house.office.session is None
    assert visit.signature.digest in text_of(house)
    assert "It still matches" in text_of(house)
    assert house.window.identity.name.text() == "Moreno"


def test_a_wrong_passphrase_signs_nothing_and_is_counted(
    qtbot: QtBot, house: House
) -> None:
    review(qtbot, house)
    sign(qtbot, house, "guess after guess")
    row = house.office.signing.review.row

    assert "nothing was signed" in row.said.text()
    assert row.passphrase.text() == ""
    assert only_visit(house).signature is None
    sign(qtbot, house)
    assert only_visit(house).signature is not None
    (noted,) = records_of(house).store.audit_entries(AuditFilter("sign_in_failed"))
    assert noted.note.detail["times"] == 1


def test_without_a_passphrase_nothing_is_signed(qtbot: QtBot, house: House) -> None:
    review(qtbot, house)
    row = house.office.signing.review.row
    say_whose(row)
    row.sign.click()

    assert "passphrase once more" in row.said.text()
    assert only_visit(house).signature is None


@pytest.mark.parametrize("typed", ["", "M", "1992", "AM 1992", "M 1958"])
def test_who_does_not_say_whose_visit_it_is_signs_nothing(
    qtbot: QtBot, house: House, typed: str
) -> None:
    """They may believe to be in the visit beside it."""
    review(qtbot, house)
    row = house.office.signing.review.row
    assert house.window.focusWidget() is row.whose
    type_keys(f"{typed}\n{_PASSPHRASE}\n")

    assert "initials and birth year" in row.said.text()
    assert row.isEnabled()
    assert only_visit(house).signature is None
    assert house.window.focusWidget() is row.whose


def test_after_wrong_initials_the_passphrase_is_typed_anew_or_taken(
    qtbot: QtBot, house: House
) -> None:
    """Typed once more it is not appended to what stands there."""
    review(qtbot, house)
    type_keys(f"am91\n{_PASSPHRASE}\n")
    say_whose(house.office.signing.review.row)
    type_keys(f"\n{_PASSPHRASE}")

    assert house.office.signing.review.row.passphrase.text() == _PASSPHRASE


def test_what_is_typed_while_the_store_is_busy_stays(
    qtbot: QtBot, house: House
) -> None:
    """The review is drawn again when everything is stored; nobody types anew."""
    session_of(house).record("pain.now", 3)
    house.office.review_and_sign()
    page = house.office.signing.review
    assert page.revision is None
    type_keys(f"m 92\n{_PASSPHRASE}\n")
    assert "being stored" in page.row.said.text()
    qtbot.waitUntil(lambda: page.revision is not None, timeout=5000)
    assert page.row.said.text() == ""
    type_keys("\n")

    qtbot.waitUntil(lambda: house.office.signing.is_open, timeout=10_000)


def test_what_was_typed_last_is_signed_too(qtbot: QtBot, house: House) -> None:
    """It was still in the editor when the review was asked for."""
    assert house.office.workspace is not None
    page = house.office.workspace.page
    page.go_to("suspicion.note")
    editor = house.window.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "looks worse than it sounds")
    review(qtbot, house)
    sign(qtbot, house)

    assert "looks worse" in only_visit(house).answers["suspicion.note"]
    assert "looks worse than it sounds" in text_of(house)


def test_what_came_in_after_reading_is_told_and_not_signed(
    qtbot: QtBot, house: House
) -> None:
    review(qtbot, house)
    visit = only_visit(house)
    change = AnswerChange("pain.now", None, 9, "Kim", "desk", NOW, "desk")
    records_of(house).store.record(visit.id, visit.revision, [change])
    sign(qtbot, house)

    page = house.office.signing.review
    assert "added to this visit after you read it" in page.row.said.text()
    assert only_visit(house).signature is None
    assert session_of(house).answers["pain.now"] == 9, "and now it is shown"
    sign(qtbot, house)
    assert only_visit(house).signature is not None


def test_while_an_answer_waits_for_a_choice_nothing_is_signed(
    qtbot: QtBot, house: House
) -> None:
    visit = only_visit(house)
    change = AnswerChange("pain.now", None, 9, "Kim", "desk", NOW, "desk")
    records_of(house).store.record(visit.id, visit.revision, [change])
    session_of(house).record("pain.now", 2)
    qtbot.waitUntil(lambda: bool(house.office.disputes.all()), timeout=5000)
    review(qtbot, house)

    page = house.office.signing.review
    assert "stored 9" in page.view.toPlainText()
    assert not page.row.sign.isEnabled()
    assert session_of(house).answers["pain.now"] == 2, "ours stays in the form"
    (dispute,) = house.office.disputes.all()
    house.office.disputes.settle(dispute, keep_ours=True)
    stored(qtbot, house)
    review(qtbot, house)
    assert page.row.sign.isEnabled()
    (noted,) = records_of(house).store.audit_entries(AuditFilter("conflict_settled"))
    assert noted.note.who == house.door.whoever_is_in().id


def test_a_signed_visit_takes_nothing_that_is_typed(qtbot: QtBot, house: House) -> None:
    review(qtbot, house)
    sign(qtbot, house)
    before = text_of(house)
    page = house.office.signing.page
    QTest.keyClicks(page.view, "yes")

    assert "Write an addendum" in page.said.text()
    assert text_of(house) == before
    assert page.findChildren(Editor) == []


def test_an_addendum_is_signed_by_itself_and_stands_below(
    qtbot: QtBot, house: House
) -> None:
    review(qtbot, house)
    sign(qtbot, house)
    signed = only_visit(house)
    house.office.signing.show_addendum()
    page = house.office.signing.addenda.page
    assert page is not None
    page.sign_row.passphrase.setText(_PASSPHRASE)
    page.sign_row.sign.click()
    assert "nothing to sign yet" in page.sign_row.said.text()
    page.kinds.buttons()[2].setChecked(True)
    page.text.setPlainText("Read it off the wrong chart.")
    page.answers.add("exam.looks_unwell")
    page.answers.session.record("exam.looks_unwell", "yes")
    page.sign_row.passphrase.setText("guess after guess")
    page.sign_row.sign.click()
    qtbot.waitUntil(page.sign_row.isEnabled, timeout=10_000)
    assert "not your passphrase" in page.sign_row.said.text()
    assert page.text.toPlainText() == "Read it off the wrong chart."
    page.sign_row.passphrase.setText(_PASSPHRASE)
    page.sign_row.sign.click()
    qtbot.waitUntil(lambda: house.office.signing.addenda.page is None, timeout=10_000)

    (one,) = records_of(house).store.addenda_of(signed.id)
    assert one.kind == "correction"
    assert one.answers == {"exam.looks_unwell": "yes"}
    assert "Read it off the wrong chart." in text_of(house)
    assert only_visit(house) == signed, "what was signed stays"
    house.office.signing.page.again.click()
    assert "now yes" in text_of(house)
    assert "Nothing of this is stored" in text_of(house)
    house.office.signing.page.again.click()
    assert "Read it off the wrong chart." in text_of(house)


def test_a_note_has_no_answers(qtbot: QtBot, house: House) -> None:
    review(qtbot, house)
    sign(qtbot, house)
    house.office.signing.show_addendum()
    page = house.office.signing.addenda.page
    assert page is not None
    page.kinds.buttons()[1].setChecked(True)
    page.answers.add("result.esr")
    page.answers.session.record("result.esr", {"value": 60, "unit": "mm/h"})
    assert page.content()[1] == {"result.esr": {"value": 60, "unit": "mm/h"}}
    note = page.kinds.buttons()[0]
    assert isinstance(note, QRadioButton)
    note.setChecked(True)

    assert not page.answers.isVisible()
    assert page.content()[1] == {}


def test_the_desk_reads_the_history_of_a_signed_visit_and_no_more(
    qtbot: QtBot, house: House
) -> None:
    session_of(house).record("pain.now", 7)
    review(qtbot, house)
    sign(qtbot, house)
    house.office.lock()
    sign_in(qtbot, house, "Bob Birch", _BOBS)
    qtbot.waitUntil(lambda: "Bob Birch" in house.window.user.text())
    ((visit, patient),) = house.office.records.recent()
    house.office.open_visit(visit, patient)
    page, label = house.office.signing.page, house.office._tools.protocol.questions

    assert f"{label['pain.now'].label}: 7" in text_of(house)
    assert label["exam.looks_unwell"].label not in text_of(house)
    assert "Assessment" not in text_of(house)
    assert not page.add.isVisible()
    assert not page.again.isVisible()


def test_results_of_the_next_day_reach_the_signed_visit(
    qtbot: QtBot, house: House
) -> None:
    """From the visit of today; which stays open beside it."""
    review(qtbot, house)
    sign(qtbot, house)
    visit = only_visit(house)
    found = house.office.records.visit_of(visit.id)
    assert found is not None
    house.office.open_new_visit(found[1])
    today = house.office.session
    assert today is not None
    assert house.office.workspace is not None
    house.office.workspace.earlier.visit_wanted.emit(visit.id)
    assert house.office.signing.is_open
    assert "It still matches" in text_of(house)

    house.office.visits.go_to(today.visit.id)
    assert house.office.session is today


def test_an_altered_signed_visit_says_so(qtbot: QtBot, house: House) -> None:
    review(qtbot, house)
    sign(qtbot, house)
    visit = only_visit(house)
    assert visit.signature is not None
    patient = records_of(house).store.patient("p1")
    for content in (visit.signature.content.replace("Ash", "Axe"), "{"):
        mark = replace(visit.signature, content=content)
        house.office.signing.show(replace(visit, signature=mark), patient)
        assert "altered" in house.office.signing.page.warning.text() + text_of(house)
        assert house.office.signing.page.warning.isVisible()


def test_the_documents_of_a_signed_visit_are_made_from_what_was_signed(
    qtbot: QtBot, house: House
) -> None:
    """Today's registration is another one; and by another protocol none is made."""
    review(qtbot, house)
    sign(qtbot, house)
    store = records_of(house).store
    store.update_patient(replace(store.patient("p1"), family_name="Okafor"))
    house.office.signing.page.documents.click()
    record = house.office.documents._record
    assert record is not None
    assert (record.patient.family_name, record.clinician) == ("Moreno", "Ann Ash")
    house.office.documents.leave.click()
    assert house.window.pages.currentWidget() is house.office.signing.page
    tools = house.office.signing._tools
    newer = replace(tools.protocol, digest="f" * 64)
    house.office.signing._tools = replace(tools, protocol=newer)
    house.office.signing.page.documents.click()
    assert "another version" in house.office.signing.page.said.text()


def test_a_save_is_noted_for_who_typed_it_though_another_took_over(
    qtbot: QtBot, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk was full while they changed seats; Bob may not even examine."""
    store = records_of(house).store
    full = UserFacingError("disk_full", "The disk is full.", "Free some space.")

    def failing(*_: object) -> Visit:
        raise full

    with monkeypatch.context() as patch:
        patch.setattr(store, "record", failing)
        session_of(house).record("exam.looks_unwell", "yes")
        house.office.lock()
        sign_in(qtbot, house, "Bob Birch", _BOBS)
        qtbot.waitUntil(lambda: "Bob Birch" in house.window.user.text())
        session_of(house).record("pain.now", 4)
    stored(qtbot, house)

    assert only_visit(house).answers["exam.looks_unwell"] == "yes"
    latest = store.audit_entries(AuditFilter("answers_recorded"))[:2]
    who = [entry.note.who for entry in latest]
    ann = next(one.id for one in store.people() if one.name == "Ann Ash")
    assert who == ["bob", ann]
    assert store.audit_entries(AuditFilter("refused")) == []


def test_who_may_read_no_visit_does_not_inherit_the_open_one(
    qtbot: QtBot, house: House
) -> None:
    """Somebody who is the owner and nothing else sits down at the open screen."""
    olu = Person("olu", "Olu", frozenset({"owner"}))
    records_of(house).store.add_person(olu)
    records_of(house).give_passphrase(olu, _BOBS, by="")
    house.office.lock()
    sign_in(qtbot, house, "Olu", _BOBS)
    qtbot.waitUntil(lambda: "Olu" in house.window.user.text())

    assert house.office.session is None
    assert house.window.identity.name.text() == "No patient open"


def test_a_lock_is_noted_in_the_name_of_who_left(qtbot: QtBot, house: House) -> None:
    ann = house.door.whoever_is_in().id
    house.office.lock()
    store = records_of(house).store
    qtbot.waitUntil(lambda: bool(store.audit_entries(AuditFilter("locked"))))

    (noted,) = store.audit_entries(AuditFilter("locked"))
    assert noted.note.who == ann


def test_what_is_not_decided_is_a_link_to_the_panel(qtbot: QtBot, house: House) -> None:
    """Nothing holds up the signature: it is listed, and one click away."""
    session_of(house).record("neuro.saddle_numb", "yes")
    stored(qtbot, house)
    review(qtbot, house)
    page, open_visits = house.office.signing.review, house.office.visits
    first, second, *_ = [s.action.id for s in session_of(house).decided.open()]
    assert page.row.sign.isEnabled()
    assert f"suggestion:{first}" in page.view.links()
    page.view.anchorClicked.emit(QUrl(f"suggestion:{second}"))

    assert open_visits.workspace is not None
    panel = open_visits.workspace.panel
    assert panel is not None
    assert panel.view.hasFocus()
    assert panel.view.action == second
    type_keys("d1\n")
    stored(qtbot, house)
    review(qtbot, house)
    assert f"suggestion:{second}" not in page.view.links()
    assert "Declined: The patient does not want it" in page.view.toPlainText()


def test_every_open_question_is_a_link_to_its_field(qtbot: QtBot, house: House) -> None:
    review(qtbot, house)
    session, page = session_of(house), house.office.signing.review
    missing = [
        f"ask:{question}"
        for question in session.assessment.open_questions
        if question in session.protocol.questions
    ]
    assert missing
    assert set(missing) <= set(page.view.links())
    page.view.anchorClicked.emit(QUrl(missing[-1]))
    assert house.office.visits.workspace is not None
    asked = house.office.visits.workspace.page.active_question
    assert f"ask:{asked}" == missing[-1]


def test_what_was_decided_is_signed_and_read_again(qtbot: QtBot, house: House) -> None:
    session_of(house).record("neuro.saddle_numb", "yes")
    first = session_of(house).decided.open()[0]
    session_of(house).decided.decide(first.action.id, "declined", "seen there today")
    stored(qtbot, house)
    review(qtbot, house)
    sign(qtbot, house)

    visit = only_visit(house)
    assert visit.signature is not None
    (kept,) = records_of(house).store.decisions_of(visit.id)
    assert [one.id for one in as_signed(visit.signature).decisions] == [kept.id]
    assert kept.who == "Ann Ash"
    label = first.action.label.rstrip(".")
    assert f"{label}: Declined: seen there today (Ann Ash" in text_of(house)


def test_a_decision_made_elsewhere_after_the_review_is_not_signed_unseen(
    qtbot: QtBot, house: House
) -> None:
    session_of(house).record("neuro.saddle_numb", "yes")
    stored(qtbot, house)
    review(qtbot, house)
    session = session_of(house)
    first = session.decided.open()[0]
    theirs = Decision(
        "theirs",
        first.action.id,
        "accepted",
        grounds_of(session.assessment, first),
        "Kim",
        NOW,
    )
    records_of(house).store.decide(session.visit.id, theirs)
    sign(qtbot, house)

    assert only_visit(house).signature is None
    text = house.office.signing.review.view.toPlainText()
    assert "Accepted (Kim" in text, "it is shown at once"
    sign(qtbot, house)
    assert only_visit(house).signature is not None


def test_what_nobody_confirmed_is_listed_signed_and_told(
    qtbot: QtBot, house: House
) -> None:
    """It holds up no signature, and goes with both names into what is signed."""
    session = session_of(house)
    session.set_paper(True)
    session.record("general.fever", "yes")
    session.record("general.fatigue", "no")
    session.set_paper(False)
    stored(qtbot, house)
    first, *_ = session.confirmed.units()
    session.confirmed.confirm(first)
    stored(qtbot, house)
    review(qtbot, house)
    page = house.office.signing.review
    left = list(session.confirmed.marked())
    assert len(left) == 1
    assert page.row.sign.isEnabled()
    assert f"ask:{left[0]}" in page.view.links()
    assert "Not confirmed by a clinician: 1" in page.view.toPlainText()
    assert "from the patient's paper, not confirmed" in page.view.toPlainText()

    sign(qtbot, house)
    qtbot.waitUntil(lambda: house.office.signing.is_open)
    words = house.office.signing.page.view.toPlainText()
    assert "Not confirmed by a clinician: 1" in words
    assert "Confirmed by a clinician: 1" in words


def test_a_visit_signed_before_there_were_decisions_reads_as_it_was(
    qtbot: QtBot, house: House, protocol: Protocol
) -> None:
    """Nothing is called undecided where nobody could decide; it still matches."""
    session_of(house).record("cancer.history", "yes")
    stored(qtbot, house)
    visit, store = only_visit(house), records_of(house).store
    signer = house.door.whoever_is_in()
    patient = store.patient(visit.patient_id)
    told = assessment_json(session_of(house).assessment)
    content = json.loads(signature(visit, patient, told, signer, NOW).content)
    del content["decisions"]
    text = canonical(content)
    mark = Signature(text, digest_of(text), signer.id, signer.name, NOW)
    note = AuditNote("signed", signer.id, NOW, subject=visit.id)
    house.office.visits.close_all()
    store.sign(visit.id, visit.revision, mark, [note], patient.id)
    house.office.open_visit(store.visit(visit.id), patient)

    shown = text_of(house)
    assert "It still matches" in shown
    assert "ecided" not in shown
    assert house.office.signing.page.warning.text() == ""
    house.office.signing.page.again.click()
    assert "None: today's protocol says the same." in text_of(house)
    house.office.signing.page.again.click()
    house.office.show_documents()
    record = house.office.documents._record
    assert record is not None
    assert record.decisions == ()
    assert record.signed_at == NOW
