"""How long the window takes no key: the gaps between two looks at its event loop.

Whoever measures a gap on a busy machine measures the neighbours as well. So a gap is
what the thread of the window did with the processor itself, or, where that is more, the
time that went by less what our threads stood waiting for a processor. The system counts
both (`/proc/self/task/*/schedstat`; elsewhere the time that went by is all there is). A
program that sleeps, waits for a lock or for the disk, or works too long is seen; one
that was ready to go on and got no turn is not. And since work itself is slower beside
others (two threads share a core, and everybody the memory), a small piece of work is
done over and over: where it takes twice as long as at its best, so did everything else.
"""

import signal
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

FREEZE = 0.2
_TASKS = Path("/proc/self/task")
_NANO = 1e9
_FRAMES = 8
_TRIES = 20
#: Enough not to fit beside the processor: memory is shared with everybody.
_SMALL = 50_000


@dataclass(frozen=True, slots=True)
class Gap:
    """How long it was, and where the thread of the window stood meanwhile."""

    seconds: float
    place: str


class Pace:
    """How fast this machine is now, beside how fast it is when nobody else works."""

    def __init__(self) -> None:
        """Do a small piece of work a few times, and remember the best."""
        self.best = min(small_work() for _ in range(_TRIES))

    def now(self) -> float:
        """Return 1, or less where the same work takes longer now."""
        found = sorted(small_work() for _ in range(_TRIES // 2))
        self.best = min(self.best, found[0])
        return min(1.0, self.best / found[len(found) // 2])


def small_work() -> float:
    """Do a small piece of work, and return how long it took."""
    begun = time.thread_time()
    kept = {number: str(number) for number in range(_SMALL)}
    kept.clear()
    return time.thread_time() - begun


class Watch:
    """Looks at the event loop each time it comes round: see `look`.

    An alarm halfway into a freeze tells where the thread of the window stands: in
    Python there, or in what came next where it was outside of it.
    """

    def __init__(self) -> None:
        """Watch the thread that makes this: the program's first."""
        self.longest = 0.0
        self.frozen: list[Gap] = []
        self.pace = Pace()
        signal.signal(signal.SIGALRM, self._note_place)
        self._start_anew()

    def look(self) -> None:
        """Measure the gap since the last look, and begin the next one."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        went_by = time.perf_counter() - self._begun
        worked = time.thread_time() - self._worked
        gap = max(worked, went_by - self._waited())
        if gap > FREEZE:
            gap *= self.pace.now()
        self.longest = max(self.longest, gap)
        if gap > FREEZE:
            self.frozen.append(Gap(gap, self._place))
        self._start_anew()

    def end(self) -> None:
        """Look no more."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_IGN)

    def _start_anew(self) -> None:
        self._place = ""
        self._waits = _waits()
        self._worked = time.thread_time()
        self._begun = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, FREEZE / 2, FREEZE / 2)

    def _waited(self) -> float:
        """Return how long our threads waited for a processor since the last look.

        Of those that were there then: what a thread waited that came or went meanwhile
        is not known.
        """
        now = _waits()
        return sum(now[one] - was for one, was in self._waits.items() if one in now)

    def _note_place(self, _signal: int, frame: FrameType | None) -> None:
        """Remember the innermost files and lines; what stands in them is let go of."""
        found: list[str] = []
        while frame is not None and len(found) < _FRAMES:
            code = frame.f_code
            name = Path(code.co_filename).name
            found.append(f"{code.co_name} {name}:{frame.f_lineno}")
            frame = frame.f_back
        self._place += f" [{' < '.join(found)}]"


def _waits() -> dict[str, float]:
    """Return of each of our threads how long it has waited for a processor."""
    waits = {}
    for task in _TASKS.glob("*/schedstat"):
        try:
            told = task.read_text(encoding="ascii").split()
        except OSError:
            # The thread is gone meanwhile.
            continue
        waits[task.parent.name] = int(told[1]) / _NANO
    return waits
