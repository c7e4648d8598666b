"""The `when` language: what each construct says, with every answer and without one.

Every row of the table in docs/protocol-format.md has its cases here; what is not in
the language is refused when it is read, in words that help.
"""

from typing import Any

import pytest

from intake.tristate import Truth
from intake.when_names import ExpressionError
from tests.intake.small import expression, pressure, quantity, small_protocol, truth

Y, N, U = True, False, None
Answers = dict[str, Any]
Case = tuple[str, Answers, Truth]


def flags(left: str | None = None, right: str | None = None) -> Answers:
    """Return a sided answer; a side not given is a side not examined."""
    sides = {"left": left, "right": right}
    return {side: value for side, value in sides.items() if value is not None}


LEG = "neuro.leg_weakness"
ARM = "neuro.arm_numb"
WHERE = "neuro.arm_numb_where"

FLAGS: list[Case] = [
    ("general.fever", {"general.fever": "yes"}, Y),
    ("general.fever", {"general.fever": "no"}, N),
    ("general.fever", {"general.fever": "unsure"}, U),
    ("general.fever", {}, U),
    ("not general.fever", {"general.fever": "yes"}, N),
    ("not general.fever", {"general.fever": "no"}, Y),
    ("not general.fever", {"general.fever": "unsure"}, U),
    ("not general.fever", {}, U),
    ("possible(general.fever)", {"general.fever": "yes"}, Y),
    ("possible(general.fever)", {"general.fever": "unsure"}, Y),
    ("possible(general.fever)", {"general.fever": "no"}, N),
    ("possible(general.fever)", {}, U),
    ("not possible(general.fever)", {"general.fever": "unsure"}, N),
    ("not possible(general.fever)", {}, U),
]

SIDES: list[Case] = [
    (LEG, {LEG: flags("yes", "no")}, Y),
    (LEG, {LEG: flags(right="yes")}, Y),
    (LEG, {LEG: flags("no", "no")}, N),
    (LEG, {LEG: flags("no")}, U),
    (LEG, {LEG: flags("no", "unsure")}, U),
    (LEG, {}, U),
    (f"not {LEG}", {LEG: flags("no")}, U),
    (f"not {LEG}", {LEG: flags("no", "no")}, Y),
    (f"either({LEG})", {LEG: flags(right="yes")}, Y),
    (f"either({LEG})", {LEG: flags(right="no")}, U),
    (f"both({LEG})", {LEG: flags("yes", "yes")}, Y),
    (f"both({LEG})", {LEG: flags("yes")}, U),
    (f"both({LEG})", {LEG: flags("no")}, N),
    (f"left({LEG})", {LEG: flags("yes", "no")}, Y),
    (f"left({LEG})", {LEG: flags(right="yes")}, U),
    (f"right({LEG})", {LEG: flags("yes", "no")}, N),
    (f"possible({LEG})", {LEG: flags("no", "unsure")}, Y),
    (f"possible({LEG})", {LEG: flags("no")}, U),
    (f"same_side({LEG}, {ARM})", {LEG: flags("yes", "no"), ARM: flags("yes")}, Y),
    (f"same_side({LEG}, {ARM})", {LEG: flags("yes", "no"), ARM: flags("no", "yes")}, N),
    (f"same_side({LEG}, {ARM})", {LEG: flags("yes", "no"), ARM: flags(None, "yes")}, U),
    (f"same_side({LEG}, {ARM})", {LEG: flags("no", "no")}, N),
    (
        f'same_side({ARM}, "inner" in {WHERE})',
        {ARM: flags("yes"), WHERE: {"left": ["inner", "outer"]}},
        Y,
    ),
    (
        f'same_side({ARM}, "inner" in {WHERE})',
        {ARM: flags("yes", "no"), WHERE: {"right": ["inner"]}},
        U,
    ),
    ('left("inner" in neuro.arm_numb_where)', {WHERE: {"left": []}}, N),
    ('both(exam.plantar == "extensor")', {"exam.plantar": flags("extensor")}, U),
    ('exam.plantar == "extensor"', {"exam.plantar": flags("flexor", "extensor")}, Y),
    ('exam.plantar == "extensor"', {"exam.plantar": flags("flexor", "not_done")}, U),
    (
        'left(exam.rotation < "30 deg")',
        {"exam.rotation": {"left": quantity(20, "deg")}},
        Y,
    ),
    (
        'right(exam.rotation < "30 deg")',
        {"exam.rotation": {"left": quantity(20, "deg")}},
        U,
    ),
]

