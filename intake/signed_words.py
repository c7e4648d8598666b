"""A signed visit and its addenda in words, in parts, for screen and console.

What was asked is told in the words of today's protocol, which has them; what it does
not know any more is told as it was stored.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intake.answers import Value
from intake.as_signed import SignedVisit
from intake.confirmations import Confirmation
from intake.decisions import EMERGENCY, Decision
from intake.fitting import said
from intake.outcome import suspected
from intake.protocol import Protocol
from intake.signing import Addendum

KINDS = {
    "addendum": "Note",
    "result": "Result",
    "correction": "Correction",
    "entered_in_error": "Entered in error",
}
_THRUST = {
    "blocked": "No thrust",
    "caution": "Thrust only with caution",
    "no_block_found": "No block for a thrust found in what was asked",
}
_THRUST_UNDECIDED = "A thrust could not be judged: basic questions were not answered"
_OPEN = ("not_asked", "unsure")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with what stands below it."""

    title: str
    lines: tuple[str, ...]


def signed_parts(signed: SignedVisit, protocol: Protocol) -> list[Part]:
    """Return a visit as it was signed: the signature, the assessment, the answers."""
    return [
        _signature(signed, protocol),
        *_assessment(signed.assessment),
        *_decided(signed, protocol),
        *_unconfirmed(signed, protocol),
        *answer_parts(signed.answers, protocol),
        _proof(signed),
    ]


def addendum_parts(addenda: Iterable[Addendum], protocol: Protocol) -> list[Part]:
    """Return addenda in order; one that was altered tells only that."""
    return [_addendum(one, protocol) for one in addenda]


def in_error_parts(addenda: Iterable[Addendum]) -> list[Part]:
    """Return what stands above a visit that an addendum marks as entered in error."""
    if all(one.kind != "entered_in_error" for one in addenda):
        return []
    told = "This visit should not be here: do not rely on it for this patient."
    return [Part("ENTERED IN ERROR", (told, "Who says so, and why, is at the end."))]


def late_parts(decisions: Iterable[Decision], protocol: Protocol) -> list[Part]:
    """Return the decisions that came in after the signature, and are not part of it."""
    late = tuple(_decision(one, protocol) for one in decisions if one.is_late)
    return [Part("Decided after the signature, and not signed", late)] if late else []


def late_confirmation_parts(
    confirmations: Iterable[Confirmation], protocol: Protocol
) -> list[Part]:
    """Return the confirmations that came in after the signature; they count nothing."""
    lines = []
    for one in confirmations:
        if one.is_late:
            question = protocol.questions.get(one.question)
            label = question.label if question else one.question
            said = "confirmation taken back" if one.is_taken_back else "confirmed"
            lines.append(f"{label}: {said} by {one.who}, {one.at:%Y-%m-%d %H:%M %Z}")
    title = "Confirmed after the signature, and not signed"
    return [Part(title, tuple(lines))] if lines else []


def answer_parts(answers: Mapping[str, Value], protocol: Protocol) -> list[Part]:
    """Return answers by section, in the order of the form."""
    parts = [
        Part(
            section.title,
            tuple(
                f"{question.label}: {said(protocol, question.id, answers[question.id])}"
                for question in protocol.by_section[section.id]
                if question.id in answers
            ),
        )
        for section in protocol.sections
    ]
    unknown = tuple(
        f"{question}: {json.dumps(value, ensure_ascii=False)}"
        for question, value in answers.items()
        if question not in protocol.questions
    )
    parts.append(Part("Answers to questions that are not asked any more", unknown))
    return [part for part in parts if part.lines]


def _signature(signed: SignedVisit, protocol: Protocol) -> Part:
    licence = f", licence {signed.licence}" if signed.licence else ""
    lines = [
        f"By {signed.signer}{licence}, {signed.at:%Y-%m-%d %H:%M %Z}",
        f"Visit of {signed.on:%Y-%m-%d}",
    ]
    matches = "It still matches: nothing was altered since."
    lines.append(matches if signed.is_whole else "IT DOES NOT MATCH: it was altered.")
    if signed.protocol_digest != protocol.digest:
        lines.append(
            f"Questions are told in the words of protocol {protocol.version}, today's."
        )
    return Part("Signed", tuple(lines))


