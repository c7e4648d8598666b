"""The records as they are to be shown: what is stored, and what still waits to be.

Reading happens here and nowhere else; what fails is told once, and nothing is shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from intake.answers import AnswerChange, Answers
from intake.close_of_day import Part
from intake.confirmations import Confirmation
from intake.decisions import Decision
from intake.earlier import Earlier
from intake.errors import UserFacingError
from intake.patient import Patient
from intake.ports import Clock, VisitRecords
from intake.reassessment import Reassessment
from intake.signing import Addendum
from intake.tell_now import Told
from intake.visit import FINISHED, Visit
from ui.backlog import Backlog
from ui.messages import Teller, tell_error
from ui.words import isolated


class Records:
    """Patients and visits, stored or not yet.

    Args:
        backlog: what waits to be stored.
        clock: tells which day is today.
        teller: tells what cannot be read.
    """

    def __init__(self, backlog: Backlog, clock: Clock, teller: Teller) -> None:
        """Show what waits alone, until there is a store; see `use`."""
        self._backlog = backlog
        self._clock = clock
        self._teller = teller
        #: Where the records are read from; None until they are open.
        self.store: VisitRecords | None = None

    def use(self, store: VisitRecords) -> None:
        """Read from a store from now on."""
        self.store = store

    def find(self, text: str) -> Sequence[Patient]:
        """Return the patients that a text fits."""
        return self._asked(lambda store: store.find_patients(text))

    def merged_names(self, patients: Sequence[Patient]) -> Mapping[str, str]:
        """Return under which names patients stood before a merge, in words, by id."""
        ids = [one.id for one in patients]
        if not ids:
            return {}
        found = self._asked(lambda store: [*store.merged_names(ids).items()])
        return {
            stays: f"merged from {'; '.join(isolated(name) for name in names)}"
            for stays, names in found
        }

    def left_over(self) -> Sequence[Part]:
        """Return what is left of the day."""
        return self._asked(lambda store: store.close_of_day())

    def recent(self) -> Sequence[tuple[Visit, Patient]]:
        """Return the latest visits, newest first."""
        stored = self._asked(lambda store: store.recent_visits())
        known = {visit.id for visit, _ in stored}
        waiting = [one for one in self.waiting() if one[0].id not in known]
        return [*waiting, *stored]

    def waiting(self) -> Sequence[tuple[Visit, Patient]]:
        """Return the new visits that are not stored yet, newest first."""
        new = self._backlog.new_patients()
        return [
            (visit, patient)
            for visit in self._backlog.new_visits()
            if (patient := new.get(visit.patient_id) or self._patient_of(visit))
        ]

    def todays_visit(self, patient: Patient) -> Visit | None:
        """Return the patient's open visit of today, if there is one."""
        today = self._clock.today()
        for visit in self._visits_of(patient):
            if visit.on == today and visit.state not in FINISHED:
                return visit
        return None

    def as_it_stands(
        self, visit: Visit, patient: Patient
    ) -> tuple[Visit, frozenset[str]]:
        """Return a visit with what waits, and the questions that were declined.

        The patient is the visit's own.
        """
        visit = self.stored(visit) or visit
        if visit.state == "signed":
            # Whatever waits did not come in before it was signed.
            return visit, frozenset()
        changes = [
            *self._asked(lambda store: store.changes_of(visit.id)),
            *self._backlog.changes_of(visit.id),
        ]
        answers = {**visit.answers, **{c.question: c.new for c in changes}}
        last = {change.question: change.declined for change in changes}
        declined = frozenset(q for q, is_declined in last.items() if is_declined)
        return replace(visit, answers=Answers(answers)), declined

    def stored(self, visit: Visit) -> Visit | None:
        """Return a visit as it is stored now; None where it is not, or unreadable.

        It is asked for by itself, so that the audit trail tells which one was read.
        """

        def found(store: VisitRecords) -> Sequence[Visit]:
            try:
                return [store.visit(visit.id)]
            except KeyError:
                return ()

        return next(iter(self._asked(found)), None)

    def visit_of(self, visit_id: str) -> tuple[Visit, Patient] | None:
        """Return a stored visit and its patient, or None."""
        found = self._asked(lambda store: [store.visit(visit_id)])
        patient = self._patient_of(found[0]) if found else None
        return (found[0], patient) if patient is not None else None

    def set_aside_of(self, visit_id: str) -> Sequence[AnswerChange]:
        """Return the answers of a visit that were not chosen, stored or not yet."""
        stored = self._asked(lambda store: store.answers_set_aside(visit_id))
        return [*stored, *self._backlog.losers_of(visit_id)]

    def decisions_of(self, visit_id: str) -> Sequence[Decision]:
        """Return what was decided in a visit, oldest first, stored or not yet."""
        # What waits first: it may be stored before the records are asked.
        waiting = self._backlog.decisions_of(visit_id)
        stored = self._asked(lambda store: store.decisions_of(visit_id))
        known = {one.id for one in stored}
        return [*stored, *(one for one in waiting if one.id not in known)]

    def changes_of(self, visit_id: str) -> Sequence[AnswerChange]:
        """Return every change of a visit, oldest first, stored or not yet."""
        # What waits first: it may be stored before the records are asked.
        waiting = self._backlog.changes_of(visit_id)
        stored = self._asked(lambda store: store.changes_of(visit_id))
        known = {(one.question, one.at) for one in stored}
        return [*stored, *(w for w in waiting if (w.question, w.at) not in known)]

    def confirmations_of(self, visit_id: str) -> Sequence[Confirmation]:
        """Return the confirmations of a visit, oldest first, stored or not yet."""
        waiting = self._backlog.confirmations_of(visit_id)
        stored = self._asked(lambda store: store.confirmations_of(visit_id))
        known = {one.id for one in stored}
        return [*stored, *(one for one in waiting if one.id not in known)]

    def earlier_of(self, visit: Visit) -> Sequence[Earlier]:
        """Return what earlier visits of the same patient said, oldest first."""
        of, before = visit.patient_id, visit.opened_at
        return self._asked(lambda store: store.earlier_visits(of, before))

    def told_of(self, visit_id: str) -> Sequence[Told]:
        """Return who was told of answers of a visit, stored or not yet."""
        waiting = self._backlog.told_of(visit_id)
        stored = self._asked(lambda store: store.told_of(visit_id))
        known = {one.id for one in stored}
        return [*stored, *(one for one in waiting if one.id not in known)]

    def addenda_of(self, visit_id: str) -> Sequence[Addendum]:
        """Return what was added to a signed visit, oldest first."""
        return self._asked(lambda store: store.addenda_of(visit_id))

    def reassessed(self, visit_id: str) -> Reassessment | None:
        """Return a signed visit assessed with today's protocol."""
        found = self._asked(lambda store: [store.reassess(visit_id)])
        return found[0] if found else None

    def patient_of(self, visit: Visit, shown: Patient) -> Patient:
        """Return whose visit it is now; `shown` where that cannot be read."""
        if visit.patient_id == shown.id:
            return shown
        return self._patient_of(visit) or shown

    def _visits_of(self, patient: Patient) -> list[Visit]:
        stored = self._asked(lambda store: store.visits_of(patient.id))
        known = {visit.id for visit in stored}
        waiting = [
            visit
            for visit in self._backlog.new_visits()
            if visit.patient_id == patient.id and visit.id not in known
        ]
        return [*waiting, *stored]

    def _patient_of(self, visit: Visit) -> Patient | None:
        found = self._asked(lambda store: [store.patient(visit.patient_id)])
        return found[0] if found else None

    def _asked(
        self, question: Callable[[VisitRecords], Sequence[Any]]
    ) -> Sequence[Any]:
        """Ask the store; nothing while it is not open, or when it cannot answer."""
        if self.store is None:
            return ()
        try:
            return question(self.store)
        except UserFacingError as error:
            tell_error(self._teller, error)
            return ()
