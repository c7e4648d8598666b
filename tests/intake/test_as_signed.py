"""A signed visit is read from what was signed, and whatever was altered shows."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from intake.answers import Answers
from intake.as_signed import as_signed, faults_of, readable
from intake.assessment import assess
from intake.outcome_json import assessment_json
from intake.patient import Patient
from intake.people import Person
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.signed_words import Part, addendum_parts, signed_parts
from intake.signing import Addendum, addendum, signature
from intake.visit import Signature, Visit

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DOCTOR = Person("doc", "Dr. Kim", frozenset({"clinician"}), licence="CH 1")
PATIENT = Patient("p1", "Moreno", "Ana", birth_date="1958-03-14")
ANSWERS = Answers({"pain.now": 7, "cancer.history": "yes", "gone.question": "x"})


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def visit_signed(protocol: Protocol, answers: Answers = ANSWERS) -> Visit:
    """Return a visit that Dr. Kim signed at noon."""
    day = date(2026, 11, 24)
    visit = Visit(
        "v1", "p1", day, NOON, protocol.id, protocol.version, protocol.digest,
        revision=3, answers=answers,
    )  # fmt: skip
    # The protocol that was signed with asked one question more than today's.
    known = answers.without(frozenset({"gone.question"}))
    told = assessment_json(assess(protocol, PATIENT, known, day))
    return replace(visit, signature=signature(visit, PATIENT, told, DOCTOR, NOON))


def mark_of(visit: Visit) -> Signature:
    """Return the signature of a signed visit."""
    assert visit.signature is not None
    return visit.signature


def added(visit: Visit, *texts: str) -> list[Addendum]:
    """Return addenda that follow one another."""
    found: list[Addendum] = []
    for place, text in enumerate(texts):
        answers = {"pain.now": 3, "cancer.history": None}
        found.append(
            addendum(
                f"a{place}", visit, found, "correction", DOCTOR, NOON,
                text=text, answers=answers,
            )
        )  # fmt: skip
    return found


def lines_of(parts: list[Part]) -> str:
    return "\n".join([line for part in parts for line in (part.title, *part.lines)])


def test_everything_signed_comes_back(protocol: Protocol) -> None:
    visit = visit_signed(protocol)
    signed = as_signed(mark_of(visit))

    assert signed.patient == PATIENT
    assert signed.answers == ANSWERS
    assert (signed.visit_id, signed.revision, signed.on) == ("v1", 3, visit.on)
    assert (signed.signer, signed.licence, signed.at) == ("Dr. Kim", "CH 1", NOON)
    assert signed.protocol_digest == protocol.digest
    assert signed.is_whole


def test_words_tell_signer_protocol_digest_assessment_and_answers(
    protocol: Protocol,
) -> None:
    signed = as_signed(mark_of(visit_signed(protocol)))
    text = lines_of(signed_parts(signed, protocol))

    for words in (
        "Dr. Kim, licence CH 1, 2026-11-24 12:00 UTC",
        protocol.version,
        signed.digest,
        "still matches",
        signed.assessment["headline"],
        protocol.warning,
        f"{protocol.questions['pain.now'].label}: 7",
        'gone.question: "x"',
    ):
        assert words in text


def test_a_thrust_is_not_cleared_while_basic_questions_were_open(
    protocol: Protocol,
) -> None:
    """The panel and the summary say so; what was signed must read the same."""
    signed = as_signed(mark_of(visit_signed(protocol)))
    free = {**signed.assessment["manual_therapy"], "thrust": "no_block_found"}

    def told(*, core_done: bool) -> str:
        changed = {"manual_therapy": free, "core_done": core_done}
        one = replace(signed, assessment={**signed.assessment, **changed})
        return lines_of(signed_parts(one, protocol))

    assert "A thrust could not be judged" in told(core_done=False)
    assert "No block for a thrust" not in told(core_done=False)
    assert "No block for a thrust" in told(core_done=True)


def test_an_answer_that_does_not_fit_today_is_told_as_it_was_stored(
    protocol: Protocol,
) -> None:
    """The protocol took an option away since; the signed answer is still there."""
    visit = visit_signed(protocol)
    content = mark_of(visit).content.replace('"pain.now":7', '"pain.now":{"old":7}')
    text = lines_of(
        signed_parts(as_signed(replace(mark_of(visit), content=content)), protocol)
    )

    assert '{"old": 7}' in text
    assert "DOES NOT MATCH" in text


def test_nothing_is_wrong_with_what_nobody_touched(protocol: Protocol) -> None:
    visit = visit_signed(protocol)

    assert faults_of(mark_of(visit), added(visit, "one", "two")) == []


def test_every_alteration_shows(protocol: Protocol) -> None:
    visit = visit_signed(protocol)
    mark = mark_of(visit)
    first, second = added(visit, "one", "two")
    changed = replace(first, content=first.content.replace("one", "other"))

    assert faults_of(replace(mark, content=mark.content + " "), []) != []
    assert faults_of(mark, [changed, second]) != []
    assert faults_of(mark, [second]) != [], "one was taken away"
    assert faults_of(mark, [second, first]) != [], "they were turned round"


def test_an_altered_addendum_shows_nothing_of_itself(protocol: Protocol) -> None:
    (one,) = added(visit_signed(protocol), "The film is normal.")
    altered = replace(one, content=one.content.replace("normal", "broken"))
    text = lines_of(addendum_parts([one, altered], protocol))

    assert "The film is normal." in text
    assert "taken back: not asked" in text
    assert "broken" not in text
    assert "IT DOES NOT MATCH" in text


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"visit": 1}'])
def test_what_cannot_be_read_is_no_visit(protocol: Protocol, content: str) -> None:
    mark = replace(mark_of(visit_signed(protocol)), content=content)

    assert readable(mark) is None
    assert faults_of(mark, []) != []
