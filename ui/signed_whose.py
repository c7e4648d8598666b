"""What has to be said of a visit that is marked, or not of who it was signed for."""

from collections.abc import Sequence

from intake.patient import Patient
from intake.visit import Visit
from ui.patient_finder import name_of

#: Of a signed visit that is marked, wherever there is room for a word only.
IN_ERROR = "\u2718 entered in error"
_IN_ERROR = (
    "\u2718 ENTERED IN ERROR: this visit should not be here. Do not rely on it for "
    "this patient; its documents have to be called back."
)
#: What tells who somebody is, in the order in which it is told.
_WHO = {
    "family_name": "family name",
    "given_name": "given name",
    "birth_date": "birth date",
    "sex_at_birth": "sex at birth",
    "chart_number": "chart number",
}


def whose_warnings(
    visit: Visit, signed_for: Patient | None, patient: Patient
) -> list[str]:
    """Return what has to be said above a signed visit; mostly nothing.

    Args:
        visit: the signed visit.
        signed_for: the patient as they were registered when it was signed; None where
            the reader does not see what was signed.
        patient: whose visit it is today, as they are registered now.
    """
    warnings = [_IN_ERROR] if visit.is_in_error else []
    if signed_for is None:
        return warnings
    differs = _differs(signed_for, patient)
    if signed_for.id != patient.id:
        why = "the registrations were merged since"
    elif differs:
        why = "the registration was changed since"
    else:
        return warnings
    told = f" Not the same: {', '.join(differs)}." if differs else ""
    warnings.append(
        f"\u2260 SIGNED FOR {_who(signed_for)}. Today it is listed for "
        f"{_who(patient)}: {why}.{told}"
    )
    return warnings


def _differs(one: Patient, other: Patient) -> Sequence[str]:
    return [
        words
        for name, words in _WHO.items()
        if getattr(one, name) != getattr(other, name)
    ]


def _who(patient: Patient) -> str:
    born = patient.birth_date or "birth date not recorded"
    chart = f", chart {patient.chart_number}" if patient.chart_number else ""
    return f"{name_of(patient)}, born {born}{chart}"
