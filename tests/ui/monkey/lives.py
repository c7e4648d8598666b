"""Many lives of the program in the hands of a monkey, each in a process of its own.

A crash of the process is a fault like any other. What is printed says with which seed
a life can be lived again: `python3 start.py faults monkey EVENTS SEED`.
"""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.faults.report import Report

_ROOT = Path(__file__).parents[3]
_EVENTS_OF_A_LIFE = 2500
_CONTROL_EVENTS = 200
_MOST_SECONDS = 1800
#: The owner examines as well; the desk sees nothing computed.
WHO = ("ann", "dee")
#: What a life with planted faults has to tell: the sign of each.
PLANTED = {
    "an exception": "ValueError at _raise",
    "a wait of 300 ms": "_wait",
    "work for 300 ms": "_work",
}


@dataclass(frozen=True, slots=True)
class Lived:
    """What one life told."""

    faults: list[str]
    figures: dict[str, Any]


def lived(seed: str, events: int, who: str, *, planted: bool = False) -> Lived:
    """Live once, in a folder that goes away."""
    with TemporaryDirectory(prefix="monkey-") as place:
        home = Path(place)
        places = {name: home / name for name in ("tmp", "state", "config", "cache")}
        for one in places.values():
            one.mkdir()
        command = [sys.executable, "-P", "-m", "tests.ui.monkey.life"]
        asked = [place, seed, str(events), who, *(["planted"] if planted else [])]
        try:
            done = _ran([*command, *asked], home, places)
        except subprocess.TimeoutExpired:
            return Lived([f"seed {seed}, {who}: it does not end"], {})
    return _read(done, f"seed {seed}, {who}")


def _ran(
    command: list[str], home: Path, places: dict[str, Path]
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        env={
            **os.environ,
            "HOME": str(home),
            "TMPDIR": str(places["tmp"]),
            "XDG_STATE_HOME": str(places["state"]),
            "XDG_CONFIG_HOME": str(places["config"]),
            "XDG_CACHE_HOME": str(places["cache"]),
            "PYTHONPATH": str(_ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "QT_QPA_PLATFORM": "offscreen",
        },
        cwd=home,
        capture_output=True,
        text=True,
        timeout=_MOST_SECONDS,
        check=False,
    )


def _read(done: "subprocess.CompletedProcess[str]", which: str) -> Lived:
    told = [json.loads(line) for line in done.stdout.splitlines() if line]
    faults = [f"{which}: {one['fault']}" for one in told if "fault" in one]
    figures: dict[str, Any] = next((one for one in told if "events" in one), {})
    if done.returncode or not figures:
        last = " | ".join(done.stderr.strip().splitlines()[-12:])
        faults.append(f"{which}: it ended with {done.returncode}: {last}")
    return Lived(faults, figures)


def run(_folder: Path, events: int, chance: random.Random) -> Report:
    """Live until so many events happened; the controls have something planted."""
    faults: list[str] = []
    pages: Counter[str] = Counter()
    longest, happened, lives = 0.0, 0, 0
    while happened < events:
        seed = str(chance.randrange(10**9))
        many = min(_EVENTS_OF_A_LIFE, events - happened)
        one = lived(seed, many, WHO[lives % len(WHO)])
        faults += one.faults
        longest = max(longest, one.figures.get("longest", 0.0))
        pages.update(one.figures.get("pages", {}))
        happened, lives = happened + many, lives + 1
    figures = [
        f"{happened} events in {lives} lives, the longest gap {longest * 1000:.0f} ms",
        ", ".join(f"{name} {count}" for name, count in pages.most_common()),
    ]
    return Report(faults, figures, seen(str(chance.randrange(10**9))))


def seen(seed: str) -> dict[str, bool]:
    """Return of each thing broken on purpose whether a life tells of it."""
    told = lived(seed, _CONTROL_EVENTS, WHO[0], planted=True).faults
    return {
        what: any(sign in fault for fault in told) for what, sign in PLANTED.items()
    }
