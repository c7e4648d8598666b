"""The records from the command line: what the window can do, scripts can do, too."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest

from ui import cli

_PASSPHRASE = "kettle moss river nine"  # noqa: S105  (made up, opens nothing)
Run = Callable[..., "Said"]


@dataclass
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Run:
    """Return how to run a command with a passphrase on standard input."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run_one(*arguments: str, passphrase: str = _PASSPHRASE) -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(passphrase + "\n"))
        code = cli.main([*arguments, "--data", str(tmp_path / "clinic")])
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    return run_one


@pytest.fixture
def clinic(run: Run) -> str:
    """Set a clinic up; return the recovery code."""
    said = run("setup", "--clinic", "Spine & Co", "--person", "Ann Ash")
    assert said.code == 0
    return said.out.strip()


@pytest.fixture
def case(tmp_path: Path) -> str:
    """Return the name of a case file with a whole registration."""
    file = tmp_path / "case.json"
    table = {
        "patient": {
            "age": 41,
            "sex_at_birth": "female",
            "family_name": "Żółć",
            "given_name": "Ana",
            "occupation": "pilot",
        },
        "on": "2026-11-20",
        "answers": {"pain.now": 6, "exam.looks_unwell": "no"},
    }
    file.write_text(json.dumps(table), encoding="utf-8")
    return str(file)


def test_a_visit_is_recorded_listed_signed_and_verified(
    run: Run, clinic: str, case: str
) -> None:
    ids = json.loads(run("record", case).out)
    assert run("list").out == f"{ids['visit']}\t2026-11-20\tŻółć, Ana\tin_examination\n"
    signed = json.loads(run("sign", ids["visit"]).out)

    assert signed["visit"] == ids["visit"]
    assert len(signed["digest"]) == 64
    assert run("list").out.endswith("signed\n")
    assert run("audit", "verify").code == 0
    assert run("check").code == 0


def test_a_signed_visit_is_signed_once(run: Run, clinic: str, case: str) -> None:
    visit = json.loads(run("record", case).out)["visit"]
    run("sign", visit)
    again = run("sign", visit)

    assert again.code == 3
    assert "does not change any more" in again.err
    assert again.out == ""


def test_a_backup_opens_elsewhere_with_the_same_passphrase(
    run: Run, clinic: str, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("record", case)
    listed = run("list").out
    backup = str(tmp_path / "today.backup")
    assert run("backup", backup).code == 0
    run("record", case)
    assert run("restore", backup).code == 0

    assert run("list").out == listed
    assert run("audit", "verify").code == 0


def test_a_passphrase_comes_from_a_file_without_its_line_end(
    run: Run, clinic: str, tmp_path: Path
) -> None:
    for end in ("", "\n", "\r\n"):
        file = tmp_path / "passphrase"
        file.write_bytes((_PASSPHRASE + end).encode())
        said = run("list", "--passphrase-file", str(file), passphrase="")
        assert said.code == 0


def test_a_wrong_passphrase_is_told_and_nothing_is_shown(
    run: Run, clinic: str, case: str
) -> None:
    run("record", case)
    said = run("list", passphrase="guess after guess")  # noqa: S106  (made up)

    assert said.code == 3
    assert said.out == ""
    assert "does not open the records" in said.err


@pytest.mark.parametrize(
    ("arguments", "passphrase", "words"),
    [
        (("--clinic", "C", "--person", "Ann"), "short", "12 characters"),
        (("--clinic", " ", "--person", "Ann"), _PASSPHRASE, "--clinic"),
        (("--clinic", "C", "--person", ""), _PASSPHRASE, "--person"),
        (("--clinic", "C\x1b[2J", "--person", "Ann"), _PASSPHRASE, "--clinic"),
        (("--clinic", "C", "--person", "Ann\nAsh"), _PASSPHRASE, "--person"),
        (("--clinic", "C", "--person", "Ann"), "", "There is none"),
    ],
)
def test_a_poor_set_up_is_refused_and_leaves_nothing(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], passphrase: str, words: str
) -> None:
    said = run("setup", *arguments, passphrase=passphrase)

    assert said.code == 2
    assert words in said.err
    assert not (tmp_path / "clinic").exists()


def test_a_second_set_up_leaves_the_first_alone(run: Run, clinic: str) -> None:
    said = run("setup", "--clinic", "Other", "--person", "Eve")

    assert said.code == 3
    assert "already" in said.err
    assert run("list").code == 0


def test_the_recovery_sheet_holds_the_code(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    said = run(
        "setup", "--clinic", "Spine & Co", "--person", "Ann",
        "--recovery-out", str(file),
    )  # fmt: skip

    assert said.code == 0
    assert said.out == ""
    text = pypdf.PdfReader(file).pages[0].extract_text()
    assert "Spine & Co" in text
    assert text.count("-") >= 6


def test_a_sheet_that_cannot_be_written_loses_no_code(run: Run, tmp_path: Path) -> None:
    """The clinic is there by then, and nobody can ask for its code again."""
    said = run(
        "setup", "--clinic", "Spine & Co", "--person", "Ann",
        "--recovery-out", str(tmp_path / "nowhere" / "sheet.pdf"),
    )  # fmt: skip

    assert said.code == 3
    assert len(said.out.strip()) == 34
    assert run("list").code == 0


def test_no_passphrase_is_no_wrong_one(run: Run, clinic: str) -> None:
    """A script that gives none must not lock anybody out."""
    for _ in range(6):
        assert run("list", passphrase="").code == 2

    assert run("list").code == 0


def test_at_a_terminal_the_passphrase_is_asked_for(
    clinic: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And not shown, which is what `getpass` is for."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("not read\n"))
    monkeypatch.setattr("getpass.getpass", lambda _: _PASSPHRASE)

    assert cli.main(["list", "--data", str(tmp_path / "clinic")]) == 0


def test_half_a_character_is_a_wrong_passphrase(run: Run, clinic: str) -> None:
    assert run("list", passphrase="\udcff" * 20).code == 3


def test_nobody_of_that_name_is_told_who_there_is(run: Run, clinic: str) -> None:
    said = run("list", "--as", "Bob")

    assert said.code == 2
    assert "Ann Ash" in said.err
    assert run("list", "--as", "Ann Ash").code == 0


def test_a_case_file_with_a_problem_stores_nothing(
    run: Run, clinic: str, tmp_path: Path
) -> None:
    file = tmp_path / "bad.json"
    file.write_text('{"patient": {}, "answers": {"pain.now": 99}}')

    assert run("record", str(file)).code == 2
    assert run("list").out == ""


def test_a_damaged_backup_changes_nothing(
    run: Run, clinic: str, case: str, tmp_path: Path
) -> None:
    run("record", case)
    backup = tmp_path / "today.backup"
    run("backup", str(backup))
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)

    assert run("restore", str(backup)).code == 3
    assert len(run("list").out.splitlines()) == 1


def test_a_damaged_file_is_found_and_no_value_is_shown(
    run: Run, clinic: str, case: str, tmp_path: Path
) -> None:
    run("record", case)
    right = run("list").out
    file = tmp_path / "clinic" / "clinic.db"
    content = bytearray(file.read_bytes())
    content[-3000] ^= 1
    file.write_bytes(content)
    said = run("check")

    assert said.code in (1, 3)
    assert "Żółć" not in said.out + said.err
    # A page that nobody reads for this may be the damaged one.
    assert run("list").out in ("", right)
