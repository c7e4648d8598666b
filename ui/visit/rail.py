"""The sections at the left: how much is asked, and a mark where something waits."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from intake.protocol import Section
from ui import tints
from ui.session import VisitSession
from ui.sizes import px
from ui.visit import asked

_WIDTH = 218
#: Where there is little room: the number and the mark alone.
_STRIP = 52
_PROGRESS = Qt.ItemDataRole.UserRole
_PADDING = 10


class _Line(QStyledItemDelegate):
    """Paints a title, and under it how much is asked."""

    def sizeHint(
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        """Return room for two lines."""
        return QSize(px(_STRIP), 2 * QFontMetrics(option.font).height() + 11)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint both lines; the current section is tinted and has a bar."""
        rect: QRect = option.rect
        palette: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        is_current = bool(state & QStyle.StateFlag.State_Selected)
        accent = palette.highlight().color()
        ink = palette.text().color()
        painter.save()
        if is_current:
            painter.fillRect(rect, tints.current_line(palette))
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), accent)
        inner = rect.adjusted(_PADDING, 4, -6, -5)
        font = painter.font()
        font.setBold(is_current)
        painter.setFont(font)
        painter.setPen(ink)
        title, progress = str(index.data()), str(index.data(_PROGRESS))
        if rect.width() < px(_WIDTH) // 2:
            title, progress = title.split(maxsplit=1)[0], progress[:1]
        title = painter.fontMetrics().elidedText(
            title, Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop, title)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(tints.faint(palette))
        painter.drawText(inner, Qt.AlignmentFlag.AlignBottom, progress)
        painter.restore()


class SectionRail(QListWidget):
    """One line a section. The current line is the section in view."""

    def __init__(
        self,
        session: VisitSession,
        sections: tuple[Section, ...],
        parent: QWidget | None = None,
    ) -> None:
        """List the sections of this role."""
        super().__init__(parent)
        self._session = session
        self._sections = sections
        self._was_done: set[str] = set()
        self.setFixedWidth(px(_WIDTH))
        self.setItemDelegate(_Line(self))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setAccessibleName("Sections of the form")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list_sections(sections)

    def list_sections(self, sections: tuple[Section, ...]) -> None:
        """List other sections; the one in view stays in view while it is there."""
        here = self.currentRow()
        before = self._sections[here].id if here >= 0 else ""
        self._sections = sections
        self.blockSignals(True)
        self.clear()
        for number, section in enumerate(sections, start=1):
            item = QListWidgetItem(f"{number}  {section.title}")
            item.setToolTip(section.title)
            self.addItem(item)
        self.refresh()
        ids = [section.id for section in sections]
        self.setCurrentRow(ids.index(before) if before in ids else -1)
        self.blockSignals(False)

    def set_narrow(self, narrow: bool) -> None:
        """Show numbers and marks alone; a screen reader still says the titles."""
        self.setFixedWidth(px(_STRIP if narrow else _WIDTH))

    def refresh(self) -> None:
        """Count again; only lines that changed are painted again."""
        for row, section in enumerate(self._sections):
            progress = asked.progress_of(self._session, section.id)
            text = self._mark(section.id, progress)
            item = self.item(row)
            if item.data(_PROGRESS) != text:
                item.setData(_PROGRESS, text)
                item.setData(
                    Qt.ItemDataRole.AccessibleTextRole, f"{section.title}, {text}"
                )

    def _mark(self, section: str, progress: asked.Progress) -> str:
        """Return the count with a shape: empty, half, full, or something new."""
        if progress.is_done:
            if progress.total:
                self._was_done.add(section)
            return f"{'●' if progress.total else '-'}  {progress.words}"
        if section in self._was_done:
            count = progress.total - progress.asked
            return f"▲  {count} new, {progress.words}"
        return f"{'◐' if progress.asked else '○'}  {progress.words}"
