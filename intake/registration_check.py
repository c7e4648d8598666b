"""What a registration has to be before it is stored, whoever hands it in.

The form says so field by field. A birth date that cannot be read would be worse stored
than lost: every list with this patient in it could not be shown any more.
"""

from dataclasses import fields

from intake.answer_check import is_partial_date
from intake.errors import InputRefusedError, Problem
from intake.patient import OLDEST, Patient

#: As many characters as a field takes on the screen.
_LONGEST = 300


def refuse_unfit(patient: Patient) -> None:
    """Refuse a registration that nothing could read.

    Raises:
        InputRefusedError: names the fields, not what is in them.
    """
    problems = [
        Problem(one.name, f"It is longer than {_LONGEST} characters.", "Shorten it.")
        for one in fields(patient)
        if len(str(getattr(patient, one.name))) > _LONGEST
    ]
    if patient.birth_date and not is_partial_date(patient.birth_date):
        problems.append(Problem("birth_date", "This is not a date."))
    age = patient.stated_age or 0
    if not (0 <= age <= OLDEST and 0 <= patient.age_margin <= OLDEST):
        problems.append(Problem("stated_age", f"It is 0 to {OLDEST} whole years."))
    if problems:
        raise InputRefusedError(problems)
