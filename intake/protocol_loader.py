"""TOML in, checked protocol out.

Every problem of every file is collected and raised together, with file, entry and a
suggestion. What holds between entries is checked in `protocol_checks`.
"""

import hashlib
import keyword
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from intake import protocol_checks
from intake.errors import Problem, ProtocolError
from intake.expression import Expression, parse
from intake.protocol import (
    KINDS,
    Action,
    ActionKind,
    Against,
    Citation,
    Concern,
    Derivation,
    Evidence,
    Finding,
    Kind,
    Limits,
    NotSuggested,
    Protocol,
    Question,
    QuestionClass,
    RedFlag,
    Reviewer,
    Rule,
    ScopeLimit,
    Section,
    Source,
    Step,
    ThrustCaution,
    Tier,
)
from intake.protocol_terms import GRADE_SCALES
from intake.spelling import did_you_mean
from intake.toml_entry import Entry
from intake.units import UNITS
from intake.when_language import BUILT_INS, ExpressionError

DEFAULT_FOLDER = Path(__file__).parent / "protocols" / "upper_back_pain"
_TIERS = tuple(tier.code for tier in reversed(Tier))
_STATUS = ("proposed", "reviewed")
_STRENGTHS = ("strong", "moderate", "weak")
_VERIFIED = ("V", "V2", "C", "U", "P")
_READ = ("complete", "abstract", "excerpt", "secondary", "title")
_WHO = ("desk", "both", "clinician")
_STEPS = ("history", "examination", "results")
_CATEGORIES = (
    "cancer", "neurological", "infection", "bone", "vascular", "chest", "visceral",
    "rheumatic", "skin", "mechanical",
)  # fmt: skip
_ACTION_KINDS = (
    "call", "referral", "imaging", "laboratory", "care", "review", "advice",
)  # fmt: skip
_LONGEST_LABEL = 45
#: Names that mean something else in an expression.
_TAKEN = frozenset((*BUILT_INS, "age", "sex_at_birth"))


def default_protocol() -> Protocol:
    """Return the protocol that comes with the program."""
    return load_protocol(DEFAULT_FOLDER)


def load_protocol(folder: Path) -> Protocol:
    """Return the checked protocol of a folder.

    Raises:
        ProtocolError: with every problem found in any file.
    """
    loader = _Loader(folder)
    protocol = loader.load()
    if loader.problems:
        raise ProtocolError(loader.problems)
    return protocol


