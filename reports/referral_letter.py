"""The referral letter, first plain form; a report where nothing is referred.

Its first lines say who it is for, how urgent it is, what is asked, and the two or
three findings that made it. An ordinary one fits on two pages.
"""

from intake.clinic_settings import UNSETTLED, ClinicSettings
from intake.outcome import TIER_WORDS, Suggestion, suspected
from intake.protocol import Question, Tier
from intake.record import Record
from reports.assessment_part import CRITERIA
from reports.content import (
    Block,
    Document,
    Heading,
    Notice,
    Paragraph,
    Run,
    Signature,
    Text,
    Together,
    labelled,
    strong,
    text,
)
from reports.decisions_part import adapted_words, has_declined_route, letter_lines
from reports.examination_part import result_lines, unsided_questions
from reports.examination_sides import sided_lines
from reports.history_part import EXAMINED, found_line, marks_in_words, said_lines
from reports.letter_findings import (
    leading_concerns,
    missing_line,
    negative_lines,
    reasons,
    relevant,
)
from reports.recipients import PRIMARY_CARE, most_urgent, others, recipient_of
from reports.record_view import RecordView
from reports.summary import identity, warning_blocks
from reports.wording import (
    Standing,
    date_words,
    in_sentence,
    joined,
    without_stop,
)

TITLE = "Referral letter"
REPORT_TITLE = "Report to the primary care provider"
#: The pain in one sentence: question, and how its answer is said.
_PAIN = (
    ("pain.duration", "for {}"), ("pain.onset", "onset {}"), ("pain.sites", "{}"),
    ("pain.side", "{}"), ("pain.levels", "levels {}"),
    ("pain.radiates_to", "radiation {}"),
    ("pain.quality", "{}"), ("pain.pattern", "{}"), ("pain.now", "{} now"),
    ("pain.worst_week", "worst {} in the last week"), ("pain.severity", "{}"),
    ("pain.course", "{}"), ("pain.worse_with", "worse with {}"),
    ("pain.eased_by", "eased by {}"),
)  # fmt: skip
_BACKGROUND = (
    "background.conditions", "background.surgery", "background.medicines",
    "background.allergies",
)  # fmt: skip
_TESTS = ("care.earlier_tests", "care.earlier_tests_found", "care.earlier_tests_note")
_ELSEWHERE = frozenset(
    {
        *_BACKGROUND, *_TESTS, "reason.in_patients_words", "reason.patients_concern",
        "history.given_by", "history.reliability", "pain.map",
    }
)  # fmt: skip
#: So many concerns are explained; the others are named.
_CONCERNS_EXPLAINED = 3
_TO_REQUEST = ("imaging", "laboratory")


def referral_letter(record: Record, clinic: ClinicSettings = UNSETTLED) -> Document:
    """Return the letter of a record, to whoever its most urgent call is for.

    What was declined is not asked for.
    """
    view = RecordView(record, clinic)
    chosen = most_urgent(view.asked_for)
    blocks = [
        *warning_blocks(view),
        _first_lines(view, chosen),
        Paragraph(labelled("Re", _about(view))),
        *_history(view),
        *_background(view),
        *_negatives(view),
        *_examination(view),
        *_tests(view),
        *_assessment(view, chosen),
        _closing(view),
    ]
    return Document(view.frame(TITLE if chosen else REPORT_TITLE), tuple(blocks))


def _first_lines(view: RecordView, chosen: Suggestion | None) -> Block:
    """Return who it is for, how urgent, the ask, and what made it."""
    assessment = view.record.assessment
    if chosen is None:
        to, when = PRIMARY_CARE, assessment.headline
        ask = "For your information: nothing is referred on what was asked so far."
        if has_declined_route(view):
            ask = "For your information: what was suggested was declined, see below."
    else:
        to = recipient_of(chosen)
        when = _urgency(view, chosen)
        ask = _ask(view, chosen)
    provider = view.record.patient.primary_care_provider
    if provider and to == PRIMARY_CARE:
        to = f"{to}, {provider}"
    lines = [
        labelled("To", to),
        labelled("Urgency", when),
        labelled("Request", ask),
    ]
    found = reasons(view)
    if found:
        numbered = "; ".join(f"({n}) {reason}" for n, reason in enumerate(found, 1))
        lines.append(labelled("Because of", f"{numbered}."))
    return Notice(tuple(lines))


def _urgency(view: RecordView, chosen: Suggestion) -> str:
    """Return the urgency in words, with the day; capitals where minutes count.

    Where the urgent referral was declined, what is asked for is no less urgent by that.
    """
    first = max([chosen, *_studies(view, chosen)], key=lambda one: one.tier)
    if first.tier is Tier.EMERGENCY_NOW:
        return f"EMERGENCY, NOW ({date_words(view.record.on)})"
    due = view.due(first.tier, first.within_hours)
    return due.upper() if first.tier is Tier.SAME_DAY else due


def _ask(view: RecordView, chosen: Suggestion) -> str:
    """Return what is asked, in one sentence."""
    about = _about_what(view, chosen)
    question = f" for suspected {joined(about)}" if about else ""
    tests = [
        f"{in_sentence(without_stop(s.action.label))}{adapted_words(view, s)}"
        for s in _studies(view, chosen)
    ]
    study = f", and consider: {'; '.join(tests)}" if tests else ""
    adapted = adapted_words(view, chosen)
    return f"Please assess this patient{question}{adapted}{study}."


def _about_what(view: RecordView, chosen: Suggestion) -> list[str]:
    """Return the suspicions that a letter is sent for."""
    concerns = view.record.assessment.protocol.concerns
    return [suspected(concerns[c].title) for c in chosen.concerns if c in concerns]


