"""How a tier looks where there is little room: a shape, and one or two words."""

from collections.abc import Mapping

from intake.protocol import Tier

MARKS: Mapping[Tier, str] = {
    Tier.EMERGENCY_NOW: "\u25b2\u25b2\u25b2",
    Tier.SAME_DAY: "\u25b2\u25b2",
    Tier.WITHIN_7_DAYS: "\u25b2",
    Tier.WITHIN_14_DAYS: "\u25b3",
    Tier.ROUTINE: "\u25a1",
    Tier.MONITOR: "\u25cb",
}
SHORT: Mapping[Tier, str] = {
    Tier.EMERGENCY_NOW: "now",
    Tier.SAME_DAY: "today",
    Tier.WITHIN_7_DAYS: "7 days",
    Tier.WITHIN_14_DAYS: "14 days",
    Tier.ROUTINE: "routine",
    Tier.MONITOR: "monitor",
}