@dataclass
class _Loader:
    """Reads the files of one folder; `problems` grows as it goes."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    finding_names: set[str] = field(default_factory=set)
    digest: Any = field(default_factory=hashlib.sha256)

    def load(self) -> Protocol:
        head = self._file("protocol.toml")
        sections = self._sections(head)
        option_lists = self._option_lists()
        opens = self._questions(sections, option_lists)
        openers = self._list("openers.toml", "finding")
        facts = self._list("findings.toml", "finding")
        entries = [*openers, *facts]
        self._name_findings(entries)
        findings = {f.id: f for f in map(self._finding, entries)}
        for question, (text, where) in opens.items():
            expression = self._expression(text, where)
            self.questions[question] = replace(
                self.questions[question], opens=expression
            )
        actions = {
            a.id: a for a in map(self._action, self._list("actions.toml", "action"))
        }
        sources = {
            s.id: s for s in map(self._source, self._list("sources.toml", "source"))
        }
        protocol = Protocol(
            id=head.text("id"),
            version=head.text("version"),
            title=head.text("title"),
            status=head.one_of("status", _STATUS),
            digest="",
            effective=head.day("effective"),
            review_by=head.day("review_by"),
            reviewers=self._reviewers(head),
            sections=sections,
            questions=MappingProxyType(self.questions),
            findings=MappingProxyType(findings),
            red_flags=tuple(
                map(self._red_flag, self._list("red_flags.toml", "red_flag"))
            ),
            scope=tuple(map(self._scope, self._list("scope.toml", "scope"))),
            concerns=MappingProxyType(self._concerns()),
            thrust_cautions=tuple(
                map(self._thrust, self._list("manual_therapy.toml", "thrust"))
            ),
            not_suggested=tuple(
                map(
                    self._not_suggested,
                    self._list("not_suggested.toml", "not_suggested"),
                )
            ),
            actions=MappingProxyType(actions),
            sources=MappingProxyType(sources),
        )
        head.done()
        opener_names = {entry.text("id", "") for entry in openers}
        self.problems += protocol_checks.check(protocol, opener_names)
        return replace(protocol, digest=self.digest.hexdigest())

    # files

    def _file(self, name: str) -> Entry:
        """Return a file as one entry; a missing or unreadable one is a problem."""
        path = self.folder / name
        table: dict[str, Any] = {}
        try:
            content = path.read_bytes()
            self.digest.update(f"{name}\0{len(content)}\0".encode() + content)
            table = tomllib.loads(content.decode("utf-8-sig"))
        except FileNotFoundError:
            self.problems.append(Problem(name, "The file is missing."))
        except (OSError, UnicodeDecodeError) as error:
            what = getattr(error, "strerror", None) or "it is not UTF-8"
            self.problems.append(Problem(name, f"The file cannot be read: {what}."))
        except tomllib.TOMLDecodeError as error:
            self.problems.append(Problem(name, f"This is not TOML: {error}."))
        return Entry(table, name, self.problems)

    def _list(self, name: str, key: str) -> list[Entry]:
        """Return the `[[key]]` entries of a file, each named by its id."""
        file = self._file(name)
        entries = list(file.entries(key, _named(key)))
        file.done()
        seen: set[str] = set()
        for entry in entries:
            self._unique(entry, seen, key)
        return entries

    def _unique(self, entry: Entry, seen: set[str], what: str) -> None:
        identity = entry.raw("id")
        if not isinstance(identity, str):
            return
        if identity in seen:
            entry.problem(f"There is another {what} with this id.")
        seen.add(identity)

    # the form

    def _sections(self, head: Entry) -> tuple[Section, ...]:
        sections = []
        for entry in head.entries("section", _named("section")):
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

    def _option_lists(self) -> dict[str, dict[str, str]]:
        file = self._file("options.toml")
        return {name: self._options(file, name) for name in list(file.mapping_keys())}

    def _options(self, entry: Entry, key: str) -> dict[str, str]:
        options: dict[str, str] = {}
        for option, label in entry.mapping(key).items():
            if not isinstance(label, str) or not label.strip():
                entry.problem(f'Option "{option}" of {key} needs a label.')
            options[option] = str(label)
        return options

    def _questions(
        self, sections: tuple[Section, ...], lists: Mapping[str, dict[str, str]]
    ) -> dict[str, tuple[str, str]]:
        """Read the questions of all sections; return what opens them, by id."""
        opens: dict[str, tuple[str, str]] = {}
        seen: set[str] = set()
        for section in sections:
            name = f"questions/{section.id}.toml"
            file = self._file(name)
            for entry in file.entries("question", _named("question")):
                for one in _each(entry, self.problems):
                    self._unique(one, seen, "question")
                    question = self._question(one, section, lists)
                    self.questions[question.id] = question
                    if one.has("opens"):
                        opens[question.id] = (one.text("opens"), one.where)
                    one.done()
            file.done()
        return opens

    def _question(
        self, entry: Entry, section: Section, lists: Mapping[str, dict[str, str]]
    ) -> Question:
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
        )
        self._check_question(entry, question)
        return question

    def _question_options(
        self, entry: Entry, lists: Mapping[str, dict[str, str]]
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

    # expressions

    def _expression(self, text: str, where: str) -> Expression:
        try:
            return parse(text, self.questions, self.finding_names)
        except ExpressionError as error:
            self.problems.append(Problem(where, f"In the expression, {error}"))
        return _NEVER

    def _when(self, entry: Entry, key: str = "when") -> Expression:
        text = entry.text(key)
        return self._expression(text, entry.where) if text else _NEVER

    def _name_findings(self, entries: Collection[Entry]) -> None:
        for entry in entries:
            name = entry.text("id", "")
            if not name.isidentifier() or keyword.iskeyword(name) or name in _TAKEN:
                entry.problem(f'"{name}" cannot be the id of a finding.')
            elif name in self.finding_names:
                again = Problem(entry.where, "There is another finding with this id.")
                if again not in self.problems:
                    self.problems.append(again)
            self.finding_names.add(name)

    def _finding(self, entry: Entry) -> Finding:
        finding = Finding(
            entry.text("id"),
            self._when(entry),
            entry.text("label", ""),
            entry.text("note", ""),
        )
        entry.done()
        return finding

    def _red_flag(self, entry: Entry) -> RedFlag:
        flag = RedFlag(
            entry.text("id"),
            entry.text("label"),
            self._when(entry),
            self._when(entry, "also") if entry.has("also") else None,
        )
        entry.done()
        return flag

    def _scope(self, entry: Entry) -> ScopeLimit:
        limit = ScopeLimit(
            entry.text("id"),
            self._when(entry),
            entry.text("because"),
            self._steps(entry),
        )
        entry.text("note", "")
        entry.done()
        return limit

    # concerns and rules

    def _concerns(self) -> dict[str, Concern]:
        concerns = {}
        for path in sorted((self.folder / "concerns").glob("*.toml")):
            name = f"concerns/{path.name}"
            concern = self._concern(self._file(name))
            if concern.id and concern.id != path.stem:
                self.problems.append(
                    Problem(name, f'The id is "{concern.id}", the file "{path.stem}".')
                )
            concerns[concern.id] = concern
        if not concerns:
            what = "There is no concern: every patient would be at monitor."
            self.problems.append(Problem("concerns", what))
        return concerns

    def _concern(self, file: Entry) -> Concern:
        identity = file.text("id")
        concern = Concern(
            identity,
            file.text("title"),
            file.one_of("category", _CATEGORIES),
            file.one_of("thrust", ("blocked", "caution", "allowed")),
            file.text("manual_therapy", ""),
            tuple(
                self._rule(e, identity) for e in file.entries("rule", _named("rule"))
            ),
            tuple(map(self._evidence, file.entries("evidence", _numbered("evidence")))),
            tuple(map(self._against, file.entries("against", _numbered("against")))),
            file.texts("pertinent_negatives"),
        )
        file.text("note", "")
        file.done()
        return concern

    def _rule(self, entry: Entry, concern: str) -> Rule:
        tier = entry.one_of("tier", _TIERS)
        top = entry.one_of("never_above", _TIERS, "emergency_now")
        when = self._when(entry)
        unless = self._when(entry, "unless") if entry.has("unless") else None
        rule = Rule(
            id=entry.text("id"),
            concern=concern,
            when=when,
            tier=_tier(tier),
            strength=entry.one_of("strength", _STRENGTHS),
            because=entry.text("because"),
            steps=self._steps(entry),
            sources=self._citations(entry),
            status=entry.one_of("status", _STATUS),
            unless=unless,
            unless_because=entry.text("unless_because", ""),
            number=entry.text("number", ""),
            note=entry.text("note", ""),
            raises=self._raises(entry),
            never_above=_tier(top),
            reviewer=entry.text("reviewer", ""),
            reads_outcome=bool(when.built_ins()),
        )
        if unless and not rule.unless_because:
            entry.problem("unless_because is missing.")
        if rule.status == "reviewed" and not rule.reviewer:
            entry.problem("A reviewed rule needs its reviewer and date.")
        entry.done()
        return rule

    def _raises(self, entry: Entry) -> int:
        raises = entry.whole("raises", 0)
        if raises < 0:
            entry.problem("raises is below 0: nothing lowers a tier.")
        return raises

    def _steps(self, entry: Entry) -> tuple[Step, ...]:
        steps = []
        items = entry.raw("do")
        for item in items if isinstance(items, list) else []:
            match item:
                case str(action):
                    steps.append(Step(action))
                case {"id": str(action), "within_hours": int(hours), **rest} if (
                    not rest and hours is not True and hours > 0
                ):
                    steps.append(Step(action, hours))
                case _:
                    entry.problem(
                        "do holds something that is not an action.",
                        'Write "action.id" or { id = "action.id", within_hours = 24 }.',
                    )
        if not steps:
            entry.problem("do names no action.")
        return tuple(steps)

    def _citations(self, entry: Entry) -> tuple[Citation, ...]:
        citations = []
        # A figure says itself what it takes from a source; a rule has to be told.
        says = "" if entry.has("text") else None
        for one in entry.entries("sources", _numbered("source")):
            citations.append(
                Citation(
                    one.text("id"),
                    one.one_of("verified", _VERIFIED),
                    one.text("at", ""),
                    one.text("says", says),
                )
            )
            one.done()
        if not citations:
            entry.problem("There is no source.", "Cite one, or PROPOSAL for our own.")
        return tuple(citations)

    def _evidence(self, entry: Entry) -> Evidence:
        evidence = Evidence(
            entry.text("text"),
            entry.text("group"),
            entry.yes_no("low_back"),
            self._citations(entry),
        )
        entry.text("note", "")
        entry.done()
        return evidence

    def _against(self, entry: Entry) -> Against:
        against = Against(self._when(entry), entry.text("text"))
        entry.text("note", "")
        entry.done()
        return against

    def _thrust(self, entry: Entry) -> ThrustCaution:
        caution = ThrustCaution(
            entry.text("id"),
            self._when(entry),
            entry.one_of("effect", ("blocked", "caution")),
            entry.text("because"),
            entry.text("instead", ""),
            self._citations(entry),
            entry.one_of("status", _STATUS),
        )
        entry.text("note", "")
        entry.done()
        return caution

    def _not_suggested(self, entry: Entry) -> NotSuggested:
        entry.raw("id")
        not_suggested = NotSuggested(
            entry.text("action"),
            self._when(entry),
            entry.text("why"),
            self._citations(entry),
            entry.one_of("status", _STATUS),
        )
        entry.text("note", "")
        entry.done()
        return not_suggested

    def _action(self, entry: Entry) -> Action:
        identity = entry.text("id")
        kind, _, name = identity.partition(".")
        if kind not in _ACTION_KINDS or not name:
            hint = f"Begin with one of {', '.join(_ACTION_KINDS)} and a dot."
            entry.problem(f'"{identity}" does not say its kind.', hint)
        action = Action(
            identity,
            cast("ActionKind", kind),
            entry.text("label"),
            entry.text("text"),
            entry.one_of("status", _STATUS),
            entry.yes_no("cancer_referral"),
            entry.yes_no("anti_inflammatory"),
            entry.texts("covered_by"),
            entry.text("note", ""),
        )
        entry.done()
        return action

    def _source(self, entry: Entry) -> Source:
        source = Source(
            entry.text("id"),
            entry.text("title"),
            entry.whole("year"),
            entry.one_of("read", _READ),
            entry.text("organisation", ""),
            entry.text("url", ""),
            entry.text("doi", ""),
            entry.yes_no("low_back"),
            entry.text("note", ""),
            entry.optional_day("checked"),
        )
        entry.done()
        return source

    def _reviewers(self, head: Entry) -> tuple[Reviewer, ...]:
        reviewers = []
        for entry in head.entries("reviewers", _numbered("reviewer")):
            reviewers.append(
                Reviewer(entry.text("name"), entry.text("licence"), entry.day("date"))
            )
            entry.done()
        return tuple(reviewers)


def _tier(code: str) -> Tier:
    return Tier.from_code(code) if code in _TIERS else Tier.MONITOR


def _named(kind: str) -> Callable[[int, Any], str]:
    return lambda number, table: f"{kind} {table.get('id', number)}"


def _numbered(kind: str) -> Callable[[int, Any], str]:
    return lambda number, _table: f"{kind} {number}"


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


_NEVER = parse("at_least(1, nothing_above_monitor)", {}, ())
