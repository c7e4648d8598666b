"""Where an expression is definite, every way to fill in the unknowns agrees.

The oracle knows nothing of three values. It is written a second time, in plain
Python, for patients of whom everything is known; an expression that is definite with
answers missing is compared with it over every completion: all options, and numbers on
both sides of each threshold. The converse (all completions agree, and still the
evaluator cannot tell) is no error and is only counted.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from intake.answer_tests import Compare
from intake.facts import Facts
from intake.protocol import Protocol
from tests.intake.small import ON, expression, facts, pressure, quantity, small_protocol
from tests.property.random_answers import PROTOCOLS, take_unknown_for_no, values

Answers = Mapping[str, Any]
Oracle = Callable[[Answers], bool]
_MOST_COMPLETIONS = 3000

YES_NO = ["yes", "no"]
SIDES = [{"left": left, "right": right} for left in YES_NO for right in YES_NO]
PLANTAR = [
    {"left": a, "right": b}
    for a in ("flexor", "extensor")
    for b in ("flexor", "extensor")
]
GRADES = [{"left": a, "right": b} for a in ("3", "4", "5") for b in ("3", "5")]
PRESSURES = [pressure(85), pressure(100), pressure(130)]

#: Every value that matters to the leaves below: all options, both sides of each limit.
DOMAINS: Mapping[str, list[Any]] = {
    "general.fever": YES_NO,
    "pain.with_movement": YES_NO,
    # only ever read by possible(), to which unsure is an answer
    "general.weight_loss": ["yes", "no", "unsure"],
    "neuro.leg_weakness": SIDES,
    "neuro.arm_numb": SIDES,
    "pain.onset": ["sudden", "gradual"],
    "pain.quality": [[], ["dull"], ["burning"], ["dull", "burning"]],
    "neuro.bladder": [["none"], ["retention"], ["retention", "incontinence"]],
    "pain.now": [0, 6, 7, 10],
    "pain.duration": [quantity(n, "d") for n in (1, 41, 42, 400)],
    "vitals.temperature": [quantity(37, "Cel"), quantity(100.4, "[degF]")],
    "vitals.bp_left": PRESSURES,
    "vitals.bp_right": PRESSURES,
    "exam.plantar": PLANTAR,
    "exam.strength.hip": GRADES,
    "exam.strength.knee": GRADES,
    "result.esr": [
        quantity(5, "mm/h"),
        quantity(5, "mm/h", high=4),
        quantity(21, "mm/h"),
    ],
    "cancer.treatment_ended": ["2015-01-01", "2021-11-21", "2021-11-24", "2026-01-01"],
}


def _systolic(answers: Answers) -> tuple[float, float]:
    left, right = answers["vitals.bp_left"], answers["vitals.bp_right"]
    return left["systolic"]["value"], right["systolic"]["value"]


def _grades(answers: Answers) -> list[int]:
    both = (answers["exam.strength.hip"], answers["exam.strength.knee"])
    return [int(grade) for sides in both for grade in sides.values()]


#: What is written, and what it means when everything is known.
LEAVES: Mapping[str, Oracle] = {
    "general.fever": lambda a: a["general.fever"] == "yes",
    "pain.with_movement": lambda a: a["pain.with_movement"] == "yes",
    "possible(general.weight_loss)": lambda a: a["general.weight_loss"] != "no",
    "neuro.leg_weakness": lambda a: "yes" in a["neuro.leg_weakness"].values(),
    "both(neuro.leg_weakness)": lambda a: "no" not in a["neuro.leg_weakness"].values(),
    "left(neuro.arm_numb)": lambda a: a["neuro.arm_numb"]["left"] == "yes",
    "same_side(neuro.leg_weakness, neuro.arm_numb)": lambda a: any(
        a["neuro.leg_weakness"][side] == a["neuro.arm_numb"][side] == "yes"
        for side in ("left", "right")
    ),
    'pain.onset == "sudden"': lambda a: a["pain.onset"] == "sudden",
    'pain.onset != "sudden"': lambda a: a["pain.onset"] != "sudden",
    'pain.onset in ("sudden", "gradual")': lambda _: True,
    '"burning" in pain.quality': lambda a: "burning" in a["pain.quality"],
    '"dull" not in pain.quality': lambda a: "dull" not in a["pain.quality"],
    "count(pain.quality) > 1": lambda a: len(a["pain.quality"]) > 1,
    '"none" not in neuro.bladder': lambda a: a["neuro.bladder"] != ["none"],
    "count(neuro.bladder) == 1": lambda a: a["neuro.bladder"] == ["retention"],
    "pain.now >= 7": lambda a: a["pain.now"] >= 7,
    "pain.now != 6": lambda a: a["pain.now"] != 6,
    'pain.duration >= "6 wk"': lambda a: a["pain.duration"]["value"] >= 42,
    'pain.duration < "1 a"': lambda a: a["pain.duration"]["value"] < 365.25,
    'vitals.temperature >= "38 Cel"': lambda a: a["vitals.temperature"]["value"] > 37,
    'difference(vitals.bp_left.systolic, vitals.bp_right.systolic) > "20 mm[Hg]"': (
        lambda a: abs(_systolic(a)[0] - _systolic(a)[1]) > 20
    ),
    'lowest(vitals.bp_left.systolic, vitals.bp_right.systolic) < "90 mm[Hg]"': (
        lambda a: min(_systolic(a)) < 90
    ),
    'highest(vitals.bp_left.systolic, vitals.bp_right.systolic) >= "130 mm[Hg]"': (
        lambda a: max(_systolic(a)) >= 130
    ),
    'exam.plantar == "extensor"': lambda a: "extensor" in a["exam.plantar"].values(),
    'worst("exam.strength.*") < "4"': lambda a: min(_grades(a)) < 4,
    "above_limit(result.esr)": lambda a: (
        a["result.esr"]["value"] > a["result.esr"].get("high", 20)
    ),
    'since(cancer.treatment_ended) < "5 a"': lambda a: (
        a["cancer.treatment_ended"] > "2021-11-21"
    ),
    # findings: written out a second time
    "fever": lambda a: (
        a["general.fever"] == "yes" or a["vitals.temperature"]["value"] > 37
    ),
    "cord": lambda a: (
        "yes" in a["neuro.leg_weakness"].values()
        or min(_grades(a)) < 4
        or a["neuro.bladder"] != ["none"]
    ),
}
#: What an answer may be besides: known in part, or asked and not known.
PARTLY: Mapping[str, list[tuple[Any, list[Any]]]] = {
    "general.fever": [("unsure", YES_NO)],
    "pain.with_movement": [("unsure", YES_NO)],
    "pain.onset": [("unknown", ["sudden", "gradual"])],
    "neuro.leg_weakness": [
        ({"left": "no"}, [s for s in SIDES if s["left"] == "no"]),
        ({"left": "unsure", "right": "yes"}, [s for s in SIDES if s["right"] == "yes"]),
    ],
    "neuro.arm_numb": [({"right": "yes"}, [s for s in SIDES if s["right"] == "yes"])],
    "exam.plantar": [
        ({"left": "flexor"}, [p for p in PLANTAR if p["left"] == "flexor"]),
        ({"left": "not_done", "right": "flexor"},
         [p for p in PLANTAR if p["right"] == "flexor"]),
    ],
    "exam.strength.hip": [({"left": "5"}, [g for g in GRADES if g["left"] == "5"])],
    "cancer.treatment_ended": [
        ("2021", ["2021-01-01", "2021-11-21", "2021-11-24", "2021-12-31"]),
        ("2021-12", ["2021-12-01", "2021-12-31"]),
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Tree:
    """An expression as it is written and as the oracle understands it."""

    text: str
    means: Oracle


def _not(part: Tree) -> Tree:
    return Tree(f"not ({part.text})", lambda a: not part.means(a))


def _all(parts: list[Tree]) -> Tree:
    text = " and ".join(f"({part.text})" for part in parts)
    return Tree(text, lambda a: all(part.means(a) for part in parts))


def _any(parts: list[Tree]) -> Tree:
    text = " or ".join(f"({part.text})" for part in parts)
    return Tree(text, lambda a: any(part.means(a) for part in parts))


def _two_of(parts: list[Tree]) -> Tree:
    text = f"at_least(2, {', '.join(part.text for part in parts)})"
    return Tree(text, lambda a: sum(part.means(a) for part in parts) >= 2)


def _compound(parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        parts.map(_not), several.map(_all), several.map(_any), several.map(_two_of)
    )


trees = st.recursive(
    st.sampled_from(sorted(LEAVES)).map(lambda text: Tree(text, LEAVES[text])),
    _compound,
    max_leaves=6,
)


@st.composite
def partial_answers(draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, Any]:
    """Return some answers whole, some in part, and most not at all."""
    answers = {}
    for question, domain in DOMAINS.items():
        partly = [answer for answer, _ in PARTLY.get(question, [])]
        answer = draw(st.sampled_from([None, None, *domain, *partly]))
        if answer is not None:
            answers[question] = answer
    return answers


def completions(questions: frozenset[str], answers: Answers) -> Iterator[Answers]:
    """Yield every way in which the questions can come to be known."""
    names = sorted(questions)
    domains = []
    for name in names:
        answer = answers.get(name)
        partly = still_possible(PARTLY.get(name, []), answer)
        if name not in answers:
            domains.append(DOMAINS[name])
        elif partly is not None:
            domains.append(partly)
        else:
            domains.append([answer])
    for chosen in islice(product(*domains), _MOST_COMPLETIONS):
        yield dict(zip(names, chosen, strict=True))


def still_possible(
    pairs: list[tuple[Any, list[Any]]], answer: object
) -> list[Any] | None:
    """Return what an answer known in part can still turn out to be."""
    return next((possible for partly, possible in pairs if partly == answer), None)


def read_by(text: str) -> frozenset[str]:
    """Return the questions an expression reads, through its findings too."""
    parsed = expression(text)
    inner = (small_protocol().findings[name].when for name in parsed.findings())
    return parsed.questions().union(*(read_by(when.text) for when in inner))


def disagreements(tree: Tree, answers: Answers) -> tuple[str, list[Answers]]:
    """Return how definite it is, and the completions that contradict it."""
    value = expression(tree.text).condition.value(facts(answers))
    ways = list(completions(read_by(tree.text), answers))
    meant = [tree.means(way) for way in ways]
    if value is None:
        forced = len(set(meant)) == 1
        return "cannot tell, though forced" if forced else "cannot tell", []
    against = [
        way for way, truth in zip(ways, meant, strict=True) if truth is not value
    ]
    return "definite early" if len(ways) > 1 else "all known", against


@given(trees, partial_answers())
@settings(max_examples=max(300, settings().max_examples))
def test_a_definite_value_agrees_with_every_completion(
    tree: Tree, answers: dict[str, Any]
) -> None:
    """How often each kind occurs: pytest --hypothesis-show-statistics."""
    kind, against = disagreements(tree, answers)
    event(kind)
    assert against == []


@given(
    trees, st.fixed_dictionaries({q: st.sampled_from(d) for q, d in DOMAINS.items()})
)
def test_with_everything_known_the_value_is_what_the_oracle_says(
    tree: Tree, answers: dict[str, Any]
) -> None:
    """Never unknown, and never other than plain logic has it."""
    value = expression(tree.text).condition.value(facts(answers))
    assert value is tree.means(answers)


@pytest.mark.parametrize("text", sorted(LEAVES))
def test_each_leaf_agrees_with_the_oracle_on_its_whole_domain(text: str) -> None:
    """So that a slip in one rare leaf cannot hide among random trees."""
    condition = expression(text).condition
    for answers in completions(read_by(text), {}):
        assert condition.value(facts(answers)) is LEAVES[text](answers)


def test_unknown_taken_for_no_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search can fail: this is the mistake it is for."""
    take_unknown_for_no(monkeypatch)
    tree = _not(Tree("general.fever", LEAVES["general.fever"]))
    assert disagreements(tree, {})[1] == [{"general.fever": "yes"}]


