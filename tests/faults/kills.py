"""Kill a program in the middle of what it does, and look what is there afterwards.

A kill shows that each thing is whole or not there, and that nothing is told too early.
It cannot show a missing sync: the system still writes what a dead program handed over.
The power cuts show that.
"""

import multiprocessing
import random
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults.after_kill import (
    faults_of_migrations,
    faults_of_new_keys,
    faults_of_restores,
)
from tests.faults.house import cheap_passphrases, clinic_in
from tests.faults.operations import prepare
from tests.faults.report import Report
from tests.faults.soundness import LOST, faults_after
from tests.faults.worker import serve

_Check = Callable[[Path, Sequence[str]], list[str]]


def _faults(folder: Path, told: Sequence[str]) -> list[str]:
    return faults_after(clinic_in(folder, _LAST_HOUR), folder, told)


@dataclass(frozen=True, slots=True)
class Kills:
    """How an operation is killed.

    Attributes:
        share: of all kills.
        words: at most so many are waited for,
        seconds: and then at most so long: about as it takes to the next one.
        check: what must hold afterwards.
    """

    share: float
    words: int
    seconds: float
    check: _Check = _faults


#: Looks at what is left happen after everything a program did.
_LAST_HOUR = 1000
OPERATIONS: Mapping[str, Kills] = {
    "save": Kills(0.3, 12, 0.01),
    "sign": Kills(0.2, 5, 0.05),
    "backup": Kills(0.15, 5, 0.1),
    "restore": Kills(0.1, 3, 0.1, faults_of_restores),
    "rekey": Kills(0.15, 4, 0.1, faults_of_new_keys),
    "migrate": Kills(0.1, 2, 0.3, faults_of_migrations),
}
#: So many programs in a row find what the one before them left; then all begins anew.
_ROW = 10
#: The control stops at the first loss it sees.
_CONTROL_KILLS = 40
_PATIENCE = 60.0
# A new program in a millisecond: made from one that has read everything.
_PROGRAMS = multiprocessing.get_context("forkserver")
_PROGRAMS.set_forkserver_preload(["tests.faults.worker"])


def run(scratch: Path, count: int, chance: random.Random) -> Report:
    """Kill `count` programs, and then one that tells too early until it is caught."""
    fresh = scratch / "fresh"
    with cheap_passphrases():
        prepare(fresh)
        faults: list[str] = []
        figures: list[str] = []
        for operation, how in OPERATIONS.items():
            kills = max(1, round(count * how.share))
            found = killed(operation, fresh, scratch / operation, kills, chance)
            faults += [f"{operation}, {line}" for line in found]
            figures.append(f"{operation}: {kills} kills, {len(found)} faults")
        early = killed(
            "save", fresh, scratch / "early", _CONTROL_KILLS, chance, early=True
        )
    caught = any(LOST in line for line in early)
    return Report(faults, figures, {"a program that tells too early": caught})


def killed(
    operation: str,
    fresh: Path,
    folder: Path,
    count: int,
    chance: random.Random,
    *,
    early: bool = False,
) -> list[str]:
    """Kill so many programs, one after the other; return what is wrong after each."""
    how, found = OPERATIONS[operation], []
    for number in range(count):
        if number % _ROW == 0:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(fresh, folder)
        told = kill_one(operation, how, folder, number + 1, chance, early=early)
        faults = how.check(folder, told)
        found += [f"kill {number + 1}: {fault}" for fault in faults]
        if early and faults:
            break
    return found


def kill_one(
    operation: str,
    how: Kills,
    folder: Path,
    hour: int,
    chance: random.Random,
    *,
    early: bool = False,
) -> list[str]:
    """Start a program, kill it at some moment, and return what it told."""
    ours, theirs = _PROGRAMS.Pipe(duplex=False)
    program = _PROGRAMS.Process(
        target=serve, args=(folder, operation, hour, early, theirs)
    )
    program.start()
    theirs.close()
    told: list[str] = []
    # A program that ends by itself ends the words too.
    with suppress(EOFError), ours:
        for _ in range(chance.randint(1, how.words)):
            if not ours.poll(_PATIENCE):
                raise TimeoutError(f"{operation} told nothing for {_PATIENCE} s")
            told.append(ours.recv())
        time.sleep(chance.uniform(0, how.seconds))
        program.kill()
        while True:
            told.append(ours.recv())
    program.join()
    if program.exitcode != -9:
        raise RuntimeError(f"{operation} ended by itself: {program.exitcode}")
    return told
