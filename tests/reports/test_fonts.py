"""What can be printed, and what happens to the rest."""

import pytest

from reports.fonts import missing_characters
from reports.unprintable import UnprintableTextError, cleaned, with_code_points


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn thế",
        "Łukasz Żółć",
        "Ελληνικά",
        "Кириллица",
        "≥ ≤ → ↑ ° µ ½ “x” …",
        "\u00d7 \u2013 \u2014",
        "e\u0301\u0302",
    ],
)
def test_names_and_signs_of_many_languages_can_be_drawn(text: str) -> None:
    assert missing_characters(text) == frozenset()


@pytest.mark.parametrize("character", ["\U0001f600", "汉", "\ue000", "ש", "ع"])
def test_what_no_font_draws_rightly_is_named(character: str) -> None:
    """Hebrew and Arabic count too: unshaped, their letters stand in a wrong order."""
    assert missing_characters(f"a{character}b") == {character}


def test_the_message_names_the_character_and_not_the_text() -> None:
    error = UnprintableTextError(["\U0001f600"])

    assert "U+1F600 (grinning face)" in error.text
    assert "[U+1F600]" in error.action
    assert (error.code, error.exit_code) == ("text_not_printable", 2)


def test_a_confirmed_character_is_printed_as_its_code_point() -> None:
    assert with_code_points("ok \U0001f600", {"\U0001f600"}) == "ok [U+1F600]"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("a\x00b\x1bc\x7f", "abc"),
        ("a\u202eb\u200bc\ufeff", "abc"),
        ("a\tb\xa0c", "a b c"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("e\u0302\u0301", "ế"),
    ],
)
def test_what_has_no_shape_is_left_out(typed: str, printed: str) -> None:
    """A mark that turns the direction of text could disguise a name."""
    assert cleaned(typed) == printed
