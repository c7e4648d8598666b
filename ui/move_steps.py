"""What can be done about a visit on the wrong patient, step by step, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from intake.visit import Visit

#: `call_back` is what is left after a move of which documents left, `left_out` after an
#: entry of which an answer did not come along; `again` was entered again before.
Step = Literal[
    "move", "clinicians", "call_back", "mark", "re_enter", "left_out", "again", "closed"
]


@dataclass(frozen=True, slots=True)
class StepWords:
    """What the page says at a step; no key where there is nothing to do."""

    title: str
    words: str
    key: str = ""


STEPS: Mapping[Step, StepWords] = {
    "move": StepWords(
        "Move this visit to the right patient",
        "Its answers stay as they are; urgency and suggestions follow the age and sex "
        "of the right patient. Documents are made anew.",
        "&Move the visit",
    ),
    "clinicians": StepWords(
        "Move this visit to the right patient",
        "A clinician has begun with this visit, so a clinician moves it.",
    ),
    "call_back": StepWords(
        "The visit is moved: call its documents back",
        "These left under another name. Call them back, then go on.",
        "&Go on with the visit",
    ),
    "mark": StepWords(
        "This signed visit should not be here",
        "A signed visit stays with the patient it was signed for. It is marked as "
        "entered in error, with your reason and your signature, for good; then it can "
        "be entered again for the right patient.",
        "&Mark as entered in error",
    ),
    "re_enter": StepWords(
        "Enter this visit again for the right patient",
        "It is marked as entered in error. A new visit of the same day begins with its "
        "answers, each of them to be confirmed with the patient; nothing of it is "
        "signed.",
        "&Enter it again for this patient",
    ),
    "left_out": StepWords(
        "The visit is entered again",
        "Not every answer could come along: today\u2019s form cannot hold it.",
        "&Go on with the visit",
    ),
    "again": StepWords(
        "This visit is entered again already",
        "It is marked as entered in error, and another one stands in its place.",
        "&Go on with the one in its place",
    ),
    "closed": StepWords(
        "This signed visit should not be here",
        "It is signed: the clinician marks it, and enters it again for the right "
        "patient. You can call back what left under the wrong name.",
    ),
}
#: Where the right patient is chosen, and where a reason is typed.
CHOOSES = frozenset({"move", "re_enter"})
ASKS_REASON = frozenset({"move", "mark"})


def first_step(visit: Visit, *, is_clinician: bool, is_entered_again: bool) -> Step:
    """Return what can be done about a visit, by who wants it."""
    if visit.state != "signed":
        return "move" if is_clinician or not visit.responsible else "clinicians"
    if not is_clinician:
        return "closed"
    if not visit.is_in_error:
        return "mark"
    return "again" if is_entered_again else "re_enter"
