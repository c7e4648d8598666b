"""Read what follows from answers: findings, rules, concerns, actions, sources."""

import keyword
import re
from collections.abc import Collection, Mapping
from typing import cast

from intake.code_reader import CodeReader
from intake.errors import Problem
from intake.expression import Expression, parse
from intake.imaging_criteria import CriteriaCited
from intake.protocol import (
    Action,
    ActionKind,
    Against,
    Citation,
    Concern,
    ConfirmRow,
    Evidence,
    Finding,
    NotSuggested,
    Question,
    RedFlag,
    Reviewer,
    Rule,
    ScopeLimit,
    Source,
    Step,
    ThrustCaution,
    Tier,
)
from intake.protocol_files import named, numbered
from intake.toml_entry import Entry
from intake.when_language import BUILT_INS
from intake.when_names import ExpressionError

STATUS = ("proposed", "reviewed")
_TIERS = tuple(tier.code for tier in reversed(Tier))
_STRENGTHS = ("strong", "moderate", "weak")
_VERIFIED = ("V", "V2", "C", "U", "P")
_READ = ("complete", "abstract", "excerpt", "secondary", "title")
_CATEGORIES = (
    "cancer", "neurological", "infection", "bone", "vascular", "chest", "visceral",
    "rheumatic", "skin", "mechanical",
)  # fmt: skip
_ACTION_KINDS = (
    "call", "referral", "imaging", "laboratory", "care", "review", "advice",
)  # fmt: skip
#: Names that mean something else in an expression.
_TAKEN = frozenset((*BUILT_INS, "age", "sex_at_birth"))


