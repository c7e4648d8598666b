"""What the protocol is, how to read the page, and what it uses of a person."""

from datetime import date

from intake.protocol import Protocol, Tier
from intake.protocol_terms import VERIFIED_WORDS
from intake.source_attributes import USES, Use
from reports.protocol_page.markup import (
    Html,
    bullets,
    entry_table,
    joined,
    list_table,
    tag,
)
from reports.protocol_page.words import tier_words
from reports.wording import date_words

_READING = """
A rule fires only when its condition is definitely met. A question that was not \
asked, or was answered “not sure”, decides nothing: unknown is not no.
“All of”, “Any of” and “At least 2 of” stand above the lines they join. The line in \
small type below is the expression itself.
Findings are links: each is defined once, in the part “Findings”.
“Unless” holds a rule back only when it is definitely met. The program then shows the \
rule as held back.
The most urgent rule that fires sets the urgency of the visit. Nothing adds up to a \
probability, and there is no “all clear”.
“Speaks against” is shown to the clinician and changes nothing.
Strength says how much a rule weighs by itself: strong, moderate or weak. Proposed \
means that no licensed clinician has agreed yet.
In each box “Your review” mark agree, change or remove, with initials and date; \
write on the line what should change.
"""
_SOURCE_ATTRIBUTES = """
The 13 source attributes of evidence-based decision support (45 CFR \
170.315(b)(11)(iv)(A)). The uses of sex, of date of birth and of the questions \
named are checked against the rules whenever the protocol loads.
"""


def identity_part(protocol: Protocol, on: date) -> Html:
    """Return what this protocol is, who reviewed it, and until when it holds."""
    reviewers = bullets(
        f"{r.name}, license {r.licence}, {date_words(r.date)}"
        for r in protocol.reviewers
    )
    return entry_table(
        (
            ("Protocol", f"{protocol.id}, version {protocol.version}"),
            ("Status", protocol.status),
            ("In force from", date_words(protocol.effective)),
            ("To be reviewed by", date_words(protocol.review_by)),
            ("Reviewed by", reviewers or "nobody yet"),
            ("Holds", _counts(protocol)),
            ("Fingerprint", joined((tag("code", protocol.digest), " (SHA-256)"))),
            ("Page made on", date_words(on)),
        )
    )


def _counts(protocol: Protocol) -> str:
    return (
        f"{len(protocol.rules)} rules in {len(protocol.concerns)} concerns, "
        f"{len(protocol.findings)} findings, {len(protocol.questions)} questions, "
        f"{len(protocol.actions)} actions, {len(protocol.sources)} sources"
    )


def reading_part() -> Html:
    """Return how to read the page: rules, tiers, marks."""
    tiers = [(t.code.replace("_", " "), tier_words(t)) for t in reversed(Tier)]
    marks = [
        *VERIFIED_WORDS.items(),
        ("from low back pain", "found in patients with low back pain, not upper back"),
    ]
    return joined(
        (
            bullets(_READING.strip().splitlines()),
            list_table("Urgency", ("Tier", "Shown as"), tiers),
            list_table("How far a statement was verified", ("Mark", "Meaning"), marks),
        )
    )


def uses_part(protocol: Protocol) -> Html:
    """Return the 13 source attributes."""
    declared = protocol.source_attributes
    revised = ", ".join(map(date_words, declared.revised)) or "not revised yet"
    uses = [
        (USES[name], "yes" if use.is_used else "no", _how(protocol, use))
        for name, use in declared.uses.items()
    ]
    return joined(
        (
            tag("p", _SOURCE_ATTRIBUTES.strip()),
            entry_table(
                (
                    ("Citation", declared.citation),
                    ("Developer", declared.developer),
                    ("Funding", declared.funding),
                    ("Released", date_words(declared.released)),
                    ("Revised", revised),
                )
            ),
            list_table("Facts about a person", ("Fact", "Used", "How"), uses),
        )
    )


def _how(protocol: Protocol, use: Use) -> Html:
    questions = bullets((protocol.questions[q].label for q in use.questions), "flow")
    return joined((use.how, questions))
