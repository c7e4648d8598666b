"""The assessment as HTML: what is suggested, what to ask, why; all of it escaped.

It never says "all clear" and shows no probability for this patient.
"""

from html import escape

from PySide6.QtGui import QPalette

from intake.answer_words import answer_in_words
from intake.outcome import (
    TIER_WORDS,
    Assessment,
    FiredRule,
    RaisedConcern,
    suspected,
)
from intake.protocol import Citation, Protocol, Tier
from intake.protocol_terms import VERIFIED_WORDS
from ui.session import VisitSession
from ui.visit.card_html import COULD_BE
from ui.visit.link_browser import style_of
from ui.visit.suggested_html import rated, suggestions_html, why_link
from ui.visit.tier_marks import MARKS, SHORT

_THRUST = {
    "blocked": "\u2715 No thrust",
    "caution": "! Thrust only with caution",
    "no_block_found": "No block for a thrust found in what was asked",
}
_ASKED = 7
_TITLE = 44
_MOST_ANSWERS = 3


def panel_html(session: VisitSession, palette: QPalette) -> str:
    """Return the panel as HTML; everything from outside is escaped."""
    assessment = session.assessment
    parts = [style_of(palette)]
    parts += [f"<p class='f'><b>{escape(words)}</b></p>" for words in session.warnings]
    parts += _made_it(session)
    parts += [
        f"<p><b>{escape(limit.because)}</b></p>" for limit in assessment.out_of_scope
    ]
    parts += suggestions_html(session)
    parts += _ask_next(session)
    parts += [_concern(session, raised) for raised in assessment.concerns]
    parts += _therapy(assessment)
    parts += _not_suggested(assessment)
    parts += _held_back(assessment)
    return "".join(parts)


def could_be_words(assessment: Assessment) -> str:
    """Return how far open questions could raise the tier; nothing if they cannot."""
    if assessment.could_be <= assessment.tier:
        return ""
    count = sum(
        a.is_open and a.could_raise_to > assessment.tier for a in assessment.ask_next
    )
    words = "1 open question" if count == 1 else f"{count} open questions"
    # The tier's name alone: what to do then is not to be done now.
    tier = TIER_WORDS[assessment.could_be].partition(":")[0].lower()
    return f"{words} could still raise this, up to {tier}."


def _made_it(session: VisitSession) -> list[str]:
    """Return the two or three answers that made the tier."""
    assessment = session.assessment
    if not assessment.concerns or assessment.tier is Tier.MONITOR:
        return []
    first = assessment.concerns[0].rules[0]
    return [f"<p>{_answers(session, first, _MOST_ANSWERS)}</p>"]


def _answers(session: VisitSession, fired: FiredRule, most: int) -> str:
    """Return the answers that made a rule fire, warning signs first."""
    questions = session.protocol.questions
    ranked = sorted(fired.answers, key=lambda q: not questions[q].red_flag)
    return "; ".join(answer_words(session, q) for q in ranked[:most])


def answer_words(session: VisitSession, question_id: str) -> str:
    """Return a question with its answer, escaped."""
    question = session.protocol.questions[question_id]
    words = answer_in_words(question, session.answers.get(question_id))
    return f"{escape(question.label)}: <b>{escape(words)}</b>"


def _concern(session: VisitSession, raised: RaisedConcern) -> str:
    protocol = session.protocol
    title = escape(suspected(raised.concern.title))
    rows = [
        f"<h3>Findings listed in referral criteria for suspected {title}</h3>",
        f"<p class='f'>{MARKS[raised.tier]} {SHORT[raised.tier]}, ",
        f"{escape(raised.strength)} {why_link('concern', raised.concern.id)}</p><ul>",
    ]
    for place, fired in enumerate(raised.rules):
        # The first rule made the tier: its answers are written out.
        answers = "" if place else f"<br>{_answers(session, fired, _MOST_ANSWERS * 2)}"
        sources = "; ".join(_citation(protocol, c) for c in fired.rule.sources)
        status = escape(fired.rule.status.title())
        rows.append(
            f"<li>{escape(fired.rule.because)}{answers}"
            f"<br><span class='f'>{sources}. {status}.</span></li>"
        )
    rows.append("</ul>")
    if raised.against:
        against = "; ".join(escape(text) for text in raised.against)
        rows.append(f"<p>Speaks against: {against}</p>")
    for evidence in raised.concern.evidence[:2]:
        low = " From low back pain data." if evidence.low_back else ""
        rows.append(
            f"<p class='f'>{escape(evidence.text)} ({escape(evidence.group)}){low}</p>"
        )
    return "".join(rows)


def _citation(protocol: Protocol, citation: Citation) -> str:
    source = protocol.sources[citation.source]
    year = f" {source.year}" if source.year else ""
    words = VERIFIED_WORDS[citation.verified]
    if citation.verified == "P":
        return words.capitalize()
    title = source.organisation or source.title
    short = title if len(title) <= _TITLE else f"{title[:_TITLE].rstrip()}\u2026"
    low_back = " (low back pain data)" if source.low_back else ""
    return f"{escape(short)}{year}{low_back}, {words}"


def _ask_next(session: VisitSession) -> list[str]:
    asked = session.assessment.ask_next[:_ASKED]
    # Those in the form only, as above the panel: the others open by themselves.
    more = sum(a.is_open for a in session.assessment.ask_next[_ASKED:])
    questions = session.protocol.questions
    rows = "".join(
        f"<li><a href='ask:{escape(a.question)}'>"
        f"{escape(questions[a.question].label)}</a> "
        f"<span class='f'>could be {COULD_BE[a.could_raise_to]}"
        f"{', not sure' if a.state == 'unsure' else ''}</span></li>"
        for a in asked
        if a.question in questions
    )
    rest = f"<p class='f'>and {more} more open</p>" if more else ""
    return [f"<h3>Ask next (Ctrl+J)</h3><ul>{rows}</ul>{rest}"] if rows else []


def _therapy(assessment: Assessment) -> list[str]:
    therapy = assessment.manual_therapy
    because = "".join(f"<li>{escape(text)}</li>" for text in therapy.because)
    # All of them: the strictest may stand last.
    instead = "".join(f"<p>{escape(text)}</p>" for text in therapy.instead)
    verdict = _THRUST[therapy.thrust]
    if assessment.is_thrust_undecided:
        verdict = "a thrust cannot be judged yet"
    return [f"<h3>Manual therapy: {verdict}</h3><ul>{because}</ul>{instead}"]


def _not_suggested(assessment: Assessment) -> list[str]:
    actions = assessment.protocol.actions
    rows = "".join(
        f"<li>{escape(actions[n.action].label)}: {escape(n.why)}"
        f"{rated(n.criteria)}</li>"
        for n in assessment.not_suggested
    )
    return [f"<h3>Not suggested now, and why</h3><ul>{rows}</ul>"] if rows else []


def _held_back(assessment: Assessment) -> list[str]:
    rows = "".join(
        f"<li>{escape(h.rule.because)} <span class='f'>Held back: "
        f"{escape(h.because)}</span></li>"
        for h in assessment.held_back
    )
    failed = "".join(
        f"<li>Rule {escape(rule)} could not be checked.</li>"
        for rule in assessment.failed_rules
    )
    return [f"<h3>Held back</h3><ul>{rows}{failed}</ul>"] if rows or failed else []
