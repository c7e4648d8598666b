import subprocess
import sys
from io import BytesIO

import pytest
from pypdf import PdfReader

from intake.clinic_settings import ClinicSettings
from intake.patient import Patient
from intake.record import Record
from reports.documents import PdfDocuments
from tests.reports import records

KINDS = ["summary", "letter"]
BOTH = pytest.mark.parametrize("kind", KINDS)


def made(kind: str, record: Record, *, code_points: bool = False) -> bytes:
    documents = PdfDocuments(code_points=code_points)
    return documents.summary(record) if kind == "summary" else documents.letter(record)


@BOTH
def test_the_same_record_gives_the_same_bytes(kind: str) -> None:
    assert made(kind, records.sample()) == made(kind, records.sample())


@BOTH
@pytest.mark.parametrize("name", records.PUBLISHED)
def test_every_published_case_makes_documents(kind: str, name: str) -> None:
    pages = records.pages_of(made(kind, records.published(name)))
    assert pages
    if kind == "letter":
        assert len(pages) <= 2


def test_the_sample_letter_has_at_most_two_pages() -> None:
    assert len(records.pages_of(made("letter", records.sample()))) <= 2


@BOTH
def test_every_page_says_whose_it_is_and_which_of_how_many(kind: str) -> None:
    pages = records.pages_of(made(kind, records.sample()))
    for number, page in enumerate(pages, start=1):
        assert "Nguyễn-Łukasz, Maria" in page
        assert "Mar 14, 1958" in page
        assert "SAMPLE-0001" in page
        assert f"Page {number} of {len(pages)}" in page
        assert "DRAFT" in page
        assert "Rules not reviewed by a licensed clinician" in page


@BOTH
def test_every_font_is_embedded_and_none_is_helvetica(kind: str) -> None:
    reader = PdfReader(BytesIO(made(kind, records.sample())))
    for page in reader.pages:
        fonts = page["/Resources"]["/Font"]  # type: ignore[index]
        for font in fonts.values():
            found = font.get_object()
            assert "DejaVu" in found["/BaseFont"]
            assert "/FontFile2" in found["/FontDescriptor"]


@BOTH
def test_a_question_nobody_asked_is_never_printed_as_absent(kind: str) -> None:
    text = records.text_of(made(kind, records.record({}))).lower()
    for denial in (" no leg weakness", "denies", "leg weakness: no", "absent"):
        assert denial not in text


def test_red_flags_are_told_apart_in_four_states() -> None:
    record = records.record(
        {
            "cancer.history": "unsure",
            "general.weight_loss": "no",
            "general.fatigue": "no",
            "general.night_sweats": "no",
            "pain.pattern": "constant",
        }
    )
    states = record.assessment.red_flags
    assert set(states.values()) == {"present", "absent", "unsure", "not_asked"}
    text = records.text_of(made("summary", record)).lower()
    for words in ("present", "absent", "asked, not known", "not asked"):
        assert words in text


def test_an_answer_the_patient_declined_is_printed_so() -> None:
    record = records.record(
        {"cancer.history": "unsure"}, declined=frozenset({"cancer.history"})
    )
    assert "declined to answer" in records.text_of(made("summary", record))


def test_a_side_nobody_asked_about_is_not_printed_as_no() -> None:
    record = records.record({"neuro.leg_weakness": {"left": "no"}})
    text = records.text_of(made("summary", record))
    assert "RIGHT not asked" in text
    assert "LEFT and RIGHT no" not in text


def test_a_value_is_printed_with_its_unit() -> None:
    text = records.text_of(made("summary", records.sample()))
    for words in ("5 weeks", "138/82 mmHg", "76 per minute", "36.8 °C", "6 of 10"):
        assert words in text


def test_the_headline_and_the_reasons_are_printed() -> None:
    record = records.sample()
    text = records.text_of(made("summary", record))
    assert record.assessment.headline in text
    assert "Findings listed in referral criteria for suspected cancer" in text
    protocol = record.assessment.protocol
    assert protocol.version in text
    assert protocol.digest in text.replace(" ", "")


def test_a_letter_names_recipient_urgency_and_request_on_its_first_page() -> None:
    page = records.pages_of(made("letter", records.sample()))[0].lower()
    assert "oncologist" in page
    assert "within 24 hours" in page
    assert "mri" in page


def test_an_emergency_letter_goes_to_the_emergency_department() -> None:
    page = records.pages_of(made("letter", records.published("aortic-61m")))[0]
    assert "emergency" in page[:900].lower()
    assert "now" in page[:1500].lower()


def test_without_a_referral_the_letter_is_a_report_to_primary_care() -> None:
    page = records.pages_of(made("letter", records.published("ben-desk-29f")))[0]
    assert "primary care" in page.lower()
    assert "report" in page.lower()


def test_names_with_marks_of_many_languages_print_as_typed() -> None:
    patient = Patient("p1", "Łukasz", "Thế Αθηνά Ольга")
    text = records.text_of(made("letter", records.record({}, patient)))
    assert "Łukasz, Thế Αθηνά Ольга" in text


def test_a4_is_a_setting() -> None:
    pdf = PdfDocuments(clinic=ClinicSettings(page="a4")).summary(records.sample())
    box = PdfReader(BytesIO(pdf)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_nothing_of_reportlab_is_loaded_before_a_document_is_made() -> None:
    code = (
        "import sys, reports.documents, reports.files;"
        "sys.exit(any(name.startswith('reportlab') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_once_made_ready_a_document_imports_nothing_more() -> None:
    """The first one held the window up for a quarter of a second.

    Encodings are of no account: a millisecond each.
    """
    code = (
        "import sys\n"
        "from reports.documents import PdfDocuments, make_ready\n"
        "from tests.reports.records import sample\n"
        "record = sample()\n"
        "make_ready()\n"
        "before = set(sys.modules)\n"
        "PdfDocuments().summary(record)\n"
        "PdfDocuments().letter(record)\n"
        "new = set(sys.modules) - before\n"
        "print([one for one in new if not one.startswith('encodings')])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert ran.stdout.strip() == "[]"
