"""What is examined on both sides: as tables, LEFT beside RIGHT, and as lines."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from intake.protocol import Question
from reports.content import Table, Text, labelled, text
from reports.record_view import RecordView
from reports.wording import in_sentence, label_of, side_words

_REFLEXES: Final = (
    "exam.reflex.", "exam.plantar", "exam.clonus", "exam.hoffmann",
    "exam.inverted_supinator",
)  # fmt: skip
#: The tables with two sides: title, and how the ids of their questions begin.
_TABLES: Final[Sequence[tuple[str, tuple[str, ...]]]] = (
    ("Strength", ("exam.strength.",)),
    ("Reflexes", _REFLEXES),
    ("Sensation", ("exam.sensation.",)),
    ("Range of motion", ("exam.rom.",)),
)
_SENSATION: Final = "exam.sensation."
_SADDLE: Final = "exam.sensation.saddle"
_SHARES: Final = (0.46, 0.27, 0.27)


@dataclass(frozen=True, slots=True)
class _Row:
    """Places that were found alike, and what was found."""

    places: tuple[Question, ...]
    left: str
    right: str


def in_table(question: Question) -> bool:
    """Return whether a question has its place in a table with two sides."""
    return question.sided and any(
        question.id.startswith(start) for _, starts in _TABLES for start in starts
    )


def sided_tables(view: RecordView) -> list[Table]:
    """Return the tables of two sides that hold at least one answer."""
    tables = []
    for title, starts in _TABLES:
        rows = tuple(
            (text(_named(view, row.places)), text(row.left), text(row.right))
            for row in _rows(view, starts, view.values)
        )
        if rows:
            tables.append(Table((title, "LEFT", "RIGHT"), rows, _SHARES))
    return tables


def sided_lines(view: RecordView, only: Collection[str] | None = None) -> list[Text]:
    """Return the same as lines, for where a table has no room; like beside like."""
    wanted = view.values if only is None else only
    lines = []
    for title, starts in _TABLES:
        alike: dict[tuple[str, str], list[Question]] = {}
        for row in _rows(view, starts, wanted):
            alike.setdefault((row.left, row.right), []).extend(row.places)
        said = [
            f"{in_sentence(_named(view, places))} {_both(*sides)}"
            for sides, places in alike.items()
        ]
        if said:
            lines.append(labelled(title, f"{'; '.join(said)}."))
    return lines


def said_with_sides(view: RecordView, questions: Collection[str]) -> str:
    """Return answers one after the other, those of the tables put together."""
    plain = [q for q in questions if not in_table(view.protocol_questions[q])]
    lines = [
        in_sentence("".join(run.text for run in line)).removesuffix(".")
        for line in sided_lines(view, questions)
    ]
    return "; ".join(part for part in (view.all_said(plain), *lines) if part)


def not_examined_line(view: RecordView) -> Text:
    """Return what has its place in a table, is in view, and was left blank."""
    waiting = {a.question for a in view.record.assessment.ask_next if a.is_open}
    parts = []
    for title, starts in _TABLES:
        blank = [
            q for q in _places(view, starts) if q.id in waiting and not view.has(q.id)
        ]
        if blank:
            parts.append(f"{title.lower()}: {in_sentence(_named(view, blank))}")
    return labelled("Not examined", f"{'; '.join(parts)}.") if parts else ()


def _places(view: RecordView, starts: tuple[str, ...]) -> Iterator[Question]:
    return (
        question
        for question in view.protocol_questions.values()
        if in_table(question) and question.id.startswith(starts)
    )


def _rows(
    view: RecordView, starts: tuple[str, ...], wanted: Collection[str]
) -> Iterable[_Row]:
    """Return the rows of a table; dermatomes that follow each other may share one."""
    rows: list[_Row] = []
    for question in _places(view, starts):
        if question.id not in wanted or not view.has(question.id):
            continue
        value = view.values[question.id]
        row = _Row(
            (question,),
            side_words(question, value, "left"),
            side_words(question, value, "right"),
        )
        before = rows[-1] if rows and question.id.startswith(_SENSATION) else None
        if before and (before.left, before.right) == (row.left, row.right):
            rows[-1] = _Row((*before.places, question), row.left, row.right)
        else:
            rows.append(row)
    return rows


def _named(view: RecordView, places: Sequence[Question]) -> str:
    """Return places by name; dermatomes without a gap as ``T2 to T12``."""
    if not places[0].id.startswith(_SENSATION):
        first, *others = (label_of(place) for place in places)
        return ", ".join([first, *map(in_sentence, others)])
    order = [question.id for question in _places(view, (_SENSATION,))]
    runs: list[list[str]] = []
    for place in places:
        name = place.id
        follows = runs and order.index(name) == order.index(runs[-1][-1]) + 1
        if follows and name != _SADDLE:
            runs[-1].append(name)
        else:
            runs.append([name])
    return ", ".join(part for run in runs for part in _shortened(run))


def _shortened(run: Sequence[str]) -> list[str]:
    names = [name.removeprefix(_SENSATION) for name in run]
    return [f"{names[0]} to {names[-1]}"] if len(names) > 2 else names


def _both(left: str, right: str) -> str:
    if left == right:
        return f"LEFT and RIGHT {in_sentence(left)}"
    return f"LEFT {in_sentence(left)}, RIGHT {in_sentence(right)}"
