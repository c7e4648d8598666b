"""What one key confirms: a section, a quiet row of red flags, or a single answer.

Red flags go one by one. Only a row in which nothing stands out takes one key; a row
with a yes, a gap or an "unsure" falls apart into its answers. The rows and what makes
them quiet are data of the protocol (`confirm_rows.toml`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from intake.answer_words import answer_in_words
from intake.confirmations import Entered
from intake.deduction import Deduction
from intake.facts import Facts
from intake.protocol import ConfirmRow, Protocol, Question
from intake.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Unit:
    """What one key confirms. `is_red_flag` tells a row, or an answer of one."""

    title: str
    answers: tuple[Entered, ...]
    is_red_flag: bool


def units(
    protocol: Protocol,
    facts: Facts,
    visibility: Visibility,
    marked: Mapping[str, Entered],
) -> tuple[Unit, ...]:
    """Return what is to be confirmed, red flags first, in the order of their rows.

    Args:
        protocol: says which question belongs to which row.
        facts: of the answers as they are.
        visibility: which questions are open or hidden; hidden answers wait for nothing.
        marked: the answers that nobody has confirmed, by question.
    """
    here = {q: one for q, one in marked.items() if q not in visibility.hidden}
    return (*_rows(protocol, facts, visibility, here), *_sections(protocol, here))


def stands_out(question: Question, answer: Entered) -> bool:
    """Return whether an answer is anything else than no, none or never."""
    value = answer.value
    if question.sided and isinstance(value, dict):
        return any(side != "no" for side in value.values())
    none = question.none_option or "none"
    return value not in ("no", "none", "never", [], [none])


def _rows(
    protocol: Protocol,
    facts: Facts,
    visibility: Visibility,
    marked: Mapping[str, Entered],
) -> Iterator[Unit]:
    quiet = _quiet_rows(protocol, facts, visibility)
    for row in protocol.confirm_rows:
        members = [q for q in protocol.questions.values() if q.confirm_row == row.id]
        answers = tuple(marked[q.id] for q in members if q.id in marked)
        if not answers:
            continue
        if quiet[row.id] and _is_plain(row, members, facts, visibility):
            yield Unit(row.label, answers, is_red_flag=True)
        else:
            for one in answers:
                yield Unit(row.label, (one,), is_red_flag=True)


def _quiet_rows(
    protocol: Protocol, facts: Facts, visibility: Visibility
) -> dict[str, bool]:
    """Return of each row whether its own condition leaves it quiet.

    It does where it holds, and where it cannot be told only for want of questions that
    nobody had a reason to ask.
    """
    deduction = Deduction(protocol.confirming, facts)
    is_open = frozenset(visibility.open)
    found = {row.id: True for row in protocol.confirm_rows}
    told = [row.id for row in protocol.confirm_rows if row.quiet]
    for row, claim in zip(told, protocol.confirming.claims, strict=True):
        value = deduction.values((claim,))[0]
        if value is None:
            value = is_open.isdisjoint(deduction.undecided(claim, facts))
        found[row] = value
    return found


def _is_plain(
    row: ConfirmRow, members: list[Question], facts: Facts, visibility: Visibility
) -> bool:
    judged = row.quiet.questions() if row.quiet else frozenset()
    for question in members:
        answer = facts.answers.get(question.id)
        if answer is None:
            if question.id in visibility.missing:
                return False
            continue
        sides = answer.values() if question.sided else [answer]
        if any(_is_unsure(side) for side in sides):
            return False
        is_judged = question.kind != "flag" or question.id in judged
        if not is_judged and any(side != "no" for side in sides):
            return False
    return True


def _is_unsure(answer: object) -> bool:
    return answer == "unsure" or (isinstance(answer, list) and "unsure" in answer)


def _sections(protocol: Protocol, marked: Mapping[str, Entered]) -> Iterator[Unit]:
    for section in protocol.sections:
        asked = [q for q in protocol.by_section[section.id] if not q.confirm_row]
        mine = [q for q in asked if q.id in marked]
        if mine:
            # What is not no comes first, in the order of the form.
            mine.sort(key=lambda q: not stands_out(q, marked[q.id]))
            answers = tuple(marked[q.id] for q in mine)
            yield Unit(section.title, answers, is_red_flag=False)


def unit_words(protocol: Protocol, unit: Unit) -> tuple[list[str], list[str]]:
    """Return a unit's answers in words: those that stand out, and the others."""
    loud, quiet = list[str](), list[str]()
    for one in unit.answers:
        question = protocol.questions[one.question]
        words = f"{question.label}: {answer_in_words(question, one.value)}"
        (loud if stands_out(question, one) else quiet).append(words)
    return loud, quiet
