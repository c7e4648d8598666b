"""Mistakes somebody could make in a protocol, and the words that must name them.

Each is an edit of the small protocol: one text in one file becomes another.
"""

from typing import NamedTuple


class Mistake(NamedTuple):
    """An edit of one file, and the problem it has to be answered with."""

    file: str
    old: str
    new: str
    where: str
    words: str


def _of(file: str, *mistakes: tuple[str, str, str, str]) -> list[Mistake]:
    return [
        Mistake(file, old, new, f"{file}{entry}", words)
        for old, new, entry, words in mistakes
    ]


CORD = "concerns/cord_compression.toml"
CANCER = "concerns/spinal_malignancy.toml"
MECHANICAL = "concerns/mechanical.toml"
RULE = ", rule cord.cancer"
TREATED = ", rule malignancy.treated"
_SOURCES = (
    'sources = [{ id = "BOOK", at = "page 1", says = "call today", verified = "V" }]'
)
_BECAUSE = (
    'unless_because = "The examination explains the pain, and movement brings it on."'
)

MISTAKES: list[Mistake] = [
    *_of(
        "protocol.toml",
        ('id = "small"', "", "", "id is missing."),
        ('id = "small"', 'id = ""', "", "id is empty."),
        ('version = "1"', "version = 1", "", "version has to be a text in quotes."),
        ('"proposed"', '"finished"', "", "Use one of proposed, reviewed."),
        ("2026-01-01", '"January"', "", "effective has to be a date"),
        ("review_by", "revew_by", "", 'Did you mean "review_by"?'),
        ("reviewers = []", 'reviewers = ["me"]', "", "reviewers 1 has to be a table."),
        ('step = "history"', 'step = "histroy"', ", section story", '"history"?'),
        ('who = "desk"', 'who = "both"', ", section story", "Use one of desk, clin"),
        ("[[section]]", "[section", "", "This is not TOML: "),
    ),
    *_of(
        "options.toml",
        ('neck = "Neck"', 'neck = ""', "", 'Option "neck" of sites needs a label.'),
        ('neck = "Neck"', "neck = 5", "", 'Option "neck" of sites needs a label.'),
    ),
    Mistake("options.toml", "[sites]", "[sitez]",
            "questions/story.toml, question pain.sites", 'Did you mean "sitez"?'),
    *_of(
        "questions/story.toml",
        ('id = "pain.now"', "", ", question 8", "id is missing."),
        ('id = "pain.now"', "id = [1]", ", question [1]", "id has to be a text"),
        ('id = "pain.now"', 'id = "pain.sites"', ", question pain.sites",
         "There is another question with this id."),
        ('kind = "scale"', 'kind = "scal"', ", question pain.now", '"scale"?'),
        ('kind = "scale"', "", ", question pain.now", "kind is missing."),
        ('label = "Pain now"', f'label = "{"long " * 10}"', ", question pain.now",
         "The label has more than 45 characters."),
        ('label = "Pain now"', 'lable = "Pain now"', ", question pain.now",
         'Did you mean "label"?'),
        ('class = "core"', 'class = "main"', ", question pain.sites", "one of core"),
        ('options = "sites"', 'options = "sitse"', ", question pain.sites",
         'There is no list "sitse" in options.toml. Did you mean "sites"?'),
        ('options = "sites"', "", ", question pain.sites", "A choices needs options."),
        ('options = "sites"', "options = 5", ", question pain.sites",
         "options has to be a table."),
        ('sudden = "Suddenly"', "sudden = 1", ", question pain.onset",
         'Option "sudden" of options needs a label.'),
        ('none_option = "none"', 'none_option = "non"', ", question cancer.treatments",
         'none_option "non" is no option. Did you mean "none"?'),
        ('units = ["1"]', "", ", question pain.visits", "A number needs units."),
        ('units = ["1"]', "units = [1]", ", question pain.visits",
         "units has to be a list of texts."),
        ('units = ["a"]', 'units = ["years"]', ", question risk.smoking_years",
         'Unit "years" is not known.'),
        ("possible = [0, 99]", "possible = [99, 0]", ", question pain.visits",
         "possible has to be two numbers, the lower one first."),
        ("possible = [0, 99]", "possible = [0]", ", question pain.visits",
         "possible has to be two numbers"),
        ("red_flag = true", 'red_flag = "yes"', ", question cancer.history",
         "red_flag has to be true or false."),
        ("opens = 'cancer.history'", "", ", question cancer.types",
         "A true child needs opens: its parent."),
        ("opens = 'cancer.history'", "opens = 'cancer.histroy'",
         ", question cancer.types", 'Did you mean "cancer.history"?'),
        ("by = 0.05", 'by = "x"', ", question risk.pack_years, derive",
         "by has to be a number."),
        ("since = ", "sinse = ", ", question pain.duration, derive", '"since"?'),
    ),
    Mistake("questions/story.toml", '["risk.smoking_years", ', '["risk.smoked", ',
            "question risk.pack_years", 'There is no question "risk.smoked".'),
    Mistake("questions/story.toml", 'answered_by = ["pain.sites"]',
            'answered_by = ["pain.stes"]', "question pain.map", '"pain.sites"?'),
    *_of(
        "questions/exam.toml",
        ('scale = "strength"', "", ", question exam.strength.hip",
         "A grade needs a scale."),
        ('scale = "strength"', 'scale = "power"', ", question exam.strength.knee",
         'scale "power" is not known.'),
        ('each = ["hip", "knee"]', 'each = ["hip", "hip"]',
         ", question exam.strength.hip", "There is another question with this id."),
    ),
    *_of(
        "questions/results.toml",
        ('unit = "mm/h" }', 'unit = "mmh" }', ", question result.esr, limits",
         'unit "mmh" is not known. Did you mean "mm/h"?'),
        ("molar_mass = 40.078", 'molar_mass = "40"', ", question result.calcium",
         "molar_mass has to be a number."),
    ),
    *_of(
        "findings.toml",
        ('id = "fever"', 'id = "has fever"', ", finding has fever",
         '"has fever" cannot be the id of a finding.'),
        ('id = "fever"', 'id = "core_done"', ", finding core_done",
         '"core_done" cannot be the id of a finding.'),
        ('id = "fever"', 'id = "age"', ", finding age", "cannot be the id"),
        ('id = "fever"', 'id = "lambda"', ", finding lambda", "cannot be the id"),
        ('id = "cord"', 'id = "fever"', ", finding fever",
         "There is another finding with this id."),
        ('id = "cord"', 'id = "unwell"', ", finding unwell",
         "There is another finding with this id."),
        ("general.fever or", "general.fever or or", ", finding fever",
         "In the expression, cannot be read"),
        ('"38 Cel"', '"38 kg"', ", finding fever", "is not a temperature"),
        ('worst("exam.strength.*")', 'worst("exam.power.*")', ", finding leg_nerve",
         "no grade question matches"),
    ),
    Mistake("findings.toml", "when = 'leg_nerve or sphincter'", "when = 'cord'",
            "finding cord", "It uses itself, by way of others."),
    Mistake("findings.toml", "'\"none\" not in neuro.bladder'", "'cord'",
            "finding sphincter", "It uses itself, by way of others."),
    Mistake("findings.toml", "when = 'leg_nerve or sphincter'",
            "when = 'leg_nerve or core_done'", "finding cord",
            "core_done may be read by rules of tier monitor only."),
    *_of(
        "red_flags.toml",
        ("when = 'sphincter'", "", ", red_flag bladder", "when is missing."),
        ("when = 'sphincter'", "when = 'sfincter'", ", red_flag bladder",
         'Did you mean "sphincter"?'),
    ),
    *_of(
        "scope.toml",
        ("because = \"Under 18: not written for children.\"", "", ", scope under_18",
         "because is missing."),
        ('do = ["referral.paediatrician"]', "do = []", ", scope under_18",
         "do names no action."),
        ('"referral.paediatrician"', '"referral.pediatrician"', ", scope under_18",
         'Did you mean "referral.paediatrician"?'),
        ("within_hours = 72", "within_hours = 0", ", scope pregnant",
         "do holds something that is not an action."),
        ("within_hours = 72", 'within_hours = "72"', ", scope pregnant",
         "do holds something that is not an action."),
    ),
    *_of(
        "manual_therapy.toml",
        ('effect = "caution"', 'effect = "allowed"', ", thrust brittle",
         "Use one of blocked, caution."),
        ('"BOOK"', '"BOKO"', ", thrust brittle", 'Did you mean "BOOK"?'),
    ),
    *_of(
        "not_suggested.toml",
        ('action = "imaging.xray"', 'action = "imaging.xry"', ", imaging.xry",
         'There is no action "imaging.xry". Did you mean "imaging.xray"?'),
    ),
    *_of(
        "actions.toml",
        ('id = "call.emergency"', 'id = "emergency"', ", action emergency",
         "Begin with one of call, referral"),
        ('id = "call.emergency"', 'id = "phone.emergency"', ", action phone.emergency",
         '"phone.emergency" does not say its kind.'),
        ("cancer_referral = true", "cancer_referal = true",
         ", action referral.specialist", 'Did you mean "cancer_referral"?'),
    ),
    *_of(
        "sources.toml",
        ("year = 2020", 'year = "2020"', ", source BOOK", "year has to be a whole"),
        ('read = "excerpt"', 'read = "excerp"', ", source BOOK", '"excerpt"?'),
        ("checked = 2026-01-01", 'checked = "yes"', ", source BOOK",
         "checked has to be a date"),
    ),
    *_of(
        CORD,
        ('id = "cord_compression"', 'id = "cord"', "",
         'The id is "cord", the file "cord_compression".'),
        ('category = "neurological"', 'category = "neuro"', "", "category"),
        ('thrust = "blocked"', "", "", "thrust is missing."),
        ('pertinent_negatives = ["neuro.leg_weakness"]',
         'pertinent_negatives = ["neuro.leg"]', "", 'no question "neuro.leg"'),
        ('group = "four people"', "", ", evidence 1", "group is missing."),
        ('text = "The examination explains the pain."', "", ", against 1",
         "text is missing."),
        ('id = "cord.cancer"', 'id = "cord.fast"', ", rule cord.fast",
         "There is another rule with this id."),
        ('tier = "same_day"', 'tier = "sameday"', RULE, 'Did you mean "same_day"?'),
        ('tier = "same_day"', "", RULE, "tier is missing."),
        ('strength = "strong"', 'strength = "sure"', RULE, "Use one of strong"),
        ('status = "proposed"', "", RULE, "status is missing."),
        ('status = "proposed"', 'status = "reviewed"', RULE,
         "A reviewed rule needs its reviewer and date."),
        ('because = "Cancer and a nerve symptom."', "", RULE, "because is missing."),
        (_SOURCES, "", RULE, "There is no source."),
        ('says = "call today", ', "", f"{RULE}, source 1", "says is missing."),
        ('verified = "V" }]\nstatus = "proposed"\n\n[[rule]]\nid = "cord.fast"',
         'verified = "Q" }]\nstatus = "proposed"\n\n[[rule]]\nid = "cord.fast"',
         f"{RULE}, source 1", "Use one of V, V2, C, U, P."),
        ('"imaging.mri", within_hours = 24', '"imaging.mir", within_hours = 24', RULE,
         'There is no action "imaging.mir". Did you mean "imaging.mri"?'),
        ("when = 'cancer.history and cord'", "when = 'cancer.history and crod'", RULE,
         'crod is not a finding. Did you mean "cord"?'),
        ("when = 'cancer.history and cord'", "when = 'unwell'", RULE,
         "unwell only opens questions: rules do not use it."),
        ("when = 'cancer.history and cord'", "when = 'not cancer.history'", RULE,
         "cancer.history is a red flag: a yes must not make the rule untrue."),
        ("when = 'cancer.history and cord'", "when = 'cancer.history and not cord'",
         RULE, "neuro.bladder is a red flag: a yes must not make the rule untrue."),
        ("when = 'cancer.history and cord'", "when = '\"none\" in neuro.bladder'", RULE,
         "neuro.bladder is a red flag"),
        ("when = 'cancer.history and cord'",
         "when = '\"retention\" not in neuro.bladder'", RULE, "is a red flag"),
        ("when = 'cancer.history and cord'", "when = 'count(neuro.bladder) == 1'", RULE,
         "neuro.bladder is a red flag"),
        ("when = 'cancer.history and cord'", "when = 'count(neuro.bladder) < 2'", RULE,
         "neuro.bladder is a red flag"),
        ("when = 'cancer.history and cord'", "when = 'not possible(general.fever)'",
         RULE, "general.fever is a red flag"),
        ("when = 'cancer.history and cord'",
         "when = 'cancer.history and count(pain.sites) > 1'", RULE,
         "A rule this urgent must not need a place of pain."),
        ("when = 'cancer.history and cord'",
         "when = 'at_least(2, cancer.history, \"neck\" in pain.sites)'", RULE,
         "A rule this urgent must not need a place of pain."),
        ("when = 'cancer.history and cord'", "when = 'core_done'", RULE,
         "core_done may be read by rules of tier monitor only."),
    ),
    *_of(
        CANCER,
        ("unless = 'exam.explains and pain.with_movement'",
         "unless = 'exam.explains and general.fever'", ", rule malignancy.history",
         "general.fever is a red flag: not in unless."),
        ("unless = 'exam.explains and pain.with_movement'", "unless = 'fever'",
         ", rule malignancy.history", "general.fever is a red flag: not in unless."),
        ("unless = 'exam.explains and pain.with_movement'",
         "unless = '\"lung\" in cancer.types'", ", rule malignancy.history",
         "cancer.types can be hidden: not in unless."),
        (_BECAUSE, "", ", rule malignancy.history", "unless_because is missing."),
        ("raises = 1", "raises = -1", ", rule malignancy.third_visit",
         "raises is below 0: nothing lowers a tier."),
        ("raises = 1", 'raises = "one"', ", rule malignancy.third_visit",
         "raises has to be a whole number."),
        ('never_above = "within_7_days"', 'never_above = "7_days"',
         ", rule malignancy.third_visit", "never_above"),
        ("< \"5 a\"", "< 5", TREATED, "is not a time with its unit"),
        ('"breast" in', '"brest" in', TREATED, 'Did you mean "breast"?'),
    ),
    *_of(
        MECHANICAL,
        ('difference(vitals.bp_left.systolic', 'difference(vitals.bp_left',
         ", rule mechanical.pressure", "vitals.bp_left is a pair, not a number."),
        ('do = ["advice.keep_moving", "review.again"]', "do = [5]",
         ", rule mechanical.nothing_else", "do holds something that is not an action."),
    ),
]  # fmt: skip

