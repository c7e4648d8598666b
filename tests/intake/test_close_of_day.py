"""What is left at the end of a day, and why; and how old the last backup is."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from intake.answers import Answers
from intake.assessment import assess
from intake.caretaking import CareState, KeptBackup
from intake.close_of_day import (
    danger_in_words,
    for_the_desk,
    last_backup_in_words,
    left_over,
    undecided_in_words,
)
from intake.decisions import grounds_of
from intake.patient import Patient
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from tests.db.made_up import decision
from tests.intake.test_day_groups import _NOW, _STATES, _TODAY, entry


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def test_the_parts_stand_by_what_they_mean_for_a_patient() -> None:
    entries = [entry(state, name=state) for state in _STATES]
    entries.append(entry("cancelled", name="gone", is_to_be_called=True))
    told = left_over(entries, lambda one: f"why {one.visit.id}")
    assert [
        (part.title, [one.entry.visit.id for one in part.left]) for part in told
    ] == [
        ("Calls to make", ["gone"]),
        ("Not signed", ["in_examination", "to_sign"]),
        ("Handed over, and nobody has begun", ["ready_for_clinician"]),
        ("History not finished", ["history"]),
    ]
    assert told[0].left[0].why == "why gone"
    assert {one.why for part in told[1:] for one in part.left} == {""}


def test_what_is_signed_or_ended_is_not_left() -> None:
    done = ("signed", "left_before_seen", "cancelled", "entered_in_error")
    assert left_over([entry(state) for state in _STATES if state in done], _no) == ()


def test_a_signed_visit_with_something_urgent_undecided_is_left() -> None:
    parts = left_over([entry("signed")], _no, lambda _: "Same day. 2 undecided")
    ((part,), of_desk) = parts, for_the_desk(parts)
    assert part.title == "Signed, something urgent undecided"
    assert part.left[0].why == "Same day. 2 undecided"
    assert of_desk == ()


def test_what_is_undecided_is_told_only_where_it_is_urgent(protocol: Protocol) -> None:
    answers = Answers({"gut.vomiting_blood": "yes"})
    urgent = assess(protocol, Patient("p1"), answers, _TODAY)
    words = undecided_in_words(urgent, [])
    count = len(urgent.suggestions)
    assert words.endswith(f"Nobody has decided on {count} of the suggestions.")
    decided = [
        replace(
            decision(f"d{number}", "accepted"),
            subject=one.action.id,
            grounds=grounds_of(urgent, one),
        )
        for number, one in enumerate(urgent.suggestions)
    ]
    assert undecided_in_words(urgent, decided) == ""
    calm = assess(protocol, Patient("p1"), Answers({}), _TODAY)
    assert undecided_in_words(calm, []) == ""


def test_what_is_left_of_earlier_days_is_left() -> None:
    (part,) = left_over([entry("history", days_ago=9)], _no)
    assert part.title == "History not finished"


def test_the_desk_is_shown_the_same_without_reasons() -> None:
    (part,) = left_over([entry("cancelled", is_to_be_called=True)], lambda _: "danger")
    assert part.left[0].why == "danger"
    assert part.without_reasons().left[0].why == ""
    assert part.without_reasons().left[0].entry is part.left[0].entry


def test_the_reasons_are_those_of_the_rules(protocol: Protocol) -> None:
    answers = Answers({"gut.vomiting_blood": "yes"})
    found = assess(protocol, Patient("p1"), answers, _TODAY)
    words = danger_in_words(found)
    assert words.startswith("Emergency now: call 911. ")
    because = found.concerns[0].rules[0].rule.because.rstrip(".")
    assert because in words
    assert ".;" not in words


def test_many_reasons_are_counted(protocol: Protocol) -> None:
    tearing = {
        "pain.sites": ["upper_thoracic", "chest_front"],
        "pain.onset": "sudden_seconds",
        "pain.now": 9,
        "gut.vomiting_blood": "yes",
        "pain.quality": ["tearing_or_ripping"],
    }
    found = assess(protocol, Patient("p1"), Answers(tearing), _TODAY)
    reasons = {rule.rule.because for one in found.concerns for rule in one.rules}
    assert len(reasons) > 2
    assert danger_in_words(found).endswith(f"; and {len(reasons) - 2} more.")


def test_what_cannot_be_assessed_is_not_harmless() -> None:
    assert "could not be worked out" in danger_in_words(None)


def test_without_a_reason_the_tier_is_told(protocol: Protocol) -> None:
    found = assess(protocol, Patient("p1"), Answers({}), _TODAY)
    assert found.concerns == ()
    assert danger_in_words(found) == found.headline


def test_when_the_last_backup_was_made() -> None:
    older = KeptBackup("a", _NOW - timedelta(hours=9), 1, "", copied=True)
    newer = KeptBackup("b", _NOW - timedelta(minutes=20), 2, "", copied=True)
    now = _NOW.astimezone(timezone(timedelta(hours=-5)))
    words = last_backup_in_words(CareState([newer, older]), now)
    assert words == "Last good backup: 2026-11-25 03:40 (20 minutes ago)."


def test_what_is_wrong_with_backups_is_told() -> None:
    kept = KeptBackup("a", _NOW, 1, "")
    state = CareState([kept], backup_problem="The disk is full.")
    assert last_backup_in_words(state, _NOW).endswith(
        ", on this computer only. The disk is full."
    )
    bad = replace(state, rehearsal_faults=["1 page."])
    assert "could not be restored" in last_backup_in_words(bad, _NOW)
    assert "good" not in last_backup_in_words(bad, _NOW)
    assert last_backup_in_words(CareState(), _NOW) == "There is no backup yet."


def _no(_one: object) -> str:
    return ""
