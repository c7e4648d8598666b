"""A signed visit assessed again with today's protocol, and what comes out differently.

The signed answers, with what addenda say over them, go through the protocol of today;
nothing is stored, and the signed assessment stays what it is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from intake.answer_words import answer_in_words
from intake.answers import Value
from intake.as_signed import SignedVisit
from intake.assessment import assess
from intake.fitting import fits, misfits
from intake.outcome import suspected
from intake.outcome_json import assessment_json
from intake.protocol import Protocol, Question, Tier
from intake.signing import Addendum, overlaid

Json = Mapping[str, Any]
Area = Literal[
    "protocol", "answers", "tier", "could_be", "concerns", "suggestions",
    "manual_therapy",
]  # fmt: skip
_URGENCY = {tier.code: tier for tier in Tier}
_THRUST = {
    "blocked": "no thrust",
    "caution": "a thrust only with caution",
    "no_block_found": "no block for a thrust found",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was signed, in words."""

    area: Area
    words: str


@dataclass(frozen=True, slots=True)
class Reassessment:
    """What is different today, and the assessment of today as JSON."""

    differences: tuple[Difference, ...]
    assessment: Json


def reassess(
    signed: SignedVisit, addenda: Iterable[Addendum], protocol: Protocol
) -> Reassessment:
    """Assess a signed visit again, as of the day of the visit.

    Args:
        signed: the visit as it was signed, with the patient as registered then.
        addenda: whose results and corrections go over the signed answers.
        protocol: the one of today.
    """
    answers = overlaid(signed.answers, addenda)
    unread = misfits(protocol, answers)
    read = answers.without(unread)
    today = assessment_json(assess(protocol, signed.patient, read, signed.on))
    names = {one.id: one.label for one in protocol.actions.values()}
    found = [
        *_of_protocol(signed, protocol),
        *_of_answers(signed, answers, protocol),
        *_of_misfits(unread, protocol),
        *differences(signed.assessment, today, names),
    ]
    return Reassessment(tuple(found), today)


def differences(
    before: Json, today: Json, names: Mapping[str, str]
) -> Iterator[Difference]:
    """Tell what differs between two assessments.

    Args:
        before: as signed, in the shape of `outcome_json`.
        today: in the same shape.
        names: of the actions, by id; an action that is not there tells its own text.
    """
    yield from _of_tier("tier", "Urgency", before, today)
    yield from _of_tier(
        "could_be", "What open questions could raise it to", before, today
    )
    yield from _of_lists("concerns", before, today, _concern, _concern_changes)
    yield from _of_lists(
        "suggestions", before, today, lambda s: _action(s, names), _suggestion_changes
    )
    yield from _of_therapy(before["manual_therapy"], today["manual_therapy"])


def _of_protocol(signed: SignedVisit, protocol: Protocol) -> Iterator[Difference]:
    if signed.protocol_digest == protocol.digest:
        return
    words = f"Protocol: signed with {signed.protocol_version}, now {protocol.version}."
    if signed.protocol_version == protocol.version:
        words = f"Protocol: {protocol.version} then and now, but with changed rules."
    yield Difference("protocol", words)


def _of_answers(
    signed: SignedVisit, answers: Json, protocol: Protocol
) -> Iterator[Difference]:
    """Tell which answers addenda changed, in the order of the form."""
    changed = {
        q
        for q in {*signed.answers, *answers}
        if signed.answers.get(q) != answers.get(q)
    }
    for question in protocol.questions.values():
        if question.id in changed:
            before, now = (
                _words(protocol, question, given.get(question.id))
                for given in (signed.answers, answers)
            )
            words = f"By addendum, {question.label}: {before}, now {now}."
            yield Difference("answers", words)


def _words(protocol: Protocol, question: Question, value: Value | None) -> str:
    if value is None:
        return "not asked"
    if not fits(protocol, question.id, value):
        return str(value)
    return answer_in_words(question, value)


def _of_misfits(misfits: Iterable[str], protocol: Protocol) -> Iterator[Difference]:
    for question_id in sorted(misfits):
        question = protocol.questions.get(question_id)
        label = question.label if question else question_id
        words = f"Left out, for today's protocol cannot read the answer: {label}."
        yield Difference("answers", words)


def _of_tier(
    area: Literal["tier", "could_be"], what: str, before: Json, today: Json
) -> Iterator[Difference]:
    if before[area] != today[area]:
        yield Difference(area, f"{what}: {_change(before[area], today[area])}.")


def _of_lists(
    area: Literal["concerns", "suggestions"],
    before: Json,
    today: Json,
    name: Callable[[Json], str],
    changes: Callable[[Json, Json], Sequence[str]],
) -> Iterator[Difference]:
    """Tell what is gone, what is new, and what changed, each by its id."""
    then = {one["id"]: one for one in before[area]}
    now = {one["id"]: one for one in today[area]}
    kind = area.removesuffix("s")
    for identity, one in then.items():
        if identity not in now:
            yield Difference(area, f"No longer a {kind}: {name(one)}.")
    for identity, one in now.items():
        if identity not in then:
            words = f"New {kind}: {name(one)} ({_short(one['tier'])})."
            yield Difference(area, words)
        elif changed := changes(then[identity], one):
            words = f"Changed {kind}: {name(one)}: {'; '.join(changed)}."
            yield Difference(area, words)


def _concern(one: Json) -> str:
    return f"suspected {suspected(one['title'])}"


def _action(one: Json, names: Mapping[str, str]) -> str:
    return names.get(one["id"], str(one["text"]).rstrip("."))


def _concern_changes(before: Json, today: Json) -> list[str]:
    changed = _tier_changes(before, today)
    if before["strength"] != today["strength"]:
        changed.append(f"strength {before['strength']}, now {today['strength']}")
    return changed


def _suggestion_changes(before: Json, today: Json) -> list[str]:
    changed = _tier_changes(before, today)
    if before.get("within_hours") != today.get("within_hours"):
        hours = (
            f"within {one['within_hours']} h" if "within_hours" in one else "no hours"
            for one in (before, today)
        )
        changed.append(", now ".join(hours))
    if before.get("due") != today.get("due"):
        days = (
            f"by {one['due']}" if "due" in one else "no day" for one in (before, today)
        )
        changed.append(", now ".join(days))
    if before["text"] != today["text"]:
        changed.append(f"its words, now: {today['text'].rstrip('.')}")
    return changed


def _tier_changes(before: Json, today: Json) -> list[str]:
    same = before["tier"] == today["tier"]
    return [] if same else [_change(before["tier"], today["tier"])]


def _of_therapy(before: Json, today: Json) -> Iterator[Difference]:
    if before["thrust"] != today["thrust"]:
        then, now = (_THRUST[one["thrust"]] for one in (before, today))
        yield Difference("manual_therapy", f"Manual therapy: {then}, now {now}.")
    for said, words in (("because", "reason"), ("instead", "advice")):
        for text in before[said]:
            if text not in today[said]:
                gone = f"Manual therapy, {words} gone: {text}"
                yield Difference("manual_therapy", gone)
        for text in today[said]:
            if text not in before[said]:
                new = f"Manual therapy, new {words}: {text}"
                yield Difference("manual_therapy", new)


def _change(before: str, today: str) -> str:
    """Return how a tier changed; which way, for it counts most."""
    way = "raised" if _URGENCY[today] > _URGENCY[before] else "lowered"
    return f"{_short(before)}, now {way} to {_short(today)}"


def _short(tier: str) -> str:
    # The words of the panel begin with "urgent" twice.
    return tier.replace("_", " ")
