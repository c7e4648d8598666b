"""A made-up clinic to attack: owner, clinician, somebody at the desk, two visits."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from db.clinic import Clinic
from db.open_clinic import OpenClinic
from intake.answers import AnswerChange, Value
from intake.people import Person
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.workflow import Workflow
from tests.db.made_up import patient, visit

ANN = Person("ann", "Ann Ash", frozenset({"owner", "clinician"}))
KIM = Person("kim", "Dr. Kim", frozenset({"clinician"}))
DEE = Person("dee", "Dee Dow", frozenset({"desk"}))
#: Made up; they open nothing but made-up clinics.
PASSPHRASES = {
    "ann": "kettle moss river nine",
    "kim": "seven lamps by a window",
    "dee": "lamp under the stairs",
}


class TickingClock:
    """A clock that goes on by a second each time it is looked at."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 25, 9, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def today(self) -> date:
        return self.at.date()


@cache
def protocol() -> Protocol:
    """Return the program's own protocol, read once."""
    return default_protocol()


@dataclass(frozen=True, slots=True)
class House:
    """A clinic that is open for its owner, and the use cases on its records."""

    clinic: Clinic
    opened: OpenClinic
    recovery_code: str

    @property
    def workflow(self) -> Workflow:
        return Workflow(self.opened.store, protocol(), self.clinic.clock)


def answer(question: str, new: Value | None, by: Person, second: int) -> AnswerChange:
    """Return an answer as somebody types it."""
    at = datetime(2026, 11, 25, 10, tzinfo=UTC) + timedelta(seconds=second)
    role: Literal["desk", "clinician"] = "desk" if by.roles == {"desk"} else "clinician"
    return AnswerChange(question, None, new, by.name, role, at, role)


def new_house(folder: Path, outside: Path) -> House:
    """Set a clinic up, with p1's visit v1 (open) and v2 (signed)."""
    clinic = Clinic(folder, TickingClock(), [outside])
    opened, code = clinic.set_up(ANN, PASSPHRASES["ann"])
    house = House(clinic, opened, code)
    for one in (KIM, DEE):
        house.workflow.add_person(ANN, one)
        opened.give_passphrase(one, PASSPHRASES[one.id], by="ann")
    house.workflow.register(DEE, patient())
    for name in ("v1", "v2"):
        house.workflow.open_visit(DEE, visit(name))
        history = [
            answer("pain.now", 6, DEE, 1),
            answer("reason.in_patients_words", "aches", DEE, 2),
        ]
        house.workflow.record_history(DEE, name, 0, history)
        examined = [answer("exam.looks_unwell", "yes", KIM, 3)]
        house.workflow.record_examination(KIM, name, 1, examined)
    house.workflow.sign(KIM, "v2", 2)
    return house
