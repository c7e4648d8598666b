"""Two answers to one question, both in view, until somebody chooses one."""

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.answer_words import answer_in_words
from intake.answers import AnswerChange
from intake.protocol import Question
from ui.disputes import Dispute, Disputes
from ui.session import VisitSession
from ui.theme import roomy
from ui.visit import asked
from ui.words import PlainLabel


class DisputeBar(QFrame):
    """Stands above the form while answers of this visit wait for a choice."""

    #: The last one is chosen (the question): the keys go back to the form.
    settled = Signal(str)

    def __init__(
        self,
        session: VisitSession,
        disputes: Disputes,
        parent: QWidget | None = None,
    ) -> None:
        """Follow the disputes of the session's visit."""
        super().__init__(parent)
        self._session = session
        self._disputes = disputes
        self.setFrameShape(QFrame.Shape.Box)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.AlternateBase)
        self.setAccessibleName("Answers that wait for a choice")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 5, 10, 5)
        self.rows: list[DisputeRow] = []
        self._before: QWidget | None = None
        self._after: QWidget | None = None
        disputes.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what waits now; to the desk nothing of the clinician's."""
        while self.rows:
            row = self.rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for dispute in self._disputes.of(self._session.visit.id):
            question = self._session.protocol.questions.get(dispute.question)
            if question is not None and asked.may_see(self._session, question):
                row = DisputeRow(dispute, question, self)
                row.theirs.clicked.connect(self._settler(dispute, keep_ours=False))
                row.ours.clicked.connect(self._settler(dispute, keep_ours=True))
                self.rows.append(row)
                self._column.addWidget(row)
        self._keep_first()
        self.setVisible(bool(self.rows))

    def _keep_first(self) -> None:
        """Have Tab come here before the form below, however late a row is made."""
        keys: list[QWidget | None] = [
            key for row in self.rows for key in (row.theirs, row.ours)
        ]
        if keys:
            # Where nothing comes before, Tab goes round: what follows is moved behind.
            ends = (self._before, *keys) if self._before else (*keys, self._after)
            for before, after in pairwise(ends):
                if before is not None and after is not None:
                    QWidget.setTabOrder(before, after)

    def stand_between(self, before: QWidget | None, after: QWidget) -> None:
        """Say after and before what Tab comes to the choices."""
        self._before, self._after = before, after
        self._keep_first()

    def take_keys(self) -> None:
        """Put the keys on the first choice."""
        if self.rows:
            self.rows[0].theirs.setFocus()

    def _settler(self, dispute: Dispute, *, keep_ours: bool) -> Callable[[], None]:
        return lambda: self._settle(dispute, keep_ours=keep_ours)

    def _settle(self, dispute: Dispute, *, keep_ours: bool) -> None:
        kept = self._disputes.settle(dispute, keep_ours=keep_ours)
        self._session.take_in({dispute.question: kept.new}, [kept])
        if self.rows:
            self.take_keys()
        else:
            self.settled.emit(dispute.question)


class DisputeRow(QWidget):
    """One question, both answers with who and when, and a key for each."""

    def __init__(self, dispute: Dispute, question: Question, parent: QWidget) -> None:
        """Show both; neither is preselected."""
        super().__init__(parent)
        told = PlainLabel(
            f"{question.label}: somebody else answered this meanwhile.", bold=True
        )
        stored = _words(question, dispute.theirs)
        typed = _words(question, dispute.ours)
        both = PlainLabel(f"Stored: {stored}\nTyped here: {typed}")
        self.theirs = _key("Keep the &stored one", question)
        self.ours = _key("Keep the one &typed here", question)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(told)
        words.addWidget(both)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(words, 1)
        layout.addWidget(self.theirs)
        layout.addWidget(self.ours)
        roomy(self)


def _words(question: Question, change: AnswerChange) -> str:
    answer = answer_in_words(question, change.new) or "not asked"
    at = change.at.astimezone()
    return f"{answer} ({change.who or 'nobody named'}, {at:%Y-%m-%d %H:%M})"


def _key(text: str, question: Question) -> QPushButton:
    key = QPushButton(text)
    key.setAutoDefault(True)
    key.setAccessibleName(f"{text.replace('&', '')}: {question.label}")
    return key
