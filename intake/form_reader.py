"""Read the form of a protocol: sections, lists of options, questions."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import cast

from intake.code_reader import CodeReader
from intake.errors import Problem
from intake.protocol import (
    KINDS,
    Derivation,
    Kind,
    Limits,
    Question,
    QuestionClass,
    Section,
)
from intake.protocol_files import ProtocolFiles, named
from intake.protocol_terms import GRADE_SCALES
from intake.spelling import did_you_mean
from intake.toml_entry import Entry
from intake.units import UNITS

_WHO = ("desk", "both", "clinician")
_STEPS = ("history", "examination", "results")
_LONGEST_LABEL = 45
OptionLists = Mapping[str, dict[str, str]]


class FormReader:
    """Reads the questions of all sections.

    What opens a question is left as text, with its place: it may use findings, and
    those are read later.
    """

    def __init__(self, files: ProtocolFiles, codes: CodeReader) -> None:
        """Read from the files of one folder, with its codes."""
        self._files = files
        self._codes = codes
        self.questions: dict[str, Question] = {}
        self.opens: dict[str, tuple[str, str]] = {}

    def read(self, head: Entry) -> tuple[Section, ...]:
        """Read the sections that `protocol.toml` names; return them."""
        sections = self._sections(head)
        self._read_questions(sections, self._option_lists())
        return sections

    def _sections(self, head: Entry) -> tuple[Section, ...]:
        sections = []
        for entry in head.entries("section", named("section")):
            sections.append(
                Section(
                    entry.text("id"),
                    entry.text("title"),
                    entry.one_of("step", _STEPS),
                    entry.one_of("who", ("desk", "clinician")),
                )
            )
            entry.done()
        return tuple(sections)

    def _option_lists(self) -> OptionLists:
        file = self._files.file("options.toml")
        return {name: self._options(file, name) for name in list(file.mapping_keys())}

    def _options(self, entry: Entry, key: str) -> dict[str, str]:
        options: dict[str, str] = {}
        for option, label in entry.mapping(key).items():
            if not isinstance(label, str) or not label.strip():
                entry.problem(f'Option "{option}" of {key} needs a label.')
            options[option] = str(label)
        return options

    def _read_questions(
        self, sections: tuple[Section, ...], lists: OptionLists
    ) -> None:
        seen: set[str] = set()
        for section in sections:
            file = self._files.file(f"questions/{section.id}.toml")
            for entry in file.entries("question", named("question")):
                for one in _each(entry, self._files.problems):
                    self._files.note_twin(one, seen, "question")
                    question = self._question(one, section, lists)
                    self.questions[question.id] = question
                    if one.has("opens"):
                        self.opens[question.id] = (one.text("opens"), one.where)
                    one.done()
            file.done()

    def _question(self, entry: Entry, section: Section, lists: OptionLists) -> Question:
        entry.raw("opens")
        kind = cast("Kind", entry.one_of("kind", KINDS))
        units = entry.texts("units")
        for unit in units:
            if unit not in UNITS:
                entry.problem(f'Unit "{unit}" is not known.', did_you_mean(unit, UNITS))
        question = Question(
            id=entry.text("id"),
            kind=kind,
            section=section.id,
            question_class=cast(
                "QuestionClass", entry.one_of("class", ("core", "detail", "extra"))
            ),
            label=entry.text("label"),
            who=entry.one_of("who", _WHO),
            help=entry.text("help", ""),
            by_hand=entry.text("by_hand", ""),
            sided=entry.yes_no("sided"),
            private=entry.yes_no("private"),
            red_flag=entry.yes_no("red_flag"),
            child=entry.yes_no("child"),
            options=self._question_options(entry, lists),
            none_option=entry.text("none_option", ""),
            scale=entry.one_of("scale", tuple(GRADE_SCALES), "strength")
            if entry.has("scale")
            else "",
            units=tuple(unit for unit in units if unit in UNITS),
            plausible=entry.pair("plausible"),
            possible=entry.pair("possible"),
            derive=self._derivation(entry),
            limits=self._limits(entry),
            molar_mass=entry.number("molar_mass"),
            confirm_row=entry.text("confirm_row", ""),
            may_stay_blank=entry.yes_no("may_stay_blank"),
            answered_by=entry.texts("answered_by"),
            codes=self._codes.of(entry),
        )
        self._check_question(entry, question)
        return question

    def _question_options(
        self, entry: Entry, lists: OptionLists
    ) -> Mapping[str, str] | None:
        match entry.raw("options"):
            case None:
                return None
            case str(name) if name in lists:
                return MappingProxyType(lists[name])
            case str(name):
                hint = did_you_mean(name, lists)
                entry.problem(f'There is no list "{name}" in options.toml.', hint)
                return None
        return MappingProxyType(self._options(entry, "options"))

    def _derivation(self, entry: Entry) -> Derivation | None:
        table = entry.table("derive")
        if table is None:
            return None
        by = table.number("by")
        derivation = Derivation(
            table.text("since", ""),
            table.texts("product"),
            1.0 if by is None else by,
        )
        table.done()
        return derivation

    def _limits(self, entry: Entry) -> Limits | None:
        table = entry.table("limits")
        if table is None:
            return None
        limits = Limits(
            table.one_of("unit", UNITS), table.number("low"), table.number("high")
        )
        table.done()
        return limits

    def _check_question(self, entry: Entry, question: Question) -> None:
        if len(question.label) > _LONGEST_LABEL:
            entry.problem(f"The label has more than {_LONGEST_LABEL} characters.")
        takes_options = question.kind in ("choice", "choices")
        if takes_options and not question.options:
            entry.problem(f"A {question.kind} needs options.")
        if question.none_option and question.none_option not in (
            question.options or {}
        ):
            hint = did_you_mean(question.none_option, question.options or {})
            entry.problem(f'none_option "{question.none_option}" is no option.', hint)
        if question.kind in ("number", "pair") and not question.units:
            entry.problem(f"A {question.kind} needs units.")
        if question.kind == "grade" and not question.scale:
            entry.problem(
                "A grade needs a scale.", 'Add scale = "strength" or "reflex".'
            )
        if question.child and not entry.has("opens"):
            entry.problem("A true child needs opens: its parent.")


def _each(entry: Entry, problems: list[Problem]) -> Iterator[Entry]:
    """Yield the entry, or one for each name of its `each` list."""
    names = entry.texts("each")
    if not names:
        yield entry
        return
    for name in names:
        table = {
            key: value.replace("{each}", name) if isinstance(value, str) else value
            for key, value in entry.items()
            if key != "each"
        }
        yield Entry(table, entry.where.replace("{each}", name), problems)
