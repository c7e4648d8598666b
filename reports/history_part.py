"""What the patient told: pain with its chart, red flags in four states, sections.

A negative stands here only where it was recorded. What is in view and was not asked is
named as such.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from intake.protocol import Question, RedFlag
from reports.content import (
    Block,
    Bullets,
    Chart,
    Columns,
    Heading,
    Paragraph,
    Run,
    Table,
    Text,
    labelled,
    strong,
    text,
)
from reports.record_view import RecordView
from reports.wording import (
    DECLINED,
    NOT_ASKED,
    NOT_KNOWN,
    Standing,
    in_sentence,
    label_of,
    without_stop,
)

_STATES = {
    "present": strong("PRESENT"),
    "absent": Run("absent"),
    "unsure": Run(NOT_KNOWN),
    "not_asked": Run(NOT_ASKED),
}


class Heads(NamedTuple):
    """What stands in front of negatives, and of what nobody asked."""

    no: str
    blank: str


ASKED = Heads("Answered no", "Not asked")
EXAMINED = Heads("No", "Not examined")
_PAIN = "pain."
#: Said elsewhere in the document.
_ELSEWHERE = frozenset(
    {"reason.in_patients_words", "history.given_by", "history.reliability", "pain.map"}
)
#: Beside the chart, in the order in which they are read.
_BESIDE_CHART = (
    "pain.sites", "pain.main_site", "pain.side", "pain.levels", "pain.radiates_to",
    "pain.duration", "pain.onset", "pain.now", "pain.quality", "pain.pattern",
    "pain.course", "pain.wakes_at_night", "pain.worse_with", "pain.eased_by",
)  # fmt: skip


def reason_blocks(view: RecordView) -> list[Block]:
    """Return what brings the patient, in the patient's own words."""
    reason = view.values.get("reason.in_patients_words")
    words = f"“{reason}”" if reason else f"In the patient's words: {NOT_ASKED}."
    return [Paragraph(labelled("Reason for the visit", words))]


def pain_blocks(view: RecordView) -> list[Block]:
    """Return the pain, with the body chart drawn and in words."""
    beside = [q for q in _BESIDE_CHART if q in view.protocol_questions]
    shown = [q for q in beside if view.has(q)]
    blank = [in_sentence(view.label(q)) for q in beside if view.is_open(q)]
    items = [labelled(view.label(q), view.words(q)) for q in shown]
    if blank:
        items.append(labelled("Not asked", "; ".join(blank)))
    facts: tuple[Block, ...] = (
        Paragraph(labelled("Body chart", marks_in_words(view))),
        Bullets(tuple(items)),
    )
    blocks: list[Block] = [Heading("Pain")]
    if view.marks:
        blocks.append(Columns((Chart(tuple(view.marks)),), facts, 0.61))
    else:
        blocks += facts
    rest = [
        question
        for name, question in view.protocol_questions.items()
        if name.startswith(_PAIN) and name not in _ELSEWHERE and name not in beside
    ]
    return blocks + run_in("Also", said_lines(view, rest))


def marks_in_words(view: RecordView) -> str:
    """Return the marks on the body chart in words, with their numbers."""
    marks = view.marks_in_words
    if not marks:
        return "no mark" if view.has("pain.map") else NOT_ASKED
    return "; ".join(f"({number}) {mark}" for number, mark in enumerate(marks, 1))


def red_flag_blocks(view: RecordView) -> list[Block]:
    """Return the table of red flags, each in one of four states."""
    assessment = view.record.assessment
    rows = tuple(
        (
            text(flag.label),
            text(_STATES[assessment.red_flags.get(flag.id, "not_asked")]),
            text(_basis(view, flag)),
        )
        for flag in assessment.protocol.red_flags
    )
    table = Table(("Red flag", "State", "What it rests on"), rows, (0.36, 0.16, 0.48))
    return [Heading("Red flags"), table]


def _basis(view: RecordView, flag: RedFlag) -> str:
    """Return the answers that made a row what it is, or those that are missing."""
    state = view.record.assessment.red_flags.get(flag.id, "not_asked")
    conditions = [flag.when.condition] + ([flag.also.condition] if flag.also else [])
    if state == "present":
        true = [c for c in conditions if c.value(view.facts) is True]
        found = frozenset().union(*(c.support(view.facts) for c in true))
        return view.all_said(q for q in view.values if q in found)
    if state == "absent":
        read = view.read_by(flag.when)
        negative = [q for q in view.values if q in read]
        return _all_negative(view, negative)
    missing = flag.when.condition.undecided(view.facts)
    names = [q for q in view.protocol_questions if q in missing]
    if state == "not_asked":
        return "; ".join(in_sentence(view.label(q)) for q in names)
    return "; ".join(f"{in_sentence(view.label(q))} ({view.words(q)})" for q in names)


