"""Evidence cards: complete for every published case, and read off the rules."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from intake.answers import Answers
from intake.assessment import assess
from intake.card_json import cards_json
from intake.case_file import read_case
from intake.evidence_card import (
    EvidenceCard,
    card_of_concern,
    card_of_suggestion,
    cards_of,
)
from intake.patient import Patient
from intake.protocol import Protocol, Tier
from intake.protocol_loader import default_protocol
from intake.record import Record
from tests.intake.small import ON, quantity, small_protocol

PUBLISHED = Path(__file__).parents[1] / "cases" / "published"
SAMPLE = files("intake") / "samples" / "sample_visit.json"
CANCER = {"cancer.history": "yes", "pain.duration": quantity(5, "wk")}
#: A figure said as a ratio or as a share of something nobody sees.
_NO_COUNT = re.compile(r"%|likelihood|probability|risk of \d")


def _record(protocol: Protocol, content: bytes) -> Record:
    case = read_case(content, protocol, today=date(2026, 11, 24))
    found = assess(protocol, case.patient, case.answers, case.on)
    return Record(case.patient, case.on, case.answers, found)


def _published() -> Iterator[tuple[str, bytes]]:
    yield "sample", SAMPLE.read_bytes()
    for path in sorted(PUBLISHED.glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        given = {key: case[key] for key in ("patient", "on", "answers")}
        yield path.stem, json.dumps(given).encode()


CASES = dict(_published())


def _small(answers: Mapping[str, Any], age: int = 50) -> Record:
    """Return a visit of a man under the small protocol."""
    who = Patient("p", stated_age=age, sex_at_birth="male")
    given = Answers(answers)
    return Record(who, ON, given, assess(small_protocol(), who, given, ON))


def _gaps(card: EvidenceCard) -> list[str]:
    """Return what a card lacks."""
    found = [] if card.reasons else ["no reason"]
    for reason in card.reasons:
        if not (reason.statement and reason.status and reason.id):
            found.append("a reason that says nothing")
        if not reason.inputs:
            found.append(f"{reason.id}: no answer of this patient")
        if not all(used.label and used.value for used in reason.inputs):
            found.append(f"{reason.id}: an answer without words")
        if not reason.sources:
            found.append(f"{reason.id}: no source")
    found += [
        f"{source.id}: incomplete"
        for source in card.sources
        if not (
            source.title
            and source.year
            and source.says
            and source.verified_words
            and source.read_words
        )
    ]
    found += [
        f"{figure.text}: no group, setting or source"
        for figure in card.figures
        if not (figure.text and figure.group and figure.setting and figure.sources)
    ]
    if not (card.status and card.warnings and card.outside_scope):
        found.append("no status, warning or scope")
    return found


@pytest.mark.parametrize("name", CASES)
def test_every_concern_and_suggestion_has_a_complete_card(name: str) -> None:
    """Reliability and UX, B3: no suggestion without a card."""
    record = _record(default_protocol(), CASES[name])
    concerns, suggestions = cards_of(record)
    assessment = record.assessment

    assert [c.id for c in concerns] == [c.concern.id for c in assessment.concerns]
    assert [c.id for c in suggestions] == [s.action.id for s in assessment.suggestions]
    assert [gap for card in (*concerns, *suggestions) for gap in _gaps(card)] == []
    assert all(card.does_not_fit for card in concerns)


def test_a_card_with_something_missing_is_found_incomplete() -> None:
    """The test above can fail: each kind of gap is found."""
    concerns, _ = cards_of(_record(default_protocol(), CASES["sample"]))
    whole = concerns[0]
    reason, figure = whole.reasons[0], whole.figures[0]
    source = reason.sources[0]
    spoilt = [
        replace(whole, reasons=()),
        replace(whole, warnings=()),
        replace(whole, reasons=(replace(reason, sources=()),)),
        replace(whole, reasons=(replace(reason, inputs=()),)),
        replace(whole, figures=(replace(figure, setting=""),)),
        *(
            replace(whole, reasons=(replace(reason, sources=(spoilt_source,)),))
            for spoilt_source in (
                replace(source, title=""),
                replace(source, year=""),
                replace(source, says=""),
                replace(source, verified_words=""),
                replace(source, read_words=""),
            )
        ),
    ]

    assert _gaps(whole) == []
    assert [bool(_gaps(card)) for card in spoilt] == [True] * len(spoilt)


@pytest.mark.parametrize("name", CASES)
def test_a_reason_names_the_answers_that_made_its_rule_fire(name: str) -> None:
    """Those of the assessment, no more and no less; age and sex stand beside them."""
    record = _record(default_protocol(), CASES[name])
    questions = record.assessment.protocol.questions
    built_in = {"core_done", "nothing_above_monitor"}
    fired = {f.rule.id: f for c in record.assessment.concerns for f in c.rules}
    for card in cards_of(record)[0]:
        for reason in card.reasons:
            used = {one.question for one in reason.inputs}
            if not used & built_in:
                assert used & questions.keys() == fired[reason.id].answers.keys()


def test_an_answer_is_shown_with_the_finding_it_went_through() -> None:
    card = card_of_concern(
        _small({"cancer.history": "yes", "neuro.bladder": ["retention"]}),
        "cord_compression",
    )
    used = {one.question: one for one in card.reasons[0].inputs}

    assert used["cancer.history"].through == ()
    assert used["neuro.bladder"].through == ("built on two other findings",)


def test_not_asked_and_unsure_stand_apart() -> None:
    card = card_of_concern(
        _small({**CANCER, "general.weight_loss": "unsure"}), "spinal_malignancy"
    )
    states = {one.question: one.state for one in card.inputs_missing}

    assert states["general.weight_loss"] == "unsure"
    assert states["cancer.treatment_ended"] == "not_asked"
    assert "cancer.history" not in states


def test_an_answer_that_another_one_contradicts_is_called_conflicting() -> None:
    """Eight weeks by date, five by word; a fifth more or less is rounding."""
    apart = _small({**CANCER, "pain.onset_date": "2026-09-27"})
    close = _small({**CANCER, "pain.onset_date": "2026-10-19"})
    states = [
        {one.question: one.state for one in card.inputs_missing}
        for card in (
            card_of_concern(apart, "spinal_malignancy"),
            card_of_concern(close, "spinal_malignancy"),
        )
    ]

    assert states[0]["pain.duration"] == "conflicting"
    assert "pain.duration" not in states[1]


def test_a_card_says_what_could_raise_it_and_how_far() -> None:
    card = card_of_concern(_small(CANCER), "spinal_malignancy")
    first = card.could_raise[0]

    assert card.tier is Tier.WITHIN_14_DAYS
    assert (first.rule, first.tier) == ("malignancy.treated", Tier.WITHIN_7_DAYS)
    waits_for = {one.question for one in first.waits_for}
    assert waits_for == {"cancer.treatment_ended", "cancer.types"}
    assert all(one.tier > card.tier for one in card.could_raise)


def test_a_card_says_what_would_hold_it_back() -> None:
    held = card_of_concern(_small(CANCER), "spinal_malignancy").held_back_when[0]
    ruled_out = card_of_concern(
        _small({**CANCER, "pain.with_movement": "no"}), "spinal_malignancy"
    ).held_back_when[0]

    assert held.words.startswith("The examination explains the pain")
    assert held.now is None
    assert {m.question for m in held.waits_for} == {
        "exam.explains",
        "pain.with_movement",
    }
    assert ruled_out.now is False


def test_a_card_says_which_result_would_move_it() -> None:
    record = _record(default_protocol(), CASES["mets-breast-37f"])
    results = card_of_concern(record, "spinal_malignancy").results
    film = next(one for one in results if one.question == "result.xray_thoracic")

    assert film.brought_by == ("X-ray of the thoracic spine",)
    assert any("suspicious" in because for _tier, because in film.leads_to)


def test_what_the_scope_suggests_has_a_card_with_a_source() -> None:
    card = card_of_suggestion(_small({}, age=15), "referral.paediatrician")

    assert card.reasons[0].inputs[0].value == "15 years"
    assert card.reasons[0].sources[0].verified == "P"
    assert [one.applies for one in card.outside_scope] == [True, None]


def test_what_is_not_raised_has_no_card() -> None:
    with pytest.raises(KeyError):
        card_of_concern(_small({}), "spinal_malignancy")
    with pytest.raises(KeyError):
        card_of_suggestion(_small({}), "imaging.mri")


def test_cards_are_json() -> None:
    found = cards_json(_record(default_protocol(), CASES["sample"]))
    card = found["concerns"]["spinal_malignancy"]

    assert json.loads(json.dumps(found)) == found
    assert card["reasons"][0]["sources"][0]["verified_words"] == "read in the source"
    assert {one["state"] for one in card["inputs_missing"]} <= {
        "not_asked",
        "unsure",
        "inexact",
        "conflicting",
    }


def test_every_figure_is_a_count_in_a_group_and_none_is_unverified() -> None:
    """`screens.md`: natural frequencies; the evidence base: U is never shown."""
    for concern in default_protocol().concerns.values():
        assert concern.does_not_fit.endswith(".")
        assert concern.evidence
        for one in concern.evidence:
            assert not _NO_COUNT.search(one.text), one.text
            assert one.group
            assert one.setting
            assert "U" not in {citation.verified for citation in one.sources}


def test_figures_of_low_back_pain_are_marked() -> None:
    """A figure whose every source studied low back pain is about low back pain."""
    protocol = default_protocol()
    for concern in protocol.concerns.values():
        for one in concern.evidence:
            studied = {protocol.sources[c.source].low_back for c in one.sources}
            assert one.low_back is (studied == {True}), one.text
