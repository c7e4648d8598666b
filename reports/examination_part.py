"""What was examined and measured, LEFT beside RIGHT, and results that came back."""

from collections.abc import Iterable, Mapping, Sequence

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
    text,
)
from reports.history_part import EXAMINED, run_in, said_lines
from reports.record_view import RecordView
from reports.wording import (
    date_words,
    in_sentence,
    is_not_done,
    label_of,
    side_words,
)

_REFLEXES = (
    "exam.reflex.", "exam.plantar", "exam.clonus", "exam.hoffmann",
    "exam.inverted_supinator",
)  # fmt: skip
#: The tables with two sides: title, and how the ids of their questions begin.
_TABLES: Sequence[tuple[str, tuple[str, ...]]] = (
    ("Strength", ("exam.strength.",)),
    ("Reflexes", _REFLEXES),
    ("Sensation", ("exam.sensation.",)),
    ("Range of motion", ("exam.rom.",)),
)
_SENSATION = "exam.sensation."
#: More rows than this do not fit beside others on a page.
_MOST_ROWS_BESIDE = 14
_SHARES = (0.46, 0.27, 0.27)


def examination_blocks(view: RecordView) -> list[Block]:
    """Return the examination, section by section, with its tables of two sides."""
    blocks: list[Block] = [Heading("Examination")]
    for section in view.record.assessment.protocol.sections:
        if section.step == "examination":
            blocks += run_in(section.title, _section_lines(view, section))
    blocks += _side_by_side(sided_tables(view))
    blank = _not_examined(view)
    return blocks + ([Paragraph(blank)] if blank else [])


def _not_examined(view: RecordView) -> Text:
    """Return what has its place in a table, is in view, and was left blank."""
    waiting = {a.question for a in view.record.assessment.ask_next if a.is_open}
    parts = []
    for title, starts in _TABLES:
        places = [
            q
            for q in view.protocol_questions.values()
            if in_table(q) and q.id.startswith(starts)
        ]
        blank = [q.id in waiting and not view.has(q.id) for q in places]
        if any(blank):
            parts.append(f"{title.lower()}: {', '.join(_runs(places, blank))}")
    return labelled("Not examined", f"{'; '.join(parts)}.") if parts else ()


def _runs(places: Sequence[Question], blank: Sequence[bool]) -> Iterable[str]:
    """Yield places left blank; neighbors in the sensation table as ``T2 to T12``."""
    run: list[Question] = []
    for place, is_blank in (*zip(places, blank, strict=True), (None, False)):
        if is_blank and place is not None:
            run.append(place)
        elif run:
            names = [_place(question) for question in run]
            short = len(names) > 2 and run[0].id.startswith(_SENSATION)
            yield from [f"{names[0]} to {names[-1]}"] if short else names
            run = []


def _place(question: Question) -> str:
    """Return the row's name: the dermatome alone, or the movement or reflex."""
    if question.id.startswith(_SENSATION):
        return question.id.removeprefix(_SENSATION)
    return in_sentence(label_of(question))


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


def sided_lines(view: RecordView) -> list[Text]:
    """Return the tables of two sides as lines, for a letter that has no room."""
    lines = []
    for table in sided_tables(view):
        rows = [
            "".join(run.text for cell in row[:1] for run in cell) for row in table.rows
        ]
        values = [tuple(cell[0].text for cell in row[1:]) for row in table.rows]
        grouped: dict[tuple[str, ...], list[str]] = {}
        for place, sides in zip(rows, values, strict=True):
            grouped.setdefault(sides, []).append(in_sentence(place))
        said = [
            f"{', '.join(places)} {_both(*sides)}" for sides, places in grouped.items()
        ]
        lines.append(labelled(table.head[0], f"{'; '.join(said)}."))
    return lines


def _both(left: str, right: str) -> str:
    if left == right:
        return f"LEFT and RIGHT {in_sentence(left)}"
    return f"LEFT {in_sentence(left)}, RIGHT {in_sentence(right)}"


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


def in_table(question: Question) -> bool:
    """Return whether a question has its place in a table with two sides."""
    return question.sided and any(
        question.id.startswith(start) for _, starts in _TABLES for start in starts
    )


def sided_tables(view: RecordView) -> list[Table]:
    """Return the tables of two sides that hold at least one answer."""
    tables = []
    for title, starts in _TABLES:
        asked = [
            (question, view.values[question.id])
            for question in view.protocol_questions.values()
            if in_table(question)
            and question.id.startswith(starts)
            and question.id in view.values
        ]
        if asked:
            rows = tuple(_rows(asked))
            tables.append(Table((title, "LEFT", "RIGHT"), rows, _SHARES))
    return tables


def _rows(asked: Iterable[tuple[Question, Value]]) -> Iterable[tuple[Text, ...]]:
    """Yield the rows; neighboring places that feel the same share one."""
    rows: list[tuple[list[str], str, str]] = []
    for question, value in asked:
        left, right = (side_words(question, value, side) for side in ("left", "right"))
        place = label_of(question)
        if question.id.startswith(_SENSATION):
            place = _place(question)
            if rows and rows[-1][1:] == (left, right):
                rows[-1][0].append(place)
                continue
        rows.append(([place], left, right))
    for places, left, right in rows:
        yield text(", ".join(places)), text(left), text(right)


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
