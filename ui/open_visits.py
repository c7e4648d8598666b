"""The open visits: opened, gone on with, shown as they were signed, closed.

Several stay open, each as it was left; one of them is in view, or none. Nothing typed
is lost on any of these ways: it is taken before the form goes away.
"""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from intake.answers import AnswerChange, Answers
from intake.assessment import assess
from intake.decisions import Decision
from intake.patient import Patient
from intake.record import Record
from intake.visit import ENDED, Visit
from ui import visit_tints
from ui.disputes import Disputes
from ui.main_window import MainWindow
from ui.records import Records
from ui.session import VisitSession
from ui.signing import Signing
from ui.tools import Tools
from ui.unfinished import in_visit
from ui.visit.workspace import Workspace
from ui.visit_strip import OpenName
from ui.who_works import WhoWorks


@dataclass(frozen=True, slots=True, eq=False)
class OpenVisit:
    """One open visit, its form, and its tint."""

    session: VisitSession
    workspace: Workspace
    tint: int

    @property
    def visit_id(self) -> str:
        """Return the visit's id."""
        return self.session.visit.id


class OpenVisits(QObject):
    """Owns the open visits and their forms.

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
    #: A visit that is wanted has ended: Visit and Patient. No form is shown of it.
    ended = Signal(object, object)

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
        #: What is open, in the order in which it was opened.
        self.open_now: list[OpenVisit] = []
        self._current: OpenVisit | None = None
        #: The same, the one looked at last at the end.
        self._looked_at: list[OpenVisit] = []
        self.changed.connect(self._show_names)
        works.changed.connect(self._show_names)
        signing.signed.connect(self.close_signed)
        signing.signed_unseen.connect(self._close_unseen)
        signing.left.connect(self.show)
        signing.question_wanted.connect(self._go_to_question)
        signing.suggestion_wanted.connect(self._go_to_suggestion)
        tools.saver.decided.connect(self._take_in_decisions)
        tools.saver.confirmed.connect(self._take_in_marks)
        tools.saver.merged.connect(self._merged)

    @property
    def session(self) -> VisitSession | None:
        """Return the session of the visit that is gone on with, or None."""
        return self._current.session if self._current is not None else None

    @property
    def workspace(self) -> Workspace | None:
        """Return the form of the visit that is gone on with, or None."""
        return self._current.workspace if self._current is not None else None

    @property
    def is_in_view(self) -> bool:
        """Return whether the page in view is about the visit that is gone on with."""
        one = self._current
        return one is not None and self._window.identity.tint == one.tint

    def session_of(self, visit_id: str) -> VisitSession | None:
        """Return the session of an open visit, or None where it is not open."""
        one = self._open_one(visit_id)
        return one.session if one is not None else None

    def _open_one(self, visit_id: str) -> OpenVisit | None:
        return next((one for one in self.open_now if one.visit_id == visit_id), None)

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
        """Go on with a visit: where it was left, if it is open."""
        one = self._open_one(visit.id)
        # Moved or merged meanwhile, it is opened anew as the right patient's.
        if one is not None and one.session.patient.id == patient.id:
            self._bring(one)
        else:
            self.open_as_it_stands(visit, patient)

    def _open_earlier(self, visit_id: str) -> None:
        """Read an earlier visit as it was signed; one that is not is gone on with."""
        found = self._records.visit_of(visit_id)
        if found is not None:
            self.open(*found)

    def open_as_it_stands(
        self, visit: Visit, patient: Patient, *, even_ended: bool = False
    ) -> None:
        """Read a visit anew: to go on with it, or as it was signed.

        One that ended is closed to answers: nothing of it is shown but where an answer
        in it still waits for a choice.
        """
        visit, declined = self._records.as_it_stands(visit, patient)
        patient = self._records.patient_of(visit, patient)
        if visit.state == "signed":
            self.close_signed(visit, patient)
        elif visit.state in ENDED and not even_ended:
            self.ended.emit(visit, patient)
        else:
            self._open(visit, patient, visit.answers.as_dict(), declined)

    def close_signed(self, visit: Visit, patient: Patient) -> None:
        """Close its form; the signed visit is shown as it was signed."""
        self.flush()
        self._drop(visit.id)
        self._current = None
        self._know_signed(visit)
        if self._works.is_somebody_in:
            self._signing.show(visit, patient)
        self.changed.emit()

    def _close_unseen(self, visit: Visit) -> None:
        """Close the form of a visit that was signed while another one came in view."""
        self._drop(visit.id)
        self._know_signed(visit)

    def _know_signed(self, visit: Visit) -> None:
        """Know it as it was signed; what was typed half can be finished no more."""
        self._tools.saver.backlog.know(visit)
        self._tools.saver.unfinished.forget(in_visit(visit.id))

    def close(self) -> None:
        """Close the form in view; what was typed is kept."""
        if self._current is not None:
            self._drop(self._current.visit_id)

    def close_all(self) -> None:
        """Close every form; what was typed is kept."""
        for one in tuple(self.open_now):
            self._drop(one.visit_id)

    def hand_over(self) -> bool:
        """Close what somebody had open; the visit in view is opened in the new role.

        Returns:
            Whether there was one in view.
        """
        session = self.session
        self.close_all()
        if session is None:
            return False
        visit = self._records.stored(session.visit) or session.visit
        if visit.state in ENDED:
            return False
        self.open_as_it_stands(visit, session.patient)
        return True

    def close_one(self, visit_id: str) -> None:
        """Close the form of a visit, if it is open; what was typed is kept."""
        self._drop(visit_id)

    def _drop(self, visit_id: str) -> None:
        one = self._open_one(visit_id)
        if one is None:
            return
        one.workspace.page.flush()
        self.open_now.remove(one)
        self._looked_at.remove(one)
        if one is self._current:
            self._current = None
        self._window.drop_page(one.workspace)
        self.changed.emit()

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
        self.flush()
        self._drop(visit.id)
        if len(self.open_now) == visit_tints.COUNT:
            self._drop(self._looked_at[0].visit_id)
        taken = {one.tint for one in self.open_now}
        tint = next(tint for tint in range(visit_tints.COUNT) if tint not in taken)
        one = self._made(visit, patient, tint, answers, declined)
        self.open_now.append(one)
        self._looked_at.append(one)
        self._bring(one)

    def _made(
        self,
        visit: Visit,
        patient: Patient,
        tint: int,
        answers: dict[str, Any] | None,
        declined: frozenset[str],
    ) -> OpenVisit:
        """Make the form of a visit, which is not in view yet."""
        # Bound here: what is typed in this session is stored for who typed it.
        saver, by = self._tools.saver, self._works.person_id
        saver.backlog.know(visit)
        if answers is not None:
            visit = replace(visit, answers=Answers(answers))

        def save(changes: list[AnswerChange]) -> None:
            saver.save(visit.id, changes, by)

        def keep(decision: Decision) -> None:
            saver.decide(visit.id, decision, by)

        is_clinician = self._works.role == "clinician"
        session = VisitSession(
            self._tools.protocol,
            patient,
            visit,
            clock=self._tools.clock,
            who=self._works.name,
            role=self._works.role,
            assess=assess,
            save=save,
            declined=declined,
            jottings=saver.unfinished.at(in_visit(visit.id)),
            decisions=self._records.decisions_of(visit.id) if is_clinician else (),
            keep=keep,
            clinic=self._works.clinic.read(),
            changes=self._records.changes_of(visit.id) if is_clinician else (),
            confirmations=(
                self._records.confirmations_of(visit.id) if is_clinician else ()
            ),
            keep_confirmed=lambda made: saver.confirm(visit.id, made, by),
            earlier=self._records.earlier_of(visit),
            told=self._records.told_of(visit.id),
            keep_told=lambda told: saver.note_told(visit.id, told, by),
        )
        session.answers_changed.connect(self._answers_changed)
        workspace = Workspace(session)
        workspace.earlier.visit_wanted.connect(self._open_earlier)
        workspace.show_disputes(
            self._disputes, lambda: self._records.set_aside_of(visit.id)
        )
        return OpenVisit(session, workspace, tint)

    def follow(self, visit_id: str, patient: Patient) -> None:
        """Go on with an open visit as another patient's: it was moved, or merged.

        The form is made anew: age, sex and earlier visits are others. It is at the
        question where it was. A review or a preview was of the wrong one, and goes.
        """
        one = self._open_one(visit_id)
        if one is None:
            return
        is_in_view = one is self._current and self.is_in_view
        new = self._made_anew(one, patient)
        for kept in (self.open_now, self._looked_at):
            kept[kept.index(one)] = new
        if one is self._current:
            self._signing.forget()
            self._current = new
        self.changed.emit()
        if is_in_view:
            self.show()
            if here := one.workspace.page.active_question:
                new.workspace.page.go_to(here)
        self._window.drop_page(one.workspace)

    def _made_anew(self, one: OpenVisit, patient: Patient) -> OpenVisit:
        """Return an open visit with all that is typed in it, as a patient's."""
        one.workspace.page.flush()
        before = one.session
        visit = replace(before.visit, patient_id=patient.id)
        answers = before.answers.as_dict()
        new = self._made(visit, patient, one.tint, answers, before.declined)
        first = before.was_of or before.patient
        new.session.was_of = first if first.id != patient.id else None
        return new

    # looking at it

    def go_to(self, visit_id: str) -> bool:
        """Go to an open visit, where it was left; return whether it is open."""
        one = self._open_one(visit_id)
        if one is not None:
            self._bring(one)
        return one is not None

    def go_round(self, by: int) -> bool:
        """Go to the next open visit or the one before; return whether there is one."""
        if not self.open_now:
            return False
        place = 0
        if self._current is not None:
            # From a page that is not about it, it is the next one itself.
            step = by if self.is_in_view else 0
            place = self.open_now.index(self._current) + step
        self._bring(self.open_now[place % len(self.open_now)])
        return True

    def _bring(self, one: OpenVisit) -> None:
        """Put an open visit in view; whatever is about another one is let go of."""
        if one is not self._current:
            self.flush()
            self._signing.forget()
            self._current = one
        self._looked_at.remove(one)
        self._looked_at.append(one)
        self.changed.emit()
        self.show()

    def _show_names(self) -> None:
        """Show in the strip which visits are open, while somebody is there."""
        shown = self.open_now if self._works.is_somebody_in else ()
        self._window.strip.show_names(
            [
                OpenName(
                    one.visit_id,
                    one.session.patient.name or "Name not recorded",
                    one.tint,
                    one is self._current,
                )
                for one in shown
            ]
        )

    def show(self) -> None:
        """Show the visit that is gone on with, where it was left."""
        if self.session is None or self.workspace is None:
            self._signing.show_again()
            return
        self.identify()
        self._window.show_page(self.workspace)
        self.workspace.resume()

    def identify(self) -> None:
        """Show whose visit it is, unless the screen was locked meanwhile."""
        one = self._current
        if one is not None and self._works.is_somebody_in:
            session = one.session
            was = session.was_of
            self._window.identity.show_patient(
                session.patient,
                session.answers,
                one.tint,
                "" if was is None else was.name or "a patient without a name",
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
            if not self.go_to(found[0].id):
                self.open_as_it_stands(*found, even_ended=True)
        self.show()
        if self.workspace is not None and self.workspace.disputes is not None:
            self.workspace.disputes.take_keys()

    def confirm_answers(self) -> None:
        """Go to what is to be confirmed, if anything is."""
        if self.workspace is not None and self.workspace.confirm is not None:
            self.show()
            self.workspace.confirm.take_keys()

    def type_paper(self) -> None:
        """Begin or end typing in from the patient's own paper."""
        if self.session is not None and self.workspace is not None and self.is_in_view:
            self.session.set_paper(not self.session.is_paper)
            self.workspace.page.start()

    def note_told(self) -> None:
        """Go to where the desk notes whom it told, if there is anything to tell."""
        if self.workspace is not None:
            self.show()
            self.workspace.tell.take_keys()

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

    def _go_to_suggestion(self, action: str) -> None:
        if self.workspace is not None and self.workspace.panel is not None:
            self.show()
            self.workspace.panel.focus_suggestion(action)

    def _merged(self, visit: Visit) -> None:
        self._take_in_decisions(visit.id)
        self._take_in_marks(visit.id)

    def _take_in_marks(self, visit_id: str) -> None:
        """Show who entered and who confirmed what meanwhile."""
        session = self.session_of(visit_id)
        if session is not None:
            session.told.take_in(self._records.told_of(visit_id))
        if session is not None and session.role == "clinician":
            session.confirmed.take_in(
                self._records.changes_of(visit_id),
                self._records.confirmations_of(visit_id),
            )

    def _take_in_decisions(self, visit_id: str) -> None:
        """Show what was decided meanwhile, also by somebody else."""
        session = self.session_of(visit_id)
        if session is not None and session.role == "clinician":
            session.decided.take_in(self._records.decisions_of(visit_id))

    def show_reasons(self) -> None:
        """Go to what the assessment rests on; the desk has no assessment."""
        if self.workspace is not None and self.workspace.panel is not None:
            self.show()
            self.workspace.panel.focus_reasons()

    def go_to_emergency(self) -> None:
        """Go to the emergency checklist; the desk has none."""
        if self.workspace is not None and self.workspace.banner is not None:
            self.show()
            self.workspace.go_to_emergency()

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
            licence=self._works.licence,
            declined=session.declined,
            decisions=session.decided.all,
            entered=tuple(session.confirmed.entered.values()),
        )
