"""Made-up chiropractic patients, drawn from burden_assumptions.toml beside this file.

A patient is asked as a practice would ask: the core questions in the order of the form,
then the details that the answers open, until nothing new opens.
"""

import math
import random
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from intake.answers import Answers
from intake.patient import Patient
from intake.protocol import Protocol, Question
from intake.visibility import look

ON = date(2026, 11, 24)
_TABLE = Path(__file__).with_name("burden_assumptions.toml")
_DAYS_A_WEEK = 7
_MOST = 0.95
#: mmHg: where the form asks for a second reading.
_LOW, _APART = 90, 20
#: Of the questions that the table leaves out: what a healthy body answers.
_HEALTHY = ("normal", "none", "no", "absent", "negative", "never", "5", "2")
Row = Mapping[str, Any]


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


@dataclass(slots=True)
class _Person:
    """Who is being asked: traits and answers so far."""

    age: int
    sex: Literal["female", "male"]
    factor: float
    weeks: float = 0.0
    disease: Row = field(default_factory=dict)
    traits: set[str] = field(default_factory=set)
    answers: dict[str, Any] = field(default_factory=dict)

    def fits(self, group: Row) -> bool:
        """Return whether the person belongs to a group of the table."""
        answer = group.get("answer")
        return (
            group.get("age_from", 0) <= self.age <= group.get("age_to", 200)
            and group.get("sex", self.sex) == self.sex
            and ("trait" not in group or group["trait"] in self.traits)
            and group.get("weeks_from", 0) <= self.weeks
            and self.weeks <= group.get("weeks_to", math.inf)
            and self.answers.get("pain.now", 0) >= group.get("pain_from", 0)
            and (not answer or any(self._said(q, answer[q]) for q in answer))
        )

    def of(self, row: Row, key: str) -> Any:  # noqa: ANN401  (whatever the row holds)
        """Return a field of the row, as it holds for this person."""
        for group in row.get("given", ()):
            if self.fits(group):
                return group[key]
        return row[key]

    def _said(self, question: str, options: Collection[str]) -> bool:
        value = self.answers.get(question)
        values = list(value.values()) if isinstance(value, dict) else [value]
        flat = [
            v for each in values for v in (each if isinstance(each, list) else [each])
        ]
        return any(v in options for v in flat)


