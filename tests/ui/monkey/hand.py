"""One random thing done to whatever window is in front, as a hand or a cat does it."""

import random
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from ui.actions import ACTIONS
from ui.main_window import MainWindow

W = TypeVar("W", bound=QWidget)
_NO = Qt.KeyboardModifier.NoModifier
_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
)
_WRITTEN = "ynuYNUdbrlm0123456789/-., aeiouT&%<>'\"\\;()"
_COMMANDS = tuple(
    getattr(Qt.Key, f"Key_{name}")
    for name in (
        *("Tab", "Backtab", "Return", "Enter", "Escape", "Delete", "Backspace"),
        *("Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown"),
        *("Space", "Insert", "F1", "F2", "F3", "F5", "F10", "F12", "Menu"),
        *"AZYCVXM",
    )
)
_BUTTONS = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
_SIZES = ((1366, 740), (1024, 700), (640, 480), (1920, 1080), (3840, 2100), (300, 200))


class Hand:
    """Does one thing after the other; the same chance does the same things.

    Args:
        window: the program's window.
        chance: makes every choice.
        words: what is typed and pasted.
        names: whom somebody looks for.
    """

    def __init__(
        self,
        window: MainWindow,
        chance: random.Random,
        words: Sequence[str],
        names: Sequence[str],
    ) -> None:
        """Do nothing yet; see `act`."""
        self._names = names
        self._called = ""
        self.window = window
        self._chance = chance
        self._words = words
        #: What one act still has to do: it is an event at a time.
        self._next: deque[Callable[[], None]] = deque()
        self._acts: list[tuple[int, Callable[[], None]]] = [
            (30, self._write),
            (20, self._command),
            (12, self._click_somewhere),
            (14, self._press_a_button),
            (8, self._act_of_the_menu),
            (6, self._take_the_keys),
            (4, self._write_words),
            (3, self._paste),
            (3, self._choose),
            (2, self._wheel),
            (2, self._drag),
            (2, self._look_for_a_patient),
            (1, self._resize),
            (1, self._look_away),
        ]

    def act(self) -> str:
        """Do one thing, and return what it was called."""
        if self._next:
            self._next.popleft()()
            return self._called
        weights, acts = zip(*self._acts, strict=True)
        (chosen,) = self._chance.choices(acts, weights)
        self._called = chosen.__name__.strip("_")
        chosen()
        return self._called

    # where

    def _front(self) -> QWidget:
        """Return the window that gets what is done: a menu, a box, or the program's."""
        return (
            QApplication.activePopupWidget()
            or QApplication.activeModalWidget()
            or self.window
        )

    def _focus(self) -> QWidget:
        front = self._front()
        focus = QApplication.focusWidget()
        has_it = focus is not None and (focus is front or front.isAncestorOf(focus))
        return focus if has_it and focus is not None else front

    def _visible(self, kind: type[W]) -> list[W]:
        found = self._front().findChildren(kind)
        return [one for one in found if one.isVisible() and one.isEnabled()]

    # what

    def _write(self) -> None:
        key = self._chance.choice(_WRITTEN)
        _send_key(self._focus(), 0, _NO, key)

    def _command(self) -> None:
        key = self._chance.choice(_COMMANDS)
        modifiers = self._chance.choice((_NO, _NO, *_MODIFIERS))
        QTest.keyClick(self._focus(), key, modifiers)

    def _act_of_the_menu(self) -> None:
        """Press the keys of something that can be done from anywhere."""
        self._press(self._chance.choice(ACTIONS).keys)

    def _write_words(self) -> None:
        self._type(self._chance.choice(self._words)[:40])

    def _look_for_a_patient(self) -> None:
        """Do what is done all day: find somebody by name and open the visit."""
        self._next.append(lambda: self._press("Ctrl+F"))
        self._type(self._chance.choice(self._names)[:4])
        self._next.append(lambda: self._press("Return"))

    def _type(self, text: str) -> None:
        """Type a text, a key an event."""
        for one in text:
            self._next.append(lambda one=one: _send_key(self._focus(), 0, _NO, one))  # type: ignore[misc]  # one: as it is now

    def _press(self, keys: str) -> None:
        # PySide's description leaves out that a sequence has places.
        pressed = QKeySequence(keys)[0]  # type: ignore[index]
        QTest.keyClick(self._focus(), pressed.key(), pressed.keyboardModifiers())

    def show_again(self) -> None:
        """Press the key that shows a hidden screen again."""
        self._press("F12")

    def _paste(self) -> None:
        QApplication.clipboard().setText(self._chance.choice(self._words))
        QTest.keyClick(self._focus(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def _click_somewhere(self) -> None:
        front = self._front()
        place = QPoint(
            self._chance.randrange(max(1, front.width())),
            self._chance.randrange(max(1, front.height())),
        )
        target = front.childAt(place) or front
        place = target.mapFrom(front, place) if target is not front else place
        button = self._chance.choice(_BUTTONS)
        modifiers = self._chance.choice((_NO, _NO, _NO, *_MODIFIERS))
        click = self._chance.choice((QTest.mouseClick, QTest.mouseClick, _double))
        click(target, button, modifiers, place)

    def _press_a_button(self) -> None:
        buttons = self._visible(QAbstractButton)
        if buttons:
            button = self._chance.choice(buttons)
            QTest.mouseClick(
                button, Qt.MouseButton.LeftButton, _NO, button.rect().center()
            )

    def _take_the_keys(self) -> None:
        """Put the keyboard somewhere: mostly where something can be typed."""
        typed = [*self._visible(QLineEdit), *self._visible(QPlainTextEdit)]
        takers = [
            one
            for one in self._visible(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        targets = typed if typed and self._chance.random() < 0.6 else takers
        if targets:
            self._chance.choice(targets).setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self) -> None:
        boxes = self._visible(QComboBox)
        if boxes:
            box = self._chance.choice(boxes)
            box.setFocus()
            keys = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_End, Qt.Key.Key_Home)
            QTest.keyClick(box, self._chance.choice(keys))

    def _wheel(self) -> None:
        target = self._focus()
        middle = QPointF(target.rect().center())
        turn = QPoint(0, self._chance.choice((-360, -120, 120, 360)))
        event = QWheelEvent(
            middle,
            target.mapToGlobal(middle),
            QPoint(),
            turn,
            Qt.MouseButton.NoButton,
            _NO,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(target, event)

    def _drag(self) -> None:
        front = self._front()
        start = QPoint(
            self._chance.randrange(max(1, front.width())),
            self._chance.randrange(max(1, front.height())),
        )
        target = front.childAt(start) or front
        for kind in (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseMove,
            QEvent.Type.MouseMove,
            QEvent.Type.MouseButtonRelease,
        ):
            x = self._chance.randrange(max(1, target.width()))
            y = self._chance.randrange(max(1, target.height()))
            _send_mouse(target, kind, QPointF(x, y))

    def _resize(self) -> None:
        if self._chance.random() < 0.2:
            self._chance.choice(
                (self.window.showMaximized, self.window.showMinimized)
            )()
            self.window.showNormal()
        self.window.resize(*self._chance.choice(_SIZES))

    def _look_away(self) -> None:
        """Let another window have the keyboard for a moment."""
        for kind in (QEvent.Type.WindowDeactivate, QEvent.Type.WindowActivate):
            QApplication.sendEvent(self.window, QEvent(kind))
        self.window.activateWindow()


def _double(
    target: QWidget,
    button: Qt.MouseButton,
    modifiers: Qt.KeyboardModifier,
    place: QPoint,
) -> None:
    QTest.mouseDClick(target, button, modifiers, place)


def _send_key(
    target: QWidget, key: int, modifiers: Qt.KeyboardModifier, text: str
) -> None:
    """Send a key that writes: QTest knows ASCII only."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, modifiers, text)
        QApplication.sendEvent(target, event)


def _send_mouse(target: QWidget, kind: QEvent.Type, place: QPointF) -> None:
    button = Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton
    if kind != QEvent.Type.MouseButtonRelease:
        held = button
    event = QMouseEvent(kind, place, target.mapToGlobal(place), button, held, _NO)
    QApplication.sendEvent(target, event)
