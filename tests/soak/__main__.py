"""``python3 start.py soak [PATIENTS]``: the full form, 1,000 patients unless told."""

import sys
import tempfile
from pathlib import Path

from tests.soak.clinic import run

_PATIENTS = 1000
_SEED = 20261124
_MOST_GROWTH_KIB = 16 * 1024


def main(arguments: list[str]) -> int:
    """Run, and say what was lost and how much memory grew."""
    patients = int(arguments[0]) if arguments else _PATIENTS
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder) / "clinic.db", patients, _SEED)
    print(f"{patients} patients: {len(outcome.wrong)} visits not as answered")
    print(f"memory grew by {outcome.grown_kib / 1024:.1f} MB after the warm-up")
    return 1 if outcome.wrong or outcome.grown_kib > _MOST_GROWTH_KIB else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
