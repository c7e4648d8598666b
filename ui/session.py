"""One open visit: answers in, assessment out, as signals.

The session holds immutable `Answers`. Recording gives new answers, one change for each
question, and a new assessment, at once; the changes go to `save`, which keeps them in
the background. It decides nothing clinical and knows no widget.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol as Shape

from PySide6.QtCore import QObject, Signal

from intake.answers import AnswerChange, Answers, Role, Value, Way
from intake.clinic_settings import UNSETTLED, ClinicSettings
from intake.confirmations import Confirmation
from intake.decisions import Decision
from intake.earlier import Earlier, last_values
from intake.facts import Facts
from intake.fitting import fits, fitting
from intake.outcome import Assessment
from intake.patient import Patient
from intake.ports import Clock
from intake.protocol import Protocol
from intake.tell_now import Told
from intake.visibility import Visibility, look
from intake.visit import Visit
from ui.confirmed import Confirmed, keep_nothing
from ui.confirmed import Keep as KeepConfirmed
from ui.decided import Decided, Keep
from ui.told import Keep as KeepTold
from ui.told import ToldOf
from ui.told import keep_nothing as keep_no_told
from ui.unfinished import Jottings

Assess = Callable[..., Assessment]
Save = Callable[[list[AnswerChange]], None]


class Step(Shape):
    """What was done beside the answers, and can be undone in its turn."""

    def undo(self) -> None:
        """Take it back."""

    def redo(self) -> None:
        """Do it again."""


class VisitSession(QObject):
    """One visit while somebody works on it.

    Args:
        protocol: what is asked.
        patient: whom the visit is about.
        visit: the visit as it was stored when it was opened.
        clock: tells the time of each change.
        who: the name of the person signed in.
        role: `desk` or `clinician`; it decides which questions are shown.
        assess: the function of `intake.assessment`.
        save: takes each batch of changes, to store them in the background.
        declined: the questions that the patient would not answer earlier.
        decisions: what was decided on suggestions, oldest first.
        keep: takes each new decision, to store it in the background.
        jottings: what was typed in this visit and is no answer yet.
        clinic: its units, and whom it can reach.
        changes: every change of the visit: who entered what.
        confirmations: what clinicians confirmed of it, oldest first.
        keep_confirmed: takes new ones, to store them in the background.
        told: who was told of answers at once, oldest first.
        earlier: what earlier visits of the patient said, oldest first.
        keep_told: takes each new note of that, to store it in the background.
    """

    #: The ids (a frozenset) of the questions whose answers changed.
    answers_changed = Signal(object)
    #: Typing in from the patient's paper began or ended.
    paper_changed = Signal()
    #: A new assessment is there; also emitted when questions were opened by hand.
    assessment_changed = Signal()

    def __init__(  # noqa: PLR0913  (handed in, so that nothing is fetched)
        self,
        protocol: Protocol,
        patient: Patient,
        visit: Visit,
        *,
        clock: Clock,
        who: str,
        role: Role,
        assess: Assess,
        save: Save,
        declined: frozenset[str] = frozenset(),
        decisions: Sequence[Decision] = (),
        keep: Keep = lambda _decision: None,
        jottings: Jottings | None = None,
        clinic: ClinicSettings = UNSETTLED,
        changes: Sequence[AnswerChange] = (),
        confirmations: Sequence[Confirmation] = (),
        keep_confirmed: KeepConfirmed = keep_nothing,
        told: Sequence[Told] = (),
        earlier: Sequence[Earlier] = (),
        keep_told: KeepTold = keep_no_told,
    ) -> None:
        """Start from the stored answers and assess them."""
        super().__init__()
        self._protocol = protocol
        self._patient = patient
        self._visit = visit
        self._clock = clock
        self._who = who
        self._role = role
        self._assess = assess
        self._save = save
        #: Whose visit this was when it was opened, where it is somebody else's by now.
        self.was_of: Patient | None = None
        #: With what an earlier protocol took and this one cannot read.
        self._all = Answers(self._of_this_role(visit.answers))
        self._answers = fitting(protocol, self._all)
        self._opened: frozenset[str] = frozenset()
        self._is_paper = False
        self._declined = declined
        self._undo: list[tuple[AnswerChange, ...] | Step] = []
        self._redo: list[tuple[AnswerChange, ...] | Step] = []
        #: What was decided on the suggestions; for the desk there is nothing.
        self.decided = Decided(self, decisions, keep)
        #: Who entered the answers, and what of it is confirmed.
        self.confirmed = Confirmed(self, changes, confirmations, keep_confirmed)
        #: What earlier visits said: shown, never filled in.
        self.earlier = tuple(earlier)
        self.last_values = last_values(earlier)
        #: Who was told of answers on the clinic's list.
        self.told = ToldOf(self, told, keep_told)
        #: What is typed half, by field (a question's id, or with a side: id/left).
        self.jottings = jottings or Jottings()
        self.clinic = clinic
        self._look_again()

    @property
    def protocol(self) -> Protocol:
        """Return what is asked."""
        return self._protocol

    @property
    def patient(self) -> Patient:
        """Return whom the visit is about."""
        return self._patient

    @property
    def visit(self) -> Visit:
        """Return the visit as it was opened; `answers` are ahead of it."""
        return self._visit

    @property
    def role(self) -> Role:
        """Return the role of the person signed in."""
        return self._role

    @property
    def who(self) -> str:
        """Return the name of the person signed in."""
        return self._who

    def now(self) -> datetime:
        """Return the present time."""
        return self._clock.now()

    @property
    def answers(self) -> Answers:
        """Return the answers as they are now."""
        return self._answers

    @property
    def unread(self) -> Mapping[str, Value]:
        """Return the answers that are kept and that this protocol cannot read."""
        return {q: v for q, v in self._all.items() if q not in self._answers}

    @property
    def assessment(self) -> Assessment:
        """Return the assessment of the answers as they are now."""
        return self._assessment

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what must be said of the rules today, and of answers they miss."""
        told = self._protocol.warnings(max(self._visit.on, self._clock.today()))
        if not self.unread:
            return told
        asked = self._protocol.questions
        names = [asked[q].label if q in asked else q for q in self.unread]
        words = f"Answered under an earlier protocol, kept, read by no rule: {names[0]}"
        more = "".join(f"; {name}" for name in names[1:])
        return (*told, f"{words}{more}. Ask again.")

    @property
    def visibility(self) -> Visibility:
        """Return which questions are open and which answers are hidden."""
        return self._visibility

    @property
    def facts(self) -> Facts:
        """Return what is known of the patient, as conditions read it."""
        return self._facts

    @property
    def declined(self) -> frozenset[str]:
        """Return the questions that the patient would not answer."""
        return self._declined

    @property
    def opened_by_hand(self) -> frozenset[str]:
        """Return the questions that somebody opened by hand."""
        return self._opened

    def record(
        self,
        question_id: str,
        value: Value | None,
        way: Way | None = None,
        declined: bool = False,  # noqa: FBT002  (named by every caller)
    ) -> None:
        """Record one answer; None makes it "not asked" again."""
        self._record({question_id: value}, way, declined=declined)

    def record_many(
        self, values: Mapping[str, Value | None], way: Way | None = None
    ) -> None:
        """Record several answers in one step, undone together."""
        self._record(values, way, declined=False)

    def record_values(self, values: Mapping[str, Value | None]) -> None:
        """Record what an editor hands on, in the usual way of this role."""
        self._record(values, None, declined=False)

    def take_in(
        self,
        values: Mapping[str, Value | None],
        changes: Sequence[AnswerChange] = (),
    ) -> None:
        """Show answers that somebody else stored meanwhile; they are stored already.

        `changes` tells by whom they are.
        """
        theirs = [one for one in changes if one.question in values]
        self.confirmed.learn(theirs)
        mine = self._of_this_role(values)
        new = {q: v for q, v in mine.items() if v != self._all.get(q)}
        if new:
            self._hold(new)
            self._declined -= new.keys()
            self._look_again()
            self.answers_changed.emit(frozenset(new))
            self.assessment_changed.emit()
        if theirs:
            self.confirmed.changed.emit()

    def jot(self, fields: Mapping[str, str]) -> None:
        """Keep what an editor holds and is no answer yet."""
        self.jottings.keep(fields)

    def answer_to(self, question_id: str) -> Value | None:
        """Return the answer to a question, or None: not asked."""
        return self._answers.get(question_id)

    def is_declined(self, question_id: str) -> bool:
        """Return whether the patient would not answer a question."""
        return question_id in self._declined

    @property
    def is_paper(self) -> bool:
        """Return whether what is typed now stands on the patient's own paper."""
        return self._is_paper

    def set_paper(self, is_paper: bool) -> None:
        """Begin or end typing in from the patient's paper."""
        if is_paper != self._is_paper:
            self._is_paper = is_paper
            self.paper_changed.emit()

    def open_by_hand(self, questions: Sequence[str]) -> None:
        """Open questions that no answer has opened."""
        opened = self._opened | frozenset(questions)
        if opened != self._opened:
            self._opened = opened
            self._look_again()
            self.assessment_changed.emit()

    def can_undo(self) -> bool:
        """Return whether there is a step to take back."""
        return bool(self._undo)

    def can_redo(self) -> bool:
        """Return whether there is a step to take again."""
        return bool(self._redo)

    def undo(self) -> None:
        """Take the last step back; the record keeps both changes."""
        if self._undo:
            step = self._undo.pop()
            self._redo.append(step)
            if not isinstance(step, tuple):
                step.undo()
                return
            self._apply([self._change(c.question, c.old, c.way) for c in step])

    def redo(self) -> None:
        """Take the step again that was last taken back."""
        if self._redo:
            step = self._redo.pop()
            self._undo.append(step)
            if not isinstance(step, tuple):
                step.redo()
                return
            self._apply(
                [
                    self._change(c.question, c.new, c.way, declined=c.declined)
                    for c in step
                ]
            )

    def remember(self, step: Step) -> None:
        """Keep a step beside the answers, to be undone in its turn."""
        self._redo.clear()
        self._undo.append(step)

    def _of_this_role(
        self, values: Mapping[str, Value | None]
    ) -> dict[str, Value | None]:
        """Return the answers without those that the desk has no business with.

        What waits to be stored may be the clinician's, and is not asked of the records.
        """
        asked = self._protocol.questions
        return {
            question: value
            for question, value in values.items()
            if self._role != "desk"
            or (question in asked and asked[question].who != "clinician")
        }

    def _record(
        self, values: Mapping[str, Value | None], way: Way | None, *, declined: bool
    ) -> None:
        changes = [
            self._change(question, value, way, declined=declined)
            for question, value in values.items()
            if value != self._all.get(question)
            or declined != (question in self._declined)
        ]
        if changes:
            self._remember_answers(tuple(changes))
            self._apply(changes)

    def _change(
        self,
        question: str,
        value: Value | None,
        way: Way | None,
        *,
        declined: bool = False,
    ) -> AnswerChange:
        usual: Way = "desk" if self._role == "desk" else "clinician"
        if self._is_paper:
            usual = "paper"
        return AnswerChange(
            question=question,
            old=self._all.get(question),
            new=value,
            who=self._who,
            role=self._role,
            at=self._clock.now(),
            way=way or usual,
            declined=declined,
        )

    def _remember_answers(self, step: tuple[AnswerChange, ...]) -> None:
        """Keep the step for undo; text typed on is one step with what it continues."""
        self._redo.clear()
        last = self._undo[-1] if self._undo else ()
        if not isinstance(last, tuple):
            last = ()
        if len(step) == len(last) == 1 and self._types_on(last[0], step[0]):
            (old,), (new,) = last, step
            self._undo[-1] = (
                AnswerChange(
                    question=new.question,
                    old=old.old,
                    new=new.new,
                    who=new.who,
                    role=new.role,
                    at=new.at,
                    way=new.way,
                ),
            )
        else:
            self._undo.append(step)

    def _types_on(self, last: AnswerChange, new: AnswerChange) -> bool:
        """Return whether free text is being typed on, in the same field."""
        is_text = self._protocol.questions[new.question].kind == "text"
        return is_text and last.question == new.question

    def _apply(self, changes: list[AnswerChange]) -> None:
        self._hold({change.question: change.new for change in changes})
        ids = frozenset(change.question for change in changes)
        self._declined = (self._declined - ids) | frozenset(
            change.question for change in changes if change.declined
        )
        self.confirmed.learn(changes)
        self._look_again()
        self._save(changes)
        self.answers_changed.emit(ids)
        self.assessment_changed.emit()
        self.confirmed.changed.emit()

    def _hold(self, values: Mapping[str, Value | None]) -> None:
        """Hold other answers; what cannot be read is held, and not read."""
        for question, value in values.items():
            self._all = self._all.changed(question, value)
            is_read = fits(self._protocol, question, value)
            read = value if is_read else None
            self._answers = self._answers.changed(question, read)

    def _look_again(self) -> None:
        self._visibility, self._facts = look(
            self._protocol,
            self._answers,
            on=self._visit.on,
            age=self._patient.age_on(self._visit.on),
            sex_at_birth=self._patient.sex_at_birth,
            opened=self._opened,
        )
        self._assessment = self._assess(
            self._protocol,
            self._patient,
            self._answers,
            self._visit.on,
            opened=self._opened,
            seen=(self._visibility, self._facts),
        )
