"""Published ratings: every table whole, every imaging step held to its row."""

from pathlib import Path

import pytest

from intake.imaging_criteria import CriteriaCited, Rating
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from tests.intake.small import assessed, copied, quantity, spoilt
from tests.intake.test_protocol_loader import problems

CORD = "concerns/cord_compression.toml"
RULE = f"{CORD}, rule cord.cancer"
EARLY = 'why = "Too early."\ncriteria = ["book.nothing"]'
YES, MAY, NOT = (
    "usually_appropriate", "may_be_appropriate", "usually_not_appropriate"
)  # fmt: skip


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def _rating(protocol: Protocol, criterion: str, action: str) -> Rating:
    (rating,) = protocol.imaging.ratings(action, [criterion])
    return rating


def test_the_tables_of_the_thoracic_spine_rate_all_eleven_studies(
    protocol: Protocol,
) -> None:
    """A study that was forgotten would look unrated; in variant 6 the film is done."""
    tables = {v: protocol.imaging.criteria[f"thoracic_2024.{v}"] for v in range(1, 8)}
    counts = {variant: len(row.ratings) for variant, row in tables.items()}
    assert counts == {1: 11, 2: 11, 3: 11, 4: 11, 5: 11, 6: 10, 7: 11}


@pytest.mark.parametrize(
    ("criterion", "action", "category", "verified"),
    [
        ("thoracic_2024.1", "imaging.xray_thoracic", NOT, "V"),
        ("thoracic_2024.2", "imaging.xray_thoracic", MAY, "V"),
        ("thoracic_2024.2", "imaging.mri_thoracic", NOT, "V"),
        ("thoracic_2024.3", "imaging.mri_thoracic", YES, "V2"),
        ("thoracic_2024.3", "imaging.xray_thoracic", MAY, "V2"),
        ("thoracic_2024.4", "imaging.xray_thoracic", YES, "V2"),
        ("thoracic_2024.4", "imaging.bone_scan", MAY, "V2"),
        ("thoracic_2024.5", "imaging.xray_thoracic", MAY, "V2"),
        ("thoracic_2024.5", "imaging.bone_scan", NOT, "V2"),
        ("thoracic_2024.5", "imaging.mri_thoracic_contrast", YES, "V2"),
        ("thoracic_2024.6", "imaging.mri_thoracic_contrast", YES, "V2"),
        ("thoracic_2024.7", "imaging.xray_thoracic", YES, "V2"),
        ("myelopathy_2021.thoracic", "imaging.xray_thoracic", NOT, "V2"),
        ("myelopathy_2021.thoracic", "imaging.mri_whole_spine", YES, "V2"),
        ("infection_2021.risk", "imaging.xray_thoracic", MAY, "V2"),
        ("infection_2021.deficit", "imaging.xray_thoracic", NOT, "V2"),
        ("low_back_2021.cauda", "imaging.mri_lumbar", YES, "V2"),
        ("trauma.high_risk", "imaging.ct_thoracic", YES, "U"),
        ("trauma.cord", "imaging.mri_thoracic", YES, "V2"),
        ("compression_fracture.cancer", "imaging.mri_whole_spine", YES, "V2"),
        ("inflammatory.initial", "imaging.mri_sacroiliac", NOT, "V2"),
        ("inflammatory.next", "imaging.mri_sacroiliac", YES, "V2"),
        ("aortic.initial", "imaging.cta_aorta", YES, "V2"),
        ("pe.high", "imaging.ct_pulmonary_arteries", YES, "U"),
        ("pe.low_negative", "imaging.ct_pulmonary_arteries", NOT, "U"),
        ("hemoptysis.initial", "imaging.ct_chest", YES, "V2"),
        ("jaundice.initial", "imaging.ultrasound_abdomen", YES, "U"),
        ("bone_tumour.initial", "imaging.xray_thoracic", YES, "U"),
    ],
)  # fmt: skip
def test_a_row_says_what_the_table_says(
    protocol: Protocol, criterion: str, action: str, category: str, verified: str
) -> None:
    """Written by hand from imaging_criteria.md, with how far each was verified."""
    rating = _rating(protocol, criterion, action)
    assert (rating.category, rating.verified) == (category, verified)