#: One folder with all of these, each in its own way wrong: none may hide another.
TWENTY: list[Mistake] = [
    mistake
    for mistake in MISTAKES
    if (mistake.file, mistake.new)
    in {
        ("protocol.toml", '"finished"'),
        ("options.toml", 'neck = ""'),
        ("questions/story.toml", 'kind = "scal"'),
        ("questions/story.toml", 'none_option = "non"'),
        ("questions/story.toml", 'units = ["years"]'),
        ("questions/story.toml", 'red_flag = "yes"'),
        ("questions/exam.toml", 'scale = "power"'),
        ("questions/results.toml", 'unit = "mmh" }'),
        ("findings.toml", '"38 kg"'),
        ("red_flags.toml", "when = 'sfincter'"),
        ("scope.toml", '"referral.pediatrician"'),
        ("scope.toml", "within_hours = 0"),
        ("manual_therapy.toml", '"BOKO"'),
        ("not_suggested.toml", 'action = "imaging.xry"'),
        ("actions.toml", "cancer_referal = true"),
        ("sources.toml", 'read = "excerp"'),
        (CORD, 'tier = "sameday"'),
        (CORD, "when = 'cancer.history and crod'"),
        (CANCER, "raises = -1"),
        (CANCER, '"brest" in'),
    }
]
