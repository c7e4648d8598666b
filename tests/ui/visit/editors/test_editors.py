"""Each editor on the real page, driven by keys and by the mouse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from tests.ui.keyboard import press, type_keys
from tests.ui.visit.conftest import OpenPage
from ui.visit.chip import Chip
from ui.visit.editors.entry import EntryEditor
from ui.visit.page import VisitPage


def answer(page: VisitPage, question: str, keys: str) -> object:
    """Type an answer and return what is stored."""
    page.go_to(question)
    type_keys(keys)
    return page.session.answers.get(question)


def chip(page: VisitPage, question: str, words: str) -> Chip:
    row = page.form.rows[question]
    return next(c for c in row.findChildren(Chip) if c.text() == words)


@pytest.mark.parametrize(("key", "value"), [("y", "yes"), ("N", "no"), ("u", "unsure")])
def test_one_key_answers_a_yes_no_question_and_goes_on(
    open_page: OpenPage, key: str, value: str
) -> None:
    page = open_page()

    assert answer(page, "general.fatigue", key) == value
    assert page.active_question == "general.night_sweats"


@pytest.mark.parametrize(
    "text", ["no\u00a0break", " blanks around ", "two\r\nlines", "\ufdd0"]
)
def test_a_text_from_elsewhere_is_not_changed_by_being_looked_at(
    open_page: OpenPage, text: str
) -> None:
    page = open_page(answers={"suspicion.note": text, "general.fatigue": "yes"})

    page.go_to("suspicion.note")
    page.go_to("general.fatigue")
    page.flush()

    assert page.session.answers["suspicion.note"] == text
    assert not page.session.can_undo()


def test_what_no_record_holds_shows_as_a_sign_in_its_place(open_page: OpenPage) -> None:
    """One of them kept every answer of its moment from being stored."""
    page = open_page()
    page.go_to("suspicion.note")
    note = QApplication.focusWidget()
    assert isinstance(note, QPlainTextEdit)
    note.insertPlainText("before\0after")
    page.go_to("background.medicines")
    row = QApplication.focusWidget()
    assert isinstance(row, QLineEdit)
    row.insert("5\0mg")
    page.flush()

    assert page.session.answers["suspicion.note"] == "before\ufffdafter"
    assert note.toPlainText() == "before\ufffdafter"
    assert page.session.answers["background.medicines"] == ["5\ufffdmg"]


def test_a_blank_that_joins_two_words_is_kept(open_page: OpenPage) -> None:
    page = open_page()

    assert answer(page, "suspicion.note", "5\u00a0mg\n") == "5\u00a0mg"


def test_delete_goes_back_to_not_asked(open_page: OpenPage) -> None:
    page = open_page(answers={"general.fatigue": "yes"})

    assert answer(page, "general.fatigue", "\x7f") is None


def test_a_declined_question_is_unsure_and_says_so(open_page: OpenPage) -> None:
    page = open_page()

    assert answer(page, "general.fatigue", "d") == "unsure"
    assert page.session.is_declined("general.fatigue")
    editor = page.form.rows["general.fatigue"].editor
    assert editor.accessibleName() == "Unusually tired: declined to answer"


def test_the_four_states_differ_in_words_for_a_screen_reader(
    open_page: OpenPage,
) -> None:
    page = open_page()
    page.go_to("general.fatigue")
    editor = page.form.rows["general.fatigue"].editor
    said = {editor.accessibleName()}
    for value in ("yes", "no", "unsure"):
        page.session.record("general.fatigue", value)
        said.add(editor.accessibleName())

    assert len(said) == 4


def test_the_mouse_answers_and_takes_back(open_page: OpenPage) -> None:
    page = open_page()
    page.go_to("general.fatigue")
    yes = chip(page, "general.fatigue", "Yes")

    QTest.mouseClick(yes, Qt.MouseButton.LeftButton)
    assert page.session.answers["general.fatigue"] == "yes"
    QTest.mouseClick(yes, Qt.MouseButton.LeftButton)
    assert "general.fatigue" not in page.session.answers


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ("n", {"left": "no", "right": "no"}),
        ("yl", {"left": "yes", "right": "no"}),
        ("yr", {"left": "no", "right": "yes"}),
        ("yb", {"left": "yes", "right": "yes"}),
        ("u", {"left": "unsure", "right": "unsure"}),
        ("y", None),
        ("l", None),
    ],
)
def test_a_sided_yes_asks_which_side(
    open_page: OpenPage, keys: str, value: dict[str, str] | None
) -> None:
    assert answer(open_page(), "neuro.leg_weakness", keys) == value


def test_strength_is_typed_through_left_and_right(open_page: OpenPage) -> None:
    page = open_page(answers={"cancer.history": "yes"})

    assert answer(page, "exam.strength.hip_flexion", "4-5") == {
        "left": "4-",
        "right": "5",
    }
    assert page.active_question == "exam.strength.knee_extension"
    type_keys("455")
    assert page.session.answers["exam.strength.knee_extension"] == {
        "left": "4",
        "right": "5",
    }


def test_a_side_may_stay_unexamined(open_page: OpenPage) -> None:
    page = open_page()
    page.go_to("exam.reflex.knee")
    press(Qt.Key.Key_Right)
    type_keys("3")

    assert page.session.answers["exam.reflex.knee"] == {"right": "3"}


def test_the_first_of_two_digits_is_kept_when_the_focus_moves(
    open_page: OpenPage,
) -> None:
    page = open_page()
    answer(page, "pain.now", "1")
    page.go_to("pain.quality")

    assert page.session.answers["pain.now"] == 1


def test_a_temperature_in_fahrenheit_shows_celsius_beside(open_page: OpenPage) -> None:
    page = open_page(answers={"general.fever": "yes"})

    assert answer(page, "vitals.temperature", "101 F\n") == {
        "value": 101,
        "unit": "[degF]",
    }
    editor = page.form.rows["vitals.temperature"].editor
    assert isinstance(editor, EntryEditor)
    assert editor.hint.text() == "= 38.3 °C"


def test_an_impossible_value_is_not_stored_and_stays_in_sight(
    open_page: OpenPage,
) -> None:
    page = open_page()

    assert answer(page, "vitals.pulse", "722\n\n") is None
    editor = page.form.rows["vitals.pulse"].editor
    assert isinstance(editor, EntryEditor)
    assert editor.line.text() == "722"
    assert "cannot be" in editor.hint.text()
    assert page.active_question == "vitals.pulse"


def test_an_unlikely_value_is_taken_when_insisted_on(open_page: OpenPage) -> None:
    page = open_page()

    assert answer(page, "vitals.pulse", "180\n") is None
    assert page.active_question == "vitals.pulse"
    type_keys("\n")
    assert page.session.answers["vitals.pulse"] == {"value": 180, "unit": "/min"}


def test_a_date_in_the_duration_fills_the_onset_date(open_page: OpenPage) -> None:
    page = open_page()
    answer(page, "pain.duration", "10/3/2026\n")

    assert page.session.answers["pain.onset_date"] == "2026-10-03"
    assert "pain.duration" not in page.session.answers
    editor = page.form.rows["pain.duration"].editor
    assert isinstance(editor, EntryEditor)
    assert editor.hint.text() == "since 2026-10-03: 52 days"


def test_blood_pressure_is_typed_with_a_slash(open_page: OpenPage) -> None:
    page = open_page()

    assert answer(page, "vitals.bp_right", "78/122\n") is None
    assert answer(page, "vitals.bp_right", "122/78\n") == {
        "systolic": {"value": 122, "unit": "mm[Hg]"},
        "diastolic": {"value": 78, "unit": "mm[Hg]"},
    }


def test_emptying_a_field_is_not_asked_again(open_page: OpenPage) -> None:
    page = open_page(answers={"vitals.pulse": {"value": 72, "unit": "/min"}})

    assert answer(page, "vitals.pulse", "\x7f\n") is None


def test_rows_are_added_with_enter_and_left_with_enter(open_page: OpenPage) -> None:
    page = open_page()

    assert answer(page, "background.medicines", "Żeń-szeń\nibuprofen\n") == [
        "Żeń-szeń",
        "ibuprofen",
    ]
    assert page.active_question == "background.medicines"
    type_keys("\n")
    assert page.active_question != "background.medicines"


def test_zero_is_no_rows_only_while_there_are_none(open_page: OpenPage) -> None:
    page = open_page()

    assert answer(page, "background.allergies", "0") == []


def test_a_row_that_was_not_entered_is_kept(open_page: OpenPage) -> None:
    page = open_page()
    answer(page, "background.allergies", "latex")
    page.go_to("risk.steroid_long")

    assert page.session.answers["background.allergies"] == ["latex"]


def test_activities_are_typed_with_their_score(open_page: OpenPage) -> None:
    page = open_page()

    assert answer(page, "function.psfs", "lifting\n") is None
    page.go_to("function.psfs")
    type_keys(" the child 4\n")
    assert page.session.answers["function.psfs"] == [
        {"activity": "lifting the child", "score": 4}
    ]


def test_free_text_is_stored_and_left_with_enter(open_page: OpenPage) -> None:
    page = open_page()

    assert answer(page, "reason.in_patients_words", "My back, é\n") == "My back, é"


def test_degrees_are_typed_left_and_right(open_page: OpenPage) -> None:
    page = open_page()

    assert answer(page, "exam.rom.rotation", "35\n30\n") == {
        "left": {"value": 35, "unit": "deg"},
        "right": {"value": 30, "unit": "deg"},
    }


def test_a_list_opens_while_it_is_answered_and_closes_after(
    open_page: OpenPage,
) -> None:
    page = open_page()
    page.go_to("pain.quality")
    aching = chip(page, "pain.quality", "Aching")
    assert aching.isVisible()

    type_keys("b\n")

    assert not aching.isVisible()
