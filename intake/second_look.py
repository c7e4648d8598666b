"""Whose visit somebody believes they sign: the initials and the birth year, typed anew.

Whoever has two patients open and signs the wrong one has looked at neither name. Typing
a few signs of the right one makes them look. What is not recorded is not asked.
"""

import re
import unicodedata

from intake.patient import Patient

_PARTS = re.compile(r"[\s\-]+")


def asked_of(patient: Patient) -> str:
    """Return what is asked about a patient; empty where neither is recorded."""
    asked = [
        words
        for words, is_recorded in (
            ("initials", bool(_initials(patient.given_name, patient.family_name))),
            ("birth year", bool(patient.birth_date)),
        )
        if is_recorded
    ]
    return " and ".join(asked)


def meant(patient: Patient) -> str:
    """Return how it is typed in full: "AM 1992" for Ana Moreno, born in 1992."""
    first = (_initials(name)[:1] for name in (patient.given_name, patient.family_name))
    return " ".join(filter(None, ("".join(first).upper(), patient.birth_date[:4])))


def is_meant(patient: Patient, typed: str) -> bool:
    """Return whether what was typed is this patient.

    Args:
        patient: whose visit it is.
        typed: initials and year, with or without blanks; the year may have two digits.
            Either name may come first, and each of several names may be counted.
    """
    folded = _folded(typed)
    letters = "".join(sign for sign in folded if sign.isalpha())
    digits = "".join(sign for sign in folded if sign.isdigit())
    given, family = _initials(patient.given_name), _initials(patient.family_name)
    initials = {given[:1] + family[:1], family[:1] + given[:1]}
    initials |= {given + family, family + given}
    year = patient.birth_date[:4]
    return letters in initials and digits in {year, year[2:]}


def _initials(*names: str) -> str:
    """Return the first letter of each part of names, folded."""
    parts = (_PARTS.split(_folded(name)) for name in names)
    letters = ([s for s in part if s.isalpha()] for one in parts for part in one)
    return "".join(part[0] for part in letters if part)


def _folded(text: str) -> str:
    """Return a text without accents and capitals."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
