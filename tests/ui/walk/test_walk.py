"""Every page of the program, at every size: named, reached in order, whole, large."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from PySide6.QtGui import QAccessible, QFont
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

import ui
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from tests.ui.walk import faults
from tests.ui.walk.pages import PAGES, Stage, show, stage
from ui.shade import ShadePage

Check = Callable[[QWidget], list[str]]
CHECKS: tuple[Check, ...] = (
    faults.without_name,
    faults.without_role,
    faults.too_small,
    faults.out_of_order,
    faults.unreached,
    faults.cut,
    faults.overlapping,
    faults.out_of_reach,
)
#: The size of the letters, and of the window: 4K, the least screen, and both at 200 %.
_SIZES = {
    "100 %": (1.0, (1366, 740)),
    "200 % text": (2.0, (1366, 740)),
    "200 % scale": (1.0, (683, 360)),
    "4K": (1.0, (3840, 2100)),
}


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.fixture
def on(qtbot: QtBot, tmp_path: Path, protocol: Protocol, size: str) -> Iterator[Stage]:
    """Return a stage with letters and a window of a size."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    before, style = QFont(application.font()), application.style().objectName()
    factor, room = _SIZES[size]
    larger = QFont(before)
    larger.setPointSizeF(before.pointSizeF() * factor)
    application.setStyle("Fusion")
    application.setFont(larger)
    made = stage(tmp_path, protocol)
    qtbot.addWidget(made.window)
    made.window.resize(*room)
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    yield made
    application.setFont(before)
    application.setStyle(style)


@pytest.mark.parametrize("size", _SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_fault(on: Stage, name: str, size: str) -> None:
    page = show(on, name)

    found = {check.__name__: check(page) for check in CHECKS}

    # What hides the screen takes one key, and has nothing to go to.
    assert bool(faults.controls(page)) is not isinstance(page, ShadePage)
    assert {check: told for check, told in found.items() if told} == {}
    assert (on.window.width(), on.window.height()) == _SIZES[size][1]


def test_every_page_of_the_program_is_walked_over() -> None:
    """Whatever is called a page is one; what else is shown, the guard below sees."""
    walked = {page for page, _ in PAGES.values()}
    missing = _pages_of_the_program() - walked - {_part("ui.visit.page", "VisitPage")}

    assert {page.__name__ for page in missing} == set()


def test_a_page_that_nobody_listed_is_not_shown(
    qtbot: QtBot, tmp_path: Path, protocol: Protocol
) -> None:
    """In every test of the window: see `conftest.py` beside the tests."""
    made = stage(tmp_path, protocol)
    qtbot.addWidget(made.window)

    class Unlisted(QWidget):
        pass

    with pytest.raises(AssertionError, match="Unlisted"):
        made.window.show_page(Unlisted())


def _pages_of_the_program() -> set[type[QWidget]]:
    found: set[type[QWidget]] = set()
    for module in walk_packages(ui.__path__, "ui."):
        for _, one in inspect.getmembers(import_module(module.name), inspect.isclass):
            is_ours = one.__module__ == module.name
            is_page = one.__name__.endswith("Page")
            if is_ours and issubclass(one, QWidget) and is_page:
                found.add(one)
    return found


def _part(module: str, name: str) -> type[QWidget]:
    """Return what is called a page and is a part of one."""
    part: type[QWidget] = getattr(import_module(module), name)
    return part


class _Faulty(QWidget):
    """Has every fault once."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        second, first = QPushButton("Second"), QPushButton("First")
        layout.addWidget(first)
        layout.addWidget(second)
        layout.addWidget(QLineEdit())
        small = QPushButton("Small")
        small.setFixedSize(40, 12)
        layout.addWidget(small)
        wide = QLabel("Words that are far too long for what they have")
        wide.setFixedWidth(30)
        layout.addWidget(wide)
        tall = QLabel("Words that wrap to more lines than anybody can see")
        tall.setWordWrap(True)
        tall.setFixedSize(60, 14)
        layout.addWidget(tall)
        odd = QPushButton("Nothing", self)
        odd.setGeometry(0, 0, 90, 30)
        outside = QPushButton("Outside", self)
        outside.setGeometry(5_000, 0, 90, 30)
        layout.addWidget(_Caught("Caught"))
        # In the window, or Qt keeps no order.
        self.setTabOrder(second, first)


class _Caught(QLineEdit):
    """Lets nobody out."""

    def focusNextPrevChild(self, _next: bool) -> bool:
        return True


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (faults.without_name, "QLineEdit"),
        (faults.too_small, "Small"),
        (faults.out_of_order, "'Second' -> QPushButton  'First'"),
        (faults.cut, "Words that are far"),
        (faults.cut, "Words that wrap"),
        (faults.overlapping, "Nothing"),
        (faults.out_of_reach, "Outside"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_each_fault_would_be_found(qtbot: QtBot, check: Check, told: str) -> None:
    page = _Faulty()
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)

    assert told in "; ".join(check(page))


def test_what_tab_cannot_reach_would_be_found(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    for field in (_Caught(), QLineEdit()):
        field.setAccessibleName("behind" if type(field) is QLineEdit else "caught")
        layout.addWidget(field)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)

    def step() -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and focus.focusNextPrevChild(True)

    page.focusNextChild = step  # type: ignore[method-assign]  # as the key does
    first = layout.itemAt(0)
    assert first is not None
    caught = first.widget()
    assert caught is not None
    caught.setFocus()

    assert "behind" in "; ".join(faults.unreached(page))


def test_what_has_no_role_would_be_found(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _Faulty()
    qtbot.addWidget(page)
    page.show()
    monkeypatch.setattr(faults, "_NO_ROLES", (QAccessible.Role.EditableText,))

    assert "QLineEdit" in "; ".join(faults.without_role(page))
