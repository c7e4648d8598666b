"""Without a compiler the harness says so, and does not pass."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.faults import __main__ as command
from tests.faults import shim


def test_a_missing_compiler_is_told_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(shim.NoCompilerError):
        shim.built_in(tmp_path)
    monkeypatch.setattr(sys, "argv", ["faults", "cuts", "1"])
    assert command.main() == 1
    assert "Install gcc" in capsys.readouterr().out
