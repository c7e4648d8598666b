"""Names as they are searched: what people leave out must not matter."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intake.folding import compact, digits, folded


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Müller", "muller"),
        ("MU\u0308LLER", "muller"),
        ("García López", "garcia lopez"),
        ("Łukasz", "lukasz"),
        ("Søren Ærø", "soren aero"),
        ("Đặng Thị Ngọc", "dang thi ngoc"),
        ("Strauß", "strauss"),
        ("O'Brien", "obrien"),
        ("O\u2019Brien", "obrien"),
        ("Anne-Marie", "anne marie"),
        ("van der  Berg,", "van der berg"),
        ("İpek I\u015f\u0131k", "ipek isik"),
        ("Þór", "thor"),
        ("山田　太郎", "山田 太郎"),
        ("Алексей", "алексеи"),
        ("", ""),
        ("%_\\", ""),
    ],
)
def test_a_name_is_folded(written: str, expected: str) -> None:
    assert folded(written) == expected


@given(st.text())
@example("\u0345")
@example("ΐ")
def test_folding_twice_changes_nothing_more(text: str) -> None:
    """Both what is stored and what is looked for are folded, once each."""
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    """A Mac types é as one character or two, whatever the other side stored."""
    assert folded(unicodedata.normalize("NFC", text)) == folded(
        unicodedata.normalize("NFD", text)
    )


@given(st.text())
def test_what_is_folded_has_no_wildcards_and_no_surrogates(text: str) -> None:
    found = folded(text)
    assert not set(found) & set("%_\\\0")
    found.encode()


def test_a_chart_number_is_compared_without_its_separators() -> None:
    assert compact("TI-2024/001") == "ti2024001"


def test_digits_of_any_script_are_read() -> None:
    assert digits("+49 (0)151 ٢٣") == "49015123"
