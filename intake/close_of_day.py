"""What is left at the end of a day: calls to make, visits that nobody finished.

Each kind of thing that can be left is a part, in the order of how much it matters to a
patient. A further kind is a further part, filled from what knows of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from intake.call_backs import is_danger
from intake.caretaking import CareState, age_in_words
from intake.decisions import Decision, open_suggestions
from intake.outcome import Assessment
from intake.visit import VisitState
from intake.worklist import WorklistEntry

_CALLS = "Calls to make"
_UNDECIDED = "Signed, something urgent undecided"
_OF_STATE: Mapping[VisitState, str] = {
    "to_sign": "Not signed",
    "in_examination": "Not signed",
    "ready_for_clinician": "Handed over, and nobody has begun",
    "history": "History not finished",
}
_ORDER = (_CALLS, _UNDECIDED, *dict.fromkeys(_OF_STATE.values()))
#: So many reasons tell why somebody has to be called.
_REASONS = 2


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A visit that somebody still has to do something about.

    `why` is what a clinician has to know of it; the desk gets none.
    """

    entry: WorklistEntry
    why: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing that is left; never an empty one."""

    title: str
    left: tuple[LeftOver, ...]

    def without_reasons(self) -> "Part":
        """Return the same as the desk is shown it."""
        return replace(self, left=tuple(replace(one, why="") for one in self.left))


def for_the_desk(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return the parts without what was computed, for whoever works at the desk."""
    return tuple(one.without_reasons() for one in parts if one.title != _UNDECIDED)


def left_over(
    entries: Iterable[WorklistEntry],
    why: Callable[[WorklistEntry], str],
    undecided: Callable[[WorklistEntry], str] = lambda _one: "",
) -> tuple[Part, ...]:
    """Return what is left of a list of the day, by kind, in the order of the list.

    Args:
        entries: the list, as one person may see it.
        why: says of a call why it matters; empty to whom that is not told.
        undecided: says of a signed visit what urgent suggestions nobody decided on;
            empty for none, and to whom that is not told.
    """
    found: dict[str, list[LeftOver]] = {title: [] for title in _ORDER}
    for one in entries:
        if one.call_back is not None:
            found[_CALLS].append(LeftOver(one, why(one)))
        elif one.visit.state == "signed":
            if words := undecided(one):
                found[_UNDECIDED].append(LeftOver(one, words))
        elif (title := _OF_STATE.get(one.visit.state)) is not None:
            found[title].append(LeftOver(one))
    return tuple(Part(title, tuple(left)) for title, left in found.items() if left)


def danger_in_words(assessment: Assessment | None) -> str:
    """Return why somebody has to be called, for a clinician.

    Args:
        assessment: of the visit; None where it cannot be assessed.
    """
    if assessment is None:
        return "How urgent it is could not be worked out: read the visit."
    reasons = dict.fromkeys(
        fired.rule.because.rstrip(".")
        for one in assessment.concerns
        for fired in one.rules
    )
    told = "; ".join([*reasons][:_REASONS])
    more = f"; and {len(reasons) - _REASONS} more" if len(reasons) > _REASONS else ""
    return f"{assessment.headline}. {told}{more}." if told else assessment.headline


def undecided_in_words(
    assessment: Assessment | None, decisions: Sequence[Decision]
) -> str:
    """Return what urgent suggestions of a signed visit nobody decided on.

    Args:
        assessment: of the visit; None where it cannot be assessed.
        decisions: on its suggestions.
    """
    if assessment is None or not is_danger(assessment.tier):
        return ""
    left = len(open_suggestions(assessment, decisions))
    if not left:
        return ""
    return f"{assessment.headline}. Nobody has decided on {left} of the suggestions."


def last_backup_in_words(state: CareState, now: datetime) -> str:
    """Return when the last good backup was made, and what is wrong with backups.

    Each is checked when it is made; one that could not be restored is not good.
    """
    newest = state.newest
    if newest is None:
        return f"There is no backup yet. {state.backup_problem}".strip()
    local = newest.at.astimezone(now.tzinfo)
    made = f"{local:%Y-%m-%d %H:%M} ({age_in_words(newest.at, now)})"
    if state.rehearsal_faults:
        return f"The last backup, of {made}, could not be restored when it was tried."
    where = "" if newest.copied else ", on this computer only"
    return f"Last good backup: {made}{where}. {state.backup_problem}".strip()
