"""One open visit: the form, and for the clinician the assessment beside it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from intake.answers import AnswerChange
from intake.protocol import Tier
from ui.disputes import Disputes
from ui.session import VisitSession
from ui.sizes import px
from ui.visit.assessment_panel import AssessmentPanel
from ui.visit.confirm_strip import ConfirmStrip
from ui.visit.dispute_bar import DisputeBar
from ui.visit.earlier_line import EarlierLine
from ui.visit.emergency_banner import EmergencyBanner
from ui.visit.page import VisitPage
from ui.visit.paper_line import PaperLine
from ui.visit.set_aside import SetAsideLine
from ui.visit.tell_bar import TellBar

_PANEL_WIDTH = 400
#: With less, the sections become a strip and the panel gives the form room.
_NARROW = 1000
_NARROW_PANEL = 250


class Workspace(QWidget):
    """The desk gets the form alone: it sees nothing computed."""

    def __init__(self, session: VisitSession, parent: QWidget | None = None) -> None:
        """Build the page, and the panel where the role has one."""
        super().__init__(parent)
        self.session = session
        self.page = VisitPage(session)
        self.disputes: DisputeBar | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._is_narrow: bool | None = None
        self._split: QSplitter | None = None
        self.panel: AssessmentPanel | None = None
        self.confirm: ConfirmStrip | None = None
        self.banner: EmergencyBanner | None = None
        self.paper = PaperLine(session, self)
        self.tell = TellBar(session, self)
        self.tell.left.connect(self.page.resume)
        self._column.addWidget(self.paper)
        self._column.addWidget(self.tell)
        self.earlier = EarlierLine(session, self)
        if session.role != "clinician":
            self._column.addWidget(self.page, 1)
            self._column.addWidget(self.earlier)
            return
        self.banner = EmergencyBanner(session, self)
        self.banner.left.connect(self.page.resume)
        self.panel = AssessmentPanel(session)
        self.panel.question_wanted.connect(self.page.go_to)
        self.panel.undo_wanted.connect(self.page.undo)
        self.panel.redo_wanted.connect(self.page.redo)
        self.confirm = ConfirmStrip(session, self)
        self.confirm.left.connect(self.page.resume)
        self.confirm.question_wanted.connect(self.page.go_to)
        self.confirm.undo_wanted.connect(self.page.undo)
        self.confirm.redo_wanted.connect(self.page.redo)
        if session.assessment.tier is Tier.EMERGENCY_NOW:
            # From here on the form is secondary; the marks stay.
            self.confirm.fold()
        split = self._split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.page)
        split.addWidget(self.panel)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        split.setChildrenCollapsible(False)
        self._column.insertWidget(0, self.banner)
        self._column.addWidget(self.confirm)
        self._column.addWidget(split, 1)
        self._column.addWidget(self.earlier)

    def hideEvent(self, event: QHideEvent) -> None:
        """End typing in from the paper: nothing private comes back by itself."""
        self.session.set_paper(False)
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the form most of the room, also where there is little."""
        super().resizeEvent(event)
        narrow = self.width() < px(_NARROW)
        if narrow == self._is_narrow:
            return
        self._is_narrow = narrow
        self.page.rail.set_narrow(narrow)
        if self._split is not None:
            panel = px(_NARROW_PANEL if narrow else _PANEL_WIDTH)
            self._split.setSizes([max(1, self.width() - panel), panel])

    def go_to_emergency(self) -> None:
        """Go to the reason to set the emergency aside, or to what was decided on it."""
        if self.banner is not None and not self.banner.isHidden():
            self.banner.take_keys()
        elif self.panel is not None:
            self.panel.focus_reasons()

    def show_disputes(
        self, disputes: Disputes, set_aside: Callable[[], Sequence[AnswerChange]]
    ) -> None:
        """Show what waits for a choice above the form, and what was not chosen.

        Args:
            disputes: what waits.
            set_aside: returns what was set aside of this visit.
        """
        self.disputes = DisputeBar(self.session, disputes, self)
        line = SetAsideLine(self.session.protocol.questions, set_aside, self)
        disputes.changed.connect(line.refresh)
        self.disputes.settled.connect(self._go_on)
        # Below the emergency: that comes first whatever else waits.
        self._column.insertWidget(self._column.indexOf(self.paper), self.disputes)
        self._column.addWidget(line)
        before = None if self.banner is None else self.banner.aside
        self.disputes.stand_between(before, self.page.rail)

    def resume(self) -> None:
        """Put the keys where they were left, or on what is to be confirmed."""
        if self.confirm is not None and self.confirm.is_open:
            self.confirm.take_keys()
        else:
            self.page.resume()

    def _go_on(self, settled: str) -> None:
        """Give the keys back to the form, where it was left, or at what was settled."""
        self.page.go_to(self.page.active_question or settled)
