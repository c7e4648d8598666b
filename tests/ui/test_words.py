"""A name in a sentence leaves the sentence as it is, whatever the name is made of."""

import pytest

from ui.words import isolated


def test_a_plain_name_is_left_alone() -> None:
    assert isolated("Moreno, Ana") == "Moreno, Ana"


@pytest.mark.parametrize("turn", ["\u202a", "\u202b", "\u202d", "\u202e"])
def test_an_invisible_sign_turns_no_line_around(turn: str) -> None:
    """What follows a name says how urgent somebody is."""
    assert isolated(f"Ana{turn}") == f"\u2068Ana{turn}\u2069"


@pytest.mark.parametrize("sign", ["\u2066", "\u2067", "\u2068", "\u2069"])
def test_a_name_does_not_end_its_own_isolation(sign: str) -> None:
    name = isolated(f"\u0641\u0627{sign}\u202e\u0637")
    assert name == "\u2068\u0641\u0627\u202e\u0637\u2069"
