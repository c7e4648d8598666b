"""One question of the form: label, editor, and help while it is being answered."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from intake.protocol import Question
from ui import tints
from ui.sizes import px
from ui.visit.editors import Editor
from ui.words import PlainLabel

_LABEL_WIDTH = 230
_BAR = 3
#: As Qt has it.
_NO_LIMIT = 16_777_215


class QuestionRow(QFrame):
    """A row; the one being answered has a bar, a tint, and its help text."""

    def __init__(
        self, question: Question, editor: Editor, parent: QWidget | None = None
    ) -> None:
        """Lay out the label beside the editor, or above a wide one."""
        super().__init__(parent)
        self.question = question
        self.editor = editor
        self._is_active = False
        # A label with a buddy reads "&" as the mark of a shortcut.
        self._label = QLabel(question.label.replace("&", "&&"), self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setBuddy(editor)
        self._indent = indent = 0 if question.is_core else 14
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(10 + indent, 3, 8, 3)
        self._layout.setHorizontalSpacing(10)
        self._layout.setVerticalSpacing(2)
        self._help: QLabel | None = None
        self._mark: PlainLabel | None = None
        self._earlier: PlainLabel | None = None
        self._is_stacked = editor.is_wide
        self._arrange()

    def set_narrow(self, narrow: bool) -> None:
        """Put the label above the editor where there is no room beside it."""
        is_stacked = narrow or self.editor.is_wide
        if is_stacked != self._is_stacked:
            self._is_stacked = is_stacked
            self._arrange()

    def _arrange(self) -> None:
        for part in (self._label, self.editor, self._help, self._mark, self._earlier):
            if part is not None:
                self._layout.removeWidget(part)
        if self._is_stacked:
            self._label.setMinimumWidth(0)
            self._label.setMaximumWidth(_NO_LIMIT)
            self._label.setMinimumHeight(0)
            self._layout.addWidget(self._label, 0, 0, 1, 2)
            self._layout.addWidget(self.editor, 1, 0, 1, 2)
        else:
            self._label.setFixedWidth(px(_LABEL_WIDTH) - self._indent)
            self._label.setMinimumHeight(px(26))
            self._layout.addWidget(self._label, 0, 0, Qt.AlignmentFlag.AlignTop)
            self._layout.addWidget(self.editor, 0, 1)
            self._layout.setColumnStretch(1, 1)
        if self._earlier is not None:
            # Below the label, where there is room for it.
            if self._is_stacked:
                self._earlier.setMinimumWidth(0)
                self._earlier.setMaximumWidth(_NO_LIMIT)
                self._layout.addWidget(self._earlier, 4, 0, 1, 2)
            else:
                self._earlier.setFixedWidth(px(_LABEL_WIDTH) - self._indent)
                self._layout.addWidget(self._earlier, 1, 0)
        self._place_help()

    def _place_help(self) -> None:
        column = 0 if self._is_stacked else 1
        for row, part in ((2, self._help), (3, self._mark)):
            if part is not None:
                self._layout.addWidget(part, row, column, 1, 2 - column)

    def set_mark(self, words: str) -> None:
        """Say below the editor who entered the answer, or nothing."""
        if self._mark is None and words:
            self._mark = PlainLabel(points=-1, faint=True)
            self._mark.setAccessibleName(f"{self.question.label}: who entered it")
            self._place_help()
        if self._mark is not None:
            self._mark.setText(words)
            self._mark.setVisible(bool(words))

    def set_earlier(self, words: str) -> None:
        """Say beside the field what it was earlier; nothing is filled in."""
        if not words:
            return
        self._earlier = PlainLabel(words, points=-1, faint=True)
        self._earlier.setAccessibleName(f"{self.question.label}. {words}")
        self._arrange()

    @property
    def is_active(self) -> bool:
        """Return whether this is the question being answered."""
        return self._is_active

    def set_active(self, active: bool) -> None:
        """Show bar, help and all options, or less again."""
        if active == self._is_active:
            return
        self._is_active = active
        self.editor.set_active(active)
        self._show_help(shown=active)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Answer the question whose label was clicked."""
        self.editor.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar and the tint of the active row."""
        if not self._is_active:
            return
        painter = QPainter(self)
        palette = self.palette()
        accent = palette.highlight().color()
        painter.fillRect(self.rect(), tints.active_row(palette))
        painter.fillRect(0, 0, _BAR, self.height(), accent)

    def _show_help(self, *, shown: bool) -> None:
        text = f"{self.question.help} {self.editor.keys_help}".strip()
        if self._help is None and shown and text:
            self._help = QLabel(text, self)
            self._help.setTextFormat(Qt.TextFormat.PlainText)
            self._help.setWordWrap(True)
            font = self._help.font()
            font.setPointSizeF(font.pointSizeF() - 1)
            self._help.setFont(font)
            self._place_help()
        if self._help is not None:
            self._help.setVisible(shown)
