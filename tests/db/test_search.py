"""Finding a patient by whatever the desk was told."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.search import _few
from db.store import Store
from intake.search_terms import search_terms
from tests.db.made_up import patient
from tests.db.places import Place, new_store

GARCIA = patient(
    "garcia",
    family_name="García López",
    given_name="María José",
    preferred_name="Pepa",
    birth_date="1958-04-12",
    chart_number="TI-2024/001",
    phone="+49 (0)151 234 5678",
)
OBRIEN = patient(
    "obrien",
    family_name="O'Brien",
    given_name="Anne-Marie",
    birth_date="1958-12-04",
    chart_number="77",
    phone="555-0101",
)
LUKASZ = patient(
    "lukasz", family_name="Wiśniewski", given_name="Łukasz", birth_date="1961"
)
LI = patient("li", family_name="Li", given_name="Wei", birth_date="1990-02")
SIGNS = patient("signs", family_name="100% _Test\\", given_name="★")


@pytest.fixture
def clinic(store: Store) -> Store:
    """Return a store with these five and Jane Doe."""
    for one in (GARCIA, OBRIEN, LUKASZ, LI, SIGNS):
        store.register(one)
    return store


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # names: any part, any order, without accents and apostrophes
        ("garcia", ["garcia"]),
        ("GARCÍA", ["garcia"]),
        ("Garci\u0301a", ["garcia"]),
        ("lopez", ["garcia"]),
        ("Maria Garcia", ["garcia"]),
        ("García López, María", ["garcia"]),
        ("pepa lopez", ["garcia"]),
        ("rci", ["garcia"]),
        ("obrien", ["obrien"]),
        ("O\u2019Brien", ["obrien"]),
        ("o brien", ["obrien"]),
        ("anne marie", ["obrien"]),
        ("marie anne", ["obrien"]),
        ("lukasz wisniewski", ["lukasz"]),
        ("Garcia Brien", []),
        # birth dates
        ("1958-04-12", ["garcia"]),
        ("19580412", ["garcia"]),
        ("1958/4/12", ["garcia"]),
        ("12.04.1958", ["garcia", "obrien"]),
        ("12/4/1958", ["garcia", "obrien"]),
        ("12. 4. 1958", ["garcia", "obrien"]),
        ("12/04/58", ["garcia", "obrien"]),
        ("04-12-1958", ["garcia", "obrien"]),
        ("12 Apr 1958", ["garcia"]),
        ("12th April 1958", ["garcia"]),
        ("April 12, 1958", ["garcia"]),
        ("12-Apr-1958", ["garcia"]),
        ("04/1958", ["garcia"]),
        ("April 1958", ["garcia"]),
        ("1958", ["garcia", "obrien"]),
        ("25.12.1961", ["lukasz"]),
        ("03.02.1990", ["li"]),
        ("1991", []),
        # telephone numbers
        ("0151 2345678", ["garcia"]),
        ("+49 151 234 5678", ["garcia"]),
        ("0049 151 2345678", ["garcia"]),
        ("151-234", ["garcia"]),
        ("5550101", ["obrien"]),
        ("(555) 0101", ["obrien"]),
        # chart numbers
        ("TI-2024/001", ["garcia"]),
        ("ti2024001", ["garcia"]),
        ("77", ["obrien"]),
        # together
        ("garcia 12.04.1958", ["garcia"]),
        ("12.04.1958 brien", ["obrien"]),
        ("maria 0151 234", ["garcia"]),
        ("garcia 25.12.1961", []),
        # signs are signs
        ("%", ["signs"]),
        ("_", ["signs"]),
        ("\\", ["signs"]),
        ("★", ["signs"]),
        ("100%", ["signs"]),
        ("' OR 1=1 --", []),
        ("*", []),
    ],
)
def test_a_patient_is_found(clinic: Store, text: str, expected: list[str]) -> None:
    assert sorted(p.id for p in clinic.find_patients(text)) == expected


def test_nothing_typed_lists_everybody_by_name(clinic: Store) -> None:
    names = [p.id for p in clinic.find_patients("  ")]
    assert names == ["signs", "p1", "garcia", "li", "obrien", "lukasz"]


def test_whose_name_begins_so_comes_first(clinic: Store) -> None:
    """Else "Li" would be lost among fifty who have it somewhere in their name."""
    for number in range(60):
        clinic.register(patient(f"a{number}", family_name="Abigail"))
    clinic.register(patient("wli", family_name="Abbot", given_name="Li"))
    for number in range(3):
        clinic.register(patient(f"b{number}", family_name="Ali"))
    assert [p.id for p in clinic.find_patients("li", limit=2)] == ["li", "wli"]


def test_no_more_come_than_are_wanted(clinic: Store) -> None:
    assert len(clinic.find_patients("", limit=2)) == 2


@pytest.mark.parametrize(
    "text",
    ["\0", "\ud83d", "a\0b", "x" * 100_000, "1 " * 10_000, "(" * 10_000, "1958-" * 999],
)
def test_hostile_text_finds_nobody_and_breaks_nothing(clinic: Store, text: str) -> None:
    assert clinic.find_patients(text) in ([], [SIGNS])


@given(st.text())
def test_any_text_can_be_looked_for(place: Place, text: str) -> None:
    with new_store(place) as store:
        store.find_patients(text)


_names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30)


@given(_names, _names, st.randoms(use_true_random=False))
def test_a_patient_is_found_by_the_words_of_the_name_in_any_order(
    place: Place, family: str, given_name: str, order: random.Random
) -> None:
    words = f"{family} {given_name}".split()
    order.shuffle(words)
    with new_store(place) as store:
        hostile = patient("hostile", family_name=family, given_name=given_name)
        store.register(hostile)
        assert hostile in store.find_patients(" ".join(words))


def test_who_has_no_name_is_found_as_unknown(store: Store) -> None:
    store.register(patient("walk-in", family_name="", given_name=""))
    assert [one.id for one in store.find_patients("unkn")] == ["walk-in"]
    assert [one.id for one in store.find_patients("name not recorded")] == ["walk-in"]

    known = store.patient("walk-in")
    store.update_patient(replace(known, family_name="Novak"))
    assert store.find_patients("unknown") == []
    assert [one.id for one in store.find_patients("novak")] == ["walk-in"]


@pytest.mark.parametrize("between", [".", "/", " ", ". ", "a ", "(("])
def test_of_a_text_of_many_words_a_few_are_looked_for(
    store: Store, between: str
) -> None:
    """Each is a condition: a hundred of them held the window up for a second."""
    text = between.join(f"w{number}" for number in range(60))
    store.register(patient("long", family_name=text, given_name="Ana"))

    assert len(" ".join(_few(search_terms(text))).replace(".", " ").split()) <= 8
    assert [p.id for p in store.find_patients(text)] == ["long"]


def test_a_name_longer_than_an_index_holds_is_stored_and_found(store: Store) -> None:
    """As long as a form takes, in letters of four bytes, none like the other."""
    letters = random.Random(1)
    long = "".join(chr(letters.randrange(0x20000, 0x2A000)) for _ in range(900))
    names = {"family_name": long[:300], "given_name": long[300:600]}
    store.register(patient("long", **names, preferred_name=long[600:]))

    assert [one.id for one in store.find_patients(long[290:300])] == ["long"]
    assert store.patient("long").preferred_name == long[600:]
