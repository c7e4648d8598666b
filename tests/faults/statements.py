"""Listen to the SQL that every write emits: one row each, by key and by revision.

A clinical row is changed only where it is still as it was read; what is append-only is
never changed; and no statement reaches for more than one row.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event, text

from db.audit import AuditLog
from db.guards import APPEND_ONLY, KEPT
from db.store import Store, open_store
from intake.audit import AuditNote
from intake.call_backs import Call, CallBack, CallOutcome
from intake.clinic_settings import Settled
from intake.moves import StateChange
from intake.patient import Patient
from intake.people import Person
from intake.ports import NotedCallBack
from intake.signing import addendum, signature
from intake.visit import VisitState
from intake.whose import PatientMerge, VisitLink
from tests.db.made_up import (
    KEY,
    MORNING,
    change,
    confirmation,
    decision,
    patient,
    told,
    visit,
)

_CHANGING = re.compile(
    r"(?:UPDATE|DELETE FROM) (\w+)(?: SET .*?)?(?: WHERE (.*))?", re.S
)
#: The driver's own, which tells no types.
Cursor = Any
_KEYS = {"settings": "name"}
_ANN = Person("ann", "Ann", frozenset({"clinician"}))


#: Where a visit goes, one state after the other.
_STATES: tuple[VisitState, ...] = ("history", "cancelled", "history", "to_sign")


@dataclass(slots=True)
class Heard:
    """What was said to the database, and what was wrong with it."""

    changing: int = 0
    faults: list[str] = field(default_factory=list)


@contextmanager
def listening(store: Store) -> Iterator[Heard]:
    """Hear every statement of a store."""
    heard = Heard()

    def after(
        _connection: object,
        cursor: Cursor,
        statement: str,
        *_more: object,
    ) -> None:
        if said := _CHANGING.fullmatch(statement.strip()):
            heard.changing += 1
            heard.faults += _wrong(said[1], said[2] or "", cursor.rowcount)

    event.listen(store._engine, "after_cursor_execute", after)
    try:
        yield heard
    finally:
        event.remove(store._engine, "after_cursor_execute", after)


def _wrong(table: str, where: str, rows: int) -> Iterator[str]:
    """Say what is wrong with a statement that changes a table."""
    key = _KEYS.get(table, "id")
    if table in APPEND_ONLY:
        yield f"{table} is append-only, and was changed"
    if f"{table}.{key} = ?" not in where:
        yield f"{table} was changed without naming a row"
    if table in KEPT and f"{table}.revision = ?" not in where:
        yield f"{table} was changed without a revision"
    if rows != 1:
        yield f"{table}: {rows} rows in one statement"


def run(rounds: int, seed: int) -> list[str]:
    """Make so many writes; return what was wrong with their statements."""
    chance = random.Random(seed)
    with TemporaryDirectory() as place, _store(Path(place)) as store:
        with listening(store) as heard:
            for number in range(rounds):
                name = list(WRITES)[number % len(WRITES)]
                WRITES[name](store, f"{number}", chance)
        return [*heard.faults, *([] if heard.changing else ["nothing was heard"])]


def control(rounds: int, seed: int) -> list[str]:
    """Change rows in bulk, and without their revision: it has to be heard."""
    with TemporaryDirectory() as place, _store(Path(place)) as store:
        with listening(store) as heard, store._write(()) as session:
            session.execute(text("UPDATE visits SET state = 'history'"))
            session.execute(
                text("UPDATE patients SET phone = '' WHERE patients.id = ''")
            )
        return heard.faults


@contextmanager
def _store(place: Path) -> Iterator[Store]:
    store = open_store(place / "clinic.db", KEY, AuditLog(b"k" * 32, [place / "head"]))
    try:
        yield store
    finally:
        store.close()


# every write of the store, each on rows of its own


def _notes(subject: str) -> list[AuditNote]:
    return [AuditNote("answers_recorded", "ann", MORNING, "desk", subject)]


def _registered(store: Store, number: str) -> Patient:
    new = patient(f"p{number}")
    store.register(new, _notes(new.id))
    return new


def _opened(store: Store, number: str) -> str:
    store.open_visit(visit(f"v{number}", patient_id=_registered(store, number).id))
    return f"v{number}"


def _signed(store: Store, number: str) -> str:
    name = _opened(store, number)
    stored = store.visit(name)
    mark = signature(stored, store.patient(stored.patient_id), {}, _ANN, MORNING)
    store.sign(name, 0, mark, _notes(name))
    return name


def _update_patient(store: Store, number: str, chance: random.Random) -> None:
    stored = _registered(store, number)
    for _ in range(2):
        phone = f"{chance.random()}"
        stored = store.update_patient(replace(stored, phone=phone), _notes(stored.id))


def _record(store: Store, number: str, chance: random.Random) -> None:
    name = _opened(store, number)
    for revision in range(3):
        questions = chance.sample("abcdef", chance.randint(1, 6))
        changes = [change(q, chance.random(), second=revision) for q in questions]
        store.record(name, revision, changes, _notes(name))


def _add_addendum(store: Store, number: str, chance: random.Random) -> None:
    name = _signed(store, number)
    for place in range(2):
        before = store.addenda_of(name)
        one = addendum(
            f"a{number}.{place}", store.visit(name), before, "addendum", _ANN, MORNING
        )
        store.add_addendum(one, _notes(name))


def _change_person(store: Store, number: str, chance: random.Random) -> None:
    new = replace(_ANN, id=f"x{number}")
    store.add_person(new, _notes(new.id))
    for name in ("Anna", "Anne"):
        store.change_person(replace(new, name=name), _notes(new.id))


def _hand_over(store: Store, number: str, chance: random.Random) -> None:
    name, giver = _opened(store, number), ""
    for taker in ("ann", "bob"):
        store.hand_over(name, giver, taker, _notes(name))
        giver = taker


def _change_state(store: Store, number: str, chance: random.Random) -> None:
    name = _opened(store, number)
    for revision, (before, after) in enumerate(pairwise(_STATES)):
        move = StateChange(before, after, "ann", MORNING)
        store.change_state(name, revision, move, _notes(name), responsible="ann")


def _add_call(store: Store, number: str, chance: random.Random) -> None:
    name = _opened(store, number)
    asked = CallBack(f"c{number}", name, MORNING.date(), MORNING)
    with_note = NotedCallBack(asked, *_notes(name))
    left = StateChange("history", "left_before_seen", "ann", MORNING)
    store.change_state(name, 0, left, _notes(name), asks=lambda _visit: with_note)
    outcome: CallOutcome
    for outcome in ("no_answer", "reached"):
        store.add_call(asked.id, Call(outcome, "ann", MORNING), _notes(name))


def _settle_section(store: Store, number: str, chance: random.Random) -> None:
    before = {one.section: one.revision for one in store.settled()}.get("paper", 0)
    page = chance.choice(["a4", "letter"])
    settled = Settled("paper", before + 1, {"page": page}, "ann", MORNING)
    store.settle_section(settled, _notes(""))


def _settle(store: Store, number: str, chance: random.Random) -> None:
    for value in range(2):
        store.settle("clinic_name", f"{number} {value}", _notes(""))


def _move_visit(store: Store, number: str, chance: random.Random) -> None:
    name, of = _opened(store, number), f"p{number}"
    for other in "xy":
        to = _registered(store, f"{number}{other}").id
        link = VisitLink(name, to, "ann", MORNING, f"{chance.random()}")
        store.move_visit(link, 0, of, _notes(name))
        of = to


def _merge(store: Store, number: str, chance: random.Random) -> None:
    goes, stays = _registered(store, number), _registered(store, f"{number}z")
    merge = PatientMerge(goes.id, stays.id, "ann", MORNING)
    store.merge(merge, goes, stays, _notes(goes.id))


def _undo_merge(store: Store, number: str, chance: random.Random) -> None:
    _merge(store, number, chance)
    (merge,) = store.merged_into(f"p{number}z")
    undo = PatientMerge(merge.patient_id, "", "ann", MORNING)
    store.undo_merge(undo, merge.number, _notes(merge.patient_id))


def _open_with_answers(store: Store, number: str, chance: random.Random) -> None:
    new = visit(f"w{number}", patient_id=_registered(store, number).id)
    changes = [change(question, chance.random()) for question in "abc"]
    store.open_with_answers(new, changes, _notes(new.id))


Write = Callable[[Store, str, random.Random], object]
#: By the name of the store's method.
WRITES: Mapping[str, Write] = {
    "register": lambda store, number, _: _registered(store, number),
    "update_patient": _update_patient,
    "open_visit": lambda store, number, _: _opened(store, number),
    "record": _record,
    "set_aside": lambda store, number, _: store.set_aside(
        _opened(store, number), change("a", 1), _notes(number)
    ),
    "decide": lambda store, number, _: store.decide(
        _opened(store, number), decision(f"d{number}"), _notes(number), "ann"
    ),
    "confirm": lambda store, number, _: store.confirm(
        _opened(store, number), [confirmation(f"k{number}")], _notes(number), "ann"
    ),
    "note_told": lambda store, number, _: store.note_told(
        _opened(store, number), told(f"t{number}"), _notes(number)
    ),
    "sign": lambda store, number, _: _signed(store, number),
    "add_addendum": _add_addendum,
    "add_person": lambda store, number, _: store.add_person(
        replace(_ANN, id=f"y{number}"), _notes(number)
    ),
    "change_person": _change_person,
    "hand_over": _hand_over,
    "change_state": _change_state,
    "add_call": _add_call,
    "move_visit": _move_visit,
    "merge": _merge,
    "undo_merge": _undo_merge,
    "open_with_answers": _open_with_answers,
    "settle": _settle,
    "settle_section": _settle_section,
    "note": lambda store, number, _: store.note(_notes(number)),
}
