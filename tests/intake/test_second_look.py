"""Whose visit somebody believes they sign."""

import pytest

from intake.patient import Patient
from intake.second_look import asked_of, is_meant, meant

ANA = Patient("p1", "Moreno Ruiz", "Ana", birth_date="1992-03-14")


@pytest.mark.parametrize("typed", ["AM 1992", "am92", "MA 92", "amr 1992", "1992 AMR"])
def test_initials_and_year_are_typed_as_one_likes(typed: str) -> None:
    assert is_meant(ANA, typed)


@pytest.mark.parametrize("typed", ["", "AM", "1992", "AB 1992", "AM 1991", "AMX 1992"])
def test_half_of_it_or_another_patient_is_not_meant(typed: str) -> None:
    assert not is_meant(ANA, typed)


@pytest.mark.parametrize(
    ("patient", "asked", "typed"),
    [
        (Patient("p", "\u00c1lvarez-Obi", "\u00c9lo\u00efse"), "initials", "EA"),
        (Patient("p", "<script>x</script>", birth_date="1958"), "", "S 1958"),
        (Patient("p", birth_date="1958-02"), "birth year", "58"),
        (Patient("p", "\u0645\u0631\u064a\u0645"), "initials", "\u0645"),
    ],
)
def test_what_is_not_recorded_is_not_asked(
    patient: Patient, asked: str, typed: str
) -> None:
    assert asked in asked_of(patient)
    assert is_meant(patient, typed)
    assert is_meant(patient, meant(patient))


def test_of_somebody_without_name_and_date_nothing_is_asked() -> None:
    assert asked_of(Patient("p")) == ""
    assert asked_of(Patient("p", "---")) == ""
