"""Kill a program in the middle of saving, and look what is there afterwards.

A kill shows that a save is whole or not there, and that nothing is acknowledged too
early. It cannot show a missing sync to the disk: the system still writes what a dead
program handed over. That `synchronous` is FULL is read back at every open instead.
"""

import random
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from db.store import Store, open_store
from intake.answers import Answers
from intake.patient import Patient
from intake.visit import Visit
from tests.db.made_up import KEY
from tests.faults.writer import CHANGES, EARLY, VISIT, changes_of_save

_ROOT = Path(__file__).parents[2]
#: At most so many saves, and then so many seconds, before the kill.
_SAVES = 40
_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Round:
    """One kill: the last save acknowledged, the last one found, and what is wrong."""

    acknowledged: int
    stored: int
    faults: tuple[str, ...]


def new_records(file: Path) -> None:
    """Make records with one visit to save to."""
    store = open_store(file, KEY)
    store.register(Patient("p1", "Moreno", "Ana"))
    opened = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    store.open_visit(Visit(VISIT, "p1", date(2026, 11, 24), opened, "p", "1", "0" * 64))
    store.close()


def kill_a_writer(file: Path, chance: random.Random, *, early: bool = False) -> Round:
    """Start a writer, kill it at some moment, open the records and check them."""
    command = [sys.executable, "-m", "tests.faults.writer", str(file)]
    with subprocess.Popen(
        [*command, EARLY] if early else command,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline() for _ in range(chance.randint(1, _SAVES))]
        try:
            writer.wait(timeout=chance.uniform(0, _SECONDS))
        except subprocess.TimeoutExpired:
            writer.kill()
        told += writer.stdout.readlines()
    # A number without its line end was not told.
    acknowledged = [int(line) for line in told if line.endswith("\n")]
    if not acknowledged:
        return Round(0, 0, ("the writer did not get as far as one save",))
    store = open_store(file, KEY)
    try:
        return _checked(store, acknowledged[-1])
    finally:
        store.close()


def _checked(store: Store, acknowledged: int) -> Round:
    visit = store.visit(VISIT)
    changes = store.changes_of(VISIT)
    faults = []
    if visit.revision < acknowledged:
        faults.append(f"save {acknowledged} was acknowledged and is not there")
    if len(changes) != CHANGES * visit.revision:
        faults.append(f"{len(changes)} changes in {visit.revision} saves")
    expected = [
        (change.question, change.new)
        for number in range(1, visit.revision + 1)
        for change in changes_of_save(number)
    ]
    if [(change.question, change.new) for change in changes] != expected:
        faults.append("the changes are not those that were made")
    folded = Answers()
    for change in changes:
        if change.old != folded.get(change.question):
            faults.append("a change does not begin where the one before it ended")
        folded = folded.changed(change.question, change.new)
    if folded.as_dict() != visit.answers.as_dict():
        faults.append("the changes do not add up to the answers")
    return Round(acknowledged, visit.revision, tuple(faults))
