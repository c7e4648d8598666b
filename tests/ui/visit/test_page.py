"""How the form follows the answers."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.keyboard import press, type_keys
from tests.ui.visit.conftest import OpenPage
from ui.visit.page import VisitPage


def shown(page: VisitPage) -> list[str]:
    return [row.question.id for row in page.form.shown_rows()]


def undo(page: VisitPage, *, again: bool = False) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    shift = Qt.KeyboardModifier.ShiftModifier
    press(Qt.Key.Key_Z, control | shift if again else control)


def test_nothing_is_answered_before_somebody_answers(open_page: OpenPage) -> None:
    page = open_page()

    assert dict(page.session.answers) == {}
    for chip in page.findChildren(QAbstractButton):
        assert not chip.isChecked()


def test_the_first_open_question_has_the_keyboard(open_page: OpenPage) -> None:
    assert open_page("desk").active_question == "pain.map"


def test_a_detail_opens_under_its_parent_and_has_the_keyboard_next(
    open_page: OpenPage,
) -> None:
    page = open_page()
    page.go_to("chest.breathless")

    type_keys("y")

    ids = shown(page)
    assert ids.index("chest.breathless_at_rest") == ids.index("chest.breathless") + 1
    assert page.active_question == "chest.breathless_at_rest"


def test_leaving_the_parent_hides_a_detail_and_loses_nothing(
    open_page: OpenPage,
) -> None:
    page = open_page()
    page.go_to("cancer.history")
    type_keys("ya\n")
    assert page.session.answers["cancer.types"] == ["breast"]

    page.go_to("cancer.history")
    type_keys("n")

    assert "cancer.types" not in shown(page)
    assert page.session.answers["cancer.types"] == ["breast"]
    texts = [label.text() for label in page.form.findChildren(QLabel)]
    assert any("Hidden now" in text and "Which cancer" in text for text in texts)


def test_the_desk_sees_no_section_and_no_question_of_the_clinician(
    open_page: OpenPage,
) -> None:
    page = open_page("desk")
    seen = set()
    for row in range(page.rail.count()):
        page.rail.setCurrentRow(row)
        seen.update(shown(page))

    questions = page.session.protocol.questions
    assert page.rail.count() == 6
    assert not any(questions[q].private for q in seen)
    assert not any(questions[q].who == "clinician" for q in seen)


def test_sections_are_built_when_they_are_first_looked_at(open_page: OpenPage) -> None:
    page = open_page()

    assert len(page._forms) == 1
    page.step_section(1)
    assert len(page._forms) == 2


def test_the_rail_counts_what_is_asked(open_page: OpenPage) -> None:
    page = open_page()
    page.go_to("cancer.history")
    type_keys("nnn")

    told = page.rail.item(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Cancer and general health, ◐  3 of 5 asked"


def test_the_rail_marks_a_finished_section_in_which_something_opened(
    open_page: OpenPage,
) -> None:
    page = open_page()
    page.go_to("cancer.history")
    type_keys("nnnnn")
    page.session.record("cancer.history", "yes")

    told = page.rail.item(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "new" in told


def test_a_closed_question_can_be_opened_by_hand(open_page: OpenPage) -> None:
    page = open_page()
    assert "reason.in_patients_words" not in shown(page)

    page.form.more.button.click()
    type_keys("\n")

    assert page.active_question == "reason.in_patients_words"


def test_one_line_opens_the_full_nerve_examination(open_page: OpenPage) -> None:
    page = open_page()
    page.go_to("exam.gait")

    page.form.more.button.click()
    type_keys("\n")

    assert page.active_question == "exam.tandem"
    assert "exam.strength.hip_flexion" in shown(page)
    assert "exam.sensation.saddle" in shown(page)


def test_a_private_question_cannot_be_reached_at_the_desk(open_page: OpenPage) -> None:
    page = open_page("desk")
    page.go_to("risk.iv_drug_use")

    assert page.active_question == "pain.map"
    assert not page.session.opened_by_hand


def test_closing_the_page_keeps_what_was_being_typed(open_page: OpenPage) -> None:
    page = open_page()
    page.go_to("vitals.pulse")
    type_keys("72")
    page.close()

    assert page.session.answers["vitals.pulse"] == {"value": 72, "unit": "/min"}


def test_undo_and_redo_go_to_the_question_they_change(open_page: OpenPage) -> None:
    page = open_page()
    page.go_to("general.fever")
    type_keys("y")
    page.go_to("neuro.leg_weakness")
    type_keys("n")

    undo(page)
    assert "neuro.leg_weakness" not in page.session.answers
    undo(page)
    assert "general.fever" not in page.session.answers
    assert page.active_question == "general.fever"
    undo(page, again=True)
    assert page.session.answers["general.fever"] == "yes"


def test_escape_discards_nothing(open_page: OpenPage) -> None:
    page = open_page()
    page.go_to("vitals.pulse")
    type_keys("72\x1b")
    page.go_to("exam.looks_unwell")

    assert page.session.answers["vitals.pulse"] == {"value": 72, "unit": "/min"}


def test_the_arrows_go_up_and_down_without_answering(open_page: OpenPage) -> None:
    page = open_page()
    page.go_to("cancer.history")

    press(Qt.Key.Key_Down)
    assert page.active_question == "general.weight_loss"
    press(Qt.Key.Key_Up)
    assert page.active_question == "cancer.history"
    assert dict(page.session.answers) == {}


def test_all_others_no_lists_what_it_sets_and_waits_for_a_yes(
    open_page: OpenPage,
) -> None:
    page = open_page(answers={"background.medicines": ["ibuprofen"]})
    page.go_to("risk.steroid_long")
    others = page._others["risks"]

    others.button.click()
    assert "Takes a blood thinner" in others._text.text()
    assert "risk.anticoagulant" not in page.session.answers
    others._confirm.click()

    assert page.session.answers["risk.anticoagulant"] == "no"
    assert page.session.answers["risk.steroid_long"] == "no"
    assert "risk.aorta" not in page.session.answers


def test_all_others_no_never_sets_a_red_flag_and_is_offered_twice_only(
    open_page: OpenPage,
) -> None:
    page = open_page()
    for row in range(page.rail.count()):
        page.rail.setCurrentRow(row)
    page.session.record("pain.with_movement", "no")
    page._others["other_symptoms"].button.click()
    page._others["other_symptoms"]._confirm.click()

    assert set(page._others) == {"risks", "other_symptoms"}
    set_now = [q for q, value in page.session.answers.items() if value == "no"]
    questions = page.session.protocol.questions
    assert "gut.abdominal_pain" in set_now
    assert not any(questions[q].red_flag for q in set_now)


def test_every_control_has_a_name_and_room_for_a_finger(
    open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page(answers={"cancer.history": "yes"})
    for row in range(page.rail.count()):
        page.rail.setCurrentRow(row)
        page.start()
        for control in page.form.findChildren(QWidget):
            if control.isVisible() and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
                named = control.accessibleName() or getattr(control, "text", str)()
                assert named, control
        for button in page.form.findChildren(QAbstractButton):
            if button.isVisible():
                assert button.height() >= 24, button.text()
                assert button.width() >= 24, button.text()


def test_the_form_fits_beside_the_panel_on_a_small_screen(open_page: OpenPage) -> None:
    page = open_page(answers={"cancer.history": "yes"})
    for row in range(page.rail.count()):
        page.rail.setCurrentRow(row)
        page.start()
        QApplication.processEvents()
        body = page.form.widget()
        assert body is not None
        assert body.width() <= page.form.viewport().width(), page.form.section.id


def test_what_a_person_typed_is_never_read_as_markup(open_page: OpenPage) -> None:
    page = open_page(answers={"background.medicines": ["<b>x</b>"]})
    page.go_to("background.medicines")

    labels = [x for x in page.form.findChildren(QLabel) if "<b>" in x.text()]
    assert labels
    assert all(x.textFormat() == Qt.TextFormat.PlainText for x in labels)
