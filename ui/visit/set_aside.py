"""The answers of a visit that were not chosen, behind one line."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from intake.answer_words import answer_in_words
from intake.answers import AnswerChange
from intake.protocol import Question
from ui.sizes import px
from ui.words import PlainLabel


class SetAsideLine(QWidget):
    """Says how many there are; pressed, it lists them. Hidden while there are none."""

    def __init__(
        self,
        questions: Mapping[str, Question],
        answers: Callable[[], Sequence[AnswerChange]],
        parent: QWidget | None = None,
    ) -> None:
        """Show what `answers` returns: those of one visit, oldest first."""
        super().__init__(parent)
        self._questions = questions
        self._answers = answers
        self.key = QPushButton()
        self.key.setCheckable(True)
        self.key.setFlat(True)
        self.key.setStyleSheet("text-align: left")
        self.key.setMinimumHeight(px(28))
        self.list = PlainLabel()
        self.list.setAccessibleName("Answers set aside")
        self.list.setVisible(False)
        self.list.setContentsMargins(14, 0, 0, 4)
        self.key.toggled.connect(self.list.setVisible)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 0, 10, 0)
        layout.setSpacing(0)
        layout.addWidget(self.key, 0)
        layout.addWidget(self.list)
        self.refresh()

    def refresh(self) -> None:
        """Ask again what there is."""
        answers = self._answers()
        self.key.setText(f"Answers set aside: {len(answers)}")
        self.list.setText("\n".join(self._words(one) for one in answers))
        self.setVisible(bool(answers))

    def _words(self, change: AnswerChange) -> str:
        question = self._questions.get(change.question)
        label, answer = change.question, str(change.new)
        if question is not None:
            label = question.label
            answer = answer_in_words(question, change.new) or "not asked"
        at = change.at.astimezone()
        return f"{label}: {answer} ({change.who}, {at:%Y-%m-%d %H:%M})"
