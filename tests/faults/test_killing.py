"""What was acknowledged is there, whenever the program ends."""

import random
from pathlib import Path

from tests.faults.killing import kill_a_writer, new_records

_ROUNDS = 4
#: One kill in two or three falls between the early word and the save.
_CONTROL_ROUNDS = 40


def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    """On one file, so that each round also opens what the last kill left behind."""
    file, chance = tmp_path / "records.db", random.Random(1)
    new_records(file)
    rounds = [kill_a_writer(file, chance) for _ in range(_ROUNDS)]
    assert [one.faults for one in rounds] == [()] * _ROUNDS
    assert rounds[-1].stored >= _ROUNDS


def test_a_writer_that_acknowledges_too_early_is_caught(tmp_path: Path) -> None:
    """Negative control: a harness that never fails shows nothing."""
    file, chance = tmp_path / "records.db", random.Random(1)
    new_records(file)
    found = (
        kill_a_writer(file, chance, early=True).faults for _ in range(_CONTROL_ROUNDS)
    )
    fault = next(faults for faults in found if faults)
    assert "acknowledged and is not there" in fault[0]
