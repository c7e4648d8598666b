"""Kill a writing program many times: ``python -m tests.faults [ROUNDS] [SEED]``.

Ends with 1 when anything acknowledged was lost, and also when the broken writer of
the control was not caught: then the harness itself sees nothing.
"""

import random
import sys
import tempfile
from pathlib import Path

from tests.faults.killing import Round, kill_a_writer, new_records

_ROUNDS = 200
_SEED = 20261124
#: The control stops at the first loss it sees.
_CONTROL_ROUNDS = 40


def main() -> int:
    """Run the rounds and the control, and print what was found."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else _ROUNDS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else _SEED
    with tempfile.TemporaryDirectory() as folder:
        broken = _broken_rounds(Path(folder) / "records.db", rounds, seed)
        caught = _control(Path(folder) / "control.db", seed)
    print(f"control (acknowledges too early): caught after {caught or 'no'} kills")
    return 0 if not broken and caught else 1


def _broken_rounds(file: Path, rounds: int, seed: int) -> int:
    chance = random.Random(seed)
    new_records(file)
    done: list[Round] = []
    for number in range(1, rounds + 1):
        done.append(kill_a_writer(file, chance))
        for fault in done[-1].faults:
            print(f"seed {seed}, kill {number}: {fault}")
    broken = sum(bool(one.faults) for one in done)
    unheard = sum(one.stored > one.acknowledged for one in done)
    print(
        f"{rounds} kills, seed {seed}: {done[-1].stored} saves, {broken} with a fault"
    )
    print(f"{unheard} kills came after a save was stored and before it was told")
    return broken


def _control(file: Path, seed: int) -> int:
    """Return after how many kills the broken writer was caught; 0 for never."""
    chance = random.Random(seed)
    new_records(file)
    for number in range(1, _CONTROL_ROUNDS + 1):
        one = kill_a_writer(file, chance, early=True)
        if one.stored < one.acknowledged:
            return number
    return 0


if __name__ == "__main__":
    sys.exit(main())
