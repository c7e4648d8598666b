"""How a visit moves from state to state, and who may move it.

The table is the rule, as the one of permissions is: a move that is not in it is made
by nobody. Signing is no move: it has a use case of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from intake.errors import InputRefusedError, Problem, UserFacingError
from intake.people import PersonRole
from intake.visit import ENDED, VisitState

_BOTH: frozenset[PersonRole] = frozenset({"desk", "clinician"})
_CLINICIAN: frozenset[PersonRole] = frozenset({"clinician"})
_BEFORE_EXAMINATION: tuple[VisitState, ...] = ("history", "ready_for_clinician")
_FROM_EXAMINATION: tuple[VisitState, ...] = ("in_examination", "to_sign")
_UNDER_WAY = (*_BEFORE_EXAMINATION, *_FROM_EXAMINATION)

#: From which state to which, and the roles that may. Until the examination begins a
#: visit is the desk's as well; from then on, its states are the clinician's.
MOVES: Mapping[tuple[VisitState, VisitState], frozenset[PersonRole]] = {
    **{
        (one, other): (
            _BOTH
            if one in _BEFORE_EXAMINATION and other in _BEFORE_EXAMINATION
            else _CLINICIAN
        )
        for one in _UNDER_WAY
        for other in _UNDER_WAY
        if one != other
    },
    **{
        (state, end): _BOTH if state in _BEFORE_EXAMINATION else _CLINICIAN
        for state in _UNDER_WAY
        for end in ENDED
    },
    # A mistaken end is taken back.
    **{
        (end, state): _BOTH if state in _BEFORE_EXAMINATION else _CLINICIAN
        for end in ENDED
        for state in _UNDER_WAY
    },
}

#: The states as people read them.
STATE_WORDS: Mapping[VisitState, str] = {
    "history": "history being taken",
    "ready_for_clinician": "ready for the clinician",
    "in_examination": "in examination",
    "to_sign": "to sign",
    "signed": "signed",
    "left_before_seen": "left before being seen",
    "cancelled": "cancelled",
    "entered_in_error": "entered in error",
}
_LONGEST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class StateChange:
    """Who moved a visit from which state to which, when, and why.

    `who` is a person's id; `reason` is what they typed, which stays with the visit.
    """

    before: VisitState
    after: VisitState
    who: str
    at: datetime
    reason: str = ""


def needs_reason(before: VisitState, after: VisitState) -> bool:
    """Return whether a move is not made without words: they are read later."""
    return before in ENDED or after == "entered_in_error"


def roles_for(before: VisitState, after: VisitState) -> frozenset[PersonRole]:
    """Return who may make a move.

    Raises:
        UserFacingError: (visit_move) nobody may.
    """
    if (before, after) in MOVES:
        return MOVES[before, after]
    raise UserFacingError(
        "visit_move",
        f"A visit that is {STATE_WORDS[before]!r} does not become "
        f"{STATE_WORDS[after]!r} this way.",
        "Choose another state; nothing was changed.",
    )


def checked_reason(before: VisitState, after: VisitState, reason: str) -> str:
    """Return a reason as it is kept.

    Raises:
        InputRefusedError: one is needed and missing, or it is too long.
    """
    reason = reason.strip()
    if not reason and needs_reason(before, after):
        what = "Say in a few words why; it stays with the visit."
        raise InputRefusedError([Problem("reason", what)])
    if len(reason) > _LONGEST_REASON:
        what = f"It is longer than {_LONGEST_REASON} characters."
        raise InputRefusedError([Problem("reason", what, "Shorten it.")])
    return reason


def state_before_end(moves: Sequence[StateChange]) -> VisitState:
    """Return where a visit was before it ended, to which a mistaken end is taken back.

    Args:
        moves: of the visit, oldest first. Without any it never moved from where every
            visit begins.
    """
    return moves[-1].before if moves else "history"
