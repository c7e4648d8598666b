"""`thoracic-intake assess FILE.json`: a result on standard output, or exit code 2."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from intake.answers import Answers
from intake.assessment import assess
from intake.patient import Patient
from intake.protocol_loader import default_protocol
from ui import cli

CASE = {
    "patient": {"age": 66, "sex_at_birth": "female"},
    "on": "2025-11-20",
    "answers": {"cancer.history": "yes", "neuro.bladder": ["retention_or_hesitancy"]},
}
ROOT = Path(cli.__file__).parents[1]
Write = Callable[[object], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a case file and names it."""

    def written(content: object) -> str:
        path = tmp_path / "case.json"
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written


def test_the_result_is_json_and_nothing_else(
    write: Write,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Other programs read standard output; words for people go to standard error."""
    monkeypatch.setattr(cli, "_today", lambda: date(2026, 11, 24))
    assert cli.main(["assess", write(CASE)]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["tier"] in ("same_day", "emergency_now")
    assert printed.err == ""


@pytest.mark.parametrize("late", [False, True])
def test_rules_past_their_review_by_date_are_said_to_be(
    write: Write,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    late: bool,
) -> None:
    """Beside the JSON of an older visit, and in it for a visit of the day."""
    today = default_protocol().review_by + timedelta(days=late)
    monkeypatch.setattr(cli, "_today", lambda: today)
    cli.main(["assess", write({**CASE, "on": str(today)})])
    printed = capsys.readouterr()
    assert ("Rules out of date" in printed.err) is late
    assert bool(json.loads(printed.out)["protocol"]["outdated"]) is late
    cli.main(["assess", write(CASE)])
    assert ("Rules out of date" in capsys.readouterr().err) is late
    cli.main(["protocol", "check"])
    assert ("Rules out of date" in capsys.readouterr().err) is late


def test_the_words_of_the_sample_say_it_too() -> None:
    protocol = default_protocol()
    day = protocol.review_by + timedelta(days=1)
    patient = Patient(id="p", stated_age=50)
    late = cli._in_words(assess(protocol, patient, Answers({}), day))
    assert "Rules out of date" in late
    in_time = cli._in_words(assess(protocol, patient, Answers({}), protocol.review_by))
    assert "Rules out of date" not in in_time


def test_the_exit_code_is_0_whatever_the_tier(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tier is a result, not a failure."""
    assert cli.main(["assess", write({**CASE, "answers": {}})]) == 0
    assert json.loads(capsys.readouterr().out)["tier"] == "monitor"


def test_cards_are_printed_when_asked_for(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """What each concern and suggestion rests on; without the option nothing changes."""
    assert cli.main(["assess", write(CASE)]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert cli.main(["assess", write(CASE), "--cards"]) == 0
    found = json.loads(capsys.readouterr().out)
    cards = found.pop("cards")

    assert found == plain
    assert list(cards["concerns"]) == [c["id"] for c in found["concerns"]]
    assert list(cards["suggestions"]) == [s["id"] for s in found["suggestions"]]
    cord = cards["concerns"]["cord_compression"]
    assert "cancer.history" in {i["question"] for i in cord["reasons"][0]["inputs"]}


def test_a_file_with_mistakes_is_refused_whole_with_every_one_named(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    case = {
        "patient": {"age": 300, "zip": "x"},
        "on": "9999-12-31",
        "answers": {
            "cancer.histroy": "yes",
            "pain.onset": "suddenly",
            "vitals.temperature": {"value": 38, "unit": "K"},
            "pain.now": "7",
        },
    }
    assert cli.main(["assess", write(case)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    for words in (
        "7 problems in the input.",
        "patient.zip: ",
        "patient.age: ",
        "on: The day of the visit lies in the future.",
        'cancer.histroy: There is no such question. Did you mean "cancer.history"?',
        "pain.onset: ",
        'vitals.temperature: The unit "K" is wrong here. Use Cel or [degF].',
        "pain.now: This is a scale.",
    ):
        assert words in printed.err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"answers": 5}', "[" * 100_000])
def test_what_is_no_case_at_all_is_refused(
    text: str, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["assess", write(text)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err


def test_a_character_the_console_cannot_show_does_not_break_the_message(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """The name of the question came from the file, lone surrogate and all."""
    assert cli.main(["assess", write('{"answers": {"\\ud800": "yes"}}')]) == 2
    assert "There is no such question." in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_the_surroundings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 3, and what to do about it."""
    for path in (tmp_path / "nowhere.json", tmp_path):
        assert cli.main(["assess", str(path)]) == 3
        printed = capsys.readouterr()
        assert printed.out == ""
        assert f"{path} cannot be read: " in printed.err


@pytest.mark.parametrize(
    "arguments", [["asses", "x.json"], ["assess"], ["assess", "a", "b"], ["protocol"]]
)
def test_a_command_that_is_none_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert capsys.readouterr().out == ""


def run(
    *arguments: str, code: str = "-m ui.cli", encoding: str = "utf-8"
) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as its own process, with a narrow console if asked."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run(
        [sys.executable, *code.split(), *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
    )


def test_as_a_process_it_ends_with_the_same_codes(write: Write) -> None:
    done = run("assess", write(CASE))
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["protocol"]["id"] == "upper_back_pain"
    refused = run("assess", write({**CASE, "answers": {"pain.now": 11}}))
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"Traceback" not in refused.stderr


def test_on_a_narrow_console_the_result_is_still_utf_8(write: Write) -> None:
    """On Windows a pipe has the code page's encoding; JSON is UTF-8 everywhere."""
    done = run("assess", write(CASE), encoding="cp1252")
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("utf-8"))["tier"]


def test_a_reader_that_stops_early_gets_no_trace(write: Write) -> None:
    """`thoracic-intake questions --json | head -1` is a normal thing to type."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "questions", "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout as out, process.stderr as err:
        out.readline()
        out.close()
        said = err.read()
    process.wait(timeout=120)
    assert b"Traceback" not in said


@pytest.mark.parametrize("command", [["assess"], ["questions", "--json"]])
def test_no_command_without_a_window_loads_qt(command: list[str], write: Write) -> None:
    """It has to run where Qt is not even installed."""
    arguments = [*command, write(CASE)] if command == ["assess"] else command
    done = run(*arguments, code="-X importtime -m ui.cli")
    assert done.returncode == 0
    imported = {
        line.rsplit("|", 1)[-1].strip()
        for line in done.stderr.decode().splitlines()
        if line.startswith("import time:")
    }
    assert "intake.assessment" in imported
    packages = {name.split(".")[0] for name in imported}
    assert packages.isdisjoint({"PySide6", "shiboken6", "sqlalchemy", "reportlab"})


def test_assessing_writes_no_file(write: Write, tmp_path: Path) -> None:
    """Pure: a file goes in, text comes out."""
    name = write(CASE)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    run("assess", name)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_a_visit_of_today_is_taken_and_one_of_tomorrow_is_not(
    write: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    today = date(2026, 3, 1)
    monkeypatch.setattr(cli, "_today", lambda: today)
    assert cli.main(["assess", write({"on": "2026-03-01", "answers": {}})]) == 0
    assert cli.main(["assess", write({"answers": {}})]) == 0
    assert cli.main(["assess", write({"on": "2026-03-02", "answers": {}})]) == 2
    assert "future" in capsys.readouterr().err
