"""Codes: what is malformed is refused, and what ships says what it is and no more."""

from pathlib import Path
from typing import Any

import pytest

from intake.codes import FORMS, Code, loinc_check_digit
from intake.outcome_json import assessment_json, inventory_json
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol, load_protocol
from tests.intake.small import assessed, copied, small_protocol, spoilt

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"

#: All codes of the list this was built from, those in use and the others.
LISTED_LOINC = (
    "24983-9 30753-8 30752-0 30756-1 24980-5 36532-0 24982-1 24981-3 24978-9 30597-9 "
    "24979-7 36643-5 42272-5 58410-2 30341-2 4537-7 1988-5 6768-6 17861-6 2857-1 "
    "72514-3 8310-5 29463-7 85354-9 8867-4 57133-1 11488-4 11506-3"
)
LISTED_ICD_10_CM = (
    "M54.6 M54.14 M54.15 M54.9 M62.830 M79.18 G89.29 M99.02 M99.12 S23.3XXA S29.012A "
    "M47.814 M47.894 M51.14 M51.34 M40.04 M41.24 M51.04 M47.14 G95.20 G95.29 G83.4 "
    "R29.2 R26.89 R20.0 R20.2 R53.1 M62.81 R33.9 R32 R15.9 Z85.3 Z85.46 Z85.118 "
    "Z85.528 Z85.850 Z85.820 Z85.07 Z85.72 Z85.79 Z85.9 Z80.3 Z80.9 C79.51 G89.3 "
    "R63.4 R61 R53.83 R59.1 R50.9 R68.83 M46.24 M46.44 G06.1 A18.01 Z86.11 B20 "
    "D84.821 D84.9 F19.10 M80.08XA M81.0 M48.54XA M84.58XA S22.000A Z79.52 Z87.310 "
    "Z91.81 R07.9 R07.89 R07.81 R06.02 R04.2 R10.13 R17 Z87.891 F17.210 Z53.20 Z53.29 "
    "Z03.89"
)
#: No code by themselves any more: each was split after January 2021.
SPLIT = ("R05", "M54.5", "I71.01")


def wrong(system: str, code: str) -> str:
    """Return what is wrong with a code of a system."""
    return FORMS[system].wrong(code)


# the form of a code


@pytest.mark.parametrize("code", LISTED_LOINC.split())
def test_a_loinc_code_of_the_list_passes_its_check_digit(code: str) -> None:
    assert wrong("LOINC", code) == ""


@pytest.mark.parametrize(("code", "digit"), [("37944-7", 6), ("38868-3", 6)])
def test_the_two_bad_loinc_codes_of_public_code_fail(code: str, digit: int) -> None:
    """Both were found in other programs, as codes of thoracic X-rays."""
    assert wrong("LOINC", code) == f"The check digit would be {digit}."


def test_the_check_digit_is_that_of_the_users_guide() -> None:
    """The guide's own example."""
    assert loinc_check_digit("12345") == 5


@pytest.mark.parametrize("code", LISTED_LOINC.split())
def test_one_wrong_digit_or_two_changed_places_are_noticed(code: str) -> None:
    """The negative control: the check is there for slips of the hand."""
    number, digit = code.split("-")
    for place, was in enumerate(number):
        for other in "0123456789":
            slip = number[:place] + other + number[place + 1 :]
            if other != was and slip[0] != "0":
                assert wrong("LOINC", f"{slip}-{digit}")
    swapped = number[:-2] + number[-1] + number[-2]
    # Luhn's one blind spot among neighbours is 09 and 90.
    if swapped != number and {*number[-2:]} != {"0", "9"}:
        assert wrong("LOINC", f"{swapped}-{digit}")


@pytest.mark.parametrize(
    "code", ["", "24983", "24983-", "-9", "24983.9", "024983-9", "24983-9 ", "٢4983-9"]
)
def test_what_is_no_loinc_code_is_refused(code: str) -> None:
    assert wrong("LOINC", code)


@pytest.mark.parametrize("code", LISTED_ICD_10_CM.split())
def test_an_icd_10_cm_code_of_the_list_has_the_right_form(code: str) -> None:
    assert wrong("ICD-10-CM", code) == ""


@pytest.mark.parametrize(
    "code",
    ["", "R", "R5", "R509", "r50.9", "R50.", "R50,9", "50.9", "RR0.9", "S29.012AB",
     "R50.9 ", "M54.6\n", "279038004", "72072"],
)  # fmt: skip
def test_what_is_no_icd_10_cm_code_is_refused(code: str) -> None:
    """The last two have the form of SNOMED CT and of CPT."""
    assert wrong("ICD-10-CM", code)


def test_a_unit_is_one_the_program_knows() -> None:
    assert wrong("UCUM", "mm[Hg]") == ""
    assert wrong("UCUM", "mmHg")


