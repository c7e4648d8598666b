"""The mutants that change nothing, and why; a test goes through them one by one."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

_FILE = Path(__file__).with_name("equivalent.toml")


def proved_equivalent() -> Mapping[str, str]:
    """Return the names of the mutants that change nothing, with the reason."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {one["mutant"]: one["because"] for one in table.get("equivalent", [])}
