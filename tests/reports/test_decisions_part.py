"""Paper says what was decided, as it was decided, and nothing where nobody decided."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from intake.decisions import (
    EMERGENCY,
    Choice,
    Decision,
    emergency_grounds,
    grounds_of,
)
from intake.record import Record
from reports.content import Notice
from reports.documents import PdfDocuments
from reports.record_digest import record_digest
from reports.referral_letter import REPORT_TITLE, referral_letter
from reports.summary import summary
from tests.reports.records import (
    letter_text,
    pages_of,
    record,
    sample,
    text_of,
    words_of,
)
from tests.reports.test_referral_letter import CORD

AT = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
#: Weak bones, a fall and a tender spine.
_FALL: dict[str, Any] = {
    "pain.now": 8,
    "pain.onset": "sudden_seconds",
    "pain.onset_event": ["fall"],
    "trauma.recent": "minor",
    "risk.osteoporosis": "yes",
    "risk.steroid_long": "yes",
    "exam.midline_tender": ["T7"],
}
HOSTILE = "<b>no</b> & \u0626\u0644 50 % {x}"


def decided(given: Record, **choices: tuple[Choice, str]) -> Record:
    """Return a record with a decision on actions, by their ids with `__` for a dot."""
    by_action = {name.replace("__", "."): how for name, how in choices.items()}
    return with_decisions(given, by_action)


def with_decisions(
    given: Record, by_action: Mapping[str, tuple[Choice, str]]
) -> Record:
    """Return a record with decisions by Dr. Rivera."""
    suggested = {one.action.id: one for one in given.assessment.suggestions}
    made = tuple(
        Decision(
            action,
            action,
            choice,
            grounds_of(given.assessment, suggested[action]),
            "Dr. Rivera",
            AT,
            words,
        )
        for action, (choice, words) in by_action.items()
    )
    return replace(given, decisions=(*given.decisions, *made))


def asked(given: Record) -> str:
    """Return the first lines of the letter: to whom, how urgent, what is asked."""
    notice = [b for b in referral_letter(given).blocks if isinstance(b, Notice)][-1]
    return " ".join("".join(run.text for run in line) for line in notice.lines)


def test_where_nobody_decided_nothing_is_said_of_it() -> None:
    made = record(CORD)
    for document in (summary(made), referral_letter(made)):
        words = words_of(document)
        for never in ("Accepted", "Declined", "Not decided", "Adapted"):
            assert never not in words


def test_the_summary_says_of_each_what_was_decided_by_whom_and_when() -> None:
    made = decided(
        record(CORD),
        imaging__mri_whole_spine=("declined", "Done in May"),
        call__oncologist_or_ed=("accepted", ""),
        review__call_back=("adapted", "Only calcium"),
    )
    words = words_of(summary(made))
    assert "Declined: Done in May (Dr. Rivera, Nov 22, 2026, 10:42 UTC)." in words
    assert "Accepted (Dr. Rivera, Nov 22, 2026, 10:42 UTC)." in words
    assert "Adapted: Only calcium (Dr. Rivera" in words
    assert "Not decided." in words, "the others are still open"
    assert made.assessment.headline in words


def test_what_is_declined_is_not_asked_for_and_the_urgency_stays() -> None:
    before = record(CORD)
    made = decided(before, imaging__mri_whole_spine=("declined", "Has a pacemaker"))
    assert "MRI of the whole spine" in asked(before)
    assert "MRI of the whole spine" not in asked(made)
    assert asked(before).split("Request:")[0] == asked(made).split("Request:")[0]
    words = words_of(referral_letter(made))
    assert "Suggested and declined: MRI of the whole spine: Has a pacemaker." in words


def test_a_study_is_no_less_urgent_because_the_urgent_referral_was_declined() -> None:
    """Else the routine one, which is left, would ask for an X-ray of 72 hours."""
    made = decided(
        record(_FALL), referral__pcp_7_days=("declined", "Seen there this morning")
    )
    first, request = asked(made).split("Request:")
    assert "X-ray of the thoracic spine" in request
    assert "within 72 hours" in first


def test_what_is_adapted_is_asked_for_as_it_was_adapted() -> None:
    made = decided(
        record(CORD), imaging__mri_whole_spine=("adapted", "CT, for the pacemaker.")
    )
    assert "MRI of the whole spine (adapted: CT, for the pacemaker)" in asked(made)


def test_a_letter_whose_every_route_is_declined_does_not_say_nothing_was_found() -> (
    None
):
    before = record(CORD)
    routes = {
        one.action.id: ("declined", "The patient does not want it")
        for one in before.assessment.suggestions
        if one.action.kind in ("call", "referral")
    }
    made = with_decisions(before, routes)  # type: ignore[arg-type]  # choices
    words = words_of(referral_letter(made))
    assert REPORT_TITLE in words
    assert "what was suggested was declined" in words
    assert "nothing is referred" not in words
    assert made.assessment.headline in words


def test_what_asks_again_is_neither_declined_nor_left_out() -> None:
    made = decided(record(CORD), imaging__mri_whole_spine=("declined", "Watched"))
    old = made.decisions[0]
    fewer = replace(old.grounds, rules=())
    again = replace(made, decisions=(replace(old, grounds=fewer),))
    assert "MRI of the whole spine" in asked(again)
    words = words_of(summary(again))
    assert "Not decided anew: there are other reasons for it now" in words
    assert "before: Declined: Watched (Dr. Rivera" in words
    assert "Suggested and declined" not in words_of(referral_letter(again))


def test_a_decision_on_what_is_gone_is_told_in_the_summary() -> None:
    made = decided(record(CORD), imaging__mri_whole_spine=("declined", "Watched"))
    gone = replace(record({"pain.now": 2}), decisions=made.decisions)
    words = words_of(summary(gone))
    assert "not suggested any more" in words
    assert "MRI of the whole spine: Declined: Watched" in words


def test_an_emergency_set_aside_is_told_with_its_reason() -> None:
    tearing: dict[str, Any] = {
        "pain.onset": "sudden_seconds",
        "pain.now": 10,
        "pain.quality": ["tearing_or_ripping"],
    }
    made = record(tearing)
    grounds = emergency_grounds(made.assessment)
    one = Decision("1", EMERGENCY, "set_aside", grounds, "Dr. Rivera", AT, "Crew here")
    made = replace(made, decisions=(one,))
    assert "Emergency checklist set aside: Crew here (Dr. Rivera" in words_of(
        summary(made)
    )
    letter = words_of(referral_letter(made))
    assert "set aside by the clinician: Crew here." in letter
    assert "EMERGENCY, NOW" in letter


@pytest.mark.parametrize("choice", ["declined", "adapted"])
def test_hostile_words_are_printed_as_they_are(choice: Choice) -> None:
    made = decided(record(CORD), imaging__mri_whole_spine=(choice, HOSTILE))
    assert "<b>no</b> &" in letter_text(made)


@pytest.mark.parametrize("choice", ["declined", "adapted"])
@pytest.mark.parametrize("words", ["word " * 2000, "x" * 10_000, "a\nb\n" * 300])
def test_words_of_any_length_are_printed_in_full(choice: Choice, words: str) -> None:
    how = (choice, words)
    made = decided(record(CORD), imaging__mri_whole_spine=how, advice__lie_flat=how)
    marked = replace(made.decisions[0], words=f"{words} THE END")
    made = replace(made, decisions=(marked, *made.decisions[1:]))
    for document in (PdfDocuments().summary(made), PdfDocuments().letter(made)):
        assert "THE END" in text_of(document)


def test_the_sample_with_everything_decided_still_fits() -> None:
    given = sample()
    reason = "The findings have another explanation that is known"
    choices = {
        one.action.id: ("declined" if place % 3 == 0 else "accepted", reason)
        for place, one in enumerate(given.assessment.suggestions)
    }
    made = with_decisions(given, choices)  # type: ignore[arg-type]  # choices
    assert len(pages_of(PdfDocuments().letter(made))) <= 2
    assert "Decisions and signature" not in words_of(summary(made))
    assert record_digest(made) != record_digest(given)
