"""Let every single call to the disk fail once, or from then on, and look what is left.

Under the shim the n-th write, sync, change of size, opening or renaming below the
clinic's folder fails, for every n that the operation comes to. Nothing may crash, the
person is told in one message, and afterwards the old state is there or the new one. On
a disk that is well again, the same window does what it is asked.
"""

import random
import subprocess
import sys
from itertools import product
from pathlib import Path

from tests.faults import shim
from tests.faults.failing import FOR_EVER, ONCE, OPERATIONS, PREPARED
from tests.faults.house import cheap_passphrases
from tests.faults.operations import prepare
from tests.faults.report import Report

_ROOT = Path(__file__).parents[2]
_CONTROL = "broken-backup"
#: What a disk that dies says, and one that is full.
_ERRORS = ("EIO", "ENOSPC")
#: The short form picks among so many; past the end of an operation nothing is tried.
_CALLS = 60


def run(scratch: Path, count: int, chance: random.Random) -> Report:
    """Try every call of each operation in each way; or `count` in one, at random."""
    library = shim.built_in(scratch)
    with cheap_passphrases():
        prepare(scratch / PREPARED)
    faults: list[str] = []
    figures: list[str] = []
    for operation in OPERATIONS:
        if operation == _CONTROL:
            continue
        tries = 0
        ways = [*product((ONCE, FOR_EVER), _ERRORS)]
        for mode, error in [chance.choice(ways)] if count else ways:
            calls = sorted(chance.sample(range(1, _CALLS), count)) if count else []
            found, tried = _tried(library, scratch, (operation, mode, error), calls)
            faults += [f"{operation}, {mode}, {error}, {line}" for line in found]
            tries += tried
        figures.append(f"{operation}: {tries} failing calls")
    broken, _ = _tried(library, scratch, (_CONTROL, ONCE, "EIO"), [4])
    return Report(faults, figures, {"a backup written in place": bool(broken)})


def _tried(
    library: Path, scratch: Path, what: tuple[str, str, str], calls: list[int]
) -> tuple[list[str], int]:
    """Return what is wrong, and after how many tries."""
    ended = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "tests.faults.failing", str(scratch)),
            *(*what, *map(str, calls)),
        ],
        env=shim.environment(library, scratch),
        cwd=_ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    *faults, tries = ended.stdout.splitlines() or ["0"]
    if ended.returncode or ended.stderr:
        # Nothing is said beside the one message.
        faults.append(f"the program ended with {ended.returncode}: {ended.stderr}")
    return faults, int(tries)
