"""An age as it is typed: told by the patient, or estimated by whoever looks."""

import re

from intake.patient import Patient

_OLDEST = 130
_TOLD = re.compile(r"\d{1,3}")
_ABOUT = re.compile(
    r"(?:about|around|approx\.?|ca?\.?|~)\s*(\d{1,3})|(\d{1,3})\s*\?", re.IGNORECASE
)
_BETWEEN = re.compile(r"(\d{1,3})\s*(?:-|to|\N{EN DASH})\s*(\d{1,3})", re.IGNORECASE)


def read_age(text: str) -> tuple[int, int] | None:
    """Return an age and how far off it may be, in years; None for no age.

    ``34`` is what was told, ``about 40`` (``~40``, ``40?``) and ``35-45`` are
    estimated. People guess worse the older somebody is: "about" is a quarter of the
    age, at least two years and at most ten.
    """
    text = text.strip()
    if not text.isascii() and "\N{EN DASH}" not in text:
        return None
    if _TOLD.fullmatch(text):
        return _checked(int(text), 0)
    if found := _ABOUT.fullmatch(text):
        age = int(found.group(1) or found.group(2))
        return _checked(age, min(10, max(2, age // 4)))
    if found := _BETWEEN.fullmatch(text):
        low, high = int(found.group(1)), int(found.group(2))
        if low > high:
            return None
        middle = (low + high) // 2
        return _checked(middle, high - middle)
    return None


def typed_age(patient: Patient) -> str:
    """Return a patient's age as somebody would type it; empty where there is none."""
    age, margin = patient.stated_age, patient.age_margin
    if age is None:
        return ""
    # Nobody is younger than 0, and what is typed so is read again.
    return f"{max(0, age - margin)}-{age + margin}" if margin else f"{age}"


def _checked(age: int, margin: int) -> tuple[int, int] | None:
    return (age, margin) if age <= _OLDEST else None
