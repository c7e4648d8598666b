"""What was examined and measured, LEFT beside RIGHT, and results that came back."""

from collections.abc import Mapping, Sequence

from intake.answers import Value
from intake.protocol import Question, Section
from intake.units import UNITS
from reports.content import (
    Block,
    Columns,
    Heading,
    Paragraph,
    Table,
    Text,
    labelled,
)
from reports.examination_sides import (
    in_table,
    not_examined_line,
    sided_tables,
)
from reports.history_part import EXAMINED, run_in, said_lines
from reports.record_view import RecordView
from reports.wording import (
    date_words,
    in_sentence,
    is_not_done,
    label_of,
)

#: More rows than this do not fit beside others on a page.
_MOST_ROWS_BESIDE = 14


def examination_blocks(view: RecordView) -> list[Block]:
    """Return the examination, section by section, with its tables of two sides."""
    blocks: list[Block] = [Heading("Examination")]
    for section in view.record.assessment.protocol.sections:
        if section.step == "examination":
            blocks += run_in(section.title, _section_lines(view, section))
    blocks += _side_by_side(sided_tables(view))
    blank = not_examined_line(view)
    return blocks + ([Paragraph(blank)] if blank else [])


def unsided_questions(view: RecordView) -> list[Question]:
    """Return the questions of the examination that have no place in a table."""
    protocol = view.record.assessment.protocol
    return [
        question
        for section in protocol.sections
        if section.step == "examination"
        for question in protocol.by_section[section.id]
        if not in_table(question)
    ]


def _section_lines(view: RecordView, section: Section) -> list[Text]:
    questions = view.record.assessment.protocol.by_section[section.id]
    plain = [q for q in questions if not in_table(q)]
    not_done = [
        q for q in plain if view.has(q.id) and is_not_done(q, view.values[q.id])
    ]
    lines = said_lines(view, [q for q in plain if q not in not_done], EXAMINED)
    if not_done:
        names = "; ".join(in_sentence(label_of(q)) for q in not_done)
        lines.append(labelled("Not done", f"{names}."))
    return lines


def _side_by_side(tables: Sequence[Table]) -> list[Block]:
    """Put two tables beside each other where both are short enough."""
    blocks: list[Block] = []
    waiting: list[Table] = []
    for table in tables:
        if len(table.rows) > _MOST_ROWS_BESIDE:
            blocks.append(table)
            continue
        waiting.append(table)
        if len(waiting) == 2:
            blocks.append(Columns((waiting[0],), (waiting[1],)))
            waiting.clear()
    if waiting:
        blocks.append(Columns((waiting[0],), ()))
    return blocks


def results_blocks(view: RecordView) -> list[Block]:
    """Return results with their dates and limits; nothing where none came back."""
    lines = result_lines(view)
    if not lines:
        return []
    return [Heading("Results"), *(Paragraph(line) for line in lines)]


def result_lines(view: RecordView) -> list[Text]:
    """Return one line for each result: value, limits, date."""
    lines = []
    for question, value in view.values.items():
        if not question.startswith("result.") or question.startswith("result.dates."):
            continue
        name = question.removeprefix("result.")
        words = view.words(question) + _own_limits(view, question, value)
        dated = view.values.get(f"result.dates.{name}")
        if name != "report_note":
            words += f", {date_words(dated)}" if dated else ", date not recorded"
        lines.append(labelled(view.label(question), f"{words}."))
    return lines


def _own_limits(view: RecordView, question: str, value: Value) -> str:
    """Return the program's limits where the laboratory gave none, marked as such."""
    limits = view.protocol_questions[question].limits
    if limits is None or not isinstance(value, Mapping) or {"low", "high"} & set(value):
        return ""
    low, high = (
        "" if limit is None else f"{word} {limit:g} "
        for word, limit in (("from", limits.low), ("up to", limits.high))
    )
    return f" (program's limits, unverified: {low}{high}{UNITS[limits.unit].name})"
