"""The owner's commands: people, the recovery code, the audit trail."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from tests.cli.test_records import Run, case, clinic, run

__all__ = ["case", "clinic", "run"]

NOORS = "stones in a warm wall"
GIVEN = "a new one for Monday"
OWN = "and one of her own"
Secret = Callable[[str], str]


@pytest.fixture
def secret(tmp_path: Path) -> Secret:
    """Return how to put a passphrase into a file."""

    def write(text: str) -> str:
        file = tmp_path / f"{len(text)}.txt"
        file.write_text(text + "\n")
        return str(file)

    return write


@pytest.fixture
def noor(run: Run, clinic: str, secret: Secret) -> str:
    """Take a clinician in; return her id."""
    said = run(
        "people", "add", "Noor", "--role", "desk", "--role", "clinician",
        "--licence", "DC 7", "--new-passphrase-file", secret(NOORS),
    )  # fmt: skip
    assert said.code == 0
    return said.out.strip()


def listed(run: Run) -> list[list[str]]:
    """Return the people as they are listed, without their ids."""
    said = run("people", "--as", "Ann Ash")
    assert said.code == 0
    return [line.split("\t")[1:] for line in said.out.splitlines()]


def test_somebody_taken_in_can_sign_in(run: Run, noor: str) -> None:
    assert run("list", "--as", "Noor", passphrase=NOORS).code == 0
    assert listed(run) == [
        ["Ann Ash", "clinician+owner", "", "works here"],
        ["Noor", "clinician+desk", "DC 7", "works here"],
    ]


def test_a_change_keeps_what_is_not_named(run: Run, noor: str) -> None:
    said = run("people", "change", "Noor", "--name", "Noor Ali", "--as", "Ann Ash")
    assert said.code == 0
    assert listed(run)[1] == ["Noor Ali", "clinician+desk", "DC 7", "works here"]
    run("people", "change", noor, "--role", "desk", "--as", "Ann Ash")
    assert listed(run)[1] == ["Noor Ali", "desk", "DC 7", "works here"]


def test_what_the_desk_may_not_record_leaves_no_patient(
    run: Run, clinic: str, case: str, secret: Secret
) -> None:
    """The case holds an answer of the examination; refused whole, as it says."""
    run(
        "people", "add", "Dee", "--role", "desk",
        "--new-passphrase-file", secret(NOORS),
    )  # fmt: skip
    said = run("record", case, "--as", "Dee", passphrase=NOORS)
    assert said.code == 3
    assert "nothing was done" in said.err
    assert run("list", "--as", "Ann Ash").out == ""


def test_who_leaves_hands_over_and_is_out(
    run: Run, noor: str, case: str, tmp_path: Path
) -> None:
    visit = json.loads(run("record", case, "--as", "Noor", passphrase=NOORS).out)
    refused = run("people", "remove", "Noor", "--as", "Ann Ash")
    assert refused.code == 2
    assert "handed to a clinician" in refused.err
    said = run("people", "remove", "Noor", "--hand-to", "Ann Ash", "--as", "Ann Ash")
    assert said.code == 0

    assert listed(run)[1][-1] == "left"
    assert run("list", "--as", "Noor", passphrase=NOORS).code == 2
    handed = json.loads(run("audit", "list", "--event", "handed_over", "--json").out)
    assert [one["about"] for one in handed] == [visit["visit"]]
    assert run("audit", "verify").code == 0
    assert run("check").code == 0


def test_the_last_owner_stays(run: Run, noor: str) -> None:
    for arguments in (
        ("remove", "Ann Ash", "--hand-to", "Noor"),
        ("change", "Ann Ash", "--role", "desk"),
    ):
        said = run("people", *arguments, "--as", "Ann Ash")
        assert said.code == 3
        assert "last owner" in said.err


def test_passphrases_are_reset_by_the_owner_and_changed_by_oneself(
    run: Run, noor: str, secret: Secret
) -> None:
    new = secret(GIVEN)
    arguments = ("--new-passphrase-file", new, "--as")
    assert run("people", "passphrase", "Noor", *arguments, "Ann Ash").code == 0
    assert run("list", "--as", "Noor", passphrase=NOORS).code == 3
    own = secret(OWN)
    said = run(
        "people", "passphrase", "Noor", "--new-passphrase-file", own, "--as", "Noor",
        passphrase=GIVEN,
    )  # fmt: skip
    assert said.code == 0
    assert run("list", "--as", "Noor", passphrase=OWN).code == 0


def test_the_house_is_not_for_everybody(
    run: Run, noor: str, secret: Secret, tmp_path: Path
) -> None:
    for arguments in (
        ("people", "remove", "Ann Ash"),
        ("people", "passphrase", "Ann Ash", "--new-passphrase-file", secret(NOORS)),
        ("recovery-code",),
        ("audit", "list"),
        ("audit", "export", str(tmp_path / "out.csv")),
    ):
        said = run(*arguments, "--as", "Noor", passphrase=NOORS)
        assert said.code == 3
        assert "for the owner" in said.err
    assert not (tmp_path / "out.csv").exists()


def test_a_poor_passphrase_or_name_is_refused(
    run: Run, noor: str, secret: Secret
) -> None:
    for name, words, said in (
        ("Eve", "short", "12 characters"),
        ("noor", NOORS, "works here already"),
    ):
        told = run(
            "people", "add", name, "--role", "desk", "--as", "Ann Ash",
            "--new-passphrase-file", secret(words),
        )  # fmt: skip
        assert told.code == 2
        assert said in told.err
    assert len(listed(run)) == 2


def test_a_new_recovery_code_is_printed_or_on_a_sheet(
    run: Run, clinic: str, tmp_path: Path
) -> None:
    code = run("recovery-code").out.strip()
    assert len(code) == len(clinic)
    assert code != clinic
    sheet = tmp_path / "sheet.pdf"
    said = run("recovery-code", "--out", str(sheet))
    assert (said.code, said.out) == (0, "")
    assert "Spine & Co" in pypdf.PdfReader(sheet).pages[0].extract_text()


def test_a_code_whose_sheet_cannot_be_written_is_not_lost(
    run: Run, clinic: str, tmp_path: Path
) -> None:
    said = run("recovery-code", "--out", str(tmp_path / "nowhere" / "sheet.pdf"))

    assert said.code == 3
    assert len(said.out.strip()) == len(clinic)


def test_the_audit_is_listed_by_event_person_and_day(run: Run, noor: str) -> None:
    run("list", "--as", "Noor", passphrase=NOORS)
    lines = run("audit", "list", "--as", "Ann Ash", "--person", "Noor").out.splitlines()
    assert [line.split("\t")[2:4] for line in lines] == [["signed_in", "Noor"]]
    out = run("audit", "list", "--as", "Ann Ash", "--to", "2020-01-01").out
    assert out == ""
    assert run("audit", "list", "--as", "Ann Ash", "--from", "2020-01-01").out


def test_the_exported_audit_can_be_read_back(
    run: Run, noor: str, tmp_path: Path
) -> None:
    run("people", "change", "Noor", "--name", "=1+1", "--as", "Ann Ash")
    run("list", "--as", "=1+1", passphrase=NOORS)
    file = tmp_path / "audit.csv"
    assert run("audit", "export", str(file), "--as", "Ann Ash").code == 0

    with file.open(newline="", encoding="utf-8") as content:
        rows = list(csv.DictReader(content))
    assert [int(row["number"]) for row in rows] == list(range(1, len(rows) + 1))
    assert rows[-1]["event"] == "audit_exported"
    assert {row["name"] for row in rows if row["person"] == noor} == {"'=1+1"}


@pytest.mark.parametrize("name", ["clinic.db", "clinic.keys", "backups/one.backup"])
@pytest.mark.parametrize("command", [("audit", "export"), ("recovery-code", "--out")])
def test_nothing_is_written_over_the_records(
    run: Run,
    clinic: str,
    case: str,
    tmp_path: Path,
    command: tuple[str, ...],
    name: str,
) -> None:
    assert run("backup", str(tmp_path / "clinic" / "backups" / "one.backup")).code == 0
    file = tmp_path / "clinic" / name
    kind = file.read_bytes()[:16]
    said = run(*command, str(file))
    assert said.code == 3
    assert "lies with the records" in said.err
    assert file.read_bytes()[:16] == kind
    assert run("check").code == 0


def test_days_at_the_ends_of_the_calendar_are_days(run: Run, clinic: str) -> None:
    everything = run("audit", "list", "--from", "0001-01-01", "--to", "9999-12-31")
    assert "set_up" in everything.out
    assert run("audit", "list", "--from", "9999-12-31").out == ""


@pytest.mark.parametrize("command", ["show", "sign", "reassess"])
def test_half_a_character_is_no_visit(run: Run, clinic: str, command: str) -> None:
    with pytest.raises(SystemExit) as refused:
        run(command, "x\udcff")
    assert refused.value.code == 2