def test_a_missing_half_taken_for_nothing_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So is a difference that ignores the arm nobody measured."""
    monkeypatch.setattr(Compare, "value", lambda _self, _found: False)
    text = 'difference(vitals.bp_left.systolic, vitals.bp_right.systolic) > "20 mm[Hg]"'
    tree = Tree(text, LEAVES[text])
    assert disagreements(tree, {"vitals.bp_left": pressure(130)})[1] != []


# the real rules


def _read(protocol: Protocol, place: int) -> list[str]:
    """Return the questions a rule reads, through findings and derived numbers."""
    expressions = [protocol.rules[place].when]
    read: set[str] = set()
    while expressions:
        current = expressions.pop()
        read |= current.questions()
        expressions += [protocol.findings[name].when for name in current.findings()]
    for question in list(read):
        derive = protocol.questions[question].derive
        read |= set(derive.sources) if derive else set()
    return sorted(read)


@pytest.mark.parametrize("which", PROTOCOLS)
@given(data=st.data())
def test_a_rule_that_is_definite_stays_so_when_more_is_asked(
    which: str, data: st.DataObject
) -> None:
    """Monotone, for every condition that is in use.

    A number entered over a derived one is the one change that may turn a rule; such a
    rule is listed as held back and is left out here.
    """
    protocol = PROTOCOLS[which]()
    place = data.draw(st.integers(0, len(protocol.rules) - 1))
    rule = protocol.rules[place]
    if rule.reads_outcome:
        return
    questions = _read(protocol, place)
    whole = {q: data.draw(values(protocol, protocol.questions[q])) for q in questions}
    kept = data.draw(st.sets(st.sampled_from(questions))) if questions else set()
    for question in questions:
        derive = protocol.questions[question].derive
        if derive is not None and not set(derive.sources).isdisjoint(kept):
            whole.pop(question, None)
    before = {q: value for q, value in whole.items() if q in kept}
    age = (50.0, 50.0)

    def value(answers: Answers) -> bool | None:
        known = Facts(protocol, answers, on=ON, age=age, sex_at_birth="male")
        return rule.when.condition.value(known)

    if (definite := value(before)) is not None:
        assert value(whole) is definite
