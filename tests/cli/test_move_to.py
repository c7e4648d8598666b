"""A clinic is moved to a server from the command line, and worked with there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.db.places import Server, ServerDatabase
from ui.cli import main

_WORDS = "four words do well"
_CASE = {
    "patient": {"age": 44, "family_name": "Doe", "given_name": "Jane"},
    "on": "2026-11-20",
    "answers": {"pain.now": 6},
}


@pytest.fixture
def empty(server: Server) -> Iterator[ServerDatabase]:
    with server.database(template="template1") as database:
        yield database


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return a folder with a clinic of one visit, and what its commands are given."""
    (tmp_path / "words").write_text(_WORDS + "\n")
    (tmp_path / "case.json").write_text(json.dumps(_CASE))
    assert run(tmp_path, "setup", "--clinic", "C", "--person", "Olu") == 0
    assert run(tmp_path, "record", str(tmp_path / "case.json")) == 0
    capsys.readouterr()
    return tmp_path


def run(folder: Path, *arguments: str) -> int:
    more = ("--data", str(folder / "data"), "--passphrase-file", str(folder / "words"))
    return main([*arguments, *more])


def test_a_clinic_moves_and_goes_on(
    folder: Path, empty: ServerDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    address = folder / "address"
    address.write_text(empty.owner.render_as_string(hide_password=False) + "\n")
    assert run(folder, "move-to", str(address)) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["visits"] == 1
    assert "not encrypted" in said.err

    assert run(folder, "record", str(folder / "case.json")) == 0
    assert run(folder, "audit", "verify") == 0
    assert run(folder, "check") == 0
    capsys.readouterr()
    assert run(folder, "list") == 0
    assert capsys.readouterr().out.count("Doe") == 2

    assert run(folder, "backup", str(folder / "kept")) == 0
    assert main(["restore", str(folder / "kept"), "--data", str(folder / "new")]) == 0
    more = ("--data", str(folder / "new"), "--passphrase-file", str(folder / "words"))
    assert main(["list", *more]) == 0
    assert capsys.readouterr().out.count("Doe") == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("postgresql://r@db.example/clinic?sslmode=require", 2),
        ("postgresql://r:secret@127.0.0.1:1/clinic", 3),
        ("nonsense", 2),
        ("", 2),
    ],
)
def test_an_address_that_will_not_do_moves_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, code: int
) -> None:
    (folder / "address").write_text(text)
    assert run(folder, "move-to", str(folder / "address")) == code
    assert "secret" not in capsys.readouterr().err
    assert run(folder, "list") == 0
    assert "Doe" in capsys.readouterr().out


def test_a_missing_address_file_is_told(folder: Path) -> None:
    assert run(folder, "move-to", str(folder / "nothing")) == 2
