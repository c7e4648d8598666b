"""The table of who may do what, and what a passphrase must be."""

import pytest

from intake.people import (
    PERMISSIONS,
    NotPermittedError,
    Person,
    PersonRole,
    passphrase_problem,
)


def person(*roles: PersonRole, active: bool = True) -> Person:
    """Return somebody with roles."""
    return Person("p", "Kim Lee", frozenset(roles), is_active=active)


@pytest.mark.parametrize(
    "use_case", ["record_examination", "sign", "add_addendum", "read_audit"]
)
def test_the_desk_may_not(use_case: str) -> None:
    assert not person("desk").may(use_case)


@pytest.mark.parametrize("use_case", ["register", "record_history", "find_patients"])
def test_the_desk_may(use_case: str) -> None:
    assert person("desk").may(use_case)


def test_nobody_may_do_what_is_not_in_the_table() -> None:
    assert not person("desk", "clinician", "owner").may("delete_everything")


def test_who_left_may_do_nothing() -> None:
    left = person("desk", "clinician", "owner", active=False)

    assert not any(left.may(use_case) for use_case in PERMISSIONS)


def test_roles_add_up() -> None:
    both = person("owner", "clinician")

    assert both.may("sign")
    assert both.may("add_person")
    assert not person("owner").may("sign")


def test_a_refusal_says_who_may() -> None:
    error = NotPermittedError(person("desk"), "sign")

    assert "clinician" in error.text
    assert error.code == "not_permitted"


@pytest.mark.parametrize(
    ("passphrase", "word"),
    [
        ("short", "characters"),
        ("aaaaaaaaaaaaaaa", "different"),
        ("kim lee is here", "name"),
        ("           x    ", "characters"),
    ],
)
def test_a_poor_passphrase_is_refused_with_its_reason(
    passphrase: str, word: str
) -> None:
    assert word in passphrase_problem(passphrase, "Kim Lee")


def test_four_words_do() -> None:
    assert passphrase_problem("kettle moss river nine", "Kim Lee") == ""


@pytest.mark.parametrize("sign", ["\n", "\t", "\x1b", "\u202e", "\ud800"])
def test_what_cannot_be_typed_is_in_no_passphrase(sign: str) -> None:
    """A file can hold it; the field of the window cannot."""
    assert "typed" in passphrase_problem(f"kettle moss river nine{sign}", "Kim Lee")