def _all_negative(view: RecordView, questions: Sequence[str]) -> str:
    """Return negatives, those with two sides first: "no" and both sides said once."""
    both, others = [], []
    for question in questions:
        words = view.words(question)
        label = in_sentence(view.label(question))
        if words == "LEFT and RIGHT no":
            both.append(label)
        else:
            others.append(f"{label} {words}" if words == "no" else f"{label}: {words}")
    sided = [f"LEFT and RIGHT no {' or '.join(both)}"] if both else []
    return "; ".join([*sided, *others])


def history_blocks(view: RecordView) -> list[Block]:
    """Return the other sections of the history, one paragraph each."""
    blocks: list[Block] = [Heading("History")]
    for section in view.record.assessment.protocol.sections:
        if section.step != "history":
            continue
        questions = [
            question
            for question in view.record.assessment.protocol.by_section[section.id]
            if not question.id.startswith(_PAIN) and question.id not in _ELSEWHERE
        ]
        blocks += run_in(section.title, said_lines(view, questions))
    aside = set_aside(view)
    return blocks + ([Paragraph(aside)] if aside else [])


def run_in(title: str, lines: Sequence[Text]) -> list[Block]:
    """Return lines as one paragraph that begins with its title."""
    if not lines:
        return []
    runs = [run for line in lines for run in (Run(" "), *line)]
    return [Paragraph(text(strong(f"{title.upper()}."), *runs))]


def said_lines(
    view: RecordView, questions: Sequence[Question], heads: Heads = ASKED
) -> list[Text]:
    """Return one line for each of the four states that occurs."""
    by_standing: dict[Standing | None, list[Question]] = {}
    for question in questions:
        by_standing.setdefault(view.standing(question.id), []).append(question)
    lines = [
        found_line(view, by_standing.get(Standing.FOUND, ())),
        *_negative(view, by_standing.get(Standing.NEGATIVE, ()), heads),
        *_unknown(view, by_standing.get(Standing.UNKNOWN, ())),
        _not_asked(view, by_standing.get(None, ()), heads),
    ]
    return [line for line in lines if line]


def found_line(view: RecordView, questions: Iterable[Question]) -> Text:
    """Return findings as ``Label: answer; …``."""
    runs: list[Run] = []
    for question in questions:
        runs += [
            Run("; " if runs else ""),
            strong(f"{label_of(question)}: "),
            Run(without_stop(view.words(question.id))),
        ]
    return text(*runs, ".") if runs else ()


def _negative(
    view: RecordView, questions: Iterable[Question], heads: Heads
) -> list[Text]:
    """Return flags answered no, then what was none or normal."""
    flags, others = [], []
    for question in questions:
        label = in_sentence(label_of(question))
        words = view.words(question.id)
        if question.kind == "flag":
            flags.append(label if words == "no" else f"{label} ({_sides(words)})")
        else:
            others.append(f"{label}: {words}")
    lines = []
    if flags:
        lines.append(labelled(heads.no, f"{'; '.join(flags)}."))
    if others:
        lines.append(labelled("None or normal", f"{'; '.join(others)}."))
    return lines


def _sides(words: str) -> str:
    """Return ``LEFT and RIGHT``: "no" is said once, in front of the list."""
    return words.replace("LEFT and RIGHT no", "LEFT and RIGHT")


def _unknown(view: RecordView, questions: Iterable[Question]) -> list[Text]:
    known: dict[str, list[str]] = {NOT_KNOWN: [], DECLINED: []}
    for question in questions:
        words = view.words(question.id)
        label = in_sentence(label_of(question))
        if words in known:
            known[words].append(label)
        else:
            known[NOT_KNOWN].append(f"{label} ({words})")
    return [
        labelled(words.capitalize(), f"{'; '.join(labels)}.")
        for words, labels in known.items()
        if labels
    ]


def _not_asked(view: RecordView, questions: Iterable[Question], heads: Heads) -> Text:
    """Return the questions in view that were not asked; what never opened is silent."""
    labels = [in_sentence(label_of(q)) for q in questions if view.is_open(q.id)]
    return labelled(heads.blank, "; ".join(labels) + ".") if labels else ()


def set_aside(view: RecordView) -> Text:
    """Return answers that are kept but count for nothing now, and why."""
    hidden = [
        q
        for q in view.record.answers
        if q in view.record.assessment.hidden and q in view.protocol_questions
    ]
    if not hidden:
        return ()
    names = "; ".join(in_sentence(view.label(q)) for q in hidden)
    return labelled(
        "Set aside, since the answer they depend on excludes them now", f"{names}."
    )
