"""The body chart by key, mouse and finger: nothing is marked unless meant."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollBar

from intake.body_chart import LEVELS, REGIONS, region
from tests.ui.keyboard import press, type_keys
from tests.ui.visit.conftest import OpenPage
from ui.visit.body_figure_view import BodyFigureView
from ui.visit.editors.body_map import REGION_KEYS
from ui.visit.editors.body_mark_row import MarkRow
from ui.visit.page import VisitPage


def answer(page: VisitPage, question: str, keys: str) -> object:
    """Type an answer and return what is stored."""
    page.go_to(question)
    type_keys(keys)
    return page.session.answers.get(question)


def figure(page: VisitPage, title: str) -> BodyFigureView:
    """Return one of the three figures, with the chart being answered."""
    page.go_to("pain.map")
    QApplication.processEvents()
    found = page.form.rows["pain.map"].findChildren(BodyFigureView)
    return next(one for one in found if one.figure.title == title)


def place(view: BodyFigureView, level: str) -> QPoint:
    """Return where a vertebra stands on a figure."""
    return view.drawing.point(0.5, LEVELS[level]).toPoint()


@pytest.fixture
def finger() -> QPointingDevice:
    return QTest.createTouchDevice()


def scroll_bar(page: VisitPage) -> QScrollBar:
    return page.form.verticalScrollBar()


def test_a_stray_letter_on_a_new_visit_marks_nothing(open_page: OpenPage) -> None:
    page = open_page()

    assert page.active_question == "pain.map"
    type_keys("".join(REGION_KEYS.values()))

    assert dict(page.session.answers) == {}


def test_letters_stop_marking_when_the_chart_is_left(open_page: OpenPage) -> None:
    page = open_page()
    answer(page, "pain.map", " i")
    page.go_to("pain.now")
    page.go_to("pain.map")
    type_keys("h")

    assert page.session.answers["pain.sites"] == ["scapula_right"]


def test_the_arrows_go_through_the_list_and_space_marks(open_page: OpenPage) -> None:
    page = open_page()
    page.go_to("pain.map")
    type_keys(" ")
    at = REGIONS.index(region("scapula_left"))
    for _ in range(at + 1):
        press(Qt.Key.Key_Down)
    editor = page.form.rows["pain.map"].editor

    assert editor.accessibleName().endswith("LEFT shoulder blade, not marked")
    type_keys(" ")
    assert page.session.answers["pain.sites"] == ["scapula_left"]
    type_keys(" ")
    assert "pain.sites" not in page.session.answers


def test_without_space_the_arrows_go_to_the_questions_beside(
    open_page: OpenPage,
) -> None:
    page = open_page()
    page.go_to("pain.map")
    press(Qt.Key.Key_Down)

    assert page.active_question != "pain.map"


@pytest.mark.parametrize("title", ["Back", "Back, enlarged"])
def test_a_click_on_the_figure_does_the_same_and_knows_the_level(
    open_page: OpenPage, title: str
) -> None:
    page = open_page()
    back = figure(page, title)

    QTest.mouseClick(back, Qt.MouseButton.LeftButton, pos=place(back, "T6"))

    assert page.session.answers["pain.sites"] == ["mid_thoracic"]
    assert page.session.answers["pain.side"] == "midline"
    assert page.session.answers["pain.levels"] == ["T6"]


def test_every_vertebra_of_the_chest_has_a_target_of_its_own(
    open_page: OpenPage,
) -> None:
    page = open_page()
    back = figure(page, "Back, enlarged")
    for number in range(1, 13):
        spot = place(back, f"T{number}")
        QTest.mouseClick(back, Qt.MouseButton.LeftButton, pos=spot)

    assert page.session.answers["pain.levels"] == [f"T{n}" for n in range(1, 13)]


def test_a_tap_marks_as_a_click_does(
    open_page: OpenPage, finger: QPointingDevice
) -> None:
    page = open_page()
    back = figure(page, "Back, enlarged")
    spot = place(back, "T9")

    QTest.touchEvent(back, finger).press(0, spot, back).commit()
    QTest.touchEvent(back, finger).release(0, spot, back).commit()

    assert page.session.answers["pain.levels"] == ["T9"]


def test_a_finger_that_moves_scrolls_and_marks_nothing(
    open_page: OpenPage, finger: QPointingDevice
) -> None:
    page = open_page()
    back = figure(page, "Back, enlarged")
    spot, before = place(back, "T9"), scroll_bar(page).value()

    QTest.touchEvent(back, finger).press(0, spot, back).commit()
    for way in (20, 60):
        QTest.touchEvent(back, finger).move(0, spot - QPoint(0, way), back).commit()
    QTest.touchEvent(back, finger).release(0, spot - QPoint(0, 60), back).commit()

    assert dict(page.session.answers) == {}
    assert scroll_bar(page).value() > before


def test_what_is_pressed_and_dragged_with_the_mouse_is_no_mark(
    open_page: OpenPage,
) -> None:
    page = open_page()
    back = figure(page, "Back")
    spot = place(back, "T6")

    QTest.mousePress(back, Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseRelease(back, Qt.MouseButton.LeftButton, pos=spot + QPoint(0, 80))

    assert dict(page.session.answers) == {}


def test_undo_takes_a_mark_back_with_all_it_filled_and_redo_brings_it_again(
    open_page: OpenPage,
) -> None:
    page = open_page()
    back = figure(page, "Back, enlarged")
    QTest.mouseClick(back, Qt.MouseButton.LeftButton, pos=place(back, "T6"))
    drawn = dict(page.session.answers)

    page.session.undo()
    assert dict(page.session.answers) == {}
    page.session.redo()
    assert dict(page.session.answers) == drawn


def test_the_region_list_marks_fills_the_places_and_the_side(
    open_page: OpenPage,
) -> None:
    page = open_page()
    answer(page, "pain.map", " abi\n")

    assert page.session.answers["pain.sites"] == ["interscapular", "scapula_right"]
    assert page.session.answers["pain.side"] == "both"
    assert len(page.session.answers["pain.map"]) == 3
    assert page.active_question == "pain.main_site"


def test_taking_the_mark_away_takes_what_it_filled(open_page: OpenPage) -> None:
    page = open_page()
    answer(page, "pain.map", " i\x7f")

    assert dict(page.session.answers) == {}


def test_a_side_set_by_hand_is_not_overwritten_by_the_chart(
    open_page: OpenPage,
) -> None:
    page = open_page(answers={"pain.side": "left"})
    answer(page, "pain.map", " i\n")

    assert page.session.answers["pain.side"] == "left"


def test_each_mark_has_its_quality(open_page: OpenPage) -> None:
    page = open_page()
    answer(page, "pain.map", " i")
    row = page.form.rows["pain.map"].findChild(MarkRow)
    assert isinstance(row, MarkRow)
    row.quality.setFocus()
    type_keys("burning")

    assert row.quality.hasFocus()
    assert page.session.answers["pain.map"][0]["quality"] == "burning"
