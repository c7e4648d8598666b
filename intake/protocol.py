"""What a clinical protocol is made of: frozen definitions, checked when loaded.

The protocol is data (`protocols/`); `protocol_loader` reads it. Nothing here knows a
disease. `docs/protocol-format.md` describes each entry for those who write them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import Literal, get_args

from intake.codes import Code, CodeSystem
from intake.conditions import Condition
from intake.expression import Expression
from intake.imaging_criteria import NO_CRITERIA, CriteriaCited, ImagingCriteria
from intake.network import Network
from intake.source_attributes import SourceAttributes


class Tier(IntEnum):
    """How urgent; a higher number is more urgent. There is no "all clear"."""

    MONITOR = 0
    ROUTINE = 1
    WITHIN_14_DAYS = 2
    WITHIN_7_DAYS = 3
    SAME_DAY = 4
    EMERGENCY_NOW = 5

    @property
    def code(self) -> str:
        """Return the tier as it is written in files: ``same_day``."""
        return self.name.lower()

    @classmethod
    def from_code(cls, code: str) -> "Tier":
        """Return the tier written as `code`; KeyError if there is none."""
        return cls[code.upper()] if code == code.lower() else cls[code]


Kind = Literal[
    "flag", "choice", "choices", "number", "scale", "grade",
    "pair", "date", "text", "rows", "psfs", "map",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
QuestionClass = Literal["core", "detail", "extra"]
ActionKind = Literal[
    "call", "referral", "imaging", "laboratory", "care", "review", "advice"
]


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a number follows from other answers: time since a date, or a product."""

    since: str = ""
    product: tuple[str, ...] = ()
    by: float = 1.0

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the questions it is derived from."""
        return (self.since,) if self.since else self.product


@dataclass(frozen=True, slots=True)
class Limits:
    """Reference limits of a laboratory value, in one unit; either may be absent."""

    unit: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One question of the form. See docs/protocol-format.md for each field."""

    id: str
    kind: Kind
    section: str
    question_class: QuestionClass
    label: str
    who: str
    help: str = ""
    by_hand: str = ""
    sided: bool = False
    private: bool = False
    red_flag: bool = False
    child: bool = False
    opens: Expression | None = None
    options: Mapping[str, str] | None = None
    none_option: str = ""
    scale: str = ""
    units: tuple[str, ...] = ()
    plausible: tuple[float, float] | None = None
    possible: tuple[float, float] | None = None
    derive: Derivation | None = None
    limits: Limits | None = None
    molar_mass: float | None = None
    confirm_row: str = ""
    may_stay_blank: bool = False
    answered_by: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()

    @property
    def is_counted(self) -> bool:
        """Return whether the question counts as an answer; free text does not."""
        return self.kind not in ("text", "rows", "psfs")

    @property
    def is_core(self) -> bool:
        """Return whether the question is asked of everyone it applies to."""
        return self.question_class == "core"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form: who fills it in, and in which step of the visit."""

    id: str
    title: str
    step: str
    who: str


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """A named fact derived from answers; `codes` are the symptoms it may stand for."""

    id: str
    when: Expression
    label: str = ""
    note: str = ""
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RedFlag:
    """A row of the red-flag table.

    `when` decides between present and absent; `also` can only make it present, so that
    details nobody had a reason to ask do not turn an absent flag into an unknown one.
    """

    id: str
    label: str
    when: Expression
    also: Expression | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ConfirmRow:
    """A red-flag row that is confirmed as one; see `intake.confirming`.

    `quiet` says when one key may do; without it the yes/no questions alone decide.
    """

    id: str
    label: str
    quiet: Expression | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """What a source says on one point, in our words, and how far it was verified.

    `verified` is V (read in the source), V2 (secondary page), C (arithmetic from V),
    U (unverified) or P (proposal), as in the evidence base.
    """

    source: str
    verified: str
    at: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An entry of the bibliography."""

    id: str
    title: str
    year: int
    read: str
    organisation: str = ""
    url: str = ""
    doi: str = ""
    low_back: bool = False
    note: str = ""
    checked: date | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be suggested.

    `after` is the clock of a review: days from the visit, for each tier that has one.
    `result` is the question that its result answers; once it is in, the action is done.
    `follow_up` is the review that makes sure it took place, where it has a day.
    """

    id: str
    kind: ActionKind
    label: str
    text: str
    status: str
    cancer_referral: bool = False
    anti_inflammatory: bool = False
    covered_by: tuple[str, ...] = ()
    note: str = ""
    after: Mapping[Tier, int] = field(default_factory=dict)
    result: str = ""
    follow_up: str = ""
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """An action that a rule asks for, with its own clock where it has one."""

    action: str
    within_hours: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """When to suggest what, how urgently, why, and on whose authority."""

    id: str
    concern: str
    when: Expression
    tier: Tier
    strength: str
    because: str
    steps: tuple[Step, ...]
    sources: tuple[Citation, ...]
    status: str
    unless: Expression | None = None
    unless_because: str = ""
    number: str = ""
    note: str = ""
    raises: int = 0
    never_above: Tier = Tier.EMERGENCY_NOW
    reviewer: str = ""
    reviewed_on: date | None = None
    reads_outcome: bool = False
    criteria: CriteriaCited = NO_CRITERIA


@dataclass(frozen=True, slots=True)
class Evidence:
    """A figure from the literature, with the group and the setting it was found in."""

    text: str
    group: str
    low_back: bool
    sources: tuple[Citation, ...]
    setting: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Against:
    """What speaks against a concern; shown, changes nothing."""

    when: Expression
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Concern:
    """One pathology: its rules, its evidence, whom it does not fit, what it forbids."""

    id: str
    title: str
    category: str
    thrust: str
    manual_therapy: str
    rules: tuple[Rule, ...]
    evidence: tuple[Evidence, ...] = ()
    against: tuple[Against, ...] = ()
    pertinent_negatives: tuple[str, ...] = ()
    note: str = ""
    does_not_fit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ThrustCaution:
    """A finding that blocks or cautions a thrust manipulation."""

    id: str
    when: Expression
    effect: str
    because: str
    instead: str
    sources: tuple[Citation, ...]
    status: str
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class NotSuggested:
    """A study that is not suggested now, and why.

    With `only_with` it holds only while no other concern is above monitor.
    """

    action: str
    when: Expression
    why: str
    sources: tuple[Citation, ...]
    status: str
    criteria: CriteriaCited = NO_CRITERIA
    only_with: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ScopeLimit:
    """A group this protocol was not written for, and who is responsible instead."""

    id: str
    when: Expression
    because: str
    steps: tuple[Step, ...]
    note: str = ""
    sources: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A licensed clinician who has reviewed the rules."""

    name: str
    licence: str
    date: date


