"""Likely duplicates, and why."""

import pytest

from intake.patient import Patient
from ui.likely import likely_same

KNOWN = Patient(
    "k",
    "Garc\u00eda L\u00f3pez",
    "Jos\u00e9",
    birth_date="1958-04-02",
    phone="(904) 555-0142",
    chart_number="A-17",
)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (Patient("", "garcia", "jose"), "family name, given name"),
        (Patient("", "Jos\u00e9", "Garc\u00eda"), "family name, given name"),
        (Patient("", "Smith", birth_date="1958-04-02"), "birth date"),
        (Patient("", "Smith", phone="555-0142"), "phone"),
        (Patient("", "Smith", chart_number="A-17"), "chart number"),
    ],
)
def test_the_reason_is_named(typed: Patient, why: str) -> None:
    """Accents, order and a missing second surname hide nobody."""
    (likely,) = likely_same(typed, lambda _text: [KNOWN])
    assert likely.why == why
    assert likely.words.endswith(f"Same {why}")


def test_who_has_nothing_in_common_is_not_shown() -> None:
    """A search finds more than duplicates."""
    assert likely_same(Patient("", "Smith"), lambda _text: [KNOWN]) == []


def test_those_with_most_in_common_come_first() -> None:
    """The eye stops at the first line."""
    other = Patient("o", "Garc\u00eda", "Ana")
    typed = Patient("", "Garc\u00eda", "Jos\u00e9", birth_date="1958-04-02")
    found = likely_same(typed, lambda _text: [other, KNOWN])
    assert [likely.patient.id for likely in found] == ["k", "o"]