CHOICES: list[Case] = [
    ('pain.onset == "sudden"', {"pain.onset": "sudden"}, Y),
    ('pain.onset == "sudden"', {"pain.onset": "gradual"}, N),
    ('pain.onset == "sudden"', {"pain.onset": "unknown"}, U),
    ('pain.onset == "sudden"', {}, U),
    ('pain.onset != "sudden"', {"pain.onset": "gradual"}, Y),
    ('pain.onset != "sudden"', {"pain.onset": "sudden"}, N),
    ('pain.onset != "sudden"', {"pain.onset": "unknown"}, U),
    ('pain.onset != "sudden"', {}, U),
    ('exam.percussion == "positive"', {"exam.percussion": "not_done"}, U),
    ('exam.percussion != "positive"', {"exam.percussion": "not_done"}, U),
    ('risk.smoking in ("former", "current")', {"risk.smoking": "current"}, Y),
    ('risk.smoking in ("former", "current")', {"risk.smoking": "never"}, N),
    ('risk.smoking in ("former", "current")', {}, U),
    ('risk.smoking not in ("former", "current")', {"risk.smoking": "never"}, Y),
    ('"burning" in pain.quality', {"pain.quality": ["burning", "dull"]}, Y),
    ('"burning" in pain.quality', {"pain.quality": ["dull"]}, N),
    ('"burning" in pain.quality', {"pain.quality": []}, N),
    ('"burning" in pain.quality', {}, U),
    ('"burning" not in pain.quality', {"pain.quality": []}, Y),
    ('"burning" not in pain.quality', {}, U),
    ('"retention" in neuro.bladder', {"neuro.bladder": ["none"]}, N),
    ('"none" in neuro.bladder', {"neuro.bladder": ["none"]}, Y),
    ('"none" in neuro.bladder', {"neuro.bladder": []}, Y),
    ('"none" not in neuro.bladder', {"neuro.bladder": []}, N),
    ('"none" not in neuro.bladder', {"neuro.bladder": ["retention"]}, Y),
    ('"none" not in neuro.bladder', {}, U),
    ("count(pain.sites) > 1", {"pain.sites": ["neck", "upper_thoracic"]}, Y),
    ("count(pain.sites) > 1", {"pain.sites": ["neck"]}, N),
    ("count(pain.sites) > 1", {}, U),
    ("count(neuro.bladder) >= 1", {"neuro.bladder": ["none"]}, N),
    ("count(neuro.bladder) >= 1", {"neuro.bladder": []}, N),
    ("count(story.medicines) > 0", {"story.medicines": ["a"]}, Y),
    ("count(story.medicines) > 0", {"story.medicines": []}, N),
    ("count(story.medicines) >= 0", {}, Y),
    ("count(story.medicines) < 0", {}, N),
]

