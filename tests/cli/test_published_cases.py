"""Twelve published cases through the command line, at the right tier.

What each may and must not do is written beside it by someone who had not seen the
program's output. `tests/cases/published/README.md` says how they are scored.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cases.scoring import mistakes
from ui import cli

CASES = sorted((Path(__file__).parents[1] / "cases" / "published").glob("*.json"))


@pytest.fixture
def assess_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a function that sends a case through the command line."""

    def run(case: dict[str, Any]) -> dict[str, Any]:
        given = {key: case[key] for key in ("patient", "on", "answers")}
        path = tmp_path / "case.json"
        path.write_text(json.dumps(given), encoding="utf-8")
        assert cli.main(["assess", str(path)]) == 0
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        return result

    return run


def test_there_are_twelve_cases() -> None:
    """A case that is not collected cannot fail."""
    assert len(CASES) == 12


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_published_case_is_assessed_within_its_range(
    path: Path, assess_file: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """Serious ones at or above their least tier, benign ones at or below their most."""
    case = json.loads(path.read_text(encoding="utf-8"))
    assert mistakes(case, assess_file(case)) == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_answers_of_a_rule_fire_it_again_alone(
    path: Path, assess_file: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """The answers shown as the reason are the whole reason."""
    case = json.loads(path.read_text(encoding="utf-8"))
    for concern in assess_file(case)["concerns"]:
        for rule in concern["rules"]:
            alone = {**case, "answers": rule["answers"]}
            fired = {
                again["id"]
                for other in assess_file(alone)["concerns"]
                for again in other["rules"]
            }
            assert rule["id"] in fired
