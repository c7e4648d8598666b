"""Many patients in one process: each registered, asked, assessed, stored, read back.

What is read back has to be what was answered, and memory must not grow with the number
of patients once the program has warmed up.
"""

import gc
import random
import resource
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from db.store import open_store
from intake.answers import AnswerChange, Answers
from intake.assessment import assess
from intake.case_file import read_case
from intake.patient import Patient
from intake.ports import VisitRecords
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.visit import Visit
from tests.db.made_up import KEY, as_everybody

_START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_DAY = date(2026, 11, 24)
_WARM_UP = 0.2


def _encrypted(file: Path) -> VisitRecords:
    return as_everybody(open_store(file, KEY), default_protocol())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What went wrong, and how much memory was taken after the warm-up."""

    wrong: tuple[str, ...]
    grown_kib: int


def run(
    file: Path,
    patients: int,
    seed: int,
    store_of: Callable[[Path], VisitRecords] = _encrypted,
) -> Outcome:
    """Let so many patients come by; return what is not as it was answered."""
    chance = random.Random(seed)
    protocol = default_protocol()
    sample = (files("intake") / "samples" / "sample_visit.json").read_bytes()
    answers = read_case(sample, protocol, today=_DAY).answers
    store = store_of(file)
    given: dict[str, Answers] = {}
    before = 0
    for number in range(patients):
        if number == int(patients * _WARM_UP):
            before = _peak()
        chosen = chance.sample(sorted(answers), chance.randint(5, 40))
        visit = _come_by(store, protocol, number, {q: answers[q] for q in chosen})
        given[visit] = Answers({q: answers[q] for q in chosen})
    grown = _peak() - before
    store.close()
    store = store_of(file)
    wrong = tuple(v for v, said in given.items() if store.visit(v).answers != said)
    store.close()
    return Outcome(wrong, grown)


def _come_by(
    store: VisitRecords, protocol: Protocol, number: int, answers: dict[str, object]
) -> str:
    """Register one patient and store the visit, a few answers at a time."""
    patient = Patient(f"p{number}", f"Family {number}", birth_date="1970-01-01")
    store.register(patient)
    opened = _START + timedelta(minutes=20 * number)
    visit = Visit(
        id=f"v{number}",
        patient_id=patient.id,
        on=opened.date(),
        opened_at=opened,
        protocol_id=protocol.id,
        protocol_version=protocol.version,
        protocol_digest=protocol.digest,
    )
    store.open_visit(visit)
    said = Answers()
    for question, value in answers.items():
        said = said.changed(question, value)
        assess(protocol, patient, said, visit.on)
        change = AnswerChange(question, None, value, "Sam", "desk", opened, "desk")
        visit = store.record(visit.id, visit.revision, [change])
    return visit.id


def _peak() -> int:
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
