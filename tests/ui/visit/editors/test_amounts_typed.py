"""Numbers and dates as people type them."""

from datetime import date

import pytest

from intake.clinic_settings import FirstUnits
from intake.protocol import Protocol
from intake.units import Quantity
from ui.visit.editors.amount import read_value
from ui.visit.editors.amounts_typed import beside, in_words, is_complete
from ui.visit.editors.days import looks_like_day, read_day
from ui.visit.editors.entry import Misread

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("question", "text", "value", "unit"),
    [
        ("vitals.temperature", "101 F", 101, "[degF]"),
        ("vitals.temperature", "101f", 101, "[degF]"),
        ("vitals.temperature", "38.2", 38.2, "Cel"),
        ("vitals.temperature", "38,2 °C", 38.2, "Cel"),
        ("pain.duration", "10d", 10, "d"),
        ("pain.duration", "5w", 5, "wk"),
        ("pain.duration", "3 months", 3, "mo"),
        ("pain.duration", "2h", 2, "h"),
        ("vitals.pulse", "72", 72, "/min"),
        ("vitals.weight", "150 lb", 150, "[lb_av]"),
        ("result.wbc", "11.2 10*3/uL", 11.2, "10*3/uL"),
    ],
)
def test_a_number_is_taken_in_any_unit_of_the_question(
    protocol: Protocol, question: str, text: str, value: float, unit: str
) -> None:
    read = read_value(text, protocol.questions[question])

    assert read == {"value": value, "unit": unit}


@pytest.mark.parametrize(
    ("question", "text", "value", "unit"),
    [
        ("vitals.temperature", "101", 101, "[degF]"),
        ("vitals.temperature", "38.2 C", 38.2, "Cel"),
        ("vitals.weight", "150", 150, "[lb_av]"),
        ("vitals.weight", "70 kg", 70, "kg"),
        ("vitals.height", "70", 70, "[in_i]"),
        ("pain.duration", "10d", 10, "d"),
        ("vitals.pulse", "72", 72, "/min"),
    ],
)
def test_a_bare_number_is_in_the_clinics_first_unit(
    protocol: Protocol, question: str, text: str, value: float, unit: str
) -> None:
    units = FirstUnits("[degF]", "[lb_av]", "[in_i]")
    read = read_value(text, protocol.questions[question], units)

    assert read == {"value": value, "unit": unit}


def test_a_number_in_the_other_unit_is_asked_about_with_its_own(
    protocol: Protocol,
) -> None:
    """Somebody used to the other unit is not misread without a word."""
    units = FirstUnits(temperature="[degF]")
    with pytest.raises(Misread, match=r"38.2 °F cannot be. 38.2 °C\?"):
        read_value("38.2", protocol.questions["vitals.temperature"], units)
    with pytest.raises(Misread, match="A number in °F or °C"):
        read_value("hot", protocol.questions["vitals.temperature"], units)


def test_a_result_takes_the_laboratorys_limits(protocol: Protocol) -> None:
    crp = protocol.questions["result.crp"]

    assert read_value("12 (0-5)", crp) == {
        "value": 12,
        "unit": "mg/L",
        "low": 0,
        "high": 5,
    }
    assert read_value("1.2 mg/dL <0.5", crp) == {
        "value": 1.2,
        "unit": "mg/dL",
        "high": 0.5,
    }


@pytest.mark.parametrize(
    ("question", "text", "hint"),
    [
        ("vitals.temperature", "382", "382 °C cannot be. 38.2 °C?"),
        ("vitals.temperature", "101", "101 °C cannot be. 101 °F?"),
        ("vitals.spo2", "130", "130 % cannot be."),
        ("vitals.pulse", "abc", "A number in /min"),
        ("pain.duration", "10", "10 what? d, h, w, m, y"),
        ("vitals.temperature", "38 kg", "A number in °C or °F"),
    ],
)
def test_what_cannot_be_is_refused_with_a_hint(
    protocol: Protocol, question: str, text: str, hint: str
) -> None:
    with pytest.raises(Misread) as refused:
        read_value(text, protocol.questions[question])

    assert str(refused.value) == hint
    assert not refused.value.may_insist


def test_what_is_unlikely_is_asked_about_and_may_be_insisted_on(
    protocol: Protocol,
) -> None:
    with pytest.raises(Misread) as asked:
        read_value("43", protocol.questions["vitals.temperature"])

    assert str(asked.value) == "Really 43? Enter again keeps 43."
    assert asked.value.value == {"value": 43, "unit": "Cel"}


def test_a_lost_point_is_asked_about(protocol: Protocol) -> None:
    with pytest.raises(Misread) as asked:
        read_value("20", protocol.questions["pain.visits_for_this"])

    assert str(asked.value) == "2 or 20? Enter again keeps 20."


def test_the_other_unit_stands_beside(protocol: Protocol) -> None:
    temperature = protocol.questions["vitals.temperature"]

    assert beside(Quantity(101, "[degF]"), temperature) == "38.3 °C"
    assert beside(Quantity(38, "Cel"), temperature) == "100.4 °F"


def test_times_are_said_in_words() -> None:
    assert in_words(Quantity(10, "d")) == "10 days"
    assert in_words(Quantity(1, "wk")) == "1 week"


def test_only_a_unit_letter_ends_a_duration(protocol: Protocol) -> None:
    duration = protocol.questions["pain.duration"]

    assert is_complete("10d", duration)
    assert not is_complete("10", duration)
    assert not is_complete("10 d", duration)
    assert not is_complete("72c", protocol.questions["vitals.temperature"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024-05-03", "2024-05-03"),
        ("5/2024", "2024-05"),
        ("5/3/2024", "2024-05-03"),
        ("5/3/24", "2024-05-03"),
        ("5/3/62", "1962-05-03"),
        ("11/3", "2026-11-03"),
        ("12/3", "2025-12-03"),
        ("May 2024", "2024-05"),
        ("May 3, 2024", "2024-05-03"),
        ("3 Sept 2024", "2024-09-03"),
        ("oct 3", "2026-10-03"),
        ("yesterday", "2026-11-23"),
        ("2/30/2024", None),
        ("2027", None),
        ("11/25/2026", None),
        ("Foo 2024", None),
        ("", None),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, day: str | None) -> None:
    assert read_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "is_day"),
    [("10d", False), ("3m", False), ("3 mo", False), ("10/3", True), ("2024", True)],
)
def test_a_date_is_told_from_a_length_of_time(text: str, is_day: bool) -> None:
    assert looks_like_day(text) is is_day