def test_only_the_film_after_failed_care_was_disputed(protocol: Protocol) -> None:
    disputed = {
        (row.id, study)
        for row in protocol.imaging.criteria.values()
        for study in row.disputed
    }
    assert disputed == {("thoracic_2024.2", "xray_thoracic")}


def test_a_rating_is_one_line_with_its_verification(protocol: Protocol) -> None:
    after_injury = _rating(protocol, "thoracic_2024.4", "imaging.xray_thoracic")
    assert after_injury.words == (
        "ACR 2024, thoracic back pain, after a minor injury, or with weak bones, old "
        "age or long steroid use: usually appropriate (read in a secondary copy)"
    )
    disputed = _rating(protocol, "thoracic_2024.2", "imaging.xray_thoracic")
    assert "may be appropriate, the panel disagreed" in disputed.words
    completed = _rating(protocol, "pe.high", "imaging.ct_pulmonary_arteries")
    assert "ACR (edition not noted)" in completed.words
    assert completed.words.endswith("(not verified)")


def test_a_wider_study_says_for_which_part_it_was_rated(protocol: Protocol) -> None:
    """The table for cancer rates the thoracic spine, not the whole one."""
    whole = _rating(protocol, "thoracic_2024.5", "imaging.mri_whole_spine")
    assert whole.is_part
    assert "for MRI of the thoracic spine without contrast" in whole.words
    cord = _rating(protocol, "myelopathy_2021.thoracic", "imaging.mri_whole_spine")
    assert not cord.is_part


def test_radiation_stands_only_where_it_was_read(protocol: Protocol) -> None:
    """Levels for the thoracic spine alone were not."""
    studies = protocol.imaging.studies
    assert studies["xray_chest"].radiation == "under 0.1 mSv"
    assert studies["bone_scan"].radiation == "1 to 10 mSv"
    assert studies["pet_ct"].radiation == "10 to 30 mSv"
    assert studies["xray_thoracic"].radiation == studies["ct_thoracic"].radiation == ""


def test_no_rule_suggests_what_its_row_advises_against(protocol: Protocol) -> None:
    """Not even with a reason, as long as nobody has found one."""
    against = [rule.id for rule in protocol.rules if rule.criteria.why_against]
    assert against == []


def test_every_imaging_step_has_a_rating_or_a_reason(protocol: Protocol) -> None:
    steps = [
        (rule, step)
        for rule in protocol.rules
        for step in rule.steps
        if step.action.startswith("imaging.")
    ]
    assert len(steps) > 150
    for rule, step in steps:
        rated = protocol.imaging.ratings(step.action, rule.criteria.ids)
        assert rated or rule.criteria.why_none, (rule.id, step.action)


