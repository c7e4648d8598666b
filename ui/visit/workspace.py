"""One open visit: the form, and for the clinician the assessment beside it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ui.session import VisitSession
from ui.visit.assessment_panel import AssessmentPanel
from ui.visit.emergency_banner import EmergencyBanner
from ui.visit.page import VisitPage

_PANEL_WIDTH = 400


class Workspace(QWidget):
    """The desk gets the form alone: it sees nothing computed."""

    def __init__(self, session: VisitSession, parent: QWidget | None = None) -> None:
        """Build the page, and the panel where the role has one."""
        super().__init__(parent)
        self.session = session
        self.page = VisitPage(session)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.panel: AssessmentPanel | None = None
        self.banner: EmergencyBanner | None = None
        if session.role != "clinician":
            layout.addWidget(self.page)
            return
        self.banner = EmergencyBanner(session, self)
        self.panel = AssessmentPanel(session)
        self.panel.question_wanted.connect(self.page.go_to)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.page)
        split.addWidget(self.panel)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        split.setSizes([1366 - _PANEL_WIDTH, _PANEL_WIDTH])
        split.setChildrenCollapsible(False)
        layout.addWidget(self.banner)
        layout.addWidget(split, 1)
