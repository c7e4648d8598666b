"""The set-up: when it looks again, what it asks for, what it says when it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import start


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that start.py takes for the project."""
    for name in ("start.py", "pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text("content", encoding="utf-8")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(start, "ROOT", str(tmp_path))
    monkeypatch.setattr(start, "ENVIRONMENT", str(tmp_path / ".venv"))
    return tmp_path


@pytest.mark.parametrize("name", ["start.py", "pyproject.toml", "constraints.txt"])
def test_a_changed_file_makes_it_set_up_again(root: Path, name: str) -> None:
    start.mark_done(start.ENVIRONMENT, {"program"})
    assert start.done(start.ENVIRONMENT) == {"program"}

    (root / name).write_text("changed", encoding="utf-8")

    assert start.done(start.ENVIRONMENT) == set()


def test_a_moved_folder_makes_it_set_up_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scripts and the editable install hold absolute paths."""
    start.mark_done(start.ENVIRONMENT, {"program"})
    moved = root.rename(root.with_name("moved"))
    monkeypatch.setattr(start, "ROOT", str(moved))
    assert start.done(str(moved / ".venv")) == set()


def test_a_broken_off_set_up_is_not_taken_for_done(root: Path) -> None:
    (root / ".venv" / "set-up").write_text("", encoding="utf-8")
    assert start.done(start.ENVIRONMENT) == set()


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("win32", {}, True),
        ("darwin", {}, True),
    ],
)
def test_where_a_window_can_be_shown(
    platform: str, environment: dict[str, str], expected: bool
) -> None:
    assert start.has_screen(platform, environment) is expected


def test_without_root_the_exact_command_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(os, "access", lambda *_: True)
    with pytest.raises(
        start.SetupError,
        match="sudo apt-get install --yes --no-install-recommends libgl1 python3-venv",
    ):
        start.install_system_packages(["libgl1", "python3-venv"])


def test_only_a_window_needs_the_libraries_of_qt(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A machine without a screen and without root still does the console's job."""

    def refuse(_packages: list[str]) -> None:
        message = "sudo apt-get install"
        raise start.SetupError(message)

    monkeypatch.setattr(start, "missing_libraries", lambda _: ["libgl1"])
    monkeypatch.setattr(start, "install_system_packages", refuse)
    start.mark_done(start.ENVIRONMENT, {"program"})

    start.prepare("program", needs_qt=False)
    with pytest.raises(start.SetupError):
        start.prepare("program", needs_qt=True)

    assert "the console does without" in capsys.readouterr().err
    assert start.done(str(root / ".venv")) == {"program"}


def test_the_tests_bring_a_compiler_where_there_is_none(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It builds what breaks the disk for them; the program does without."""
    asked: list[list[str]] = []
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(start, "missing_libraries", lambda _: [])
    monkeypatch.setattr(start, "missing_venv", list)
    monkeypatch.setattr(start, "fill", lambda *_: None)
    monkeypatch.setattr(start, "required", lambda **_: [])
    monkeypatch.setattr(start, "install_system_packages", asked.append)
    (root / ".venv").mkdir(exist_ok=True)

    start.prepare("program", needs_qt=True)
    assert asked == []
    start.prepare("program", "development", needs_qt=True)
    assert asked == ([["gcc", "libc6-dev"]] if sys.platform == "linux" else [])
    assert start.missing_compiler("win32") == []


def test_an_unknown_command_is_refused_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert start.main(["tset"]) == start.REFUSED
    words = capsys.readouterr().err
    assert "does not know 'tset'" in words
    assert "python3 start.py test" in words


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "OLDEST_PYTHON", (99, 0))
    assert start.main([]) == start.SURROUNDINGS
    assert "needs Python 99.0 or newer" in capsys.readouterr().err


def test_the_environment_without_qt_asks_for_all_but_qt() -> None:
    names = {start.name_of(r) for r in start.required(development=True)}
    assert set(start.QT_DISTRIBUTIONS) < names
    assert {"sqlalchemy", "reportlab", "pytest"} < names


def test_it_imports_little() -> None:
    """What it imports before it hands over is added to every start."""
    script = (
        "import sys; before = set(sys.modules); import start;"
        "print(*sorted(set(sys.modules) - before - {'start'}))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(start.__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert set(printed.split()) <= {"__future__", "zlib"}
