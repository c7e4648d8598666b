"""Each concern: its evidence, what it forbids, what speaks against it, its rules."""

from intake.outcome import suspected
from intake.protocol import Concern, Rule, Tier
from reports.assessment_part import CRITERIA
from reports.protocol_page.markup import (
    Html,
    bullets,
    entry_table,
    joined,
    list_table,
    tag,
)
from reports.protocol_page.words import (
    LOW_BACK,
    Teller,
    identity,
    review_box,
    tier_words,
)
from reports.wording import date_words, sentence


def title_of(concern: Concern) -> str:
    """Return the name of a concern with a capital."""
    return concern.title[:1].upper() + concern.title[1:]


def overview(teller: Teller) -> Html:
    """Return how many rules each concern has at each tier."""
    tiers = tuple(reversed(Tier))
    rows = []
    for concern in teller.protocol.concerns.values():
        counts = [sum(r.tier is tier for r in concern.rules) for tier in tiers]
        name = tag("a", title_of(concern), href=f"#concern-{concern.id}")
        rows.append((name, *(str(count or "\u2013") for count in counts)))
    names = [tier_words(tier).partition(":")[2].strip() for tier in tiers]
    heads = [t.code.replace("_", " ") for t in tiers]
    shown = [f"{head} ({name})" for head, name in zip(heads, names, strict=True)]
    return list_table("", ("Concern", *shown), rows)


def concern_part(teller: Teller, concern: Concern) -> Html:
    """Return one concern with all its rules."""
    return tag(
        "section",
        tag("h3", title_of(concern), id=f"concern-{concern.id}"),
        tag("p", f"Shown as: {CRITERIA} {suspected(concern.title)}."),
        entry_table(
            (
                ("Kind", concern.category),
                ("Manual therapy", _therapy(concern)),
                ("Evidence", _evidence(teller, concern)),
                ("Does not fit", concern.does_not_fit),
                ("Speaks against", _against(teller, concern)),
                ("Asked and told", _negatives(teller, concern)),
                ("Note", concern.note),
                ("Entry", identity(f"concerns/{concern.id}.toml")),
            )
        ),
        *(_rule(teller, rule) for rule in concern.rules),
        class_="concern",
    )


def _therapy(concern: Concern) -> Html:
    words = {
        "blocked": "Once a rule above monitor has fired: no thrust.",
        "caution": "Once a rule above monitor has fired: thrust only with caution.",
        "allowed": "Forbids no thrust by itself.",
    }
    return joined((tag("b", words[concern.thrust]), f" {concern.manual_therapy}"))


def _evidence(teller: Teller, concern: Concern) -> Html:
    items = []
    for one in concern.evidence:
        setting = f", {one.setting}" if one.setting else ""
        mark = LOW_BACK if one.low_back else Html()
        note = tag("p", one.note) if one.note else Html()
        words = f"{sentence(one.text)} Reference group: {one.group}{setting}."
        items.append(joined((words, mark, teller.citations(one.sources), note)))
    return bullets(items)


def _against(teller: Teller, concern: Concern) -> Html:
    rows = [
        joined(
            (tag("b", sentence(a.text)), teller.condition(a.when), sentence_of(a.note))
        )
        for a in concern.against
    ]
    return bullets(rows)


def _negatives(teller: Teller, concern: Concern) -> Html:
    """Return the questions of which a "no" is told in the letter."""
    return bullets((teller.question(q) for q in concern.pertinent_negatives), "flow")


def _rule(teller: Teller, rule: Rule) -> Html:
    number = f"{rule.number} " if rule.number else ""
    unless = joined((tag("p", rule.unless_because), teller.condition(rule.unless)))
    actions = [step.action for step in rule.steps]
    return tag(
        "section",
        tag("h4", f"{number}{rule.because}", id=f"rule-{rule.id}"),
        entry_table(
            (
                ("Urgency", tag("b", tier_words(rule.tier))),
                ("Strength", f"{rule.strength}{_raises(rule)}"),
                ("When", teller.condition(rule.when)),
                ("Unless", unless if rule.unless else ""),
                ("Then", teller.steps(rule.steps)),
                ("Imaging criteria", teller.criteria(rule.criteria, actions)),
                ("Sources", teller.citations(rule.sources)),
                ("Why so", rule.note),
                ("Status", joined((_status(rule), " ", identity(rule.id)))),
                ("Your review", review_box()),
            )
        ),
        class_="rule",
    )


def _raises(rule: Rule) -> str:
    if not rule.raises:
        return ""
    steps = "1 step" if rule.raises == 1 else f"{rule.raises} steps"
    return (
        f"; raises the urgency of the whole visit by {steps}, "
        f"never above \u201c{tier_words(rule.never_above)}\u201d"
    )


def _status(rule: Rule) -> str:
    if rule.reviewed_on is None:
        return rule.status
    return f"{rule.status} by {rule.reviewer}, {date_words(rule.reviewed_on)}"


def sentence_of(note: str) -> Html:
    """Return a note as a paragraph of its own; nothing without one."""
    return tag("p", note) if note else Html()
