"""Made-up patients, visits and changes, and the folder they are kept in."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from db.store import Store
from intake.acting import Acting
from intake.answers import AnswerChange, Answers, Value
from intake.confirmations import Confirmation
from intake.decisions import Choice, Decision, Grounds
from intake.patient import Patient
from intake.people import Person
from intake.protocol import Protocol, Tier
from intake.tell_now import Told
from intake.visit import Visit
from intake.workflow import Workflow

#: What the records of the tests are encrypted with.
KEY = bytes(range(32))
MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def patient(id: str = "p1", **known: Any) -> Patient:  # noqa: A002, ANN401  (as Patient has it)
    """Return a patient; what is not given is as at registration."""
    return Patient(id, **{"family_name": "Doe", "given_name": "Jane", **known})


def visit(id: str = "v1", **known: Any) -> Visit:  # noqa: A002, ANN401  (as Visit has it)
    """Return a visit of patient p1 without answers."""
    usual = {
        "patient_id": "p1",
        "on": date(2026, 11, 24),
        "opened_at": MORNING,
        "protocol_id": "upper_back_pain",
        "protocol_version": "0.1.0",
        "protocol_digest": "d" * 64,
    }
    return Visit(id, **{**usual, **known})


def change(
    question: str,
    new: Value | None,
    old: Value | None = None,
    *,
    who: str = "Ann",
    second: int = 0,
) -> AnswerChange:
    """Return a change at the desk, some seconds into the morning."""
    at = MORNING + timedelta(seconds=second)
    return AnswerChange(question, old, new, who, "desk", at, "desk")


def decision(
    id: str = "d1",  # noqa: A002  (as Decision has it)
    choice: Choice = "declined",
    *,
    who: str = "Dr. Kim",
    words: str = "Done elsewhere \ud800\0",
) -> Decision:
    """Return a decision on an action, made this morning."""
    grounds = Grounds(Tier.SAME_DAY, ("cord.1",), {"pain.now": 7}, "d" * 64)
    said = "" if choice in ("accepted", "taken_back") else words
    return Decision(id, "imaging.mri", choice, grounds, who, MORNING, said)


def confirmation(
    id: str = "k1",  # noqa: A002  (as Confirmation has it)
    *,
    who: str = "Dr. Kim",
    value: Value = "no",
    question: str = "general.fever",
) -> Confirmation:
    """Return the confirmation of an answer that was given this morning."""
    return Confirmation(id, question, value, MORNING, who, MORNING)


def told(id: str = "t1", to: str = "Dr. Kim") -> Told:  # noqa: A002  (as Told has it)
    """Return that somebody was told of a weak leg this morning."""
    return Told(id, 8, ("neuro.leg_weakness/left=yes",), to, "Ann", MORNING)


def folded_into_answers(changes: Sequence[AnswerChange]) -> Answers:
    """Return the answers that changes, one after the other, lead to."""
    answers = Answers()
    for one in changes:
        answers = answers.changed(one.question, one.new)
    return answers


class Morning:
    """A clock that stands at half past nine."""

    def now(self) -> datetime:
        return MORNING

    def today(self) -> date:
        return MORNING.date()


#: Who may do everything.
EVERYBODY = Person("all", "All", frozenset({"desk", "clinician", "owner"}))


def as_everybody(store: Store, protocol: Protocol) -> Acting:
    """Return the records as somebody uses them who may do everything."""
    if EVERYBODY not in store.people():
        store.add_person(EVERYBODY)
    workflow = Workflow(store, protocol, Morning())
    return Acting(workflow, lambda: EVERYBODY, store.close, lambda _id: None)


def raw(file: Path | str, key: bytes = KEY, **options: Any) -> sqlcipher.Connection:  # noqa: ANN401  (as the driver has them)
    """Return a connection of another program that knows the key."""
    other = sqlcipher.connect(file, isolation_level=None, **options)
    other.execute("PRAGMA cipher_log_level=NONE")
    other.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    return other


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock on a database as another program would."""
    with closing(raw(file)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def impatient(file: Path, **query: str) -> str:
    """Return a URL for a file with which a lock is waited for only shortly."""
    more = "".join(f"&{key}={value}" for key, value in query.items())
    return f"sqlite:///{file}?timeout=0.05{more}"
