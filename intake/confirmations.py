"""Who entered an answer, and which clinician confirmed it.

What the front desk or the patient's paper answered carries a mark until a clinician has
confirmed it with the patient. Nothing is ever marked by leaving it alone, and nothing
waits for a confirmation: what has none is named as such wherever it is read. An answer
that is changed afterwards is another answer, so its confirmation does not hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake.answers import AnswerChange, Value, Way

#: Ways in which an answer comes from somebody's own words to a clinician, or nobody's.
_TO_CONFIRM: frozenset[Way] = frozenset(
    {"desk", "paper", "import", "all_others_no", "re_entered"}
)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One clinician's word on one answer: question, value, and when it was entered.

    `is_taken_back` is what undoing a confirmation leaves. One that `is_late` came in
    after the visit was signed: it is kept, and nothing counts it.
    """

    id: str
    question: str
    value: Value
    answered_at: datetime
    who: str
    at: datetime
    is_taken_back: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """An answer that no clinician entered: by whom it was, and who confirmed it.

    `confirmed_by` is empty while nobody has.
    """

    question: str
    value: Value
    who: str
    way: Way
    at: datetime
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    confirmation: str = ""

    @property
    def is_confirmed(self) -> bool:
        """Return whether a clinician confirmed it."""
        return bool(self.confirmation)

    @property
    def in_words(self) -> str:
        """Return who entered it and who confirmed it, with both names."""
        told = f"entered by {self.who or 'nobody named'}{_WAYS.get(self.way, '')}"
        if not self.is_confirmed:
            return f"{told}, not confirmed"
        return f"{told}, confirmed by {self.confirmed_by}"


_WAYS: Mapping[Way, str] = {
    "paper": " from the patient's paper",
    "import": " from a file",
    "all_others_no": ' with "all others no"',
    "re_entered": " again, from another patient's visit",
}


def entered(
    changes: Iterable[AnswerChange], confirmations: Sequence[Confirmation]
) -> dict[str, Entered]:
    """Return the answers that are to be confirmed, by question.

    Args:
        changes: of the visit, oldest first; the last one of a question is its answer.
        confirmations: of the visit, in the order in which they were stored.
    """
    last = {change.question: change for change in changes}
    newest = {
        (one.question, one.answered_at): one for one in confirmations if not one.is_late
    }
    return {
        question: _entered(change, newest.get((question, change.at)))
        for question, change in last.items()
        if change.new is not None and change.way in _TO_CONFIRM
    }


def unconfirmed(found: Mapping[str, Entered]) -> tuple[Entered, ...]:
    """Return those that nobody confirmed."""
    return tuple(one for one in found.values() if not one.is_confirmed)


def entered_json(found: Iterable[Entered]) -> list[dict[str, Any]]:
    """Return answers with both names as a signature covers them; see `entered_of`."""
    return [
        {
            "question": one.question,
            "value": one.value,
            "who": one.who,
            "way": one.way,
            "at": one.at.isoformat(),
            "confirmed_by": one.confirmed_by,
            "confirmed_at": one.confirmed_at and one.confirmed_at.isoformat(),
            "confirmation": one.confirmation,
        }
        for one in found
    ]


def entered_of(plain: Mapping[str, Any]) -> Entered:
    """Return the answer of what `entered_json` gave.

    Raises:
        KeyError, ValueError, TypeError: it is none.
    """
    confirmed_at = plain["confirmed_at"]
    return Entered(
        plain["question"],
        plain["value"],
        plain["who"],
        plain["way"],
        datetime.fromisoformat(plain["at"]),
        plain["confirmed_by"],
        datetime.fromisoformat(confirmed_at) if confirmed_at else None,
        plain["confirmation"],
    )


def confirmation_json(one: Confirmation) -> dict[str, Any]:
    """Return a confirmation as JSON holds it; see `confirmation_of`."""
    return {
        "id": one.id,
        "question": one.question,
        "value": one.value,
        "answered_at": one.answered_at.isoformat(),
        "who": one.who,
        "at": one.at.isoformat(),
        "taken_back": one.is_taken_back,
    }


def confirmation_of(plain: Mapping[str, Any]) -> Confirmation:
    """Return the confirmation of what `confirmation_json` gave.

    Raises:
        KeyError, ValueError, TypeError: it is none.
    """
    return Confirmation(
        str(plain["id"]),
        str(plain["question"]),
        plain["value"],
        datetime.fromisoformat(plain["answered_at"]),
        str(plain["who"]),
        datetime.fromisoformat(plain["at"]),
        bool(plain["taken_back"]),
    )


def _entered(change: AnswerChange, one: Confirmation | None) -> Entered:
    holds = one is not None and not one.is_taken_back and one.value == change.new
    found = one if holds else None
    return Entered(
        change.question,
        change.new,
        change.who,
        change.way,
        change.at,
        found.who if found else "",
        found.at if found else None,
        found.id if found else "",
    )
