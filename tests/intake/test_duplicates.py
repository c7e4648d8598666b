"""Who may be the same patient: the hard cases, told apart by the words."""

from collections.abc import Sequence

import pytest

from intake.duplicates import compared, likely_same
from intake.patient import Patient

FAMILY, GIVEN = "Garc\u00eda L\u00f3pez", "Jos\u00e9"
KNOWN = Patient(
    "k",
    FAMILY,
    GIVEN,
    preferred_name="Pepe",
    birth_date="1958-04-02",
    sex_at_birth="male",
    phone="(904) 555-0142",
    email="jose@example.org",
    chart_number="A-17",
    member_id="M 12",
    address="1 Bay St",
)


def typed(family: str = "", given: str = "", **more: object) -> Patient:
    """Return what somebody typed so far."""
    return Patient("", family, given, **more)  # type: ignore[arg-type]  # as Patient has it


@pytest.mark.parametrize(
    ("one", "why"),
    [
        # names
        (typed("Garcia Lopez"), "Same family name."),
        (typed("garcialopez"), "Same family name."),
        (
            typed("Garcia", "jose"),
            f"Same one of two family names ({FAMILY} there) and given name.",
        ),
        (
            typed("Garcya Loppez", "Jose"),
            (f"Same family name but for the spelling ({FAMILY} there) and given name."),
        ),
        (
            typed(GIVEN, "Garc\u00eda"),
            "Same the names, family and given name the other way round.",
        ),
        (
            typed("Garcia Lopez", "Pepe"),
            (f"Same family name and one given name ({GIVEN} there)."),
        ),
        (
            typed("Garcia Lopez", "J."),
            (f"Same family name and beginning of the given name ({GIVEN} there)."),
        ),
        (
            typed("Garcia Lopez", "Jos\u00e9 Luis"),
            (f"Same family name and one given name ({GIVEN} there)."),
        ),
        # dates
        (
            typed("Garcia Lopez", birth_date="1958-04-02"),
            "Same family name and birth date.",
        ),
        (
            typed("Garcia Lopez", birth_date="1958-02-04"),
            (
                "Same family name and birth date with day and month changed over "
                "(April 2, 1958 there)."
            ),
        ),
        (
            typed("Garcia Lopez", birth_date="1958-04-03"),
            "Same family name and birth date but for one figure (April 2, 1958 there).",
        ),
        (
            typed("Garcia Lopez", birth_date="1958"),
            (
                "Same family name and birth date as far as it is known "
                "(April 2, 1958 there)."
            ),
        ),
        # numbers, however they are written
        (typed(phone="+1 904 555 0142"), "Same phone."),
        (typed(phone="555-0142"), "Same phone."),
        (
            typed("Smith", "Eva", chart_number="a17"),
            (
                "Same chart number. But the family "
                f"name there is {FAMILY}; the given name there is {GIVEN}."
            ),
        ),
        (typed(member_id="m12"), "Same member id."),
        (typed(email="JOSE@example.org"), "Same e-mail."),
    ],
)
def test_what_is_the_same_is_said(one: Patient, why: str) -> None:
    found = compared(one, KNOWN)
    assert found.why == why
    assert found.points >= 3


def test_names_that_are_still_typed_hide_nobody() -> None:
    """Who stands there after the family name stays while the given name is typed."""
    for given in ("", "J", "Jo", "Jos", "Jose"):
        assert compared(typed("Garcia Lopez", given), KNOWN).points >= 3
    found = compared(typed("Garc", "Jose"), KNOWN)
    assert found.same[0] == f"beginning of the family name ({FAMILY} there)"


def test_a_maiden_name_is_asked_about() -> None:
    found = compared(typed("Smith", "Jose", birth_date="1958-04-02"), KNOWN)
    assert found.why == (
        "Same given name and birth date. But the family name there is "
        f"{FAMILY}: the name before a marriage?"
    )
    assert found.points >= 3


def test_twins_are_told_apart() -> None:
    one = typed(FAMILY, "Ana", birth_date="1958-04-02", sex_at_birth="female")
    found = compared(one, KNOWN)
    assert found.why == (
        "Same family name and birth date. But the sex at birth there is male; the "
        f"given name there is {GIVEN}: a twin?"
    )
    assert found.points >= 3


def test_father_and_son_of_one_name_are_told_apart() -> None:
    one = typed(FAMILY, GIVEN, birth_date="1991-11-30")
    found = compared(one, KNOWN)
    assert found.why == (
        "Same family name and given name. But born April 2, 1958 there: "
        "a parent or child?"
    )
    assert found.points >= 3


def test_one_name_with_another_date_of_those_years_is_said() -> None:
    one = typed(FAMILY, GIVEN, birth_date="1963-11-30")
    assert compared(one, KNOWN).why.endswith("But born April 2, 1958 there.")


def test_another_year_is_no_birth_date_that_fits() -> None:
    one = typed(FAMILY, birth_date="1959")
    assert compared(one, KNOWN).differs == ("born April 2, 1958 there",)


@pytest.mark.parametrize(
    "one",
    [
        typed("Smith"),
        typed(given="Jose"),
        typed("Smith", "Eva", birth_date="1958-04-02"),
        typed("Smith", "Eva", phone="904 555 0142"),
        typed("Lee", phone="0142"),
        typed(),
    ],
)
def test_who_has_too_little_in_common_is_not_shown(one: Patient) -> None:
    """A shared birthday, or the phone of a family, is no duplicate by itself."""
    assert likely_same(one, lambda _text, _most: [KNOWN]) == []


def test_particles_of_a_name_are_nothing_in_common() -> None:
    one, other = typed("de la Cruz"), Patient("o", "de la Rosa")
    assert compared(one, other).points < 0


def test_those_with_most_in_common_come_first() -> None:
    other = Patient("o", "Garc\u00eda", "Ana")
    one = typed("Garc\u00eda", GIVEN, birth_date="1958-04-02")
    found = likely_same(one, lambda _text, _most: [other, KNOWN])
    assert [likely.patient.id for likely in found] == ["k"]
    found = likely_same(typed("Garc\u00eda"), lambda _text, _most: [KNOWN, other])
    assert [likely.patient.id for likely in found] == ["o", "k"]


def test_every_way_to_somebody_alike_is_looked_along() -> None:
    """With one of two names, and with day and month changed over."""
    asked: list[str] = []

    def find(text: str, _most: int) -> Sequence[Patient]:
        asked.append(text)
        return ()

    likely_same(
        typed("Moreno Ruiz", "Ana", birth_date="1958-03-04", phone="904 555 0142"), find
    )
    assert {"Moreno Ruiz Ana", "moreno Ana", "ruiz Ana"} <= set(asked)
    assert {"1958-03-04", "1958-04-03", "904 555 0142"} <= set(asked)
