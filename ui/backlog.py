"""What waits to be stored, in order; shared by the window and the writing thread.

It also knows the revision each visit stands at, and holds what is not to be stored
until a person has decided.
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from intake.answers import AnswerChange
from intake.confirmations import Confirmation
from intake.decisions import Decision
from intake.patient import Patient
from intake.tell_now import Told
from intake.visit import Visit
from ui.draft import (
    Changes,
    Entry,
    NewConfirmations,
    NewDecision,
    NewPatient,
    NewTold,
    NewVisit,
    SetAside,
)


class Backlog:
    """A queue that is emptied from its head; nothing leaves it unless it is stored."""

    def __init__(self) -> None:
        """Start empty."""
        self._queue: deque[Entry] = deque()
        self._held: list[Entry] = []
        self._revisions: dict[str, int] = {}
        #: Visits with what somebody else wrote, until the window has shown it.
        self._merged: dict[str, Visit] = {}
        self._changed = threading.Condition()
        self._closing = False

    # adding

    def add(self, entry: Entry) -> None:
        """Add an entry at the end."""
        with self._changed:
            self._queue.append(entry)
            self._changed.notify_all()

    def add_first(self, entries: Sequence[Entry]) -> None:
        """Add what an earlier run left, before everything else."""
        with self._changed:
            self._queue.extendleft(reversed(entries))
            self._changed.notify_all()

    def add_changes(
        self, visit_id: str, changes: Sequence[AnswerChange], by: str
    ) -> None:
        """Add changes of a visit by a person.

        They join others of the two, but not those in flight.
        """
        with self._changed:
            self._let_go(visit_id, {change.question for change in changes})
            last = self._queue[-1] if len(self._queue) > 1 else None
            if isinstance(last, Changes) and (last.visit_id, last.by) == (visit_id, by):
                last.changes.extend(changes)
                return
            revision = self._revisions.get(visit_id, 0)
            self.add(Changes(visit_id, revision, list(changes), by))

    # looking

    def everything(self) -> list[Entry]:
        """Return what is not stored: what is held first, then what waits."""
        with self._changed:
            return [*self._held, *self._queue]

    def is_empty(self) -> bool:
        """Return whether nothing waits; what is held does not count."""
        with self._changed:
            return not self._queue

    def changes_of(self, visit_id: str) -> list[AnswerChange]:
        """Return the changes of a visit that are not stored."""
        return [
            change
            for entry in self.everything()
            if isinstance(entry, Changes) and entry.visit_id == visit_id
            for change in entry.changes
        ]

    def losers_of(self, visit_id: str) -> list[AnswerChange]:
        """Return the answers of a visit that were not chosen and wait to be kept."""
        return [
            entry.loser
            for entry in self.everything()
            if isinstance(entry, SetAside) and entry.visit_id == visit_id
        ]

    def decisions_of(self, visit_id: str) -> list[Decision]:
        """Return the decisions of a visit that are not stored."""
        return [
            entry.decision
            for entry in self.everything()
            if isinstance(entry, NewDecision) and entry.visit_id == visit_id
        ]

    def confirmations_of(self, visit_id: str) -> list[Confirmation]:
        """Return the confirmations of a visit that are not stored."""
        return [
            one
            for entry in self.everything()
            if isinstance(entry, NewConfirmations) and entry.visit_id == visit_id
            for one in entry.confirmations
        ]

    def told_of(self, visit_id: str) -> list[Told]:
        """Return who was told of answers of a visit, as far as it is not stored."""
        return [
            entry.told
            for entry in self.everything()
            if isinstance(entry, NewTold) and entry.visit_id == visit_id
        ]

    def waits_for(self, visit_id: str) -> bool:
        """Return whether the visit, or an answer of it, is not stored yet.

        What is held for a choice does not count.
        """
        with self._changed:
            return any(
                entry.visit.id == visit_id
                if isinstance(entry, NewVisit)
                else not isinstance(entry, NewPatient) and entry.visit_id == visit_id
                for entry in self._queue
            )

    def new_visits(self) -> list[Visit]:
        """Return the new visits that wait, newest first."""
        entries = reversed(self.everything())
        return [entry.visit for entry in entries if isinstance(entry, NewVisit)]

    def new_patients(self) -> dict[str, Patient]:
        """Return the new patients that wait, by id."""
        return {
            entry.patient.id: entry.patient
            for entry in self.everything()
            if isinstance(entry, NewPatient)
        }

    # revisions

    def know(self, visit: Visit) -> None:
        """Remember the revision an opened visit stands at.

        Not while answers of it wait: they were made from an earlier one.
        """
        if not self.changes_of(visit.id):
            with self._changed:
                known = self._revisions.get(visit.id, 0)
                self._revisions[visit.id] = max(known, visit.revision)

    def revision_of(self, entry: Changes) -> int:
        """Return the revision that changes are stored from."""
        with self._changed:
            return self._revisions.get(entry.visit_id, entry.revision)

    def known_revision(self, visit_id: str) -> int:
        """Return the revision that is known of a visit; 0 where none is."""
        with self._changed:
            return self._revisions.get(visit_id, 0)

    def stored(self, visit: Visit, *, is_merged: bool = False) -> None:
        """Remember the revision a visit has now, and whether others wrote in it, too.

        What is merged and not shown yet is replaced by what was stored after it: the
        window would take our own later answers for taken back.
        """
        with self._changed:
            self._revisions[visit.id] = visit.revision
            if is_merged or visit.id in self._merged:
                self._merged[visit.id] = visit

    def take_merged(self, visit_id: str) -> tuple[Visit, set[str]] | None:
        """Return a merged visit as it was stored last, and what of it waits here.

        Both are of one moment: an answer of ours is in one of the two. None where
        it was taken already.
        """
        with self._changed:
            visit = self._merged.pop(visit_id, None)
            waiting = {change.question for change in self.changes_of(visit_id)}
            return None if visit is None else (visit, waiting)

    # emptying

    def head(self) -> Entry | None:
        """Wait for an entry and return it; None when closing and empty."""
        with self._changed:
            while not self._queue:
                if self._closing:
                    return None
                self._changed.wait()
            return self._queue[0]

    def drop_head(self) -> None:
        """Take the head away: it is stored."""
        with self._changed:
            self._queue.popleft()

    def hold(self, entry: Changes, questions: set[str]) -> None:
        """Hold these questions of the head; the rest of it stays the head.

        What is held keeps the revision it was tried from: after a restart it has to
        meet the same answer of somebody else again.
        """
        revision = self.revision_of(entry)
        ours = [c for c in entry.changes if c.question in questions]
        rest = [c for c in entry.changes if c.question not in questions]
        with self._changed:
            self._held.append(replace(entry, revision=revision, changes=ours))
            self._queue.popleft()
            if rest:
                self._queue.appendleft(replace(entry, changes=rest))

    def hold_whole(self) -> None:
        """Hold the head: it can be stored by nobody for now."""
        with self._changed:
            self._held.append(self._queue.popleft())

    def put_for_head(self, entries: Sequence[Entry]) -> None:
        """Store other entries in the place of the head."""
        with self._changed:
            self._queue.popleft()
            self._queue.extendleft(reversed(entries))

    def held(self, visit_id: str, question: str) -> AnswerChange | None:
        """Return the last answer that is held about a question, or None."""
        with self._changed:
            found = [
                change
                for entry in self._held
                if isinstance(entry, Changes) and entry.visit_id == visit_id
                for change in entry.changes
                if change.question == question
            ]
            return found[-1] if found else None

    def let_go(self, visit_id: str, question: str) -> list[AnswerChange]:
        """Take what is held about a question away and return it."""
        with self._changed:
            return self._let_go(visit_id, {question})

    def _let_go(self, visit_id: str, questions: set[str]) -> list[AnswerChange]:
        kept, gone = list[Entry](), list[AnswerChange]()
        for held in self._held:
            if not isinstance(held, Changes) or held.visit_id != visit_id:
                kept.append(held)
                continue
            taken = [c for c in held.changes if c.question in questions]
            rest = [c for c in held.changes if c not in taken]
            gone += taken
            kept += [replace(held, changes=rest)] if rest else []
        self._held = kept
        return gone

    # ending

    @property
    def is_closing(self) -> bool:
        """Return whether the program is about to end."""
        return self._closing

    def set_closing(self, closing: bool) -> None:
        """Say that the program is about to end, or goes on after all."""
        with self._changed:
            self._closing = closing
            self._changed.notify_all()

    def rest(self, seconds: float) -> None:
        """Wait before the next try; closing or a new entry ends the wait."""
        with self._changed:
            if not self._closing:
                self._changed.wait(seconds)
