"""Something long tells how far it is, and may be broken off between two steps."""

from datetime import UTC, datetime

import pytest

from intake import waiting
from intake.audit import AuditEntry, AuditNote, faults
from intake.audit_csv import csv_of
from intake.waiting import BrokenOffError, counted, step, to_the_end, waited_for

_NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
_MANY = 1_000


def refuse(_done: int, _parts: int) -> None:
    raise BrokenOffError


def test_where_nobody_waits_nobody_is_told() -> None:
    assert list(counted("abc")) == ["a", "b", "c"]


def test_whoever_waits_is_told_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    with waited_for(lambda done, parts: told.append((done, parts))):
        step(1, 3)
        list(counted(range(_MANY), _MANY))
    step(2, 3)

    assert told[:3] == [(1, 3), (0, _MANY), (waiting._NOW_AND_THEN, _MANY)]
    assert len(told) == 1 + _MANY // waiting._NOW_AND_THEN


def test_it_is_broken_off_at_the_next_step() -> None:
    with waited_for(refuse), pytest.raises(BrokenOffError):
        step(0, 1)


def test_what_must_go_through_is_not_broken_off() -> None:
    with waited_for(refuse):
        with to_the_end():
            step(0, 1)
        with pytest.raises(BrokenOffError):
            step(0, 1)


def test_the_audit_trail_is_checked_and_exported_step_by_step() -> None:
    entries = [
        AuditEntry(n, AuditNote("locked", "ann", _NOW, "", "", {}), b"")
        for n in range(1, 4)
    ]
    with waited_for(refuse):
        with pytest.raises(BrokenOffError):
            list(faults(b"key", entries, None))
        with pytest.raises(BrokenOffError):
            csv_of(entries, {})
