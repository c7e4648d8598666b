"""Anything entered, closed and opened again is identical.

A round is a visit typed into the real form, key by key: `Typing` by `Typing`, with undo
and redo between them. The real writer stores it in an encrypted file. Then the form is
closed, a second store reads the file, and a new form is made from it: its answers have
to be those that were typed, and each editor has to show what it showed before. Then
somebody looks at every answer, and that has to change nothing; nor has it where the
answers came from elsewhere.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QMainWindow, QPlainTextEdit

from db.store import open_store
from intake.answers import AnswerChange, Answers, Role
from intake.assessment import assess
from intake.patient import Patient
from intake.ports import VisitRecords
from intake.protocol import Protocol, Question
from intake.protocol_loader import default_protocol
from intake.visit import Visit
from tests.db.made_up import KEY, as_everybody
from tests.faults.report import Report
from tests.property.random_answers import values
from tests.ui.keyboard import type_keys
from tests.ui.visits import NOW, TODAY, StoppedClock
from tests.ui.walks.application import application, show
from tests.ui.walks.typing import Strategy, Typing, typings
from ui.saving import Saver
from ui.session import VisitSession
from ui.visit import asked
from ui.visit.page import VisitPage

UNDO, REDO = "undo", "redo"
#: What a person does in a visit.
Step = Typing | str
StoreOf = Callable[[VisitRecords], VisitRecords]

_PATIENT = Patient("p1", "Moreno", "Ana", birth_date="1962-03-01")


@cache
def protocol() -> Protocol:
    """Return the program's own protocol, read once."""
    return default_protocol()


class RoundTrip:
    """One clinic on the disk, and visits that come and go in it."""

    def __init__(self, folder: Path, store_of: StoreOf = lambda store: store) -> None:
        """Make the records; `store_of` may put something between writer and store."""
        application()
        self._file = folder / "records.db"
        self._protocol = protocol()
        self.visits = 0
        self.typed = 0
        self._window = QMainWindow()
        self._window.resize(1366, 740)
        show(self._window)
        self._reading = self._store()
        self._saver = Saver(lambda: store_of(self._store()), folder, StoppedClock())
        self._saver.start()
        self._saver.register(_PATIENT, "p")

    def close(self) -> None:
        """Let go of the records."""
        self._saver.close()
        self._reading.close()
        self._window.close()

    def differences(self, role: Role, steps: list[Step]) -> list[str]:
        """Do the steps in a new visit; return what is different afterwards."""
        self.visits += 1
        visit = _visit(f"v{self.visits}", self._protocol)
        self._saver.open_visit(visit, "p")
        session = self._session(visit, role, frozenset())
        wrong: list[str] = []
        with self._open(session) as page:
            for place, step in enumerate(steps):
                met = {s.question for s in steps[:place] if isinstance(s, Typing)}
                wrong += self._done(page, step, met)
            page.flush()
            shown = _shown(page, session)
        self._wait()
        stored, declined = self._read(visit)
        again = self._session(stored, role, declined)
        if again.answers != session.answers:
            wrong.append(_words(session, again))
        if again.declined != session.declined:
            wrong.append(f"declined: {session.declined} became {again.declined}")
        with self._open(again) as page:
            now = {q: said for q, said in _shown(page, again).items() if q in shown}
            if now != shown:
                wrong.append(f"shown: {_pairs(shown, now)}")
            _look_at(page, [q for q in again.answers if q in again.visibility.open])
        if again.answers != stored.answers or again.can_undo():
            wrong.append(f"looked at: {_words(session, again)}")
        return wrong

    def looked_at(self, answers: dict[str, Any]) -> list[str]:
        """Look at every question of a visit that was answered elsewhere."""
        visit = replace(_visit("elsewhere", self._protocol), answers=Answers(answers))
        session = self._session(visit, "clinician", frozenset())
        with self._open(session) as page:
            _look_at(page, [q for q in answers if q in self._protocol.questions])
        return ["an answer changed by being looked at"] if session.can_undo() else []

    @contextmanager
    def _open(self, session: VisitSession) -> Iterator[VisitPage]:
        page = VisitPage(session)
        self._window.setCentralWidget(page)
        try:
            yield page
        finally:
            # As the window does when a visit is closed: its form goes for good.
            self._window.takeCentralWidget()
            page.deleteLater()
            _let_go()

    def _done(self, page: VisitPage, step: Step, met: set[str]) -> list[str]:
        if step == UNDO:
            page.undo()
        elif step == REDO:
            page.redo()
        elif isinstance(step, Typing):
            return self._type(page, step, met)
        return []

    def _type(self, page: VisitPage, step: Typing, met: set[str]) -> list[str]:
        session = page.session
        before = session.answers.get(step.question)
        page.go_to(step.question)
        if page.active_question != step.question:
            return [f"{step.question} is not reached"]
        self.typed += type_keys(step.keys)
        page.flush()
        after = session.answers.get(step.question)
        # Keys typed onto others may mean something else: "4" takes an option away.
        is_new = before is None and step.question not in met
        if is_new and step.answer is not None and after != step.answer:
            keys = f"{step.keys!r} gave {after!r}"
            return [f"{step.question}: {keys} in place of {step.answer!r}"]
        return []

    def _store(self) -> VisitRecords:
        return as_everybody(open_store(self._file, KEY), self._protocol)

    def _session(
        self, visit: Visit, role: Role, declined: frozenset[str]
    ) -> VisitSession:
        saver = self._saver

        def save(changes: list[AnswerChange]) -> None:
            saver.save(visit.id, changes, "p")

        saver.backlog.know(visit)
        return VisitSession(
            self._protocol,
            _PATIENT,
            visit,
            clock=StoppedClock(),
            who="Sam",
            role=role,
            assess=assess,
            save=save,
            declined=declined,
        )

    def _wait(self) -> None:
        running = application()
        while self._saver.pending():
            running.processEvents()

    def _read(self, visit: Visit) -> tuple[Visit, frozenset[str]]:
        last = {c.question: c.declined for c in self._reading.changes_of(visit.id)}
        stored = self._reading.visit(visit.id)
        return stored, frozenset(q for q, is_declined in last.items() if is_declined)