class RuleReader:
    """Turns entries into definitions; expressions are checked against known names."""

    def __init__(
        self,
        questions: Mapping[str, Question],
        problems: list[Problem],
        codes: CodeReader,
    ) -> None:
        """Read expressions over these questions; see `name_findings`."""
        self._questions = questions
        self._problems = problems
        self._codes = codes
        self._finding_names: set[str] = set()

    def expression(self, text: str, where: str) -> Expression:
        """Return the expression of a text; a problem where it cannot be read."""
        try:
            return parse(text, self._questions, self._finding_names)
        except ExpressionError as error:
            self._problems.append(Problem(where, f"In the expression, {error}"))
        return _NEVER

    def _when(self, entry: Entry, key: str = "when") -> Expression:
        text = entry.text(key)
        return self.expression(text, entry.where) if text else _NEVER

    def name_findings(self, entries: Collection[Entry]) -> None:
        """Note the names of all findings, before any expression is read."""
        for entry in entries:
            name = entry.text("id", "")
            if not name.isidentifier() or keyword.iskeyword(name) or name in _TAKEN:
                entry.problem(f'"{name}" cannot be the id of a finding.')
            elif name in self._finding_names:
                again = Problem(entry.where, "There is another finding with this id.")
                if again not in self._problems:
                    self._problems.append(again)
            self._finding_names.add(name)

    def finding(self, entry: Entry) -> Finding:
        """Return a named fact."""
        finding = Finding(
            entry.text("id"),
            self._when(entry),
            entry.text("label", ""),
            entry.text("note", ""),
            self._codes.of(entry),
        )
        entry.done()
        return finding

    def red_flag(self, entry: Entry) -> RedFlag:
        """Return a row of the red-flag table."""
        flag = RedFlag(
            entry.text("id"),
            entry.text("label"),
            self._when(entry),
            self._when(entry, "also") if entry.has("also") else None,
        )
        entry.done()
        return flag

    def confirm_row(self, entry: Entry) -> ConfirmRow:
        """Return a row that is confirmed as one."""
        row = ConfirmRow(
            entry.text("id"),
            entry.text("label"),
            self._when(entry, "quiet") if entry.has("quiet") else None,
        )
        entry.done()
        return row

    def scope(self, entry: Entry) -> ScopeLimit:
        """Return a limit of the scope."""
        limit = ScopeLimit(
            entry.text("id"),
            self._when(entry),
            entry.text("because"),
            self._steps(entry),
            entry.text("note", ""),
            sources=self._citations(entry),
        )
        entry.done()
        return limit

    def concern(self, file: Entry) -> Concern:
        """Return a concern with its rules."""
        identity = file.text("id")
        concern = Concern(
            identity,
            file.text("title"),
            file.one_of("category", _CATEGORIES),
            file.one_of("thrust", ("blocked", "caution", "allowed")),
            file.text("manual_therapy", ""),
            tuple(self._rule(e, identity) for e in file.entries("rule", named("rule"))),
            tuple(map(self._evidence, file.entries("evidence", numbered("evidence")))),
            tuple(map(self._against, file.entries("against", numbered("against")))),
            file.texts("pertinent_negatives"),
            file.text("note", ""),
            file.text("does_not_fit", ""),
        )
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
            status=entry.one_of("status", STATUS),
            unless=unless,
            unless_because=entry.text("unless_because", ""),
            number=entry.text("number", ""),
            note=entry.text("note", ""),
            raises=self._raises(entry),
            never_above=_tier(top),
            reviewer=entry.text("reviewer", ""),
            reviewed_on=entry.optional_day("date"),
            reads_outcome=bool(when.built_ins()),
            criteria=_criteria_cited(entry),
        )
        if unless and not rule.unless_because:
            entry.problem("unless_because is missing.")
        if rule.status == "reviewed" and not (rule.reviewer and rule.reviewed_on):
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
        for one in entry.entries("sources", numbered("source")):
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
            setting=entry.text("setting", ""),
            note=entry.text("note", ""),
        )
        entry.done()
        return evidence

    def _against(self, entry: Entry) -> Against:
        against = Against(self._when(entry), entry.text("text"), entry.text("note", ""))
        entry.done()
        return against

    def thrust(self, entry: Entry) -> ThrustCaution:
        """Return what blocks or cautions a thrust."""
        caution = ThrustCaution(
            entry.text("id"),
            self._when(entry),
            entry.one_of("effect", ("blocked", "caution")),
            entry.text("because"),
            entry.text("instead", ""),
            self._citations(entry),
            entry.one_of("status", STATUS),
            entry.text("note", ""),
        )
        entry.done()
        return caution

    def not_suggested(self, entry: Entry) -> NotSuggested:
        """Return what is not suggested, and why."""
        entry.raw("id")
        not_suggested = NotSuggested(
            entry.text("action"),
            self._when(entry),
            entry.text("why"),
            self._citations(entry),
            entry.one_of("status", STATUS),
            _criteria_cited(entry),
            entry.texts("only_with"),
            note=entry.text("note", ""),
        )
        entry.done()
        return not_suggested

    def action(self, entry: Entry) -> Action:
        """Return something that can be suggested."""
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
            entry.one_of("status", STATUS),
            entry.yes_no("cancer_referral"),
            entry.yes_no("anti_inflammatory"),
            entry.texts("covered_by"),
            entry.text("note", ""),
            _after(entry),
            entry.text("result", ""),
            entry.text("follow_up", ""),
            self._codes.of(entry),
        )
        entry.done()
        return action

    def source(self, entry: Entry) -> Source:
        """Return an entry of the bibliography."""
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

    def reviewers(self, head: Entry) -> tuple[Reviewer, ...]:
        """Return who has reviewed the rules."""
        reviewers = []
        for entry in head.entries("reviewers", numbered("reviewer")):
            reviewers.append(
                Reviewer(entry.text("name"), entry.text("licence"), entry.day("date"))
            )
            entry.done()
        return tuple(reviewers)


def _tier(code: str) -> Tier:
    return Tier.from_code(code) if code in _TIERS else Tier.MONITOR


def _criteria_cited(entry: Entry) -> CriteriaCited:
    return CriteriaCited(
        entry.texts("criteria"),
        entry.text("no_criterion", ""),
        entry.text("against_criteria", ""),
    )


def _after(entry: Entry) -> Mapping[Tier, int]:
    """Return the days of a clock: the same for every tier, or for those named."""
    value = entry.raw("after")
    by_tier = value if isinstance(value, dict) else dict.fromkeys(_TIERS, value)
    clock: dict[Tier, int] = {}
    for code, text in by_tier.items() if value is not None else ():
        found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
        if found is None or code not in _TIERS:
            entry.problem("after is no clock.", 'Write "3 d" or "2 wk".')
            return {}
        clock[_tier(code)] = int(found[1]) * _CLOCK_DAYS[found[2]]
    return clock


_CLOCK = re.compile(r"([1-9]\d?) (d|wk)")
_CLOCK_DAYS = {"d": 1, "wk": 7}

_NEVER = parse("at_least(1, nothing_above_monitor)", {}, ())
