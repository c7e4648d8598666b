"""An age that was told is one number; one that was estimated is an interval."""

from datetime import date

import pytest

from intake.patient import Patient
from intake.typed_age import read_age, typed_age


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("34", (34, 0)),
        (" 0 ", (0, 0)),
        ("about 40", (40, 10)),
        ("ca. 20", (20, 5)),
        ("~4", (4, 2)),
        ("80?", (80, 10)),
        ("35-45", (40, 5)),
        ("35 to 44", (39, 5)),
        ("131", None),
        ("45-35", None),
        ("forty", None),
        ("-3", None),
        ("\u0663\u0664", None),
        ("", None),
    ],
)
def test_an_age_is_read_with_how_far_off_it_may_be(
    text: str, read: tuple[int, int] | None
) -> None:
    assert read_age(text) == read


@pytest.mark.parametrize(
    ("age", "margin", "text"), [(34, 0, "34"), (40, 10, "30-50"), (None, 0, "")]
)
def test_an_age_is_written_so_that_it_is_read_again(
    age: int | None, margin: int, text: str
) -> None:
    patient = Patient("p", stated_age=age, age_margin=margin)
    assert typed_age(patient) == text
    assert read_age(text) == (None if age is None else (age, margin))


@pytest.mark.parametrize("text", ["about 1", "0?", "~0"])
def test_an_infant_who_was_estimated_can_be_changed_later(text: str) -> None:
    """What stands in the form is an age; "-1-3" was none, and nothing was stored."""
    age, margin = read_age(text) or (0, 0)
    before = Patient("p", stated_age=age, age_margin=margin)
    age, margin = read_age(typed_age(before)) or (0, 0)
    after = Patient("p", stated_age=age, age_margin=margin)
    assert margin
    day = date(2026, 11, 24)
    assert after.age_on(day) == before.age_on(day)


def test_rules_see_all_that_an_estimated_age_can_be() -> None:
    """A guess of 48 must not settle a question about people of 50 and over."""
    guessed = Patient("p", stated_age=48, age_margin=10)
    assert guessed.age_on(date(2026, 11, 24)) == (38.0, 58.0)
    assert guessed.age_is_estimated
    assert Patient("p", stated_age=3, age_margin=5).age_on(date(2026, 1, 1))[0] == 0


def test_a_birth_date_settles_what_was_estimated() -> None:
    known = Patient("p", birth_date="1990-01-01", stated_age=48, age_margin=10)
    assert known.age_on(date(2026, 11, 24)) == (36.0, 36.0)
    assert not known.age_is_estimated
