"""The answers that an addendum brings: results that came in, answers to correct."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from intake.answers import Value
from intake.protocol import Question
from intake.signing import AddendumKind
from ui.session import VisitSession
from ui.sizes import px
from ui.visit.editors import EditorContext, editor_for
from ui.visit.question_row import QuestionRow
from ui.words import PlainLabel

_RESULT = "result."
_CHOOSE = "Choose a question, or type part of its name"


class AddendumAnswers(QWidget):
    """A list of questions to choose from, and an editor for each chosen one.

    The session holds the answers as they stand today; what is recorded in it goes
    nowhere but into the addendum.
    """

    def __init__(self, session: VisitSession, parent: QWidget | None = None) -> None:
        """Begin without a chosen question."""
        super().__init__(parent)
        self.session = session
        self._before = session.answers
        self.rows: dict[str, QuestionRow] = {}
        self.choice = QComboBox()
        self.choice.setEditable(True)
        self.choice.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.choice.setAccessibleName("Question to answer")
        self.choice.setMinimumHeight(px(28))
        if (completer := self.choice.completer()) is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        line = self.choice.lineEdit()
        if line is not None:
            line.setPlaceholderText(_CHOOSE)
        self.choice.activated.connect(self._chosen)
        top = QHBoxLayout()
        top.addWidget(PlainLabel("Answers that change:"), 1)
        top.addWidget(self.choice, 4)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(top)
        session.answers_changed.connect(self._show)

    def offer(self, kind: AddendumKind) -> None:
        """Offer results, or every question; a note has no answers."""
        self.setVisible(kind != "addendum")
        self.choice.clear()
        for question in self.session.protocol.questions.values():
            if kind == "correction" or question.id.startswith(_RESULT):
                self.choice.addItem(question.label, question.id)
        self.choice.setCurrentIndex(-1)
        self.choice.clearEditText()

    def add(self, question_id: str) -> None:
        """Show the editor of a question, and put the keys on it."""
        self._show_editor(question_id)
        self.rows[question_id].editor.setFocus()

    def _show_editor(self, question_id: str) -> None:
        if question_id not in self.rows:
            row = self._row(self.session.protocol.questions[question_id])
            self.rows[question_id] = row
            self._column.addWidget(row)
            row.set_active(True)

    def answers(self) -> dict[str, Value | None]:
        """Return what is not as it was, after taking what is being typed."""
        for row in self.rows.values():
            row.editor.leave()
        return self.changed()

    def put_back(self, answers: Mapping[str, Value | None]) -> None:
        """Go on with answers that were given and not signed, and half typed ones."""
        self.session.record_values(answers)
        questions = self.session.protocol.questions
        half = [field.split("/")[0] for field in self.session.jottings.fields()]
        for question in dict.fromkeys([*answers, *half]):
            if question in questions:
                self._show_editor(question)

    def interrupt(self) -> None:
        """Keep what is being typed as it is."""
        for row in self.rows.values():
            row.editor.interrupt()

    def changed(self) -> dict[str, Value | None]:
        """Return what is not as it was."""
        now = self.session.answers
        return {q: now.get(q) for q in self.rows if now.get(q) != self._before.get(q)}

    def _chosen(self, place: int) -> None:
        question_id = self.choice.itemData(place)
        self.choice.setCurrentIndex(-1)
        self.choice.clearEditText()
        if question_id:
            self.add(question_id)

    def _row(self, question: Question) -> QuestionRow:
        session = self.session
        context = EditorContext(
            session.protocol,
            session.visit.on,
            session.answer_to,
            session.is_declined,
            session.jottings.__getitem__,
            session.clinic.units,
        )
        editor = editor_for(question, context)
        editor.recorded.connect(session.record_values)
        editor.jotted.connect(session.jot)
        return QuestionRow(question, editor, self)

    def _show(self, questions: frozenset[str]) -> None:
        for question in questions & self.rows.keys():
            self.rows[question].editor.refresh()
