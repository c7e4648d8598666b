"""Call-backs: patients who left before being seen, while danger was recorded.

What was recorded decides that there is one, and it says nothing of why: the desk, which
calls, sees the patient, the phone number and that somebody has to call.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from intake.errors import InputRefusedError, Problem, UserFacingError
from intake.protocol import Tier
from intake.visit import VisitState

#: What came of a call, or that nobody has to call any more: a clinician's word
#: (`closed`), or the patient is here after all (`returned`).
CallOutcome = Literal["reached", "no_answer", "left_message", "closed", "returned"]
#: What somebody who calls tells.
OF_A_CALL: tuple[CallOutcome, ...] = ("reached", "no_answer", "left_message")
#: After one of these nobody has to call any more.
SETTLED: frozenset[CallOutcome] = frozenset({"reached", "closed", "returned"})
CALL_OUTCOMES: tuple[CallOutcome, ...] = get_args(CallOutcome)
#: Ends after which a patient with danger on record is somewhere out there.
GONE: frozenset[VisitState] = frozenset({"left_before_seen", "cancelled"})
_LONGEST_NOTE = 1_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call, or what else settled a call-back; `who` is a person's id."""

    outcome: CallOutcome
    who: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class CallBack:
    """Somebody has to call a patient on a day, and what was tried so far."""

    id: str
    visit_id: str
    on: date
    asked_at: datetime
    calls: tuple[Call, ...] = ()

    @property
    def is_done(self) -> bool:
        """Return whether nobody has to call any more."""
        return any(call.outcome in SETTLED for call in self.calls)


def is_danger(tier: Tier | None) -> bool:
    """Return whether what was recorded asks for a call; unknown is not harmless."""
    return tier is None or tier > Tier.ROUTINE


def checked_call(outcome: CallOutcome, note: str) -> str:
    """Return the note of a call as it is kept.

    Raises:
        InputRefusedError: it is no outcome of a call, or the note is too long.
    """
    if outcome not in OF_A_CALL:
        what = "That does not come of a call."
        raise InputRefusedError([Problem("outcome", what, "Choose one of the list.")])
    return _short(note, "note")


def checked_closing(reason: str) -> str:
    """Return why nobody has to call any more, as it is kept.

    Raises:
        InputRefusedError: there is no reason, or it is too long.
    """
    reason = _short(reason, "reason")
    if not reason:
        what = "Say in a few words why nobody has to call."
        raise InputRefusedError([Problem("reason", what)])
    return reason


def refuse_done(call_back: CallBack) -> None:
    """Refuse what comes after a call-back is done.

    Raises:
        UserFacingError: (call_back_done) nobody has to call any more.
    """
    if call_back.is_done:
        raise UserFacingError(
            "call_back_done",
            "This call-back is done already: somebody was quicker.",
            "Look at the list again; nothing was changed.",
        )


def _short(text: str, name: str) -> str:
    text = text.strip()
    if len(text) > _LONGEST_NOTE:
        what = f"It is longer than {_LONGEST_NOTE} characters."
        raise InputRefusedError([Problem(name, what, "Shorten it.")])
    return text