@dataclass(frozen=True, eq=False)
class Protocol:
    """A checked protocol. `digest` is the SHA-256 of its files in a fixed order."""

    id: str
    version: str
    title: str
    status: str
    digest: str
    effective: date
    review_by: date
    reviewers: tuple[Reviewer, ...]
    source_attributes: SourceAttributes
    sections: tuple[Section, ...]
    questions: Mapping[str, Question]
    findings: Mapping[str, Finding]
    red_flags: tuple[RedFlag, ...]
    scope: tuple[ScopeLimit, ...]
    concerns: Mapping[str, Concern]
    thrust_cautions: tuple[ThrustCaution, ...]
    not_suggested: tuple[NotSuggested, ...]
    actions: Mapping[str, Action]
    sources: Mapping[str, Source]
    imaging: ImagingCriteria = field(default_factory=ImagingCriteria)
    code_systems: tuple[CodeSystem, ...] = ()
    presenting: tuple[Code, ...] = ()
    documents: Mapping[str, Code] = field(default_factory=dict)
    confirm_rows: tuple[ConfirmRow, ...] = ()

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of all concerns."""
        return tuple(r for c in self.concerns.values() for r in c.rules)

    @cached_property
    def expressions(self) -> tuple[tuple[str, Expression], ...]:
        """Return each expression with the name of its entry, rules first."""
        concerns = self.concerns.values()
        found: list[tuple[str, Expression | None]] = [
            *((f"rule {r.id}", r.when) for r in self.rules),
            *((f"rule {r.id}", r.unless) for r in self.rules),
            *((f"against {c.id}", a.when) for c in concerns for a in c.against),
            *((f"finding {f.id}", f.when) for f in self.findings.values()),
            *((f"red flag {f.id}", f.when) for f in self.red_flags),
            *((f"red flag {f.id}", f.also) for f in self.red_flags),
            *((f"scope {s.id}", s.when) for s in self.scope),
            *((f"thrust {t.id}", t.when) for t in self.thrust_cautions),
            *((f"not suggested {n.action}", n.when) for n in self.not_suggested),
            *((f"question {q.id}", q.opens) for q in self.questions.values()),
        ]
        return tuple((where, one) for where, one in found if one)

    @cached_property
    def network(self) -> Network:
        """Return what counts towards what, for every expression."""
        return Network((e.condition for _, e in self.expressions), self.meanings)

    @cached_property
    def meanings(self) -> Mapping[str, Condition]:
        """Return what each finding stands for."""
        return {f.id: f.when.condition for f in self.findings.values()}

    @cached_property
    def claims(self) -> Mapping[Expression, int]:
        """Return the claim of the network that each expression is true."""
        expressions = (expression for _, expression in self.expressions)
        return dict(zip(expressions, self.network.claims, strict=True))

    @cached_property
    def rule_claims(self) -> tuple[int, ...]:
        """Return the claim that the `when` of each rule is true."""
        return tuple(self.claims[rule.when] for rule in self.rules)

    @cached_property
    def children(self) -> tuple[Question, ...]:
        """Return the questions that are hidden when their parent excludes them."""
        return tuple(q for q in self.questions.values() if q.child and q.opens)

    @cached_property
    def hiding(self) -> Network:
        """Return what counts towards the reasons of the children, in their order."""
        reasons = (q.opens.condition for q in self.children if q.opens)
        return Network(reasons, self.meanings)

    @cached_property
    def confirming(self) -> Network:
        """Return what counts towards quiet rows, in their order.

        It stands apart from `network`, so that no row can change an assessment.
        """
        quiet = (row.quiet.condition for row in self.confirm_rows if row.quiet)
        return Network(quiet, self.meanings)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Return the place of each question in the form."""
        return {question: place for place, question in enumerate(self.questions)}

    @cached_property
    def read_by_rule(self) -> Mapping[str, frozenset[str]]:
        """Return the questions each rule reads, by findings and derivation, too."""
        return {rule.id: self._read_by(rule) for rule in self.rules}

    def _read_by(self, rule: Rule) -> frozenset[str]:
        read: set[str] = set()
        ahead = [rule.when, rule.unless] if rule.unless else [rule.when]
        seen: set[str] = set()
        while ahead:
            expression = ahead.pop()
            read |= expression.questions()
            new = expression.findings() - seen
            seen |= new
            ahead += [self.findings[finding].when for finding in new]
        derived = (self.questions[q].derive for q in tuple(read))
        return frozenset(read).union(*(d.sources for d in derived if d))

    @cached_property
    def asked_of_everyone(self) -> frozenset[str]:
        """Return the core questions that are open from the start."""
        return frozenset(
            q.id for q in self.questions.values() if q.is_core and q.opens is None
        )

    @cached_property
    def openings(self) -> Mapping[int, tuple[str, ...]]:
        """Return the questions that each reason opens, by the claim that it holds.

        Extras, and details without a reason, open by hand only.
        """
        found: dict[int, list[str]] = {}
        for question in self.questions.values():
            if question.opens is not None and question.question_class != "extra":
                claim = self.claims[question.opens]
                found.setdefault(claim, []).append(question.id)
        return {claim: tuple(questions) for claim, questions in found.items()}

    @cached_property
    def awaited(self) -> frozenset[str]:
        """Return the questions that hold up `core_done` while open and unanswered."""
        return frozenset(
            q.id
            for q in self.questions.values()
            if q.is_counted and not q.may_stay_blank and q.question_class != "extra"
        )

    @cached_property
    def by_section(self) -> Mapping[str, tuple[Question, ...]]:
        """Return the questions of each section, in the order they are asked."""
        return {
            s.id: tuple(q for q in self.questions.values() if q.section == s.id)
            for s in self.sections
        }

    @property
    def warning(self) -> str:
        """Return what must be said until a licensed clinician has reviewed it."""
        if self.reviewers:
            return ""
        return "Rules not reviewed by a licensed clinician, not for real patients."

    def outdated(self, on: date) -> str:
        """Return what must be said on a day after the review-by date."""
        if on <= self.review_by:
            return ""
        return f"Rules out of date: they were to be reviewed by {self.review_by}."

    def warnings(self, on: date) -> tuple[str, ...]:
        """Return everything that must be said of the rules on a day."""
        return tuple(filter(None, (self.warning, self.outdated(on))))
