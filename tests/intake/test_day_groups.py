"""The list of the day in parts: what is overdue on top, and nobody twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.call_backs import CallBack
from intake.day_groups import grouped, waited
from intake.patient import Patient
from intake.visit import Visit, VisitState
from intake.worklist import WorklistEntry

_TODAY = date(2026, 11, 25)
_NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
_STATES: tuple[VisitState, ...] = (
    "history", "ready_for_clinician", "in_examination", "to_sign", "signed",
    "left_before_seen", "cancelled", "entered_in_error",
)  # fmt: skip


def entry(
    state: VisitState,
    *,
    days_ago: int = 0,
    is_to_be_called: bool = False,
    name: str = "v",
) -> WorklistEntry:
    on = _TODAY - timedelta(days=days_ago)
    visit = Visit(name, "p1", on, _NOW, "p", "1", "d", state=state)
    asked = CallBack("c1", name, on, _NOW) if is_to_be_called else None
    return WorklistEntry(visit, Patient("p1"), None, asked, (), (), "", _NOW)


def titles(*entries: WorklistEntry) -> list[str]:
    return [group.title for group in grouped(entries, _TODAY)]


def test_the_parts_stand_in_the_order_of_the_work() -> None:
    told = titles(
        *(entry(state) for state in _STATES),
        entry("history", days_ago=1),
        entry("left_before_seen", is_to_be_called=True),
    )
    assert told == [
        "To call",
        "Of earlier days, not finished",
        "Ready for the clinician",
        "In examination",
        "History being taken",
        "To sign",
        "Signed today",
        "Ended without being seen to the end",
    ]


def test_an_empty_part_is_none() -> None:
    assert titles() == []
    assert titles(entry("to_sign")) == ["To sign"]


def test_whoever_has_to_be_called_stands_there_however_old() -> None:
    assert titles(entry("left_before_seen", days_ago=9, is_to_be_called=True)) == [
        "To call"
    ]


def test_what_is_finished_is_not_overdue() -> None:
    assert titles(entry("cancelled", days_ago=1)) == [
        "Ended without being seen to the end"
    ]


@given(
    st.lists(
        st.builds(
            entry,
            st.sampled_from(_STATES),
            days_ago=st.integers(0, 3),
            is_to_be_called=st.booleans(),
            name=st.text(max_size=2),
        )
    )
)
def test_each_visit_stands_in_one_part_in_the_order_of_the_list(
    entries: list[WorklistEntry],
) -> None:
    groups = grouped(entries, _TODAY)
    shown = [one for group in groups for one in group.entries]
    assert sorted(map(id, shown)) == sorted(map(id, entries))
    places = {id(one): place for place, one in enumerate(entries)}
    for group in groups:
        assert list(group.entries) == sorted(
            group.entries, key=lambda one: places[id(one)]
        )


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-9), "0 min"),
        (timedelta(minutes=8, seconds=59), "8 min"),
        (timedelta(minutes=65), "1 h 05 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=7), "2 days"),
    ],
)
def test_how_long_somebody_waits(passed: timedelta, words: str) -> None:
    assert waited(_NOW, _NOW + passed) == words
