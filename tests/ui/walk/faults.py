"""What can be wrong with a page for people who cannot see, point or read small print.

Each function returns the faults it finds, in words; `test_walk` holds every page to it,
and a page that has each fault on purpose shows that they would be found.
"""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QTabBar,
    QWidget,
)

LEAST = 24
#: What a widget without a role of its own is for a screen reader: nothing it can use.
_NO_ROLES = (QAccessible.Role.NoRole,)
_LEADING = 2
_ENDLESS = 1_000_000


def controls(page: QWidget) -> list[QWidget]:
    """Return everything on a page that takes the keys."""
    return [
        widget
        for widget in page.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.objectName().startswith("qt_")
        # The line in a list is the list's own: the list has the name and the keys.
        and not isinstance(widget.parent(), QComboBox)
    ]


def pressed(page: QWidget) -> list[QWidget]:
    """Return everything on a page that can be clicked, with the keys or without."""
    buttons: list[QWidget] = [
        one
        for one in page.findChildren(QAbstractButton)
        if one.isVisible()
        and not one.objectName().startswith("qt_")
        and not isinstance(one.parent(), QLineEdit | QTabBar)
    ]
    return buttons + [one for one in controls(page) if one not in buttons]


def name_of(widget: QWidget) -> str:
    """Return what a screen reader says."""
    if isinstance(widget, QComboBox):
        # On Linux a combo box reports its value: its own name has to be there.
        return widget.accessibleName()
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def without_name(page: QWidget) -> list[str]:
    """Return what has no name."""
    return [_called(one) for one in pressed(page) if not name_of(one).strip()]


def without_role(page: QWidget) -> list[str]:
    """Return what has no role."""
    return [
        _called(one)
        for one in pressed(page)
        if QAccessible.queryAccessibleInterface(one).role() in _NO_ROLES
    ]


def too_small(page: QWidget) -> list[str]:
    """Return what is harder to hit than WCAG 2.2 allows."""
    return [
        f"{_called(one)} {one.width()} x {one.height()}"
        for one in pressed(page)
        if min(one.width(), one.height()) < LEAST and not isinstance(one, QTabBar)
    ]


def out_of_order(page: QWidget) -> list[str]:
    """Return where Tab goes up, or in a line to the left.

    Columns are read one after the other: a step to the right may go up.
    """
    faults = []
    for before, after in pairwise(tab_order(page)):
        here, there = _beside(before, after, page), _beside(after, before, page)
        is_above = there.bottom() <= here.top()
        is_left = there.right() <= here.left()
        same_line = not is_above and there.top() < here.bottom()
        goes_up = is_above and there.left() < here.right()
        if goes_up or (same_line and is_left):
            faults.append(f"{_called(before)} -> {_called(after)}")
    return faults


def tab_order(page: QWidget) -> list[QWidget]:
    """Return the controls of a page in the order in which Tab comes to them."""
    wanted = set(controls(page))
    order = [one for one in _chain(page) if one in wanted]
    # What hands the keys on to a part of its own is that part.
    return [one for one in order if one.focusProxy() is None]


def unreached(page: QWidget) -> list[str]:
    """Return what Tab does not come to, pressed again and again."""
    window = page.window()
    wanted = {_keys_of(one) for one in controls(page)}
    reached: set[QWidget] = set()
    for _ in range(3 * len(wanted) + 40):
        window.focusNextChild()
        focus = QApplication.focusWidget()
        if focus is not None:
            reached.add(focus)
    missing = {one for one in wanted - reached if not _is_in_a_group(one)}
    return [_called(one) for one in missing]


def cut(page: QWidget) -> list[str]:
    """Return words that have less room than their letters need."""
    faults = []
    for one in page.findChildren(QWidget):
        if not one.isVisible() or (one.visibleRegion().isEmpty() and not _scrolls(one)):
            continue
        words, room, needed = _room(one)
        if words and (needed.width() > room.width() or needed.height() > room.height()):
            faults.append(
                f"{_called(one)} “{words[:40]}” has {room.width()} x {room.height()},"
                f" needs {needed.width()} x {needed.height()}"
            )
    return faults


