"""Review and sign: what the clinician is about to put their name under."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake.answer_words import answer_in_words
from intake.answered import BIRTH_DATE, SEX_AT_BIRTH
from intake.confirming import stands_out
from intake.decisions import Standing
from intake.outcome import Suggestion, suspected
from ui.disputes import Dispute
from ui.session import VisitSession
from ui.visit.link_browser import LinkBrowser, style_of
from ui.visit.panel_html import could_be_words
from ui.visit.sign_row import SignRow
from ui.visit.suggested_html import told_by
from ui.visit.tier_marks import MARKS
from ui.words import PlainLabel

_OPEN = ("not_asked", "unsure")
_STATES = {"not_asked": "not asked", "unsure": "not sure"}
_REGISTERED = {BIRTH_DATE: "birth date", SEX_AT_BIRTH: "sex at birth"}
_NO_STORE = "What you typed is being stored; signing is possible when it is."


class ReviewPage(QWidget):
    """One visit before it is signed. Nothing can be changed here."""

    #: Somebody wants to sign, with this passphrase.
    wanted = Signal(str)
    #: Go back to the form.
    back = Signal()
    #: Go to a question of the form (its id).
    question_wanted = Signal(str)
    #: Go to a suggestion of the panel (the action's id).
    suggestion_wanted = Signal(str)

    def __init__(self, *, asks: bool, parent: QWidget | None = None) -> None:
        """Show nothing yet; see `show_session`."""
        super().__init__(parent)
        self.title = PlainLabel("Review and sign", bold=True, points=4)
        self.view = LinkBrowser("What is signed")
        self.view.anchorClicked.connect(self._follow)
        self.row = SignRow("&Sign this visit", "&Back to the visit", asks=asks)
        self.row.wanted.connect(self.wanted)
        self.row.left.connect(self.back)
        #: The revision that is shown; None while something is not stored yet.
        self.revision: int | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 12, 24, 12)
        layout.addWidget(self.title)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.row)

    def show_session(
        self, session: VisitSession, disputes: Sequence[Dispute], revision: int | None
    ) -> None:
        """Show the visit as it would be signed; what is typed below it stays.

        Args:
            session: with the answers as they are stored.
            disputes: answers of it that wait for a choice.
            revision: that the stored visit stands at; None while something waits.
        """
        self.revision = revision
        self.view.setHtml(review_html(self, session, disputes))
        self.row.ask_whose(session.patient)
        self.row.sign.setEnabled(revision is not None and not disputes)
        why_not = "First choose between the two answers above." if disputes else ""
        if not disputes and revision is None:
            why_not = _NO_STORE
        self.row.say(why_not)

    def forget(self) -> None:
        """Hold nothing of a patient any more."""
        self.revision = None
        self.view.clear()
        self.row.ask_whose(None)
        self.row.start()

    def _follow(self, url: QUrl) -> None:
        if url.scheme() == "suggestion":
            self.suggestion_wanted.emit(url.path())
        else:
            self.question_wanted.emit(url.path())


def review_html(
    page: QWidget, session: VisitSession, disputes: Sequence[Dispute]
) -> str:
    """Return the visit in short; everything from outside is escaped."""
    parts = [style_of(page.palette())]
    parts += [f"<p><b>{escape(words)}</b></p>" for words in session.warnings]
    parts.append(_who(session))
    parts.append(_tier(session))
    parts.append(_disputes(session, disputes))
    parts.append(_unfinished(session))
    parts.append(_suggested(session))
    parts.append(_unconfirmed(session))
    parts.append(_open_flags(session))
    parts.append(_missing(session))
    parts.append(
        "<p class='f'>The signature covers every answer, the registration, this "
        "assessment and what was decided. Afterwards nothing of it changes; what comes "
        "later is an addendum.</p>"
    )
    return "".join(parts)


def _who(session: VisitSession) -> str:
    patient = session.patient
    facts = [patient.birth_date and f"born {patient.birth_date}"]
    facts.append(patient.chart_number and f"chart {patient.chart_number}")
    rest = "".join(f", {escape(fact)}" for fact in facts if fact)
    name = escape(patient.name or "Name not recorded")
    count = len(session.answers)
    return (
        f"<p><b>{name}</b>{rest}. Visit of {session.visit.on:%Y-%m-%d}, "
        f"{count} answer{'s' if count != 1 else ''}.</p>"
    )


def _tier(session: VisitSession) -> str:
    assessment = session.assessment
    concerns = "".join(
        f"<li>suspected {escape(suspected(raised.concern.title))}: "
        f"{escape(raised.rules[0].rule.because)}</li>"
        for raised in assessment.concerns
    )
    could = escape(could_be_words(assessment))
    return (
        f"<h3>{MARKS[assessment.tier]} {escape(assessment.headline)}</h3>"
        f"<p>{could}</p><ul>{concerns}</ul>"
    )


def _unconfirmed(session: VisitSession) -> str:
    """Return what no clinician entered or confirmed, each linked to its question."""
    marked = session.confirmed.marked()
    groups: dict[str, list[str]] = {}
    for one in marked.values():
        question = session.protocol.questions.get(one.question)
        if question is not None:
            words = escape(answer_in_words(question, one.value))
            # What is not no has to be seen in a long list.
            words = f"<b>{words}</b>" if stands_out(question, one) else words
            told = f"{_link(session, question.id)}: {words}"
            groups.setdefault(one.in_words, []).append(told)
    rows = "".join(
        f"<li>E{escape(who[1:])}: {'; '.join(found)}</li>"
        for who, found in groups.items()
    )
    if not rows:
        return ""
    note = (
        "<p class='f'>Signed as they stand, and told as not confirmed; Ctrl+T confirms "
        "them.</p>"
    )
    title = f"<h3>Not confirmed by a clinician: {len(marked)}</h3>"
    return f"{title}{note}<ul>{rows}</ul>"


def _open_flags(session: VisitSession) -> str:
    """Return the warning signs nobody settled, each linked to its question."""
    flags = session.assessment.red_flags
    rows = [
        f"<li>{escape(flag.label)} "
        f"<span class='f'>{_STATES[flags[flag.id]]}</span></li>"
        for flag in session.protocol.red_flags
        if flags[flag.id] in _OPEN
    ]
    title = f"Warning signs that are not settled: {len(rows)}"
    asked = [a.question for a in session.assessment.ask_next if a.is_open]
    links = "; ".join(_link(session, question) for question in asked[:5])
    first = f"<p>Ask first: {links}</p>" if links else ""
    return f"<h3>{title}</h3>{first}<ul>{''.join(rows)}</ul>"


def _link(session: VisitSession, question: str) -> str:
    """Return the way to a question; what registration asks is only named."""
    if question in _REGISTERED:
        return f"{_REGISTERED[question]} (registration)"
    label = session.protocol.questions[question].label
    return f"<a href='ask:{escape(question)}'>{escape(label)}</a>"


def _missing(session: VisitSession) -> str:
    """Return everything that is not documented, each linked to its field.

    Nothing of it holds up a signature.
    """
    form, protocol = session.protocol.questions, session.protocol
    missing = [q for q in session.assessment.open_questions if q in form]
    rows = "".join(
        f"<li>{escape(section.title)}: {'; '.join(links)}</li>"
        for section in protocol.sections
        if (
            links := [
                _link(session, q) for q in missing if form[q].section == section.id
            ]
        )
    )
    count = f"Questions that are open: {len(missing)}"
    note = "<p class='f'>Listed, not enforced: signing is possible all the same.</p>"
    return f"<h3>{count}</h3>{note}<ul>{rows}</ul>" if missing else ""


def _unfinished(session: VisitSession) -> str:
    """Return what was typed and is no answer yet; signing leaves it out."""
    rows = []
    for kept, typed in session.jottings.fields().items():
        question = kept.partition("/")[0]
        if question in session.protocol.questions:
            # Half a mark on the chart is a name of ours, and nobody typed it.
            is_typed = session.protocol.questions[question].kind != "map"
            words = f": {typed}" if is_typed else ""
            rows.append(f"<li>{_link(session, question)}{escape(words)}</li>")
        else:
            rows.append(f"<li>Beside the questions: {escape(str(typed))}</li>")
    note = "<p class='f'>It is no answer, and is gone once the visit is signed.</p>"
    title = f"<h3>Typed and not finished: {len(rows)}</h3>"
    return f"{title}{note}<ul>{''.join(rows)}</ul>" if rows else ""


def _suggested(session: VisitSession) -> str:
    """Return what nobody has decided on, each linked to the panel, then the rest."""
    standings = session.decided.standings()
    found = session.assessment.suggestions
    waiting = [s for s in found if standings[s.action.id].decision is None]
    rows = "".join(_undecided(one, standings[one.action.id]) for one in waiting)
    settled = "".join(
        _settled(one, standings[one.action.id]) for one in found if one not in waiting
    )
    aside = session.decided.emergency().decision
    if aside is not None and aside.grounds.rules:
        words = f"Emergency checklist: {aside.in_words} ({told_by(aside)})"
        settled += f"<li>{escape(words)}</li>"
    parts = [f"<h3>Suggested and not decided: {len(waiting)}</h3><ul>{rows}</ul>"]
    if settled:
        parts.append(f"<h3>Decided</h3><ul>{settled}</ul>")
    return "".join(parts)


def _undecided(one: Suggestion, standing: Standing) -> str:
    again = f", asks again: {standing.lapsed}" if standing.lapsed else ""
    return (
        f"<li><a href='suggestion:{escape(one.action.id)}'>"
        f"{escape(one.action.label)}</a><span class='f'>{escape(again)}</span></li>"
    )


def _settled(one: Suggestion, standing: Standing) -> str:
    if standing.decision is None:
        return ""
    decision = standing.decision
    return (
        f"<li>{escape(one.action.label)}: <b>{escape(decision.in_words)}</b> "
        f"<span class='f'>({escape(told_by(decision))})</span></li>"
    )


def _disputes(session: VisitSession, disputes: Sequence[Dispute]) -> str:
    if not disputes:
        return ""
    rows = []
    for one in disputes:
        question = session.protocol.questions[one.question]
        stored, typed = (
            escape(answer_in_words(question, change.new) or "not asked")
            for change in (one.theirs, one.ours)
        )
        rows.append(
            f"<li><a href='ask:{escape(one.question)}'>{escape(question.label)}</a>: "
            f"stored {stored}, typed here {typed}</li>"
        )
    return f"<h3>Wait for a choice: {len(rows)}</h3><ul>{''.join(rows)}</ul>"
