"""How loud the protocol is: the tiers of 10,000 ordinary chiropractic patients.

The patients are made up (burden_assumptions.toml says how), so the shares say what the
protocol would do if the assumptions held, and nothing about any clinic.
"""

import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.assessment import assess
from intake.outcome import Assessment
from intake.protocol import Protocol, Tier
from intake.protocol_loader import default_protocol
from tests.benchmarks.burden_patients import ON, MadeUp, Office, Scenario

PATIENTS = 10_000
SEED = 20261124
_SERIOUS = 500
_TOP = 8
_TELL_EVERY = 1000

BASE = Scenario("as assumed")
SCENARIOS = (
    BASE,
    Scenario("each finding twice as often", times=2.0),
    Scenario("findings in heaps: a few patients have many", spread=0.7),
    Scenario("half of the questions left blank", blank=0.5),
)

#: Evidence base 4.2, our own proposal: the tiers together, and the most they may have.
TARGETS: tuple[tuple[str, tuple[Tier, ...], float], ...] = (
    ("emergency now", (Tier.EMERGENCY_NOW,), 0.01),
    ("emergency now or same day", (Tier.EMERGENCY_NOW, Tier.SAME_DAY), 0.03),
    ("within 7 or 14 days", (Tier.WITHIN_7_DAYS, Tier.WITHIN_14_DAYS), 0.15),
)


@dataclass
class Load:
    """What came out for many patients."""

    patients: int = 0
    tiers: Counter[Tier] = field(default_factory=Counter)
    rules: Counter[tuple[Tier, str]] = field(default_factory=Counter)
    only_reasons: Counter[tuple[Tier, str]] = field(default_factory=Counter)
    usual_flags: list[int] = field(default_factory=list)

    def add(self, made_up: MadeUp, outcome: Assessment) -> None:
        """Count one patient."""
        self.patients += 1
        self.tiers[outcome.tier] += 1
        self.usual_flags.append(made_up.usual_flags)
        top = {
            fired.rule.id
            for concern in outcome.concerns
            for fired in concern.rules
            if fired.rule.tier is outcome.tier
        }
        for rule in top:
            self.rules[outcome.tier, rule] += 1
        if len(top) == 1:
            self.only_reasons[outcome.tier, top.pop()] += 1

    def share(self, *tiers: Tier) -> float:
        """Return the share of patients in any of these tiers."""
        return sum(self.tiers[tier] for tier in tiers) / self.patients

    @property
    def too_loud(self) -> list[str]:
        """Return the targets that are missed."""
        return [name for name, tiers, most in TARGETS if self.share(*tiers) >= most]


def measure(
    protocol: Protocol,
    scenario: Scenario,
    patients: int,
    *,
    serious_only: bool = False,
) -> Load:
    """Assess so many patients of a scenario, always the same ones."""
    office = Office(protocol, scenario, SEED)
    load = Load()
    for number in range(patients):
        if number and number % _TELL_EVERY == 0:
            print(f"  {scenario.name}: {number} of {patients}", file=sys.stderr)
        made_up = office.serious_patient() if serious_only else office.patient()
        outcome = assess(protocol, made_up.patient, made_up.answers, ON)
        load.add(made_up, outcome)
    return load


def lines(patients: int = PATIENTS) -> Iterator[str]:
    """Yield the report, scenario by scenario."""
    protocol = default_protocol()
    for scenario in SCENARIOS:
        load = measure(protocol, scenario, patients)
        yield from _shares(scenario, load)
        if scenario is BASE:
            yield from _rules(load)
    yield from _serious(measure(protocol, BASE, _SERIOUS, serious_only=True))


def _shares(scenario: Scenario, load: Load) -> Iterator[str]:
    flags = load.usual_flags
    flagged = sum(1 for number in flags if number) / load.patients
    yield ""
    yield f"{load.patients} made-up patients, {scenario.name}"
    yield (
        f"  with one or more of 25 usual red flags {flagged:.1%}, "
        f"median {statistics.median(flags):.0f} (to compare: 80.4 %, median 2; S04)"
    )
    for tier in reversed(Tier):
        yield f"  {tier.code:<28}{load.share(tier):>8.2%}"
    for name, tiers, most in TARGETS:
        share = load.share(*tiers)
        target = ""
        if scenario is BASE:
            word = "met" if share < most else f"MISSED by {share - most:.2%}"
            target = f"   target under {most:.0%}: {word}"
        yield f"  {name:<28}{share:>8.2%}{target}"


def _rules(load: Load) -> Iterator[str]:
    for tier in (t for t in reversed(Tier) if t > Tier.ROUTINE):
        yield f"  Top rules, {tier.code}: of 10,000 patients (the only reason in)"
        ours = [(rule, n) for (t, rule), n in load.rules.most_common() if t is tier]
        for rule, number in ours[:_TOP]:
            only = load.only_reasons[tier, rule]
            each = 10_000 / load.patients
            yield f"    {rule:<44}{number * each:>6.0f}{only * each:>8.0f}"


def _serious(load: Load) -> Iterator[str]:
    yield ""
    yield f"{load.patients} made-up patients with serious disease"
    yield "  Their features and the rules come from the same books, so these shares"
    yield "  are by construction and no sensitivity of the protocol."
    for tier in reversed(Tier):
        yield f"  {tier.code:<28}{load.share(tier):>8.1%}"
