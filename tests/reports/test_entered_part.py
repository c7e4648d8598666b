"""The summary names who asked and who confirmed; nothing where the clinician did."""

from dataclasses import replace
from datetime import UTC, datetime

from intake.confirmations import Entered
from reports.record_digest import record_digest
from reports.referral_letter import referral_letter
from reports.summary import summary
from tests.reports.records import record, words_of

AT = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
ANSWERS = {"general.fever": "yes", "general.fatigue": "no", "pain.now": 4}
ENTERED = (
    Entered("general.fever", "yes", "Dee <b>", "desk", AT),
    Entered("general.fatigue", "no", "Dee <b>", "paper", AT),
    Entered("pain.now", 4, "Dee <b>", "desk", AT, "Dr. Kim", AT, "k1"),
    Entered("gone.now", 4, "Dee <b>", "desk", AT),
)


def test_where_a_clinician_asked_all_nothing_is_said_of_it() -> None:
    assert "confirmed" not in words_of(summary(record(ANSWERS)))


def test_both_names_stand_on_paper_and_what_nobody_confirmed_by_itself() -> None:
    words = words_of(summary(replace(record(ANSWERS), entered=ENTERED)))
    assert "Entered by Dee <b>, not confirmed" in words
    assert "fever in the last 2 weeks" in words
    assert "Entered by Dee <b> from the patient's paper, not confirmed" in words
    assert "Entered by Dee <b>, confirmed by Dr. Kim: 1 answer." in words
    assert "gone.now" not in words


def test_the_letter_says_nothing_of_it() -> None:
    words = words_of(referral_letter(replace(record(ANSWERS), entered=ENTERED)))
    assert "not confirmed" not in words


def test_another_confirmation_is_another_document() -> None:
    given = record(ANSWERS)
    assert record_digest(replace(given, entered=ENTERED)) != record_digest(given)
