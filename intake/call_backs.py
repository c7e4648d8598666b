"""Call-backs: patients who left before being seen, while danger was recorded.

What was recorded decides that there is one, and it says nothing of why: the desk, which
calls, sees the patient, the phone number and that somebody has to call.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

#: What came of a call, or that nobody has to call any more: a clinician's word
#: (`closed`), or the patient is here after all (`returned`).
CallOutcome = Literal["reached", "no_answer", "left_message", "closed", "returned"]
#: What somebody who calls tells.
OF_A_CALL: tuple[CallOutcome, ...] = ("reached", "no_answer", "left_message")
#: After one of these nobody has to call any more.
SETTLED: frozenset[CallOutcome] = frozenset({"reached", "closed", "returned"})
CALL_OUTCOMES: tuple[CallOutcome, ...] = get_args(CallOutcome)


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
