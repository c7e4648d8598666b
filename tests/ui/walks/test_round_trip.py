"""Anything entered, closed and opened again is identical."""

from pathlib import Path

import pytest

from intake.protocol import KINDS
from tests.ui.walks import round_trip

_SEED = 20261125
#: A twentieth of the full form, `python3 start.py faults typing`.
_ROUNDS = 100


@pytest.mark.timeout(120)
def test_what_is_typed_comes_back_as_it_was(tmp_path: Path) -> None:
    round_trip.search(tmp_path, _ROUNDS, _SEED)


def test_a_store_that_loses_an_answer_is_found_out(tmp_path: Path) -> None:
    """Negative control."""
    assert round_trip.is_forgetting_seen(tmp_path)


def test_every_kind_of_question_is_typed() -> None:
    asked = {question.kind for question in round_trip.protocol().questions.values()}

    assert asked == set(KINDS)
