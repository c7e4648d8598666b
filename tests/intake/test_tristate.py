"""Yes, no and unknown: the whole truth tables, written down by hand."""

from itertools import product

import pytest

from intake.tristate import Truth, all_of, any_of, at_least, negate

Y, N, U = True, False, None
VALUES: tuple[Truth, ...] = (Y, N, U)


@pytest.mark.parametrize(("value", "expected"), [(Y, N), (N, Y), (U, U)])
def test_the_opposite_of_unknown_is_unknown(value: Truth, expected: Truth) -> None:
    """Unknown is not no: its opposite must not become yes."""
    assert negate(value) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Y, Y, Y),
        (Y, N, N),
        (Y, U, U),
        (N, Y, N),
        (N, N, N),
        (N, U, N),
        (U, Y, U),
        (U, N, N),
        (U, U, U),
    ],
)
def test_and_is_no_as_soon_as_one_is_no(
    first: Truth, second: Truth, expected: Truth
) -> None:
    """A no settles it whatever is still unknown; a yes does not."""
    assert all_of((first, second)) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Y, Y, Y),
        (Y, N, Y),
        (Y, U, Y),
        (N, Y, Y),
        (N, N, N),
        (N, U, U),
        (U, Y, Y),
        (U, N, U),
        (U, U, U),
    ],
)
def test_or_is_yes_as_soon_as_one_is_yes(
    first: Truth, second: Truth, expected: Truth
) -> None:
    """A yes settles it whatever is still unknown; a no does not."""
    assert any_of((first, second)) is expected


@pytest.mark.parametrize(
    ("yes", "no", "unknown", "expected"),
    [
        (2, 1, 0, Y),
        (2, 0, 1, Y),
        (1, 2, 0, N),
        (1, 1, 1, U),
        (1, 0, 2, U),
        (0, 2, 1, N),
        (0, 1, 2, U),
        (0, 0, 3, U),
        (3, 0, 0, Y),
        (0, 3, 0, N),
    ],
)
def test_two_of_three_is_settled_when_the_unknown_cannot_change_it(
    yes: int, no: int, unknown: int, expected: Truth
) -> None:
    """The whole table of a count of two, since order plays no part in it."""
    assert at_least(2, [Y] * yes + [N] * no + [U] * unknown) is expected


def test_nothing_at_all_is_all_but_not_any() -> None:
    """The empty case follows from the others and must not surprise."""
    assert (all_of(()), any_of(()), at_least(0, ()), at_least(1, ())) == (Y, N, Y, N)


def test_counting_agrees_with_and_and_or() -> None:
    """`at_least` is what `and` and `or` are made of in the evaluator."""
    for values in product(VALUES, repeat=3):
        assert at_least(1, values) is any_of(values)
        assert at_least(3, values) is all_of(values)


def test_filling_in_an_unknown_never_turns_a_definite_result() -> None:
    """Monotone: what was told stays told when more is known."""
    for values in product(VALUES, repeat=3):
        for number in range(4):
            before = at_least(number, values)
            for place, value in enumerate(values):
                if value is U and before is not U:
                    for filled in (Y, N):
                        after = [*values]
                        after[place] = filled
                        assert at_least(number, after) is before
