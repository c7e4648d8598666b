"""The protocol stays as quiet as it was found to be, and loudness is noticed."""

import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from intake.answer_check import checked
from intake.protocol import Tier
from intake.protocol_loader import default_protocol, load_protocol
from tests.benchmarks.burden import BASE, SEED, TARGETS, Load, lines, measure
from tests.benchmarks.burden_patients import Office, Scenario

_PATIENTS = 500


@pytest.fixture(scope="module")
def load() -> Load:
    return measure(default_protocol(), BASE, _PATIENTS)


@pytest.mark.parametrize(
    ("tiers", "measured", "tolerance"),
    [
        # Measured with 10,000; the tolerance is about three standard errors of 500.
        ((Tier.EMERGENCY_NOW,), 0.008, 0.012),
        ((Tier.EMERGENCY_NOW, Tier.SAME_DAY), 0.065, 0.033),
        ((Tier.WITHIN_7_DAYS, Tier.WITHIN_14_DAYS), 0.205, 0.053),
    ],
)
def test_the_tiers_are_as_frequent_as_measured(
    load: Load, tiers: tuple[Tier, ...], measured: float, tolerance: float
) -> None:
    assert load.share(*tiers) == pytest.approx(measured, abs=tolerance)


def test_the_made_up_patients_tick_as_many_flags_as_real_ones(load: Load) -> None:
    flagged = sum(1 for flags in load.usual_flags if flags) / load.patients
    assert flagged == pytest.approx(0.804, abs=0.05)


def test_every_answer_is_one_the_form_takes() -> None:
    """A share of a misspelt option or unit would be an assumption about nothing."""
    protocol = default_protocol()
    office = Office(protocol, Scenario("many findings", times=3), SEED)
    for _ in range(60):
        for question, value in office.patient().answers.items():
            checked(protocol, protocol.questions[question], value)


def test_the_same_seed_makes_the_same_patients(load: Load) -> None:
    again = measure(default_protocol(), BASE, 50)
    assert again.usual_flags == load.usual_flags[:50]


def test_a_protocol_whose_rules_all_fire_is_called_loud(tmp_path: Path) -> None:
    """Negative control."""
    folder = tmp_path / "loud"
    source = str(files("intake") / "protocols" / "upper_back_pain")
    shutil.copytree(source, folder)
    for concern in (folder / "concerns").glob("*.toml"):
        text = concern.read_text(encoding="utf-8")
        rules = text.index("[[rule]]")
        always = re.sub(
            r"(?m)^when = '(.*)'$", r"when = 'age >= 18 or (\1)'", text[rules:]
        )
        always = re.sub(r"(?m)^unless(_because)? = .*\n", "", always)
        concern.write_text(text[:rules] + always, encoding="utf-8")
    loud = measure(load_protocol(folder), BASE, 20)
    assert loud.share(Tier.EMERGENCY_NOW) == 1
    assert "emergency now" in loud.too_loud


def test_the_report_has_every_scenario_and_says_what_the_figures_are_not() -> None:
    report = "\n".join(lines(patients=20))
    assert report.count("made-up patients") == 5
    assert "by construction" in report
    assert all(name in report for name, _, _ in TARGETS)