# What does not load


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "words"),
    [
        (CORD, 'criteria = ["book.cancer"]', 'criteria = ["book.nothing"]', RULE,
         "imaging.mri goes against its criterion: usually not appropriate."),
        (CORD, 'criteria = ["book.cancer"]\n', "", RULE,
         'imaging.mri: no criterion rates it. Add criteria = ["…"], or no_criterion'),
        (CORD, 'criteria = ["book.cancer"]', 'criteria = ["book.cancr"]', RULE,
         'There is no criterion "book.cancr". Did you mean "book.cancer"?'),
        (CORD, 'criteria = ["book.cancer"]',
         'criteria = ["book.cancer"]\nno_criterion = "None read."', RULE,
         "no_criterion is not needed"),
        (CORD, 'criteria = ["book.cancer"]',
         'criteria = ["book.cancer"]\nagainst_criteria = "Ours."', RULE,
         "against_criteria is not needed"),
        ("concerns/mechanical.toml", 'do = ["review.again"]',
         'do = ["review.again"]\ncriteria = ["book.cancer"]',
         "concerns/mechanical.toml, rule mechanical.pressure",
         "book.cancer rates none of the studies named here."),
        ("not_suggested.toml", EARLY, EARLY.replace("nothing", "cancer"),
         "not_suggested.toml, imaging.mri",
         "imaging.mri goes against its criterion: usually appropriate."),
        ("not_suggested.toml", 'why = "Too early."',
         'why = "Too early."\nonly_with = ["mechanicl"]',
         "not_suggested.toml, imaging.mri", 'Did you mean "mechanical"?'),
        ("criteria.toml", 'appropriate = ["mri"]', 'appropriate = ["mir"]',
         "criteria.toml, criterion book.cancer", 'There is no study "mir".'),
        ("criteria.toml", 'may = ["xray"]', 'may = ["xray", "mri"]',
         "criteria.toml, criterion book.cancer", "mri is rated twice."),
        ("criteria.toml", 'disputed = ["xray"]', 'disputed = ["xry"]',
         "criteria.toml, criterion book.cancer", 'Did you mean "xray"?'),
        ("criteria.toml", 'source = "BOOK"\ndocument', 'source = "BOKO"\ndocument',
         "criteria.toml, criterion book.cancer", 'There is no source "BOKO".'),
        ("criteria.toml", 'verified = "V2"', 'verified = "V3"',
         "criteria.toml, criterion book.nothing", "verified"),
        ("criteria.toml", 'radiation = "none"', 'radiation = "some"',
         "criteria.toml, study mri", "radiation"),
        ("criteria.toml", 'radiation_source = "BOOK"', "",
         "criteria.toml, study mri", "radiation_source is missing."),
        ("criteria.toml", 'action = "imaging.mri"', 'action = "imaging.mir"',
         "criteria.toml, study mri", 'There is no action "imaging.mir".'),
        ("criteria.toml", 'id = "xray"', 'id = "mri"', "criteria.toml, study mri",
         "There is another study with this id."),
        ("criteria.toml", 'id = "book.nothing"', 'id = "book.cancer"',
         "criteria.toml, criterion book.cancer",
         "There is another criterion with this id."),
        ("criteria.toml", 'not_appropriate = ["mri", "xray"]\n', "",
         "criteria.toml, criterion book.nothing", "No study is rated."),
        ("actions.toml", 'after = "2 wk"', 'after = "2 weeks"',
         "actions.toml, action review.again", "after is no clock."),
        ("actions.toml", 'after = "2 wk"', 'after = { sameday = "1 d" }',
         "actions.toml, action review.again", "after is no clock."),
        ("actions.toml", 'after = "2 wk"', 'result = "result.ers"',
         "actions.toml, action review.again", 'There is no question "result.ers".'),
    ],
)  # fmt: skip
def test_a_mistake_about_criteria_is_named(
    file: str, old: str, new: str, where: str, words: str, tmp_path: Path
) -> None:
    folder = copied(tmp_path)
    spoilt(folder, file, old, new)
    found = problems(folder)
    assert [p for p in found if p.where == where and words in str(p)], found


# What the assessment says


def test_a_suggestion_says_how_its_rows_rate_it() -> None:
    found = assessed({"cancer.history": "yes", "neuro.bladder": ["retention"]})
    (mri,) = [s for s in found.suggestions if s.action.id == "imaging.mri"]
    (rating,) = mri.criteria
    assert rating.words == (
        "BODY 2020, back pain, suspected cancer: usually appropriate "
        "(read in the source)"
    )
    assert all(not s.criteria for s in found.suggestions if s is not mri)


def test_two_rules_give_one_suggestion_the_rows_of_both() -> None:
    found = assessed(
        {
            "cancer.history": "yes",
            "neuro.bladder": ["retention"],
            "neuro.leg_weakness": {"left": "yes", "right": "no"},
            "neuro.progressing": "over_hours",
        }
    )
    (mri,) = [s for s in found.suggestions if s.action.id == "imaging.mri"]
    assert {r.criterion.id for r in mri.criteria} == {"book.cancer", "book.nothing"}


def test_what_is_not_suggested_says_its_rows_too() -> None:
    found = assessed({"pain.duration": quantity(2, "wk")})
    (mri,) = found.not_suggested
    assert [r.category for r in mri.criteria] == ["usually_not_appropriate"]


def test_nothing_cited_is_nothing_rated(protocol: Protocol) -> None:
    assert protocol.imaging.ratings("imaging.mri_thoracic", CriteriaCited().ids) == ()
