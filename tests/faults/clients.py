"""Many workstations on one visit at once: whatever was acknowledged is still there.

Each client reads, thinks, and writes an answer that says which one it read, as people
do who look at a screen. Afterwards every acknowledged edit has to be in the history,
and none may have replaced an answer that its maker had not seen.
"""

import random
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from db import merging
from db.store import Store
from intake.answers import AnswerChange, Value
from intake.ports import ConflictError
from tests.db.made_up import MORNING, patient, visit
from tests.db.places import Server, ServerDatabase
from tests.faults.report import Report

CLIENTS = (2, 10, 50)
#: Few, so that clients meet.
_QUESTIONS = ("a", "b", "c", "d")
_LONGEST_THOUGHT = 0.002
_SEEDS = 10**9
#: Edits of the control.
_CARELESS = 500


@dataclass(slots=True)
class Tally:
    """What the clients were told, all together."""

    acknowledged: int = 0
    conflicts: int = 0
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def report(_scratch: Path, rounds: int, chance: random.Random) -> Report:
    """Let 2, 10 and 50 clients make so many edits each time, and then carelessly."""
    faults: list[str] = []
    figures: list[str] = []
    with TemporaryDirectory(prefix="server-") as folder:
        server = Server(Path(folder) / "data")
        try:
            for clients in CLIENTS:
                found, tally = on(server, rounds, chance.randrange(_SEEDS), clients)
                faults += found
                figures.append(
                    f"{clients} clients: {tally.acknowledged} edits acknowledged, "
                    f"{tally.conflicts} conflicts shown"
                )
            # A store that sees no conflict has to lose.
            with mock.patch.object(merging, "conflicts", return_value=[]):
                lost, _ = on(server, _CARELESS, chance.randrange(_SEEDS), 10)
        finally:
            server.stop()
    return Report(faults, figures, {"without a look at the revision": bool(lost)})


def on(server: Server, rounds: int, seed: int, clients: int) -> tuple[list[str], Tally]:
    """Run on a server that is there; return what was lost and what was told."""
    with server.database() as database:
        with closing(database.open()) as store:
            store.register(patient())
            store.open_visit(visit())
        tally = Tally()
        workers = [
            threading.Thread(
                target=_work,
                args=(database, f"client {n}", rounds // clients, seed + n, tally),
            )
            for n in range(clients)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        with closing(database.open()) as store:
            return [*tally.faults, *_missing(store, tally)], tally


def _work(
    database: ServerDatabase, who: str, edits: int, seed: int, tally: Tally
) -> None:
    chance = random.Random(seed)
    done = met = 0
    try:
        with closing(database.open()) as store:
            seen = store.visit("v1")
            while done < edits:
                question = chance.choice(_QUESTIONS)
                old = seen.answers.get(question)
                new = {"by": f"{who}, {done + met}", "instead of": name_of(old)}
                time.sleep(chance.uniform(0, _LONGEST_THOUGHT))
                at = MORNING + timedelta(microseconds=done + met)
                edit = AnswerChange(question, old, new, who, "desk", at, "desk")
                try:
                    seen = store.record("v1", seen.revision, [edit])
                    done += 1
                except ConflictError as conflict:
                    seen = conflict.stored
                    met += 1
    except Exception as error:  # noqa: BLE001  (any is a finding)
        with tally.lock:
            tally.faults.append(f"{who}: {type(error).__name__}")
    with tally.lock:
        tally.acknowledged += done
        tally.conflicts += met


def _missing(store: Store, tally: Tally) -> list[str]:
    answers, changes = store.visit("v1").answers, store.changes_of("v1")
    found = []
    if len(changes) != tally.acknowledged:
        found.append(f"{tally.acknowledged} edits acknowledged, {len(changes)} kept")
    unseen = sum(
        isinstance(change.new, dict) and change.new["instead of"] != name_of(change.old)
        for change in changes
    )
    if unseen:
        found.append(f"{unseen} edits lost to somebody who had not seen them")
    last = {change.question: change.new for change in changes}
    if last != answers.as_dict():
        found.append("the history does not lead to the answers")
    return found


def name_of(answer: Value | None) -> str:
    """Return which edit made an answer."""
    return str(answer["by"]) if isinstance(answer, dict) else "nothing"
