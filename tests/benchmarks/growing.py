"""How much of the cost of a day's work grows with the records: it must not.

The whole way of a save: the use case, with the look at who may, the encrypted file,
the audit trail and its heads outside. The floor is a bare INSERT and commit in an
encrypted file under the same settings, in turn with the saves. Searching and opening
read more where there is more; how much is printed.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import DeclarativeBase

from db.clinic import Clinic
from db.location import FILE_NAME
from db.mapping import patient_row
from db.tables import AnswerChangeRow, AuditHeadRow, AuditRow, PatientRow, VisitRow
from intake.answers import AnswerChange
from intake.patient import Patient
from intake.people import Person
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.visit import Visit
from intake.workflow import Workflow
from tests.benchmarks.measure import Timing, line, paired, timed
from tests.db.made_up import raw

_SIZES = (1_000, 10_000, 100_000)
_VISITS_A_PATIENT = 5
_ANSWERS = 60
_CHANGES = 10
_NOTES = 5
_SAVES = 300
_AT_ONCE = 5_000
_MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_FAMILIES = ("Moreno", "Nguyen", "Okafor", "Petrov", "Quinn", "Rossi", "Sato")
_ANN = Person("ann", "Ann", frozenset({"owner", "clinician"}))
_PASSPHRASE = "kettle moss river nine"  # noqa: S105  (made up, opens nothing)
#: A connection of the driver's, which tells no types.
Plain = Any


class _Clock:
    """A clock that stands still: what is measured is not the time of day."""

    def now(self) -> datetime:
        return _MORNING

    def today(self) -> date:
        return _MORNING.date()


@dataclass(frozen=True, slots=True)
class Day:
    """What a day's work costs with so many visits, in milliseconds."""

    visits: int
    save: Timing
    floor: Timing
    recent: Timing
    search: Timing
    reading: Timing
    opening: Timing
    megabytes: float


def lines() -> Iterator[str]:
    """Give the rows, size by size."""
    protocol = default_protocol()
    days = []
    for visits in _SIZES:
        with tempfile.TemporaryDirectory() as folder:
            days.append(day_with(visits, Path(folder), protocol))
        yield from _rows(days[-1])
    growth = days[-1].save.median / days[0].save.median
    yield line(
        f"a save, {_SIZES[-1]:,} visits against {_SIZES[0]:,}",
        f"{growth:.2f}x",
        "",
        "",
        "target flat",
    )


def _rows(day: Day) -> Iterator[str]:
    yield line(
        f"saving with {day.visits:,} visits, p95",
        f"{day.save.percentile(95):.1f} ms",
        f"one INSERT {day.floor.percentile(95):.1f} ms",
        f"{day.save.median / day.floor.median:.1f}x",
        "target under 20 ms",
    )
    for what, timing in (
        ("the latest visits", day.recent),
        ("a search", day.search),
        ("reading a visit", day.reading),
    ):
        yield line(f"  {what}, p95", f"{timing.percentile(95):.1f} ms", "", "")
    yield line(
        f"  opening and checking {day.megabytes:.0f} MB",
        f"{day.opening.median:.0f} ms",
        "",
        "",
    )


def day_with(visits: int, folder: Path, protocol: Protocol) -> Day:
    """Return what a day costs in a clinic with so many visits."""
    clinic = Clinic(folder / "clinic", _Clock(), [folder / "elsewhere" / "head"])
    opened, _ = clinic.set_up(_ANN, _PASSPHRASE)
    key, file = opened.keys.key, opened.keys.file
    with opened.store._write(()) as session:
        for table, rows in _made_up(visits):
            for batch in _batches(rows):
                session.execute(insert(table), batch)
        head = session.get_one(AuditHeadRow, 1)
        head.count += visits * _NOTES
    workflow = Workflow(opened.store, protocol, clinic.clock)
    workflow.open_visit(
        _ANN, Visit("today", "p1", date(2026, 11, 24), _MORNING, "p", "1", "d" * 64)
    )
    with closing(_plain(folder / "plain.db", key)) as plain:
        save, floor = paired(_save(workflow), _insert(plain), _SAVES)
    recent = timed(lambda: workflow.list_visits(_ANN), 30)
    search = timed(lambda: workflow.find_patients(_ANN, "okafor 12.04.1958"), 30)
    reading = timed(lambda: workflow.read_visit(_ANN, "v7"), 30)
    opened.close()
    opening = timed(lambda: clinic.opened_with(key, file).close(), 5, 1)
    megabytes = (folder / "clinic" / FILE_NAME).stat().st_size / 1e6
    return Day(visits, save, floor, recent, search, reading, opening, megabytes)


