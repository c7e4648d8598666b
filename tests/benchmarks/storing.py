"""How long a save, a search and opening the records take.

The floor of a save is the same rows written with plain `sqlite3` under the same
settings: what SQLite and the disk take.
"""

import json
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

from db.mapping import patient_row
from db.store import Store, open_store
from intake.answers import AnswerChange, Answers
from intake.patient import Patient
from intake.visit import Visit
from tests.benchmarks.measure import line, paired, timed
from tests.db.made_up import KEY

_PATIENTS = 20_000
_ANSWERS = 120
_MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_SAVES = 300
_FAMILIES = ("Moreno", "Nguyen", "Okafor", "Petrov", "Quinn", "Rossi", "Sato")


def lines() -> list[str]:
    """Return the rows: a save, a search, opening."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clinic.db"
        store = open_store(file, KEY)
        _fill(store)
        plain_file = Path(folder) / "plain.db"
        with closing(sqlite3.connect(plain_file, isolation_level=None)) as plain:
            ours, least = paired(_save(store), _plain_save(plain), _SAVES)
        searching = timed(lambda: store.find_patients("okafor 12.04.1958"), 30)
        store.close()
        opening = timed(lambda: open_store(file, KEY).close(), 10)
        new = count()
        making = timed(
            lambda: open_store(Path(folder) / f"new{next(new)}.db", KEY).close(), 10
        )
        megabytes = file.stat().st_size / 1e6
    return [
        line(
            "saving an answer until it is acknowledged, p95",
            f"{ours.percentile(95):.1f} ms",
            f"plain SQLite {least.percentile(95):.1f} ms",
            f"{ours.median / least.median:.1f}x",
            "target under 20 ms",
        ),
        line(
            f"finding one of {_PATIENTS:,} patients, p95",
            f"{searching.percentile(95):.0f} ms",
            "",
            "",
            "target under 200 ms",
        ),
        line(
            f"opening and checking {megabytes:.0f} MB",
            f"{opening.median:.0f} ms",
            "",
            "",
        ),
        line("making new records", f"{making.median:.0f} ms", "", ""),
    ]


def _fill(store: Store) -> None:
    """Make a clinic: patients, and a visit of the first with its answers."""
    with store._write(()) as session:
        session.add_all(
            patient_row(
                Patient(
                    f"p{number}",
                    family_name=_FAMILIES[number % len(_FAMILIES)],
                    given_name=f"Given{number}",
                    birth_date=f"{1930 + number % 70}-04-12",
                    phone=f"0151 {number:07}",
                )
            )
            for number in range(_PATIENTS)
        )
    answers = {f"q{n}": {"value": n, "unit": "a"} for n in range(_ANSWERS)}
    store.open_visit(
        Visit(
            "v1",
            "p1",
            date(2026, 11, 24),
            _MORNING,
            "upper_back_pain",
            "1",
            "d" * 64,
            answers=Answers(answers),
        )
    )


def _save(store: Store) -> Callable[[], object]:
    numbers = count()

    def save() -> object:
        number = next(numbers)
        answer = {"value": number, "unit": "a"}
        change = AnswerChange(
            f"q{number % _ANSWERS}", None, answer, "Ann", "desk", _MORNING, "desk"
        )
        return store.record("v1", number, [change])

    return save


def _plain_save(plain: sqlite3.Connection) -> Callable[[], object]:
    answers = json.dumps({f"q{n}": {"value": n, "unit": "a"} for n in range(_ANSWERS)})
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE visits (id TEXT PRIMARY KEY, revision INTEGER, answers TEXT)",
        "CREATE TABLE changes (id INTEGER PRIMARY KEY, visit TEXT, new TEXT, who TEXT)",
        "INSERT INTO visits VALUES ('v1', 0, '')",
    ):
        plain.execute(statement)

    def save() -> None:
        plain.execute("BEGIN IMMEDIATE")
        plain.execute(
            "UPDATE visits SET answers = ?, revision = revision + 1 WHERE id = 'v1'",
            (answers,),
        )
        plain.execute("INSERT INTO changes VALUES (NULL, 'v1', '7', 'Ann')")
        plain.execute("COMMIT")

    return save
