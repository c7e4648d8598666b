"""What of a person's work would still be in view after they left: taken away."""

from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QToolTip, QWidget


def close_what_is_open_over(window: QWidget) -> None:
    """Close dialogs, menus and tips; a dialog takes it for "not now"."""
    QToolTip.hideText()
    # What a dialog is asked over may open another: each is asked once, from above.
    for widget in reversed(QApplication.topLevelWidgets()):
        if widget is window or not widget.isVisible():
            continue
        if isinstance(widget, QDialog):
            widget.reject()
        elif QApplication.activePopupWidget() is widget:
            widget.close()


def clear_clipboard() -> None:
    """Empty the clipboard where it holds what this program put there."""
    clipboard = QGuiApplication.clipboard()
    if clipboard.ownsClipboard():
        clipboard.clear(QClipboard.Mode.Clipboard)
    if clipboard.supportsSelection() and clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)
