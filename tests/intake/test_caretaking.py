"""What is due when, and what a person is told of it."""

import os
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.caretaking import (
    CareState,
    KeptBackup,
    age_in_words,
    is_backup_due,
    is_rehearsal_due,
    to_thin,
    warnings,
)

_NOW = datetime(2026, 11, 25, 18, tzinfo=UTC)
_HOUR = timedelta(hours=1)
#: More of them with CARE_CALENDARS=10000.
_CALENDARS = int(os.environ.get("CARE_CALENDARS", "500"))


def made(hours_ago: float, mark: int = 1, *, copied: bool = False) -> KeptBackup:
    """Return a backup that was made some hours ago."""
    at = _NOW - hours_ago * _HOUR
    return KeptBackup(f"{at:%Y%m%dT%H%M%S}", at, mark, "e", copied)


def state(*kept: KeptBackup, **known: object) -> CareState:
    """Return what is remembered of some backups."""
    return replace(CareState(kept), **known)  # type: ignore[arg-type]  # by name


def test_the_first_backup_is_due_at_once() -> None:
    assert is_backup_due(state(), 0, _NOW)


@pytest.mark.parametrize(
    ("hours_ago", "mark", "due"),
    [
        (0.9, 2, False),
        (1, 2, True),
        (1, 1, False),
        (200, 1, False),
        (-5, 2, True),
    ],
)
def test_one_is_due_an_hour_after_the_last_if_something_changed(
    hours_ago: float, mark: int, due: bool
) -> None:
    assert is_backup_due(state(made(hours_ago)), mark, _NOW) is due


@pytest.mark.parametrize(("days", "due"), [(None, True), (6.9, False), (7, True)])
def test_a_rehearsal_is_due_each_week(days: float | None, due: bool) -> None:
    last = None if days is None else _NOW - timedelta(days=days)

    assert is_rehearsal_due(state(made(3), rehearsed_at=last), _NOW) is due


def test_after_a_backup_that_failed_the_next_one_is_tried_at_once() -> None:
    tried = {"rehearsed_at": _NOW - _HOUR, "rehearsal_faults": ("x",)}

    assert not is_rehearsal_due(state(made(2), **tried), _NOW)
    assert is_rehearsal_due(state(made(2), made(0.5), **tried), _NOW)


def test_there_is_nothing_to_rehearse_without_a_backup() -> None:
    assert not is_rehearsal_due(state(), _NOW)


def test_thinning_never_takes_the_last_sound_backup() -> None:
    """Whatever the calendar: gaps, bursts, a clock that jumps, damage anywhere."""
    for seed in range(_CALENDARS):
        kept, unsound = calendar(seed)
        gone = to_thin(kept, unsound, _NOW)
        sound = [one for one in kept if one.name not in unsound]
        left = [one for one in sound if one not in gone]

        assert bool(left) == bool(sound), seed
        newest = max((one.at for one in sound), default=None)
        assert newest in {*(one.at for one in left), None}, seed
        assert not {one.name for one in gone} & unsound, seed
        # Each of the last two weeks' days with a sound backup still has one.
        days = {one.at.date() for one in sound if _NOW - one.at < timedelta(days=13)}
        assert days <= {one.at.date() for one in left}, seed
        assert to_thin(left, unsound, _NOW) == [], seed


def test_a_thinning_that_forgets_what_is_sound_is_noticed() -> None:
    """The control of the test above: a changed newest backup stands for its day."""
    good, changed = made(30), made(28)
    assert to_thin([good, changed], [], _NOW) == [good]
    assert to_thin([good, changed], [changed.name], _NOW) == []


def calendar(seed: int) -> tuple[Sequence[KeptBackup], frozenset[str]]:
    """Return backups of a clinic that never was, and which of them were changed."""
    chance = random.Random(seed)
    hours = {
        chance.choice((1, 24, 24 * 30, 24 * 800)) * chance.random() for _ in "x" * 60
    }
    if chance.random() < 0.3:
        hours.add(-chance.random() * 100)
    kept = [made(h, n) for n, h in enumerate(sorted(hours)) if chance.random() < 0.9]
    kept = list({one.name: one for one in kept}.values())
    share = chance.choice((0, 0.1, 0.9, 1))
    return kept, frozenset(one.name for one in kept if chance.random() < share)


@pytest.mark.parametrize(
    "fine",
    [
        state(),
        state(made(200, copied=True), second_place="/stick"),
        state(made(2), second_place="/stick", copied_at=_NOW - 23 * _HOUR),
        state(made(5)),
        state(made(1, copied=True), lost_at=_NOW - timedelta(days=8), lost=2),
    ],
)
def test_what_is_in_order_is_not_spoken_of(fine: CareState) -> None:
    assert warnings(fine, _NOW) == []


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (state(made(30), made(2)), "The owner names a second place"),
        (
            state(made(2), second_place="/s", copied_at=_NOW - 24 * _HOUR),
            "for a day",
        ),
        (
            state(made(30), second_place="/s", copy_problem="It is not there."),
            "It is not there.",
        ),
        (state(made(1), lost_at=_NOW - _HOUR, lost=1), "1 backup went missing"),
        (state(made(1), lost_at=_NOW - _HOUR, lost=3), "3 backups went missing"),
        (state(made(1), rehearsal_faults=("x",)), "could not be restored"),
        (state(backup_problem="The disk is full."), "The disk is full."),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(wrong: CareState, word: str) -> None:
    (told,) = warnings(wrong, _NOW)

    assert word in told


def test_the_gravest_comes_first() -> None:
    all_of_it = state(
        made(30), rehearsal_faults=("x",), lost_at=_NOW, lost=1, backup_problem="y."
    )

    first, *rest = warnings(all_of_it, _NOW)
    assert "could not be restored" in first
    assert len(rest) == 3


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (-30, "just now"),
        (-90, "in the future"),
        (60, "1 minute ago"),
        (7300, "2 hours ago"),
        (86_400 * 3, "3 days ago"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(seconds: int, words: str) -> None:
    assert age_in_words(_NOW - timedelta(seconds=seconds), _NOW) == words
