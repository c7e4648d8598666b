"""``python3 start.py soak [PATIENTS]``: the full form, 1,000 patients unless told.

And every pair of red flags: two are never less urgent than one.
"""

import sys
import tempfile
from pathlib import Path

from intake.protocol_loader import default_protocol
from tests.cases.combinations import FILE, pair_mistakes, pairs, read
from tests.soak.clinic import run

_PATIENTS = 1000
_SEED = 20261124
_MOST_GROWTH_KIB = 16 * 1024


def main(arguments: list[str]) -> int:
    """Run; say what was lost, how much memory grew, and which pair is too low."""
    patients = int(arguments[0]) if arguments else _PATIENTS
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder) / "clinic.db", patients, _SEED)
    print(f"{patients} patients: {len(outcome.wrong)} visits not as answered")
    print(f"memory grew by {outcome.grown_kib / 1024:.1f} MB after the warm-up")
    every = pairs(read(FILE.read_text("utf-8"))[1])
    low = list(pair_mistakes(default_protocol(), every))
    print("\n".join([f"{len(every)} pairs of red flags: {len(low)} too low", *low]))
    return 1 if outcome.wrong or low or outcome.grown_kib > _MOST_GROWTH_KIB else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
