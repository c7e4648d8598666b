"""The evidence card beside the form: by keyboard, one at a time, never stale."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from intake.answers import Role
from intake.evidence_card import card_of_concern
from intake.protocol import Protocol
from intake.record import Record
from tests.ui.keyboard import press
from tests.ui.visits import session_of
from ui.visit.assessment_panel import AssessmentPanel
from ui.visit.card_html import card_html
from ui.visit.workspace import Workspace

Open = Callable[..., Workspace]
ANSWERS = {
    "cancer.history": "yes",
    "pain.pattern": "constant",
    "general.weight_loss": "unsure",
}
HOSTILE = "<script>alert('x')</script><i>&"
#: Words of closed lists, that no person types.
_CLOSED = {"status", "state", "verified", "strength"}


@pytest.fixture
def open_visit(qtbot: QtBot, protocol: Protocol) -> Open:
    """Return a function that opens a visit with the keyboard in the form."""

    def opened(
        answers: Mapping[str, Any] = ANSWERS, role: Role = "clinician"
    ) -> Workspace:
        session = session_of(
            protocol, role=role, answers=answers, birth_date="1958-03-01"
        )
        workspace = Workspace(session)
        session.setParent(workspace)
        qtbot.addWidget(workspace)
        workspace.resize(1366, 700)
        with qtbot.waitExposed(workspace):
            workspace.show()
        workspace.activateWindow()
        qtbot.waitUntil(workspace.isActiveWindow)
        workspace.page.start()
        return workspace

    return opened


def _panel(workspace: Workspace) -> AssessmentPanel:
    assert workspace.panel is not None
    return workspace.panel


def _text(workspace: Workspace) -> str:
    return _panel(workspace).card.view.toPlainText()


def test_a_card_is_opened_and_closed_by_keyboard(open_visit: Open) -> None:
    """Enter on a "Why" opens it, Esc closes it, and the keys are where they were."""
    workspace = open_visit()
    panel = _panel(workspace)
    panel.focus_reasons()
    first = panel.view.textCursor().selectedText()
    press(Qt.Key.Key_Return)

    assert first == "Why"
    assert panel.card.isVisible()
    assert not panel.view.isVisible()
    assert QApplication.focusWidget() is panel.card.view
    press(Qt.Key.Key_Escape)
    assert not panel.card.isVisible()
    assert QApplication.focusWidget() is panel.view
    assert panel.view.textCursor().selectedText() == "Why"


def test_tab_goes_from_one_why_to_the_next(open_visit: Open) -> None:
    workspace = open_visit()
    panel = _panel(workspace)
    panel.focus_reasons()
    press(Qt.Key.Key_Return)
    titles = [panel.card.title.text()]
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)

    assert panel.card.title.text() not in titles


def test_after_a_click_the_keys_go_back_to_the_form(open_visit: Open) -> None:
    """The panel takes no focus from a click, so the question stays the active one."""
    workspace = open_visit()
    panel, before = _panel(workspace), QApplication.focusWidget()
    panel.view.anchorClicked.emit(QUrl("why:concern/spinal_malignancy"))
    assert panel.card.isVisible()
    press(Qt.Key.Key_Escape)

    assert panel.view.focusPolicy() == Qt.FocusPolicy.TabFocus
    assert QApplication.focusWidget() is before


def test_a_card_says_everything_a_person_needs_to_judge(open_visit: Open) -> None:
    workspace = open_visit()
    _panel(workspace).view.anchorClicked.emit(QUrl("why:concern/spinal_malignancy"))
    text = _text(workspace)

    assert "suspected cancer in the spine" in _panel(workspace).card.title.text()
    for words in (
        "Rules not reviewed by a licensed clinician, not for real patients.",
        "Proposed, not reviewed by a clinician",
        "This patient's answers",
        "Ever had cancer: yes",
        "Asked, not known",
        "Not asked",
        "What would change it",
        "Figures from studies",
        "From low back pain.",
        "Whom it does not fit",
        "Not written for",
        "Sources",
        "checked 2026-11-22",
        "to be reviewed by",
    ):
        assert words in text
    unsure, _, not_asked = text.partition("Asked, not known")[2].partition("Not asked")
    assert "weight" in unsure
    assert "weight" not in not_asked.partition("What would change it")[0]


def test_a_card_follows_the_answers(open_visit: Open) -> None:
    workspace = open_visit()
    _panel(workspace).view.anchorClicked.emit(QUrl("why:concern/spinal_malignancy"))
    assert "T7" not in _text(workspace)
    workspace.session.record("exam.midline_tender", ["T7"])

    assert "T7" in _text(workspace)


def test_a_card_of_what_is_no_longer_raised_says_so(open_visit: Open) -> None:
    workspace = open_visit()
    _panel(workspace).view.anchorClicked.emit(QUrl("why:concern/spinal_malignancy"))
    assert "Out of date" not in _text(workspace)
    workspace.session.record("cancer.history", "no")
    assert "Out of date" in _text(workspace)
    workspace.session.undo()

    assert "Out of date" not in _text(workspace)


def test_a_question_on_the_card_leads_to_the_form(open_visit: Open) -> None:
    workspace = open_visit()
    card = _panel(workspace).card
    _panel(workspace).view.anchorClicked.emit(QUrl("why:concern/spinal_malignancy"))
    card.view.anchorClicked.emit(QUrl("ask:general.fever"))

    assert workspace.page.active_question == "general.fever"
    assert card.isVisible()


def test_a_concern_stands_without_its_article(open_visit: Open) -> None:
    """No "suspected an acute aortic syndrome"."""
    answers = {"pain.onset": "sudden_seconds", "pain.quality": ["tearing_or_ripping"]}
    panel = _panel(workspace := open_visit(answers))
    panel.view.anchorClicked.emit(QUrl("why:concern/acute_aortic"))

    assert workspace.isVisible()
    assert "suspected acute aortic" in panel.card.title.text()
    assert "suspected acute aortic" in panel.view.toPlainText()


def test_the_desk_has_no_card(open_visit: Open) -> None:
    assert open_visit(role="desk").panel is None


def test_nothing_on_a_card_is_taken_for_markup(protocol: Protocol) -> None:
    session = session_of(protocol, answers=ANSWERS)
    record = Record(
        session.patient, session.visit.on, session.answers, session.assessment
    )
    card = _spoilt(card_of_concern(record, "spinal_malignancy"))
    html = card_html(card, [HOSTILE], QPalette(), outdated=HOSTILE)

    assert html.count("&lt;script&gt;") > 50
    assert "<script" not in html
    assert "<i>" not in html


def _spoilt(value: Any) -> Any:  # noqa: ANN401  (a card, or any part of one)
    """Return a card with hostile text in place of every text."""
    if isinstance(value, Protocol):
        return dataclasses.replace(value, title=HOSTILE, version=HOSTILE)
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, tuple):
        return tuple(map(_spoilt, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        texts = {
            field.name: _spoilt(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.name not in _CLOSED
        }
        return dataclasses.replace(value, **texts)
    return value
