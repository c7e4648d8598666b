"""Codes of public code systems: what a code is, and what makes one malformed.

Three systems are known and no other: CPT may not be shipped without a licence, and
SNOMED CT was not checked under one (`docs/decisions/`). The codes themselves are data,
`codes.toml`; nothing here knows which of them exist.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from intake.units import UNITS


@dataclass(frozen=True, slots=True)
class Code:
    """A code with the name its system gives it, and how far both were verified.

    `system` is the address by which programs know the system, as in FHIR.
    """

    system: str
    code: str
    display: str
    verified: str


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """Where codes come from: release, licence, the notice it asks for, last check."""

    id: str
    url: str
    name: str
    release: str
    licence: str
    notice: str
    checked: date
    recheck: str
    note: str = ""


def loinc_check_digit(number: str) -> int:
    """Return the check digit of the number before the hyphen.

    LOINC Users' Guide, "Calculating Mod 10 Check Digits": every second digit from the
    right, beginning with the last, doubled, the digits of that added to the others. The
    guide doubles them as one number (531 becomes 1062), which adds up to the same.
    """
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value // 10 + value % 10
    return -total % 10


def _wrong_loinc(code: str) -> str:
    match = re.fullmatch(r"([1-9][0-9]{0,6})-([0-9])", code, re.ASCII)
    if match is None:
        return "A LOINC code is a number, a hyphen and a check digit."
    expected = loinc_check_digit(match[1])
    return "" if expected == int(match[2]) else f"The check digit would be {expected}."


def _wrong_icd_10_cm(code: str) -> str:
    # A letter, a digit, a digit or letter; up to four more after a point.
    shape = r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?"
    if re.fullmatch(shape, code, re.ASCII):
        return ""
    return "An ICD-10-CM code looks like R32, M54.6 or S29.012A."


def _wrong_ucum(code: str) -> str:
    return "" if code in UNITS else "The program does not know this unit."


@dataclass(frozen=True, slots=True)
class Form:
    """The address of a system, and what is wrong with a code; empty when nothing."""

    url: str
    wrong: Callable[[str], str]


#: The only systems a protocol may use.
FORMS: Mapping[str, Form] = {
    "ICD-10-CM": Form("http://hl7.org/fhir/sid/icd-10-cm", _wrong_icd_10_cm),
    "LOINC": Form("http://loinc.org", _wrong_loinc),
    "UCUM": Form("http://unitsofmeasure.org", _wrong_ucum),
}
