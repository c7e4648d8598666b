"""The patient as registered at the desk."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from intake.facts import age_on, span_of

SexAtBirth = Literal["female", "male", "unknown"]
#: Nobody is older, as far as this program knows.
OLDEST = 130


@dataclass(frozen=True, slots=True)
class Patient:
    """Who the visit is about.

    `birth_date` is ISO 8601 and may be partial (``1958``, ``1958-04``), or empty when
    it is not known; `stated_age` (years) is used only where there is no birth date.
    `age_margin` is by how many years it may be wrong: 0 where the patient told it,
    more where somebody estimated it. Rules see an interval then.
    Every text may be empty: a name is not needed to help somebody. `revision` counts
    the changes of the registration that were stored.
    """

    id: str
    family_name: str = ""
    given_name: str = ""
    preferred_name: str = ""
    birth_date: str = ""
    stated_age: int | None = None
    age_margin: int = 0
    sex_at_birth: SexAtBirth = "unknown"
    gender: str = ""
    chart_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    language: str = ""
    interpreter: str = ""
    emergency_contact: str = ""
    primary_care_provider: str = ""
    insurer: str = ""
    member_id: str = ""
    occupation: str = ""
    revision: int = 0

    @property
    def age_is_estimated(self) -> bool:
        """Return whether the age is somebody's guess, and no birth date is known."""
        return bool(self.age_margin) and not self.birth_date

    @property
    def name(self) -> str:
        """Return ``Family, Given "Preferred"`` as far as it is known."""
        name = ", ".join(part for part in (self.family_name, self.given_name) if part)
        if self.preferred_name and self.preferred_name != self.given_name:
            name = f'{name} "{self.preferred_name}"'.strip()
        return name

    def age_on(self, day: date) -> tuple[float, float]:
        """Return the least and greatest age in completed years on a day."""
        if self.birth_date:
            first, last = span_of(self.birth_date)
            # A partial date may reach beyond the day: nobody is younger than 0.
            least = max(0, age_on(day, last))
            return (float(least), float(max(least, age_on(day, first))))
        if self.stated_age is not None:
            youngest = max(0, self.stated_age - self.age_margin)
            oldest = min(OLDEST, self.stated_age + self.age_margin)
            return (float(youngest), float(oldest))
        return (0.0, float(OLDEST))
