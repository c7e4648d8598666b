"""Who may be the same patient as the one being registered, and why."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from intake.patient import Patient

_FEWEST_LETTERS = 3
_FEWEST_DIGITS = 7
_MOST = 12
Find = Callable[[str], Sequence[Patient]]


@dataclass(frozen=True, slots=True)
class Likely:
    """A registered patient, and what is the same."""

    patient: Patient
    why: str

    @property
    def words(self) -> str:
        """Return the patient and the reason in one line each."""
        patient = self.patient
        facts = (patient.name, patient.birth_date, patient.phone, patient.chart_number)
        return f"{'   '.join(fact for fact in facts if fact)}\nSame {self.why}"


def likely_same(typed: Patient, find: Find) -> list[Likely]:
    """Return who may be the same, those with most in common first."""
    name = f"{typed.family_name} {typed.given_name}".strip()
    wanted = [name, typed.family_name, typed.birth_date, typed.phone]
    wanted.append(typed.chart_number)
    found: dict[str, Patient] = {}
    for text in wanted:
        if len(text) >= _FEWEST_LETTERS:
            found |= {patient.id: patient for patient in find(text)[:_MOST]}
    reasons = [(patient, _reasons(typed, patient)) for patient in found.values()]
    reasons.sort(key=lambda pair: -len(pair[1]))
    return [Likely(patient, ", ".join(why)) for patient, why in reasons if why][:_MOST]


def _reasons(typed: Patient, other: Patient) -> list[str]:
    same = []
    ours, theirs = _letters(typed.family_name), _letters(other.family_name)
    given, others = _letters(typed.given_name), _letters(other.given_name)
    # Names come in either order, and one of two surnames is often left out.
    if ours and (ours in theirs + others or (theirs and theirs in ours)):
        same.append("family name")
    if given and (given in others + theirs or (others and others in given)):
        same.append("given name")
    if typed.birth_date and typed.birth_date == other.birth_date:
        same.append("birth date")
    digits = _digits(typed.phone)
    if len(digits) >= _FEWEST_DIGITS and _digits(other.phone).endswith(digits):
        same.append("phone")
    if typed.chart_number and typed.chart_number == other.chart_number:
        same.append("chart number")
    return same


def _letters(text: str) -> str:
    """Return the letters alone, without case, accents and any kind of apostrophe."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum() and unicodedata.category(c) != "Lm")


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
