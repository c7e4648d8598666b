"""The visit page: sections at the left, the form in the middle.

A section is built when it is first looked at. After an answer the focus goes to the
next open question, on to the next section where this one has no more.
"""

from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QWidget

from ui.session import VisitSession
from ui.visit import asked
from ui.visit.all_others_no import OFFERED_IN, AllOthersNo
from ui.visit.question_row import QuestionRow
from ui.visit.rail import SectionRail
from ui.visit.section_form import SectionForm


class VisitPage(QWidget):
    """The form of one visit."""

    #: Nothing of this role's part is left to ask.
    finished = Signal()

    def __init__(self, session: VisitSession, parent: QWidget | None = None) -> None:
        """Show the section of the first open question."""
        super().__init__(parent)
        self.session = session
        self._sections = asked.sections_for(session)
        self._forms: dict[str, SectionForm] = {}
        self._others: dict[str, AllOthersNo] = {}
        self._active: QuestionRow | None = None
        self._open_before = session.visibility.open
        self.rail = SectionRail(session, self._sections, self)
        self._stack = QStackedWidget(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addWidget(self._stack, 1)
        self._bind_keys()
        session.answers_changed.connect(self._show_answers)
        session.assessment_changed.connect(self._show_open)
        session.confirmed.changed.connect(self._show_marks)
        session.paper_changed.connect(self._show_paper)
        self.rail.currentRowChanged.connect(self._show_section)
        self.rail.itemClicked.connect(self.start)
        application = cast("QApplication", QApplication.instance())
        application.focusChanged.connect(self._follow_focus)
        self.rail.setCurrentRow(self._first_section())

    @property
    def form(self) -> SectionForm:
        """Return the section in view."""
        return self._form(self._sections[self.rail.currentRow()].id)

    @property
    def active_question(self) -> str:
        """Return the question being answered, or an empty text."""
        return self._active.question.id if self._active else ""

    def start(self) -> None:
        """Put the focus on the first open question."""
        row = self.form.next_waiting()
        rows = self.form.shown_rows()
        target = row or (rows[0] if rows else None)
        if target is not None:
            target.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def resume(self) -> None:
        """Put the focus back where it was left; where it never was, see `start`."""
        # Qt keeps it for a page that is hidden, as the page keeps section and scroll.
        # The rail has it where no question ever had.
        left = cast("QWidget | None", self.focusWidget())
        if left is not None and left is not self.rail and left.isVisibleTo(self):
            left.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.start()

    def go_to(self, question_id: str) -> None:
        """Show a question and put the focus on it; a closed one is opened by hand."""
        question = self.session.protocol.questions[question_id]
        if not asked.may_see(self.session, question):
            return
        section = question.section
        ids = [s.id for s in self._sections]
        if section in ids:
            self.rail.setCurrentRow(ids.index(section))
            self.form.go_to(question_id)

    def go_on(self, after: str = "") -> None:
        """Go to the next open question, in this section or a later one."""
        row = self.form.next_waiting(after)
        if row is not None:
            row.editor.setFocus(Qt.FocusReason.TabFocusReason)
            return
        for place in range(self.rail.currentRow() + 1, len(self._sections)):
            if self._has_waiting(self._sections[place].id):
                self.rail.setCurrentRow(place)
                self.start()
                return
        self.form.more.button.setFocus(Qt.FocusReason.TabFocusReason)
        self.finished.emit()

    def flush(self) -> None:
        """Take what is being typed now; called before the page goes away."""
        if self._active is not None:
            self._active.editor.leave()

    def interrupt(self) -> None:
        """Keep what is being typed as it is: the screen is taken away."""
        if self._active is not None:
            self._active.editor.interrupt()

    def hideEvent(self, event: QHideEvent) -> None:
        """Lose nothing that was typed when the page is left or closed."""
        self.flush()
        super().hideEvent(event)

    def step_section(self, by: int) -> None:
        """Show the next section or the one before."""
        place = self.rail.currentRow() + by
        if 0 <= place < len(self._sections):
            self.rail.setCurrentRow(place)
            self.start()

    def _bind_keys(self) -> None:
        keys = {
            "Ctrl+Z": self.undo,
            "Ctrl+Shift+Z": self.redo,
            "Ctrl+Y": self.redo,
            "Ctrl+PgDown": lambda: self.step_section(1),
            "Ctrl+PgUp": lambda: self.step_section(-1),
            "Ctrl+M": self._more,
        }
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _more(self) -> None:
        self.form.more.button.click()

    def undo(self) -> None:
        """Take the last step back, and go to what it changed in the form."""
        self._show_what_changes(self.session.undo)

    def redo(self) -> None:
        """Take the step again that was last taken back."""
        self._show_what_changes(self.session.redo)

    def _show_what_changes(self, act: object) -> None:
        """Take a step back or forth and go to the question it changed."""
        changed: list[str] = []
        remember = changed.extend
        self.session.answers_changed.connect(remember)
        try:
            act()  # type: ignore[operator]  # undo or redo
        finally:
            self.session.answers_changed.disconnect(remember)
        order = list(self.session.protocol.questions)
        visible = set(self.session.visibility.open)
        for question in sorted(changed, key=order.index):
            if question in visible:
                self.go_to(question)
                return

    def _form(self, section_id: str) -> SectionForm:
        if section_id not in self._forms:
            section = next(s for s in self._sections if s.id == section_id)
            form = SectionForm(self.session, section, self)
            form.answered.connect(self.go_on)
            form.onward.connect(lambda: self.step_section(1))
            if section_id in OFFERED_IN:
                others = AllOthersNo(self.session, section, form.widget())
                form.add_to_foot(others.button, others)
                others.closed.connect(self.go_on)
                self._others[section_id] = others
            self._forms[section_id] = form
            form.refresh_marks(self.session.confirmed.marked())
            self._stack.addWidget(form)
        return self._forms[section_id]

    def _show_section(self, row: int) -> None:
        if row >= 0:
            self._stack.setCurrentWidget(self._form(self._sections[row].id))

    def _show_marks(self) -> None:
        marked = self.session.confirmed.marked()
        for form in self._forms.values():
            form.refresh_marks(marked)

    def _show_paper(self) -> None:
        """Show or hide what only the patient's paper brings to the desk."""
        self.flush()
        self._sections = asked.sections_for(self.session)
        self.rail.list_sections(self._sections)
        if self.rail.currentRow() < 0:
            self.rail.setCurrentRow(self._first_section())
        for form in tuple(self._forms.values()):
            form.refresh_shown()

    def _show_answers(self, questions: frozenset[str]) -> None:
        for form in self._forms.values():
            form.refresh_answers(questions)

    def _show_open(self) -> None:
        """Show what an answer opened or hid, and count again."""
        visible = self.session.visibility.open
        if visible != self._open_before:
            changed = set(visible).symmetric_difference(self._open_before)
            self._open_before = visible
            sections = {self.session.protocol.questions[q].section for q in changed}
            for section in sections & self._forms.keys():
                self._forms[section].refresh_shown()
        for others in self._others.values():
            others.refresh()
        self.rail.refresh()

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Make the row with the focus the active one."""
        row = _row_of(new)
        if row is None or row is self._active or not self.isAncestorOf(row):
            return
        if self._active is not None:
            self._active.set_active(False)
        self._active = row
        row.set_active(True)
        self.form.bring_into_view(row)

    def _has_waiting(self, section: str) -> bool:
        return any(
            asked.is_waiting(self.session, q) and not q.may_stay_blank
            for q in asked.shown_in(self.session, section)
        )

    def _first_section(self) -> int:
        return next(
            (i for i, s in enumerate(self._sections) if self._has_waiting(s.id)), 0
        )


def _row_of(widget: QWidget | None) -> QuestionRow | None:
    while widget is not None and not isinstance(widget, QuestionRow):
        widget = widget.parentWidget()
    return widget
