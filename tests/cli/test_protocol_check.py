"""`thoracic-intake protocol check [DIR]`: 0, or 1 with every problem named."""

from pathlib import Path

import pytest

from tests.intake.bad_protocols import TWENTY
from tests.intake.small import FOLDER, copied, spoilt
from ui import cli


def test_the_protocol_that_comes_with_the_program_has_no_problem(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And as long as nobody has reviewed it, this is said as well."""
    assert cli.main(["protocol", "check"]) == 0
    printed = capsys.readouterr()
    assert "no problem found" in printed.out
    assert "not for real patients" in printed.err


def test_a_folder_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["protocol", "check", str(FOLDER)]) == 0
    assert capsys.readouterr().out == (
        "small 1: no problem found. 52 questions, 6 findings, 10 rules in 4 concerns, "
        "2 sources.\n"
    )


def test_every_problem_is_named_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied(tmp_path)
    for mistake in TWENTY:
        spoilt(folder, mistake.file, mistake.old, mistake.new)
    assert cli.main(["protocol", "check", str(folder)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    lines = printed.err.splitlines()
    missed = [
        mistake
        for mistake in TWENTY
        if not any(
            line.startswith(f"  {mistake.where}: ") and mistake.words in line
            for line in lines
        )
    ]
    assert missed == []
    assert lines[0].startswith(f"The protocol has {len(lines) - 1} problems.")


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["protocol", "check", str(tmp_path / "nowhere")]) == 1
    assert "There is no such folder." in capsys.readouterr().err
