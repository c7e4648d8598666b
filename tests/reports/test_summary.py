"""The visit summary says what was recorded, and nothing that was not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.due import due_words
from intake.outcome import AskNext, HeldBack, RaisedConcern
from intake.protocol import Question, Reviewer, Tier
from intake.protocol_loader import default_protocol
from intake.record import Record
from reports.content import Chart, Columns, Notice, Table
from reports.documents import PdfDocuments
from reports.summary import summary
from reports.wording import in_sentence, label_of
from tests.reports.records import (
    ON,
    by_hand,
    letter_text,
    pages_of,
    record,
    sample,
    summary_text,
    words_of,
)

PROTOCOL = default_protocol()
WARNING = "Rules not reviewed by a licensed clinician, not for real patients."
FLAGS = [q.id for q in PROTOCOL.questions.values() if q.kind == "flag" and not q.sided]


def said(given: Record) -> str:
    return words_of(summary(given))


def tables(given: Record, head: str) -> list[list[str]]:
    """Return the rows of the table with this first head, also inside columns."""
    blocks: list[Any] = []
    for block in summary(given).blocks:
        both = (*block.left, *block.right) if isinstance(block, Columns) else (block,)
        blocks += both
    return [
        ["".join(run.text for run in cell) for cell in row]
        for block in blocks
        if isinstance(block, Table) and block.head[0] == head
        for row in block.rows
    ]


def test_the_sample_says_what_a_clinician_has_to_know() -> None:
    text = summary_text(sample())

    for words in (
        WARNING,
        "DRAFT, not signed",
        "68 years, female",
        "Urgent: within 7 days",
        "It aches in the middle of my back",
        "(1) aching, back, midline, T7 to T8",
        "Findings listed in referral criteria for suspected cancer in the spine",
        "Asked, not known: osteoporosis",
        "138/82 mmHg",
        "36.8 °C (98.2 °F)",
        "Thrust manipulation: BLOCKED",
        "version 2026.11.1",
        PROTOCOL.digest,
        "License no.",
    ):
        assert words in text, words


def test_the_sample_takes_no_more_pages_than_a_reader_turns() -> None:
    """Four clinical pages; sources and protocol may follow on the last."""
    assert len(pages_of(PdfDocuments().summary(sample()))) <= 5


def test_nothing_recorded_is_printed_as_not_asked_and_never_as_no() -> None:
    text = said(record())

    assert "Answered no" not in text
    assert "None or normal" not in text
    assert "absent" not in text
    assert "Not asked: history of cancer" in text


def test_an_estimated_age_is_printed_as_one() -> None:
    unknown = replace(
        sample().patient,
        family_name="",
        given_name="",
        preferred_name="",
        birth_date="",
        stated_age=40,
        age_margin=10,
    )
    text = said(replace(sample(), patient=unknown))
    assert "Name not recorded" in text
    assert "about 40 years, estimated (30 to 50)" in text
    assert "birth date not known, age estimated" in text


def test_red_flags_stand_in_four_states() -> None:
    rows = tables(
        record(
            {
                "cancer.history": "yes",
                "general.weight_loss": "no",
                "general.fatigue": "no",
                "general.night_sweats": "unsure",
                "neuro.saddle_numb": "no",
                "neuro.bladder": ["none"],
                "neuro.bowel": ["none"],
            }
        ),
        "Red flag",
    )
    states = {row[0]: row[1] for row in rows}

    assert states["Cancer, now or ever"] == "PRESENT"
    assert states["Trouble controlling bladder or bowel"] == "absent"
    assert (
        states["Unexplained weight loss, fatigue or night sweats"] == "asked, not known"
    )
    assert states["Weakness, numbness or tingling in arms or legs"] == "not asked"
    assert len(rows) == len(PROTOCOL.red_flags)


@given(
    st.dictionaries(
        st.sampled_from(FLAGS), st.sampled_from(["yes", "no", "unsure"]), max_size=25
    )
)
@settings(max_examples=30)
def test_only_a_recorded_no_is_printed_as_no(answers: dict[str, str]) -> None:
    """Whatever was not asked, or not known, must not be read as a negative."""
    made = record(answers)
    hidden = made.assessment.hidden
    negatives = " ".join(
        "".join(words).partition("Answered no: ")[2].partition(".")[0]
        for words in _paragraphs(made)
        if "Answered no: " in "".join(words)
    )
    for question in FLAGS:
        label = in_sentence(label_of(PROTOCOL.questions[question]))
        listed = f"; {label};" in f"; {negatives.replace(' ; ', '; ')};"
        if answers.get(question) != "no" or question in hidden:
            same_words = [
                q
                for q, value in answers.items()
                if value == "no"
                and label in in_sentence(label_of(PROTOCOL.questions[q]))
            ]
            assert not listed or same_words, question


def _paragraphs(given: Record) -> list[list[str]]:
    return [list(block.texts()) for block in summary(given).blocks]


def test_a_declined_question_is_printed_as_declined() -> None:
    text = said(record({"general.fever": "unsure"}, declined=["general.fever"]))
    assert "Declined to answer: fever in the last 2 weeks" in text


def test_left_and_right_stand_beside_each_other() -> None:
    answers = {
        "exam.strength.hip_flexion": {"left": "4", "right": "5"},
        "exam.reflex.knee": {"left": "3"},
        "exam.sensation.T4": {"left": "normal", "right": "normal"},
        "exam.sensation.T5": {"left": "normal", "right": "normal"},
        "exam.sensation.T6": {"left": "reduced", "right": "normal"},
        "exam.rom.rotation": {
            "left": {"value": 30, "unit": "deg"},
            "right": {"value": 20, "unit": "deg"},
        },
    }
    made = record(answers)

    assert tables(made, "Strength") == [["Hip flexion (L2)", "4/5", "5/5"]]
    assert tables(made, "Reflexes") == [["Knee", "3+", "not examined"]]
    assert tables(made, "Sensation") == [
        ["T4, T5", "normal", "normal"],
        ["T6", "reduced", "normal"],
    ]
    assert tables(made, "Range of motion") == [["Rotation", "30 degrees", "20 degrees"]]


def test_a_dermatome_nobody_examined_is_in_no_range() -> None:
    """With "T2 to T6: normal" somebody would have felt T4."""
    normal = {"left": "normal", "right": "normal"}
    places = ("T2", "T3", "T5", "T6", "T7", "L1")
    made = record({f"exam.sensation.{place}": normal for place in places})

    assert tables(made, "Sensation") == [["T2, T3, T5 to T7, L1", "normal", "normal"]]


def test_an_answer_set_aside_is_named_and_not_mixed_in() -> None:
    made = record({"cancer.history": "no", "cancer.active": "yes"})
    assert "cancer.active" in made.assessment.hidden

    text = said(made)

    assert (
        "Set aside, since the answer they depend on excludes them now: "
        "cancer active or under treatment." in text
    )
    assert "Cancer active or under treatment: yes" not in text


def test_a_rule_held_back_or_failed_is_printed() -> None:
    rule = PROTOCOL.rules[0]
    made = by_hand(
        held_back=(HeldBack(rule, "Movement brings it on."),), failed_rules=("x.y",)
    )

    text = said(made)

    assert "Held back: Movement brings it on." in text
    assert "Could not be evaluated, judge yourself: x.y" in text


def test_open_questions_are_named_with_what_they_could_raise() -> None:
    question = Question("a.b", "flag", "only", "core", "Bladder trouble", "desk")
    made = by_hand(
        [question],
        could_be=Tier.SAME_DAY,
        open_questions=("a.b",),
        ask_next=(AskNext("a.b", Tier.SAME_DAY, "not_asked", True, ("r",)),),
    )

    text = said(made)

    assert "Nothing urgent in what was asked so far, 1 question open" in text
    assert "Could raise this to same day: emergency department" in text
    assert "not asked: bladder trouble." in text


def test_the_banner_goes_once_a_clinician_has_reviewed_the_rules() -> None:
    reviewed = by_hand(reviewers=(Reviewer("Dr. A. Example", "FL 1", ON),))

    assert WARNING in said(by_hand())
    assert WARNING not in said(reviewed)
    assert "Reviewed by Dr. A. Example, license FL 1" in said(reviewed)


@pytest.mark.parametrize("document", [summary_text, letter_text])
@pytest.mark.parametrize("printed", [False, True])
def test_rules_past_their_review_by_date_are_said_to_be(
    document: Callable[[Record], str],
    printed: bool,
) -> None:
    """From the day after, whether of the visit or of printing; on every page."""
    last = PROTOCOL.review_by
    after = last + timedelta(days=1)
    words = f"Rules out of date: they were to be reviewed by {last}."
    made = replace(record(), on=last)

    assert words not in document(made)

    if printed:
        late = replace(made, printed_at=datetime(*after.timetuple()[:3], 9, tzinfo=UTC))
    else:
        late = replace(made, on=after)
    # As a banner, and at the foot of the pages.
    assert document(late).count(words) >= 2
    assert WARNING in document(late)


def test_a_reviewed_rule_names_its_reviewer_and_the_day() -> None:
    made = sample()
    first = made.assessment.concerns[0]
    rule = replace(
        first.rules[0].rule,
        status="reviewed",
        reviewer="Dr. A. Example",
        reviewed_on=ON,
    )
    concern = replace(first, rules=(replace(first.rules[0], rule=rule),))
    assessment = replace(made.assessment, concerns=(concern,))

    text = said(replace(made, assessment=assessment))

    assert "Reviewed by Dr. A. Example on Nov 22, 2026." in text
    assert "Reviewed by Dr. A. Example" not in said(made)


def test_each_concern_says_why_on_whose_authority_and_how_sure() -> None:
    made = sample()
    raised: RaisedConcern = made.assessment.concerns[0]
    text = said(made)
    cited = {c.source for c in raised.rules[0].rule.sources if c.verified != "P"}

    assert raised.rules[0].rule.because[:60] in text
    assert "no rule named here was reviewed; each is a proposal" in text
    for source in cited:
        assert f"{PROTOCOL.sources[source].title.rstrip('.')}" in text
        assert str(PROTOCOL.sources[source].year) in text
    assert "excerpt read" in text
    assert "proposal of the authors of this program, no guideline".capitalize() in text


def test_the_body_chart_is_drawn_and_said_in_words() -> None:
    marks = [
        {
            "region": "mid_thoracic",
            "view": "back",
            "x": 0.5,
            "y": 0.34,
            "quality": "burning",
            "levels": ["T7"],
        },
        {
            "region": "chest_front",
            "view": "front",
            "x": 0.4,
            "y": 0.26,
            "quality": "numb",
        },
    ]
    made = record({"pain.map": marks})
    charts = [
        block
        for columns in summary(made).blocks
        if isinstance(columns, Columns)
        for block in columns.left
        if isinstance(block, Chart)
    ]

    assert [len(chart.marks) for chart in charts] == [2]
    text = summary_text(made)
    assert "(1) burning, back, midline, T7; (2) numb, front" in text
    for word in ("RIGHT LEFT", "LEFT RIGHT", "Front", "Back"):
        assert word in text


def test_a_visit_without_a_mark_has_no_empty_chart() -> None:
    text = summary_text(record({"pain.now": 3}))
    assert "Body chart: not asked" in text
    assert "Front" not in text


def test_results_carry_date_and_limits_and_unverified_limits_say_so() -> None:
    text = said(
        record(
            {
                "result.esr": {"value": 60, "unit": "mm/h"},
                "result.dates.esr": "2026-11-10",
                "result.crp": {"value": 9, "unit": "mg/L", "high": 5},
            }
        )
    )
    assert "ESR: 60 mm/h (program's limits, unverified:" in text
    assert "mm/h), Nov 10, 2026." in text
    assert "CRP: 9 mg/L (laboratory's limits: up to 5 mg/L), date not recorded." in text


def test_the_time_of_printing_stands_in_the_foot_when_it_is_known() -> None:
    made = replace(sample(), printed_at=datetime(2026, 11, 22, 9, 5, tzinfo=UTC))
    assert summary(made).frame.status == (
        "DRAFT, not signed, printed Nov 22, 2026, 09:05 UTC"
    )


def test_what_is_signed_is_no_draft_any_more() -> None:
    at = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
    made = replace(sample(), clinician="Ann Ash", signed_at=at, printed_at=at)
    assert summary(made).frame.status == (
        "Signed by Ann Ash, Nov 22, 2026, 09:05 UTC, printed Nov 22, 2026, 09:05 UTC"
    )


def test_the_result_stands_on_the_first_page_in_a_frame() -> None:
    notices = [b for b in summary(sample()).blocks if isinstance(b, Notice)]
    assert [notice.kind for notice in notices] == ["warning", "result"]


@pytest.mark.parametrize("text", ["Known cancer", "Less than"])
def test_a_concern_is_never_called_a_diagnosis(text: str) -> None:
    assert "diagnosis of" not in said(sample()).lower()


def test_the_summary_dates_each_review_and_rates_each_study() -> None:
    """A recheck without a day is only a good intention."""
    text = said(record({"cancer.history": "yes", "pain.wakes_at_night": "yes"}))
    due = due_words(ON + timedelta(days=14))
    assert f"(by {due})" in text
    assert "ACR 2024, thoracic back pain, suspected cancer or infection" in text
    assert "may be appropriate (read in a secondary copy)" in text
