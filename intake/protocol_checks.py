"""What has to hold between the entries of a protocol.

`protocol_loader` checks each entry by itself; here they are checked against each
other: names that are used exist, findings do not run in circles, no reassurance rests
on a red flag, and no emergency waits for a place of pain.
"""

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain

from intake.amounts import Count
from intake.answer_tests import ChoicesHold, Compare
from intake.conditions import AtLeast, Condition, FindingIs
from intake.errors import Problem
from intake.expression import Expression
from intake.protocol import Citation, Protocol, Rule, Step, Tier
from intake.protocol_dates import date_problems
from intake.source_attribute_checks import source_attribute_problems
from intake.spelling import did_you_mean

PLACES = frozenset(
    {"pain.sites", "pain.main_site", "pain.map", "pain.side", "pain.levels"}
)
#: form.md: nobody answers 300 questions.
_MOST_CORE = {"history": 40, "examination": 20}


def check(protocol: Protocol, openers: Collection[str]) -> list[Problem]:
    """Return everything that does not fit together."""
    circles = list(_circles(protocol))
    problems = chain(
        circles,
        _names(protocol),
        _duplicate_rules(protocol),
        _built_ins(protocol),
        _confirm_rows(protocol),
        () if circles else _rules(protocol, frozenset(openers)),
        _burden(protocol),
        source_attribute_problems(protocol),
        date_problems(protocol),
    )
    return list(problems)


def _where(rule: Rule) -> str:
    return f"concerns/{rule.concern}.toml, rule {rule.id}"


def _confirm_rows(protocol: Protocol) -> Iterator[Problem]:
    """Yield each question whose row there is not, and each row of no question."""
    rows = {row.id for row in protocol.confirm_rows}
    used = set()
    for question in protocol.questions.values():
        used.add(question.confirm_row)
        if question.confirm_row and question.confirm_row not in rows:
            what = f'There is no row "{question.confirm_row}" in confirm_rows.toml.'
            hint = did_you_mean(question.confirm_row, rows)
            yield Problem(f"question {question.id}", what, hint)
    for row in sorted(rows - used):
        yield Problem(f"confirm_rows.toml, row {row}", "No question belongs to it.")


def _circles(protocol: Protocol) -> Iterator[Problem]:
    """Yield each finding that uses itself, directly or through others."""
    for finding in protocol.findings.values():
        reached: set[str] = set()
        ahead = set(finding.when.findings())
        while ahead:
            name = ahead.pop()
            if name not in reached and name in protocol.findings:
                reached.add(name)
                ahead |= protocol.findings[name].when.findings()
        if finding.id in reached:
            yield Problem(f"finding {finding.id}", "It uses itself, by way of others.")


def _names(protocol: Protocol) -> Iterator[Problem]:
    for rule in protocol.rules:
        yield from _steps(protocol, _where(rule), rule.steps)
        yield from _citations(protocol, _where(rule), rule.sources)
    for limit in protocol.scope:
        where = f"scope.toml, scope {limit.id}"
        yield from _steps(protocol, where, limit.steps)
        yield from _citations(protocol, where, limit.sources)
    for caution in protocol.thrust_cautions:
        where = f"manual_therapy.toml, thrust {caution.id}"
        yield from _citations(protocol, where, caution.sources)
    for entry in protocol.not_suggested:
        where = f"not_suggested.toml, {entry.action}"
        yield from _steps(protocol, where, (Step(entry.action),))
        yield from _citations(protocol, where, entry.sources)
    for action in protocol.actions.values():
        where = f"actions.toml, action {action.id}"
        others = (*action.covered_by, *filter(None, (action.follow_up,)))
        yield from _steps(protocol, where, tuple(map(Step, others)))
        yield from _question(protocol, where, action.result)
    yield from _names_in_concerns(protocol)
    for one in protocol.questions.values():
        derived = one.derive.sources if one.derive else ()
        for other in (*derived, *one.answered_by):
            yield from _question(protocol, f"question {one.id}", other)


def _names_in_concerns(protocol: Protocol) -> Iterator[Problem]:
    for concern in protocol.concerns.values():
        where = f"concerns/{concern.id}.toml"
        for number, evidence in enumerate(concern.evidence, 1):
            yield from _citations(
                protocol, f"{where}, evidence {number}", evidence.sources
            )
        for question in concern.pertinent_negatives:
            yield from _question(protocol, where, question)


def _question(protocol: Protocol, where: str, question: str) -> Iterator[Problem]:
    if question and question not in protocol.questions:
        hint = did_you_mean(question, protocol.questions)
        yield Problem(where, f'There is no question "{question}".', hint)


def _steps(
    protocol: Protocol, where: str, steps: tuple[Step, ...]
) -> Iterator[Problem]:
    for step in steps:
        if step.action not in protocol.actions:
            hint = did_you_mean(step.action, protocol.actions)
            yield Problem(where, f'There is no action "{step.action}".', hint)


def _citations(
    protocol: Protocol, where: str, citations: tuple[Citation, ...]
) -> Iterator[Problem]:
    for citation in citations:
        if citation.source not in protocol.sources:
            hint = did_you_mean(citation.source, protocol.sources)
            yield Problem(where, f'There is no source "{citation.source}".', hint)