def test_no_other_system_is_known() -> None:
    assert set(FORMS) == {"ICD-10-CM", "LOINC", "UCUM"}


# what ships


def coded(protocol: Protocol) -> dict[str, tuple[Code, ...]]:
    """Return the codes of each entry that has any."""
    entries: list[Any] = [
        *protocol.questions.values(),
        *protocol.findings.values(),
        *protocol.actions.values(),
    ]
    return {entry.id: entry.codes for entry in entries if entry.codes}


def test_each_code_that_ships_is_well_formed_named_and_verified() -> None:
    """Loading has checked the form; here is that there is something to check."""
    by_url = {form.url: form for form in FORMS.values()}
    shipped = [code for codes in coded(default_protocol()).values() for code in codes]
    assert len(shipped) > 60
    for code in shipped:
        assert by_url[code.system].wrong(code.code) == ""
        assert code.display
        assert code.verified in ("V", "V2")


def test_no_suspicion_is_coded_as_a_disease() -> None:
    """Chapter R is symptoms and findings; the two others say that somebody smokes."""
    habits = {"Z72.0", "Z87.891"}
    for entry, codes in coded(default_protocol()).items():
        for code in codes:
            symptom = code.code.startswith("R") or code.code in habits
            assert code.system != ICD or symptom, entry
    assert [c.code for c in default_protocol().presenting] == ["M54.6"]
    assert not any(hasattr(c, "codes") for c in default_protocol().concerns.values())


def test_a_symptom_code_stands_on_a_question_that_a_yes_answers() -> None:
    for question in default_protocol().questions.values():
        if any(code.system == ICD for code in question.codes):
            assert question.kind == "flag", question.id


def test_studies_and_tests_are_ordered_by_loinc() -> None:
    actions = [a for a in default_protocol().actions.values() if a.codes]
    assert {a.kind for a in actions} == {"imaging", "laboratory"}
    assert {code.system for a in actions for code in a.codes} == {LOINC}


def test_codes_that_were_split_are_not_used() -> None:
    used = {c.code for codes in coded(default_protocol()).values() for c in codes}
    assert used.isdisjoint(SPLIT)


def test_loinc_stands_with_its_notice_and_each_system_with_its_check() -> None:
    """The license asks for the notice wherever the codes go."""
    systems = {system.id: system for system in default_protocol().code_systems}
    assert "Regenstrief Institute" in systems["LOINC"].notice
    assert "http://loinc.org/license" in systems["LOINC"].notice
    assert all("October" in system.recheck for system in systems.values())
    assert "NOT checked" in systems["ICD-10-CM"].note
    root = Path(__file__).parents[2]
    for page in ("NOTICE", "docs/dependencies.md", "docs/command-line.md"):
        text = " ".join((root / page).read_text(encoding="utf-8").split())
        assert systems["LOINC"].notice in text, page


# what is shown


def with_codes(tmp_path: Path) -> Protocol:
    """Return the small protocol with a code on an action and on a question."""
    folder = copied(tmp_path)
    code = 'codes = ["LOINC 24980-5"]'
    spoilt(folder, "actions.toml", 'label = "MRI"', f'label = "MRI"\n{code}')
    spoilt(folder, "questions/results.toml", 'label = "ESR"', f'label = "ESR"\n{code}')
    return load_protocol(folder)


MRI = [{"system": LOINC, "code": "24980-5", "display": "MR Thoracic spine"}]


def test_a_suggestion_shows_its_codes_and_their_notice(tmp_path: Path) -> None:
    answers = {"cancer.history": "yes", "neuro.bladder": ["retention"]}
    found = assessment_json(assessed(answers, protocol=with_codes(tmp_path)))
    suggestions = {s["id"]: s for s in found["suggestions"]}
    assert suggestions.pop("imaging.mri")["codes"] == MRI
    assert suggestions
    assert not any("codes" in s for s in suggestions.values())
    (system,) = found["code_systems"]
    assert system["system"] == LOINC
    assert system["notice"] == "LOINC is copyright Regenstrief Institute, Inc."


def test_without_codes_nothing_is_said_of_code_systems() -> None:
    assert assessment_json(assessed({}))["code_systems"] == []


def test_a_question_shows_its_codes(tmp_path: Path) -> None:
    inventory = {q["id"]: q for q in inventory_json(with_codes(tmp_path))}
    assert inventory["result.esr"]["codes"] == MRI
    assert "codes" not in inventory["result.crp"]


def test_a_document_and_the_presenting_problem_have_codes() -> None:
    assert small_protocol().documents["letter"].code == "57133-1"
    assert [c.code for c in small_protocol().presenting] == ["M54.6"]
