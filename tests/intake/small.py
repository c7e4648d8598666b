"""The small protocol, and short ways to ask it something.

`small_protocol/` is written by hand for tests: every kind of question, a few rules of
every sort, nothing clinical. No test of the language depends on the real rules.
"""

import shutil
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from intake.answers import Answers
from intake.assessment import assess
from intake.expression import Expression, parse
from intake.facts import Facts
from intake.outcome import Assessment
from intake.patient import Patient, SexAtBirth
from intake.protocol import Protocol
from intake.protocol_loader import load_protocol
from intake.tristate import Truth

FOLDER = Path(__file__).parent / "small_protocol"
#: The day of every visit here.
ON = date(2026, 11, 22)
UNKNOWN_AGE = (0.0, 130.0)


@cache
def small_protocol() -> Protocol:
    """Return the small protocol; it is frozen, so all tests share one."""
    return load_protocol(FOLDER)


def expression(text: str) -> Expression:
    """Return an expression over the small protocol."""
    protocol = small_protocol()
    return parse(text, protocol.questions, protocol.findings)


def facts(
    answers: Mapping[str, Any] | None = None,
    *,
    age: float | tuple[float, float] = UNKNOWN_AGE,
    sex: str = "unknown",
    on: date = ON,
) -> Facts:
    """Return facts in which every answer is read."""
    span = age if isinstance(age, tuple) else (float(age), float(age))
    return Facts(small_protocol(), answers or {}, on=on, age=span, sex_at_birth=sex)


def truth(
    text: str,
    answers: Mapping[str, Any] | None = None,
    *,
    age: float | tuple[float, float] = UNKNOWN_AGE,
    sex: str = "unknown",
) -> Truth:
    """Return what an expression says about the answers."""
    return expression(text).condition.value(facts(answers, age=age, sex=sex))


def assessed(
    answers: Mapping[str, Any] | None = None,
    *,
    age: int | None = 50,
    sex: SexAtBirth = "male",
    opened: Collection[str] = (),
    protocol: Protocol | None = None,
) -> Assessment:
    """Return the assessment of a man of 50, unless told otherwise."""
    return assess(
        protocol or small_protocol(),
        Patient(id="p", stated_age=age, sex_at_birth=sex),
        Answers(answers or {}),
        ON,
        opened,
    )


def copied(folder: Path) -> Path:
    """Return a copy of the small protocol that a test may spoil."""
    return Path(shutil.copytree(FOLDER, folder / "protocol"))


def spoilt(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the first `old` in a file; fail when it is not there to be replaced."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}: the mistake would not be made"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def quantity(value: float, unit: str, **limits: float) -> dict[str, Any]:
    """Return a number as it is stored."""
    return {"value": value, "unit": unit, **limits}


def pressure(systolic: float, diastolic: float = 60) -> dict[str, Any]:
    """Return a blood pressure as it is stored."""
    return {
        "systolic": quantity(systolic, "mm[Hg]"),
        "diastolic": quantity(diastolic, "mm[Hg]"),
    }


def fired(assessment: Assessment) -> set[str]:
    """Return the ids of the rules that fired."""
    return {f.rule.id for concern in assessment.concerns for f in concern.rules}
