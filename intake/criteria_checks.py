"""Every imaging step rests on a criterion, or says why it does not.

A step that a cited criterion rates as usually not appropriate, and a study left out
that it rates as usually appropriate, does not load without a reason beside it.
"""

from collections.abc import Iterator, Sequence

from intake.errors import Problem
from intake.imaging_criteria import Category, CriteriaCited
from intake.protocol import Protocol
from intake.spelling import did_you_mean

_IMAGING = "imaging."
_NEEDS = 'Add criteria = ["…"], or no_criterion = "why".'


def check(protocol: Protocol) -> list[Problem]:
    """Return every imaging step, and every criterion, that does not hold."""
    problems = list(_criteria(protocol))
    for rule in protocol.rules:
        where = f"concerns/{rule.concern}.toml, rule {rule.id}"
        actions = [step.action for step in rule.steps]
        problems += _cited(
            protocol, where, actions, rule.criteria, "usually_not_appropriate"
        )
    for entry in protocol.not_suggested:
        where = f"not_suggested.toml, {entry.action}"
        problems += _cited(
            protocol, where, [entry.action], entry.criteria, "usually_appropriate"
        )
        for concern in entry.only_with:
            if concern not in protocol.concerns:
                hint = did_you_mean(concern, protocol.concerns)
                what = f'There is no concern "{concern}".'
                problems.append(Problem(where, what, hint))
    return problems


def _criteria(protocol: Protocol) -> Iterator[Problem]:
    for criterion in protocol.imaging.criteria.values():
        if criterion.source not in protocol.sources:
            where = f"criteria.toml, criterion {criterion.id}"
            hint = did_you_mean(criterion.source, protocol.sources)
            yield Problem(where, f'There is no source "{criterion.source}".', hint)
    for study in protocol.imaging.studies.values():
        where = f"criteria.toml, study {study.id}"
        source = study.radiation_source
        if source and source not in protocol.sources:
            hint = did_you_mean(source, protocol.sources)
            yield Problem(where, f'There is no source "{source}".', hint)
        for action in filter(None, (study.action, *study.part_of)):
            if action not in protocol.actions:
                hint = did_you_mean(action, protocol.actions)
                yield Problem(where, f'There is no action "{action}".', hint)


def _cited(
    protocol: Protocol,
    where: str,
    actions: Sequence[str],
    cited: CriteriaCited,
    against: Category,
) -> Iterator[Problem]:
    imaging = [action for action in actions if action.startswith(_IMAGING)]
    rated = {a: protocol.imaging.ratings(a, cited.ids) for a in imaging}
    for criterion in cited.ids:
        if criterion not in protocol.imaging.criteria:
            hint = did_you_mean(criterion, protocol.imaging.criteria)
            yield Problem(where, f'There is no criterion "{criterion}".', hint)
        elif all(r.criterion.id != criterion for rs in rated.values() for r in rs):
            yield Problem(where, f"{criterion} rates none of the studies named here.")
    unrated = [action for action, ratings in rated.items() if not ratings]
    if unrated and not cited.why_none:
        yield Problem(where, f"{', '.join(unrated)}: no criterion rates it.", _NEEDS)
    if cited.why_none and not unrated:
        yield Problem(where, "no_criterion is not needed: every study is rated.")
    opposed = [a for a, rs in rated.items() if any(r.category == against for r in rs)]
    if opposed and not cited.why_against:
        words = against.replace("_", " ")
        what = f"{', '.join(opposed)} goes against its criterion: {words}."
        yield Problem(where, what, 'Say why: against_criteria = "…".')
    if cited.why_against and not opposed:
        yield Problem(where, "against_criteria is not needed: none goes against it.")
