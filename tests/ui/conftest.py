"""Every page that any test shows has to stand in the list of the walk."""

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from ui.main_window import MainWindow


@pytest.fixture(autouse=True)
def only_listed_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to show a page that `tests/ui/walk/pages.py` does not walk over."""
    from tests.ui.walk.pages import PAGES

    listed = tuple(page for page, _ in PAGES.values())
    show_page = MainWindow.show_page

    def show(window: MainWindow, page: QWidget, *, outside: bool = False) -> None:
        is_listed = isinstance(page, listed) or type(page) in (QWidget, QLabel)
        assert is_listed, f"{type(page).__name__} is missing in tests/ui/walk/pages.py"
        show_page(window, page, outside=outside)

    monkeypatch.setattr(MainWindow, "show_page", show)
