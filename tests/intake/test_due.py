"""By which day: the clock of a rule, a review, a tier, over the ends of months."""

from datetime import date

import pytest

from intake.due import due_on, due_words
from intake.protocol import Protocol, Tier
from intake.protocol_loader import default_protocol


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.mark.parametrize(
    ("action", "on", "due"),
    [
        ("review.recheck_2_weeks", date(2026, 11, 25), date(2026, 12, 9)),
        ("review.recheck_2_weeks", date(2026, 12, 25), date(2027, 1, 8)),
        ("review.recheck_2_weeks", date(2028, 2, 15), date(2028, 2, 29)),
        ("review.recheck_2_weeks", date(2027, 2, 15), date(2027, 3, 1)),
        ("review.recheck_6_weeks", date(2028, 1, 31), date(2028, 3, 13)),
        ("review.recheck_48_hours", date(2026, 12, 30), date(2027, 1, 1)),
        ("review.recheck_72_hours", date(2028, 2, 28), date(2028, 3, 2)),
    ],
)
def test_a_review_is_due_by_its_own_clock_at_every_tier(
    protocol: Protocol, action: str, on: date, due: date
) -> None:
    """A leap year, the end of a month and of a year move nothing."""
    for tier in Tier:
        assert due_on(protocol.actions[action], tier, None, on) == due


@pytest.mark.parametrize(
    ("tier", "days"),
    [
        (Tier.EMERGENCY_NOW, 0),
        (Tier.SAME_DAY, 0),
        (Tier.WITHIN_7_DAYS, 7),
        (Tier.WITHIN_14_DAYS, 14),
        (Tier.ROUTINE, None),
        (Tier.MONITOR, None),
    ],
)
def test_what_is_arranged_is_due_by_its_tier(
    protocol: Protocol, tier: Tier, days: int | None
) -> None:
    on = date(2028, 2, 20)
    found = due_on(protocol.actions["imaging.mri_thoracic"], tier, None, on)
    assert (None if found is None else (found - on).days) == days


def test_the_call_back_comes_before_the_clock_of_its_referral_ends(
    protocol: Protocol,
) -> None:
    """Half way there is still time to get the appointment that was lost."""
    call_back = protocol.actions["review.call_back"]
    referral = protocol.actions["referral.pcp_7_days"]
    on = date(2026, 11, 25)
    for tier in (Tier.WITHIN_7_DAYS, Tier.WITHIN_14_DAYS):
        asked, due = (due_on(a, tier, None, on) for a in (call_back, referral))
        assert asked is not None
        assert due is not None
        assert on < asked < due


@pytest.mark.parametrize(("hours", "due"), [(4, 25), (24, 26), (47, 26), (48, 27)])
def test_hours_of_a_rule_go_before_the_clock_of_the_tier(
    protocol: Protocol, hours: int, due: int
) -> None:
    action = protocol.actions["imaging.mri_thoracic"]
    on = date(2026, 11, 25)
    assert due_on(action, Tier.WITHIN_7_DAYS, hours, on) == date(2026, 11, due)


def test_long_hours_do_not_put_off_the_clock_of_the_tier(protocol: Protocol) -> None:
    action = protocol.actions["imaging.mri_thoracic"]
    on = date(2026, 11, 25)
    assert due_on(action, Tier.SAME_DAY, 24, on) == on


def test_care_and_advice_have_no_day(protocol: Protocol) -> None:
    for action in protocol.actions.values():
        if action.kind in ("care", "advice"):
            on = date(2026, 11, 25)
            assert due_on(action, Tier.WITHIN_7_DAYS, None, on) is None


def test_every_recheck_has_a_clock(protocol: Protocol) -> None:
    """Watchful waiting without a date is only waiting."""
    rechecks = [a for a in protocol.actions.values() if ".recheck_" in a.id]
    assert len(rechecks) == 5
    assert all(a.after.keys() == set(Tier) for a in rechecks)


def test_every_rule_that_waits_books_a_date(protocol: Protocol) -> None:
    for rule in protocol.rules:
        if rule.tier is Tier.MONITOR:
            clocks = [protocol.actions[s.action].after for s in rule.steps]
            assert any(clocks), rule.id


def test_a_day_is_written_so_that_no_country_misreads_it() -> None:
    assert due_words(date(2026, 12, 9)) == "Wed 9 Dec 2026"
    assert due_words(date(2028, 2, 29)) == "Tue 29 Feb 2028"
