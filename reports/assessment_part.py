"""The assessment on paper: how urgent, why, on whose authority, and what to do."""

from collections.abc import Sequence

from intake.due import due_words
from intake.outcome import (
    TIER_WORDS,
    FiredRule,
    RaisedConcern,
    Suggestion,
    suspected,
)
from intake.protocol import Rule, Tier
from reports.content import (
    Block,
    Bullets,
    Heading,
    Notice,
    Paragraph,
    Run,
    Table,
    Text,
    Together,
    labelled,
    strong,
    text,
)
from reports.decisions_part import beside_blocks, decision_note, decision_runs
from reports.examination_sides import said_with_sides
from reports.record_view import RecordView
from reports.sources_cited import SourcesCited
from reports.wording import date_words, in_sentence, sentence, without_stop

CRITERIA = "Findings listed in referral criteria for suspected"
_THRUST = {
    "blocked": "BLOCKED, give no thrust.",
    "caution": "CAUTION.",
    "no_block_found": "no reason against it was found in what was asked so far.",
}
_TO_ARRANGE = ("call", "referral", "imaging", "laboratory")
#: As many as the screen shows; the rest is counted, and named in its section.
_OPEN_SHOWN = 7


def result_notice(view: RecordView) -> Block:
    """Return the tier in words, and what open questions could still change."""
    assessment = view.record.assessment
    still = ""
    if assessment.could_be > assessment.tier:
        worst = in_sentence(TIER_WORDS[assessment.could_be])
        still = f" Open questions could still raise this to {worst}."
    lines = [text(strong(sentence(assessment.headline)), still)]
    first = [s for s in view.asked_for if s.tier == assessment.tier][:3]
    if first and assessment.tier > Tier.MONITOR:
        labels = "; ".join(without_stop(s.action.label) for s in first)
        lines.append(labelled("First", f"{labels}."))
    return Notice(tuple(lines))


def assessment_blocks(view: RecordView, sources: SourcesCited) -> list[Block]:
    """Return concerns, suggestions, what is not suggested, and what is open."""
    return [
        Heading("Assessment"),
        *_opening(view),
        *_concerns(view, sources),
        *_kept_visible(view),
        *_suggestions(view),
        *_not_suggested(view, sources),
        *_manual_therapy(view, sources),
        *_open_questions(view),
        *_plan(view),
    ]


def _opening(view: RecordView) -> list[Block]:
    assessment = view.record.assessment
    rules = [fired.rule for concern in assessment.concerns for fired in concern.rules]
    status = "No rule has fired on what was asked so far."
    if rules and all(rule.status != "reviewed" for rule in rules):
        status = "Review status: no rule named here was reviewed; each is a proposal."
    elif rules:
        status = "Review status: proposed, where no reviewer is named."
    told = strong(f"{sentence(assessment.headline)} ")
    lines: list[Block] = [Paragraph(text(told, status))]
    lines += [
        Paragraph(labelled("Outside the scope of this protocol", sentence(o.because)))
        for o in assessment.out_of_scope
    ]
    return lines


def _concerns(view: RecordView, sources: SourcesCited) -> list[Block]:
    """Return the concerns; those to be watched only take a line each."""
    blocks: list[Block] = []
    watched = []
    for raised in view.record.assessment.concerns:
        if raised.tier > Tier.MONITOR or view.record.assessment.tier is Tier.MONITOR:
            blocks += _concern(view, raised, sources)
        else:
            watched.append(raised)
    for raised in watched:
        because = " ".join(_because(fired, sources) for fired in raised.rules)
        title = f"{CRITERIA} {suspected(raised.concern.title)}, to be watched"
        blocks.append(Paragraph(labelled(title, because)))
    return blocks


def _concern(
    view: RecordView, raised: RaisedConcern, sources: SourcesCited
) -> list[Block]:
    """Return one concern: the rules that set its tier, and the answers behind them."""
    top = [fired for fired in raised.rules if fired.rule.tier == raised.tier]
    lower = len(raised.rules) - len(top)
    asked = {q for fired in top for q in fired.answers}
    recorded = said_with_sides(view, [q for q in view.values if q in asked])
    because = [text(_because(fired, sources)) for fired in top]
    urgency = f"{_by_when(raised.tier)}, {raised.strength} findings"
    runs = [strong(f"{urgency[:1].upper()}{urgency[1:]}. ")]
    if recorded:
        runs += [strong("Recorded: "), Run(f"{recorded}.")]
    if raised.against:
        against = " ".join(map(sentence, raised.against))
        runs += [strong(" Speaks against it: "), Run(against)]
    if lower:
        words = "rule was" if lower == 1 else "rules were"
        runs.append(Run(f" {lower} less urgent {words} met as well."))
    title = f"{CRITERIA} {suspected(raised.concern.title)}"
    return [
        Together((Heading(title, 2), Bullets((because[0],)))),
        *([Bullets(tuple(because[1:]))] if because[1:] else []),
        Paragraph(text(*runs)),
    ]