def _proof(signed: SignedVisit) -> Part:
    """Return what nobody reads but who checks a signature; so it stands last."""
    lines = (
        f"Protocol {signed.protocol_id} {signed.protocol_version}",
        f"Digest of the protocol: {signed.protocol_digest}",
        f"Digest of what was signed (SHA-256): {signed.digest}",
    )
    return Part("For whoever checks the signature", lines)


def _assessment(assessment: Mapping[str, Any]) -> Iterator[Part]:
    """Give the assessment that was signed; it is not worked out again."""
    used = assessment["protocol"]
    lines = [words for words in (used["warning"], used["outdated"]) if words]
    if assessment["could_be"] != assessment["tier"]:
        could = assessment["could_be"].replace("_", " ")
        lines.append(f"Open questions could have raised it, up to {could}.")
    lines += assessment["scope"]["because"]
    waiting = sum(state in _OPEN for state in assessment["red_flags"].values())
    lines.append(f"Warning signs that were not settled: {waiting}")
    yield Part(f"Assessment as signed: {assessment['headline']}", tuple(lines))
    for one in assessment["concerns"]:
        title = suspected(one["title"])
        because = tuple(rule["because"] for rule in one["rules"])
        yield Part(
            f"Findings listed in referral criteria for suspected {title}", because
        )
    suggested = tuple(one["text"] for one in assessment["suggestions"])
    if suggested:
        yield Part("Suggested", suggested)
    therapy = assessment["manual_therapy"]
    verdict = _THRUST[therapy["thrust"]]
    if therapy["thrust"] == "no_block_found" and not assessment["core_done"]:
        verdict = _THRUST_UNDECIDED
    words = (verdict, *therapy["because"], *therapy["instead"])
    yield Part("Manual therapy", words)


def _decided(signed: SignedVisit, protocol: Protocol) -> Iterator[Part]:
    """Give what was decided, and what of it did not hold any more at the signature."""
    holds, others = [], []
    for one in signed.decisions:
        words, why_not = _decision(one, protocol), signed.settled[one.id]
        if why_not:
            others.append(f"{words}: {why_not}")
        else:
            holds.append(words)
    decided = {one.subject for one in signed.decisions if not signed.settled[one.id]}
    if signed.decisions:
        holds += [
            f"{_subject(one['id'], protocol)}: not decided"
            for one in signed.assessment["suggestions"]
            if one["id"] not in decided
        ]
        yield Part("Decided", tuple(holds))
    if others:
        yield Part("Decided earlier in the visit", tuple(others))


def _unconfirmed(signed: SignedVisit, protocol: Protocol) -> Iterator[Part]:
    """Give the answers that no clinician entered or confirmed; both names are told."""
    for title, is_confirmed in (("Not confirmed", False), ("Confirmed", True)):
        lines = []
        for one in signed.entered:
            if one.is_confirmed is is_confirmed:
                question = protocol.questions.get(one.question)
                label = question.label if question else one.question
                lines.append(f"{label}: {one.in_words}")
        if lines:
            yield Part(f"{title} by a clinician: {len(lines)}", tuple(lines))


def _decision(one: Decision, protocol: Protocol) -> str:
    """Return who decided what; times are told as the signature's own."""
    told = f"{_subject(one.subject, protocol)}: {one.in_words}"
    return f"{told} ({one.who}, {one.at:%Y-%m-%d %H:%M %Z})"


def _subject(subject: str, protocol: Protocol) -> str:
    if subject == EMERGENCY:
        return "Emergency checklist"
    action = protocol.actions.get(subject)
    return action.label.rstrip(".") if action else subject


def _addendum(one: Addendum, protocol: Protocol) -> Part:
    title = f"Addendum {one.number}: {KINDS[one.kind].lower()}"
    if not one.is_whole:
        return Part(title, ("IT DOES NOT MATCH its digest: it was altered.",))
    _, author = one.author
    lines = [f"By {author}, {one.at:%Y-%m-%d %H:%M %Z}"]
    lines += one.text.splitlines()
    for question_id, value in one.answers.items():
        question = protocol.questions.get(question_id)
        label = question.label if question else question_id
        words = json.dumps(value, ensure_ascii=False)
        if value is None:
            words = "taken back: not asked"
        elif question is not None:
            words = said(protocol, question.id, value)
        lines.append(f"{label}: {words}")
    lines.append(f"Digest {one.digest}, which still matches.")
    return Part(title, tuple(lines))
