"""What of a person's work would still be in view after they left: taken away."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QToolTip, QWidget


class Copies(QObject):
    """Knows whether the clipboard holds what was copied here, and empties it then."""

    def __init__(self, parent: QObject) -> None:
        """Watch the clipboard from now on."""
        super().__init__(parent)
        self._ours: str | None = None
        QGuiApplication.clipboard().dataChanged.connect(self._remember)

    def clear(self) -> None:
        """Empty the clipboard where it holds a copy of ours, and the selection."""
        clipboard = QGuiApplication.clipboard()
        if self._ours is not None and clipboard.text() == self._ours:
            clipboard.clear(QClipboard.Mode.Clipboard)
        self._ours = None
        if clipboard.supportsSelection() and clipboard.ownsSelection():
            clipboard.clear(QClipboard.Mode.Selection)

    def _remember(self) -> None:
        """Take a change for ours where somebody works in this program.

        Not every system says who owns the clipboard.
        """
        clipboard = QGuiApplication.clipboard()
        active = Qt.ApplicationState.ApplicationActive
        is_ours = (
            clipboard.ownsClipboard() or QGuiApplication.applicationState() == active
        )
        self._ours = clipboard.text() if is_ours else None


def close_what_is_open_over(window: QWidget) -> None:
    """Close dialogs, menus and tips; a dialog takes it for "not now"."""
    QToolTip.hideText()
    # From above: a dialog may be asked over another.
    for widget in reversed(QApplication.topLevelWidgets()):
        if widget is window or not widget.isVisible():
            continue
        if isinstance(widget, QDialog):
            widget.reject()
        elif QApplication.activePopupWidget() is widget:
            widget.close()