def _because(fired: FiredRule, sources: SourcesCited) -> str:
    """Return why a rule fired, on whose authority, and who reviewed it."""
    rule = fired.rule
    words = f"{without_stop(rule.because)} {sources.cite(rule.sources)}."
    return words + _reviewed(rule)


def _reviewed(rule: Rule) -> str:
    if rule.status != "reviewed" or rule.reviewed_on is None:
        return ""
    return f" Reviewed by {rule.reviewer} on {date_words(rule.reviewed_on)}."


def _by_when(tier: Tier) -> str:
    """Return the time of a tier alone: ``within 14 days``."""
    return TIER_WORDS[tier].partition(": ")[2]


def _kept_visible(view: RecordView) -> list[Block]:
    """Return rules that something held back, or that could not be worked out."""
    assessment = view.record.assessment
    blocks: list[Block] = []
    if assessment.held_back:
        items = tuple(
            text(
                f"{sentence(h.rule.because)} ",
                strong("Held back: "),
                sentence(h.because),
            )
            for h in assessment.held_back
        )
        blocks += [Heading("Held back", 2), Bullets(items)]
    if assessment.failed_rules:
        names = ", ".join(assessment.failed_rules)
        blocks.append(
            Paragraph(labelled("Could not be evaluated, judge yourself", names))
        )
    return blocks


def _suggestions(view: RecordView) -> list[Block]:
    """Return what to arrange, most urgent first, one row for each time limit."""
    found = [
        s for s in view.record.assessment.suggestions if s.action.kind in _TO_ARRANGE
    ]
    nothing = text("No call, referral, imaging or laboratory test is suggested.")
    if not found:
        return [Heading("Suggested"), Paragraph(nothing), *beside_blocks(view)]
    by_time: dict[str, list[Suggestion]] = {}
    for suggestion in found:
        due = view.due(suggestion.tier, suggestion.within_hours)
        by_time.setdefault(due, []).append(suggestion)
    rows = tuple((text(due), _to_arrange(view, some)) for due, some in by_time.items())
    return [
        Heading("Suggested"),
        Table(("By when", "What, and for which suspicion"), rows, (0.2, 0.8)),
        *beside_blocks(view),
    ]


def _to_arrange(view: RecordView, suggestions: Sequence[Suggestion]) -> Text:
    """Return actions, one a line; a call or referral says how to go about it."""
    runs: list[Run] = []
    tier = view.record.assessment.tier
    for suggestion in suggestions:
        action = suggestion.action
        end = "\n" if suggestion is not suggestions[-1] else ""
        how = ""
        if action.kind == "call" and suggestion.tier == tier:
            how = f" {action.text}"
        how += "".join(f" {rating.words}." for rating in suggestion.criteria)
        reason = f" ({_concern_names(view, suggestion)}).{how}"
        runs += [strong(without_stop(action.label)), Run(reason)]
        runs += [*decision_runs(view, suggestion), Run(end)]
    return text(*runs)


def _concern_names(view: RecordView, suggestion: Suggestion) -> str:
    concerns = view.record.assessment.protocol.concerns
    names = [suspected(concerns[c].title) for c in suggestion.concerns if c in concerns]
    return "; ".join(names) or "outside the scope of this protocol"


def _not_suggested(view: RecordView, sources: SourcesCited) -> list[Block]:
    assessment = view.record.assessment
    if not assessment.not_suggested:
        return []
    actions = assessment.protocol.actions
    items = tuple(
        text(
            strong(f"{actions[n.action].label}: "),
            f"{without_stop(n.why)} {sources.cite(n.sources)}."
            + "".join(f" {rating.words}." for rating in n.criteria),
        )
        for n in assessment.not_suggested
    )
    return [Heading("Not suggested now, and why"), Bullets(items)]


