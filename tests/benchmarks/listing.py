"""How long the list of the day takes with 200 visits, and asking whether it changed."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

from db.audit import AuditLog
from db.store import Store, open_store
from intake.answers import AnswerChange
from intake.case_file import read_case
from intake.patient import Patient
from intake.people import Person
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.visit import Visit
from intake.workflow import Workflow
from tests.benchmarks.measure import Timing, line, paired, timed
from tests.db.made_up import KEY

_VISITS = 200
_NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
_DESK = Person("dee", "Dee", frozenset({"desk"}))
_DOCTOR = Person("doc", "Dr. Kim", frozenset({"clinician"}))


class _Clock:
    def now(self) -> datetime:
        return _NOW

    def today(self) -> date:
        return _NOW.date()


def lines() -> list[str]:
    """Return the rows: the list as it opens, unchanged, after a change; the number."""
    protocol = default_protocol()
    with tempfile.TemporaryDirectory() as folder:
        log = AuditLog(KEY, [Path(folder) / "head"])
        store = open_store(Path(folder) / "clinic.db", KEY, log)
        try:
            _fill(store, protocol)
            return _measured(store, protocol)
        finally:
            store.close()


def _measured(store: Store, protocol: Protocol) -> list[str]:
    def new() -> Workflow:
        return Workflow(store, protocol, _Clock())

    opened = timed(lambda: new().worklist(_DOCTOR), 3)
    known = new()
    today = _NOW.date()

    def one_changed() -> None:
        visit = store.visit("v7")
        number = visit.revision % 10
        store.record("v7", visit.revision, [_change("pain.now", number)])
        known.worklist(_DOCTOR)

    unchanged, floor = paired(_list(known, _DOCTOR), lambda: store.worklist(today), 30)
    desk = timed(_list(known, _DESK), 30)
    changed = timed(one_changed, 30)
    asking, bare = paired(lambda: known.moment(_DESK), lambda: store.person("dee"), 300)
    name = f"list of {_VISITS}"
    return [
        _row(f"{name}, as it opens", opened),
        _row(f"{name}, nothing changed", unchanged, floor, "reading it"),
        _row(f"{name}, at the desk", desk),
        _row(f"{name}, with a save to one visit", changed),
        _row("whether anything changed", asking, bare, "reading a row"),
    ]


def _list(workflow: Workflow, by: Person) -> Callable[[], object]:
    return lambda: workflow.worklist(by)


def _row(name: str, ours: Timing, floor: Timing | None = None, least: str = "") -> str:
    figure = f"{ours.percentile(95):.1f} ms"
    if floor is None:
        return line(f"{name}, p95", figure, "", "")
    ratio = f"{ours.median / floor.median:.1f}x"
    return line(f"{name}, p95", figure, f"{least} {floor.median:.1f} ms", ratio)


def _fill(store: Store, protocol: Protocol) -> None:
    sample = (files("intake") / "samples" / "sample_visit.json").read_bytes()
    answers = read_case(sample, protocol, today=_NOW.date()).answers
    changes = [_change(question, value) for question, value in answers.items()]
    for person in (_DESK, _DOCTOR):
        store.add_person(person)
    usual = Visit("", "", _NOW.date(), _NOW, protocol.id, protocol.version, "d")
    for number in range(_VISITS):
        patient = Patient(f"p{number}", f"Doe{number}", "Jane", birth_date="1961-04")
        store.register(patient)
        visit = replace(usual, id=f"v{number}", patient_id=patient.id)
        store.open_visit(visit)
        store.record(visit.id, 0, changes)


def _change(question: str, value: object) -> AnswerChange:
    return AnswerChange(question, None, value, "Dee", "desk", _NOW, "desk")
