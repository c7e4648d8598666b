"""Says above the form that what is typed stands on the patient's own paper."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.session import VisitSession
from ui.words import PlainLabel

_WORDS = (
    "From the patient's own paper: what you type is marked so, until a clinician "
    "confirms it. Ctrl+I ends this."
)
_AT_THE_DESK = " Private answers are shown while this lasts: read nothing aloud."


class PaperLine(QFrame):
    """Shown while somebody types in from the paper."""

    def __init__(self, session: VisitSession, parent: QWidget | None = None) -> None:
        """Follow the session."""
        super().__init__(parent)
        self._session = session
        self.setFrameShape(QFrame.Shape.Box)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.AlternateBase)
        more = _AT_THE_DESK if session.role == "desk" else ""
        self.words = PlainLabel(_WORDS + more, bold=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 5, 10, 5)
        layout.addWidget(self.words)
        session.paper_changed.connect(self._show)
        self.hide()

    def _show(self) -> None:
        self.setVisible(self._session.is_paper)
