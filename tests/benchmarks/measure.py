"""Time something often, and put a figure beside its floor."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of many runs of the same thing."""

    seconds: Sequence[float]

    @property
    def median(self) -> float:
        """Return the middle run in milliseconds."""
        return statistics.median(self.seconds) * 1000

    def percentile(self, percent: int) -> float:
        """Return the run that `percent` of all runs do not exceed, in milliseconds."""
        ordered = sorted(self.seconds)
        place = min(len(ordered) - 1, len(ordered) * percent // 100)
        return ordered[place] * 1000


def timed(run: Callable[[], object], rounds: int, warm_up: int = 3) -> Timing:
    """Return how long `run` takes, garbage collection kept out of the way."""
    for _ in range(warm_up):
        run()
    gc.collect()
    gc.disable()
    try:
        seconds = []
        for _ in range(rounds):
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
    finally:
        gc.enable()
    return Timing(seconds)


def paired(
    run: Callable[[], object], floor: Callable[[], object], rounds: int
) -> tuple[Timing, Timing]:
    """Return both timings, the two run in turn so that a slow moment meets both."""
    gc.collect()
    # What earlier benchmarks left behind is not walked by the collector in this one.
    gc.freeze()
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(3):
        run()
        floor()
    for _ in range(rounds):
        for function, seconds in ((run, ours), (floor, theirs)):
            start = time.perf_counter()
            function()
            seconds.append(time.perf_counter() - start)
    return Timing(ours), Timing(theirs)


def line(name: str, figure: str, floor: str, ratio: str, target: str = "") -> str:
    """Return one row of the table."""
    return f"{name:<44} {figure:>14} {floor:>22} {ratio:>8}  {target}"
