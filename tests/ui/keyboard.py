"""Typing as a person does: one key event after the other, to whatever has the focus."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

ENTER = "\n"
_NAMED = {"\n": Qt.Key.Key_Return, "\x7f": Qt.Key.Key_Delete, "\x1b": Qt.Key.Key_Escape}


def type_keys(text: str) -> int:
    """Type a text and return how many keys that took."""
    for key in text:
        _press(key)
    return len(text)


def press(
    key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press a key that writes nothing, or a command."""
    QTest.keyClick(_target(), key, modifiers)


def _target() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard"
    return widget


def _press(key: str) -> None:
    target = _target()
    if key in _NAMED:
        press(_NAMED[key])
    elif key.isascii():
        QTest.keyClicks(target, key)
    else:
        # QTest aborts the process on a letter outside ASCII (PySide6 6.11).
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, key)
            QApplication.sendEvent(target, event)
