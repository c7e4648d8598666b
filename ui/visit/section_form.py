"""The questions of one section, in a scroll area.

Rows are built when their question is first shown. After an answer only the rows that
changed are touched.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from intake.answer_check import AnswerRefusedError, checked
from intake.answer_words import answer_in_words
from intake.confirmations import Entered
from intake.fitting import said
from intake.protocol import Question, Section
from ui.session import VisitSession
from ui.sizes import px
from ui.visit import asked
from ui.visit.editors import EditorContext, editor_for
from ui.visit.more import MoreQuestions
from ui.visit.question_row import QuestionRow

_MARGIN = 60
#: With less, a label stands above its editor.
_NARROW = 560


class SectionForm(QScrollArea):
    """One section of the form."""

    #: An answer is complete: this question's id.
    answered = Signal(str)
    #: The section's button at its end: go on to the next section.
    onward = Signal()

    def __init__(
        self, session: VisitSession, section: Section, parent: QWidget | None = None
    ) -> None:
        """Build the rows that are shown now."""
        super().__init__(parent)
        self.section = section
        self.session = session
        self.setObjectName(section.id)
        self.setAccessibleName(section.title)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._context = EditorContext(
            session.protocol,
            session.visit.on,
            session.answer_to,
            session.is_declined,
            session.jottings.__getitem__,
            session.clinic.units,
        )
        self._body = QWidget(self)
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(6, 4, 6, 8)
        self._column.setSpacing(1)
        title = QLabel(section.title, self._body)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() + 2)
        font.setBold(True)
        title.setFont(font)
        title.setContentsMargins(10, 2, 0, 4)
        self._column.addWidget(title)
        self._rows_start = self._column.count()
        self.rows: dict[str, QuestionRow] = {}
        self._is_narrow = False
        self._watchers: dict[str, list[QuestionRow]] = {}
        self._hidden = QLabel(self._body)
        self._hidden.setTextFormat(Qt.TextFormat.PlainText)
        self._hidden.setWordWrap(True)
        self._hidden.setContentsMargins(10, 6, 0, 0)
        self._column.addWidget(self._hidden)
        self._foot = QHBoxLayout()
        self._foot.setContentsMargins(10, 10, 8, 0)
        self._column.addLayout(self._foot)
        self.more = MoreQuestions(session, section, self._body)
        self.more.chosen.connect(self.go_to)
        self.more.unfolded.connect(self._show_more)
        self._column.addWidget(self.more)
        self._column.addStretch(1)
        self.setWidget(self._body)
        self._build_foot()
        self.refresh_shown()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack labels and editors where they have no room beside each other."""
        super().resizeEvent(event)
        self._is_narrow = self.viewport().width() < px(_NARROW)
        for row in self.rows.values():
            row.set_narrow(self._is_narrow)

    def refresh_shown(self) -> None:
        """Show the questions that are open now; hidden answers are kept, and named."""
        shown = {q.id: q for q in asked.shown_in(self.session, self.section.id)}
        for question_id, row in self.rows.items():
            row.setVisible(question_id in shown)
        for question in shown.values():
            if question.id not in self.rows:
                self._add_row(question)
        self._tell_kept()
        self.more.refresh()

    def refresh_answers(self, questions: frozenset[str]) -> None:
        """Show new answers in the rows that show them."""
        touched = {id(row): row for q in questions for row in self._watchers.get(q, ())}
        for row in touched.values():
            row.editor.refresh()
        self._tell_kept()

    def _tell_kept(self) -> None:
        """Say which answers are kept here and read by no rule."""
        told = []
        hidden = asked.hidden_in(self.session, self.section.id)
        if hidden:
            labels = "; ".join(question.label for question in hidden)
            told.append(f"Hidden now, kept, read by no rule: {labels}")
        for question in asked.unread_in(self.session, self.section.id):
            protocol, value = self.session.protocol, self.session.unread[question.id]
            answer = said(protocol, question.id, value)
            told.append(
                f"Answered under an earlier protocol, kept, read by no rule: "
                f"{question.label}: {answer}. Ask again."
            )
        self._hidden.setText("\n".join(told))
        self._hidden.setVisible(bool(told))

    def refresh_marks(self, marked: Mapping[str, Entered]) -> None:
        """Say at each row who entered its answer, while nobody has confirmed it."""
        for question, row in self.rows.items():
            one = marked.get(question)
            row.set_mark("" if one is None else f"E{one.in_words[1:]}")

    def shown_rows(self) -> list[QuestionRow]:
        """Return the rows that are shown, from the top down."""
        order = [q.id for q in self.session.protocol.by_section[self.section.id]]
        rows = [self.rows[q] for q in order if q in self.rows]
        return [row for row in rows if not row.isHidden()]

    def next_waiting(self, after: str = "") -> QuestionRow | None:
        """Return the next row without an answer below a question."""
        rows = self.shown_rows()
        ids = [row.question.id for row in rows]
        start = ids.index(after) + 1 if after in ids else 0
        return next(
            (r for r in rows[start:] if asked.is_waiting(self.session, r.question)),
            None,
        )

    def step(self, from_question: str, by: int) -> None:
        """Go to the row above or below."""
        rows = self.shown_rows()
        ids = [row.question.id for row in rows]
        place = ids.index(from_question) + by
        if 0 <= place < len(rows):
            rows[place].editor.setFocus(Qt.FocusReason.TabFocusReason)
        elif by > 0:
            self.more.button.setFocus(Qt.FocusReason.TabFocusReason)

    def go_to(self, question_id: str) -> None:
        """Put the focus on a question, opening it by hand if it is closed."""
        if question_id not in self.rows or self.rows[question_id].isHidden():
            self.session.open_by_hand([question_id])
        row = self.rows.get(question_id)
        if row is not None:
            row.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def bring_into_view(self, row: QuestionRow) -> None:
        """Scroll so that a row, and a little of what follows, is seen."""
        QTimer.singleShot(0, row, self._scroller(row))

    def _show_more(self) -> None:
        QTimer.singleShot(0, self.more, lambda: self.ensureWidgetVisible(self.more))

    def _scroller(self, row: QuestionRow) -> Callable[[], None]:
        def scroll() -> None:
            if row.height() > self.viewport().height():
                # What is asked comes first; the rest is scrolled to.
                self.verticalScrollBar().setValue(row.y())
            else:
                self.ensureWidgetVisible(row, 0, _MARGIN)

        return scroll

    def _add_row(self, question: Question) -> None:
        editor = editor_for(question, self._context)
        row = QuestionRow(question, editor, self._body)
        row.set_narrow(self._is_narrow)
        row.set_earlier(self._earlier(question))
        editor.recorded.connect(self.session.record_values)
        editor.jotted.connect(self.session.jot)
        editor.declined.connect(lambda q=question.id: self._decline(q))
        editor.done.connect(lambda q=question.id: self.answered.emit(q))
        editor.stepped.connect(lambda by, q=question.id: self.step(q, by))
        self.rows[question.id] = row
        for watched in editor.watches:
            self._watchers.setdefault(watched, []).append(row)
        self._column.insertWidget(self._place_of(question), row)
        row.show()
        self._keep_tab_order(row)

    def _earlier(self, question: Question) -> str:
        """Return what was answered at the last visit that asked; nothing for none."""
        found = self.session.last_values.get(question.id)
        if found is None:
            return ""
        on, value = found
        try:
            words = answer_in_words(
                question, checked(self.session.protocol, question, value)
            )
        except AnswerRefusedError:
            # The question changed since: what it was is no answer to this one.
            return ""
        return f"Earlier, {on:%Y-%m-%d}: {words}"

    def _place_of(self, question: Question) -> int:
        order = [q.id for q in self.session.protocol.by_section[self.section.id]]
        before = order[: order.index(question.id)]
        return self._rows_start + sum(q in self.rows for q in before)

    def _keep_tab_order(self, row: QuestionRow) -> None:
        """Put a row that came later where it stands on the screen."""
        order = [q.id for q in self.session.protocol.by_section[self.section.id]]
        rows = [self.rows[q] for q in order if q in self.rows]
        place = rows.index(row)
        if place > 0:
            self.setTabOrder(_last_part(rows[place - 1].editor), row.editor)
        if place + 1 < len(rows):
            self.setTabOrder(_last_part(row.editor), rows[place + 1].editor)
        else:
            self._keep_foot_last(row)

    def _keep_foot_last(self, row: QuestionRow) -> None:
        """Put the keys at the foot behind the last row."""
        before = _last_part(row.editor)
        for place in range(self._foot.count()):
            item = self._foot.itemAt(place)
            key = None if item is None else item.widget()
            if key is not None:
                self.setTabOrder(before, key)
                before = key

    def _decline(self, question_id: str) -> None:
        question = self.session.protocol.questions[question_id]
        unsure = {"left": "unsure", "right": "unsure"} if question.sided else "unsure"
        self.session.record(question_id, unsure, declined=True)

    def add_to_foot(self, key: QWidget, panel: QWidget) -> None:
        """Put a key beside the "more" key, and the panel it opens below."""
        self._foot.insertWidget(1, key)
        self.setTabOrder(self.more.button, key)
        self._column.insertWidget(self._column.indexOf(self.more), panel)

    def _build_foot(self) -> None:
        self._foot.addWidget(self.more.button)
        self._foot.addStretch(1)
        button = self._onward = QPushButton("Next section  (Ctrl+PgDown)", self._body)
        button.setMinimumHeight(px(26))
        button.setAutoDefault(False)
        button.clicked.connect(self.onward)
        self._foot.addWidget(button)


def _last_part(editor: QWidget) -> QWidget:
    """Return what Tab leaves an editor from.

    Qt places nothing behind a widget that hands its keys on to its lines.
    """
    parts = editor.findChildren(QWidget) if editor.focusProxy() else []
    lines = [one for one in parts if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    return lines[-1] if lines else editor
