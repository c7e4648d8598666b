"""Nothing computed stands anywhere at the desk: every text of the window is read.

Not only what is in view: labels, lists, tables with their hidden columns, tips, names
for screen readers, the status line and the menu.
"""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableWidget,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from intake.answers import Role
from intake.outcome import TIER_WORDS, Assessment, suspected
from tests.ui.test_ways_out import protocol, running, sign
from tests.ui.ways_out import Running
from ui.visit.panel_html import could_be_words

__all__ = ["protocol", "running"]
#: What the desk itself can write down of somebody who has to be taken to hospital.
_GRAVE: dict[str, Any] = {
    "pain.sites": ["upper_thoracic", "chest_front"],
    "pain.duration": {"value": 2, "unit": "h"},
    "pain.onset": "sudden_seconds",
    "pain.quality": ["tearing_or_ripping"],
    "pain.now": 10,
    "heart.sweating": "yes",
    "cancer.history": "yes",
    "neuro.leg_weakness": {"left": "yes", "right": "yes"},
}
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)


def every_text(window: QWidget) -> str:
    """Return every text that any part of a window holds, shown or not."""
    # What was let go of is gone as soon as nothing else is to be done.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return "\n".join(words for words in _texts(window) if words)


def _texts(window: QWidget) -> Iterator[str]:
    for action in window.findChildren(QAction):
        yield from (action.text(), action.toolTip(), action.statusTip())
    for one in (window, *window.findChildren(QWidget)):
        yield from (one.windowTitle(), one.toolTip(), one.statusTip(), one.whatsThis())
        yield from (one.accessibleName(), one.accessibleDescription())
        match one:
            case QLabel() | QAbstractButton():
                yield one.text()
            case QLineEdit():
                yield from (one.text(), one.placeholderText())
            case QTextEdit() | QPlainTextEdit():
                yield one.toPlainText()
            case QAbstractItemView():
                yield from _items(one)


def _items(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    # A list's model does not tell how many columns it has.
    columns = view.columnCount() if isinstance(view, QTableWidget) else 1
    for row in range(model.rowCount()):
        for column in range(columns):
            for role in _ROLES:
                yield str(model.index(row, column).data(role) or "")


def computed(assessment: Assessment) -> list[str]:
    """Return everything that an assessment says, by what is written of it."""
    phrases = [*TIER_WORDS.values(), assessment.headline, could_be_words(assessment)]
    for raised in assessment.concerns:
        phrases.append(suspected(raised.concern.title))
        phrases += [fired.rule.because for fired in raised.rules]
    for one in assessment.suggestions:
        phrases += [one.action.label, one.action.text]
    phrases += [one.why for one in assessment.not_suggested]
    phrases += list(assessment.manual_therapy.because)
    phrases += ["could be an emergency", "Findings listed", "Emergency checklist"]
    return [phrase for phrase in phrases if phrase]


def _walk(qtbot: QtBot, running: Running, role: Role) -> tuple[list[str], Assessment]:
    """Go everywhere with a grave patient open; return all that was to be read."""
    office, texts = running.office, []

    def read() -> None:
        texts.append(every_text(running.window))

    office.begin("Sam", role)
    office.show_registration()
    office.registration.fields["family_name"].setText("Moreno")
    read()
    office.registration.register.click()
    assert office.session is not None
    assert office.workspace is not None
    office.session.record_many(_GRAVE)
    rail = office.workspace.page.rail
    for row in range(rail.count()):
        rail.setCurrentRow(row)
        office.workspace.page.form.more.button.click()
        read()
    qtbot.waitUntil(lambda: running.saver.pending() == [], timeout=5000)
    running.window.end_visit.emit()
    read()
    running.window.ask_bar.give_back()
    for command in (running.window.show_reasons, running.window.go_to_emergency):
        command.emit()
        read()
    office.show_home()
    qtbot.waitUntil(lambda: office.home.worklist.entries() != [], timeout=5000)
    read()
    office.home.search.setText("Mor")
    read()
    office.works.hide()
    read()
    office.works.show_again()
    return texts, office.session.assessment


def test_no_text_of_the_desk_says_anything_computed(
    qtbot: QtBot, running: Running
) -> None:
    texts, assessment = _walk(qtbot, running, "desk")

    assert assessment.tier.code == "emergency_now"
    assert len(assessment.suggestions) >= 5
    assert [p for p in computed(assessment) for text in texts if p in text] == []


def test_a_signed_visit_says_nothing_computed_at_the_desk(
    qtbot: QtBot, running: Running
) -> None:
    _, assessment = _walk(qtbot, running, "clinician")
    running.office.show_visit()
    sign(qtbot, running)
    shown = every_text(running.window)
    assert assessment.suggestions[0].action.text in shown
    running.office.lock()
    running.office.begin("Kim", "desk")
    ((visit, patient),) = running.office.records.recent()
    running.office.open_visit(visit, patient)
    text = every_text(running.window)

    assert "The clinician signed this visit" in text
    assert [phrase for phrase in computed(assessment) if phrase in text] == []


def test_the_walk_finds_what_is_there(qtbot: QtBot, running: Running) -> None:
    """Negative control: the same walk of a clinician, who is to see it."""
    texts, assessment = _walk(qtbot, running, "clinician")
    found = {p for p in computed(assessment) for text in texts if p in text}

    assert len(found) >= 20
    for one in assessment.suggestions:
        assert one.action.label in found