NUMBERS: list[Case] = [
    ("pain.now >= 7", {"pain.now": 7}, Y),
    ("pain.now > 7", {"pain.now": 7}, N),
    ("pain.now >= 7", {}, U),
    ("pain.visits >= 2", {"pain.visits": quantity(2, "1")}, Y),
    ("pain.visits == 2", {"pain.visits": quantity(2, "1")}, Y),
    ("pain.visits == 2", {"pain.visits": quantity(3, "1")}, N),
    ("pain.visits == 2", {}, U),
    ("pain.visits != 2", {"pain.visits": quantity(3, "1")}, Y),
    ("pain.visits != 2", {}, U),
    ('vitals.temperature >= "38 Cel"', {"vitals.temperature": quantity(38, "Cel")}, Y),
    (
        'vitals.temperature > "38 Cel"',
        {"vitals.temperature": quantity(100.4, "[degF]")},
        N,
    ),
    (
        'vitals.temperature >= "38 Cel"',
        {"vitals.temperature": quantity(100.4, "[degF]")},
        Y,
    ),
    (
        'vitals.temperature >= "38 Cel"',
        {"vitals.temperature": quantity(100.2, "[degF]")},
        N,
    ),
    (
        'vitals.temperature < "100.4 [degF]"',
        {"vitals.temperature": quantity(37.9, "Cel")},
        Y,
    ),
    ('vitals.weight < "50 kg"', {"vitals.weight": quantity(100, "[lb_av]")}, Y),
    ('vitals.weight > "100 [lb_av]"', {"vitals.weight": quantity(50, "kg")}, Y),
    ('vitals.height >= "180 cm"', {"vitals.height": quantity(71, "[in_i]")}, Y),
    ('vitals.height >= "70 [in_i]"', {"vitals.height": quantity(177, "cm")}, N),
    ('result.crp > "50 mg/L"', {"result.crp": quantity(6, "mg/dL")}, Y),
    ('result.crp > "5 mg/dL"', {"result.crp": quantity(49, "mg/L")}, N),
    ('result.calcium > "10.5 mg/dL"', {"result.calcium": quantity(2.7, "mmol/L")}, Y),
    ('result.calcium > "2.65 mmol/L"', {"result.calcium": quantity(10.5, "mg/dL")}, N),
    (
        'result.creatinine >= "2 mg/dL"',
        {"result.creatinine": quantity(180, "umol/L")},
        Y,
    ),
    (
        'result.creatinine > "177 umol/L"',
        {"result.creatinine": quantity(1.9, "mg/dL")},
        N,
    ),
    ('pain.duration >= "6 wk"', {"pain.duration": quantity(42, "d")}, Y),
    ('pain.duration >= "6 wk"', {"pain.duration": quantity(1, "mo")}, N),
    ('pain.duration < "1 a"', {"pain.duration": quantity(12, "mo")}, N),
    ('pain.duration <= "1 a"', {"pain.duration": quantity(12, "mo")}, Y),
    ('exam.reflex.knee >= "3"', {"exam.reflex.knee": flags("3")}, Y),
    ('exam.strength.hip < "4"', {"exam.strength.hip": flags("4-", "5")}, Y),
    ('exam.strength.hip < "4+"', {"exam.strength.hip": flags("4", "5")}, Y),
    ('exam.strength.hip < "5"', {"exam.strength.hip": flags("5")}, U),
    ('exam.strength.hip < "5"', {"exam.strength.hip": flags("5", "5")}, N),
]

