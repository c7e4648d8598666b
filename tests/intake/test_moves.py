"""From which state a visit goes to which, and who moves it; by hand, for people."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from intake.errors import InputRefusedError, UserFacingError
from intake.moves import (
    MOVES,
    STATE_WORDS,
    StateChange,
    checked_reason,
    roles_for,
    state_before_end,
)
from intake.visit import ENDED, VisitState

STATES: tuple[VisitState, ...] = get_args(VisitState)
#: From the state of the line to that of the column: d desk and clinician, c clinician.
_TABLE = """
                     hist ready exam sign left canc error
history              .    d     c    c    d    d    d
ready_for_clinician  d    .     c    c    d    d    d
in_examination       c    c     .    c    c    c    c
to_sign              c    c     c    .    c    c    c
left_before_seen     d    d     c    c    .    .    .
cancelled            d    d     c    c    .    .    .
entered_in_error     d    d     c    c    .    .    .
"""
_COLUMNS: tuple[VisitState, ...] = (
    "history", "ready_for_clinician", "in_examination", "to_sign",
    "left_before_seen", "cancelled", "entered_in_error",
)  # fmt: skip
_EXPECTED = {
    (line.split()[0], column): letter
    for line in _TABLE.strip().splitlines()[1:]
    for column, letter in zip(_COLUMNS, line.split()[1:], strict=True)
}


@pytest.mark.parametrize("after", STATES)
@pytest.mark.parametrize("before", STATES)
def test_a_cell_of_the_table(before: VisitState, after: VisitState) -> None:
    letter = _EXPECTED.get((before, after), ".")
    if letter == ".":
        with pytest.raises(UserFacingError) as refused:
            roles_for(before, after)
        assert refused.value.code == "visit_move"
        return
    expected = {"clinician"} | ({"desk"} if letter == "d" else set())
    assert roles_for(before, after) == expected


def test_no_move_leads_to_a_signature_or_away_from_it() -> None:
    assert not [move for move in MOVES if "signed" in move]


def test_every_state_has_its_words() -> None:
    assert STATE_WORDS.keys() == set(STATES)


@pytest.mark.parametrize("end", sorted(ENDED))
def test_an_end_is_taken_back_in_words(end: VisitState) -> None:
    with pytest.raises(InputRefusedError):
        checked_reason(end, "history", "  ")
    assert checked_reason(end, "history", " wrong row ") == "wrong row"


def test_an_error_is_told_and_a_cancellation_need_not_be() -> None:
    with pytest.raises(InputRefusedError):
        checked_reason("history", "entered_in_error", "")
    assert checked_reason("history", "cancelled", "") == ""


def test_a_reason_is_no_novel() -> None:
    with pytest.raises(InputRefusedError):
        checked_reason("history", "cancelled", "x" * 1001)


def test_a_mistaken_end_is_taken_back_to_where_the_visit_was() -> None:
    at = datetime(2026, 11, 25, 9, tzinfo=UTC)
    moves = [
        StateChange("history", "ready_for_clinician", "sam", at),
        StateChange("ready_for_clinician", "left_before_seen", "sam", at),
    ]
    assert state_before_end(moves) == "ready_for_clinician"
    assert state_before_end([]) == "history"
