"""What was told is there, and nothing is half, whenever the program is killed."""

import random
from pathlib import Path

from tests.faults import kills

_KILLS = 50


def test_a_killed_program_loses_nothing_it_told(tmp_path: Path) -> None:
    """With its control: a program that tells too early has to be caught."""
    report = kills.run(tmp_path, _KILLS, random.Random(1))
    assert report.faults == []
    assert report.controls == {"a program that tells too early": True}