def overlapping(page: QWidget) -> list[str]:
    """Return pairs of controls that lie on each other."""
    places = [
        (one, _place(one, page))
        for one in pressed(page)
        if not isinstance(one, QAbstractScrollArea)
    ]
    return [
        f"{_called(one)} and {_called(other)}"
        for at, (one, place) in enumerate(places)
        for other, where in places[at + 1 :]
        if place.intersects(where)
        and not one.isAncestorOf(other)
        and not other.isAncestorOf(one)
        and one.visibleRegion().boundingRect().size() == one.size()
        and other.visibleRegion().boundingRect().size() == other.size()
    ]


def out_of_reach(page: QWidget) -> list[str]:
    """Return what lies outside what can be seen and cannot be scrolled to."""
    faults = []
    for one in controls(page):
        parent, place = one.parentWidget(), one.geometry()
        inside = one
        while parent is not None and inside is not one.window():
            area = inside.parentWidget() and _area_of(inside)
            if area is None and not parent.rect().contains(place.intersected(place)):
                faults.append(f"{_called(one)} sticks out of {_called(parent)}")
                break
            if area is not None:
                break
            inside, place = parent, parent.geometry()
            parent = inside.parentWidget()
    return faults


def _area_of(widget: QWidget) -> QScrollArea | None:
    """Return the scroll area whose content a widget is."""
    viewport = widget.parentWidget()
    area = viewport.parentWidget() if viewport is not None else None
    return area if isinstance(area, QScrollArea) and area.widget() is widget else None


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _room(widget: QWidget) -> tuple[str, QRect, QRect]:
    """Return the words on a widget, the room they have and the room they need."""
    metrics = QFontMetrics(widget.font())
    if isinstance(widget, QLabel):
        return _room_of_label(widget, metrics)
    one_line = QRect(0, 0, 1, metrics.height() + _LEADING)
    if isinstance(widget, QLineEdit | QComboBox):
        return "a line", widget.rect(), one_line
    if not isinstance(widget, QAbstractButton):
        return "", QRect(), QRect()
    words = _as_shown(widget.text())
    if isinstance(widget, QCheckBox | QRadioButton):
        return words, widget.rect(), QRect(QPoint(), widget.sizeHint())
    width = metrics.horizontalAdvance(words)
    return words, widget.rect(), QRect(0, 0, width, metrics.height())


def _room_of_label(label: QLabel, metrics: QFontMetrics) -> tuple[str, QRect, QRect]:
    words = _as_shown(label.text()) if label.buddy() is not None else label.text()
    room = label.contentsRect()
    if label.textFormat() is Qt.TextFormat.RichText or label.pixmap().width():
        return "", room, room
    wraps = label.wordWrap()
    line = QRect(0, 0, max(1, room.width()) if wraps else _ENDLESS, _ENDLESS)
    flags = Qt.TextFlag.TextWordWrap.value if wraps else 0
    return words, room, metrics.boundingRect(line, flags, words)


def _as_shown(words: str) -> str:
    """Return words without the marks of keys; a doubled ampersand is one."""
    return words.replace("&&", "\0").replace("&", "").replace("\0", "&")


def _chain(page: QWidget) -> Iterator[QWidget]:
    """Yield what follows a page in the chain of Tab, once around."""
    one = page.nextInFocusChain()
    while one is not None and one is not page:
        yield one
        one = one.nextInFocusChain()


def _keys_of(widget: QWidget) -> QWidget:
    while (other := widget.focusProxy()) is not None:
        widget = other
    return widget


def _is_in_a_group(widget: QWidget) -> bool:
    """Return whether arrows and not Tab lead to it: a ring among other rings."""
    return isinstance(widget, QRadioButton)


def _place(widget: QWidget, page: QWidget) -> QRect:
    return QRect(widget.mapTo(page, QPoint(0, 0)), widget.size())


def _beside(widget: QWidget, other: QWidget, page: QWidget) -> QRect:
    """Return the place of a widget, or of what scrolls with it and not with another."""
    outermost, parent = widget, widget.parentWidget()
    while parent is not None and parent is not page:
        if isinstance(parent, QAbstractScrollArea) and not parent.isAncestorOf(other):
            outermost = parent
        parent = parent.parentWidget()
    return _place(outermost, page)


def _called(widget: QWidget) -> str:
    words = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    return f"{type(widget).__name__} {widget.objectName()} {words[:40]!r}"
