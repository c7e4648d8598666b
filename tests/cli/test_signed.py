"""Signed visits from the command line: shown as signed, added to, assessed again."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from db.clinic import Clinic
from db.location import head_files
from intake.decisions import Decision
from intake.ports import OpenRecords
from intake.protocol_loader import default_protocol
from intake.workflow import Workflow
from tests.cli.test_records import _PASSPHRASE, Run, case, clinic, run
from tests.db.made_up import Morning, decision

__all__ = ["case", "clinic", "run"]


@pytest.fixture
def visit(run: Run, clinic: str, case: str) -> str:
    """Return the id of a signed visit."""
    found: str = json.loads(run("record", case).out)["visit"]
    run("sign", found)
    return found


def _file(folder: Path, content: str) -> str:
    path = folder / "content"
    path.write_text(content, encoding="utf-8")
    return str(path)


def test_a_signed_visit_is_shown_as_signed_with_its_addenda(
    run: Run, visit: str, tmp_path: Path
) -> None:
    note = _file(tmp_path, "The film is normal.\n")
    added = run("addend", visit, "--kind", "note", "--text-file", note)
    shown = json.loads(run("show", visit, "--json").out)

    assert shown["matches"] is True
    assert shown["faults"] == []
    assert shown["signed"]["answers"] == {"exam.looks_unwell": "no", "pain.now": 6}
    assert shown["signed"]["signer"]["name"] == "Ann Ash"
    (one,) = shown["addenda"]
    assert one["digest"] == json.loads(added.out)["digest"]
    assert one["signed"]["text"] == "The film is normal."
    words = run("show", visit)
    assert words.code == 0
    assert "The film is normal." in words.out
    assert shown["digest"] in words.out


def test_a_correction_goes_over_the_answers_and_is_assessed(
    run: Run, visit: str, tmp_path: Path
) -> None:
    assert run("reassess", visit).out == "No difference.\n"
    answers = _file(tmp_path, '{"pain.now": null, "cancer.history": "yes"}')
    said = run("addend", visit, "--kind", "correction", "--answers", answers)
    again = json.loads(run("reassess", visit, "--json").out)

    assert said.code == 0
    assert {"answers"} < {one["area"] for one in again["differences"]}
    assert again["assessment"]["concerns"]
    signed = json.loads(run("show", visit, "--json").out)["signed"]
    assert signed["answers"]["pain.now"] == 6, "what was signed stays"


@pytest.mark.parametrize(
    ("options", "content", "words"),
    [
        ("note --answers", '{"pain.now": 3}', "A note holds no answers"),
        ("result --text-file", " \n", "nothing to add"),
        ("result --answers", '{"pain.nov": 3}', "no such question"),
        ("result --answers", '{"pain.now": 99}', "pain.now"),
        ("result --answers", "[1]", "one object"),
        ("result --answers", "{", "not JSON"),
    ],
)
def test_a_poor_addendum_is_refused_and_not_stored(
    run: Run, visit: str, tmp_path: Path, options: str, content: str, words: str
) -> None:
    file = _file(tmp_path, content)
    said = run("addend", visit, "--kind", *options.split(), file)

    assert said.code == 2
    assert words in said.err
    assert json.loads(run("show", visit, "--json").out)["addenda"] == []


def _decide(folder: Path, visit: str, one: Decision) -> None:
    """Decide as the clinician whose clinic it is."""
    with closing(_signed_in(folder)) as opened:
        (person,) = opened.store.people()
        workflow = Workflow(opened.store, default_protocol(), Morning())
        workflow.decide(person, visit, one)


def _signed_in(folder: Path) -> OpenRecords:
    clinic = Clinic(folder / "clinic", Morning(), head_files(folder / "clinic"))
    (ann,) = clinic.staff()
    return clinic.sign_in(ann.id, _PASSPHRASE)


def test_what_was_decided_is_shown_with_what_came_too_late(
    run: Run, clinic: str, case: str, tmp_path: Path
) -> None:
    visit = json.loads(run("record", case).out)["visit"]
    _decide(tmp_path, visit, decision("in time", words="Done in May\n\x1b[31m"))
    assert run("sign", visit).code == 0
    _decide(tmp_path, visit, decision("late", "accepted"))

    words = run("show", visit)
    assert words.code == 0
    assert "Declined: Done in May" in words.out
    assert "\x1b" not in words.out, "what was typed does not colour the console"
    assert "Decided after the signature, and not signed" in words.out
    shown = json.loads(run("show", visit, "--json").out)
    assert [one["id"] for one in shown["signed"]["decisions"]] == ["in time"]
    assert [one["id"] for one in shown["late_decisions"]] == ["late"]
    assert run("check").code == 0
    assert run("audit", "verify").code == 0


def test_a_visit_that_is_marked_says_so_first_and_in_the_list(
    run: Run, visit: str, tmp_path: Path
) -> None:
    assert "ENTERED IN ERROR" not in run("show", visit).out
    with closing(_signed_in(tmp_path)) as opened:
        (person,) = opened.store.people()
        workflow = Workflow(opened.store, default_protocol(), Morning())
        workflow.mark_entered_in_error(person, visit, "Rita's visit")

    words = run("show", visit).out
    assert words.startswith("ENTERED IN ERROR")
    assert "Rita's visit" in words
    assert run("list").out.endswith("\tsigned,entered_in_error\n")


@pytest.mark.parametrize("command", ["show", "reassess"])
def test_only_a_signed_visit_can_be_shown(
    run: Run, clinic: str, case: str, command: str
) -> None:
    unsigned = json.loads(run("record", case).out)["visit"]

    assert "not signed" in run(command, unsigned).err
    assert run(command, "nothing").code == 2
