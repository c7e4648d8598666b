"""Every row of the published lists of contraindications blocks a thrust, or asks care.

`thrust.toml` has one patient a row; this assesses them, and proves that it can fail.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from intake.assessment import assess
from intake.protocol import Protocol, Tier
from intake.protocol_loader import default_protocol
from tests.cases.case_file import ON, patient_and_answers

ROWS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("thrust.toml").read_text("utf-8")
)["row"]


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def mistakes(protocol: Protocol, row: Mapping[str, Any]) -> list[str]:
    """Return everything in which a row comes out otherwise than written."""
    found: list[str] = []
    made_up = patient_and_answers(protocol, row["patient"], row["condition"], found)
    if made_up is None:
        return found
    assessment = assess(protocol, *made_up, ON)
    advice = assessment.manual_therapy
    found += [f"{question} is hidden" for question in sorted(assessment.hidden)]
    if advice.thrust != row["thrust"]:
        found.append(f"thrust is {advice.thrust}, not {row['thrust']}")
    effects = {caution.id: caution.effect for caution in advice.cautions} | {
        raised.concern.id: raised.concern.thrust
        for raised in assessment.concerns
        if raised.tier > Tier.MONITOR
    }
    if row["by"] and effects.get(row["by"]) != row["thrust"]:
        found.append(f"{row['by']} is {effects.get(row['by'])}, not {row['thrust']}")
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["condition"])
def test_a_contraindication_comes_out_as_written(
    protocol: Protocol, row: Mapping[str, Any]
) -> None:
    assert mistakes(protocol, row) == []


def test_there_are_rows_enough() -> None:
    """A row that is not collected cannot fail."""
    assert len({row["condition"] for row in ROWS}) == len(ROWS) == 27


def test_a_block_taken_away_is_noticed(protocol: Protocol) -> None:
    """The negative control: one entry less, and one softened."""
    metal = next(row for row in ROWS if row["by"] == "metal_in_spine")
    entries = protocol.thrust_cautions
    without = [entry for entry in entries if entry.id != "metal_in_spine"]
    assert mistakes(replace(protocol, thrust_cautions=tuple(without)), metal) == [
        "thrust is caution, not blocked",
        "metal_in_spine is None, not blocked",
    ]
    softened = [
        replace(entry, effect="caution") if entry.effect == "blocked" else entry
        for entry in entries
    ]
    said = mistakes(replace(protocol, thrust_cautions=tuple(softened)), metal)
    assert "metal_in_spine is caution, not blocked" in said


def test_a_patient_who_is_misspelt_is_named(protocol: Protocol) -> None:
    row = {**ROWS[0], "patient": {"case": "a typing slip", "result.xray": "fracture"}}
    (said,) = mistakes(protocol, row)
    assert said.startswith("acute fracture: result.xray: There is no such question")