def _manual_therapy(view: RecordView, sources: SourcesCited) -> list[Block]:
    therapy = view.record.assessment.manual_therapy
    cited = sources.cite(c for caution in therapy.cautions for c in caution.sources)
    verdict = _THRUST[therapy.thrust]
    if view.record.assessment.is_thrust_undecided:
        verdict = (
            "cannot be judged yet, since the basic questions are not all answered."
        )
    runs = [strong("Thrust manipulation: "), Run(verdict)]
    if therapy.because:
        runs += [
            strong(" Because: "),
            Run(f"{without_stop(_reasons(therapy.because))} {cited}".rstrip() + "."),
        ]
    if therapy.instead:
        runs += [strong(" Instead: "), Run(" ".join(map(sentence, therapy.instead)))]
    return [Heading("Manual therapy"), Paragraph(text(*runs))]


def _reasons(because: Sequence[str]) -> str:
    """Return reasons; those that begin alike say their beginning once."""
    start = "Findings listed for suspected "
    names = [
        suspected(without_stop(b.removeprefix(start)))
        for b in because
        if b.startswith(start)
    ]
    others = [sentence(b) for b in because if not b.startswith(start)]
    said = [f"{start}{'; '.join(names)}."] if names else []
    return " ".join([*said, *others])


def _open_questions(view: RecordView) -> list[Block]:
    in_view = [a for a in view.record.assessment.ask_next if a.is_open]
    if not in_view:
        return []
    by_reach: dict[tuple[Tier, str], list[str]] = {}
    for asked in in_view[:_OPEN_SHOWN]:
        reach = (asked.could_raise_to, view.words(asked.question))
        by_reach.setdefault(reach, []).append(in_sentence(view.label(asked.question)))
    items = [
        text(
            strong(f"Could raise this to {in_sentence(TIER_WORDS[tier])}, {state}: "),
            f"{'; '.join(names)}.",
        )
        for (tier, state), names in by_reach.items()
    ]
    more = len(in_view) - _OPEN_SHOWN
    if more > 0:
        words = "question" if more == 1 else "questions"
        items.append(
            text(f"And {more} more open {words}, named in the sections above.")
        )
    return [
        Heading("Open questions that could change the urgency"),
        Bullets(tuple(items)),
    ]


def _plan(view: RecordView) -> list[Block]:
    """Return what is suggested for care, review and advice, and room for decisions."""
    found = [
        s
        for s in view.record.assessment.suggestions
        if s.action.kind not in _TO_ARRANGE
    ]
    review = [s for s in found if s.action.kind == "review"]
    others = [
        f"{without_stop(s.action.label)}{decision_note(view, s)}"
        for s in found
        if s.action.kind != "review"
    ]
    blocks: list[Block] = [Heading("Plan and review")]
    if review:
        blocks.append(
            Bullets(
                tuple(
                    text(
                        strong(f"{sentence(s.action.label)} "),
                        f"{s.action.text}{_when(s)}",
                        *decision_runs(view, s),
                    )
                    for s in review
                )
            )
        )
    if others:
        blocks.append(Paragraph(labelled("Care and advice", f"{'; '.join(others)}.")))
    return blocks if len(blocks) > 1 else []


def _when(suggestion: Suggestion) -> str:
    return f" (by {due_words(suggestion.due)})" if suggestion.due else ""


def protocol_blocks(view: RecordView, sources: SourcesCited) -> list[Block]:
    """Return the sources cited, and the protocol used with its fingerprint."""
    protocol = view.record.assessment.protocol
    listed = sources.listed()
    blocks: list[Block] = []
    if listed:
        runs = [run for line in listed for run in (*line, Run(" "))]
        blocks += [Heading("Sources"), Paragraph(text(*runs), "small")]
    used = (
        f"{protocol.title}, version {protocol.version}, status {protocol.status}, "
        f"in force from {date_words(protocol.effective)}, to be reviewed by "
        f"{date_words(protocol.review_by)}; SHA-256 {protocol.digest}."
    )
    reviewers = "; ".join(
        f"{r.name}, license {r.licence}, {date_words(r.date)}"
        for r in protocol.reviewers
    )
    who = f" Reviewed by {reviewers}." if reviewers else f" {protocol.warning}"
    return [*blocks, Paragraph(labelled("Protocol", used + who), "small")]
