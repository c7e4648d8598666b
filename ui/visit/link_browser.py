"""A document with links that a person can reach by Tab and follow with Enter."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QTextCursor, QTextFragment
from PySide6.QtWidgets import QTextBrowser

_STYLE = (
    "<style>h3{{font-size:11pt;margin:10px 0 2px 0}} h4{{margin:6px 0 1px 0}}"
    " p{{margin:2px 0}} li{{margin:1px 0}} ul{{margin:0 0 0 14px;-qt-list-indent:0}}"
    " .f{{color:{faint}}} a{{color:{link}}}</style>"
)


def style_of(palette: QPalette) -> str:
    """Return the look of a document, light or dark; class ``f`` is faint."""
    faint = palette.color(QPalette.ColorRole.PlaceholderText).name()
    link = palette.color(QPalette.ColorRole.Link).name()
    return _STYLE.format(faint=faint, link=link)


class LinkBrowser(QTextBrowser):
    """Shows HTML of ours and opens nothing by itself."""

    def __init__(self, name: str) -> None:
        """Be empty; `name` is what a screen reader says."""
        super().__init__()
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    @property
    def link(self) -> str:
        """Return where the link with the keys leads; empty where none has them."""
        cursor = self.textCursor()
        return cursor.charFormat().anchorHref() if cursor.hasSelection() else ""

    def links(self) -> list[str]:
        """Return where the links lead, in reading order."""
        found = (one.charFormat().anchorHref() for one in self._fragments())
        return [link for link in found if link]

    def show_html(self, text: str) -> None:
        """Show another text and stay where it was scrolled to, on the same link."""
        bar = self.verticalScrollBar()
        place, link = bar.value(), self.link
        self.setHtml(text)
        if link:
            self.select_link(link)
        bar.setValue(place)

    def focus_link(self, beginning: str) -> None:
        """Take the keys, on the first link that begins so where there is one."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.select_link(beginning)

    def select_link(self, beginning: str) -> bool:
        """Go to the first link that begins so; return whether there is one."""
        for fragment in self._fragments():
            if fragment.charFormat().anchorHref().startswith(beginning):
                cursor = QTextCursor(self.document())
                cursor.setPosition(fragment.position())
                end = fragment.position() + fragment.length()
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                self.setTextCursor(cursor)
                return True
        return False

    def _fragments(self) -> Iterator[QTextFragment]:
        block = self.document().begin()
        while block.isValid():
            part = block.begin()
            while not part.atEnd():
                yield part.fragment()
                part += 1
            block = block.next()
