"""Change every rule once, in every way, and count which changes the cases notice.

``python3 start.py mutants [CONCERN …] [--survivors]``; `findings` is the concern of the
findings. Ends with 1 where less than the target is noticed.
"""

import argparse
import sys
from collections import defaultdict

from intake.protocol_loader import default_protocol
from tests.mutation.mutants import URGENT, Laboratory, Mutant
from tests.mutation.proved import proved_equivalent
from tests.mutation.telling import as_line, difference

_TARGET = 0.95


def main(arguments: list[str]) -> int:
    """Print the figures of each concern; with `--survivors`, what would tell each."""
    parser = argparse.ArgumentParser(prog="start.py mutants")
    parser.add_argument("concerns", nargs="*", metavar="CONCERN")
    parser.add_argument("--survivors", action="store_true")
    wanted = parser.parse_args(arguments)
    laboratory = Laboratory(default_protocol())
    equivalent = proved_equivalent()
    counted: dict[str, list[tuple[Mutant, bool]]] = defaultdict(list)
    for mutant in laboratory.mutants():
        if wanted.concerns and mutant.concern not in wanted.concerns:
            continue
        if mutant.name not in equivalent:
            counted[mutant.concern].append((mutant, laboratory.kills(mutant)))
    everything = [one for concern in counted.values() for one in concern]
    for concern, tried in sorted(counted.items()):
        _print(concern, tried)
        for mutant in [m for m, killed in tried if not killed and wanted.survivors]:
            _print_survivor(laboratory, mutant)
    _print("all", everything)
    urgent = [(m, killed) for m, killed in everything if m.tier in URGENT]
    _print("today or now", urgent)
    print(f"{len(equivalent)} more are proved to change nothing (equivalent.toml)")
    is_enough = _share(everything) >= _TARGET and _share(urgent) == 1
    return 0 if is_enough else 1


def _print(name: str, tried: list[tuple[Mutant, bool]]) -> None:
    killed = sum(noticed for _, noticed in tried)
    print(
        f"{name:28}{len(tried):6} mutants {killed:6} noticed {_share(tried):8.1%}",
        flush=True,
    )


def _share(tried: list[tuple[Mutant, bool]]) -> float:
    return sum(noticed for _, noticed in tried) / len(tried) if tried else 1.0


def _print_survivor(laboratory: Laboratory, mutant: Mutant) -> None:
    print(f"  {mutant.name}  [{mutant.tier.code}]")
    found = difference(laboratory, mutant)
    if found is None:
        print("    changes nothing: no answers tell it, whatever they are")
        return
    print(f"    {found.original}, the mutant {found.mutant}")
    print(f"    {as_line(laboratory.protocol, found)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
