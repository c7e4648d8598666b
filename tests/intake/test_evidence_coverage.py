"""No row of the evidence base's rule table has fallen out of the protocol.

Section 4 of the evidence base has the rows R01 to R57. A rule says which row it stands
for (`number`), so that a clinician can go from the one to the other.
"""

from collections.abc import Iterable, Mapping

import pytest

from intake.protocol import Protocol
from intake.protocol_loader import default_protocol

#: The tiers that each row asks for, in the words of the protocol. E0 is emergency_now,
#: E1 same_day, U7 and U14 within 7 and 14 days, R routine, M monitor. "E0/E1" means
#: that there is a rule of each. R06 has its E0 together with R08: legs failing over
#: hours. R46 sends to the eye doctor today, and its routine half is R44 and R45. R47
#: wants the next day, which stands in the hours of its rule.
TIERS: Mapping[str, tuple[str, ...]] = {
    "R01": ("emergency_now", "same_day"),
    "R02": ("emergency_now",),
    "R03": ("emergency_now",),
    "R04": ("emergency_now", "same_day"),
    "R05": ("same_day",),
    "R06": ("same_day",),
    "R07": ("same_day",),
    "R08": ("emergency_now", "same_day"),
    "R09": ("emergency_now", "same_day"),
    "R10": ("same_day",),
    "R11": ("emergency_now", "same_day"),
    "R12": ("emergency_now", "same_day"),
    "R13": ("same_day",),
    "R14": ("same_day",),
    "R15": ("emergency_now",),
    "R16": ("same_day", "within_7_days"),
    "R17": ("same_day",),
    "R19": ("emergency_now",),
    "R20": ("emergency_now",),
    "R21": ("within_7_days",),
    "R22": ("within_7_days",),
    "R23": ("within_7_days", "within_14_days"),
    "R24": ("within_14_days",),
    "R25": ("within_14_days",),
    "R26": ("monitor",),
    "R27": ("within_14_days",),
    "R28": ("within_7_days",),
    "R29": ("within_14_days",),
    "R30": ("within_14_days",),
    "R31": ("within_14_days",),
    "R32": ("within_14_days",),
    "R33": ("within_7_days",),
    "R34": ("within_14_days",),
    "R35": ("within_14_days",),
    "R36": ("within_7_days",),
    "R37": ("within_7_days",),
    "R38": ("within_7_days",),
    "R39": ("within_7_days",),
    "R40": ("within_7_days",),
    "R41": ("within_7_days",),
    "R42": ("within_7_days",),
    "R43": ("routine",),
    "R44": ("routine",),
    "R45": ("routine",),
    "R46": ("same_day",),
    "R47": ("within_7_days",),
    "R48": ("routine", "monitor"),
    "R49": ("monitor",),
    "R50": ("routine",),
    "R52": ("routine",),
    "R53": ("within_7_days",),
    "R54": ("emergency_now", "same_day"),
    "R55": ("within_14_days",),
    "R57": ("within_14_days",),
}
#: The rows that no rule can carry.
ELSEWHERE = {
    "R18": "scope limits: they add a referral and silence nothing",
    "R51": "a decision in the record: the patient declines",
    "R56": "what blocks a thrust",
}


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def missing(
    carried: Iterable[tuple[str, str]], tiers: Mapping[str, tuple[str, ...]]
) -> list[str]:
    """Return the rows, with their tier, for which there is no (number, tier)."""
    there = set(carried)
    wanted = [(row, tier) for row, each in tiers.items() for tier in each]
    return [f"{row} {tier}" for row, tier in wanted if (row, tier) not in there]


def _carried(protocol: Protocol) -> list[tuple[str, str]]:
    return [(rule.number, rule.tier.code) for rule in protocol.rules]


def test_the_two_tables_together_are_all_rows() -> None:
    rows = {f"R{number:02}" for number in range(1, 58)}
    assert TIERS.keys() | ELSEWHERE.keys() == rows
    assert not TIERS.keys() & ELSEWHERE.keys()


def test_every_row_has_a_rule_of_each_tier_that_it_asks_for(protocol: Protocol) -> None:
    assert missing(_carried(protocol), TIERS) == []


def test_no_rule_carries_a_number_that_is_no_row(protocol: Protocol) -> None:
    assert {rule.number for rule in protocol.rules} - {""} == TIERS.keys()


def test_who_is_out_of_scope_is_named(protocol: Protocol) -> None:
    """R18."""
    limits = {limit.id for limit in protocol.scope}
    assert {"under_18", "pregnancy", "recent_spine_surgery"} <= limits
    assert all(limit.steps for limit in protocol.scope)


def test_a_refusal_can_be_recorded(protocol: Protocol) -> None:
    """R51."""
    assert {"review.refusal_record", "advice.safety_net"} <= protocol.actions.keys()


def test_a_thrust_can_be_blocked(protocol: Protocol) -> None:
    """R56: by a concern that is open, and by a finding of the lists."""
    concerns = [c for c in protocol.concerns.values() if c.thrust == "blocked"]
    findings = [t for t in protocol.thrust_cautions if t.effect == "blocked"]
    assert concerns
    assert findings


def test_a_row_without_its_rule_is_noticed(protocol: Protocol) -> None:
    """The negative control: a number taken away, and a tier changed."""
    carried = _carried(protocol)
    without = [one for one in carried if one[0] != "R37"]
    assert missing(without, TIERS) == ["R37 within_7_days"]
    softened = [(n, "routine" if n == "R05" else tier) for n, tier in carried]
    assert missing(softened, TIERS) == ["R05 same_day"]
