"""Made-up chiropractic patients, drawn from burden_assumptions.toml beside this file.

A patient is asked as a practice would ask: the core questions in the order of the form,
then the details that the answers open, until nothing new opens.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from intake.answers import Answers
from intake.patient import Patient
from intake.protocol import Protocol
from intake.visibility import look
from tests.benchmarks.burden_answers import Dice, Table, more
from tests.benchmarks.burden_person import Person, Row

ON = date(2026, 11, 24)
_TABLE = Path(__file__).with_name("burden_assumptions.toml")


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is done to the table.

    `times` multiplies how often each finding is there. `spread` gives each patient an
    own factor (mean 1, log-normal) for every finding, so that a few have many. `blank`
    replaces the share of questions left out.
    """

    name: str
    times: float = 1.0
    spread: float = 0.0
    blank: float | None = None


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One patient, what was answered, and how many usual red flags that makes."""

    patient: Patient
    answers: Answers
    usual_flags: int


class Office:
    """Draws patients one after another; the same seed gives the same patients."""

    def __init__(self, protocol: Protocol, scenario: Scenario, seed: int) -> None:
        """Read the table and set the dice."""
        self._protocol = protocol
        self._scenario = scenario
        self._dice = Dice(seed)
        self._table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
        self._people = self._table["people"]
        self._answers = Table(self._table, self._dice)
        self._blank = (
            self._people["blank"] if scenario.blank is None else scenario.blank
        )

    def patient(self) -> MadeUp:
        """Return the next patient; now and then one with serious disease."""
        if self._dice.happens(self._people["serious"]):
            return self.serious_patient()
        return self._asked(self._person({}))

    def serious_patient(self) -> MadeUp:
        """Return a patient with serious disease."""
        diseases = self._table["serious"]
        return self._asked(self._person(self._dice.one(diseases, "parts")))

    def _person(self, disease: Row) -> Person:
        spread = self._scenario.spread
        person = Person(
            age=round(self._dice.normal(disease.get("age", self._people["age"]))),
            sex="female" if self._dice.happens(self._people["women"]) else "male",
            factor=self._people["calibration"]
            * self._scenario.times
            * self._dice.random.lognormvariate(-(spread**2) / 2, spread),
            disease=disease,
        )
        for trait in self._table["trait"]:
            if self._dice.happens(more(person.of(trait, "share"), person)):
                person.traits.add(trait["id"])
        return person

    def _asked(self, person: Person) -> MadeUp:
        asked: set[str] = set()
        age = (float(person.age), float(person.age))
        while True:
            visibility, _ = look(
                self._protocol,
                Answers(person.answers),
                on=ON,
                age=age,
                sex_at_birth=person.sex,
            )
            new = [q for q in visibility.open if q not in asked]
            if not new:
                break
            asked.update(new)
            for question in new:
                value = self._answers.answer(self._protocol.questions[question], person)
                if value is not None and not self._dice.happens(self._blank):
                    person.answers[question] = value
        usual = [f for f in self._table["usual_flag"] if person.fits(f["group"])]
        return MadeUp(
            Patient(id="p", stated_age=person.age, sex_at_birth=person.sex),
            Answers(person.answers),
            len(usual),
        )
