"""What a change on the body chart means for the questions it fills; no widget here.

The chart fills the list of places, the side and the levels. What a person changed in
one of those by hand is never overwritten.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from intake.answers import Value
from intake.body_chart import LEVELS, side_of
from intake.protocol import Protocol

MAP = "pain.map"
SITES = "pain.sites"
SIDE = "pain.side"
LEVELS_QUESTION = "pain.levels"

Mark = Mapping[str, Any]
Marks = Sequence[Mark]


def filled(
    protocol: Protocol,
    answer: Callable[[str], Value | None],
    old: Marks,
    new: Marks,
    *,
    side_known: bool = True,
) -> dict[str, Value | None]:
    """Return what is to be recorded when the marks change from `old` to `new`."""
    values: dict[str, Value | None] = {MAP: list(new) or None}
    values[SITES] = _sites(protocol, answer(SITES), old, new)
    if side_known and answer(SIDE) in (None, side_of_all(old)):
        values[SIDE] = side_of_all(new)
    if answer(LEVELS_QUESTION) in (None, levels_of_all(old)):
        values[LEVELS_QUESTION] = levels_of_all(new)
    return {q: v for q, v in values.items() if q in protocol.questions}


def side_of_all(marks: Marks) -> str | None:
    """Return the side of all marks together."""
    sides = {side_of(mark) for mark in marks}
    if {"left", "right"} <= sides:
        return "both"
    return next((s for s in ("left", "right", "midline") if s in sides), None)


def levels_of_all(marks: Marks) -> list[str] | None:
    """Return every level that a mark has, from the top down."""
    found = {level for mark in marks for level in mark.get("levels", ())}
    return [level for level in LEVELS if level in found] or None


def _sites(
    protocol: Protocol, stored: Value | None, old: Marks, new: Marks
) -> list[str] | None:
    before = {mark["region"] for mark in old}
    now = {mark["region"] for mark in new}
    sites = (set(stored or ()) - (before - now)) | now
    options = protocol.questions[SITES].options or {}
    return [site for site in options if site in sites] or None
