"""Dates in the usual formats, and all that they can mean."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.typed_dates import birth_dates, date_in_words, readings, swapped

TODAY = date(2026, 4, 1)


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d %b %Y"]))
def test_a_date_is_among_what_its_text_can_mean(day: object, form: str) -> None:
    written = f"{day:{form}}"
    text = written if len(written) > 9 else f"{day}"
    found = birth_dates(text)
    if 1800 <= int(f"{day}"[:4]) <= 2099:
        assert f"{day}" in found
    else:
        assert not found


@pytest.mark.parametrize("text", ["13/13/1958", "0.4.1958", "1958-13", "32 May 1958"])
def test_what_cannot_be_a_date_is_none(text: str) -> None:
    assert birth_dates(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03/04/1958", ("1958-03-04", "1958-04-03")),
        ("3.4.1958", ("1958-03-04", "1958-04-03")),
        ("13/04/1958", ("1958-04-13",)),
        ("03/03/1958", ("1958-03-03",)),
        ("1958-03-04", ("1958-03-04",)),
        ("March 4, 1958", ("1958-03-04",)),
        ("March 1958", ("1958-03",)),
        ("1958", ("1958",)),
        # two digits of a year: nobody is born after today
        ("03/04/58", ("1958-03-04", "1958-04-03")),
        ("03/04/21", ("2021-03-04", "1921-03-04", "2021-04-03", "1921-04-03")),
        ("2031-01-01", ()),
        ("2023-02-31", ()),
        ("sometime", ()),
        ("", ()),
    ],
)
def test_a_text_is_read_in_every_way_it_can_be(
    text: str, expected: tuple[str, ...]
) -> None:
    assert readings(text, TODAY) == expected


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("1958-03-04", "March 4, 1958"),
        ("1958-03", "March 1958"),
        ("1958", "1958"),
    ],
)
def test_a_date_in_words_cannot_be_turned_around(iso: str, words: str) -> None:
    assert date_in_words(iso) == words


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("1958-03-04", "1958-04-03"),
        ("1958-03-13", ""),
        ("1958-03-03", ""),
        ("1958-03", ""),
    ],
)
def test_day_and_month_are_changed_where_that_is_a_date(
    iso: str, expected: str
) -> None:
    assert swapped(iso) == expected
