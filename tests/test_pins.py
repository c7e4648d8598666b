"""Every package that start.py installs is pinned, and no file names an index."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import start

ROOT = Path(start.__file__).parent


def canonical(name: str) -> str:
    """Return the one spelling under which packages are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    """Return the versions in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    exact = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonical(name): version for name, version in exact}


def needed(name: str, seen: set[str]) -> set[str]:
    """Return a distribution and all that it pulls in on this system."""
    if name in seen:
        return seen
    seen.add(name)
    try:
        requirements = distribution(name).requires or []
    except PackageNotFoundError:  # for another system, or absent without Qt
        return seen
    for requirement in requirements:
        if "extra ==" not in requirement and "python_version <" not in requirement:
            needed(canonical(start.name_of(requirement)), seen)
    return seen


def test_everything_installed_is_pinned() -> None:
    """An indirect package that floats makes two machines differ."""
    wanted: set[str] = set()
    for requirement in start.required(development=True):
        needed(canonical(start.name_of(requirement)), wanted)
    assert wanted - pins().keys() == set()


def test_what_is_installed_is_what_is_pinned() -> None:
    differing = {}
    for name, version in pins().items():
        try:
            installed = distribution(name).version
        except PackageNotFoundError:
            continue
        if installed != version:
            differing[name] = (installed, version)
    assert differing == {}


def test_no_pin_names_where_packages_come_from() -> None:
    for name in ("constraints.txt", "pyproject.toml"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")
