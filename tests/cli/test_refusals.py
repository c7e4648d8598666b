"""What the command line refuses, each with its exit code and in words."""

from pathlib import Path

import pytest

from ui import cli


def test_a_window_without_a_screen_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Qt would abort the process."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert cli.main([]) == 3
    assert "no screen" in capsys.readouterr().err


def test_a_document_never_takes_the_place_of_its_case_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip of the hand would destroy the answers."""
    case = tmp_path / "case.json"
    case.write_text('{"answers": {}}', encoding="utf-8")
    assert cli.main(["summary", str(case), "-o", str(case)]) == 2
    assert case.read_text(encoding="utf-8") == '{"answers": {}}'
    assert "case file" in capsys.readouterr().err


def test_a_command_that_is_stopped_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "load_protocol", stopped)

    assert cli.main(["questions"]) == 130
    assert capsys.readouterr().err.startswith("Stopped")
