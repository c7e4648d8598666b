"""How long one assessment takes, for visits of every fullness."""

import json
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from intake.answers import Answers
from intake.assessment import assess
from intake.case_file import read_case
from intake.patient import Patient
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from tests.benchmarks.measure import Timing, line, paired, timed
from tests.property.random_answers import values

_DAY = date(2026, 11, 24)
_PUBLISHED = Path(__file__).parents[1] / "cases" / "published"
_PATIENT = Patient("p1", birth_date="1961-04", sex_at_birth="female")


def lines() -> list[str]:
    """Return the rows: `assess()` of each visit, the slowest first; loading."""
    protocol = default_protocol()
    measured = {
        f"{name}, {len(answers)} answers": _measured(protocol, answers)
        for name, answers in _visits(protocol).items()
    }
    loading = timed(default_protocol, 20)
    slowest_first = sorted(measured.items(), key=lambda one: -one[1][0].median)
    return [
        *(
            line(
                f"assess() {name}, p99",
                f"{ours.percentile(99):.3f} ms",
                f"reading it {least.median:.3f} ms",
                f"{ours.median / least.median:.0f}x",
                "target under 1 ms",
            )
            for name, (ours, least) in slowest_first
        ),
        line(
            "loading and checking the protocol",
            f"{loading.median:.0f} ms",
            "",
            "",
            "target under 150 ms",
        ),
    ]


def _visits(protocol: Protocol) -> Mapping[str, Answers]:
    """Return visits from one with nothing asked to one with everything asked."""
    sample = (files("intake") / "samples" / "sample_visit.json").read_bytes()
    published = [
        Answers(json.loads(path.read_bytes())["answers"])
        for path in sorted(_PUBLISHED.glob("*.json"))
    ]
    return {
        "new": Answers(),
        "published": max(published, key=len),
        "sample": read_case(sample, protocol, today=_DAY).answers,
        "random": Answers(_answered_at_random(protocol)),
    }


def _answered_at_random(protocol: Protocol) -> dict[str, Any]:
    """Return an answer to every question, the same in each run."""
    every = {q.id: values(protocol, q) for q in protocol.questions.values()}
    made: list[dict[str, Any]] = []

    @seed(1)
    @settings(
        max_examples=5,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.fixed_dictionaries(every))
    def make(answers: dict[str, Any]) -> None:
        made.append(answers)

    make()
    # The first are the simplest ones there are.
    return made[-1]


def _measured(protocol: Protocol, answers: Answers) -> tuple[Timing, Timing]:
    """Return the times of an assessment, and of its floor.

    The floor is walking over the questions once and looking each answer up, which
    nothing that reads them can go below.
    """

    def run() -> object:
        return assess(protocol, _PATIENT, answers, _DAY)

    def floor() -> object:
        return [question for question in protocol.questions if question in answers]

    return paired(run, floor, 1500)
