"""The application the walks run in: never on a screen, with an active window."""

import os
from typing import cast

from PySide6.QtWidgets import QApplication, QWidget


def application() -> QApplication:
    """Return the one there is, or make one that shows nothing to anybody."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return cast("QApplication", QApplication.instance() or QApplication([]))


def show(window: QWidget) -> None:
    """Show a window and give it the keyboard."""
    window.show()
    window.activateWindow()
    running = application()
    while not window.isActiveWindow():
        running.processEvents()
