"""Whether what somebody typed is shown as it is, wherever it is shown.

Every hostile text has a word of its own. Where that word is seen, what stands around it
has to be seen as well: markup that was taken for markup, a shortcut made of an
ampersand, and a text cut in the middle are gone from there.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from PySide6 import QtGui
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

#: So much of a text has to stand together; the rest may be cut off or elided.
_TOGETHER = 24
#: Every text has one, made up.
WORD = re.compile("Q[a-z]{6}")
#: What the program puts around a name so that it turns nothing around, and what is
#: not seen anyhow: controls, joiners, blanks of any kind. As a question mark or a box
#: they are seen or not, as the system likes.
_NOT_SEEN = re.compile(
    "[\\s\\u0000-\\u001f\\u007f-\\u00a0\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069"
    "\\u3000\\ufdd0\\ufeff\\ufffd-\\uffff\\ud800-\\udfff]+"
)


def not_literal(window: QWidget, text: str) -> list[str]:
    """Return where a text is shown as something else, each place in words."""
    word = WORD.search(text)
    if word is None:
        return []
    wanted = around(seen(text), word.group())
    return [
        f"{place} shows {seen(shown)[:80]!r}"
        for place, shown in everything_shown(window)
        if word.group() in shown and not _has(seen(shown), wanted, word.group())
    ]


def _has(shown: str, wanted: str, word: str) -> bool:
    """Return whether a text is there, or cut off behind its word by an ellipsis."""
    if wanted in shown:
        return True
    begin = wanted[: wanted.index(word) + len(word)]
    pieces = (begin + piece.partition(begin)[2] for piece in shown.split("\u2026")[:-1])
    return begin in shown and any(wanted.startswith(piece) for piece in pieces)


def seen(text: str) -> str:
    """Return what of a text can be seen at all."""
    return _NOT_SEEN.sub("", text)


def around(text: str, word: str) -> str:
    """Return the beginning of a text, up to its word and a little beyond."""
    return text[: max(_TOGETHER, text.index(word) + len(word) + 2)]


def everything_shown(window: QWidget) -> Iterator[tuple[str, str]]:
    """Give every text of a window as it is seen, and where."""
    for widget in [window, *window.findChildren(QWidget)]:
        name = f"{type(widget).__name__} {widget.accessibleName()[:30]!r}"
        for part, text in _texts(widget):
            yield f"{name}{part}", text
        if widget.toolTip():
            yield f"tooltip of {name}", _as_hint(widget.toolTip())


def _texts(widget: QWidget) -> Iterator[tuple[str, str]]:
    if widget.isWindow():
        yield " title", widget.windowTitle()
    for kind, texts in _OF_KIND.items():
        if isinstance(widget, kind):
            yield from texts(widget)


def _of_label(label: QLabel) -> str:
    text = label.text()
    is_rich = label.textFormat() in (
        Qt.TextFormat.RichText,
        Qt.TextFormat.MarkdownText,
    ) or (
        label.textFormat() is Qt.TextFormat.AutoText and QtGui.Qt.mightBeRichText(text)
    )
    if is_rich:
        return _from_html(text)
    return _without_shortcut(text) if label.buddy() is not None else text


def _of_model(model: QAbstractItemModel) -> Iterator[tuple[str, str]]:
    nowhere = QModelIndex()
    # A list hides how many columns it has.
    is_list = isinstance(model, QAbstractListModel)
    columns = 1 if is_list else model.columnCount(nowhere)
    for row in range(model.rowCount(nowhere)):
        for column in range(columns):
            index = model.index(row, column, nowhere)
            yield " cell", str(index.data(Qt.ItemDataRole.DisplayRole) or "")
            hint = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
            yield " tooltip of a cell", _as_hint(hint)


def _as_hint(text: str) -> str:
    """Return a tooltip as it is seen: Qt guesses whether it is markup."""
    return _from_html(text) if QtGui.Qt.mightBeRichText(text) else text


def _from_html(text: str) -> str:
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


def _without_shortcut(text: str) -> str:
    return re.sub("&(.)", r"\1", text, flags=re.DOTALL)


def _of_field(field: QTextEdit | QPlainTextEdit) -> Iterator[tuple[str, str]]:
    yield "", field.toPlainText()


def _of_tabs(tabs: QTabBar) -> Iterator[tuple[str, str]]:
    for place in range(tabs.count()):
        yield " tab", _without_shortcut(tabs.tabText(place))


def _of_box(box: QComboBox) -> Iterator[tuple[str, str]]:
    for place in range(box.count()):
        yield " item", box.itemText(place)


def _of_view(view: QAbstractItemView) -> Iterator[tuple[str, str]]:
    if view.model() is not None:
        yield from _of_model(view.model())


_OF_KIND: dict[type[QWidget], Callable[[Any], Iterator[tuple[str, str]]]] = {
    QLabel: lambda one: iter([("", _of_label(one))]),
    QAbstractButton: lambda one: iter([("", _without_shortcut(one.text()))]),
    QGroupBox: lambda one: iter([("", _without_shortcut(one.title()))]),
    QTextEdit: _of_field,
    QPlainTextEdit: _of_field,
    QComboBox: _of_box,
    QTabBar: _of_tabs,
    QMenu: lambda one: ((" act", _without_shortcut(a.text())) for a in one.actions()),
    QAbstractItemView: _of_view,
}