def _save(workflow: Workflow) -> Callable[[], object]:
    numbers = count()

    def save() -> object:
        number = next(numbers)
        at = _MORNING + timedelta(seconds=number)
        change = AnswerChange(
            "pain.now", None, number % 11, "Ann", "clinician", at, "clinician"
        )
        return workflow.record_history(_ANN, "today", number, [change])

    return save


def _plain(file: Path, key: bytes) -> Plain:
    plain = raw(file, key)
    plain.execute("PRAGMA journal_mode=WAL")
    plain.execute("PRAGMA synchronous=FULL")
    plain.execute("CREATE TABLE saved (id INTEGER PRIMARY KEY, answer TEXT)")
    return plain


def _insert(plain: Plain) -> Callable[[], object]:
    def insert_one() -> None:
        plain.execute("BEGIN IMMEDIATE")
        plain.execute("INSERT INTO saved VALUES (NULL, '7')")
        plain.execute("COMMIT")

    return insert_one


# years of work, quickly


def _batches(rows: Iterator[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    batch: list[dict[str, object]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _made_up(
    visits: int,
) -> Iterator[tuple[type[DeclarativeBase], Iterator[dict[str, object]]]]:
    yield PatientRow, map(_patient, range(max(2, visits // _VISITS_A_PATIENT)))
    yield VisitRow, (_visit(n, visits) for n in range(visits))
    yield AnswerChangeRow, (_change(n) for n in range(visits * _CHANGES))
    # Without MACs that hold: checking the chain is not measured here.
    yield AuditRow, (_note(n) for n in range(visits * _NOTES))


def _patient(number: int) -> dict[str, object]:
    row = patient_row(
        Patient(
            f"p{number}",
            family_name=_FAMILIES[number % len(_FAMILIES)],
            given_name=f"Given{number}",
            birth_date=f"{1930 + number % 70}-04-12",
            phone=f"0151 {number:07}",
        )
    )
    return {c.key: getattr(row, c.key) for c in PatientRow.__table__.columns}


def _visit(number: int, visits: int) -> dict[str, object]:
    at = _MORNING - timedelta(minutes=5 * (visits - number))
    return {
        "id": f"v{number}",
        "patient_id": f"p{number // _VISITS_A_PATIENT}",
        "on_day": at.date().isoformat(),
        "opened_at": at.isoformat(),
        "opened_utc": at.isoformat(timespec="microseconds"),
        "protocol_id": "p",
        "protocol_version": "1",
        "protocol_digest": "d" * 64,
        "revision": _CHANGES,
        "state": "history",
        "answers": {f"q{n}": {"value": n, "unit": "a"} for n in range(_ANSWERS)},
    }


def _change(number: int) -> dict[str, object]:
    return {
        "visit_id": f"v{number // _CHANGES}",
        "revision": number % _CHANGES + 1,
        "question": f"q{number % _ANSWERS}",
        "new": {"value": number % _ANSWERS, "unit": "a"},
        "who": "Ann",
        "role": "clinician",
        "at": _MORNING.isoformat(),
        "way": "clinician",
        "declined": False,
    }


def _note(number: int) -> dict[str, object]:
    return {
        # After those of the set-up.
        "number": number + 2,
        "event": "answers_recorded",
        "who": "ann",
        "role": "clinician+owner",
        "at": _MORNING.isoformat(),
        "at_utc": _MORNING.isoformat(timespec="microseconds"),
        "subject": f"v{number // _NOTES}",
        "detail": json.dumps({"answers": 3}),
        "mac": "0" * 64,
    }
