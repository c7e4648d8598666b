"""Print each figure beside its floor, measured in the same run."""

import sys
from collections.abc import Callable, Iterable, Mapping

from tests.benchmarks import (
    answering,
    assessing,
    auditing,
    burden,
    finding,
    growing,
    listing,
    opening,
    printing,
    starting,
    storing,
)
from tests.benchmarks.measure import line

_PARTS: Mapping[str, Callable[[], Iterable[str]]] = {
    "start": starting.lines,
    "open": opening.lines,
    "answer": answering.lines,
    "assess": assessing.lines,
    "print": printing.lines,
    "store": storing.lines,
    "grow": growing.lines,
    "list": listing.lines,
    "find": finding.lines,
    "burden": burden.lines,
    "audit": auditing.lines,
}


def main(wanted: list[str]) -> int:
    """Run the parts asked for, or all of them."""
    unknown = [name for name in wanted if name not in _PARTS]
    if unknown:
        print(f"No such benchmark: {', '.join(unknown)}. Known: {', '.join(_PARTS)}.")
        return 2
    print(line("figure", "ours", "floor", "ratio"))
    for name in wanted or _PARTS:
        for row in _PARTS[name]():
            print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
