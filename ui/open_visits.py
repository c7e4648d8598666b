"""The open visit: opened, gone on with, shown as it was signed, closed.

Nothing typed is lost on any of these ways: it is taken before the form goes away.
"""

import uuid
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from intake.answers import AnswerChange, Answers
from intake.assessment import assess
from intake.patient import Patient
from intake.record import Record
from intake.visit import Visit
from ui.disputes import Disputes
from ui.main_window import MainWindow
from ui.records import Records
from ui.session import VisitSession
from ui.signing import Signing
from ui.tools import Tools
from ui.visit.workspace import Workspace
from ui.who_works import WhoWorks


class OpenVisits(QObject):
    """Owns the open visit and its form.

    Args:
        window: shows the form.
        tools: what the office was handed.
        records: reads visits.
        works: who works now.
        disputes: what waits for a choice.
        signing: shows what is signed.
    """

    #: A visit was opened or closed.
    changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        tools: Tools,
        records: Records,
        works: WhoWorks,
        disputes: Disputes,
        signing: Signing,
    ) -> None:
        """Open nothing yet."""
        super().__init__(window)
        self._window = window
        self._tools = tools
        self._records = records
        self._works = works
        self._disputes = disputes
        self._signing = signing
        self.session: VisitSession | None = None
        self.workspace: Workspace | None = None
        signing.signed.connect(self.close_signed)
        signing.left.connect(self.show)
        signing.question_wanted.connect(self._go_to_question)

    # opening and closing

    def open_new(self, patient: Patient) -> None:
        """Open a visit of today, or go on with today's where there is one."""
        visit = self._records.todays_visit(patient)
        if visit is not None:
            self.open(visit, patient)
            return
        self._begin(patient)

    def open_filled(self, patient: Patient, answers: Answers) -> None:
        """Register a patient and open a visit that begins with imported answers."""
        self._tools.saver.register(patient, self._works.person_id)
        self._begin(patient, answers)

    def open(self, visit: Visit, patient: Patient) -> None:
        """Go on with a stored visit."""
        if self.session is not None and self.session.visit.id == visit.id:
            self.show()
            return
        self.open_as_it_stands(visit, patient)

    def open_as_it_stands(self, visit: Visit, patient: Patient) -> None:
        """Read a visit anew: to go on with it, or as it was signed."""
        visit, declined = self._records.as_it_stands(visit, patient)
        if visit.state == "signed":
            self.close_signed(visit, patient)
        else:
            self._open(visit, patient, visit.answers.as_dict(), declined)

    def close_signed(self, visit: Visit, patient: Patient) -> None:
        """Close the form; the signed visit is shown as it was signed."""
        self.close()
        self._tools.saver.backlog.know(visit)
        if self._works.is_somebody_in:
            self._signing.show(visit, patient)
        self.changed.emit()

    def close(self) -> None:
        """Close the form; what was typed is kept."""
        self.flush()
        if self.workspace is not None:
            self._window.drop_page(self.workspace)
        self.session = self.workspace = None

    def flush(self) -> None:
        """Take what is being typed in the form."""
        if self.workspace is not None:
            self.workspace.page.flush()

    def _begin(self, patient: Patient, answers: Answers | None = None) -> None:
        tools, by = self._tools, self._works.person_id
        visit = Visit(
            id=str(uuid.uuid4()),
            patient_id=patient.id,
            on=tools.clock.today(),
            opened_at=tools.clock.now(),
            protocol_id=tools.protocol.id,
            protocol_version=tools.protocol.version,
            protocol_digest=tools.protocol.digest,
        )
        tools.saver.open_visit(visit, by)
        if answers is not None:
            tools.saver.save(visit.id, self._imported(answers), by)
        self._open(visit, patient, answers.as_dict() if answers is not None else None)

    def _imported(self, answers: Answers) -> list[AnswerChange]:
        now, who = self._tools.clock.now(), self._works.name
        return [
            AnswerChange(question, None, value, who, "import", now, "import")
            for question, value in answers.items()
        ]

    def _open(
        self,
        visit: Visit,
        patient: Patient,
        answers: dict[str, Any] | None = None,
        declined: frozenset[str] = frozenset(),
    ) -> None:
        self.close()
        self._signing.forget()
        # Bound here: what is typed in this session is stored for who typed it.
        saver, by = self._tools.saver, self._works.person_id
        saver.backlog.know(visit)
        if answers is not None:
            visit = replace(visit, answers=Answers(answers))

        def save(changes: list[AnswerChange]) -> None:
            saver.save(visit.id, changes, by)

        self.session = VisitSession(
            self._tools.protocol,
            patient,
            visit,
            clock=self._tools.clock,
            who=self._works.name,
            role=self._works.role,
            assess=assess,
            save=save,
            declined=declined,
        )
        self.session.answers_changed.connect(self._answers_changed)
        self.workspace = Workspace(self.session)
        self.workspace.show_disputes(
            self._disputes, lambda: self._records.set_aside_of(visit.id)
        )
        self.changed.emit()
        self.show()

    # looking at it

    def show(self) -> None:
        """Show the open visit."""
        if self.session is None or self.workspace is None:
            self._signing.show_again()
            return
        self.identify()
        self._window.show_page(self.workspace)
        self.workspace.page.start()

    def identify(self) -> None:
        """Show whose visit it is, unless the screen was locked meanwhile."""
        if self.session is not None and self._works.is_somebody_in:
            self._window.identity.show_patient(
                self.session.patient, self.session.answers
            )

    def _answers_changed(self, questions: frozenset[str]) -> None:
        if "background.allergies" in questions:
            self.identify()

    def review_and_sign(self) -> None:
        """Show what is signed, once everything typed is on its way to the store."""
        if self.session is not None and self._works.role == "clinician":
            self.flush()
            self.identify()
            self._signing.show_review(self.session)

    def show_dispute(self) -> None:
        """Go to the visit of the first answer that waits for a choice."""
        waiting = self._disputes.all()
        if not waiting:
            return
        if self.session is None or self.session.visit.id != waiting[0].visit_id:
            found = self._records.visit_of(waiting[0].visit_id)
            if found is None:
                return
            self.open(*found)
        self.show()
        if self.workspace is not None and self.workspace.disputes is not None:
            self.workspace.disputes.take_keys()

    def ask_next(self) -> None:
        """Go to the open question that could raise the tier most."""
        if self.session is None or self.workspace is None:
            return
        here = self.workspace.page.active_question
        # What registration asks is no question of the form.
        form = self.session.protocol.questions
        asked = [
            a.question
            for a in self.session.assessment.ask_next
            if a.is_open and a.question in form
        ]
        # Again on the same one: somebody wants the next.
        wanted = asked[(asked.index(here) + 1) % len(asked)] if here in asked else ""
        if asked:
            self._go_to_question(wanted or asked[0])

    def _go_to_question(self, question: str) -> None:
        if self.workspace is not None:
            self.show()
            self.workspace.page.go_to(question)

    def show_reasons(self) -> None:
        """Go to what the assessment rests on; the desk has no assessment."""
        if self.workspace is not None and self.workspace.panel is not None:
            self.show()
            self.workspace.panel.focus_reasons()

    def record(self) -> Record | None:
        """Return what documents are made from: the answers as they are now."""
        if self.session is None:
            return None
        self.flush()
        session = self.session
        return Record(
            patient=session.patient,
            on=session.visit.on,
            answers=session.answers,
            assessment=session.assessment,
            printed_at=self._tools.clock.now().replace(microsecond=0),
            visit_id=session.visit.id,
            clinician=self._works.name,
            declined=session.declined,
        )
