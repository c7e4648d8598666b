"""The use cases of the day: where visits are, what is left of it, who is called.

Part of `intake.workflow.Workflow`, and bound to its rules.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from intake.answer_check import storable
from intake.audit import AuditNote, Event
from intake.authors import KnownAuthors
from intake.call_backs import (
    GONE,
    Call,
    CallBack,
    CallOutcome,
    checked_call,
    checked_closing,
    is_danger,
)
from intake.close_of_day import Part, danger_in_words, left_over, undecided_in_words
from intake.moves import StateChange, checked_reason, roles_for
from intake.patient import Patient
from intake.people import Person
from intake.ports import Clock, NotedCallBack, NotedMove, RecordStore
from intake.visit import Visit, VisitState
from intake.worklist import ListedVisit, Tiers, WorklistEntry, by_danger, by_state


class _UseCases(Protocol):
    """What this part needs of the workflow."""

    _store: RecordStore
    _clock: Clock
    _tiers: Tiers
    _authors: KnownAuthors

    def _allow(self, by: Person, use_case: str) -> Person: ...

    def _note(
        self, event: Event, by: Person, subject: str = "", **detail: str | int
    ) -> AuditNote: ...

    def _move(
        self,
        by: Person,
        visit_id: str,
        before: VisitState,
        after: VisitState,
        reason: str = "",
    ) -> NotedMove: ...

    def _as_may_be_read(self, by: Person, visit: Visit) -> Visit: ...

    def worklist(self, by: Person) -> Sequence[WorklistEntry]: ...


class DayAtWork:
    """What people do with the list of the day."""

    def change_state(
        self: _UseCases,
        by: Person,
        visit_id: str,
        revision: int,
        to: VisitState,
        reason: str = "",
    ) -> Visit:
        """Move a visit as it was read at a revision, and return it as stored.

        A patient who is gone while danger is recorded has to be called.

        Raises:
            NotPermittedError: the move is the clinician's.
            InputRefusedError: it needs a reason, or the reason is too long.
            UserFacingError: (visit_signed, visit_moved) see `RecordStore.change_state`;
                (visit_move) nobody makes this move.
        """
        by = self._allow(by, "change_state")
        visit = self._store.visit(visit_id)
        if "desk" not in roles_for(visit.state, to):
            by = self._allow(by, "record_examination")
        reason = checked_reason(visit.state, to, storable(reason))
        change, note = self._move(by, visit_id, visit.state, to, reason)
        patient = self._store.patient(visit.patient_id)

        def asks(stored: Visit) -> NotedCallBack | None:
            tier = self._tiers.of(stored, patient)
            if stored.state not in GONE or not is_danger(tier):
                return None
            now, today = self._clock.now(), self._clock.today()
            asked = CallBack(str(uuid.uuid4()), visit_id, today, now)
            return NotedCallBack(asked, self._note("call_back_asked", by, visit_id))

        is_back = visit.state in GONE
        stored = self._store.change_state(
            visit_id,
            revision,
            change,
            [note],
            responsible=responsible_of(by),
            asks=asks,
            settles=Call("returned", by.id, self._clock.now()) if is_back else None,
        )
        return self._as_may_be_read(by, stored)

    def moves_of(self: _UseCases, by: Person, visit_id: str) -> Sequence[StateChange]:
        """Return the moves of a visit, oldest first; signing is none.

        To the desk without words of others: a clinician's reason may hold anything.
        """
        by = self._allow(by, "moves_of")
        found = self._store.moves_of(visit_id)
        if by.may("record_examination"):
            return found
        return [one if one.who == by.id else replace(one, reason="") for one in found]

    def worklist(self: _UseCases, by: Person) -> Sequence[WorklistEntry]:
        """Return the visits of today, older ones not finished, and calls to make.

        To clinicians the gravest first; to the desk by state, and nothing computed. It
        is asked for at every change, so it is not written down; who is opened is.
        """
        by = self._allow(by, "worklist")
        listed = self._store.worklist(self._clock.today())
        authors = self._authors.of(one.visit for one in listed)
        names = {person.id: person.name for person in self._store.people()}
        is_clinician = by.may("record_examination")

        def entry(one: ListedVisit) -> WorklistEntry:
            visit, patient = one.visit, one.patient
            return WorklistEntry(
                self._as_may_be_read(by, visit),
                patient,
                self._tiers.of(visit, patient) if is_clinician else None,
                one.call_back and _as_may_be_called(by, one.call_back),
                authors[visit.id].history,
                authors[visit.id].examination,
                names.get(visit.responsible, ""),
                one.since,
            )

        return (by_danger if is_clinician else by_state)(map(entry, listed))

    def close_of_day(self: _UseCases, by: Person) -> Sequence[Part]:
        """Return what is left of the day; why somebody has to be called, to clinicians.

        As the list of the day, it is not written down; who is opened is.
        """
        by = self._allow(by, "close_of_day")

        def why(one: WorklistEntry) -> str:
            if not by.may("record_examination"):
                return ""
            return danger_in_words(self._tiers.assessed(one.visit, one.patient))

        def undecided(one: WorklistEntry) -> str:
            if not by.may("decisions_of") or one.visit.is_in_error:
                return ""
            decisions = self._store.decisions_of(one.visit.id)
            assessment = self._tiers.assessed(one.visit, one.patient)
            return undecided_in_words(assessment, decisions)

        return left_over(self.worklist(by), why, undecided)

    def call_backs(self: _UseCases, by: Person) -> Sequence[tuple[CallBack, Patient]]:
        """Return whom somebody has still to call, oldest first; never why."""
        by = self._allow(by, "call_backs")
        found = self._store.call_backs()
        return [(_as_may_be_called(by, one), patient) for one, patient in found]

    def record_call(
        self: _UseCases,
        by: Person,
        call_back_id: str,
        outcome: CallOutcome,
        note: str = "",
    ) -> CallBack:
        """Keep what came of a call, and return the call-back as it is now.

        Raises:
            InputRefusedError: it is no outcome of a call, or the note is too long.
            UserFacingError: (call_back_done) somebody was quicker.
        """
        by = self._allow(by, "record_call")
        note = checked_call(outcome, storable(note))
        call = Call(outcome, by.id, self._clock.now(), note)
        noted = self._note("called", by, call_back_id, outcome=outcome)
        stored = self._store.add_call(call_back_id, call, [noted])
        return _as_may_be_called(by, stored)

    def close_call_back(
        self: _UseCases, by: Person, call_back_id: str, reason: str
    ) -> CallBack:
        """Keep why nobody has to call any more: a clinician's word.

        Raises:
            InputRefusedError: there is no reason, or it is too long.
            UserFacingError: (call_back_done) somebody was quicker.
        """
        by = self._allow(by, "close_call_back")
        words = checked_closing(storable(reason))
        call = Call("closed", by.id, self._clock.now(), words)
        noted = self._note("call_back_closed", by, call_back_id)
        return self._store.add_call(call_back_id, call, [noted])

    def moment(self: _UseCases, by: Person) -> int:
        """Return a number that grows with every write of anybody.

        It may be asked once a second. Who is refused should not be asked for again: a
        refusal is itself written down.
        """
        by = self._allow(by, "moment")
        return self._store.moment()


def responsible_of(by: Person) -> str:
    """Return who is responsible for a visit that somebody begins."""
    return by.id if by.may("record_examination") else ""


def _as_may_be_called(by: Person, one: CallBack) -> CallBack:
    """Return a call-back; to the desk without words of others, which could say why."""
    if by.may("record_examination"):
        return one
    calls = (c if c.who == by.id else replace(c, note="") for c in one.calls)
    return replace(one, calls=tuple(calls))
