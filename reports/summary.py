"""The visit summary for the chart: the whole visit, with reasons and sources."""

from intake.clinic_settings import UNSETTLED, ClinicSettings
from intake.record import Record
from reports.assessment_part import assessment_blocks, protocol_blocks, result_notice
from reports.content import (
    Block,
    Document,
    Heading,
    Notice,
    Paragraph,
    Signature,
    Together,
    strong,
    text,
)
from reports.decisions_part import is_all_decided
from reports.entered_part import entered_blocks
from reports.examination_part import examination_blocks, results_blocks
from reports.history_part import (
    history_blocks,
    pain_blocks,
    reason_blocks,
    red_flag_blocks,
)
from reports.record_view import RecordView
from reports.sources_cited import SourcesCited
from reports.wording import date_words

TITLE = "Visit summary"


def summary(record: Record, clinic: ClinicSettings = UNSETTLED) -> Document:
    """Return the visit summary of a record, as the clinic settled it."""
    view = RecordView(record, clinic)
    sources = SourcesCited(record.assessment.protocol)
    blocks = [
        *warning_blocks(view),
        *_opening(view),
        *reason_blocks(view),
        result_notice(view),
        *pain_blocks(view),
        *red_flag_blocks(view),
        *history_blocks(view),
        *entered_blocks(view),
        *examination_blocks(view),
        *results_blocks(view),
        *assessment_blocks(view, sources),
        _signature(view),
        *protocol_blocks(view, sources),
    ]
    return Document(view.frame(TITLE), tuple(blocks))


def warning_blocks(view: RecordView) -> list[Block]:
    """Return the banner: rules not reviewed, or past their review-by date."""
    warnings = filter(None, (view.record.assessment.protocol.warning, view.outdated))
    lines = tuple(text(strong(warning)) for warning in warnings)
    return [Notice(lines, "warning")] if lines else []


def identity(view: RecordView) -> list[str]:
    """Return who the patient is, as far as it was registered."""
    patient = view.record.patient
    known = [
        patient.name or "Name not recorded",
        f"{view.age}, {view.sex}",
        view.born,
        f"chart number {patient.chart_number or 'not recorded'}",
    ]
    known += [
        f"{label} {value}"
        for label, value in (
            ("gender", patient.gender),
            ("phone", patient.phone),
            ("language", patient.language),
            ("interpreter", patient.interpreter),
        )
        if value
    ]
    return known


def _opening(view: RecordView) -> list[Block]:
    name, *known = identity(view)
    visit = f"Visit on {date_words(view.record.on)}"
    if view.record.clinician:
        visit += f", seen by {view.record.clinician}"
    given = [
        view.said(question)
        for question in ("history.given_by", "history.reliability")
        if view.has(question)
    ]
    told = "; ".join([visit, *given])
    return [Paragraph(text(strong(name), f": {'; '.join(known)}. {told}."))]


def _signature(view: RecordView) -> Block:
    """Return the lines to fill in by hand; what was decided needs none."""
    is_decided = is_all_decided(view)
    by_hand = () if is_decided else (("Decisions", ""),)
    return Together(
        (
            Heading("Signature" if is_decided else "Decisions and signature"),
            Signature(
                (
                    *by_hand,
                    ("Review on", ""),
                    ("Clinician", view.record.clinician),
                    ("License no.", view.record.licence),
                    ("Signature", ""),
                    ("Date, time", ""),
                )
            ),
        )
    )