def _studies(view: RecordView, chosen: Suggestion) -> list[Suggestion]:
    """Return the studies that are asked for with it, about the same suspicions."""
    is_about_all = not _about_what(view, chosen)
    return [
        one
        for one in view.asked_for
        if one.action.kind in _TO_REQUEST
        and (is_about_all or set(one.concerns) & set(chosen.concerns))
    ]


def _about(view: RecordView) -> str:
    seen = f"seen on {date_words(view.record.on)}"
    return f"{'; '.join([*identity(view), seen])}."


def _history(view: RecordView) -> list[Block]:
    reason = view.values.get("reason.in_patients_words")
    blocks: list[Block] = [Heading("History")]
    lines = [labelled("In the patient's words", f"“{reason}”")] if reason else []
    lines.append(_pain_line(view))
    important = relevant(view)
    told = {question for question, _ in _PAIN} | _ELSEWHERE
    found = [
        question
        for question in _history_questions(view)
        if question.id not in told
        and view.standing(question.id) is Standing.FOUND
        and (not question.private or question.id in important)
    ]
    lines.append(found_line(view, found))
    concern = view.values.get("reason.patients_concern")
    if concern:
        lines.append(labelled("The patient's own concern", f"“{concern}”"))
    return blocks + [Paragraph(line) for line in lines if line]


def _history_questions(view: RecordView) -> list[Question]:
    protocol = view.record.assessment.protocol
    return [
        question
        for section in protocol.sections
        if section.step == "history"
        for question in protocol.by_section[section.id]
    ]


def _pain_line(view: RecordView) -> Text:
    parts = [
        words.format(in_sentence(without_stop(view.words(question))))
        for question, words in _PAIN
        if view.standing(question) is Standing.FOUND
    ]
    if view.marks:
        parts.append(f"body chart: {marks_in_words(view)}")
    return labelled("Pain", f"{'; '.join(parts) or 'not asked'}.")


def _background(view: RecordView) -> list[Block]:
    return [
        Paragraph(
            labelled(view.label(question), f"{without_stop(view.words(question))}.")
        )
        for question in _BACKGROUND
        if question in view.protocol_questions
        and (view.has(question) or question != "background.surgery")
    ]


def _negatives(view: RecordView) -> list[Block]:
    lines = negative_lines(view)
    if not lines:
        return []
    runs = [run for line in lines for run in (*line, Run(" "))]
    return [Heading("Pertinent negatives"), Paragraph(text(*runs))]


def _examination(view: RecordView) -> list[Block]:
    questions = [q for q in unsided_questions(view) if view.has(q.id)]
    vital = [q for q in questions if q.id.startswith("vitals.")]
    others_found = [
        q for q in questions if q not in vital and not q.id.startswith("suspicion.")
    ]
    lines = [
        *said_lines(view, vital, EXAMINED),
        *said_lines(view, others_found, EXAMINED),
        *sided_lines(view),
    ]
    if not lines:
        lines = [text("Not examined.")]
    return [Heading("Examination"), *(Paragraph(line) for line in lines)]


def _tests(view: RecordView) -> list[Block]:
    """Return imaging and tests already done, also when nobody asked about them."""
    told = [view.said(q) for q in _TESTS if view.has(q)]
    words = "; ".join(told) or "not asked"
    lines = [
        labelled("Before this visit", f"{without_stop(words)}."),
        *result_lines(view),
    ]
    return [Heading("Imaging and tests so far"), *(Paragraph(line) for line in lines)]


def _assessment(view: RecordView, chosen: Suggestion | None) -> list[Block]:
    assessment = view.record.assessment
    concerns = leading_concerns(view)
    lines = [
        text(
            strong(f"{CRITERIA} {suspected(raised.concern.title)} "),
            f"({in_sentence(TIER_WORDS[raised.tier])}): {raised.rules[0].rule.because}",
        )
        for raised in concerns[:_CONCERNS_EXPLAINED]
    ]
    named = "; ".join(
        f"{suspected(raised.concern.title)} ({in_sentence(TIER_WORDS[raised.tier])})"
        for raised in concerns[_CONCERNS_EXPLAINED:]
    )
    if named:
        lines.append(labelled("The same for suspected", f"{named}."))
    lines += [
        labelled("Outside the scope of the protocol", limit.because)
        for limit in assessment.out_of_scope
    ]
    if chosen:
        rest = [
            f"{in_sentence(recipient_of(s))}, {view.due(s.tier, s.within_hours)}"
            f"{adapted_words(view, s)}"
            for s in others(view.asked_for, chosen)
        ]
        if rest:
            lines.append(labelled("Also suggested", f"{'; '.join(rest)}."))
    lines += letter_lines(view)
    if view.has("suspicion.level"):
        lines.append(labelled("Clinician's own concern", _suspicion(view)))
    if assessment.manual_therapy.thrust == "blocked":
        lines.append(
            text("No thrust manipulation is to be given until this is settled.")
        )
    missing = missing_line(view)
    lines += [missing] if missing else []
    if not lines:
        return []
    return [Heading("Assessment"), *(Paragraph(line) for line in lines)]


def _suspicion(view: RecordView) -> str:
    asked = ("suspicion.level", "suspicion.of", "suspicion.note")
    parts = [without_stop(view.words(q)) for q in asked if view.has(q)]
    return f"{'; '.join(parts)}."


def _closing(view: RecordView) -> Block:
    head = view.clinic.letterhead
    return Together(
        (
            Heading("Reply and signature"),
            Signature(
                (
                    ("Reply to", head.name),
                    ("Phone, fax", f"{head.phone}, {head.fax}".strip(", ")),
                    ("Clinician", view.record.clinician),
                    ("License no.", view.record.licence),
                    ("Signature", ""),
                    ("Date, time", ""),
                )
            ),
        )
    )
