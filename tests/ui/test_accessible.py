"""Everything that takes a key or a click can be named, reached and hit."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAccessible, QColor, QPalette
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QRadioButton,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from intake.answers import AnswerChange
from intake.outcome_json import assessment_json
from intake.patient import Patient
from intake.ports import Conflict, ConflictError
from intake.protocol_loader import default_protocol
from intake.signing import signature
from tests.ui.fakes import SAM, MemoryStore, Recorder, TextDocuments
from tests.ui.visits import StoppedClock
from ui import theme
from ui.draft import Changes
from ui.main_window import MainWindow
from ui.office import Office, Tools
from ui.saving import Saver
from ui.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

_LEAST = 24
_CONTRAST = 4.5
_PAIRS = (
    (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window),
    (QPalette.ColorRole.Text, QPalette.ColorRole.Base),
    (QPalette.ColorRole.Text, QPalette.ColorRole.AlternateBase),
    (QPalette.ColorRole.ButtonText, QPalette.ColorRole.Button),
    (QPalette.ColorRole.HighlightedText, QPalette.ColorRole.Highlight),
    (QPalette.ColorRole.ToolTipText, QPalette.ColorRole.ToolTipBase),
    (QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Base),
    (QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Window),
    (QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.AlternateBase),
    (QPalette.ColorRole.Link, QPalette.ColorRole.Base),
)


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Office:
    """Return an office with one visit open, without its store."""
    window = MainWindow(StoppedClock())
    qtbot.addWidget(window)
    saver = Saver(MemoryStore, tmp_path, StoppedClock())
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    office = Office(
        window,
        Tools(
            protocol=default_protocol(),
            clock=StoppedClock(),
            saver=saver,
            settings=Settings(settings),
            teller=Recorder(),
            documents=TextDocuments,
            write=lambda _path, _content: None,
        ),
    )
    window.show()
    office.begin("Dr. Rivera", "clinician")
    office.register(Patient("p1", "Moreno", birth_date="1992-03-14"))
    return office


def _show(office: Office, page: str) -> QWidget:
    ways: dict[str, Callable[[], None]] = {
        "sign_in": office.lock,
        "home": office.show_home,
        "registration": office.show_registration,
        "visit": office.show_visit,
        "documents": office.show_documents,
        "dispute": lambda: _let_two_differ(office),
        "review": office.review_and_sign,
        "signed": lambda: _sign(office),
        "addendum": lambda: _write_addendum(office),
    }
    if page != "sign_in" and office.window.is_locked:
        office.begin("Dr. Rivera", "clinician")
    ways[page]()
    QApplication.processEvents()
    shown = office.window.pages.currentWidget()
    assert shown is not None
    return shown


def _let_two_differ(office: Office) -> None:
    """Have two answers to one question wait for a choice."""
    session, saver = office.session, office._tools.saver
    assert session is not None
    at = StoppedClock().now()
    theirs = AnswerChange("pain.now", None, 3, "Kim", "desk", at, "desk")
    ours = replace(theirs, new=4, who="Sam")
    entry = Changes(session.visit.id, 0, [ours])
    saver.backlog.add_first([entry])
    saver.backlog.hold(entry, {"pain.now"})
    visit_id = session.visit.id
    conflict = Conflict("pain.now", 3, 4, theirs)
    saver.conflicted.emit(visit_id, ConflictError([conflict], session.visit))
    office.show_dispute()


def _sign(office: Office) -> None:
    """Show a visit that was signed without the store."""
    session = office.session
    if session is None:
        return
    told = assessment_json(session.assessment)
    at = StoppedClock().now()
    mark = signature(session.visit, session.patient, told, SAM, at)
    visit = replace(session.visit, state="signed", signature=mark)
    office.signing.signed.emit(visit, session.patient)


def _write_addendum(office: Office) -> None:
    _sign(office)
    office.signing.show_addendum()


PAGES = (
    "sign_in", "home", "registration", "visit", "documents", "dispute", "review",
    "signed", "addendum",
)  # fmt: skip


def _controls(page: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in page.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.objectName().startswith("qt_")
    ]


def _name(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_name(office: Office, page: str) -> None:
    """A screen reader says what it is; a field without a name is a riddle."""
    controls = _controls(_show(office, page))
    assert controls
    unnamed = [
        widget
        for widget in controls
        # On Linux a combo box reports its value: its own name has to be there.
        if not (widget.accessibleName() if _is_combo(widget) else _name(widget))
    ]
    assert unnamed == []


def _is_combo(widget: QWidget) -> bool:
    return isinstance(widget, QComboBox)


@pytest.mark.parametrize("page", PAGES)
def test_every_control_is_large_enough_to_hit(office: Office, page: str) -> None:
    """WCAG 2.2 asks for 24 by 24."""
    small = [
        (type(widget).__name__, _name(widget), widget.size())
        for widget in _controls(_show(office, page))
        if min(widget.width(), widget.height()) < _LEAST
        and not isinstance(widget, QTabBar)
    ]
    assert small == []


@pytest.mark.parametrize("page", PAGES)
def test_tab_reaches_every_control_and_is_never_caught(
    qtbot: QtBot, office: Office, page: str
) -> None:
    """Whoever cannot use a mouse has to get everywhere, and out again."""
    shown = _show(office, page)
    office.window.activateWindow()
    qtbot.waitUntil(office.window.isActiveWindow)
    # Fields only: what is inside an editor or a list has keys of its own.
    wanted = {w for w in _controls(shown) if isinstance(w, QLineEdit | QComboBox)}
    wanted = {w for w in wanted if w.isEnabled() and _is_own(w, shown)}
    reached: set[QWidget] = set()
    for _ in range(200):
        office.window.focusNextChild()
        if (focus := QApplication.focusWidget()) is not None:
            reached.add(focus)
    assert wanted <= reached


def _is_own(widget: QWidget, page: QWidget) -> bool:
    """Return whether no list or editor stands between a widget and its page."""
    parent = widget.parentWidget()
    while parent is not None and parent is not page:
        if not isinstance(parent, QAbstractScrollArea) and parent.focusProxy():
            return False
        parent = parent.parentWidget()
    return True


def test_at_the_least_screen_every_page_fits(office: Office) -> None:
    """Clinics still have 1366 by 768; a page must not push the window past it."""
    office.window.resize(1366, 740)
    for page in PAGES:
        _show(office, page)
        assert office.window.minimumSizeHint().height() <= 740, page
        assert office.window.minimumSizeHint().width() <= 1366, page


@pytest.mark.parametrize("is_dark", [False, True])
def test_text_stands_out_from_its_ground(is_dark: bool) -> None:
    """WCAG AA in both palettes."""
    palette = theme.palette_for(is_dark=is_dark)
    weak = [
        (text, ground)
        for text, ground in _PAIRS
        if _ratio(palette.color(text), palette.color(ground)) < _CONTRAST
    ]
    assert weak == []


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_what_is_ticked_has_an_edge_in_the_dark(
    qtbot: QtBot, kind: type[QCheckBox] | type[QRadioButton]
) -> None:
    """WCAG asks 3 to 1 of what shows that something can be ticked."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    page = QWidget()
    qtbot.addWidget(page)
    before = application.style().objectName()
    application.setStyle("Fusion")
    try:
        theme.dress(application, is_dark=True)
        box = kind("", page)
        page.show()
        qtbot.waitExposed(page)
        drawn = page.grab(box.geometry()).toImage()
        line = [drawn.pixelColor(x, drawn.height() // 2) for x in range(8)]
        ground = theme.palette_for(is_dark=True).color(QPalette.ColorRole.Window)
        assert max(_ratio(color, ground) for color in line) >= 3
    finally:
        theme.dress(application, is_dark=False)
        application.setStyle(before)


def test_the_line_in_a_list_does_not_cover_its_edge(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    choice = QComboBox(page)
    choice.setEditable(True)
    theme.roomy(page)
    page.show()
    qtbot.waitExposed(page)
    choice.adjustSize()

    line = choice.lineEdit()
    assert line is not None
    assert choice.height() >= 28
    assert line.geometry().bottom() < choice.rect().bottom()


def _ratio(one: QColor, other: QColor) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