def _visit(name: str, protocol: Protocol) -> Visit:
    return Visit(
        id=name,
        patient_id=_PATIENT.id,
        on=TODAY,
        opened_at=NOW,
        protocol_id=protocol.id,
        protocol_version=protocol.version,
        protocol_digest=protocol.digest,
    )


def _let_go() -> None:
    """Let widgets go that are on their way."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _look_at(page: VisitPage, questions: Iterable[str]) -> None:
    """Put the keyboard on each of these questions, and go on without typing."""
    for question in questions:
        page.go_to(question)
        page.flush()


def _shown(page: VisitPage, session: VisitSession) -> dict[str, Any]:
    """Return what each editor with an answer says.

    Not where something stands that was refused: that is no answer, and it says so.
    """
    _let_go()
    said = {}
    for name in session.answers:
        question = session.protocol.questions[name]
        if name in session.visibility.open and asked.may_see(session, question):
            editor = page._form(question.section).rows[name].editor
            if any(line.isModified() for line in editor.findChildren(QLineEdit)):
                continue
            said[name] = (
                editor.accessibleName(),
                [line.text() for line in editor.findChildren(QLineEdit)],
                [field.toPlainText() for field in editor.findChildren(QPlainTextEdit)],
                [box.currentText() for box in editor.findChildren(QComboBox)],
            )
    return said


def _words(session: VisitSession, again: VisitSession) -> str:
    return _pairs(session.answers.as_dict(), again.answers.as_dict())


def _pairs(then: dict[str, Any], now: dict[str, Any]) -> str:
    every = sorted(then.keys() | now.keys())
    return "; ".join(
        f"{q} was {then.get(q)!r}, is {now.get(q)!r}"
        for q in every
        if then.get(q) != now.get(q)
    )


def rounds() -> Strategy:
    """Return a strategy for a role and what is done in a visit."""
    every = protocol().questions.values()

    def steps(role: str) -> Strategy:
        desks = [q for q in every if _is_desks(q)]
        everything = list(every)
        typed = typings(protocol(), desks if role == "desk" else everything)
        step = st.one_of(typed, typed, typed, typed, st.sampled_from([UNDO, REDO]))
        return st.tuples(st.just(role), st.lists(step, min_size=1, max_size=7))

    return st.sampled_from(["clinician", "clinician", "desk"]).flatmap(steps)


def _is_desks(question: Question) -> bool:
    section = next(s for s in protocol().sections if s.id == question.section)
    is_for_all = question.who != "clinician" and not question.private
    return is_for_all and section.who == "desk"


def answers_from_elsewhere() -> Strategy:
    """Return a strategy for answers as a file or another program may hold them."""
    every = list(protocol().questions.values())
    # No NUL and no half characters: those are refused.
    text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
    wild = {
        "text": text.filter(bool),
        "rows": st.lists(text.filter(bool), max_size=3),
        "psfs": st.lists(
            st.fixed_dictionaries({"activity": text, "score": st.integers(0, 10)}),
            max_size=5,
        ),
    }

    def one(question: Question) -> Strategy:
        value = wild.get(question.kind, values(protocol(), question))
        return st.tuples(st.just(question.id), value)

    pairs = st.lists(st.sampled_from(every).flatmap(one), min_size=1, max_size=8)
    return pairs.map(dict)


def search(folder: Path, number: int, at: int) -> None:
    """Look for a visit that does not come back as it was typed.

    Raises:
        AssertionError: there is one; hypothesis prints the smallest.
    """
    trip = RoundTrip(folder)

    def is_identical(drawn: tuple[Role, list[Step]]) -> None:
        _nothing(trip.differences(*drawn))

    def is_left_alone(answers: dict[str, Any]) -> None:
        _nothing(trip.looked_at(answers))

    with closing(trip):
        _tried(rounds(), is_identical, number, at)
        _tried(answers_from_elsewhere(), is_left_alone, number // 4, at)


def _tried(
    strategy: Strategy,
    check: Callable[[Any], None],
    number: int,
    at: int,
) -> None:
    """Check so many examples; without a database, so that the seed says everything."""
    limited = settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    seed(at)(limited(given(strategy)(check)))()


def _nothing(found: list[str]) -> None:
    if found:
        raise AssertionError("; ".join(found))


class Forgetful:
    """Stores everything but one answer of each batch."""

    def __init__(self, store: VisitRecords) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever a store has)
        return getattr(self._store, name)

    def on_behalf_of(self, person_id: str) -> "Forgetful":
        """Return the same on somebody's behalf."""
        return Forgetful(self._store.on_behalf_of(person_id))

    def record(
        self, visit_id: str, revision: int, changes: list[AnswerChange]
    ) -> Visit:
        """Take the first answer of each batch for none."""
        first, *rest = changes
        return self._store.record(visit_id, revision, [replace(first, new=None), *rest])


def run(folder: Path, number: int, chance: random.Random) -> Report:
    """Make so many visits; the control is a store that loses one answer."""
    application()
    at = chance.randrange(10**9)
    faults = []
    try:
        search(folder, number, at)
    except AssertionError as found:
        faults = [f"seed {at}: {found} {getattr(found, '__notes__', '')}"]
    return Report(
        faults,
        [f"{number} visits typed, closed and opened again"],
        {"a store that loses an answer": is_forgetting_seen(folder)},
    )


def is_forgetting_seen(folder: Path) -> bool:
    """Return whether a store that loses answers is found out."""
    place = folder / "forgetful"
    place.mkdir()
    trip = RoundTrip(place, Forgetful)  # type: ignore[arg-type]  # it has what a store has
    typed = [
        Typing("general.fever", "y", "yes"),
        Typing("general.fatigue", "n", "no"),
    ]
    with closing(trip):
        return bool(trip.differences("clinician", list(typed)))
