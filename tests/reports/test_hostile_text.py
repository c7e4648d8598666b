"""Whatever somebody types: the document comes out, or the character is named."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from intake.errors import UserFacingError
from intake.patient import Patient
from intake.record import Record
from reports.documents import PdfDocuments
from tests.reports import records

_FEW = settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
_NASTY = st.one_of(
    st.text(max_size=80),
    st.text("<>&/;#\"' ab\t\r\n%(){}\\\x01\x1f\u202e\u200b", max_size=60),
    st.sampled_from(
        ["<b>", "</para>", "&nbsp;", "&#x0;", "<img src='/etc/passwd'/>", "W" * 900]
    ),
)


@_FEW
@given(name=_NASTY, words=_NASTY, row=_NASTY)
def test_any_text_prints_once_code_points_are_allowed(
    name: str, words: str, row: str
) -> None:
    record = _typed(name, words, row)
    documents = PdfDocuments(code_points=True)
    for pdf in (documents.summary(record), documents.letter(record)):
        assert records.pages_of(pdf)


@_FEW
@given(words=_NASTY)
def test_without_that_any_text_prints_or_its_characters_are_named(words: str) -> None:
    record = _typed("Doe", words, words)
    refusal, pdf = _summary(record)
    if refusal:
        assert refusal.code == "text_not_printable"
        assert refusal.exit_code == 2
        assert "U+" in str(refusal)
    else:
        assert records.pages_of(pdf)


def test_markup_is_printed_as_it_was_typed() -> None:
    record = _typed("Doe", "<b>bold</b> & <font size=90>x</font>", "5 < 6 & 7 > 2")
    text = records.text_of(PdfDocuments().summary(record))
    assert "<b>bold</b> & <font size=90>x</font>" in text
    assert "5 < 6 & 7 > 2" in text


@pytest.mark.parametrize(
    "words",
    ["word " * 2000, "W" * 10_000, "line\n" * 2000],
    ids=["words", "W", "lines"],
)
@pytest.mark.parametrize(
    "question", ["reason.in_patients_words", "background.medicines", "name"]
)
def test_ten_thousand_characters_print_in_every_place(
    words: str, question: str
) -> None:
    if question == "name":
        record = records.record({}, Patient("p1", words))
    else:
        is_list = question == "background.medicines"
        record = records.record({question: [words] if is_list else words})
    for make in (PdfDocuments().summary, PdfDocuments().letter):
        pages = records.pages_of(make(record))
        assert all("Page " in page for page in pages)


def test_many_marks_and_many_medicines_print() -> None:
    mark = {"region": "mid_thoracic", "view": "back", "x": 0.5, "y": 0.34}
    record = records.record(
        {
            "pain.map": [mark] * 60,
            "background.medicines": [f"medicine {n}" for n in range(300)],
        }
    )
    text = records.text_of(PdfDocuments().summary(record))
    assert "medicine 299" in text


def test_an_emoji_is_refused_by_name_and_then_printed_as_its_code_point() -> None:
    record = _typed("Doe", "it hurts \U0001f9ea", "none")
    with pytest.raises(UserFacingError) as caught:
        PdfDocuments().summary(record)
    assert caught.value.code == "text_not_printable"
    assert "U+1F9EA" in str(caught.value)
    assert "it hurts" not in str(caught.value)
    text = records.text_of(PdfDocuments(code_points=True).summary(record))
    assert "it hurts [U+1F9EA]" in text


def test_a_sign_beyond_four_hex_digits_is_refused_even_where_a_font_draws_it() -> None:
    """ReportLab would write it so that no reader can copy or search the text."""
    with pytest.raises(UserFacingError) as caught:
        PdfDocuments().summary(_typed("Doe", "\U0001f600", "none"))
    assert "U+1F600" in str(caught.value)


def test_a_name_written_from_right_to_left_is_never_printed_in_wrong_order() -> None:
    record = _typed("משה", "back pain", "none")
    refusal, pdf = _summary(record)
    if refusal:
        assert refusal.code == "text_not_printable"
    else:
        assert "משה" in records.text_of(pdf)
    assert records.pages_of(PdfDocuments(code_points=True).letter(record))


def test_control_characters_leave_no_mark() -> None:
    record = _typed("Do\x07e", "pa\x00in\u202e today", "x")
    text = records.text_of(PdfDocuments().summary(record))
    assert "Doe" in text
    assert "pain today" in text


def _summary(record: Record) -> tuple[UserFacingError | None, bytes]:
    try:
        return None, PdfDocuments().summary(record)
    except UserFacingError as error:
        return error, b""


def _typed(name: str, words: str, row: str) -> Record:
    patient = Patient("p1", name, "Jane", chart_number=name, phone=words)
    return records.record(
        {
            "reason.in_patients_words": words,
            "background.medicines": [row, row],
            "background.allergies": [row],
            "suspicion.note": words,
            "exam.not_examined_because": words,
            "function.psfs": [{"activity": row, "score": 4}],
            "care.earlier_tests_note": words,
            "result.report_note": words,
        },
        patient,
    )
