"""Break things on purpose: ``python -m tests.faults [HARNESS] [ROUNDS] [SEED]``.

Without a name every harness runs in its full form. Ends with 1 when anything was lost,
half or missed, and also when a control was not caught: one that is broken on purpose,
without which a harness that sees nothing would look like one that finds nothing.
"""

import argparse
import importlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.faults import (
    bypass,
    clients,
    debian_server,
    flips,
    kills,
    nth_failure,
    planted,
    power_cut,
    shim,
    statements,
    tampering,
)
from tests.faults.report import Report

_SEED = 20261124

_LARGEST_SEED = 10**9
#: Enough for a control to be caught.
_CONTROL_ROUNDS = 40

Harness = Callable[[Path, int, random.Random], Report]
Counted = Callable[[int, int], list[str]]


def counted(run: Counted, control: Counted) -> Harness:
    """Return what makes a report of a harness that counts, and of its control."""

    def harness(_scratch: Path, rounds: int, chance: random.Random) -> Report:
        seed = chance.randrange(_LARGEST_SEED)
        faults = run(rounds, seed)
        is_caught = bool(control(_CONTROL_ROUNDS, seed))
        return Report(faults, [f"{rounds} rounds"], {"without protection": is_caught})

    return harness


def in_window(module: str) -> Harness:
    """Return the `run` of a module that loads Qt; it is loaded when it runs.

    The command itself is tested where there is no Qt.
    """

    def harness(scratch: Path, rounds: int, chance: random.Random) -> Report:
        run: Harness = importlib.import_module(module).run
        return run(scratch, rounds, chance)

    return harness


#: Name, what runs it, and the rounds of its full form.
HARNESSES: Mapping[str, tuple[Harness, int]] = {
    "cuts": (power_cut.run, 2000),
    # 0: every call there is.
    "failures": (nth_failure.run, 0),
    "kills": (kills.run, 1000),
    "flips": (flips.run, 1000),
    # In each of seven ways.
    "tampering": (counted(tampering.run, tampering.control), 200),
    "bypass": (counted(bypass.run, bypass.control), 200),
    "planted": (counted(planted.run, planted.control), 10),
    "statements": (counted(statements.run, statements.control), 1000),
    "clients": (clients.report, 10_000),
    "debian": (debian_server.run, 200),
    # From here on in the window.
    "typing": (in_window("tests.ui.walks.round_trip"), 2000),
    "monkey": (in_window("tests.ui.monkey.lives"), 50_000),
    "hostile": (in_window("tests.ui.walks.hostile"), 500),
    "memory": (in_window("tests.ui.walks.memory"), 1000),
}


def main() -> int:
    """Run what was asked for, and print what was found."""
    parser = argparse.ArgumentParser("faults", description=__doc__.splitlines()[0])
    parser.add_argument(
        "harness", nargs="?", choices=[*HARNESSES, "all"], default="all"
    )
    parser.add_argument("rounds", nargs="?", type=int, help="in place of the full form")
    parser.add_argument("seed", nargs="?", type=int, default=_SEED)
    asked = parser.parse_args()
    names = list(HARNESSES) if asked.harness == "all" else [asked.harness]
    try:
        sound = [_is_sound(name, asked.rounds, asked.seed) for name in names]
    except (shim.NoCompilerError, debian_server.NoServerError) as error:
        print(error)
        return 1
    return 0 if all(sound) else 1


def _is_sound(name: str, rounds: int | None, seed: int) -> bool:
    run, full = HARNESSES[name]
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        report = run(Path(folder), rounds or full, random.Random(seed))
    for fault in report.faults:
        print(f"{name}, seed {seed}: {fault}")
    for line in report.figures:
        print(f"{name}: {line}")
    for control, is_caught in report.controls.items():
        print(f"{name}: control ({control}): {'caught' if is_caught else 'NOT CAUGHT'}")
    print(f"{name}: {len(report.faults)} faults, {time.perf_counter() - begun:.0f} s")
    return report.is_sound


if __name__ == "__main__":
    sys.exit(main())
