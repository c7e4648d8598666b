"""The list of the day in parts, in the order in which people look at it.

What is overdue stands on top: calls to make, then visits of earlier days that nobody
finished. Within a part the order is the list's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from intake.visit import ENDED, FINISHED, VisitState
from intake.worklist import WorklistEntry

_CALLS = "To call"
_EARLIER = "Of earlier days, not finished"
_ENDED = "Ended without being seen to the end"
_OF_STATE: Mapping[VisitState, str] = {
    "ready_for_clinician": "Ready for the clinician",
    "in_examination": "In examination",
    "history": "History being taken",
    "to_sign": "To sign",
    "signed": "Signed today",
}
_ORDER = (_CALLS, _EARLIER, *_OF_STATE.values(), _ENDED)


@dataclass(frozen=True, slots=True)
class DayGroup:
    """One part of the list; never an empty one."""

    title: str
    entries: tuple[WorklistEntry, ...]


def grouped(entries: Iterable[WorklistEntry], today: date) -> list[DayGroup]:
    """Return the list in parts; each visit stands in one of them."""
    parts: dict[str, list[WorklistEntry]] = {title: [] for title in _ORDER}
    for one in entries:
        parts[_part_of(one, today)].append(one)
    return [DayGroup(title, tuple(found)) for title, found in parts.items() if found]


def _part_of(one: WorklistEntry, today: date) -> str:
    state = one.visit.state
    if one.call_back is not None:
        return _CALLS
    if one.visit.on < today and state not in FINISHED:
        return _EARLIER
    return _ENDED if state in ENDED else _OF_STATE[state]


def waited(since: datetime, now: datetime) -> str:
    """Return how long somebody has waited: "8 min", "1 h 05 min", "2 days"."""
    minutes = max(now - since, timedelta()) // timedelta(minutes=1)
    hours, days = minutes // 60, minutes // (24 * 60)
    if not hours:
        return f"{minutes} min"
    if not days:
        return f"{hours} h {minutes % 60:02} min"
    return "1 day" if days == 1 else f"{days} days"
