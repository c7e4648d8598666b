"""The window: identity above, pages in the middle, save state and user below.

It shows pages and passes on what people do; `ui/office.py` does it.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from ui.actions import ACTIONS, FORM_KEYS, ActionSpec
from ui.ask_bar import AskBar
from ui.identity_band import IdentityBand
from ui.progress_line import ProgressLine
from ui.room import Pages, Room
from ui.visit_strip import VisitStrip
from ui.words import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.ports import Clock

_SIZE = (1366, 740)
#: Where the plus sign needs the shift key, people leave it out.
_ALSO = {"larger_letters": (QKeySequence("Ctrl+="),)}


class MainWindow(QMainWindow):
    """Holds the pages. Each signal is one action of `ui/actions.py`."""

    show_home = Signal()
    new_patient = Signal()
    show_visit = Signal()
    next_visit = Signal()
    visit_before = Signal()
    close_visit = Signal()
    hand_on = Signal()
    end_visit = Signal()
    log_call = Signal()
    show_close_of_day = Signal()
    show_documents = Signal()
    ask_next = Signal()
    note_told = Signal()
    type_paper = Signal()
    confirm_answers = Signal()
    show_reasons = Signal()
    go_to_emergency = Signal()
    review_and_sign = Signal()
    write_addendum = Signal()
    show_dispute = Signal()
    confirm_saved = Signal()
    show_people = Signal()
    show_audit = Signal()
    show_settings = Signal()
    change_passphrase = Signal()
    lock = Signal()
    hide_screen = Signal()
    show_backups = Signal()
    next_look = Signal()
    larger_letters = Signal()
    smaller_letters = Signal()
    usual_letters = Signal()
    move_visit = Signal()
    change_registration = Signal()
    merge_patients = Signal()
    #: Esc, where nothing in the page had use for it: one step back.
    step_back = Signal()
    #: The window stands on the screen for the first time.
    painted = Signal()

    def __init__(self, clock: "Clock") -> None:
        """Show an empty window at once."""
        super().__init__()
        #: Keeps what was typed; False when it could not, and the window must stay.
        self.may_close: Callable[[], bool] = lambda: True
        self._is_painted = False
        #: Nobody is signed in.
        self.is_locked = False
        self.setWindowTitle("Thoracic Intake")
        self.resize(QSize(*_SIZE).boundedTo(self.screen().availableSize()))
        self.identity = IdentityBand(clock)
        self.strip = VisitStrip()
        self.pages = Pages()
        self.waiting = QLabel("Opening\u2026")
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages.addWidget(self.waiting)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.identity)
        layout.addWidget(self.strip)
        layout.addWidget(Room(self.pages), 1)
        self.ask_bar = AskBar()
        layout.addWidget(self.ask_bar)
        self.progress = ProgressLine()
        layout.addWidget(self.progress)
        self.setCentralWidget(body)
        self.save_state = _plain("Nothing to save yet")
        self.user = _plain("Nobody signed in")
        self.save_state.setAccessibleName("Save state")
        self.idle = _plain("", bold=True)
        self.idle.setAccessibleName("Lock")
        self.care = _plain("")
        self.care.setAccessibleName("How the records are")
        #: What is new: who is ready, what was handed on.
        self.news = _plain("", bold=True)
        self.news.setAccessibleName("What is new")
        self.statusBar().addWidget(self.save_state, 1)
        self.statusBar().addPermanentWidget(self.news)
        self.statusBar().addPermanentWidget(self.care)
        self.statusBar().addPermanentWidget(self.idle)
        self.statusBar().addPermanentWidget(self.user)
        self._actions: dict[str, QAction] = {}
        self.menu = self.menuBar().addMenu("&Menu")
        for spec in ACTIONS:
            self.menu.addAction(self._action(spec))
        self.allow(signed_in=False, clinician=False, visit=False)

    def _action(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self)
        action.setShortcuts([QKeySequence(spec.keys), *_ALSO.get(spec.name, ())])
        # A key that is held too long must not close one visit after the other.
        action.setAutoRepeat(False)
        action.triggered.connect(getattr(self, spec.name))
        self._actions[spec.name] = action
        return action

    def allow(  # noqa: PLR0913  (one for each need of an action)
        self,
        *,
        signed_in: bool,
        clinician: bool,
        visit: bool,
        visits: bool = False,
        signed: bool = False,
        owner: bool = False,
        patients: bool = True,
    ) -> None:
        """Enable what makes sense now."""
        for spec in ACTIONS:
            possible = signed_in or spec.needs_nobody
            possible = possible and (visit or not spec.needs_visit)
            possible = possible and (visits or not spec.needs_visits)
            possible = possible and (signed or not spec.needs_signed)
            possible = possible and (visit or signed or not spec.needs_shown)
            possible = possible and (clinician or not spec.clinician_only)
            possible = possible and (owner or not spec.owner_only)
            possible = possible and (patients or not spec.needs_patients)
            self._actions[spec.name].setEnabled(possible)

    def show_page(self, page: QWidget, *, outside: bool = False) -> None:
        """Bring a page to the front, adding it when it is new.

        While the screen is locked only pages from `outside` the records come there:
        what was begun before may want to show something when it ends.
        """
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        if outside or not self.is_locked:
            self.pages.setCurrentWidget(page)

    def drop_page(self, page: QWidget) -> None:
        """Take a page away for good."""
        self.pages.removeWidget(page)
        page.deleteLater()

    def show_shortcuts(self) -> None:
        """List the keys, made from the same data as the menu."""
        box = QDialog(self)
        box.setWindowTitle("Keys")
        form = QFormLayout()
        for spec in ACTIONS:
            whose = " (clinician)" if spec.clinician_only else ""
            whose = " (owner)" if spec.owner_only else whose
            form.addRow(_plain(spec.keys, bold=True), _plain(f"{spec.text}{whose}"))
        for keys, text in FORM_KEYS:
            form.addRow(_plain(keys, bold=True), _plain(text))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(box.reject)
        layout = QVBoxLayout(box)
        layout.addLayout(form)
        layout.addWidget(buttons)
        box.exec()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say when the first paint is through, children included."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step back with Esc: what is waited for, or a page that only shows or asks."""
        is_escape = event.key() == Qt.Key.Key_Escape
        if is_escape and not self.is_locked:
            if self.progress.break_off_in_front():
                return
            self.step_back.emit()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go only when everything typed is kept."""
        event.setAccepted(self.may_close())


def _plain(text: str, *, bold: bool = False) -> PlainLabel:
    label = PlainLabel(text, bold=bold)
    label.setWordWrap(False)
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(policy.Policy.Preferred)
    label.setSizePolicy(policy)
    return label
