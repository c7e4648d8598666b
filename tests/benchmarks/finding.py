"""How long it takes until the first results of a search are there, on both engines.

What the screen asks at a key: who fits, when each was here last, and who was merged
into them. The floor is one bare SELECT of fifty keys along the index, by hand.
"""

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from db.mapping import patient_row
from db.search_keys import keys_of
from db.store import Store
from db.tables import PatientRow, SearchKeyRow, VisitRow
from intake.patient import Patient
from tests.benchmarks.measure import line, paired
from tests.db.places import Files, Place, Server

_PATIENTS = 100_000
_VISITS = 20_000
_AT_ONCE = 25_000
_ROUNDS = 40
_FIRST = date(1930, 1, 1)
_NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
_COMMON = ("Garc\u00eda", "Smith", "Nguyen", "Okafor", "L\u00f3pez", "Kim", "O'Brien")
_GIVEN = ("Mar\u00eda", "Jos\u00e9", "Ana", "John", "Wei", "Fatima", "Lukasz", "Joan")
_BEGIN = ("Ba", "Ce", "Do", "Fi", "Gu", "Ha", "Jo", "Ki", "Lo", "Mu", "Na", "Po", "Ro")
_MIDDLE = ("nd", "rr", "st", "l", "m", "v", "rk", "ss", "tt", "nz", "b", "g", "ch")
_END = ("a", "er", "ez", "i", "o", "son", "ski", "en", "ar", "is", "ov", "um")
#: What people type, each for a kind of its own.
_TYPED: Mapping[str, str] = {
    "two letters": "ga",
    "a common name": "garcia",
    "both names": "garcia maria",
    "given name first": "maria garc",
    "two surnames": "garcia lopez",
    "a birth date, two readings": "03/04/1958",
    "a name and a year": "smith 1961",
    "the end of a phone number": "4711",
    "a chart number": "c-4242",
    "inside of a name": "arcia",
    "misspelt": "gracia maria",
    "nobody": "qzxw qzxw",
}


def lines() -> Iterator[str]:
    """Give the rows of a file, then those of a server."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _lines_of("file", Files())
        server = Server(Path(folder))
        try:
            yield from _lines_of("server", server)
        finally:
            server.stop()


def _lines_of(name: str, place: Place) -> Iterator[str]:
    with place.database() as database, closing(database.open()) as store:
        _fill(store)
        if name == "server":
            database.by_hand("ANALYZE")
        for kind, text in _TYPED.items():
            ours, floor = paired(_asks(store, text), _bare(store), _ROUNDS)
            yield line(
                f"{name}, {_PATIENTS:,}: {kind}, p95",
                f"{ours.percentile(95):.1f} ms",
                f"bare SELECT {floor.percentile(95):.1f} ms",
                f"{ours.median / floor.median:.0f}x",
                "target under 50 ms",
            )


def _asks(store: Store, text: str) -> Callable[[], object]:
    def ask() -> object:
        found = store.find_patients(text)
        ids = [one.id for one in found]
        return found, store.last_visits(ids), store.who_went_into(ids)

    return ask


def _bare(store: Store) -> Callable[[], object]:
    statement = (
        "SELECT patient_id FROM search_keys WHERE kind = 'name' AND key >= 'garcia' "
        "AND key < 'garcib' ORDER BY key LIMIT 50"
    )

    def select() -> object:
        with store._engine.connect() as connection:
            return connection.exec_driver_sql(statement).fetchall()

    return select


def _fill(store: Store) -> None:
    chance = random.Random(1)
    for start in range(0, _PATIENTS, _AT_ONCE):
        patients = [_patient(n, chance) for n in range(start, start + _AT_ONCE)]
        rows = [_cells(patient_row(one)) for one in patients]
        # In order, so that the index grows page by page.
        keys = [
            {"kind": kind, "key": key, "patient_id": who, "revision": 0}
            for kind, key, who in sorted(
                (*found_by, one.id) for one in patients for found_by in keys_of(one)
            )
        ]
        with store._write(()) as session:
            session.execute(insert(PatientRow), rows)
            session.execute(insert(SearchKeyRow), keys)
    visits = [
        {
            "id": f"v{number}",
            "patient_id": f"p{chance.randrange(_PATIENTS)}",
            "on_day": f"{(_NOW - timedelta(days=number // 40)).date()}",
            "opened_utc": _NOW.isoformat(),
            "opened_at": _NOW.isoformat(),
            "state": "history",
            "protocol_id": "p",
            "protocol_version": "1",
            "protocol_digest": "d",
            "answers": {},
            "revision": 0,
            "responsible": "",
        }
        for number in range(_VISITS)
    ]
    with store._write(()) as session:
        session.execute(insert(VisitRow), visits)


def _cells(row: PatientRow) -> dict[str, object]:
    names = (column.key for column in row.__table__.columns)
    return {name: value for name in names if (value := getattr(row, name)) is not None}


def _patient(number: int, chance: random.Random) -> Patient:
    """Return somebody with one of few common names, or one of many rare ones."""
    family = _surname(chance)
    if chance.random() < 0.3:
        family = f"{family} {_surname(chance)}"
    return Patient(
        f"p{number}",
        family,
        chance.choice(_GIVEN),
        birth_date=f"{_FIRST + timedelta(days=chance.randrange(33_000))}",
        phone=f"(904) {chance.randrange(200, 999)}-{chance.randrange(10_000):04}",
        chart_number=f"C-{number}",
    )


def _surname(chance: random.Random) -> str:
    if chance.random() < 0.2:
        return chance.choice(_COMMON)
    middle = "".join(chance.choices(_MIDDLE, k=chance.randrange(1, 3)))
    return chance.choice(_BEGIN) + middle + chance.choice(_END)