SEVERAL: list[Case] = [
    ('vitals.bp_left.systolic < "90 mm[Hg]"', {"vitals.bp_left": pressure(80)}, Y),
    (
        'vitals.bp_left.diastolic > "90 mm[Hg]"',
        {"vitals.bp_left": pressure(160, 95)},
        Y,
    ),
    ('vitals.bp_left.systolic < "90 mm[Hg]"', {}, U),
    (
        'difference(vitals.bp_left.systolic, vitals.bp_right.systolic) > "20 mm[Hg]"',
        {"vitals.bp_left": pressure(100), "vitals.bp_right": pressure(130)},
        Y,
    ),
    (
        'difference(vitals.bp_left.systolic, vitals.bp_right.systolic) > "20 mm[Hg]"',
        {"vitals.bp_left": pressure(130), "vitals.bp_right": pressure(110)},
        N,
    ),
    (
        'difference(vitals.bp_left.systolic, vitals.bp_right.systolic) > "20 mm[Hg]"',
        {"vitals.bp_left": pressure(130)},
        U,
    ),
    (
        'difference(vitals.bp_left.systolic, vitals.bp_right.systolic) >= "0 mm[Hg]"',
        {},
        Y,
    ),
    (
        'highest(vitals.bp_left.systolic, vitals.bp_right.systolic) > "180 mm[Hg]"',
        {"vitals.bp_right": pressure(190)},
        Y,
    ),
    (
        'highest(vitals.bp_left.systolic, vitals.bp_right.systolic) > "180 mm[Hg]"',
        {"vitals.bp_right": pressure(170)},
        U,
    ),
    (
        'lowest(vitals.bp_left.systolic, vitals.bp_right.systolic) < "90 mm[Hg]"',
        {"vitals.bp_left": pressure(80)},
        Y,
    ),
    (
        'lowest(vitals.bp_left.systolic, vitals.bp_right.systolic) < "90 mm[Hg]"',
        {"vitals.bp_left": pressure(120)},
        U,
    ),
    (
        'lowest(vitals.bp_left.systolic, vitals.bp_right.systolic) >= "90 mm[Hg]"',
        {"vitals.bp_left": pressure(80)},
        N,
    ),
    ("highest(pain.now, pain.visits) >= 5", {"pain.now": 6}, Y),
    ('worst("exam.strength.*") < "4"', {"exam.strength.knee": flags(right="3")}, Y),
    ('worst("exam.strength.*") < "4"', {"exam.strength.knee": flags("5", "5")}, U),
    (
        'worst("exam.strength.*") < "4"',
        {"exam.strength.knee": flags("5", "5"), "exam.strength.hip": flags("4", "5")},
        N,
    ),
    ('worst("exam.strength.*") >= "4"', {"exam.strength.hip": flags("3")}, N),
    (
        'some("exam.sensation.*", "reduced", "absent")',
        {"exam.sensation.T5": flags(right="absent")},
        Y,
    ),
    (
        'some("exam.sensation.*", "reduced", "absent")',
        {"exam.sensation.T5": flags("normal", "normal")},
        U,
    ),
    (
        'some("exam.sensation.*", "reduced", "absent")',
        {
            "exam.sensation.T4": flags("normal", "normal"),
            "exam.sensation.T5": flags("normal", "normal"),
        },
        N,
    ),
    ("at_least(2, general.fever, general.weight_loss, skin.rash)", {}, U),
    (
        "at_least(2, general.fever, general.weight_loss, skin.rash)",
        {"general.fever": "yes", "skin.rash": "yes"},
        Y,
    ),
    (
        "at_least(2, general.fever, general.weight_loss, skin.rash)",
        {"general.fever": "no", "skin.rash": "no"},
        N,
    ),
    (
        "at_least(2, general.fever, general.weight_loss, skin.rash)",
        {"general.fever": "no", "skin.rash": "yes"},
        U,
    ),
]

LIMITS: list[Case] = [
    ("above_limit(result.esr)", {"result.esr": quantity(21, "mm/h")}, Y),
    ("above_limit(result.esr)", {"result.esr": quantity(20, "mm/h")}, N),
    ("above_limit(result.esr)", {"result.esr": quantity(25, "mm/h", high=30)}, N),
    ("above_limit(result.esr)", {"result.esr": quantity(16, "mm/h", high=15)}, Y),
    ("above_limit(result.esr)", {"result.esr": quantity(16, "mm/h", low=3)}, N),
    ("above_limit(result.esr)", {}, U),
    ("above_limit(result.crp)", {"result.crp": quantity(0.6, "mg/dL")}, Y),
    ("above_limit(result.crp)", {"result.crp": quantity(0.6, "mg/dL", high=1)}, N),
    ("below_limit(result.crp)", {"result.crp": quantity(1, "mg/L")}, U),
    ("above_limit(result.calcium)", {"result.calcium": quantity(2.7, "mmol/L")}, Y),
    ("above_limit(result.calcium)", {"result.calcium": quantity(2.6, "mmol/L")}, N),
    (
        "above_limit(result.calcium)",
        {"result.calcium": quantity(2.6, "mmol/L", high=2.5)},
        Y,
    ),
    (
        "below_limit(result.haemoglobin)",
        {"result.haemoglobin": quantity(119, "g/L")},
        Y,
    ),
    (
        "below_limit(result.haemoglobin)",
        {"result.haemoglobin": quantity(12, "g/dL")},
        N,
    ),
    ("above_limit(result.creatinine)", {"result.creatinine": quantity(9, "mg/dL")}, U),
    (
        "above_limit(result.creatinine)",
        {"result.creatinine": quantity(9, "mg/dL", high=1)},
        Y,
    ),
]

