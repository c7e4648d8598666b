"""The letter: who, how urgent, what is asked, why; then what a reader checks."""

from dataclasses import replace

from intake.outcome import Suggestion
from intake.protocol import Action, Tier
from intake.record import Record
from reports.content import Notice
from reports.documents import PdfDocuments
from reports.recipients import most_urgent, others, recipient_of
from reports.referral_letter import REPORT_TITLE, TITLE, referral_letter
from tests.reports.records import (
    PROTOCOL,
    SOMEBODY,
    by_hand,
    letter_text,
    pages_of,
    record,
    sample,
    words_of,
)

CORD = {
    "pain.sites": ["mid_thoracic"],
    "pain.duration": {"value": 3, "unit": "wk"},
    "cancer.history": "yes",
    "cancer.types": ["breast"],
    "neuro.leg_weakness": {"left": "yes", "right": "no"},
    "neuro.walking_or_balance": "yes",
    "neuro.bladder": ["none"],
    "neuro.bowel": ["none"],
    "neuro.saddle_numb": "unsure",
    "exam.plantar": {"left": "extensor", "right": "flexor"},
}


def said(given: Record) -> str:
    return words_of(referral_letter(given))


def first_lines(given: Record) -> list[str]:
    notices = [b for b in referral_letter(given).blocks if isinstance(b, Notice)]
    return ["".join(run.text for run in line) for line in notices[-1].lines]


def test_the_first_lines_say_who_how_urgent_what_and_why() -> None:
    to, urgency, request, because = first_lines(record(CORD))

    assert to.startswith("To: ")
    assert urgency.startswith("Urgency: TODAY (NOV 22, 2026)") or "EMERGENCY" in urgency
    assert request.startswith("Request: Please assess this patient for suspected ")
    assert because.startswith("Because of: (1) ")
    assert "leg weakness" in because
    assert because.count("(1)") == 1
    assert "(4)" not in because


def test_a_letter_takes_two_pages() -> None:
    for made in (sample(), record(CORD)):
        assert len(pages_of(PdfDocuments().letter(made))) <= 2


def test_the_most_urgent_call_decides_who_it_is_for() -> None:
    actions = PROTOCOL.actions
    late = Suggestion(actions["referral.pcp_14_days"], Tier.WITHIN_14_DAYS, ("x",))
    soon = Suggestion(actions["call.ed_same_day"], Tier.SAME_DAY, ("x",))
    hours = Suggestion(
        actions["call.oncologist_or_ed"], Tier.WITHIN_7_DAYS, ("x",), within_hours=24
    )
    scan = Suggestion(actions["imaging.mri_whole_spine"], Tier.EMERGENCY_NOW, ("x",))

    assert most_urgent([scan]) is None
    assert most_urgent([late, hours, soon, scan]) is soon
    assert [s.action.id for s in others([late, hours, soon], soon)] == [
        "call.oncologist_or_ed",
        "referral.pcp_14_days",
    ]


def test_an_unknown_call_is_addressed_by_its_own_label() -> None:
    action = Action("call.other", "call", "Phone somebody", "Do.", "proposed")
    assert recipient_of(Suggestion(action, Tier.ROUTINE, ())) == "Phone somebody"


def test_every_call_and_referral_of_the_protocol_has_an_addressee() -> None:
    """A label such as "within 14 days" is no name to write a letter to."""
    for action in PROTOCOL.actions.values():
        if action.kind in ("call", "referral"):
            to = recipient_of(Suggestion(action, Tier.ROUTINE, ()))
            assert "within" not in to, action.id
            assert "Phone" not in to, action.id


def test_without_a_referral_it_is_a_report_to_primary_care() -> None:
    made = replace(
        by_hand(), patient=replace(SOMEBODY, primary_care_provider="Dr. B. Example")
    )
    document = referral_letter(made)

    assert document.frame.title == REPORT_TITLE
    assert first_lines(made)[0] == "To: Primary care provider, Dr. B. Example"
    assert "nothing is referred" in words_of(document)
    assert referral_letter(record(CORD)).frame.title == TITLE


def test_negatives_are_printed_only_where_somebody_recorded_them() -> None:
    text = said(record(CORD))
    negatives = text.partition("Pertinent negatives")[2].partition("Examination")[0]

    assert "change in bladder function: none" in negatives
    assert "Asked, not known: saddle numbness" in negatives
    assert "leg weakness" not in negatives
    assert "weight loss" not in negatives.partition("Not asked")[0]


def test_the_first_of_a_list_are_printed_as_not_asked() -> None:
    """Whoever reads "no fever" missing cannot tell whether anybody asked."""
    text = said(record({"cancer.history": "yes", "pain.now": 8}))
    missing = text.partition("Pertinent negatives")[2].partition("Examination")[0]
    assert "Not asked: unintentional weight loss (6 months)" in missing


def test_no_more_than_twelve_negatives_are_printed() -> None:
    from reports.letter_findings import negative_lines
    from reports.record_view import RecordView

    asked = {
        q.id: "no"
        for q in PROTOCOL.questions.values()
        if q.kind == "flag" and not q.sided
    }
    view = RecordView(record({**asked, "cancer.history": "yes", "pain.now": 9}))
    lines = negative_lines(view)
    assert sum("".join(r.text for r in line).count(";") + 1 for line in lines) <= 13


def test_what_nobody_asked_about_medicines_is_not_printed_as_none() -> None:
    text = said(record(CORD))
    for words in (
        "Medicines: not asked.",
        "Allergies: not asked.",
        "Before this visit: not asked.",
    ):
        assert words in text
    assert "Medicines: none." in said(record({**CORD, "background.medicines": []}))


def test_private_answers_stay_out_unless_they_matter_here() -> None:
    private = {"risk.substances": ["cannabis"], "function.mood": 2}
    assert "cannabis" not in said(record({**CORD, **private}))
    assert "Injected drug use: now" in said(
        record({"risk.iv_drug_use": "current", "general.fever": "yes", "pain.now": 7})
    )


def test_signs_carry_their_side() -> None:
    text = letter_text(record(CORD))
    assert "plantar response LEFT EXTENSOR, RIGHT flexor" in text
    assert "leg weakness, LEFT" in text or "LEFT yes, RIGHT no" in text


def test_vital_signs_print_with_their_numbers() -> None:
    text = letter_text(sample())
    for words in ("Pulse: 76 per minute", "138/82 mmHg", "136/80 mmHg", "36.8 °C"):
        assert words in text


def test_what_is_open_is_said() -> None:
    assert "Not known, and could change the urgency: " in said(record(CORD))


def test_the_day_of_the_visit_is_in_the_letter() -> None:
    assert "seen on Nov 22, 2026" in said(record(CORD))
