"""Small words that conditions, amounts and facts share."""

from typing import Literal

#: Ids of questions.
Ids = frozenset[str]
NONE: Ids = frozenset()

#: The least and the greatest value a number can have.
Interval = tuple[float, float]
EVERYTHING: Interval = (float("-inf"), float("inf"))

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")

#: Stand-ins for what comes from registration and not from a question.
BIRTH_DATE = "patient.birth_date"
SEX_AT_BIRTH = "patient.sex_at_birth"
