"""`thoracic-intake questions`: the inventory, for programs and for people."""

import json

import pytest

from intake.protocol import KINDS
from intake.protocol_loader import default_protocol
from ui import cli

KEYS = {"id", "kind", "sided", "options", "units", "section", "class", "text"}
#: Stands only where a question has codes.
CODES = {"codes"}


def test_the_inventory_is_one_list_with_every_question(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["questions", "--json"]) == 0
    printed = capsys.readouterr()
    inventory = json.loads(printed.out)
    assert printed.err == ""
    assert [q["id"] for q in inventory] == list(default_protocol().questions)
    assert {frozenset(q.keys() - CODES) for q in inventory} == {frozenset(KEYS)}
    assert {q["kind"] for q in inventory} == set(KINDS)


def test_the_inventory_agrees_with_what_a_file_may_hold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A program that fills in a form goes by nothing else."""
    cli.main(["questions", "--json"])
    for question in json.loads(capsys.readouterr().out):
        takes_options = question["kind"] in ("choice", "choices")
        assert bool(question["options"]) is takes_options
        assert bool(question["units"]) is (question["kind"] in ("number", "pair"))
        assert type(question["sided"]) is bool


def test_without_json_it_is_one_line_a_question(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["questions"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(default_protocol().questions)
    assert all(len(line.split("\t")) == 3 for line in lines)


def test_the_desks_list_is_printed_as_it_is_posted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["tell-now"]) == 0
    first, above, *lines, below = capsys.readouterr().out.splitlines()
    assert first == "Tell the clinician now"
    assert above.startswith("A patient who looks gray")
    assert [int(line.split()[0]) for line in lines] == list(range(1, 13))
    assert "911" in below