#: The visit is on 2026-11-22.
DATES: list[Case] = [
    (
        'since(cancer.treatment_ended) < "5 a"',
        {"cancer.treatment_ended": "2024-03-01"},
        Y,
    ),
    ('since(cancer.treatment_ended) < "5 a"', {"cancer.treatment_ended": "2020"}, N),
    ('since(cancer.treatment_ended) < "5 a"', {"cancer.treatment_ended": "2021"}, U),
    ('since(cancer.treatment_ended) < "5 a"', {"cancer.treatment_ended": "2021-11"}, U),
    ('since(cancer.treatment_ended) < "5 a"', {"cancer.treatment_ended": "2021-12"}, Y),
    ('since(cancer.treatment_ended) < "5 a"', {}, U),
    ('since(cancer.treatment_ended) >= "0 d"', {"cancer.treatment_ended": "2026"}, Y),
    ('pain.duration >= "6 wk"', {"pain.onset_date": "2026-10-11"}, Y),
    ('pain.duration >= "6 wk"', {"pain.onset_date": "2026-10-12"}, N),
    ('pain.duration >= "6 wk"', {"pain.onset_date": "2026-10"}, U),
    ('pain.duration >= "6 wk"', {"pain.onset_date": "2026-09"}, Y),
    (
        'pain.duration >= "6 wk"',
        {"pain.onset_date": "2026-11", "pain.duration": quantity(8, "wk")},
        Y,
    ),
    (
        'risk.pack_years >= "20 {pack-years}"',
        {
            "risk.smoking_years": quantity(20, "a"),
            "risk.cigarettes": quantity(20, "/d"),
        },
        Y,
    ),
    (
        'risk.pack_years >= "20 {pack-years}"',
        {"risk.smoking_years": quantity(20, "a")},
        U,
    ),
]


def _name(case: Case) -> str:
    text, answers, _ = case
    return f"{text} | {answers}"


@pytest.mark.parametrize(
    "case",
    [*FLAGS, *SIDES, *CHOICES, *NUMBERS, *SEVERAL, *LIMITS, *DATES],
    ids=_name,
)
def test_an_expression_says_what_the_reference_promises(case: Case) -> None:
    """One row for each thing docs/protocol-format.md says, unknown included."""
    text, answers, expected = case
    assert truth(text, answers) is expected


@pytest.mark.parametrize(
    ("text", "age", "expected"),
    [
        ("age >= 60", 60, Y),
        ("age >= 60", 59, N),
        ("age >= 60", (0, 130), U),
        ("age >= 60", (59, 60), U),
        ("age >= 60", (60, 61), Y),
        ("age < 18", (0, 17), Y),
        ("not age < 18", (17, 18), U),
    ],
)
def test_an_age_that_is_not_known_exactly_is_a_span(
    text: str, age: float | tuple[float, float], expected: Truth
) -> None:
    """A birth year alone leaves two ages; both have to agree."""
    assert truth(text, age=age) is expected


