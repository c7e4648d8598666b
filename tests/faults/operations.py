"""What the programs of the harnesses do without end, telling each thing once done.

Each operation is a generator: between two words of it everything told is promised to
be there after whatever happens. `early` breaks them on purpose: the word comes first.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import count
from pathlib import Path

from db.clinic import Clinic
from db.open_clinic import OpenClinic
from db.store import open_store
from intake.answers import AnswerChange
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.workflow import Workflow
from tests.db.made_up import KEY, change, visit
from tests.faults.house import (
    ANN,
    BOB,
    BOBS,
    VISIT,
    backup_in,
    clinic_in,
    set_up,
    signed_in,
)

#: Changes in one save; all of them are there afterwards, or none.
CHANGES = 3
#: What a backup to be restored is called, and the saves it holds.
KEPT, KEPT_SAVES = "kept", 2
#: A backup takes the place of the third one before it.
_BACKUPS = 3
_OLD_RECORDS = Path(__file__).parents[1] / "db" / "old" / "0001.sqlite"

Told = Iterator[str]


@cache
def protocol() -> Protocol:
    """Return the protocol, read once."""
    return default_protocol()


def changes_of_save(number: int) -> list[AnswerChange]:
    """Return what save `number` stores; some answers are changed again and again."""
    questions = [f"q{(number + place) % 10}" for place in range(CHANGES - 1)]
    return [
        change(question, number, second=number)
        for question in (*questions, f"own{number % 50}")
    ]


def save(opened: OpenClinic, clinic: Clinic, number: int) -> None:
    """Make save `number`."""
    Workflow(opened.store, protocol(), clinic.clock).record_examination(
        ANN, VISIT, number - 1, changes_of_save(number)
    )


def sign(opened: OpenClinic, clinic: Clinic, number: int) -> str:
    """Sign a new visit; return what is to be told of it."""
    workflow = Workflow(opened.store, protocol(), clinic.clock)
    name = f"s{number}"
    workflow.open_visit(ANN, visit(name))
    answers = [
        change("pain.now", number % 11),
        change("cancer.history", "no", second=1),
    ]
    workflow.record_examination(ANN, name, 0, answers)
    signed = workflow.sign(ANN, name, 1)
    assert signed.signature is not None
    return f"signed {name} {signed.signature.digest}"


def prepare(folder: Path) -> None:
    """Make a clinic with a backup, and with Bob and a save that came after it."""
    set_up(folder)
    clinic = clinic_in(folder)
    opened = signed_in(clinic)
    for number in range(1, KEPT_SAVES + 1):
        save(opened, clinic, number)
    opened.back_up(backup_in(folder, KEPT), ANN.id)
    opened.store.add_person(BOB)
    opened.give_passphrase(BOB, BOBS, ANN.id)
    save(opened, clinic, KEPT_SAVES + 1)
    opened.close()


def saves(folder: Path, hour: int, *, early: bool, unsynced: bool = False) -> Told:
    """Save."""
    clinic = clinic_in(folder, hour)
    opened = signed_in(clinic)
    if unsynced:
        _without_syncs(opened)
    for number in count(opened.store.visit(VISIT).revision + 1):
        if early:
            yield f"saved {number}"
        save(opened, clinic, number)
        if not early:
            yield f"saved {number}"


def signs(folder: Path, hour: int, *, early: bool) -> Told:
    """Open a visit, record answers and sign it."""
    clinic = clinic_in(folder, hour)
    opened = signed_in(clinic)
    for number in count(len(opened.store.visits_of("p1"))):
        if early:
            yield f"signed s{number} ?"
        told = sign(opened, clinic, number)
        if not early:
            yield told


def backups(folder: Path, hour: int, *, early: bool) -> Told:
    """Save, and take a backup of it."""
    clinic = clinic_in(folder, hour)
    opened = signed_in(clinic)
    for number in count(opened.store.visit(VISIT).revision + 1):
        save(opened, clinic, number)
        yield f"saved {number}"
        name = f"b{number % _BACKUPS}"
        if early:
            yield f"backed-up {name} {number}"
        opened.back_up(backup_in(folder, name), ANN.id)
        if not early:
            yield f"backed-up {name} {number}"


def restores(folder: Path, hour: int, *, early: bool) -> Told:
    """Put a backup back, sign in and save on top of it."""
    clinic = clinic_in(folder, hour)
    while True:
        if early:
            yield "restored"
        clinic.restore(backup_in(folder, KEPT))
        if not early:
            yield "restored"
        opened = signed_in(clinic)
        save(opened, clinic, KEPT_SAVES + 1)
        yield f"saved {KEPT_SAVES + 1}"
        opened.close()


def rekeys(folder: Path, hour: int, *, early: bool) -> Told:
    """Save, let Bob in and shut him out again, which gives the records a new key."""
    clinic = clinic_in(folder, hour)
    opened = signed_in(clinic)
    for number in count(opened.store.visit(VISIT).revision + 1):
        save(opened, clinic, number)
        yield f"saved {number}"
        opened.give_passphrase(BOB, BOBS, ANN.id)
        yield "let in"
        if early:
            yield "shut out"
        opened.shut_out(BOB.id, ANN.id)
        if not early:
            yield "shut out"


def migrations(folder: Path, hour: int, *, early: bool) -> Told:
    """Bring records of the first version up to date, each in a folder of their own."""
    for number in count():
        file = folder / f"{hour}-{number}" / "clinic.db"
        file.parent.mkdir(parents=True)
        if early:
            yield f"migrated {file.parent.name}"
        shutil.copy(_OLD_RECORDS, file.with_suffix(".copied"))
        file.with_suffix(".copied").replace(file)
        open_store(file, KEY).close()
        if not early:
            yield f"migrated {file.parent.name}"


def _without_syncs(opened: OpenClinic) -> None:
    """Break the store on purpose: a commit no longer waits for the disk."""
    from sqlalchemy import event

    engine = opened.store._engine
    # Connections made from here on; those that are open are dropped.
    event.listen(
        engine, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF")
    )
    engine.dispose()


OPERATIONS: Mapping[str, Callable[..., Told]] = {
    "save": saves,
    "sign": signs,
    "backup": backups,
    "restore": restores,
    "rekey": rekeys,
    "migrate": migrations,
}
