"""How one question is answered in the burden benchmark, by the table of assumptions."""

import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

from intake.protocol import Question
from tests.benchmarks.burden_person import Person, Row

_DAYS_A_WEEK = 7
_MOST = 0.95
#: mmHg: where the form asks for a second reading.
_LOW, _APART = 90, 20
#: Of the questions that the table leaves out: what a healthy body answers.
_HEALTHY = ("normal", "none", "no", "absent", "negative", "never", "5", "2")
_KINDS = ("yes_or_no", "one_of", "any_of", "number")


class Dice:
    """Chance with a fixed seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, rows: Sequence[Row], weight: str) -> Row:
        """Return one of the rows, by the weight that each gives itself."""
        return self.random.choices(rows, [row[weight] for row in rows])[0]

    def happens(self, share: float) -> bool:
        """Return whether something of this share happens."""
        return self.random.random() < share

    def drawn(self, options: Mapping[str, float]) -> str:
        """Return one of the options, each as often as its share says."""
        return self.random.choices(list(options), list(options.values()))[0]

    def normal(self, row: Row) -> float:
        """Return a number as the row describes it, within its bounds."""
        if "median" in row:
            log = self.random.gauss(math.log(row["median"]), math.log(row["times"]))
            number = math.exp(log)
        else:
            number = self.random.gauss(row["mean"], row["sd"])
        return float(min(row["most"], max(row["least"], number)))


def more(share: float, person: Person) -> float:
    """Return the share of a finding for this person; what is certain stays so."""
    return share if share >= _MOST else min(_MOST, share * person.factor)


class Table:
    """Answers questions by the rows of the table."""

    def __init__(self, table: Row, dice: Dice) -> None:
        self._table = table
        self._people = table["people"]
        self._dice = dice
        self._rows: Mapping[str, Mapping[str, Row]] = {
            kind: {row["ask"]: row for row in table[kind]["questions"]}
            for kind in _KINDS
        }

    def answer(self, question: Question, person: Person) -> Any:  # noqa: ANN401
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

    def _rest(self, question: Question, person: Person) -> list[str] | None:
        """Return the rows of a list; dates, texts and drawings stay empty."""
        if question.kind != "rows":
            return None
        return ["a medicine"] if self._dice.happens(person.age / 120) else []

    def _flag(self, question: Question, person: Person) -> Any:  # noqa: ANN401
        if self._dice.happens(self._people["unsure"]) and not question.sided:
            return "unsure"
        feature = self._feature("features", question, person)
        row = feature or self._row("yes_or_no", question)
        share = person.of(row, "share") if row else self._people["other_flag"]
        found = self._dice.happens(share if feature else more(share, person))
        usual, finding = ("yes", "no") if row.get("finding") == "no" else ("no", "yes")
        return self._on_sides(question, usual, finding if found else usual)

    def _one_of(self, question: Question, person: Person) -> Any:  # noqa: ANN401
        feature = self._feature("choices", question, person)
        if feature:
            return self._on_sides(question, "", self._dice.drawn(feature["options"]))
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
        if found and options and self._dice.happens(more(of_all, person)):
            value = self._dice.drawn(found)
        else:
            value = self._dice.drawn(options or found)
        usual = max(person.of(row, "options"), key=person.of(row, "options").get)
        return self._on_sides(question, usual, value)

    def _any_of(self, question: Question, person: Person) -> list[str] | None:
        feature = self._feature("choices", question, person)
        if feature:
            return [self._dice.drawn(feature["options"])]
        row = self._row("any_of", question)
        if not row:
            return [question.none_option] if question.none_option else None
        named = [
            option
            for option, share in person.of(row, "options").items()
            if self._dice.happens(
                more(share, person) if option in row["findings"] else share
            )
        ]
        return named or list(row["otherwise"])

    def _number(self, question: Question, person: Person) -> Any:  # noqa: ANN401
        if question.id == "pain.duration":
            return self._duration(person)
        row = self._row("number", question)
        if question.id == "pain.now" and "strong" in person.disease:
            row = person.disease["strong"]
        if not row:
            return None
        number = self._dice.normal(row)
        if question.kind == "scale":
            return round(number)
        whole = row["unit"] not in ("Cel", "cm")
        return {"value": round(number, None if whole else 1), "unit": row["unit"]}

    def _duration(self, person: Person) -> Row:
        if "weeks" in person.disease:
            person.weeks = self._dice.normal(person.disease["weeks"])
        else:
            spans = self._table["duration"]["spans"]
            span = self._dice.one(spans, "share")
            person.weeks = self._dice.random.uniform(
                span["weeks_from"], span["weeks_to"]
            )
        days = person.weeks * _DAYS_A_WEEK
        if days < 1:
            return {"value": max(1, round(days * 24)), "unit": "h"}
        return {"value": round(days), "unit": "d"}

    def _pressure(self, question: Question, person: Person) -> Row:
        table = self._table["pressure"]
        systolic = self._dice.normal(table["systolic"])
        other = person.answers.get("vitals.bp_right")
        if question.id == "vitals.bp_left" and other:
            right = other["systolic"]["value"]
            systolic = right + self._dice.normal(table["difference"])
            doubtful = systolic < _LOW or abs(systolic - right) > _APART
            if doubtful and self._dice.happens(table["taken_again"]):
                systolic = right + self._dice.normal(table["difference"])
        unit = "mm[Hg]"
        return {
            "systolic": {"value": round(systolic), "unit": unit},
            "diastolic": {
                "value": round(self._dice.normal(table["diastolic"])),
                "unit": unit,
            },
        }

    def _on_sides(self, question: Question, usual: str | None, value: str) -> Any:  # noqa: ANN401
        if not question.sided:
            return value
        if not usual or self._dice.happens(0.2):
            return {"left": value, "right": value}
        sides = [usual, value]
        self._dice.random.shuffle(sides)
        return dict(zip(("left", "right"), sides, strict=True))

    def _feature(self, kind: str, question: Question, person: Person) -> Row:
        rows: Sequence[Row] = person.disease.get(kind, ())
        return next((row for row in rows if row["ask"] == question.id), {})

    def _row(self, kind: str, question: Question) -> Row:
        return self._rows[kind].get(question.id, {})


def _healthy_grade(question: Question) -> str:
    return "5" if question.scale == "strength" else "2"
