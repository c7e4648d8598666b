"""A program that saves without end, and says after each save that it is stored.

Run as ``python -m tests.faults.writer FILE [early]``. With ``early`` it is broken on
purpose: it says so before it has stored anything.
"""

import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from db.store import open_store
from intake.answers import AnswerChange
from tests.db.made_up import KEY

VISIT = "v1"
#: Changes in one save; all of them are there afterwards, or none.
CHANGES = 3
EARLY = "early"
_START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def changes_of_save(number: int) -> list[AnswerChange]:
    """Return what save `number` stores; some answers are changed again and again."""
    at = _START + timedelta(seconds=number)
    questions = [f"q{(number + place) % 10}" for place in range(CHANGES - 1)]
    return [
        AnswerChange(question, None, number, "Sam", "clinician", at, "clinician")
        for question in (*questions, f"own{number % 50}")
    ]


def main() -> None:
    """Save until killed."""
    file, early = Path(sys.argv[1]), EARLY in sys.argv[2:]
    store = open_store(file, KEY)
    revision = store.visit(VISIT).revision
    for number in count(revision + 1):
        if early:
            print(number, flush=True)
        revision = store.record(VISIT, revision, changes_of_save(number)).revision
        if not early:
            print(number, flush=True)


if __name__ == "__main__":
    main()