@pytest.mark.parametrize(
    ("text", "sex", "expected"),
    [
        ('sex_at_birth == "female"', "female", Y),
        ('sex_at_birth == "female"', "male", N),
        ('sex_at_birth == "female"', "unknown", U),
        ('sex_at_birth != "female"', "male", Y),
        ('sex_at_birth != "female"', "unknown", U),
    ],
)
def test_a_sex_not_known_is_unknown(text: str, sex: str, expected: Truth) -> None:
    assert truth(text, sex=sex) is expected


def test_a_finding_is_read_by_its_name_and_through_others() -> None:
    """`cord` is made of two findings, one of them of a pattern of questions."""
    assert truth("cord", {"neuro.bladder": ["retention"]}) is True
    assert truth("cord", {"neuro.bladder": ["none"]}) is None
    assert truth("fever", {"vitals.temperature": quantity(38.2, "Cel")}) is True


def test_line_breaks_in_a_long_expression_do_not_matter() -> None:
    """TOML lets a long `when` run over several lines."""
    assert truth("(general.fever\n  or\n skin.rash)", {"skin.rash": "yes"}) is True


REFUSED = [
    # unknown names, with what was probably meant
    ("general.fevre", 'Did you mean "general.fever"?'),
    ("fevre", 'fevre is not a finding. Did you mean "fever"?'),
    ("agee >= 5", "agee is not a number."),
    ("age", "age needs a comparison."),
    ("sex_at_birth", "sex_at_birth needs a comparison."),
    ("zzz.qqq", "zzz.qqq is not a question."),
    ("possibel(general.fever)", 'Did you mean "possible"?'),
    ('pain.onset == "suden"', 'Did you mean "sudden"?'),
    ('"burnin" in pain.quality', 'Did you mean "burning"?'),
    ('risk.smoking in ("former", "curent")', 'Did you mean "current"?'),
    ('some("exam.sensation.*", "reducd")', 'Did you mean "reduced"?'),
    ('some("exam.sensations.*", "reduced")', "no choice question matches"),
    ('worst("exam.power.*") < "4"', "no grade question matches"),
    # options that are no findings
    ('pain.onset == "unknown"', "is unknown to rules: do not ask for it."),
    ('pain.onset != "unknown"', "is unknown to rules"),
    ('exam.plantar == "not_done"', "is unknown to rules"),
    # the wrong test for the kind
    ("pain.onset", "pain.onset is a choice: compare it."),
    ("not pain.onset", "pain.onset is a choice: compare it."),
    ("pain.quality", "pain.quality is a choices: compare it."),
    ("pain.now", "pain.now is a scale: compare it."),
    ('general.fever == "yes"', "is a yes/no question: write its bare name."),
    ('pain.quality == "dull"', 'write "option" in pain.quality.'),
    ('"sudden" in pain.onset', "write == for a choice."),
    ("possible(pain.onset)", "possible() takes a yes/no question, not pain.onset."),
    ("count(pain.onset) > 1", "count() takes a list, not pain.onset."),
    ('since(pain.duration) > "1 d"', "since() takes a date, not pain.duration."),
    ("above_limit(vitals.weight)", "takes a laboratory value, not vitals.weight."),
    ("left(general.fever)", "general.fever has no sides."),
    ("both(general.fever)", "general.fever has no sides."),
    ("same_side(neuro.leg_weakness, general.fever)", "general.fever has no sides."),
    ("vitals.bp_left > 5", "vitals.bp_left is a pair, not a number."),
    ('vitals.weight.systolic > "5 kg"', "vitals.weight is a number, not a number."),
    ('story.words == "x"', "story.words is a text"),
    # unlike units
    ('vitals.temperature >= "38 kg"', "is not a temperature with its unit"),
    ("vitals.temperature >= 38", 'like "5 Cel"'),
    ('vitals.temperature >= "38"', "is not a temperature with its unit"),
    ('vitals.temperature >= "38 C"', "is not a temperature with its unit"),
    ('age >= "60 a"', "is not a bare number."),
    ('exam.strength.hip < "6"', "is not one of 0, 1, 2, 3, 4-, 4, 4+, 5"),
    ("exam.strength.hip < 4", "in quotes"),
    ('exam.reflex.knee < "4+"', "is not one of 0, 1, 2, 3, 4, in quotes"),
    ('result.crp > "5 mmol/L"', "is not a mass concentration with its unit"),
    (
        'difference(vitals.weight, vitals.height) > "5 kg"',
        "difference() needs numbers of one kind.",
    ),
    (
        'difference(vitals.weight, vitals.weight, vitals.weight) > "5 kg"',
        "difference() takes two numbers.",
    ),
    ('highest(vitals.weight) > "5 kg"', "highest() with 1 parts is not a number."),
    ('worst("exam.*") < "4"', "of one scale"),
    # sides that nobody chose
    (
        'highest(exam.rotation, exam.rotation) > "5 deg"',
        "highest() takes no question with sides.",
    ),
    ("count(neuro.arm_numb_where) > 1", "neuro.arm_numb_where has sides"),
    # counts
    ("at_least(0, general.fever)", "from 1 to the number of its parts"),
    ("at_least(3, general.fever, skin.rash)", "from 1 to the number of its parts"),
    ("at_least(general.fever, skin.rash)", "at_least needs a number first"),
    ("at_least(True, general.fever)", "at_least needs a number first"),
    ("at_least(1, general.fever, also=skin.rash)", "is not part of the language"),
    ('some("exam.sensation.*")', "needs an option"),
    # Python that is no part of the language
    ("general.fever and", "cannot be read: "),
    ("", "cannot be read: "),
    ("5", "5 is not part of the language."),
    ("True", "True is not part of the language."),
    ("general.fever & skin.rash", "is not part of the language."),
    ("general.fever if skin.rash else fever", "is not part of the language."),
    ("lambda: fever", "is not part of the language."),
    ("[fever]", "is not part of the language."),
    ("(fever := True)", "is not part of the language."),
    ("fever()", "fever() with 0 parts is not in the language."),
    ("__import__('os').system('true')", "is not part of the language."),
    ("0 < pain.now < 5", "is not a test of a question."),
    ("pain.now is 5", "cannot be compared like that."),
    ("pain.onset in pain.quality", "has to be a text in quotes."),
    ("pain.onset == skin.rash", "skin.rash has to be a text in quotes."),
    ('sex_at_birth == "woman"', "one of female, male, unknown."),
    ("pain.now >= pain.visits", "pain.visits is not a bare number."),
]


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_is_not_in_the_language_is_refused_with_help(
    text: str, words: str
) -> None:
    """A misread rule must not load: whoever edits it is told what to write."""
    with pytest.raises(ExpressionError) as refused:
        expression(text)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "text", ["(" * 500 + "fever" + ")" * 500, "not " * 5000 + "fever"]
)
def test_an_expression_too_deep_to_read_is_refused(text: str) -> None:
    """A message, not a crash of the loader."""
    with pytest.raises(ExpressionError, match="cannot be read"):
        expression(text)


def test_every_construct_of_the_reference_is_under_test() -> None:
    """The table can only protect what it names."""
    written = " ".join(
        text
        for text, _, _ in [
            *FLAGS,
            *SIDES,
            *CHOICES,
            *NUMBERS,
            *SEVERAL,
            *LIMITS,
            *DATES,
        ]
    )
    constructs = (
        "not ", " in (", " not in ", "==", "!=", "possible(", "left(", "right(",
        "either(", "both(", "same_side(", "worst(", "some(", "above_limit(",
        "below_limit(", "count(", "since(", "difference(", "highest(", "lowest(",
        "at_least(", ".systolic", ".diastolic",
    )  # fmt: skip
    assert [c for c in constructs if c not in written] == []
    kinds = {q.kind for q in small_protocol().questions.values()}
    assert len(kinds) == 12