class Office:
    """Draws patients one after another; the same seed gives the same patients."""

    def __init__(self, protocol: Protocol, scenario: Scenario, seed: int) -> None:
        """Read the table and set the dice."""
        self._protocol = protocol
        self._scenario = scenario
        self._dice = random.Random(seed)
        self._table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
        self._people = self._table["people"]
        self._blank = (
            self._people["blank"] if scenario.blank is None else scenario.blank
        )

    def patient(self) -> MadeUp:
        """Return the next patient; now and then one with serious disease."""
        if self._happens(self._people["serious"]):
            return self.serious_patient()
        return self._asked(self._person({}))

    def serious_patient(self) -> MadeUp:
        """Return a patient with serious disease."""
        diseases = self._table["serious"]
        weights = [disease["parts"] for disease in diseases]
        return self._asked(self._person(self._dice.choices(diseases, weights)[0]))

    def _person(self, disease: Row) -> _Person:
        spread = self._scenario.spread
        person = _Person(
            age=round(self._normal(disease.get("age", self._people["age"]))),
            sex="female" if self._happens(self._people["women"]) else "male",
            factor=self._people["calibration"]
            * self._scenario.times
            * self._dice.lognormvariate(-(spread**2) / 2, spread),
            disease=disease,
        )
        for trait in self._table["trait"]:
            if self._happens(self._more(person.of(trait, "share"), person)):
                person.traits.add(trait["id"])
        return person

    def _asked(self, person: _Person) -> MadeUp:
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
                value = self._answer(self._protocol.questions[question], person)
                if value is not None and not self._happens(self._blank):
                    person.answers[question] = value
        usual = [f for f in self._table["usual_flag"] if person.fits(f["group"])]
        return MadeUp(
            Patient(id="p", stated_age=person.age, sex_at_birth=person.sex),
            Answers(person.answers),
            len(usual),
        )

    def _answer(self, question: Question, person: _Person) -> Any:  # noqa: ANN401
        """Return an answer as it is stored, or None where nothing is said."""
        match question.kind:
            case "flag":
                return self._flag(question, person)
            case "choice" | "grade":
                return self._one_of(question, person)
            case "choices":
                value = self._any_of(question, person)
                return {"right": value} if question.sided and value else value
            case "number" | "scale":
                return self._number(question, person)
            case "pair":
                return self._pressure(question, person)
            case _:
                return self._rest(question, person)

    def _rest(self, question: Question, person: _Person) -> list[str] | None:
        """Return the rows of a list; dates, texts and drawings stay empty."""
        if question.kind != "rows":
            return None
        return ["a medicine"] if self._happens(person.age / 120) else []

    def _flag(self, question: Question, person: _Person) -> Any:  # noqa: ANN401
        if self._happens(self._people["unsure"]) and not question.sided:
            return "unsure"
        feature = self._feature("features", question, person)
        row = feature or self._row("yes_or_no", question)
        share = person.of(row, "share") if row else self._people["other_flag"]
        found = self._happens(share if feature else self._more(share, person))
        usual, finding = ("yes", "no") if row.get("finding") == "no" else ("no", "yes")
        return self._on_sides(question, usual, finding if found else usual)

    def _one_of(self, question: Question, person: _Person) -> Any:  # noqa: ANN401
        feature = self._feature("choices", question, person)
        if feature:
            return self._on_sides(question, "", self._drawn(feature["options"]))
        row = self._row("one_of", question)
        if not row:
            known = question.options or {
                question.scale and _healthy_grade(question): ""
            }
            healthy = next((o for o in _HEALTHY if o in known), None)
            return self._on_sides(question, healthy, healthy) if healthy else None
        options = dict(person.of(row, "options"))
        found = {o: options.pop(o) for o in row["findings"] if o in options}
        of_all = sum(found.values())
        if found and options and self._happens(self._more(of_all, person)):
            value = self._drawn(found)
        else:
            value = self._drawn(options or found)
        usual = max(person.of(row, "options"), key=person.of(row, "options").get)
        return self._on_sides(question, usual, value)

    def _any_of(self, question: Question, person: _Person) -> list[str] | None:
        feature = self._feature("choices", question, person)
        if feature:
            return [self._drawn(feature["options"])]
        row = self._row("any_of", question)
        if not row:
            return [question.none_option] if question.none_option else None
        named = [
            option
            for option, share in person.of(row, "options").items()
            if self._happens(
                self._more(share, person) if option in row["findings"] else share
            )
        ]
        return named or list(row["otherwise"])

    def _number(self, question: Question, person: _Person) -> Any:  # noqa: ANN401
        if question.id == "pain.duration":
            return self._duration(person)
        row = self._row("number", question)
        if question.id == "pain.now" and "strong" in person.disease:
            row = person.disease["strong"]
        if not row:
            return None
        number = self._normal(row)
        if question.kind == "scale":
            return round(number)
        whole = row["unit"] not in ("Cel", "cm")
        return {"value": round(number, None if whole else 1), "unit": row["unit"]}

    def _duration(self, person: _Person) -> Row:
        if "weeks" in person.disease:
            person.weeks = self._normal(person.disease["weeks"])
        else:
            spans = self._table["duration"]["spans"]
            span = self._dice.choices(spans, [s["share"] for s in spans])[0]
            person.weeks = self._dice.uniform(span["weeks_from"], span["weeks_to"])
        days = person.weeks * _DAYS_A_WEEK
        if days < 1:
            return {"value": max(1, round(days * 24)), "unit": "h"}
        return {"value": round(days), "unit": "d"}

    def _pressure(self, question: Question, person: _Person) -> Row:
        table = self._table["pressure"]
        systolic = self._normal(table["systolic"])
        other = person.answers.get("vitals.bp_right")
        if question.id == "vitals.bp_left" and other:
            right = other["systolic"]["value"]
            systolic = right + self._normal(table["difference"])
            doubtful = systolic < _LOW or abs(systolic - right) > _APART
            if doubtful and self._happens(table["taken_again"]):
                systolic = right + self._normal(table["difference"])
        unit = "mm[Hg]"
        return {
            "systolic": {"value": round(systolic), "unit": unit},
            "diastolic": {
                "value": round(self._normal(table["diastolic"])),
                "unit": unit,
            },
        }

    def _on_sides(self, question: Question, usual: str | None, value: str) -> Any:  # noqa: ANN401
        if not question.sided:
            return value
        if not usual or self._happens(0.2):
            return {"left": value, "right": value}
        sides = [usual, value]
        self._dice.shuffle(sides)
        return dict(zip(("left", "right"), sides, strict=True))

    def _feature(self, kind: str, question: Question, person: _Person) -> Row:
        rows: Sequence[Row] = person.disease.get(kind, ())
        return next((row for row in rows if row["ask"] == question.id), {})

    def _row(self, kind: str, question: Question) -> Row:
        return self._rows[kind].get(question.id, {})

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, Row]]:
        kinds = ("yes_or_no", "one_of", "any_of", "number")
        return {k: {r["ask"]: r for r in self._table[k]["questions"]} for k in kinds}

    def _more(self, share: float, person: _Person) -> float:
        return share if share >= _MOST else min(_MOST, share * person.factor)

    def _happens(self, share: float) -> bool:
        return self._dice.random() < share

    def _drawn(self, options: Mapping[str, float]) -> str:
        return self._dice.choices(list(options), list(options.values()))[0]

    def _normal(self, row: Row) -> float:
        if "median" in row:
            log = self._dice.gauss(math.log(row["median"]), math.log(row["times"]))
            number = math.exp(log)
        else:
            number = self._dice.gauss(row["mean"], row["sd"])
        return float(min(row["most"], max(row["least"], number)))


def _healthy_grade(question: Question) -> str:
    return "5" if question.scale == "strength" else "2"
