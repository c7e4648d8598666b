"""`thoracic-intake protocol show [DIR] [-o OUT.html]`: the protocol as one page."""

from datetime import timedelta
from pathlib import Path

import pytest

from intake.protocol_loader import default_protocol
from tests.intake.small import FOLDER, copied, spoilt
from ui import cli


def test_the_page_is_written_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "page.html"
    assert cli.main(["protocol", "show", "-o", str(out)]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"Written: {out}" in printed.err
    assert "not for real patients" in printed.err
    html = out.read_text(encoding="utf-8")
    assert "<h1>Upper (thoracic) back pain</h1>" in html
    assert "Clinical history" in html


def test_without_a_name_it_goes_into_the_present_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["protocol", "show", str(FOLDER)]) == 0
    (written,) = tmp_path.iterdir()
    assert written.name == "thoracic-intake-protocol.html"
    html = written.read_text(encoding="utf-8")
    assert "A small protocol for tests" in html
    # It has no CHANGES.md, and no heading for it.
    assert "Clinical history" not in html


def test_an_older_page_is_replaced(tmp_path: Path) -> None:
    """As with the documents: whole, or not at all."""
    out = tmp_path / "page.html"
    out.write_text("old", encoding="utf-8")
    assert cli.main(["protocol", "show", str(FOLDER), "-o", str(out)]) == 0
    assert "old" not in out.read_text(encoding="utf-8")[:3]


def test_a_file_of_the_protocol_is_never_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied(tmp_path)
    before = (folder / "scope.toml").read_bytes()
    out = folder / "concerns" / ".." / "scope.toml"
    assert cli.main(["protocol", "show", str(folder), "-o", str(out)]) == 2
    assert "take the place of a file of the protocol" in capsys.readouterr().err
    assert (folder / "scope.toml").read_bytes() == before


def test_a_protocol_with_a_problem_is_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reviewer must not sign what the program would not load."""
    folder = copied(tmp_path)
    spoilt(folder, "scope.toml", "age < 18", "age < eighteen")
    out = tmp_path / "page.html"
    assert cli.main(["protocol", "show", str(folder), "-o", str(out)]) == 1
    assert "scope.toml, scope under_18" in capsys.readouterr().err
    assert not out.exists()


def test_a_folder_that_cannot_be_written_to_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "nowhere" / "page.html"
    assert cli.main(["protocol", "show", str(FOLDER), "-o", str(out)]) == 3
    assert "could not be written" in capsys.readouterr().err


def test_past_the_review_by_date_page_and_console_say_so(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = default_protocol().review_by + timedelta(days=1)
    monkeypatch.setattr(cli, "_today", lambda: late)
    out = tmp_path / "page.html"
    assert cli.main(["protocol", "show", "-o", str(out)]) == 0
    assert "Rules out of date" in capsys.readouterr().err
    assert "Rules out of date" in out.read_text(encoding="utf-8")
