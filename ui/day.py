"""The day as a person goes through it: the list, who is ready, handing on, ending.

What changes the list comes by itself and says so in the status line; nothing pops up
and nobody's keys are taken. Whatever has to be asked is asked in place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from intake.call_backs import CallBack
from intake.errors import UserFacingError
from intake.moves import STATE_WORDS
from intake.patient import Patient
from intake.visit import ENDED, Visit, VisitState
from intake.worklist import WorklistEntry
from ui.ask_bar import Choice
from ui.calls import Calls
from ui.errands import in_words
from ui.main_window import MainWindow
from ui.open_visits import OpenVisits
from ui.records import Records
from ui.tools import Tools
from ui.unfinished import in_question
from ui.visit.tier_marks import MARKS, SHORT
from ui.visit_moves import Move, VisitMoves
from ui.watcher import Watcher
from ui.who_works import WhoWorks, in_short

_SAID_MS = 8_000
#: What comes after a state when its work is done.
_NEXT: Mapping[VisitState, VisitState] = {
    "history": "ready_for_clinician",
    "in_examination": "to_sign",
}
_ENDS: tuple[tuple[VisitState, str], ...] = (
    ("left_before_seen", "&Left before being seen"),
    ("cancelled", "&Cancelled"),
    ("entered_in_error", "Entered in &error"),
)


@dataclass(frozen=True, slots=True)
class _Subject:
    """The visit that a key is about: the one in view, or the one chosen in the list."""

    visit: Visit
    patient: Patient

    @property
    def name(self) -> str:
        return in_short(self.patient.name or "Name not recorded")


class Day(QObject):
    """Follows the list for whoever works, and moves visits for them.

    Args:
        window: asks in place, and says what is new.
        tools: what the office was handed.
        records: what is not stored yet.
        works: who works now.
        visits: the open visits.
    """

    #: The list changed; see `entries`.
    listed = Signal()
    #: The visit in view is off hand: back to the list.
    left = Signal()

    def __init__(
        self,
        window: MainWindow,
        tools: Tools,
        records: Records,
        works: WhoWorks,
        visits: OpenVisits,
    ) -> None:
        """Follow nothing yet."""
        super().__init__(window)
        self._window = window
        self._tools = tools
        self._records = records
        self._works = works
        self._visits = visits
        self._stored: Sequence[WorklistEntry] = ()
        self._new: dict[str, WorklistEntry] = {}
        #: Why there is no list; empty when there is one.
        self.why_none = ""
        #: Returns the visit that is chosen in the list, where the list is in view.
        self.chosen_in_list: Callable[[], WorklistEntry | None] = lambda: None
        self._moving: dict[str, _Subject] = {}
        self.watcher = Watcher(self, tools.clock)
        self.moves = VisitMoves(self, tools.saver, records)
        self._calls = Calls(window.ask_bar, self.moves)
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.timeout.connect(self._tell_ready)
        queued = Qt.ConnectionType.QueuedConnection
        self.watcher.listed.connect(self._take, queued)
        self.watcher.failed.connect(self._fail, queued)
        self.moves.moved.connect(self._moved)
        self.moves.refused.connect(self._refuse, queued)
        self.moves.done.connect(self._done, queued)
        tools.saver.opened.connect(self.watcher.begin)
        works.changed.connect(self._follow)
        window.hand_on.connect(self.hand_on)
        window.end_visit.connect(self.end)
        window.log_call.connect(self.log_call)
        visits.ended.connect(self._ask_about_end)

    # the list

    def entries(self) -> list[WorklistEntry]:
        """Return the list, with what is not stored yet."""
        for visit, patient in reversed(self._records.waiting()):
            self._new[visit.id] = WorklistEntry(
                visit, patient, None, None, (), (), "", visit.opened_at
            )
        # One that was just stored stays until the list that is read has it.
        for one in self._stored:
            self._new.pop(one.visit.id, None)
        return [*reversed(self._new.values()), *self._stored]

    def not_stored(self) -> frozenset[str]:
        """Return the ids of the visits that are only here yet."""
        return frozenset(visit.id for visit, _ in self._records.waiting())

    def end_watching(self) -> None:
        """Ask the records nothing more: they are about to be closed."""
        self.watcher.end()

    def go_on_watching(self) -> None:
        """Follow the records after all."""
        if self._records.store is not None:
            self.watcher.begin(self._records.store)

    def _follow(self) -> None:
        """Follow for whoever works; nobody sees the list of another."""
        is_theirs = self._works.is_somebody_in and self._works.sees_patients
        if not is_theirs:
            self._stored = ()
            self._new.clear()
            self._window.ask_bar.put_away()
            self._said.stop()
            self._window.news.setText("")
        elif not self._said.isActive():
            # In another role: how urgent somebody is was said to a clinician.
            self._tell_ready()
        self.watcher.watch(self._works.person_id if is_theirs else "")

    def _take(self, person_id: str, entries: Sequence[WorklistEntry]) -> None:
        if not self._is_for(person_id):
            return
        self._stored, self.why_none = entries, ""
        if not self._said.isActive():
            self._tell_ready()
        self.listed.emit()

    def _fail(self, person_id: str, error: UserFacingError) -> None:
        if self._is_for(person_id):
            self.why_none = f"{error.text} {error.action}"
            self.listed.emit()

    def _is_for(self, person_id: str) -> bool:
        """Return whether something asked for a person is for whoever works now."""
        return self._works.is_somebody_in and self._works.person_id == person_id

    # what is new

    def _tell_ready(self) -> None:
        """Say to a clinician who is ready, the gravest first."""
        ready = [
            one for one in self._stored if one.visit.state == "ready_for_clinician"
        ]
        is_clinician = self._works.is_somebody_in and self._works.role == "clinician"
        if not ready or not is_clinician:
            self._window.news.setText("")
            return
        first = ready[0]
        name = in_short(first.patient.name or "Name not recorded")
        urgency = "urgency not known"
        if first.tier is not None:
            urgency = f"{MARKS[first.tier]} {SHORT[first.tier]}"
        more = f", and {len(ready) - 1} more" if len(ready) > 1 else ""
        self._window.news.setText(f"Ready for you: {name}, {urgency}{more}. Ctrl+F")

    def say(self, words: str) -> None:
        """Say something in the status line for a while."""
        if self._works.is_somebody_in:
            self._window.news.setText(words)
            self._said.start(_SAID_MS)

    # moving

    def open(self, one: WorklistEntry) -> None:
        """Go on with a visit of the list.

        Whoever is to be called is asked for the call; one that ended, whether its end
        was a mistake: it is closed to answers, so no form of it is shown.
        """
        subject = _Subject(one.visit, one.patient)
        if one.call_back is not None:
            self._ask_call(subject, one.call_back)
        elif one.visit.state in ENDED:
            self._ask(subject, one.visit.state)
        else:
            self._visits.open(one.visit, one.patient)

    def hand_on(self) -> None:
        """Say that the work on a visit is done here: it is ready, or to sign."""
        subject = self._subject()
        if subject is None:
            return
        state = self._state_of(subject)
        to = _NEXT.get(state)
        if to is None or (to == "to_sign" and self._works.role != "clinician"):
            self.say(f"{subject.name}: {STATE_WORDS[state]}.")
            return
        self._move(subject, to)

    def end(self) -> None:
        """Ask how a visit ended, or whether its end is taken back."""
        subject = self._subject()
        if subject is not None:
            self._ask(subject, self._state_of(subject))

    def _ask_about_end(self, visit: Visit, patient: Patient) -> None:
        """Ask about a visit that ended since the list was read."""
        self._ask(_Subject(visit, patient), visit.state)

    def _ask(self, subject: _Subject, state: VisitState) -> None:
        if state == "signed":
            self.say(f"{subject.name}: signed, so it is final.")
        elif state in ENDED:
            self._window.ask_bar.ask(
                f"{subject.name}: {STATE_WORDS[state]}. Was that a mistake?",
                "Why the end is taken back",
                [Choice("&Take the end back", self._mover(subject, None))],
                self._tools.saver.unfinished.at(self._asked(subject.visit)),
            )
        else:
            self._window.ask_bar.ask(
                f"{subject.name}: how did the visit end, without a signature?",
                "Reason (needed where it was entered in error)",
                [Choice(text, self._mover(subject, to)) for to, text in _ENDS],
                self._tools.saver.unfinished.at(self._asked(subject.visit)),
            )

    def log_call(self) -> None:
        """Ask what came of the call to the patient who is chosen, or in view."""
        subject = self._subject()
        if subject is None:
            self.say("Choose whom you called, in the list.")
            return
        found = [one for one in self._stored if one.visit.id == subject.visit.id]
        asked = found[0].call_back if found else None
        if asked is None:
            self.say(f"{subject.name}: nobody has to call.")
        else:
            self._ask_call(subject, asked)

    def _ask_call(self, subject: _Subject, asked: CallBack) -> None:
        self._calls.ask(
            subject.patient,
            subject.name,
            asked,
            by=self._works.person_id,
            is_clinician=self._works.role == "clinician",
            jottings=self._tools.saver.unfinished.at(self._asked(subject.visit)),
        )

    def _asked(self, visit: Visit) -> str:
        """Return the place of what whoever works is asked about a visit."""
        return in_question(self._works.person_id, visit.id)

    def _subject(self) -> _Subject | None:
        session = self._visits.session
        if self._visits.is_in_view and session is not None:
            return _Subject(session.visit, session.patient)
        one = self.chosen_in_list()
        return _Subject(one.visit, one.patient) if one is not None else None

    def _state_of(self, subject: _Subject) -> VisitState:
        """Return where a visit is, as far as it is known here."""
        found = [one for one in self._stored if one.visit.id == subject.visit.id]
        return found[0].visit.state if found else subject.visit.state

    def _mover(self, subject: _Subject, to: VisitState | None) -> Callable[[str], None]:
        return lambda why: self._move(subject, to, why)

    def _move(self, subject: _Subject, to: VisitState | None, reason: str = "") -> None:
        self._visits.flush()
        self._moving[subject.visit.id] = subject
        found = [one for one in self._stored if one.visit.id == subject.visit.id]
        known = [subject.visit, *(one.visit for one in found)]
        revision = max(visit.revision for visit in known)
        by = self._works.person_id
        if not self.moves.move(Move(subject.visit.id, revision, to, by, reason)):
            self.say(f"{subject.name}: moved as soon as everything is stored.")

    def _moved(self, visit: Visit) -> None:
        """Say it; what is off hand leaves the screen."""
        subject = self._moving.pop(visit.id, None)
        self._tools.saver.unfinished.forget(self._asked(visit))
        self._done()
        if subject is not None:
            self.say(f"{subject.name}: {STATE_WORDS[visit.state]}.")
        is_handed_over = (
            visit.state == "ready_for_clinician" and self._works.role == "desk"
        )
        if visit.state in ENDED or is_handed_over:
            was_in_view = self._visits.is_in_view and (
                self._visits.session is not None
                and self._visits.session.visit.id == visit.id
            )
            self._visits.close_one(visit.id)
            if was_in_view:
                self.left.emit()

    def _done(self) -> None:
        self._window.ask_bar.give_back()
        self.watcher.look_now()

    def _refuse(self, error: UserFacingError) -> None:
        """Say why nothing was moved, where it was asked."""
        words = in_words(error)
        if self._window.ask_bar.isVisible():
            self._window.ask_bar.refuse(words)
        else:
            self.say(words)
        self.watcher.look_now()