def _duplicate_rules(protocol: Protocol) -> Iterator[Problem]:
    seen: set[str] = set()
    for rule in protocol.rules:
        if rule.id in seen:
            yield Problem(_where(rule), "There is another rule with this id.")
        seen.add(rule.id)


def _built_ins(protocol: Protocol) -> Iterator[Problem]:
    """Yield each place where a fact about the outcome itself may not be read."""
    expressions = [
        *((f"finding {f.id}", f.when) for f in protocol.findings.values()),
        *((f"question {q.id}", q.opens) for q in protocol.questions.values()),
        *((f"red_flag {f.id}", f.when) for f in protocol.red_flags),
        *((f"scope {s.id}", s.when) for s in protocol.scope),
        *((f"thrust {t.id}", t.when) for t in protocol.thrust_cautions),
        *((_where(r), r.unless) for r in protocol.rules),
        *((_where(r), r.when) for r in protocol.rules if r.tier > Tier.MONITOR),
    ]
    for where, expression in expressions:
        for name in sorted(expression.built_ins() if expression else ()):
            what = f"{name} may be read by rules of tier monitor only."
            # The stand-in for an expression that could not be parsed reads one too.
            if expression is not None and expression.text != _UNREADABLE:
                yield Problem(where, what)


_UNREADABLE = "at_least(1, nothing_above_monitor)"


def _rules(protocol: Protocol, openers: AbstractSet[str]) -> Iterator[Problem]:
    for rule in protocol.rules:
        where = _where(rule)
        for name in sorted(_all_findings(protocol, rule.when) & openers):
            yield Problem(where, f"{name} only opens questions: rules do not use it.")
        for question in sorted(_reassuring(protocol, rule.when)):
            what = f"{question} is a red flag: a yes must not make the rule untrue."
            yield Problem(
                where, what, "Move what reassures to a question that is none."
            )
        yield from _unless(protocol, rule)
        if rule.tier >= Tier.SAME_DAY and _needs_place(protocol, rule.when.condition):
            yield Problem(where, "A rule this urgent must not need a place of pain.")


def _unless(protocol: Protocol, rule: Rule) -> Iterator[Problem]:
    if rule.unless is None:
        return
    for question in sorted(_all_questions(protocol, rule.unless)):
        if protocol.questions[question].red_flag:
            yield Problem(_where(rule), f"{question} is a red flag: not in unless.")
        if protocol.questions[question].child:
            yield Problem(_where(rule), f"{question} can be hidden: not in unless.")


def _all_findings(protocol: Protocol, expression: Expression) -> frozenset[str]:
    found: set[str] = set()
    ahead = set(expression.findings())
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead |= protocol.findings[name].when.findings()
    return frozenset(found)


def _all_questions(protocol: Protocol, expression: Expression) -> frozenset[str]:
    inner = (protocol.findings[f].when for f in _all_findings(protocol, expression))
    return expression.questions().union(*(e.questions() for e in inner))


def _reassuring(protocol: Protocol, expression: Expression) -> frozenset[str]:
    """Return the red flags of which a yes could make the expression untrue."""
    found: set[str] = set()
    stack = [(expression, False)]
    while stack:
        current, turned = stack.pop()
        for part, negated in current.walk():
            against = negated is not turned
            if isinstance(part, FindingIs):
                stack.append((protocol.findings[part.finding].when, against))
            falls = against is not _asks_for_none(protocol, part)
            for question in part.reads():
                if protocol.questions[question].red_flag and (
                    falls or _counts_exactly(part)
                ):
                    found.add(question)
    return frozenset(found)


def _asks_for_none(protocol: Protocol, part: Condition) -> bool:
    """Return whether a test of a list is true of the harmless answer."""
    if not isinstance(part, ChoicesHold):
        return False
    none_option = protocol.questions[part.question].none_option
    return (part.option == none_option) is not part.negated


def _counts_exactly(part: Condition) -> bool:
    """Return whether one more can make a count untrue, whichever way it is turned."""
    return (
        isinstance(part, Compare)
        and isinstance(part.left, Count)
        and part.operator not in (">", ">=")
    )


def _needs_place(protocol: Protocol, condition: Condition) -> bool:
    """Return whether a condition cannot be true without a place of pain."""
    if isinstance(condition, FindingIs):
        inner = protocol.findings[condition.finding].when.condition
        return _needs_place(protocol, inner)
    if isinstance(condition, AtLeast):
        free = sum(not _needs_place(protocol, part) for part in condition.of)
        return free < condition.number
    if condition.parts():
        return any(_needs_place(protocol, part) for part in condition.parts())
    return bool(condition.reads() & PLACES)


def _burden(protocol: Protocol) -> Iterator[Problem]:
    for step, most in _MOST_CORE.items():
        sections = {s.id for s in protocol.sections if s.step == step}
        asked = [
            q
            for q in protocol.questions.values()
            if q.is_core and q.is_counted and q.section in sections
        ]
        ids = {q.id for q in asked}
        count = sum(not ids.intersection(q.answered_by) for q in asked)
        if count > most:
            what = f"{count} core questions in the {step}, at most {most} are allowed."
            yield Problem("questions", what)
